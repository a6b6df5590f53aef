//! A transport that sends nothing and keeps what would have been sent.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use wechatpay_core::transport::{HttpTransport, Transport, TransportError, TransportRequest, TransportResponse};

/// A request that was ready to be sent.
#[derive(Clone, Debug)]
pub(crate) struct Captured {
    pub(crate) method: String,
    pub(crate) origin: String,
    pub(crate) target: String,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
}

/// Keeps the last request. Platform certificates are downloaded: without them nothing can be encrypted.
pub(crate) struct Capture {
    kept: Arc<Mutex<Option<Captured>>>,
    certificates: HttpTransport,
}

impl Capture {
    pub(crate) fn new(certificates: HttpTransport) -> (Self, Arc<Mutex<Option<Captured>>>) {
        let kept = Arc::new(Mutex::new(None));
        let handle = Arc::clone(&kept);
        (Self { kept, certificates }, handle)
    }
}

impl Transport for Capture {
    fn send<'a>(
        &'a self,
        request: TransportRequest<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<TransportResponse, TransportError>> + Send + 'a>> {
        if request.target.starts_with("/v3/certificates") {
            return self.certificates.send(request);
        }
        let headers = request
            .headers
            .iter()
            .map(|(name, value)| (name.to_string(), String::from_utf8_lossy(value.as_bytes()).into_owned()));
        let captured = Captured {
            method: request.method.to_string(),
            origin: request.origin.to_owned(),
            target: request.target.to_owned(),
            headers: headers.collect(),
            body: request.body.concat(),
        };
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(captured);
        Box::pin(async { Err(TransportError::not_sent("nothing is sent in a dry run")) })
    }
}

impl Captured {
    /// The value of a header.
    fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// The five signed lines: method, path and query, timestamp, nonce, and the body or the part `meta`.
    pub(crate) fn signed_lines(&self) -> Option<String> {
        let authorization = self.header("Authorization")?;
        let value = |name: &str| {
            let (_, rest) = authorization.split_once(&format!("{name}=\""))?;
            rest.split_once('"').map(|(value, _)| value)
        };
        let (timestamp, nonce) = (value("timestamp")?, value("nonce_str")?);
        let signed = self.signed_body()?;
        let body = String::from_utf8_lossy(&signed);
        Some(format!(
            "{}\n{}\n{timestamp}\n{nonce}\n{body}\n",
            self.method, self.target
        ))
    }

    fn signed_body(&self) -> Option<Vec<u8>> {
        let kind = self.header("Content-Type").unwrap_or_default();
        let Some((_, boundary)) = kind.split_once("boundary=") else {
            return Some(self.body.clone());
        };
        let boundary = format!("\r\n--{}", boundary.trim_matches('"'));
        let (_, rest) = split(&self.body, b"name=\"meta\"")?;
        let (_, rest) = split(rest, b"\r\n\r\n")?;
        let (meta, _) = split(rest, boundary.as_bytes())?;
        Some(meta.to_vec())
    }
}

fn split<'a>(bytes: &'a [u8], separator: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let at = bytes.windows(separator.len()).position(|window| window == separator)?;
    Some((bytes.get(..at)?, bytes.get(at + separator.len()..)?))
}
