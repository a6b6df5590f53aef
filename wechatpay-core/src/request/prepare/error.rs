//! Errors of building a request.

use super::wire::WireError;
use crate::support::{
    language::{Language, Speak, Text},
    one_line::OneLine,
};
use std::fmt;

/// A request could not be built. Nothing was sent. The error names the field but not its value.
///
/// ```
/// use wechatpay_core::{Error, Outcome, endpoint::PrepareError};
///
/// let error = PrepareError::new("out_trade_no", "is that of a test");
/// assert_eq!(error.field(), "out_trade_no");
/// assert_eq!(error.to_string(), "`out_trade_no` is that of a test");
/// // A call that ends with it sent nothing.
/// assert_eq!(Error::from(error).outcome(), Outcome::Local);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrepareError {
    field: String,
    message: Text,
}

impl PrepareError {
    /// An error about `field`, a path such as `receivers[2].name`, or empty for the whole request. `message` continues
    /// the sentence that begins with the field, and must not contain its value. It is shown unchanged in both
    /// languages.
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::with_text(field, Text::foreign(message.into()))
    }

    /// As [`new`](Self::new), with a message of this library.
    pub(crate) fn with_text(field: impl Into<String>, message: impl Into<Text>) -> Self {
        Self {
            field: field.into(),
            message: message.into(),
        }
    }

    pub(super) fn wire(name: &str, error: &WireError) -> Self {
        let inner = error.path();
        let field = match (name.is_empty(), inner.is_empty()) {
            (true, _) => inner,
            (false, true) => name.to_owned(),
            (false, false) if inner.starts_with('[') => format!("{name}{inner}"),
            (false, false) => format!("{name}.{inner}"),
        };
        Self::with_text(field, error.message().clone())
    }

    /// The field the error is about, as a path such as `receivers[2].name`; empty for the request as a whole.
    #[must_use]
    pub fn field(&self) -> &str {
        &self.field
    }
}

impl Speak for PrepareError {
    fn speak(&self, f: &mut fmt::Formatter<'_>, language: Language) -> fmt::Result {
        let message = OneLine(self.message.get(language));
        if self.field.is_empty() {
            return write!(f, "{message}");
        }
        write!(f, "`{}` {message}", OneLine(&self.field))
    }
}

impl fmt::Display for PrepareError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.speak(f, Language::English)
    }
}

impl std::error::Error for PrepareError {}
