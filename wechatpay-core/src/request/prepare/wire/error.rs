//! The error of the wire serialisers: what is wrong, and at which field.

use crate::{
    sensitive::scope,
    support::language::{Language, Text},
};
use std::fmt;

/// One step from the request to the field an error is about.
#[derive(Debug)]
enum Step {
    Field(&'static str),
    Key(String),
    Index(usize),
}

/// A value could not be written. Boxed, because the happy path carries it through every return value.
#[derive(Debug)]
pub struct WireError(Box<Inner>);

#[derive(Debug)]
struct Inner {
    message: Text,
    /// From the inside outwards: each level adds its step while the error passes it.
    steps: Vec<Step>,
}

impl WireError {
    pub(crate) fn new(message: impl Into<Text>) -> Self {
        Self(Box::new(Inner {
            message: message.into(),
            steps: Vec::new(),
        }))
    }

    pub(crate) fn at_field(mut self, name: &'static str) -> Self {
        self.0.steps.push(Step::Field(name));
        self
    }

    pub(crate) fn at_key(mut self, key: &str) -> Self {
        self.0.steps.push(Step::Key(key.to_owned()));
        self
    }

    pub(crate) fn at_index(mut self, index: usize) -> Self {
        self.0.steps.push(Step::Index(index));
        self
    }

    /// `receivers[2].name`; empty for the value as a whole.
    pub(crate) fn path(&self) -> String {
        let mut path = String::new();
        for step in self.0.steps.iter().rev() {
            match step {
                Step::Index(index) => path.push_str(&format!("[{index}]")),
                Step::Field(name) => push_name(&mut path, name),
                Step::Key(name) => push_name(&mut path, name),
            }
        }
        path
    }

    pub(crate) fn message(&self) -> &Text {
        &self.0.message
    }
}

fn push_name(path: &mut String, name: &str) {
    if !path.is_empty() {
        path.push('.');
    }
    path.push_str(name);
}

impl fmt::Display for WireError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.path() {
            path if path.is_empty() => f.write_str(self.message().get(Language::English)),
            path => write!(f, "`{path}` {}", self.message().get(Language::English)),
        }
    }
}

impl std::error::Error for WireError {}

impl serde::ser::Error for WireError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::new(scope::in_both_languages(message.to_string()))
    }
}
