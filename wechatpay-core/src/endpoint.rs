//! What makes a type an operation of the API.

use crate::request::prepare;
pub use crate::request::{
    decode::FromResponse,
    prepare::{
        Fields, PrepareError,
        upload::{DigestAlgorithm, FileFields, UploadField},
        wire::FieldValue,
    },
};
use http::Method;
use serde::{Serialize, Serializer, ser::Error as _};

/// One operation of WeChat Pay API v3: where it is, what it sends and what a success returns.
///
/// `#[wechatpay_endpoint(..)]` implements this for a struct. By hand it is short as well:
///
/// ```
/// use wechatpay_core::{Endpoint, Method, endpoint::Fields};
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
///     fn fields(&self, fields: &mut Fields) {
///         fields.path("out_trade_no", &self.out_trade_no);
///         fields.payload("mchid", &self.mchid);
///     }
/// }
/// ```
///
/// Send it with [`Client::call`](crate::Client::call). A request is shared with the task that sends it, hence `Sync`;
/// plain data always is.
pub trait Endpoint: Sync {
    /// What a successful response decodes to.
    type Response: FromResponse;

    /// The HTTP method.
    const METHOD: Method;

    /// The path template. It starts with `/` and has neither host nor query; `{name}` stands for one whole segment.
    const PATH: &'static str;

    /// Whether the service recognises a retry of this request by its business number (商户单号), so that it may be
    /// retried after a fault whose outcome is unknown. A `GET` is always retried.
    const IDEMPOTENT: bool = false;

    /// Names each field with the place that it goes to. Called each time the request is put together, so it has no side
    /// effects.
    fn fields(&self, fields: &mut Fields);
}

/// `impl Serialize` of a declared request.
///
/// # Errors
/// What the serialiser returns, and when a field cannot be written. A sensitive one cannot outside of a request.
#[doc(hidden)]
pub fn serialize<E: Endpoint, S: Serializer>(request: &E, serializer: S) -> Result<S::Ok, S::Error> {
    match prepare::payload(&|fields| request.fields(fields)) {
        Ok(payload) => payload.serialize(serializer),
        Err(error) => Err(S::Error::custom(error)),
    }
}
