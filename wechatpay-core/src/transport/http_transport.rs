//! The default transport: HTTP/1.1 by hyper, on connections that carry one verified exchange after the other.

use super::{
    ResponseBody, Transport, TransportError, TransportRequest, TransportResponse,
    connect::{Connection, Connector, Pieces},
    pool::Pool,
    proxy::Proxies,
    tls::{Tls, Trust},
};
use crate::error::Error;
use bytes::Bytes;
use http::{Request, Response, Uri, uri::PathAndQuery};
use http_body::Body as _;
use hyper::body::Incoming;
use std::{
    fmt,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

/// HTTP/1.1 and TLS: no redirects, no retries, no decompression, and no proxy from the environment unless asked.
///
/// A connection carries one exchange at a time. It carries the next one only if the client verified the response and
/// found that it belongs to the request ([`ResponseBody::verified`]). Otherwise it is closed: after an unsigned
/// response, a timeout, a dropped call, a download, or unexpected bytes. HTTP/1.1 does not link a response to its
/// request, so after such an event the next response could be the late response to an earlier request.
///
/// Cheap to clone; clones share their connections. Give one transport to the clients of several merchants and they
/// share connections too:
///
/// ```
/// use wechatpay_core::transport::HttpTransport;
/// use wechatpay_gateway::Gateway;
///
/// let gateway = Gateway::start()?;
/// let transport = HttpTransport::new()?;
/// let merchant = gateway.client_builder().transport(transport.clone()).build()?;
/// let brand = gateway.brand_client_builder().transport(transport).build()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct HttpTransport {
    inner: Arc<Inner>,
}

struct Inner {
    connector: Connector,
    pool: Arc<Pool>,
}

impl HttpTransport {
    /// A transport with the defaults.
    ///
    /// # Errors
    /// As [`HttpTransportBuilder::build`].
    pub fn new() -> Result<Self, Error> {
        Self::builder().build()
    }

    /// A transport for plain HTTP to this machine. It trusts no certificate, so it does not read those of the operating
    /// system. Reading them is the slowest part of making a client, and tests make hundreds.
    pub(crate) fn for_loopback() -> Result<Self, Error> {
        HttpTransportBuilder {
            plain: true,
            ..Self::builder()
        }
        .build()
    }

    /// A transport with custom settings.
    ///
    /// ```
    /// use std::time::Duration;
    /// use wechatpay_core::transport::HttpTransport;
    ///
    /// let transport = HttpTransport::builder().connect_timeout(Duration::from_secs(1)).build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn builder() -> HttpTransportBuilder {
        HttpTransportBuilder {
            connect_timeout: Duration::from_secs(3),
            idle_timeout: Duration::from_secs(5),
            environment_proxy: false,
            proxy: None,
            root_certificates: Vec::new(),
            plain: false,
        }
    }
}

impl fmt::Debug for HttpTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HttpTransport")
    }
}

/// Settings of an [`HttpTransport`].
///
/// ```
/// use std::time::Duration;
/// use wechatpay_core::transport::HttpTransport;
///
/// let transport = HttpTransport::builder()
///     .connect_timeout(Duration::from_secs(2))
///     .idle_timeout(Duration::from_secs(4))
///     .proxy("http://proxy.internal:3128")
///     .build()?;
/// let transport = HttpTransport::builder().environment_proxy().build()?;
///
/// let error = HttpTransport::builder().proxy("not a URL").build().unwrap_err();
/// assert!(error.to_string().contains("the proxy's URL cannot be read"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use]
pub struct HttpTransportBuilder {
    connect_timeout: Duration,
    idle_timeout: Duration,
    environment_proxy: bool,
    proxy: Option<String>,
    root_certificates: Vec<Vec<u8>>,
    plain: bool,
}

/// Names no proxy: its URL can hold a password.
impl fmt::Debug for HttpTransportBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpTransportBuilder")
            .field("connect_timeout", &self.connect_timeout)
            .field("idle_timeout", &self.idle_timeout)
            .field("environment_proxy", &self.environment_proxy)
            .finish_non_exhaustive()
    }
}

