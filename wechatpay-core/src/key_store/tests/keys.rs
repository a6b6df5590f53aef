//! Which key is found, and which one encrypts.

use super::support::*;
use crate::{
    crypto::{
        Backend, Failed, KeyRejected, PrivateKeyDer, RsaPrivateKey, RsaPublicKey, ShangmiBackend, Sm2PrivateKey,
        Sm2PublicKey, Suite, default_backend, sm2_encoding,
    },
    key_store::{builder::Builder, key_set::KeySet, schedule::CertificateRefresh, unusable::Unusable},
    keys::{Certificate, PublicKey, SerialNo},
    support::language::{Language, Text},
};
use std::{
    collections::HashMap,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
    },
    thread,
    time::{Duration, SystemTime},
};
use zeroize::Zeroizing;

fn at(seconds: i64) -> SystemTime {
    let distance = Duration::from_secs(seconds.unsigned_abs());
    if seconds < 0 {
        start() - distance
    } else {
        start() + distance
    }
}

fn downloaded(platforms: &[&Platform]) -> KeySet {
    let mut keys = KeySet::default();
    keys.replace_downloaded(platforms.iter().map(|platform| platform.certificate()).collect());
    keys
}

/// Whether the key that is found verifies what `platform` signs.
fn finds(keys: &KeySet, id: &str, platform: &Platform, now: SystemTime) -> bool {
    let signature = platform.key.sign(b"message").unwrap();
    keys.verification_key(id, now)
        .is_some_and(|key| key.verify(b"message", &signature))
}

fn encrypts_with(keys: &KeySet, now: SystemTime) -> Option<String> {
    keys.encryption_key(now).map(|key| key.id.to_string())
}

#[test]
fn b2_public_keys_and_certificates_verify_side_by_side() {
    let (a, b, c) = (
        Platform::new(0, SERIAL_A),
        Platform::new(1, SERIAL_B),
        Platform::new(2, SERIAL_C),
    );
    let mut keys = downloaded(&[&a]);
    keys.add_certificate(b.certificate());
    keys.add_public_key(SerialNo::new(PUBLIC_KEY_ID), c.certificate().public_key().clone())
        .unwrap();
    for _ in 0..50 {
        for (id, platform) in [(SERIAL_A, &a), (SERIAL_B, &b), (PUBLIC_KEY_ID, &c)] {
            assert!(finds(&keys, id, platform, start()));
        }
    }
    // Never by trying: each key under its own id only.
    for (id, platform) in [(SERIAL_A, &b), (SERIAL_B, &c), (PUBLIC_KEY_ID, &a), (SERIAL_C, &c)] {
        assert!(!finds(&keys, id, platform, start()));
    }
}

#[test]
fn b3_a_certificate_is_used_from_its_first_to_its_last_second() {
    let a = Platform::valid(0, SERIAL_A, START, START + DAY);
    let day = i64::try_from(DAY).unwrap();
    let mut added = KeySet::default();
    added.add_certificate(a.certificate());
    for keys in [downloaded(&[&a]), added] {
        for (seconds, used) in [(-1, false), (0, true), (1, true), (day, true), (day + 1, false)] {
            let now = at(seconds);
            assert_eq!(finds(&keys, SERIAL_A, &a, now), used, "{seconds}");
            assert_eq!(encrypts_with(&keys, now).is_some(), used, "{seconds}");
        }
        // Its last second is a whole one.
        assert!(finds(&keys, SERIAL_A, &a, at(day) + Duration::from_millis(999)));
        assert!(!finds(&keys, SERIAL_A, &a, at(0) - Duration::from_nanos(1)));
        assert!(!finds(
            &keys,
            SERIAL_A,
            &a,
            SystemTime::UNIX_EPOCH - Duration::from_nanos(1)
        ));
    }
}

#[test]
fn b10_a_certificate_is_found_however_its_serial_number_is_written() {
    let a = Platform::new(0, SERIAL_A);
    let keys = downloaded(&[&a]);
    for written in [
        SERIAL_A,
        &SERIAL_A.to_lowercase(),
        &SERIAL_A[1..],
        &format!("0000{SERIAL_A}"),
    ] {
        assert!(finds(&keys, written, &a, start()), "{written}");
    }
    for other in ["", "0", "A", SERIAL_B, &format!("{SERIAL_A}0"), &format!(" {SERIAL_A}")] {
        assert!(!finds(&keys, other, &a, start()), "{other}");
    }
}

