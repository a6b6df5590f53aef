//! The likely cause of a connection that could not be made.

use std::{error::Error, io};

/// What usually causes this error, and what to do.
pub(super) fn of(error: &(dyn Error + 'static)) -> Option<&'static str> {
    let mut next = Some(error);
    while let Some(cause) = next {
        if let Some(hint) = of_one(cause) {
            return Some(hint);
        }
        next = inner(cause);
    }
    None
}

/// The cause of an error. `io::Error` skips the error that it wraps, which is the one that says most.
fn inner<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    match error.downcast_ref::<io::Error>().and_then(io::Error::get_ref) {
        Some(wrapped) => Some(wrapped),
        None => error.source(),
    }
}

#[cfg(feature = "tls")]
fn of_one(error: &(dyn Error + 'static)) -> Option<&'static str> {
    use rustls::{AlertDescription, CertificateError as Certificate, Error as Tls, InvalidMessage};
    Some(match error.downcast_ref::<Tls>()? {
        Tls::InvalidMessage(InvalidMessage::InvalidContentType) => {
            "the other side does not speak TLS: the port is one for plain HTTP, or a proxy interferes; check the base URL"
        }
        Tls::InvalidCertificate(Certificate::UnknownIssuer) => {
            "this machine does not trust the authority of the server's certificate: a proxy may inspect TLS; if it is \
             yours, add its root with `HttpTransport::builder().root_certificate(pem)`"
        }
        Tls::InvalidCertificate(
            Certificate::Expired
            | Certificate::ExpiredContext { .. }
            | Certificate::NotValidYet
            | Certificate::NotValidYetContext { .. },
        ) => "check this machine's clock; if it is right, a proxy may present a certificate of its own",
        Tls::InvalidCertificate(Certificate::NotValidForName | Certificate::NotValidForNameContext { .. }) => {
            "another server than the one of the base URL responds: check the base URL and the DNS of this machine"
        }
        Tls::PeerIncompatible(_) | Tls::AlertReceived(AlertDescription::ProtocolVersion) => {
            "the other side does not speak TLS 1.2 or newer"
        }
        _ => return None,
    })
}

/// The operating system's own TLS gives a text and no cause.
#[cfg(not(feature = "tls"))]
fn of_one(_: &(dyn Error + 'static)) -> Option<&'static str> {
    None
}
