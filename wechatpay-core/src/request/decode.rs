//! Last step: decode. From the bytes of a response to the caller's type.

pub(crate) mod position;

use crate::{
    error::{Error, ErrorKind, Outcome},
    keys::PrivateKey,
    sensitive::scope,
    transport::ResponseBody,
};
use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use serde::de::{DeserializeOwned, Deserializer, Visitor, value::UnitDeserializer};
use std::{borrow::Cow, fmt, time::Duration};

/// What an operation can answer.
///
/// | Type | Meaning |
/// |---|---|
/// | a `Deserialize` type | the JSON of a verified answer; unknown fields are ignored |
/// | `()` | any 2xx, verified too; a body is not needed (204, 202) |
/// | [`Download`](crate::Download) | a stream that the service does not sign (bills, receipts, images) |
/// | `serde_json::Value` | the JSON as it is |
///
/// ```
/// use serde::Deserialize;
/// use serde_json::{Value, json};
/// use wechatpay_core::{Download, Method};
/// use wechatpay_gateway::{Gateway, GatewayResponse};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// #[derive(Deserialize)]
/// struct Prepay {
///     prepay_id: String,
/// }
///
/// let gateway = Gateway::start()?;
/// gateway
///     .on(Method::POST, "/v3/pay/transactions/jsapi", |_| json!({ "prepay_id": "wx1", "added_later": true }))
///     .on(Method::POST, "/v3/pay/transactions/out-trade-no/A-1/close", |_| ())
///     .on(Method::GET, "/v3/merchant-service/images/7", |_| GatewayResponse::bytes("image/png", "png"));
/// let client = gateway.client()?;
///
/// let place = || client.request(Method::POST, "/v3/pay/transactions/jsapi");
/// assert_eq!(place().response::<Prepay>().send().await?.prepay_id, "wx1");
/// assert_eq!(place().response::<Value>().send().await?["prepay_id"], "wx1");
/// client.request(Method::POST, "/v3/pay/transactions/out-trade-no/A-1/close").response::<()>().send().await?;
/// let image = client.request(Method::GET, "/v3/merchant-service/images/7").response::<Download>().send().await?;
/// assert_eq!(image.into_inner().bytes().await?, "png");
/// # Ok(()) }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be decoded from a response; add `#[derive(serde::Deserialize)]` to it",
    label = "cannot be decoded from a response",
    note = "in a list, an `Option` or a map, the type inside it needs the derive",
    note = "a response owns what it holds: `String`, not `&str`"
)]
pub trait FromResponse: Sized {
    /// Whether the body is handed on as it comes in, unsigned, instead of being verified and decoded.
    #[doc(hidden)]
    const FORM: ResponseForm = ResponseForm::Json;

    /// Makes the answer out of what was received.
    #[doc(hidden)]
    fn decode(received: &mut RawResponse) -> Result<Self, Error>;
}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned> FromResponse for T {
    fn decode(received: &mut RawResponse) -> Result<Self, Error> {
        // `()` asks for nothing, so it takes whatever came.
        if let Ok(nothing) = T::deserialize(Nothing) {
            return Ok(nothing);
        }
        if received.body.is_empty() {
            // A 204 has no body by definition: types that can be nothing (an `Option`, a `Value`) take it.
            if received.status == StatusCode::NO_CONTENT
                && let Ok(nothing) = T::deserialize(UnitDeserializer::<serde::de::value::Error>::new())
            {
                return Ok(nothing);
            }
            let why = "the answer has no body; declare `response = ()` if this operation answers so";
            return Err(received.undecodable(why, None));
        }
        let key = received.private_key.clone();
        scope::decrypting(key, || serde_json::from_slice(&received.body)).map_err(|error| received.broken_json(&error))
    }
}

/// The type asks for something. Nearly all do, so saying it costs no allocation.
#[derive(Debug)]
struct NotContent;

impl fmt::Display for NotContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("there is nothing to decode")
    }
}

impl std::error::Error for NotContent {}

impl serde::de::Error for NotContent {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
}

/// A deserialiser that has nothing to give: only `()` and unit structs are content with it.
struct Nothing;

impl<'de> Deserializer<'de> for Nothing {
    type Error = NotContent;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, NotContent> {
        Err(NotContent)
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, NotContent> {
        visitor.visit_unit()
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, NotContent> {
        visitor.visit_unit()
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option newtype_struct seq
        tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// How the body of a success is read, and who verifies it.
#[doc(hidden)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ResponseForm {
    /// Read as a whole, verified, then decoded.
    Json,
    /// Handed on as it comes in. The service does not sign it.
    Stream,
    /// The list of platform certificates. It brings the keys that verify it, so the key store does that.
    CertificateList,
}

impl ResponseForm {
    pub(crate) fn accept(self) -> &'static str {
        match self {
            Self::Json | Self::CertificateList => "application/json",
            Self::Stream => "*/*",
        }
    }

    pub(crate) fn is_streamed(self) -> bool {
        match self {
            Self::Json | Self::CertificateList => false,
            Self::Stream => true,
        }
    }

    /// Whether a response is not to be verified by the request that received it.
    pub(crate) fn is_verified_elsewhere(self, status: StatusCode, is_error: bool) -> bool {
        match self {
            Self::Json => false,
            Self::Stream => status.is_success(),
            Self::CertificateList => status == StatusCode::OK && !is_error,
        }
    }
}

/// A judged response, before it is decoded.
#[doc(hidden)]
pub struct RawResponse {
    pub(crate) method: Method,
    pub(crate) template: Cow<'static, str>,
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) stream: Option<Box<dyn ResponseBody>>,
    /// What brought a verified response that is not streamed. It carries the next request if this one is
    /// [believed](Self::believe).
    pub(crate) connection: Option<Box<dyn ResponseBody>>,
    pub(crate) private_key: Option<PrivateKey>,
    pub(crate) attempts: u32,
    /// How long a streamed body may be silent.
    pub(crate) silence: Duration,
}

impl fmt::Debug for RawResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawResponse")
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

impl RawResponse {
    /// The response is verified, and nothing in it belongs to another request: its connection may carry the next one.
    pub(crate) fn believe(&mut self) {
        if let Some(mut connection) = self.connection.take() {
            connection.verified();
        }
    }

