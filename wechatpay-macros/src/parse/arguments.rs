//! The arguments of `#[wechatpay_endpoint(..)]`.

use super::reader::{Reader, each_entry};
use crate::errors::{Errors, report};
use crate::types::{inside, text, ungroup};
use crate::{place::Place, suggest};
use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{Ident, Lit, LitStr, Path, Token, Type, ext::IdentExt, parse::Parse, parse_quote, token};

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];
const OPTIONS: [&str; 4] = ["encrypt", "response", "idempotent", "crate"];

/// The parsed arguments, without the mistakes.
#[derive(Default)]
pub(crate) struct Arguments {
    /// One of the five methods, with its position.
    pub(crate) method: Option<Ident>,
    pub(crate) path: Option<LitStr>,
    pub(crate) encrypt: Option<Vec<Ident>>,
    pub(crate) response: Option<Type>,
    pub(crate) idempotent: Option<Ident>,
    pub(crate) core: Option<Path>,
    entries: usize,
    /// The token in place of the method. Its message waits until the path is known.
    wrong_method: Option<TokenStream>,
    /// The token in place of the path was reported already.
    path_reported: bool,
}

impl Arguments {
    /// `attribute` is the position of a message about the whole attribute.
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
        let (methods, example) = (suggest::list(METHODS), "`POST, \"/v3/...\"`");
        let has_path = self.path.is_some() || self.path_reported;
        match (&self.method, &self.wrong_method, &self.path) {
            (None, Some(wrong), _) if has_path => report!(errors, wrong => "expected one of {methods}"),
            (None, Some(wrong), _) => {
                report!(errors, wrong => "expected one of {methods}, and then the path: {example}")
            }
            (None, None, Some(path)) => report!(errors, path => "expected the method before the path: {example}"),
            (Some(method), ..) if !has_path => {
                report!(errors, method => "expected the path after the method: `{method}, \"/v3/...\"`");
            }
            (None, None, None) if !has_path => {
                let example = "`#[wechatpay_endpoint(POST, \"/v3/...\", response = Type)]`";
                errors.at(attribute, format_args!("expected a method and a path: {example}"));
            }
            _ => {}
        }
    }

    fn entry(&mut self, reader: Reader<'_>) {
        let input = reader.input;
        if let Some(literal) = reader.take::<Lit>() {
            self.literal(literal, reader.errors);
        } else if input.peek(Ident::peek_any) {
            self.word(reader);
        } else if !input.peek(Token![->]) && !self.bare_type(reader) {
            self.path_reported |= self.entries < 2;
            let expected = ["a method", "the path, in quotes: `\"/v3/...\"`"];
            let expected = expected.get(self.entries).unwrap_or(&"an option");
            reader.refuse(reader.next_token(), format_args!("expected {expected}"));
        }
        if let Some(arrow) = reader.take::<Token![->]>() {
            let ty = response(reader.reporting(&Errors::default()));
            let written = ty.as_ref().map_or_else(|| "Type".to_owned(), text);
            report!(reader.errors, arrow => "write `response = {written}`, after a comma");
            self.response = self.response.take().or(ty);
        }
    }

    fn literal(&mut self, literal: Lit, errors: &Errors) {
        let Lit::Str(text) = literal else {
            if self.entries == 0 {
                self.wrong_method = Some(literal.into_token_stream());
            } else {
                self.path_reported = true;
                report!(errors, literal => "the path is a text in quotes: `\"/v3/...\"`");
            }
            return;
        };
        let value = text.value();
        let (first, rest) = value.split_once(char::is_whitespace).unwrap_or((&value, ""));
        match find(METHODS, &first.to_ascii_uppercase()) {
            Some(method) if self.method.is_none() => {
                let path = rest.trim();
                if path.is_empty() {
                    report!(errors, text => "write `{method}` without quotes");
                } else {
                    report!(errors, text => "write the method before the path: `{method}, \"{path}\"`");
                    self.path = Some(LitStr::new(path, text.span()));
                }
                self.method = Some(Ident::new(method, text.span()));
            }
            _ if self.path.is_none() => self.path = Some(text),
            _ => report!(errors, text => "the path is given already; remove this"),
        }
    }

    fn word(&mut self, reader: Reader<'_>) {
        let errors = reader.errors;
        let ahead = reader.input.fork();
        let name = ahead.call(Ident::parse_any);
        let word = name.map(|name| name.to_string()).unwrap_or_default();
        let has_value = Reader { input: &ahead, errors }.at_value();
        let is_option = find(OPTIONS, &word.to_lowercase()).is_some();
        let is_constant = self.entries == 1 && self.path.is_none() && word.to_uppercase() == word;
        if ahead.peek(Token![!]) || is_constant && find(METHODS, &word).is_none() {
            self.path_reported = true;
            let computed = reader.skip();
            let why = "its placeholders are read here, so it cannot be computed";
            return report!(errors, computed => "the path is a text in quotes; {why}");
        }
        if self.entries == 0 && !has_value && !is_option {
            return self.method(reader);
        }
        if !has_value && !is_option && self.bare_type(reader) {
            return;
        }
        let Some(name) = reader.take_word() else { return };
        if let Some(option) = find(OPTIONS, &word) {
            self.option(name, option, reader);
        } else if has_value && matches!(word.as_str(), "method" | "path") && !reader.input.peek(token::Paren) {
            report!(errors, name => "the {word} has no name here; write `POST, \"/v3/...\"`");
            reader.next_token();
            self.entry(reader);
        } else if let Some(written) = Place::called(&word).and_then(Place::written) {
            let remedy = format!("write `#[wechatpay({written})]` on the field");
            reader.refuse(name, format_args!("a field says where it goes; {remedy}"));
        } else if find(METHODS, &word).is_some() && self.method.is_none() {
            report!(errors, name => "the method comes first: `{word}, \"/v3/...\"`");
            self.method = Some(name);
        } else if let Some(meant) = meant_option(&word) {
            report!(errors, name => "unknown option `{word}`; did you mean `{meant}`?");
            // Other mistakes are reported when it has its name.
            self.option(name, meant, reader.reporting(&Errors::default()));
        } else {
            let options = suggest::list(OPTIONS);
            reader.refuse(name, format_args!("unknown option `{word}`; expected one of {options}"));
        }
    }

    fn method(&mut self, reader: Reader<'_>) {
        // `Method::POST` is read as one path, so that it gets one message.
        let path = reader.take_with(Path::parse_mod_style);
        let Some(last) = path.as_ref().and_then(|path| path.segments.last()) else {
            reader.skip();
            return;
        };
        let Some(method) = suggest::closest(&last.ident.to_string(), METHODS) else {
            self.wrong_method = Some(path.to_token_stream());
            return;
        };
        self.method = Some(Ident::new(method, last.ident.span()));
        if path.as_ref().is_none_or(|path| !path.is_ident(method)) {
            report!(reader.errors, path => "did you mean `{method}`?");
        }
    }

    /// A type that was meant as the response: `POST, "/v3/x", Order`.
    fn bare_type(&mut self, reader: Reader<'_>) -> bool {
        let ahead = reader.input.fork();
        let is_type = ahead.parse::<Type>().is_ok_and(|ty| {
            let written = text(&ty);
            !written.starts_with(char::is_lowercase) || written.contains("::")
        });
        if self.entries < 2 || self.response.is_some() || !is_type {
            return false;
        }
        self.response = response(reader.reporting(&Errors::default()));
        let written = self.response.as_ref().map(text).unwrap_or_default();
        report!(reader.errors, self.response => "write `response = {written}`");
        true
    }

    /// `name` is what was written, `option` what it means.
    fn option(&mut self, name: Ident, option: &str, reader: Reader<'_>) {
        let missing = |example: &str| format!("`{name}` needs a value; write `{example}`");
        match option {
            "encrypt" if self.encrypt.is_none() => self.encrypt = Some(encrypted_names(&name, reader)),
            "response" if self.response.is_none() => {
                self.response = reader.value(&name, &missing("response = Type"), response);
            }
            "crate" if self.core.is_none() => {
                let core = reader.value(&name, &missing("crate = ::path"), unquoted);
                self.core = core.inspect(|core| check_absolute(core, reader.errors));
            }
            "idempotent" if self.idempotent.is_none() => {
                if !reader.at_end() && !reader.input.peek(Ident::peek_any) {
                    reader.refuse(reader.next_token(), "`idempotent` takes no value; write it alone");
                }
                self.idempotent = Some(name);
            }
            _ => reader.refuse(name, format_args!("duplicate option `{option}`")),
        }
    }
}

