//! Which encodings of RSA keys are accepted, the same for every backend.
//!
//! Cryptographic libraries differ in what they let pass: bytes after the key, other algorithm identifiers, small or
//! lopsided numbers. The encoding is therefore judged here, strictly, and a backend only does the arithmetic.

use x509_cert::{
    der::{
        self, Decode, Encode, Reader, SliceReader,
        asn1::{AnyRef, BitStringRef, ObjectIdentifier, OctetStringRef, UintRef},
    },
    spki::{AlgorithmIdentifierRef, SubjectPublicKeyInfoRef},
};

use super::{KeyRejected, PrivateKeyDer};

/// `rsaEncryption` of PKCS#1. Keys restricted to PSS have another identifier and cannot make these signatures.
const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

/// The sizes of keys that are accepted, in bits.
const BITS: std::ops::RangeInclusive<usize> = 2048..=8192;

/// Why an encoding was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Not DER of the expected structure.
    Malformed,
    /// A key of another algorithm.
    NotRsa,
    /// An RSA key of this many bits.
    Bits(usize),
}

impl From<der::Error> for Refusal {
    fn from(_: der::Error) -> Self {
        Self::Malformed
    }
}

impl From<Refusal> for KeyRejected {
    fn from(_: Refusal) -> Self {
        Self
    }
}

/// The numbers of a public key, big-endian, without leading zeros.
pub(crate) struct PublicNumbers<'a> {
    pub(crate) modulus: &'a [u8],
    #[cfg_attr(
        not(feature = "rsa"),
        expect(dead_code, reason = "the other backend reads the DER itself")
    )]
    pub(crate) exponent: &'a [u8],
}

/// Reads a `SubjectPublicKeyInfo`.
pub(crate) fn public_numbers(spki: &[u8]) -> Result<PublicNumbers<'_>, Refusal> {
    let info = SubjectPublicKeyInfoRef::from_der(spki)?;
    require_rsa(&info.algorithm)?;
    let key = info.subject_public_key.as_bytes().ok_or(Refusal::Malformed)?;
    let mut reader = SliceReader::new(key)?;
    let numbers = reader.sequence(|fields| {
        let modulus = UintRef::decode(fields)?.as_bytes();
        let exponent = UintRef::decode(fields)?.as_bytes();
        Ok::<_, Refusal>(PublicNumbers { modulus, exponent })
    })?;
    reader.finish()?;
    require_size(numbers.modulus)?;
    Ok(numbers)
}

/// Wraps a PKCS#1 `RSAPublicKey` into a `SubjectPublicKeyInfo`.
pub(crate) fn spki_of_pkcs1(public_key: &[u8]) -> Result<Vec<u8>, Refusal> {
    let info = SubjectPublicKeyInfoRef {
        algorithm: AlgorithmIdentifierRef {
            oid: RSA_ENCRYPTION,
            parameters: Some(AnyRef::NULL),
        },
        subject_public_key: BitStringRef::from_bytes(public_key)?,
    };
    Ok(info.to_der()?)
}

/// Checks the encoding of a private key and gives its PKCS#1 part.
pub(crate) fn private_key_pkcs1(der: PrivateKeyDer<'_>) -> Result<&[u8], Refusal> {
    let pkcs1 = match der {
        PrivateKeyDer::Pkcs1(pkcs1) => pkcs1,
        PrivateKeyDer::Pkcs8(pkcs8) => unwrap_pkcs8(pkcs8)?,
    };
    let mut reader = SliceReader::new(pkcs1)?;
    reader.sequence(|fields| {
        let version = u8::decode(fields)?;
        let modulus = UintRef::decode(fields)?.as_bytes();
        UintRef::decode(fields)?;
        let private_exponent = UintRef::decode(fields)?.as_bytes();
        let primes = [UintRef::decode(fields)?.as_bytes(), UintRef::decode(fields)?.as_bytes()];
        for _crt_value in 0..3 {
            UintRef::decode(fields)?;
        }
        require_size(modulus)?;
        // Version 0 is a key of two primes. Lopsided primes are no key that any tool makes, and cost security.
        let half = bits(modulus).div_ceil(2);
        let sound = version == 0
            && (private_exponent.len(), private_exponent) < (modulus.len(), modulus)
            && primes.into_iter().all(|prime| bits(prime) <= half);
        if sound { Ok(()) } else { Err(Refusal::Malformed) }
    })?;
    reader.finish()?;
    Ok(pkcs1)
}

fn unwrap_pkcs8(pkcs8: &[u8]) -> Result<&[u8], Refusal> {
    let mut reader = SliceReader::new(pkcs8)?;
    let pkcs1 = reader.sequence(|fields| {
        let version = u8::decode(fields)?;
        require_rsa(&AlgorithmIdentifierRef::decode(fields)?)?;
        let key = <&OctetStringRef>::decode(fields)?.as_bytes();
        // What may follow: attributes, and in version 1 (RFC 5958) the public key again.
        while !fields.is_finished() {
            AnyRef::decode(fields)?;
        }
        if version <= 1 { Ok(key) } else { Err(Refusal::Malformed) }
    })?;
    reader.finish()?;
    Ok(pkcs1)
}

fn require_rsa(algorithm: &AlgorithmIdentifierRef<'_>) -> Result<(), Refusal> {
    if algorithm.oid != RSA_ENCRYPTION {
        return Err(Refusal::NotRsa);
    }
    // RFC 3279, section 2.3.1: the parameters are NULL.
    if algorithm.parameters == Some(AnyRef::NULL) {
        Ok(())
    } else {
        Err(Refusal::Malformed)
    }
}

fn require_size(modulus: &[u8]) -> Result<(), Refusal> {
    let bits = bits(modulus);
    if BITS.contains(&bits) {
        Ok(())
    } else {
        Err(Refusal::Bits(bits))
    }
}

/// The bit length of a number without leading zero bytes.
fn bits(number: &[u8]) -> usize {
    let unused = number.first().map_or(0, |first| first.leading_zeros() as usize);
    (number.len() * 8).saturating_sub(unused)
}
