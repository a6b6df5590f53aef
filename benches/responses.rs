//! What a response of the simulator costs: signed, validated responses for each second of a core, and the memory of many.
//!
//! ```text
//! cargo run --release -p wechatpay-benches --bin responses
//! ```
//!
//! The gateway runs in a separate process, and its own processor time and memory are read from `/proc`.

use std::{
    env,
    error::Error,
    fs,
    io::{self, BufRead as _, BufReader, Read as _},
    process::{Child, Command, Stdio},
    thread,
};
use wechatpay_catalogue::description::{Description, Method, Operation};
use wechatpay_core::crypto::aws_lc_rs::AwsLcRs;
use wechatpay_gateway::Gateway;
use wechatpay_tests::{Access, Draft, SigningClient, Target};

/// The argument that makes this program be the gateway.
const ROLE: &str = "--be-the-simulator";

/// Each client sends one request after the other.
const CLIENTS: usize = 4;

/// Requests of each client for one figure.
const REQUESTS: usize = 5_000;

/// The numbers of requests after which the memory is read.
const STEPS: [usize; 5] = [2_000, 25_000, 50_000, 75_000, 100_000];

/// `/proc` counts processor time in hundredths of a second.
const TICKS_PER_SECOND: f64 = 100.0;

fn main() -> Result<(), Box<dyn Error>> {
    if env::args().nth(1).as_deref() == Some(ROLE) {
        return be_the_simulator();
    }
    println!("| Request | Processor time of the gateway | Responses for each second of a core |\n|---|---|---|");
    for (name, method, path, wrong) in [
        ("a query", Method::Get, "/v3/marketing/favor/stocks/{stock_id}", false),
        (
            "a body of 40 fields",
            Method::Post,
            "/v3/marketing/favor/coupon-stocks",
            false,
        ),
        (
            "the same with a wrong field, refused with its name",
            Method::Post,
            "/v3/marketing/favor/coupon-stocks",
            true,
        ),
        (
            "one encrypted field in the request",
            Method::Post,
            "/v3/profitsharing/receivers/add",
            false,
        ),
    ] {
        let summary = Description::embedded().find(method, path);
        let mut draft = Draft::new(summary.ok_or("not described")?.operation()?);
        if wrong {
            let last = draft.fields().pop().ok_or("no field")?;
            draft.set(&last.target, serde_json::json!([{}]));
        }
        let simulator = Simulator::start()?;
        // The first requests parse the operation and warm the caches.
        simulator.send(&draft, 200)?;
        let before = simulator.processor_time()?;
        simulator.send(&draft, REQUESTS)?;
        let seconds = (simulator.processor_time()? - before) / (REQUESTS * CLIENTS) as f64;
        println!("| {name} | {:.0} µs | {:.0} |", seconds * 1e6, 1.0 / seconds);
    }
    println!("\n| Requests to all operations in turn | Memory of the gateway |\n|---|---|");
    let simulator = Simulator::start()?;
    let mut client = SigningClient::connect(&simulator.access);
    let operations: Vec<&Operation> = Description::embedded()
        .operations()
        .iter()
        .map(|summary| summary.operation())
        .collect::<Result<_, _>>()?;
    let mut sent = 0;
    for step in STEPS {
        while sent < step {
            let operation = operations[sent % operations.len()];
            client.send(&Draft::new(operation).call(&client))?;
            sent += 1;
        }
        println!("| {sent} | {:.1} MB |", simulator.memory("VmRSS")?);
    }
    println!("\nThe most memory at any time: {:.1} MB", simulator.memory("VmHWM")?);
    Ok(())
}

fn be_the_simulator() -> Result<(), Box<dyn Error>> {
    let gateway = Gateway::builder().backend(&AwsLcRs).simulate().start()?;
    println!("{}", serde_json::to_string(&Access::of(&gateway))?);
    io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}

/// The gateway in a separate process. It ends when this value is dropped.
struct Simulator {
    child: Child,
    access: Access,
}

impl Simulator {
    fn start() -> Result<Self, Box<dyn Error>> {
        let mut child = Command::new(env::current_exe()?)
            .arg(ROLE)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        let stdout = child.stdout.take().ok_or("no output")?;
        BufReader::new(stdout).read_line(&mut line)?;
        let access = serde_json::from_str(&line)?;
        Ok(Self { child, access })
    }

    /// Sends so many requests from each client.
    fn send(&self, draft: &Draft, requests: usize) -> io::Result<()> {
        thread::scope(|scope| {
            let clients: Vec<_> = (0..CLIENTS)
                .map(|number| {
                    let mut draft = draft.clone();
                    scope.spawn(move || {
                        let mut client = SigningClient::connect(&self.access);
                        for request in 0..requests {
                            let text = format!("{number}-{request}");
                            draft.set(&Target::Body("/out_request_no".to_owned()), text.into());
                            client.send(&draft.call(&client))?;
                        }
                        Ok(())
                    })
                })
                .collect();
            clients
                .into_iter()
                .try_for_each(|client| client.join().map_err(|_| io::Error::other("a client panicked"))?)
        })
    }

    /// Seconds of a core since the start, in the program and in the kernel for it.
    fn processor_time(&self) -> io::Result<f64> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        // Behind the name, which stands in parentheses, utime and stime are the 12th and 13th.
        let numbers = stat.rsplit_once(") ").map_or("", |(_, numbers)| numbers);
        let numbers = numbers.split(' ').skip(11).take(2);
        Ok(numbers.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / TICKS_PER_SECOND)
    }

    /// A line of its `/proc/PID/status`, in millions of bytes.
    fn memory(&self, name: &str) -> Result<f64, Box<dyn Error>> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))
            .ok_or("no such line")?;
        let kilobytes: f64 = line.split_whitespace().next().ok_or("no number")?.parse()?;
        Ok(kilobytes * 1024.0 / 1e6)
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        // The end of its input is what ends it.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
