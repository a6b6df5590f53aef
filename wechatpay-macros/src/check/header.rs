//! The names of headers.

use super::Check;
use crate::place::Destination;
use syn::{Ident, ext::IdentExt};

/// What the client says about itself, its caller and the bytes, and what HTTP itself needs. In lower case.
const CLIENT_HEADERS: [&str; 12] = [
    "accept",
    "accept-encoding",
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "expect",
    "host",
    "te",
    "transfer-encoding",
    "user-agent",
    "wechatpay-serial",
];

impl Check<'_> {
    pub(super) fn headers(&self) {
        let mut seen: Vec<(String, &Ident)> = Vec::new();
        for placed in self.fields {
            let Destination::Header(literal) = placed.goes else {
                continue;
            };
            let name = literal.value();
            let folded = name.to_ascii_lowercase();
            if !is_header_name(&name) {
                let remedy = "write letters, digits and `-`, as in `Idempotency-Key`";
                self.errors
                    .on(literal, format!("`{name}` is not a valid header name; {remedy}"));
            } else if CLIENT_HEADERS.contains(&folded.as_str()) {
                self.errors.on(
                    literal,
                    format!("`{name}` is set by the client on every request; remove the field"),
                );
            } else if let Some((_, first)) = seen.iter().find(|(known, _)| *known == folded) {
                self.errors.on(
                    literal,
                    format!("the header `{name}` is already sent by `{}`", first.unraw()),
                );
            }
            seen.push((folded, placed.field.ident));
        }
    }
}

/// RFC 9110, `token`.
fn is_header_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c))
}
