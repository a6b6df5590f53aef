//! What `encrypt(..)` of a declaration does to a field.

use super::scope;
use crate::{
    request::prepare::wire::{FieldValue, Presence, WireError, Writer},
    support::debug::Redacted,
};
use base64::{display::Base64Display, engine::general_purpose::STANDARD};
use serde::ser::{Serialize, SerializeSeq, Serializer};
use std::{borrow::Cow, fmt};

/// The types of a field that `encrypt(..)` may name: text, and `Option` or `Vec` of it, nested as one likes.
///
/// ```
/// use serde::Serializer;
/// use wechatpay_core::{Method, sensitive::Encrypt, wechatpay_endpoint};
/// use wechatpay_gateway::Gateway;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// /// A number whose form was checked.
/// struct IdNumber(String);
///
/// impl Encrypt for IdNumber {
///     fn encrypt<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
///         self.0.encrypt(serializer)
///     }
/// }
///
/// #[wechatpay_endpoint(POST, "/v3/applyment4sub/applyment", encrypt(id_number, contact_phones))]
/// struct Apply {
///     id_number: IdNumber,
///     contact_phones: Option<Vec<String>>,
/// }
///
/// let gateway = Gateway::start()?;
/// gateway.on(Method::POST, "/v3/applyment4sub/applyment", |request| {
///     assert_eq!(request.plaintext("id_number"), Some("110101199003070000"));
///     assert_eq!(request.plaintext("contact_phones[0]"), Some("13900000000"));
/// });
/// let apply =
///     Apply { id_number: IdNumber("110101199003070000".into()), contact_phones: Some(vec!["13900000000".into()]) };
/// apply.send(&gateway.client()?).await?;
/// # Ok(()) }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be encrypted; only `String` and `Option` or `Vec` of it, or mark the value inside with `Sensitive<String>`",
    label = "cannot be encrypted"
)]
pub trait Encrypt {
    /// Serialises the value with every text in it encrypted.
    ///
    /// # Errors
    /// Outside the preparation of a request; when a text is too long for the key; what the serialiser returns.
    fn encrypt<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error>;
}

/// A field that is encrypted, whatever its place: what the attribute makes of the fields in `encrypt(..)`.
///
/// ```
/// use wechatpay_core::{Endpoint, Method, endpoint::Fields, sensitive::Encrypted};
///
/// struct Complain {
///     phone: Option<String>,
/// }
///
/// impl Endpoint for Complain {
///     type Response = serde_json::Value;
///     const METHOD: Method = Method::POST;
///     const PATH: &'static str = "/v3/complaints";
///
///     fn fields(&self, fields: &mut Fields) {
///         fields.payload("phone", &Encrypted::new(&self.phone));
///     }
/// }
/// ```
pub struct Encrypted<'a>(&'a dyn EncryptedValue);

impl<'a> Encrypted<'a> {
    /// Encrypts `value` while the request is put together.
    #[must_use]
    pub fn new(value: &'a dyn EncryptedValue) -> Self {
        Self(value)
    }
}

impl fmt::Debug for Encrypted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Redacted.fmt(f)
    }
}

#[diagnostic::do_not_recommend]
impl FieldValue for Encrypted<'_> {
    fn write(&self, writer: Writer<'_>) -> Result<Presence, WireError> {
        self.0.write_encrypted(writer)
    }
}

/// Every type that is [`Encrypt`], with the type left behind.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be encrypted; only `String` and `Option` or `Vec` of it, or mark the value inside with `Sensitive<String>`",
    label = "cannot be encrypted"
)]
pub trait EncryptedValue {
    /// Writes the value encrypted.
    fn write_encrypted(&self, writer: Writer<'_>) -> Result<Presence, WireError>;
}

impl<T: Encrypt> EncryptedValue for T {
    fn write_encrypted(&self, writer: Writer<'_>) -> Result<Presence, WireError> {
        self.encrypt(writer)
    }
}

impl Encrypt for str {
    fn encrypt<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let ciphertext = scope::encrypt(self).map_err(serde::ser::Error::custom)?;
        // Directly into the body, without an intermediate text.
        serializer.collect_str(&Base64Display::new(&ciphertext, &STANDARD))
    }
}

impl Encrypt for String {
    fn encrypt<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.as_str().encrypt(serializer)
    }
}

impl Encrypt for Cow<'_, str> {
    fn encrypt<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        str::encrypt(self, serializer)
    }
}

impl<T: Encrypt + ?Sized> Encrypt for &T {
    fn encrypt<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        T::encrypt(self, serializer)
    }
}

impl<T: Encrypt + ?Sized> Encrypt for Box<T> {
    fn encrypt<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        T::encrypt(self, serializer)
    }
}

impl<T: Encrypt> Encrypt for Option<T> {
    fn encrypt<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Some(value) => serializer.serialize_some(&Secret(value)),
            None => serializer.serialize_none(),
        }
    }
}

impl<T: Encrypt> Encrypt for Vec<T> {
    fn encrypt<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut list = serializer.serialize_seq(Some(self.len()))?;
        for value in self {
            list.serialize_element(&Secret(value))?;
        }
        list.end()
    }
}

/// A value inside an `Option` or a `Vec`.
struct Secret<'a, T>(&'a T);

impl<T: Encrypt> Serialize for Secret<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.encrypt(serializer)
    }
}
