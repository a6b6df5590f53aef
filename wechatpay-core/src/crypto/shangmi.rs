//! 国密 in pure Rust: the crates `sm2`, `sm3`, `sm4` and `aes-gcm` of the RustCrypto project.
//!
//! **Nobody has audited these crates, and they are not constant-time throughout**: `sm4` looks bytes up in a table, and the hash
//! inside a ciphertext is compared byte by byte. Where an attacker can measure precisely, or a certified product is required,
//! put another library in their place: [`ShangmiBackend`].
//!
//! Signatures are deterministic (RFC 6979 with SM3), so they need no randomness. A private key is wiped when it is dropped, and
//! so are decrypted texts. What the crates compute from the key for one operation is not wiped.

use std::sync::Arc;

use aes_gcm::{
    AesGcm, KeyInit as _,
    aead::{Aead as _, Payload, consts::U12},
};
use getrandom::SysRng;
use sm2::{
    PublicKey as Point, SecretKey,
    dsa::{
        Signature, SigningKey, VerifyingKey,
        signature::{Signer as _, Verifier as _},
    },
    elliptic_curve::sec1::ToSec1Point as _,
    pke::{DecryptingKey, EncryptingKey},
};
use sm4::Sm4;
use x509_cert::der::{
    self, Decode as _, Encode as _, Reader as _, SliceReader,
    asn1::{OctetStringRef, UintRef},
};
use zeroize::Zeroizing;

use crate::crypto::{
    error::{Failed, KeyRejected},
    shangmi_backend::{ShangmiBackend, Sm2PrivateKey, Sm2PublicKey},
    sm2_encoding,
};

/// The user id of every signature (distid), which the documentation of 国密 fixes.
const USER_ID: &str = "1234567812345678";

/// The library of the feature `shangmi`. It is used without being named, whatever the crypto backend is.
///
/// ```
/// use wechatpay_core::{PublicKey, PrivateKey, crypto::{ShangmiBackend, shangmi::Shangmi}};
///
/// let key = PrivateKey::from_sm2(Shangmi.private_key(&[0x11; 32])?);
/// let public_key = PublicKey::from_der(&key.public_key_der())?;
/// assert!(public_key.verify(b"message", &key.sign(b"message")?));
/// let ciphertext = public_key.encrypt("张三".as_bytes())?;
/// assert_eq!(key.decrypt(&ciphertext)?.as_slice(), "张三".as_bytes());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Copy, Default)]
pub struct Shangmi;

impl ShangmiBackend for Shangmi {
    fn private_key(&self, number: &[u8; 32]) -> Result<Arc<dyn Sm2PrivateKey>, KeyRejected> {
        let key = SecretKey::from_slice(number).map_err(|_| KeyRejected)?;
        let key = PrivateKey {
            public_key_der: spki(&key.public_key())?,
            key,
        };
        // The number n - 1 is no key, because it makes no signature.
        key.sign(b"").map_err(|Failed| KeyRejected)?;
        Ok(Arc::new(key))
    }

    fn public_key(&self, point: &[u8; 65]) -> Result<Arc<dyn Sm2PublicKey>, KeyRejected> {
        let point = Point::from_sec1_bytes(point).map_err(|_| KeyRejected)?;
        Ok(Arc::new(PublicKey {
            verifier: VerifyingKey::new(USER_ID, point).map_err(|_| KeyRejected)?,
            encrypter: EncryptingKey::new(point),
        }))
    }

    fn sm4_gcm_decrypt(
        &self,
        key: &[u8; 16],
        nonce: &[u8],
        associated_data: &[u8],
        ciphertext: &[u8],
    ) -> Result<Zeroizing<Vec<u8>>, Failed> {
        let nonce: &[u8; 12] = nonce.try_into().map_err(|_| Failed)?;
        let payload = Payload {
            msg: ciphertext,
            aad: associated_data,
        };
        let plaintext = AesGcm::<Sm4, U12>::new(key.into())
            .decrypt(nonce.into(), payload)
            .map_err(|_| Failed)?;
        Ok(Zeroizing::new(plaintext))
    }
}

fn spki(point: &Point) -> Result<Vec<u8>, KeyRejected> {
    let encoded = point.to_sec1_point(false);
    let bytes: &[u8; 65] = encoded.as_bytes().try_into().map_err(|_| KeyRejected)?;
    Ok(sm2_encoding::spki(bytes)?)
}

