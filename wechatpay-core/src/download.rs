//! Downloads: streams that the service does not sign (bills, receipts, images).

use crate::{
    error::{Error, ErrorKind, Outcome},
    request::decode::{FromResponse, RawResponse, ResponseForm, request_id},
    support::{
        digest,
        language::{Text, text},
    },
    transport::ResponseBody,
};
use bytes::Bytes;
use flate2::write::GzDecoder;
use http::{HeaderMap, Method, StatusCode, header};
use sha1::{Digest as _, Sha1};
use std::{
    borrow::Cow,
    ffi::OsString,
    fmt, io,
    io::Write as _,
    path::{Path, PathBuf},
    time::Duration,
};
use tokio::io::{AsyncWrite, AsyncWriteExt as _};

/// What gzip begins with.
const GZIP: u8 = 0x1f;

/// A stream of bytes that the service does not sign.
///
/// Nothing is read ahead, so a slow reader slows the sender and memory stays bounded. Content is decompressed. A bill
/// comes with its SHA-1 (`hash_value`). Pass it to [`expect_sha1`](Self::expect_sha1), and a stream with other content
/// ends with an error.
///
/// A truncated content ends with an error too. It is detected by the length, the chunks, the end of the gzip data, or
/// the digest. Without any of these the end cannot be detected, which is also an error.
///
/// ```
/// use std::time::Duration;
/// use wechatpay_core::{ErrorKind, Method};
/// use wechatpay_gateway::{Gateway, GatewayResponse};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let gateway = Gateway::start()?;
/// gateway.on(Method::GET, "/v3/billdownload/file", |_| GatewayResponse::bytes("application/pdf", "receipt"));
/// let client = gateway.client()?;
/// let url = format!("{}/v3/billdownload/file?token=t", gateway.url());
/// let sha1 = "14e60ace3d83eeb2b4ced4ff5ffbf534fa4ab779";
///
/// // To a file, which gets its name only when everything arrived and the digest is right.
/// # let path = std::env::temp_dir().join(format!("wechatpay-receipt-{}.pdf", std::process::id()));
/// let bytes = client.download(&url).await?.expect_sha1(sha1).save(&path).await?;
/// assert_eq!((bytes, std::fs::read(&path)?.as_slice()), (7, &b"receipt"[..]));
/// # std::fs::remove_file(&path)?;
///
/// // Into memory, or to any writer, with limits.
/// assert_eq!(client.download(&url).await?.max_bytes(1 << 20).bytes().await?, "receipt");
/// let error = client.download(&url).await?.max_bytes(6).bytes().await.unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::TooLarge);
/// let mut written = Vec::new();
/// client.download(&url).await?.max_silence(Duration::from_secs(5)).write_to(&mut written).await?;
/// assert_eq!(written, b"receipt");
///
/// // Piece by piece, with what the server said about it.
/// let mut download = client.download(&url).await?;
/// assert_eq!((download.content_type(), download.content_length()), (Some("application/pdf"), Some(7)));
/// assert!(download.request_id().is_some());
/// while let Some(chunk) = download.chunk().await? {
///     assert!(download.received() >= chunk.len() as u64);
/// }
/// assert_eq!(download.received(), 7);
/// # Ok(()) }
/// ```
pub struct Download {
    stream: Box<dyn ResponseBody>,
    decoder: Option<GzDecoder<Vec<u8>>>,
    /// Whether content that begins like gzip is decompressed without a header.
    unpack: bool,
    /// Received and not yet decompressed.
    compressed: Bytes,
    digest: Option<(Sha1, String)>,
    most: u64,
    /// How long the server may send nothing.
    silence: Duration,
    received: u64,
    taken: u64,
    finished: bool,
    /// What the download failed of: after that it has no end.
    failed: Option<ErrorKind>,
    operation: (Method, Cow<'static, str>),
    status: StatusCode,
    headers: HeaderMap,
}

/// A byte inflates to a thousand at most, so this much takes 4 MiB, however much comes at once.
const INFLATED_AT_ONCE: usize = 4 * 1024;

impl fmt::Debug for Download {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Download")
            .field("content_type", &self.content_type())
            .field("content_length", &self.content_length())
            .finish_non_exhaustive()
    }
}

