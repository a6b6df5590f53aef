//! The form of a ciphertext of SM2 (国密).

use x509_cert::der::{
    self, Decode as _, Reader as _, SliceReader,
    asn1::{OctetStringRef, UintRef},
};

/// The length of an SM3 hash in bytes.
const HASH: usize = 32;

/// Whether these bytes have the form of a ciphertext: the two numbers of a point, a hash, and the encrypted text.
pub(crate) fn is_one(bytes: &[u8]) -> bool {
    parts(bytes).is_ok_and(|hash| hash == HASH)
}

fn parts(bytes: &[u8]) -> der::Result<usize> {
    let mut reader = SliceReader::new(bytes)?;
    let hash = reader.sequence(|fields| {
        for _coordinate in 0..2 {
            UintRef::decode(fields)?;
        }
        let hash = <&OctetStringRef>::decode(fields)?;
        <&OctetStringRef>::decode(fields)?;
        Ok::<_, der::Error>(hash.as_bytes().len())
    })?;
    reader.finish()?;
    Ok(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ciphertext_of_sm2_is_known_by_its_form() {
        let of = |hash: u8, tail: &[u8]| {
            let fields = [
                &[2, 1, 7, 2, 1, 9, 4, hash][..],
                &vec![0; hash.into()],
                &[4, 2, 1, 2],
                tail,
            ]
            .concat();
            [&[0x30, fields.len() as u8][..], &fields].concat()
        };
        assert!(is_one(&of(32, b"")));
        assert!(!is_one(&of(31, b"")));
        assert!(!is_one(&of(32, b"\x05\x00")));
        assert!(!is_one(&[of(32, b""), vec![0]].concat()));
        assert!(!is_one(b""));
        assert!(!is_one("张三".as_bytes()));
    }
}
