//! How a client's key store gets at platform certificates: through the client itself.

use super::Inner;
use crate::{
    Error,
    execute::fetch_certificates,
    key_store::{CertificateSource, DownloadedList, Moment},
    sign::Identity,
};
use std::pin::Pin;
use tokio::time::Instant;

impl CertificateSource for Inner {
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
