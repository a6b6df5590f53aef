//! The commands, one file each.

mod add;
mod call;
mod changelog;
mod check;
mod completions;
mod explain;
mod generate;
mod import;
mod openapi;
mod search;
mod show;

use crate::failure::Failure;
use crate::read::Documents;
use crate::terminal::{DIM, Terminal, one_line};
use clap::ArgMatches;
use std::io;
use std::path::PathBuf;

/// Runs the command that was chosen.
pub(crate) fn run(matches: &ArgMatches, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    match matches.subcommand() {
        Some(("search", matches)) => search::run(matches, terminal),
        Some(("show", matches)) => show::run(matches, terminal),
        Some(("add", matches)) => add::run(matches, terminal),
        Some(("check", matches)) => check::run(matches, terminal),
        Some(("call", matches)) => call::run(matches, terminal),
        Some(("explain", matches)) => explain::run(matches, terminal),
        Some(("generate", matches)) => generate::run(matches, terminal),
        Some(("import", matches)) => import::run(matches, terminal),
        Some(("changelog", matches)) => changelog::run(matches, terminal),
        Some(("openapi", _)) => openapi::run(terminal),
        Some(("completions", matches)) => completions::run(matches, terminal),
        _ => Err(Failure::usage("")),
    }
}

/// The words of an argument, joined.
fn words(matches: &ArgMatches, id: &str) -> String {
    let words: Vec<&str> = matches.get_many::<String>(id).into_iter().flatten().map(String::as_str).collect();
    words.join(" ")
}

fn is_json(matches: &ArgMatches) -> bool {
    matches.get_one::<String>("format").is_some_and(|format| format == "json")
}

/// A path that must be given.
fn path(matches: &ArgMatches, id: &str) -> PathBuf {
    matches.get_one::<PathBuf>(id).cloned().unwrap_or_default()
}

/// What was doubtful in a description.
fn notes(documents: &Documents, terminal: &mut Terminal<'_>) -> io::Result<()> {
    for note in &documents.notes {
        writeln!(terminal.notes, "{DIM}{}{DIM:#}", one_line(&note.to_string()))?;
    }
    Ok(())
}
