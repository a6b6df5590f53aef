//! A transport without a network: each attempt meets the scene that the test has written for it. With it a test can
//! pause tokio's clock, and play thousands of answers.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    task::{Context, Poll},
    time::{SystemTime, UNIX_EPOCH},
};
use wechatpay_core::{
    Client, ClientBuilder, HeaderMap, PrivateKey, PublicKey, StatusCode,
    crypto::Suite,
    transport::{ResponseBody, Transport, TransportError, TransportRequest, TransportResponse},
};
use wechatpay_gateway::{Gateway, generate};

/// What one attempt meets.
#[derive(Debug, Clone)]
pub enum Scene {
    /// An answer.
    Answer {
        /// Its status.
        status: u16,
        /// Its headers.
        headers: HeaderMap,
        /// Its body.
        body: Bytes,
    },
    /// Nobody to connect to.
    NotSent,
    /// The connection breaks after the request.
    Interrupted,
    /// Silence.
    Never,
}

impl Scene {
    /// Changes the headers.
    pub fn headers(mut self, change: impl FnOnce(&mut HeaderMap)) -> Self {
        if let Self::Answer { headers, .. } = &mut self {
            change(headers);
        }
        self
    }

    /// Sets a header.
    pub fn header(self, name: &'static str, value: &str) -> Self {
        self.headers(|headers| {
            headers.insert(name, value.parse().unwrap());
        })
    }
}

/// Plays scenes.
#[derive(Clone)]
pub struct Stage {
    scene: Arc<dyn Fn(usize) -> Scene + Send + Sync>,
    attempts: Arc<AtomicUsize>,
}

impl Stage {
    /// Every attempt meets the same.
    pub fn always(scene: Scene) -> Self {
        Self::new(move |_| scene.clone())
    }

    /// The scene of an attempt by its number, from 0.
    pub fn new(scene: impl Fn(usize) -> Scene + Send + Sync + 'static) -> Self {
        Self {
            scene: Arc::new(scene),
            attempts: Arc::default(),
        }
    }

    /// How many attempts there were.
    pub fn attempts(&self) -> usize {
        self.attempts.load(Relaxed)
    }
}

impl Transport for Stage {
    fn send(
        &self,
        _: TransportRequest,
    ) -> Pin<Box<dyn Future<Output = Result<TransportResponse, TransportError>> + Send + '_>> {
        let number = self.attempts.fetch_add(1, Relaxed);
        Box::pin(async move {
            match (self.scene)(number) {
                Scene::Answer { status, headers, body } => {
                    let status = StatusCode::from_u16(status).unwrap();
                    Ok(TransportResponse::new(status, headers, Box::new(Whole(Some(body)))))
                }
                Scene::NotSent => Err(TransportError::not_sent("nobody there")),
                Scene::Interrupted => Err(TransportError::interrupted("reset")),
                Scene::Never => std::future::pending().await,
            }
        })
    }
}

struct Whole(Option<Bytes>);

impl ResponseBody for Whole {
    fn poll_chunk(&mut self, _: &mut Context<'_>) -> Poll<Result<Option<Bytes>, TransportError>> {
        Poll::Ready(Ok(self.0.take().filter(|body| !body.is_empty())))
    }
}

/// WeChat Pay's key in the hands of the test, and a client that trusts it.
pub struct Platform {
    key: PrivateKey,
    merchant: PrivateKey,
}

impl Default for Platform {
    fn default() -> Self {
        Self::new()
    }
}

impl Platform {
    /// The id of its public key.
    pub const ID: &str = "PUB_KEY_ID_0119000001002026112300000001";

    /// A platform with RSA keys.
    pub fn new() -> Self {
        Self::of(Suite::Rsa)
    }

    /// The keys are those of a gateway, which is not needed beyond that.
    pub fn of(suite: Suite) -> Self {
        let gateway = Gateway::builder().suite(suite).start().unwrap();
        let key = match suite {
            Suite::Rsa => PrivateKey::from_pem(gateway.brand_private_key_pem()),
            Suite::Shangmi => PrivateKey::from_pem(generate::sm2_private_key_pem().unwrap().as_str()),
        };
        Self {
            key: key.unwrap(),
            merchant: PrivateKey::from_pem(gateway.merchant_private_key_pem()).unwrap(),
        }
    }

    /// A client that trusts this platform and sends through `transport`.
    pub fn builder(&self, transport: impl Transport + 'static) -> ClientBuilder {
        let public_key = PublicKey::from_pem(generate::public_key_pem(&self.key)).unwrap();
        Client::builder()
            .merchant(
                "1900000100",
                "3A6F0C51D28E97B4405CE1F7A9B2D86E013F5C74",
                self.merchant.clone(),
            )
            .wechatpay_public_key(Self::ID, public_key)
            .base_url("http://127.0.0.1:9")
            .transport(transport)
    }

    /// An answer, signed now.
    pub fn answer(&self, status: u16, body: impl Into<Bytes>) -> Scene {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        self.answer_at(&now.to_string(), status, body)
    }

    /// An answer whose timestamp is this text, and signed so.
    pub fn answer_at(&self, timestamp: &str, status: u16, body: impl Into<Bytes>) -> Scene {
        let (nonce, body) = ("c5ac7061fccab6bf3e254dcf98995b8c", body.into());
        let message = [format!("{timestamp}\n{nonce}\n").as_bytes(), &body, b"\n"].concat();
        let signature = STANDARD.encode(self.key.sign(&message).unwrap());
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("wechatpay-timestamp", timestamp),
            ("wechatpay-nonce", nonce),
            ("wechatpay-signature", &signature),
            ("wechatpay-serial", Self::ID),
            ("request-id", "08F78BB5AF0610D302"),
        ] {
            headers.insert(name, value.parse().unwrap());
        }
        Scene::Answer { status, headers, body }
    }
}
