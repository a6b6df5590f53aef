//! `#[wechatpay(..)]` on a field: where the field goes.

use super::reader::{Reader, each_entry};
use crate::{
    errors::Errors,
    place::{Place, Takes},
    suggest,
    types::text,
};
use proc_macro2::{Span, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{Attribute, Ident, LitStr, Meta, Token, ext::IdentExt, parse::discouraged::Speculative, token};

const FILE_OPTIONS: [&str; 3] = ["filename", "digest", "algorithm"];
const ALGORITHMS: [&str; 2] = ["SHA256", "SM3"];

/// The place that a field attribute gives a field, with the word that says so.
pub(crate) struct FieldAttribute {
    pub(crate) word: Ident,
    /// `None` when it could not be read, which has been reported.
    pub(crate) place: Option<Place>,
    /// The name of the placeholder, the header or the part.
    pub(crate) name: Option<LitStr>,
    pub(crate) file: FileNames,
}

/// What the parts of an upload are called in `meta`.
#[derive(Default)]
pub(crate) struct FileNames {
    filename: Option<Filename>,
    digest: Option<LitStr>,
    algorithm: Option<&'static str>,
}

enum Filename {
    Called(LitStr),
    None,
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

    /// The variant of `DigestAlgorithm`.
    pub(crate) fn algorithm(&self) -> &'static str {
        match self.algorithm {
            Some("SM3") => "Sm3",
            _ => "Sha256",
        }
    }
}

impl FieldAttribute {
    /// The field attribute of the field `name`, if it has one.
    pub(crate) fn parse(name: &Ident, attributes: &[Attribute], errors: &Errors) -> Option<Self> {
        let mut parser = FieldParser {
            name,
            attribute: None,
            file: FileNames::default(),
            options: Vec::new(),
        };
        for attribute in attributes
            .iter()
            .filter(|attribute| attribute.path().is_ident("wechatpay"))
        {
            match &attribute.meta {
                Meta::List(list) if !list.tokens.is_empty() => {
                    each_entry(list.tokens.clone(), errors, |reader| parser.entry(reader));
                }
                meta => {
                    let places: Vec<String> = Place::ALL.iter().filter_map(|place| place.written()).collect();
                    let places = suggest::list(places.iter().map(String::as_str));
                    errors.on(meta, format!("expected where the field goes, one of {places}"));
                    parser.unreadable();
                }
            }
        }
        parser.finish(errors)
    }
}

struct FieldParser<'a> {
    name: &'a Ident,
    attribute: Option<FieldAttribute>,
    file: FileNames,
    /// The words of the options that belong to `file`.
    options: Vec<Ident>,
}

