//! The arguments of `#[wechatpay_endpoint(..)]`.

use super::{
    method::Method,
    reader::{Reader, each_entry},
};
use crate::{
    errors::Errors,
    place::Place,
    suggest,
    types::{inside, text, ungroup},
};
use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{
    Ident, Lit, LitStr, Path, Token, Type,
    ext::IdentExt,
    parse::{Parse, discouraged::Speculative},
    parse_quote, token,
};

/// What the arguments say, without the mistakes.
#[derive(Default)]
pub(crate) struct Arguments {
    pub(crate) method: Option<(Method, Ident)>,
    pub(crate) path: Option<LitStr>,
    pub(crate) encrypt: Option<Vec<Ident>>,
    pub(crate) response: Option<Type>,
    pub(crate) idempotent: Option<Ident>,
    pub(crate) core: Option<Path>,
    entries: usize,
    /// What stands for the method; its message waits until it is clear whether the path is there.
    wrong_method: Option<TokenStream>,
    /// What stands for the path has its own message already.
    path_reported: bool,
}

#[derive(Clone, Copy, PartialEq)]
enum Argument {
    Encrypt,
    Response,
    Idempotent,
    Crate,
}

impl Argument {
    const ALL: [(&'static str, Self); 4] = [
        ("encrypt", Self::Encrypt),
        ("response", Self::Response),
        ("idempotent", Self::Idempotent),
        ("crate", Self::Crate),
    ];

    fn words() -> impl Iterator<Item = &'static str> {
        Self::ALL.iter().map(|(word, _)| *word)
    }

    fn called(word: &str) -> Option<(&'static str, Self)> {
        Self::ALL.into_iter().find(|(known, _)| *known == word)
    }

    /// The option that a wrong word was meant to be.
    fn meant_by(word: &str) -> Option<(&'static str, Self)> {
        match word {
            "output" | "returns" | "return" | "result" | "reply" | "answer" => Self::called("response"),
            _ => suggest::closest(word, Self::words()).and_then(Self::called),
        }
    }
}

const NO_CONSTANT: &str = "the path is a text in quotes; its placeholders are read here, so it cannot be computed";

impl Arguments {
    /// `attribute` is where a message about the whole attribute goes.
    pub(crate) fn parse(arguments: TokenStream, attribute: Span, errors: &Errors) -> Self {
        let mut parsed = Self::default();
        each_entry(arguments, errors, |reader| {
            parsed.entry(reader);
            parsed.entries += 1;
        });
        parsed.report_missing(attribute, errors);
        parsed
    }

    fn report_missing(&self, attribute: Span, errors: &Errors) {
        let methods = suggest::list(Method::ALL.map(Method::name));
        match (&self.method, &self.path, &self.wrong_method) {
            (None, None, Some(wrong)) if !self.path_reported => {
                errors.on(
                    wrong,
                    format!("expected one of {methods}, and then the path: `POST, \"/v3/...\"`"),
                );
            }
            (None, _, Some(wrong)) => errors.on(wrong, format!("expected one of {methods}")),
            (None, Some(path), None) => errors.on(path, "expected the method before the path: `POST, \"/v3/...\"`"),
            (Some((method, word)), None, _) if !self.path_reported => {
                let example = format!("`{}, \"/v3/...\"`", method.name());
                errors.on(word, format!("expected the path after the method: {example}"));
            }
            (None, None, None) if !self.path_reported => errors.at(
                attribute,
                "expected a method and a path: `#[wechatpay_endpoint(POST, \"/v3/...\", response = Type)]`",
            ),
            _ => {}
        }
    }

    fn entry(&mut self, reader: Reader<'_>) {
        let input = reader.input;
        if input.peek(Lit) {
            self.literal(reader);
        } else if input.peek(Ident::peek_any) {
            self.word(reader);
        } else if !input.peek(Token![->]) && !self.bare_type(reader) {
            let wrong = reader.next_token();
            reader.skip_to_comma();
            let expected = match self.entries {
                0 => "expected a method",
                1 => "expected the path, in quotes: `\"/v3/...\"`",
                _ => "expected an option",
            };
            self.path_reported |= self.entries < 2;
            reader.report(wrong, expected);
        }
        if input.peek(Token![->]) {
            self.arrow(reader);
        }
    }

