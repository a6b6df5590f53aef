//! What goes over the wire.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Deserialize;
use serde_json::{Value, json};
use wechatpay_core::{
    Client, Method, PrivateKey, Sensitive, blocking,
    crypto::Suite,
    keys::{Certificate, SerialNo},
    wechatpay_endpoint,
};
use wechatpay_gateway::{Gateway, PlatformMode};

const PRE_ENTRUST: &str = "/v3/ecommerce/individual-contracts/pre-entrust-sign-with-real-name-identity/mini-program";

#[wechatpay_endpoint(
    POST, "/v3/ecommerce/individual-contracts/pre-entrust-sign-with-real-name-identity/mini-program",
    encrypt(real_name, cred_id),
    response = PreEntrustSign,
)]
struct MiniProgramPreEntrustSign {
    out_contract_code: &'static str,
    real_name: &'static str,
    cred_id: &'static str,
}

#[derive(Debug, Deserialize)]
struct PreEntrustSign {
    pre_entrustweb_id: String,
    payer: Sensitive,
}

const REQUEST: MiniProgramPreEntrustSign = MiniProgramPreEntrustSign {
    out_contract_code: "SIGN20261123000001",
    real_name: "张三",
    cred_id: "110101199003077758",
};

fn gateway() -> Gateway {
    let gateway = Gateway::builder()
        .suite(Suite::Shangmi)
        .mode(PlatformMode::Certificates)
        .start()
        .unwrap();
    gateway.on(Method::POST, PRE_ENTRUST, |request| {
        assert_eq!(request.plaintext("real_name"), Some("张三"));
        assert_eq!(request.plaintext("cred_id"), Some("110101199003077758"));
        json!({ "pre_entrustweb_id": "web-1", "payer": request.encrypt("李四") })
    });
    gateway
}

fn check(gateway: &Gateway, signed: &PreEntrustSign) {
    assert_eq!(
        (signed.pre_entrustweb_id.as_str(), signed.payer.expose()),
        ("web-1", "李四")
    );
    let list = gateway.requests_to("/v3/certificates").remove(0);
    assert_eq!(list.target(), "/v3/certificates?algorithm_type=SM2");
    let request = gateway.last_request().unwrap();
    let certificate = Certificate::from_pem(gateway.certificate_pems().remove(0)).unwrap();
    assert_eq!(
        request.announced_serial().map(SerialNo::new).as_ref(),
        Some(certificate.serial_no())
    );
    let authorization = request.header("authorization").unwrap();
    let parts = authorization.strip_prefix("WECHATPAY2-SM2-WITH-SM3 ").unwrap();
    assert!(
        parts.starts_with(&format!("mchid=\"{}\",nonce_str=\"", gateway.mchid())),
        "{parts}"
    );
    assert!(
        parts.contains(&format!("serial_no=\"{}\"", gateway.serial_no())),
        "{parts}"
    );
    // DER: a sequence of two numbers of up to 33 bytes.
    let signature = parts.split("signature=\"").nth(1).unwrap().trim_end_matches('"');
    let signature = STANDARD.decode(signature).unwrap();
    assert!(
        signature[0] == 0x30 && (64..=72).contains(&signature.len()),
        "{signature:?}"
    );
    let body: Value = serde_json::from_slice(request.body()).unwrap();
    let ciphertext = STANDARD.decode(body["real_name"].as_str().unwrap()).unwrap();
    // DER: a sequence of two numbers, the hash of 32 bytes and the six of the text.
    let tail = [&[4, 6][..], &ciphertext[ciphertext.len() - 6..]].concat();
    assert!(ciphertext[0] == 0x30 && ciphertext.ends_with(&tail), "{ciphertext:?}");
}

#[tokio::test]
async fn the_real_name_pre_signing_of_a_mini_program_goes_through() {
    let gateway = gateway();
    let signed = REQUEST.send(&gateway.client().unwrap()).await.unwrap();
    check(&gateway, &signed);
}

#[test]
fn the_same_goes_through_without_async() {
    let gateway = gateway();
    let client = blocking::Client::new(gateway.client().unwrap()).unwrap();
    check(&gateway, &REQUEST.send(&client).unwrap());
}

#[tokio::test]
async fn a_notification_is_encrypted_with_sm4_and_its_sensitive_field_with_sm2() {
    #[derive(Debug, Deserialize)]
    struct Payload {
        name: Sensitive,
    }
    let gateway = gateway();
    let resource = json!({ "mchid": gateway.mchid(), "name": gateway.encrypt("张三") });
    let posted = gateway.notification("APPLYMENT.STATE_CHANGE", resource).sign().unwrap();
    assert_eq!(posted.headers()["Wechatpay-Signature-Type"], "WECHATPAY2-SM2-WITH-SM3");
    let envelope: Value = serde_json::from_slice(posted.body()).unwrap();
    assert_eq!(envelope["resource"]["algorithm"], "AEAD_SM4_GCM");
    let receiver = gateway.client().unwrap().notifications();
    let payload = receiver
        .receive::<Payload>(posted.headers(), posted.body())
        .await
        .unwrap()
        .payload;
    assert_eq!(payload.name.expose(), "张三");
}

/// The service may list certificates of both kinds, whatever it was asked for.
#[tokio::test]
async fn certificates_with_rsa_keys_in_the_list_are_left_out() {
    let (gateway, rsa) = (
        gateway(),
        Gateway::builder().mode(PlatformMode::Certificates).start().unwrap(),
    );
    let mut list = gateway.certificate_list().unwrap();
    // The two gateways give their first certificates the same number.
    let second = rsa.issue_certificate(1_700_000_000, 4_000_000_000).unwrap();
    let of_rsa = rsa.certificate_list().unwrap()["data"][1].clone();
    assert_eq!(of_rsa["serial_no"], second);
    // Encrypted as the service would, under the same APIv3 key.
    assert_eq!(of_rsa["encrypt_certificate"]["algorithm"], "AEAD_AES_256_GCM");
    list["data"].as_array_mut().unwrap().push(of_rsa.clone());
    gateway.on(Method::GET, "/v3/certificates", move |_| list.clone());
    REQUEST.send(&gateway.client().unwrap()).await.unwrap();

    gateway.on(Method::GET, "/v3/certificates", move |_| json!({ "data": [of_rsa] }));
    let error = gateway.client().unwrap().refresh_certificates().await.unwrap_err();
    assert!(error.to_string().contains("none of the client's algorithms"), "{error}");
}

#[tokio::test]
async fn a_gateway_of_shangmi_refuses_a_request_that_is_signed_with_rsa() {
    let (gateway, rsa) = (gateway(), Gateway::start().unwrap());
    let key = PrivateKey::from_pem(rsa.merchant_private_key_pem()).unwrap();
    let client = Client::builder()
        .merchant(gateway.mchid(), gateway.serial_no(), key)
        .api_v3_key(gateway.api_v3_key())
        .platform_certificates()
        .base_url(gateway.url())
        .build()
        .unwrap();
    let error = client.refresh_certificates().await.unwrap_err();
    assert!(error.to_string().contains("SIGN_ERROR"), "{error}");
}
