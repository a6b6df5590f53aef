//! Writes the declaration of one operation into the user's code.

pub(crate) mod choose;
pub(crate) mod insert;
pub(crate) mod manifest;
