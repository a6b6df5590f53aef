//! `cargo wechatpay`.

use cargo_wechatpay::{language::Language, terminal::Terminal};
use std::io::{self, IsTerminal as _, Write as _};
use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().collect();
    let (stdout, stdin) = (io::stdout(), io::stdin());
    let interactive = stdout.is_terminal();
    let can_ask = stdin.is_terminal() && io::stderr().is_terminal();
    // The streams remove colours if the output is not a terminal or NO_COLOR is set.
    let mut out = io::BufWriter::new(anstream::AutoStream::auto(stdout));
    let mut notes = anstream::AutoStream::auto(io::stderr());
    let mut input = stdin.lock();
    let mut terminal = Terminal {
        out: &mut out,
        notes: &mut notes,
        input: &mut input,
        interactive,
        can_ask,
        language: Language::of_system(),
    };
    let status = cargo_wechatpay::run(&arguments, &mut terminal);
    match out.flush() {
        // A reader that closes the pipe has read enough.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => ExitCode::FAILURE,
        _ => ExitCode::from(status),
    }
}
