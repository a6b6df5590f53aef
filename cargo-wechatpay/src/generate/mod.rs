//! Generates a catalogue crate from a description.
//!
//! The rules: the path is the module, the method is the type, nested types have the names of their fields, and equal
//! shapes of a module are one type. See [`name`], [`types`] and [`print`].

mod krate;
mod name;
mod print;
mod text;
mod tree;
mod types;
mod write;

pub use self::krate::Files;
pub use self::write::Changes;

use std::fmt;
use std::path::{Path, PathBuf};
use wechatpay_catalogue::description::json::Json;
use wechatpay_catalogue::description::{DescriptionError, Operation};

/// A description as documents, in the dialect of [`wechatpay_catalogue::description`].
#[derive(Clone, Debug)]
pub struct Source {
    /// The root document. `paths` is ignored.
    pub root: Json,
    /// Path templates and their documents, in the order in which they are declared.
    pub documents: Vec<(String, Json)>,
}

impl Source {
    /// The generated files of the crate in `out`, which may exist already. Nothing is written yet.
    ///
    /// # Errors
    /// When the description cannot be read, or what the crate holds already.
    pub fn generate(&self, out: &Path) -> Result<Files, GenerateError> {
        Files::of(self, out)
    }

    /// Reads the folder of a description in our dialect: `openapi.json`, and the documents that its `paths` name.
    ///
    /// # Errors
    /// When a file is missing or is not JSON, or when a path has no `$ref`.
    pub fn read(folder: &Path) -> Result<Self, GenerateError> {
        let read = |name: &str| {
            let path = folder.join(name);
            let text = std::fs::read_to_string(&path).map_err(|error| GenerateError::io(&path, error))?;
            Json::parse(&text).map_err(|error| GenerateError::Json(path, error.to_string()))
        };
        let root = read("openapi.json")?;
        let mut documents = Vec::new();
        for (path, _) in root.get("paths").map(Json::members).unwrap_or_default() {
            documents.push((path.clone(), read(&document_name(path))?));
        }
        Ok(Self { root, documents })
    }
}

/// The file of the document of a path, in the folder of the description: `v3/certificates.json`.
#[must_use]
pub fn document_name(path: &str) -> String {
    let segments: Vec<&str> = path
        .split('/')
        .skip(1)
        .map(|segment| if segment.is_empty() { "{empty}" } else { segment })
        .collect();
    segments.join("/") + ".json"
}

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

/// Why a crate cannot be generated.
#[derive(Debug)]
#[non_exhaustive]
pub enum GenerateError {
    /// The description is wrong.
    Description(DescriptionError),
    /// A file is not JSON.
    Json(PathBuf, String),
    /// The `Cargo.toml` of the crate cannot be read.
    Manifest(PathBuf, String),
    /// A file that would be written exists, and was not generated.
    NotGenerated(PathBuf),
    /// A file cannot be read or written.
    Io(PathBuf, std::io::Error),
}

impl GenerateError {
    fn io(path: &Path, error: std::io::Error) -> Self {
        Self::Io(path.to_owned(), error)
    }
}

impl From<DescriptionError> for GenerateError {
    fn from(error: DescriptionError) -> Self {
        Self::Description(error)
    }
}

impl fmt::Display for GenerateError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Description(error) => error.fmt(formatter),
            Self::Json(path, reason) => write!(formatter, "{}: not JSON: {reason}", path.display()),
            Self::Manifest(path, reason) => write!(formatter, "{}: {reason}", path.display()),
            Self::NotGenerated(path) => {
                write!(
                    formatter,
                    "{}: exists and was not generated; move it or choose another folder",
                    path.display()
                )
            }
            Self::Io(path, error) => write!(formatter, "{}: {error}", path.display()),
        }
    }
}

impl std::error::Error for GenerateError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Description(error) => Some(error),
            Self::Io(_, error) => Some(error),
            Self::Json(..) | Self::Manifest(..) | Self::NotGenerated(_) => None,
        }
    }
}
