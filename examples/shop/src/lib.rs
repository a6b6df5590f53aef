//! A reference shop: place, pay, notify, query, refund, transfer, reconcile, with several processes on one database.
//!
//! Start with `orders.rs`; `refunds.rs` and `transfers.rs` follow the same pattern. The README has the commands.

pub mod clock;
pub mod config;
pub mod database;
pub mod notify;
pub mod number;
pub mod orders;
pub mod page;
pub mod reconcile;
pub mod refunds;
pub mod shop;
pub mod tasks;
pub mod transfers;
pub mod worker;

/// What any part of the shop can fail with.
pub type Error = Box<dyn std::error::Error + Send + Sync>;
/// The result of any part of the shop.
pub type Result<T = (), E = Error> = std::result::Result<T, E>;