fn find(words: impl IntoIterator<Item = &'static str>, word: &str) -> Option<&'static str> {
    words.into_iter().find(|known| *known == word)
}

/// The option that a wrong word was meant to be.
fn meant_option(word: &str) -> Option<&'static str> {
    match word {
        "output" | "returns" | "return" | "result" | "reply" | "answer" => Some("response"),
        _ => suggest::closest(word, OPTIONS),
    }
}

/// A value that some put in quotes.
fn unquoted<T: Parse>(reader: Reader<'_>) -> Option<T> {
    let Some(text) = reader.take::<LitStr>() else {
        return reader.take();
    };
    report!(reader.errors, text => "write `{}` without quotes", text.value());
    text.parse().ok()
}

/// The type of a response, also when its brackets are not closed, or it is no type that a response can have.
fn response(reader: Reader<'_>) -> Option<Type> {
    let errors = reader.errors;
    let vec = |element: &Type| -> Type { parse_quote!(::std::vec::Vec<#element>) };
    let Some(ty) = unquoted::<Type>(reader) else {
        return unclosed(reader);
    };
    if reader.input.peek(token::Bracket) {
        report!(errors, reader.next_token() => "write `Vec<{}>`", text(&ty));
        return Some(vec(&ty));
    }
    if let Some(ok) = inside(&ty, "Result") {
        report!(errors, ty => "write `response = {}`; `send` returns the `Result`", text(ok));
        return Some(ok.clone());
    }
    let (owned, shown) = match ungroup(&ty) {
        Type::Slice(slice) => (vec(&slice.elem), format!("Vec<{}>", text(&slice.elem))),
        Type::Reference(of) if text(&of.elem) == "str" => (parse_quote!(::std::string::String), "String".to_owned()),
        Type::Reference(of) => ((*of.elem).clone(), text(&of.elem)),
        _ => return Some(ty),
    };
    report!(errors, ty => "a response owns what it holds; write `{shown}`");
    Some(owned)
}

/// `Vec<Order`: the brackets are closed here.
fn unclosed(reader: Reader<'_>) -> Option<Type> {
    let tokens = reader.skip();
    let written = text(&tokens);
    let count = |bracket| written.matches(bracket).count();
    let open = count('<').saturating_sub(count('>'));
    if open == 0 || written.ends_with('<') {
        return None;
    }
    let closing: TokenStream = ">".repeat(open).parse().ok()?;
    let ty: Type = syn::parse2(quote!(#tokens #closing)).ok()?;
    report!(reader.errors, tokens => "write `{}`", text(&ty));
    Some(ty)
}

/// `(real_name, cred_id)`, and the ways to get it wrong.
fn encrypted_names(keyword: &Ident, reader: Reader<'_>) -> Vec<Ident> {
    let (mut names, errors) = (Vec::new(), reader.errors);
    let is_list = reader.input.peek(token::Paren);
    let tokens = reader.skip();
    if let (true, Some(TokenTree::Group(group))) = (is_list, tokens.clone().into_iter().next()) {
        if group.stream().is_empty() {
            report!(errors, keyword => "`encrypt` lists no field; write `encrypt(real_name)`, or remove it");
        }
        each_entry(group.stream(), errors, |reader| encrypted_name(reader, &mut names));
    } else {
        report!(errors, keyword => "`encrypt` lists its fields in parentheses: `encrypt(real_name)`");
        // What was meant to be secret stays out of `Debug`.
        let written = text(&tokens);
        let words = written.split(|c: char| !c.is_alphanumeric() && c != '_');
        names.extend(words.filter_map(|word| syn::parse_str::<Ident>(word).ok()));
    }
    names
}

fn encrypted_name(reader: Reader<'_>, names: &mut Vec<Ident>) {
    let errors = reader.errors;
    if let Some(text) = reader.take::<LitStr>() {
        report!(errors, text => "write `{}` without quotes", text.value());
        // It may not be a name at all.
        return names.extend(text.parse::<Ident>().ok());
    }
    let Some(mut name) = reader.take_word() else {
        return reader.refuse(reader.next_token(), "expected the name of a field");
    };
    if !reader.at_end() && !reader.input.peek(Ident::peek_any) {
        let field = syn::parse2::<Ident>(reader.skip().into_iter().skip(1).collect());
        let Some(field) = field.ok().filter(|_| name == "self") else {
            let remedy = "mark a value further inside with `Sensitive<String>`";
            return report!(errors, name => "`encrypt` names the struct's own fields; {remedy}");
        };
        report!(errors, name => "write the name of the field alone: `{field}`");
        name = field;
    }
    if names.iter().any(|known| known.unraw() == name.unraw()) {
        return report!(errors, name => "`{}` is already encrypted", name.unraw());
    }
    names.push(name);
}

/// The path stands in generated code, where what a relative one means depends on the module.
fn check_absolute(path: &Path, errors: &Errors) {
    let written = text(path);
    let from_here = written.replace("self::", "").replace("super::", "");
    if from_here != written {
        let example = format!("as in `crate::{from_here}`");
        report!(errors, path => "`crate` must be an absolute path; write it from `crate::`, {example}");
    } else if path.leading_colon.is_none() && !written.starts_with("crate") {
        report!(errors, path => "`crate` must be an absolute path; write `::{written}` or `crate::{written}`");
    }
}
