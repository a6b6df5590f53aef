//! How long `cargo wechatpay` takes, and how much memory, against the goals: 50 ms and 40 MiB for a look-up, one second for
//! a check of a thousand declarations.
//!
//! ```text
//! cargo run --release -p wechatpay-benches --bin tool -- [rounds]
//! ```
//!
//! Each run is a separate process. Memory is the most that it held at once, which Linux tells.

use cargo_wechatpay::{generate, language::Language, terminal::Terminal};
use std::{
    env,
    error::Error,
    ffi::OsString,
    fs, io,
    path::Path,
    process::{Command, exit},
    time::{Duration, Instant},
};
use wechatpay_benches::slices::median;
use wechatpay_catalogue::description::Description;

/// What a run of the tool is asked, the goal for its time, and the goal for its memory in MiB.
const LOOK_UP: (f64, f64) = (50.0, 40.0);
const CHECK: (f64, f64) = (1000.0, f64::INFINITY);

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<OsString> = env::args_os().skip(1).collect();
    if let [first, line @ ..] = arguments.as_slice()
        && first == "be-the-tool"
    {
        be_the_tool(line)
    }
    let rounds: usize = arguments
        .first()
        .and_then(|text| text.to_str()?.parse().ok())
        .unwrap_or(15)
        .max(1);
    let place = env::temp_dir().join(format!("wechatpay-tool-{}", std::process::id()));
    let declarations = write_declarations(&place)?;
    println!("{rounds} rounds, medians; the goal and the share of it that was used:\n");
    println!("| | time | of {} ms | memory | of {} MiB |", LOOK_UP.0, LOOK_UP.1);
    println!("|---|---|---|---|---|");
    for (name, line) in [
        ("search 退款", &["search", "退款"][..]),
        ("show", &["show", "POST", "/v3/pay/transactions/jsapi"]),
        ("add", &["add", "POST", "/v3/pay/transactions/jsapi", "--print"]),
        ("explain", &["explain", "268498688"]),
    ] {
        row(name, line, &place, rounds, LOOK_UP)?;
    }
    println!("\n| | time | of {} ms | memory | |", CHECK.0);
    println!("|---|---|---|---|---|");
    row(
        &format!("check of {declarations} declarations"),
        &["check"],
        &place,
        rounds,
        CHECK,
    )?;
    fs::remove_dir_all(place)?;
    Ok(())
}

/// Runs one command line in this process, and returns its peak memory.
fn be_the_tool(line: &[OsString]) -> ! {
    let mut arguments = vec![OsString::from("cargo-wechatpay")];
    arguments.extend_from_slice(line);
    let mut terminal = Terminal {
        out: &mut io::sink(),
        notes: &mut io::sink(),
        input: &mut io::empty(),
        interactive: true,
        can_ask: false,
        language: Language::English,
    };
    let status = cargo_wechatpay::run(&arguments, &mut terminal);
    let memory = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let most = memory.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    println!("{}", most.unwrap_or_default().trim().trim_end_matches(" kB"));
    exit(status.into())
}

fn row(
    name: &str,
    line: &[&str],
    place: &Path,
    rounds: usize,
    (goal, memory_goal): (f64, f64),
) -> Result<(), Box<dyn Error>> {
    let (mut times, mut memory) = (Vec::new(), 0.0_f64);
    for _ in 0..rounds {
        let begun = Instant::now();
        let output = Command::new(env::current_exe()?)
            .arg("be-the-tool")
            .args(line)
            .current_dir(place)
            .output()?;
        times.push(begun.elapsed());
        if !output.status.success() {
            return Err(format!("`{name}` failed").into());
        }
        let kib: f64 = String::from_utf8_lossy(&output.stdout)
            .trim()
            .parse()
            .unwrap_or(f64::NAN);
        memory = memory.max(kib / 1024.0);
    }
    let millis = median(times.iter().map(Duration::as_secs_f64)) * 1000.0;
    let share = if memory_goal.is_finite() {
        format!("{:.2}", memory / memory_goal)
    } else {
        String::new()
    };
    println!(
        "| {name} | {millis:.1} ms | {:.2} | {memory:.1} MiB | {share} |",
        millis / goal
    );
    Ok(())
}

/// A package that declares every operation, each in its own file.
fn write_declarations(place: &Path) -> Result<usize, Box<dyn Error>> {
    fs::create_dir_all(place.join("src"))?;
    fs::write(place.join("Cargo.toml"), "[package]\nname = \"declared\"\n")?;
    let mut root = String::new();
    let operations = Description::embedded().operations();
    for (number, summary) in operations.iter().enumerate() {
        let declaration = generate::declare(summary.operation()?, "Call", &[]);
        fs::write(
            place.join(format!("src/operation_{number}.rs")),
            format!("{}\n{}", declaration.imports, declaration.items),
        )?;
        root.push_str(&format!("mod operation_{number};\n"));
    }
    fs::write(place.join("src/lib.rs"), root)?;
    Ok(operations.len())
}
