//! Building requests: the signed bytes are the sent bytes, or nothing is sent.

use serde_json::json;
use wechatpay_core::{
    Client, Error, ErrorKind, Method, Outcome, Upload, crypto::aws_lc_rs::AwsLcRs, wechatpay_endpoint,
};
use wechatpay_gateway::Gateway;
use wechatpay_tests::{Machine, RecordingTransport, full_text, quick};

fn gateway() -> Gateway {
    let gateway = Gateway::builder().backend(&AwsLcRs).start().unwrap();
    gateway
        .on(
            Method::GET,
            "/v3/orders/{id}/items",
            |request| json!({ "id": request.path("id"), "filter": request.query("filter") }),
        )
        .on(Method::POST, "/v3/orders", |_| json!({}))
        .on(Method::POST, "/v3/upload", |_| json!({}));
    gateway
}

fn client(gateway: &Gateway) -> Client {
    gateway.client_builder().retry(quick()).build().unwrap()
}

fn assert_local(error: &Error, gateway: &Gateway) {
    assert_eq!((error.outcome(), gateway.received()), (Outcome::Local, 0), "{error}");
}

#[wechatpay_endpoint(GET, "/v3/orders/{id}/items")]
struct Items<'a> {
    id: &'a str,
    filter: Option<&'a str>,
}

const HARD_VALUES: [&str; 22] = [
    "../",
    "..%2f",
    "/",
    "?",
    "#",
    ";",
    "\\",
    "\0",
    "a/../b",
    "%",
    "%00",
    "%zz",
    "%2e%2e",
    "a\r\nb",
    "...",
    " ",
    "~",
    "\u{FEFF}x",
    "\u{202E}x",
    "中文",
    "😀",
    "{id}",
];

#[tokio::test]
async fn e1_a_path_value_is_one_segment() {
    let gateway = gateway();
    let client = client(&gateway);
    for id in HARD_VALUES {
        let response = Items { id, filter: None }.send(&client).await.unwrap();
        assert_eq!(response["id"], id);
        let received = gateway.last_request().unwrap();
        assert!(received.refusal().is_none());
        assert_eq!(received.target().matches('/').count(), 4, "{}", received.target());
    }
}

#[tokio::test]
async fn e1_a_path_value_that_changes_the_path_is_refused_locally() {
    let gateway = gateway();
    let client = client(&gateway);
    for id in ["", ".", ".."] {
        let error = Items { id, filter: None }.send(&client).await.unwrap_err();
        assert_local(&error, &gateway);
        assert_eq!(error.field(), Some("id"));
    }
    for path in [
        "/v3/orders/../x",
        "/v3/./x",
        "/v3/%2e%2E/x",
        "/v3/a b",
        "/v3/中",
        "/v3/x?a=1",
        "/v3/x#y",
        "/v3/{id}/x",
    ] {
        assert_local(&client.request(Method::GET, path).send().await.unwrap_err(), &gateway);
    }
}

#[tokio::test]
async fn e2_the_signed_query_is_the_sent_query() {
    let gateway = gateway();
    let transport = RecordingTransport::new();
    let client = gateway.client_builder().transport(transport.clone()).build().unwrap();
    let json = r#"{"a":["x y","&=+%"],"b":"中"}"#;
    for filter in HARD_VALUES.into_iter().chain(["&", "=", "+", "a=b&c=d", json, ""]) {
        let response = Items {
            id: "1",
            filter: Some(filter),
        }
        .send(&client)
        .await
        .unwrap();
        assert_eq!(response["filter"], filter);
        let (signed, sent) = (transport.sent().pop().unwrap(), gateway.last_request().unwrap());
        assert_eq!(signed.target, sent.target());
        assert!(
            sent.target()
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-._~/?=%&".contains(&byte))
        );
    }
}

#[tokio::test]
async fn e3_a_header_field_with_cr_lf_or_nul_is_refused() {
    #[wechatpay_endpoint(POST, "/v3/orders")]
    struct Keyed<'a> {
        #[wechatpay(header = "Idempotency-Key")]
        key: &'a str,
    }
    let gateway = gateway();
    let client = client(&gateway);
    for key in ["a\rb", "a\nb", "a\r\nX-Injected: 1", "a\0b", "\n", "a\x7Fb", "a\x1Bb"] {
        let error = Keyed { key }.send(&client).await.unwrap_err();
        assert_local(&error, &gateway);
        assert_eq!(error.field(), Some("Idempotency-Key"));
        let error = client
            .call(&Items { id: "1", filter: None })
            .header("X-Key", key)
            .await
            .unwrap_err();
        assert_local(&error, &gateway);
    }
    Keyed { key: "中文 ok" }.send(&client).await.unwrap();
}

#[tokio::test]
async fn e4_a_hostile_file_name_is_sent_as_a_name() {
    #[wechatpay_endpoint(POST, "/v3/upload")]
    struct UploadFile {
        #[wechatpay(file)]
        file: Upload,
    }
    let gateway = gateway();
    let client = client(&gateway);
    for name in [
        "a\".jpg",
        "a\r\nContent-Type: text/html\r\n\r\n.jpg",
        "../../etc/passwd",
        "营业执照.jpg",
        "a\\b.jpg",
        "\0.jpg",
        "a\"; filename=\"b.jpg",
        "--boundary--",
        "",
        "%22.jpg",
        "a;b=c.jpg",
    ] {
        let upload = UploadFile {
            file: Upload::new(name, b"content".to_vec()),
        };
        upload.send(&client).await.unwrap();
        let received = gateway.last_request().unwrap();
        assert!(received.refusal().is_none());
        // The part `meta` is what was signed, and it has the unescaped name.
        assert_eq!(received.json()["filename"], name);
        let names: Vec<&str> = received.parts().iter().map(|part| part.name()).collect();
        assert_eq!(names, ["meta", "file"], "{name:?}");
        assert_eq!(&received.part("file").unwrap().bytes()[..], b"content");
    }
}

