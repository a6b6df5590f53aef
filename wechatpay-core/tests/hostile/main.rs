//! Attacks from the network, from values of requests, and from other users of the same disk.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod files;
mod limits;
mod responses;
mod support;
mod values;
