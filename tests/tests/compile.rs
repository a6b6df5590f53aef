//! The compile errors of wrong declarations: each mistake has one error, on the word that is wrong.
//!
//! Some of the texts come from rustc. They are compared only with the rustc version that produced them. With another
//! version, each mistake must have an error on the right line. After an intended change, `TRYBUILD=overwrite` records
//! the texts. Read them before you commit them.

use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

/// The rustc version of the texts in `compile/`.
const WRITTEN_WITH: &str = "rustc 1.95.";

#[test]
fn every_mistake_is_reported_on_the_word_that_is_wrong() {
    let rustc = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = Command::new(rustc).arg("--version").output().unwrap().stdout;
    let version = String::from_utf8(version).unwrap();
    if version.starts_with(WRITTEN_WITH) {
        trybuild::TestCases::new().compile_fail("compile/*/*.rs");
    } else {
        println!(
            "the texts are those of {WRITTEN_WITH}; with {} only the lines are compared",
            version.trim()
        );
        compare_lines();
    }
}

fn compare_lines() {
    let cases = cases();
    let reported = reported_lines(&cases);
    let silent: Vec<_> = cases
        .iter()
        .filter(|(name, case)| !reported.get(*name).is_some_and(|lines| lines.contains(&case.line)))
        .map(|(_, case)| format!("{}:{}", case.file.display(), case.line))
        .collect();
    assert!(silent.is_empty(), "no error on these lines:\n{}", silent.join("\n"));
}

struct Case {
    file: PathBuf,
    /// The line of the first error.
    line: u64,
}

/// The cases by the name of the program that they are compiled as.
fn cases() -> BTreeMap<String, Case> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("compile");
    let mut found = BTreeMap::new();
    for group in fs::read_dir(directory).unwrap() {
        for file in fs::read_dir(group.unwrap().path()).unwrap() {
            let file = file.unwrap().path();
            if file.extension().is_some_and(|extension| extension == "stderr") {
                let text = fs::read_to_string(&file).unwrap();
                let place = text.split_once("--> ").unwrap().1;
                let line = place.split(':').nth(1).unwrap().parse().unwrap();
                let group = file.parent().unwrap().file_name().unwrap().to_str().unwrap();
                let name = format!("{group}-{}", file.file_stem().unwrap().to_str().unwrap());
                let file = file.with_extension("rs");
                found.insert(name, Case { file, line });
            }
        }
    }
    assert!(found.len() > 100, "only {} cases were found", found.len());
    found
}

/// The lines with errors in each program.
fn reported_lines(cases: &BTreeMap<String, Case>) -> BTreeMap<String, BTreeSet<u64>> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let package = tempfile::tempdir().unwrap();
    let core = workspace.join("wechatpay-core");
    let mut manifest = format!(
        "[package]\nname = \"cases\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[workspace]\n\n[dependencies]\n\
         serde = {{ version = \"1\", features = [\"derive\"] }}\nserde_json = \"1\"\n\
         wechatpay-core = {{ path = {core:?}, features = [\"blocking\"] }}\n"
    );
    for (name, case) in cases {
        manifest.push_str(&format!("\n[[bin]]\nname = {name:?}\npath = {:?}\n", case.file));
    }
    fs::write(package.path().join("Cargo.toml"), manifest).unwrap();
    fs::copy(workspace.join("Cargo.lock"), package.path().join("Cargo.lock")).unwrap();
    let output = Command::new(env!("CARGO"))
        .args([
            "check",
            "--bins",
            "--keep-going",
            "--offline",
            "--quiet",
            "--message-format",
            "json",
        ])
        .current_dir(package.path())
        .env("CARGO_TARGET_DIR", workspace.join("target/compile-cases"))
        .output()
        .unwrap();
    let mut lines: BTreeMap<String, BTreeSet<u64>> = BTreeMap::new();
    for message in String::from_utf8(output.stdout).unwrap().lines() {
        let message: Value = serde_json::from_str(message).unwrap();
        if message["reason"] == "compiler-message" && message["message"]["level"] == "error" {
            let name = message["target"]["name"].as_str().unwrap().to_owned();
            let spans = message["message"]["spans"].as_array().unwrap().iter();
            let primary = spans.filter(|span| span["is_primary"] == true);
            lines
                .entry(name)
                .or_default()
                .extend(primary.filter_map(|span| span["line_start"].as_u64()));
        }
    }
    assert!(!lines.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    lines
}
