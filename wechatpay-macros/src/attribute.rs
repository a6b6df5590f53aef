//! The attribute: it puts derives and inert attributes on the struct, and does nothing else.
//!
//! So the struct survives whatever is wrong with the declaration, and the derive, which does the work, sees the fields
//! after `cfg`. Here they are seen before, so what is added for a field is added under the condition that holds.

use crate::{
    arguments::Arguments,
    errors::Errors,
    helper::{Helper, Place},
    names::Core,
    serde_attribute::{SerdeField, SerdeStruct},
    template::Template,
    tokens::{inside, mentions, text},
    when::When,
};
use proc_macro2::{Ident, Literal, Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::{
    Attribute, Data, DeriveInput, Field, Fields, Meta, Path, Token, Type, ext::IdentExt, parse::Parser,
    punctuated::Punctuated,
};

/// The item with everything that the derive needs in front of it.
pub(crate) fn expand(arguments: &TokenStream, item: TokenStream) -> TokenStream {
    match syn::parse2::<DeriveInput>(item.clone()) {
        Ok(input) => declare(arguments, input),
        Err(_) => {
            let error = on_another_item(item.clone());
            quote!(#error #item)
        }
    }
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
        attributes.extend(mark_fields(&mut data.fields, &arguments, &core, &serde));
    }
    quote! {
        #repeated
        #[derive(#(#derives),*)]
        #(#attributes)*
        #input
    }
}

/// Tells serde what becomes of each field. Gives back what is to be said about the struct.
fn mark_fields(fields: &mut Fields, arguments: &Arguments, core: &Core, serde: &SerdeStruct) -> Vec<TokenStream> {
    let template = arguments
        .path
        .as_ref()
        .map(|path| Template::scan(&path.value()))
        .unwrap_or_default();
    let all: Vec<Seen> = fields.iter().filter_map(Seen::new).collect();
    let mut beside_body = Vec::new();

    for (number, (seen, field)) in all.iter().zip(fields.iter_mut()).enumerate() {
        let mut moved = seen.goes(|place| !matches!(place, Place::Body));
        if template.placeholders.contains(&seen.name) {
            let claims = |place: &Place| matches!(place, Place::Path(name) if name.value() == seen.name);
            // Its own helper comes first, and then another field's claim to the placeholder.
            let by_name = if seen.helpers.is_empty() {
                any(&all, claims).not()
            } else {
                When::default()
            };
            moved = moved.or(by_name);
        }
        let is_body = !seen.goes(is_whole_body).is_never();
        // Of two bodies, which is a mistake, the first is taken.
        let bodies = if is_body {
            all.get(..number).unwrap_or_default()
        } else {
            &all
        };
        let beside = any(bodies, is_whole_body);
        if !is_body && !beside.is_never() && moved.is_never() && !seen.is_skipped() {
            beside_body.push(&seen.ident);
        }
        let is_payload = !moved.is_always();
        if !seen.is_skipped() {
            // The compiler says on the type that it cannot be sensitive; serde's derive would have it say so again.
            let beside = if holds_a_number(&field.ty) {
                When::always()
            } else {
                beside
            };
            add(field, moved.or(beside).attribute(&quote!(serde(skip_serializing))));
        }
        if is_payload {
            mark_payload(field, seen, is_body, arguments, core);
        }
    }

    let mut attributes = Vec::new();
    let conditional: Vec<&Ident> = all
        .iter()
        .filter(|field| !field.exists.is_empty())
        .map(|field| &field.ident)
        .collect();
    if !conditional.is_empty() {
        attributes.push(quote!(#[wechatpay(conditional(#(#conditional),*))]));
    }
    if !beside_body.is_empty() {
        attributes.push(quote!(#[wechatpay(beside_body(#(#beside_body),*))]));
    }
    if !serde.transparent {
        // A body that serde is told to skip is a mistake, of which serde need not speak too.
        let sent = all.iter().filter(|field| !field.is_skipped());
        attributes.extend(any(sent, is_whole_body).attribute(&quote!(serde(transparent))));
    }
    attributes
}

fn mark_payload(field: &mut Field, seen: &Seen, is_body: bool, arguments: &Arguments, core: &Core) {
    let encrypted = arguments.encrypt.iter().flatten().any(|name| name.unraw() == seen.name);
    if encrypted && seen.serde.with.is_none() && !mentions(&field.ty, "Sensitive") {
        // serde gives its call of this function the place of the literal. With the type written out, that is also where
        // the compiler complains about one that cannot be encrypted.
        let ty = field.ty.to_token_stream();
        let mut path = Literal::string(&format!("{}::<{ty}, _>", core.encrypt()));
        path.set_span(first_span(&field.ty));
        add(field, Some(quote!(#[serde(serialize_with = #path)])));
    }
    let leave_out = inside(&field.ty, "Option").is_some() && !is_body;
    if leave_out && seen.serde.skip_serializing_if.is_none() && seen.serde.flatten.is_none() {
        add(
            field,
            Some(quote!(#[serde(skip_serializing_if = "::core::option::Option::is_none")])),
        );
    }
}

/// `Sensitive<u64>`, which cannot be: the service encrypts text.
fn holds_a_number(ty: &Type) -> bool {
    let inner = inside(ty, "Option").or_else(|| inside(ty, "Vec")).unwrap_or(ty);
    inside(inner, "Sensitive").map(text).is_some_and(|held| {
        [
            "i8", "i16", "i32", "i64", "i128", "isize", "u8", "u16", "u32", "u64", "u128", "usize", "f32", "f64",
            "bool",
        ]
        .contains(&held.as_str())
    })
}

/// A field before `cfg` is resolved.
struct Seen {
    ident: Ident,
    name: String,
    serde: SerdeField,
    /// The conditions under which the field is there.
    exists: Vec<TokenStream>,
    /// Each helper, with the condition of the `cfg_attr` around it.
    helpers: Vec<(Option<TokenStream>, Helper)>,
}

impl Seen {
    fn new(field: &Field) -> Option<Self> {
        let ident = field.ident.clone()?;
        let mut exists = Vec::new();
        let mut helpers = Vec::new();
        let silent = Errors::default();
        for attribute in &field.attrs {
            let Meta::List(list) = &attribute.meta else { continue };
            if list.path.is_ident("cfg") {
                exists.push(list.tokens.clone());
            } else if list.path.is_ident("cfg_attr") {
                let (condition, attributes) = cfg_attr(list.tokens.clone());
                helpers.extend(Helper::parse(&ident, &attributes, &silent).map(|helper| (Some(condition), helper)));
            }
        }
        helpers.extend(Helper::parse(&ident, &field.attrs, &silent).map(|helper| (None, helper)));
        Some(Self {
            name: ident.unraw().to_string(),
            serde: SerdeField::read(&field.attrs),
            ident,
            exists,
            helpers,
        })
    }

    /// When the field, being there, has a helper of the kind.
    fn goes(&self, kind: impl Fn(&Place) -> bool) -> When {
        let matching = self.helpers.iter().filter(|(_, helper)| kind(&helper.place));
        matching.fold(When::default(), |when, (condition, _)| {
            when.or(When::all(condition.as_slice()))
        })
    }

    fn is_skipped(&self) -> bool {
        self.serde.skip.is_some() || self.serde.skip_serializing.is_some()
    }
}

/// When one of the fields is there and has a helper of the kind.
fn any<'a>(fields: impl IntoIterator<Item = &'a Seen>, kind: impl Fn(&Place) -> bool) -> When {
    let mut when = When::default();
    for field in fields {
        for (condition, _) in field.helpers.iter().filter(|(_, helper)| kind(&helper.place)) {
            let conditions: Vec<TokenStream> = field.exists.iter().chain(condition).cloned().collect();
            when = when.or(When::all(&conditions));
        }
    }
    when
}

fn is_whole_body(place: &Place) -> bool {
    matches!(place, Place::Body)
}

/// The derives that the attribute provides itself, as they were written.
fn derived(attributes: &[Attribute]) -> Vec<Path> {
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

/// The condition of `cfg_attr(..)` and the attributes that it adds.
fn cfg_attr(tokens: TokenStream) -> (TokenStream, Vec<Attribute>) {
    let metas = Punctuated::<Meta, Token![,]>::parse_terminated
        .parse2(tokens)
        .unwrap_or_default();
    let mut metas = metas.into_iter();
    let condition = metas.next().map(ToTokens::into_token_stream).unwrap_or_default();
    let attributes = metas
        .filter_map(|meta| Attribute::parse_outer.parse2(quote!(#[#meta])).ok())
        .flatten();
    (condition, attributes.collect())
}

fn add(field: &mut Field, attribute: Option<TokenStream>) {
    let parsed = attribute.and_then(|tokens| Attribute::parse_outer.parse2(tokens).ok());
    field.attrs.extend(parsed.into_iter().flatten());
}

fn first_span(tokens: &impl ToTokens) -> Span {
    tokens
        .to_token_stream()
        .into_iter()
        .next()
        .map_or_else(Span::call_site, |token| token.span())
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
