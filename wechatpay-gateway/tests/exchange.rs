//! The gateway as a server: it verifies every request and signs its responses.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed test may panic")]

mod support;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::Method;
use serde_json::json;
use std::{net::TcpStream, time::Instant};
use support::{Request, encrypt, nonce, now, platform_key};
use wechatpay_core::{
    PrivateKey,
    crypto::{aws_lc_rs::AwsLcRs, rsa::Rsa},
    keys::{ApiV3Key, Certificate},
};
use wechatpay_gateway::{Fault, Gateway, GatewayResponse, PlatformMode, generate};

const ORDER: &str = "/v3/pay/transactions/jsapi";

fn gateway() -> Gateway {
    let gateway = Gateway::start().unwrap();
    gateway.on(Method::POST, ORDER, |_| json!({ "prepay_id": "wx1" }));
    gateway
}

fn order(gateway: &Gateway) -> Request {
    Request::post(gateway, ORDER, json!({ "out_trade_no": "A-1" }).to_string())
}

#[tokio::test]
async fn a_valid_request_gets_a_signed_response() {
    let gateway = gateway();
    let request = order(&gateway);
    let response = request.send().await;
    assert_eq!((response.status, response.json()), (200, json!({ "prepay_id": "wx1" })));
    assert!(response.is_genuine(&gateway));
    assert_eq!(response.serial(), gateway.public_key_id());
    assert_eq!(response.header("wechatpay-signature-type"), "WECHATPAY2-SHA256-RSA2048");
    assert!(!response.header("request-id").is_empty());
    let received = gateway.last_request().unwrap();
    assert_eq!(received.refusal(), None);
    assert_eq!(received.signed_message(), request.message());
    assert_eq!(received.json()["out_trade_no"], "A-1");
    assert_eq!(&received.body()[..], request.body);
}

#[tokio::test]
async fn a_204_is_signed_too() {
    let gateway = Gateway::start().unwrap();
    gateway.on(Method::POST, "/v3/orders/{id}/close", |_| ());
    let response = Request::post(&gateway, "/v3/orders/1/close", "{}").send().await;
    assert_eq!((response.status, response.body.len()), (204, 0));
    assert!(response.is_genuine(&gateway));
}

#[tokio::test]
async fn an_invalid_authorization_gets_an_unsigned_401() {
    let gateway = gateway();
    let stranger = generate::private_key_pem().unwrap().to_string();
    let right = || order(&gateway);
    let wrong = [
        (
            "no authorization",
            Request {
                authorization: Some(String::new()),
                ..right()
            },
        ),
        (
            "another scheme",
            Request {
                scheme: "WECHATPAY2-SM2-WITH-SM3",
                ..right()
            },
        ),
        (
            "another merchant",
            Request {
                id: "1900000999".to_owned(),
                ..right()
            },
        ),
        (
            "another certificate",
            Request {
                serial_no: "AB".repeat(20),
                ..right()
            },
        ),
        (
            "another key",
            Request {
                key_pem: stranger,
                ..right()
            },
        ),
        (
            "another body",
            Request {
                signed_body: Some(b"{}".to_vec()),
                ..right()
            },
        ),
        (
            "old",
            Request {
                timestamp: (now() - 302).to_string(),
                ..right()
            },
        ),
        (
            "from the future",
            Request {
                // Far enough in the future that it is still invalid when a busy machine sends it late.
                timestamp: (now() + 600).to_string(),
                ..right()
            },
        ),
        (
            "milliseconds",
            Request {
                timestamp: format!("{}000", now()),
                ..right()
            },
        ),
        (
            "not a number",
            Request {
                timestamp: format!("+{}", now()),
                ..right()
            },
        ),
        (
            "the brand's scheme",
            Request {
                scheme: "WECHATPAY-BRAND-SHA256-RSA2048",
                label: "brand_id",
                ..right()
            },
        ),
    ];
    for (what, request) in wrong {
        let response = request.send().await;
        assert_eq!(
            (response.status, response.code().as_str()),
            (401, "SIGN_ERROR"),
            "{what}"
        );
        assert_eq!(response.serial(), "", "{what}");
        assert!(!response.header("request-id").is_empty(), "{what}");
        let received = gateway.last_request().unwrap();
        assert_eq!(
            received.refusal().map(|refusal| refusal.code()),
            Some("SIGN_ERROR"),
            "{what}"
        );
        assert!(received.json().is_null(), "{what}");
    }
    let changed = Request {
        signed_body: Some(b"{}".to_vec()),
        ..right()
    }
    .send()
    .await
    .json();
    assert_eq!(changed["detail"]["sign_information"]["url"], ORDER);
    assert_eq!(right().send().await.status, 200);
}

