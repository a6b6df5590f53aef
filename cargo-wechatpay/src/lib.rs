//! `cargo wechatpay`, as a library: what the commands do, without the terminal.

mod add;
mod call;
pub mod changelog;
pub mod check;
pub mod cli;
mod commands;
pub mod failure;
pub mod generate;
pub mod import;
pub mod language;
mod near;
mod project;
pub mod read;
mod rust;
pub mod select;
pub mod terminal;
pub mod write;

use std::ffi::OsString;
use std::io;
use terminal::{ERROR, Terminal};

/// Runs a command line. The first argument is the program's name; Cargo puts `wechatpay` behind it.
///
/// The result is the exit status: 0 for success, 1 for findings and failures, 2 for a wrong command line.
pub fn run(arguments: &[OsString], terminal: &mut Terminal<'_>) -> u8 {
    if let Some(language) = cli::chosen_language(arguments) {
        terminal.language = language;
    }
    let matches = match cli::parse(arguments, terminal.language) {
        Ok(matches) => matches,
        Err(message) => {
            let target: &mut dyn io::Write = if message.is_error { terminal.notes } else { terminal.out };
            // A failure to print the message cannot be reported.
            let _ = write!(target, "{}", message.text);
            return if message.is_error { 2 } else { 0 };
        }
    };
    match commands::run(&matches, terminal) {
        Ok(()) => 0,
        Err(failure) => {
            let text = failure.to_string();
            if !text.is_empty() {
                let label = terminal.language.pick("error", "错误");
                let _ = writeln!(terminal.notes, "{ERROR}{label}{ERROR:#}: {text}");
            }
            failure.status()
        }
    }
}
