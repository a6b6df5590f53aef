//! What makes a type an operation of the API.

pub use crate::request::{
    decode::FromResponse,
    prepare::{
        Preparation, PrepareError,
        upload::{DigestAlgorithm, FileFields, UploadField},
    },
};
use http::Method;

/// One operation of WeChat Pay API v3: where it is, what it sends and what it answers.
///
/// `#[wechatpay_endpoint(..)]` implements this for a struct; it can be written by hand as well:
///
/// ```
/// use wechatpay_core::{Endpoint, Method, Preparation, PrepareError};
///
/// struct QueryOrder {
///     out_trade_no: String,
///     mchid: String,
/// }
///
/// impl Endpoint for QueryOrder {
///     type Response = serde_json::Value;
///     const METHOD: Method = Method::GET;
///     const PATH: &'static str = "/v3/pay/transactions/out-trade-no/{out_trade_no}";
///
///     fn prepare(&self, request: &mut Preparation) -> Result<(), PrepareError> {
///         request.path("out_trade_no", &self.out_trade_no)?;
///         request.query("mchid", &self.mchid)
///     }
/// }
/// ```
///
/// Send it with [`Client::call`](crate::Client::call). A request is shared with the task that sends it, hence `Sync`;
/// plain data always is.
pub trait Endpoint: Sync {
    /// What a success answers.
    type Response: FromResponse;

    /// The HTTP method.
    const METHOD: Method;

    /// The path template. It starts with `/` and has neither host nor query; `{name}` stands for one whole segment.
    const PATH: &'static str;

    /// Whether the server recognises a repeat of this request by its business number (商户单号), so that it may be
    /// repeated after a fault whose outcome is unknown. A `GET` is always repeatable.
    const IDEMPOTENT: bool = false;

    /// Puts the request together. Synchronous, without side effects, and called again only when it failed for want of
    /// an encryption key.
    ///
    /// # Errors
    /// What the methods of [`Preparation`] return: nothing is sent then.
    fn prepare(&self, request: &mut Preparation) -> Result<(), PrepareError>;
}
