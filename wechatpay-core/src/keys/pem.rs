//! The text form of keys and certificates (RFC 7468), as it is found in files and environment variables.
//!
//! Deployments damage these texts in harmless ways: a BOM, CRLF, spaces before each line, everything on one line with
//! `\n` spelled out. All of that is read. What is not read is named by what the text says, before anything is decoded.
//!
//! Written here because a private key passes through: every copy of it is wiped, and decoded in constant time.

use base64ct::{Base64, Encoding};
use zeroize::Zeroizing;

use super::error::{KeyError, KeyKind, MAX_TEXT};

const BEGIN: &[u8] = b"-----BEGIN ";
const DASHES: &[u8] = b"-----";

/// What a block calls itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Label {
    /// `PRIVATE KEY`
    Pkcs8,
    /// `RSA PRIVATE KEY`
    Pkcs1,
    /// `EC PRIVATE KEY`
    Sec1,
    /// `PUBLIC KEY`
    Spki,
    /// `RSA PUBLIC KEY`
    Pkcs1Public,
    /// `CERTIFICATE`
    Certificate,
    /// Named only to be refused.
    Refused(KeyKind),
}

impl Label {
    pub(super) fn kind(self) -> KeyKind {
        match self {
            Self::Pkcs8 | Self::Pkcs1 | Self::Sec1 => KeyKind::PrivateKey,
            Self::Spki | Self::Pkcs1Public => KeyKind::PublicKey,
            Self::Certificate => KeyKind::Certificate,
            Self::Refused(kind) => kind,
        }
    }
}

/// The only block of a text, not yet decoded.
#[derive(Clone, Copy)]
pub(super) struct Block<'a> {
    pub(super) label: Label,
    body: &'a [u8],
    encrypted: bool,
}

impl<'a> Block<'a> {
    /// Finds the block.
    pub(super) fn find(text: &'a [u8]) -> Result<Self, KeyError> {
        if text.len() > MAX_TEXT {
            return Err(KeyError::TooLong { length: text.len() });
        }
        let (_, rest) = split_at(text, BEGIN).ok_or_else(|| instead_of_pem(text))?;
        let (mut name, mut rest) = split_at(rest, DASHES).ok_or(KeyError::Truncated)?;
        // OpenSSL writes the curve in a separate block before the key. The key names it again.
        if matches!(name, b"EC PARAMETERS" | b"SM2 PARAMETERS")
            && let Some((_, key)) = split_at(rest, BEGIN)
        {
            (name, rest) = split_at(key, DASHES).ok_or(KeyError::Truncated)?;
        }
        let further = occurrences(rest, BEGIN);
        if further > 0 {
            return Err(KeyError::SeveralBlocks { count: further + 1 });
        }
        let end = [b"-----END ", name, DASHES].concat();
        let (body, _) = split_at(rest, &end).ok_or(KeyError::Truncated)?;
        let label = match name {
            b"PRIVATE KEY" | b"ENCRYPTED PRIVATE KEY" => Label::Pkcs8,
            b"RSA PRIVATE KEY" => Label::Pkcs1,
            b"EC PRIVATE KEY" | b"SM2 PRIVATE KEY" => Label::Sec1,
            b"PUBLIC KEY" => Label::Spki,
            b"RSA PUBLIC KEY" => Label::Pkcs1Public,
            b"CERTIFICATE" | b"X509 CERTIFICATE" => Label::Certificate,
            b"CERTIFICATE REQUEST" | b"NEW CERTIFICATE REQUEST" => Label::Refused(KeyKind::CertificateRequest),
            _ if name.ends_with(b"PRIVATE KEY") => Label::Refused(KeyKind::PrivateKey),
            _ => Label::Refused(KeyKind::Other),
        };
        // RFC 1421, as OpenSSL once wrote it: `Proc-Type: 4,ENCRYPTED`. A colon is not in the alphabet of Base64.
        let encrypted = name.starts_with(b"ENCRYPTED ") || split_at(body, b"Proc-Type:").is_some();
        Ok(Self { label, body, encrypted })
    }

    /// The error for a block that does not belong where `wanted` does.
    pub(super) fn instead_of(&self, wanted: KeyKind) -> KeyError {
        KeyError::WrongKind {
            wanted,
            found: self.label.kind(),
        }
    }

    /// The bytes of the block.
    pub(super) fn decode(&self) -> Result<Zeroizing<Vec<u8>>, KeyError> {
        if self.encrypted {
            return Err(KeyError::Encrypted);
        }
        // Of full capacity from the start, because growing would leave copies behind.
        let mut bytes = Zeroizing::new(Vec::with_capacity(self.body.len()));
        let mut rest = self.body;
        while let [first, after @ ..] = rest {
            rest = match (first, after) {
                (b'\\', [b'n' | b'r' | b't', after @ ..]) => after,
                (byte, after) if byte.is_ascii_whitespace() => after,
                (byte, after) => {
                    bytes.push(*byte);
                    after
                }
            };
        }
        let length = Base64::decode_in_place(&mut bytes)
            .map_err(|_| KeyError::NotBase64)?
            .len();
        bytes.truncate(length);
        Ok(bytes)
    }
}

/// What a text without a block is: a PKCS#12 file, the path of one, or neither.
fn instead_of_pem(text: &[u8]) -> KeyError {
    // PFX (RFC 7292, section 4): a sequence whose first member is the version, 3.
    let is_file =
        text.first() == Some(&0x30) && text.get(..16).unwrap_or(text).windows(3).any(|part| part == [2, 1, 3]);
    let path = text.trim_ascii_end().to_ascii_lowercase();
    if is_file || path.ends_with(b".p12") || path.ends_with(b".pfx") {
        KeyError::Pkcs12
    } else {
        KeyError::NotPem
    }
}

/// What is before and after the first occurrence of `needle`.
fn split_at<'a>(text: &'a [u8], needle: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let start = text.windows(needle.len()).position(|window| window == needle)?;
    let (before, rest) = text.split_at(start);
    Some((before, rest.get(needle.len()..)?))
}

fn occurrences(mut text: &[u8], needle: &[u8]) -> usize {
    let mut count = 0;
    while let Some((_, rest)) = split_at(text, needle) {
        count += 1;
        text = rest;
    }
    count
}
