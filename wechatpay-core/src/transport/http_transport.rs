//! The default transport: reqwest with everything switched off that would act on its own.

use super::{ResponseBody, Transport, TransportError, TransportRequest, TransportResponse};
use crate::error::{Error, ErrorKind};
use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use std::{
    collections::VecDeque,
    convert::Infallible,
    fmt,
    future::Future,
    pin::{Pin, pin},
    task::{Context, Poll},
    time::Duration,
};

/// HTTP/1.1 and TLS by reqwest: no redirects, no repeats of its own, no decompression, no proxy from the environment.
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
    client: reqwest::Client,
}

impl HttpTransport {
    /// A transport with the defaults.
    ///
    /// # Errors
    /// As [`HttpTransportBuilder::build`].
    pub fn new() -> Result<Self, Error> {
        Self::builder().build()
    }

    /// A transport for plain HTTP to this machine. It trusts no certificate, which spares reading those of the operating
    /// system: the slowest part of making a client, where tests make hundreds.
    pub(crate) fn for_loopback() -> Result<Self, Error> {
        HttpTransportBuilder {
            plain: true,
            ..Self::builder()
        }
        .build()
    }

    /// A transport with settings of its own.
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
    #[cfg_attr(
        not(any(feature = "tls", feature = "native-tls")),
        expect(dead_code, reason = "everything is plain then")
    )]
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

    /// Uses the proxy that `HTTPS_PROXY` and its relatives name. Default: they are ignored.
    pub fn environment_proxy(mut self) -> Self {
        self.environment_proxy = true;
        self
    }

    /// Sends everything through this proxy, `http://proxy.internal:3128` say.
    pub fn proxy(mut self, url: impl Into<String>) -> Self {
        self.proxy = Some(url.into());
        self
    }

    /// Trusts a further root certificate for TLS, in PEM: for a proxy of one's own that inspects TLS.
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
        let refused = |reason: &'static str| {
            move |error: reqwest::Error| {
                Error::local(ErrorKind::Configuration, reason)
                    .with(|inner| inner.source = Some(Box::new(error.without_url())))
            }
        };
        let mut builder = reqwest::Client::builder()
            .http1_only()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            // Another crate of the program may turn these on, and what is signed is what comes over the wire.
            .no_gzip()
            .no_brotli()
            .no_zstd()
            .no_deflate()
            .tcp_nodelay(true)
            .connect_timeout(self.connect_timeout)
            .pool_idle_timeout(self.idle_timeout)
            .http1_max_headers(100);
        if let Some(url) = self.proxy {
            // Without the cause: it shows the URL, and with it the password.
            let proxy = reqwest::Proxy::all(url)
                .map_err(|_| Error::local(ErrorKind::Configuration, "the proxy's URL cannot be read"))?;
            builder = builder.proxy(proxy);
        } else if !self.environment_proxy {
            builder = builder.no_proxy();
        }
        #[cfg(any(feature = "tls", feature = "native-tls"))]
        {
            let mut certificates = Vec::new();
            for pem in &self.root_certificates {
                let read = reqwest::Certificate::from_pem_bundle(pem);
                certificates.extend(read.map_err(refused("a root certificate cannot be read"))?);
            }
            if self.plain {
                builder = builder.tls_certs_only([]);
            } else if !certificates.is_empty() {
                builder = builder.tls_certs_merge(certificates);
            }
            builder = builder.tls_version_min(reqwest::tls::Version::TLS_1_2);
        }
        // Features add up over a whole program; where both are on, the one that was asked for by default stays.
        #[cfg(feature = "tls")]
        {
            builder = builder.tls_backend_rustls();
        }
        let client = builder
            .build()
            .map_err(refused("the HTTP client cannot be set up on this machine"))?;
        Ok(HttpTransport { client })
    }
}

impl Transport for HttpTransport {
    fn send<'a>(
        &'a self,
        request: TransportRequest<'a>,
    ) -> Pin<Box<dyn Future<Output = Result<TransportResponse, TransportError>> + Send + 'a>> {
        Box::pin(async move {
            let TransportRequest {
                method,
                origin,
                target,
                headers,
                body,
            } = request;
            let url = reqwest::Url::parse(&[origin, target].concat())
                .map_err(|_| TransportError::not_sent("the URL cannot be read"))?;
            // What is signed must be what is sent: a URL that is read as something else never leaves.
            if url.as_str().strip_prefix(origin) != Some(target) {
                return Err(TransportError::not_sent(
                    "the path would be sent other than it was signed",
                ));
            }
            let mut attempt = reqwest::Request::new(method, url);
            *attempt.headers_mut() = headers;
            *attempt.body_mut() = match body {
                [] => None,
                [whole] => Some(whole.clone().into()),
                pieces => Some(reqwest::Body::wrap(Pieces(pieces.to_vec().into()))),
            };
            let mut response = self.client.execute(attempt).await.map_err(|error| {
                // A URL with its parameters belongs in no error.
                let error = error.without_url();
                if error.is_connect() || error.is_builder() {
                    TransportError::not_sent(error)
                } else {
                    TransportError::interrupted(error)
                }
            })?;
            let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
            Ok(TransportResponse::new(status, headers, Box::new(Incoming(response))))
        })
    }
}

struct Incoming(reqwest::Response);

impl ResponseBody for Incoming {
    fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<Bytes>, TransportError>> {
        // What was read lies in the response and not in this future, so nothing is lost when it is dropped unfinished.
        pin!(self.0.chunk())
            .poll(context)
            .map_err(|error| TransportError::interrupted(error.without_url()))
    }
}

/// A body in several pieces whose length is known, so that a file is not copied into one buffer.
struct Pieces(VecDeque<Bytes>);

impl Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.pop_front().map(|piece| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0.iter().map(|piece| piece.len() as u64).sum())
    }
}
