//! The client: whose name requests are signed in, which keys answers are checked with, and how they travel.

mod builder;
mod download;
mod environment;
mod handle;
mod keys;

pub use builder::ClientBuilder;
pub use handle::Client;
