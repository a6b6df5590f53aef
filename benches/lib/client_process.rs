//! Clients in fresh processes, for what can be measured only once in each: memory and the first request.

use std::{
    env, fs, io,
    process::{Command, Stdio},
};

/// Runs this same program with these arguments and gives the numbers that it prints, by white space.
pub fn run(arguments: &[&str]) -> io::Result<Vec<f64>> {
    let output = Command::new(env::current_exe()?)
        .args(arguments)
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err(io::Error::other(format!("{arguments:?} failed")));
    }
    String::from_utf8_lossy(&output.stdout)
        .split_whitespace()
        .map(|number| number.parse().map_err(io::Error::other))
        .collect()
}

/// A line of `/proc/self/status` in KiB, such as `VmHWM` (the most memory ever) or `VmRSS` (memory now). Not a number
/// where there is no such file.
pub fn memory(name: &str) -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    line.and_then(|line| line.split_whitespace().next()?.parse().ok())
        .unwrap_or(f64::NAN)
}
