//! Keys and certificates of SM2 (国密), written field by field.

use wechatpay_core::{PrivateKey, crypto::Failed};
use x509_cert::{
    der::{
        self, Any, Encode as _, Tag,
        asn1::{BitStringRef, ObjectIdentifier, OctetStringRef},
    },
    serial_number::SerialNumber,
    spki::AlgorithmIdentifier,
};
use zeroize::Zeroizing;

const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const SM2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.301");
const SM2_WITH_SM3: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.501");

/// The beginning of the largest key, in big-endian order.
const LARGEST: [u8; 8] = [0xff, 0xff, 0xff, 0xfe, 0xff, 0xff, 0xff, 0xff];

/// Whether a random number can be used as a key: it is positive and clearly below the order of the curve.
pub(super) fn is_key(number: &[u8; 32]) -> bool {
    *number != [0; 32] && number.first_chunk().is_some_and(|first| *first < LARGEST)
}

/// The PKCS#8 of a private key.
pub(super) fn private_key(number: &[u8; 32]) -> der::Result<Vec<u8>> {
    let curve = Any::encode_from(&SM2)?;
    let algorithm = AlgorithmIdentifier {
        oid: EC_PUBLIC_KEY,
        parameters: Some(curve),
    };
    let key = Zeroizing::new(sequence(&[&1_u8.to_der()?, &OctetStringRef::new(number)?.to_der()?])?);
    let key = Zeroizing::new(OctetStringRef::new(&key)?.to_der()?);
    sequence(&[&0_u8.to_der()?, &algorithm.to_der()?, &key])
}

/// A certificate of X.509 version 1. `fields` are issuer, validity, subject and public key.
pub(super) fn certificate(
    serial_number: &SerialNumber,
    fields: [&[u8]; 4],
    issuer: &PrivateKey,
) -> Result<Vec<u8>, GenerationFailed> {
    let algorithm = AlgorithmIdentifier::<Any> {
        oid: SM2_WITH_SM3,
        parameters: None,
    };
    let algorithm = algorithm.to_der()?;
    let content = sequence(&[&serial_number.to_der()?, &algorithm, &fields.concat()])?;
    let signature = issuer.sign(&content)?;
    let signature = BitStringRef::from_bytes(&signature)?.to_der()?;
    Ok(sequence(&[&content, &algorithm, &signature])?)
}

/// A certificate could not be encoded or signed.
pub(super) struct GenerationFailed;

impl From<der::Error> for GenerationFailed {
    fn from(_: der::Error) -> Self {
        Self
    }
}

impl From<Failed> for GenerationFailed {
    fn from(_: Failed) -> Self {
        Self
    }
}

fn sequence(fields: &[&[u8]]) -> der::Result<Vec<u8>> {
    Any::new(Tag::Sequence, fields.concat())?.to_der()
}
