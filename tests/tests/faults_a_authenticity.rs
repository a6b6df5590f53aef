//! Forged, changed and replayed responses. They are refused, and the outcome is unknown.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE},
};
use http::HeaderValue;
use serde::{Deserialize, Deserializer};
use serde_json::{Value, json};
use wechatpay_core::{
    Client, Error, ErrorKind, Method, Outcome, StatusCode,
    crypto::{Suite, aws_lc_rs::AwsLcRs},
    wechatpay_endpoint,
};
use wechatpay_gateway::{Fault, Gateway, GatewayResponse, PlatformMode};
use wechatpay_tests::{Machine, MockResult, MockTransport, Platform, quick};

/// This file is also a module of the test `shangmi`.
fn suite() -> Suite {
    wechatpay_tests::suite_of(module_path!())
}

/// The signature types of this suite and of the other one.
fn signature_types() -> [&'static str; 2] {
    let (rsa, shangmi) = ("WECHATPAY2-SHA256-RSA2048", "WECHATPAY2-SM2-WITH-SM3");
    match suite() {
        Suite::Rsa => [rsa, shangmi],
        Suite::Shangmi => [shangmi, rsa],
    }
}

const ORDERS: &str = "/v3/pay/transactions/jsapi";

/// A response that must never be decoded.
struct NeverDecoded;

impl<'de> Deserialize<'de> for NeverDecoded {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // `()` is tried on every type with a deserializer without content. Decoding a body is the error.
        match Value::deserialize(deserializer) {
            Ok(body) => panic!("a response that is not authentic was decoded: {body}"),
            Err(error) => Err(error),
        }
    }
}

#[wechatpay_endpoint(POST, "/v3/pay/transactions/jsapi", response = NeverDecoded)]
struct Order {
    out_trade_no: &'static str,
}

const ORDER: Order = Order { out_trade_no: "A-1" };

#[wechatpay_endpoint(GET, "/v3/pay/transactions/out-trade-no/{out_trade_no}")]
struct Query {
    out_trade_no: &'static str,
}

const QUERY: Query = Query { out_trade_no: "A-1" };

fn gateway() -> Gateway {
    gateway_in(PlatformMode::PublicKey)
}

fn gateway_in(mode: PlatformMode) -> Gateway {
    let gateway = Gateway::builder()
        .suite(suite())
        .mode(mode)
        .backend(&AwsLcRs)
        .start()
        .unwrap();
    gateway
        .on_order(
            Method::POST,
            ORDERS,
            "out_trade_no",
            |_| json!({ "prepay_id": "wx26112410" }),
        )
        .on(
            Method::GET,
            "/v3/pay/transactions/out-trade-no/{out_trade_no}",
            |request| json!({ "out_trade_no": request.path("out_trade_no") }),
        );
    gateway
}

fn client(gateway: &Gateway) -> Client {
    gateway.client_builder().retry(quick()).build().unwrap()
}

/// Sends the order with a fault: it is refused, executed once, and sent once.
async fn refused(fault: Fault) -> Error {
    let gateway = gateway();
    gateway.misbehave(fault.clone());
    let error = ORDER
        .send(&client(&gateway))
        .await
        .err()
        .unwrap_or_else(|| panic!("{fault:?} was accepted"));
    assert_refused(&error);
    assert_eq!((gateway.ledger().len(), gateway.received()), (1, 1), "{fault:?}");
    error
}

fn assert_refused(error: &Error) {
    assert_eq!(
        (error.outcome(), error.kind()),
        (Outcome::Unknown, ErrorKind::Unverified),
        "{error}"
    );
    assert!(!error.is_authenticated() && error.attempts() == 1, "{error:?}");
}

/// Sends the order and returns the result for this response.
async fn judged(platform: &Platform, mock: MockResult) -> Result<Value, Error> {
    let client = platform
        .builder(MockTransport::always(mock))
        .retry(quick())
        .build()
        .unwrap();
    let body = json!({ "out_trade_no": "A-1" });
    Ok(client
        .request(Method::POST, ORDERS)
        .json(&body)
        .send()
        .await?
        .into_inner())
}

