//! The client: in whose name requests are signed, which keys verify responses, and how requests are sent.

mod builder;
mod clients;
mod download;
mod environment;
mod handle;
mod keys;

pub use crate::key_store::CertificateRefresh;
pub use builder::ClientBuilder;
pub(crate) use clients::ByMchid;
pub use clients::Clients;
pub use handle::Client;
