//! The forms of a response, and who reads each.
//!
//! The readers of a response, in the order in which they run:
//!
//! 1. [`send`](crate::request::send) reads the body as a whole, or leaves the body of a success in the stream.
//! 2. [`error_body`](crate::request::judge) looks for the service's error object at the top.
//! 3. [`verify`](crate::request::verify) checks the signature over the bytes.
//! 4. [`verdict`](crate::request::judge) decides by status, authenticity and error object.
//! 5. [`business_numbers`](crate::request::judge) compares the ids of a success with those of the request.
//! 6. [`FromResponse`](super::FromResponse) decodes the success.
//!
//! A form defines what each reader does. The fields of [`Readers`] have no defaults, so a new form must define all of
//! them.

/// How the body of a success is read.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResponseForm {
    /// One JSON object, verified as a whole, then decoded.
    Json,
    /// Bytes that are handed on as they come in. The service does not sign them.
    Stream,
    /// The list of platform certificates. It brings the keys that verify it, so the key store does that.
    CertificateList,
}

/// What the readers do with a response of one form. An error is the same in all forms: read as a whole and verified
/// here.
pub(crate) struct Readers {
    /// The request's `Accept`.
    pub(crate) accept: &'static str,
    /// Whether the body of a success stays in the stream. Such a request also sends `Accept-Encoding: gzip`.
    pub(crate) streamed: bool,
    /// Who verifies a success.
    pub(crate) verifier: Verifier,
    /// Whether keys may be downloaded to verify the response.
    pub(crate) may_download_keys: bool,
    /// Whether a success is a JSON object, in which a top-level `code` with `message` is an error.
    pub(crate) is_object: bool,
    /// Whether the ids in a success are compared with those of the request.
    pub(crate) has_business_numbers: bool,
    /// Whether a 202 without a body is a success.
    pub(crate) may_be_empty: bool,
}

/// Who verifies the body of a success.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verifier {
    /// The request that received it.
    Request,
    /// None: the service does not sign it.
    None,
    /// The key store, with the keys that the body brings.
    KeyStore,
}

impl ResponseForm {
    pub(crate) const fn readers(self) -> Readers {
        match self {
            Self::Json => Readers {
                accept: "application/json",
                streamed: false,
                verifier: Verifier::Request,
                may_download_keys: true,
                is_object: true,
                has_business_numbers: true,
                may_be_empty: true,
            },
            Self::Stream => Readers {
                accept: "*/*",
                streamed: true,
                verifier: Verifier::None,
                may_download_keys: true,
                is_object: false,
                has_business_numbers: false,
                may_be_empty: false,
            },
            Self::CertificateList => Readers {
                accept: "application/json",
                streamed: false,
                verifier: Verifier::KeyStore,
                // Waiting for keys would deadlock: this request is the key download.
                may_download_keys: false,
                is_object: true,
                has_business_numbers: false,
                may_be_empty: false,
            },
        }
    }
}