#[tokio::test]
async fn a1_a_response_signed_with_another_key_is_refused() {
    let error = refused(Fault::WrongKey).await;
    assert!(error.to_string().contains("the signature does not fit"), "{error}");
    assert!(error.request_id().is_some());
    assert_eq!(error.status(), Some(StatusCode::OK));
}

#[tokio::test]
async fn a2_every_flipped_bit_is_refused() {
    let platform = Platform::of(suite());
    let now = 1_790_000_000;
    let genuine = platform.response_at(&now.to_string(), 200, r#"{"out_trade_no":"A-1","total":1}"#);
    let MockResult::Response { headers, body, .. } = &genuine else {
        panic!("not a response")
    };
    let mut mocks = vec![genuine.clone()];
    for bit in 0..body.len() * 8 {
        let mut changed = body.to_vec();
        changed[bit / 8] ^= 1 << (bit % 8);
        mocks.push(MockResult::Response {
            status: 200,
            headers: headers.clone(),
            body: changed.into(),
        });
    }
    for name in [
        "wechatpay-nonce",
        "wechatpay-timestamp",
        "wechatpay-signature",
        "wechatpay-serial",
    ] {
        let value = headers[name].as_bytes();
        for bit in 0..value.len() * 8 {
            let mut changed = value.to_vec();
            changed[bit / 8] ^= 1 << (bit % 8);
            // A header cannot contain a control character, so these never arrive.
            if let Ok(changed) = HeaderValue::from_bytes(&changed) {
                mocks.push(genuine.clone().headers(|headers| {
                    headers.insert(name, changed);
                }));
            }
        }
    }
    let changed = mocks.len() - 1;
    // A signature of SM2 is much shorter than one of RSA.
    assert!(changed > 1000, "{changed}");
    let stage = MockTransport::new(move |attempt| mocks[attempt].clone());
    let client = platform.builder(stage).system(Machine::at(now)).build().unwrap();
    assert_eq!(client.request(Method::POST, ORDERS).send().await.unwrap()["total"], 1);
    for _ in 0..changed {
        assert_refused(&client.request(Method::POST, ORDERS).send().await.unwrap_err());
    }
}

#[tokio::test]
async fn a3_every_subset_of_missing_signature_headers_is_refused() {
    let names = [
        "Wechatpay-Timestamp",
        "Wechatpay-Nonce",
        "Wechatpay-Signature",
        "Wechatpay-Serial",
    ];
    for subset in 1..16 {
        let missing = names
            .iter()
            .enumerate()
            .filter(|(index, _)| subset >> index & 1 == 1)
            .map(|(_, name)| *name);
        let error = refused(Fault::missing(missing.clone())).await;
        let expected = if subset == 15 {
            "not signed"
        } else {
            missing.clone().next().unwrap()
        };
        assert!(error.to_string().contains(expected), "{error}");
    }
}

#[tokio::test]
async fn a4_a_duplicate_signature_header_is_refused() {
    let genuine = Platform::of(suite()).response(200, "{}");
    let MockResult::Response { headers, .. } = genuine else {
        panic!("not a response")
    };
    for name in [
        "Wechatpay-Timestamp",
        "Wechatpay-Nonce",
        "Wechatpay-Signature",
        "Wechatpay-Serial",
    ] {
        for wrong_first in [false, true] {
            let value = headers[name].to_str().unwrap().to_owned();
            let error = refused(Fault::DuplicateHeader {
                name: name.into(),
                value,
                wrong_first,
            })
            .await;
            assert!(error.to_string().contains("more than once"), "{error}");
        }
    }
    // A duplicate with the same value is refused too.
    let platform = Platform::of(suite());
    let mock = platform.response(200, "{}").headers(|headers| {
        let value = headers["wechatpay-signature"].clone();
        headers.append("wechatpay-signature", value);
    });
    assert_refused(&judged(&platform, mock).await.unwrap_err());
}

fn signature_of(mock: &MockResult) -> String {
    let MockResult::Response { headers, .. } = mock else {
        panic!("not a response")
    };
    headers["wechatpay-signature"].to_str().unwrap().to_owned()
}

#[tokio::test]
async fn a5_a_signature_that_is_not_base64_is_refused() {
    let platform = Platform::of(suite());
    // A body whose signature contains both characters in which the base64 alphabets differ.
    let (genuine, url_safe) = (0..)
        .map(|number| platform.response(200, format!("{{\"n\":{number}}}")))
        .find_map(|mock| {
            let signature = signature_of(&mock);
            let url_safe = URL_SAFE.encode(STANDARD.decode(&signature).unwrap());
            (url_safe != signature).then_some((mock, url_safe))
        })
        .unwrap();
    judged(&platform, genuine.clone()).await.unwrap();
    let right = signature_of(&genuine);
    let (head, tail) = right.split_at(right.len() / 2);
    for wrong in [
        String::new(),
        " ".into(),
        "!".repeat(344),
        "签名".into(),
        url_safe,
        right.trim_end_matches('=').to_owned(),
        format!("{right}="),
        format!("{head} {tail}"),
        format!("{head}\t{tail}"),
        format!("{right}{right}"),
        "A".repeat(10 << 20),
        right.repeat(1000),
    ] {
        let mock = genuine.clone().headers(|headers| {
            headers.insert(
                "wechatpay-signature",
                HeaderValue::from_bytes(wrong.as_bytes()).unwrap(),
            );
        });
        let error = judged(&platform, mock).await.unwrap_err();
        assert_refused(&error);
        assert!(error.to_string().len() < 1000);
    }
}

#[tokio::test]
async fn a5_a_signature_of_10_mb_over_http_is_refused_with_bounded_work() {
    let gateway = gateway();
    gateway.misbehave(Fault::ReplaceHeader {
        name: "Wechatpay-Signature".into(),
        value: "A".repeat(10 << 20),
    });
    let error = ORDER.send(&client(&gateway)).await.err().unwrap();
    assert_eq!(error.outcome(), Outcome::Unknown, "{error}");
    QUERY.send(&client(&gateway)).await.unwrap();
}

#[tokio::test]
async fn a6_a_signature_of_wrong_length_or_constant_bytes_is_refused() {
    for length in [0, 1, 127, 128, 255, 256, 257, 512] {
        for byte in [0x00, 0x01, 0xFF] {
            refused(Fault::ReplaceHeader {
                name: "Wechatpay-Signature".into(),
                value: STANDARD.encode(vec![byte; length]),
            })
            .await;
        }
    }
}

#[tokio::test]
async fn a8_an_unknown_serial_is_refused_immediately_with_a_public_key() {
    let error = refused(Fault::UnknownSerial).await;
    assert!(
        error.hint().unwrap().english().contains("platform certificate"),
        "{error}"
    );
}

#[tokio::test]
async fn a8_an_unknown_serial_with_certificates_causes_one_shared_refresh_and_is_refused() {
    let gateway = gateway_in(PlatformMode::Certificates);
    let client = client(&gateway);
    client.refresh_certificates().await.unwrap();
    let downloads = || gateway.requests_to("/v3/certificates").len();
    let before = downloads();
    for _ in 0..20 {
        gateway.misbehave_at(ORDERS, Fault::UnknownSerial);
    }
    let calls = (0..20).map(|_| {
        let client = client.clone();
        tokio::spawn(async move { ORDER.send(&client).await.err().unwrap() })
    });
    for call in calls.collect::<Vec<_>>() {
        assert_refused(&call.await.unwrap());
    }
    assert!(downloads() <= before + 1, "{} downloads", downloads());
    assert_eq!(gateway.ledger().len(), 1);
}

#[tokio::test]
async fn a9_a_known_serial_with_the_signature_of_another_known_key_is_refused() {
    let gateway = gateway_in(PlatformMode::Mixed);
    let client = client(&gateway);
    client.refresh_certificates().await.unwrap();
    for _ in 0..4 {
        gateway.misbehave_at(ORDERS, Fault::SwappedKey);
        assert_refused(&ORDER.send(&client).await.err().unwrap());
    }
    let sent = gateway.requests_to(ORDERS).len();
    assert_eq!(sent, 4);
}

#[tokio::test]
async fn a10_a_signature_probe_is_refused_and_retried_once() {
    let error = refused(Fault::SignatureProbe).await;
    assert!(error.to_string().contains("probe"), "{error}");

    // An idempotent request is retried once.
    let gateway = gateway();
    let client = client(&gateway);
    gateway.misbehave(Fault::SignatureProbe);
    QUERY.send(&client).await.unwrap();
    assert_eq!(gateway.received(), 2);
    gateway
        .misbehave(Fault::SignatureProbe)
        .misbehave(Fault::SignatureProbe);
    let error = QUERY.send(&client).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Unverified, 2));
}

