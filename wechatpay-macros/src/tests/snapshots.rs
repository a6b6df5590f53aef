//! The formatted expansion of some shapes, recorded in `snapshots/`. Review it when it changes.
//!
//! `UPDATE_SNAPSHOTS=1 cargo test -p wechatpay-macros` records them again.

use super::expand;
use std::{env, fs, path::Path};

fn check(name: &str, declaration: &str) {
    let expansion = expand(declaration);
    let format = |tokens| prettyplease::unparse(&syn::parse2(tokens).unwrap());
    let (item, derived) = (format(expansion.item), format(expansion.derived));
    let text = format!("// What the attribute writes.\n\n{item}\n// What the derive adds to it.\n\n{derived}");
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("snapshots")
        .join(name)
        .with_extension("rs");
    if env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::write(&path, &text).unwrap();
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(expected == text, "the expansion of `{name}` is another one:\n{text}");
}

#[test]
fn encrypted_body() {
    check(
        "encrypted_body",
        r#"
        #[wechatpay_endpoint(POST, "/v3/ecommerce/pre-entrust-sign", encrypt(real_name, cred_id), response = Signed)]
        pub struct PreEntrustSign {
            pub appid: String,
            pub out_contract_code: String,
            pub openid: String,
            pub real_name: String,
            pub cred_type: CredType,
            pub cred_id: String,
            pub memo: Option<String>,
        }
        "#,
    );
}

#[test]
fn query_with_a_placeholder() {
    check(
        "query_with_a_placeholder",
        r#"
        #[wechatpay_endpoint(GET, "/v3/pay/transactions/id/{transaction_id}", response = Transaction)]
        #[derive(Debug, Clone)]
        pub struct QueryOrder {
            pub transaction_id: String,
            pub mchid: String,
        }
        "#,
    );
}

#[test]
fn nothing_to_send() {
    check(
        "nothing_to_send",
        r#"
        #[wechatpay_endpoint(GET, "/v3/certificates", crate = ::facade::wechatpay)]
        pub struct Certificates;
        "#,
    );
}

#[test]
fn every_place() {
    check(
        "every_place",
        r#"
        #[wechatpay_endpoint(POST, "/v3/orders/{order_id}", encrypt(phone), response = (), idempotent)]
        #[serde(rename_all = "camelCase")]
        pub struct Change {
            #[wechatpay(path = "order_id")]
            pub id: u64,
            #[wechatpay(query)]
            pub page_size: Option<u32>,
            #[wechatpay(query)]
            pub phone: String,
            #[wechatpay(query)]
            #[serde(with = "compact_date", skip_serializing_if = "Date::is_today")]
            pub from: Date,
            #[wechatpay(header = "Idempotency-Key")]
            pub key: String,
            pub state: State,
        }
        "#,
    );
}

#[test]
fn whole_body() {
    check(
        "whole_body",
        r#"
        #[wechatpay_endpoint(PUT, "/v3/stores/{store}")]
        pub struct PutStores {
            pub store: String,
            #[wechatpay(body)]
            pub stores: Vec<Store>,
        }
        "#,
    );
}

#[test]
fn upload() {
    check(
        "upload",
        r#"
        #[wechatpay_endpoint(POST, "/v3/merchant/media/upload", response = Media)]
        pub struct UploadImage {
            #[wechatpay(file, filename = none, digest = "digest", algorithm = SM3)]
            pub file: Upload,
            #[wechatpay(form)]
            pub note: String,
            pub purpose: String,
        }
        "#,
    );
}

#[test]
fn generic_with_a_lifetime() {
    check(
        "generic_with_a_lifetime",
        r#"
        #[wechatpay_endpoint(POST, "/v3/orders/{id}", encrypt(name))]
        pub struct Order<'a, T: Copy, const N: usize = 3> where T: PartialEq {
            pub id: T,
            pub name: &'a str,
            pub lines: [u8; N],
        }
        "#,
    );
}

#[test]
fn mistakes() {
    check(
        "mistakes",
        r#"
        #[wechatpay_endpoint(post, "/v3/orders/{id}", encrypt(nam), response = Answer)]
        pub struct Order {
            pub name: String,
        }
        "#,
    );
}
