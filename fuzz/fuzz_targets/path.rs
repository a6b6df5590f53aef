//! A path and its values: the signed text equals the URL. Three lines: the path, the value of `{a}`, a query value.
//! With an empty path it is a value's turn alone.
#![no_main]

use http::StatusCode;
use libfuzzer_sys::fuzz_target;
use percent_encoding::percent_decode_str;
use serde_json::json;
use std::{
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
};
use url::Url;
use wechatpay_core::{Method, Outcome, Signer, signer::SignError};
use wechatpay_fuzz::{PUBLIC_KEY_ID, builder, check_text, crypto::Key, message::Message, run, wire::Wire};

/// Keeps what it signs.
#[derive(Clone, Default)]
struct Keeping(Arc<Mutex<Vec<u8>>>);

impl Signer for Keeping {
    fn sign<'a>(&'a self, message: &'a [u8]) -> Pin<Box<dyn Future<Output = Result<Vec<u8>, SignError>> + Send + 'a>> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = message.to_vec();
        Box::pin(std::future::ready(Ok(vec![1])))
    }
}

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let mut lines = text.splitn(3, '\n');
    let [Some(path), Some(value), Some(parameter)] = [lines.next(), lines.next(), lines.next()] else {
        return;
    };
    let template = if path.is_empty() { "/v3/{a}/x" } else { path };
    let (signer, wire) = (Keeping::default(), Wire::new(Message::signed(StatusCode::OK, b"{}")));
    let client = builder(wire.clone())
        .merchant("1900000001", "5157F09EFDC096DE15EBE81A47057A72", signer.clone())
        .wechatpay_public_key(PUBLIC_KEY_ID, wechatpay_core::PublicKey::from_parsed(Arc::new(Key)))
        .build()
        .expect("the configuration is right");
    let query = json!({ "q": parameter });
    let mut call = client.request(Method::GET, template).query(&query);
    if template.contains("{a}") {
        call = call.path("a", &value);
    }
    let result = run(call.send());
    let Some(sent) = wire.sent().pop() else {
        let error = result.expect_err("nothing was sent");
        assert_eq!(error.outcome(), Outcome::Local);
        assert!(!path.is_empty() || matches!(value, "" | "." | ".."), "{error}");
        check_text(&error);
        return;
    };
    let whole = [sent.origin.as_str(), sent.target.as_str()].concat();
    let url = Url::parse(&whole).expect("a URL");
    assert_eq!(url.as_str(), whole);
    assert_eq!((url.host_str(), url.fragment()), (Some("api.mch.weixin.qq.com"), None));
    let signed = signer.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let line = signed.split(|byte| *byte == b'\n').nth(1);
    assert_eq!(line, Some(sent.target.as_bytes()));
    let pairs: Vec<_> = url.query_pairs().collect();
    assert_eq!(pairs, [("q".into(), parameter.into())]);
    if path.is_empty() {
        let segments: Vec<_> = url.path_segments().expect("a path").collect();
        assert_eq!(segments.len(), 3);
        assert_eq!(percent_decode_str(segments[1]).decode_utf8().as_deref(), Ok(value));
    }
});
