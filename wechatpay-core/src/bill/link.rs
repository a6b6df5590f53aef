//! Where a bill is, and its digest.

use crate::{Client, Download, Error, ErrorKind};
use serde::Deserialize;
use std::fmt;

/// Where a bill is, and its digest. Good for five minutes.
///
/// All the operations that end in a bill answer these three members, so it can be the response type of your own, too.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct BillLink {
    /// How the digest was made (哈希类型): `SHA1`.
    pub hash_type: String,
    /// The digest of the uncompressed content, in hex (哈希值).
    pub hash_value: String,
    /// Where it is (下载地址). It holds a token, so it belongs in no log.
    pub download_url: String,
}

/// The digest; of the URL nothing.
impl fmt::Debug for BillLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BillLink")
            .field("hash_type", &self.hash_type)
            .field("hash_value", &self.hash_value)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// Downloads a bill and checks it against the digest of its link. Compression is undone.
    ///
    /// Read it with a [`BillReader`](crate::bill::BillReader), or [save](Download::save) it.
    ///
    /// # Errors
    /// As [`download`](Self::download). When the digest is of a kind that this library does not know, nothing is sent.
    /// That the content does not fit the digest is found at its end.
    pub async fn download_bill(&self, link: &BillLink) -> Result<Download, Error> {
        if !link.hash_type.eq_ignore_ascii_case("SHA1") {
            return Err(Error::local(
                ErrorKind::Request,
                format!(
                    "the bill's digest is a `{}`, which cannot be checked; use `download` to have it all the same",
                    link.hash_type.escape_debug()
                ),
            ));
        }
        let download = self.download(&link.download_url).await?;
        Ok(download.unpack_gzip().expect_sha1(&link.hash_value))
    }
}
