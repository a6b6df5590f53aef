//! Money, across processes: killed at random, notified twice, without a database, and with a wrong bill.
//!
//! Each runs on SQLite, and on PostgreSQL where it is installed.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a failed test may panic"
)]

mod differences;
mod local;
mod machines;
mod notifications;
mod outage;
mod postgres;
mod processes;
