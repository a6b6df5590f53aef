//! What declaring an operation costs at compile time, over the same structs with bare serde derives.
//!
//! ```text
//! cargo run --release -p wechatpay-benches --bin compile_cost -- [rounds]
//! ```
//!
//! It writes two crates with 200 operations each (seven fields, two of them sensitive, a response of six fields) and,
//! for both, a program that sends all of them: with the attribute and the client on one side, with `serde_json::to_vec`
//! and `serde_json::from_slice` on the other. Everything they depend on is built before; then each crate is built again
//! and again, in turns, and the medians are compared. Cargo and the toolchain are those that run this program.

use std::{
    env,
    fmt::Write as _,
    fs, io,
    path::{Path, PathBuf},
    process::{Command, exit},
    time::{Duration, Instant},
};

const OPERATIONS: usize = 200;

fn main() -> io::Result<()> {
    let rounds = env::args()
        .nth(1)
        .and_then(|text| text.parse().ok())
        .unwrap_or(5)
        .max(1);
    let core = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../wechatpay-core")
        .canonicalize()?;
    let place = env::temp_dir().join(format!("wechatpay-compile-cost-{}", std::process::id()));
    let workspace = Workspace::write(place, &core)?;

    println!("building what all of them depend on ..");
    for side in SIDES {
        workspace.cargo("check", side.library());
        workspace.cargo("build", side.program());
    }

    println!(
        "{OPERATIONS} operations, {rounds} rounds in turns, medians of wall time; per operation over bare serde:\n"
    );
    println!("| | bare serde | with the attribute | per operation |");
    println!("|---|---|---|---|");
    let (library, program) = (Side::library as fn(Side) -> _, Side::program as fn(Side) -> _);
    for (name, command, package) in [
        ("cargo check", "check", library),
        ("cargo build, library", "build", library),
        ("cargo build, program that sends all", "build", program),
    ] {
        let (mut with, mut without) = (Vec::new(), Vec::new());
        for _ in 0..rounds {
            without.push(workspace.time(command, Side::Bare, package(Side::Bare)));
            with.push(workspace.time(command, Side::Attribute, package(Side::Attribute)));
        }
        let (with, without) = (median(with), median(without));
        let each = (with.as_secs_f64() - without.as_secs_f64()) * 1000.0 / OPERATIONS as f64;
        println!(
            "| {name} | {:.2} s | {:.2} s | {each:+.1} ms |",
            without.as_secs_f64(),
            with.as_secs_f64()
        );
    }
    fs::remove_dir_all(workspace.place)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn fail(why: &str) -> ! {
    eprintln!("{why}");
    exit(1)
}

#[derive(Clone, Copy, PartialEq)]
enum Side {
    Attribute,
    Bare,
}

const SIDES: [Side; 2] = [Side::Attribute, Side::Bare];

impl Side {
    fn library(self) -> &'static str {
        match self {
            Self::Attribute => "attribute",
            Self::Bare => "bare",
        }
    }

    fn program(self) -> &'static str {
        match self {
            Self::Attribute => "attribute-program",
            Self::Bare => "bare-program",
        }
    }
}

/// Two packages for each side: the operations, and the program that sends them. All have the same dependencies, so that
/// these are built once and weigh the same.
struct Workspace {
    place: PathBuf,
}

impl Workspace {
    fn write(place: PathBuf, core: &Path) -> io::Result<Self> {
        let dependencies = format!(
            "wechatpay-core = {{ path = {core:?} }}\nserde = {{ version = \"1\", features = [\"derive\"] }}\nserde_json = \"1\"\n"
        );
        let package = |name: &str, source: &str, text: String, further: String| {
            let manifest = format!(
                "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n{dependencies}{further}"
            );
            fs::create_dir_all(place.join(name).join("src"))?;
            fs::write(place.join(name).join("Cargo.toml"), manifest)?;
            fs::write(place.join(name).join("src").join(source), text)
        };
        for side in SIDES {
            let library = side.library();
            let operations = format!("operations = {{ package = \"{library}\", path = \"../{library}\" }}\n");
            package(library, "lib.rs", operations_of(side), String::new())?;
            package(side.program(), "main.rs", program_of(side), operations)?;
        }
        let workspace = "[workspace]\nresolver = \"3\"\nmembers = [\"*\"]\nexclude = [\"target\"]\n\n[profile.dev]\nincremental = false\n";
        fs::write(place.join("Cargo.toml"), workspace)?;
        let lock = core.join("../Cargo.lock");
        if lock.exists() {
            fs::copy(lock, place.join("Cargo.lock"))?;
        }
        Ok(Self { place })
    }

