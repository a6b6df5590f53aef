//! Incomplete arguments never panic, and the item is kept.

use super::{expand_tokens, messages};
use proc_macro2::{Group, TokenStream, TokenTree};
use quote::{ToTokens, quote};

/// Every beginning of the tokens, and the tokens with one left out, doubled, replaced, or swapped with the next; the
/// same inside of each group.
fn variants(tokens: &TokenStream) -> Vec<TokenStream> {
    let tokens: Vec<TokenTree> = tokens.clone().into_iter().collect();
    let mut variants = Vec::new();
    for (i, token) in tokens.iter().enumerate() {
        let (before, after) = (&tokens[..i], &tokens[i + 1..]);
        variants.push(quote!(#(#before)*));
        variants.push(quote!(#(#before)* #(#after)*));
        variants.push(quote!(#(#before)* #token #token #(#after)*));
        for other in [
            quote!(,),
            quote!(=),
            quote!(x),
            quote!("x"),
            quote!(1),
            quote!(()),
            quote!(::),
            quote!(<),
            quote!(#),
        ] {
            variants.push(quote!(#(#before)* #other #(#after)*));
        }
        if let Some((next, after)) = after.split_first() {
            variants.push(quote!(#(#before)* #next #token #(#after)*));
        }
        if let TokenTree::Group(group) = token {
            for inside in self::variants(&group.stream()) {
                let group = Group::new(group.delimiter(), inside);
                variants.push(quote!(#(#before)* #group #(#after)*));
            }
        }
    }
    variants
}

/// The struct without its attributes.
fn bare(tokens: TokenStream) -> String {
    let file: syn::File = syn::parse2(tokens).unwrap();
    let item = file.items.into_iter().find_map(|item| match item {
        syn::Item::Struct(item) => Some(item),
        _ => None,
    });
    let mut item = item.unwrap();
    item.attrs.clear();
    item.fields.iter_mut().for_each(|field| field.attrs.clear());
    item.to_token_stream().to_string()
}

fn survives(arguments: &TokenStream, item: &TokenStream) {
    let expansion = expand_tokens(arguments, item.clone());
    assert_eq!(bare(expansion.item), bare(item.clone()), "{arguments}");
    let derived = expansion.derived;
    let text = derived.to_string();
    assert!(text.contains("Endpoint for Order"), "{arguments}: {text}");
    assert!(text.contains("pub fn send"), "{arguments}: {text}");
    // A stub is never given out in silence.
    let is_stub = text.contains("this declaration has a mistake");
    assert_eq!(is_stub, !messages(derived).is_empty(), "{arguments}: {text}");
}

#[test]
fn half_typed_arguments_leave_the_item_and_its_methods() {
    let item = quote! {
        struct Order {
            id: String,
            real_name: String,
            cred_id: Option<String>,
        }
    };
    for arguments in [
        quote!(POST, "/v3/orders/{id}", encrypt(real_name, cred_id), response = Vec<Answer>, idempotent, crate = ::facade::core),
        quote!(GET, "/v3/{id}/x", response = (), crate = crate::facade,),
    ] {
        survives(&arguments, &item);
        for variant in variants(&arguments) {
            survives(&variant, &item);
        }
    }
}

#[test]
fn half_typed_field_attributes_leave_the_item_and_its_methods() {
    let attributes = [
        quote!(#[wechatpay(path = "id")]),
        quote!(#[wechatpay(header = "Idempotency-Key")]),
        quote!(#[wechatpay(query)] #[serde(rename(serialize = "a"), skip_serializing_if = "Vec::is_empty", with = "m")]),
        quote!(#[wechatpay(body)]),
        quote!(#[wechatpay(file = "media", filename = none, digest = "digest", algorithm = SM3)]),
        quote!(#[wechatpay(form)]),
        quote!(#[cfg_attr(all(a, b), wechatpay(query), serde(skip))]),
    ];
    for attribute in attributes {
        for variant in variants(&attribute) {
            let item = quote! { struct Order { #variant field: String, id: u8 } };
            // Without the brackets in place it is no Rust, and no macro sees it.
            if syn::parse2::<syn::DeriveInput>(item.clone()).is_ok() {
                survives(&quote!(POST, "/v3/orders/{id}"), &item);
            }
        }
    }
}

#[test]
fn an_item_that_cannot_be_declared_is_left_as_it_is() {
    for item in [
        "fn order() {}",
        "pub trait Order {}",
        "impl Order {}",
        "mod order;",
        "const A: u8 = 1;",
        "struct {",
    ] {
        let Ok(item) = item.parse::<TokenStream>() else {
            continue;
        };
        let expansion = crate::attribute::expand(&quote!(POST, "/v3/orders"), item.clone()).to_string();
        assert!(expansion.ends_with(&item.to_string()), "{expansion}");
        assert!(expansion.contains("only a struct with named fields"), "{expansion}");
    }
}

#[test]
fn m7_a_struct_with_half_typed_fields_is_left_as_it_is_and_keeps_its_implementations() {
    for fields in [
        "a: ,",
        "a",
        "a: String b: String",
        "a: T.",
        "a: Option<",
        "#[wechatpay(query)] #[serde(skip)] a: u8 b: u8",
        "pub",
        "pub b:",
    ] {
        let item = format!("pub struct Order<'a, T: Copy> where T: Clone {{ {fields} }}");
        let item: TokenStream = item.parse().unwrap();
        let expansion = expand_tokens(&quote!(POST, "/v3/orders", encrypt(a)), item.clone());
        assert!(expansion.item.to_string().ends_with(&item.to_string()), "{fields}");
        let derived = expansion.derived.to_string();
        for implementation in [
            "pub fn send",
            "Endpoint for Order < 'a , T >",
            "Serialize for Order < 'a , T >",
            "Debug for Order < 'a , T >",
        ] {
            assert!(derived.contains(implementation), "{fields}: {derived}");
        }
        assert!(!derived.contains("compile_error"), "{derived}");
    }
}
