//! The same tests once more, with keys of 国密. Which suite it is, `support` tells by the name of this module.
#![allow(clippy::duplicate_mod, reason = "the same tests run with each suite")]

#[path = "keys.rs"]
mod keys;
#[path = "list.rs"]
mod list;
#[path = "refreshing.rs"]
mod refreshing;
#[path = "support.rs"]
mod support;
