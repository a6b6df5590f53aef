//! A sender of genuine and forged notifications.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use wechatpay_core::{
    Client, ClientBuilder, HeaderMap, PrivateKey, PublicKey,
    crypto::{Backend, Failed, KeyRejected, PrivateKeyDer, RsaPrivateKey, RsaPublicKey, Suite, default_backend},
    system::System,
};
use zeroize::Zeroizing;

use crate::encrypt::{encrypt, sm4_encrypt};

/// The suite of these tests: they are also a module of the test `shangmi`.
pub(crate) fn suite() -> Suite {
    if module_path!().starts_with("shangmi::") {
        Suite::Shangmi
    } else {
        Suite::Rsa
    }
}

fn of_suite(rsa: &'static str, shangmi: &'static str) -> &'static str {
    match suite() {
        Suite::Rsa => rsa,
        Suite::Shangmi => shangmi,
    }
}

pub(crate) const NOW: u64 = 1_700_000_000;
pub(crate) const MCHID: &str = "1900000001";
pub(crate) const PUBLIC_KEY_ID: &str = "PUB_KEY_ID_0119000000012024101000";
pub(crate) const API_V3_KEY: &str = "0123456789abcdef0123456789abcdef";
pub(crate) const OTHER_API_V3_KEY: &str = "fedcba9876543210fedcba9876543210";

