//! The names of headers.

use super::Check;
use crate::{errors::report, place::Place};

/// What the client says about itself, its caller and the bytes, and what HTTP itself needs. In lower case. The library has
/// the same list; a test compares them.
const CLIENT_HEADERS: [&str; 12] = [
    "accept", "accept-encoding", "authorization", "connection", "content-length", "content-type", "expect", "host",
    "te", "transfer-encoding", "user-agent", "wechatpay-serial",
];

impl Check<'_> {
    pub(super) fn headers(&self) {
        let mut seen: Vec<(String, String)> = Vec::new();
        for header in self.going_to(Place::Header) {
            let (name, literal) = (&header.name, header.written);
            let folded = name.to_ascii_lowercase();
            let first = seen.iter().find(|(known, _)| *known == folded);
            if !is_header_name(name) {
                let remedy = "write letters, digits and `-`, as in `Idempotency-Key`";
                report!(self.errors, literal => "`{name}` is not a valid header name; {remedy}");
            } else if CLIENT_HEADERS.contains(&folded.as_str()) {
                report!(self.errors, literal => "`{name}` is set by the client on every request; remove the field");
            } else if let Some((_, first)) = first {
                report!(self.errors, literal => "the header `{name}` is already sent by `{first}`");
            }
            seen.push((folded, header.field.name()));
        }
    }
}

/// RFC 9110, `token`.
fn is_header_name(name: &str) -> bool {
    let is_token = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
    !name.is_empty() && name.chars().all(is_token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn c5_the_library_refuses_the_same_headers() {
        assert_eq!(CLIENT_HEADERS, wechatpay_core::__private::CLIENT_HEADERS);
    }

    #[test]
    fn c14_what_http_and_the_client_need_is_in_the_list() {
        for name in ["expect", "te", "host", "connection", "content-length", "transfer-encoding"] {
            assert!(CLIENT_HEADERS.contains(&name), "{name}");
        }
    }
}
