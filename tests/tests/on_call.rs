//! What an on-call engineer reads: the log at INFO, and the text of an error.

use serde_json::{Value, json};
use std::{error::Error as _, io, sync::Arc, time::Duration};
use tracing::Level;
use tracing_subscriber::filter::LevelFilter;
use wechatpay_core::{
    Client, ClientBuilder, Error, ErrorKind, Method, Outcome, PrivateKey, PublicKey, RetryPolicy, Sensitive, Signer,
    crypto::{Failed, RsaPrivateKey, rsa::Rsa},
    error_codes,
    keys::{Certificate, KeyError},
    signer::SignError,
};
use wechatpay_gateway::{Fault, Gateway, GatewayResponse, PlatformMode};
use wechatpay_tests::{Events, Logged, quick};
use zeroize::Zeroizing;

const JSAPI: &str = "/v3/pay/transactions/jsapi";
const ORDER: &str = "/v3/pay/transactions/out-trade-no/{out_trade_no}";
const CANARY: &str = "canary-张三";

fn never(gateway: &Gateway) -> Client {
    gateway.client_builder().retry(RetryPolicy::never()).build().unwrap()
}

async fn pay(client: &Client) -> Error {
    let order = json!({ "out_trade_no": "A-1", "payer": CANARY });
    client
        .request(Method::POST, JSAPI)
        .json(&order)
        .send()
        .await
        .unwrap_err()
}

/// The only event of a call.
fn only(events: &Events) -> Logged {
    let mut events = events.take();
    assert_eq!(events.len(), 1, "{events:#?}");
    events.remove(0)
}

fn builder(gateway: &Gateway) -> ClientBuilder {
    Client::builder()
        .merchant_pem(gateway.mchid(), gateway.serial_no(), gateway.merchant_private_key_pem())
        .base_url(gateway.url())
}

#[tokio::test]
async fn u1_a_refusal_is_one_info_event_with_everything_that_support_needs() {
    let gateway = Gateway::start().unwrap();
    gateway.on(Method::GET, ORDER, |_| {
        GatewayResponse::json(
            404,
            &json!({
                "code": "ORDER_NOT_EXIST",
                "message": "订单不存在",
                "detail": { "field": "out_trade_no", "value": CANARY, "issue": "not found", "location": "uri" },
            }),
        )
        .header("Request-ID", "08F78BB4-268512771")
    });
    let client = never(&gateway);
    let events = Events::from_info();
    let path = format!("/v3/pay/transactions/out-trade-no/{CANARY}");
    client
        .request(Method::GET, ORDER)
        .path("out_trade_no", &CANARY)
        .send()
        .await
        .unwrap_err();
    let event = only(&events);
    assert_eq!(event.level, Level::INFO);
    for (name, value) in [
        ("message", "call failed"),
        ("http.request.method", "GET"),
        ("url.template", ORDER),
        ("server.address", "127.0.0.1"),
        ("http.response.status_code", "404"),
        ("error.type", "Service"),
        ("error.message", "the server responded with an error"),
        ("wechatpay.mchid", gateway.mchid()),
        ("wechatpay.request_id", "08F78BB4-268512771"),
        ("wechatpay.attempts", "1"),
        ("wechatpay.outcome", "Rejected"),
        ("wechatpay.code", "ORDER_NOT_EXIST"),
        ("wechatpay.message", "订单不存在"),
        ("wechatpay.detail", "out_trade_no: not found (uri)"),
    ] {
        assert_eq!(event.field(name), value, "{name}: {event:#?}");
    }
    assert!(event.field("wechatpay.elapsed_ms").parse::<u64>().is_ok(), "{event:#?}");
    assert!(event.field("wechatpay.hint").contains("268512771"), "{event:#?}");
    let said = format!("{event:?}");
    assert!(!said.contains(CANARY) && !said.contains(&path), "{said}");
}

