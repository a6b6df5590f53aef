//! Which SM2 keys and certificates are read, and what is refused.

use crate::{hex, key_of, pem, pkcs8, public, sender::file};
use wechatpay_core::{
    PrivateKey, PublicKey,
    crypto::{ShangmiBackend as _, Suite, shangmi::Shangmi},
    keys::{Certificate, KeyError, KeyKind},
};

/// The order of the curve, n.
const ORDER: &str = "fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123";

fn text(name: &str) -> String {
    String::from_utf8(file(name)).unwrap()
}

/// The DER in the only block of a file.
fn der(name: &str) -> Vec<u8> {
    let text = text(name);
    crate::base64(&text.lines().filter(|line| !line.starts_with("---")).collect::<String>())
}

fn refusal(der: &[u8]) -> KeyError {
    PrivateKey::from_pem(pem("PRIVATE KEY", der)).unwrap_err()
}

fn replaced(der: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let at = der.windows(from.len()).position(|window| window == from).unwrap();
    [&der[..at], to, &der[at + from.len()..]].concat()
}

#[test]
fn b8_an_sm2_key_is_read_from_pkcs8_and_sec1_in_every_harmless_form() {
    let public_key = PublicKey::from_pem(file("sm2_spki.pem")).unwrap();
    // OpenSSL writes the curve in a separate block before the key.
    let parameters = pem("SM2 PARAMETERS", &hex("06082a811ccf5501822d"));
    for name in ["sm2_pkcs8.pem", "sm2_sec1.pem"] {
        let pem = text(name);
        for form in [
            pem.clone(),
            pem.replace('\n', "\r\n"),
            pem.replace('\n', "\\n"),
            pem.replace('\n', "\n    "),
            format!("\u{feff}{pem}"),
            format!("{parameters}{pem}"),
            format!("{}{pem}", parameters.replace("SM2", "EC")),
            pem.replace("EC PRIVATE", "SM2 PRIVATE"),
        ] {
            let key = PrivateKey::from_pem(&form).unwrap_or_else(|error| panic!("{error}: {form}"));
            assert_eq!((key.suite(), key.can_decrypt()), (Suite::Shangmi, true));
            assert!(public_key.verify(b"message", &key.sign(b"message").unwrap()));
            assert_eq!(key.public_key_der(), der("sm2_spki.pem"));
        }
    }
}

#[test]
fn b8_a_public_key_and_a_certificate_of_sm2_are_read() {
    let key = PrivateKey::from_pem(file("sm2_pkcs8.pem")).unwrap();
    let signature = key.sign(b"message").unwrap();
    for name in ["sm2_spki.pem", "sm2_certificate.pem"] {
        let public_key = PublicKey::from_pem(file(name)).unwrap();
        assert_eq!(public_key.suite(), Suite::Shangmi);
        assert!(public_key.verify(b"message", &signature), "{name}");
        assert_eq!((public_key.modulus_len(), public_key.max_plaintext()), (0, usize::MAX));
    }
    // The first bit of this serial number is set, so its DER begins with a zero byte, which does not belong to it.
    let certificate = Certificate::from_pem(file("sm2_certificate.pem")).unwrap();
    assert_eq!(
        certificate.serial_no().as_str(),
        "E5A81B02429D8D08E5A81B02429D8D08E5A81B02"
    );
    assert!(certificate.not_before() < certificate.not_after());
    assert!(Certificate::from_der(&der("sm2_certificate.pem")).is_ok());
}

#[test]
fn b8_a_key_that_names_its_curve_in_the_place_of_the_algorithm_is_read() {
    let algorithm = hex("301306072a8648ce3d020106082a811ccf5501822d");
    let spki = der("sm2_spki.pem");
    // 11 bytes shorter, or 9 with the parameters NULL.
    for (short, length) in [("300a06082a811ccf5501822d", 9), ("300c06082a811ccf5501822d0500", 7)] {
        let mut changed = replaced(&spki, &algorithm, &hex(short));
        changed[1] -= length;
        let key = PublicKey::from_der(&changed).unwrap();
        let private_key = PrivateKey::from_pem(file("sm2_pkcs8.pem")).unwrap();
        assert!(key.verify(b"message", &private_key.sign(b"message").unwrap()));
    }
}

