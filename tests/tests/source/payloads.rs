//! Every payload type of a notification has a variant of `Event`, and every variant has a route.

use crate::{
    published,
    tree::{self, Crate, ModulePath, words},
};
use quote::ToTokens;
use std::collections::BTreeSet;
use syn::{Item, ItemEnum};

fn core() -> Crate {
    let core = published()
        .into_iter()
        .find(|target| target.package == "wechatpay-core");
    core.unwrap().read()
}

/// The public structs of `notification::payload` that are not part of another one.
fn payloads(core: &Crate) -> BTreeSet<String> {
    let home: ModulePath = ["notification", "payload"].map(str::to_owned).into();
    let modules = core.modules.iter().filter(|(path, _)| path.starts_with(&home));
    let items: Vec<_> = modules.flat_map(|(_, module)| &module.items).collect();
    let parts: BTreeSet<_> = items
        .iter()
        .flat_map(|item| match item {
            Item::Struct(item) => words(item.fields.to_token_stream()),
            _ => BTreeSet::new(),
        })
        .collect();
    let structs = items
        .into_iter()
        .filter(|item| matches!(item, Item::Struct(_)) && tree::is_public(item));
    structs
        .filter_map(tree::name_of)
        .filter(|name| !parts.contains(name))
        .collect()
}

fn event(core: &Crate) -> &ItemEnum {
    let items = core.modules.values().flat_map(|module| module.named("Event"));
    let mut enums = items.filter_map(|item| match item {
        Item::Enum(item) => Some(item),
        _ => None,
    });
    enums.next().unwrap()
}

#[test]
fn every_payload_has_a_variant_of_event() {
    let core = core();
    let payloads = payloads(&core);
    assert!(
        payloads.contains("Transaction") && payloads.contains("Refund"),
        "{payloads:?}"
    );
    let known = words(event(&core).variants.to_token_stream());
    let missing: Vec<_> = payloads.difference(&known).collect();
    assert!(missing.is_empty(), "without a variant of `Event`: {missing:?}");
}

#[test]
fn every_variant_of_event_has_a_route() {
    let core = core();
    let decode = core
        .modules
        .values()
        .flat_map(|module| &module.items)
        .find_map(|item| match item {
            Item::Impl(block) => {
                let of_trait = block.trait_.as_ref().is_some_and(|(path, ..)| path.is_ident("Payload"));
                let is_it = of_trait && block.self_ty.to_token_stream().to_string() == "Event";
                is_it.then(|| words(block.to_token_stream()))
            }
            _ => None,
        });
    let decode = decode.unwrap();
    for variant in &event(&core).variants {
        assert!(
            decode.contains(&variant.ident.to_string()),
            "no route decodes to `Event::{}`",
            variant.ident
        );
    }
}
