//! Parses the arguments of `#[wechatpay_endpoint(..)]`.
//!
//! An editor shows them half-typed. So parsing cannot fail: each mistake is reported, what was meant is used where that
//! is clear, and the rest is read on from the next comma.

use crate::{
    errors::Errors,
    helper::PLACES,
    method::Method,
    suggest,
    tokens::{at_end, each_entry, next_text, next_token, skip_to_comma},
};
use proc_macro2::{Span, TokenStream};
use syn::{
    Ident, Lit, LitStr, Path, Token, Type,
    ext::IdentExt,
    parse::{Parse, ParseStream, discouraged::Speculative},
    token,
};

/// What the arguments say, mistakes left out.
pub(crate) struct Arguments {
    pub(crate) method: Option<(Method, Ident)>,
    pub(crate) path: Option<LitStr>,
    pub(crate) encrypt: Option<Vec<Ident>>,
    pub(crate) response: Option<Type>,
    pub(crate) idempotent: Option<Ident>,
    pub(crate) core: Option<Path>,
    /// What stands for the method or the path has its own message already.
    position_reported: bool,
}

const OPTIONS: [&str; 4] = ["encrypt", "response", "idempotent", "crate"];

impl Arguments {
    /// `attribute` is where a message about the whole attribute goes.
    pub(crate) fn parse(arguments: TokenStream, attribute: Span, errors: &Errors) -> Self {
        let mut parsed = Self {
            method: None,
            path: None,
            encrypt: None,
            response: None,
            idempotent: None,
            core: None,
            position_reported: false,
        };
        let mut number = 0;
        each_entry(arguments, errors, |input| {
            parsed.argument(number, input, errors);
            number += 1;
        });
        if (parsed.method.is_none() || parsed.path.is_none()) && !parsed.position_reported {
            errors.at(
                attribute,
                "expected a method and a path: `#[wechatpay_endpoint(POST, \"/v3/...\", response = Type)]`",
            );
        }
        parsed
    }

    fn argument(&mut self, number: usize, input: ParseStream<'_>, errors: &Errors) {
        if input.peek(Lit) {
            return self.literal(number, input, errors);
        }
        if !input.peek(Ident::peek_any) {
            let wrong = next_token(input);
            skip_to_comma(input);
            self.position_reported |= number < 2;
            return errors.on(
                wrong,
                match number {
                    0 => "expected a method",
                    1 => "expected the path, in quotes: `\"/v3/...\"`",
                    _ => "expected an option",
                },
            );
        }
        let has_value = input.peek2(Token![=]) && !input.peek2(Token![==]) || input.peek2(token::Paren);
        if number == 0 && !has_value {
            return self.method(input, errors);
        }
        self.option(input, errors);
    }

    fn literal(&mut self, number: usize, input: ParseStream<'_>, errors: &Errors) {
        match input.parse() {
            Ok(Lit::Str(text)) => match Method::from_name(&text.value().to_ascii_uppercase()) {
                Some(method) if self.method.is_none() => {
                    errors.on(&text, format!("write `{}` without quotes", method.name()));
                    self.method = Some((method, Ident::new(method.name(), text.span())));
                }
                _ if self.path.is_none() => self.path = Some(text),
                _ => errors.on(&text, "the path is given already; remove this"),
            },
            Ok(other) => {
                let method = format!("expected one of {}", suggest::list(Method::ALL.map(Method::name)));
                errors.on(
                    other,
                    if number == 0 {
                        &method
                    } else {
                        "the path is a text in quotes: `\"/v3/...\"`"
                    },
                );
                self.position_reported = true;
            }
            Err(error) => {
                errors.push(error);
                skip_to_comma(input);
            }
        }
    }

    fn method(&mut self, input: ParseStream<'_>, errors: &Errors) {
        // `Method::POST` is read as one path, to say one thing about it.
        let Ok(path) = input.call(Path::parse_mod_style) else {
            return skip_to_comma(input);
        };
        let Some(last) = path.segments.last() else { return };
        let word = last.ident.to_string();
        let method = Method::from_name(&word);
        if method.is_some() && path.get_ident().is_some() {
            self.method = method.map(|method| (method, last.ident.clone()));
            return;
        }
        let meant = method.or_else(|| Method::meant_by(&word));
        match meant {
            Some(method) => {
                errors.on(&path, format!("did you mean `{}`?", method.name()));
                self.method = Some((method, Ident::new(method.name(), last.ident.span())));
            }
            // An option where the method belongs: the method was forgotten.
            None if OPTIONS.contains(&word.as_str()) => self.named_option(last.ident.clone(), &word, input, errors),
            None => {
                errors.on(
                    &path,
                    format!("expected one of {}", suggest::list(Method::ALL.map(Method::name))),
                );
                self.position_reported = true;
            }
        }
    }

