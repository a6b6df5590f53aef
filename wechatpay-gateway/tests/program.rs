//! The program as its users start it.
#![cfg(all(feature = "program", unix))]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a failed test may panic, and says what it has skipped"
)]

use serde_json::{Value, json};
use std::{
    collections::HashMap,
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};
use wechatpay_core::{Client, Method, PrivateKey, PublicKey};

struct Program {
    child: Child,
    address: String,
    printed: String,
}

impl Program {
    fn command(arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_wechatpay-gateway"));
        command
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .env("LANG", "C");
        command
    }

    /// Starts it, and waits until it has said where it is.
    fn start(arguments: &[&str]) -> Self {
        let mut command = Self::command(&["--lang", "en"]);
        if !arguments.contains(&"--listen") {
            command.args(["--listen", "127.0.0.1:0"]);
        }
        let mut child = command.args(arguments).spawn().unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut printed = String::new();
        while !printed.contains("_gateway/") {
            assert!(output.read_line(&mut printed).unwrap() > 0, "it ended: {printed}");
        }
        let address = printed
            .split("http://")
            .nth(1)
            .unwrap()
            .split_whitespace()
            .next()
            .unwrap()
            .to_owned();
        std::thread::spawn(move || output.read_to_end(&mut Vec::new()));
        Self {
            child,
            address,
            printed,
        }
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .args([name, &self.child.id().to_string()])
            .status()
            .unwrap();
        assert!(sent.success());
    }

    /// Waits for its end, and says how long that took.
    fn end(mut self, signal: &str) -> Duration {
        let started = Instant::now();
        self.signal(signal);
        assert!(self.child.wait().unwrap().success());
        started.elapsed()
    }

