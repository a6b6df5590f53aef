//! What the description of the API says about a request and its response.

pub(crate) mod ciphertext;
pub(crate) mod download;
pub(crate) mod example;
pub(crate) mod validate;

use http::Method;
use wechatpay_catalogue::description::{Description, Method as Described, Operation};

/// The described operation that this request calls. It is parsed at the first call.
pub(crate) fn operation(method: &Method, path: &str) -> Option<&'static Operation> {
    let method = Described::parse(method.as_str())?;
    Description::embedded().route(method, path)?.operation().ok()
}
