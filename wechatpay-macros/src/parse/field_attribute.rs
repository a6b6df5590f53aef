//! `#[wechatpay(..)]` on a field: the place of the field.

use super::reader::{Reader, each_entry};
use crate::errors::{Errors, report};
use crate::place::{Place, Takes};
use crate::{suggest, types::text};
use proc_macro2::Span;
use quote::ToTokens;
use syn::{Attribute, Ident, LitStr, Token, ext::IdentExt};

const FILE_OPTIONS: [&str; 3] = ["filename", "digest", "algorithm"];
const ALGORITHMS: [&str; 2] = ["SHA256", "SM3"];

/// The place that a field attribute sets, with its word.
pub(crate) struct FieldAttribute {
    pub(crate) word: Ident,
    /// `None` when it could not be read, which has been reported.
    pub(crate) place: Option<Place>,
    /// The name of the placeholder, the header or the part.
    pub(crate) name: Option<LitStr>,
    pub(crate) file: FileNames,
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
        Self { filename: Some("filename".to_owned()), digest: "sha256".to_owned(), algorithm: "Sha256" }
    }
}

impl FieldAttribute {
    /// The field attribute of the field `name`, if it has one.
    pub(crate) fn parse(name: &Ident, attributes: &[Attribute], errors: &Errors) -> Option<Self> {
        let mut parser =
            FieldParser { name: name.unraw(), found: None, file: FileNames::default(), options: Vec::new() };
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("wechatpay")) {
            let list = attribute.meta.require_list().map(|list| list.tokens.clone()).unwrap_or_default();
            if list.is_empty() {
                let places = suggest::list(Place::ALL.iter().filter_map(|place| place.written()));
                report!(errors, attribute.meta => "expected where the field goes, one of {places}");
                parser.unreadable();
            }
            each_entry(list, errors, |reader| parser.entry(reader));
        }
        parser.finish(errors)
    }
}

struct FieldParser {
    name: Ident,
    found: Option<FieldAttribute>,
    file: FileNames,
    /// The words of the options that belong to `file`.
    options: Vec<Ident>,
}

impl FieldParser {
    fn entry(&mut self, reader: Reader<'_>) {
        let errors = reader.errors;
        let places = suggest::list(Place::words());
        let quoted = reader.take::<LitStr>();
        let keyword = match &quoted {
            Some(literal) => literal.parse_with(Ident::parse_any).ok(),
            None => reader.take_word(),
        };
        let Some(keyword) = keyword else {
            let wrong = quoted.map_or_else(|| reader.next_token(), ToTokens::into_token_stream);
            reader.skip();
            self.unreadable();
            return report!(errors, wrong => "expected one of {places}");
        };
        let word = keyword.unraw().to_string();
        if let Some(known) = words().find(|known| *known == word) {
            if quoted.is_some() {
                report!(errors, quoted => "write `{known}` without quotes");
            }
            self.known(keyword, known, reader);
        } else if let Some(elsewhere) = self.said_elsewhere(&word, reader) {
            errors.on(keyword, elsewhere);
            self.unreadable();
        } else if let Some(meant) = suggest::closest(&word, words()) {
            report!(errors, keyword => "unknown place `{word}`; did you mean `{meant}`?");
            // Other mistakes are reported when it has its name.
            self.known(keyword, meant, reader.reporting(&Errors::default()));
        } else {
            report!(errors, keyword => "unknown place `{word}`; expected one of {places}");
            self.unreadable();
            reader.skip();
        }
    }

    /// What others expect here, and where it belongs.
    fn said_elsewhere(&self, word: &str, reader: Reader<'_>) -> Option<String> {
        let name = &self.name;
        match word {
            "encrypt" | "sensitive" => {
                reader.skip();
                Some(format!("the attribute on the struct says what is encrypted: `encrypt({name})`"))
            }
            "default" | "flatten" | "rename" | "serialize_with" | "skip" | "skip_serializing_if" | "with" => {
                let value = text(&reader.skip()).replacen('=', " =", 1);
                Some(format!("`{word}` is serde's; write `#[serde({word}{value})]`"))
            }
            _ => None,
        }
    }

