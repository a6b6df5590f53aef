//! What the sources of the published crates must keep to: their structure, their public interface, the examples in
//! their documentation, and lists that must agree.
//!
//! The sources are read as they are, with every feature on and without a compiler. Of what a macro writes, only the items
//! that stand in its invocation as Rust (`open_enum! { pub enum State { .. } }`) are seen.

mod dependencies;
mod documentation;
mod example;
mod interface;
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

/// `path` as it is written in messages.
fn shown(path: &Path) -> String {
    let path = path.strip_prefix(workspace()).unwrap_or(path);
    path.display().to_string().replace('\\', "/")
}

/// A library or a program of a package that is published.
struct Target {
    package: String,
    /// The library of a cargo command is the command's own.
    is_library: bool,
    root: PathBuf,
}

impl Target {
    fn read(&self) -> Crate {
        Crate::read(&self.root)
    }
}

/// What cargo knows of the workspace.
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
