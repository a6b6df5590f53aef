//! The attribute that declares an operation of the WeChat Pay API v3 (微信支付 APIv3). Use it through `wechatpay_core`,
//! which re-exports it.
//!
//! [`macro@wechatpay_endpoint`] only adds a derive to the struct (`attribute.rs`). The derive sees the struct after `cfg`.
//! It reads the declaration (`parse/`), checks it (`check/`) and writes one table of the fields (`expand/`); the library
//! does everything else from that table. All mistakes are reported at once. What differs between the places that a field
//! can go to stands in one table as well (`place.rs`).

mod attribute;
mod check;
mod core_path;
mod derive;
mod errors;
mod expand;
mod parse;
mod place;
mod suggest;
#[cfg(test)]
mod tests;
mod types;

use proc_macro::TokenStream;

/// Declares one operation of the WeChat Pay API v3 (微信支付 APIv3). The struct is the request; its fields have the names
/// of the documentation.
///
/// ```
/// use serde::Deserialize;
/// use wechatpay_core::{Client, Error, wechatpay_endpoint};
///
/// #[wechatpay_endpoint(POST, "/v3/pay/transactions/jsapi", response = Prepay)]
/// #[derive(Debug, Clone)]
/// pub struct CreateOrder {
///     pub appid: String,
///     pub mchid: String,
///     pub description: String,
///     pub out_trade_no: String,
///     pub notify_url: String,
///     pub attach: Option<String>, // `None` is omitted: the service refuses `null`
/// }
///
/// #[derive(Debug, Deserialize)]
/// pub struct Prepay {
///     pub prepay_id: String,
/// }
///
/// async fn pay(order: &CreateOrder, client: &Client) -> Result<String, Error> {
///     Ok(order.send(client).await?.prepay_id)
/// }
/// ```
///
/// Write it first, above the other attributes, on a struct with named fields, or on a unit struct when there is nothing
/// to send. Generics, lifetimes, `cfg` on fields, doc comments, `#[deprecated]` and other derives keep working.
///
/// # Arguments
///
/// ```text
/// #[wechatpay_endpoint( METHOD, "PATH" [, OPTION].. )]
/// ```
///
/// | Argument | Meaning |
/// |---|---|
/// | `METHOD` | `GET`, `POST`, `PUT`, `PATCH` or `DELETE` |
/// | `"PATH"` | starts with `/`, has no host and no query; `{name}` stands for one whole segment |
/// | `encrypt(field, ..)` | these fields are encrypted on the wire (敏感信息加密), see [below](#sensitive-fields) |
/// | `response = Type` | the type of a successful response, see [below](#responses); default: `serde_json::Value` |
/// | `idempotent` | the service recognises a retry by its business number, see [below](#retries) |
/// | `crate = path` | where `wechatpay_core` is re-exported: `::facade::wechatpay` or `crate::wechatpay` |
///
/// # Where a field goes
///
/// A field named like a `{placeholder}` fills it (路径参数). Every other field is payload: the query string (查询参数) of
/// a `GET`, the JSON body (请求体) of the others. Without payload fields the body is empty.
///
/// ```
/// # use wechatpay_core::wechatpay_endpoint;
/// #[wechatpay_endpoint(GET, "/v3/pay/transactions/out-trade-no/{out_trade_no}")]
/// pub struct QueryOrder {
///     pub out_trade_no: String,
///     pub mchid: String, // ?mchid=1900000109
/// }
/// ```
///
/// A field attribute overrides that. A field has one place:
///
/// | Field attribute | The field goes to |
/// |---|---|
/// | `#[wechatpay(path = "name")]` | the placeholder `{name}`, when the names differ |
/// | `#[wechatpay(query)]` | the query string, although the method has a body |
/// | `#[wechatpay(header = "Name")]` | a request header |
/// | `#[wechatpay(body)]` | this field alone is the whole JSON body |
/// | `#[wechatpay(file)]` | the file of a multipart upload, see [below](#uploads) |
/// | `#[wechatpay(form)]` | a text part of a multipart upload |
///
/// A placeholder takes one scalar: text, a number, a boolean, an enum. It is percent-encoded as one segment. An empty
/// value, `.` and `..` are errors before anything is sent.
///
/// ```
/// # use serde::Serialize;
/// # use wechatpay_core::wechatpay_endpoint;
/// #[wechatpay_endpoint(PUT, "/v3/stores/{store_id}/goods", response = ())]
/// pub struct PutGoods {
///     #[wechatpay(path = "store_id")]
///     pub store: u64,
///     #[wechatpay(query)]
///     pub operator: Option<String>,
///     #[wechatpay(header = "Idempotency-Key")]
///     pub key: String,
///     #[wechatpay(body)]
///     pub goods: Vec<Goods>, // the body is the array
/// }
///
/// #[derive(Serialize)]
/// pub struct Goods {
///     pub name: String,
///     pub price: u64, // fen (分)
/// }
/// ```
///
/// Methods and places combine freely: a `DELETE` with a body, a `POST` with a query, several placeholders, a path that
/// ends in `/`, the paths of other regions.
///
/// ```
/// # use wechatpay_core::wechatpay_endpoint;
/// #[wechatpay_endpoint(DELETE, "/v3/brands/{brand_id}/stores/{store_id}", response = ())]
/// pub struct RemoveStore {
///     pub brand_id: String,
///     pub store_id: u64,
///     pub reason: String, // {"reason": ..}
/// }
///
/// #[wechatpay_endpoint(POST, "/hk/v3/statements/")]
/// pub struct RequestStatement {
///     #[wechatpay(query)]
///     pub date: String, // ?date=20261123
///     #[wechatpay(header = "Idempotency-Key")]
///     pub key: String,
///     #[wechatpay(header = "X-Region")]
///     pub region: Option<String>,
/// }
/// ```
///
/// ## Absent values
///
/// `None` is omitted, in the body and in the query, at every depth. When all payload fields are absent, the body is `{}`
/// and there is no `?`. A `Vec` in the query repeats its key.
///
/// ## Names and other formats
///
/// `#[serde(..)]` attributes keep their meaning, for body and query fields alike: `rename`, `rename_all`, `flatten`,
/// `skip`, `skip_serializing_if`, `with`, `serialize_with`, `bound`. One that cannot have an effect in its place, or that
/// would bypass `encrypt(..)` (`into`, `remote`, `tag`, `transparent`), is a compile error.
///
/// ```
/// # use serde::Serialize;
/// # use wechatpay_core::wechatpay_endpoint;
/// #[wechatpay_endpoint(POST, "/v3/orders/{type}")]
/// #[serde(rename_all = "camelCase")]
/// pub struct CreateOrder {
///     pub r#type: String, // fills {type}
///     pub trade_no: String, // "tradeNo"
///     #[serde(rename = "type")]
///     pub kind: String, // the same name again, in the body
///     #[serde(flatten)]
///     pub rest: Rest,
/// }
///
/// #[derive(Serialize)]
/// pub struct Rest {
///     pub memo: String,
/// }
/// ```
///
/// # Sensitive fields
///
/// `encrypt(..)` names the fields that the documentation marks as 敏感信息加密. Their type is `String`, `&str`, `Cow<str>`, or
/// `Option` or `Vec` of one of them. They go to the body, the query or the `meta` of an upload. Inside nested structs use
/// the type `Sensitive<String>`.
///
/// ```
/// # use serde::Serialize;
/// # use wechatpay_core::{Sensitive, wechatpay_endpoint};
/// #[wechatpay_endpoint(POST, "/v3/profitsharing/orders", encrypt(operator_name))]
/// pub struct ShareProfit {
///     pub out_order_no: String,
///     pub operator_name: Option<String>,
///     pub receivers: Vec<Receiver>,
/// }
///
/// #[derive(Debug, Serialize)]
/// pub struct Receiver {
///     pub account: String,
///     pub name: Option<Sensitive<String>>,
/// }
///
/// let order = ShareProfit {
///     out_order_no: "P20150806125346".into(),
///     operator_name: Some("张三".into()),
///     receivers: Vec::new(),
/// };
/// assert!(format!("{order:?}").contains("operator_name: [redacted]"));
/// assert!(serde_json::to_string(&order).is_err()); // never plaintext outside a request
/// ```
///
/// They are encrypted while the request is prepared, with the public key of the service (微信支付公钥) or of its platform
/// certificate (平台证书), and `Wechatpay-Serial` names the key. The struct keeps its values. A redacting `Debug` is
/// generated, so do not derive it. With a key of 2048 bits a text has at most 214 bytes.
///
/// # Responses
///
/// | `response = ..` | Meaning |
/// |---|---|
/// | a `Deserialize` type | the signature is verified (验签), then the JSON is decoded; unknown fields are ignored |
/// | `()` | any 2xx without a body (204, 202), verified too |
/// | `Download` | a stream of bytes that the service does not sign: bills (账单), receipts, images |
/// | omitted | `serde_json::Value` |
///
/// ```
/// # use serde::Deserialize;
/// # use wechatpay_core::{Sensitive, wechatpay_endpoint};
/// #[wechatpay_endpoint(GET, "/v3/ecommerce/applyments/{applyment_id}", response = Applyment)]
/// pub struct QueryApplyment {
///     pub applyment_id: u64,
/// }
///
/// #[derive(Debug, Deserialize)]
/// pub struct Applyment {
///     pub applyment_state: String,
///     pub account_name: Option<Sensitive<String>>, // decrypted
///     pub audit_detail: Option<Vec<AuditDetail>>,
/// }
///
/// #[derive(Debug, Deserialize)]
/// pub struct AuditDetail {
///     pub param_name: String,
///     pub reject_reason: String,
/// }
///
/// #[wechatpay_endpoint(POST, "/v3/pay/transactions/out-trade-no/{out_trade_no}/close", response = ())]
/// pub struct CloseOrder {
///     pub out_trade_no: String,
///     pub mchid: String,
/// }
///
/// // A response that is an array.
/// #[wechatpay_endpoint(GET, "/v3/capital/capitallhh/areas/provinces", response = Vec<Province>)]
/// pub struct Provinces;
///
/// #[derive(Debug, Deserialize)]
/// pub struct Province {
///     pub province_code: u32,
///     pub province_name: String,
/// }
/// ```
///
/// A 202 with a body means that the service accepted the request and has no result yet: a retryable request is retried,
/// any other ends with an error of the kind `NotFinal`. A 202 without a body is a success for `response = ()`.
///
/// ## Downloads
///
/// ```
/// # use wechatpay_core::{Client, Download, Error, wechatpay_endpoint};
/// #[wechatpay_endpoint(GET, "/v3/merchant-service/images/{media_id}", response = Download)]
/// pub struct ComplaintImage {
///     pub media_id: String,
/// }
///
/// async fn save(image: &ComplaintImage, client: &Client) -> Result<u64, Error> {
///     image.send(client).await?.save("complaint.jpg").await
/// }
/// ```
///
/// ## Enums, amounts, times, JSON in a string
///
/// The service adds values to its enums, so declare them with `open_enum!`, which keeps a value that is not listed.
/// Amounts are whole fen (分). Times are text with an offset (RFC 3339): keep them as `String`, or use a type of a time
/// library. `json_string` reads and writes a string that holds JSON.
///
/// ```
/// # use serde::{Deserialize, Serialize};
/// # use wechatpay_core::wechatpay_endpoint;
/// #[wechatpay_endpoint(POST, "/v3/marketing/busifavor/coupons/send", response = Sent)]
/// pub struct SendCoupon {
///     pub kind: CouponKind,
///     pub total: i64,         // fen
///     pub send_time: String,  // 2026-11-23T10:34:56+08:00
///     #[serde(with = "wechatpay_core::json_string")]
///     pub attach: Attach,     // "{\"shop\":\"A1\"}"
/// }
///
/// wechatpay_core::open_enum! {
///     /// 券类型
///     pub enum CouponKind {
///         /// 固定面额满减券
///         Normal = "NORMAL",
///         /// 折扣券
///         Discount = "DISCOUNT_CUT",
///     }
/// }
///
/// #[derive(Debug, Serialize, Deserialize)]
/// pub struct Attach {
///     pub shop: String,
/// }
///
/// #[derive(Debug, Deserialize)]
/// pub struct Sent {
///     pub coupon_code: String,
///     pub kind: CouponKind,
/// }
/// ```
///
/// # Uploads
///
/// A field `#[wechatpay(file)]` of type `Upload` makes the request `multipart/form-data` (图片上传). The payload fields
/// form its JSON part `meta`, which is what is signed. The library adds the file's name and digest to it, as `filename`
/// and `sha256` unless the field attribute says otherwise.
///
/// ```
/// # use wechatpay_core::{Upload, wechatpay_endpoint};
/// #[wechatpay_endpoint(POST, "/v3/merchant/media/upload")]
/// pub struct UploadImage {
///     #[wechatpay(file)] // meta: {"filename": .., "sha256": ..}
///     pub file: Upload,
/// }
///
/// #[wechatpay_endpoint(POST, "/v3/merchant/documents")]
/// pub struct UploadDocument {
///     // the part, and the names in `meta`: {"purpose": .., "file_name": .., "file_digest": ..}
///     #[wechatpay(file = "document", filename = "file_name", digest = "file_digest")]
///     pub file: Upload,
///     pub purpose: String,
///     #[wechatpay(form)]
///     pub note: Option<String>,
/// }
///
/// #[wechatpay_endpoint(POST, "/v3/merchant/letters")]
/// pub struct UploadLetter {
///     // no name in `meta`; the digest by SM3 (国密), not SHA-256
///     #[wechatpay(file, filename = none, digest = "digest", algorithm = SM3)]
///     pub file: Upload,
/// }
/// ```
///
/// # Retries
///
/// A `GET` is retried after a fault. Write `idempotent` when the service recognises a retry by its business number
/// (商户单号, 幂等): then the request is retried as well, with the same bytes, signed anew. Any other request is retried only
/// when it certainly never left the machine.
///
/// ```
/// # use wechatpay_core::wechatpay_endpoint;
/// #[wechatpay_endpoint(POST, "/v3/refund/domestic/refunds", idempotent)]
/// pub struct Refund {
///     pub out_trade_no: String,
///     pub out_refund_no: String,
/// }
/// ```
///
/// # Borrowed and generic
///
/// ```
/// # use serde::Serialize;
/// # use std::borrow::Cow;
/// # use wechatpay_core::wechatpay_endpoint;
/// #[wechatpay_endpoint(POST, "/v3/orders", encrypt(name))]
/// pub struct CreateOrder<'a, T> {
///     pub out_trade_no: &'a str,
///     pub name: Cow<'a, str>,
///     pub scene_info: T,
/// }
/// ```
///
/// A field that `cfg` removes is not sent. `encrypt(..)` may name it all the same.
///
/// ```
/// # use wechatpay_core::wechatpay_endpoint;
/// #[wechatpay_endpoint(GET, "/v3/orders")]
/// pub struct ListOrders {
///     pub limit: u32,
///     #[cfg(feature = "trace")]
///     pub trace: String,
/// }
/// ```
///
/// # Through another crate
///
/// When another crate re-exports the library, or your `Cargo.toml` renames it, say where it is:
///
/// ```
/// # use wechatpay_core::wechatpay_endpoint;
/// pub mod wechatpay {
///     pub use wechatpay_core::*;
/// }
///
/// #[wechatpay_endpoint(GET, "/v3/certificates", crate = crate::wechatpay)]
/// pub struct Certificates;
/// # fn main() {}
/// ```
///
/// # What is generated
///
/// `impl Endpoint`, the method `send`, `impl Serialize`, and a redacting `Debug` when there is `encrypt(..)`. Nothing else.
/// The serialised request is its payload as sent: moved fields are not in it, and with `#[wechatpay(body)]` it is that
/// field. A declaration with mistakes keeps the struct and `send`, and all its mistakes are reported at once.
#[proc_macro_attribute]
pub fn wechatpay_endpoint(arguments: TokenStream, item: TokenStream) -> TokenStream {
    attribute::expand(&arguments.into(), item.into()).into()
}

/// The implementation behind `#[wechatpay_endpoint]`, which adds this derive. Do not write it yourself.
#[doc(hidden)]
#[proc_macro_derive(DeriveEndpoint, attributes(wechatpay, serde))]
pub fn derive_endpoint(item: TokenStream) -> TokenStream {
    derive::expand(item.into()).into()
}

/// Until the edition of 2024 `gen` is a name like any other.
///
/// ```edition2021
/// use wechatpay_core::wechatpay_endpoint;
///
/// #[wechatpay_endpoint(POST, "/v3/orders", encrypt(name))]
/// pub struct Order {
///     pub gen: u8,
///     pub name: String,
/// }
///
/// let order = Order { gen: 1, name: "张三".into() };
/// assert_eq!(format!("{order:?}"), "Order { gen: 1, name: [redacted] }");
/// ```
#[cfg(doctest)]
struct M1AFieldCalledGenCompilesInTheEditionOf2021;
