//! The likely cause of a connection that could not be made.

use crate::support::language::Text;
use std::{error::Error, io};

/// What usually causes this error, and what to do.
pub(super) fn of(error: &(dyn Error + 'static)) -> Option<Text> {
    let mut next = Some(error);
    while let Some(cause) = next {
        if let Some(hint) = of_one(cause) {
            return Some(hint);
        }
        next = inner(cause);
    }
    None
}

/// The usual cause of a network error below TLS.
pub(super) fn of_network(error: &(dyn Error + 'static)) -> Option<Text> {
    let mut next = Some(error);
    while let Some(cause) = next {
        if let Some(hint) = of_one_network(cause) {
            return Some(hint);
        }
        next = inner(cause);
    }
    None
}

fn of_one_network(error: &(dyn Error + 'static)) -> Option<Text> {
    // The type of this error is private in hyper-util.
    if error.to_string() == "dns error" {
        let both = (
            "this machine does not find the name: check the base URL and the DNS; where only a proxy reaches the \
             internet, give it to the client with `HttpTransport::builder().proxy(url)`",
            "本机无法解析该域名：检查 base URL 与 DNS；只能通过代理访问外网时，请用 \
             `HttpTransport::builder().proxy(url)` 给客户端配置代理",
        );
        return Some(both.into());
    }
    let both = match error.downcast_ref::<io::Error>()?.kind() {
        io::ErrorKind::ConnectionRefused => (
            "nothing listens at this address, or a firewall refuses it: check the base URL and the firewall",
            "该地址没有服务在监听，或被防火墙拒绝：检查 base URL 与防火墙",
        ),
        io::ErrorKind::TimedOut => (
            "a firewall may drop what is sent to this host: allow HTTPS to it, or give the client a proxy with \
             `HttpTransport::builder().proxy(url)`",
            "防火墙可能丢弃了发往该域名的数据：请放行 HTTPS，或用 `HttpTransport::builder().proxy(url)` 给客户端配置代理",
        ),
        _ => return None,
    };
    Some(both.into())
}

/// The cause of an error. The source of `io::Error` skips the wrapped error, which is the most precise one.
fn inner<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(wrapped) => Some(wrapped),
        None => error.source(),
    }
}

#[cfg(feature = "tls")]
fn of_one(error: &(dyn Error + 'static)) -> Option<Text> {
    use rustls::{AlertDescription, CertificateError as Certificate, Error as Tls, InvalidMessage};
    let both = match error.downcast_ref::<Tls>()? {
        Tls::InvalidMessage(InvalidMessage::InvalidContentType) => (
            "the other side does not speak TLS: the port is one for plain HTTP, or a proxy interferes; check the base URL",
            "对方不是 TLS：端口可能是明文 HTTP，或被代理干扰；检查 base URL",
        ),
        Tls::InvalidCertificate(Certificate::UnknownIssuer) => (
            "this machine does not trust the authority of the server's certificate: a proxy may inspect TLS; if it is \
             yours, add its root with `HttpTransport::builder().root_certificate(pem)`",
            "本机不信任服务器证书的签发机构：可能有代理在解密 TLS；若是自己的代理，请用 \
             `HttpTransport::builder().root_certificate(pem)` 添加其根证书",
        ),
        Tls::InvalidCertificate(
            Certificate::Expired
            | Certificate::ExpiredContext { .. }
            | Certificate::NotValidYet
            | Certificate::NotValidYetContext { .. },
        ) => (
            "check this machine's clock; if it is right, a proxy may present its own certificate",
            "检查本机时间；时间无误时，可能是代理出示了自己的证书",
        ),
        Tls::InvalidCertificate(Certificate::NotValidForName | Certificate::NotValidForNameContext { .. }) => (
            "another server than the one of the base URL responds: check the base URL and the DNS of this machine",
            "响应的不是 base URL 所指的服务器：检查 base URL 与本机 DNS",
        ),
        Tls::PeerIncompatible(_) | Tls::AlertReceived(AlertDescription::ProtocolVersion) => (
            "the other side does not speak TLS 1.2 or newer",
            "对方不支持 TLS 1.2 及以上版本",
        ),
        _ => return None,
    };
    Some(both.into())
}

/// The TLS of the operating system returns a text without a cause.
#[cfg(not(feature = "tls"))]
fn of_one(_: &(dyn Error + 'static)) -> Option<Text> {
    None
}
