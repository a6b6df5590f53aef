//! SM4-GCM (RFC 8998) out of SM4 as OpenSSL 3.0 has it, which is block by block. The rest is NIST SP 800-38D.

use openssl::symm::{Cipher, Crypter, Mode};

fn blocks(key: &[u8; 16], input: &[u8]) -> Vec<u8> {
    let mut crypter = Crypter::new(Cipher::sm4_ecb(), Mode::Encrypt, key, None).unwrap();
    crypter.pad(false);
    let mut output = vec![0; input.len() + 16];
    let length = crypter.update(input, &mut output).unwrap();
    let rest = crypter.finalize(&mut output[length..]).unwrap();
    output.truncate(length + rest);
    output
}

/// The text under the key stream, which is its own opposite.
fn stream(key: &[u8; 16], nonce: &[u8; 12], text: &[u8]) -> Vec<u8> {
    let counters = (2_u32..).take(text.len().div_ceil(16));
    let input: Vec<u8> = counters
        .flat_map(|counter| [&nonce[..], &counter.to_be_bytes()].concat())
        .collect();
    let stream = blocks(key, &input);
    text.iter().zip(stream).map(|(text, stream)| text ^ stream).collect()
}

/// The product in GF(2^128), where the first bit is the lowest power.
fn product(x: u128, mut v: u128) -> u128 {
    let mut z = 0;
    for bit in (0..128).rev() {
        if x >> bit & 1 == 1 {
            z ^= v;
        }
        v = (v >> 1) ^ if v & 1 == 1 { 0xe1 << 120 } else { 0 };
    }
    z
}

fn tag(key: &[u8; 16], nonce: &[u8; 12], associated_data: &[u8], ciphertext: &[u8]) -> [u8; 16] {
    let block = |bytes: &[u8]| {
        let mut block = [0; 16];
        block[..bytes.len()].copy_from_slice(bytes);
        u128::from_be_bytes(block)
    };
    let h = block(&blocks(key, &[0; 16]));
    let lengths = ((associated_data.len() as u128 * 8) << 64) | (ciphertext.len() as u128 * 8);
    let hash = [associated_data, ciphertext]
        .into_iter()
        .flat_map(|part| part.chunks(16).map(block))
        .chain([lengths])
        .fold(0, |hash, block| product(hash ^ block, h));
    let first = blocks(key, &[&nonce[..], &[0, 0, 0, 1]].concat());
    (hash ^ block(&first)).to_be_bytes()
}

pub(crate) fn encrypt(key: &[u8; 16], nonce: &[u8; 12], associated_data: &[u8], plaintext: &[u8]) -> Vec<u8> {
    let mut ciphertext = stream(key, nonce, plaintext);
    let tag = tag(key, nonce, associated_data, &ciphertext);
    ciphertext.extend(tag);
    ciphertext
}

pub(crate) fn open(key: &[u8; 16], nonce: &[u8], associated_data: &[u8], ciphertext: &[u8]) -> Option<Vec<u8>> {
    let nonce: &[u8; 12] = nonce.try_into().ok()?;
    let (ciphertext, expected) = ciphertext.split_last_chunk::<16>()?;
    (tag(key, nonce, associated_data, ciphertext) == *expected).then(|| stream(key, nonce, ciphertext))
}

#[test]
fn it_is_that_of_rfc_8998() {
    let hex = |text: &str| {
        openssl::bn::BigNum::from_hex_str(text)
            .unwrap()
            .to_vec_padded(text.len() as i32 / 2)
            .unwrap()
    };
    let ciphertext = encrypt(
        hex("0123456789ABCDEFFEDCBA9876543210").as_slice().try_into().unwrap(),
        hex("00001234567800000000ABCD").as_slice().try_into().unwrap(),
        &hex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2"),
        &hex(concat!(
            "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDD",
            "EEEEEEEEEEEEEEEEFFFFFFFFFFFFFFFFEEEEEEEEEEEEEEEEAAAAAAAAAAAAAAAA"
        )),
    );
    assert_eq!(ciphertext[64..], hex("83DE3541E4C2B58177E065A9BF7B62EC"));
}
