//! The backends agree: each accepts what the other makes and refuses what the other refuses.

use proptest::{collection::vec, prelude::*};
use wechatpay_core::{
    PrivateKey, PublicKey,
    crypto::{Failed, PrivateKeyDer},
};

use crate::{backends, encrypt::encrypt, file, pairs, private_key, public_key};

/// The bytes of a PEM file.
fn der(name: &str) -> Vec<u8> {
    use base64::{Engine, prelude::BASE64_STANDARD};
    let text = crate::text(name);
    let body: String = text.lines().filter(|line| !line.starts_with('-')).collect();
    BASE64_STANDARD.decode(body).unwrap()
}

#[test]
fn a_signature_of_one_backend_verifies_on_the_other() {
    for (signer, verifier) in pairs() {
        let (private, public) = (private_key(signer), public_key(verifier));
        for message in [
            &b""[..],
            b"GET\n/v3/certificates\n1554208460\n593BEC0C930BF1AFEB40B4A08C8FB242\n\n",
            &[0; 70_000],
        ] {
            let signature = private.sign(message).unwrap();
            assert_eq!(signature.len(), 256);
            assert!(public.verify(message, &signature));
            assert!(!public.verify(b"another message", &signature));
        }
    }
}

#[test]
fn a_signature_with_any_changed_bit_is_refused() {
    for backend in backends() {
        let public = public_key(backend);
        let signature = private_key(backend).sign(b"message").unwrap();
        for bit in (0..signature.len() * 8).step_by(7) {
            let mut changed = signature.clone();
            changed[bit / 8] ^= 1 << (bit % 8);
            assert!(!public.verify(b"message", &changed), "{backend:?} bit {bit}");
        }
        for length in [0, 1, 255] {
            assert!(!public.verify(b"message", &signature[..length]));
        }
        assert!(!public.verify(b"message", &[&[0], &signature[..]].concat()));
        assert!(!public.verify(b"message", &[&signature[..], &[0]].concat()));
    }
}

#[test]
fn e8_texts_of_up_to_214_bytes_are_encrypted_and_longer_ones_refused() {
    for (encryptor, decryptor) in pairs() {
        let (public, private) = (public_key(encryptor), private_key(decryptor));
        assert_eq!((public.max_plaintext(), public.modulus_len()), (214, 256));
        for length in [0, 1, 213, 214] {
            let plaintext = vec![b'x'; length];
            let ciphertext = public.encrypt(&plaintext).unwrap();
            assert_eq!(ciphertext.len(), 256);
            assert_eq!(
                *private.decrypt(&ciphertext).unwrap(),
                plaintext,
                "{encryptor:?} {decryptor:?} {length}"
            );
        }
        for length in [215, 216, 256, 257, 100_000] {
            assert_eq!(
                public.encrypt(&vec![b'x'; length]),
                Err(Failed),
                "{encryptor:?} {length}"
            );
        }
        assert!(public.encrypt("中".repeat(71).as_bytes()).is_ok());
        assert_eq!(public.encrypt("中".repeat(72).as_bytes()), Err(Failed));
    }
}

#[test]
fn each_encryption_gives_another_ciphertext() {
    for backend in backends() {
        let public = public_key(backend);
        assert_ne!(
            public.encrypt(b"6225760008219523").unwrap(),
            public.encrypt(b"6225760008219523").unwrap()
        );
    }
}

#[test]
fn e10_every_ciphertext_that_cannot_be_decrypted_gives_the_same_error() {
    for backend in backends() {
        let private = private_key(backend);
        let good = public_key(backend).encrypt(b"text").unwrap();
        let mut texts = vec![];
        for length in [0, 1, 128, 255, 257, 512] {
            let mut ciphertext = good.clone();
            ciphertext.resize(length, 1);
            texts.push(ciphertext);
        }
        for byte in [0, 1, 100, 255] {
            let mut ciphertext = good.clone();
            ciphertext[byte] ^= 1;
            texts.push(ciphertext);
        }
        texts.extend([vec![0; 256], vec![0xff; 256], private.sign(b"text").unwrap()]);
        for ciphertext in texts {
            let error = private.decrypt(&ciphertext).unwrap_err();
            assert_eq!(
                (error, error.to_string().as_str()),
                (Failed, "the cryptographic operation failed")
            );
        }
    }
}

#[test]
fn every_backend_derives_the_same_public_key() {
    let spki = der("spki.pem");
    for backend in backends() {
        assert_eq!(private_key(backend).public_key_der(), spki, "{backend:?}");
    }
}

#[test]
fn keys_of_2048_to_8192_bits_are_accepted_and_no_others() {
    for (one, other) in pairs() {
        for (name, length) in [
            ("pkcs8.pem", 256),
            ("rsa2050_pkcs8.pem", 257),
            ("rsa8192_pkcs8.pem", 1024),
        ] {
            let private = PrivateKey::from_pem_with(one, file(name)).unwrap();
            let public = PublicKey::from_der_with(other, &private.public_key_der()).unwrap();
            assert_eq!(public.modulus_len(), length);
            assert!(
                public.verify(b"message", &private.sign(b"message").unwrap()),
                "{one:?} {other:?} {name}"
            );
            let longest = vec![7; public.max_plaintext()];
            assert_eq!(
                *private.decrypt(&public.encrypt(&longest).unwrap()).unwrap(),
                longest,
                "{name}"
            );
        }
        for name in ["rsa1024_pkcs8.pem", "rsa2047_pkcs8.pem"] {
            assert!(
                one.private_key(PrivateKeyDer::Pkcs8(&der(name))).is_err(),
                "{one:?} {name}"
            );
        }
        assert!(one.public_key(&der("rsa1024_spki.pem")).is_err());
    }
}

