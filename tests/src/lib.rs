//! What the tests share: the ways to call, machines and roads that are wrong, servers that misbehave, and the log.

#[cfg(doctest)]
mod documents;
mod logs;
mod machine;
mod proxy;
mod road;
mod scene;
mod server;
mod tls;
mod way;

pub use logs::{Events, Log, Logged};
pub use machine::Machine;
pub use proxy::{OutOfStepProxy, Step};
pub use road::{Passed, Road};
pub use scene::{Platform, Scene, Stage};
pub use server::{Connection, RawRequest, RawServer};
pub use tls::{Flaw, TlsServer};
pub use way::{Caller, Way, World};

use std::{error::Error, time::Duration};
use wechatpay_core::{RetryPolicy, crypto::Suite};

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

/// The suite of a test file by its module: RSA where it is a test of its own, 国密 where it is a module of the test
/// `shangmi`.
pub fn suite_of(module_path: &str) -> Suite {
    if module_path.starts_with("shangmi::") {
        Suite::Shangmi
    } else {
        Suite::Rsa
    }
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
