//! The position of the mismatch in an authentic response of the wrong type.
#![no_main]

use http::StatusCode;
use libfuzzer_sys::fuzz_target;
use serde::Deserialize;
use std::collections::BTreeMap;
use wechatpay_core::{ErrorKind, Method, Sensitive, json_string};
use wechatpay_fuzz::{check_text, client, message::Message, run, wire::Wire};

#[derive(Deserialize)]
#[expect(dead_code, reason = "only decoded")]
struct Outer {
    data: Vec<Inner>,
    #[serde(default)]
    text: String,
    #[serde(default)]
    name: Option<Sensitive>,
    #[serde(flatten)]
    rest: BTreeMap<String, u32>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "only decoded")]
struct Inner {
    amount: i64,
    #[serde(default)]
    list: Vec<bool>,
    #[serde(default, with = "json_string")]
    nested: Option<Box<Inner>>,
}

fuzz_target!(|body: &[u8]| {
    let client = client(Wire::new(Message::signed(StatusCode::OK, body)));
    let result = run(client.request(Method::GET, "/v3/orders").response::<Outer>().send());
    let Err(error) = result else { return };
    check_text(&error);
    if let Some(field) = error.field() {
        assert_eq!(error.kind(), ErrorKind::Undecodable);
        assert!(field.len() < 10_000, "{}", field.len());
    }
});
