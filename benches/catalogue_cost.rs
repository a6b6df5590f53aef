//! What the catalogue costs to compile, and whether a catalogued operation makes a program larger.
//!
//! ```text
//! cargo run --release -p wechatpay-benches --bin catalogue_cost -- [rounds]
//! ```
//!
//! It writes small crates that depend on the catalogue with no family, with `pay` and with all of them. Everything that the
//! catalogue depends on is built before; then the catalogue alone is built again and again, and the least processor time is
//! shown. The two programs send the same operation: one from the catalogue, one declares it itself, in the same words.
//!
//! Processor time is that of cargo and all compilers that it starts, from `/proc`; elsewhere wall time is shown.

use std::{
    env, fs, io,
    path::{Path, PathBuf},
    process::{Command, exit},
    time::Instant,
};

/// The crates: a name, and the features of the catalogue.
const CRATES: [(&str, &str); 3] = [("none", ""), ("pay", "\"pay\""), ("all", "\"all\"")];

fn main() -> io::Result<()> {
    let rounds = env::args()
        .nth(1)
        .and_then(|text| text.parse().ok())
        .unwrap_or(3)
        .max(1);
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize()?;
    let place = env::temp_dir().join(format!("wechatpay-catalogue-cost-{}", std::process::id()));
    let workspace = Workspace { place, root };
    workspace.write()?;

    println!("building what the catalogue depends on ..");
    for command in ["check", "build"] {
        workspace.cargo(&[command, "--package", "none"]);
    }
    println!("{rounds} rounds, the least of each:\n");
    println!("| the catalogue with | `cargo check` | `cargo build` |");
    println!("|---|---|---|");
    for (name, features) in CRATES {
        let least = |command: &str| {
            let times = (0..rounds).map(|_| workspace.time(command, name));
            times.fold(f64::INFINITY, f64::min)
        };
        let (check, build) = (least("check"), least("build"));
        let features = if features.is_empty() { "no family" } else { name };
        println!("| {features} | {check:.2} s | {build:.2} s |");
    }

    println!("\nbuilding the programs ..\n");
    let size = |name: &str| {
        workspace.cargo(&["build", "--release", "--package", name]);
        let program = workspace
            .place
            .join("target/release")
            .join(format!("{name}{}", env::consts::EXE_SUFFIX));
        fs::metadata(program).map(|metadata| metadata.len())
    };
    let (declared, catalogued) = (size("declared")?, size("catalogued")?);
    println!("| a program that | size |");
    println!("|---|---|");
    println!("| declares the operation itself | {declared} bytes |");
    println!("| takes it from the catalogue | {catalogued} bytes |");
    fs::remove_dir_all(&workspace.place)
}

fn fail(why: &str) -> ! {
    eprintln!("{why}");
    exit(1)
}

struct Workspace {
    place: PathBuf,
    root: PathBuf,
}

impl Workspace {
    fn write(&self) -> io::Result<()> {
        let (core, catalogue) = (self.root.join("wechatpay-core"), self.root.join("wechatpay-catalogue"));
        for (name, features) in CRATES {
            let dependency = format!("wechatpay-catalogue = {{ path = {catalogue:?}, features = [{features}] }}\n");
            self.package(name, &dependency, &[("lib.rs", "")])?;
        }
        let core = format!("wechatpay-core = {{ path = {core:?} }}\n");
        let serde = "serde = { version = \"1\", features = [\"derive\"] }\nserde_json = \"1\"\n";
        let declaration = fs::read_to_string(catalogue.join("src/pay/transactions/jsapi.rs"))?;
        let declared = format!("mod jsapi;\n{}", program());
        self.package(
            "declared",
            &format!("{core}{serde}"),
            &[("main.rs", &declared), ("jsapi.rs", &declaration)],
        )?;
        let dependency = format!("{core}wechatpay-catalogue = {{ path = {catalogue:?}, features = [\"pay\"] }}\n");
        let catalogued = format!("use wechatpay_catalogue::pay::transactions::jsapi;\n{}", program());
        self.package("catalogued", &dependency, &[("main.rs", &catalogued)])?;
        let manifest = "[workspace]\nresolver = \"3\"\nmembers = [\"*\"]\nexclude = [\"target\"]\n\n[profile.dev]\nincremental = false\n";
        fs::write(self.place.join("Cargo.toml"), manifest)?;
        fs::copy(self.root.join("Cargo.lock"), self.place.join("Cargo.lock")).map(drop)
    }

    fn package(&self, name: &str, dependencies: &str, sources: &[(&str, &str)]) -> io::Result<()> {
        let folder = self.place.join(name);
        fs::create_dir_all(folder.join("src"))?;
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[dependencies]\n{dependencies}"
        );
        fs::write(folder.join("Cargo.toml"), manifest)?;
        sources
            .iter()
            .try_for_each(|(file, text)| fs::write(folder.join("src").join(file), text))
    }

    fn cargo(&self, arguments: &[&str]) {
        let done = Command::new(env!("CARGO"))
            .args(arguments)
            .arg("--quiet")
            .current_dir(&self.place)
            .env("CARGO_TARGET_DIR", self.place.join("target"))
            .env_remove("RUSTFLAGS")
            .status();
        if !done.is_ok_and(|status| status.success()) {
            fail(&format!(
                "cargo {} failed in {}",
                arguments.join(" "),
                self.place.display()
            ));
        }
    }

    /// Builds the catalogue again with the features of `package`, and returns the seconds.
    fn time(&self, command: &str, package: &str) -> f64 {
        self.cargo(&["clean", "--package", "wechatpay-catalogue"]);
        let clock = Clock::start();
        self.cargo(&[command, "--package", package]);
        clock.seconds()
    }
}

/// What both programs do.
fn program() -> &'static str {
    "fn main() {
    let client = wechatpay_core::Client::from_env().expect(\"a client\");
    let text = || std::env::args().next().unwrap_or_default();
    let request = jsapi::Post {
        appid: text(),
        mchid: text(),
        out_trade_no: text(),
        amount: jsapi::Amount { total: 1, ..Default::default() },
        ..Default::default()
    };
    let sent = std::pin::pin!(request.send(&client));
    let polled = std::future::Future::poll(sent, &mut std::task::Context::from_waker(std::task::Waker::noop()));
    if let std::task::Poll::Ready(Ok(response)) = polled {
        println!(\"{}\", response.prepay_id);
    }
}
"
}

/// The processor time of the children of this process.
struct Clock {
    wall: Instant,
    processor: Option<f64>,
}

impl Clock {
    fn start() -> Self {
        Self {
            wall: Instant::now(),
            processor: children(),
        }
    }

    fn seconds(&self) -> f64 {
        match children().zip(self.processor) {
            Some((now, then)) => now - then,
            None => self.wall.elapsed().as_secs_f64(),
        }
    }
}

/// Fields 16 and 17 of `/proc/self/stat`, in hundredths of a second: user and system time of children that were waited for.
fn children() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(13);
    let (user, system): (f64, f64) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some((user + system) / 100.0)
}
