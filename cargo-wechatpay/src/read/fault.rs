//! What is wrong with a description, or doubtful, and where.

use std::{error::Error, fmt, sync::Arc};

use crate::read::label::one_line;

/// A place in a file of a description.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file, as seen from the folder of the description. Its parts are separated by `/`.
    pub file: Arc<str>,
    /// The line, counted from 1. 0 means the whole file.
    pub line: usize,
    /// The column in characters, counted from 1. 0 means the whole line.
    pub column: usize,
}

impl Place {
    /// The whole file.
    pub(crate) fn whole(file: &str) -> Self {
        Self {
            file: file.into(),
            line: 0,
            column: 0,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&one_line(&self.file))?;
        match (self.line, self.column) {
            (0, _) => Ok(()),
            (line, 0) => write!(f, ":{line}"),
            (line, column) => write!(f, ":{line}:{column}"),
        }
    }
}

/// Why a description cannot be read.
///
/// Displayed as `file:line:column: what is wrong`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where the fault is.
    pub place: Place,
    /// What is wrong, and what to do.
    pub message: String,
}

impl Fault {
    pub(crate) fn new(place: Place, message: impl Into<String>) -> Self {
        Self {
            place,
            message: one_line(&message.into()),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

impl Error for Fault {}

/// A decision that the reader took and a person should know about. The description was read.
///
/// Displayed as `file:line:column: what was decided`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    /// Where the reason is.
    pub place: Place,
    /// What is doubtful, and what was made of it.
    pub message: String,
}

impl Note {
    pub(crate) fn new(place: Place, message: impl Into<String>) -> Self {
        Self {
            place,
            message: one_line(&message.into()),
        }
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}
