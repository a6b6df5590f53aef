//! Which encodings of SM2 keys are accepted, the same for every library.
//!
//! A key is the usual one of an elliptic curve (RFC 5480, RFC 5915) that names the curve of SM2. Some hardware names that curve
//! in the place of the algorithm (GM/T 0015); it is read too.

use x509_cert::{
    der::{
        self, Decode, Encode, Reader, SliceReader, TagNumber,
        asn1::{AnyRef, BitStringRef, ContextSpecific, ObjectIdentifier, OctetStringRef},
    },
    spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef},
};
use zeroize::Zeroizing;

use crate::crypto::encoding::Refusal;

/// `id-ecPublicKey` of RFC 5480, for the keys of all curves.
const EC_PUBLIC_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");

/// The curve of SM2 (GM/T 0006).
const SM2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.301");

/// How long a number of the curve is, in bytes.
const LENGTH: usize = 32;

/// A private key's number, and the public key that its text gives beside it.
pub(crate) struct PrivateNumber {
    pub(crate) number: Zeroizing<[u8; LENGTH]>,
    pub(crate) point: Option<[u8; 65]>,
}

/// Whether this is the `SubjectPublicKeyInfo` of an SM2 key, sound or not.
pub(crate) fn is_public_key(spki: &[u8]) -> bool {
    SubjectPublicKeyInfoRef::from_der(spki).is_ok_and(|info| is_sm2(&info.algorithm))
}

/// Whether this is the PKCS#8 of an SM2 key, sound or not.
pub(crate) fn is_pkcs8(pkcs8: &[u8]) -> bool {
    let algorithm = || {
        let mut fields = SliceReader::new(AnyRef::from_der(pkcs8)?.value())?;
        u8::decode(&mut fields)?;
        AlgorithmIdentifierRef::decode(&mut fields)
    };
    algorithm().is_ok_and(|algorithm| is_sm2(&algorithm))
}

/// The point in a `SubjectPublicKeyInfo`: 4, x and y.
pub(crate) fn point(spki: &[u8]) -> Result<[u8; 65], Refusal> {
    let info = SubjectPublicKeyInfoRef::from_der(spki)?;
    if !is_sm2(&info.algorithm) {
        return Err(Refusal::NotRsa);
    }
    uncompressed(&info.subject_public_key)
}

/// The `SubjectPublicKeyInfo` of a point.
#[cfg_attr(
    not(feature = "shangmi"),
    allow(dead_code, reason = "a library encodes its keys with it")
)]
pub(crate) fn spki(point: &[u8; 65]) -> Result<Vec<u8>, Refusal> {
    let info = SubjectPublicKeyInfoRef {
        algorithm: AlgorithmIdentifierRef {
            oid: EC_PUBLIC_KEY,
            parameters: Some(AnyRef::from(&SM2)),
        },
        subject_public_key: BitStringRef::from_bytes(point)?,
    };
    Ok(info.to_der()?)
}

/// The number in a PKCS#8 text (`PRIVATE KEY`).
pub(crate) fn number_of_pkcs8(pkcs8: &[u8]) -> Result<PrivateNumber, Refusal> {
    // PKCS#8 has named the curve, so the key itself need not.
    number(pkcs8_key(pkcs8)?, true)
}

/// The number in an `ECPrivateKey` of RFC 5915 (`EC PRIVATE KEY`), which must name the curve.
pub(crate) fn number_of_sec1(sec1: &[u8]) -> Result<PrivateNumber, Refusal> {
    number(sec1, false)
}

fn pkcs8_key(pkcs8: &[u8]) -> Result<&[u8], Refusal> {
    let mut reader = SliceReader::new(pkcs8)?;
    let key = reader.sequence(|fields| {
        let version = u8::decode(fields)?;
        if !is_sm2(&AlgorithmIdentifierRef::decode(fields)?) {
            return Err(Refusal::NotRsa);
        }
        let key = <&OctetStringRef>::decode(fields)?.as_bytes();
        // What may follow: attributes, and in version 1 (RFC 5958) the public key again.
        while !fields.is_finished() {
            AnyRef::decode(fields)?;
        }
        if version <= 1 { Ok(key) } else { Err(Refusal::Malformed) }
    })?;
    reader.finish()?;
    Ok(key)
}

fn number(ec_private_key: &[u8], curve_is_named: bool) -> Result<PrivateNumber, Refusal> {
    let mut reader = SliceReader::new(ec_private_key)?;
    let read = reader.sequence(|fields| {
        let version = u8::decode(fields)?;
        let digits = <&OctetStringRef>::decode(fields)?.as_bytes();
        let curve = optional::<ObjectIdentifier>(fields, 0)?;
        let point = optional::<BitStringRef<'_>>(fields, 1)?;
        match curve {
            Some(curve) if curve != SM2 => return Err(Refusal::NotRsa),
            None if !curve_is_named => return Err(Refusal::NotRsa),
            _ => {}
        }
        // A few tools leave leading zeros out.
        let zeros = LENGTH.checked_sub(digits.len()).filter(|_| version == 1);
        let mut number = Zeroizing::new([0; LENGTH]);
        let place = zeros.and_then(|zeros| number.get_mut(zeros..));
        place.ok_or(Refusal::Malformed)?.copy_from_slice(digits);
        Ok(PrivateNumber {
            number,
            point: point.as_ref().map(uncompressed).transpose()?,
        })
    })?;
    reader.finish()?;
    Ok(read)
}

fn optional<'a, T: Decode<'a, Error = der::Error> + der::Tagged>(
    fields: &mut SliceReader<'a>,
    number: u32,
) -> Result<Option<T>, der::Error> {
    let read: Option<ContextSpecific<T>> = ContextSpecific::decode_explicit(fields, TagNumber(number))?;
    Ok(read.map(|read| read.value))
}

fn is_sm2(algorithm: &AlgorithmIdentifierRef<'_>) -> bool {
    let names_curve = || {
        let curve = algorithm.parameters.and_then(|parameters| parameters.decode_as().ok());
        curve == Some(SM2)
    };
    algorithm.oid == SM2 || (algorithm.oid == EC_PUBLIC_KEY && names_curve())
}

/// The point, which is written in full everywhere.
fn uncompressed(bits: &BitStringRef<'_>) -> Result<[u8; 65], Refusal> {
    let bytes = bits.as_bytes().and_then(|bytes| bytes.try_into().ok());
    bytes
        .filter(|point: &[u8; 65]| point.first() == Some(&4))
        .ok_or(Refusal::Malformed)
}
