//! Sensitive fields (敏感信息): encrypted on the wire, otherwise redacted.

pub(crate) mod encrypt;
pub(crate) mod scope;

pub use encrypt::{Encrypt, Encrypted};

use crate::support::debug::Redacted;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Visitor};
use std::{borrow::Cow, fmt};
use zeroize::Zeroize;

/// A text that is encrypted on the wire (敏感信息加密) and otherwise redacted.
///
/// Put it wherever a field of a nested struct is sensitive, also as `Option<Sensitive<String>>` or
/// `Vec<Sensitive<String>>`, in requests and in responses:
///
/// - In a **request** it is encrypted while the request is prepared for sending, with WeChat Pay's public key, by
///   RSA-OAEP, or for 国密 by SM2. One ciphertext holds 214 bytes of UTF-8 with RSA-2048; a longer text is refused before
///   anything is sent. SM2 has no such limit.
///   An empty text stays an empty text.
/// - In a **response** that the client decodes it is decrypted with the merchant's private key.
/// - **Deserialised from other sources, it keeps the text unchanged**, so that a form of a web page can contain one.
///   Note: `serde_json::from_value` on a response that was decoded as a `Value` keeps the ciphertext, without an error.
///   Decode with [`RequestBuilder::response`](crate::RequestBuilder::response) or
///   [`Error::decode_body`](crate::Error::decode_body), or decrypt with [`Client::decrypt`](crate::Client::decrypt).
/// - Serialised for other purposes (a log, a cache, a queue) it is an **error**, never the plaintext.
/// - `Debug` prints `[redacted]`, there is no `Display`, and the plaintext is wiped from memory on drop.
///
/// `T` is the text's type: `String` (the default), `Box<str>`, `Cow<str>` or `&str`.
///
/// ```
/// use serde::Serialize;
/// use wechatpay_core::Sensitive;
///
/// #[derive(Debug, Serialize)]
/// pub struct Receiver {
///     pub account: String,
///     pub name: Option<Sensitive>,
/// }
///
/// let receiver = Receiver { account: "1900000109".into(), name: Some(Sensitive::new("张三")) };
/// assert_eq!(receiver.name.as_ref().map(|name| name.expose()), Some("张三"));
/// assert!(!format!("{receiver:?}").contains("张三"));
/// assert!(serde_json::to_string(&receiver).is_err());
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Default)]
pub struct Sensitive<T: Plaintext = String>(T);

impl Sensitive<String> {
    /// Marks `text` as sensitive. For the other types that can be held there is `Sensitive::from`.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl<T: Plaintext> Sensitive<T> {
    /// The plaintext. What is done with it is in the caller's hands: it must not reach a log.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.as_ref()
    }
}

impl<T: Plaintext> From<T> for Sensitive<T> {
    fn from(text: T) -> Self {
        Self(text)
    }
}

/// `[redacted]`, whatever it holds.
impl<T: Plaintext> fmt::Debug for Sensitive<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Redacted.fmt(f)
    }
}

impl<T: Plaintext> Drop for Sensitive<T> {
    fn drop(&mut self) {
        self.0.wipe();
    }
}

/// Encrypts while a request is prepared. Otherwise an error.
impl<T: Plaintext> Serialize for Sensitive<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.expose().encrypt(serializer)
    }
}

/// Decrypts while a response is decoded. Otherwise keeps the text unchanged.
impl<'de, T: Plaintext + From<String>> Deserialize<'de> for Sensitive<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // Decrypted while the text is visited, so that the deserialiser knows the place of an invalid ciphertext.
        deserializer
            .deserialize_string(TextVisitor)
            .map(|text| Self(text.into()))
    }
}

struct TextVisitor;

impl Visitor<'_> for TextVisitor {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a sensitive text")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<String, E> {
        self.visit_string(text.to_owned())
    }

    fn visit_string<E: serde::de::Error>(self, text: String) -> Result<String, E> {
        scope::decrypt(text).map_err(E::custom)
    }
}

