//! What a check finds.

use std::fmt;
use std::path::PathBuf;

/// The kind of a finding. Its name silences it: `// wechatpay: allow(unknown-field)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Kind {
    /// The description has no such path, or not with this method.
    UnknownOperation,
    /// The operation has no such field.
    UnknownField,
    /// A required field is not declared.
    MissingField,
    /// The field's type sends or receives another JSON type.
    WrongType,
    /// A sensitive value would go out in plaintext.
    PlaintextSecret,
    /// A value is encrypted that the service expects in plaintext.
    NeedlessEncryption,
    /// The service recognises a retry, but the declaration lacks `idempotent`.
    MissingIdempotent,
    /// The declaration has `idempotent`, but the request has no number for it.
    NeedlessIdempotent,
    /// The field is in another place than the service expects: query, body, header, part of an upload.
    WrongPlace,
    /// The response has another form: JSON, no body, a file.
    WrongResponse,
    /// The response type demands more than the service promises.
    StrictResponse,
    /// A sensitive value of the response stays encrypted.
    EncryptedResponse,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 12] = [
        Self::UnknownOperation,
        Self::UnknownField,
        Self::MissingField,
        Self::WrongType,
        Self::PlaintextSecret,
        Self::NeedlessEncryption,
        Self::MissingIdempotent,
        Self::NeedlessIdempotent,
        Self::WrongPlace,
        Self::WrongResponse,
        Self::StrictResponse,
        Self::EncryptedResponse,
    ];

    /// The name: `unknown-field`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::UnknownOperation => "unknown-operation",
            Self::UnknownField => "unknown-field",
            Self::MissingField => "missing-field",
            Self::WrongType => "wrong-type",
            Self::PlaintextSecret => "plaintext-secret",
            Self::NeedlessEncryption => "needless-encryption",
            Self::MissingIdempotent => "missing-idempotent",
            Self::NeedlessIdempotent => "needless-idempotent",
            Self::WrongPlace => "wrong-place",
            Self::WrongResponse => "wrong-response",
            Self::StrictResponse => "strict-response",
            Self::EncryptedResponse => "encrypted-response",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// The service would refuse the request, a secret would leak, or a response could not be read.
    Error,
    /// It works today, and may not tomorrow.
    Warning,
    /// Worth knowing, and nothing to fix: what could not be checked, and what was found in test code.
    Note,
}

/// Something to fix.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// What kind of finding it is. A note about something that could not be checked has none.
    pub kind: Option<Kind>,
    /// How much it weighs.
    pub severity: Severity,
    /// The file, as the user named it.
    pub file: PathBuf,
    /// The line, from 1.
    pub line: usize,
    /// The column, from 1.
    pub column: usize,
    /// Method, path and title of the operation.
    pub operation: String,
    /// What is wrong.
    pub message: String,
    /// The remedy. Empty if the message contains it.
    pub help: String,
}
