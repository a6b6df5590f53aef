//! The names of headers.

use super::Check;
use crate::{errors::report, place::Place};

/// What the client says about itself, its caller and the bytes, and what HTTP itself needs. In lower case. The library has
/// the same list; a test compares them.
const CLIENT_HEADERS: &str = "accept accept-encoding authorization connection content-length content-type expect host te \
                              transfer-encoding user-agent wechatpay-serial";

impl Check<'_> {
    pub(super) fn headers(&self) {
        for header in self.going_to(Place::Header) {
            let (name, literal) = (&header.name, header.written());
            if !is_header_name(name) {
                let remedy = "write letters, digits and `-`, as in `Idempotency-Key`";
                report!(self.errors, literal => "`{name}` is not a valid header name; {remedy}");
            } else if CLIENT_HEADERS.split(' ').any(|known| name.eq_ignore_ascii_case(known)) {
                report!(self.errors, literal => "`{name}` is set by the client on every request; remove the field");
            } else if let Some(first) = self.earlier(header) {
                report!(self.errors, literal => "the header `{name}` is already sent by `{first}`");
            }
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
        let known: Vec<&str> = CLIENT_HEADERS.split(' ').collect();
        assert_eq!(known, wechatpay_core::__private::CLIENT_HEADERS);
    }

    #[test]
    fn c14_what_http_and_the_client_need_is_in_the_list() {
        for name in [
            "expect",
            "te",
            "host",
            "connection",
            "content-length",
            "transfer-encoding",
        ] {
            assert!(CLIENT_HEADERS.split(' ').any(|known| known == name), "{name}");
        }
    }
}
