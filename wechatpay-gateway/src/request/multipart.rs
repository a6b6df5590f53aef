//! Parsing of uploads (RFC 7578). The parser is strict because the part `meta` is what was signed.

use bytes::Bytes;
use http::{HeaderMap, header};

/// One part of an upload.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use wechatpay_core::{Method, Upload, endpoint::{DigestAlgorithm, FileFields}};
/// use wechatpay_gateway::Gateway;
/// # use wechatpay_core::{Endpoint, endpoint::Fields};
/// # struct UploadImage { file: Upload }
/// # impl Endpoint for UploadImage {
/// #     type Response = ();
/// #     const METHOD: Method = Method::POST;
/// #     const PATH: &'static str = "/v3/merchant/media/upload";
/// #     fn fields(&self, fields: &mut Fields) {
/// #         let algorithm = DigestAlgorithm::Sha256;
/// #         fields.file("file", &self.file, FileFields::new(Some("filename"), "sha256", algorithm));
/// #     }
/// # }
///
/// let gateway = Gateway::start()?;
/// gateway.on(Method::POST, "/v3/merchant/media/upload", |request| {
///     let names: Vec<_> = request.parts().iter().map(|part| part.name()).collect();
///     assert_eq!(names, ["meta", "file"]);
///     let file = request.part("file").expect("the part exists");
///     assert_eq!((file.file_name(), file.content_type()), (Some("licence.png"), Some("image/png")));
///     assert_eq!(file.bytes(), "image");
/// });
/// gateway.client()?.call(&UploadImage { file: Upload::new("licence.png", "image") }).await?;
/// # Ok(()) }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Part {
    name: String,
    file_name: Option<String>,
    content_type: Option<String>,
    bytes: Bytes,
}

impl Part {
    /// The name of the part, such as `meta` or `file`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The file name, if the part is a file. It is not decoded: `%22` is a quotation mark.
    #[must_use]
    pub fn file_name(&self) -> Option<&str> {
        self.file_name.as_deref()
    }

    /// The `Content-Type` of the part.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.content_type.as_deref()
    }

    /// The part's content, byte for byte.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }
}

impl std::fmt::Debug for Part {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Part")
            .field("name", &self.name)
            .field("file_name", &self.file_name)
            .field("content_type", &self.content_type)
            .field("length", &self.bytes.len())
            .finish()
    }
}

/// The boundary of a multipart body. `None` if the body has another type.
pub(crate) fn boundary(headers: &HeaderMap, body: &[u8]) -> Option<String> {
    let content_type = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let (kind, parameters) = content_type.split_once(';').unwrap_or((content_type, ""));
    if !kind.trim().eq_ignore_ascii_case("multipart/form-data") {
        return None;
    }
    parameter(parameters, "boundary").or_else(|| first_delimiter(body))
}

/// The boundary as the body itself shows it. The service accepts uploads whose `Content-Type` does not name it, which a
/// popular SDK sends.
fn first_delimiter(body: &[u8]) -> Option<String> {
    let line = body.get(..find(body.get(..LONGEST_LINE.min(body.len()))?, b"\r\n")?)?;
    let boundary = line.strip_prefix(b"--")?;
    str::from_utf8(boundary).ok().map(str::to_owned)
}

/// RFC 2046 allows 70 characters in a boundary; the line has two more and its end.
const LONGEST_LINE: usize = 74;

/// The parts in order; nothing when the body is not what its boundary says.
pub(crate) fn parts(body: &Bytes, boundary: &str) -> Option<Vec<Part>> {
    let delimiter = format!("\r\n--{boundary}").into_bytes();
    let first = format!("--{boundary}");
    if !body.starts_with(first.as_bytes()) {
        return None;
    }
    let mut rest = body.slice(first.len()..);
    let mut parts = Vec::new();
    while !rest.starts_with(b"--") {
        let content = rest.strip_prefix(b"\r\n").map(|content| rest.slice_ref(content))?;
        let end = find(&content, &delimiter)?;
        parts.push(part(&content.slice(..end))?);
        rest = content.slice(end + delimiter.len()..);
    }
    Some(parts)
}

