//! Where a bill is, and its digest.

use crate::{
    client::Client,
    download::Download,
    error::{Error, ErrorKind},
    support::{language::text, one_line::OneLine},
};
use serde::Deserialize;
use std::fmt;

/// The URL of a bill, with its digest. Valid for five minutes.
///
/// Every operation that returns a bill has these three members, so a custom request can use it as its response type.
///
/// ```
/// use wechatpay_core::bill::BillLink;
///
/// let link: BillLink = serde_json::from_str(
///     r#"{
///         "hash_type": "SHA1",
///         "hash_value": "79bb0f45fc4c42234a918000b2668d689e2bde04",
///         "download_url": "https://api.mch.weixin.qq.com/v3/billdownload/file?token=secret"
///     }"#,
/// )?;
/// assert_eq!(link.hash_type, "SHA1");
/// assert!(!format!("{link:?}").contains("secret"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
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
    /// ```
    /// use serde_json::json;
    /// use wechatpay_core::{ErrorKind, Method, bill::AskTradeBill};
    /// use wechatpay_gateway::{Gateway, GatewayResponse};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let gateway = Gateway::start()?;
    /// let link = json!({
    ///     "hash_type": "SHA1",
    ///     "hash_value": "e7cb7dbd8c24034e37313b10cec62cf54c92f88e",
    ///     "download_url": format!("{}/v3/billdownload/file?token=t", gateway.url()),
    /// });
    /// gateway
    ///     .on(Method::GET, "/v3/bill/tradebill", move |_| link.clone())
    ///     .on(Method::GET, "/v3/billdownload/file", |_| {
    ///         GatewayResponse::bytes("text/plain", "商户订单号,订单金额\n`A1,`0.01\n总交易单数,订单总金额\n`1,`0.01\n")
    ///     });
    /// let client = gateway.client()?;
    ///
    /// let mut link = AskTradeBill::on("2026-11-20").send(&client).await?;
    /// let bill = client.download_bill(&link).await?.bytes().await?;
    /// assert!(bill.starts_with("商户订单号".as_bytes()));
    ///
    /// // With another digest the same bytes are refused.
    /// link.hash_value = "0".repeat(40);
    /// let error = client.download_bill(&link).await?.bytes().await.unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Mismatched);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As [`download`](Self::download). When the digest is of a kind that this library does not know, nothing is sent.
    /// That the content does not fit the digest is found at its end.
    pub async fn download_bill(&self, link: &BillLink) -> Result<Download, Error> {
        if !link.hash_type.eq_ignore_ascii_case("SHA1") {
            let kind = OneLine(&link.hash_type);
            return Err(Error::local(
                ErrorKind::Request,
                text!(
                    "the bill's digest is a `{kind}`, which cannot be checked; use `download` to get the bill without the check",
                    "账单摘要类型 `{kind}` 无法校验；如不需要校验，请改用 `download`"
                ),
            ));
        }
        let download = self.download(&link.download_url).await?;
        Ok(download.unpack_gzip().expect_sha1(&link.hash_value))
    }
}
