//! The attribute: it puts derives and inert attributes on the struct, and does nothing else.
//!
//! So the struct survives whatever is wrong with the declaration, and the derive, which does the work, sees the fields
//! after `cfg`.

use crate::{arguments::Arguments, errors::Errors, half_typed, mark, names::Core, serde_attribute::SerdeStruct};
use proc_macro2::{Ident, Span, TokenStream, TokenTree};
use quote::quote;
use syn::{Attribute, Data, DeriveInput, Fields, Path, Token, punctuated::Punctuated};

/// The item with everything that the derive needs in front of it.
pub(crate) fn expand(arguments: &TokenStream, item: TokenStream) -> TokenStream {
    if let Ok(input) = syn::parse2::<DeriveInput>(item.clone()) {
        return declare(arguments, input);
    }
    if let Ok(head) = half_typed::head(item.clone()) {
        return half_typed::keep(arguments, head, item);
    }
    let error = on_another_item(item.clone());
    quote!(#error #item)
}

fn declare(tokens: &TokenStream, mut input: DeriveInput) -> TokenStream {
    // The derive parses the same tokens again, and reports what is wrong with them.
    let arguments = Arguments::parse(tokens.clone(), Span::call_site(), &Errors::default());
    let core = Core::new(arguments.core.as_ref());
    let repeated = remove_repeated(&mut input.attrs);
    let derived = derived(&input.attrs);

    let mut derives = vec![quote!(#core::__private::DeriveEndpoint)];
    let endpoint = Ident::new("endpoint", Span::call_site());
    let mut attributes = vec![quote!(#[wechatpay(#endpoint(#tokens))])];
    if !derived.is_empty() {
        attributes.push(quote!(#[wechatpay(derived(#(#derived),*))]));
    }
    if let Data::Struct(data) = &mut input.data
        && !matches!(data.fields, Fields::Unnamed(_))
    {
        if !derived.iter().any(|path| is_called(path, "Serialize")) {
            derives.insert(0, quote!(#core::__private::serde::Serialize));
        }
        let serde = SerdeStruct::read(&input.attrs);
        if !serde.crate_path {
            let path = core.text("__private::serde");
            attributes.push(quote!(#[serde(crate = #path)]));
        }
        attributes.extend(mark::mark_fields(&mut data.fields, &arguments, &core, &serde));
    }
    quote! {
        #repeated
        #[derive(#(#derives),*)]
        #(#attributes)*
        #input
    }
}

/// The derives that the attribute provides itself, as they were written.
pub(crate) fn derived(attributes: &[Attribute]) -> Vec<Path> {
    let derives = attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("derive"));
    let paths = derives.filter_map(|derive| {
        derive
            .parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated)
            .ok()
    });
    paths
        .flatten()
        .filter(|path| is_called(path, "Serialize") || is_called(path, "Debug"))
        .collect()
}

fn is_called(path: &Path, name: &str) -> bool {
    path.segments.last().is_some_and(|last| last.ident == name)
}

/// A struct is one operation; a second attribute would declare everything twice.
fn remove_repeated(attributes: &mut Vec<Attribute>) -> Option<TokenStream> {
    let errors = Errors::default();
    attributes.retain(|attribute| {
        let repeated = is_called(attribute.path(), "wechatpay_endpoint");
        if repeated {
            errors.on(
                attribute,
                "a struct declares one operation, and this one does already; remove this attribute",
            );
        }
        !repeated
    });
    errors.into_compile_errors()
}

/// A function, a trait, a module: the word that says so is where the message goes.
fn on_another_item(item: TokenStream) -> Option<TokenStream> {
    const KEYWORDS: [&str; 10] = [
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
    let keyword = item.into_iter().find_map(|token| match token {
        TokenTree::Ident(ident) if KEYWORDS.iter().any(|keyword| ident == keyword) => Some(ident),
        _ => None,
    })?;
    let errors = Errors::default();
    errors.on(keyword, crate::declaration::ONLY_STRUCTS);
    errors.into_compile_errors()
}