fn part(bytes: &Bytes) -> Option<Part> {
    let end = find(bytes, b"\r\n\r\n")?;
    let head = str::from_utf8(bytes.get(..end)?).ok()?;
    let mut part = Part {
        name: String::new(),
        file_name: None,
        content_type: None,
        bytes: bytes.slice(end + 4..),
    };
    for line in head.split("\r\n") {
        let (name, value) = line.split_once(':')?;
        if name.eq_ignore_ascii_case("content-disposition") {
            let (kind, parameters) = value.split_once(';')?;
            if kind.trim() != "form-data" {
                return None;
            }
            part.name = parameter(parameters, "name")?;
            part.file_name = parameter(parameters, "filename");
        } else if name.eq_ignore_ascii_case("content-type") {
            part.content_type = Some(value.trim().to_owned());
        }
    }
    (!part.name.is_empty()).then_some(part)
}

/// One of `; a=b; c="d"`. A semicolon in quotes belongs to the value.
fn parameter(text: &str, wanted: &str) -> Option<String> {
    let mut rest = text;
    while let Some((name, after)) = rest.split_once('=') {
        let name = name.trim_start_matches([';', ' ']);
        let (value, next) = match after.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"')?,
            None => after.split_once(';').unwrap_or((after, "")),
        };
        if name.eq_ignore_ascii_case(wanted) {
            return Some(value.trim().to_owned());
        }
        rest = next;
    }
    None
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = "--b\r\nContent-Disposition: form-data; name=\"meta\"\r\nContent-Type: application/json\r\n\r\n\
        {\"a\":1}\r\n--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a;b.png\"\r\n\
        Content-Type: image/png\r\n\r\n\x01\r\n--\x02\r\n--b--\r\n";

    #[test]
    fn the_parts_are_read_byte_for_byte() {
        let parts = parts(&Bytes::from_static(BODY.as_bytes()), "b").unwrap();
        let [meta, file] = parts.as_slice() else {
            panic!("{parts:?}")
        };
        assert_eq!((meta.name(), &meta.bytes()[..]), ("meta", &b"{\"a\":1}"[..]));
        assert_eq!((file.name(), file.file_name()), ("file", Some("a;b.png")));
        assert_eq!(file.content_type(), Some("image/png"));
        assert_eq!(&file.bytes()[..], b"\x01\r\n--\x02");
    }

    #[test]
    fn a_body_without_its_last_boundary_is_refused() {
        let cut = &BODY[..BODY.len() - 6];
        assert_eq!(parts(&Bytes::from_static(cut.as_bytes()), "b"), None);
        assert_eq!(parts(&Bytes::from_static(BODY.as_bytes()), "c"), None);
        assert_eq!(parts(&Bytes::new(), "b"), None);
    }

    #[test]
    fn p3_a_boundary_that_the_header_does_not_name_is_taken_from_the_body() {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, "multipart/form-data".parse().unwrap());
        assert_eq!(boundary(&headers, BODY.as_bytes()).as_deref(), Some("b"));
        for nothing in ["", "--", "{}", "--no line end"] {
            assert_eq!(boundary(&headers, nothing.as_bytes()), None, "{nothing}");
        }
        headers.insert(header::CONTENT_TYPE, "application/json".parse().unwrap());
        assert_eq!(boundary(&headers, BODY.as_bytes()), None);
    }

    #[test]
    fn the_boundary_is_read_from_the_header_with_and_without_quotes() {
        for (text, expected) in [
            ("multipart/form-data; boundary=abc", Some("abc")),
            ("Multipart/Form-Data; charset=utf-8; boundary=\"a;c\"", Some("a;c")),
            ("multipart/mixed; boundary=abc", None),
            ("application/json", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, text.parse().unwrap());
            assert_eq!(boundary(&headers, b"").as_deref(), expected, "{text}");
        }
    }
}
