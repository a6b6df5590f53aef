//! Options of a single call, which declared operations and operations by path have in common.

use super::future::Receiving;
use crate::request::{
    operation::Options,
    prepare::{self, PrepareError},
};
use std::time::Duration;

/// What the caller set, and the first option that cannot be honoured.
#[derive(Default)]
pub(super) struct CallOptions {
    pub(super) options: Options,
    refused: Option<PrepareError>,
}

impl CallOptions {
    pub(super) fn deadline(&mut self, limit: Duration) {
        self.options.deadline = Some(limit);
    }

    pub(super) fn header(&mut self, name: &str, value: &str) {
        match prepare::header(name, value) {
            Ok((name, value)) => {
                self.options.headers.insert(name, value);
            }
            Err(error) => self.refuse(error),
        }
    }

    /// The first error is the one that the call ends with.
    pub(super) fn refuse(&mut self, error: PrepareError) {
        self.refused.get_or_insert(error);
    }

    /// Begins the call, unless an option was refused: then nothing is sent.
    pub(super) fn begin<'a>(self, call: impl FnOnce(Options) -> Receiving<'a>) -> Receiving<'a> {
        match self.refused {
            Some(error) => Box::pin(std::future::ready(Err(error.into()))),
            None => call(self.options),
        }
    }
}
