//! Bodies that are larger than the limit of any client.

use std::io::Write as _;

use bytes::Bytes;
use flate2::{Compress, Compression, FlushCompress, write::GzEncoder};
use http::{HeaderValue, header};

use crate::{response::signed::SignedResponse, server::script::Step};

/// The size of one write in bytes.
const BLOCK: usize = 64 * 1024;

/// The header of a gzip stream (RFC 1952): deflate, no flags, no time, unknown system.
const GZIP_HEADER: &[u8] = &[0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 0xFF];

/// The end of a chunked body.
const LAST_CHUNK: Bytes = Bytes::from_static(b"0\r\n\r\n");

/// How a response announces the length of its body.
///
/// ```
/// use serde_json::json;
/// use wechatpay_core::{ErrorKind, Method};
/// use wechatpay_gateway::{Fault, Framing, Gateway};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let gateway = Gateway::start()?;
/// gateway.on(Method::POST, "/v3/refund/domestic/refunds", |_| json!({ "status": "PROCESSING" }));
/// gateway.misbehave(Fault::Flood { bytes: 1 << 30, framing: Framing::Declared });
/// let refund = gateway.client()?.request(Method::POST, "/v3/refund/domestic/refunds").send().await;
/// assert_eq!(refund.unwrap_err().kind(), ErrorKind::TooLarge);
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Framing {
    /// With `Content-Length`.
    Declared,
    /// The length is not announced: `Transfer-Encoding: chunked`.
    Chunked,
    /// Compressed with gzip: about a thousandth of the bytes is sent.
    Gzip,
}

/// `bytes` in one gzip stream.
pub(crate) fn gzip(bytes: &[u8]) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    // Writing into a `Vec` cannot fail.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default().into()
}

/// Sends the head of the response and then spaces. Spaces are valid before JSON, so a parser cannot stop early.
pub(crate) fn steps(mut response: SignedResponse, bytes: u64, framing: Framing) -> Vec<Step> {
    let block = Bytes::from(vec![b' '; BLOCK]);
    let blocks = bytes / BLOCK as u64;
    let rest = usize::try_from(bytes % BLOCK as u64).unwrap_or(0);
    match framing {
        Framing::Declared => vec![
            Step::Write(response.head(Some(bytes))),
            Step::Repeat(block.clone(), blocks),
            Step::Write(block.slice(..rest)),
            Step::Close,
        ],
        Framing::Chunked => vec![
            Step::Write(response.head(None)),
            Step::Repeat(chunk(&block), blocks),
            Step::Write(if rest > 0 {
                chunk(&block.slice(..rest))
            } else {
                Bytes::new()
            }),
            Step::Write(LAST_CHUNK),
            Step::Close,
        ],
        Framing::Gzip => {
            response
                .headers
                .insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            let (first, further) = deflated_blocks(&block);
            vec![
                Step::Write(response.head(None)),
                Step::Write(chunk(GZIP_HEADER)),
                Step::Write(chunk(&first)),
                // Rounded up to whole blocks. The checksum is missing, which only a client that reads everything
                // detects.
                Step::Repeat(chunk(&further), blocks),
                Step::Write(LAST_CHUNK),
                Step::Close,
            ]
        }
    }
}

/// One chunk of a chunked body.
fn chunk(bytes: &[u8]) -> Bytes {
    [format!("{:x}\r\n", bytes.len()).as_bytes(), bytes, b"\r\n"]
        .concat()
        .into()
}

/// The first deflated block, and the encoding of every further block with the same bytes.
fn deflated_blocks(block: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let mut deflate = Compress::new(Compression::default(), false);
    let mut next = || {
        let mut out = Vec::with_capacity(BLOCK);
        // The output is far smaller than the buffer, so one call is enough.
        let _ = deflate.compress_vec(block, &mut out, FlushCompress::Sync);
        out
    };
    (next(), next())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    #[test]
    fn repeated_deflated_blocks_are_a_valid_stream() {
        let block = vec![b' '; BLOCK];
        let (first, further) = deflated_blocks(&block);
        let stream = [first, further.repeat(20)].concat();
        assert!(stream.len() < 21 * BLOCK / 100, "{}", stream.len());
        let mut text = Vec::new();
        // The stream has no end marker, so reading it ends with an error.
        let _ = flate2::read::DeflateDecoder::new(&stream[..]).read_to_end(&mut text);
        assert_eq!(text.len(), 21 * BLOCK);
        assert!(text.iter().all(|byte| *byte == b' '));
    }

    #[test]
    fn gzip_output_can_be_decompressed() {
        let mut text = String::new();
        flate2::read::GzDecoder::new(&gzip(b"{\"a\":1}")[..])
            .read_to_string(&mut text)
            .unwrap();
        assert_eq!(text, "{\"a\":1}");
    }
}
