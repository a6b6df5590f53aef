//! Why a command ends early.

use std::{fmt, io};

/// Why a command ends early. The text is in the user's language.
#[derive(Debug)]
pub struct Failure {
    message: String,
    status: u8,
}

impl Failure {
    /// The command was understood and could not be done: exit status 1.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            status: 1,
        }
    }

    /// The command line is wrong: exit status 2.
    pub fn usage(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            status: 2,
        }
    }

    /// The command has printed its messages: exit status 1 without a further message.
    #[must_use]
    pub fn silent() -> Self {
        Self::new("")
    }

    /// The reader of the output has read enough: exit status 0 without a message.
    #[must_use]
    pub fn finished() -> Self {
        Self {
            message: String::new(),
            status: 0,
        }
    }

    /// The exit status of the process.
    #[must_use]
    pub fn status(&self) -> u8 {
        self.status
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

/// Writing to a pipe that its reader has closed is no failure: the reader has read enough.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Self::finished()
        } else {
            Self::new(error.to_string())
        }
    }
}