#[tokio::test]
async fn a_timestamp_is_valid_for_five_minutes() {
    let gateway = gateway();
    for timestamp in [now() - 298, now() + 298] {
        assert_eq!(
            Request {
                timestamp: timestamp.to_string(),
                ..order(&gateway)
            }
            .send()
            .await
            .status,
            200
        );
    }
}

#[tokio::test]
async fn a_nonce_is_valid_for_one_request() {
    let gateway = gateway();
    let request = order(&gateway);
    assert_eq!(request.send().await.status, 200);
    let again = request.send().await;
    assert_eq!((again.status, again.code().as_str()), (401, "SIGN_ERROR"));
    assert_eq!(
        Request {
            nonce: nonce(),
            ..request
        }
        .send()
        .await
        .status,
        200
    );
}

#[tokio::test]
async fn the_signature_is_verified_over_the_target_as_it_was_sent() {
    let gateway = Gateway::start().unwrap();
    gateway.on(
        Method::GET,
        "/v3/orders/{id}",
        |request| json!({ "id": request.path("id") }),
    );
    let target = "/v3/orders/a%2Fb%3F%20%E5%BC%A0?q=%2B%26%3D&q=1%202&e=%F0%9F%98%80";
    let response = Request::get(&gateway, target).send().await;
    assert_eq!((response.status, response.json()), (200, json!({ "id": "a/b? 张" })));
    let received = gateway.last_request().unwrap();
    assert_eq!(received.target(), target);
    assert_eq!(received.template(), Some("/v3/orders/{id}"));
    assert_eq!(received.query("q"), Some("+&="));
    assert_eq!(received.query_pairs().len(), 3);
    assert_eq!(received.query("e"), Some("😀"));
    assert_eq!(gateway.requests_to("/v3/orders/{id}").len(), 1);
    assert_eq!(gateway.requests_to("/v3/other").len(), 0);
}

#[tokio::test]
async fn an_unregistered_operation_is_not_found() {
    let gateway = gateway();
    for request in [Request::get(&gateway, "/v3/unknown"), Request::get(&gateway, ORDER)] {
        let response = request.send().await;
        assert_eq!(
            (response.status, response.code().as_str()),
            (404, "RESOURCE_NOT_EXISTS")
        );
        assert!(response.is_genuine(&gateway));
    }
}