impl Download {
    fn new(stream: Box<dyn ResponseBody>, received: &RawResponse, is_gzip: bool) -> Self {
        Self {
            stream,
            decoder: is_gzip.then(|| GzDecoder::new(Vec::new())),
            unpack: false,
            compressed: Bytes::new(),
            digest: None,
            most: u64::MAX,
            silence: received.silence,
            received: 0,
            taken: 0,
            finished: false,
            failed: None,
            operation: (received.method.clone(), received.template.clone()),
            status: received.status,
            headers: received.headers.clone(),
        }
    }

    /// Checks the SHA-1 of the uncompressed content, in hex, as the response that named this download gave it.
    #[must_use]
    pub fn expect_sha1(mut self, hex: &str) -> Self {
        self.digest = Some((Sha1::new(), hex.trim().to_ascii_lowercase()));
        self
    }

    /// Unpacks a content that begins like gzip: a bill that was asked for as a compressed file. Text never begins so.
    pub(crate) fn unpack_gzip(mut self) -> Self {
        self.unpack = true;
        self
    }

    /// The most bytes of uncompressed content that are accepted. Default: no limit for streaming,
    /// 64 MiB for [`bytes`](Self::bytes).
    #[must_use]
    pub fn max_bytes(mut self, most: u64) -> Self {
        self.most = most;
        self
    }

    /// How long the server may be silent before the download fails. Default: the client's
    /// [`attempt_timeout`](crate::ClientBuilder::attempt_timeout), 15 seconds. The download as a whole has no limit.
    #[must_use]
    pub fn max_silence(mut self, limit: Duration) -> Self {
        self.silence = limit;
        self
    }

    /// The media type that the server gave.
    #[must_use]
    pub fn content_type(&self) -> Option<&str> {
        self.headers.get(header::CONTENT_TYPE)?.to_str().ok()
    }

    /// How many bytes will come over the wire, where the server said so; compressed ones, if it compresses.
    #[must_use]
    pub fn content_length(&self) -> Option<u64> {
        self.headers.get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
    }

    /// How many bytes came over the wire so far; compressed ones, if the server compresses. Beside
    /// [`content_length`](Self::content_length) it is what a progress bar shows.
    #[must_use]
    pub fn received(&self) -> u64 {
        self.received
    }

