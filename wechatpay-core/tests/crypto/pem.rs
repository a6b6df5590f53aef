//! PEM texts as deployments have them: the accepted forms and the errors of the others.

use std::time::{Duration, Instant};

use wechatpay_core::{
    PrivateKey, PublicKey,
    crypto::Backend,
    keys::{Certificate, KeyError, KeyKind},
};

use crate::{backends, file, private_key, public_key, text};

fn refusal(pem: impl AsRef<[u8]>) -> KeyError {
    let mut errors = backends()
        .into_iter()
        .map(|backend| PrivateKey::from_pem_with(backend, &pem).unwrap_err());
    let error = errors.next().unwrap();
    assert!(errors.all(|other| other == error), "the backends disagree");
    error
}

fn public_refusal(pem: impl AsRef<[u8]>) -> KeyError {
    let mut errors = backends()
        .into_iter()
        .map(|backend| PublicKey::from_pem_with(backend, &pem).unwrap_err());
    let error = errors.next().unwrap();
    assert!(errors.all(|other| other == error), "the backends disagree");
    error
}

/// Harmless changes that deployments make to a text.
fn forms(pem: &str) -> Vec<(&'static str, Vec<u8>)> {
    let (begin, rest) = pem.trim().split_once('\n').unwrap();
    let (body, end) = rest.rsplit_once('\n').unwrap();
    let body_on_one_line = body.replace('\n', "");
    vec![
        ("as it is", pem.into()),
        ("without the last line end", pem.trim_end().into()),
        ("CRLF", pem.replace('\n', "\r\n").into()),
        ("CR alone", pem.replace('\n', "\r").into()),
        ("BOM", format!("\u{feff}{pem}").into()),
        ("BOM and CRLF", format!("\u{feff}{}", pem.replace('\n', "\r\n")).into()),
        ("white space around", format!(" \t\r\n\n{pem}\n\n  ").into()),
        (
            "text around",
            format!("Bag Attributes\n    localKeyID: 01\nKey Attributes: <No Attributes>\n{pem}\nend").into(),
        ),
        ("indented lines", pem.replace('\n', "\n    ").into()),
        ("spaces at line ends", pem.replace('\n', "  \n").into()),
        ("empty lines between", pem.replace('\n', "\n\n").into()),
        ("long lines", format!("{begin}\n{body_on_one_line}\n{end}").into()),
        ("backslash n", pem.replace('\n', "\\n").into()),
        ("backslash r backslash n", pem.replace('\n', "\\r\\n").into()),
        ("quoted backslash n", format!("\"{}\"", pem.replace('\n', "\\n")).into()),
        (
            "spaces instead of line ends",
            format!("{begin} {} {end}", body.replace('\n', " ")).into(),
        ),
        ("no line ends", format!("{begin}{body_on_one_line}{end}").into()),
        (
            "bytes that are not UTF-8 around",
            [&b"\xff\xfe\n"[..], pem.as_bytes(), b"\xff"].concat(),
        ),
    ]
}

fn is_the_private_key(backend: &dyn Backend, key: &PrivateKey) -> bool {
    public_key(backend).verify(b"message", &key.sign(b"message").unwrap())
}

#[test]
fn b8_a_private_key_is_read_in_every_harmless_form() {
    for backend in backends() {
        for name in ["pkcs8.pem", "pkcs1.pem"] {
            for (form, pem) in forms(&text(name)) {
                let key =
                    PrivateKey::from_pem_with(backend, pem).unwrap_or_else(|error| panic!("{name} {form}: {error}"));
                assert!(is_the_private_key(backend, &key), "{name} {form}");
            }
        }
    }
}

#[test]
fn b8_a_public_key_is_read_in_every_harmless_form() {
    for backend in backends() {
        let signature = private_key(backend).sign(b"message").unwrap();
        for name in ["spki.pem", "pkcs1_public.pem", "certificate.pem"] {
            for (form, pem) in forms(&text(name)) {
                let key =
                    PublicKey::from_pem_with(backend, pem).unwrap_or_else(|error| panic!("{name} {form}: {error}"));
                assert!(key.verify(b"message", &signature), "{name} {form}");
            }
        }
    }
}