#[test]
fn b8_a_key_of_another_curve_or_for_another_place_is_refused_by_name() {
    for name in ["ec_pkcs8.pem", "ec_sec1.pem"] {
        assert_eq!(
            PrivateKey::from_pem(file(name)).unwrap_err(),
            KeyError::NotRsa,
            "{name}"
        );
    }
    for name in ["ec_spki.pem", "ec_certificate.pem"] {
        assert_eq!(PublicKey::from_pem(file(name)).unwrap_err(), KeyError::NotRsa, "{name}");
    }
    // A key of SEC1 that does not say of which curve it is.
    let named = hex("a00a06082a811ccf5501822d");
    let mut unnamed = replaced(&der("sm2_sec1.pem"), &named, b"");
    unnamed[1] -= named.len() as u8;
    let error = PrivateKey::from_pem(pem("EC PRIVATE KEY", &unnamed)).unwrap_err();
    assert_eq!(error, KeyError::NotRsa);

    for (name, found) in [
        ("sm2_spki.pem", KeyKind::PublicKey),
        ("sm2_certificate.pem", KeyKind::Certificate),
    ] {
        let error = PrivateKey::from_pem(file(name)).unwrap_err();
        assert!(
            matches!(error, KeyError::WrongKind { found: it, .. } if it == found),
            "{error:?}"
        );
    }
    for name in ["sm2_pkcs8.pem", "sm2_sec1.pem"] {
        assert!(matches!(
            PublicKey::from_pem(file(name)).unwrap_err(),
            KeyError::WrongKind {
                found: KeyKind::PrivateKey,
                ..
            }
        ));
    }
    let encrypted = text("sm2_sec1.pem").replacen('\n', "\nProc-Type: 4,ENCRYPTED\nDEK-Info: SM4-CBC,00\n\n", 1);
    assert_eq!(PrivateKey::from_pem(encrypted).unwrap_err(), KeyError::Encrypted);
    let twice = format!("{0}{0}", text("sm2_sec1.pem"));
    let error = PrivateKey::from_pem(twice).unwrap_err();
    assert!(matches!(error, KeyError::SeveralBlocks { count: 2, .. }));
}

#[test]
fn b8_a_number_that_is_no_key_is_refused() {
    let less = |by: u8| {
        let mut number = hex(ORDER);
        number[31] -= by;
        number
    };
    for number in [vec![0; 32], less(1), less(0), vec![0xff; 32]] {
        assert_eq!(refusal(&pkcs8(&number)), KeyError::Damaged, "{number:?}");
    }
    for number in [less(2), [vec![0; 31], vec![1]].concat()] {
        let key = PrivateKey::from_pem(pem("PRIVATE KEY", &pkcs8(&number))).unwrap();
        assert!(public(&key).verify(b"message", &key.sign(b"message").unwrap()));
    }
    // A few tools leave leading zeros out: 31 bytes, or one.
    let short = hex("3021020100301306072a8648ce3d020106082a811ccf5501822d0407300502010104");
    let short = [short, hex("0107")].concat();
    let key = PrivateKey::from_pem(pem(
        "PRIVATE KEY",
        &[hex("3022"), replaced(&short[2..], &hex("04073005"), &hex("04083006"))].concat(),
    ))
    .unwrap();
    let whole = key_of(&format!("{:064x}", 7));
    assert_eq!(key.public_key_der(), whole.public_key_der());
    // The text gives the public key of another number.
    let other = PrivateKey::from_pem(file("second_sm2_pkcs8.pem"))
        .unwrap()
        .public_key_der();
    let own = der("sm2_spki.pem");
    let mixed = replaced(
        &der("sm2_pkcs8.pem"),
        &own[own.len() - 65..],
        &other[other.len() - 65..],
    );
    assert_eq!(refusal(&mixed), KeyError::Damaged);
}

