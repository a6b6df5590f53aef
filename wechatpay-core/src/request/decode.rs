//! Last step: decode. From the bytes of a response to the caller's type.

pub(crate) mod form;
pub(crate) mod json;
mod position;
mod probe;
pub(crate) mod verified_body;

pub(crate) use form::ResponseForm;

use crate::{
    error::{Error, ErrorKind, Outcome},
    keys::PrivateKey,
    request::decode::{json::JsonError, probe::Asks, verified_body::VerifiedBody},
    support::language::{Language, Text, text},
    transport::ResponseBody,
};
use bytes::Bytes;
use http::{HeaderMap, Method, StatusCode};
use serde::de::{DeserializeOwned, value::UnitDeserializer};
use std::{borrow::Cow, fmt, time::Duration};

/// The types of a response.
///
/// | Type | Meaning |
/// |---|---|
/// | a `Deserialize` type | the JSON of a verified response; unknown fields are ignored |
/// | `()` | any 2xx, verified too; a body is not needed (204, 202) |
/// | [`Download`](crate::Download) | a stream that the service does not sign (bills, receipts, images) |
/// | `serde_json::Value` | the JSON as it is; ciphertexts in it stay ciphertexts |
///
/// Under 2xx a JSON object with `code` and `message` at the top is an error, unless the type is a struct with fields of
/// these two names, or the code is only zeros. A struct with `#[serde(flatten)]` does not show its fields, so there it
/// is an error.
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
    /// How the body is read, and by whom it is verified.
    #[doc(hidden)]
    const FORM: ResponseForm;

    /// The names of the fields at the top, where the type shows them.
    #[doc(hidden)]
    fn declared_fields() -> &'static [&'static str] {
        &[]
    }

    /// Makes the value out of what was received.
    #[doc(hidden)]
    fn decode(received: &mut RawResponse) -> Result<Self, Error>;
}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned> FromResponse for T {
    const FORM: ResponseForm = ResponseForm::Json;

    fn declared_fields() -> &'static [&'static str] {
        match probe::probe::<T>() {
            Asks::Nothing(_) => &[],
            Asks::For(fields) => fields,
        }
    }

    fn decode(received: &mut RawResponse) -> Result<Self, Error> {
        // `()` requires nothing, so it accepts every body.
        if let Asks::Nothing(nothing) = probe::probe() {
            return Ok(nothing);
        }
        if received.body.is_empty() {
            // A 204 has no body by definition: types that can be nothing (an `Option`, a `Value`) take it.
            if received.status == StatusCode::NO_CONTENT
                && let Ok(nothing) = T::deserialize(UnitDeserializer::<serde::de::value::Error>::new())
            {
                return Ok(nothing);
            }
            let why = (
                "the response has no body; declare `response = ()` if that is right for this operation",
                "应答没有内容；若该接口本来如此，请声明 `response = ()`",
            );
            return Err(received.undecodable(why, None));
        }
        verified_body::decode(&received.body, received.private_key.clone()).map_err(|error| received.broken_json(error))
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
    /// The connection of a verified response that is not streamed. It carries the next request if this response is
    /// [accepted](Self::accept).
    pub(crate) connection: Option<Box<dyn ResponseBody>>,
    /// Whether the signature over the body was verified by the request that received it.
    pub(crate) verified: bool,
    pub(crate) private_key: Option<PrivateKey>,
    pub(crate) attempts: u32,
    /// The timeout for the next piece of a streamed body.
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
    pub(crate) fn accept(&mut self) {
        if let Some(mut connection) = self.connection.take() {
            connection.verified();
        }
    }

    pub(crate) fn request_id(&self) -> Option<&str> {
        request_id(&self.headers)
    }

    /// A response that no result is made of: what was asked for may well have happened. The error keeps a verified
    /// body.
    pub(crate) fn unusable(&self, kind: ErrorKind, reason: impl Into<Text>) -> Error {
        let kept = self.verified && !self.body.is_empty();
        Error::new(Outcome::Unknown, kind, reason).with(|inner| {
            inner.operation = Some((self.method.clone(), self.template.clone()));
            inner.status = Some(self.status);
            inner.request_id = self.request_id().map(str::to_owned);
            inner.authenticated = self.verified;
            inner.attempts = self.attempts;
            inner.body = kept.then(|| VerifiedBody::new(self.body.clone(), self.private_key.clone()));
        })
    }

    pub(crate) fn undecodable(&self, reason: impl Into<Text>, field: Option<String>) -> Error {
        self.unusable(ErrorKind::Undecodable, reason)
            .with(|inner| inner.field = field)
    }

    fn broken_json(&self, JsonError { path, reason }: JsonError) -> Error {
        let (reason, chinese) = (reason.get(Language::English), reason.get(Language::Chinese));
        if path.is_empty() {
            let text = text!("the response cannot be decoded: {reason}", "应答无法解析：{chinese}");
            return self.undecodable(text, None);
        }
        let text = text!(
            "the response cannot be decoded at `{path}`: {reason}",
            "应答的 `{path}` 无法解析：{chinese}"
        );
        self.undecodable(text, Some(path))
    }
}

/// The `Request-ID` of a response.
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
            verified: true,
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
        for response in [
            no_content(),
            received(StatusCode::OK, ""),
            received(StatusCode::OK, "{"),
        ] {
            <()>::decode(&mut { response }).unwrap();
        }
    }

    #[test]
    fn an_unusable_response_says_where_it_comes_from() {
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
        assert_eq!(error.verified_body().map(|body| &body[..]), Some(&b"[1]"[..]));
        let unverified = RawResponse {
            verified: false,
            ..received(StatusCode::OK, "[1]")
        };
        let error = unverified.unusable(ErrorKind::Undecodable, ("no", "否"));
        assert!(!error.is_authenticated());
        assert_eq!(error.verified_body(), None);
    }

    #[test]
    fn a_decode_error_names_the_place_unless_it_is_the_whole() {
        let error = Vec::<u8>::decode(&mut received(StatusCode::OK, "[1, true]")).unwrap_err();
        assert_eq!(error.field(), Some("[1]"));
        let text = "the response cannot be decoded at `[1]`: expected u8";
        assert!(error.to_string().contains(text), "{error}");
        let error = u8::decode(&mut received(StatusCode::OK, "true")).unwrap_err();
        assert_eq!(error.field(), None);
        let text = "the response cannot be decoded: expected u8";
        assert!(error.to_string().contains(text), "{error}");
    }

    #[test]
    fn a_received_response_prints_its_status_and_nothing_else() {
        let received = received(StatusCode::OK, "secret");
        assert_eq!(format!("{received:?}"), "RawResponse { status: 200, .. }");
    }
}
