//! Keys and certificates that this crate makes for a gateway.

use wechatpay_core::{
    PrivateKey, PublicKey,
    keys::{
        Certificate, KeyError, SerialNo,
        generate::{self, GenerateError},
    },
};

use crate::{backends, file};

#[test]
fn a_generated_key_is_read_by_every_backend() {
    let pem = generate::private_key_pem().unwrap();
    let key = PrivateKey::from_pem(pem.as_bytes()).unwrap();
    for backend in backends() {
        let private = PrivateKey::from_pem_with(backend, pem.as_bytes()).unwrap();
        let public = PublicKey::from_pem_with(backend, generate::public_key_pem(&key)).unwrap();
        assert!(public.verify(b"message", &private.sign(b"message").unwrap()));
        assert_eq!(public.modulus_len(), 256);
    }
    assert_ne!(*pem, *generate::private_key_pem().unwrap());
}

#[test]
fn a_generated_text_has_lines_of_64_characters_as_openssl_writes_them() {
    let key = PrivateKey::from_pem(file("pkcs8.pem")).unwrap();
    assert_eq!(generate::public_key_pem(&key).as_bytes(), file("spki.pem"));
}

#[test]
fn a_generated_certificate_has_the_given_serial_number_dates_and_key() {
    let (key, issuer) = (file("pkcs8.pem"), generate::private_key_pem().unwrap());
    let longest = SerialNo::new(&"7f".repeat(20));
    for serial_no in [
        SerialNo::new("01"),
        SerialNo::new("0A57"),
        SerialNo::new("ff00"),
        longest,
    ] {
        for (not_before, not_after) in [(0, 1), (1_577_836_800, 2_524_607_999), (2_524_608_000, 253_402_300_799)] {
            let pem = generate::certificate_pem(&key, issuer.as_bytes(), &serial_no, not_before, not_after).unwrap();
            for backend in backends() {
                let certificate = Certificate::from_pem_with(backend, &pem).unwrap();
                assert_eq!(*certificate.serial_no(), serial_no);
                assert_eq!(certificate.not_before(), i64::try_from(not_before).unwrap());
                assert_eq!(certificate.not_after(), i64::try_from(not_after).unwrap());
                let signature = PrivateKey::from_pem(&key).unwrap().sign(b"message").unwrap();
                assert!(certificate.public_key().verify(b"message", &signature));
            }
        }
    }
}

#[test]
fn what_is_no_serial_number_date_or_key_makes_no_certificate() {
    let key = file("pkcs8.pem");
    let make = |serial_no: &str, not_after| {
        generate::certificate_pem(&key, &key, &SerialNo::new(serial_no), 0, not_after).unwrap_err()
    };
    for serial_no in ["", "+1", "PUB_KEY_ID_01", "中", &"ff".repeat(20), &"11".repeat(21)] {
        assert_eq!(make(serial_no, 1), GenerateError::SerialNo, "{serial_no}");
    }
    assert_eq!(make("01", u64::MAX), GenerateError::Date);
    assert_eq!(make("01", 253_402_300_800), GenerateError::Date);
    let serial_no = SerialNo::new("01");
    assert_eq!(
        generate::certificate_pem(&key, "nothing", &serial_no, 0, 1).unwrap_err(),
        GenerateError::Key(KeyError::NotPem)
    );
}
