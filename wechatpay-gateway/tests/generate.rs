//! Keys and certificates that are generated for tests.
#![allow(clippy::unwrap_used, reason = "a failed test may panic")]

use wechatpay_core::{
    PrivateKey, PublicKey,
    crypto::{Backend, aws_lc_rs::AwsLcRs, rsa::Rsa},
    keys::{Certificate, KeyError, SerialNo},
};
use wechatpay_gateway::{
    Gateway,
    generate::{self, GenerateError},
};

const BACKENDS: [&dyn Backend; 2] = [&AwsLcRs, &Rsa];

fn key() -> String {
    Gateway::start().unwrap().merchant_private_key_pem().to_owned()
}

#[test]
fn a_generated_key_is_read_by_every_backend() {
    let pem = generate::private_key_pem().unwrap();
    let key = PrivateKey::from_pem(pem.as_bytes()).unwrap();
    for backend in BACKENDS {
        let private = PrivateKey::from_pem_with(backend, pem.as_bytes()).unwrap();
        let public = PublicKey::from_pem_with(backend, generate::public_key_pem(&key)).unwrap();
        assert!(public.verify(b"message", &private.sign(b"message").unwrap()));
        assert_eq!(public.modulus_len(), 256);
    }
    assert_ne!(*pem, *generate::private_key_pem().unwrap());
}

#[test]
fn a_generated_text_has_lines_of_at_most_64_characters() {
    let key = key();
    let public = generate::public_key_pem(&PrivateKey::from_pem(&key).unwrap());
    let certificate = generate::certificate_pem(&key, &key, "01", 0, 1).unwrap();
    for pem in [public, certificate, generate::private_key_pem().unwrap().to_string()] {
        let lengths: Vec<usize> = pem.lines().map(str::len).collect();
        let (body, last) = lengths[1..lengths.len() - 1].split_at(lengths.len() - 3);
        assert!(body.iter().all(|length| *length == 64), "{pem}");
        assert!(last[0] <= 64 && pem.ends_with("-----\n"), "{pem}");
    }
}

#[test]
fn a_generated_certificate_has_the_given_serial_number_dates_and_key() {
    let (key, issuer) = (key(), generate::private_key_pem().unwrap());
    for serial_no in ["01", "1", "0A57", "000a57", "ff00", "0", &"7f".repeat(20)] {
        for (not_before, not_after) in [(0, 1), (1_577_836_800, 2_524_607_999), (2_524_608_000, 253_402_300_799)] {
            let pem = generate::certificate_pem(&key, issuer.as_bytes(), serial_no, not_before, not_after).unwrap();
            for backend in BACKENDS {
                let certificate = Certificate::from_pem_with(backend, &pem).unwrap();
                assert_eq!(*certificate.serial_no(), SerialNo::new(serial_no));
                assert_eq!(certificate.not_before(), i64::try_from(not_before).unwrap());
                assert_eq!(certificate.not_after(), i64::try_from(not_after).unwrap());
                let signature = PrivateKey::from_pem(&key).unwrap().sign(b"message").unwrap();
                assert!(certificate.public_key().verify(b"message", &signature));
            }
        }
    }
}

#[test]
fn an_invalid_serial_number_date_or_key_is_an_error() {
    let key = key();
    let make = |serial_no: &str, not_after| generate::certificate_pem(&key, &key, serial_no, 0, not_after).unwrap_err();
    for serial_no in ["", "+1", "PUB_KEY_ID_01", "中", &"ff".repeat(20), &"11".repeat(21)] {
        assert_eq!(make(serial_no, 1), GenerateError::SerialNo, "{serial_no}");
    }
    assert_eq!(make("01", u64::MAX), GenerateError::Date);
    assert_eq!(make("01", 253_402_300_800), GenerateError::Date);
    assert_eq!(
        generate::certificate_pem(&key, "nothing", "01", 0, 1).unwrap_err(),
        GenerateError::Key(KeyError::NotPem)
    );
}