#[test]
fn the_id_of_a_public_key_is_taken_literally() {
    let a = Platform::new(0, SERIAL_A);
    let mut keys = KeySet::default();
    keys.add_public_key(SerialNo::new(PUBLIC_KEY_ID), a.certificate().public_key().clone())
        .unwrap();
    assert!(finds(&keys, PUBLIC_KEY_ID, &a, start()));
    assert!(!finds(&keys, &PUBLIC_KEY_ID.to_lowercase(), &a, start()));
}

#[test]
fn without_a_public_key_the_newest_valid_certificate_encrypts() {
    let old = Platform::valid(0, SERIAL_A, START - 300 * DAY, START + 500 * DAY);
    let new = Platform::valid(1, SERIAL_B, START - DAY, START + 364 * DAY);
    let next = Platform::valid(2, SERIAL_C, START + DAY, START + 400 * DAY);
    for order in [[&old, &new, &next], [&next, &new, &old], [&new, &next, &old]] {
        let keys = downloaded(&order);
        assert_eq!(encrypts_with(&keys, start()).as_deref(), Some(SERIAL_B));
        let tomorrow = at(i64::try_from(DAY).unwrap());
        assert_eq!(encrypts_with(&keys, tomorrow).as_deref(), Some(SERIAL_C));
        assert!(!keys.encryption_key(start()).unwrap().is_public_key());
    }
    // One that the program gave is no different.
    let mut keys = downloaded(&[&old]);
    keys.add_certificate(new.certificate());
    assert_eq!(encrypts_with(&keys, start()).as_deref(), Some(SERIAL_B));
}

#[test]
fn the_first_public_key_encrypts_until_it_is_removed() {
    let key = |number| Platform::new(number, SERIAL_A).certificate().public_key().clone();
    let store = builder()
        .certificate(Platform::new(2, SERIAL_C).certificate())
        .public_key("PUB_KEY_ID_1", key(0))
        .unwrap()
        .public_key("PUB_KEY_ID_2", key(1))
        .unwrap()
        .build(MERCHANT_SERIAL, None, start())
        .unwrap();
    let encrypts_with = || encrypts_with(&store.snapshot(), start()).unwrap();
    assert_eq!(encrypts_with(), "PUB_KEY_ID_1");
    let announced = store.snapshot().encryption_key(start()).unwrap();
    assert!(announced.is_public_key());
    assert_eq!(announced.header().unwrap(), "PUB_KEY_ID_1");
    store.add_public_key("PUB_KEY_ID_3", key(1), None).unwrap();
    assert_eq!(encrypts_with(), "PUB_KEY_ID_1");
    assert!(store.remove("PUB_KEY_ID_1"));
    assert!(!store.remove("PUB_KEY_ID_1"));
    assert_eq!(encrypts_with(), "PUB_KEY_ID_2");
    store.replace_public_key("PUB_KEY_ID_4", key(0), None).unwrap();
    assert_eq!(encrypts_with(), "PUB_KEY_ID_4");
    assert!(store.snapshot().verification_key("PUB_KEY_ID_2", start()).is_none());
    assert!(store.remove("PUB_KEY_ID_4"));
    assert_eq!(encrypts_with(), SERIAL_C);
    assert!(store.remove(&SERIAL_C.to_lowercase()));
    assert!(store.snapshot().encryption_key(start()).is_none());
}

#[test]
fn u21_an_id_is_not_bound_to_another_key_unless_it_is_replaced() {
    let [a, b] = [0, 1].map(|number| Platform::new(number, SERIAL_A));
    let key = |platform: &Platform| platform.certificate().public_key().clone();
    let store = builder()
        .public_key(PUBLIC_KEY_ID, key(&a))
        .unwrap()
        .build(MERCHANT_SERIAL, None, start())
        .unwrap();
    let before = store.snapshot();
    // The same key once more changes nothing.
    store.add_public_key(PUBLIC_KEY_ID, key(&a), None).unwrap();
    let rebinding = Unusable::Rebinding {
        id: SerialNo::new(PUBLIC_KEY_ID),
    };
    assert_eq!(
        store.add_public_key(PUBLIC_KEY_ID, key(&b), None),
        Err(rebinding.clone())
    );
    assert!(finds(&store.snapshot(), PUBLIC_KEY_ID, &a, start()));
    let twice = builder().public_key(PUBLIC_KEY_ID, key(&a)).unwrap();
    assert_eq!(twice.public_key(PUBLIC_KEY_ID, key(&b)).unwrap_err(), rebinding);

    store.replace_public_key(PUBLIC_KEY_ID, key(&b), None).unwrap();
    assert!(finds(&store.snapshot(), PUBLIC_KEY_ID, &b, start()));
    // Whoever took the keys before goes on with them.
    assert!(finds(&before, PUBLIC_KEY_ID, &a, start()));
    store.remove(PUBLIC_KEY_ID);
    store.add_public_key(PUBLIC_KEY_ID, key(&a), None).unwrap();
    assert!(finds(&store.snapshot(), PUBLIC_KEY_ID, &a, start()));
}

