//! A client that signs by hand and sends what bytes it is told, over one kept connection.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::{
    cell::RefCell,
    collections::HashMap,
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    net::TcpStream,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use wechatpay_core::{PrivateKey, PublicKey, crypto::aws_lc_rs::AwsLcRs};
use wechatpay_gateway::Gateway;

/// A gateway that has not responded by then never will.
const LONGEST_WAIT: Duration = Duration::from_secs(60);

/// No two requests of this process have the same nonce.
static NONCES: AtomicU64 = AtomicU64::new(1);

/// Signs and sends, one request after the other.
pub struct SigningClient {
    address: String,
    merchant: Identity,
    brand: Identity,
    public_key_id: String,
    public_key: PublicKey,
    ciphertexts: RefCell<HashMap<String, String>>,
    connection: Option<BufReader<TcpStream>>,
}

struct Identity {
    scheme: &'static str,
    label: &'static str,
    id: String,
    serial_no: String,
    key: PrivateKey,
}

impl Identity {
    fn new(scheme: &'static str, label: &'static str, [id, serial_no, pem]: &[String; 3]) -> Self {
        Self {
            scheme,
            label,
            id: id.clone(),
            serial_no: serial_no.clone(),
            key: PrivateKey::from_pem_with(&AwsLcRs, pem).unwrap(),
        }
    }
}

/// What it takes to be a client of a gateway.
#[derive(Debug, Serialize, Deserialize)]
pub struct Access {
    url: String,
    /// Id, serial number and private key.
    merchant: [String; 3],
    brand: [String; 3],
    public_key_id: String,
    public_key_pem: String,
}

impl Access {
    /// Of this one.
    pub fn of(gateway: &Gateway) -> Self {
        Self {
            url: gateway.url(),
            merchant: [gateway.mchid(), gateway.serial_no(), gateway.merchant_private_key_pem()].map(str::to_owned),
            brand: [
                gateway.brand_id(),
                gateway.brand_serial_no(),
                gateway.brand_private_key_pem(),
            ]
            .map(str::to_owned),
            public_key_id: gateway.public_key_id(),
            public_key_pem: gateway.public_key_pem(),
        }
    }
}

/// A request, right in every part that nobody has changed.
#[derive(Clone, Debug, Default)]
pub struct RawCall {
    /// The method, as it goes over the wire.
    pub method: String,
    /// Path and query.
    pub target: String,
    /// The body.
    pub body: Vec<u8>,
    /// What is signed in place of the body.
    pub signed_body: Option<Vec<u8>>,
    /// `Content-Type`; none when it is empty.
    pub content_type: String,
    /// Further headers, with their line ends.
    pub headers: String,
    /// In place of the right `Authorization`.
    pub authorization: Option<String>,
}

/// What came back.
#[derive(Debug)]
pub struct RawResponse {
    /// The HTTP status.
    pub status: u16,
    /// The header lines, with names in lower case.
    pub head: String,
    /// The body.
    pub body: Vec<u8>,
}

impl RawResponse {
    /// The body as JSON; `null` if it is not JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'))
            .map(str::trim)
    }
}

impl SigningClient {
    /// A client of this gateway: its merchant and its brand.
    pub fn new(gateway: &Gateway) -> Self {
        Self::connect(&Access::of(gateway))
    }

    /// The same for a gateway in another process.
    pub fn connect(access: &Access) -> Self {
        Self {
            address: access.url.trim_start_matches("http://").to_owned(),
            merchant: Identity::new("WECHATPAY2-SHA256-RSA2048", "mchid", &access.merchant),
            brand: Identity::new("WECHATPAY-BRAND-SHA256-RSA2048", "brand_id", &access.brand),
            public_key_id: access.public_key_id.clone(),
            public_key: PublicKey::from_pem_with(&AwsLcRs, &access.public_key_pem).unwrap(),
            ciphertexts: RefCell::default(),
            connection: None,
        }
    }

    /// A ciphertext of this text for the platform; the same one each time.
    pub fn encrypt(&self, text: &str) -> String {
        let mut known = self.ciphertexts.borrow_mut();
        if let Some(ciphertext) = known.get(text) {
            return ciphertext.clone();
        }
        let ciphertext = STANDARD.encode(self.public_key.encrypt(text.as_bytes()).unwrap());
        if known.len() < 10_000 {
            known.insert(text.to_owned(), ciphertext.clone());
        }
        ciphertext
    }