#[test]
fn b8_a_point_that_is_not_on_the_curve_is_refused() {
    let spki = der("sm2_spki.pem");
    let at = spki.len() - 65;
    for (position, to) in [(spki.len() - 1, spki[spki.len() - 1] ^ 1), (at, 2), (at, 0), (at, 6)] {
        let mut changed = spki.clone();
        changed[position] = to;
        assert_eq!(
            PublicKey::from_der(&changed).unwrap_err(),
            KeyError::Damaged,
            "{position} {to}"
        );
    }
    assert!(Shangmi.public_key(&[4; 65]).is_err());
}

#[test]
fn b8_damaged_texts_are_refused_without_a_panic_and_without_their_bytes() {
    let whole = text("sm2_pkcs8.pem");
    let pem = whole.trim();
    for end in 0..pem.len() {
        let error = PrivateKey::from_pem(&pem[..end]).unwrap_err();
        assert!(
            matches!(error, KeyError::NotPem | KeyError::Truncated),
            "{end} {error:?}"
        );
    }
    let bytes = der("sm2_pkcs8.pem");
    for bit in 0..bytes.len() * 8 {
        let mut changed = bytes.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        match PrivateKey::from_pem(crate::pem("PRIVATE KEY", &changed)) {
            // PKCS#8 has a version 1 too, in which nothing else differs.
            Ok(key) => assert_eq!((bit, key.public_key_der()), (5 * 8, der("sm2_spki.pem"))),
            Err(error) => assert!(
                !error.to_string().contains(&crate::pem("", &changed)[18..40]),
                "{error}"
            ),
        }
    }
    for end in 0..bytes.len() {
        assert!(
            matches!(refusal(&bytes[..end]), KeyError::Damaged | KeyError::NotRsa),
            "{end}"
        );
    }
    assert!(PrivateKey::from_pem(format!("{}{whole}", " ".repeat(100 << 10))).is_err());
}

#[test]
fn e9_what_is_printed_of_a_key_holds_nothing_of_it() {
    let number = "fd4f526b3e5c78319084504c7ff707221dbeab92f3be1adbf0bd92238b0f511f";
    let key = key_of(number);
    let printed = format!("{key:?} {key:#?} {Shangmi:?} {:?}", public(&key)).to_lowercase();
    assert_eq!(
        printed,
        "privatekey([redacted]) privatekey([redacted]) shangmi publickey { suite: shangmi, .. }"
    );
    for pair in number.as_bytes().chunks(8) {
        assert!(!printed.contains(str::from_utf8(pair).unwrap()));
    }
}

/// Wherever the numbers of a point are shorter than 32 bytes, the ciphertext is still one.
#[test]
fn texts_of_every_length_come_back() {
    let key = PrivateKey::from_pem(file("sm2_pkcs8.pem")).unwrap();
    let public_key = PublicKey::from_pem(file("sm2_spki.pem")).unwrap();
    for length in (1..=300).chain([1 << 10, 100_000]) {
        let plaintext: Vec<u8> = (0..length).map(|number| (number * 7) as u8).collect();
        let ciphertext = public_key.encrypt(&plaintext).unwrap();
        assert_eq!(*key.decrypt(&ciphertext).unwrap(), plaintext, "{length}");
    }
    assert!(public_key.encrypt(b"").is_err());
    assert_ne!(
        public_key.encrypt(b"text").unwrap(),
        public_key.encrypt(b"text").unwrap()
    );
}

#[test]
fn a_key_of_one_suite_never_verifies_what_the_other_signed() {
    let rsa = PrivateKey::from_pem(file("pkcs8.pem")).unwrap();
    let sm2 = PrivateKey::from_pem(file("sm2_pkcs8.pem")).unwrap();
    let [by_rsa, by_sm2] = [&rsa, &sm2].map(|key| key.sign(b"message").unwrap());
    assert!(!public(&rsa).verify(b"message", &by_sm2));
    assert!(!public(&sm2).verify(b"message", &by_rsa));
    let [for_rsa, for_sm2] = [&rsa, &sm2].map(|key| public(key).encrypt(b"text").unwrap());
    assert!(rsa.decrypt(&for_sm2).is_err() && sm2.decrypt(&for_rsa).is_err());
}
