//! The value of a field, whatever its type.

use super::{
    Presence, WireError,
    writer::{Writer, push_key},
};
use serde::Serialize;

/// A value that a request can send: every `Serialize` type, and [`Encrypted`](crate::sensitive::Encrypted).
///
/// Do not implement it. It separates the fields of a request from the code that sends them, so that this code is
/// compiled once and not for every type.
///
/// ```
/// use wechatpay_core::endpoint::{FieldValue, Fields};
///
/// /// Adds the same parameters to several queries.
/// fn page(fields: &mut Fields, limit: u32, offset: &dyn FieldValue) {
///     fields.query("limit", &limit);
///     fields.query("offset", offset);
/// }
/// # let _ = page;
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be sent; add `#[derive(serde::Serialize)]` to it",
    label = "cannot be sent",
    note = "in a list, an `Option` or a map, the type inside it needs the derive"
)]
pub trait FieldValue {
    /// Writes the value.
    #[doc(hidden)]
    fn write(&self, writer: Writer<'_>) -> Result<Presence, WireError>;
}

#[diagnostic::do_not_recommend]
impl<T: Serialize> FieldValue for T {
    fn write(&self, writer: Writer<'_>) -> Result<Presence, WireError> {
        self.serialize(writer)
    }
}

/// Appends a member to the JSON object at the end of `out`, which is still open; nothing when the value is absent.
pub(crate) fn write_member(out: &mut Vec<u8>, name: &str, value: &dyn FieldValue) -> Result<(), WireError> {
    let mark = out.len();
    push_key(out, name)?;
    if value.write(Writer::json(out))? == Presence::Absent {
        out.truncate(mark);
    }
    Ok(())
}

/// A value that `#[serde(with = "..")]` writes.
#[doc(hidden)]
pub struct With<'a, T, F> {
    value: &'a T,
    function: F,
}

/// A value that `function` writes.
pub fn with<T, F>(value: &T, function: F) -> With<'_, T, F>
where
    F: Fn(&T, Writer<'_>) -> Result<Presence, WireError>,
{
    With { value, function }
}

#[diagnostic::do_not_recommend]
impl<T, F> FieldValue for With<'_, T, F>
where
    F: Fn(&T, Writer<'_>) -> Result<Presence, WireError>,
{
    fn write(&self, writer: Writer<'_>) -> Result<Presence, WireError> {
        (self.function)(self.value, writer)
    }
}

/// What `#[serde(skip_serializing_if = "..")]` leaves out.
struct Absent;

#[diagnostic::do_not_recommend]
impl FieldValue for Absent {
    fn write(&self, _: Writer<'_>) -> Result<Presence, WireError> {
        Ok(Presence::Absent)
    }
}

/// The value, unless a condition leaves it out.
pub fn unless(left_out: bool, value: &dyn FieldValue) -> &dyn FieldValue {
    if left_out { &Absent } else { value }
}

/// A type that is called `Upload` and may be the file of an upload, which has its own field attribute.
#[diagnostic::on_unimplemented(
    message = "an `{Self}` is the file of a multipart request; mark it `#[wechatpay(file)]`",
    label = "the file of a multipart request"
)]
pub trait NotAFile: FieldValue {}

#[diagnostic::do_not_recommend]
impl<T: FieldValue> NotAFile for T {}

/// The value, of a type whose name speaks of a file.
pub fn not_a_file<T: NotAFile>(value: &T) -> &dyn FieldValue {
    value
}