impl HttpTransportBuilder {
    /// How long connecting may take, TLS included. Default: 3 seconds.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit;
        self
    }

    /// How long an unused connection is kept. Default: 5 seconds; the service closes it after 8, and a request must
    /// not meet that moment.
    pub fn idle_timeout(mut self, limit: Duration) -> Self {
        self.idle_timeout = limit;
        self
    }

    /// Uses the proxy that `HTTPS_PROXY` or `ALL_PROXY` names, for hosts that `NO_PROXY` does not except. Default: the
    /// variables are ignored.
    ///
    /// A request over plain HTTP, which only goes to this machine, is never sent to a proxy: where the variables name
    /// one for it, it is refused.
    pub fn environment_proxy(mut self) -> Self {
        self.environment_proxy = true;
        self
    }

    /// Connects through this proxy, for example `http://proxy.internal:3128`. The scheme is `http` or `https`, and the
    /// URL may hold a user name and a password.
    ///
    /// The proxy gets a tunnel for TLS (`CONNECT`) and sees no request. A request over plain HTTP is refused.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.proxy = Some(url.into());
        self
    }

    /// Trusts an additional root certificate for TLS, in PEM, such as that of a proxy that inspects TLS.
    ///
    #[cfg_attr(feature = "tls", doc = "```")]
    #[cfg_attr(not(feature = "tls"), doc = "```ignore")]
    /// use wechatpay_core::transport::HttpTransport;
    /// use wechatpay_gateway::{Gateway, PlatformMode};
    ///
    /// # let gateway = Gateway::builder().mode(PlatformMode::Certificates).start()?;
    /// # let pem = gateway.certificate_pems().remove(0);
    /// let transport = HttpTransport::builder().root_certificate(pem).build()?;
    /// assert!(HttpTransport::builder().root_certificate("-----BEGIN CERTIFICATE-----\n!").build().is_err());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn root_certificate(mut self, pem: impl AsRef<[u8]>) -> Self {
        self.root_certificates.push(pem.as_ref().to_vec());
        self
    }

    /// Makes the transport.
    ///
    /// # Errors
    /// When a root certificate or the proxy's URL cannot be read, or TLS cannot be set up on this machine.
    pub fn build(self) -> Result<HttpTransport, Error> {
        let proxies = match &self.proxy {
            Some(url) => Proxies::all(url)?,
            None if self.environment_proxy => Proxies::environment(),
            None => Proxies::None,
        };
        let tls = Tls::new(if self.plain {
            Trust::None
        } else {
            Trust::System(&self.root_certificates)
        })?;
        Ok(HttpTransport {
            inner: Arc::new(Inner {
                connector: Connector::new(tls, proxies, self.connect_timeout),
                pool: Pool::new(self.idle_timeout),
            }),
        })
    }
}

impl Transport for HttpTransport {
    fn send<'a>(
        &'a self,
        request: TransportRequest<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<TransportResponse, TransportError>> + Send + 'a>> {
        Box::pin(async move {
            let origin = request.origin;
            let (response, connection) = self.inner.exchange(origin, to_hyper(request)?).await?;
            let (head, body) = response.into_parts();
            let body = Receiving {
                ended: body.is_end_stream(),
                body,
                connection: Some(connection),
                pool: Arc::clone(&self.inner.pool),
            };
            Ok(TransportResponse::new(head.status, head.headers, Box::new(body)))
        })
    }
}

fn to_hyper(request: TransportRequest<'_>) -> Result<Request<Pieces>, TransportError> {
    // What is signed must be what is sent, byte for byte.
    let target = PathAndQuery::try_from(request.target)
        .ok()
        .filter(|target| target.as_str() == request.target)
        .ok_or_else(|| {
            TransportError::refused((
                "the path would be sent other than it was signed",
                "实际发送的路径与签名的路径不一致",
            ))
        })?;
    let mut to_send = Request::new(Pieces::new(request.body));
    *to_send.method_mut() = request.method;
    *to_send.uri_mut() = Uri::from(target);
    *to_send.headers_mut() = request.headers;
    Ok(to_send)
}

impl Inner {
    /// Sends once: on a connection that waits for this, or on a new one.
    async fn exchange(
        &self,
        origin: &str,
        mut request: Request<Pieces>,
    ) -> Result<(Response<Incoming>, Connection), TransportError> {
        while let Some(mut connection) = self.pool.take(origin) {
            match connection.exchange(request).await {
                Ok(response) => return Ok((response, connection)),
                // The server closed the connection before anything was written, so this is no retry.
                Err((_, Some(unsent))) => request = unsent,
                Err((error, None)) => return Err(TransportError::interrupted(error)),
            }
        }
        let mut connection = self.connector.connect(origin).await?;
        match connection.exchange(request).await {
            Ok(response) => Ok((response, connection)),
            Err((error, Some(_))) => Err(TransportError::not_sent(error)),
            Err((error, None)) => Err(TransportError::interrupted(error)),
        }
    }
}

/// A body as it comes in, with the connection that brings it. Dropping it closes the connection.
struct Receiving {
    body: Incoming,
    ended: bool,
    connection: Option<Connection>,
    pool: Arc<Pool>,
}

impl ResponseBody for Receiving {
    fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<Bytes>, TransportError>> {
        loop {
            let frame = match ready!(Pin::new(&mut self.body).poll_frame(context)) {
                Some(frame) => frame.map_err(TransportError::interrupted)?,
                None => {
                    self.ended = true;
                    return Poll::Ready(Ok(None));
                }
            };
            // Trailers are not signed and not used.
            if let Ok(data) = frame.into_data() {
                return Poll::Ready(Ok(Some(data)));
            }
        }
    }

    fn verified(&mut self) {
        if let Some(connection) = self.connection.take()
            && self.ended
        {
            self.pool.keep(connection);
        }
    }
}
