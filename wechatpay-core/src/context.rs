//! What every request needs of its client: identity, keys, signer, transport, system, limits.

mod certificates;

use crate::{
    crypto::Backend,
    error::{Error, ErrorKind},
    identity::Identity,
    key_store::{DownloadedList, KeyStore},
    limit::Limiter,
    observe::Observer,
    retry::{Host, Retries},
    signer::Signer,
    support::system::System,
    transport::Transport,
};
use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

/// Shared by the clones of one client and by its requests.
pub struct Context {
    pub(crate) identity: Identity,
    pub(crate) serial_no: String,
    pub(crate) signer: Arc<dyn Signer>,
    /// Signs payment parameters (调起支付) in the place of `signer`: with RSA, which 国密 has no replacement for there.
    pub(crate) payment_signer: Option<Arc<dyn Signer>>,
    pub(crate) keys: KeyStore,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) system: Arc<dyn System>,
    /// Scheme and authority of the main and, if there is one, the backup host.
    pub(crate) origins: Origins,
    pub(crate) retries: Retries,
    pub(crate) limits: Limits,
    pub(crate) user_agent: http::HeaderValue,
    pub(crate) observer: Option<Arc<dyn Observer>>,
    pub(crate) limiter: Option<Limiter>,
    pub(crate) backend: &'static dyn Backend,
    /// Downloads the list of platform certificates. It is a request itself, so the client hands it in from above.
    pub(crate) download_certificates: DownloadCertificates,
}

/// How [`Context::download_certificates`] is spelled.
pub(crate) type DownloadCertificates =
    fn(&Arc<Context>) -> Pin<Box<dyn Future<Output = Result<DownloadedList, Error>> + Send + '_>>;

/// Where requests go: scheme and authority, without a slash at the end.
#[derive(Debug, Clone)]
pub(crate) struct Origins {
    pub(crate) main: String,
    pub(crate) backup: Option<String>,
}

impl Origins {
    /// Where the platform certificates are listed; overseas merchants have a list of their own.
    pub(crate) fn certificates_path(&self) -> &'static str {
        if self.main.ends_with("//apihk.mch.weixin.qq.com") {
            "/v3/global/certificates"
        } else {
            "/v3/certificates"
        }
    }

    /// Whether nothing goes over TLS, which only loopback addresses are allowed.
    pub(crate) fn all_plain(&self) -> bool {
        [Some(&self.main), self.backup.as_ref()]
            .into_iter()
            .flatten()
            .all(|origin| origin.starts_with("http:"))
    }

    pub(crate) fn of(&self, host: Host) -> &str {
        match (host, &self.backup) {
            (Host::Backup, Some(backup)) => backup,
            _ => &self.main,
        }
    }
}

/// Time and size limits of a call.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) attempt: Duration,
    pub(crate) deadline: Duration,
    pub(crate) response_bytes: usize,
}

/// The error of an encryption that no key can be found for.
pub(crate) fn no_encryption_key() -> Error {
    Error::local(
        ErrorKind::Key,
        (
            "there is no key to encrypt with; give the client a WeChat Pay public key or platform certificates",
            "没有用于加密的密钥；请给客户端配置微信支付公钥或平台证书",
        ),
    )
}