impl FieldParser<'_> {
    fn entry(&mut self, reader: Reader<'_>) {
        let quoted = reader.next_text();
        let keyword = match &quoted {
            Some(literal) => literal.parse_with(Ident::parse_any).ok(),
            None => reader.input.call(Ident::parse_any).ok(),
        };
        let Some(keyword) = keyword else {
            let wrong = quoted.map_or_else(|| reader.next_token(), ToTokens::into_token_stream);
            reader.skip_to_comma();
            self.unreadable();
            return reader.report(wrong, format!("expected one of {}", suggest::list(Place::words())));
        };
        let word = keyword.unraw().to_string();
        if let Some(known) = words().find(|known| *known == word) {
            if quoted.is_some() {
                reader.report(quoted, format!("write `{known}` without quotes"));
            }
            return self.known(keyword, known, reader);
        }
        if let Some(elsewhere) = self.said_elsewhere(&word, reader) {
            reader.report(&keyword, elsewhere);
            return self.unreadable();
        }
        match suggest::closest(&word, words()) {
            Some(meant) => {
                reader.report(&keyword, format!("unknown place `{word}`; did you mean `{meant}`?"));
                // What else is wrong with it can wait until it has its name.
                let errors = &Errors::default();
                self.known(keyword, meant, Reader { errors, ..reader });
            }
            None => {
                let places = suggest::list(Place::words());
                reader.report(&keyword, format!("unknown place `{word}`; expected one of {places}"));
                self.unreadable();
                reader.skip_to_comma();
            }
        }
    }

    /// What others expect here, and where it belongs.
    fn said_elsewhere(&self, word: &str, reader: Reader<'_>) -> Option<String> {
        match word {
            "encrypt" | "sensitive" => {
                reader.skip_to_comma();
                let name = self.name.unraw();
                Some(format!(
                    "the attribute on the struct says what is encrypted: `encrypt({name})`"
                ))
            }
            "rename" | "skip" | "flatten" | "default" | "with" | "serialize_with" | "skip_serializing_if" => {
                let value = text(&reader.skip_to_comma());
                let space = if value.starts_with('=') { " " } else { "" };
                Some(format!("`{word}` is serde's; write `#[serde({word}{space}{value})]`"))
            }
            _ => None,
        }
    }

    fn known(&mut self, keyword: Ident, word: &str, reader: Reader<'_>) {
        let Some(place) = Place::called(word) else {
            return self.file_option(keyword, word, reader);
        };
        let mut name = None;
        let mut is_readable = true;
        match place.row().takes {
            Takes::Name(example) => {
                name = reader.text(&keyword, example);
                is_readable = name.is_some();
            }
            Takes::Options if reader.input.peek(token::Paren) => {
                let group = reader.skip_to_comma();
                name = literal_in(group.clone());
                let written = name.as_ref().map_or_else(|| "name".to_owned(), LitStr::value);
                reader.report(group, format!("write `{word} = \"{written}\"`"));
            }
            Takes::Options if reader.at_value() => name = reader.text(&keyword, &format!("{word} = \"name\"")),
            Takes::Options => {}
            Takes::Nothing(why) => reader.no_value(&keyword, why),
        }
        self.place(keyword, is_readable.then_some(place), name, reader);
    }

    fn place(&mut self, word: Ident, place: Option<Place>, name: Option<LitStr>, reader: Reader<'_>) {
        match &self.attribute {
            None => {
                let file = FileNames::default();
                self.attribute = Some(FieldAttribute {
                    word,
                    place,
                    name,
                    file,
                });
            }
            Some(FieldAttribute { place: Some(first), .. }) if place.is_some() => {
                let goes_to = first.row().goes_to;
                let name = self.name.unraw();
                reader.report(
                    &word,
                    format!("`{name}` already goes to {goes_to}; a field has one place"),
                );
            }
            Some(_) => {}
        }
    }

    fn unreadable(&mut self) {
        self.attribute.get_or_insert_with(|| FieldAttribute {
            word: Ident::new("wechatpay", Span::call_site()),
            place: None,
            name: None,
            file: FileNames::default(),
        });
    }

    fn file_option(&mut self, keyword: Ident, word: &str, reader: Reader<'_>) {
        if self.options.iter().any(|known| known == word) {
            reader.report(&keyword, format!("duplicate option `{word}`"));
            reader.skip_to_comma();
            return;
        }
        match (word, assigned_none(reader)) {
            ("filename", Some(none)) => {
                if none != "none" {
                    reader.report(none, "write `filename = none`, in lower case");
                }
                self.file.filename = Some(Filename::None);
            }
            ("digest", Some(none)) => {
                reader.report(
                    none,
                    "an upload always has a digest; write its name, `digest = \"sha256\"`",
                );
            }
            ("filename", None) => {
                let name = reader.text(&keyword, "filename = \"file_name\"` or `filename = none");
                self.file.filename = name.map(Filename::Called);
            }
            ("digest", None) => self.file.digest = reader.text(&keyword, "digest = \"file_digest\""),
            _ => self.file.algorithm = reader.word(&keyword, &ALGORITHMS),
        }
        self.options.push(keyword);
    }

    fn finish(mut self, errors: &Errors) -> Option<FieldAttribute> {
        let place = self.attribute.as_ref().map(|attribute| attribute.place);
        match (place, &mut self.attribute) {
            (Some(Some(Place::File)), Some(attribute)) => attribute.file = self.file,
            // What the options belong to could not be read.
            (Some(None), _) => {}
            _ => {
                for option in &self.options {
                    let remedy = format!("`#[wechatpay(file, {option} = ..)]`");
                    errors.on(option, format!("`{option}` belongs to a file: {remedy}"));
                }
                if !self.options.is_empty() {
                    self.unreadable();
                }
            }
        }
        self.attribute
    }
}

fn words() -> impl Iterator<Item = &'static str> {
    Place::words().chain(FILE_OPTIONS)
}

/// Takes `= none`, if it comes next.
fn assigned_none(reader: Reader<'_>) -> Option<Ident> {
    let ahead = reader.input.fork();
    ahead.parse::<Token![=]>().ok()?;
    let word: Ident = ahead.call(Ident::parse_any).ok()?;
    if !word.to_string().eq_ignore_ascii_case("none") {
        return None;
    }
    reader.input.advance_to(&ahead);
    Some(word)
}

/// The first text in a group.
fn literal_in(group: TokenStream) -> Option<LitStr> {
    let inside = group.into_iter().find_map(|token| match token {
        TokenTree::Group(group) => Some(group.stream()),
        _ => None,
    })?;
    inside.into_iter().find_map(|token| syn::parse2(token.into()).ok())
}
