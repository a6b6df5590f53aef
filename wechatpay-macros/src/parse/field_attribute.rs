//! `#[wechatpay(..)]` on a field: the place of the field.

use super::reader::{Reader, each_entry};
use crate::errors::{Errors, report};
use crate::place::{Place, Takes};
use crate::suggest;
use crate::types::{called, text};
use quote::ToTokens;
use syn::{Attribute, Ident, LitStr, Token, ext::IdentExt};

const FILE_OPTIONS: [&str; 3] = ["filename", "digest", "algorithm"];
const ALGORITHMS: [&str; 2] = ["SHA256", "SM3"];

/// The place that a field attribute gives a field, with the word that says so.
#[derive(Default)]
pub(crate) struct FieldAttribute {
    /// `None` when it could not be read, which has been reported.
    pub(crate) place: Option<Place>,
    pub(crate) word: Option<Ident>,
    /// The name of the placeholder, the header or the part.
    pub(crate) name: Option<LitStr>,
    pub(crate) file: FileNames,
    /// The words of the options that belong to `file`.
    options: Vec<Ident>,
    /// The first thing in it could not be read.
    is_unreadable: bool,
}

/// What an upload adds to `meta`.
pub(crate) struct FileNames {
    /// The member for the file's name, if it has one.
    pub(crate) filename: Option<String>,
    /// The member for the file's digest.
    pub(crate) digest: String,
    /// The variant of `DigestAlgorithm`.
    pub(crate) algorithm: &'static str,
}

impl Default for FileNames {
    fn default() -> Self {
        Self {
            filename: Some("filename".to_owned()),
            digest: "sha256".to_owned(),
            algorithm: "Sha256",
        }
    }
}

impl FieldAttribute {
    /// The field attribute of the field `name`, if it has one.
    pub(crate) fn parse(name: &Ident, attributes: &[Attribute], errors: &Errors) -> Option<Self> {
        let mut found = None;
        for attribute in called(attributes, "wechatpay") {
            let this: &mut Self = found.get_or_insert_default();
            let list = attribute.meta.require_list().map(|list| list.tokens.clone());
            let list = list.unwrap_or_default();
            if list.is_empty() {
                let places = suggest::list(Place::ALL.iter().filter_map(|place| place.written()));
                report!(errors, attribute.meta => "expected where the field goes, one of {places}");
                this.unreadable();
            }
            each_entry(list, errors, |reader| this.entry(name, reader));
        }
        found.inspect(|found| found.check_options(errors))
    }

    fn entry(&mut self, field: &Ident, reader: Reader<'_>) {
        let errors = reader.errors;
        let (places, words) = (suggest::list(Place::words()), || Place::words().chain(FILE_OPTIONS));
        let quoted = reader.take::<LitStr>();
        let keyword = match &quoted {
            Some(literal) => literal.parse_with(Ident::parse_any).ok(),
            None => reader.take_word(),
        };
        let Some(keyword) = keyword else {
            let wrong = quoted.map_or_else(|| reader.next_token(), ToTokens::into_token_stream);
            self.unreadable();
            return reader.refuse(wrong, format_args!("expected one of {places}"));
        };
        let word = keyword.unraw().to_string();
        if let Some(known) = words().find(|known| *known == word) {
            if quoted.is_some() {
                report!(errors, quoted => "write `{known}` without quotes");
            }
            self.known(field, keyword, known, reader);
        } else if let Some(elsewhere) = said_elsewhere(field, &word, reader) {
            report!(errors, keyword => "{elsewhere}");
            self.unreadable();
        } else if let Some(meant) = suggest::closest(&word, words()) {
            report!(errors, keyword => "unknown place `{word}`; did you mean `{meant}`?");
            // What else is wrong with it can wait until it has its name.
            self.known(field, keyword, meant, reader.reporting(&Errors::default()));
        } else {
            self.unreadable();
            reader.refuse(
                keyword,
                format_args!("unknown place `{word}`; expected one of {places}"),
            );
        }
    }

