//! How bytes get to the server and back: [`HttpTransport`], or anything that implements [`Transport`].

mod connect;
mod hint;
mod http_transport;
mod pool;
mod proxy;
mod tls;

pub use http_transport::{HttpTransport, HttpTransportBuilder};

use crate::support::{
    language::{Language, Text, text},
    one_line::OneLine,
};
use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use std::{
    borrow::Cow,
    fmt,
    future::{Future, poll_fn},
    pin::Pin,
    task::{Context, Poll},
};

/// Carries one attempt to the server.
///
/// An implementation sends exactly this method, URL, headers and body, once. It follows no redirect, retries nothing
/// and decompresses nothing. Its error tells whether the request may have reached the server. A connection carries the
/// next request only after [`ResponseBody::verified`]. Time limits, the size of the response, signatures and retries
/// are the client's.
///
/// ```
/// use std::{pin::Pin, sync::{Arc, atomic::{AtomicU32, Ordering}}};
/// use wechatpay_core::{
///     Method, transport::{HttpTransport, Transport, TransportError, TransportRequest, TransportResponse},
/// };
/// use wechatpay_gateway::{Fault, Gateway};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// /// Counts the attempts, retries included.
/// struct Counting(HttpTransport, Arc<AtomicU32>);
///
/// impl Transport for Counting {
///     fn send<'a>(
///         &'a self,
///         request: TransportRequest<'a>,
///     ) -> Pin<Box<dyn Future<Output = Result<TransportResponse, TransportError>> + Send + 'a>> {
///         self.1.fetch_add(1, Ordering::Relaxed);
///         self.0.send(request)
///     }
/// }
///
/// let gateway = Gateway::start()?;
/// gateway.on(Method::GET, "/v3/pay/transactions/id/1", |_| ()).misbehave(Fault::Reset { committed: false });
/// let attempts = Arc::new(AtomicU32::new(0));
/// let transport = Counting(HttpTransport::new()?, Arc::clone(&attempts));
/// let client = gateway.client_builder().transport(transport).build()?;
/// client.request(Method::GET, "/v3/pay/transactions/id/1").send().await?;
/// assert_eq!(attempts.load(Ordering::Relaxed), 2);
/// # Ok(()) }
/// ```
pub trait Transport: Send + Sync {
    /// Sends one request and returns when the headers of the response are there.
    ///
    /// Dropping the future gives the attempt up.
    ///
    /// # Errors
    /// When there is no response; see [`TransportError`].
    fn send<'a>(
        &'a self,
        request: TransportRequest<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<TransportResponse, TransportError>> + Send + 'a>>;
}

/// One attempt. It holds an Authorization header, so it has no `Debug`.
///
/// ```
/// use std::pin::Pin;
/// use wechatpay_core::{
///     Method, Outcome, RetryPolicy, transport::{Transport, TransportError, TransportRequest, TransportResponse},
/// };
/// use wechatpay_gateway::Gateway;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// /// No network: for a test of what a program does then.
/// struct Offline;
///
/// impl Transport for Offline {
///     fn send<'a>(
///         &'a self,
///         request: TransportRequest<'a>,
///     ) -> Pin<Box<dyn Future<Output = Result<TransportResponse, TransportError>> + Send + 'a>> {
///         let bytes: usize = request.body.iter().map(|piece| piece.len()).sum();
///         println!("{} {}{} with {bytes} bytes", request.method, request.origin, request.target);
///         Box::pin(async { Err(TransportError::not_sent("there is no network")) })
///     }
/// }
///
/// let client = Gateway::start()?.client_builder().transport(Offline).retry(RetryPolicy::never()).build()?;
/// let error = client.request(Method::POST, "/v3/pay/transactions/jsapi").send().await.unwrap_err();
/// assert_eq!(error.outcome(), Outcome::NotSent);
/// # Ok(()) }
/// ```
#[non_exhaustive]
pub struct TransportRequest<'a> {
    /// The HTTP method.
    pub method: Method,
    /// Scheme and authority, `https://api.mch.weixin.qq.com`, without a slash at the end.
    pub origin: &'a str,
    /// Path and query as they were signed: these bytes go on the wire.
    pub target: &'a str,
    /// All headers but `Host` and `Content-Length`.
    pub headers: HeaderMap,
    /// The pieces of the body in order; none for an empty body. Cloning one copies no bytes.
    pub body: &'a [Bytes],
}

