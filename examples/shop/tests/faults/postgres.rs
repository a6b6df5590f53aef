//! A PostgreSQL server for the test: separate folder, a socket inside it, stopped when the test ends.

use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::Duration,
};
use tempfile::TempDir;

pub(crate) struct Postgres {
    binaries: PathBuf,
    folder: TempDir,
    server: Child,
}

impl Postgres {
    /// `None`, and a line that says so, when PostgreSQL is not installed.
    pub(crate) fn start() -> Option<Self> {
        let Some(binaries) = binaries() else {
            println!("SKIPPED: PostgreSQL is not installed (Debian: apt-get install postgresql)");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        if is_root() {
            run(Command::new("chown").arg("nobody").arg(folder.path()));
        }
        let mut initdb = as_user(&binaries.join("initdb"));
        run(initdb.arg("-D").arg(folder.path().join("data")).args([
            "-U",
            "shop",
            "--auth=trust",
            "-N",
            "-E",
            "UTF8",
            "--locale=C",
        ]));
        let server = serve(&binaries, folder.path());
        let postgres = Self {
            binaries,
            folder,
            server,
        };
        postgres.wait();
        Some(postgres)
    }

    pub(crate) fn url(&self) -> String {
        format!(
            "postgres://shop@localhost/postgres?host={}",
            self.folder.path().display()
        )
    }

    /// Every connection breaks, and every transaction that was not committed is gone.
    pub(crate) fn stop(&mut self) {
        signal("QUIT", &self.server);
        let _ = self.server.wait();
    }

    pub(crate) fn start_again(&mut self) {
        self.server = serve(&self.binaries, self.folder.path());
        self.wait();
    }

    fn wait(&self) {
        for _ in 0..600 {
            let mut ready = Command::new(self.binaries.join("pg_isready"));
            let ready = ready.arg("-q").arg("-h").arg(self.folder.path()).status().unwrap();
            if ready.success() {
                return;
            }
            sleep(Duration::from_millis(50));
        }
        panic!("PostgreSQL does not start");
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.stop();
    }
}

fn serve(binaries: &Path, folder: &Path) -> Child {
    as_user(&binaries.join("postgres"))
        .arg("-D")
        .arg(folder.join("data"))
        .arg("-k")
        .arg(folder)
        .args(["-c", "listen_addresses=", "-c", "max_connections=100"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn signal(name: &str, server: &Child) {
    let _ = Command::new("kill")
        .arg(format!("-{name}"))
        .arg(server.id().to_string())
        .status();
}

fn run(command: &mut Command) {
    let output = command.output().unwrap();
    assert!(
        output.status.success(),
        "{command:?}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}

/// The server refuses to run as root. It also ends when the test does.
fn as_user(program: &Path) -> Command {
    if !is_root() {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command
        .args([
            "--reuid",
            "nobody",
            "--regid",
            "nogroup",
            "--clear-groups",
            "--pdeathsig",
            "QUIT",
        ])
        .arg(program);
    // The folder of the test may be closed to that user.
    command.current_dir("/");
    command
}

fn is_root() -> bool {
    Command::new("id")
        .arg("-u")
        .output()
        .is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// The newest installed server.
fn binaries() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql")
        .ok()
        .into_iter()
        .flatten()
        .flatten();
    let mut versions: Vec<_> = versions.map(|version| version.path()).collect();
    versions.sort_by_key(|path| path.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok()));
    let debian = versions.into_iter().rev().map(|version| version.join("bin"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let path: Vec<_> = std::env::split_paths(&path).collect();
    debian
        .chain(path)
        .find(|folder| folder.join("postgres").is_file() && folder.join("initdb").is_file())
}