    fn known(&mut self, field: &Ident, keyword: Ident, word: &str, reader: Reader<'_>) {
        let Some(place) = Place::called(word) else {
            return self.file_option(keyword, word, reader);
        };
        let name = match place.row().takes {
            Takes::Name(example) => match reader.text(&keyword, &format!("{word} = \"{example}\"")) {
                None => return self.unreadable(),
                name => name,
            },
            Takes::Options if reader.at_value() => reader.text(&keyword, &format!("{word} = \"name\"")),
            Takes::Options => None,
            Takes::SerdeName => {
                let why = "; its name is the field's, or what `#[serde(rename = \"..\")]` says";
                reader.no_value(&keyword, why)
            }
            Takes::Nothing => reader.no_value(&keyword, ""),
        };
        match self.place {
            None if self.is_unreadable => {}
            None => (self.place, self.word, self.name) = (Some(place), Some(keyword), name),
            Some(first) => {
                let (field, goes_to) = (field.unraw(), first.row().goes_to);
                report!(reader.errors, keyword => "`{field}` already goes to {goes_to}; a field has one place");
            }
        }
    }

    fn unreadable(&mut self) {
        self.is_unreadable = self.place.is_none();
    }

    fn file_option(&mut self, keyword: Ident, word: &str, reader: Reader<'_>) {
        let errors = reader.errors;
        if self.options.iter().any(|known| known == word) {
            return reader.refuse(keyword, format_args!("duplicate option `{word}`"));
        }
        match (word, assigned_none(reader)) {
            ("filename", Some(none)) => {
                if none != "none" {
                    report!(errors, none => "write `filename = none`, in lower case");
                }
                self.file.filename = None;
            }
            ("filename", None) => {
                let name = reader.text(&keyword, "filename = \"file_name\"` or `filename = none");
                self.file.filename = name.as_ref().map(LitStr::value).or(self.file.filename.take());
            }
            ("digest", Some(none)) => {
                report!(errors, none => "an upload always has a digest; write its name, `digest = \"sha256\"`");
            }
            ("digest", None) => {
                if let Some(name) = reader.text(&keyword, "digest = \"file_digest\"") {
                    self.file.digest = name.value();
                }
            }
            _ => self.algorithm(&keyword, reader),
        }
        self.options.push(keyword);
    }

    /// `= SM3`
    fn algorithm(&mut self, keyword: &Ident, reader: Reader<'_>) {
        let (errors, expected) = (reader.errors, format!("one of {}", suggest::list(ALGORITHMS)));
        let missing = format!("`algorithm` needs a value, {expected}");
        let value = reader.value(keyword, &missing, |reader| Some(reader.skip()));
        let Some(value) = value else { return };
        let written = text(&value);
        let word = written.trim_matches('"');
        match (ALGORITHMS.contains(&word), word == written) {
            (true, true) => self.file.algorithm = if word == "SM3" { "Sm3" } else { "Sha256" },
            (true, false) => report!(errors, value => "write `{word}` without quotes"),
            (false, true) => {
                let advice = suggest::advice(word, ALGORITHMS, &format!("expected {expected}"));
                report!(errors, value => "{advice}");
            }
            (false, false) => report!(errors, value => "expected {expected}, without quotes"),
        }
    }

    fn check_options(&self, errors: &Errors) {
        // Where the attribute could not be read, that is what is wrong.
        let belong = self.place == Some(Place::File) || self.is_unreadable;
        for option in self.options.iter().filter(|_| !belong) {
            report!(errors, option => "`{option}` belongs to a file: `#[wechatpay(file, {option} = ..)]`");
        }
    }
}

/// What others expect here, and where it belongs.
fn said_elsewhere(field: &Ident, word: &str, reader: Reader<'_>) -> Option<String> {
    const OF_SERDE: &str = " default flatten rename serialize_with skip skip_serializing_if with ";
    if matches!(word, "encrypt" | "sensitive") {
        reader.skip();
        let remedy = format!("`encrypt({})`", field.unraw());
        return Some(format!("the attribute on the struct says what is encrypted: {remedy}"));
    }
    OF_SERDE.contains(&format!(" {word} ")).then(|| {
        let value = text(&reader.skip()).replacen('=', " =", 1);
        format!("`{word}` is serde's; write `#[serde({word}{value})]`")
    })
}

/// Consumes `= none`, if it follows.
fn assigned_none(reader: Reader<'_>) -> Option<Ident> {
    reader.take_with(|input| {
        input.parse::<Token![=]>()?;
        let word = input.call(Ident::parse_any)?;
        let is_none = word.to_string().eq_ignore_ascii_case("none");
        is_none.then_some(word).ok_or_else(|| input.error(""))
    })
}