#[test]
fn b8_a_text_that_is_not_pem_is_refused() {
    for input in [
        &b""[..],
        b" \r\n",
        b"apiclient_key.pem",
        b"/etc/wechatpay/apiclient_key.pem",
        &[0x30, 0x82, 0x0a, 0x01],
        b"MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ",
        b"----BEGIN PRIVATE KEY----\nAAAA\n----END PRIVATE KEY----",
        b"-----begin private key-----",
    ] {
        assert_eq!(refusal(input), KeyError::NotPem, "{input:?}");
        assert_eq!(public_refusal(input), KeyError::NotPem);
    }
    let utf16: Vec<u8> = text("pkcs8.pem").encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(refusal(utf16), KeyError::NotPem);
}

#[test]
fn b8_a_truncated_text_is_refused_wherever_it_ends() {
    for name in ["pkcs8.pem", "pkcs1.pem"] {
        let pem = text(name);
        let pem = pem.trim();
        for end in 1..pem.len() {
            let error = refusal(&pem[..end]);
            let expected = if end < "-----BEGIN ".len() {
                KeyError::NotPem
            } else {
                KeyError::Truncated
            };
            assert_eq!(error, expected, "{name} {end}");
        }
    }
    for end in [20, 100, 400] {
        assert_eq!(public_refusal(&text("spki.pem")[..end]), KeyError::Truncated);
    }
}

#[test]
fn b8_missing_lines_or_characters_are_refused() {
    let pem = text("pkcs8.pem");
    let lines: Vec<&str> = pem.lines().collect();
    for missing in 1..lines.len() - 1 {
        let mut lines = lines.clone();
        lines.remove(missing);
        let error = refusal(lines.join("\n"));
        assert!(
            matches!(error, KeyError::Damaged | KeyError::NotRsa | KeyError::WrongSize { .. }),
            "{missing} {error:?}"
        );
    }
    assert_eq!(refusal(pem.replacen("MII", "MI", 1)), KeyError::NotBase64);
    for strange in ["*", "中", "\0", "-", ":"] {
        assert_eq!(
            refusal(pem.replacen("MII", &format!("MII{strange}"), 1)),
            KeyError::NotBase64,
            "{strange}"
        );
    }
    assert_eq!(
        refusal("-----BEGIN PRIVATE KEY-----\n-----END PRIVATE KEY-----"),
        KeyError::Damaged
    );
}

#[test]
fn b8_an_end_line_of_another_kind_is_refused() {
    assert_eq!(
        refusal(text("pkcs8.pem").replace("END PRIVATE", "END RSA PRIVATE")),
        KeyError::Truncated
    );
}

#[test]
fn b8_another_kind_of_block_is_named() {
    let kinds = |error| match error {
        KeyError::WrongKind { wanted, found, .. } => (wanted, found),
        other => panic!("{other:?}"),
    };
    for (name, found) in [
        ("certificate.pem", KeyKind::Certificate),
        ("spki.pem", KeyKind::PublicKey),
        ("pkcs1_public.pem", KeyKind::PublicKey),
        ("certificate_request.pem", KeyKind::CertificateRequest),
        ("openssh.pem", KeyKind::PrivateKey),
    ] {
        assert_eq!(kinds(refusal(file(name))), (KeyKind::PrivateKey, found), "{name}");
    }
    let list = "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----";
    assert_eq!(kinds(refusal(list)), (KeyKind::PrivateKey, KeyKind::Other));
    for (name, found) in [
        ("pkcs8.pem", KeyKind::PrivateKey),
        ("pkcs1.pem", KeyKind::PrivateKey),
        ("pkcs8_encrypted.pem", KeyKind::PrivateKey),
        ("certificate_request.pem", KeyKind::CertificateRequest),
    ] {
        assert_eq!(kinds(public_refusal(file(name))), (KeyKind::PublicKey, found), "{name}");
    }
}

