//! A client that signs by hand, so that a test can make any part of a request invalid.
#![allow(dead_code, reason = "each test file uses a part of this module")]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a failed test may panic")]

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, Method};
use serde_json::Value;
use std::time::{SystemTime, UNIX_EPOCH};
use wechatpay_core::{PrivateKey, PublicKey, keys::Certificate};
use wechatpay_gateway::Gateway;

pub(crate) fn now() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()
}

pub(crate) fn nonce() -> String {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).unwrap();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A valid request. A test changes one part of it.
#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) url: String,
    pub(crate) method: Method,
    pub(crate) target: String,
    pub(crate) body: Vec<u8>,
    pub(crate) content_type: String,
    /// The bytes that are signed instead of the body.
    pub(crate) signed_body: Option<Vec<u8>>,
    pub(crate) scheme: &'static str,
    pub(crate) label: &'static str,
    pub(crate) id: String,
    pub(crate) serial_no: String,
    pub(crate) key_pem: String,
    pub(crate) nonce: String,
    pub(crate) timestamp: String,
    pub(crate) authorization: Option<String>,
    pub(crate) headers: HeaderMap,
}

pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Request {
    pub(crate) fn new(gateway: &Gateway, method: Method, target: &str) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert("accept", "application/json".parse().unwrap());
        headers.insert("user-agent", "test".parse().unwrap());
        Self {
            url: gateway.url(),
            method,
            target: target.to_owned(),
            body: Vec::new(),
            content_type: "application/json".to_owned(),
            signed_body: None,
            scheme: "WECHATPAY2-SHA256-RSA2048",
            label: "mchid",
            id: gateway.mchid().to_owned(),
            serial_no: gateway.serial_no().to_owned(),
            key_pem: gateway.merchant_private_key_pem().to_owned(),
            nonce: nonce(),
            timestamp: now().to_string(),
            authorization: None,
            headers,
        }
    }

    pub(crate) fn get(gateway: &Gateway, target: &str) -> Self {
        Self::new(gateway, Method::GET, target)
    }

    pub(crate) fn post(gateway: &Gateway, target: &str, body: impl Into<Vec<u8>>) -> Self {
        Self {
            body: body.into(),
            ..Self::new(gateway, Method::POST, target)
        }
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.insert(name, value.parse().unwrap());
        self
    }

    pub(crate) fn message(&self) -> Vec<u8> {
        let body = self.signed_body.as_ref().unwrap_or(&self.body);
        let head = format!("{}\n{}\n{}\n{}\n", self.method, self.target, self.timestamp, self.nonce);
        [head.as_bytes(), body, b"\n"].concat()
    }

    /// All headers, with the signature.
    pub(crate) fn signed_headers(&self) -> HeaderMap {
        let mut headers = self.headers.clone();
        let authorization = self.authorization.clone().unwrap_or_else(|| {
            let key = PrivateKey::from_pem(&self.key_pem).unwrap();
            let signature = STANDARD.encode(key.sign(&self.message()).unwrap());
            format!(
                r#"{} {}="{}",nonce_str="{}",signature="{signature}",timestamp="{}",serial_no="{}""#,
                self.scheme, self.label, self.id, self.nonce, self.timestamp, self.serial_no
            )
        });
        if !authorization.is_empty() {
            headers.insert("authorization", authorization.parse().unwrap());
        }
        if !self.body.is_empty() {
            headers.insert("content-type", self.content_type.parse().unwrap());
        }
        headers
    }

    /// Sends the target and the body unchanged.
    pub(crate) async fn try_send(&self) -> Result<Response, reqwest::Error> {
        let client = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        let response = client
            .request(self.method.clone(), format!("{}{}", self.url, self.target))
            .headers(self.signed_headers())
            .body(self.body.clone())
            .send()
            .await?;
        Ok(Response {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.bytes().await?.to_vec(),
        })
    }

    pub(crate) async fn send(&self) -> Response {
        self.try_send().await.unwrap()
    }
}

impl Response {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn code(&self) -> String {
        self.json()["code"].as_str().unwrap().to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn serial(&self) -> &str {
        self.header("wechatpay-serial")
    }

    /// Whether this key made the signature.
    pub(crate) fn is_signed_by(&self, key: &PublicKey) -> bool {
        let message = [self.header("wechatpay-timestamp"), self.header("wechatpay-nonce")];
        let message = [
            format!("{}\n{}\n", message[0], message[1]).as_bytes(),
            &self.body,
            b"\n",
        ]
        .concat();
        STANDARD
            .decode(self.header("wechatpay-signature"))
            .is_ok_and(|signature| key.verify(&message, &signature))
    }

    /// Whether the signature verifies with the platform key that the response names.
    pub(crate) fn is_genuine(&self, gateway: &Gateway) -> bool {
        platform_key(gateway, self.serial()).is_some_and(|key| self.is_signed_by(&key))
    }
}

/// The platform's key with this id.
pub(crate) fn platform_key(gateway: &Gateway, serial: &str) -> Option<PublicKey> {
    if serial == gateway.public_key_id() {
        return Some(PublicKey::from_pem(gateway.public_key_pem()).unwrap());
    }
    let certificates = gateway.certificate_pems();
    let certificates = certificates.iter().map(|pem| Certificate::from_pem(pem).unwrap());
    certificates
        .filter(|certificate| certificate.serial_no().as_str() == serial)
        .map(|certificate| certificate.public_key().clone())
        .next()
}

/// A sensitive field, encrypted to the platform's public key.
pub(crate) fn encrypt(gateway: &Gateway, text: &str) -> String {
    let key = PublicKey::from_pem(gateway.public_key_pem()).unwrap();
    STANDARD.encode(key.encrypt(text.as_bytes()).unwrap())
}
