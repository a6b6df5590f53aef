//! Notifications: which are accepted, which are refused, and how a shop handles them.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod authentic;
mod compared;
mod decryption;
#[path = "../support/encrypt.rs"]
mod encrypt;
mod events;
mod rotation;
mod sender;
mod several;
