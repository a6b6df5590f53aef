//! `wechatpay-gateway`: WeChat Pay on your own machine.

mod program;

use std::{
    io::{self, IsTerminal as _, Write as _},
    process::ExitCode,
};

use crate::program::{cli, language::Language, run};

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().collect();
    let language = cli::chosen_language(&arguments).unwrap_or_else(Language::of_system);
    let outcome = match cli::parse(&arguments, language) {
        Ok(options) => run::run(&options, language),
        Err(message) if message.is_error => Err(message.plain()),
        Err(message) => {
            let text = if io::stdout().is_terminal() {
                message.text
            } else {
                message.plain()
            };
            // A reader that closes the pipe has read enough.
            let _ = io::stdout().write_all(text.as_bytes());
            return ExitCode::SUCCESS;
        }
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            let _ = writeln!(io::stderr(), "{}", message.trim_end());
            ExitCode::FAILURE
        }
    }
}
