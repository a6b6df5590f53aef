//! How long the program `wechatpay-gateway` needs from its start to its first response.
//!
//! ```sh
//! cargo build --release -p wechatpay-gateway
//! cargo run --release -p wechatpay-benches --bin start
//! ```

use std::{
    env,
    error::Error,
    io::{BufRead, BufReader, Read as _, Write as _},
    net::TcpStream,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

/// How often it is started.
const STARTS: usize = 21;

/// What is promised.
const GOAL: Duration = Duration::from_millis(100);

fn main() -> Result<(), Box<dyn Error>> {
    let program = env::current_exe()?.with_file_name("wechatpay-gateway");
    if !program.exists() {
        return Err("build it first: cargo build --release -p wechatpay-gateway".into());
    }
    let mut times = Vec::new();
    for _ in 0..STARTS {
        let started = Instant::now();
        let mut child = Command::new(&program)
            .args(["--listen", "127.0.0.1:0", "--lang", "en"])
            .stdout(Stdio::piped())
            .spawn()?;
        let output = child.stdout.take().ok_or("no output")?;
        let response = first_response(BufReader::new(output));
        times.push(started.elapsed());
        child.kill()?;
        child.wait()?;
        assert!(response?.starts_with("HTTP/1.1 200"), "the console was not served");
    }
    times.sort_unstable();
    let (median, worst) = (times[STARTS / 2], times[STARTS - 1]);
    println!("start to first response: median {median:.1?}, worst {worst:.1?} of {STARTS}");
    assert!(median <= GOAL, "more than {GOAL:?}");
    Ok(())
}

/// Waits until the program has printed its address, and asks it for the console.
fn first_response(mut output: impl BufRead) -> Result<String, Box<dyn Error>> {
    let mut line = String::new();
    while !line.contains("http://") {
        line.clear();
        if output.read_line(&mut line)? == 0 {
            return Err("it ended".into());
        }
    }
    let address = line.split("http://").nth(1).ok_or("no address")?.trim();
    let mut stream = TcpStream::connect(address)?;
    stream.write_all(b"GET /_gateway/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut response = String::new();
    stream.read_to_string(&mut response)?;
    Ok(response)
}
