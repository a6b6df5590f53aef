//! The program as its users call it: real command lines, real output, real exit status.

mod add;
// What `add` writes, to the letter.
#[allow(dead_code, reason = "the test is that it compiles")]
#[allow(unreachable_pub, reason = "users declare what they want to export")]
#[rustfmt::skip]
mod added;
mod call;
mod check;
mod commands;
mod documents;
mod run;
