//! The verification of certificate lists.

use super::support::*;
use crate::{
    crypto::{Suite, default_backend},
    identity::Identity,
    key_store::{
        certificate_list::{ListError, verify},
        key_set::KeySet,
        source::DownloadedList,
    },
    keys::{ApiV3Key, Certificate, KeyError, SerialNo},
    signature::{NONCE, SERIAL, SIGNATURE, TIMESTAMP, VerifyError},
    support::language::{Language, Text},
};
use http::HeaderValue;
use serde_json::{Value, json};

fn set() -> KeySet {
    let mut keys = KeySet::default();
    keys.replace_api_v3_keys(vec![api_v3_key()]);
    keys
}

fn verified_with(keys: &KeySet, list: &DownloadedList) -> Result<Vec<Certificate>, ListError> {
    let identity = Identity::Merchant {
        mchid: "1900000001".to_owned(),
        suite: suite(),
    };
    verify(list, keys, default_backend(), &identity, start())
}

fn verified(list: &DownloadedList) -> Result<Vec<Certificate>, ListError> {
    verified_with(&set(), list)
}

fn refused(list: &DownloadedList) -> ListError {
    verified(list).unwrap_err()
}

fn serial(text: &str) -> SerialNo {
    SerialNo::new(text)
}

#[test]
fn a_list_signed_by_one_of_its_certificates_is_believed() {
    let (a, b) = (Platform::new(0, SERIAL_A), Platform::new(1, SERIAL_B));
    for signer in [&a, &b] {
        let certificates = verified(&signer.sign(&[a.entry(), b.entry()])).unwrap();
        let serials: Vec<&str> = certificates
            .iter()
            .map(|certificate| certificate.serial_no().as_str())
            .collect();
        assert_eq!(serials, [SERIAL_A, SERIAL_B]);
    }
}

#[test]
fn b10_serials_in_a_list_may_be_written_in_any_way() {
    let a = Platform::new(0, SERIAL_A);
    for (listed, header) in [
        (SERIAL_A.to_lowercase(), SERIAL_A.to_owned()),
        (format!("00{SERIAL_A}"), SERIAL_A[1..].to_owned()),
        (SERIAL_A[1..].to_owned(), SERIAL_A.to_lowercase()),
    ] {
        let body = json!({ "data": [entry(&listed, &a.pem, &API_V3_KEY)] }).to_string();
        assert!(verified(&a.sign_as(&header, body)).is_ok(), "{listed} {header}");
    }
}

#[test]
fn a19_a_list_signed_by_a_key_that_is_not_in_it_is_refused() {
    let (a, b) = (Platform::new(0, SERIAL_A), Platform::new(1, SERIAL_B));
    let list = b.sign(&[a.entry()]);
    let not_in_it = ListError::SignedByAnother {
        serial: serial(SERIAL_B),
    };
    assert_eq!(refused(&list), not_in_it);
    // Not even if an earlier list brought that key.
    let mut keys = set();
    keys.replace_downloaded(vec![b.certificate()]);
    assert_eq!(verified_with(&keys, &list).unwrap_err(), not_in_it);
    // Another key under the serial number of one that is in it.
    let body = json!({ "data": [a.entry()] }).to_string();
    assert_eq!(
        refused(&b.sign_as(SERIAL_A, body)),
        ListError::Signature(VerifyError::Wrong)
    );
}

#[test]
fn a_list_signed_by_a_key_that_the_program_gave_is_believed() {
    let (a, b) = (Platform::new(0, SERIAL_A), Platform::new(1, SERIAL_B));
    let body = json!({ "data": [a.entry()] }).to_string();
    let mut keys = set();
    keys.add_public_key(serial(PUBLIC_KEY_ID), b.certificate().public_key().clone())
        .unwrap();
    assert!(verified_with(&keys, &b.sign_as(PUBLIC_KEY_ID, body.clone())).is_ok());
    let mut keys = set();
    keys.add_certificate(b.certificate());
    assert!(verified_with(&keys, &b.sign_as(SERIAL_B, body)).is_ok());
}

#[test]
fn a19_an_empty_list_is_refused() {
    let a = Platform::new(0, SERIAL_A);
    let mut keys = set();
    keys.add_certificate(a.certificate());
    let list = a.sign_as(SERIAL_A, json!({ "data": [] }).to_string());
    assert_eq!(verified_with(&keys, &list).unwrap_err(), ListError::Empty);
}

