//! Sends a described operation from the command line's words.

pub(crate) mod capture;
pub(crate) mod given;
pub(crate) mod masked;
pub(crate) mod validate;
pub(crate) mod wire;