#[test]
fn bytes_after_a_key_are_refused() {
    for backend in backends() {
        let trailing = |name| [der(name), vec![0]].concat();
        assert!(
            backend
                .private_key(PrivateKeyDer::Pkcs8(&trailing("pkcs8.pem")))
                .is_err(),
            "{backend:?}"
        );
        assert!(
            backend
                .private_key(PrivateKeyDer::Pkcs1(&trailing("pkcs1.pem")))
                .is_err(),
            "{backend:?}"
        );
        assert!(backend.public_key(&trailing("spki.pem")).is_err(), "{backend:?}");
    }
}

#[test]
fn a_key_of_another_form_or_algorithm_is_refused() {
    for backend in backends() {
        assert!(backend.private_key(PrivateKeyDer::Pkcs8(&der("pkcs1.pem"))).is_err());
        assert!(backend.private_key(PrivateKeyDer::Pkcs1(&der("pkcs8.pem"))).is_err());
        for name in ["ec_pkcs8.pem", "pss_pkcs8.pem", "pkcs8_encrypted.pem", "spki.pem"] {
            assert!(
                backend.private_key(PrivateKeyDer::Pkcs8(&der(name))).is_err(),
                "{backend:?} {name}"
            );
        }
        for name in [
            "ec_spki.pem",
            "pss_spki.pem",
            "pkcs1_public.pem",
            "certificate.pem",
            "pkcs8.pem",
        ] {
            assert!(backend.public_key(&der(name)).is_err(), "{backend:?} {name}");
        }
    }
}

#[test]
fn a_private_key_with_any_changed_number_is_refused() {
    let pkcs1 = der("pkcs1.pem");
    for backend in backends() {
        for position in (24..pkcs1.len()).step_by(13) {
            let mut changed = pkcs1.clone();
            changed[position] ^= 0b100;
            assert!(
                backend.private_key(PrivateKeyDer::Pkcs1(&changed)).is_err(),
                "{backend:?} byte {position}"
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_message_signed_by_one_backend_verifies_on_the_other(message in vec(any::<u8>(), 0..2000)) {
        for (signer, verifier) in pairs() {
            let signature = private_key(signer).sign(&message).unwrap();
            prop_assert!(public_key(verifier).verify(&message, &signature));
        }
    }

    #[test]
    fn any_text_encrypted_by_one_backend_is_decrypted_by_the_other(text in vec(any::<u8>(), 0..=214)) {
        for (encryptor, decryptor) in pairs() {
            let ciphertext = public_key(encryptor).encrypt(&text).unwrap();
            prop_assert_eq!(&*private_key(decryptor).decrypt(&ciphertext).unwrap(), &text);
        }
    }

    #[test]
    fn any_text_encrypted_with_aes_256_gcm_is_decrypted_by_every_backend(
        key: [u8; 32], nonce: [u8; 12], aad in vec(any::<u8>(), 0..64), text in vec(any::<u8>(), 0..500),
    ) {
        let ciphertext = encrypt(&key, &nonce, &aad, &text);
        for backend in backends() {
            prop_assert_eq!(&*backend.aes_256_gcm_decrypt(&key, &nonce, &aad, &ciphertext).unwrap(), &text);
        }
    }

    #[test]
    fn damaged_keys_have_the_same_result_with_every_backend(
        which in 0..3usize, changes in vec((any::<prop::sample::Index>(), any::<u8>()), 1..3), cut: Option<prop::sample::Index>,
    ) {
        let mut bytes = der(["pkcs8.pem", "pkcs1.pem", "spki.pem"][which]);
        for (index, value) in changes {
            let index = index.index(bytes.len());
            bytes[index] = value;
        }
        if let Some(cut) = cut {
            bytes.truncate(cut.index(bytes.len() + 1));
        }
        let verdicts: Vec<bool> = backends().into_iter().map(|backend| match which {
            0 => backend.private_key(PrivateKeyDer::Pkcs8(&bytes)).is_ok(),
            1 => backend.private_key(PrivateKeyDer::Pkcs1(&bytes)).is_ok(),
            _ => backend.public_key(&bytes).is_ok(),
        }).collect();
        prop_assert!(verdicts.windows(2).all(|pair| pair[0] == pair[1]), "{:?}", verdicts);
    }

    #[test]
    fn any_bytes_as_a_signature_or_ciphertext_have_the_same_result_with_every_backend(
        bytes in prop_oneof![vec(any::<u8>(), 256), vec(any::<u8>(), 0..300)],
    ) {
        for backend in backends() {
            prop_assert!(!public_key(backend).verify(b"message", &bytes));
            prop_assert!(private_key(backend).decrypt(&bytes).is_err());
        }
    }
}
