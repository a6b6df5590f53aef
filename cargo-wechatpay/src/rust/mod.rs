//! Reads Rust source without a compiler: the declarations in it, and the types that they name.

pub(crate) mod attribute;
pub(crate) mod collect;
pub(crate) mod fields;
pub(crate) mod files;
pub(crate) mod recover;
pub(crate) mod resolve;
pub(crate) mod serde;
pub(crate) mod shape;
pub(crate) mod source;