    fn option(&mut self, input: ParseStream<'_>, errors: &Errors) {
        let Ok(name) = input.call(Ident::parse_any) else {
            return skip_to_comma(input);
        };
        let word = name.to_string();
        if OPTIONS.contains(&word.as_str()) {
            return self.named_option(name, &word, input, errors);
        }
        if self.method.is_none()
            && let Some(method) = Method::from_name(&word)
        {
            errors.on(&name, format!("the method comes first: `{word}, \"/v3/...\"`"));
            self.method = Some((method, name));
            return skip_to_comma(input);
        }
        if PLACES.contains(&word.as_str()) {
            errors.on(
                &name,
                format!("a field says where it goes; write `#[wechatpay({word})]` on the field"),
            );
            return skip_to_comma(input);
        }
        match suggest::closest(&word, OPTIONS) {
            Some(meant) => {
                errors.on(&name, format!("unknown option `{word}`; did you mean `{meant}`?"));
                // What else is wrong with it can wait until it has its name.
                self.named_option(name, meant, input, &Errors::default());
            }
            None => {
                errors.on(
                    &name,
                    format!("unknown option `{word}`; expected one of {}", suggest::list(OPTIONS)),
                );
                skip_to_comma(input);
            }
        }
    }

    /// `name` is what was written, `option` what it means.
    fn named_option(&mut self, name: Ident, option: &str, input: ParseStream<'_>, errors: &Errors) {
        let duplicate = match option {
            "encrypt" => self.encrypt.is_some(),
            "response" => self.response.is_some(),
            "idempotent" => self.idempotent.is_some(),
            _ => self.core.is_some(),
        };
        if duplicate {
            errors.on(&name, format!("duplicate option `{option}`"));
            return skip_to_comma(input);
        }
        match option {
            "encrypt" => self.encrypt = Some(encrypted_names(&name, input, errors)),
            "response" => {
                self.response = value(&name, input, errors, "response = Type");
            }
            "idempotent" => {
                if !at_end(input) {
                    errors.on(next_token(input), "`idempotent` takes no value; write it alone");
                    skip_to_comma(input);
                }
                self.idempotent = Some(name);
            }
            _ => {
                self.core = value(&name, input, errors, "crate = ::path");
                if let Some(path) = &self.core {
                    check_absolute(path, errors);
                }
            }
        }
    }
}

/// `(real_name, cred_id)`, and the ways to get it wrong.
fn encrypted_names(keyword: &Ident, input: ParseStream<'_>, errors: &Errors) -> Vec<Ident> {
    let mut names = Vec::new();
    let Ok(inside) = parenthesised(input) else {
        errors.on(
            keyword,
            "`encrypt` lists its fields in parentheses: `encrypt(real_name)`",
        );
        skip_to_comma(input);
        return names;
    };
    if inside.is_empty() {
        errors.on(
            keyword,
            "`encrypt` lists no field; write `encrypt(real_name)`, or remove it",
        );
    }
    each_entry(inside, errors, |input| encrypted_name(input, errors, &mut names));
    names
}

fn encrypted_name(input: ParseStream<'_>, errors: &Errors, names: &mut Vec<Ident>) {
    if let Ok(name) = input.call(Ident::parse_any) {
        if !at_end(input) && !input.peek(Ident::peek_any) {
            errors.on(
                &name,
                "`encrypt` names the struct's own fields; mark a value further inside with `Sensitive<String>`",
            );
            return skip_to_comma(input);
        }
        if names.iter().any(|known| known.unraw() == name.unraw()) {
            return errors.on(&name, format!("`{}` is already encrypted", name.unraw()));
        }
        return names.push(name);
    }
    let Some(text) = next_text(input) else {
        errors.on(next_token(input), "expected the name of a field");
        return skip_to_comma(input);
    };
    errors.on(&text, format!("write `{}` without quotes", text.value()));
    // Only to remember that something is encrypted; it may not be a name at all.
    names.extend(text.parse::<Ident>().ok());
}

/// `= value`, or `None` after saying what is missing.
fn value<T: Parse>(name: &Ident, input: ParseStream<'_>, errors: &Errors, example: &str) -> Option<T> {
    if input.peek(Token![=]) && input.parse::<Token![=]>().is_ok() {
        if let Some(text) = next_text(input) {
            errors.on(&text, format!("write `{}` without quotes", text.value()));
            return text.parse().ok();
        }
        let ahead = input.fork();
        if let Ok(value) = ahead.parse() {
            input.advance_to(&ahead);
            return Some(value);
        }
    }
    errors.on(name, format!("`{name}` needs a value; write `{example}`"));
    skip_to_comma(input);
    None
}

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

fn parenthesised(input: ParseStream<'_>) -> syn::Result<TokenStream> {
    let content;
    syn::parenthesized!(content in input);
    content.parse()
}
