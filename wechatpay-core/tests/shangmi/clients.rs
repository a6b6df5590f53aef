//! A client has one suite, and what it may sign with RSA all the same.

use crate::{public, sender::file};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use std::pin::Pin;
use wechatpay_core::{
    Client, ClientBuilder, ErrorKind, Outcome, PrivateKey, PublicKey, Signer, crypto::Suite, keys::Certificate,
    signer::SignError,
};

const ID: &str = "PUB_KEY_ID_0119000000012024101000";

fn key(name: &str) -> PrivateKey {
    PrivateKey::from_pem(file(name)).unwrap()
}

fn platform(name: &str) -> PublicKey {
    PublicKey::from_pem(file(name)).unwrap()
}

fn merchant(signer: impl Signer + 'static) -> ClientBuilder {
    Client::builder().merchant("1900000001", "5157F09EFDC096DE15EBE81A47057A72", signer)
}

fn shangmi() -> ClientBuilder {
    merchant(key("second_sm2_pkcs8.pem")).wechatpay_public_key(ID, platform("sm2_spki.pem"))
}

fn refusal(builder: ClientBuilder) -> String {
    let error = builder.build().unwrap_err();
    let kind = (error.outcome(), error.kind());
    assert_eq!(kind, (Outcome::Local, ErrorKind::Configuration), "{error}");
    assert!(!error.chinese().to_string().is_empty());
    error.to_string()
}

/// A key that stays elsewhere.
struct Remote(Suite, Option<PrivateKey>);

impl Signer for Remote {
    fn sign<'a>(&'a self, _: &'a [u8]) -> Pin<Box<dyn Future<Output = Result<Vec<u8>, SignError>> + Send + 'a>> {
        Box::pin(std::future::ready(Ok(Vec::new())))
    }

    fn private_key(&self) -> Option<&PrivateKey> {
        self.1.as_ref()
    }

    fn suite(&self) -> Suite {
        self.0
    }
}

#[test]
fn b9_keys_of_two_suites_are_refused_in_one_client() {
    shangmi().build().unwrap();
    let rsa = || merchant(key("second_pkcs8.pem"));
    rsa().wechatpay_public_key(ID, platform("spki.pem")).build().unwrap();
    let certificate = |name: &str| Certificate::from_pem(file(name)).unwrap();
    for builder in [
        rsa().wechatpay_public_key(ID, platform("sm2_spki.pem")),
        rsa().platform_certificate(certificate("sm2_certificate.pem")),
        shangmi().platform_certificate(certificate("certificate.pem")),
        shangmi().wechatpay_public_key("PUB_KEY_ID_2", platform("spki.pem")),
        merchant(Remote(Suite::Shangmi, None)).wechatpay_public_key(ID, platform("spki.pem")),
        merchant(Remote(Suite::Rsa, None)).wechatpay_public_key(ID, platform("sm2_spki.pem")),
    ] {
        let error = refusal(builder);
        assert!(error.contains("give both of one kind"), "{error}");
    }
    let client = shangmi().build().unwrap();
    assert!(client.replace_wechatpay_public_key(ID, platform("spki.pem")).is_err());
    assert!(client.add_platform_certificate(certificate("certificate.pem")).is_err());
}

