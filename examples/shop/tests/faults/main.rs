//! Money, across processes: killed at random, notified twice, without a database, and with a wrong bill.
//!
//! Each runs on SQLite, and on PostgreSQL where it is installed.

mod differences;
mod local;
mod machines;
mod notifications;
mod outage;
mod postgres;
mod processes;