/// The head of a response, and its body as it comes in.
///
/// ```
/// use bytes::Bytes;
/// use std::task::{Context, Poll};
/// use wechatpay_core::{HeaderMap, StatusCode, transport::{ResponseBody, TransportError, TransportResponse}};
///
/// struct Nothing;
///
/// impl ResponseBody for Nothing {
///     fn poll_chunk(&mut self, _: &mut Context<'_>) -> Poll<Result<Option<Bytes>, TransportError>> {
///         Poll::Ready(Ok(None))
///     }
/// }
///
/// let response = TransportResponse::new(StatusCode::NO_CONTENT, HeaderMap::new(), Box::new(Nothing));
/// assert_eq!(response.status.as_u16(), 204);
/// ```
#[non_exhaustive]
pub struct TransportResponse {
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers as received.
    pub headers: HeaderMap,
    /// The body.
    pub body: Box<dyn ResponseBody>,
}

impl TransportResponse {
    /// A response.
    #[must_use]
    pub fn new(status: StatusCode, headers: HeaderMap, body: Box<dyn ResponseBody>) -> Self {
        Self { status, headers, body }
    }
}

/// A body that comes in piece by piece. Nothing is read ahead of what is asked for.
///
/// ```
/// use bytes::Bytes;
/// use std::{pin::Pin, task::{Context, Poll}};
/// use wechatpay_core::{
///     ErrorKind, HeaderMap, Method, StatusCode,
///     transport::{ResponseBody, Transport, TransportError, TransportRequest, TransportResponse},
/// };
/// use wechatpay_gateway::Gateway;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// /// A body that is at hand.
/// struct AtHand(Option<Bytes>);
///
/// impl ResponseBody for AtHand {
///     fn poll_chunk(&mut self, _: &mut Context<'_>) -> Poll<Result<Option<Bytes>, TransportError>> {
///         Poll::Ready(Ok(self.0.take()))
///     }
///
///     fn verified(&mut self) {
///         // A transport that keeps connections takes this one back here.
///     }
/// }
///
/// /// A captive portal: it responds to everything itself.
/// struct Portal;
///
/// impl Transport for Portal {
///     fn send<'a>(
///         &'a self,
///         _: TransportRequest<'a>,
///     ) -> Pin<Box<dyn Future<Output = Result<TransportResponse, TransportError>> + Send + 'a>> {
///         let body = AtHand(Some("<html>".into()));
///         Box::pin(async { Ok(TransportResponse::new(StatusCode::OK, HeaderMap::new(), Box::new(body))) })
///     }
/// }
///
/// let client = Gateway::start()?.client_builder().transport(Portal).build()?;
/// let error = client.request(Method::POST, "/v3/pay/transactions/jsapi").send().await.unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Unverified);
/// # Ok(()) }
/// ```
pub trait ResponseBody: Send {
    /// The next piece, or `None` at the end. [`Poll::Pending`] if no piece is available yet. Then `context` is woken
    /// when the next poll can make progress.
    ///
    /// # Errors
    /// When the connection breaks before the end of the body.
    fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<Bytes>, TransportError>>;

    /// The client read this response to its end, verified its signature, and found nothing in it that belongs to
    /// another request. Now its connection may carry the next request.
    ///
    /// A body that is dropped without this call may be the response to another request, or leave such a response
    /// behind. Close its connection. The default does nothing, which is right for a transport that keeps no
    /// connections, and for one whose protocol ties each response to its request (HTTP/2).
    fn verified(&mut self) {}
}

impl dyn ResponseBody + '_ {
    /// Waits for the next piece.
    pub(crate) async fn chunk(&mut self) -> Result<Option<Bytes>, TransportError> {
        poll_fn(|context| self.poll_chunk(context)).await
    }
}

