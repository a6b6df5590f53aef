//! Sends every operation of the catalogue to the server that `Client::from_env` configures, and prints `ok ID` or `FAIL
//! ID REASON` for each.
//!
//! ```sh
//! WECHATPAY_BASE_URL=http://127.0.0.1:8080 .. cargo run --bin every_operation -- --dump target/responses
//! ```
//!
//! `--dump DIR` writes the `Debug` of each response to `DIR/ID`. Other arguments are ids: only these operations are
//! sent.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "this program prints its results"
)]

use every_operation::{Client, operations};
use std::collections::HashSet;
use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    match run() {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(2)
        }
    }
}

/// Whether every operation passed.
fn run() -> Result<bool, Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (mut dump, mut only) = (None, HashSet::new());
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--dump" => dump = Some(PathBuf::from(arguments.next().ok_or("--dump needs a folder")?)),
            option if option.starts_with('-') => {
                return Err(format!("{option} is not an option; the only option is --dump DIR").into());
            }
            _ => {
                only.insert(argument);
            }
        }
    }
    if let Some(folder) = &dump {
        std::fs::create_dir_all(folder)?;
    }
    let client = Client::from_env()?;
    let (mut passed, mut failed) = (0, 0);
    if let Some(unknown) = only.iter().find(|id| operations().all(|(known, _)| known != *id)) {
        return Err(format!("{unknown} is not the id of an operation").into());
    }
    for (id, send) in operations().filter(|(id, _)| only.is_empty() || only.contains(*id)) {
        match send(&client) {
            Ok(response) => {
                passed += 1;
                println!("ok {id}");
                if let Some(folder) = &dump {
                    std::fs::write(folder.join(id), response)?;
                }
            }
            Err(error) => {
                failed += 1;
                println!("FAIL {id} {}", error.to_string().replace(['\r', '\n'], " "));
            }
        }
    }
    eprintln!("{passed} passed, {failed} failed");
    Ok(failed == 0)
}
