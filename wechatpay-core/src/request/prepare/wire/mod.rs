//! How values become the bytes of a request.
//!
//! serde does the walking, these serialisers do the writing: [`json`] for bodies, [`query`] for query strings and
//! [`scalar`] for everything that is one piece of text (a path segment, a header, a form part, a map's key). They
//! differ from the usual ones in two ways: `None` is left out at every depth, because the service refuses `null`, and
//! an error knows the path of the field it is about.

pub(crate) mod error;
pub(crate) mod json;
pub(crate) mod percent;
pub(crate) mod query;
pub(crate) mod scalar;

pub(crate) use error::WireError;

/// Whether serialising a value wrote something. `Absent` values take their key with them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    Present,
    Absent,
}