    fn cargo(&self, command: &str, package: &str) {
        let done = Command::new(env!("CARGO"))
            .args([command, "--quiet", "--package", package])
            .current_dir(&self.place)
            .env("CARGO_TARGET_DIR", self.place.join("target"))
            .env_remove("RUSTFLAGS")
            .status();
        if !done.is_ok_and(|status| status.success()) {
            fail(&format!("cargo {command} failed in {}", self.place.display()));
        }
    }

    /// Builds one package again, with its dependencies up to date.
    fn time(&self, command: &str, side: Side, package: &str) -> Duration {
        // For the program the library is built before, so that each row of the table is independent.
        self.cargo(command, side.library());
        let source = if package == side.program() { "main.rs" } else { "lib.rs" };
        let source = self.place.join(package).join("src").join(source);
        let touched = fs::File::options()
            .append(true)
            .open(&source)
            .and_then(|file| file.set_modified(std::time::SystemTime::now()));
        if let Err(error) = touched {
            fail(&error.to_string());
        }
        let start = Instant::now();
        self.cargo(command, package);
        start.elapsed()
    }
}

fn operations_of(side: Side) -> String {
    let mut text = String::from("use serde::Deserialize;\n");
    if side == Side::Attribute {
        text.push_str("use wechatpay_core::wechatpay_endpoint;\n");
    } else {
        text.push_str("use serde::Serialize;\n");
    }
    for n in 0..OPERATIONS {
        let attribute = match side {
            Side::Attribute => format!(
                "#[wechatpay_endpoint(POST, \"/v3/operations/{n}/{{mchid}}\", encrypt(real_name, cred_id), response = Response{n})]"
            ),
            Side::Bare => "#[derive(Serialize)]".to_owned(),
        };
        let _ = write!(
            text,
            "
{attribute}
pub struct Operation{n} {{
    pub mchid: String,
    pub appid: String,
    pub out_trade_no: String,
    pub amount: i64,
    pub memo: Option<String>,
    pub real_name: String,
    pub cred_id: Option<String>,
}}

#[derive(Deserialize)]
pub struct Response{n} {{
    pub transaction_id: String,
    pub out_trade_no: String,
    pub state: String,
    pub amount: i64,
    pub create_time: String,
    pub memo: Option<String>,
}}
"
        );
    }
    text
}

fn program_of(side: Side) -> String {
    let mut text = String::from("use operations::*;\n");
    let request = |n| {
        format!(
            "Operation{n} {{ mchid: text(), appid: text(), out_trade_no: text(), amount: {n}, memo: None, real_name: text(), cred_id: None }}"
        )
    };
    text.push_str("fn text() -> String { std::env::args().next().unwrap_or_default() }\n");
    for n in 0..OPERATIONS {
        let request = request(n);
        let _ = match side {
            Side::Attribute => writeln!(
                text,
                "async fn send{n}(client: &wechatpay_core::Client) -> Option<Response{n}> {{ {request}.send(client).await.ok() }}"
            ),
            Side::Bare => writeln!(
                text,
                "async fn send{n}(wire: &dyn Fn(Vec<u8>) -> Vec<u8>) -> Option<Response{n}> {{ serde_json::from_slice(&wire(serde_json::to_vec(&{request}).ok()?)).ok() }}"
            ),
        };
    }
    let argument = match side {
        Side::Attribute => "client: &wechatpay_core::Client",
        Side::Bare => "client: &dyn Fn(Vec<u8>) -> Vec<u8>",
    };
    let _ = writeln!(text, "async fn all({argument}) -> usize {{\n    let mut sent = 0;");
    for n in 0..OPERATIONS {
        let _ = writeln!(text, "    sent += usize::from(send{n}(client).await.is_some());");
    }
    text.push_str("    sent\n}\n");
    text.push_str(match side {
        Side::Attribute => {
            "fn main() {
    let client = wechatpay_core::Client::from_env().expect(\"a client\");
    let all = std::pin::pin!(all(&client));
    let _ = all.poll(&mut std::task::Context::from_waker(std::task::Waker::noop()));
}\n"
        }
        Side::Bare => {
            "fn main() {
    let all = std::pin::pin!(all(&|bytes| bytes));
    let _ = all.poll(&mut std::task::Context::from_waker(std::task::Waker::noop()));
}\n"
        }
    });
    text
}
