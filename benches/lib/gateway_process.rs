//! The gateway in a separate process, so that the client's process time and allocations are the client's alone.

use crate::operation;
use serde::{Deserialize, Serialize};
use std::{
    env,
    io::{self, BufRead as _, BufReader, Read as _},
    process::{Child, Command, Stdio},
};
use wechatpay_core::{
    Client, ClientBuilder, Error, Method, PrivateKey, PublicKey,
    crypto::{Backend, default_backend},
};
use wechatpay_gateway::{Gateway, PlatformMode};

/// The argument that makes a program of this package be the gateway.
const ROLE: &str = "--be-the-gateway";
/// The argument after it for one that has platform certificates too.
const CERTIFICATES: &str = "--with-certificates";

/// The path that returns [`LARGE`] bytes.
pub const LARGE_PATH: &str = "/v3/billdownload/file";
/// 100 MiB.
pub const LARGE: usize = 100 << 20;
/// The path of an upload.
pub const UPLOAD_PATH: &str = "/v3/merchant/media/upload";

/// The configuration for clients of the gateway.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Access {
    pub url: String,
    pub mchid: String,
    pub serial_no: String,
    pub private_key_pem: String,
    pub public_key_id: String,
    pub public_key_pem: String,
    pub api_v3_key: String,
}

impl Access {
    fn to(gateway: &Gateway) -> Self {
        Self {
            url: gateway.url(),
            mchid: gateway.mchid().to_owned(),
            serial_no: gateway.serial_no().to_owned(),
            private_key_pem: gateway.merchant_private_key_pem().to_owned(),
            public_key_id: gateway.public_key_id(),
            public_key_pem: gateway.public_key_pem(),
            api_v3_key: gateway.api_v3_key().to_owned(),
        }
    }

    /// A client of the library.
    pub fn client(&self) -> Result<Client, Error> {
        self.client_builder(default_backend()).build()
    }

    /// Its builder, with freshly parsed keys.
    pub fn client_builder(&self, backend: &'static dyn Backend) -> ClientBuilder {
        let private_key = PrivateKey::from_pem_with(backend, &self.private_key_pem).expect("the gateway's own key");
        let public_key = PublicKey::from_pem_with(backend, &self.public_key_pem).expect("the gateway's own key");
        Client::builder()
            .merchant(&self.mchid, &self.serial_no, private_key)
            .wechatpay_public_key(&self.public_key_id, public_key)
            .api_v3_key(&self.api_v3_key)
            .base_url(&self.url)
            .crypto_backend(backend)
    }
}

/// The other process. It ends with this value.
pub struct GatewayProcess {
    child: Child,
    pub access: Access,
}

impl GatewayProcess {
    /// Starts this same program as the gateway; [`be_the_gateway`] must be what `main` begins with.
    pub fn start() -> io::Result<Self> {
        Self::run(&[ROLE])
    }

    /// The same, with platform certificates to download beside the public key.
    pub fn start_with_certificates() -> io::Result<Self> {
        Self::run(&[ROLE, CERTIFICATES])
    }

    fn run(arguments: &[&str]) -> io::Result<Self> {
        let mut child = Command::new(env::current_exe()?)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        if let Some(stdout) = child.stdout.take() {
            BufReader::new(stdout).read_line(&mut line)?;
        }
        let access = serde_json::from_str(&line)?;
        Ok(Self { child, access })
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for GatewayProcess {
    fn drop(&mut self) {
        // The end of its input is what ends it.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// In the process that was started as the gateway: serves until its input ends, and returns `true`.
pub fn be_the_gateway() -> io::Result<bool> {
    if env::args().nth(1).as_deref() != Some(ROLE) {
        return Ok(false);
    }
    let mode = match env::args().nth(2).as_deref() {
        Some(CERTIFICATES) => PlatformMode::Mixed,
        _ => PlatformMode::PublicKey,
    };
    let gateway = Gateway::builder().mode(mode).start()?;
    let response = serde_json::from_str(operation::RESPONSE)?;
    gateway.on_fixed(Method::POST, operation::PATH, &response);
    gateway.on_fixed(
        Method::POST,
        UPLOAD_PATH,
        &serde_json::json!({ "media_id": "6uqyGjGrCf2GtyXP8bxrbuH9" }),
    );
    // A fixed response is JSON, so this is a string: two quotes around the content.
    gateway.on_fixed(Method::GET, LARGE_PATH, &"x".repeat(LARGE - 2).into());
    println!("{}", serde_json::to_string(&Access::to(&gateway))?);
    io::stdin().read_to_end(&mut Vec::new())?;
    Ok(true)
}