pub(crate) fn file(name: &str) -> Vec<u8> {
    std::fs::read(format!("{}/tests/keys/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

pub(crate) fn private_key() -> PrivateKey {
    PrivateKey::from_pem(file(of_suite("pkcs8.pem", "sm2_pkcs8.pem"))).unwrap()
}

/// The key of the receiving merchant.
pub(crate) fn merchant_key() -> PrivateKey {
    PrivateKey::from_pem(file(of_suite("second_pkcs8.pem", "second_sm2_pkcs8.pem"))).unwrap()
}

pub(crate) fn public_key() -> PublicKey {
    PublicKey::from_pem(file(of_suite("spki.pem", "sm2_spki.pem"))).unwrap()
}

/// A clock that is stopped at [`NOW`].
#[derive(Debug)]
pub(crate) struct StoppedClock;

impl System for StoppedClock {
    fn now(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(NOW)
    }

    fn random(&self, bytes: &mut [u8]) -> io::Result<()> {
        bytes.fill(7);
        Ok(())
    }
}

/// The default backend, with a counter of decryptions.
#[derive(Debug, Default)]
pub(crate) struct Counting(AtomicUsize);

impl Counting {
    pub(crate) fn new() -> &'static Self {
        Box::leak(Box::default())
    }

    pub(crate) fn decrypted(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

#[cfg(feature = "shangmi")]
impl wechatpay_core::crypto::ShangmiBackend for Counting {
    fn private_key(&self, number: &[u8; 32]) -> Result<Arc<dyn wechatpay_core::crypto::Sm2PrivateKey>, KeyRejected> {
        wechatpay_core::crypto::shangmi::Shangmi.private_key(number)
    }

    fn public_key(&self, point: &[u8; 65]) -> Result<Arc<dyn wechatpay_core::crypto::Sm2PublicKey>, KeyRejected> {
        wechatpay_core::crypto::shangmi::Shangmi.public_key(point)
    }

    fn sm4_gcm_decrypt(
        &self,
        key: &[u8; 16],
        nonce: &[u8],
        associated_data: &[u8],
        ciphertext: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Failed> {
        self.0.fetch_add(1, Ordering::SeqCst);
        wechatpay_core::crypto::shangmi::Shangmi.sm4_gcm_decrypt(key, nonce, associated_data, ciphertext)
    }
}

impl Backend for Counting {
    #[cfg(feature = "shangmi")]
    fn shangmi(&self) -> Option<&dyn wechatpay_core::crypto::ShangmiBackend> {
        Some(self)
    }

    fn private_key(&self, der: PrivateKeyDer<'_>) -> Result<Arc<dyn RsaPrivateKey>, KeyRejected> {
        default_backend().private_key(der)
    }

    fn public_key(&self, spki: &[u8]) -> Result<Arc<dyn RsaPublicKey>, KeyRejected> {
        default_backend().public_key(spki)
    }

    fn aes_256_gcm_decrypt(
        &self,
        key: &[u8; 32],
        nonce: &[u8],
        associated_data: &[u8],
        ciphertext: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Failed> {
        self.0.fetch_add(1, Ordering::SeqCst);
        default_backend().aes_256_gcm_decrypt(key, nonce, associated_data, ciphertext)
    }
}

/// A client of [`MCHID`] with the sender's key and without an APIv3 key.
pub(crate) fn keyless() -> ClientBuilder {
    Client::builder()
        .merchant(MCHID, "5157F09EFDC096DE15EBE81A47057A72", merchant_key())
        .wechatpay_public_key(PUBLIC_KEY_ID, public_key())
        .base_url("http://127.0.0.1:9")
        .system(StoppedClock)
}

pub(crate) fn client() -> Client {
    keyless().api_v3_key(API_V3_KEY).build().unwrap()
}

/// The same client with a backend that counts.
pub(crate) fn counted() -> (Client, &'static Counting) {
    let counting = Counting::new();
    let client = keyless()
        .api_v3_key(API_V3_KEY)
        .crypto_backend(counting)
        .build()
        .unwrap();
    (client, counting)
}

/// A `resource` with this payload, encrypted.
pub(crate) fn resource(payload: &Value) -> Value {
    encrypted(API_V3_KEY, "transaction", payload.to_string().as_bytes())
}

pub(crate) fn encrypted(key: &str, associated_data: &str, plaintext: &[u8]) -> Value {
    let nonce = b"012345678901";
    let ciphertext = match suite() {
        Suite::Rsa => {
            let key = key.as_bytes().try_into().unwrap();
            encrypt(key, nonce, associated_data.as_bytes(), plaintext)
        }
        Suite::Shangmi => sm4_encrypt(key.as_bytes(), nonce, associated_data.as_bytes(), plaintext),
    };
    json!({
        "original_type": "transaction",
        "algorithm": of_suite("AEAD_AES_256_GCM", "AEAD_SM4_GCM"),
        "ciphertext": STANDARD.encode(ciphertext),
        "associated_data": associated_data,
        "nonce": str::from_utf8(nonce).unwrap(),
    })
}

/// A notification with this `resource`.
pub(crate) fn body(event_type: &str, resource: &Value) -> Vec<u8> {
    let body = json!({
        "id": "EV-2018022511223320873",
        "create_time": "2015-05-20T13:29:35+08:00",
        "resource_type": "encrypt-resource",
        "event_type": event_type,
        "summary": "支付成功",
        "resource": resource,
    });
    body.to_string().into_bytes()
}

/// The headers of a valid signature over `body`.
pub(crate) fn signed(body: &[u8]) -> HeaderMap {
    signed_at(NOW, PUBLIC_KEY_ID, body)
}

pub(crate) fn signed_at(timestamp: u64, serial: &str, body: &[u8]) -> HeaderMap {
    signed_by(&private_key(), timestamp, serial, body)
}

/// Signed with any key, with any serial.
pub(crate) fn signed_by(key: &PrivateKey, timestamp: u64, serial: &str, body: &[u8]) -> HeaderMap {
    let nonce = "5K8264ILTKCH16CQ2502SI8ZNMTM67VS";
    let mut message = format!("{timestamp}\n{nonce}\n").into_bytes();
    message.extend_from_slice(body);
    message.push(b'\n');
    let signature = STANDARD.encode(key.sign(&message).unwrap());
    headers(timestamp, serial, &signature)
}

pub(crate) fn headers(timestamp: u64, serial: &str, signature: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert("Wechatpay-Timestamp", timestamp.into());
    headers.insert("Wechatpay-Nonce", "5K8264ILTKCH16CQ2502SI8ZNMTM67VS".parse().unwrap());
    headers.insert("Wechatpay-Signature", signature.parse().unwrap());
    headers.insert("Wechatpay-Serial", serial.parse().unwrap());
    let scheme = of_suite("WECHATPAY2-SHA256-RSA2048", "WECHATPAY2-SM2-WITH-SM3");
    headers.insert("Wechatpay-Signature-Type", scheme.parse().unwrap());
    headers
}

/// A paid order of [`MCHID`].
pub(crate) fn transaction() -> Value {
    json!({
        "transaction_id": "1217752501201407033233368018",
        "amount": {"payer_total": 90, "total": 100, "currency": "CNY", "payer_currency": "CNY"},
        "mchid": MCHID,
        "trade_state": "SUCCESS",
        "bank_type": "CMC",
        "success_time": "2018-06-08T10:34:56+08:00",
        "payer": {"openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"},
        "out_trade_no": "A20240001",
        "appid": "wxd678efh567hg6787",
        "trade_state_desc": "支付成功",
        "trade_type": "MICROPAY",
        "attach": "自定义数据",
        "promotion_detail": [{
            "amount": 10,
            "coupon_id": "109519",
            "scope": "GLOBAL",
            "type": "NOCASH",
            "goods_detail": [{"goods_id": "M1006", "quantity": 1, "unit_price": 100, "discount_amount": 1}],
        }],
        "a_field_of_tomorrow": {"nested": [1]},
    })
}