#[test]
fn b9_a_signer_that_contradicts_its_key_and_a_brand_are_refused() {
    let remote = |suite, key| merchant(Remote(suite, key)).wechatpay_public_key(ID, platform("sm2_spki.pem"));
    remote(Suite::Shangmi, None).build().unwrap();
    remote(Suite::Shangmi, Some(key("second_sm2_pkcs8.pem")))
        .build()
        .unwrap();
    let error = refusal(remote(Suite::Shangmi, Some(key("second_pkcs8.pem"))));
    assert!(error.contains("`suite()`"), "{error}");
    let brand = Client::builder()
        .brand(
            "40000001",
            "5157F09EFDC096DE15EBE81A47057A72",
            key("second_sm2_pkcs8.pem"),
        )
        .wechatpay_public_key(ID, platform("sm2_spki.pem"));
    let error = refusal(brand);
    assert!(error.contains("a brand signs with an RSA key"), "{error}");
    // A wrapper needs to say nothing: it has the key.
    struct Wrapped(PrivateKey);
    impl Signer for Wrapped {
        fn sign<'a>(
            &'a self,
            message: &'a [u8],
        ) -> Pin<Box<dyn Future<Output = Result<Vec<u8>, SignError>> + Send + 'a>> {
            Signer::sign(&self.0, message)
        }

        fn private_key(&self) -> Option<&PrivateKey> {
            Some(&self.0)
        }
    }
    let wrapped = std::sync::Arc::new(Wrapped(key("second_sm2_pkcs8.pem")));
    assert_eq!(wrapped.suite(), Suite::Shangmi);
    merchant(wrapped)
        .wechatpay_public_key(ID, platform("sm2_spki.pem"))
        .build()
        .unwrap();
}

#[test]
fn the_own_sm2_key_is_not_taken_for_that_of_wechat_pay() {
    let error = refusal(merchant(key("sm2_pkcs8.pem")).wechatpay_public_key(ID, platform("sm2_spki.pem")));
    assert!(error.contains("is the merchant's own"), "{error}");
}

#[test]
fn a_pem_text_decides_the_suite_too() {
    let pem = file("second_sm2_pkcs8.pem");
    let builder = Client::builder().merchant_pem("1900000001", "5157F09EFDC096DE15EBE81A47057A72", pem);
    builder
        .wechatpay_public_key(ID, platform("sm2_spki.pem"))
        .build()
        .unwrap();
}

#[tokio::test]
async fn a_payment_is_started_with_rsa_or_not_at_all() {
    let client = shangmi().build().unwrap();
    for error in [
        client
            .jsapi_payment_parameters("wxd678efh567hg6787", "wx1")
            .await
            .unwrap_err(),
        client
            .app_payment_parameters("wxd678efh567hg6787", "wx1")
            .await
            .unwrap_err(),
        client.sign_payment("wxd678efh567hg6787", "wx1").await.unwrap_err(),
    ] {
        assert_eq!(
            (error.outcome(), error.kind()),
            (Outcome::Local, ErrorKind::Configuration)
        );
        assert!(error.to_string().contains("signed with RSA only"), "{error}");
        assert!(error.to_string().contains("`payment_key(..)`"), "{error}");
    }
    let rsa = key("second_pkcs8.pem");
    let client = shangmi().payment_key(rsa.clone()).build().unwrap();
    let signed = client
        .jsapi_payment_parameters("wxd678efh567hg6787", "wx1")
        .await
        .unwrap();
    assert_eq!(signed.sign_type, "RSA");
    let message = format!(
        "wxd678efh567hg6787\n{}\n{}\nprepay_id=wx1\n",
        signed.time_stamp, signed.nonce_str
    );
    let signature = STANDARD.decode(signed.pay_sign).unwrap();
    assert!(public(&rsa).verify(message.as_bytes(), &signature));

    let error = refusal(shangmi().payment_key(key("second_sm2_pkcs8.pem")));
    assert!(error.contains("is an SM2 key"), "{error}");
    let rsa_client = merchant(rsa.clone()).wechatpay_public_key(ID, platform("spki.pem"));
    assert!(refusal(rsa_client.payment_key(rsa)).contains("for a client with an SM2 key"));
}

#[test]
fn e8_a_text_of_any_length_is_encrypted() {
    let client = shangmi().build().unwrap();
    assert_eq!(client.encrypt("").unwrap(), "");
    let platform_key = key("sm2_pkcs8.pem");
    for length in [1, 213, 214, 215, 10_000] {
        let text = "x".repeat(length);
        let ciphertext = STANDARD.decode(client.encrypt(&text).unwrap()).unwrap();
        assert_eq!(platform_key.decrypt(&ciphertext).unwrap().as_slice(), text.as_bytes());
    }
}
