//! The same exchange written by hand with reqwest and aws-lc-rs, as the reference for the library.
//!
//! It does what a careful program for this one operation does and nothing that is not needed: keys are parsed once,
//! the URL too, the body is serialised once into the buffer that is signed and sent, connections are kept.

use crate::{
    gateway_process::Access,
    operation::{CredType, MiniProgramPreEntrustSign, PATH, PreEntrustSign},
};
use aws_lc_rs::{
    encoding::AsDer as _,
    rand::{SecureRandom as _, SystemRandom},
    rsa::{OAEP_SHA1_MGF1SHA1, OaepPublicEncryptingKey, PublicEncryptingKey},
    signature::{ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use reqwest::Url;
use serde::Serialize;
use std::{
    error::Error,
    fmt::Write as _,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

const SERIAL: HeaderName = HeaderName::from_static("wechatpay-serial");

pub struct Reference {
    http: reqwest::Client,
    url: Url,
    mchid: String,
    serial_no: String,
    public_key_id: String,
    signer: RsaKeyPair,
    encryptor: OaepPublicEncryptingKey,
    verifier: ParsedPublicKey,
    random: SystemRandom,
}

#[derive(Serialize)]
struct Body<'a> {
    appid: &'a str,
    out_contract_code: &'a str,
    openid: &'a str,
    real_name: String,
    cred_type: &'a CredType,
    cred_id: String,
}

impl Reference {
    pub fn new(access: &Access) -> Result<Self> {
        let signer = RsaKeyPair::from_pkcs8(&der(&access.private_key_pem)?).map_err(|error| error.to_string())?;
        let public_key = der(&access.public_key_pem)?;
        let encryptor = OaepPublicEncryptingKey::new(PublicEncryptingKey::from_der(&public_key)?)?;
        let verifier =
            ParsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &public_key).map_err(|error| error.to_string())?;
        let http = reqwest::Client::builder()
            .http1_only()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .tcp_nodelay(true)
            .connect_timeout(Duration::from_secs(3))
            .timeout(Duration::from_secs(15))
            .pool_idle_timeout(Duration::from_secs(5))
            .build()?;
        Ok(Self {
            http,
            url: Url::parse(&format!("{}{PATH}", access.url))?,
            mchid: access.mchid.clone(),
            serial_no: access.serial_no.clone(),
            public_key_id: access.public_key_id.clone(),
            signer,
            encryptor,
            verifier,
            random: SystemRandom::new(),
        })
    }

    /// Encrypts, serialises and signs.
    pub fn prepare(&self, request: &MiniProgramPreEntrustSign) -> Result<(HeaderMap, Vec<u8>)> {
        let mut body = Vec::with_capacity(1024);
        serde_json::to_writer(
            &mut body,
            &Body {
                appid: &request.appid,
                out_contract_code: &request.out_contract_code,
                openid: &request.openid,
                real_name: self.encrypt(&request.real_name)?,
                cred_type: &request.cred_type,
                cred_id: self.encrypt(&request.cred_id)?,
            },
        )?;
        let mut nonce = [0; 16];
        self.random.fill(&mut nonce)?;
        let nonce = u128::from_be_bytes(nonce);
        let timestamp = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        let mut message = String::with_capacity(256 + body.len());
        write!(message, "POST\n{}\n{timestamp}\n{nonce:032x}\n", self.url.path())?;
        let mut message = message.into_bytes();
        message.extend_from_slice(&body);
        message.push(b'\n');
        let mut signature = vec![0; self.signer.public_modulus_len()];
        self.signer
            .sign(&RSA_PKCS1_SHA256, &self.random, &message, &mut signature)?;
        let mut authorization = String::with_capacity(640);
        write!(
            authorization,
            "WECHATPAY2-SHA256-RSA2048 mchid=\"{}\",nonce_str=\"{nonce:032x}\",timestamp=\"{timestamp}\",serial_no=\"{}\",signature=\"",
            self.mchid, self.serial_no,
        )?;
        STANDARD.encode_string(&signature, &mut authorization);
        authorization.push('"');
        let mut headers = HeaderMap::with_capacity(8);
        headers.insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(header::USER_AGENT, HeaderValue::from_static("reference/1.0"));
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        headers.insert(SERIAL, HeaderValue::from_str(&self.public_key_id)?);
        headers.insert(header::AUTHORIZATION, HeaderValue::try_from(authorization)?);
        Ok((headers, body))
    }

    /// The whole exchange.
    pub async fn send(&self, request: &MiniProgramPreEntrustSign) -> Result<PreEntrustSign> {
        let (headers, body) = self.prepare(request)?;
        let mut attempt = reqwest::Request::new(Method::POST, self.url.clone());
        *attempt.headers_mut() = headers;
        *attempt.body_mut() = Some(body.into());
        let mut response = self.http.execute(attempt).await?;
        let (status, headers) = (response.status(), std::mem::take(response.headers_mut()));
        let body = response.bytes().await?;
        if !status.is_success() {
            return Err(format!("status {status}").into());
        }
        self.verify(&headers, &body)?;
        Ok(serde_json::from_slice(&body)?)
    }

    fn encrypt(&self, plaintext: &str) -> Result<String> {
        let mut ciphertext = vec![0; self.encryptor.ciphertext_size()];
        self.encryptor
            .encrypt(&OAEP_SHA1_MGF1SHA1, plaintext.as_bytes(), &mut ciphertext, None)?;
        Ok(STANDARD.encode(ciphertext))
    }

    pub fn verify(&self, headers: &HeaderMap, body: &[u8]) -> Result<()> {
        let header = |name: &str| -> Result<&str> { Ok(headers.get(name).ok_or("a header is missing")?.to_str()?) };
        let (timestamp, nonce) = (header("wechatpay-timestamp")?, header("wechatpay-nonce")?);
        let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
        if now.abs_diff(timestamp.parse()?) > 300 {
            return Err("stale".into());
        }
        if header("wechatpay-serial")? != self.public_key_id {
            return Err("signed with another key".into());
        }
        let signature = STANDARD.decode(header("wechatpay-signature")?)?;
        let mut message = Vec::with_capacity(timestamp.len() + nonce.len() + body.len() + 3);
        for line in [timestamp.as_bytes(), nonce.as_bytes(), body] {
            message.extend_from_slice(line);
            message.push(b'\n');
        }
        Ok(self.verifier.verify_sig(&message, &signature)?)
    }

    /// The DER of the public half of the merchant's key.
    pub fn public_key_der(&self) -> Result<Vec<u8>> {
        use aws_lc_rs::signature::KeyPair as _;
        let der: aws_lc_rs::encoding::PublicKeyX509Der<'_> = self.signer.public_key().as_der()?;
        Ok(der.as_ref().to_vec())
    }
}

/// The DER in a PEM text.
fn der(pem: &str) -> Result<Vec<u8>> {
    let base64: String = pem.lines().filter(|line| !line.starts_with("-----")).collect();
    Ok(STANDARD.decode(base64)?)
}
