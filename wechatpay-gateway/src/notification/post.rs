//! How a notification gets to the merchant's server: one POST, no redirects.

use std::{io, net::SocketAddr, sync::Arc};

use bytes::Bytes;
use http::{HeaderMap, Request, Uri, header, uri::Authority};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::{
    client::conn::http1,
    rt::{Read, Write},
};
use hyper_util::rt::TokioIo;
use rustls::{
    ClientConfig,
    crypto::{CryptoProvider, aws_lc_rs},
    pki_types::ServerName,
};
use rustls_platform_verifier::BuilderVerifierExt;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::{notification::response::NotificationResponse, server::header_case::Spelling};

/// The limit of a response body in bytes.
const LARGEST_RESPONSE: usize = 1 << 20;

/// Where a notification may go.
pub(crate) enum Reach<'a> {
    /// Over plain HTTP to this machine.
    Loopback,
    /// Over HTTP and HTTPS to everybody but these: the gateway's own addresses.
    AllBut(&'a [SocketAddr]),
}

/// Posts a notification.
///
/// The error has the kind [`InvalidInput`](io::ErrorKind::InvalidInput) when the URL can never be used.
pub(crate) async fn post(
    url: &str,
    headers: &HeaderMap,
    body: &Bytes,
    reach: &Reach<'_>,
) -> io::Result<NotificationResponse> {
    let uri: Uri = url.parse().map_err(|_| invalid("this is not a URL; 不是合法的URL"))?;
    let authority = uri.authority().filter(|authority| !authority.host().is_empty());
    let authority = authority.ok_or_else(|| invalid("this is not a URL; 不是合法的URL"))?;
    let secure = match (uri.scheme_str(), reach) {
        (Some("http"), _) => false,
        (Some("https"), Reach::AllBut(_)) => true,
        (_, Reach::Loopback) => {
            return Err(invalid(
                "the gateway sends notifications over plain HTTP only: use an http:// URL",
            ));
        }
        (_, Reach::AllBut(_)) => {
            return Err(invalid(
                "notifications go to http:// and https:// addresses only; 通知只发送到http://或https://地址",
            ));
        }
    };
    let stream = connect(authority, secure, reach).await?;
    let mut request = Request::post(uri.path_and_query().map_or("/", |target| target.as_str()))
        .header(header::HOST, host_of(authority))
        .header(header::USER_AGENT, "Mozilla/4.0")
        .header(header::ACCEPT, "*/*")
        .body(Full::new(body.clone()))
        .map_err(io::Error::other)?;
    request.headers_mut().extend(headers.clone());
    let stream = Spelling::new(stream);
    if secure {
        let host = authority
            .host()
            .trim_start_matches('[')
            .trim_end_matches(']')
            .to_owned();
        let name = ServerName::try_from(host).map_err(|_| invalid("not a host name; 主机名不合法"))?;
        let provider = CryptoProvider::get_default().cloned();
        let provider = provider.unwrap_or_else(|| Arc::new(aws_lc_rs::default_provider()));
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .and_then(BuilderVerifierExt::with_platform_verifier)
            .map_err(io::Error::other)?
            .with_no_client_auth();
        let stream = TlsConnector::from(Arc::new(config)).connect(name, stream).await?;
        exchange(TokioIo::new(stream), request).await
    } else {
        exchange(TokioIo::new(stream), request).await
    }
}

/// Without the user and the password that a URL may have.
fn host_of(authority: &Authority) -> &str {
    let text = authority.as_str();
    text.rsplit_once('@').map_or(text, |(_, host)| host)
}

async fn connect(authority: &Authority, secure: bool, reach: &Reach<'_>) -> io::Result<TcpStream> {
    let host = authority.host().trim_start_matches('[').trim_end_matches(']');
    let port = authority.port_u16().unwrap_or(if secure { 443 } else { 80 });
    let mut addresses = tokio::net::lookup_host((host, port)).await?;
    match reach {
        Reach::Loopback => {
            let address = addresses.find(|address| address.ip().is_loopback());
            let address = address.ok_or_else(|| {
                invalid("the gateway sends notifications to the loopback interface only: use 127.0.0.1 or localhost")
            })?;
            TcpStream::connect(address).await
        }
        Reach::AllBut(own) => {
            let addresses: Vec<_> = addresses.collect();
            if addresses.iter().any(|address| is_own(*address, own)) {
                return Err(invalid("the address is the gateway's own; 该地址是网关自己的地址"));
            }
            TcpStream::connect(addresses.as_slice()).await
        }
    }
}

/// Whether an address leads to the gateway: its port, on this machine.
fn is_own(address: SocketAddr, own: &[SocketAddr]) -> bool {
    let ip = address.ip().to_canonical();
    own.iter()
        .filter(|known| known.port() == address.port())
        .any(|known| ip == known.ip().to_canonical() || ip.is_loopback() || ip.is_unspecified())
}

fn invalid(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, what)
}

async fn exchange(
    stream: impl Read + Write + Unpin + Send + 'static,
    request: Request<Full<Bytes>>,
) -> io::Result<NotificationResponse> {
    let (mut sender, connection) = http1::Builder::new()
        .title_case_headers(true)
        .handshake(stream)
        .await
        .map_err(io::Error::other)?;
    let exchange = async {
        let (head, body) = sender
            .send_request(request)
            .await
            .map_err(io::Error::other)?
            .into_parts();
        let body = Limited::new(body, LARGEST_RESPONSE)
            .collect()
            .await
            .map_err(io::Error::other)?
            .to_bytes();
        Ok(NotificationResponse {
            status: head.status,
            headers: head.headers,
            body,
        })
    };
    // The connection must be polled until the exchange ends.
    let (mut exchange, mut connection) = (std::pin::pin!(exchange), std::pin::pin!(connection));
    tokio::select! {
        response = &mut exchange => response,
        _ = &mut connection => exchange.await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gateways_own_addresses_are_known_by_every_name_of_this_machine() {
        let own = ["127.0.0.1:8080".parse().unwrap()];
        for (address, expected) in [
            ("127.0.0.1:8080", true),
            ("127.0.0.9:8080", true),
            ("0.0.0.0:8080", true),
            ("[::1]:8080", true),
            ("[::ffff:127.0.0.1]:8080", true),
            ("127.0.0.1:8081", false),
            ("192.0.2.1:8080", false),
        ] {
            assert_eq!(is_own(address.parse().unwrap(), &own), expected, "{address}");
        }
    }
}
