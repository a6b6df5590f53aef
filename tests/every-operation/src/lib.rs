//! Sends every operation of the catalogue once, filled from the examples of the description.

#[rustfmt::skip]
#[allow(deprecated, unused_imports, reason = "deprecated operations are sent too")]
mod operations;

use std::fmt::Debug;
use wechatpay_core::{Download, Error};

pub use wechatpay_core::blocking::Client;

/// The `Debug` of a decoded response, or the error.
pub type Shown = Result<String, Error>;

/// Sends one operation.
pub type Call = fn(&Client) -> Shown;

/// Every operation with its id, in the order of families and paths.
pub fn operations() -> impl Iterator<Item = (&'static str, Call)> {
    operations::FAMILIES.iter().copied().flatten().copied()
}

fn shown(response: &dyn Debug) -> String {
    format!("{response:#?}")
}

fn downloaded(client: &Client, download: Download) -> Shown {
    let bytes = client.wait(download.bytes())?;
    Ok(format!("Download({:?})", String::from_utf8_lossy(&bytes)))
}