#[tokio::test]
async fn u1_every_other_failure_is_a_warning_with_its_cause() {
    let gateway = Gateway::start().unwrap();
    gateway.on(Method::POST, JSAPI, |_| json!({ "prepay_id": "wx1" }));
    let client = never(&gateway);
    let events = Events::from_info();
    for (fault, kind, cause) in [
        (Fault::WrongKey, "Unverified", "the signature does not fit"),
        (Fault::Unsigned, "Unverified", "the response is not signed"),
        (Fault::Reset { committed: true }, "Interrupted", "broke"),
        (Fault::Html { status: 502 }, "Service", "it begins with"),
    ] {
        gateway.misbehave(fault);
        pay(&client).await;
        let event = only(&events);
        assert_eq!(
            (event.level, event.field("error.type")),
            (Level::WARN, kind),
            "{event:#?}"
        );
        assert_eq!(event.field("wechatpay.outcome"), "Unknown", "{event:#?}");
        assert!(event.field("error.message").contains(cause), "{event:#?}");
    }
    // Refused locally: nothing was sent, so there is no host.
    client.request(Method::POST, "no path").send().await.unwrap_err();
    let event = only(&events);
    assert_eq!((event.level, event.field("wechatpay.outcome")), (Level::WARN, "Local"));
    assert_eq!(event.field("server.address"), "", "{event:#?}");
}

#[tokio::test]
async fn u1_a_retry_and_a_change_of_hosts_are_warnings_with_their_cause() {
    let gateway = Gateway::start().unwrap();
    let backup = gateway.add_host().unwrap();
    gateway.on(Method::GET, "/v3/x", |_| json!({}));
    let client = gateway
        .client_builder()
        .backup_url(backup.url().replace("127.0.0.1", "localhost"))
        .retry(quick())
        .build()
        .unwrap();
    gateway.host().go_down();
    let events = Events::from_info();
    client.request(Method::GET, "/v3/x").send().await.unwrap();
    let events = events.take();
    assert!(events.iter().all(|event| event.level == Level::WARN), "{events:#?}");
    let with = |text: &str| events.iter().find(|event| event.field("message") == text).unwrap();
    let switched = with("calls go to another host from now on");
    assert_eq!(switched.field("server.address"), "localhost");
    assert!(!switched.field("error.message").is_empty());
    let retry = with("attempt failed, retrying");
    for (name, value) in [
        ("http.request.method", "GET"),
        ("url.template", "/v3/x"),
        ("server.address", "127.0.0.1"),
        ("error.type", "Connect"),
        ("wechatpay.retry.cause", "NotSent"),
        ("wechatpay.attempts", "1"),
    ] {
        assert_eq!(retry.field(name), value, "{name}: {retry:#?}");
    }
    assert!(retry.field("error.message").contains("refused"), "{retry:#?}");
    assert!(retry.field("wechatpay.retry.after_ms").parse::<u64>().is_ok());
}

#[tokio::test]
async fn u1_a_success_is_silent_at_info_and_one_event_at_debug() {
    let gateway = Gateway::start().unwrap();
    gateway.on(Method::GET, "/v3/x", |_| json!({}));
    let client = never(&gateway);
    {
        let events = Events::from_info();
        client.request(Method::GET, "/v3/x").send().await.unwrap();
        assert!(events.take().is_empty());
    }
    let events = Events::from(LevelFilter::DEBUG);
    client.request(Method::GET, "/v3/x").send().await.unwrap();
    let events = events.take();
    let success = events
        .iter()
        .find(|event| event.field("message") == "call succeeded")
        .unwrap();
    assert_eq!(
        (success.level, success.field("http.response.status_code")),
        (Level::DEBUG, "200")
    );
    assert_eq!(success.field("server.address"), "127.0.0.1");
    assert!(!success.field("wechatpay.request_id").is_empty());
}

#[tokio::test]
async fn u1_no_level_shows_a_secret() {
    let gateway = Gateway::start().unwrap();
    gateway.on(Method::POST, JSAPI, |request| {
        // The service returns the value that it was sent.
        let value = request.json()["payer"].clone();
        GatewayResponse::json(
            400,
            &json!({
                "code": "PARAM_ERROR", "message": "m", "detail": { "field": "/payer", "value": value, "issue": "i" },
            }),
        )
    });
    let client = never(&gateway);
    let events = Events::from(LevelFilter::TRACE);
    let error = pay(&client).await;
    let said = format!("{:?}{error}{error:?}{error:#?}{}", events.take(), error.chinese());
    assert!(said.contains("/payer") && said.contains("call failed"));
    assert!(!said.contains(CANARY), "{said}");
    assert!(
        !said.contains("WECHATPAY2-SHA256-RSA2048") && !said.contains(gateway.api_v3_key()),
        "{said}"
    );
    assert_eq!(error.detail().unwrap()["value"], CANARY);
}