    fn literal(&mut self, reader: Reader<'_>) {
        let Ok(literal) = reader.input.parse::<Lit>() else {
            reader.skip_to_comma();
            return;
        };
        let Lit::Str(text) = literal else {
            if self.entries == 0 {
                self.wrong_method = Some(literal.into_token_stream());
            } else {
                self.path_reported = true;
                reader.report(literal, "the path is a text in quotes: `\"/v3/...\"`");
            }
            return;
        };
        let value = text.value();
        let (first, rest) = value.split_once(char::is_whitespace).unwrap_or((&value, ""));
        match Method::from_name(&first.to_ascii_uppercase()) {
            Some(method) if self.method.is_none() => {
                let name = method.name();
                if rest.is_empty() {
                    reader.report(&text, format!("write `{name}` without quotes"));
                } else {
                    let path = rest.trim();
                    reader.report(&text, format!("write the method before the path: `{name}, \"{path}\"`"));
                    self.path = Some(LitStr::new(path, text.span()));
                }
                self.method = Some((method, Ident::new(name, text.span())));
            }
            _ if self.path.is_none() => self.path = Some(text),
            _ => reader.report(text, "the path is given already; remove this"),
        }
    }

    fn word(&mut self, reader: Reader<'_>) {
        let input = reader.input;
        let ahead = input.fork();
        let Ok(name) = ahead.call(Ident::parse_any) else {
            reader.skip_to_comma();
            return;
        };
        let has_value = Reader {
            input: &ahead,
            ..reader
        }
        .at_value();
        let word = name.to_string();
        if let Some((word, argument)) = Argument::called(&word) {
            input.advance_to(&ahead);
            return self.argument(name, word, argument, reader);
        }
        match word.as_str() {
            "method" if has_value => {
                input.advance_to(&ahead);
                return self.named_method(&name, reader);
            }
            "path" if has_value => {
                input.advance_to(&ahead);
                return self.named_path(&name, reader);
            }
            _ => {}
        }
        if let Some(written) = Place::called(&word).and_then(Place::written) {
            input.advance_to(&ahead);
            reader.report(
                name,
                format!("a field says where it goes; write `#[wechatpay({written})]` on the field"),
            );
            reader.skip_to_comma();
            return;
        }
        if ahead.peek(Token![!]) || self.entries == 1 && self.path.is_none() && word.to_uppercase() == word {
            let computed = reader.skip_to_comma();
            self.path_reported = true;
            return reader.report(computed, NO_CONSTANT);
        }
        if self.entries == 0 && !has_value {
            return self.method(reader);
        }
        if let Some(method) = Method::from_name(&word).filter(|_| self.method.is_none()) {
            input.advance_to(&ahead);
            reader.report(&name, format!("the method comes first: `{word}, \"/v3/...\"`"));
            self.method = Some((method, name));
            return;
        }
        let is_argument = Argument::called(&word.to_lowercase()).is_some();
        if !has_value && !is_argument && self.bare_type(reader) {
            return;
        }
        input.advance_to(&ahead);
        match Argument::meant_by(&word) {
            Some((meant, argument)) => {
                reader.report(&name, format!("unknown option `{word}`; did you mean `{meant}`?"));
                // What else is wrong with it can wait until it has its name.
                let errors = &Errors::default();
                self.argument(name, meant, argument, Reader { errors, ..reader });
            }
            None => {
                let options = suggest::list(Argument::words());
                reader.report(&name, format!("unknown option `{word}`; expected one of {options}"));
                reader.skip_to_comma();
            }
        }
    }

    fn method(&mut self, reader: Reader<'_>) {
        // `Method::POST` is read as one path, so that it gets one message.
        let Ok(path) = reader.input.call(Path::parse_mod_style) else {
            reader.skip_to_comma();
            return;
        };
        let Some(last) = path.segments.last() else { return };
        let word = last.ident.to_string();
        let exact = Method::from_name(&word);
        match exact.or_else(|| Method::meant_by(&word)) {
            Some(method) => {
                if exact.is_none() || path.get_ident().is_none() {
                    reader.report(&path, format!("did you mean `{}`?", method.name()));
                }
                self.method = Some((method, Ident::new(method.name(), last.ident.span())));
            }
            None => self.wrong_method = Some(path.to_token_stream()),
        }
    }

    /// `method = POST`
    fn named_method(&mut self, keyword: &Ident, reader: Reader<'_>) {
        reader.report(keyword, "the method stands first and has no name: `POST, \"/v3/...\"`");
        let silent = &Errors::default();
        let value = Reader {
            errors: silent,
            ..reader
        }
        .value(keyword, "", |reader| Some(reader.skip_to_comma()));
        let Some(word) = value.and_then(|value| value.into_iter().last()) else {
            return;
        };
        let method = Method::meant_by(word.to_string().trim_matches('"'));
        self.method = method.map(|method| (method, Ident::new(method.name(), word.span())));
    }

