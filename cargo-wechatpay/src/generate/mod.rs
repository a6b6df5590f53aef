//! Generates a catalogue crate from a description.
//!
//! The rules: the path is the module, the method is the type, nested types have the names of their fields, and equal
//! shapes of a module are one type. See `name.rs`, `types.rs` and `print.rs`.

mod error;
mod every;
mod krate;
mod name;
mod print;
mod source;
mod text;
mod tree;
mod types;
mod write;

pub use self::error::GenerateError;
pub use self::krate::Files;
pub use self::source::{Source, document_name};
pub use self::write::Changes;

use wechatpay_catalogue::description::{Description, Operation};

/// The text of one declaration: the operation and the types that it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Declaration {
    /// The `use` lines.
    pub imports: String,
    /// The items, the operation first.
    pub items: String,
}

/// Declares one operation as the struct `name`, for the user's own code. Its other types keep clear of the names that
/// are taken there.
#[must_use]
pub fn declare(operation: &Operation, name: &str, taken: &[&str]) -> Declaration {
    let module = types::Module::of_one(operation, name.to_owned(), taken);
    let (items, imports) = print::module(&module);
    Declaration {
        imports: imports.lines(),
        items,
    }
}

/// The name of a type for these words: `post_transactions` becomes `PostTransactions`.
pub(crate) fn type_name(words: &str) -> String {
    name::in_code(&name::pascal(words))
}

/// The name of a module for a segment of a path.
pub(crate) fn module_name(segment: &str) -> String {
    name::module(segment)
}

/// The path of an operation's type in the catalogue that is generated from `description`.
pub(crate) fn catalogue_path(description: &Description, operation: &Operation) -> Option<String> {
    let module = tree::module_path(&operation.path);
    let summaries = description.operations().iter();
    let neighbours: Vec<_> = summaries
        .filter(|summary| tree::module_path(&summary.path) == module)
        .filter_map(|summary| summary.operation().ok())
        .collect();
    let is_it = |other: &&Operation| (other.method, &other.path) == (operation.method, &operation.path);
    let at = neighbours.iter().position(is_it)?;
    let name = types::type_names(&neighbours).into_iter().nth(at)?;
    Some(format!("{module}::{}", name::in_code(&name)))
}