#[tokio::test]
async fn u3_a_wrong_api_v3_key_is_the_reason_for_an_unknown_certificate() {
    let gateway = Gateway::builder().mode(PlatformMode::Certificates).start().unwrap();
    gateway.on(Method::GET, "/v3/x", |_| json!({}));
    let client = builder(&gateway)
        .platform_certificates()
        .api_v3_key("another-APIv3-key-with-32-bytes!")
        .retry(RetryPolicy::never())
        .build()
        .unwrap();
    let error = client.request(Method::GET, "/v3/x").send().await.unwrap_err();
    let said = error.to_string();
    assert!(
        said.contains("cannot be decrypted: is the APIv3 key the merchant's own?"),
        "{said}"
    );
    let hint = error.hint().unwrap();
    assert!(
        hint.english().contains("compare the APIv3 key") && hint.chinese().contains("APIv3密钥"),
        "{hint}"
    );
    assert!(!said.contains("turn on `platform_certificates()`"), "{said}");
}

#[tokio::test]
async fn u8_the_keys_of_the_merchant_are_refused_when_the_client_is_built() {
    let gateway = Gateway::start().unwrap();
    let own = PrivateKey::from_pem(gateway.merchant_private_key_pem()).unwrap();
    let own = PublicKey::from_der(&own.public_key_der()).unwrap();
    let error = builder(&gateway)
        .wechatpay_public_key("PUB_KEY_ID_1", own.clone())
        .build()
        .unwrap_err();
    assert!(
        error
            .to_string()
            .contains("the key given as WeChat Pay's is the merchant's own"),
        "{error}"
    );
    assert!(
        error.chinese().to_string().contains("pub_key.pem"),
        "{}",
        error.chinese()
    );
    let client = gateway.client().unwrap();
    assert!(client.add_wechatpay_public_key("PUB_KEY_ID_1", own.clone()).is_err());
    assert!(client.replace_wechatpay_public_key("PUB_KEY_ID_1", own).is_err());

    let key = PublicKey::from_pem(gateway.public_key_pem()).unwrap();
    let error = builder(&gateway)
        .wechatpay_public_key("0119000000", key)
        .build()
        .unwrap_err();
    assert!(
        error.to_string().contains("these ids begin with `PUB_KEY_ID_`"),
        "{error}"
    );
}

#[tokio::test]
async fn u8_a_wrong_id_and_a_wrong_key_have_different_hints() {
    let gateway = Gateway::start().unwrap();
    gateway.on(Method::GET, "/v3/x", |_| json!({}));
    let key = PublicKey::from_pem(gateway.public_key_pem()).unwrap();
    let client = builder(&gateway)
        .wechatpay_public_key("PUB_KEY_ID_0", key)
        .build()
        .unwrap();
    let error = client.request(Method::GET, "/v3/x").send().await.unwrap_err();
    let (configured, signed) = ("`PUB_KEY_ID_0`", format!("`{}`", gateway.public_key_id()));
    assert_eq!(
        error.hint().unwrap().english(),
        format!(
            "you configured {configured}, and the signature is by {signed}: copy the id and the key (pub_key.pem) again \
             from the merchant platform"
        )
    );
    let other = Gateway::builder().mode(PlatformMode::Certificates).start().unwrap();
    let other = PublicKey::from_pem(other.certificate_pems().remove(0)).unwrap();
    let client = builder(&gateway)
        .wechatpay_public_key(gateway.public_key_id(), other)
        .build()
        .unwrap();
    let error = client.request(Method::GET, "/v3/x").send().await.unwrap_err();
    let hint = error.hint().unwrap().english();
    let (key, proxy) = (hint.find("the key configured").unwrap(), hint.find("a proxy").unwrap());
    assert!(key < proxy, "{hint}");
}

#[tokio::test]
async fn u10_the_text_of_the_outcome_states_what_happened() {
    let gateway = Gateway::start().unwrap();
    let client = never(&gateway);
    let local = client.request(Method::POST, "no path").send().await.unwrap_err();
    assert!(
        local.to_string().contains("refused locally, nothing was sent: "),
        "{local}"
    );
    assert!(
        local.chinese().to_string().contains("本地拒绝，请求未发送"),
        "{}",
        local.chinese()
    );
    gateway.host().go_down();
    let not_sent = pay(&client).await;
    assert!(
        not_sent
            .to_string()
            .contains(&format!("{JSAPI}: did not reach the server: ")),
        "{not_sent}"
    );
}

