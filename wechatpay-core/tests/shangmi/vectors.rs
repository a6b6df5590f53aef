//! Test vectors of the standards and of other implementations.

use crate::{base64, hex, key_of, public};
use wechatpay_core::crypto::{ShangmiBackend as _, shangmi::Shangmi};

/// The test keys of two client libraries in other languages.
const FIRST: &str = "fd4f526b3e5c78319084504c7ff707221dbeab92f3be1adbf0bd92238b0f511f";
const SECOND: &str = "dd678fa20f51e1457f1159640b0f181eefab5c2fe29a207cf631666803de5f3e";

#[test]
fn a_signature_of_another_library_verifies() {
    for (number, message, signature) in [
        (
            FIRST,
            "message",
            "MEYCIQD35Rp3CKt7pLme/a0GaCVmwSeOl7X/12+ppRivcJuf6QIhAO5Vpy4tSk9SJUrgH5I5Qy0aYhFG9lN0aof1f5wJOI05",
        ),
        (
            SECOND,
            "SM2WithSM3SignTest",
            "MEUCIQCDzgpF2Z//sbFzASVQnwme2phm4ho5cr8/1Pz0+MONTwIgeQvhoWOTk1rngYRSlHeqqwtNFVD/vf3qtgl9mecvERI=",
        ),
    ] {
        let (key, signature) = (public(&key_of(number)), base64(signature));
        assert!(key.verify(message.as_bytes(), &signature));
        assert!(!key.verify(b"false-message", &signature));
        for bit in 0..signature.len() * 8 {
            let mut changed = signature.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(!key.verify(message.as_bytes(), &changed), "bit {bit}");
        }
    }
}

/// RFC 6979 with SM3: the same message always has the same signature, so that a broken random source cannot reveal the key.
#[test]
fn a_signature_is_deterministic() {
    let signature = "MEUCIC7axfdsvVPXzd3VxkJs2iEZ/lItHWbt5ow5EpU4PBtaAiEAxNBofzm4T9UPmQZyCGtBoLjMgYgfItFX0a4e2/qUbLM=";
    assert_eq!(key_of(FIRST).sign(b"message").unwrap(), base64(signature));
}

#[test]
fn a_ciphertext_of_another_library_is_decrypted() {
    for (number, ciphertext, plaintext) in [
        (
            FIRST,
            "MHECIAGn23Ew8nF0zRfu3qgdD6VATSmGM5wrVFvNqg1ToXneAiBgfOJLVi1NtpRVH2qanzooL4gOrDKKOloD7gS17g+iCQQgcTtJpGhytHZeV/HeTqYkg3YqOY+Vybx+OQx217Ktn0QECdMjiI7lpId5dg==",
            "plaintext",
        ),
        (
            SECOND,
            "MHYCIGJ7gjFjd6U7kOj63HLbRgPAn6cVf4eDF4emz9oCX5gKAiBAHmgAvH2WU/2+dyqMK7/Q8eD/Q9LhYFV2gqc+fv7EiAQgiHX2wr7GCnBbAsfR3stJ1i/Csc0Mq3RzVd+ZefVlr7gEDvfJIMlMcs4Q2HoMd8Jk",
            "SM2DecryptTest",
        ),
    ] {
        let (key, damaged) = (key_of(number), ciphertext.replace('1', "2"));
        assert_eq!(
            key.decrypt(&base64(ciphertext)).unwrap().as_slice(),
            plaintext.as_bytes()
        );
        assert!(key.decrypt(&base64(&damaged)).is_err() || damaged == ciphertext);
        let ciphertext = base64(ciphertext);
        for bit in 0..ciphertext.len() * 8 {
            let mut changed = ciphertext.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(key.decrypt(&changed).is_err(), "bit {bit}");
        }
        for end in 0..ciphertext.len() {
            assert!(key.decrypt(&ciphertext[..end]).is_err(), "{end}");
        }
        assert!(key_of(&"11".repeat(32)).decrypt(&ciphertext).is_err());
    }
}

/// RFC 8998, appendix A.1.
#[test]
fn sm4_gcm_is_that_of_rfc_8998() {
    let key: [u8; 16] = hex("0123456789ABCDEFFEDCBA9876543210").try_into().unwrap();
    let nonce = hex("00001234567800000000ABCD");
    let associated_data = hex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2");
    let plaintext = hex(concat!(
        "AAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBCCCCCCCCCCCCCCCCDDDDDDDDDDDDDDDD",
        "EEEEEEEEEEEEEEEEFFFFFFFFFFFFFFFFEEEEEEEEEEEEEEEEAAAAAAAAAAAAAAAA"
    ));
    let ciphertext = hex(concat!(
        "17F399F08C67D5EE19D0DC9969C4BB7D5FD46FD3756489069157B282BB200735",
        "D82710CA5C22F0CCFA7CBF93D496AC15A56834CBCF98C397B4024A2691233B8D",
        "83DE3541E4C2B58177E065A9BF7B62EC"
    ));
    let decrypted =
        |nonce: &[u8], ciphertext: &[u8]| Shangmi.sm4_gcm_decrypt(&key, nonce, &associated_data, ciphertext);
    assert_eq!(*decrypted(&nonce, &ciphertext).unwrap(), plaintext);
    for bit in 0..ciphertext.len() * 8 {
        let mut changed = ciphertext.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        assert!(decrypted(&nonce, &changed).is_err(), "bit {bit}");
    }
    for length in [0, 11, 13, 16] {
        assert!(decrypted(&vec![0; length], &ciphertext).is_err(), "{length}");
    }
    for length in 0..16 {
        assert!(decrypted(&nonce, &ciphertext[..length]).is_err(), "{length}");
    }
}
