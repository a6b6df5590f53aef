//! Downloads: how many there are, who waits for them, and what stays when they fail. The clock is paused, so hours pass
//! in no time.

use super::support::*;
use crate::{
    crypto::default_backend,
    error::{Error, ErrorKind, Outcome},
    key_store::{
        certificate_list::ListError,
        error::RefreshError,
        schedule::CertificateRefresh,
        source::{CertificateSource as _, DownloadedList},
        store::KeyStore,
    },
    keys::ApiV3Key,
};
use serde_json::json;
use std::{cell::RefCell, sync::Arc, time::Duration};
use tokio::{
    task::JoinSet,
    time::{Instant, advance, sleep, timeout},
};

fn knows(store: &KeyStore, serial: &str) -> bool {
    store.snapshot().verification_key(serial, start()).is_some()
}

/// A store that has downloaded a list with A, and its source.
async fn with_a() -> (KeyStore, Source) {
    let (store, source) = (downloading(), Source::new(Download::Brings(list_of_a())));
    store.refresh(&source).await.unwrap();
    assert!(knows(&store, SERIAL_A));
    (store, source)
}

fn list_of_a() -> DownloadedList {
    let a = Platform::new(0, SERIAL_A);
    a.sign(&[a.entry()])
}

fn list_of_a_and_b(timestamp: u64) -> DownloadedList {
    let (a, b) = (Platform::new(0, SERIAL_A), Platform::new(1, SERIAL_B));
    b.sign_at(
        timestamp,
        SERIAL_B,
        json!({ "data": [a.entry(), b.entry()] }).to_string(),
    )
}

#[tokio::test(start_paused = true)]
async fn b1_a_certificate_that_appeared_since_is_found_in_one_download() {
    let (store, source) = with_a().await;
    advance(3600 * SECOND).await;
    source.then(Download::Brings(list_of_a_and_b(START + 3600)));
    assert!(store.verification_key(SERIAL_A, &source).await.is_some());
    assert_eq!(source.downloads(), 1);
    let key = store.verification_key(SERIAL_B, &source).await.unwrap();
    assert_eq!(source.downloads(), 2);
    let b = Platform::new(1, SERIAL_B);
    assert!(key.verify(b"stored", &b.key.sign(b"stored").unwrap()));
    assert!(
        store
            .verification_key(&SERIAL_B.to_lowercase(), &source)
            .await
            .is_some()
    );
    assert_eq!(source.downloads(), 2);
}

#[tokio::test(start_paused = true)]
async fn b4_a_thousand_tasks_with_an_unknown_serial_share_one_download() {
    let (store, source) = (Arc::new(downloading()), Arc::new(Source::new(Download::Hangs)));
    source.then(Download::BringsLate(2 * SECOND, list_of_a()));
    let mut tasks = JoinSet::new();
    for number in 0..1000 {
        let (store, source) = (Arc::clone(&store), Arc::clone(&source));
        tasks.spawn(async move {
            // They come one after the other while the download is under way.
            sleep(Duration::from_millis(number)).await;
            let serial = if number % 2 == 0 { SERIAL_A } else { SERIAL_B };
            (number % 2 == 0, store.verification_key(serial, &*source).await)
        });
    }
    while let Some(task) = tasks.join_next().await {
        let (is_listed, result) = task.unwrap();
        assert_eq!(result.is_some(), is_listed);
    }
    assert_eq!(source.downloads(), 1);
}