#[test]
fn a_certificate_of_the_same_serial_number_takes_the_place_of_the_earlier_one() {
    let [a, b] = [0, 1].map(|number| Platform::new(number, SERIAL_A));
    let mut keys = KeySet::default();
    keys.add_certificate(a.certificate());
    keys.add_certificate(b.certificate());
    assert!(finds(&keys, SERIAL_A, &b, start()) && !finds(&keys, SERIAL_A, &a, start()));
}

#[test]
fn what_is_removed_is_gone_and_the_others_stay() {
    let [a, b] = [(0, SERIAL_A), (1, SERIAL_B)].map(|(number, serial)| Platform::new(number, serial));
    let mut added = KeySet::default();
    added.add_certificate(a.certificate());
    added.add_certificate(b.certificate());
    let mut public_keys = KeySet::default();
    for platform in [&a, &b] {
        let key = platform.certificate().public_key().clone();
        public_keys
            .add_public_key(SerialNo::new(&platform.serial_no), key)
            .unwrap();
    }
    for mut keys in [downloaded(&[&a, &b]), added, public_keys] {
        assert!(keys.remove(&SerialNo::new(SERIAL_A)));
        assert!(!keys.remove(&SerialNo::new(SERIAL_A)));
        assert!(!finds(&keys, SERIAL_A, &a, start()));
        assert!(finds(&keys, SERIAL_B, &b, start()));
    }
}

#[test]
fn b9_no_key_of_wechat_pay_has_the_serial_number_of_the_merchant() {
    let merchant = Platform::new(0, MERCHANT_SERIAL);
    let key = merchant.certificate().public_key().clone();
    let built = builder()
        .certificate(merchant.certificate())
        .build(MERCHANT_SERIAL, None, start());
    assert_eq!(built.unwrap_err(), Unusable::OwnSerial);

    let store = builder()
        .public_key(PUBLIC_KEY_ID, key.clone())
        .unwrap()
        .build(MERCHANT_SERIAL, None, start())
        .unwrap();
    for id in [
        MERCHANT_SERIAL,
        &MERCHANT_SERIAL.to_lowercase(),
        &format!("00{MERCHANT_SERIAL}"),
    ] {
        assert_eq!(store.add_public_key(id, key.clone(), None), Err(Unusable::OwnSerial));
        assert_eq!(
            store.replace_public_key(id, key.clone(), None),
            Err(Unusable::OwnSerial)
        );
    }
    assert_eq!(
        store.add_certificate(merchant.certificate(), None),
        Err(Unusable::OwnSerial)
    );
    assert_eq!(
        encrypts_with(&store.snapshot(), start()).as_deref(),
        Some(PUBLIC_KEY_ID)
    );
}

#[test]
fn u8_the_key_of_the_merchant_is_not_taken_for_that_of_wechat_pay() {
    let own = Platform::new(0, SERIAL_A);
    let key = own.certificate().public_key().clone();
    let build = |builder: Builder| builder.build(MERCHANT_SERIAL, Some(&own.key), start()).map(drop);
    let by_key = builder().public_key(PUBLIC_KEY_ID, key.clone()).unwrap();
    assert_eq!(build(by_key), Err(Unusable::OwnKey));
    assert_eq!(build(builder().certificate(own.certificate())), Err(Unusable::OwnKey));

    let other = Platform::new(1, SERIAL_B);
    let store = builder()
        .certificate(other.certificate())
        .build(MERCHANT_SERIAL, Some(&own.key), start())
        .unwrap();
    let own_key = Some(&own.key);
    assert_eq!(
        store.add_public_key(PUBLIC_KEY_ID, key.clone(), own_key),
        Err(Unusable::OwnKey)
    );
    assert_eq!(
        store.replace_public_key(PUBLIC_KEY_ID, key, own_key),
        Err(Unusable::OwnKey)
    );
    assert_eq!(store.add_certificate(own.certificate(), own_key), Err(Unusable::OwnKey));
}

