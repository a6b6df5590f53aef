//! What is wrong with a description, and where.

use std::fmt;

/// A description that cannot be read: where, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DescriptionError {
    document: String,
    place: String,
    reason: String,
}

impl DescriptionError {
    pub(super) fn new(document: &str, place: &str, reason: impl Into<String>) -> Self {
        Self {
            document: document.to_owned(),
            place: place.to_owned(),
            reason: reason.into(),
        }
    }

    /// The document: the path template or the file name that it was given under.
    #[must_use]
    pub fn document(&self) -> &str {
        &self.document
    }

    /// The place in the document, as a JSON pointer: `/post/requestBody`. Empty for the document as a whole.
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }

    /// What is wrong there.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

impl fmt::Display for DescriptionError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.document)?;
        if !self.place.is_empty() {
            write!(formatter, " at {}", self.place)?;
        }
        write!(formatter, ": {}", self.reason)
    }
}

impl std::error::Error for DescriptionError {}
