//! Calls: what a user does with a client and a request.

mod caller;
mod declared;
mod future;
mod options;
mod request_builder;
mod response;
mod sending;

pub use caller::Caller;
pub(crate) use caller::sealed;
pub use declared::Call;
pub use future::ResponseFuture;
pub use request_builder::RequestBuilder;
pub use response::Response;
