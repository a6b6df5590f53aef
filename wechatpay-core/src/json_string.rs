//! JSON inside a string (JSON 字符串), as a few operations expect it: `"attach": "{\"shop\":\"1\"}"`.
//!
//! Name this module in `#[serde(with = "..")]`, and the field has the type that the JSON describes. In a request, `None`
//! inside is omitted at every depth, a field that is `None` is omitted as a whole, and
//! [`Sensitive`](crate::Sensitive) values inside are encrypted. In a response they are decrypted; `null` and an empty
//! string become `None`. Add `#[serde(default)]` if the response may lack the field.
//!
//! ```
//! use serde::{Deserialize, Serialize};
//! use wechatpay_core::wechatpay_endpoint;
//!
//! #[wechatpay_endpoint(POST, "/v3/marketing/busifavor/coupons/send", response = Sent)]
//! pub struct SendCoupon {
//!     pub stock_id: String,
//!     #[serde(with = "wechatpay_core::json_string")]
//!     pub attach: Option<Attach>,
//! }
//!
//! #[derive(Serialize, Deserialize)]
//! pub struct Attach {
//!     pub shop: String,
//!     pub till: Option<u32>,
//! }
//!
//! #[derive(Deserialize)]
//! pub struct Sent {
//!     #[serde(with = "wechatpay_core::json_string")]
//!     pub attach: Attach,
//! }
//!
//! let send = SendCoupon { stock_id: "98065001".into(), attach: Some(Attach { shop: "南山店".into(), till: None }) };
//! assert_eq!(serde_json::to_value(&send)?["attach"], r#"{"shop":"南山店"}"#);
//!
//! let sent: Sent = serde_json::from_str(r#"{"attach":"{\"shop\":\"南山店\",\"till\":3}"}"#)?;
//! assert_eq!(sent.attach.till, Some(3));
//! # Ok::<(), serde_json::Error>(())
//! ```

use crate::request::prepare::wire::{Presence, Writer};
use serde::{
    Deserializer, Serialize, Serializer,
    de::{DeserializeOwned, Error, IntoDeserializer as _, Visitor, value::UnitDeserializer},
    ser::Error as _,
};
use std::{fmt, marker::PhantomData};

/// Writes `value` as JSON into a string.
///
/// ```
/// use serde::Serialize;
///
/// #[derive(Serialize)]
/// struct Coupon {
///     // Where the type of the field stays as it is, `with` names the whole module.
///     #[serde(serialize_with = "wechatpay_core::json_string::serialize")]
///     attach: Vec<u32>,
/// }
///
/// assert_eq!(serde_json::to_string(&Coupon { attach: vec![1, 2] })?, r#"{"attach":"[1,2]"}"#);
///
/// let text = wechatpay_core::json_string::serialize(&[1, 2], serde_json::value::Serializer)?;
/// assert_eq!(text, "[1,2]");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// If the value cannot be written as JSON, or contains a sensitive value outside of a request.
pub fn serialize<T: Serialize + ?Sized, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    let mut json = Vec::new();
    match value.serialize(Writer::json(&mut json)).map_err(S::Error::custom)? {
        Presence::Absent => serializer.serialize_none(),
        Presence::Present => serializer.serialize_str(std::str::from_utf8(&json).map_err(S::Error::custom)?),
    }
}

/// Reads a value from the JSON in a string.
///
/// ```
/// use wechatpay_core::json_string;
///
/// let numbers: Vec<u32> = json_string::deserialize(&mut serde_json::Deserializer::from_str(r#""[1,2]""#))?;
/// assert_eq!(numbers, [1, 2]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// If there is no string, or its text is not the JSON of a `T`.
pub fn deserialize<'de, T: DeserializeOwned, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_option(JsonVisitor(PhantomData))
}

/// Reads the JSON while its text is visited, so that the deserialiser knows the position of a wrong text.
struct JsonVisitor<T>(PhantomData<T>);

impl<'de, T: DeserializeOwned> Visitor<'de> for JsonVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON in a string")
    }

    fn visit_none<E: Error>(self) -> Result<T, E> {
        let nothing: UnitDeserializer<E> = ().into_deserializer();
        T::deserialize(nothing)
    }

    fn visit_unit<E: Error>(self) -> Result<T, E> {
        self.visit_none()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_str(self)
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        if text.is_empty() {
            return self.visit_none();
        }
        serde_json::from_str(text)
            .map_err(|error| E::custom(format_args!("the JSON in the string is not as expected: {error}")))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_is_no_string_is_refused_with_what_was_expected() {
        let error = super::deserialize::<u8, _>(serde_json::json!(["1"])).unwrap_err();
        assert!(error.to_string().contains("expected JSON in a string"), "{error}");
    }
}
