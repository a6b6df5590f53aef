//! Details in which the gateway equals the service byte for byte, because programs depend on them.
#![expect(clippy::unwrap_used, reason = "a failed test may panic")]

use serde_json::{Value, json};
use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    thread,
};
use wechatpay_core::{Client, Method, PrivateKey};
use wechatpay_gateway::{Fault, Gateway, PlatformMode};

#[tokio::test]
async fn p1_a_response_is_signed_with_the_kind_of_key_that_the_request_announces() {
    let gateway = Gateway::builder().mode(PlatformMode::Mixed).start().unwrap();
    gateway.on(Method::GET, "/v3/orders", |_| json!({}));
    let signed_by = async |client: Client| {
        let response = client.request(Method::GET, "/v3/orders").send().await.unwrap();
        let serial = response.headers()["Wechatpay-Serial"].to_str().unwrap().to_owned();
        serial.starts_with("PUB_KEY_ID_")
    };
    // In public-key mode a client announces the key with every request. With certificates only, these requests announce
    // none.
    for _ in 0..3 {
        assert!(signed_by(gateway.client().unwrap()).await);
        let certificates = Client::builder()
            .merchant(
                gateway.mchid(),
                gateway.serial_no(),
                PrivateKey::from_pem(gateway.merchant_private_key_pem()).unwrap(),
            )
            .platform_certificates()
            .api_v3_key(gateway.api_v3_key())
            .base_url(gateway.url())
            .build()
            .unwrap();
        assert!(!signed_by(certificates).await);
    }
}

#[test]
fn p1_notifications_are_signed_with_both_kinds_of_key_alternately() {
    let gateway = Gateway::builder().mode(PlatformMode::Mixed).start().unwrap();
    let by_public_key = |_| {
        let posted = gateway.notification("TRANSACTION.SUCCESS", json!({})).sign().unwrap();
        posted.headers()["Wechatpay-Serial"]
            .as_bytes()
            .starts_with(b"PUB_KEY_ID_")
    };
    let kinds: Vec<bool> = (0..4).map(by_public_key).collect();
    assert!(
        kinds == [true, false, true, false] || kinds == [false, true, false, true],
        "{kinds:?}"
    );
}

/// The bytes of the response to an unsigned request.
fn raw(gateway: &Gateway) -> String {
    let address = gateway.url().trim_start_matches("http://").to_owned();
    let mut stream = TcpStream::connect(&address).unwrap();
    let request = format!("GET /v3/orders HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

#[test]
fn p2_header_names_are_spelled_as_the_service_spells_them() {
    let gateway = Gateway::start().unwrap();
    let by_library = raw(&gateway);
    gateway.misbehave(Fault::CloseAfterResponse);
    let by_hand = raw(&gateway);
    for text in [by_library, by_hand] {
        let head = text.split("\r\n\r\n").next().unwrap();
        let names: Vec<&str> = head.lines().skip(1).filter_map(|line| line.split(':').next()).collect();
        assert!(
            names.contains(&"Request-ID") && names.contains(&"Content-Type"),
            "{head}"
        );
        assert!(
            names
                .iter()
                .all(|name| name.starts_with(|first: char| first.is_ascii_uppercase())),
            "{head}"
        );
    }
}

#[test]
fn p2_header_names_of_a_notification_are_spelled_as_the_service_spells_them() {
    let gateway = Gateway::start().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let shop = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut text = vec![0; 16 << 10];
        let mut length = 0;
        while !String::from_utf8_lossy(&text).contains("\r\n\r\n") {
            length += stream.read(text.get_mut(length..).unwrap()).unwrap();
        }
        stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").unwrap();
        // Wait until the client has read the response.
        let _ = stream.read_to_end(&mut Vec::new());
        text.truncate(length);
        String::from_utf8(text).unwrap()
    });
    gateway.notification("X", json!({})).send_blocking(&url).unwrap();
    let text = shop.join().unwrap();
    for name in ["Request-ID", "Wechatpay-Timestamp", "Wechatpay-Serial", "Content-Type"] {
        assert!(text.contains(&format!("\r\n{name}: ")), "{text}");
    }
}

#[tokio::test]
async fn u2_a_notification_that_was_parsed_and_serialized_again_is_refused() {
    let gateway = Gateway::start().unwrap();
    let receiver = gateway.client().unwrap().notifications();
    let posted = gateway
        .notification("TRANSACTION.SUCCESS", json!({ "out_trade_no": "A-1" }))
        .sign()
        .unwrap();
    receiver
        .receive::<Value>(posted.headers(), posted.body())
        .await
        .unwrap();

    let parsed: Value = serde_json::from_slice(posted.body()).unwrap();
    for again in [
        serde_json::to_vec(&parsed).unwrap(),
        serde_json::to_vec_pretty(&parsed).unwrap(),
    ] {
        let refused = receiver.receive::<Value>(posted.headers(), &again).await.unwrap_err();
        assert_eq!(refused.status().as_u16(), 401);
    }
}

#[tokio::test]
async fn p4_plaintext_where_a_ciphertext_belongs_is_refused_with_the_name_of_the_field() {
    let gateway = Gateway::start().unwrap();
    let path = "/v3/profitsharing/receivers/add";
    gateway.on(
        Method::POST,
        path,
        |request| json!({ "name": request.plaintext("name") }),
    );
    let client = gateway.client().unwrap();
    let send = async |name: &str| {
        let body = json!({ "appid": "wx1", "type": "MERCHANT_ID", "account": "86693852", "name": name });
        client.request(Method::POST, path).json(&body).send().await
    };
    let error = send("张三").await.unwrap_err();
    assert_eq!(
        (error.status().unwrap().as_u16(), error.code()),
        (400, Some("PARAM_ERROR"))
    );
    assert_eq!(error.message(), Some("请确认待处理的消息是否为加密后的密文"));
    assert_eq!(error.detail().unwrap()["field"], "/name");
    assert_eq!(send(&client.encrypt("张三").unwrap()).await.unwrap()["name"], "张三");
    // An empty text is never encrypted.
    send("").await.unwrap();
}
