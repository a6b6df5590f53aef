//! Shared code of the tests: ways to call, controllable clocks, recording transports, misbehaving servers, requests from
//! the description, and the log.

#[cfg(doctest)]
mod documents;
mod draft;
mod logs;
mod machine;
mod mock;
mod proxy;
mod random;
mod recording;
mod server;
mod signing;
mod tls;
mod way;

pub use draft::{Draft, DraftField, Target, has_state, wrong_type};
pub use logs::{Events, Log, Logged};
pub use machine::Machine;
pub use mock::{MockResult, MockTransport, Platform};
pub use proxy::{OutOfStepProxy, Step};
pub use random::Random;
pub use recording::{RecordingTransport, SentRequest};
pub use server::{Connection, RawRequest, RawServer};
pub use signing::{Access, RawCall, RawResponse, SigningClient};
pub use tls::{Flaw, TlsServer};
pub use way::{Caller, Way, World};

use std::{error::Error, time::Duration};
use wechatpay_core::{RetryPolicy, crypto::Suite};

/// The texts of an error and of all its sources.
pub fn full_text(error: &(dyn Error + 'static)) -> String {
    let mut said = String::new();
    let mut next = Some(error);
    while let Some(error) = next {
        said.push_str(&format!("{error}\n{error:?}\n{error:#?}\n"));
        next = error.source();
    }
    said
}

/// The suite of a test file by its module: RSA as a separate test, 国密 as a module of the test
/// `shangmi`.
pub fn suite_of(module_path: &str) -> Suite {
    if module_path.starts_with("shangmi::") {
        Suite::Shangmi
    } else {
        Suite::Rsa
    }
}

/// The default retry policy with short waits.
pub fn quick() -> RetryPolicy {
    RetryPolicy::default()
        .backoff(Duration::from_millis(1), Duration::from_millis(5))
        .throttled_wait(Duration::from_millis(5))
}

/// Every legal shape of a declaration, compiled in the previous edition.
#[cfg(doctest)]
#[doc = concat!("```edition2021\n", include_str!("../tests/shapes.rs"), "\nfn main() {}\n```")]
pub struct Edition2021;
