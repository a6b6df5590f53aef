//! Digests of files, as hex.

use sha2::Digest;

/// The digest of `bytes` in lower-case hex.
pub(crate) fn hex<D: Digest>(bytes: &[u8]) -> String {
    to_hex(&D::digest(bytes))
}

/// Lower-case hex.
pub(crate) fn to_hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        text.extend([byte >> 4, byte & 15].map(|nibble| char::from_digit(nibble.into(), 16).unwrap_or_default()));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_the_published_ones() {
        let sm3 = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0";
        assert_eq!(hex::<sm3::Sm3>(b"abc"), sm3);
        // What another client library has.
        let sm3 = "3f5ec5a79871755905e34013fd86d906b334281d2ca5b9ff612a136c7c377815";
        assert_eq!(hex::<sm3::Sm3>(b"Awesome SKIT.FlurlHttpClient.Wechat.TenpayV3!"), sm3);
        let sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hex::<sha2::Sha256>(b"abc"), sha256);
        assert_eq!(hex::<sha1::Sha1>(b"abc"), "a9993e364706816aba3e25717850c26c9cd0d89d");
    }
}
