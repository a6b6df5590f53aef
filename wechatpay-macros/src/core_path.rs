//! Where generated code finds the library.

use crate::errors::{Errors, report};
use crate::types::text;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{ToTokens, quote};
use std::{env, sync::OnceLock};
use syn::{Path, parse_quote};

/// The path of `wechatpay_core`, as the user's crate sees it. `given` is what `crate = path` says. A name that the crate
/// does not know is reported, on the path or on the attribute, and replaced by the one that it knows: otherwise every
/// generated path would be an error.
pub(crate) fn core_path(given: Option<&Path>, attribute: Span, errors: &Errors) -> TokenStream {
    static DEPENDENCIES: OnceLock<Dependencies> = OnceLock::new();
    let dependencies = DEPENDENCIES.get_or_init(|| read(env::args()));
    known_path(dependencies, given, attribute, errors)
}

fn known_path(dependencies: &Dependencies, given: Option<&Path>, attribute: Span, errors: &Errors) -> TokenStream {
    let core = parse_quote!(::wechatpay_core);
    let path = given.unwrap_or(&core);
    let written = text(path);
    let named = written.strip_prefix("::").and_then(|path| path.split("::").next());
    let Some((named, known)) = named.and_then(|named| Some((named, instead_of(dependencies, named)?))) else {
        return path.to_token_stream();
    };
    match given {
        None => {
            let message = format!("this crate calls `wechatpay_core` `{known}`; add `crate = ::{known}`");
            errors.at(attribute, message);
        }
        Some(path) => report!(errors, path => "there is no crate `{named}`; write `crate = ::{known}`"),
    }
    let known = Ident::new(known, Span::call_site());
    quote!(::#known)
}

/// The crates that the compiler was given: names, and files. Read from its command line, which a macro runs under. A
/// wrong guess costs no more than a message, so nothing else relies on it.
type Dependencies = Vec<(String, String)>;

fn read(arguments: impl Iterator<Item = String>) -> Dependencies {
    let (mut found, mut is_value) = (Vec::new(), false);
    for argument in arguments {
        let value = argument.strip_prefix("--extern=").or(is_value.then_some(&*argument));
        // `priv,noprelude:name=path`
        if let Some((name, file)) = value.and_then(|value| value.split_once('=')) {
            let name = name.rsplit(':').next().unwrap_or(name);
            found.push((name.to_owned(), file.to_owned()));
        }
        is_value = argument == "--extern";
    }
    found
}

/// The name of the library, when there is no crate `name` but the library is there.
fn instead_of<'a>(dependencies: &'a Dependencies, name: &str) -> Option<&'a str> {
    let is_core = |part: &str| part.starts_with("libwechatpay_core-");
    let mut files = dependencies
        .iter()
        .filter(|(_, file)| file.split(['/', '\\']).any(is_core));
    let is_known = dependencies.iter().any(|(known, _)| known == name);
    files.next().filter(|_| !is_known).map(|(known, _)| known.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::parse_quote;

    const RENAMED: &[&str] = &[
        "rustc",
        "--extern",
        "serde=/t/libserde-1.rmeta",
        "--extern",
        "priv,noprelude:wx=/t/deps/libwechatpay_core-01ab.rmeta",
    ];

    fn path(arguments: &[&str], given: Option<Path>) -> (String, Vec<String>) {
        let dependencies = read(arguments.iter().map(|&argument| argument.to_owned()));
        let errors = Errors::default();
        let path = known_path(&dependencies, given.as_ref(), Span::call_site(), &errors);
        (text(&path), errors.messages())
    }

    #[test]
    fn m12_a_renamed_dependency_is_found_and_its_name_is_told() {
        let told = |text: &str| vec![text.to_owned()];
        assert_eq!(
            path(RENAMED, None),
            (
                "::wx".to_owned(),
                told("this crate calls `wechatpay_core` `wx`; add `crate = ::wx`")
            )
        );
        assert_eq!(
            path(RENAMED, Some(parse_quote!(::wy))),
            ("::wx".to_owned(), told("there is no crate `wy`; write `crate = ::wx`"))
        );
    }

    #[test]
    fn a_name_that_the_compiler_knows_is_taken_as_it_is() {
        let plain: &[&str] = &["rustc", "--extern=wechatpay_core=/t/libwechatpay_core-1.rmeta"];
        for (arguments, given, expected) in [
            (plain, None, "::wechatpay_core"),
            (RENAMED, Some(parse_quote!(::wx)), "::wx"),
            (RENAMED, Some(parse_quote!(::serde::wx)), "::serde::wx"),
            (RENAMED, Some(parse_quote!(crate::facade)), "crate::facade"),
            (&[], None, "::wechatpay_core"),
            (&[], Some(parse_quote!(::facade)), "::facade"),
        ] {
            assert_eq!(path(arguments, given), (expected.to_owned(), Vec::new()));
        }
    }
}
