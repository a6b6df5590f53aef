//! The headers of one attempt. All but `Authorization` are the same for every attempt of a call.

use crate::{
    error::{Error, ErrorKind},
    key_store::EncryptionKey,
    request::{decode::form::Readers, prepare::Prepared},
};
use http::{HeaderMap, HeaderName, HeaderValue, header};

const SERIAL: HeaderName = HeaderName::from_static("wechatpay-serial");

/// Puts the headers together. `key` is the key to announce in `Wechatpay-Serial`.
pub(crate) fn headers(
    prepared: &Prepared,
    readers: &Readers,
    user_agent: &HeaderValue,
    key: Option<&EncryptionKey>,
    authorization: HeaderValue,
) -> Result<HeaderMap, Error> {
    // With room for the two that HTTP adds.
    let mut headers = HeaderMap::with_capacity(prepared.headers.len() + 8);
    headers.extend(prepared.headers.clone());
    headers.insert(header::ACCEPT, HeaderValue::from_static(readers.accept));
    if readers.streamed {
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("gzip"));
    }
    headers.insert(header::USER_AGENT, user_agent.clone());
    if let Some(multipart) = &prepared.multipart {
        headers.insert(header::CONTENT_TYPE, header_value(&*multipart.content_type)?);
    } else if !prepared.body.is_empty() {
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    }
    if let Some(key) = key {
        headers.insert(SERIAL, key.header().ok_or_else(not_a_header)?);
    }
    headers.insert(header::AUTHORIZATION, authorization);
    Ok(headers)
}

/// The value of a header that the client sets itself. `build()` checked its parts, so this does not fail in practice.
pub(crate) fn header_value(text: impl TryInto<HeaderValue>) -> Result<HeaderValue, Error> {
    text.try_into().map_err(|_| not_a_header())
}

fn not_a_header() -> Error {
    Error::local(
        ErrorKind::Configuration,
        (
            "an id holds a character that a header cannot carry",
            "某个 ID 含有请求头不允许的字符",
        ),
    )
}