#[tokio::test(start_paused = true)]
async fn b4_a_failure_is_shared_too() {
    let (store, source) = (Arc::new(downloading()), Arc::new(Source::new(Download::Hangs)));
    let mut tasks = JoinSet::new();
    for _ in 0..1000 {
        let (store, source) = (Arc::clone(&store), Arc::clone(&source));
        tasks.spawn(async move { store.refresh(&*source).await.unwrap_err() });
    }
    while let Some(task) = tasks.join_next().await {
        let error = task.unwrap();
        assert!(matches!(*error, RefreshError::TimedOut), "{error:?}");
    }
    assert!(store.verification_key(SERIAL_A, &*source).await.is_none());
    assert_eq!(source.downloads(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_thousand_tasks_that_need_a_first_certificate_share_one_download() {
    let (store, source) = (Arc::new(downloading()), Arc::new(Source::new(Download::Hangs)));
    source.then(Download::BringsLate(SECOND, list_of_a()));
    let mut tasks = JoinSet::new();
    for _ in 0..1000 {
        let (store, source) = (Arc::clone(&store), Arc::clone(&source));
        tasks.spawn(async move {
            store.refresh(&*source).await.unwrap();
            store.snapshot().encryption_key(start()).unwrap().id.to_string()
        });
    }
    while let Some(task) = tasks.join_next().await {
        assert_eq!(task.unwrap(), SERIAL_A);
    }
    assert_eq!(source.downloads(), 1);
}

#[tokio::test(start_paused = true)]
async fn a8_after_a_download_an_unknown_serial_causes_none_for_a_minute() {
    let (store, source) = with_a().await;
    let began = Instant::now();
    while began.elapsed() < 59 * SECOND {
        let result = store.verification_key(SERIAL_B, &source).await;
        assert!(result.is_none(), "{result:?}");
        assert_eq!(source.downloads(), 1);
        advance(SECOND).await;
    }
    advance(SECOND).await;
    let now = START + began.elapsed().as_secs();
    source.then(Download::Brings(list_of_a_and_b(now)));
    assert!(store.verification_key(SERIAL_B, &source).await.is_some());
    assert_eq!(source.downloads(), 2);
}

#[tokio::test(start_paused = true)]
async fn a8_without_downloads_an_unknown_serial_is_refused_at_once() {
    let store = builder()
        .public_key(
            PUBLIC_KEY_ID,
            Platform::new(0, SERIAL_A).certificate().public_key().clone(),
        )
        .unwrap()
        .api_v3_keys(vec![api_v3_key()])
        .build(MERCHANT_SERIAL, None, start())
        .unwrap();
    let source = Source::new(Download::Panics);
    assert!(store.verification_key(PUBLIC_KEY_ID, &source).await.is_some());
    for serial in [SERIAL_A, "PUB_KEY_ID_2", ""] {
        let result = timeout(Duration::ZERO, store.verification_key(serial, &source)).await;
        assert!(matches!(result, Ok(None)), "{serial}");
    }
    store.refresh(&source).await.unwrap();
    assert!(!store.can_refresh());
    assert_eq!(store.due(Instant::now().into_std()), None);
    assert_eq!(source.downloads(), 0);
}

#[tokio::test(start_paused = true)]
async fn a8_what_no_certificate_can_be_named_causes_no_download() {
    let (store, source) = (downloading(), Source::new(Download::Brings(list_of_a())));
    for serial in [
        "",
        "PUB_KEY_ID_2",
        "G",
        " 0A",
        "0A,0B",
        "0x0A",
        &"A".repeat(41),
        &"A".repeat(2048),
    ] {
        assert!(store.verification_key(serial, &source).await.is_none(), "{serial}");
    }
    assert_eq!(source.downloads(), 0);
    // Leading zeros do not make a number longer.
    assert!(
        store
            .verification_key(&format!("{:0>100}", SERIAL_A), &source)
            .await
            .is_some()
    );
    assert_eq!(source.downloads(), 1);
}

#[tokio::test(start_paused = true)]
async fn f10_a_hundred_thousand_random_serials_cause_no_downloads_beyond_the_cooldown() {
    let (store, source) = with_a().await;
    let size = format!("{store:?}").len();
    let mut seed = 1_u128;
    // Ten minutes of them.
    for _ in 0..100_000 {
        seed = seed
            .wrapping_mul(0xda94_2042_e4dd_58b5_94d0_49bb_1331_11eb)
            .wrapping_add(1);
        let now = START + source_age(&source);
        source.then(Download::Brings(list_at(now)));
        assert!(store.verification_key(&format!("{seed:040X}"), &source).await.is_none());
        advance(Duration::from_millis(6)).await;
    }
    assert!((9..=11).contains(&source.downloads()), "{}", source.downloads());
    // Nothing of it is kept: the store is what it was, but for digits of times and counters.
    let grown = format!("{store:?}").len().abs_diff(size);
    assert!(grown < 32, "{grown}");
    assert!(knows(&store, SERIAL_A));
}

/// Signing takes a millisecond, so the same list is used for a minute.
fn list_at(now: u64) -> DownloadedList {
    thread_local! {
        static LAST: RefCell<Option<(u64, DownloadedList)>> = const { RefCell::new(None) };
    }
    LAST.with_borrow_mut(|last| match last {
        Some((made, list)) if now - *made < 60 => list.clone(),
        _ => {
            let a = Platform::new(0, SERIAL_A);
            let list = a.sign_at(now, SERIAL_A, json!({ "data": [a.entry()] }).to_string());
            last.insert((now, list)).1.clone()
        }
    })
}

fn source_age(source: &Source) -> u64 {
    source.now().time.duration_since(start()).unwrap().as_secs()
}

#[tokio::test(start_paused = true)]
async fn b5_the_present_certificates_stay_whatever_goes_wrong_with_a_download() {
    let a = Platform::new(0, SERIAL_A);
    let b = Platform::new(1, SERIAL_B);
    let forged = b.sign(&[a.entry()]);
    let empty = a.sign(&[]);
    let stale = a.sign_at(START - 301, SERIAL_A, json!({ "data": [b.entry()] }).to_string());
    for fault in [
        Download::Fails,
        Download::Hangs,
        Download::Brings(forged),
        Download::Brings(empty),
        Download::Brings(stale),
    ] {
        let (store, source) = with_a().await;
        let before = store.snapshot();
        advance(61 * SECOND).await;
        source.then(fault);
        assert!(store.verification_key(SERIAL_B, &source).await.is_none());
        assert!(store.refresh(&source).await.is_err());
        assert_eq!(source.downloads(), 2);
        assert!(knows(&store, SERIAL_A) && !knows(&store, SERIAL_B));
        assert!(store.snapshot().encryption_key(start()).is_some());
        assert!(Arc::ptr_eq(&before, &store.snapshot()));
        assert!(store.verification_key(SERIAL_A, &source).await.is_some());
    }
}

#[tokio::test(start_paused = true)]
async fn b5_after_failures_downloads_become_rarer_and_a_success_ends_that() {
    let (store, source) = (downloading(), Source::new(Download::Fails));
    let began = Instant::now();
    let mut times = Vec::new();
    // Someone asks every 100 ms for 20 minutes.
    while began.elapsed() < 1200 * SECOND {
        let before = source.downloads();
        let result = store.verification_key(SERIAL_A, &source).await;
        assert!(result.is_none(), "{result:?}");
        if source.downloads() > before {
            times.push(began.elapsed().as_secs());
        }
        advance(Duration::from_millis(100)).await;
    }
    // 5 s, doubled up to 300 s.
    assert_eq!(times, [0, 5, 15, 35, 75, 155, 315, 615, 915]);
    advance(300 * SECOND).await;
    source.then(Download::Brings(list_at(START + began.elapsed().as_secs())));
    assert!(store.verification_key(SERIAL_A, &source).await.is_some());
    source.then(Download::Fails);
    advance(60 * SECOND).await;
    assert!(store.verification_key(SERIAL_B, &source).await.is_none());
    let downloads = source.downloads();
    advance(5 * SECOND).await;
    assert!(store.verification_key(SERIAL_B, &source).await.is_none());
    assert_eq!(source.downloads(), downloads + 1);
}

#[tokio::test(start_paused = true)]
async fn b5_a_download_without_end_is_given_up() {
    let (store, source) = (downloading(), Source::new(Download::Hangs));
    let began = Instant::now();
    let error = store.refresh(&source).await.unwrap_err();
    assert!(matches!(*error, RefreshError::TimedOut));
    assert_eq!(began.elapsed(), 15 * SECOND);
    let store = builder()
        .api_v3_keys(vec![api_v3_key()])
        .download(default_backend(), CertificateRefresh::default().timeout(3 * SECOND), 0)
        .build(MERCHANT_SERIAL, None, start())
        .unwrap();
    let began = Instant::now();
    store.refresh(&source).await.unwrap_err();
    assert_eq!(began.elapsed(), 3 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn b6_when_the_downloading_task_is_cancelled_the_next_in_line_takes_over() {
    let (store, source) = (Arc::new(downloading()), Arc::new(Source::new(Download::Hangs)));
    let look_up = || {
        let (store, source) = (Arc::clone(&store), Arc::clone(&source));
        tokio::spawn(async move { store.verification_key(SERIAL_A, &*source).await })
    };
    let first = look_up();
    sleep(SECOND).await;
    let waiting: Vec<_> = (0..10).map(|_| look_up()).collect();
    sleep(SECOND).await;
    source.then(Download::BringsLate(SECOND, list_of_a()));
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    for task in waiting {
        assert!(task.await.unwrap().is_some());
    }
    assert_eq!(source.downloads(), 2);
}

#[tokio::test(start_paused = true)]
async fn b6_when_the_downloading_task_panics_the_next_in_line_takes_over() {
    let (store, source) = (Arc::new(downloading()), Arc::new(Source::new(Download::Panics)));
    let look_up = || {
        let (store, source) = (Arc::clone(&store), Arc::clone(&source));
        tokio::spawn(async move { store.verification_key(SERIAL_A, &*source).await })
    };
    assert!(look_up().await.unwrap_err().is_panic());
    source.then(Download::Brings(list_of_a()));
    assert!(look_up().await.unwrap().is_some());
    assert_eq!(source.downloads(), 2);
}

#[tokio::test(start_paused = true)]
async fn b6_whoever_waits_can_give_up_without_harm() {
    let (store, source) = (
        downloading(),
        Source::new(Download::BringsLate(5 * SECOND, list_of_a())),
    );
    let (patient, impatient) = tokio::join!(
        store.verification_key(SERIAL_A, &source),
        timeout(SECOND, store.verification_key(SERIAL_A, &source)),
    );
    assert!(patient.is_some());
    assert!(impatient.is_err());
    assert_eq!(source.downloads(), 1);
}

#[tokio::test(start_paused = true)]
async fn f10_callers_who_give_up_cannot_cause_downloads_without_end() {
    let (store, source) = (downloading(), Source::new(Download::Hangs));
    // A thousand of them in ten seconds, each gone after ten milliseconds.
    for _ in 0..1000 {
        let gone = timeout(Duration::from_millis(10), store.verification_key(SERIAL_A, &source)).await;
        assert!(!matches!(gone, Ok(Some(_))));
        advance(Duration::from_millis(1)).await;
    }
    assert!(source.downloads() <= 12, "{}", source.downloads());
    // And the store is not blocked by it.
    advance(5 * SECOND).await;
    source.then(Download::Brings(list_of_a()));
    assert!(store.verification_key(SERIAL_A, &source).await.is_some());
}

#[tokio::test(start_paused = true)]
async fn keys_that_are_added_while_a_download_is_under_way_are_not_lost() {
    let (store, source) = (downloading(), Source::new(Download::BringsLate(SECOND, list_of_a())));
    let (result, ()) = tokio::join!(store.refresh(&source), async {
        sleep(SECOND / 2).await;
        store
            .add_certificate(Platform::new(2, SERIAL_C).certificate(), None)
            .unwrap();
    });
    result.unwrap();
    assert!(knows(&store, SERIAL_A) && knows(&store, SERIAL_C));
}

#[tokio::test(start_paused = true)]
async fn a_download_replaces_what_was_downloaded_and_nothing_else() {
    let (store, source) = with_a().await;
    store
        .add_certificate(Platform::new(2, SERIAL_C).certificate(), None)
        .unwrap();
    advance(60 * SECOND).await;
    let b = Platform::new(1, SERIAL_B);
    source.then(Download::Brings(b.sign(&[b.entry()])));
    store.refresh(&source).await.unwrap();
    assert!(!knows(&store, SERIAL_A) && knows(&store, SERIAL_B) && knows(&store, SERIAL_C));
}

#[tokio::test(start_paused = true)]
async fn the_api_v3_key_can_be_changed_between_two_downloads() {
    let (store, source) = with_a().await;
    let new = [9; 32];
    let b = Platform::new(1, SERIAL_B);
    source.then(Download::Brings(b.sign(&[entry(SERIAL_B, &b.pem, &new)])));
    advance(60 * SECOND).await;
    assert!(store.refresh(&source).await.is_err());
    store.replace_api_v3_keys(vec![api_v3_key(), ApiV3Key::new(new).unwrap()]);
    advance(60 * SECOND).await;
    store.refresh(&source).await.unwrap();
    assert!(knows(&store, SERIAL_B));
}

#[tokio::test(start_paused = true)]
async fn downloads_are_due_at_once_then_after_the_interval_and_after_a_failure_sooner() {
    let source = Source::new(Download::Fails);
    let store = downloading();
    let due = || store.due(Instant::now().into_std()).unwrap();
    assert_eq!(due(), Duration::ZERO);
    store.refresh(&source).await.unwrap_err();
    assert_eq!(due(), 5 * SECOND);
    advance(5 * SECOND).await;
    assert_eq!(due(), Duration::ZERO);
    source.then(Download::Brings(list_of_a()));
    store.refresh(&source).await.unwrap();
    assert_eq!(due(), 6 * 3600 * SECOND);
    advance(6 * 3600 * SECOND).await;
    assert_eq!(due(), Duration::ZERO);
    source.then(Download::Fails);
    store.refresh(&source).await.unwrap_err();
    assert_eq!(due(), 5 * SECOND);
}

#[tokio::test(start_paused = true)]
async fn a_download_is_due_when_the_last_one_is_stale_and_none_is_running() {
    let (store, source) = (downloading(), Source::new(Download::Brings(list_of_a())));
    assert!(store.can_refresh());
    let is_due = || store.waits_for_download(Instant::now().into_std());
    // The first download is started by the first call that needs it.
    assert!(!is_due());
    store.refresh(&source).await.unwrap();
    assert!(!is_due());
    advance(6 * 3600 * SECOND - Duration::from_millis(1)).await;
    assert!(!is_due());
    advance(Duration::from_millis(1)).await;
    assert!(is_due());
    let next = list_of_a_and_b(START + 6 * 3600);
    source.then(Download::BringsLate(10 * SECOND, next));
    let (result, ()) = tokio::join!(store.refresh(&source), async {
        // Also when another could be begun.
        sleep(6 * SECOND).await;
        assert_eq!(store.due(Instant::now().into_std()), Some(Duration::ZERO));
        assert!(!is_due());
    });
    result.unwrap();
    assert!(!is_due());
}

#[test]
fn why_a_download_brought_nothing_is_said_with_its_cause() {
    for (error, text) in [
        (
            RefreshError::from(Error::new(
                Outcome::NotSent,
                ErrorKind::Connect,
                ("no connection", "无法连接"),
            )),
            "the platform certificates could not be downloaded: no connection",
        ),
        (
            RefreshError::from(ListError::Empty),
            "the downloaded platform certificates are refused: the list of platform certificates is empty",
        ),
        (
            RefreshError::TimedOut,
            "the download of the platform certificates took too long",
        ),
    ] {
        assert_eq!(error.to_string(), text);
        assert!(error.to_error().chinese().to_string().contains("平台证书"));
    }
}

#[tokio::test(start_paused = true)]
async fn many_clients_do_not_download_together_and_none_waits_half_a_day() {
    let longest = CertificateRefresh::default().interval(Duration::MAX);
    for (random, least, most) in [
        (0, 11 * 3600, 11 * 3600),
        (u64::MAX / 2, 10 * 3600, 11 * 3600 - 2000),
        (u64::MAX, 9 * 3600, 11 * 3600 - 4900),
    ] {
        let store = builder()
            .api_v3_keys(vec![api_v3_key()])
            .download(default_backend(), longest.clone(), random)
            .build(MERCHANT_SERIAL, None, start())
            .unwrap();
        store
            .refresh(&Source::new(Download::Brings(list_of_a())))
            .await
            .unwrap();
        let due = store.due(Instant::now().into_std()).unwrap().as_secs();
        assert!((least..=most).contains(&due), "{due}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_expired_certificate_is_looked_for_in_a_fresh_download() {
    let store = downloading();
    let a = Platform::valid(0, SERIAL_A, START - DAY, START + 100);
    let source = Source::new(Download::Brings(a.sign(&[a.entry()])));
    assert!(store.verification_key(SERIAL_A, &source).await.is_some());
    advance(101 * SECOND).await;
    assert!(store.verification_key(SERIAL_A, &source).await.is_none());
    assert_eq!(source.downloads(), 2);
}

#[tokio::test(start_paused = true)]
async fn settings_below_reason_are_lifted_to_a_second() {
    let refresh = CertificateRefresh::default()
        .cooldown(Duration::ZERO)
        .backoff(Duration::ZERO, Duration::ZERO)
        .interval(Duration::ZERO);
    let store = builder()
        .api_v3_keys(vec![api_v3_key()])
        .download(default_backend(), refresh, u64::MAX)
        .build(MERCHANT_SERIAL, None, start())
        .unwrap();
    let source = Source::new(Download::Brings(list_of_a()));
    for _ in 0..100 {
        store.refresh(&source).await.unwrap();
    }
    assert_eq!(source.downloads(), 1);
    source.then(Download::Fails);
    advance(SECOND).await;
    for _ in 0..100 {
        store.refresh(&source).await.unwrap_err();
    }
    assert_eq!(source.downloads(), 2);
}
