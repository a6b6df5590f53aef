//! The verification and decoding of responses, and the parts of a response that an error keeps.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use serde::Deserialize;
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, HashMap},
    io::Write as _,
};
use wechatpay_core::{
    Client, Download, Error, ErrorKind, HeaderMap, Method, Outcome, Sensitive, Upload,
    endpoint::{DigestAlgorithm, FileFields, FromResponse},
    wechatpay_endpoint,
};
use wechatpay_gateway::Gateway;
use wechatpay_tests::{Log, MockResult, MockTransport, Platform, full_text, quick};

/// A client that gets this signed response to every request.
fn client(status: u16, body: impl Into<Bytes>) -> Client {
    let platform = Platform::new();
    let mock = platform.response(status, body);
    platform
        .builder(MockTransport::always(mock))
        .retry(quick())
        .build()
        .unwrap()
}

async fn decoded<T: FromResponse>(status: u16, body: &str) -> Result<T, Error> {
    let client = client(status, body.to_owned());
    let call = client.request(Method::POST, "/v3/x").response::<T>();
    Ok(call.send().await?.into_inner())
}

#[derive(Debug, PartialEq, Deserialize)]
struct Lock {
    code: String,
    message: Option<String>,
}

/// The same, if the declared type hides its fields.
#[derive(Debug, Deserialize)]
struct Flattened {
    #[allow(dead_code, reason = "only decoded")]
    #[serde(flatten)]
    lock: Lock,
}