#[test]
fn a19_a_serial_number_that_is_there_twice_is_refused() {
    let (a, b) = (Platform::new(0, SERIAL_A), Platform::new(1, SERIAL_A));
    let repeated = ListError::Repeated {
        serial_no: serial(SERIAL_A),
    };
    assert_eq!(refused(&a.sign(&[a.entry(), a.entry()])), repeated);
    assert_eq!(refused(&a.sign(&[a.entry(), b.entry()])), repeated);
    let in_lower_case = entry(&SERIAL_A.to_lowercase(), &a.pem, &API_V3_KEY);
    assert_eq!(refused(&a.sign(&[a.entry(), in_lower_case])), repeated);
}

#[test]
fn a19_certificates_with_an_ec_key_or_a_short_rsa_key_are_refused() {
    let a = Platform::new(0, SERIAL_A);
    for (pem, error) in [
        (include_str!("../../../tests/keys/ec_certificate.pem"), KeyError::NotRsa),
        (
            include_str!("../../../tests/keys/rsa1024_certificate.pem"),
            KeyError::WrongSize { bits: 1024 },
        ),
        ("not a certificate", KeyError::NotPem),
    ] {
        let list = a.sign(&[a.entry(), entry(SERIAL_B, pem, &API_V3_KEY)]);
        let serial_no = serial(SERIAL_B);
        assert_eq!(refused(&list), ListError::Certificate { serial_no, error });
    }
}

#[test]
fn a19_a_serial_number_that_is_not_that_of_the_certificate_is_refused() {
    let a = Platform::new(0, SERIAL_A);
    let list = a.sign(&[a.entry(), entry(SERIAL_B, &Platform::new(1, SERIAL_C).pem, &API_V3_KEY)]);
    let (listed, found) = (serial(SERIAL_B), serial(SERIAL_C));
    assert_eq!(refused(&list), ListError::OtherSerial { listed, found });
}

#[test]
fn a19_an_entry_that_does_not_open_is_refused() {
    let a = Platform::new(0, SERIAL_A);
    let with = |field: &str, value: Value| {
        let mut entry = a.entry();
        entry["encrypt_certificate"][field] = value;
        refused(&a.sign(&[entry]))
    };
    let encrypted = ListError::Undecryptable {
        serial_no: serial(SERIAL_A),
    };
    assert_eq!(refused(&a.sign(&[entry(SERIAL_A, &a.pem, &[8; 32])])), encrypted);
    for (field, value) in [
        ("nonce", json!("d215b0511e9d")),
        ("nonce", json!("")),
        ("nonce", json!("d215b0511e9c0")),
        ("associated_data", json!("")),
        ("associated_data", Value::Null),
        ("ciphertext", json!("")),
        ("ciphertext", json!("AAAA")),
        ("ciphertext", json!("not base64!")),
    ] {
        assert_eq!(with(field, value.clone()), encrypted, "{field} {value}");
    }
    let algorithm = ListError::Algorithm {
        serial_no: serial(SERIAL_A),
        suite: suite(),
    };
    assert_eq!(with("algorithm", json!("SM4_GCM")), algorithm);
    // Only a client of 国密 tries the other one.
    match suite() {
        Suite::Rsa => assert_eq!(with("algorithm", json!("AEAD_SM4_GCM")), algorithm),
        Suite::Shangmi => assert_eq!(with("algorithm", json!("AEAD_AES_256_GCM")), encrypted),
    }
}

#[test]
fn a19_certificates_of_the_other_suite_are_left_out_and_verify_nothing() {
    let a = Platform::new(0, SERIAL_A);
    let other = match suite() {
        Suite::Rsa => include_str!("../../../tests/keys/sm2_certificate.pem"),
        Suite::Shangmi => include_str!("../../../tests/keys/certificate.pem"),
    };
    let Ok(other_certificate) = Certificate::from_pem(other) else {
        // Without the feature such a certificate is not even read.
        let list = a.sign(&[a.entry(), entry(SERIAL_B, other, &API_V3_KEY)]);
        let (serial_no, error) = (serial(SERIAL_B), KeyError::ShangmiOff);
        assert_eq!(refused(&list), ListError::Certificate { serial_no, error });
        return;
    };
    let other = entry(other_certificate.serial_no().as_str(), other, &API_V3_KEY);
    let certificates = verified(&a.sign(&[other.clone(), a.entry()])).unwrap();
    let serials: Vec<&str> = certificates
        .iter()
        .map(|certificate| certificate.serial_no().as_str())
        .collect();
    assert_eq!(serials, [SERIAL_A]);
    let serial = other_certificate.serial_no().as_str();
    let body = json!({ "data": [other.clone(), a.entry()] }).to_string();
    assert!(matches!(
        refused(&a.sign_as(serial, body)),
        ListError::SignedByAnother { .. }
    ));
    let body = json!({ "data": [other] }).to_string();
    assert_eq!(refused(&a.sign_as(SERIAL_A, body)), ListError::OtherSuite);
}

