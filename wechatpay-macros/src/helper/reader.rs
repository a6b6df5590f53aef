//! Parses the helpers of a field.

use super::{Algorithm, FileNames, Filename, Helper, Place};
use crate::{
    errors::Errors,
    suggest,
    tokens::{at_end, each_entry, next_text, next_token, skip_to_comma},
};
use proc_macro2::Span;
use quote::ToTokens;
use std::fmt::Display;
use syn::{Ident, LitStr, Meta, Token, ext::IdentExt, parse::ParseStream};

syn::custom_keyword!(none);

pub(crate) const PLACES: [&str; 6] = ["path", "query", "header", "body", "file", "form"];
const FILE_OPTIONS: [&str; 3] = ["filename", "digest", "algorithm"];
const ALGORITHMS: [&str; 2] = ["SHA256", "SM3"];

/// Reads the helpers of one field. It cannot fail: what is wrong is reported, and the rest read on from the next comma.
pub(super) struct Reader<'a> {
    name: &'a Ident,
    errors: &'a Errors,
    helper: Option<Helper>,
    file: FileNames,
    quiet: bool,
    /// The words of the options that belong to `file`.
    options: Vec<Ident>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(name: &'a Ident, errors: &'a Errors) -> Self {
        Self {
            name,
            errors,
            helper: None,
            file: FileNames::default(),
            quiet: false,
            options: Vec::new(),
        }
    }

    fn report(&self, tokens: impl ToTokens, message: impl Display) {
        if !self.quiet {
            self.errors.on(tokens, message);
        }
    }

    pub(super) fn attribute(&mut self, meta: &Meta) {
        let errors = self.errors;
        match meta {
            Meta::List(list) if !list.tokens.is_empty() => {
                each_entry(list.tokens.clone(), errors, |input| self.entry(input));
            }
            _ => {
                let places = "`path = \"..\"`, `query`, `header = \"..\"`, `body`, `file`, `form`";
                self.report(meta, format!("expected where the field goes, one of {places}"));
                self.unknown();
            }
        }
    }

    fn entry(&mut self, input: ParseStream<'_>) {
        let Ok(keyword) = input.call(Ident::parse_any) else {
            let wrong = next_token(input);
            skip_to_comma(input);
            self.unknown();
            return self.report(wrong, format!("expected one of {}", suggest::list(PLACES)));
        };
        let word = keyword.to_string();
        if let Some(known) = PLACES.into_iter().chain(FILE_OPTIONS).find(|known| *known == word) {
            return self.known(keyword, known, input);
        }
        if let Some(elsewhere) = self.said_elsewhere(&word) {
            self.report(&keyword, elsewhere);
            self.unknown();
            return skip_to_comma(input);
        }
        let meant = suggest::closest(&word, PLACES.into_iter().chain(FILE_OPTIONS));
        match meant {
            Some(meant) => {
                self.report(&keyword, format!("unknown place `{word}`; did you mean `{meant}`?"));
                // What else is wrong with it can wait until it has its name.
                self.quiet = true;
                self.known(keyword, meant, input);
                self.quiet = false;
            }
            None => {
                let places = suggest::list(PLACES);
                self.report(&keyword, format!("unknown place `{word}`; expected one of {places}"));
                self.unknown();
                skip_to_comma(input);
            }
        }
    }

    /// What others expect here, and where it belongs.
    fn said_elsewhere(&self, word: &str) -> Option<String> {
        match word {
            "encrypt" | "sensitive" => {
                let name = self.name.unraw();
                Some(format!(
                    "the attribute on the struct says what is encrypted: `encrypt({name})`"
                ))
            }
            "rename" | "skip" | "flatten" | "default" | "with" => {
                Some(format!("`{word}` is serde's; write `#[serde({word})]`"))
            }
            _ => None,
        }
    }

    fn known(&mut self, keyword: Ident, word: &str, input: ParseStream<'_>) {
        match word {
            "path" => {
                let name = self.text(&keyword, input, "path = \"name\"");
                self.place(keyword, name.map_or(Place::Unknown, Place::Path));
            }
            "header" => {
                let name = self.text(&keyword, input, "header = \"Idempotency-Key\"");
                self.place(keyword, name.map_or(Place::Unknown, Place::Header));
            }
            "query" => {
                self.no_value(&keyword, input);
                self.place(keyword, Place::Query);
            }
            "form" => {
                self.no_value(&keyword, input);
                self.place(keyword, Place::Form);
            }
            "body" => {
                self.no_value(&keyword, input);
                self.place(keyword, Place::Body);
            }
            "file" => {
                if input.peek(Token![=]) {
                    self.file.part = self.text(&keyword, input, "file = \"name\"");
                }
                self.place(keyword, Place::File(FileNames::default()));
            }
            _ => self.file_option(keyword, word, input),
        }
    }

    fn place(&mut self, keyword: Ident, place: Place) {
        match &self.helper {
            Some(Helper {
                place: Place::Unknown, ..
            }) => {}
            Some(_) if matches!(place, Place::Unknown) => {}
            Some(first) => self.report(
                &keyword,
                format!(
                    "`{}` already goes to {}; a field has one place",
                    self.name.unraw(),
                    first.place.phrase()
                ),
            ),
            None => self.helper = Some(Helper { keyword, place }),
        }
    }

    fn unknown(&mut self) {
        self.place(Ident::new("wechatpay", Span::call_site()), Place::Unknown);
    }

    fn file_option(&mut self, keyword: Ident, word: &str, input: ParseStream<'_>) {
        let duplicate = match word {
            "filename" => self.file.filename.is_some(),
            "digest" => self.file.digest.is_some(),
            _ => self.file.algorithm.is_some(),
        };
        if duplicate {
            self.report(&keyword, format!("duplicate option `{word}`"));
            return skip_to_comma(input);
        }
        match word {
            "filename" if input.peek(Token![=]) && input.peek2(none) => {
                skip_to_comma(input);
                self.file.filename = Some(Filename::None);
            }
            "filename" => {
                let name = self.text(&keyword, input, "filename = \"file_name\"` or `filename = none");
                self.file.filename = name.map(Filename::Called);
            }
            "digest" => self.file.digest = self.text(&keyword, input, "digest = \"file_digest\""),
            _ => {
                let word = self.word(&keyword, input, &ALGORITHMS);
                self.file.algorithm = word.map(|word| {
                    if word == "SM3" {
                        Algorithm::Sm3
                    } else {
                        Algorithm::Sha256
                    }
                });
            }
        }
        self.options.push(keyword);
    }

    /// `= "text"`, or `None` after saying what is missing.
    fn text(&self, keyword: &Ident, input: ParseStream<'_>, example: &str) -> Option<LitStr> {
        if input.peek(Token![=]) && input.parse::<Token![=]>().is_ok() {
            if let Some(text) = next_text(input) {
                if text.value().is_empty() {
                    self.report(&text, format!("`{keyword}` needs a name; write `{example}`"));
                    return None;
                }
                return Some(text);
            }
            if input.peek(Ident::peek_any)
                && let Ok(word) = input.call(Ident::parse_any)
            {
                self.report(&word, format!("write `{keyword} = \"{word}\"`, in quotes"));
                skip_to_comma(input);
                return Some(LitStr::new(&word.unraw().to_string(), word.span()));
            }
        }
        self.report(keyword, format!("`{keyword}` needs a name; write `{example}`"));
        skip_to_comma(input);
        None
    }

    /// `= word`, one of `words`, or `None` after saying what is wrong.
    fn word<'w>(&self, keyword: &Ident, input: ParseStream<'_>, words: &[&'w str]) -> Option<&'w str> {
        let expected = suggest::list(words.iter().copied());
        if input.parse::<Token![=]>().is_ok() {
            if let Some(text) = next_text(input) {
                let value = text.value();
                match words.iter().find(|word| **word == value) {
                    Some(word) => self.report(&text, format!("write `{word}` without quotes")),
                    None => self.report(&text, format!("expected one of {expected}, without quotes")),
                }
                return None;
            }
            if let Ok(written) = input.call(Ident::parse_any) {
                let value = written.to_string();
                if let Some(word) = words.iter().find(|word| **word == value) {
                    return Some(word);
                }
                match suggest::closest(&value, words.iter().copied()) {
                    Some(meant) => self.report(&written, format!("did you mean `{meant}`?")),
                    None => self.report(&written, format!("expected one of {expected}")),
                }
                skip_to_comma(input);
                return None;
            }
        }
        self.report(keyword, format!("`{keyword}` needs a value, one of {expected}"));
        skip_to_comma(input);
        None
    }

    fn no_value(&self, keyword: &Ident, input: ParseStream<'_>) {
        if at_end(input) || input.peek(Ident::peek_any) {
            return;
        }
        let wrong = next_token(input);
        skip_to_comma(input);
        let name = match keyword.to_string().as_str() {
            "body" => "",
            _ => "; its name is the field's, or what `#[serde(rename = \"..\")]` says",
        };
        self.report(wrong, format!("`{keyword}` takes no value{name}"));
    }

    pub(super) fn finish(mut self) -> Option<Helper> {
        match &mut self.helper {
            Some(Helper {
                place: Place::File(names),
                ..
            }) => *names = std::mem::take(&mut self.file),
            Some(Helper {
                place: Place::Unknown, ..
            }) => {}
            _ => {
                for option in &self.options {
                    self.report(
                        option,
                        format!("`{option}` belongs to a file: `#[wechatpay(file, {option} = ..)]`"),
                    );
                }
                if !self.options.is_empty() {
                    self.unknown();
                }
            }
        }
        self.helper
    }
}