    /// `path = "/v3/x"`
    fn named_path(&mut self, keyword: &Ident, reader: Reader<'_>) {
        reader.report(
            keyword,
            "the path stands after the method and has no name: `POST, \"/v3/...\"`",
        );
        let silent = &Errors::default();
        let path = Reader {
            errors: silent,
            ..reader
        }
        .text(keyword, "");
        self.path_reported |= path.is_none();
        self.path = self.path.take().or(path);
    }

    /// A type that was meant as the response: `POST, "/v3/x", Order`.
    fn bare_type(&mut self, reader: Reader<'_>) -> bool {
        let input = reader.input;
        let ahead = input.fork();
        let Ok(ty) = ahead.parse::<Type>() else { return false };
        let written = text(&ty);
        let is_type = !written.starts_with(char::is_lowercase) || written.contains("::");
        if self.entries < 2 || self.response.is_some() || !is_type {
            return false;
        }
        input.advance_to(&ahead);
        let ty = owned(
            ty,
            Reader {
                errors: &Errors::default(),
                ..reader
            },
        );
        reader.report(&ty, format!("write `response = {}`", text(&ty)));
        self.response = Some(ty);
        true
    }

    /// `-> Order`
    fn arrow(&mut self, reader: Reader<'_>) {
        let arrow = reader.input.parse::<Token![->]>().ok();
        let errors = &Errors::default();
        let ty = response(Reader { errors, ..reader });
        let written = ty.as_ref().map_or_else(|| "Type".to_owned(), text);
        reader.report(arrow, format!("write `response = {written}`, after a comma"));
        self.response = self.response.take().or(ty);
    }

    /// `name` is what was written, `word` what it means.
    fn argument(&mut self, name: Ident, word: &str, argument: Argument, reader: Reader<'_>) {
        let is_duplicate = match argument {
            Argument::Encrypt => self.encrypt.is_some(),
            Argument::Response => self.response.is_some(),
            Argument::Idempotent => self.idempotent.is_some(),
            Argument::Crate => self.core.is_some(),
        };
        if is_duplicate {
            reader.report(&name, format!("duplicate option `{word}`"));
            reader.skip_to_comma();
            return;
        }
        let missing = |example: &str| format!("`{name}` needs a value; write `{example}`");
        match argument {
            Argument::Encrypt => self.encrypt = Some(encrypted_names(&name, reader)),
            Argument::Response => self.response = reader.value(&name, missing("response = Type"), response),
            Argument::Idempotent => {
                if !reader.at_end() && !reader.input.peek(Ident::peek_any) {
                    reader.report(reader.next_token(), "`idempotent` takes no value; write it alone");
                    reader.skip_to_comma();
                }
                self.idempotent = Some(name);
            }
            Argument::Crate => {
                self.core = reader.value(&name, missing("crate = ::path"), unquoted);
                if let Some(path) = &self.core {
                    check_absolute(path, reader.errors);
                }
            }
        }
    }
}

/// A value that some put in quotes.
fn unquoted<T: Parse>(reader: Reader<'_>) -> Option<T> {
    if let Some(text) = reader.next_text() {
        reader.report(&text, format!("write `{}` without quotes", text.value()));
        return text.parse().ok();
    }
    let ahead = reader.input.fork();
    let value = ahead.parse().ok()?;
    reader.input.advance_to(&ahead);
    Some(value)
}