#[tokio::test]
async fn u11_the_text_of_a_refusal_has_the_field_and_the_rule() {
    let gateway = Gateway::start().unwrap();
    gateway.on(Method::POST, JSAPI, |_| {
        GatewayResponse::json(
            400,
            &json!({
                "code": "PARAM_ERROR",
                "message": "参数错误",
                "detail": { "field": "/amount/total", "value": CANARY, "issue": "值低于最小值 1", "location": "body" },
            }),
        )
    });
    let error = pay(&never(&gateway)).await;
    let said = error.to_string();
    let expected = "rejected by WeChat Pay: the server responded with an error (status 400, PARAM_ERROR): 参数错误 \
                    [/amount/total: 值低于最小值 1 (body)]";
    assert!(said.contains(expected), "{said}");
    assert!(!format!("{said}{error:?}").contains(CANARY));
}

#[tokio::test]
async fn u16_an_expired_certificate_is_refused_by_date() {
    let gateway = Gateway::builder().mode(PlatformMode::Mixed).start().unwrap();
    let serial_no = gateway.issue_certificate(1_000_000_000, 1_100_000_000).unwrap();
    let issued = gateway
        .certificate_pems()
        .into_iter()
        .map(|pem| Certificate::from_pem(pem).unwrap());
    let expired = issued
        .into_iter()
        .find(|issued| issued.serial_no().as_str() == serial_no)
        .unwrap();
    let error = builder(&gateway)
        .platform_certificate(expired.clone())
        .build()
        .unwrap_err();
    for said in [error.to_string(), error.chinese().to_string()] {
        assert!(
            said.contains(expired.serial_no().as_str()) && said.contains("2004-11-09T11:33:20Z"),
            "{said}"
        );
    }
    // Beside a valid key this is a warning, and the expired certificate is not used.
    let key = PublicKey::from_pem(gateway.public_key_pem()).unwrap();
    let events = Events::from_info();
    let both = builder(&gateway)
        .platform_certificate(expired)
        .wechatpay_public_key(gateway.public_key_id(), key);
    both.build().unwrap();
    let event = only(&events);
    assert_eq!(
        (event.level, event.field("not_after")),
        (Level::WARN, "2004-11-09T11:33:20Z")
    );
}

#[tokio::test]
async fn u21_an_id_is_not_bound_to_another_key_by_adding_one() {
    let gateway = Gateway::start().unwrap();
    let client = gateway.client().unwrap();
    let id = gateway.public_key_id();
    let own = PublicKey::from_pem(gateway.public_key_pem()).unwrap();
    client.add_wechatpay_public_key(&id, own).unwrap();
    gateway.rotate().unwrap();
    let other = PublicKey::from_pem(gateway.public_key_pem()).unwrap();
    let error = client.add_wechatpay_public_key(&id, other.clone()).unwrap_err();
    assert!(
        error.to_string().contains("replace_wechatpay_public_key(id, key)"),
        "{error}"
    );
    client.replace_wechatpay_public_key(&id, other).unwrap();
}

/// A key service that is down.
struct Down;

impl Signer for Down {
    fn sign<'a>(
        &'a self,
        _: &'a [u8],
    ) -> std::pin::Pin<Box<dyn Future<Output = Result<Vec<u8>, SignError>> + Send + 'a>> {
        let refused = io::Error::new(io::ErrorKind::ConnectionRefused, "the key service is down");
        Box::pin(std::future::ready(Err(SignError::new(refused))))
    }
}

#[tokio::test]
async fn c9_the_text_of_an_error_and_its_chain_name_each_cause_once() {
    let gateway = Gateway::start().unwrap();
    let signer = gateway
        .client_builder()
        .merchant(gateway.mchid(), gateway.serial_no(), Down);
    let signing = pay(&signer.build().unwrap()).await;
    gateway.host().go_down();
    let connecting = pay(&never(&gateway)).await;
    for (error, cause) in [(&signing, "the key service is down"), (&connecting, "refused")] {
        let mut chain = error.to_string();
        let mut source = error.source();
        while let Some(error) = source {
            chain = format!("{chain}: {error}");
            source = error.source();
        }
        assert_eq!(chain.matches(cause).count(), 1, "{chain}");
    }
    assert!(signing.cause().unwrap().is::<SignError>());
    assert!(connecting.cause().is_some());
    assert_eq!(
        (signing.kind(), signing.outcome()),
        (ErrorKind::Signing, Outcome::Local)
    );
}

