//! How a client's key store gets at platform certificates: through the client itself.

use super::Inner;
use crate::{
    Error, PublicKey,
    execute::fetch_certificates,
    key_store::{CertificateSource, DownloadedList, Moment, RefreshError},
    sign::Identity,
};
use std::{pin::Pin, sync::Arc};
use tokio::time::Instant;
use tracing::Instrument as _;

impl Inner {
    /// The key of this serial, downloaded if it is not known yet.
    pub(crate) async fn verification_key(self: &Arc<Self>, serial: &str) -> Option<PublicKey> {
        let look_up = || {
            let (inner, serial) = (Arc::clone(self), serial.to_owned());
            async move { inner.keys.verification_key(&serial, &inner).await }
        };
        self.apart(look_up).await
    }

    /// Downloads the certificates, unless that was done a moment ago.
    pub(crate) async fn refresh_certificates(self: &Arc<Self>) -> Result<(), Arc<RefreshError>> {
        let refresh = || {
            let inner = Arc::clone(self);
            async move { inner.keys.refresh(&inner).await }
        };
        self.apart(refresh).await
    }

    /// Does what may begin a download in a task of its own. A call ends at its deadline and a sender of notifications
    /// hangs up, and those who leave must neither end the download for everyone else nor cause one after the other.
    async fn apart<T, W>(&self, work: impl Fn() -> W) -> T
    where
        T: Send + 'static,
        W: Future<Output = T> + Send + 'static,
    {
        // While a download is under way there is only waiting for it, and that ends with whoever waits.
        if self.keys.may_begin_download()
            && let Ok(done) = tokio::spawn(work().in_current_span()).await
        {
            return done;
        }
        work().await
    }
}

impl CertificateSource for Arc<Inner> {
    fn download(&self) -> Pin<Box<dyn Future<Output = Result<DownloadedList, Error>> + Send + '_>> {
        Box::pin(fetch_certificates(self))
    }

    fn identity(&self) -> &Identity {
        &self.identity
    }

    fn now(&self) -> Moment {
        Moment {
            time: self.system.now(),
            instant: Instant::now().into_std(),
        }
    }
}