#[test]
fn u12_a_pkcs12_file_or_its_path_is_refused_with_the_command_that_converts_it() {
    let beginning = [0x30, 0x82, 0x0a, 0x10, 0x02, 0x01, 0x03, 0x30, 0x82, 0x09, 0xd6];
    for text in [&beginning[..], b"apiclient_cert.p12", b"/etc/keys/APICLIENT.PFX\n"] {
        let error = refusal(text);
        assert_eq!(error, KeyError::Pkcs12);
        let command = "openssl pkcs12 -in apiclient_cert.p12 -nocerts -nodes -out apiclient_key.pem";
        assert!(error.to_string().contains(command) && error.chinese().to_string().contains(command));
    }
    for text in ["apiclient_key.pem", "", "0", "p12"] {
        assert_eq!(refusal(text), KeyError::NotPem, "{text}");
    }
}

#[test]
fn b8_an_encrypted_key_is_refused_with_the_command_that_decrypts_it() {
    for name in ["pkcs8_encrypted.pem", "pkcs1_encrypted.pem"] {
        let error = refusal(file(name));
        assert_eq!(error, KeyError::Encrypted, "{name}");
        assert!(error.to_string().contains("openssl pkey -in"));
    }
}

#[test]
fn b8_a_key_of_another_algorithm_is_refused() {
    for name in ["ec_pkcs8.pem", "ec_sec1.pem", "pss_pkcs8.pem"] {
        assert_eq!(refusal(file(name)), KeyError::NotRsa, "{name}");
    }
    for name in ["ec_spki.pem", "ec_certificate.pem", "pss_spki.pem"] {
        assert_eq!(public_refusal(file(name)), KeyError::NotRsa, "{name}");
    }
}

#[test]
fn b8_a_key_that_is_too_small_is_refused_with_its_size() {
    assert!(matches!(
        refusal(file("rsa1024_pkcs8.pem")),
        KeyError::WrongSize { bits: 1024, .. }
    ));
    assert!(matches!(
        refusal(file("rsa2047_pkcs8.pem")),
        KeyError::WrongSize { bits: 2047, .. }
    ));
    assert!(matches!(
        public_refusal(file("rsa1024_spki.pem")),
        KeyError::WrongSize { bits: 1024, .. }
    ));
    assert!(matches!(
        public_refusal(file("rsa1024_certificate.pem")),
        KeyError::WrongSize { bits: 1024, .. }
    ));
}

#[test]
fn b8_two_blocks_are_refused() {
    for (first, second) in [
        ("pkcs8.pem", "pkcs8.pem"),
        ("pkcs8.pem", "certificate.pem"),
        ("spki.pem", "pkcs1.pem"),
    ] {
        let both = text(first) + &text(second);
        assert!(
            matches!(refusal(&both), KeyError::SeveralBlocks { count: 2, .. }),
            "{first} {second}"
        );
        assert!(matches!(
            public_refusal(&both),
            KeyError::SeveralBlocks { count: 2, .. }
        ));
    }
    let three = text("certificate.pem").repeat(3);
    assert!(matches!(
        public_refusal(&three),
        KeyError::SeveralBlocks { count: 3, .. }
    ));
    assert!(matches!(
        Certificate::from_pem(&three).unwrap_err(),
        KeyError::SeveralBlocks { count: 3, .. }
    ));
}

#[test]
fn b8_a_text_of_100_mb_is_refused_without_being_read() {
    let mut pem = file("pkcs8.pem");
    pem.resize(100_000_000, b'\n');
    let start = Instant::now();
    assert!(matches!(
        refusal(&pem),
        KeyError::TooLong {
            length: 100_000_000,
            ..
        }
    ));
    assert!(matches!(
        public_refusal(&pem),
        KeyError::TooLong {
            length: 100_000_000,
            ..
        }
    ));
    assert!(matches!(
        Certificate::from_pem(&pem).unwrap_err(),
        KeyError::TooLong {
            length: 100_000_000,
            ..
        }
    ));
    assert!(start.elapsed() < Duration::from_millis(500), "{:?}", start.elapsed());

    pem.truncate(64 * 1024);
    assert!(PrivateKey::from_pem(&pem).is_ok());
    pem.push(b'\n');
    assert!(matches!(refusal(&pem), KeyError::TooLong { length: 65_537, .. }));
}

