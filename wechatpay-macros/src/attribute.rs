//! The attribute: it adds the derive, which does the work and sees the struct after `cfg`.
//!
//! The fields are not looked at here, so the struct survives whatever is wrong with the declaration.

use crate::errors::{Errors, report};
use crate::parse::{ONLY_STRUCTS, arguments::Arguments};
use crate::{check::encrypt::names_without_field, core_path::core_path, suggest};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Path, Token, ext::IdentExt, parse_quote, punctuated::Punctuated};

/// The item with the derive and its arguments in front of it.
pub(crate) fn expand(arguments: &TokenStream, item: TokenStream) -> TokenStream {
    let (errors, silent) = (Errors::default(), Errors::default());
    if let Some(keyword) = keyword_of_another_item(item.clone()) {
        report!(errors, keyword => "{ONLY_STRUCTS}");
        let errors = errors.into_compile_errors();
        return quote!(#errors #item);
    }
    let split = |input: ParseStream<'_>| Ok((input.call(Attribute::parse_outer)?, input.parse::<TokenStream>()?));
    let (mut attributes, item) = split.parse2(item.clone()).unwrap_or((Vec::new(), item));

    // The derive parses the same tokens again, and reports what is wrong with them.
    let parsed = Arguments::parse(arguments.clone(), Span::call_site(), &silent);
    let core = core_path(parsed.core.as_ref(), Span::call_site(), &silent);
    let encrypted = parsed.encrypt.unwrap_or_default();
    remove_repeated(&mut attributes, &errors);
    remove_derives(&mut attributes, &encrypted, &errors);
    // Here, because fields under a `cfg` may be gone when the derive looks.
    if !encrypted.is_empty()
        && let Ok(input) = syn::parse2(quote!(#(#attributes)* #item))
    {
        names_without_field(&input, &encrypted, &errors);
    }
    let errors = errors.into_compile_errors();
    quote! {
        #errors
        #[derive(#core::__private::DeriveEndpoint)]
        #[wechatpay(endpoint(#arguments))]
        #(#attributes)*
        #item
    }
}

/// A struct is one operation; a second attribute would declare everything twice.
fn remove_repeated(attributes: &mut Vec<Attribute>, errors: &Errors) {
    for repeated in attributes.extract_if(.., |attribute| is_called(attribute.path(), "wechatpay_endpoint")) {
        let cause = "a struct declares one operation, and this one does already";
        report!(errors, repeated => "{cause}; remove this attribute");
    }
}

/// Removes the derives that the attribute writes itself, or that would print secrets.
fn remove_derives(attributes: &mut [Attribute], encrypted: &[Ident], errors: &Errors) {
    let names = suggest::list(encrypted.iter().map(IdentExt::unraw));
    let is_derive = |attribute: &&mut Attribute| attribute.path().is_ident("derive");
    for attribute in attributes.iter_mut().filter(is_derive) {
        let paths = attribute.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated);
        let Ok(paths) = paths else { continue };
        let all = paths.len();
        let is_kept = |path: &Path| {
            if is_called(path, "Serialize") {
                report!(errors, path => "`Serialize` is already derived; remove it");
            } else if is_called(path, "Debug") && !encrypted.is_empty() {
                report!(errors, path => "`Debug` would print {names}; a redacting one is generated, remove it");
            } else {
                return true;
            }
            false
        };
        let kept: Vec<Path> = paths.into_iter().filter(is_kept).collect();
        if kept.len() < all {
            attribute.meta = parse_quote!(derive(#(#kept),*));
        }
    }
}

fn is_called(path: &Path, name: &str) -> bool {
    path.segments.last().is_some_and(|last| last.ident == name)
}

/// The word that says that the item is a function, a trait, a module: that is where the message goes.
fn keyword_of_another_item(item: TokenStream) -> Option<TokenTree> {
    const OURS: &str = " struct enum union ";
    const OTHERS: &str = " fn trait impl mod const static type use extern macro_rules ";
    let is_in = |words: &str, token: &TokenTree| words.contains(&format!(" {token} "));
    let first = item
        .into_iter()
        .find(|token| is_in(OURS, token) || is_in(OTHERS, token));
    first.filter(|token| is_in(OTHERS, token))
}