    /// The `Request-ID` of the response.
    #[must_use]
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.headers)
    }

    /// The next piece of the uncompressed content; `None` at its end, after the digest was checked.
    ///
    /// # Errors
    /// When the connection breaks, when the content is larger than allowed or cannot be decompressed, and at the end
    /// when the digest is not the expected one or when something is missing. A download that failed stays failed: there is no `None` after an error.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        if let Some(kind) = self.failed {
            return Err(self.error(kind, ("the download failed before this", "下载此前已经失败")));
        }
        let chunk = self.next().await;
        self.failed = chunk.as_ref().err().map(Error::kind);
        chunk
    }

    async fn next(&mut self) -> Result<Option<Bytes>, Error> {
        loop {
            if self.finished {
                return Ok(None);
            }
            let incoming = self.incoming().await?;
            if self.unpack
                && let Some(first) = incoming.as_ref().and_then(|bytes| bytes.first())
            {
                self.unpack = false;
                if *first == GZIP && self.decoder.is_none() {
                    self.decoder = Some(GzDecoder::new(Vec::new()));
                }
            }
            if incoming.is_none() {
                self.check_length()?;
            }
            let content = match (incoming, &mut self.decoder) {
                (Some(bytes), None) => bytes,
                (Some(mut bytes), Some(decoder)) => {
                    self.compressed = bytes.split_off(bytes.len().min(INFLATED_AT_ONCE));
                    let inflated = decoder.write_all(&bytes).and_then(|()| decoder.flush());
                    let content = std::mem::take(decoder.get_mut());
                    inflated.map_err(|_| self.undecodable())?;
                    content.into()
                }
                (None, decoder) => {
                    self.finished = true;
                    match decoder.take().map(GzDecoder::finish) {
                        None => Bytes::new(),
                        Some(Ok(rest)) => rest.into(),
                        Some(Err(_)) => return Err(self.undecodable()),
                    }
                }
            };
            self.taken += content.len() as u64;
            if self.taken > self.most {
                let most = self.most;
                return Err(self.error(
                    ErrorKind::TooLarge,
                    text!("the content is larger than {most} bytes", "内容超过 {most} 字节"),
                ));
            }
            if let Some((digest, _)) = &mut self.digest {
                digest.update(&content);
            }
            if self.finished {
                self.check_digest()?;
            }
            if !content.is_empty() {
                return Ok(Some(content));
            }
        }
    }

    /// What was received and is not decompressed yet, otherwise what comes next from the server.
    async fn incoming(&mut self) -> Result<Option<Bytes>, Error> {
        if !self.compressed.is_empty() {
            return Ok(Some(std::mem::take(&mut self.compressed)));
        }
        let Ok(incoming) = tokio::time::timeout(self.silence, self.stream.chunk()).await else {
            let silence = self.silence.as_millis();
            let reason = text!("nothing came for {silence} ms", "{silence} 毫秒没有收到内容");
            return Err(self.error(ErrorKind::Timeout, reason));
        };
        let incoming = incoming.map_err(|error| {
            self.error(ErrorKind::Interrupted, ("the connection broke", "连接中断"))
                .because(error)
        })?;
        self.received += incoming.as_ref().map_or(0, |bytes| bytes.len() as u64);
        Ok(incoming)
    }

    /// The whole content in memory; for small ones.
    ///
    /// # Errors
    /// As [`chunk`](Self::chunk); when it is larger than 64 MiB, or than [`max_bytes`](Self::max_bytes) allows.
    pub async fn bytes(mut self) -> Result<Bytes, Error> {
        self.most = self.most.min(64 << 20);
        let mut all = Vec::new();
        while let Some(chunk) = self.chunk().await? {
            all.extend_from_slice(&chunk);
        }
        Ok(all.into())
    }

    /// Writes the content to `writer` and gives its length in bytes. Until this returns without an error the digest is
    /// not checked, and what was written must not be used.
    ///
    /// # Errors
    /// As [`chunk`](Self::chunk), and what the writer returns.
    pub async fn write_to<W: AsyncWrite + Unpin + ?Sized>(mut self, writer: &mut W) -> Result<u64, Error> {
        while let Some(chunk) = self.chunk().await? {
            writer.write_all(&chunk).await.map_err(|error| self.unwritten(error))?;
        }
        writer.flush().await.map_err(|error| self.unwritten(error))?;
        Ok(self.taken)
    }

    /// Writes the content to a file and returns its length in bytes. It writes to a new file with a random name beside
    /// `path` first. The file gets its final name when the content is complete, the digest matches and the bytes are on
    /// the disk. A failed download leaves no file.
    ///
    /// On Unix a new file can be read and written by its owner only (mode 600), since a bill holds personal data. A
    /// file that is there already is replaced and keeps its mode.
    ///
    /// # Errors
    /// As [`write_to`](Self::write_to).
    pub async fn save(self, path: impl AsRef<Path>) -> Result<u64, Error> {
        let path = path.as_ref();
        let (operation, status) = (self.operation.clone(), self.status);
        let failed = |error| unwritten(operation.clone(), status, error);
        let (file, unfinished) = Unfinished::create(path).map_err(failed)?;
        let mut file = tokio::fs::File::from_std(file);
        let length = self.write_to(&mut file).await?;
        file.sync_all().await.map_err(failed)?;
        drop(file);
        unfinished.take_mode_of(path).map_err(failed)?;
        tokio::fs::rename(&unfinished.path, path).await.map_err(failed)?;
        unfinished.keep();
        Ok(length)
    }

    /// Checks that the content is complete. HTTP/1.1 marks the end by a length or by chunks. If the end is marked by
    /// closing the connection, it cannot be distinguished from a broken connection. Then gzip or a digest must detect
    /// it.
    fn check_length(&self) -> Result<(), Error> {
        let is_chunked = self.headers.contains_key(header::TRANSFER_ENCODING);
        match self.content_length() {
            Some(length) if length != self.received => {
                let received = self.received;
                let reason = text!(
                    "{received} of {length} bytes came",
                    "共 {length} 字节，只收到 {received} 字节"
                );
                Err(self.error(ErrorKind::Interrupted, reason))
            }
            // A 204 has no content by definition.
            None if self.status == StatusCode::NO_CONTENT => Ok(()),
            None if !is_chunked && self.decoder.is_none() && self.digest.is_none() => Err(self.error(
                ErrorKind::Interrupted,
                (
                    "the response has neither a length nor chunks, so it is unknown whether the content is complete; \
                     pass the digest to `expect_sha1`, where there is one",
                    "应答既没有长度也不分块，无法判断内容是否完整；有摘要时请传给 `expect_sha1`",
                ),
            )),
            _ => Ok(()),
        }
    }

    fn check_digest(&mut self) -> Result<(), Error> {
        let Some((digest, expected)) = self.digest.take() else {
            return Ok(());
        };
        if digest::to_hex(&digest.finalize()) == expected {
            return Ok(());
        }
        Err(self.error(
            ErrorKind::Mismatched,
            ("the content's SHA-1 is not the expected one", "内容的 SHA-1 与预期不符"),
        ))
    }

    fn undecodable(&self) -> Error {
        self.error(
            ErrorKind::Undecodable,
            ("the content cannot be decompressed", "内容无法解压"),
        )
    }

    fn unwritten(&self, error: io::Error) -> Error {
        unwritten(self.operation.clone(), self.status, error)
    }

    fn error(&self, kind: ErrorKind, reason: impl Into<Text>) -> Error {
        Error::new(Outcome::Unknown, kind, reason).with(|inner| {
            inner.operation = Some(self.operation.clone());
            inner.status = Some(self.status);
            inner.request_id = self.request_id().map(str::to_owned);
        })
    }
}

