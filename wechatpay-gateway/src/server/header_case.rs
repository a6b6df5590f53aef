//! The spelling of header names on the wire.
//!
//! The service sends names in title case, except `Request-ID`. Names are case-insensitive (RFC 9110, section 5.1), but
//! a popular SDK compares them case-sensitively.

use std::{
    io::{self, IoSlice},
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::HeaderName;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

/// `wechatpay-nonce` as `Wechatpay-Nonce`, and `request-id` as `Request-ID`.
pub(crate) fn spelled(name: &HeaderName) -> String {
    let mut text = String::with_capacity(name.as_str().len());
    let mut at_start = true;
    for character in name.as_str().chars() {
        text.push(if at_start {
            character.to_ascii_uppercase()
        } else {
            character
        });
        at_start = character == '-';
    }
    if text == TITLE_CASE {
        text = SERVICE.to_owned();
    }
    text
}

/// The HTTP library writes title case, which differs from the spelling of the service for this name only.
const TITLE_CASE: &str = "Request-Id";
const SERVICE: &str = "Request-ID";

/// A connection on which `Request-Id` becomes `Request-ID`.
pub(crate) struct Spelling {
    stream: TcpStream,
}

impl Spelling {
    pub(crate) fn new(stream: TcpStream) -> Self {
        Self { stream }
    }

    pub(crate) fn into_inner(self) -> TcpStream {
        self.stream
    }
}

/// The head of a response or notification with the name spelled as by the service. `None` if the head does not have the
/// name.
fn respelled(bytes: &[u8]) -> Option<Bytes> {
    // The HTTP library writes a head at the beginning of a buffer.
    if !bytes.starts_with(b"HTTP/1.1 ") && !bytes.starts_with(b"POST ") {
        return None;
    }
    let head = bytes
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .unwrap_or(bytes.len());
    let name = bytes
        .get(..head)?
        .windows(TITLE_CASE.len() + 2)
        .position(|window| window.strip_prefix(b"\r\n") == Some(TITLE_CASE.as_bytes()))?;
    let mut copy = bytes.to_vec();
    copy.get_mut(name + 2..name + 2 + SERVICE.len())?
        .copy_from_slice(SERVICE.as_bytes());
    Some(copy.into())
}

impl AsyncRead for Spelling {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Spelling {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        match respelled(bytes) {
            Some(copy) => Pin::new(&mut self.stream).poll_write(context, &copy),
            None => Pin::new(&mut self.stream).poll_write(context, bytes),
        }
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffers: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        match buffers.first().and_then(|first| respelled(first)) {
            Some(copy) => {
                let rest = buffers.iter().skip(1).map(|buffer| IoSlice::new(buffer));
                let buffers: Vec<_> = std::iter::once(IoSlice::new(&copy)).chain(rest).collect();
                Pin::new(&mut self.stream).poll_write_vectored(context, &buffers)
            }
            None => Pin::new(&mut self.stream).poll_write_vectored(context, buffers),
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p2_names_are_in_title_case_and_request_id_as_the_service_spells_it() {
        for (name, expected) in [
            ("wechatpay-signature-type", "Wechatpay-Signature-Type"),
            ("content-type", "Content-Type"),
            ("request-id", "Request-ID"),
        ] {
            assert_eq!(spelled(&HeaderName::from_static(name)), expected);
        }
    }

    #[test]
    fn p2_only_the_name_in_a_head_is_respelled() {
        let head = b"HTTP/1.1 200 OK\r\nRequest-Id: 08F7\r\n\r\n{\"a\":\"\r\nRequest-Id\"}";
        let expected = b"HTTP/1.1 200 OK\r\nRequest-ID: 08F7\r\n\r\n{\"a\":\"\r\nRequest-Id\"}";
        assert_eq!(respelled(head).unwrap(), &expected[..]);
        for other in [
            &b"HTTP/1.1 204 No Content\r\n\r\n\r\nRequest-Id"[..],
            b"\r\nRequest-Id: 08F7",
            b"",
        ] {
            assert_eq!(respelled(other), None);
        }
    }
}
