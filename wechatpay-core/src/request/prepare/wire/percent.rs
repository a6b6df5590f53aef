//! The one percent-encoder: what is signed and what is sent come from here.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use std::borrow::Cow;

/// Everything but the unreserved characters of RFC 3986 is escaped. A space is `%20` and a plus `%2B`, because a bare
/// `+` means a plus to some servers and a space to others.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// `text`, encoded so that it is one path segment, or one key or value of a query.
pub(crate) fn encoded(text: &str) -> Cow<'_, str> {
    utf8_percent_encode(text, RESERVED).into()
}

/// Appends `text`, encoded in the same way.
pub(crate) fn push_encoded(out: &mut Vec<u8>, text: &str) {
    for piece in utf8_percent_encode(text, RESERVED) {
        out.extend_from_slice(piece.as_bytes());
    }
}
