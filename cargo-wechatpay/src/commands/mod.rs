//! The commands, one file each.

mod add;
mod arguments;
mod call;
mod changelog;
mod check;
mod completions;
mod described;
mod explain;
mod generate;
mod import;
mod openapi;
mod search;
mod show;

use crate::failure::Failure;
use crate::terminal::Terminal;
use clap::ArgMatches;

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