/// An attempt brought no response.
///
/// ```
/// use std::{error::Error as _, io};
/// use wechatpay_core::transport::TransportError;
///
/// let refused = io::Error::from(io::ErrorKind::ConnectionRefused);
/// let error = TransportError::not_sent(refused);
/// assert!(error.is_not_sent());
/// assert_eq!(error.to_string(), "no connection to the server");
/// assert_eq!(error.source().unwrap().to_string(), "connection refused");
/// assert!(error.is_not_sent());
/// let reset = io::Error::from(io::ErrorKind::ConnectionReset);
/// assert!(!TransportError::interrupted(reset).is_not_sent());
/// ```
#[derive(Debug)]
pub struct TransportError {
    not_sent: bool,
    source: Box<dyn std::error::Error + Send + Sync>,
    hint: Option<Text>,
}

impl TransportError {
    /// The request proved not to have reached the server: no address, no connection, no TLS. Only with that proof: any
    /// request, also one that pays, is retried after it.
    ///
    /// The line of the call's error shows the last cause of `source`.
    pub fn not_sent(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self {
            not_sent: true,
            source: source.into(),
            hint: None,
        }
    }

    /// The request may have reached the server.
    pub fn interrupted(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self {
            not_sent: false,
            source: source.into(),
            hint: None,
        }
    }

    /// Not sent, for a reason of this library, in English and in Chinese.
    fn refused(reason: (&'static str, &'static str)) -> Self {
        Self::not_sent(Refused(reason.into()))
    }

    /// Adds the likely cause and what to do about it, in English and in Chinese. It becomes the
    /// [hint](crate::error::Error::hint) of the call's error.
    ///
    /// ```
    /// use wechatpay_core::transport::TransportError;
    ///
    /// let error = TransportError::not_sent("the tunnel is closed").with_hint("open the tunnel", "请先打开隧道");
    /// assert!(error.is_not_sent());
    /// ```
    #[must_use]
    pub fn with_hint(self, english: impl Into<Cow<'static, str>>, chinese: impl Into<Cow<'static, str>>) -> Self {
        self.hinted(Some(Text::new(english, chinese)))
    }

    fn hinted(mut self, hint: Option<Text>) -> Self {
        self.hint = hint;
        self
    }

    /// Whether the request proved not to have reached the server.
    #[must_use]
    pub fn is_not_sent(&self) -> bool {
        self.not_sent
    }

    pub(crate) fn hint(&self) -> Option<&Text> {
        self.hint.as_ref()
    }

    /// The sentence for an error of a call, with the host that the connection leads to.
    pub(crate) fn about(&self, host: &str) -> Text {
        let (cause, chinese) = (self.cause(Language::English), self.cause(Language::Chinese));
        let (cause, chinese) = (OneLine(&cause), OneLine(&chinese));
        if self.not_sent {
            text!("no connection to {host}: {cause}", "无法连接 {host}：{chinese}")
        } else {
            text!(
                "the connection to {host} broke: {cause}",
                "与 {host} 的连接中断：{chinese}"
            )
        }
    }

    /// The last cause is the most precise: refused, no such host, a certificate for another name. A part of it may come
    /// from the other side, so it is cut.
    fn cause(&self, language: Language) -> String {
        let mut cause: &(dyn std::error::Error + 'static) = &*self.source;
        while let Some(next) = cause.source() {
            cause = next;
        }
        let text = match cause.downcast_ref::<Refused>() {
            Some(Refused(reason)) => reason.get(language).to_owned(),
            None => cause.to_string(),
        };
        text.chars().take(LONGEST_CAUSE).collect()
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.not_sent {
            "no connection to the server"
        } else {
            "the connection broke"
        })
    }
}

const LONGEST_CAUSE: usize = 200;

impl std::error::Error for TransportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&*self.source)
    }
}

/// Why this library did not connect.
#[derive(Debug)]
struct Refused(Text);

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.get(Language::English))
    }
}

impl std::error::Error for Refused {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io;

    #[test]
    fn an_error_names_its_last_cause_on_one_short_line() {
        let cause = io::Error::other(format!("not for\n{}", "x".repeat(1_000)));
        let error = TransportError::interrupted(io::Error::other(TransportError::not_sent(cause)));
        for (language, beginning) in [
            (Language::English, r"the connection to x broke: not for\nxxx"),
            (Language::Chinese, r"与 x 的连接中断：not for\nxxx"),
        ] {
            let text = error.about("x");
            let text = text.get(language);
            assert!(text.starts_with(beginning), "{text}");
            assert!(text.len() < 260 && !text.contains('\n'), "{text}");
        }
    }
}