#[tokio::test]
async fn a_body_that_is_not_valid_json_is_a_param_error() {
    let gateway = gateway();
    for body in [
        "{",
        "{\"a\":1}x",
        "\u{feff}{}",
        r#"{"a":null}"#,
        r#"{"a":[{"b":null}]}"#,
    ] {
        let response = Request::post(&gateway, ORDER, body).send().await;
        assert_eq!(
            (response.status, response.code().as_str()),
            (400, "PARAM_ERROR"),
            "{body}"
        );
        assert!(response.is_genuine(&gateway), "{body}");
    }
    let response = Request::post(&gateway, ORDER, r#"{"a":[{"b":null}]}"#).send().await;
    assert_eq!(response.json()["detail"]["field"], "/a/0/b");
    let form = Request {
        content_type: "text/plain".to_owned(),
        ..order(&gateway)
    }
    .send()
    .await;
    assert_eq!(form.status, 415);
}

#[tokio::test]
async fn a_request_without_user_agent_is_a_param_error() {
    let gateway = gateway();
    let mut request = order(&gateway);
    request.headers.remove("user-agent");
    assert_eq!(request.send().await.status, 400);
}

#[tokio::test]
async fn sensitive_fields_are_decrypted_wherever_they_are() {
    let gateway = Gateway::start().unwrap();
    gateway.on(Method::POST, "/v3/a", |request| {
        assert_eq!(request.json()["receivers"][0]["name"], "张三");
    });
    gateway.on(Method::GET, "/v3/b", |_| ());
    let body = json!({
        "id": encrypt(&gateway, "110101"),
        "receivers": [{ "name": encrypt(&gateway, "张三"), "account": "o1" }],
        "empty": "",
    });
    let serial = gateway.public_key_id();
    let response = Request::post(&gateway, "/v3/a", body.to_string())
        .header("wechatpay-serial", &serial)
        .send()
        .await;
    assert_eq!(response.status, 204);
    let received = gateway.last_request().unwrap();
    assert!(received.is_encrypted("receivers[0].name"));
    assert!(!received.is_encrypted("receivers[0].account"));
    assert_eq!(received.plaintext("receivers[0].name"), Some("张三"));
    assert_eq!(received.field("receivers[0].name"), "张三");
    assert_eq!(received.field("receivers[1].name"), &json!(null));
    assert_eq!(
        received.encrypted_fields().collect::<Vec<_>>(),
        ["id", "receivers[0].name"]
    );
    assert_eq!(received.announced_serial(), Some(serial.as_str()));
    let shown = format!("{received:?}");
    assert!(
        !shown.contains("张三") && !shown.contains("110101") && !shown.contains("WECHATPAY2"),
        "{shown}"
    );

    let name = encrypt(&gateway, "李四")
        .replace('+', "%2B")
        .replace('/', "%2F")
        .replace('=', "%3D");
    let target = format!("/v3/b?name={name}&page=1");
    assert_eq!(
        Request::get(&gateway, &target)
            .header("wechatpay-serial", &serial)
            .send()
            .await
            .status,
        204
    );
    let received = gateway.last_request().unwrap();
    assert_eq!(
        (received.query("name"), received.is_encrypted("name")),
        (Some("李四"), true)
    );
    assert!(!received.is_encrypted("page"));
}

#[tokio::test]
async fn a_ciphertext_that_cannot_be_decrypted_is_a_param_error() {
    let gateway = gateway();
    let good = encrypt(&gateway, "张三");
    let mut bytes = STANDARD.decode(&good).unwrap();
    bytes[100] ^= 1;
    let serial = gateway.public_key_id();
    let post = |text: &str| Request::post(&gateway, ORDER, json!({ "name": text }).to_string());
    let cases = [
        ("no serial", post(&good)),
        ("unknown serial", post(&good).header("wechatpay-serial", "PUB_KEY_ID_9")),
        (
            "changed",
            post(&STANDARD.encode(bytes)).header("wechatpay-serial", &serial),
        ),
    ];
    for (what, request) in cases {
        let response = request.send().await;
        assert_eq!(
            (response.status, response.code().as_str()),
            (400, "PARAM_ERROR"),
            "{what}"
        );
    }
    assert_eq!(post(&good).header("wechatpay-serial", &serial).send().await.status, 200);
}

#[tokio::test]
async fn an_encrypted_response_field_is_decrypted_with_the_merchants_key() {
    let gateway = Gateway::start().unwrap();
    gateway.on(
        Method::GET,
        "/v3/a",
        |request| json!({ "name": request.encrypt("张三"), "none": request.encrypt("") }),
    );
    let response = Request::get(&gateway, "/v3/a").send().await.json();
    let key = PrivateKey::from_pem(gateway.merchant_private_key_pem()).unwrap();
    let decrypt = |text: &str| key.decrypt(&STANDARD.decode(text).unwrap()).unwrap().to_vec();
    assert_eq!(decrypt(response["name"].as_str().unwrap()), "张三".as_bytes());
    assert_eq!(response["none"], "");
    assert_eq!(decrypt(&gateway.encrypt("李四")), "李四".as_bytes());
}

#[tokio::test]
async fn an_upload_is_signed_over_its_meta() {
    let gateway = Gateway::start().unwrap();
    gateway.on(
        Method::POST,
        "/v3/merchant/media/upload",
        |request| json!({ "media_id": request.part("file").and_then(|file| file.file_name()) }),
    );
    let meta = r#"{"filename":"张.png","sha256":"00"}"#;
    let body = format!(
        "--b0\r\nContent-Disposition: form-data; name=\"meta\"\r\nContent-Type: application/json\r\n\r\n{meta}\r\n\
         --b0\r\nContent-Disposition: form-data; name=\"file\"; filename=\"张.png\"\r\nContent-Type: image/png\r\n\r\n\
         bytes\r\n--b0--\r\n"
    );
    let upload = Request {
        content_type: "multipart/form-data; boundary=b0".to_owned(),
        signed_body: Some(meta.into()),
        ..Request::post(&gateway, "/v3/merchant/media/upload", body)
    };
    let response = upload.send().await;
    assert_eq!(
        (response.status, response.json()),
        (200, json!({ "media_id": "张.png" }))
    );
    let received = gateway.last_request().unwrap();
    assert_eq!(received.json()["sha256"], "00");
    assert_eq!(&received.part("file").unwrap().bytes()[..], b"bytes");
    assert_eq!(received.parts().len(), 2);
    let whole = Request {
        signed_body: None,
        nonce: nonce(),
        ..upload
    }
    .send()
    .await;
    assert_eq!(whole.status, 401);
}

#[tokio::test]
async fn a_download_is_not_signed() {
    let gateway = Gateway::start().unwrap();
    gateway.on(Method::GET, "/v3/billdownload/file", |_| {
        GatewayResponse::bytes("text/plain", "bill")
    });
    let response = Request::get(&gateway, "/v3/billdownload/file?token=x").send().await;
    assert_eq!(
        (response.status, response.body.as_slice(), response.serial()),
        (200, &b"bill"[..], "")
    );
}

#[tokio::test]
async fn a_generated_download_is_generated_while_it_is_sent() {
    let gateway = Gateway::start().unwrap();
    gateway.on(Method::GET, "/v3/billdownload/file", |_| {
        GatewayResponse::generated("text/plain", || (0..1000).map(|row| Bytes::from(format!("`{row}\n"))))
    });
    let whole = Request::get(&gateway, "/v3/billdownload/file").send().await;
    assert_eq!(
        (whole.status, whole.serial(), whole.header("transfer-encoding")),
        (200, "", "chunked")
    );
    assert!(whole.body.starts_with(b"`0\n`1\n") && whole.body.ends_with(b"`999\n"));
    gateway.misbehave(Fault::CloseMidway { after: 500 });
    assert!(
        Request::get(&gateway, "/v3/billdownload/file")
            .try_send()
            .await
            .is_err()
    );
}

#[test]
fn a_gateway_can_be_shared_between_threads() {
    fn shared<T: Send + Sync>(_: &T) {}
    let gateway = Gateway::start().unwrap();
    shared(&gateway);
    shared(&gateway.add_host().unwrap());
    shared(&gateway.notification("A", json!({})));
}

#[tokio::test]
async fn responses_carry_their_status_and_headers() {
    let gateway = Gateway::start().unwrap();
    gateway.on(Method::GET, "/v3/error", |_| {
        GatewayResponse::error(403, "NO_AUTH", "无权限").header("x-a", "b")
    });
    gateway.on(Method::GET, "/v3/bare", |_| {
        GatewayResponse::json(500, &json!({})).unsigned()
    });
    gateway.on(Method::GET, "/v3/result", |_| -> Result<(), GatewayResponse> {
        Err(GatewayResponse::empty(202))
    });
    let error = Request::get(&gateway, "/v3/error").send().await;
    assert_eq!(
        (error.status, error.code().as_str(), error.header("x-a")),
        (403, "NO_AUTH", "b")
    );
    assert!(error.is_genuine(&gateway));
    let bare = Request::get(&gateway, "/v3/bare").send().await;
    assert_eq!((bare.status, bare.serial()), (500, ""));
    assert_eq!(Request::get(&gateway, "/v3/result").send().await.status, 202);
}

#[tokio::test]
async fn the_brand_has_its_own_scheme_and_key() {
    let gateway = Gateway::start().unwrap();
    gateway.on(
        Method::GET,
        "/brand/a",
        |request| json!({ "name": request.encrypt("品牌") }),
    );
    let brand = Request {
        scheme: "WECHATPAY-BRAND-SHA256-RSA2048",
        label: "brand_id",
        id: gateway.brand_id().to_owned(),
        serial_no: gateway.brand_serial_no().to_owned(),
        key_pem: gateway.brand_private_key_pem().to_owned(),
        ..Request::get(&gateway, "/brand/a")
    };
    let response = brand.send().await;
    assert_eq!(response.status, 200);
    assert!(response.is_genuine(&gateway));
    let key = PrivateKey::from_pem(gateway.brand_private_key_pem()).unwrap();
    let name = STANDARD.decode(response.json()["name"].as_str().unwrap()).unwrap();
    assert_eq!(key.decrypt(&name).unwrap().to_vec(), "品牌".as_bytes());
    assert_eq!(Request::get(&gateway, "/brand/a").send().await.status, 401);
}

#[tokio::test]
async fn a_merchant_with_a_public_key_has_no_certificates() {
    let gateway = Gateway::start().unwrap();
    let response = Request::get(&gateway, "/v3/certificates").send().await;
    assert_eq!(
        (response.status, response.code().as_str()),
        (404, "RESOURCE_NOT_EXISTS")
    );
    assert!(gateway.certificate_pems().is_empty());
}

#[tokio::test]
async fn the_list_of_certificates_is_decrypted_with_the_api_v3_key() {
    let gateway = Gateway::builder().mode(PlatformMode::Certificates).start().unwrap();
    assert_eq!(
        (gateway.public_key_id(), gateway.public_key_pem()),
        (String::new(), String::new())
    );
    let first = Request::get(&gateway, "/v3/certificates").send().await;
    assert!(first.is_genuine(&gateway));
    let fresh = gateway.rotate().unwrap();
    let second = Request::get(&gateway, "/v3/certificates").send().await;
    assert_eq!(second.serial(), fresh);
    assert_ne!(first.serial(), fresh);
    assert!(second.is_genuine(&gateway));
    let key = ApiV3Key::new(gateway.api_v3_key()).unwrap();
    let list = second.json();
    let data = list["data"].as_array().unwrap();
    assert_eq!(data.len(), 2);
    for entry in data {
        let encrypted = &entry["encrypt_certificate"];
        let text = |name: &str| encrypted[name].as_str().unwrap().to_owned();
        let ciphertext = STANDARD.decode(text("ciphertext")).unwrap();
        let pem = key
            .decrypt(
                &AwsLcRs,
                text("nonce").as_bytes(),
                text("associated_data").as_bytes(),
                &ciphertext,
            )
            .unwrap();
        let certificate = Certificate::from_pem(&*pem).unwrap();
        assert_eq!(certificate.serial_no().as_str(), entry["serial_no"]);
        assert!(certificate.is_valid_at(now().try_into().unwrap()));
    }
}

#[tokio::test]
async fn the_list_holds_the_ten_newest_certificates() {
    let gateway = Gateway::builder().mode(PlatformMode::Certificates).start().unwrap();
    let newest = (0..12).map(|_| gateway.rotate().unwrap()).last().unwrap();
    assert_eq!(gateway.certificate_pems().len(), 13);
    let list = gateway.certificate_list().unwrap();
    assert_eq!(list["data"].as_array().unwrap().len(), 10);
    assert_eq!(list["data"][9]["serial_no"], newest.as_str());
}

#[tokio::test]
async fn a_certificate_can_be_issued_before_it_signs() {
    let gateway = Gateway::builder().mode(PlatformMode::Certificates).start().unwrap();
    let old = Request::get(&gateway, "/v3/certificates")
        .send()
        .await
        .serial()
        .to_owned();
    let issued = gateway.issue_certificate(now() + 86_400, now() + 2 * 86_400).unwrap();
    let response = Request::get(&gateway, "/v3/certificates").send().await;
    assert_eq!(response.serial(), old);
    assert_eq!(response.json()["data"][1]["serial_no"], issued.as_str());
}

#[tokio::test]
async fn after_a_rotation_the_old_public_key_still_decrypts() {
    let gateway = gateway();
    let old = gateway.public_key_id();
    let body = json!({ "name": encrypt(&gateway, "张三") }).to_string();
    let fresh = gateway.rotate().unwrap();
    assert_eq!(gateway.public_key_id(), fresh);
    let response = Request::post(&gateway, ORDER, body)
        .header("wechatpay-serial", &old)
        .send()
        .await;
    assert_eq!((response.status, response.serial()), (200, fresh.as_str()));
    assert!(response.is_genuine(&gateway));
    assert_ne!(old, fresh);
}

#[tokio::test]
async fn the_gateway_works_with_every_backend() {
    for backend in [&Rsa as &'static dyn wechatpay_core::crypto::Backend, &AwsLcRs] {
        let gateway = Gateway::builder().backend(backend).start().unwrap();
        gateway.on(Method::POST, ORDER, |_| ());
        let body = json!({ "name": encrypt(&gateway, "张三") }).to_string();
        let serial = gateway.public_key_id();
        let response = Request::post(&gateway, ORDER, body)
            .header("wechatpay-serial", &serial)
            .send()
            .await;
        assert_eq!(response.status, 204);
        assert!(response.is_genuine(&gateway));
    }
}

#[tokio::test]
async fn a_fixed_response_is_signed_and_no_request_is_recorded() {
    let gateway = Gateway::start().unwrap();
    gateway.on_fixed(Method::POST, "/v3/fast", &json!({ "a": 1 }));
    let request = Request {
        authorization: Some(String::new()),
        ..Request::post(&gateway, "/v3/fast", "{")
    };
    let (first, second) = (request.send().await, request.send().await);
    assert_eq!((first.status, first.json()), (200, json!({ "a": 1 })));
    assert!(first.is_genuine(&gateway));
    assert_eq!(
        first.header("wechatpay-signature"),
        second.header("wechatpay-signature")
    );
    assert_eq!(gateway.received(), 0);
}

#[tokio::test]
async fn the_last_requests_are_kept_and_all_are_counted() {
    let gateway = Gateway::builder().keep_requests(3).start().unwrap();
    gateway.on(Method::GET, "/v3/{n}", |_| ());
    for n in 0..5 {
        Request::get(&gateway, &format!("/v3/{n}")).send().await;
    }
    let kept: Vec<String> = gateway
        .requests()
        .iter()
        .map(|request| request.path("n").to_owned())
        .collect();
    assert_eq!(kept, ["2", "3", "4"]);
    assert_eq!(gateway.received(), 5);
}

#[tokio::test]
async fn another_merchant_is_another_gateway() {
    let pem = generate::private_key_pem().unwrap();
    let gateway = Gateway::builder()
        .mchid("1900000777")
        .merchant_key("ABCDEF", pem.as_str())
        .api_v3_key("x".repeat(32))
        .start()
        .unwrap();
    gateway.on(Method::GET, "/v3/a", |_| ());
    assert_eq!((gateway.mchid(), gateway.serial_no()), ("1900000777", "ABCDEF"));
    assert_eq!(Request::get(&gateway, "/v3/a").send().await.status, 204);
    assert!(Gateway::builder().api_v3_key("short").start().is_err());
    assert!(Gateway::builder().merchant_key("AB", "no key").start().is_err());
}

#[tokio::test]
async fn a_second_host_is_the_same_service() {
    let gateway = gateway();
    let backup = gateway.add_host().unwrap();
    gateway.host().go_down();
    assert!(TcpStream::connect(gateway.host().address()).is_err());
    assert!(order(&gateway).try_send().await.is_err());
    let response = Request {
        url: backup.url(),
        ..order(&gateway)
    }
    .send()
    .await;
    assert_eq!(response.status, 200);
    gateway.host().come_up().unwrap();
    assert_eq!(order(&gateway).send().await.status, 200);
    assert_eq!(gateway.requests_to(ORDER).len(), 2);
}

#[test]
fn a_gateway_starts_without_tokio_and_frees_its_port_when_dropped() {
    let gateway = Gateway::start().unwrap();
    let address = gateway.host().address();
    let open = TcpStream::connect(address).unwrap();
    let begin = Instant::now();
    drop(gateway);
    assert!(begin.elapsed().as_millis() < 1000);
    assert!(TcpStream::connect(address).is_err());
    drop(open);
}

#[tokio::test]
async fn a_gateway_can_be_dropped_within_tokio() {
    let gateway = gateway();
    assert_eq!(order(&gateway).send().await.status, 200);
    drop(gateway);
}

#[tokio::test]
async fn a_handler_that_panics_fails_the_test() {
    let gateway = Gateway::start().unwrap();
    gateway.on(Method::GET, "/v3/a", |request| {
        assert_eq!(request.query("a"), Some("1"), "the assertion of the handler");
    });
    assert_eq!(Request::get(&gateway, "/v3/a").send().await.status, 500);
    let dropped = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| drop(gateway)));
    let panic = dropped.unwrap_err();
    assert!(
        panic
            .downcast_ref::<String>()
            .unwrap()
            .contains("the assertion of the handler")
    );
}

#[test]
fn ten_gateways_start_and_stop_within_two_seconds() {
    drop(Gateway::start().unwrap());
    let begin = Instant::now();
    for _ in 0..10 {
        drop(Gateway::start().unwrap());
    }
    assert!(begin.elapsed().as_millis() < 2000, "{:?}", begin.elapsed());
}

#[test]
fn an_unknown_serial_names_no_key() {
    assert!(platform_key(&Gateway::start().unwrap(), "PUB_KEY_ID_9").is_none());
}
