//! 国密 against OpenSSL 3, which shares no code with the library: what one side makes, the other reads.
//!
//! `cargo test -p wechatpay-tests --features openssl --test shangmi_openssl` needs the development files of OpenSSL.

mod exchange;
mod gcm;
mod library;

use library::OpenSsl;
use openssl::rand::rand_bytes;
use wechatpay_core::crypto::{ShangmiBackend, shangmi::Shangmi};

const KEYS: usize = 1000;

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand_bytes(&mut bytes).unwrap();
    bytes
}

/// A text of a random length.
fn random_text(shortest: usize, longest: usize) -> Vec<u8> {
    let length = shortest + usize::from(u16::from_ne_bytes(random())) % (longest - shortest + 1);
    let mut text = vec![0; length];
    rand_bytes(&mut text).unwrap();
    text
}

fn point(spki: &[u8]) -> [u8; 65] {
    spki[spki.len() - 65..].try_into().unwrap()
}

/// The lengths of the first two numbers of a DER sequence.
fn lengths(der: &[u8]) -> [u8; 2] {
    // The tag of the sequence, and its length in one to three bytes.
    let start = 2 + usize::from(der[1].saturating_sub(0x80));
    assert_eq!((der[0], der[start]), (0x30, 2));
    let first = der[start + 1];
    let second = start + 2 + usize::from(first);
    assert_eq!(der[second], 2);
    [first, der[second + 1]]
}

#[test]
fn a_thousand_keys_sign_and_encrypt_for_each_other() {
    let sides: [&dyn ShangmiBackend; 2] = [&Shangmi, &OpenSsl];
    let mut seen = [0_usize; 3];
    for _ in 0..KEYS {
        let number = random();
        let keys = sides.map(|side| side.private_key(&number).unwrap());
        let spki = keys[0].public_key_der();
        assert_eq!(spki, keys[1].public_key_der());
        let public_keys = sides.map(|side| side.public_key(&point(&spki)).unwrap());
        let (message, plaintext) = (random_text(0, 600), random_text(1, 600));
        for (own, other) in [(0, 1), (1, 0)] {
            let signature = keys[own].sign(&message).unwrap();
            assert!(
                public_keys[other].verify(&message, &signature),
                "{number:?} {message:?}"
            );
            let mut changed = message.clone();
            changed.push(0);
            assert!(!public_keys[other].verify(&changed, &signature));

            let ciphertext = public_keys[own].encrypt(&plaintext).unwrap();
            let decrypted = keys[other].decrypt(&ciphertext).unwrap();
            assert_eq!(*decrypted, plaintext, "{number:?} {ciphertext:?}");
            for length in lengths(&ciphertext) {
                seen[usize::from(length.clamp(31, 33) - 31)] += 1;
            }
        }
    }
    // Numbers that are shorter than 32 bytes, of 32 bytes, and with a zero byte before them.
    assert!(seen.iter().all(|count| *count > 0), "{seen:?}");
    println!("coordinates below 32 bytes, of 32 and of 33 bytes in ciphertexts: {seen:?}");
}

#[test]
fn a_thousand_texts_are_encrypted_with_sm4_gcm_and_opened() {
    for _ in 0..KEYS {
        let (key, nonce): ([u8; 16], [u8; 12]) = (random(), random());
        let (associated_data, plaintext) = (random_text(0, 100), random_text(0, 2000));
        let mut ciphertext = gcm::encrypt(&key, &nonce, &associated_data, &plaintext);
        for side in [&Shangmi as &dyn ShangmiBackend, &OpenSsl] {
            let opened = side
                .sm4_gcm_decrypt(&key, &nonce, &associated_data, &ciphertext)
                .unwrap();
            assert_eq!(*opened, plaintext);
        }
        let at = usize::from(random::<1>()[0]) % ciphertext.len();
        ciphertext[at] ^= 1;
        for side in [&Shangmi as &dyn ShangmiBackend, &OpenSsl] {
            assert!(
                side.sm4_gcm_decrypt(&key, &nonce, &associated_data, &ciphertext)
                    .is_err()
            );
        }
    }
}
