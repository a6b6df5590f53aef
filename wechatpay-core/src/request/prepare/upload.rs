//! A file on its way up, and its place in a multipart request.

use crate::support::digest;
use bytes::Bytes;
use std::fmt;

/// A file to upload (图片上传, 视频上传): its name, its bytes and its media type.
///
/// The bytes are shared, never copied: not on cloning and not on sending. `Default` is an empty file without a name.
///
/// ```
/// use wechatpay_core::Upload;
///
/// let upload = Upload::new("营业执照.jpg", "image");
/// assert_eq!((upload.file_name(), upload.media_type()), ("营业执照.jpg", "image/jpeg"));
/// assert_eq!(upload.bytes(), "image");
/// let upload = Upload::new("scan", "image").content_type("image/png");
/// assert_eq!(upload.media_type(), "image/png");
/// ```
#[derive(Clone, Default)]
pub struct Upload {
    file_name: String,
    content_type: Option<String>,
    bytes: Bytes,
}

impl Upload {
    /// A file with this name and content. The service requires the file extension of the type, such as `.jpg`.
    pub fn new(file_name: impl Into<String>, bytes: impl Into<Bytes>) -> Self {
        Self {
            file_name: file_name.into(),
            content_type: None,
            bytes: bytes.into(),
        }
    }

    /// Sets the media type. By default it is inferred from the file extension.
    #[must_use]
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    /// The file's name.
    #[must_use]
    pub fn file_name(&self) -> &str {
        &self.file_name
    }

    /// The file's content.
    #[must_use]
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// The media type: the one that was set, otherwise the one of the file extension, otherwise
    /// `application/octet-stream`.
    #[must_use]
    pub fn media_type(&self) -> &str {
        match &self.content_type {
            Some(content_type) => content_type,
            None => by_ending(&self.file_name),
        }
    }
}

/// The name and the size, not the content.
impl fmt::Debug for Upload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Upload")
            .field("file_name", &self.file_name)
            .field("media_type", &self.media_type())
            .field("bytes", &format_args!("[{} bytes]", self.bytes.len()))
            .finish()
    }
}

/// The kinds of file that the upload operations accept.
fn by_ending(file_name: &str) -> &'static str {
    let ending = file_name.rsplit_once('.').map_or("", |(_, ending)| ending);
    match ending.to_ascii_lowercase().as_str() {
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "bmp" => "image/bmp",
        "gif" => "image/gif",
        "pdf" => "application/pdf",
        "mp4" => "video/mp4",
        "avi" => "video/x-msvideo",
        "wmv" => "video/x-ms-wmv",
        "mpeg" | "mpg" => "video/mpeg",
        "mov" => "video/quicktime",
        "mkv" => "video/x-matroska",
        "flv" => "video/x-flv",
        "f4v" => "video/x-f4v",
        "m4v" => "video/x-m4v",
        "rmvb" => "application/vnd.rn-realmedia-vbr",
        "csv" => "text/csv",
        "txt" => "text/plain",
        "zip" => "application/zip",
        _ => "application/octet-stream",
    }
}

/// The types that a `#[wechatpay(file)]` field can have: [`Upload`].
///
/// ```
/// use wechatpay_core::{Method, Upload, endpoint::UploadField, wechatpay_endpoint};
/// use wechatpay_gateway::Gateway;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// /// An image of at most two megabytes, which is what the service takes.
/// struct Image(Upload);
///
/// impl Image {
///     fn new(upload: Upload) -> Option<Self> {
///         (upload.bytes().len() <= 2 << 20).then_some(Self(upload))
///     }
/// }
///
/// impl UploadField for Image {
///     fn upload(&self) -> &Upload {
///         &self.0
///     }
/// }
///
/// #[wechatpay_endpoint(POST, "/v3/merchant/media/upload")]
/// struct UploadImage {
///     #[wechatpay(file)]
///     file: Image,
/// }
///
/// let gateway = Gateway::start()?;
/// gateway.on(Method::POST, "/v3/merchant/media/upload", |request| assert_eq!(request.json()["filename"], "a.png"));
/// let file = Image::new(Upload::new("a.png", "image")).expect("it is small");
/// UploadImage { file }.send(&gateway.client()?).await?;
/// # Ok(()) }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be uploaded; a `file` field has the type `wechatpay_core::Upload`",
    label = "not an `Upload`"
)]
pub trait UploadField {
    /// The file.
    fn upload(&self) -> &Upload;
}