#[tokio::test]
async fn c19_the_chosen_backend_signs_too() {
    let gateway = Gateway::start().unwrap();
    gateway.on(Method::GET, "/v3/x", |_| json!({}));
    let key = PublicKey::from_pem(gateway.public_key_pem()).unwrap();
    let client = builder(&gateway)
        .crypto_backend(&Rsa)
        .wechatpay_public_key(gateway.public_key_id(), key)
        .build()
        .unwrap();
    client.request(Method::GET, "/v3/x").send().await.unwrap();
    let error = Client::builder().merchant_pem("1", "1", "no key").build().unwrap_err();
    assert!(error.to_string().contains(&KeyError::NotPem.to_string()), "{error}");
}

/// A security module that only signs.
struct SignsOnly(PrivateKey);

impl RsaPrivateKey for SignsOnly {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Failed> {
        self.0.sign(message)
    }

    fn decrypt(&self, _: &[u8]) -> Result<Zeroizing<Vec<u8>>, Failed> {
        Err(Failed)
    }

    fn can_decrypt(&self) -> bool {
        false
    }

    fn public_key_der(&self) -> Vec<u8> {
        self.0.public_key_der()
    }
}

#[tokio::test]
async fn c19_the_error_of_a_backend_without_decryption_names_the_reason() {
    #[derive(Debug, serde::Deserialize)]
    struct Payer {
        #[expect(dead_code, reason = "it cannot be decrypted")]
        name: Sensitive,
    }
    let gateway = Gateway::start().unwrap();
    let name = gateway.encrypt("张三");
    gateway.on(Method::GET, "/v3/x", move |_| json!({ "name": name }));
    let key = PrivateKey::from_pem(gateway.merchant_private_key_pem()).unwrap();
    let key = PrivateKey::from_parsed(Arc::new(SignsOnly(key)));
    let client = gateway
        .client_builder()
        .merchant(gateway.mchid(), gateway.serial_no(), key)
        .build()
        .unwrap();
    let error = client
        .request(Method::GET, "/v3/x")
        .response::<Payer>()
        .send()
        .await
        .unwrap_err();
    assert!(error.to_string().contains("does not support decryption"), "{error}");
    assert!(
        error.chinese().to_string().contains("不支持解密"),
        "{}",
        error.chinese()
    );
}

#[tokio::test]
async fn c19_a_hint_has_the_values_and_retry_after_is_in_the_error() {
    let gateway = Gateway::start().unwrap();
    gateway.on(Method::POST, JSAPI, |_| {
        GatewayResponse::error(429, "FREQUENCY_LIMITED", "频率限制")
            .header("Retry-After", "7")
            .header("Request-ID", "08F7-268447840")
    });
    let error = pay(&never(&gateway)).await;
    assert_eq!(error.retry_after(), Some(Duration::from_secs(7)));
    assert_eq!(error.code(), Some(error_codes::FREQUENCY_LIMITED));
    let hint = error.hint().unwrap();
    assert!(
        hint.english()
            .starts_with("the Request-ID ends with 268447840 (请求频率超过限制). "),
        "{hint}"
    );
    assert!(
        hint.chinese()
            .starts_with("Request-ID 末尾的错误码是 268447840（请求频率超过限制）。"),
        "{}",
        hint.chinese()
    );
}

#[tokio::test]
async fn the_text_of_an_error_is_available_in_chinese() {
    let gateway = Gateway::start().unwrap();
    gateway.on(Method::POST, JSAPI, |_| {
        GatewayResponse::error(500, "SYSTEM_ERROR", "系统错误").header("Request-ID", "08F7")
    });
    let error = pay(&never(&gateway)).await;
    assert_eq!(
        error.chinese().to_string(),
        format!(
            "POST {JSAPI}：结果未知：服务端返回错误（状态码 500，SYSTEM_ERROR）：系统错误；Request-ID 08F7；请求可能已经执行：\
             重试之前先查询；提示：{}",
            error_codes::find("SYSTEM_ERROR").unwrap().advice.chinese
        )
    );
    let paid: Result<Value, _> = client_error_of_notification(&gateway).await;
    assert!(paid.unwrap_err().contains("通知不可信：签名与密钥、报文对不上；提示："));
}

async fn client_error_of_notification(gateway: &Gateway) -> Result<Value, String> {
    let forged = gateway
        .notification("X", json!({}))
        .fault(Fault::WrongKey)
        .sign()
        .unwrap();
    let receiver = gateway.client().unwrap().notifications();
    let received = receiver.receive::<Value>(forged.headers(), forged.body()).await;
    received
        .map(|notification| notification.payload)
        .map_err(|error| error.chinese().to_string())
}
