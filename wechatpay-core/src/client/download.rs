//! Downloads by a URL from a response. The URL comes from the server, so it is checked before a request is sent.

use super::Client;
use crate::{
    download::Download,
    error::{Error, ErrorKind},
    request::{
        self,
        decode::{FromResponse as _, ResponseForm},
        operation::{Announce, Operation, Options, Prepare},
        prepare::Fields,
    },
};
use http::Method;
use std::borrow::Cow;
use url::Url;

impl Client {
    /// Downloads from the `download_url` of a response: a bill, a receipt or a voucher.
    ///
    /// The request has an Authorization header, so it is only sent to the main or backup host of the client. The
    /// service does not sign the content. Check it against the digest that was returned with the URL
    /// ([`Download::expect_sha1`]), as [`download_bill`](Self::download_bill) does.
    ///
    /// ```
    /// use wechatpay_core::{ErrorKind, Method};
    /// use wechatpay_gateway::{Gateway, GatewayResponse};
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let gateway = Gateway::start()?;
    /// gateway.on(Method::GET, "/v3/billdownload/file", |_| GatewayResponse::bytes("application/pdf", "receipt"));
    /// let client = gateway.client()?;
    ///
    /// // As in the response of the operation that returns a receipt.
    /// let download_url = format!("{}/v3/billdownload/file?token=secret", gateway.url());
    /// let receipt = client.download(&download_url).await?.bytes().await?;
    /// assert_eq!(receipt, "receipt");
    ///
    /// let error = client.download("https://example.com/file?token=secret").await.unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Request);
    /// assert!(!error.to_string().contains("secret"));
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Request`], and nothing was sent, when the URL is not one of the client's hosts: another host,
    /// another port, plain HTTP, a user name, `file:`. The URL, which holds a token, is in no error. Otherwise as any
    /// call.
    pub async fn download(&self, download_url: &str) -> Result<Download, Error> {
        let url = self.own_url(download_url)?;
        let operation = Operation {
            method: Method::GET,
            // The query is the token. The template, which errors and logs show, is the path alone.
            template: Cow::Owned(url.path.clone()),
            idempotent: true,
            announce: Announce::WhenUsed,
            form: ResponseForm::Stream,
            declared_fields: || &[],
        };
        let mut response = request::execute(&self.context, operation, &url, Options::default()).await?;
        Download::decode(&mut response)
    }

    /// Path and query of a URL of this client's hosts.
    fn own_url(&self, url: &str) -> Result<OwnUrl, Error> {
        let refused = |reason: (&'static str, &'static str)| Error::local(ErrorKind::Request, reason);
        let written = url;
        let url = Url::parse(url).map_err(|_| refused(("the download URL cannot be read", "下载地址无法解析")))?;
        // A URL that changes by parsing (backslashes, tabs, dots) does not come from the service.
        if url.as_str() != written {
            return Err(refused((
                "the download URL is not in the form that the service writes",
                "下载地址不是微信支付返回的形式",
            )));
        }
        let origin = url.origin().ascii_serialization();
        let origins = &self.context.origins;
        let is_ours = origin == origins.main || origins.backup.as_ref() == Some(&origin);
        if !is_ours || !url.username().is_empty() || url.password().is_some() {
            return Err(refused((
                "the host of the download URL is not a host of this client, so nothing was sent",
                "下载地址不属于该客户端的域名，因此没有发送请求",
            )));
        }
        Ok(OwnUrl {
            path: url.path().to_owned(),
            query: url.query().unwrap_or_default().to_owned(),
        })
    }
}

/// A place on the client's hosts. The query stays as it is, byte for byte: it was made by the server.
struct OwnUrl {
    path: String,
    query: String,
}

impl Prepare for OwnUrl {
    fn prepare(&self, fields: &mut Fields) {
        fields.encoded_query(&self.query);
    }
}