#[tokio::test]
async fn a10_a_signature_probe_that_is_not_base64_is_refused() {
    let platform = Platform::of(suite());
    for probe in ["WECHATPAY/SIGNTEST/", "WECHATPAY/SIGNTEST/!!", "WECHATPAY/SIGNTEST/中"] {
        let mock = platform.response(200, "{}").headers(|headers| {
            headers.insert(
                "wechatpay-signature",
                HeaderValue::from_bytes(probe.as_bytes()).unwrap(),
            );
        });
        assert_refused(&judged(&platform, mock).await.unwrap_err());
    }
}

#[tokio::test]
async fn a12_a_timestamp_may_differ_by_exactly_300_seconds() {
    let platform = Platform::of(suite());
    let now: i64 = 1_790_000_000;
    for (seconds, accepted) in [(0, true), (299, true), (300, true), (301, false), (1 << 40, false)] {
        for timestamp in [now + seconds, now - seconds] {
            if timestamp <= 0 {
                continue;
            }
            let mock = platform.response_at(&timestamp.to_string(), 200, "{}");
            let client = platform
                .builder(MockTransport::always(mock))
                .system(Machine::at(now))
                .build()
                .unwrap();
            let result = client.request(Method::POST, ORDERS).send().await;
            assert_eq!(result.is_ok(), accepted, "{seconds}");
            if let Err(error) = result {
                assert_refused(&error);
                assert!(error.to_string().contains("more than 300"), "{error}");
            }
        }
    }
}

