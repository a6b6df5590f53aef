//! What usually makes a good signature not fit: the bytes were changed between the socket and here.

/// What in `body` tells how it was changed. A guess, for a sentence in a log; nothing is decided by it.
pub(super) fn of_wrong_signature(body: &[u8]) -> &'static str {
    if body.is_empty() {
        return "the body is empty: something has read it before, a body parser or a logger say; keep the raw bytes and pass those on";
    }
    if std::str::from_utf8(body).is_err() {
        return "the body is not UTF-8: it was compressed or re-encoded on the way; pass on the bytes as they came in";
    }
    if body.starts_with("\u{feff}".as_bytes()) {
        return "the body begins with a byte order mark, which was added on the way";
    }
    if body.last().is_some_and(u8::is_ascii_whitespace) {
        return "the body ends with a line feed or a space, which was added on the way; pass on the bytes as they came in";
    }
    if !body.starts_with(b"{") {
        return "the body is not the JSON that was sent: it was parsed or wrapped on the way; pass on the bytes as they came in";
    }
    "the body was parsed and written again (other spaces, other escapes or another order of the members is enough), or it is a forgery; pass on the bytes as they came in"
}