    pub(crate) fn request_id(&self) -> Option<&str> {
        request_id(&self.headers)
    }

    /// An authentic answer that cannot be used: what was asked for may well have happened.
    pub(crate) fn unusable(&self, kind: ErrorKind, reason: impl Into<Cow<'static, str>>) -> Error {
        Error::new(Outcome::Unknown, kind, reason).with(|inner| {
            inner.operation = Some((self.method.clone(), self.template.clone()));
            inner.status = Some(self.status);
            inner.request_id = self.request_id().map(str::to_owned);
            inner.authenticated = !self.headers.is_empty() && self.stream.is_none();
            inner.attempts = self.attempts;
        })
    }

    pub(crate) fn undecodable(&self, reason: impl Into<Cow<'static, str>>, field: Option<String>) -> Error {
        self.unusable(ErrorKind::Undecodable, reason)
            .with(|inner| inner.field = field)
    }

    fn broken_json(&self, error: &serde_json::Error) -> Error {
        let path = position::path(&self.body, error.line(), error.column());
        let text = error.to_string();
        // The position is said by the path, which a reader understands without the body at hand.
        let what = text.rsplit_once(" at line ").map_or(text.as_str(), |(what, _)| what);
        let what: String = what.chars().take(200).collect();
        let place = if path.is_empty() {
            String::new()
        } else {
            format!(" at `{path}`")
        };
        self.undecodable(
            format!("the answer cannot be decoded{place}: {what}"),
            Some(path).filter(|p| !p.is_empty()),
        )
    }
}

/// The `Request-ID` of an answer.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    headers.get("Request-ID")?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;
    use serde_json::Value;

    fn received(status: StatusCode, body: &'static str) -> RawResponse {
        RawResponse {
            method: Method::GET,
            template: "/v3/{id}".into(),
            status,
            headers: HeaderMap::from_iter([(
                http::HeaderName::from_static("request-id"),
                HeaderValue::from_static("08F78BB4"),
            )]),
            body: Bytes::from_static(body.as_bytes()),
            stream: None,
            connection: None,
            private_key: None,
            attempts: 2,
            silence: Duration::ZERO,
        }
    }

    #[test]
    fn a17_only_a_204_is_nothing_and_only_to_what_can_be_nothing() {
        let no_content = || received(StatusCode::NO_CONTENT, "");
        assert_eq!(Option::<u8>::decode(&mut no_content()).unwrap(), None);
        assert_eq!(Value::decode(&mut no_content()).unwrap(), Value::Null);
        for error in [
            u8::decode(&mut no_content()).unwrap_err(),
            Option::<u8>::decode(&mut received(StatusCode::OK, "")).unwrap_err(),
        ] {
            assert!(error.to_string().contains("declare `response = ()`"), "{error}");
        }
        for answer in [
            no_content(),
            received(StatusCode::OK, ""),
            received(StatusCode::OK, "{"),
        ] {
            <()>::decode(&mut { answer }).unwrap();
        }
    }

    #[test]
    fn an_answer_that_cannot_be_used_says_where_it_comes_from() {
        let error = u8::decode(&mut received(StatusCode::OK, "[1]")).unwrap_err();
        assert_eq!(
            (error.outcome(), error.kind()),
            (Outcome::Unknown, ErrorKind::Undecodable)
        );
        assert_eq!(error.operation(), Some((&Method::GET, "/v3/{id}")));
        assert_eq!(error.status(), Some(StatusCode::OK));
        assert_eq!(error.request_id(), Some("08F78BB4"));
        assert_eq!(error.attempts(), 2);
        assert!(error.is_authenticated());
        let unsigned = RawResponse {
            headers: HeaderMap::new(),
            ..received(StatusCode::OK, "[1]")
        };
        let error = unsigned.unusable(ErrorKind::Undecodable, "no");
        assert!(!error.is_authenticated());
        assert_eq!(error.request_id(), None);
    }

    #[test]
    fn what_cannot_be_decoded_is_said_with_its_place_if_that_is_not_the_whole() {
        let error = Vec::<u8>::decode(&mut received(StatusCode::OK, "[1, true]")).unwrap_err();
        assert_eq!(error.field(), Some("[1]"));
        let said = "the answer cannot be decoded at `[1]`: invalid type: boolean `true`, expected u8";
        assert!(error.to_string().contains(said), "{error}");
        let error = u8::decode(&mut received(StatusCode::OK, "true")).unwrap_err();
        assert_eq!(error.field(), None);
        let said = "the answer cannot be decoded: invalid type: boolean `true`, expected u8";
        assert!(error.to_string().contains(said), "{error}");
    }

    #[test]
    fn what_was_received_prints_its_status_and_nothing_else() {
        let received = received(StatusCode::OK, "secret");
        assert_eq!(format!("{received:?}"), "RawResponse { status: 200, .. }");
    }
}
