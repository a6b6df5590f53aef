//! Notifications: what is believed, what is refused, and what a shop does with one.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod authentic;
mod compared;
#[path = "../support/encrypt.rs"]
mod encrypt;
mod events;
mod rotation;
mod sealed;
mod sender;
mod several;
