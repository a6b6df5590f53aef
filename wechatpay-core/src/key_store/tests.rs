mod keys;
mod list;
mod refreshing;
#[cfg(feature = "shangmi")]
mod shangmi;
mod support;
