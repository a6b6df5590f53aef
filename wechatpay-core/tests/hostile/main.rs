//! Somebody on the way, somebody behind a value, somebody at the same disk: what they must not be able to do.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod answers;
mod files;
mod limits;
mod support;
mod values;
