//! The attribute: it adds the derive, which does the work and sees the struct after `cfg`.
//!
//! The fields are not looked at here, so the struct survives whatever is wrong with the declaration.

use crate::errors::{Errors, report};
use crate::parse::{ONLY_STRUCTS, arguments::Arguments};
use crate::{check::encrypt::names_without_field, core_path::core_path, suggest};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;
use syn::parse::{ParseStream, Parser};
use syn::{Attribute, Meta, Path, Token, ext::IdentExt, punctuated::Punctuated};

/// The item with the derive and its arguments in front of it.
pub(crate) fn expand(arguments: &TokenStream, item: TokenStream) -> TokenStream {
    let (errors, silent) = (Errors::default(), Errors::default());
    if let Some(keyword) = keyword_of_another_item(item.clone()) {
        errors.on(keyword, ONLY_STRUCTS);
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
    let endpoint = Ident::new("endpoint", Span::call_site());
    quote! {
        #errors
        #[derive(#core::__private::DeriveEndpoint)]
        #[wechatpay(#endpoint(#arguments))]
        #(#attributes)*
        #item
    }
}

/// A struct is one operation; a second attribute would declare everything twice.
fn remove_repeated(attributes: &mut Vec<Attribute>, errors: &Errors) {
    let repeated = attributes.extract_if(.., |attribute| is_called(attribute.path(), "wechatpay_endpoint"));
    for attribute in repeated {
        let message = "a struct declares one operation, and this one does already; remove this attribute";
        errors.on(attribute, message);
    }
}

/// Removes the derives that the attribute writes itself, or that would print secrets.
fn remove_derives(attributes: &mut [Attribute], encrypted: &[Ident], errors: &Errors) {
    let names = suggest::list(encrypted.iter().map(IdentExt::unraw));
    for attribute in attributes.iter_mut().filter(|attribute| attribute.path().is_ident("derive")) {
        let Ok(paths) = attribute.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated) else { continue };
        let (removed, kept): (Vec<Path>, Vec<Path>) = paths
            .into_iter()
            .partition(|path| is_called(path, "Serialize") || is_called(path, "Debug") && !encrypted.is_empty());
        for path in &removed {
            if is_called(path, "Serialize") {
                errors.on(path, "`Serialize` is already derived; remove it");
            } else {
                report!(errors, path => "`Debug` would print {names}; a redacting one is generated, remove it");
            }
        }
        if let Meta::List(list) = &mut attribute.meta
            && !removed.is_empty()
        {
            list.tokens = quote!(#(#kept),*);
        }
    }
}

fn is_called(path: &Path, name: &str) -> bool {
    path.segments.last().is_some_and(|last| last.ident == name)
}

/// The word that says that the item is a function, a trait, a module: that is where the message goes.
fn keyword_of_another_item(item: TokenStream) -> Option<Ident> {
    let is_ours = |word: &Ident| ["struct", "enum", "union"].iter().any(|ours| word == ours);
    let is_other = |word: &Ident| {
        let others = ["fn", "trait", "impl", "mod", "const", "static", "type", "use", "extern", "macro_rules"];
        others.iter().any(|other| word == other)
    };
    let mut words = item.into_iter().filter_map(|token| match token {
        TokenTree::Ident(word) => Some(word),
        _ => None,
    });
    words.find(|word| is_ours(word) || is_other(word)).filter(is_other)
}