#[tokio::test]
async fn a12_a_timestamp_has_only_digits() {
    let platform = Platform::of(suite());
    let now = 1_790_000_000_i64;
    for text in [
        "-1790000000",
        "0",
        "-0",
        "+1790000000",
        "01790000000",
        "1.79e9",
        "1e9",
        "1790000000.0",
        "1790000000000",
        "99999999999999999999999",
        "18446744073709551615",
        "9223372036854775808",
        "",
        "0x6AB13B80",
        "1790000000 ",
        " 1790000000",
        "1_790_000_000",
        "１７９０００００００",
        "NaN",
    ] {
        let body = r#"{"n":1}"#;
        let mut mock = platform.response_at(&now.to_string(), 200, body);
        // HTTP trims white space around a value, so the test bypasses the library that does it.
        if let Ok(value) = HeaderValue::from_bytes(text.as_bytes()) {
            mock = match text.is_ascii() {
                true => platform.response_at(text, 200, body),
                false => mock,
            };
            mock = mock.headers(|headers| {
                headers.insert("wechatpay-timestamp", value);
            });
        }
        let client = platform
            .builder(MockTransport::always(mock))
            .system(Machine::at(now))
            .build()
            .unwrap();
        let result = client.request(Method::POST, ORDERS).send().await;
        assert_refused(&result.err().unwrap_or_else(|| panic!("`{text}` was accepted")));
    }
    // The same over HTTP.
    for text in ["-1", "1e9", "+1790000000", "99999999999999999999999"] {
        refused(Fault::Timestamp(text.into())).await;
    }
}

#[tokio::test]
async fn a13_the_signature_type_never_selects_an_algorithm() {
    let [own, other] = signature_types();
    for other in [other, "none", "", &format!("{own} "), &own.to_lowercase()] {
        // White space around a header value is not part of the value.
        if other.trim() == other {
            refused(Fault::ReplaceHeader {
                name: "Wechatpay-Signature-Type".into(),
                value: other.into(),
            })
            .await;
        }
    }
    let platform = Platform::of(suite());
    judged(&platform, platform.response(200, "{}")).await.unwrap();
    judged(
        &platform,
        platform.response(200, "{}").header("wechatpay-signature-type", own),
    )
    .await
    .unwrap();
}

