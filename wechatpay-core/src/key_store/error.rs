//! Why platform certificates were not refreshed.

use super::certificate_list::ListError;
use crate::error::{Error, ErrorKind};
use std::{fmt, sync::Arc};

/// Why a download brought no certificates.
#[derive(Debug)]
pub(crate) enum RefreshError {
    /// It failed on the way.
    Download(Error),
    /// What came is not believed.
    Refused(ListError),
    /// It took too long.
    TimedOut,
}

impl From<Error> for RefreshError {
    fn from(error: Error) -> Self {
        Self::Download(error)
    }
}

impl From<ListError> for RefreshError {
    fn from(error: ListError) -> Self {
        Self::Refused(error)
    }
}

/// For a call that cannot go on without certificates. It was not sent.
impl From<Arc<RefreshError>> for Error {
    fn from(error: Arc<RefreshError>) -> Self {
        Self::local(ErrorKind::Key, error.to_string()).with(|inner| {
            if let RefreshError::Download(download) = &*error {
                inner.hint = download.hint();
            }
            inner.source = Some(Box::new(error));
        })
    }
}

impl fmt::Display for RefreshError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Download(_) => "the platform certificates could not be downloaded",
            Self::Refused(_) => "the downloaded platform certificates are not believed",
            Self::TimedOut => "the download of the platform certificates took too long",
        })
    }
}

impl std::error::Error for RefreshError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Download(error) => Some(error),
            Self::Refused(error) => Some(error),
            Self::TimedOut => None,
        }
    }
}