#[test]
fn f5_a_list_opens_with_either_of_two_api_v3_keys() {
    let a = Platform::new(0, SERIAL_A);
    let old = [8; 32];
    let mut keys = set();
    keys.replace_api_v3_keys(vec![ApiV3Key::new(old).unwrap(), api_v3_key()]);
    for key in [&old, &API_V3_KEY] {
        assert!(verified_with(&keys, &a.sign(&[entry(SERIAL_A, &a.pem, key)])).is_ok());
    }
    keys.replace_api_v3_keys(Vec::new());
    assert!(verified_with(&keys, &a.sign(&[a.entry()])).is_err());
}

#[test]
fn f7_absent_associated_data_is_empty() {
    let a = Platform::new(0, SERIAL_A);
    let ciphertext = encrypt(&API_V3_KEY, b"d215b0511e9c", b"", a.pem.as_bytes());
    let ciphertext = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, ciphertext);
    for associated_data in [None, Some(Value::Null), Some(json!(""))] {
        let mut entry = a.entry();
        let encrypted = entry["encrypt_certificate"].as_object_mut().unwrap();
        encrypted.remove("associated_data");
        encrypted.extend(associated_data.map(|value| ("associated_data".to_owned(), value)));
        encrypted.insert("ciphertext".to_owned(), json!(ciphertext));
        assert!(verified(&a.sign(&[entry])).is_ok());
    }
}

#[test]
fn a19_a_body_of_another_shape_is_refused() {
    let a = Platform::new(0, SERIAL_A);
    let nested = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    for body in [
        "",
        "{}",
        "[]",
        "null",
        "{\"data\":null}",
        "{\"data\":[{}]}",
        "{\"data\":[null]}",
        "<html>",
        &nested,
    ] {
        assert_eq!(
            refused(&a.sign_as(SERIAL_A, body.to_owned())),
            ListError::Malformed,
            "{body:.20}"
        );
    }
    let twice = format!("{{\"data\":[],\"data\":[{}]}}", a.entry());
    assert_eq!(refused(&a.sign_as(SERIAL_A, twice)), ListError::Malformed);
}

#[test]
fn a19_the_signature_of_a_list_is_as_strict_as_any() {
    let a = Platform::new(0, SERIAL_A);
    let list = a.sign(&[a.entry()]);
    for header in [
        "Wechatpay-Timestamp",
        "Wechatpay-Nonce",
        "Wechatpay-Serial",
        "Wechatpay-Signature",
    ] {
        let mut missing = list.clone();
        missing.headers.remove(header);
        assert!(
            matches!(refused(&missing), ListError::Signature(VerifyError::Missing { .. })),
            "{header}"
        );
        let mut repeated = list.clone();
        repeated.headers.append(header, list.headers[header].clone());
        assert!(
            matches!(refused(&repeated), ListError::Signature(VerifyError::Repeated { .. })),
            "{header}"
        );
    }
    let mut changed = list.clone();
    changed.body = [&list.body[..], b" "].concat().into();
    assert_eq!(refused(&changed), ListError::Signature(VerifyError::Wrong));
    let mut probe = list.clone();
    probe
        .headers
        .insert(SIGNATURE, HeaderValue::from_static("WECHATPAY/SIGNTEST/abc"));
    assert_eq!(refused(&probe), ListError::Signature(VerifyError::SignatureProbe));
    let mut unknown = list.clone();
    unknown.headers.insert(SERIAL, HeaderValue::from_static("DEADBEEF"));
    assert!(matches!(refused(&unknown), ListError::SignedByAnother { .. }));
    let body = json!({ "data": [a.entry()] }).to_string();
    for (timestamp, fits) in [
        (START - 301, false),
        (START - 300, true),
        (START + 300, true),
        (START + 301, false),
    ] {
        let result = verified(&a.sign_at(timestamp, SERIAL_A, body.clone()));
        assert_eq!(result.is_ok(), fits, "{timestamp}");
    }
}