#[tokio::test]
async fn a14_a_genuine_response_for_another_order_is_refused() {
    let gateway = gateway();
    let client = client(&gateway);
    gateway.on(
        Method::GET,
        "/v3/pay/transactions/out-trade-no/{out_trade_no}",
        |_| json!({ "out_trade_no": "B-1", "trade_state": "SUCCESS" }),
    );
    let error = QUERY.send(&client).await.unwrap_err();
    assert_eq!(
        (error.kind(), error.outcome()),
        (ErrorKind::Mismatched, Outcome::Unknown)
    );
    assert_eq!((error.field(), error.is_authenticated()), (Some("out_trade_no"), true));
    // It is not retried either: an attacker who replays one response can replay the next.
    assert_eq!(gateway.received(), 1);
    gateway.on(
        Method::POST,
        ORDERS,
        |_| json!({ "out_trade_no": "A-1", "mchid": "1900000002" }),
    );
    #[wechatpay_endpoint(POST, "/v3/pay/transactions/jsapi")]
    struct WithMchid {
        out_trade_no: &'static str,
        mchid: &'static str,
    }
    let order = WithMchid {
        out_trade_no: "A-1",
        mchid: "1900000001",
    };
    let error = order.send(&client).await.unwrap_err();
    assert_eq!((error.kind(), error.field()), (ErrorKind::Mismatched, Some("mchid")));
}

#[tokio::test]
async fn a15_a_changed_status_is_refused() {
    // A success with the status of a refusal does not prove a refusal.
    for status in [400, 403, 404] {
        let gateway = gateway();
        gateway.misbehave(Fault::ChangedStatus(status));
        let error = ORDER.send(&client(&gateway)).await.err().unwrap();
        assert_eq!(error.outcome(), Outcome::Unknown, "{error}");
        assert_eq!(gateway.ledger().len(), 1);
    }
    // A refusal with the status of a success is not a success.
    let gateway = gateway();
    gateway.on(Method::POST, ORDERS, |_| {
        GatewayResponse::error(404, "ORDER_NOT_EXIST", "订单不存在")
    });
    gateway.misbehave(Fault::ChangedStatus(200));
    let error = client(&gateway)
        .request(Method::POST, ORDERS)
        .json(&json!({}))
        .send()
        .await
        .unwrap_err();
    assert_eq!(
        (error.outcome(), error.code()),
        (Outcome::Unknown, Some("ORDER_NOT_EXIST"))
    );
}

#[tokio::test]
async fn a16_a_body_that_was_encoded_again_is_refused() {
    for fault in [Fault::Gzip, Fault::ByteOrderMark, Fault::PrettyPrinted] {
        refused(fault).await;
    }
    let gateway = gateway();
    gateway.misbehave(Fault::Chunked);
    QUERY.send(&client(&gateway)).await.unwrap();
    assert_eq!(gateway.received(), 1);
}

#[tokio::test]
async fn a17_a_204_must_be_signed_and_an_empty_200_is_decoded_as_nothing() {
    #[wechatpay_endpoint(POST, "/v3/close", response = ())]
    struct Close;
    #[wechatpay_endpoint(POST, "/v3/close")]
    struct CloseForJson;
    #[derive(Deserialize)]
    struct Closed {
        #[allow(dead_code, reason = "it is never decoded")]
        state: String,
    }
    #[wechatpay_endpoint(POST, "/v3/close", response = Closed)]
    struct CloseForStruct;
    let gateway = gateway();
    let client = client(&gateway);
    gateway.on(Method::POST, "/v3/close", |_| ());
    Close.send(&client).await.unwrap();
    gateway.misbehave(Fault::Unsigned);
    assert_refused(&Close.send(&client).await.unwrap_err());
    let error = CloseForStruct.send(&client).await.err().unwrap();
    assert_eq!(
        (error.kind(), error.outcome()),
        (ErrorKind::Undecodable, Outcome::Unknown)
    );
    gateway.on(Method::POST, "/v3/close", |_| GatewayResponse::empty(200));
    Close.send(&client).await.unwrap();
    for error in [
        CloseForJson.send(&client).await.err().unwrap(),
        CloseForStruct.send(&client).await.err().unwrap(),
    ] {
        assert_eq!(
            (error.kind(), error.outcome()),
            (ErrorKind::Undecodable, Outcome::Unknown)
        );
        assert!(error.is_authenticated());
    }
}

