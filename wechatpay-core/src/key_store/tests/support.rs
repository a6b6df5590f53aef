//! A platform with keys and certificates, and a scripted source of lists.

use crate::{
    crypto::{Suite, default_backend},
    error::{Error, ErrorKind, Outcome},
    identity::Identity,
    key_store::{
        builder::Builder,
        schedule::CertificateRefresh,
        source::{CertificateSource, DownloadedList, Moment},
        store::KeyStore,
    },
    keys::{ApiV3Key, Certificate, PrivateKey},
    signature::{NONCE, SERIAL, SIGNATURE, TIMESTAMP, response_message},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderValue};
use serde_json::{Value, json};
use std::{
    future::Future,
    pin::Pin,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use tokio::time::{Instant, sleep};
use wechatpay_gateway::generate;

#[path = "../../../tests/support/encrypt.rs"]
mod encrypt;

/// The suite of these tests, by the module that they are in.
pub(super) fn suite() -> Suite {
    if module_path!().contains("::shangmi::") {
        Suite::Shangmi
    } else {
        Suite::Rsa
    }
}

pub(super) fn encrypt(key: &[u8; 32], nonce: &[u8; 12], associated_data: &[u8], plaintext: &[u8]) -> Vec<u8> {
    match suite() {
        Suite::Rsa => encrypt::encrypt(key, nonce, associated_data, plaintext),
        Suite::Shangmi => encrypt::sm4_encrypt(key, nonce, associated_data, plaintext),
    }
}

/// Puts together a store of this suite.
pub(super) fn builder() -> Builder {
    Builder::default().suite(suite())
}

pub(super) const SECOND: Duration = Duration::from_secs(1);
pub(super) const DAY: u64 = 86_400;

/// The time of day when a test begins, in seconds since 1970.
pub(super) const START: u64 = 1_800_000_000;

pub(super) const MERCHANT_SERIAL: &str = "5157F09EFDC096DE15EBE81A47057A7232F1B8E1";
pub(super) const SERIAL_A: &str = "0A00000000000000000000000000000000000000";
pub(super) const SERIAL_B: &str = "0B00000000000000000000000000000000000000";
pub(super) const SERIAL_C: &str = "0C00000000000000000000000000000000000000";
pub(super) const PUBLIC_KEY_ID: &str = "PUB_KEY_ID_0000000000000000000000000001";

const RSA: [&str; 3] = [
    include_str!("../../../tests/keys/pkcs8.pem"),
    include_str!("../../../tests/keys/second_pkcs8.pem"),
    include_str!("../../../tests/keys/third_pkcs8.pem"),
];
const SM2: [&str; 3] = [
    include_str!("../../../tests/keys/sm2_pkcs8.pem"),
    include_str!("../../../tests/keys/second_sm2_pkcs8.pem"),
    include_str!("../../../tests/keys/third_sm2_pkcs8.pem"),
];

pub(super) fn start() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(START)
}

pub(super) const API_V3_KEY: [u8; 32] = [7; 32];

pub(super) fn api_v3_key() -> ApiV3Key {
    ApiV3Key::new(API_V3_KEY).unwrap()
}

/// A key of the platform, and its certificate.
#[derive(Clone)]
pub(super) struct Platform {
    pub(super) serial_no: String,
    pub(super) key: PrivateKey,
    pub(super) pem: String,
}

impl Platform {
    /// One of three keys, under a serial number, valid for a year around the start.
    pub(super) fn new(number: usize, serial_no: &str) -> Self {
        Self::valid(number, serial_no, START - DAY, START + 365 * DAY)
    }

    pub(super) fn valid(number: usize, serial_no: &str, not_before: u64, not_after: u64) -> Self {
        let keys = match suite() {
            Suite::Rsa => RSA,
            Suite::Shangmi => SM2,
        };
        let key = keys[number];
        Self {
            serial_no: serial_no.to_owned(),
            key: PrivateKey::from_pem(key).unwrap(),
            pem: generate::certificate_pem(key, key, serial_no, not_before, not_after).unwrap(),
        }
    }

    pub(super) fn certificate(&self) -> Certificate {
        Certificate::from_pem(&self.pem).unwrap()
    }