#[test]
fn b3_a_list_signed_by_a_certificate_that_is_not_valid_now_is_refused() {
    let expired = Platform::valid(0, SERIAL_A, START - 10 * DAY, START - 1);
    let future = Platform::valid(1, SERIAL_B, START + 1, START + DAY);
    let now = Platform::new(2, SERIAL_C);
    let entries = [expired.entry(), future.entry(), now.entry()];
    for signer in [&expired, &future] {
        assert!(matches!(
            refused(&signer.sign(&entries)),
            ListError::SignedByAnother { .. }
        ));
    }
    // Those certificates may be in it, though.
    assert_eq!(verified(&now.sign(&entries)).unwrap().len(), 3);
}

#[test]
fn b3_a_list_without_a_valid_certificate_is_refused() {
    let expired = Platform::valid(0, SERIAL_A, START - 10 * DAY, START - 1);
    let other = Platform::new(1, SERIAL_B);
    let mut keys = set();
    keys.add_public_key(serial(PUBLIC_KEY_ID), other.certificate().public_key().clone())
        .unwrap();
    let body = json!({ "data": [expired.entry()] }).to_string();
    assert_eq!(
        verified_with(&keys, &other.sign_as(PUBLIC_KEY_ID, body)).unwrap_err(),
        ListError::NoneValid
    );
}

#[test]
fn u17_a_list_without_any_signature_header_is_unsigned() {
    let a = Platform::new(0, SERIAL_A);
    let mut list = a.sign(&[a.entry()]);
    for name in [TIMESTAMP, NONCE, SERIAL, SIGNATURE] {
        list.headers.remove(name);
    }
    assert_eq!(refused(&list), ListError::Unsigned);
}

#[test]
fn why_a_list_is_not_believed_is_said_with_the_serial_number_and_the_cause() {
    let serial_no = || serial(SERIAL_A);
    for (error, text) in [
        (ListError::Malformed, "is not JSON of the expected shape"),
        (ListError::Empty, "is empty"),
        (
            ListError::Algorithm {
                serial_no: serial_no(),
                suite: Suite::Rsa,
            },
            "another algorithm than AEAD_AES_256_GCM",
        ),
        (ListError::OtherSuite, "none of the client's algorithms"),
        (
            ListError::Undecryptable { serial_no: serial_no() },
            "is the APIv3 key the merchant's own?",
        ),
        (
            ListError::Certificate {
                serial_no: serial_no(),
                error: KeyError::NotPem,
            },
            "is not usable: the text holds no `-----BEGIN`",
        ),
        (
            ListError::OtherSerial {
                listed: serial_no(),
                found: serial(SERIAL_B),
            },
            "has the serial number",
        ),
        (ListError::Repeated { serial_no: serial_no() }, "is listed twice"),
        (ListError::NoneValid, "valid by this machine's clock"),
        (ListError::SignedByAnother { serial: serial_no() }, "which is not in it"),
        (ListError::Unsigned, "is not signed"),
        (
            ListError::Signature(VerifyError::Wrong),
            "is signed wrongly: the signature does not fit",
        ),
    ] {
        let said = error.to_string();
        assert!(said.contains(text), "{said}");
        assert_eq!(
            said.contains(SERIAL_A),
            format!("{error:?}").contains(SERIAL_A),
            "{said}"
        );
        assert!(!Text::of(&error).get(Language::Chinese).is_empty());
    }
}

#[test]
fn no_error_shows_a_key() {
    let a = Platform::new(0, SERIAL_A);
    let other_key = ApiV3Key::new("an APIv3 key that nobody may see").unwrap();
    let mut keys = set();
    keys.replace_api_v3_keys(vec![other_key]);
    let error = verified_with(&keys, &a.sign(&[a.entry()])).unwrap_err();
    for text in [format!("{error}"), format!("{error:?}"), format!("{keys:?}")] {
        assert!(!text.contains("nobody may see"), "{text}");
    }
}
