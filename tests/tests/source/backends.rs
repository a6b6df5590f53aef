//! Every crypto backend is tested against the vectors and against the other backends.

use crate::{
    published,
    tree::{self, words},
    workspace,
};
use quote::ToTokens;
use std::fs;
use syn::Item;

#[test]
fn every_backend_of_core_is_among_those_that_are_tested() {
    let core = published()
        .into_iter()
        .find(|target| target.package == "wechatpay-core");
    let core = core.unwrap().read();
    let items = core.modules.values().flat_map(|module| &module.items);
    let backends: Vec<_> = items
        .filter_map(|item| match item {
            Item::Impl(block) => {
                let of_trait = block.trait_.as_ref().is_some_and(|(path, ..)| path.is_ident("Backend"));
                of_trait.then(|| block.self_ty.to_token_stream().to_string())
            }
            _ => None,
        })
        .collect();
    assert!(backends.len() >= 2, "only {backends:?} were found");
    let tests = workspace().join("wechatpay-core/tests/crypto/main.rs");
    let tests = syn::parse_file(&fs::read_to_string(tests).unwrap()).unwrap();
    let listed = tests
        .items
        .iter()
        .find(|item| tree::name_of(item).as_deref() == Some("backends"));
    let listed = words(listed.unwrap().to_token_stream());
    for backend in backends {
        assert!(
            listed.contains(&backend),
            "`backends()` in tests/crypto/main.rs lacks `{backend}`"
        );
    }
}