#[test]
fn a_key_of_the_other_suite_is_refused_at_the_start_and_later() {
    let id = SerialNo::new(PUBLIC_KEY_ID);
    let other = || match suite() {
        Suite::Rsa => PublicKey::from_sm2(Arc::new(Named(Vec::new()))),
        Suite::Shangmi => PublicKey::from_parsed(Arc::new(Named(Vec::new()))),
    };
    let refused = Unusable::OtherSuite {
        id: id.clone(),
        suite: suite(),
    };
    let built = builder().public_key(PUBLIC_KEY_ID, other()).unwrap();
    assert_eq!(built.build(MERCHANT_SERIAL, None, start()).unwrap_err(), refused);
    let store = builder()
        .certificate(Platform::new(0, SERIAL_A).certificate())
        .build(MERCHANT_SERIAL, None, start())
        .unwrap();
    assert_eq!(store.add_public_key(PUBLIC_KEY_ID, other(), None).unwrap_err(), refused);
    assert_eq!(
        store.replace_public_key(PUBLIC_KEY_ID, other(), None).unwrap_err(),
        refused
    );
    assert!(!store.snapshot().contains(&id));
    for language in [Language::English, Language::Chinese] {
        let said = Text::of(&refused).get(language).to_owned();
        assert!(said.contains("SM2") && said.contains(PUBLIC_KEY_ID), "{said}");
    }
}

#[test]
fn u8_the_id_of_a_public_key_has_its_beginning() {
    let key = Platform::new(1, SERIAL_A).certificate().public_key().clone();
    for id in [SERIAL_A, "pub_key_id_1", "0119000000012024101000"] {
        let refused = Unusable::NotAnId { id: id.to_owned() };
        assert_eq!(builder().public_key(id, key.clone()).unwrap_err(), refused);
    }
}

#[test]
fn u16_a_certificate_that_is_not_valid_is_refused_when_there_is_nothing_else() {
    let expired = Platform::valid(0, SERIAL_A, START - 2 * DAY, START - DAY);
    let refused = Unusable::OutOfDate {
        serial_no: SerialNo::new(SERIAL_A),
        not_before: i64::try_from(START - 2 * DAY).unwrap(),
        not_after: i64::try_from(START - DAY).unwrap(),
    };
    let only = || builder().certificate(expired.certificate());
    let built = only().build(MERCHANT_SERIAL, None, start());
    assert_eq!(built.unwrap_err(), refused);
    let said = Text::of(&refused);
    assert!(
        said.get(Language::English)
            .contains("is valid from 2027-01-13T08:00:00Z to 2027-01-14T08:00:00Z")
    );
    assert!(said.get(Language::Chinese).contains("2027-01-14T08:00:00Z"));

    let valid = Platform::new(1, SERIAL_B);
    let with_another = only().certificate(valid.certificate());
    let store = with_another.build(MERCHANT_SERIAL, None, start()).unwrap();
    // A signature with it is refused with the reason.
    let error = store.why_unknown(&SERIAL_A.to_lowercase(), start());
    assert_eq!(
        error.to_string(),
        format!(
            "the platform certificate `{}` expired at 2027-01-14T08:00:00Z",
            SERIAL_A.to_lowercase()
        )
    );
    let early = store.why_unknown(SERIAL_A, at(-3 * 86_400)).to_string();
    assert!(early.ends_with("is not valid before 2027-01-13T08:00:00Z"), "{early}");
    only()
        .api_v3_keys(vec![api_v3_key()])
        .download(default_backend(), CertificateRefresh::default(), 0)
        .build(MERCHANT_SERIAL, None, start())
        .unwrap();
}

#[test]
fn b9_a_store_that_could_never_verify_is_not_built() {
    assert_eq!(
        builder().build(MERCHANT_SERIAL, None, start()).unwrap_err(),
        Unusable::NoKey
    );
    let built = builder()
        .download(default_backend(), CertificateRefresh::default(), 0)
        .build(MERCHANT_SERIAL, None, start());
    assert_eq!(built.unwrap_err(), Unusable::NoApiV3Key);
    for (reason, fixed_by) in [
        (Unusable::NoKey, "wechatpay_public_key(id, key)"),
        (Unusable::NoApiV3Key, "api_v3_key(key)"),
    ] {
        for language in [Language::English, Language::Chinese] {
            assert!(Text::of(&reason).get(language).contains(fixed_by), "{reason:?}");
        }
    }
}

/// "Encrypts" by naming the key, so that a hundred thousand ciphertexts can be told apart in no time.
#[derive(Debug)]
struct Naming;

struct Named(Vec<u8>);

impl RsaPublicKey for Named {
    fn verify(&self, _: &[u8], _: &[u8]) -> bool {
        false
    }

    fn encrypt(&self, _: &[u8]) -> Result<Vec<u8>, Failed> {
        Ok(self.0.clone())
    }

    fn modulus_len(&self) -> usize {
        256
    }
}

impl Sm2PublicKey for Named {
    fn verify(&self, _: &[u8], _: &[u8]) -> bool {
        false
    }

