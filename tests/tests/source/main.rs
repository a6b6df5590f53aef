//! Rules for the sources of the published crates: their structure, their public interface, the examples in their
//! documentation, and lists that must agree.
//!
//! The sources are parsed with every feature on and without a compiler. Of a macro, only items that the invocation
//! contains as Rust (`open_enum! { pub enum State { .. } }`) are seen.

mod backends;
mod dependencies;
mod documentation;
mod example;
mod interface;
mod looked_for;
mod payloads;
mod public;
mod structure;
mod tables;
mod tree;

use serde_json::Value;
use std::{
    path::{Path, PathBuf},
    process::Command,
};
use tree::Crate;

fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// `path` as messages show it.
fn shown(path: &Path) -> String {
    let path = path.strip_prefix(workspace()).unwrap_or(path);
    path.display().to_string().replace('\\', "/")
}

/// A library or program of a published package.
struct Target {
    package: String,
    /// The library of a cargo command is internal to the command.
    is_library: bool,
    root: PathBuf,
}

impl Target {
    fn read(&self) -> Crate {
        Crate::read(&self.root)
    }
}

/// The metadata of the workspace from cargo.
fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version", "1"])
        .current_dir(workspace())
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

fn published() -> Vec<Target> {
    let metadata = metadata();
    let mut targets = Vec::new();
    for package in metadata["packages"].as_array().unwrap() {
        let name = package["name"].as_str().unwrap();
        // `publish = false` is an empty list of registries.
        if !package["publish"].is_null() {
            continue;
        }
        for target in package["targets"].as_array().unwrap() {
            let kind = target["kind"][0].as_str().unwrap();
            if matches!(kind, "lib" | "proc-macro" | "bin") {
                targets.push(Target {
                    package: name.to_owned(),
                    is_library: kind != "bin" && !name.starts_with("cargo-"),
                    root: target["src_path"].as_str().unwrap().into(),
                });
            }
        }
    }
    assert!(
        targets.iter().any(|target| target.package == "wechatpay-core"),
        "core was not found"
    );
    targets
}
