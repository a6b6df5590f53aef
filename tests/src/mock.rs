//! A transport without a network. The test defines the result of each attempt, so it can pause tokio's clock and send
//! thousands of responses.

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

/// The result of one attempt.
#[derive(Debug, Clone)]
pub enum MockResult {
    /// A response.
    Response {
        /// Its status.
        status: u16,
        /// Its headers.
        headers: HeaderMap,
        /// Its body.
        body: Bytes,
    },
    /// The connection is refused.
    NotSent,
    /// The connection breaks after the request.
    Interrupted,
    /// There is no response.
    Never,
}

impl MockResult {
    /// Changes the headers.
    pub fn headers(mut self, change: impl FnOnce(&mut HeaderMap)) -> Self {
        if let Self::Response { headers, .. } = &mut self {
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

/// A transport that returns defined results.
#[derive(Clone)]
pub struct MockTransport {
    result: Arc<dyn Fn(usize) -> MockResult + Send + Sync>,
    attempts: Arc<AtomicUsize>,
}

impl MockTransport {
    /// Every attempt has the same result.
    pub fn always(result: MockResult) -> Self {
        Self::new(move |_| result.clone())
    }

    /// The result of each attempt by its number, from 0.
    pub fn new(result: impl Fn(usize) -> MockResult + Send + Sync + 'static) -> Self {
        Self {
            result: Arc::new(result),
            attempts: Arc::default(),
        }
    }

    /// The number of attempts.
    pub fn attempts(&self) -> usize {
        self.attempts.load(Relaxed)
    }
}

impl Transport for MockTransport {
    fn send(
        &self,
        _: TransportRequest,
    ) -> Pin<Box<dyn Future<Output = Result<TransportResponse, TransportError>> + Send + '_>> {
        let number = self.attempts.fetch_add(1, Relaxed);
        Box::pin(async move {
            match (self.result)(number) {
                MockResult::Response { status, headers, body } => {
                    let status = StatusCode::from_u16(status).unwrap();
                    Ok(TransportResponse::new(status, headers, Box::new(Whole(Some(body)))))
                }
                MockResult::NotSent => Err(TransportError::not_sent("connection refused")),
                MockResult::Interrupted => Err(TransportError::interrupted("reset")),
                MockResult::Never => std::future::pending().await,
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

/// A platform key and a client that trusts it.
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
    /// The id of the public key.
    pub const ID: &str = "PUB_KEY_ID_0119000001002026112300000001";

    /// A platform with RSA keys.
    pub fn new() -> Self {
        Self::of(Suite::Rsa)
    }

    /// The keys are those of a gateway, which is not used otherwise.
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

    /// A response that is signed now.
    pub fn response(&self, status: u16, body: impl Into<Bytes>) -> MockResult {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        self.response_at(&now.to_string(), status, body)
    }

    /// A response with this text as the signed timestamp.
    pub fn response_at(&self, timestamp: &str, status: u16, body: impl Into<Bytes>) -> MockResult {
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
        MockResult::Response { status, headers, body }
    }
}
