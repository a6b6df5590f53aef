//! Reads any description of the API into our own dialect.
//!
//! [`read`] takes OpenAPI 3.0 or 3.1 or Swagger 2.0, as JSON or YAML, in one file or many. It returns what
//! `wechatpay-catalogue` calls the dialect: a document for each path, with all schemas written out. Nothing behind it
//! needs to know another form.
//!
//! # What is read
//!
//! - A file with `openapi` or `swagger` in it.
//! - A folder with such a file, named `openapi` or `swagger`, whose paths may point to further files.
//! - A folder of several such files with different paths.
//! - A folder of path items that lie where their paths say, like `v3/pay/transactions/out-trade-no/{out_trade_no}.yaml`.
//!
//! # What is decided
//!
//! Some descriptions contradict themselves or say less than is needed. What the reader takes then is a [`Note`] with
//! its place. Examples: a misspelled type, encrypted fields without the header that announces them, several schemas of
//! which one applies. A schema that holds itself is cut at that point: any JSON is accepted below it.
//!
//! # Limits
//!
//! No file outside of the folder is read, also not through a link, and nothing is downloaded. A file has at most 32 MiB
//! and 128 levels, a description 256 MiB and 20,000 files, an operation 64 levels and 20,000 fields. A key that occurs
//! twice is a [`Fault`].

mod dialect;
mod entry;
mod fault;
mod folder;
mod label;
mod operation;
mod schema;
mod spot;
mod tree;

use std::path::Path;

use wechatpay_catalogue::description::{Description, DescriptionError, Method, json::Json};

pub(crate) use self::dialect::references;
pub use self::fault::{Fault, Note, Place};
use self::{folder::Folder, operation::Found, schema::Reader};
use crate::generate::{Source, document_name};

/// A description in our dialect.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Documents {
    /// The root document, `openapi.json`.
    pub root: Json,
    /// The document of each path, sorted by path.
    pub paths: Vec<(String, Json)>,
    /// What was doubtful, in the order of the files.
    pub notes: Vec<Note>,
}

impl Documents {
    /// The documents of a description that was read before.
    ///
    /// # Errors
    ///
    /// None for the embedded description and for one that [`read`] returned.
    pub fn of(description: &Description) -> Result<Self, DescriptionError> {
        let mut paths: Vec<(String, Json)> = Vec::new();
        for summary in description.operations() {
            let operation = (summary.method.as_str().to_ascii_lowercase(), summary.document()?);
            match paths.last_mut() {
                Some((path, Json::Object(operations))) if *path == summary.path => operations.push(operation),
                _ => paths.push((summary.path.to_string(), Json::Object(vec![operation]))),
            }
        }
        Ok(Self {
            root: description.root()?,
            paths,
            notes: Vec::new(),
        })
    }

    /// The operations, ready to be searched.
    ///
    /// # Errors
    ///
    /// None for documents that [`read`] returned.
    pub fn description(&self) -> Result<Description, DescriptionError> {
        let paths = self.paths.iter().map(|(path, document)| (path.as_str(), document));
        Description::from_documents(Some(&self.root), paths)
    }

    /// The documents with the names of their files in a folder, `openapi.json` first.
    pub fn files(&self) -> impl Iterator<Item = (String, &Json)> {
        let paths = self
            .paths
            .iter()
            .map(|(path, document)| (document_name(path), document));
        std::iter::once(("openapi.json".to_owned(), &self.root)).chain(paths)
    }
}

impl From<Documents> for Source {
    fn from(documents: Documents) -> Self {
        Self {
            root: documents.root,
            documents: documents.paths,
        }
    }
}

/// Reads the description in the file or folder at `path`.
///
/// # Errors
///
/// The first [`Fault`], with its place: something cannot be read, is missing, contradicts itself, is unknown or exceeds
/// a limit. A description without any operation is a fault, too.
pub fn read(path: &Path) -> Result<Documents, Fault> {
    let (folder, file) = Folder::open(path)?;
    let mut entries = entry::find(&folder, file.as_deref())?;
    let mut reader = Reader::new(&folder);
    let mut paths = Vec::new();
    for (path, entry) in std::mem::take(&mut entries.paths) {
        let mut operations = Vec::new();
        for method in Method::ALL {
            let Some(spot) = entry.item.get(&method.as_str().to_ascii_lowercase()) else {
                continue;
            };
            match operation::read(&mut reader, &entry.defaults, &path, method, &entry.item, &spot)? {
                Found::Operation(operation) => operations.push(*operation),
                Found::Notifications(events) => events.into_iter().for_each(|event| entries.event(event)),
                Found::Foreign => {}
            }
        }
        if !operations.is_empty() {
            paths.push((path, dialect::path_item(&operations)));
        }
    }
    if paths.is_empty() {
        let name = file.unwrap_or_else(|| ".".to_owned());
        return Err(Fault::new(
            Place::whole(&name),
            "the description has no operation of API v3",
        ));
    }
    let names: Vec<String> = paths.iter().map(|(path, _)| path.clone()).collect();
    let ours = Description::embedded()
        .root()
        .map_err(|error| Fault::new(Place::whole("openapi.json"), error.to_string()))?;
    let root = dialect::root(&ours, entries.title, entries.version, &names, &entries.events);
    let mut notes = entries.notes;
    notes.append(&mut reader.notes);
    notes.sort();
    notes.dedup();
    Ok(Documents { root, paths, notes })
}