    /// What a ciphertext of a response to `target` says.
    pub fn decrypt(&self, target: &str, ciphertext: &str) -> Option<String> {
        let plaintext = self
            .identity(target)
            .key
            .decrypt(&STANDARD.decode(ciphertext).ok()?)
            .ok()?;
        String::from_utf8(plaintext.to_vec()).ok()
    }

    /// Whether the platform has signed a response.
    pub fn is_genuine(&self, response: &RawResponse) -> bool {
        let header = |name| response.header(name).unwrap_or_default();
        let message = [
            header("wechatpay-timestamp").as_bytes(),
            header("wechatpay-nonce").as_bytes(),
            &response.body,
            b"",
        ]
        .join(&b'\n');
        STANDARD
            .decode(header("wechatpay-signature"))
            .is_ok_and(|signature| self.public_key.verify(&message, &signature))
    }

    fn identity(&self, target: &str) -> &Identity {
        match target.starts_with("/brand/") {
            true => &self.brand,
            false => &self.merchant,
        }
    }

    fn authorization(&self, call: &RawCall) -> String {
        let identity = self.identity(&call.target);
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
        let nonce = format!("{:032x}", NONCES.fetch_add(1, Relaxed));
        let body = call.signed_body.as_ref().unwrap_or(&call.body);
        let head = format!("{}\n{}\n{now}\n{nonce}\n", call.method, call.target);
        let message = [head.as_bytes(), body, b"\n"].concat();
        format!(
            r#"{} {}="{}",nonce_str="{nonce}",signature="{}",timestamp="{now}",serial_no="{}""#,
            identity.scheme,
            identity.label,
            identity.id,
            STANDARD.encode(identity.key.sign(&message).unwrap()),
            identity.serial_no,
        )
    }

    /// Sends one request and reads its response.
    ///
    /// # Errors
    /// If the connection ends before the response does.
    pub fn send(&mut self, call: &RawCall) -> io::Result<RawResponse> {
        let authorization = match &call.authorization {
            Some(wrong) => wrong.clone(),
            None => self.authorization(call),
        };
        let mut request = format!(
            "{} {} HTTP/1.1\r\nHost: {}\r\nAccept: application/json\r\nUser-Agent: test\r\nWechatpay-Serial: {}\r\n\
             Authorization: {authorization}\r\nContent-Length: {}\r\n{}",
            call.method,
            call.target,
            self.address,
            self.public_key_id,
            call.body.len(),
            call.headers,
        );
        if !call.content_type.is_empty() {
            request.push_str(&format!("Content-Type: {}\r\n", call.content_type));
        }
        request.push_str("\r\n");
        let bytes = [request.as_bytes(), &call.body].concat();
        let response = self.exchange(&bytes, call.method != "HEAD");
        match &response {
            Ok(response) if response.header("connection") != Some("close") => {}
            _ => self.connection = None,
        }
        response
    }

    fn exchange(&mut self, request: &[u8], has_body: bool) -> io::Result<RawResponse> {
        let connection = match &mut self.connection {
            Some(open) => open,
            none => {
                let stream = TcpStream::connect(&self.address)?;
                stream.set_nodelay(true)?;
                stream.set_read_timeout(Some(LONGEST_WAIT))?;
                none.insert(BufReader::new(stream))
            }
        };
        connection.get_mut().write_all(request)?;
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            if connection.read_until(b'\n', &mut head)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        let head = String::from_utf8_lossy(&head);
        let (status, lines) = head.split_once("\r\n").unwrap_or_default();
        let lines = lines.lines().map(|line| match line.split_once(':') {
            Some((name, value)) => format!("{}:{value}\n", name.to_ascii_lowercase()),
            None => String::new(),
        });
        let mut response = RawResponse {
            status: status.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or(0),
            head: lines.collect(),
            body: Vec::new(),
        };
        let length = response.header("content-length").and_then(|length| length.parse().ok());
        if has_body {
            response.body.resize(length.unwrap_or(0), 0);
        }
        connection.read_exact(&mut response.body)?;
        Ok(response)
    }
}
