//! Keys, a clock and a transport that do nothing, so that what remains is the library's own layer.
//!
//! What they allocate is what their traits make them hand over, and is counted apart.

use crate::{counting::apart, operation};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode};
use std::{
    future::{Future, ready},
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    task::{Context, Poll, Waker},
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use wechatpay_core::{
    Client, ClientBuilder, PrivateKey, PublicKey,
    crypto::{Failed, RsaPrivateKey, RsaPublicKey},
    observe::{AttemptEvent, CallEvent, Observer},
    system::System,
    transport::{ResponseBody, Transport, TransportError, TransportRequest, TransportResponse},
};
use zeroize::Zeroizing;

const NOW: u64 = 1_795_000_000;
const PUBLIC_KEY_ID: &str = "PUB_KEY_ID_0119000001002024101500000000000001";

struct NullPrivateKey;

impl RsaPrivateKey for NullPrivateKey {
    fn sign(&self, _: &[u8]) -> Result<Vec<u8>, Failed> {
        Ok(apart(|| vec![7; 256]))
    }

    fn decrypt(&self, _: &[u8]) -> Result<Zeroizing<Vec<u8>>, Failed> {
        Ok(Zeroizing::new(apart(|| b"plaintext".to_vec())))
    }

    fn public_key_der(&self) -> Vec<u8> {
        Vec::new()
    }
}

struct NullPublicKey;

impl RsaPublicKey for NullPublicKey {
    fn verify(&self, _: &[u8], _: &[u8]) -> bool {
        true
    }

    fn encrypt(&self, _: &[u8]) -> Result<Vec<u8>, Failed> {
        Ok(apart(|| vec![7; 256]))
    }

    fn modulus_len(&self) -> usize {
        256
    }
}

#[derive(Debug)]
struct NullSystem;

impl System for NullSystem {
    fn now(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(NOW)
    }

    fn random(&self, bytes: &mut [u8]) -> io::Result<()> {
        bytes.fill(7);
        Ok(())
    }
}

/// Responds to everything with the same bytes immediately.
struct NullTransport {
    headers: HeaderMap,
    body: Bytes,
}

impl NullTransport {
    fn new(body: &'static str) -> Self {
        // As many headers as the service sends.
        let mut headers = HeaderMap::new();
        let signature = STANDARD.encode([7; 256]);
        for (name, value) in [
            ("server", "nginx"),
            ("date", "Mon, 23 Nov 2026 09:00:00 GMT"),
            ("content-type", "application/json; charset=utf-8"),
            ("content-length", "58"),
            ("connection", "keep-alive"),
            ("keep-alive", "timeout=8"),
            ("cache-control", "no-cache, must-revalidate"),
            ("x-content-type-options", "nosniff"),
            ("request-id", "08F9CC8DC90610E80318F8CDF2AC0120A2F80228A5A502-0"),
            ("content-language", "zh-CN"),
            ("wechatpay-nonce", "d824f2e086d3c1df967785d13fcd22ef"),
            ("wechatpay-signature", signature.as_str()),
            ("wechatpay-timestamp", "1795000000"),
            ("wechatpay-serial", PUBLIC_KEY_ID),
            ("wechatpay-signature-type", "WECHATPAY2-SHA256-RSA2048"),
        ] {
            // Never freed, so that handing them over is as cheap as it can be: that cost is the transport's.
            headers.insert(name, HeaderValue::from_static(value.to_owned().leak()));
        }
        Self {
            headers,
            body: Bytes::from_static(body.as_bytes()),
        }
    }
}

impl Transport for NullTransport {
    fn send<'a>(
        &'a self,
        request: TransportRequest<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<TransportResponse, TransportError>> + Send + 'a>> {
        drop(request);
        apart(|| {
            let body = Box::new(NullBody(Some(self.body.clone())));
            let response = TransportResponse::new(StatusCode::OK, self.headers.clone(), body);
            Box::pin(ready(Ok(response))) as Pin<Box<dyn Future<Output = _> + Send>>
        })
    }
}

struct NullBody(Option<Bytes>);

impl ResponseBody for NullBody {
    fn poll_chunk(&mut self, _: &mut Context<'_>) -> Poll<Result<Option<Bytes>, TransportError>> {
        Poll::Ready(Ok(self.0.take()))
    }
}

/// Accepts the request and never responds: the end of preparing.
pub struct NoAnswer;

impl Transport for NoAnswer {
    fn send<'a>(
        &'a self,
        request: TransportRequest<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<TransportResponse, TransportError>> + Send + 'a>> {
        drop(request);
        apart(|| Box::pin(std::future::pending()) as Pin<Box<dyn Future<Output = _> + Send>>)
    }
}

/// A client in which everything but the library's own layer does nothing.
pub fn client() -> Client {
    client_answering(operation::RESPONSE)
}

/// The same with another response.
pub fn client_answering(body: &'static str) -> Client {
    client_through(NullTransport::new(body))
}

/// The same with an observer.
pub fn client_observed() -> Client {
    builder(NullTransport::new(operation::RESPONSE))
        .observer(Counters::default())
        .build()
        .expect("a complete configuration")
}

/// Counts what an observer usually counts.
#[derive(Default)]
struct Counters {
    calls: AtomicU64,
    bytes: AtomicU64,
    micros: AtomicU64,
}

impl Observer for Counters {
    fn attempt(&self, event: &AttemptEvent<'_>) {
        self.bytes.fetch_add(event.bytes_sent + event.bytes_received, Relaxed);
    }

    fn call(&self, event: &CallEvent<'_>) {
        self.calls.fetch_add(1, Relaxed);
        self.micros.fetch_add(event.elapsed.as_micros() as u64, Relaxed);
    }
}

/// The same with another transport.
pub fn client_through(transport: impl Transport + 'static) -> Client {
    builder(transport).build().expect("a complete configuration")
}

fn builder(transport: impl Transport + 'static) -> ClientBuilder {
    Client::builder()
        .merchant(
            "1900000100",
            "3A6F0C51D28E97B4405CE1F7A9B2D86E013F5C74",
            PrivateKey::from_parsed(Arc::new(NullPrivateKey)),
        )
        .wechatpay_public_key(PUBLIC_KEY_ID, PublicKey::from_parsed(Arc::new(NullPublicKey)))
        .system(NullSystem)
        .transport(transport)
}

/// Runs a future that never waits.
///
/// # Panics
/// When it waits.
pub fn at_once<F: Future>(future: F) -> F::Output {
    match poll_once(std::pin::pin!(future)) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("the future waits"),
    }
}

/// Polls a future once.
pub fn poll_once<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}