impl FromResponse for Download {
    const FORM: ResponseForm = ResponseForm::Stream;

    fn decode(received: &mut RawResponse) -> Result<Self, Error> {
        let is_gzip = is_gzip(&received.headers).map_err(|encoding| {
            let encoding = encoding.escape_debug();
            let reason = text!(
                "the content has the encoding `{encoding}`, which was not asked for",
                "内容的编码是 `{encoding}`，请求并未要求"
            );
            received.undecodable(reason, None)
        })?;
        match received.stream.take() {
            Some(stream) => Ok(Self::new(stream, received, is_gzip)),
            None => Err(received.undecodable(("the response was not streamed", "应答不是流"), None)),
        }
    }
}

/// Whether the content is gzip. The error is an encoding that cannot be undone. `x-gzip` is another name of gzip (RFC
/// 9110, 8.4.1.3).
fn is_gzip(headers: &HeaderMap) -> Result<bool, String> {
    let all = headers.get_all(header::CONTENT_ENCODING);
    let names: Vec<_> = all
        .iter()
        .map(|value| String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase())
        .collect();
    let names = names.join(",");
    let mut names_of_encodings = names
        .split(',')
        .map(str::trim)
        .filter(|name| !matches!(*name, "" | "identity"));
    match (names_of_encodings.next(), names_of_encodings.next()) {
        (None, _) => Ok(false),
        (Some("gzip" | "x-gzip"), None) => Ok(true),
        _ => Err(names.chars().take(80).collect()),
    }
}

fn unwritten(operation: (Method, Cow<'static, str>), status: StatusCode, error: io::Error) -> Error {
    let reason = ("the content could not be written", "内容写入失败");
    Error::new(Outcome::Unknown, ErrorKind::System, reason)
        .because(error)
        .with(|inner| {
            inner.operation = Some(operation);
            inner.status = Some(status);
        })
}

/// A file that is removed unless it is kept: also when the download is given up half-way.
struct Unfinished {
    path: PathBuf,
    kept: bool,
}

impl Unfinished {
    /// Creates a new file beside `path`. Two downloads to the same path use different files, and no one else can have
    /// placed a link to another file there.
    ///
    /// At once and not on another thread: so a download that is given up has not left a file behind a moment later.
    fn create(path: &Path) -> io::Result<(std::fs::File, Self)> {
        let mut random = [0; 8];
        getrandom::fill(&mut random).map_err(io::Error::other)?;
        let mut unfinished = OsString::from(path);
        unfinished.push(format!(".{:016x}.partial", u64::from_ne_bytes(random)));
        let path = PathBuf::from(unfinished);
        let mut options = std::fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path)?;
        Ok((file, Self { path, kept: false }))
    }

    /// Gives the file the mode of the one that it is going to replace.
    #[cfg(unix)]
    fn take_mode_of(&self, replaced: &Path) -> io::Result<()> {
        match std::fs::symlink_metadata(replaced) {
            Ok(metadata) if metadata.is_file() => std::fs::set_permissions(&self.path, metadata.permissions()),
            // A link is replaced, and the owner of the link must not choose the mode.
            Ok(_) => Ok(()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        }
    }

    #[cfg(not(unix))]
    fn take_mode_of(&self, _: &Path) -> io::Result<()> {
        Ok(())
    }

    fn keep(mut self) {
        self.kept = true;
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if !self.kept {
            let _ = std::fs::remove_file(&self.path);
        }
    }
}
