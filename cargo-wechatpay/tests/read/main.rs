//! The reader of descriptions, from outside.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests fail by panicking"
)]

mod any;
mod changes;
mod hostile;
mod openapi;
mod ours;
mod swagger;
mod swagger_of_ours;

use std::{fs, path::Path};

use cargo_wechatpay::read::{self, Documents, Fault};
use tempfile::TempDir;
use wechatpay_catalogue::description::json::Json;

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = TempDir::new().unwrap();
    for (name, text) in files {
        write(folder.path(), name, text);
    }
    folder
}

fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn documents(files: &[(&str, &str)]) -> Documents {
    let folder = folder(files);
    let documents = read::read(folder.path()).unwrap();
    documents.description().unwrap();
    documents
}

fn fault(files: &[(&str, &str)]) -> String {
    let folder = folder(files);
    shown(read::read(folder.path()))
}

fn shown(result: Result<Documents, Fault>) -> String {
    result.unwrap_err().to_string()
}

/// The value at a JSON pointer in the document of a path.
#[track_caller]
fn at(documents: &Documents, path: &str, pointer: &str) -> Json {
    let (_, document) = documents.paths.iter().find(|(known, _)| known == path).unwrap();
    let mut value = document.clone();
    for key in pointer.split('/') {
        let key = key.replace("~1", "/");
        let next = key
            .parse::<usize>()
            .ok()
            .and_then(|index| value.items().get(index).cloned());
        let next = next.or_else(|| value.get(&key).cloned());
        value = next.unwrap_or_else(|| panic!("no {key} of {pointer} in {value}"));
    }
    value
}

fn notes(documents: &Documents) -> Vec<String> {
    documents.notes.iter().map(ToString::to_string).collect()
}

/// The folder of our own description.
const OURS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../wechatpay-catalogue/openapi");

/// The schema of the request body, as a pointer.
const BODY: &str = "post/requestBody/content/application~1json/schema";
