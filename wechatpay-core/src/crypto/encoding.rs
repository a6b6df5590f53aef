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

use crate::crypto::{backend::PrivateKeyDer, error::KeyRejected};

/// `rsaEncryption` of PKCS#1. Keys restricted to PSS have another identifier and cannot make these signatures.
const RSA_ENCRYPTION: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");

/// The sizes of keys that are accepted, in bits.
const BITS: std::ops::RangeInclusive<usize> = 2048..=8192;

/// Why an encoding was not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Not DER of the expected structure.
    Malformed,
    /// A key of another algorithm than RSA, and on another curve than SM2's.
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

/// The CRT values of a PKCS#1 private key, big-endian, without leading zeros: the two exponents and the coefficient.
#[allow(dead_code, reason = "some backends check these values themselves")]
pub(crate) fn crt_values(pkcs1: &[u8]) -> Result<[&[u8]; 3], Refusal> {
    SliceReader::new(pkcs1)?.sequence(|fields| {
        u8::decode(fields)?;
        for _before in 0..5 {
            UintRef::decode(fields)?;
        }
        Ok([
            UintRef::decode(fields)?.as_bytes(),
            UintRef::decode(fields)?.as_bytes(),
            UintRef::decode(fields)?.as_bytes(),
        ])
    })
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

#[cfg(test)]
mod tests {
    use super::*;
    use x509_cert::der::{Any, Tag};

    fn sequence(numbers: &[&[u8]]) -> Vec<u8> {
        let encoded = numbers
            .iter()
            .map(|number| UintRef::new(number).unwrap().to_der().unwrap());
        let fields: Vec<u8> = encoded.flatten().collect();
        Any::new(Tag::Sequence, fields).unwrap().to_der().unwrap()
    }

    const MODULUS: [u8; 256] = [0xc5; 256];

    fn judged(version: u8, private_exponent: &[u8], primes: [&[u8]; 2]) -> Result<(), Refusal> {
        let [p, q] = primes;
        let one: &[u8] = &[1];
        let key = sequence(&[&[version], &MODULUS, one, private_exponent, p, q, one, one, one]);
        private_key_pkcs1(PrivateKeyDer::Pkcs1(&key)).map(|pkcs1| assert_eq!(pkcs1, key))
    }

    #[test]
    fn b8_a_private_key_has_two_primes_of_half_its_size_and_an_exponent_below_its_modulus() {
        let prime: &[u8] = &[0xff; 128];
        let long_prime: &[u8] = &[&[1], prime].concat();
        let mut below = MODULUS;
        below[255] -= 1;
        let mut above = MODULUS;
        above[255] += 1;
        for (version, private_exponent, primes, sound) in [
            (0, &below[..], [prime, prime], true),
            (0, &[0xff; 255], [prime, &[3]], true),
            (1, &below, [prime, prime], false),
            (0, &MODULUS, [prime, prime], false),
            (0, &above, [prime, prime], false),
            (0, &[1; 257], [prime, prime], false),
            (0, &below, [long_prime, prime], false),
            (0, &below, [prime, long_prime], false),
        ] {
            let expected = if sound { Ok(()) } else { Err(Refusal::Malformed) };
            let length = private_exponent.len();
            assert_eq!(
                judged(version, private_exponent, primes),
                expected,
                "{version} {length}"
            );
        }
    }

    #[test]
    fn b8_a_public_key_of_pkcs1_is_wrapped_with_its_numbers() {
        let spki = spki_of_pkcs1(&sequence(&[&MODULUS, &[1, 0, 1]])).unwrap();
        assert_eq!(public_numbers(&spki).map(|numbers| numbers.modulus), Ok(&MODULUS[..]));
    }

    #[test]
    fn b8_keys_have_2048_to_8192_bits() {
        let spki = |bytes: usize, first: u8| {
            let modulus = [vec![first], vec![0xff; bytes - 1]].concat();
            let spki = spki_of_pkcs1(&sequence(&[&modulus, &[1, 0, 1]])).unwrap();
            public_numbers(&spki).map(drop)
        };
        assert_eq!(spki(256, 0x80), Ok(()));
        assert_eq!(spki(1024, 0xff), Ok(()));
        assert_eq!(spki(256, 0x7f), Err(Refusal::Bits(2047)));
        assert_eq!(spki(1025, 0x01), Err(Refusal::Bits(8193)));
    }
}