#[tokio::test]
async fn s5_an_error_object_with_a_success_status_is_not_a_success() {
    let long = format!(r#"{{"code":"PARAM_ERROR","message":"{}"}}"#, "x".repeat(100_000));
    for body in [
        r#"{"code":"PARAM_ERROR","message":"no"}"#,
        r#"{"code":"PARAM_ERROR","message":"no","trace":"1"}"#,
        r#"{"code":"param_error","message":"no"}"#,
        r#"{"code":"PARAM_ERROR"}"#,
        &long,
    ] {
        for error in [
            decoded::<Value>(200, body).await.unwrap_err(),
            decoded::<()>(200, body).await.unwrap_err(),
            decoded::<HashMap<String, Value>>(200, body).await.unwrap_err(),
            decoded::<Option<Flattened>>(200, body).await.unwrap_err(),
            decoded::<Value>(202, body).await.unwrap_err(),
        ] {
            assert_eq!(
                (error.outcome(), error.kind()),
                (Outcome::Unknown, ErrorKind::Mismatched),
                "{error}"
            );
            assert!(error.code().unwrap().eq_ignore_ascii_case("PARAM_ERROR"));
            assert_eq!(error.verified_body().unwrap(), body);
        }
    }
}

#[tokio::test]
async fn s5_a_type_with_code_and_message_decodes_an_error_object() {
    for body in [
        r#"{"code":"000000","message":"成功"}"#,
        r#"{"code":"100001","message":"失败","data":{}}"#,
    ] {
        let lock = decoded::<Lock>(200, body).await.unwrap();
        assert_eq!(
            decoded::<Option<Box<Lock>>>(200, body).await.unwrap().as_deref(),
            Some(&lock)
        );
    }
    // Zeros are a success for every type. A membership card has a code without a message.
    for body in [r#"{"code":"000000","message":"成功"}"#, r#"{"code":"478515832665"}"#] {
        decoded::<Value>(200, body).await.unwrap();
        decoded::<Flattened>(200, body).await.unwrap();
    }
}

#[tokio::test]
async fn s8_an_id_of_another_kind_is_compared_too() {
    let client = client(200, r#"{"brand_mchid":"1900000109","applyment_id":2000}"#);
    let body = json!({ "brand_mchid": "1900000109" });
    let call = |applyment_id: &'static u64| {
        let call = client
            .request(Method::POST, "/v3/applyments/{applyment_id}")
            .json(&body);
        call.path("applyment_id", applyment_id).send()
    };
    call(&2000).await.unwrap();
    let error = call(&2001).await.unwrap_err();
    assert_eq!(
        (error.outcome(), error.kind(), error.field()),
        (Outcome::Unknown, ErrorKind::Mismatched, Some("applyment_id"))
    );
    let other = json!({ "brand_mchid": 1_900_000_100 });
    let call = client.request(Method::POST, "/v3/applyments").json(&other);
    assert_eq!(call.send().await.unwrap_err().field(), Some("brand_mchid"));
}

#[tokio::test]
async fn s11_a_code_that_leaves_the_outcome_open_is_not_a_rejection() {
    for (code, outcome) in [
        ("INTERNAL_ERROR", Outcome::Unknown),
        ("SERVICE_UNAVAILABLE", Outcome::Unknown),
        ("SYSTEM_BUSY", Outcome::Unknown),
        ("PROCESSING", Outcome::Unknown),
        ("TIMEOUT", Outcome::Unknown),
        ("UNKNOWN", Outcome::Unknown),
        ("BIZERR_NEED_RETRY", Outcome::Unknown),
        ("ALREADY_EXISTS", Outcome::Unknown),
        ("NOT_ENOUGH", Outcome::Rejected),
        ("A_NEW_REFUSAL", Outcome::Rejected),
    ] {
        let body = json!({ "code": code, "message": "m" }).to_string();
        let error = decoded::<Value>(400, &body).await.unwrap_err();
        assert_eq!((error.outcome(), error.code()), (outcome, Some(code)), "{error}");
    }
}

/// A download of this response, which is not signed.
async fn download(status: u16, headers: &[(&'static str, &str)], body: &[u8]) -> Result<Download, Error> {
    let mock = MockResult::Response {
        status,
        headers: HeaderMap::new(),
        body: Bytes::copy_from_slice(body),
    };
    let mock = headers
        .iter()
        .fold(mock, |mock, (name, value)| mock.header(name, value));
    let client = Platform::new()
        .builder(MockTransport::always(mock))
        .retry(quick())
        .build()
        .unwrap();
    client.download("http://127.0.0.1:9/v3/billdownload/file?token=t").await
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn s13_a_partial_content_is_refused() {
    let headers = [("content-range", "bytes 0-3/8"), ("content-length", "4")];
    let error = download(206, &headers, b"bill").await.unwrap_err();
    assert_eq!(
        (error.outcome(), error.kind()),
        (Outcome::Unknown, ErrorKind::Mismatched)
    );
    assert!(error.to_string().contains("a part of the content"), "{error}");
    let error = decoded::<Value>(206, "{}").await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Mismatched);
}

#[tokio::test]
async fn s13_a_content_without_a_certain_end_is_refused() {
    let sha1 = "26c38bc6c3e84b26f7a8d0b9294c25cfed5d2a8e";
    let chunked = [("transfer-encoding", "chunked")];
    assert_eq!(
        download(200, &chunked, b"bill").await.unwrap().bytes().await.unwrap(),
        "bill"
    );
    let length = [("content-length", "4")];
    assert_eq!(
        download(200, &length, b"bill").await.unwrap().bytes().await.unwrap(),
        "bill"
    );
    let error = download(200, &[("content-length", "5")], b"bill")
        .await
        .unwrap()
        .bytes()
        .await;
    assert_eq!(error.unwrap_err().kind(), ErrorKind::Interrupted);

    let error = download(200, &[], b"bill").await.unwrap().bytes().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Interrupted);
    assert!(error.to_string().contains("expect_sha1"), "{error}");
    // With a digest or inside gzip, the end is certain.
    let wrong = download(200, &[], b"bill")
        .await
        .unwrap()
        .expect_sha1(sha1)
        .bytes()
        .await;
    assert_eq!(wrong.unwrap_err().kind(), ErrorKind::Mismatched);
    let whole = gzip(b"bill");
    let encoded = [("content-encoding", "gzip")];
    assert_eq!(
        download(200, &encoded, &whole).await.unwrap().bytes().await.unwrap(),
        "bill"
    );
    for end in 1..whole.len() {
        let error = download(200, &encoded, &whole[..end])
            .await
            .unwrap()
            .bytes()
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Undecodable, "{end}");
    }
}

#[tokio::test]
async fn s13_a_content_with_an_unsupported_encoding_is_refused() {
    for name in ["gzip", "GZIP", "x-gzip", "identity, gzip"] {
        let headers = [("content-encoding", name)];
        assert_eq!(
            download(200, &headers, &gzip(b"bill"))
                .await
                .unwrap()
                .bytes()
                .await
                .unwrap(),
            "bill"
        );
    }
    let twice = gzip(&gzip(b"bill"));
    for name in ["gzip, gzip", "br", "gzip, br", "\u{7f}x"] {
        let Ok(value) = name.parse::<http::HeaderValue>() else {
            continue;
        };
        let headers = [
            ("content-encoding", value.to_str().unwrap()),
            ("transfer-encoding", "chunked"),
        ];
        let error = download(200, &headers, &twice).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Undecodable, "{name}");
        assert!(error.to_string().contains("was not asked for"), "{error}");
    }
}

