//! The body of an authentic error: a status and a body.
#![no_main]

use http::StatusCode;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use wechatpay_core::{Method, Outcome};
use wechatpay_fuzz::{check_text, client, message::Message, run, wire::Wire};

fuzz_target!(|data: &[u8]| {
    let Some((status, body)) = data.split_at_checked(3) else {
        return;
    };
    let Ok(status) = StatusCode::from_bytes(status) else {
        return;
    };
    let client = client(Wire::new(Message::signed(status, body)));
    let result = run(client.request(Method::DELETE, "/v3/orders").response::<()>().send());
    let Err(error) = result else {
        assert!(status.is_success());
        return;
    };
    check_text(&error);
    assert!(error.is_authenticated());
    let body: Option<Value> = serde_json::from_slice(body).ok();
    let member = |name| body.as_ref()?.get(name)?.as_str();
    if let Some(code) = error.code() {
        assert_eq!((Some(code), error.message()), (member("code"), member("message")));
    }
    if error.outcome() == Outcome::Rejected {
        assert!(
            error
                .code()
                .is_some_and(|code| code != "SYSTEM_ERROR" && !code.starts_with("RATELIMIT"))
        );
    }
});
