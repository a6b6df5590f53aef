//! What several modules need and none of them owns.

pub(crate) mod debug;
pub(crate) mod digest;
pub(crate) mod language;
pub(crate) mod nonce;
pub(crate) mod one_line;
pub(crate) mod system;