/// The type of a response, also when its brackets are not closed or it is no type of a response.
fn response(reader: Reader<'_>) -> Option<Type> {
    let input = reader.input;
    let Some(ty) = unquoted::<Type>(reader) else {
        return unclosed(reader);
    };
    if input.peek(token::Bracket) {
        let list = reader.next_token();
        reader.report(list, format!("write `Vec<{}>`", text(&ty)));
        return Some(parse_quote!(::std::vec::Vec<#ty>));
    }
    Some(owned(ty, reader))
}

/// `Vec<Order`: the brackets are closed here.
fn unclosed(reader: Reader<'_>) -> Option<Type> {
    let tokens = reader.skip_to_comma();
    let count = |character| tokens.to_string().matches(character).count();
    let open = count('<').checked_sub(count('>')).filter(|open| *open > 0)?;
    let closing: TokenStream = ">".repeat(open).parse().ok()?;
    let ty: Type = syn::parse2(quote!(#tokens #closing)).ok()?;
    let last = tokens.clone().into_iter().last()?;
    if matches!(&last, TokenTree::Punct(punct) if punct.as_char() == '<') {
        return None;
    }
    reader.report(tokens, format!("write `{}`", text(&ty)));
    Some(ty)
}

/// A response owns what it holds, and is not a `Result`.
fn owned(ty: Type, reader: Reader<'_>) -> Type {
    if let Some(ok) = inside(&ty, "Result") {
        let remedy = format!("write `response = {}`", text(ok));
        reader.report(&ty, format!("{remedy}; `send` returns the `Result`"));
        return ok.clone();
    }
    let (owned, shown): (Type, String) = match ungroup(&ty) {
        Type::Slice(slice) => {
            let element = &slice.elem;
            (
                parse_quote!(::std::vec::Vec<#element>),
                format!("Vec<{}>", text(element)),
            )
        }
        Type::Reference(reference) if text(&reference.elem) == "str" => {
            (parse_quote!(::std::string::String), "String".to_owned())
        }
        Type::Reference(reference) => ((*reference.elem).clone(), text(&reference.elem)),
        _ => return ty,
    };
    reader.report(&ty, format!("a response owns what it holds; write `{shown}`"));
    owned
}

/// `(real_name, cred_id)`, and the ways to get it wrong.
fn encrypted_names(keyword: &Ident, reader: Reader<'_>) -> Vec<Ident> {
    let mut names = Vec::new();
    let tokens = reader.skip_to_comma();
    let mut trees = tokens.clone().into_iter();
    match (trees.next(), trees.next()) {
        (Some(TokenTree::Group(group)), None) if group.delimiter() == Delimiter::Parenthesis => {
            if group.stream().is_empty() {
                reader.report(
                    keyword,
                    "`encrypt` lists no field; write `encrypt(real_name)`, or remove it",
                );
            }
            each_entry(group.stream(), reader.errors, |reader| {
                encrypted_name(reader, &mut names)
            });
        }
        _ => {
            let message = "`encrypt` lists its fields in parentheses: `encrypt(real_name)`";
            reader.report(keyword, message);
            // What was meant to be secret stays out of `Debug`.
            collect_names(tokens, &mut names);
        }
    }
    names
}

fn collect_names(tokens: TokenStream, names: &mut Vec<Ident>) {
    for token in tokens {
        match token {
            TokenTree::Ident(name) => names.push(name),
            TokenTree::Group(group) => collect_names(group.stream(), names),
            TokenTree::Literal(literal) => {
                let text = syn::parse2::<LitStr>(literal.into_token_stream());
                names.extend(text.and_then(|text| text.parse::<Ident>()).ok());
            }
            TokenTree::Punct(_) => {}
        }
    }
}

fn encrypted_name(reader: Reader<'_>, names: &mut Vec<Ident>) {
    if let Ok(mut name) = reader.input.call(Ident::parse_any) {
        if reader.input.peek(Token![.]) {
            let rest: Vec<TokenTree> = reader.skip_to_comma().into_iter().collect();
            let [TokenTree::Punct(_), TokenTree::Ident(field)] = rest.as_slice() else {
                return reader.report(&name, FURTHER_INSIDE);
            };
            if name != "self" {
                return reader.report(&name, FURTHER_INSIDE);
            }
            reader.report(&name, format!("write the name of the field alone: `{field}`"));
            name = field.clone();
        } else if !reader.at_end() && !reader.input.peek(Ident::peek_any) {
            reader.skip_to_comma();
            return reader.report(&name, FURTHER_INSIDE);
        }
        if names.iter().any(|known| known.unraw() == name.unraw()) {
            return reader.report(&name, format!("`{}` is already encrypted", name.unraw()));
        }
        return names.push(name);
    }
    let Some(text) = reader.next_text() else {
        reader.report(reader.next_token(), "expected the name of a field");
        reader.skip_to_comma();
        return;
    };
    reader.report(&text, format!("write `{}` without quotes", text.value()));
    // It may not be a name at all.
    names.extend(text.parse::<Ident>().ok());
}

const FURTHER_INSIDE: &str =
    "`encrypt` names the struct's own fields; mark a value further inside with `Sensitive<String>`";

/// The path stands in generated code, where what a relative one means depends on the module.
fn check_absolute(path: &Path, errors: &Errors) {
    let first = path
        .segments
        .first()
        .map(|segment| segment.ident.to_string())
        .unwrap_or_default();
    if path.leading_colon.is_some() || first == "crate" {
        return;
    }
    let segments = path.segments.iter().map(|segment| segment.ident.to_string());
    let from_here = segments
        .skip_while(|segment| segment == "self" || segment == "super")
        .collect::<Vec<_>>()
        .join("::");
    let message = if first == "self" || first == "super" {
        format!("`crate` must be an absolute path; write it from `crate::`, as in `crate::{from_here}`")
    } else {
        format!("`crate` must be an absolute path; write `::{from_here}` or `crate::{from_here}`")
    };
    errors.on(path, message);
}