    fn get(&self, target: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let head = format!("GET {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        stream.write_all(head.as_bytes()).unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).unwrap();
        response
    }

    /// The memory that it needs, in KiB, where the system tells.
    fn memory(&self) -> Option<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
        line.split_whitespace().nth(1)?.parse().ok()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn variables(folder: &Path) -> HashMap<String, String> {
    let text = fs::read_to_string(folder.join(".env")).unwrap();
    let pairs = text.lines().map(|line| line.split_once('=').unwrap());
    pairs
        .map(|(name, value)| (name.to_owned(), value.trim_matches('\'').to_owned()))
        .collect()
}

/// A client that is configured by what the program has written.
fn client(folder: &Path) -> Client {
    let variables = variables(folder);
    let text = |name: &str| variables[name].clone();
    let file = |name: &str| fs::read_to_string(&variables[name]).unwrap();
    let private_key = PrivateKey::from_pem(file("WECHATPAY_PRIVATE_KEY")).unwrap();
    let public_key = PublicKey::from_pem(file("WECHATPAY_PUBLIC_KEY")).unwrap();
    Client::builder()
        .base_url(text("WECHATPAY_BASE_URL"))
        .merchant(text("WECHATPAY_MCHID"), text("WECHATPAY_SERIAL_NO"), private_key)
        .api_v3_key(text("WECHATPAY_API_V3_KEY"))
        .wechatpay_public_key(text("WECHATPAY_PUBLIC_KEY_ID"), public_key)
        .build()
        .unwrap()
}

async fn place(client: &Client, number: &str) -> Value {
    let order = json!({
        "appid": "wxd678efh567hg6787", "mchid": client.mchid(), "description": "Coffee", "out_trade_no": number,
        "notify_url": "http://127.0.0.1:9/", "amount": { "total": 100 },
    });
    let native = client.request(Method::POST, "/v3/pay/transactions/native").json(&order);
    native.send().await.unwrap().into_inner()
}

#[tokio::test]
async fn one_command_gives_a_client_all_that_it_needs() {
    let folder = tempfile::tempdir().unwrap();
    let place_of_keys = folder.path().join("a b").join("gateway");
    let program = Program::start(&["--env", place_of_keys.to_str().unwrap(), "--mode", "mixed"]);
    for file in [".env", "merchant_private_key.pem", "wechatpay_public_key.pem"] {
        let mode = fs::metadata(place_of_keys.join(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{file}");
    }
    let placed = place(&client(&place_of_keys), "ORDER-0001").await;
    assert!(placed["code_url"].as_str().unwrap().starts_with("weixin://"));
    assert!(program.get("/_gateway/orders").contains("ORDER-0001"));
    // The private key is in its file and on no page.
    for page in ["/_gateway/info", "/_gateway/keys", "/_gateway/requests/1"] {
        assert!(!program.get(page).contains("PRIVATE KEY"), "{page}");
    }
}

#[tokio::test]
async fn the_commands_of_the_guide_and_of_the_readmes_work() {
    if Command::new("curl").arg("--version").output().is_err() {
        println!("SKIPPED: curl is not installed");
        return;
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    for page in [
        "wechatpay-core/docs/guide/en/15-simulator.md",
        "wechatpay-core/docs/guide/zh/15-simulator.md",
        "wechatpay-gateway/README.md",
        "wechatpay-gateway/README.zh-CN.md",
    ] {
        let folder = tempfile::tempdir().unwrap();
        let program = Program::start(&["--env", folder.path().to_str().unwrap()]);
        place(&client(folder.path()), "ORDER-0001").await;
        let text = fs::read_to_string(root.join(page)).unwrap();
        let commands: Vec<_> = text.lines().filter(|line| line.starts_with("curl ")).collect();
        assert!(commands.len() >= 2, "{page}");
        for command in commands {
            let command = command.replace("127.0.0.1:7777", &program.address) + " --fail --noproxy '*'";
            let output = Command::new("sh").args(["-ec", &command]).output().unwrap();
            assert!(output.status.success(), "{page}: {command}: {output:?}");
        }
    }
}

#[tokio::test]
async fn with_a_state_file_an_order_survives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let (file, keys) = (folder.path().join("state"), folder.path().join("keys"));
    let start = || Program::start(&["--state", file.to_str().unwrap(), "--env", keys.to_str().unwrap()]);
    let program = start();
    place(&client(&keys), "ORDER-0001").await;
    program.end("-TERM");
    let program = start();
    assert!(program.get("/_gateway/orders").contains("ORDER-0001"));
    let output = Program::command(&["--listen", "0", "--state", file.to_str().unwrap()])
        .output()
        .unwrap();
    assert!(!output.status.success(), "two programs share a state file");
    assert!(program.get("/_gateway/orders").contains("ORDER-0001"));
}

#[test]
fn it_ends_within_a_second_whatever_is_open() {
    for signal in ["-INT", "-TERM"] {
        let program = Program::start(&[]);
        let mut events = TcpStream::connect(&program.address).unwrap();
        events
            .write_all(b"GET /_gateway/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
            .unwrap();
        events.read_exact(&mut [0; 64]).unwrap();
        let took = program.end(signal);
        assert!(took < Duration::from_secs(1), "{signal}: {took:?}");
    }
}

#[test]
fn a_port_that_is_taken_is_named() {
    let program = Program::start(&[]);
    let output = Program::command(&["--listen", &program.address, "--lang", "en"])
        .output()
        .unwrap();
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(
        !output.status.success() && message.contains(&format!("cannot start at {}", program.address)),
        "{message}"
    );
    let output = Program::command(&["--listen", &program.address, "--lang", "zh"])
        .output()
        .unwrap();
    assert!(String::from_utf8(output.stderr).unwrap().contains("无法在"));
}

#[test]
fn g1_an_address_that_others_reach_needs_a_flag_and_prints_a_token() {
    let output = Program::command(&["--listen", "0.0.0.0:0", "--lang", "en"])
        .output()
        .unwrap();
    assert!(!output.status.success());
    let program = Program::start(&["--listen", "0.0.0.0:0", "--allow-remote"]);
    assert!(program.printed.contains("?token="), "{}", program.printed);
    assert!(program.get("/_gateway/info").starts_with("HTTP/1.1 401"));
    let token = program.printed.split("?token=").nth(1).unwrap().trim();
    assert!(
        program
            .get(&format!("/_gateway/?token={token}"))
            .starts_with("HTTP/1.1 303")
    );
}

#[test]
fn g3_ten_thousand_idle_and_slow_connections_leave_room_for_others() {
    let program = Program::start(&[]);
    program.get("/_gateway/info");
    let before = program.memory();
    // As many at once as this process may open.
    let limits = fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let limit = limits.lines().find(|line| line.starts_with("Max open files"));
    let limit = limit
        .and_then(|line| line.split_whitespace().nth(3)?.parse::<usize>().ok())
        .unwrap_or(256);
    let mut open = std::collections::VecDeque::new();
    for number in 0..10_000 {
        if open.len() + 64 > limit {
            open.pop_front();
        }
        let mut stream = TcpStream::connect(&program.address).unwrap();
        // A third says nothing, a third stops within the headers, a third within the body.
        match number % 3 {
            1 => drop(stream.write_all(b"GET /v3/pay HTTP/1.1\r\nHost: loc")),
            2 => {
                drop(stream.write_all(b"POST /v3/pay HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000000\r\n\r\n{"))
            }
            _ => {}
        }
        open.push_back(stream);
        if number % 1000 == 999 {
            // Another client is served while all of them are there.
            let served = (0..20).any(|_| {
                let mut stream = TcpStream::connect(&program.address).unwrap();
                let sent =
                    stream.write_all(b"GET /_gateway/keys HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
                let mut response = String::new();
                sent.is_ok() && stream.read_to_string(&mut response).is_ok() && response.starts_with("HTTP/1.1 200")
            });
            assert!(served, "after {number}");
        }
    }
    if let (Some(before), Some(after)) = (before, program.memory()) {
        assert!(after < before + 60 * 1024, "{before} KiB, then {after} KiB");
    }
}