    fn encrypt(&self, _: &[u8]) -> Result<Vec<u8>, Failed> {
        Ok(self.0.clone())
    }
}

impl Named {
    fn key(name: &str) -> PublicKey {
        let named = Arc::new(Self(name.as_bytes().to_vec()));
        match suite() {
            Suite::Rsa => PublicKey::from_parsed(named),
            Suite::Shangmi => PublicKey::from_sm2(named),
        }
    }
}

impl ShangmiBackend for Naming {
    fn private_key(&self, _: &[u8; 32]) -> Result<Arc<dyn Sm2PrivateKey>, KeyRejected> {
        Err(KeyRejected)
    }

    fn public_key(&self, point: &[u8; 65]) -> Result<Arc<dyn Sm2PublicKey>, KeyRejected> {
        let name = sm2_encoding::spki(point).map_err(|_| KeyRejected)?;
        Ok(Arc::new(Named(name)))
    }

    fn sm4_gcm_decrypt(&self, _: &[u8; 16], _: &[u8], _: &[u8], _: &[u8]) -> Result<Zeroizing<Vec<u8>>, Failed> {
        Err(Failed)
    }
}

impl Backend for Naming {
    fn shangmi(&self) -> Option<&dyn ShangmiBackend> {
        Some(self)
    }

    fn private_key(&self, _: PrivateKeyDer<'_>) -> Result<Arc<dyn RsaPrivateKey>, KeyRejected> {
        Err(KeyRejected)
    }

    fn public_key(&self, spki: &[u8]) -> Result<Arc<dyn RsaPublicKey>, KeyRejected> {
        Ok(Arc::new(Named(spki.to_vec())))
    }

    fn aes_256_gcm_decrypt(&self, _: &[u8; 32], _: &[u8], _: &[u8], _: &[u8]) -> Result<Zeroizing<Vec<u8>>, Failed> {
        Err(Failed)
    }
}

#[test]
fn b7_ciphertext_and_serial_belong_together_through_a_hundred_thousand_rotations() {
    const TIMES: usize = 100_000;
    let platforms = [(0, SERIAL_A), (1, SERIAL_B), (2, SERIAL_C)].map(|(number, serial)| Platform::new(number, serial));
    let certificates: Vec<Certificate> = platforms
        .iter()
        .map(|platform| Certificate::from_pem_with(&Naming, &platform.pem).unwrap())
        .collect();
    // Which ciphertext a name stands for.
    let mut expected: HashMap<String, Vec<u8>> = platforms
        .iter()
        .map(|platform| (platform.serial_no.clone(), platform.key.public_key_der()))
        .collect();
    let public_keys: Vec<(String, PublicKey)> = (0..3)
        .map(|number| {
            let id = format!("PUB_KEY_ID_{number}");
            expected.insert(id.clone(), id.clone().into_bytes());
            (id.clone(), Named::key(&id))
        })
        .collect();
    let store = builder()
        .public_key(&public_keys[0].0, public_keys[0].1.clone())
        .unwrap()
        .build(MERCHANT_SERIAL, None, start())
        .unwrap();
    store.update(|keys| keys.replace_downloaded(vec![certificates[0].clone()]));
    // With public keys, and with certificates.
    let encryptions = [const { AtomicUsize::new(0) }; 2];
    let rotating = AtomicBool::new(true);

    thread::scope(|scope| {
        let encrypting: Vec<_> = (0..2)
            .map(|_| {
                scope.spawn(|| {
                    while rotating.load(SeqCst) {
                        let key = store.snapshot().encryption_key(start()).unwrap();
                        let ciphertext = key.key.encrypt(b"").unwrap();
                        assert_eq!(expected[key.id.as_str()], ciphertext, "{}", key.id);
                        assert_eq!(key.is_public_key(), key.id.as_str().starts_with("PUB"));
                        encryptions[usize::from(key.is_public_key())].fetch_add(1, SeqCst);
                    }
                })
            })
            .collect();
        let encrypted = || encryptions.iter().all(|count| count.load(SeqCst) >= TIMES / 2);
        let mut rotations = 0;
        while (rotations < TIMES || !encrypted()) && !encrypting.iter().any(|thread| thread.is_finished()) {
            let number = rotations % 3;
            let (id, key) = &public_keys[number];
            match rotations % 4 {
                0 | 1 => store.update(|keys| keys.replace_downloaded(vec![certificates[number].clone()])),
                2 => store.replace_public_key(id, key.clone(), None).unwrap(),
                _ => store.update(KeySet::clear_public_keys),
            }
            rotations += 1;
        }
        rotating.store(false, SeqCst);
    });
}