impl UploadField for Upload {
    fn upload(&self) -> &Upload {
        self
    }
}

/// What the library adds to the part `meta` for a file: under which names, and with which digest.
///
/// ```
/// use wechatpay_core::endpoint::{DigestAlgorithm, FileFields};
///
/// /// What nearly all uploads require: `{"filename": .., "sha256": ..}`.
/// const USUAL: FileFields = FileFields::new(Some("filename"), "sha256", DigestAlgorithm::Sha256);
/// assert_eq!(USUAL.digest, "sha256");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileFields {
    /// The member for the file's name; `None` when the operation has none.
    pub filename: Option<&'static str>,
    /// The member for the digest, in lower-case hex.
    pub digest: &'static str,
    /// How the digest is made.
    pub algorithm: DigestAlgorithm,
}

impl FileFields {
    /// The names of the members for the file's name, if the operation has one, and for the digest.
    #[must_use]
    pub const fn new(filename: Option<&'static str>, digest: &'static str, algorithm: DigestAlgorithm) -> Self {
        Self {
            filename,
            digest,
            algorithm,
        }
    }
}

/// How the digest of an upload is made.
///
/// ```
/// use wechatpay_core::endpoint::DigestAlgorithm;
///
/// let sm3 = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0";
/// assert_eq!(DigestAlgorithm::Sm3.hex(b"abc"), sm3);
/// assert!(DigestAlgorithm::Sha256.hex(b"abc").starts_with("ba7816bf"));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DigestAlgorithm {
    /// SHA-256, the usual one.
    Sha256,
    /// SM3 (国密), for the operations that ask for it.
    Sm3,
}

impl DigestAlgorithm {
    /// The digest of `bytes` in lower-case hex.
    #[must_use]
    pub fn hex(self, bytes: &[u8]) -> String {
        match self {
            Self::Sha256 => digest::hex::<sha2::Sha256>(bytes),
            Self::Sm3 => digest::hex::<sm3::Sm3>(bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_tells_the_media_type() {
        for (file_name, media_type) in [
            ("a.jpg", "image/jpeg"),
            ("a.JPEG", "image/jpeg"),
            ("a.png", "image/png"),
            ("a.bmp", "image/bmp"),
            ("a.gif", "image/gif"),
            ("a.pdf", "application/pdf"),
            ("a.mp4", "video/mp4"),
            ("a.avi", "video/x-msvideo"),
            ("a.wmv", "video/x-ms-wmv"),
            ("a.mpeg", "video/mpeg"),
            ("a.mpg", "video/mpeg"),
            ("a.mov", "video/quicktime"),
            ("a.mkv", "video/x-matroska"),
            ("a.flv", "video/x-flv"),
            ("a.f4v", "video/x-f4v"),
            ("a.m4v", "video/x-m4v"),
            ("a.rmvb", "application/vnd.rn-realmedia-vbr"),
            ("a.csv", "text/csv"),
            ("a.txt", "text/plain"),
            ("a.zip", "application/zip"),
            ("a.jpg.zip", "application/zip"),
            ("a.", "application/octet-stream"),
            ("jpg", "application/octet-stream"),
            ("a.exe", "application/octet-stream"),
        ] {
            assert_eq!(Upload::new(file_name, "").media_type(), media_type, "{file_name}");
        }
    }

    #[test]
    fn an_upload_gives_back_what_it_was_made_of_and_prints_no_content() {
        let upload = Upload::new("营业执照.jpg", "secret").content_type("image/webp");
        assert_eq!(upload.file_name(), "营业执照.jpg");
        assert_eq!(upload.bytes(), "secret");
        assert_eq!(upload.media_type(), "image/webp");
        assert_eq!(
            format!("{upload:?}"),
            r#"Upload { file_name: "营业执照.jpg", media_type: "image/webp", bytes: [6 bytes] }"#
        );
    }

    #[test]
    fn the_digest_is_made_as_the_operation_asks() {
        let sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(DigestAlgorithm::Sha256.hex(b"abc"), sha256);
        let sm3 = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0";
        assert_eq!(DigestAlgorithm::Sm3.hex(b"abc"), sm3);
    }
}
