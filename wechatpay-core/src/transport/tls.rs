//! TLS 1.2 or newer on a connection: rustls, or the TLS of the operating system.

use crate::error::{Error, ErrorKind};

/// The root certificates that TLS trusts.
pub(super) enum Trust<'a> {
    /// The operating system's roots and these, in PEM.
    System(&'a [Vec<u8>]),
    /// None. Reading the operating system's roots is slow, and plain HTTP does not need them.
    None,
}

fn refused(reason: (&'static str, &'static str), cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Error {
    Error::local(ErrorKind::Configuration, reason).because(cause.into())
}

const UNREADABLE_ROOT: (&str, &str) = ("a root certificate cannot be read", "根证书无法读取");
#[cfg(any(feature = "tls", feature = "native-tls"))]
const NO_TLS: (&str, &str) = ("TLS cannot be set up on this machine", "本机无法启用 TLS");

// Features add up over a whole program. Where both are on, rustls is used.
#[cfg(feature = "tls")]
mod implementation {
    use super::{Error, NO_TLS, Trust, UNREADABLE_ROOT, refused};
    use hyper_rustls::HttpsConnector;
    use rustls::{
        ClientConfig, RootCertStore,
        crypto::{CryptoProvider, aws_lc_rs},
        pki_types::{CertificateDer, pem::PemObject as _},
    };
    use rustls_platform_verifier::Verifier;
    use std::sync::Arc;

    #[derive(Clone)]
    pub(in crate::transport) struct Tls(Arc<ClientConfig>);

    impl Tls {
        pub(in crate::transport) fn new(trust: Trust<'_>) -> Result<Self, Error> {
            // A program may have installed its own provider.
            let provider = CryptoProvider::get_default()
                .cloned()
                .unwrap_or_else(|| Arc::new(aws_lc_rs::default_provider()));
            let builder = ClientConfig::builder_with_provider(Arc::clone(&provider))
                .with_safe_default_protocol_versions()
                .map_err(|error| refused(NO_TLS, error))?;
            let builder = match trust {
                Trust::None => builder.with_root_certificates(RootCertStore::empty()),
                Trust::System(pems) => {
                    let verifier = verifier(pems, provider)?;
                    builder.dangerous().with_custom_certificate_verifier(Arc::new(verifier))
                }
            };
            let mut config = builder.with_no_client_auth();
            // HTTP/2 ties each response to its request, but nothing documents that the service offers it.
            config.alpn_protocols = vec![b"http/1.1".to_vec()];
            Ok(Self(Arc::new(config)))
        }

        pub(in crate::transport) fn around<C>(&self, connector: C) -> HttpsConnector<C> {
            HttpsConnector::from((connector, Arc::clone(&self.0)))
        }
    }

    /// The verification of the operating system, with additional roots.
    fn verifier(pems: &[Vec<u8>], provider: Arc<CryptoProvider>) -> Result<Verifier, Error> {
        if pems.is_empty() {
            return Verifier::new(provider).map_err(|error| refused(NO_TLS, error));
        }
        let mut roots = Vec::new();
        for pem in pems {
            let before = roots.len();
            for certificate in CertificateDer::pem_slice_iter(pem) {
                roots.push(certificate.map_err(|error| refused(UNREADABLE_ROOT, error))?);
            }
            if roots.len() == before {
                return Err(refused(UNREADABLE_ROOT, "it holds no `BEGIN CERTIFICATE` block"));
            }
        }
        #[cfg(not(target_os = "android"))]
        return Verifier::new_with_extra_roots(roots, provider).map_err(|error| refused(UNREADABLE_ROOT, error));
        #[cfg(target_os = "android")]
        return Err(refused(UNREADABLE_ROOT, "Android takes roots from its settings only"));
    }
}

#[cfg(all(feature = "native-tls", not(feature = "tls")))]
mod implementation {
    use super::{Error, NO_TLS, Trust, UNREADABLE_ROOT, refused};
    use hyper_tls::HttpsConnector;
    use native_tls::{Certificate, Protocol, TlsConnector};

    #[derive(Clone)]
    pub(in crate::transport) struct Tls(TlsConnector);

    impl Tls {
        pub(in crate::transport) fn new(trust: Trust<'_>) -> Result<Self, Error> {
            let mut builder = TlsConnector::builder();
            builder.min_protocol_version(Some(Protocol::Tlsv12));
            match trust {
                Trust::None => {
                    builder.disable_built_in_roots(true);
                }
                Trust::System(pems) => {
                    for pem in pems {
                        let root = Certificate::from_pem(pem).map_err(|error| refused(UNREADABLE_ROOT, error))?;
                        builder.add_root_certificate(root);
                    }
                }
            }
            builder.build().map(Self).map_err(|error| refused(NO_TLS, error))
        }

        pub(in crate::transport) fn around<C>(&self, connector: C) -> HttpsConnector<C> {
            HttpsConnector::from((connector, self.0.clone().into()))
        }
    }
}

/// Without TLS only plain HTTP to this machine is possible. `connect` refuses other hosts.
#[cfg(not(any(feature = "tls", feature = "native-tls")))]
mod implementation {
    use super::{Error, Trust, UNREADABLE_ROOT, refused};

    #[derive(Clone)]
    pub(in crate::transport) struct Tls;

    impl Tls {
        pub(in crate::transport) fn new(trust: Trust<'_>) -> Result<Self, Error> {
            match trust {
                Trust::System([_, ..]) => Err(refused(
                    UNREADABLE_ROOT,
                    "this build has no TLS; turn on the feature `tls` or `native-tls` of `wechatpay-core`",
                )),
                Trust::System([]) | Trust::None => Ok(Self),
            }
        }

        pub(in crate::transport) fn around<C>(&self, connector: C) -> C {
            connector
        }
    }
}

pub(super) use implementation::Tls;

/// Whether this build can speak TLS.
pub(super) const AVAILABLE: bool = cfg!(any(feature = "tls", feature = "native-tls"));
