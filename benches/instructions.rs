//! Counts the instructions of the library for one call, and compares them with `instructions.toml`.
//!
//! ```text
//! cargo run --release -p wechatpay-benches --bin instructions              # compare
//! cargo run --release -p wechatpay-benches --bin instructions -- --write   # keep the present numbers
//! ```
//!
//! Counted by `valgrind --tool=callgrind`. Without valgrind nothing is compared, and the program prints that.
//! The numbers are those of the compiler that the table names: another one may need another table.

use std::{
    env, fs, io,
    path::Path,
    process::{Command, ExitCode, Stdio},
};
use wechatpay_benches::layer::{CASES, Layer};

/// The argument that makes this program do the work that is counted.
const ROLE: &str = "--run";
/// How far a count may be away from the table.
const TOLERANCE: f64 = 0.03;
/// The difference of two runs is what the calls cost, without what starting the program costs.
const CALLS: [u32; 2] = [100, 1100];

fn main() -> io::Result<ExitCode> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if let [role, name, times] = arguments.as_slice()
        && role == ROLE
    {
        return Ok(run(name, times.parse().map_err(io::Error::other)?));
    }
    if Command::new("valgrind")
        .arg("--version")
        .stdout(Stdio::null())
        .status()
        .is_err()
    {
        println!("SKIPPED: valgrind is not installed, so no instructions were counted.");
        return Ok(ExitCode::SUCCESS);
    }
    if cfg!(debug_assertions) {
        println!("SKIPPED: instructions are counted in release builds only.");
        return Ok(ExitCode::SUCCESS);
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("instructions.toml");
    let table = fs::read_to_string(&path)?;
    let write = arguments.iter().any(|argument| argument == "--write");
    let (mut within, mut lines) = (true, String::new());
    println!("| | table | counted | |");
    println!("|---|---|---|---|");
    for (name, _) in CASES {
        let [few, many] = [count(name, CALLS[0])?, count(name, CALLS[1])?];
        let counted = (many - few) / u64::from(CALLS[1] - CALLS[0]);
        let kept = kept(&table, name);
        let change = kept.map(|kept| counted as f64 / kept as f64 - 1.0);
        within &= change.is_some_and(|change| change.abs() <= TOLERANCE);
        let [kept, change] = [
            kept.map(|kept| kept.to_string()),
            change.map(|change| format!("{:+.1} %", change * 100.0)),
        ]
        .map(Option::unwrap_or_default);
        println!("| {name} | {kept} | {counted} | {change} |");
        lines.push_str(&format!("{name} = {counted}\n"));
    }
    if write {
        let comments = table.lines().filter(|line| line.starts_with('#'));
        let comments: String = comments.map(|line| format!("{line}\n")).collect();
        fs::write(&path, comments + &lines)?;
    } else if !within {
        println!(
            "\nA count is more than 3 % away from `instructions.toml`. If that is meant, run this with `-- --write`."
        );
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

/// Does the work that is counted.
fn run(name: &str, times: u32) -> ExitCode {
    let Some((_, case)) = CASES.into_iter().find(|(case, _)| *case == name) else {
        return ExitCode::FAILURE;
    };
    let layer = Layer::default();
    (0..times).for_each(|_| case(&layer));
    ExitCode::SUCCESS
}

/// The instructions of a whole run.
fn count(name: &str, times: u32) -> io::Result<u64> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(env::current_exe()?)
        .args([ROLE, name, &times.to_string()])
        .output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    let collected = said
        .lines()
        .find_map(|line| line.split_once("Collected :")?.1.trim().parse().ok());
    match collected {
        Some(count) if output.status.success() => Ok(count),
        _ => Err(io::Error::other(format!("valgrind failed: {said}"))),
    }
}

/// A line `name = count` of the table.
fn kept(table: &str, name: &str) -> Option<u64> {
    table.lines().find_map(|line| {
        let (key, count) = line.split_once('=')?;
        (key.trim() == name).then(|| count.trim().parse().ok())?
    })
}
