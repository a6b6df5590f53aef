//! The download of platform certificates for the key store, by a request of the same client.

use crate::{
    context::Context,
    error::Error,
    identity::Identity,
    key_store::{CertificateSource, DownloadedList, Moment, Need, RefreshError},
    keys::PublicKey,
};
use std::{pin::Pin, sync::Arc};
use tokio::time::Instant;
use tracing::Instrument as _;

impl Context {
    /// The key of this serial, downloaded if it is not known yet.
    pub(crate) async fn verification_key(self: &Arc<Self>, serial: &str, need: Need) -> Option<PublicKey> {
        let look_up = || {
            let (context, serial) = (Arc::clone(self), serial.to_owned());
            async move {
                match need {
                    Need::Call => context.keys.verification_key(&serial, &context).await,
                    Need::Notification => context.keys.notification_key(&serial, &context).await,
                }
            }
        };
        self.apart(look_up).await
    }

    /// Downloads the certificates, unless that was done a moment ago.
    pub(crate) async fn refresh_certificates(self: &Arc<Self>) -> Result<(), Arc<RefreshError>> {
        let refresh = || {
            let context = Arc::clone(self);
            async move { context.keys.refresh(&context).await }
        };
        self.apart(refresh).await
    }

    /// Starts a due download in the background. No call waits for it. The task ends with its download, so an unused
    /// client downloads nothing.
    pub(crate) fn freshen_certificates(self: &Arc<Self>) {
        if self.keys.waits_for_download(Instant::now().into_std()) {
            let context = Arc::clone(self);
            // A failure is logged where it happens, and the next time is later then.
            tokio::spawn(async move { drop(context.keys.refresh(&context).await) });
        }
    }

    /// Runs work that may start a download in a separate task. A call may end at its deadline and a sender of
    /// notifications may disconnect. That must not cancel the download for other callers, nor cause repeated downloads.
    async fn apart<T, W>(&self, work: impl Fn() -> W) -> T
    where
        T: Send + 'static,
        W: Future<Output = T> + Send + 'static,
    {
        // During a download this only waits, so it can run in the task of the caller.
        if self.keys.may_begin_download()
            && let Ok(done) = tokio::spawn(work().in_current_span()).await
        {
            return done;
        }
        work().await
    }
}

impl CertificateSource for Arc<Context> {
    fn download(&self) -> Pin<Box<dyn Future<Output = Result<DownloadedList, Error>> + Send + '_>> {
        (self.download_certificates)(self)
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