/// The texts that [`Sensitive`] can hold.
///
/// ```
/// use std::borrow::Cow;
/// use wechatpay_core::{Sensitive, sensitive::Plaintext};
///
/// /// For any type of text.
/// fn initial<T: Plaintext>(name: &Sensitive<T>) -> Option<char> {
///     name.expose().chars().next()
/// }
/// assert_eq!(initial(&Sensitive::new("张三")), Some('张'));
/// assert_eq!(initial(&Sensitive::from(Cow::from("李四"))), Some('李'));
///
/// // What `Sensitive` does when it is dropped.
/// let mut text = String::from("张三");
/// text.wipe();
/// assert_eq!(text, "");
/// ```
#[diagnostic::on_unimplemented(
    message = "`Sensitive` cannot hold `{Self}`; it holds text: `String`, `Box<str>`, `Cow<str>` or `&str`",
    label = "not a text",
    note = "the service encrypts text; format the value first and write `Sensitive<String>`",
    note = "an optional text is an `Option<Sensitive<String>>`"
)]
pub trait Plaintext: AsRef<str> + sealed::Sealed {
    /// Overwrites the text in memory where it is owned.
    #[doc(hidden)]
    fn wipe(&mut self);
}

mod sealed {
    pub trait Sealed {}
    impl Sealed for String {}
    impl Sealed for Box<str> {}
    impl Sealed for std::borrow::Cow<'_, str> {}
    impl Sealed for &str {}
}

impl Plaintext for String {
    fn wipe(&mut self) {
        self.zeroize();
    }
}

impl Plaintext for Box<str> {
    fn wipe(&mut self) {
        self.zeroize();
    }
}

impl Plaintext for Cow<'_, str> {
    fn wipe(&mut self) {
        if let Cow::Owned(text) = self {
            text.zeroize();
        }
    }
}

/// The owner of a borrowed text must wipe it.
impl Plaintext for &str {
    fn wipe(&mut self) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{cell::Cell, rc::Rc};

    #[test]
    fn what_is_owned_is_overwritten_and_what_is_borrowed_is_let_be() {
        let secret = "张三";
        let mut string = secret.to_owned();
        string.wipe();
        assert_eq!(string, "");
        let mut boxed: Box<str> = secret.into();
        boxed.wipe();
        assert!(!boxed.contains(secret));
        assert!(boxed.bytes().all(|byte| byte == 0));
        let mut owned: Cow<'_, str> = Cow::Owned(secret.to_owned());
        owned.wipe();
        assert_eq!(owned, "");
        let mut borrowed: Cow<'_, str> = Cow::Borrowed(secret);
        borrowed.wipe();
        assert_eq!(borrowed, secret);
    }

    #[test]
    fn e9_the_plaintext_is_wiped_when_it_is_dropped() {
        struct Watched(Rc<Cell<u32>>);
        impl sealed::Sealed for Watched {}
        impl AsRef<str> for Watched {
            fn as_ref(&self) -> &str {
                "x"
            }
        }
        impl Plaintext for Watched {
            fn wipe(&mut self) {
                self.0.set(self.0.get() + 1);
            }
        }
        let wipes = Rc::new(Cell::new(0));
        let sensitive = Sensitive::from(Watched(Rc::clone(&wipes)));
        assert_eq!((sensitive.expose(), wipes.get()), ("x", 0));
        drop(sensitive);
        assert_eq!(wipes.get(), 1);
    }

    #[test]
    fn e9_what_is_printed_is_that_there_is_something() {
        assert_eq!(format!("{:?}", Sensitive::new("张三")), "[redacted]");
        assert_eq!(format!("{:?}", Sensitive::from("张三")), "[redacted]");
    }

    #[test]
    fn outside_of_a_response_a_text_is_taken_as_it_is() {
        let sensitive: Sensitive = serde_json::from_str(r#""a\nb""#).unwrap();
        assert_eq!(sensitive.expose(), "a\nb");
        let sensitive: Sensitive<Box<str>> = serde_json::from_value("c".into()).unwrap();
        assert_eq!(sensitive.expose(), "c");
        let error = serde_json::from_str::<Sensitive>("1").unwrap_err();
        assert!(error.to_string().contains("expected a sensitive text"), "{error}");
    }
}