#[test]
fn b8_the_longest_accepted_text_is_parsed_quickly_whatever_it_contains() {
    for unit in [
        "-",
        "-----BEGIN ",
        "-----BEGIN PRIVATE KEY-----\n",
        "-----BEGIN -----",
        "\\n",
        "A",
    ] {
        let pem = unit.repeat(64 * 1024 / unit.len());
        let start = Instant::now();
        refusal(&pem);
        public_refusal(&pem);
        assert!(
            start.elapsed() < Duration::from_secs(2),
            "{unit:?} {:?}",
            start.elapsed()
        );
    }
}

#[test]
fn b8_no_error_shows_a_part_of_the_key() {
    let pem = text("pkcs8.pem");
    let body: String = pem.lines().filter(|line| !line.starts_with('-')).collect();
    let broken = [
        pem.clone() + &pem,
        pem[..1000].to_owned(),
        pem.replacen("MII", "MI", 1),
        pem.replacen('\n', "\n*", 1),
        pem.replace("-----BEGIN PRIVATE KEY-----", "")
            .replace("-----END PRIVATE KEY-----", ""),
        format!("-----BEGIN {body}-----\n{body}\n-----END {body}-----"),
        pem.replace("PRIVATE", "PUBLIC"),
        pem.replace("PRIVATE KEY", "CERTIFICATE"),
        pem.replace("PRIVATE KEY", "RSA PRIVATE KEY"),
        text("rsa1024_pkcs8.pem"),
        text("ec_pkcs8.pem"),
    ];
    for pem in broken {
        let errors = [
            PrivateKey::from_pem(&pem).map(|_| ()).unwrap_err(),
            PublicKey::from_pem(&pem).map(|_| ()).unwrap_err(),
            Certificate::from_pem(&pem).map(|_| ()).unwrap_err(),
        ];
        for error in errors {
            let shown = format!("{error} {error:?} {error:#?}");
            for part in pem
                .as_bytes()
                .windows(8)
                .filter(|part| part.iter().all(|byte| byte.is_ascii_alphanumeric()))
            {
                let part = str::from_utf8(part).unwrap();
                let a_word = ["PRIVATE", "PUBLIC", "CERTIFICATE"]
                    .iter()
                    .any(|word| word.contains(part));
                assert!(a_word || !shown.contains(part), "{shown} shows {part}");
            }
        }
    }
}

#[test]
fn keys_are_not_printed() {
    for backend in backends() {
        let (private, public) = (private_key(backend), public_key(backend));
        assert_eq!(
            format!("{private:?} {private:#?}"),
            "PrivateKey([redacted]) PrivateKey([redacted])"
        );
        assert_eq!(format!("{public:?}"), "PublicKey { modulus_len: 256, .. }");
    }
}

#[cfg(not(feature = "shangmi"))]
#[test]
fn b8_without_its_feature_an_sm2_key_is_refused_with_the_name_of_the_feature() {
    for name in ["sm2_pkcs8.pem", "sm2_sec1.pem"] {
        assert_eq!(refusal(file(name)), KeyError::ShangmiOff, "{name}");
    }
    for name in ["sm2_spki.pem", "sm2_certificate.pem"] {
        assert_eq!(public_refusal(file(name)), KeyError::ShangmiOff, "{name}");
    }
    let error = Certificate::from_pem(file("sm2_certificate.pem")).unwrap_err();
    assert_eq!(error, KeyError::ShangmiOff);
    assert!(error.to_string().contains("feature `shangmi`"));
    assert!(error.chinese().to_string().contains("feature `shangmi`"));
}
