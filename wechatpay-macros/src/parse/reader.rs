//! Reads a list that somebody is still typing. It cannot fail: what is wrong is reported, what was meant is used where
//! that is clear, and reading goes on from the next comma.

use crate::{errors::Errors, suggest, types::text};
use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use std::fmt::Display;
use syn::{
    Ident, Lit, LitStr, Token,
    ext::IdentExt,
    parse::{ParseStream, Parser},
    token,
};

/// One list, read entry by entry.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    pub(crate) input: ParseStream<'a>,
    pub(crate) errors: &'a Errors,
}

/// Calls `entry` for each part between commas, until the tokens are used up. What `entry` leaves behind is reported, and
/// read as the next entry when it can be one.
pub(crate) fn each_entry(tokens: TokenStream, errors: &Errors, mut entry: impl FnMut(Reader<'_>)) {
    let parser = |input: ParseStream<'_>| {
        let reader = Reader { input, errors };
        while !input.is_empty() {
            if input.peek(Token![,]) {
                reader.report(reader.next_token(), "nothing stands before this comma; remove it");
                continue;
            }
            entry(reader);
            if input.is_empty() || input.parse::<Token![,]>().is_ok() {
                continue;
            }
            errors.at(input.span(), "expected a comma");
            if input.peek(Token![;]) {
                reader.next_token();
            } else if !input.peek(Ident::peek_any) && !input.peek(Lit) {
                reader.skip_to_comma();
                let _ = input.parse::<Token![,]>();
            }
        }
        Ok(())
    };
    if let Err(error) = parser.parse2(tokens) {
        errors.push(error);
    }
}

impl Reader<'_> {
    pub(crate) fn report(self, tokens: impl ToTokens, message: impl Display) {
        self.errors.on(tokens, message);
    }

    /// Takes one token, whatever it is.
    pub(crate) fn next_token(self) -> TokenStream {
        self.input
            .parse::<TokenTree>()
            .map(TokenStream::from)
            .unwrap_or_default()
    }

    /// Passes over what cannot be read, and gives it back.
    pub(crate) fn skip_to_comma(self) -> TokenStream {
        let mut skipped = TokenStream::new();
        while !self.at_end() {
            skipped.extend(self.next_token());
        }
        skipped
    }

    /// Whether the entry ends here.
    pub(crate) fn at_end(self) -> bool {
        self.input.is_empty() || self.input.peek(Token![,])
    }

    /// Whether a value comes next, in any of the forms that people write.
    pub(crate) fn at_value(self) -> bool {
        let input = self.input;
        let colon = input.peek(Token![:]) && !input.peek(Token![::]);
        input.peek(Token![=]) && !input.peek(Token![==]) || colon || input.peek(token::Paren)
    }

    /// Takes the text, if one comes next.
    pub(crate) fn next_text(self) -> Option<LitStr> {
        if self.input.peek(LitStr) {
            self.input.parse().ok()
        } else {
            None
        }
    }

    /// The value of `keyword`, which `read` reads from after the `=`; `None` after saying what is missing. A value after
    /// a colon or in parentheses is reported and taken.
    pub(crate) fn value<T>(
        self,
        keyword: &Ident,
        missing: impl Display,
        read: impl Fn(Reader<'_>) -> Option<T>,
    ) -> Option<T> {
        let input = self.input;
        if input.peek(Token![=]) && input.parse::<Token![=]>().is_ok() {
            if !self.at_end()
                && let Some(value) = read(self)
            {
                return Some(value);
            }
            self.report(keyword, missing);
            self.skip_to_comma();
            return None;
        }
        let elsewhere = self.at_value();
        let value = match self.skip_to_comma().into_iter().next() {
            Some(TokenTree::Group(group)) if elsewhere => group.stream(),
            _ => TokenStream::new(),
        };
        if value.is_empty() {
            self.report(keyword, missing);
            return None;
        }
        self.report(keyword, format!("write `{keyword} = {}`", text(&value)));
        let silent = Errors::default();
        let parser = |input: ParseStream<'_>| {
            let reader = Reader { input, errors: &silent };
            let value = read(reader);
            input.parse::<TokenStream>()?;
            Ok(value)
        };
        parser.parse2(value).ok().flatten()
    }

    /// `= "text"`, or `None` after saying what is missing.
    pub(crate) fn text(self, keyword: &Ident, example: &str) -> Option<LitStr> {
        let missing = format!("`{keyword}` needs a name; write `{example}`");
        let text = self.value(keyword, &missing, |reader| {
            if let Some(literal) = reader.next_text() {
                if literal.value().is_empty() {
                    reader.report(literal, &missing);
                    return Some(None);
                }
                return Some(Some(literal));
            }
            let word = reader.input.peek(Ident::peek_any).then(|| reader.skip_to_comma())?;
            let written = text(&word);
            reader.report(&word, format!("write `{keyword} = \"{written}\"`, in quotes"));
            let span = word.into_iter().next()?.span();
            Some(Some(LitStr::new(&written, span)))
        });
        text.flatten()
    }

    /// `= word`, one of `words`, or `None` after saying what is wrong.
    pub(crate) fn word<'w>(self, keyword: &Ident, words: &[&'w str]) -> Option<&'w str> {
        let expected = suggest::list(words.iter().copied());
        let missing = format!("`{keyword}` needs a value, one of {expected}");
        let word = self.value(keyword, missing, |reader| {
            if let Some(literal) = reader.next_text() {
                let word = words.iter().find(|word| **word == literal.value());
                reader.report(
                    &literal,
                    match word {
                        Some(word) => format!("write `{word}` without quotes"),
                        None => format!("expected one of {expected}, without quotes"),
                    },
                );
                return Some(word.copied());
            }
            let written = reader.input.call(Ident::parse_any).ok()?;
            let value = written.to_string();
            let word = words.iter().copied().find(|word| *word == value);
            if word.is_none() {
                match suggest::closest(&value, words.iter().copied()) {
                    Some(meant) => reader.report(&written, format!("did you mean `{meant}`?")),
                    None => reader.report(&written, format!("expected one of {expected}")),
                }
                reader.skip_to_comma();
            }
            Some(word)
        });
        word.flatten()
    }

    /// Reports a value after a word that takes none. `why` goes to the end of the message.
    pub(crate) fn no_value(self, keyword: &Ident, why: &str) {
        if self.at_value() {
            let wrong = self.next_token();
            self.skip_to_comma();
            self.report(wrong, format!("`{keyword}` takes no value{why}"));
        }
    }
}