#[tokio::test]
async fn p5_the_boundary_of_an_upload_has_at_most_70_characters() {
    #[wechatpay_endpoint(POST, "/v3/upload")]
    struct UploadFile {
        #[wechatpay(file)]
        file: Upload,
    }
    let gateway = gateway();
    let upload = UploadFile {
        file: Upload::new("a.jpg", b"content".to_vec()),
    };
    upload.send(&client(&gateway)).await.unwrap();
    let received = gateway.last_request().unwrap();
    let content_type = received.header("Content-Type").unwrap();
    let boundary = content_type.strip_prefix("multipart/form-data; boundary=").unwrap();
    // RFC 2046, section 5.1.1.
    assert!((1..=70).contains(&boundary.len()), "{} characters", boundary.len());
    assert!(
        boundary
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    );
}

/// `CONNECT` would send host and port as its target, but another target would be signed.
#[tokio::test]
async fn s17_a_method_that_the_api_does_not_have_is_refused() {
    let gateway = gateway();
    let client = client(&gateway);
    for method in ["CONNECT", "HEAD", "OPTIONS", "TRACE", "get", "PROPFIND"] {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let error = client.request(method.clone(), "/v3/orders").send().await.unwrap_err();
        assert_local(&error, &gateway);
        assert_eq!(error.kind(), ErrorKind::Request);
        assert!(error.to_string().contains("GET, POST, PUT, PATCH or DELETE"), "{error}");
    }
    for method in [Method::GET, Method::POST, Method::PUT, Method::PATCH, Method::DELETE] {
        gateway.on(method.clone(), "/v3/methods", |_| json!({}));
        client.request(method, "/v3/methods").send().await.unwrap();
    }
}

#[tokio::test]
async fn e5_the_caller_cannot_set_the_headers_of_the_client() {
    let gateway = gateway();
    let client = client(&gateway);
    for name in [
        "Authorization",
        "authorization",
        "HOST",
        "Content-Length",
        "Transfer-Encoding",
        "Wechatpay-Serial",
    ] {
        assert_local(
            &client
                .request(Method::POST, "/v3/orders")
                .header(name, "x")
                .send()
                .await
                .unwrap_err(),
            &gateway,
        );
    }
    for name in ["", "a b", "a:b", "中"] {
        assert_local(
            &client
                .request(Method::POST, "/v3/orders")
                .header(name, "x")
                .send()
                .await
                .unwrap_err(),
            &gateway,
        );
    }
}

#[test]
fn e6_a_base_url_that_cannot_be_trusted_is_refused() {
    let gateway = gateway();
    for url in [
        "http://api.mch.weixin.qq.com",
        "http://10.0.0.1",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "https://user@api.mch.weixin.qq.com",
        "https://user:password@api.mch.weixin.qq.com",
        "http://127.0.0.1@example.com",
        "https://api.mch.weixin.qq.com/v3",
        "https://api.mch.weixin.qq.com?a=b",
        "https://api.mch.weixin.qq.com#a",
        "ftp://api.mch.weixin.qq.com",
        "file:///etc/passwd",
        "api.mch.weixin.qq.com",
        "https://",
        "",
    ] {
        for builder in [
            gateway.client_builder().base_url(url),
            gateway.client_builder().backup_url(url),
        ] {
            let error = builder.build().unwrap_err();
            assert_eq!(
                (error.outcome(), error.kind()),
                (Outcome::Local, ErrorKind::Configuration),
                "{url}"
            );
            assert!(!full_text(&error).contains("password@"));
        }
    }
    for url in [
        "https://api.mch.weixin.qq.com",
        "https://apihk.mch.weixin.qq.com/",
        "http://localhost:1",
        "http://[::1]:1",
    ] {
        gateway.client_builder().base_url(url).build().unwrap();
    }
}

#[tokio::test]
async fn e7_failing_randomness_and_a_clock_before_1970_are_errors() {
    let gateway = gateway();
    let machine = Machine::default();
    let client = gateway.client_builder().system(machine.clone()).build().unwrap();
    machine.break_randomness(true);
    let error = client.request(Method::POST, "/v3/orders").send().await.unwrap_err();
    assert_local(&error, &gateway);
    assert_eq!(error.kind(), ErrorKind::System);
    machine.break_randomness(false);
    machine.set(-1);
    let error = client.request(Method::POST, "/v3/orders").send().await.unwrap_err();
    assert_local(&error, &gateway);
    assert_eq!(error.kind(), ErrorKind::System);
    assert!(error.to_string().contains("1970"), "{error}");
    // A client cannot even be built without randomness.
    let broken = Machine::default();
    broken.break_randomness(true);
    assert_eq!(
        gateway.client_builder().system(broken).build().unwrap_err().kind(),
        ErrorKind::System
    );
    let nonce = || gateway.last_request().unwrap().nonce_str().unwrap().to_owned();
    let client = self::client(&gateway);
    client.request(Method::POST, "/v3/orders").send().await.unwrap();
    let first = nonce();
    client.request(Method::POST, "/v3/orders").send().await.unwrap();
    assert!(first.len() == 32 && first != nonce());
}
