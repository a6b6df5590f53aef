//! The attribute: it adds the derive, which does the work and sees the struct after `cfg`.
//!
//! The fields are not looked at here, so the struct survives whatever is wrong with the declaration.

use crate::{
    core_path::CorePath,
    errors::Errors,
    parse::{ONLY_STRUCTS, arguments::Arguments},
    suggest,
};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{
    Attribute, Meta, Path, Token,
    ext::IdentExt,
    parse::{ParseStream, Parser},
    punctuated::Punctuated,
};

/// The item with the derive and its arguments in front of it.
pub(crate) fn expand(arguments: &TokenStream, item: TokenStream) -> TokenStream {
    let errors = Errors::default();
    if let Some(keyword) = keyword_of_another_item(item.clone()) {
        errors.on(keyword, ONLY_STRUCTS);
        let errors = errors.into_compile_errors();
        return quote!(#errors #item);
    }
    let split = |input: ParseStream<'_>| {
        let attributes = input.call(Attribute::parse_outer)?;
        Ok((attributes, input.parse::<TokenStream>()?))
    };
    let (mut attributes, item) = split.parse2(item.clone()).unwrap_or((Vec::new(), item));

    // The derive parses the same tokens again, and reports what is wrong with them.
    let silent = Errors::default();
    let parsed = Arguments::parse(arguments.clone(), Span::call_site(), &silent);
    let core = CorePath::new(parsed.core.as_ref(), Span::call_site(), &silent);
    remove_repeated(&mut attributes, &errors);
    remove_derives(&mut attributes, &parsed, &errors);
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
    attributes.retain(|attribute| {
        let is_repeated = is_called(attribute.path(), "wechatpay_endpoint");
        if is_repeated {
            errors.on(
                attribute,
                "a struct declares one operation, and this one does already; remove this attribute",
            );
        }
        !is_repeated
    });
}

/// Takes away the derives that are written here, or that would print what is secret.
fn remove_derives(attributes: &mut [Attribute], arguments: &Arguments, errors: &Errors) {
    let names = arguments.encrypt.as_deref().unwrap_or_default();
    let names: Vec<String> = names.iter().map(|name| name.unraw().to_string()).collect();
    for attribute in attributes
        .iter_mut()
        .filter(|attribute| attribute.path().is_ident("derive"))
    {
        let Ok(paths) = attribute.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated) else {
            continue;
        };
        let kept: Vec<&Path> = paths
            .iter()
            .filter(|path| {
                let message = if is_called(path, "Serialize") {
                    "`Serialize` is already derived; remove it".to_owned()
                } else if is_called(path, "Debug") && !names.is_empty() {
                    let names = suggest::list(names.iter().map(String::as_str));
                    format!("`Debug` would print {names}; a redacting one is generated, remove it")
                } else {
                    return true;
                };
                errors.on(path, message);
                false
            })
            .collect();
        if let Meta::List(list) = &mut attribute.meta
            && kept.len() < paths.len()
        {
            list.tokens = quote!(#(#kept),*);
        }
    }
}

fn is_called(path: &Path, name: &str) -> bool {
    path.segments.last().is_some_and(|last| last.ident == name)
}

/// The word that says that the item is a function, a trait, a module: that is where the message goes.
fn keyword_of_another_item(item: TokenStream) -> Option<TokenStream> {
    const DECLARED: [&str; 3] = ["struct", "enum", "union"];
    const OTHERS: [&str; 10] = [
        "fn",
        "trait",
        "impl",
        "mod",
        "const",
        "static",
        "type",
        "use",
        "extern",
        "macro_rules",
    ];
    let words = item.into_iter().filter_map(|token| match token {
        TokenTree::Ident(word) => Some(word),
        _ => None,
    });
    let mut known = words.filter(|word| DECLARED.iter().chain(&OTHERS).any(|known| word == known));
    let first = known.next()?;
    OTHERS
        .iter()
        .any(|other| first == other)
        .then(|| first.into_token_stream())
}
