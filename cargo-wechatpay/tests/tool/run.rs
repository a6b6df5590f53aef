//! Runs the program.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

/// What a run left.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) status: i32,
    pub(crate) out: String,
    pub(crate) notes: String,
}

/// A command line to run.
pub(crate) struct Tool(Command);

impl Tool {
    /// The program in this folder, with these arguments, in English.
    pub(crate) fn new(folder: &Path, arguments: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cargo-wechatpay"));
        command.current_dir(folder).arg("wechatpay").args(arguments);
        for name in [
            "LANG",
            "LC_ALL",
            "LC_MESSAGES",
            "LANGUAGE",
            "NO_COLOR",
            "CLICOLOR_FORCE",
        ] {
            command.env_remove(name);
        }
        for (name, _) in std::env::vars().filter(|(name, _)| name.starts_with("WECHATPAY_")) {
            command.env_remove(name);
        }
        command.env("LC_ALL", "en_US.UTF-8");
        Self(command)
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<std::ffi::OsStr>) -> Self {
        self.0.env(name, value);
        self
    }

    pub(crate) fn run(self) -> Ran {
        self.run_with("")
    }

    /// Runs with this text on standard input.
    pub(crate) fn run_with(mut self, input: &str) -> Ran {
        self.0
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = self.0.spawn().unwrap();
        // A program that does not read its input closes it.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        Ran {
            status: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            notes: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// Runs the program in this folder.
pub(crate) fn run(folder: &Path, arguments: &[&str]) -> Ran {
    Tool::new(folder, arguments).run()
}

/// A Cargo package in its own folder, with these files.
pub(crate) fn package(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let manifest = "[package]\nname = \"shop\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\nserde = \"1\"\nwechatpay-core = \"0.1\"\n";
    std::fs::write(folder.path().join("Cargo.toml"), manifest).unwrap();
    for (name, text) in files {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    folder
}
