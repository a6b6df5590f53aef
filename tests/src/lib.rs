//! What the tests share: the ways to call, machines and roads that are wrong, servers that misbehave, requests
//! from the description, and the log.

#[cfg(doctest)]
mod documents;
mod draft;
mod logs;
mod machine;
mod proxy;
mod random;
mod road;
mod scene;
mod server;
mod signing;
mod tls;
mod way;

pub use draft::{Draft, DraftField, Target, has_state, wrong_type};
pub use logs::{Events, Log, Logged};
pub use machine::Machine;
pub use proxy::{OutOfStepProxy, Step};
pub use random::Random;
pub use road::{Passed, Road};
pub use scene::{Platform, Scene, Stage};
pub use server::{Connection, RawRequest, RawServer};
pub use signing::{Access, RawCall, RawReply, SigningClient};
pub use tls::{Flaw, TlsServer};
pub use way::{Caller, Way, World};

use std::{error::Error, time::Duration};
use wechatpay_core::RetryPolicy;

/// Everything that an error says of itself and of its causes.
pub fn everything_said(error: &(dyn Error + 'static)) -> String {
    let mut said = String::new();
    let mut next = Some(error);
    while let Some(error) = next {
        said.push_str(&format!("{error}\n{error:?}\n{error:#?}\n"));
        next = error.source();
    }
    said
}

/// The usual policy, without the usual waits.
pub fn quick() -> RetryPolicy {
    RetryPolicy::default()
        .backoff(Duration::from_millis(1), Duration::from_millis(5))
        .throttled_wait(Duration::from_millis(5))
}

/// Every legal shape of a declaration, once more in the edition before.
#[cfg(doctest)]
#[doc = concat!("```edition2021\n", include_str!("../tests/shapes.rs"), "\nfn main() {}\n```")]
pub struct Edition2021;