#[tokio::test]
async fn a18_only_a_download_needs_no_signature() {
    #[wechatpay_endpoint(GET, "/v3/billdownload/file", response = wechatpay_core::Download)]
    struct Bill;
    #[wechatpay_endpoint(GET, "/v3/billdownload/file")]
    struct BillAsJson;
    let gateway = gateway();
    let client = client(&gateway);
    gateway.on(Method::GET, "/v3/billdownload/file", |_| {
        GatewayResponse::bytes("application/json", "{}")
    });
    assert_eq!(Bill.send(&client).await.unwrap().bytes().await.unwrap(), "{}");
    assert_refused(&BillAsJson.send(&client).await.unwrap_err());
}

#[tokio::test]
async fn a18_other_hosts_are_refused_before_authorization_is_sent() {
    let gateway = gateway();
    let backup = gateway.add_host().unwrap();
    let elsewhere = Gateway::start().unwrap();
    let client = gateway
        .client_builder()
        .backup_url(backup.url())
        .retry(quick())
        .build()
        .unwrap();
    gateway.on(Method::GET, "/v3/billdownload/file", |request| {
        GatewayResponse::bytes("text/plain", request.query("token").unwrap().to_owned())
    });
    // A path cannot name a host.
    for path in [
        &format!("{}/v3/billdownload/file", elsewhere.url()),
        "//169.254.169.254/latest/meta-data",
        "http://169.254.169.254/latest/meta-data",
        "https://api.mch.weixin.qq.com.example/v3/billdownload/file",
        "file:///etc/passwd",
        "@127.0.0.1/v3",
        ":80/v3",
        "\\\\127.0.0.1\\v3",
        "",
    ] {
        let error = client.request(Method::GET, path).send().await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Local, "{path}: {error}");
    }
    // A URL from a response cannot do it either, unless it is one of the client's own hosts.
    for url in [
        &format!("{}/v3/billdownload/file?token=a", elsewhere.url()),
        "http://169.254.169.254/latest/meta-data",
        "https://127.0.0.1/v3/billdownload/file",
        "file:///etc/passwd",
        "/v3/billdownload/file?token=a",
        "",
    ] {
        let error = client.download(url).await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Local, "{url}: {error}");
    }
    assert_eq!((gateway.received(), elsewhere.received()), (0, 0));
    for host in [gateway.url(), backup.url()] {
        let download = client
            .download(&format!("{host}/v3/billdownload/file?token=a%2Bb%3D"))
            .await
            .unwrap();
        assert_eq!(download.bytes().await.unwrap(), "a+b=");
    }
}

#[tokio::test]
async fn a20_an_error_with_an_invalid_signature_is_not_authenticated() {
    for (fault, status, code) in [
        (Fault::WrongKey, 403, "NOT_ENOUGH"),
        (Fault::missing(["Wechatpay-Nonce"]), 403, "NOT_ENOUGH"),
        (Fault::Stale { seconds: -400 }, 404, "ORDER_NOT_EXIST"),
        (Fault::FlippedBit(0), 400, "PARAM_ERROR"),
        (Fault::Unsigned, 400, "PARAM_ERROR"),
    ] {
        let gateway = gateway();
        gateway.on(Method::POST, ORDERS, move |_| {
            GatewayResponse::error(status, code, "no")
        });
        let client = client(&gateway);
        let error = ORDER.send(&client).await.err().unwrap();
        assert_eq!((error.outcome(), error.is_authenticated()), (Outcome::Rejected, true));
        assert_eq!(error.code(), Some(code));
        gateway.misbehave(fault.clone());
        let error = ORDER.send(&client).await.err().unwrap();
        assert_eq!(
            (error.outcome(), error.is_authenticated()),
            (Outcome::Unknown, false),
            "{fault:?}: {error}"
        );
        assert!(error.to_string().contains("not authenticated"), "{error}");
    }
}