#[tokio::test]
async fn u13_a_signed_error_with_other_members_shows_code_and_message() {
    let body = r#"{"code":"PARAM_ERROR","message":"参数错误","detail":{"field":"/a"},"trace_id":"t-1"}"#;
    let error = decoded::<Value>(400, body).await.unwrap_err();
    assert_eq!((error.code(), error.message()), (Some("PARAM_ERROR"), Some("参数错误")));
    assert_eq!(error.detail().unwrap()["field"], "/a");
    assert_eq!((error.outcome(), error.kind()), (Outcome::Unknown, ErrorKind::Service));
    assert!(error.to_string().contains("PARAM_ERROR") && error.to_string().contains("参数错误"));
    assert_eq!(error.decode_body::<Value>().unwrap()["trace_id"], "t-1");
}

#[derive(Debug, Deserialize)]
struct Order {
    trade_state: String,
    #[allow(dead_code, reason = "too strict on purpose")]
    payer_total: u32,
}

#[derive(Debug, Deserialize)]
struct State {
    trade_state: String,
    name: Option<Sensitive>,
}

#[tokio::test]
async fn u14_an_error_has_the_body_of_an_authentic_response() {
    let gateway = Gateway::start().unwrap();
    let client = gateway.client_builder().retry(quick()).build().unwrap();
    let body = json!({ "trade_state": "USERPAYING-canary", "name": gateway.encrypt("张三-canary") });
    let responses = [
        (202, ErrorKind::NotFinal),
        // A type that is too strict.
        (200, ErrorKind::Undecodable),
        (206, ErrorKind::Mismatched),
        (404, ErrorKind::Service),
    ];
    for (status, kind) in responses {
        let body = body.clone();
        gateway.on(Method::POST, "/v3/pay/transactions/codepay", move |_| {
            wechatpay_gateway::GatewayResponse::json(status, &body)
        });
        let call = client.request(Method::POST, "/v3/pay/transactions/codepay");
        let error = call
            .response::<Order>()
            .send()
            .await
            .map(|order| order.into_inner().trade_state)
            .unwrap_err();
        assert_eq!((error.kind(), error.outcome()), (kind, Outcome::Unknown), "{error}");
        assert_eq!(
            error.decode_body::<Value>().unwrap()["trade_state"],
            "USERPAYING-canary"
        );
        let state: State = error.decode_body().unwrap();
        assert_eq!(state.trade_state, "USERPAYING-canary");
        assert_eq!(state.name.unwrap().expose(), "张三-canary");
        assert_eq!(
            serde_json::from_slice::<Value>(error.verified_body().unwrap()).unwrap()["name"],
            body_name(&error)
        );
        let again = error.decode_body::<Order>().unwrap_err();
        assert_eq!((again.kind(), again.status()), (ErrorKind::Undecodable, error.status()));
        assert!(!full_text(&error).contains("canary") && !full_text(&again).contains("canary"));
    }
}

fn body_name(error: &Error) -> Value {
    error.decode_body::<Value>().unwrap()["name"].clone()
}

