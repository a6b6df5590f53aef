//! Finds the source files, and the package that each belongs to.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use toml_edit::DocumentMut;

/// A source file.
#[derive(Clone, Debug)]
pub(crate) struct RustFile {
    /// The path as the user would write it.
    pub(crate) path: PathBuf,
    /// The folder of its package: the nearest one with a `Cargo.toml`.
    pub(crate) package: Option<PathBuf>,
    /// Whether it belongs to tests or benchmarks by its place.
    pub(crate) test: bool,
}

/// The source files under these paths, sorted, each once. Build output and hidden folders are left out.
pub(crate) fn find(paths: &[PathBuf]) -> io::Result<Vec<RustFile>> {
    let mut found = Vec::new();
    for path in paths {
        if path.is_dir() {
            walk(path, &mut found)?;
        } else {
            // A file that the user names is read regardless of its name.
            std::fs::metadata(path)?;
            found.push(path.clone());
        }
    }
    found.sort();
    found.dedup();
    let mut packages = HashMap::new();
    Ok(found
        .into_iter()
        .map(|path| {
            let folder = path.parent().unwrap_or(Path::new("")).to_owned();
            let package = packages
                .entry(folder)
                .or_insert_with_key(|folder| package_of(folder))
                .clone();
            let test = is_test(&path, package.as_deref());
            RustFile { path, package, test }
        })
        .collect())
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let (path, name) = (entry.path(), entry.file_name());
        let name = name.to_string_lossy();
        // Links are not followed: a circle would not end.
        let kind = entry.file_type()?;
        if kind.is_dir() {
            let is_output = path.join("CACHEDIR.TAG").exists() || name == "target";
            if !name.starts_with('.') && !is_output {
                walk(&path, found)?;
            }
        } else if kind.is_file() && name.ends_with(".rs") {
            found.push(path);
        }
    }
    Ok(())
}

fn package_of(folder: &Path) -> Option<PathBuf> {
    let absolute = std::path::absolute(folder).ok()?;
    let found = absolute.ancestors().find(|folder| folder.join("Cargo.toml").is_file());
    found.map(Path::to_owned)
}

/// Tests and benchmarks, by the folder that Cargo gives them. A package in such a folder is for tests altogether.
fn is_test(path: &Path, package: Option<&Path>) -> bool {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let inside = package.and_then(|package| absolute.strip_prefix(package).ok());
    let by_name = |name: &std::ffi::OsStr| ["tests", "benches", "fuzz"].iter().any(|test| name == *test);
    let in_test_folder = inside.is_some_and(|inside| {
        let mut parts = inside.components();
        parts.next().is_some_and(|first| by_name(first.as_os_str())) && parts.next().is_some()
    });
    let file = absolute.file_name();
    in_test_folder
        || package.and_then(Path::file_name).is_some_and(by_name)
        || file.is_some_and(|name| name == "tests.rs")
        || inside.is_some_and(|inside| inside.components().any(|part| part.as_os_str() == "tests"))
}

/// The name under which other crates name the library of a package.
pub(crate) fn crate_name(package: &Path) -> Option<String> {
    let manifest = std::fs::read_to_string(package.join("Cargo.toml")).ok()?;
    let manifest: DocumentMut = manifest.parse().ok()?;
    let name = |table: &str| {
        manifest
            .get(table)?
            .get("name")?
            .as_str()
            .map(|name| name.replace('-', "_"))
    };
    name("lib").or_else(|| name("package"))
}
