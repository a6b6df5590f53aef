//! A status and the header `Retry-After`: however it is written, a call ends in its time.
#![no_main]

use http::{HeaderMap, HeaderValue, StatusCode};
use libfuzzer_sys::fuzz_target;
use std::time::Duration;
use wechatpay_core::{Method, RetryPolicy};
use wechatpay_fuzz::{PUBLIC_KEY_ID, builder, check_text, crypto::Key, message::Message, run, wire::Wire};

fuzz_target!(|data: &[u8]| {
    let Some((status, value)) = data.split_at_checked(3) else {
        return;
    };
    let (Ok(status), Ok(value)) = (StatusCode::from_bytes(status), HeaderValue::from_bytes(value)) else {
        return;
    };
    let wire = Wire::new(Message {
        status,
        headers: HeaderMap::from_iter([(http::header::RETRY_AFTER, value)]),
        body: Vec::new(),
    });
    let client = builder(wire.clone())
        .wechatpay_public_key(
            PUBLIC_KEY_ID,
            wechatpay_core::PublicKey::from_parsed(std::sync::Arc::new(Key)),
        )
        .retry(RetryPolicy::default())
        .build()
        .expect("the configuration is right");
    let elapsed = run(async {
        let begin = tokio::time::Instant::now();
        let error = client
            .request(Method::GET, "/v3/x")
            .send()
            .await
            .expect_err("it is not signed");
        check_text(&error);
        begin.elapsed()
    });
    let sent = wire.sent();
    assert!((1..=3).contains(&sent.len()));
    assert!(
        elapsed <= Duration::from_secs(10) + Duration::from_millis(10),
        "{elapsed:?}"
    );
    for pause in sent.windows(2).map(|pair| pair[1].at - pair[0].at) {
        assert!(pause <= Duration::from_millis(5_002), "{pause:?}");
        assert!(
            status != StatusCode::TOO_MANY_REQUESTS || pause >= Duration::from_secs(1),
            "{pause:?}"
        );
    }
});