#[tokio::test]
async fn u14_an_error_does_not_have_an_unverified_body() {
    let platform = Platform::new();
    let unsigned = |status| {
        platform
            .response(status, r#"{"code":"X_Y","message":"m"}"#)
            .headers(HeaderMap::clear)
    };
    let tampered = match platform.response(200, "{}") {
        MockResult::Response { status, headers, .. } => MockResult::Response {
            status,
            headers,
            body: "[]".into(),
        },
        other => other,
    };
    for mock in [unsigned(200), unsigned(202), unsigned(404), unsigned(500), tampered] {
        let client = platform
            .builder(MockTransport::always(mock))
            .retry(quick())
            .build()
            .unwrap();
        let error = client.request(Method::GET, "/v3/x").send().await.unwrap_err();
        assert_eq!(
            (error.is_authenticated(), error.verified_body()),
            (false, None),
            "{error}"
        );
        assert!(
            error
                .decode_body::<Value>()
                .unwrap_err()
                .to_string()
                .contains("no verified body")
        );
    }
}

#[tokio::test]
async fn u15_a_response_by_path_is_decrypted_into_a_type_or_text_by_text_with_the_client() {
    let gateway = Gateway::start().unwrap();
    let ciphertext = gateway.encrypt("张三");
    let body = json!({ "trade_state": "SUCCESS", "name": ciphertext });
    gateway.on(Method::GET, "/v3/x", move |_| body.clone());
    let client = gateway.client().unwrap();
    let typed = client
        .request(Method::GET, "/v3/x")
        .response::<State>()
        .send()
        .await
        .unwrap();
    assert_eq!(typed.name.as_ref().unwrap().expose(), "张三");
    // The documentation of both places describes this: a `Value` keeps the ciphertext, and so does a value made from
    // it.
    let value = client.request(Method::GET, "/v3/x").send().await.unwrap().into_inner();
    let trapped: State = serde_json::from_value(value.clone()).unwrap();
    let kept = trapped.name.unwrap();
    assert_eq!(kept.expose(), value["name"]);
    assert_eq!(client.decrypt(kept.expose()).unwrap().expose(), "张三");
    assert_eq!(client.decrypt("").unwrap().expose(), "");
    let mut errors: Vec<_> = ["张三-canary", "AAAA", &"A".repeat(344)]
        .map(|text| client.decrypt(text).unwrap_err())
        .iter()
        .map(full_text_of)
        .collect();
    errors.dedup();
    assert_eq!(errors.len(), 1, "the errors differ: {errors:?}");
    assert!(!errors[0].contains("canary") && errors[0].contains("cannot be decrypted"));
}

fn full_text_of(error: &Error) -> String {
    full_text(error)
}

/// Values of all kinds in places where the type requires another kind.
#[tokio::test]
async fn u18_no_value_of_a_response_is_in_an_error_or_the_log() {
    #[derive(Debug, Deserialize)]
    #[allow(dead_code, reason = "only decoded")]
    enum Kind {
        Known,
    }
    #[derive(Debug, Deserialize)]
    #[allow(dead_code, reason = "only decoded")]
    struct Wanted {
        amount: u32,
        kind: Kind,
        list: Vec<bool>,
        #[serde(deserialize_with = "with_the_value_in_the_error")]
        phone: String,
    }
    /// A custom function whose errors contain the value.
    fn with_the_value_in_the_error<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
        let text = String::deserialize(deserializer)?;
        Err(serde::de::Error::custom(format!("`{text}` is not a phone number")))
    }
    #[wechatpay_endpoint(POST, "/v3/orders/{id}", response = Wanted)]
    struct Ask {
        id: u32,
    }
    let log = Log::start();
    let mut said = String::new();
    let right = json!({ "amount": 1, "kind": "Known", "list": [], "phone": "canary" });
    let wrong = [
        ("phone", json!("canary, expected canary")),
        ("phone", json!("canary")),
        ("amount", json!("canary")),
        ("amount", json!({ "x": "canary" })),
        ("kind", json!("canary")),
        ("kind", json!({ "Known": "canary" })),
        ("list", json!([true, "canary"])),
        ("list", json!("canary\n")),
    ];
    for (field, value) in wrong {
        let mut body = right.clone();
        body[field] = value;
        let client = client(200, body.to_string());
        let error = Ask { id: 1 }.send(&client).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Undecodable);
        // An error of a custom type has no position, so it is reported at the object.
        let path = error.field().unwrap_or_default();
        assert!(field == "phone" || path.starts_with(field), "{error}");
        assert!(error.to_string().contains("the response cannot be decoded"));
        said += &full_text(&error);
        let error = error.decode_body::<BTreeMap<String, u8>>().unwrap_err();
        said += &full_text(&error);
    }
    // A body of a completely different shape.
    for body in ["\"canary\"", "[\"canary\"]", "{\"amount\": canary}"] {
        said += &full_text(&(Ask { id: 1 }).send(&client(200, body)).await.unwrap_err());
    }
    // An id of another order.
    let error = Ask { id: 1 }
        .send(&client(200, r#"{"id":"canary"}"#))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Mismatched);
    said += &full_text(&error);
    assert!(log.text().contains("/v3/orders/{id}"));
    for text in [&said, &log.text()] {
        let place = text.find("canary");
        assert_eq!(
            place,
            None,
            "{:?}",
            place.map(|at| &text[at.saturating_sub(200)..at + 6])
        );
    }
}

#[tokio::test]
async fn u20_a_call_by_path_uploads_like_a_declared_one() {
    #[wechatpay_endpoint(POST, "/v3/merchant/media/upload")]
    struct UploadImage {
        bank_type: String,
        #[wechatpay(form)]
        kind: &'static str,
        #[wechatpay(file)]
        file: Upload,
    }
    let gateway = Gateway::start().unwrap();
    gateway.on(
        Method::POST,
        "/v3/merchant/media/upload",
        |_| json!({ "media_id": "m" }),
    );
    let client = gateway.client().unwrap();
    let received = || {
        let request = gateway.last_request().unwrap();
        assert!(request.refusal().is_none());
        let part = |name: &str| request.part(name).unwrap().bytes().clone();
        (
            request.json().clone(),
            part("kind"),
            part("file"),
            request.part("file").unwrap().content_type().map(str::to_owned),
        )
    };
    let file = Upload::new("执照.png", "image");
    let declared = UploadImage {
        bank_type: "ICBC".into(),
        kind: "licence",
        file: file.clone(),
    };
    declared.send(&client).await.unwrap();
    let expected = received();
    let meta = json!({ "bank_type": "ICBC" });
    let call = client.request(Method::POST, "/v3/merchant/media/upload");
    let media = call
        .json(&meta)
        .form("kind", &"licence")
        .upload(&file)
        .send()
        .await
        .unwrap();
    assert_eq!((&media["media_id"], received()), (&json!("m"), expected));

    let fields = FileFields::new(Some("file_name"), "file_digest", DigestAlgorithm::Sm3);
    let call = client.request(Method::POST, "/v3/merchant/media/upload");
    call.file("submission", &file, fields).send().await.unwrap();
    let request = gateway.last_request().unwrap();
    let meta = json!({ "file_name": "执照.png", "file_digest": DigestAlgorithm::Sm3.hex(b"image") });
    assert_eq!(request.json(), &meta);
    assert_eq!(request.part("submission").unwrap().bytes(), "image");

    let before = gateway.received();
    let call = |method| client.request(method, "/v3/merchant/media/upload");
    for error in [
        call(Method::POST).upload(&file).upload(&file).send().await.unwrap_err(),
        call(Method::POST).form("kind", &"x").send().await.unwrap_err(),
        call(Method::GET).upload(&file).send().await.unwrap_err(),
        call(Method::POST).json(&[1]).upload(&file).send().await.unwrap_err(),
    ] {
        assert_eq!(
            (error.outcome(), error.kind()),
            (Outcome::Local, ErrorKind::Request),
            "{error}"
        );
    }
    assert_eq!(gateway.received(), before);
}