    fn known(&mut self, keyword: Ident, word: &str, reader: Reader<'_>) {
        let Some(place) = Place::called(word) else { return self.file_option(keyword, word, reader) };
        let mut name = None;
        match place.row().takes {
            Takes::Name(example) => name = reader.text(&keyword, &format!("{word} = \"{example}\"")),
            Takes::Options if !reader.at_value() => {}
            Takes::Options => name = reader.text(&keyword, &format!("{word} = \"name\"")),
            Takes::SerdeName => {
                reader.no_value(&keyword, "; its name is the field's, or what `#[serde(rename = \"..\")]` says");
            }
            Takes::Nothing => reader.no_value(&keyword, ""),
        }
        let is_unreadable = matches!(place.row().takes, Takes::Name(_)) && name.is_none();
        self.place(keyword, (!is_unreadable).then_some(place), name, reader.errors);
    }

    fn place(&mut self, word: Ident, place: Option<Place>, name: Option<LitStr>, errors: &Errors) {
        let first = self.found.as_ref().map(|found| found.place);
        match first {
            None => self.found = Some(FieldAttribute { word, place, name, file: FileNames::default() }),
            Some(Some(first)) if place.is_some() => {
                let (name, goes_to) = (&self.name, first.row().goes_to);
                report!(errors, word => "`{name}` already goes to {goes_to}; a field has one place");
            }
            Some(_) => {}
        }
    }

    fn unreadable(&mut self) {
        self.place(Ident::new("wechatpay", Span::call_site()), None, None, &Errors::default());
    }

    fn file_option(&mut self, keyword: Ident, word: &str, reader: Reader<'_>) {
        let errors = reader.errors;
        if self.options.iter().any(|known| known == word) {
            return reader.refuse(keyword, format_args!("duplicate option `{word}`"));
        }
        match (word, assigned_none(reader)) {
            ("filename", Some(none)) => {
                if none != "none" {
                    errors.on(none, "write `filename = none`, in lower case");
                }
                self.file.filename = None;
            }
            ("digest", Some(none)) => {
                errors.on(none, "an upload always has a digest; write its name, `digest = \"sha256\"`");
            }
            ("filename", None) => {
                let name = reader.text(&keyword, "filename = \"file_name\"` or `filename = none");
                self.file.filename = name.as_ref().map(LitStr::value).or(self.file.filename.take());
            }
            ("digest", None) => {
                let name = reader.text(&keyword, "digest = \"file_digest\"");
                self.file.digest = name.map_or(std::mem::take(&mut self.file.digest), |name| name.value());
            }
            _ => self.algorithm(&keyword, reader),
        }
        self.options.push(keyword);
    }

    /// `= SM3`
    fn algorithm(&mut self, keyword: &Ident, reader: Reader<'_>) {
        let (errors, expected) = (reader.errors, format!("one of {}", suggest::list(ALGORITHMS)));
        let value = reader.value(keyword, format!("`algorithm` needs a value, {expected}"), |reader| {
            let quoted = reader.take::<LitStr>().map(|text| (text.to_token_stream(), text.value(), true));
            quoted.or_else(|| reader.take_word().map(|word| (word.to_token_stream(), word.to_string(), false)))
        });
        let Some((tokens, word, is_quoted)) = value else { return };
        match (ALGORITHMS.contains(&word.as_str()), is_quoted) {
            (true, true) => report!(errors, tokens => "write `{word}` without quotes"),
            (true, false) => self.file.algorithm = if word == "SM3" { "Sm3" } else { "Sha256" },
            (false, true) => report!(errors, tokens => "expected {expected}, without quotes"),
            (false, false) => {
                reader.refuse(tokens, suggest::advice(&word, ALGORITHMS, &format!("expected {expected}")));
            }
        }
    }

    fn finish(mut self, errors: &Errors) -> Option<FieldAttribute> {
        match &mut self.found {
            Some(found) if found.place == Some(Place::File) => found.file = self.file,
            // What the options belong to could not be read.
            Some(FieldAttribute { place: None, .. }) => {}
            _ => {
                for option in &self.options {
                    report!(errors, option => "`{option}` belongs to a file: `#[wechatpay(file, {option} = ..)]`");
                }
                if !self.options.is_empty() {
                    self.unreadable();
                }
            }
        }
        self.found
    }
}

fn words() -> impl Iterator<Item = &'static str> {
    Place::words().chain(FILE_OPTIONS)
}

/// Consumes `= none`, if it follows.
fn assigned_none(reader: Reader<'_>) -> Option<Ident> {
    reader.take_with(|input| {
        input.parse::<Token![=]>()?;
        let word = input.call(Ident::parse_any)?;
        if word.to_string().eq_ignore_ascii_case("none") { Ok(word) } else { Err(input.error("")) }
    })
}
