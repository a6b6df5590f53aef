//! One connection to one origin: made, used for one exchange at a time, and closed when it is dropped.

use super::{
    TransportError, hint,
    proxy::{Proxies, Proxy},
    tls::{self, Tls},
};
use bytes::Bytes;
use http::{HeaderValue, Request, Response, Uri, header};
use http_body::{Body, Frame, SizeHint};
use hyper::{
    body::Incoming,
    client::conn::http1::{Builder, SendRequest},
    rt::{Read, Write},
};
use hyper_util::client::legacy::connect::{HttpConnector, proxy::Tunnel};
use std::{
    convert::Infallible,
    error::Error as StdError,
    io,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
    vec,
};
use tower_service::Service;

/// A connection that is not in use, or in use for exactly one exchange. Dropping it closes it.
pub(super) struct Connection {
    sender: SendRequest<Pieces>,
    origin: Arc<str>,
    host: HeaderValue,
}

impl Connection {
    pub(super) fn origin(&self) -> &str {
        &self.origin
    }

    /// Whether the last exchange is over and the next one can begin.
    pub(super) fn is_ready(&self) -> bool {
        self.sender.is_ready()
    }

    pub(super) fn is_closed(&self) -> bool {
        self.sender.is_closed()
    }

    /// Sends one request. The error holds the request when nothing of it was written, which is proof that the server did
    /// not get it.
    pub(super) async fn exchange(
        &mut self,
        mut request: Request<Pieces>,
    ) -> Result<Response<Incoming>, (hyper::Error, Option<Request<Pieces>>)> {
        request.headers_mut().insert(header::HOST, self.host.clone());
        self.sender.try_send_request(request).await.map_err(|mut error| {
            let unsent = error.take_message();
            (error.into_error(), unsent)
        })
    }
}

/// How connections are made.
pub(super) struct Connector {
    tls: Tls,
    proxies: Proxies,
    timeout: Duration,
}

impl Connector {
    pub(super) fn new(tls: Tls, proxies: Proxies, timeout: Duration) -> Self {
        Self { tls, proxies, timeout }
    }

    /// Connects to an origin, TLS and the proxy's tunnel included.
    pub(super) async fn connect(&self, origin: &str) -> Result<Connection, TransportError> {
        let uri: Uri = origin
            .parse()
            .map_err(|_| TransportError::refused(("the URL cannot be read", "URL 无法解析")))?;
        let host = uri.authority().and_then(|authority| authority.as_str().parse().ok());
        let host = host.ok_or_else(|| TransportError::refused(("the URL has no host", "URL 没有域名")))?;
        let is_https = uri.scheme_str() == Some("https");
        if is_https && !tls::AVAILABLE {
            return Err(TransportError::refused((
                "this build has no TLS; turn on the feature `tls` or `native-tls` of `wechatpay-core`",
                "该构建没有 TLS；请开启 `wechatpay-core` 的 feature `tls` 或 `native-tls`",
            )));
        }
        let proxy = self.proxies.of(&uri)?;
        if proxy.is_some() && !is_https {
            // It would see the Authorization and the body.
            return Err(TransportError::refused((
                "a proxy is configured, and a request over plain HTTP is never sent to a proxy",
                "配置了代理，而明文 HTTP 请求从不经过代理",
            ))
            .with_hint(
                "use a transport without a proxy for a base URL on this machine, or except its host with `NO_PROXY`",
                "base URL 指向本机时请使用不带代理的 transport，或用 `NO_PROXY` 排除该主机",
            ));
        }
        let connecting = async {
            let mut tcp = HttpConnector::new();
            tcp.set_nodelay(true);
            tcp.enforce_http(false);
            let sender = match proxy {
                None => handshake(call(self.tls.around(tcp), uri.clone()).await?).await?,
                Some(Proxy { uri: proxy, auth }) => {
                    let tunnel = Tunnel::new(proxy, self.tls.around(tcp));
                    let tunnel = match auth {
                        Some(auth) => tunnel.with_auth(auth),
                        None => tunnel,
                    };
                    handshake(call(self.tls.around(tunnel), uri.clone()).await?).await?
                }
            };
            Ok::<_, Box<dyn StdError + Send + Sync>>(sender)
        };
        let connected = tokio::time::timeout(self.timeout, connecting)
            .await
            .unwrap_or_else(|_| {
                let reason = format!("no connection within {} ms", self.timeout.as_millis());
                Err(io::Error::new(io::ErrorKind::TimedOut, reason).into())
            });
        match connected {
            Ok(sender) => Ok(Connection {
                sender,
                origin: origin.into(),
                host,
            }),
            Err(error) => {
                let hint = hint::of(&*error)
                    .or_else(|| self.proxies.ignored(&uri))
                    .or_else(|| hint::of_network(&*error));
                Err(TransportError::not_sent(error).hinted(hint))
            }
        }
    }
}

/// Waits for a connector to be ready, and asks it for one connection.
async fn call<C>(mut connector: C, uri: Uri) -> Result<C::Response, Box<dyn StdError + Send + Sync>>
where
    C: Service<Uri>,
    C::Error: Into<Box<dyn StdError + Send + Sync>>,
{
    std::future::poll_fn(|context| connector.poll_ready(context))
        .await
        .map_err(Into::into)?;
    connector.call(uri).await.map_err(Into::into)
}

/// Speaks HTTP/1.1 over a stream, in a separate task that ends with the connection.
async fn handshake(
    stream: impl Read + Write + Unpin + Send + 'static,
) -> Result<SendRequest<Pieces>, Box<dyn StdError + Send + Sync>> {
    let (sender, connection) = Builder::new().max_headers(100).handshake(stream).await?;
    // An error of the connection reaches the exchange that is under way.
    tokio::spawn(async move { drop(connection.await) });
    Ok(sender)
}

/// A body in pieces whose length is known, so that a file is not copied into one buffer.
pub(super) struct Pieces {
    /// Most bodies have one piece. It needs no list.
    first: Option<Bytes>,
    rest: vec::IntoIter<Bytes>,
}

impl Pieces {
    pub(super) fn new(pieces: &[Bytes]) -> Self {
        let (first, rest) = match pieces {
            [] => (None, &[][..]),
            [first, rest @ ..] => (Some(first.clone()), rest),
        };
        Self {
            first,
            rest: Vec::from(rest).into_iter(),
        }
    }
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let piece = self.first.take().or_else(|| self.rest.next());
        Poll::Ready(piece.map(|piece| Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.first.is_none() && self.rest.as_slice().is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        let pieces = self.first.iter().chain(self.rest.as_slice());
        SizeHint::with_exact(pieces.map(|piece| piece.len() as u64).sum())
    }
}
