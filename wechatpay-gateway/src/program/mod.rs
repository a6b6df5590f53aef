//! The program: its command line, what it prints and writes, and its end.

pub(crate) mod cli;
mod clock;
mod environment;
pub(crate) mod language;
pub(crate) mod run;
