//! How values become the bytes of a request.
//!
//! serde does the walking, [`writer`] does the writing. It differs from the usual serialisers in two ways: `None` is left
//! out at every depth, because the service refuses `null`, and an error knows the path of the field it is about.

pub(crate) mod error;
pub(crate) mod percent;
pub(crate) mod value;
pub(crate) mod writer;

pub(crate) use error::WireError;
pub use value::FieldValue;
pub(crate) use writer::Writer;

/// Whether serialising a value wrote something. `Absent` values take their key with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    Present,
    Absent,
}