struct PrivateKey {
    /// Wiped when it is dropped. The crate's keys for signing and decrypting are not, so they are made for each use.
    key: SecretKey,
    public_key_der: Vec<u8>,
}

impl Sm2PrivateKey for PrivateKey {
    fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Failed> {
        let signer = SigningKey::new(USER_ID, &self.key).map_err(|_| Failed)?;
        let signature = signer.try_sign(message).map_err(|_| Failed)?;
        sequence(&[&integer(&signature.r_bytes())?, &integer(&signature.s_bytes())?])
    }

    fn decrypt(&self, ciphertext: &[u8]) -> Result<Zeroizing<Vec<u8>>, Failed> {
        let plain = unwrapped(ciphertext)?;
        DecryptingKey::new(self.key.clone())
            .decrypt(&plain)
            .map(Zeroizing::new)
            .map_err(|_| Failed)
    }

    fn public_key_der(&self) -> Vec<u8> {
        self.public_key_der.clone()
    }
}

struct PublicKey {
    verifier: VerifyingKey,
    encrypter: EncryptingKey,
}

impl Sm2PublicKey for PublicKey {
    fn verify(&self, message: &[u8], signature: &[u8]) -> bool {
        numbers(signature).is_ok_and(|[r, s]| {
            Signature::from_scalars(r, s).is_ok_and(|signature| self.verifier.verify(message, &signature).is_ok())
        })
    }

    fn encrypt(&self, plaintext: &[u8]) -> Result<Vec<u8>, Failed> {
        let plain = self.encrypter.encrypt(&mut SysRng, plaintext).map_err(|_| Failed)?;
        wrapped(&plain)
    }
}

/// The length of an SM3 hash in bytes.
const HASH: usize = 32;

/// The DER of a ciphertext: x, y, the hash and the encrypted text. The crate has them one after the other (C1C3C2).
fn wrapped(plain: &[u8]) -> Result<Vec<u8>, Failed> {
    let (point, rest) = plain.split_first_chunk::<65>().ok_or(Failed)?;
    let (hash, encrypted) = rest.split_first_chunk::<HASH>().ok_or(Failed)?;
    let [_, xy @ ..] = point;
    let (x, y) = xy.split_at(32);
    let octets = |bytes| OctetStringRef::new(bytes)?.to_der();
    let [hash, encrypted] = [octets(hash), octets(encrypted)].map(|octets| octets.map_err(|_: der::Error| Failed));
    sequence(&[&integer(x)?, &integer(y)?, &hash?, &encrypted?])
}

/// The opposite of [`wrapped`]. A number of DER has no leading zeros, so x and y are padded.
fn unwrapped(der: &[u8]) -> Result<Vec<u8>, Failed> {
    let mut reader = SliceReader::new(der)?;
    let plain = reader.sequence(|fields| {
        let [x, y] = [padded(fields)?, padded(fields)?];
        let hash = <&OctetStringRef>::decode(fields)?.as_bytes();
        let encrypted = <&OctetStringRef>::decode(fields)?.as_bytes();
        if hash.len() != HASH || encrypted.is_empty() {
            return Err(Failed);
        }
        Ok([&[4][..], &x, &y, hash, encrypted].concat())
    })?;
    reader.finish()?;
    Ok(plain)
}

/// The two numbers of a signature.
fn numbers(der: &[u8]) -> Result<[[u8; 32]; 2], Failed> {
    let mut reader = SliceReader::new(der)?;
    let numbers = reader.sequence(|fields| Ok::<_, Failed>([padded(fields)?, padded(fields)?]))?;
    reader.finish()?;
    Ok(numbers)
}

fn padded(fields: &mut SliceReader<'_>) -> Result<[u8; 32], Failed> {
    let digits = UintRef::decode(fields)?.as_bytes();
    let mut number = [0; 32];
    let place = number
        .len()
        .checked_sub(digits.len())
        .and_then(|zeros| number.get_mut(zeros..));
    place.ok_or(Failed)?.copy_from_slice(digits);
    Ok(number)
}

fn integer(number: &[u8]) -> Result<Vec<u8>, Failed> {
    Ok(UintRef::new(number)?.to_der()?)
}

fn sequence(fields: &[&[u8]]) -> Result<Vec<u8>, Failed> {
    let content = fields.concat();
    Ok(der::Any::new(der::Tag::Sequence, content)?.to_der()?)
}

impl From<der::Error> for Failed {
    fn from(_: der::Error) -> Self {
        Self
    }
}