    pub(super) fn entry(&self) -> Value {
        entry(&self.serial_no, &self.pem, &API_V3_KEY)
    }

    /// A list, signed by this certificate.
    pub(super) fn sign(&self, entries: &[Value]) -> DownloadedList {
        self.sign_as(&self.serial_no, json!({ "data": entries }).to_string())
    }

    pub(super) fn sign_as(&self, serial: &str, body: String) -> DownloadedList {
        self.sign_at(START, serial, body)
    }

    pub(super) fn sign_at(&self, timestamp: u64, serial: &str, body: String) -> DownloadedList {
        let timestamp = timestamp.to_string();
        let nonce = "c5ac7061fccab6bf3e254dcf98995b8c";
        let signature = self
            .key
            .sign(&response_message(&timestamp, nonce, body.as_bytes()))
            .unwrap();
        let mut headers = HeaderMap::new();
        for (name, value) in [
            (TIMESTAMP, timestamp.as_str()),
            (NONCE, nonce),
            (SERIAL, serial),
            (SIGNATURE, &STANDARD.encode(signature)),
        ] {
            headers.insert(name, HeaderValue::from_str(value).unwrap());
        }
        DownloadedList {
            headers,
            body: body.into(),
        }
    }
}

/// One entry of a list: `pem` encrypted under the serial number.
pub(super) fn entry(serial_no: &str, pem: &str, key: &[u8; 32]) -> Value {
    let ciphertext = encrypt(key, b"d215b0511e9c", b"certificate", pem.as_bytes());
    json!({
        "serial_no": serial_no,
        "effective_time": "2018-06-08T10:34:56+08:00",
        "expire_time": "2018-12-08T10:34:56+08:00",
        "encrypt_certificate": {
            "algorithm": suite().aead(),
            "nonce": "d215b0511e9c",
            "associated_data": "certificate",
            "ciphertext": STANDARD.encode(ciphertext),
        },
    })
}

/// How the next download goes.
#[derive(Clone)]
pub(super) enum Download {
    Brings(DownloadedList),
    BringsLate(Duration, DownloadedList),
    Fails,
    Hangs,
    Panics,
}

/// A scripted source, on tokio's clock.
pub(super) struct Source {
    begun: Instant,
    identity: Identity,
    next: Mutex<Download>,
    downloads: AtomicUsize,
}

impl Source {
    pub(super) fn new(next: Download) -> Self {
        Self {
            begun: Instant::now(),
            identity: Identity::Merchant {
                mchid: "1900000001".to_owned(),
                suite: suite(),
            },
            next: Mutex::new(next),
            downloads: AtomicUsize::new(0),
        }
    }

    /// How downloads go from now on.
    pub(super) fn then(&self, next: Download) {
        *self.next.lock().unwrap() = next;
    }

    /// How many were begun.
    pub(super) fn downloads(&self) -> usize {
        self.downloads.load(SeqCst)
    }
}

impl CertificateSource for Source {
    fn download(&self) -> Pin<Box<dyn Future<Output = Result<DownloadedList, Error>> + Send + '_>> {
        self.downloads.fetch_add(1, SeqCst);
        let next = self.next.lock().unwrap().clone();
        Box::pin(async move {
            match next {
                Download::Brings(list) => Ok(list),
                Download::BringsLate(after, list) => {
                    sleep(after).await;
                    Ok(list)
                }
                Download::Fails => Err(Error::new(
                    Outcome::NotSent,
                    ErrorKind::Connect,
                    ("no connection", "无法连接"),
                )),
                Download::Hangs => std::future::pending().await,
                Download::Panics => panic!("on purpose"),
            }
        })
    }

    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn now(&self) -> Moment {
        Moment {
            time: start() + self.begun.elapsed(),
            instant: Instant::now().into_std(),
        }
    }
}

/// A store that begins without certificates and downloads them.
pub(super) fn downloading() -> KeyStore {
    builder()
        .api_v3_keys(vec![api_v3_key()])
        .download(default_backend(), CertificateRefresh::default(), 0)
        .build(MERCHANT_SERIAL, None, start())
        .unwrap()
}
