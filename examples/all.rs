//! Every example runs to its end with nothing configured.
#![allow(clippy::unwrap_used, reason = "a failed test may panic")]

use std::{path::Path, process::Command, thread};

#[test]
fn every_example_runs_to_its_end_with_nothing_configured() {
    // The test is `<target>/<profile>/deps/all-..`, and the examples are `<target>/<profile>/examples/..`.
    let executable = std::env::current_exe().unwrap();
    let profile = executable.ancestors().nth(2).unwrap();
    let mut build = Command::new(env!("CARGO"));
    build.args(["build", "--quiet", "--package", "wechatpay-examples", "--examples"]);
    if profile.ends_with("release") {
        build.arg("--release");
    }
    assert!(build.status().unwrap().success());

    let files = std::fs::read_dir(env!("CARGO_MANIFEST_DIR")).unwrap();
    let running: Vec<_> = files
        .map(|file| file.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
        .filter(|path| !path.ends_with("all.rs") && !path.ends_with("lib.rs"))
        .map(|path| {
            let example = profile.join("examples").join(path.file_stem().unwrap());
            thread::spawn(move || run(&example))
        })
        .collect();
    assert!(running.len() >= 15);
    for example in running {
        example.join().unwrap();
    }
}

fn run(example: &Path) {
    let mut command = Command::new(example);
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("WECHATPAY_") {
            command.env_remove(name);
        }
    }
    let output = command.output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}:\n{errors}", example.display());
    assert!(!errors.contains("panicked"), "{}:\n{errors}", example.display());
    assert!(!output.stdout.is_empty(), "{} printed nothing", example.display());
}
