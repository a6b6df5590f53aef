//! `completions`: prints the completions of a shell.

use crate::cli;
use crate::failure::Failure;
use crate::terminal::Terminal;
use clap::ArgMatches;
use clap_complete::Shell;

pub(super) fn run(matches: &ArgMatches, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    let Some(shell) = matches.get_one::<Shell>("shell") else {
        return Err(Failure::usage(""));
    };
    let mut command = cli::command(terminal.language);
    let mut script = Vec::new();
    clap_complete::generate(*shell, &mut command, "cargo-wechatpay", &mut script);
    terminal.out.write_all(&script)?;
    Ok(())
}
