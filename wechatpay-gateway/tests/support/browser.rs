//! A real Chromium, driven by WebDriver. What is needed of the protocol is a dozen commands.
#![allow(dead_code, reason = "each test file uses a part of it")]
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
    env, fs,
    io::{BufRead as _, BufReader},
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// How long a page may take to show something.
const PATIENCE: Duration = Duration::from_secs(10);

pub(crate) struct Browser {
    driver: Child,
    http: reqwest::Client,
    session: String,
    profile: PathBuf,
}

/// A program of the path.
fn program(names: &[&str]) -> Option<PathBuf> {
    let folders: Vec<_> = env::split_paths(&env::var_os("PATH")?).collect();
    let mut files = names
        .iter()
        .flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    files.find(|file| file.is_file())
}

impl Browser {
    /// Starts a browser with a fresh profile. Without an installed browser, prints that and returns `None`.
    pub(crate) async fn start(name: &str) -> Option<Self> {
        let (driver, browser) = (
            program(&["chromedriver", "chromium-driver"]),
            program(&["chromium", "chromium-browser", "google-chrome"]),
        );
        let (Some(driver), Some(browser)) = (driver, browser) else {
            println!(
                "SKIPPED: {name}: there is no Chromium with its driver (on Debian: apt-get install chromium-driver)"
            );
            return None;
        };
        let profile = env::temp_dir().join(format!("wechatpay-console-{name}-{}", std::process::id()));
        let mut driver = Command::new(driver)
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let port = driver_port(&mut driver);
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let mut started = Self {
            driver,
            http,
            session: format!("http://127.0.0.1:{port}"),
            profile,
        };
        let arguments = [
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--lang=en-US",
        ];
        let mut arguments: Vec<_> = arguments.map(str::to_owned).into();
        arguments.push(format!("--user-data-dir={}", started.profile.display()));
        let options = json!({ "binary": browser, "args": arguments });
        let capabilities = json!({ "goog:chromeOptions": options, "goog:loggingPrefs": { "browser": "ALL" } });
        let made = started
            .command(
                "POST",
                "/session",
                &json!({ "capabilities": { "alwaysMatch": capabilities } }),
            )
            .await;
        started.session = format!("{}/session/{}", started.session, made["sessionId"].as_str().unwrap());
        started.size(1280, 800).await;
        Some(started)
    }

    async fn command(&self, method: &str, path: &str, body: &Value) -> Value {
        let url = format!("{}{path}", self.session);
        let mut request = self.http.request(method.parse().unwrap(), url);
        if method == "POST" {
            request = request.body(body.to_string());
        }
        let text = request.send().await.unwrap().text().await.unwrap();
        let mut response: Value = serde_json::from_str(&text).unwrap();
        let value = response["value"].take();
        assert!(value["error"].is_null(), "{method} {path}: {}", value["message"]);
        value
    }

    pub(crate) async fn open(&self, url: &str) {
        self.command("POST", "/url", &json!({ "url": url })).await;
    }

    /// Runs a script in the page and gives what it returns.
    pub(crate) async fn run(&self, script: &str) -> Value {
        self.command("POST", "/execute/sync", &json!({ "script": script, "args": [] }))
            .await
    }

    pub(crate) async fn size(&self, width: u32, height: u32) {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500 });
        let body = json!({ "cmd": "Emulation.setDeviceMetricsOverride", "params": metrics });
        self.command("POST", "/goog/cdp/execute", &body).await;
    }

    /// Waits until the script returns something that is true, and gives it.
    pub(crate) async fn until(&self, what: &str, script: &str) -> Value {
        let started = Instant::now();
        loop {
            let value = self.run(script).await;
            if !matches!(value, Value::Null | Value::Bool(false)) {
                return value;
            }
            if started.elapsed() > PATIENCE {
                let page = self.run("return document.body.innerText").await;
                panic!(
                    "{what} did not happen; the page shows:\n{}",
                    page.as_str().unwrap_or_default()
                );
            }
            tokio::time::sleep(Duration::from_millis(30)).await;
        }
    }

    /// Waits until the part of the page contains a text.
    pub(crate) async fn shows(&self, selector: &str, text: &str) {
        let (selector, text) = (json!(selector), json!(text));
        let script = format!(
            "return [...document.querySelectorAll({selector})].some((node) => node.innerText.includes({text}))"
        );
        self.until(&format!("{selector} with {text}"), &script).await;
    }

    /// Clicks the first visible thing of a selector, as a mouse does, when it is there.
    pub(crate) async fn click(&self, selector: &str) {
        let quoted = json!(selector);
        let enabled = format!("const node = document.querySelector({quoted}); return node && !node.disabled");
        self.until(&format!("{selector} to click"), &enabled).await;
        let body = json!({ "using": "css selector", "value": selector });
        let element = self.command("POST", "/element", &body).await;
        let id = element
            .as_object()
            .unwrap()
            .values()
            .next()
            .unwrap()
            .as_str()
            .unwrap()
            .to_owned();
        self.command("POST", &format!("/element/{id}/click"), &json!({})).await;
    }

    /// Presses keys of the keyboard.
    pub(crate) async fn press(&self, keys: &str) {
        let actions: Vec<_> = keys
            .chars()
            .flat_map(|key| {
                [
                    json!({ "type": "keyDown", "value": key }),
                    json!({ "type": "keyUp", "value": key }),
                ]
            })
            .collect();
        let body = json!({ "actions": [{ "type": "key", "id": "keyboard", "actions": actions }] });
        self.command("POST", "/actions", &body).await;
    }

    /// Opens a further window, and gives the one that was current.
    pub(crate) async fn new_window(&self) -> String {
        let current = self.command("GET", "/window", &Value::Null).await;
        let made = self.command("POST", "/window/new", &json!({ "type": "tab" })).await;
        self.switch(made["handle"].as_str().unwrap()).await;
        current.as_str().unwrap().to_owned()
    }

    pub(crate) async fn switch(&self, window: &str) {
        self.command("POST", "/window", &json!({ "handle": window })).await;
    }

    /// What the browser complains about since the last call: scripts that failed, resources that did not load, violations
    /// of the security policy.
    pub(crate) async fn complaints(&self) -> Vec<String> {
        let log = self.command("POST", "/se/log", &json!({ "type": "browser" })).await;
        let entries = log.as_array().unwrap().iter();
        let severe = entries.filter(|entry| entry["level"] == "SEVERE");
        severe.map(|entry| entry["message"].to_string()).collect()
    }
}

/// The port that the driver has chosen, from what it prints.
fn driver_port(driver: &mut Child) -> u16 {
    let output = BufReader::new(driver.stdout.take().unwrap());
    for line in output.lines() {
        let line = line.unwrap();
        if let Some((_, port)) = line.split_once("on port ")
            && let Ok(port) = port.trim_end_matches('.').parse()
            && port != 0
        {
            return port;
        }
    }
    panic!("the driver of the browser ended");
}

impl Drop for Browser {
    fn drop(&mut self) {
        // The driver ends its browser when it is asked to, and leaves it running when it is killed.
        let session = self.session.clone();
        let ending = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .unwrap();
            let _ = runtime.block_on(reqwest::Client::new().delete(session).send());
        });
        let _ = ending.join();
        let _ = self.driver.kill();
        let _ = self.driver.wait();
        let _ = fs::remove_dir_all(&self.profile);
    }
}
