//! The program as its users call it: real command lines, real output, real exit status.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "tests fail by panicking"
)]

mod add;
// What `add` writes, to the letter.
#[allow(dead_code, reason = "the test is that it compiles")]
#[allow(clippy::enum_variant_names, reason = "the service names the values")]
#[allow(unreachable_pub, reason = "users declare what they want to export")]
#[rustfmt::skip]
mod added;
mod call;
mod check;
mod commands;
mod documents;
mod run;
