//! The description that a crate is generated from.

use super::error::GenerateError;
use std::path::Path;
use wechatpay_catalogue::description::json::Json;

/// A description as documents, in the dialect of [`wechatpay_catalogue::description`].
#[derive(Clone, Debug)]
pub struct Source {
    /// The root document. `paths` is ignored.
    pub root: Json,
    /// Path templates and their documents, in the order in which they are declared.
    pub documents: Vec<(String, Json)>,
}

impl Source {
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
