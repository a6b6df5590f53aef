//! `#[wechatpay(..)]` on a field: where the field goes.

mod reader;

use crate::errors::Errors;
pub(crate) use reader::PLACES;
use reader::Reader;
use syn::{Attribute, Ident, LitStr};

/// The place that a helper gives a field, with the word that says so.
pub(crate) struct Helper {
    pub(crate) keyword: Ident,
    pub(crate) place: Place,
}

pub(crate) enum Place {
    Path(LitStr),
    Query,
    Header(LitStr),
    Body,
    File(FileNames),
    Form,
    /// Somewhere, but that could not be read, and has its message.
    Unknown,
}

/// What the parts of an upload are called.
#[derive(Default)]
pub(crate) struct FileNames {
    pub(crate) part: Option<LitStr>,
    pub(crate) filename: Option<Filename>,
    pub(crate) digest: Option<LitStr>,
    pub(crate) algorithm: Option<Algorithm>,
}

impl FileNames {
    /// The member of `meta` for the file's name, if it has one.
    pub(crate) fn filename(&self) -> Option<String> {
        match &self.filename {
            None => Some("filename".to_owned()),
            Some(Filename::Called(name)) => Some(name.value()),
            Some(Filename::None) => None,
        }
    }

    /// The member of `meta` for the file's digest.
    pub(crate) fn digest(&self) -> String {
        self.digest.as_ref().map_or_else(|| "sha256".to_owned(), LitStr::value)
    }
}

/// Whether `meta` names the file.
pub(crate) enum Filename {
    Called(LitStr),
    None,
}

#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) enum Algorithm {
    Sha256,
    Sm3,
}

impl Place {
    /// Where the field goes, in a sentence.
    fn phrase(&self) -> &'static str {
        match self {
            Self::Path(_) => "the path",
            Self::Query => "the query",
            Self::Header(_) => "a header",
            Self::Body => "the body",
            Self::File(_) => "the file",
            Self::Form => "the form",
            Self::Unknown => "another place",
        }
    }
}

impl Helper {
    /// The helper of the field `name`, if it has one.
    pub(crate) fn parse(name: &Ident, attributes: &[Attribute], errors: &Errors) -> Option<Self> {
        let mut reader = Reader::new(name, errors);
        for attribute in attributes
            .iter()
            .filter(|attribute| attribute.path().is_ident("wechatpay"))
        {
            reader.attribute(&attribute.meta);
        }
        reader.finish()
    }
}
