//! Parses a list that may be incomplete. It cannot fail: mistakes are reported, the intended meaning is used if it is
//! clear, and parsing continues after the next comma.

use crate::errors::{Errors, report};
use crate::types::text;
use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use std::fmt::Display;
use syn::parse::{Parse, ParseStream, Parser, discouraged::Speculative};
use syn::{Ident, Lit, LitStr, Token, ext::IdentExt, token};

/// The list, at one of its entries.
#[derive(Clone, Copy)]
pub(crate) struct Reader<'a> {
    pub(crate) input: ParseStream<'a>,
    pub(crate) errors: &'a Errors,
}

/// Calls `entry` for each part between commas, until the tokens are used up. What `entry` leaves behind is reported,
/// and read as the next entry when it can be one.
pub(crate) fn each_entry(tokens: TokenStream, errors: &Errors, mut entry: impl FnMut(Reader<'_>)) {
    let parser = |input: ParseStream<'_>| {
        let reader = Reader { input, errors };
        while !input.is_empty() {
            if input.peek(Token![,]) {
                errors.on(reader.next_token(), "nothing stands before this comma; remove it");
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
                reader.skip();
                let _ = input.parse::<Token![,]>();
            }
        }
        Ok(())
    };
    parser.parse2(tokens).unwrap_or_else(|error| errors.push(error));
}

impl<'a> Reader<'a> {
    /// Reads the same, with the reports going elsewhere.
    pub(crate) fn reporting(self, errors: &'a Errors) -> Self {
        Self { errors, ..self }
    }

    /// Parses `T`, or leaves the tokens in place.
    pub(crate) fn take<T: Parse>(self) -> Option<T> {
        self.take_with(T::parse)
    }

    pub(crate) fn take_with<T>(self, parse: impl Fn(ParseStream<'_>) -> syn::Result<T>) -> Option<T> {
        let ahead = self.input.fork();
        let taken = parse(&ahead).ok()?;
        self.input.advance_to(&ahead);
        Some(taken)
    }

    /// Consumes a word, which may be a keyword.
    pub(crate) fn take_word(self) -> Option<Ident> {
        self.take_with(Ident::parse_any)
    }

    /// Consumes one token of any kind.
    pub(crate) fn next_token(self) -> TokenStream {
        self.take::<TokenTree>().map(TokenStream::from).unwrap_or_default()
    }

    /// Passes over the rest of the entry, and gives it back.
    pub(crate) fn skip(self) -> TokenStream {
        let mut skipped = TokenStream::new();
        while !self.at_end() {
            skipped.extend(self.next_token());
        }
        skipped
    }

    /// Reports `message`, and passes over the rest of the entry.
    pub(crate) fn refuse(self, tokens: impl ToTokens, message: impl Display) {
        self.errors.on(tokens, message);
        self.skip();
    }

    /// Whether the entry ends here.
    pub(crate) fn at_end(self) -> bool {
        self.input.is_empty() || self.input.peek(Token![,])
    }

    /// Whether a value follows, in any of the usual forms.
    pub(crate) fn at_value(self) -> bool {
        let input = self.input;
        let colon = input.peek(Token![:]) && !input.peek(Token![::]);
        input.peek(Token![=]) && !input.peek(Token![==]) || colon || input.peek(token::Paren)
    }

    /// The value of `keyword`, which `read` reads from after the `=`; `None` after saying what is missing. A value after
    /// a colon or in parentheses is reported and taken.
    pub(crate) fn value<T>(self, keyword: &Ident, missing: &str, read: impl Fn(Reader<'_>) -> Option<T>) -> Option<T> {
        if self.take::<Token![=]>().is_some() {
            let value = if self.at_end() { None } else { read(self) };
            if value.is_none() {
                self.refuse(keyword, missing);
            }
            return value;
        }
        let elsewhere = self.at_value();
        let mut value: Vec<TokenTree> = self.skip().into_iter().collect();
        match value.as_slice() {
            [TokenTree::Group(group)] if elsewhere => value = group.stream().into_iter().collect(),
            [_, ..] if elsewhere => drop(value.remove(0)),
            _ => value.clear(),
        }
        // `file(name = "x")`
        if matches!(value.get(1), Some(TokenTree::Punct(assign)) if assign.as_char() == '=') {
            value.drain(..2);
        }
        if value.is_empty() {
            self.errors.on(keyword, missing);
            return None;
        }
        let value: TokenStream = value.into_iter().collect();
        report!(self.errors, keyword => "write `{keyword} = {}`", text(&value));
        let silent = Errors::default();
        let parser = |input: ParseStream<'_>| {
            let value = read(Reader { input, errors: &silent });
            input.parse::<TokenStream>().map(|_| value)
        };
        parser.parse2(value).ok().flatten()
    }

    /// `= "text"`, or `None` after saying what is missing.
    pub(crate) fn text(self, keyword: &Ident, example: &str) -> Option<LitStr> {
        let missing = format!("`{keyword}` needs a name; write `{example}`");
        let text = self.value(keyword, &missing, |reader| {
            if let Some(literal) = reader.take::<LitStr>() {
                let is_empty = literal.value().is_empty();
                if is_empty {
                    reader.errors.on(&literal, &missing);
                }
                return Some((!is_empty).then_some(literal));
            }
            let word = reader.input.peek(Ident::peek_any).then(|| reader.skip())?;
            let written = text(&word);
            report!(reader.errors, word => "write `{keyword} = \"{written}\"`, in quotes");
            let span = word.into_iter().next()?.span();
            Some(Some(LitStr::new(&written, span)))
        });
        text.flatten()
    }

    /// Reports a value after a word that takes none. `why` goes to the end of the message.
    pub(crate) fn no_value<T>(self, keyword: &Ident, why: &str) -> Option<T> {
        if self.at_value() {
            report!(self.errors, self.next_token() => "`{keyword}` takes no value{why}");
            self.skip();
        }
        None
    }
}
