//! Certificates and their serial numbers.

use std::collections::HashMap;

use wechatpay_core::keys::{Certificate, KeyError, KeyKind, SerialNo};

use crate::{backends, file, private_key};

const SERIAL_NO: &str = "0A57F09EFDC096DE15EBE81A47057A7232F1B8E1";

#[test]
fn a_certificate_has_its_serial_number_dates_and_key() {
    for backend in backends() {
        let certificate = Certificate::from_pem_with(backend, file("certificate.pem")).unwrap();
        assert_eq!(certificate.serial_no().as_str(), SERIAL_NO);
        // 2020-01-01T00:00:00Z and 2099-12-31T23:59:59Z
        assert_eq!(
            (certificate.not_before(), certificate.not_after()),
            (1_577_836_800, 4_102_444_799)
        );
        let signature = private_key(backend).sign(b"message").unwrap();
        assert!(certificate.public_key().verify(b"message", &signature));
    }
}

#[test]
fn a_certificate_is_valid_from_its_first_to_its_last_second() {
    let certificate = Certificate::from_pem(file("certificate.pem")).unwrap();
    for (moment, valid) in [
        (i64::MIN, false),
        (0, false),
        (1_577_836_799, false),
        (1_577_836_800, true),
        (4_102_444_799, true),
        (4_102_444_800, false),
        (i64::MAX, false),
    ] {
        assert_eq!(certificate.is_valid_at(moment), valid, "{moment}");
    }
}

#[test]
fn a_certificate_with_another_key_than_rsa_2048_is_refused() {
    for backend in backends() {
        let error = |name| Certificate::from_pem_with(backend, file(name)).unwrap_err();
        assert_eq!(error("ec_certificate.pem"), KeyError::NotRsa);
        let error = error("rsa1024_certificate.pem");
        assert!(matches!(error, KeyError::WrongSize { bits: 1024, .. }), "{error}");
    }
}

#[test]
fn only_a_certificate_is_parsed_as_a_certificate() {
    for (name, found) in [
        ("pkcs8.pem", KeyKind::PrivateKey),
        ("spki.pem", KeyKind::PublicKey),
        ("certificate_request.pem", KeyKind::CertificateRequest),
    ] {
        let error = Certificate::from_pem(file(name)).unwrap_err();
        match error {
            KeyError::WrongKind {
                wanted, found: block, ..
            } => assert_eq!((wanted, block), (KeyKind::Certificate, found)),
            other => panic!("{other:?}"),
        }
    }
    for der in [&b""[..], b"0", &[0x30, 0x82, 0xff, 0xff], &[0xff; 1000]] {
        assert_eq!(Certificate::from_der(der).unwrap_err(), KeyError::Damaged);
    }
}

#[test]
fn b10_a_serial_number_in_lower_case_or_with_other_leading_zeros_is_the_same() {
    let certificate = Certificate::from_pem(file("certificate.pem")).unwrap();
    let keys = HashMap::from([(certificate.serial_no().clone(), ())]);
    for form in [
        SERIAL_NO,
        "0a57f09efdc096de15ebe81a47057a7232f1b8e1",
        "A57F09EFDC096DE15EBE81A47057A7232F1B8E1",
        "000a57F09EFDC096DE15EBE81A47057A7232F1B8E1",
    ] {
        assert_eq!(&SerialNo::new(form), certificate.serial_no(), "{form}");
        assert!(keys.contains_key(&SerialNo::new(form)));
        assert_eq!(SerialNo::new(form).to_string(), SERIAL_NO);
    }
    for other in [
        "",
        "A57F09EFDC096DE15EBE81A47057A7232F1B8E10",
        "A57F09EFDC096DE15EBE81A47057A7232F1B8E",
    ] {
        assert_ne!(&SerialNo::new(other), certificate.serial_no(), "{other}");
    }
}

#[test]
fn b10_an_id_that_is_not_a_number_is_kept_unchanged() {
    for id in [
        "PUB_KEY_ID_0114232134912410000000000000",
        "pub_key_id_00a",
        "",
        " 0a",
        "0x0a",
        "中",
    ] {
        assert_eq!(SerialNo::new(id).as_str(), id);
    }
    assert_ne!(SerialNo::new("PUB_KEY_ID_01"), SerialNo::new("pub_key_id_01"));
    assert_ne!(SerialNo::new("PUB_KEY_ID_01"), SerialNo::new("PUB_KEY_ID_1"));
}

#[test]
fn b10_a_serial_number_always_has_whole_bytes() {
    for (given, shown) in [
        ("0", "00"),
        ("000", "00"),
        ("1", "01"),
        ("abc", "0ABC"),
        ("0abc", "0ABC"),
        ("ff", "FF"),
    ] {
        assert_eq!(SerialNo::new(given).as_str(), shown);
    }
}
