//! What can go wrong.

use std::fmt;
use std::path::{Path, PathBuf};
use wechatpay_catalogue::description::DescriptionError;

/// Why a crate cannot be generated.
#[derive(Debug)]
#[non_exhaustive]
pub enum GenerateError {
    /// The description is wrong.
    Description(DescriptionError),
    /// A file is not JSON.
    Json(PathBuf, String),
    /// The `Cargo.toml` of the crate cannot be read.
    Manifest(PathBuf, String),
    /// A file that would be written exists, and was not generated.
    NotGenerated(PathBuf),
    /// A file cannot be read or written.
    Io(PathBuf, std::io::Error),
}

impl GenerateError {
    pub(super) fn io(path: &Path, error: std::io::Error) -> Self {
        Self::Io(path.to_owned(), error)
    }
}

impl From<DescriptionError> for GenerateError {
    fn from(error: DescriptionError) -> Self {
        Self::Description(error)
    }
}

impl fmt::Display for GenerateError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Description(error) => error.fmt(formatter),
            Self::Json(path, reason) => write!(formatter, "{}: not JSON: {reason}", path.display()),
            Self::Manifest(path, reason) => write!(formatter, "{}: {reason}", path.display()),
            Self::NotGenerated(path) => {
                write!(
                    formatter,
                    "{}: exists and was not generated; move it or choose another folder",
                    path.display()
                )
            }
            Self::Io(path, error) => write!(formatter, "{}: {error}", path.display()),
        }
    }
}

impl std::error::Error for GenerateError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Description(error) => Some(error),
            Self::Io(_, error) => Some(error),
            Self::Json(..) | Self::Manifest(..) | Self::NotGenerated(_) => None,
        }
    }
}
