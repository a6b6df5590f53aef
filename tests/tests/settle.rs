//! Settling a number over HTTP, with a gateway that misbehaves: lost 0, doubled 0, false certainty 0.

use serde::Deserialize;
use serde_json::json;
use std::{
    future::{IntoFuture as _, ready},
    io,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::{Duration, SystemTime},
};
use wechatpay_core::{
    Client, ErrorKind, Method, Outcome,
    crypto::aws_lc_rs::AwsLcRs,
    notification::payload::RefundStatus,
    settle::{Polling, Progress, Settle, Settled, Stage, State, Why},
    wechatpay_endpoint,
};
use wechatpay_gateway::{Fault, Gateway, GatewayResponse};
use wechatpay_tests::quick;

const REFUNDS: &str = "/v3/refund/domestic/refunds";
const QUERY: &str = "/v3/refund/domestic/refunds/{out_refund_no}";

#[wechatpay_endpoint(POST, "/v3/refund/domestic/refunds", response = Refunded, idempotent)]
struct Refund {
    out_refund_no: String,
    amount: u64,
}

/// The same, of a service that does not recognise a retry.
#[wechatpay_endpoint(POST, "/v3/refund/domestic/refunds", response = Refunded)]
struct RefundOnce {
    out_refund_no: String,
    amount: u64,
}

#[wechatpay_endpoint(GET, "/v3/refund/domestic/refunds/{out_refund_no}", response = Refunded)]
struct Query {
    out_refund_no: String,
}

#[derive(Debug, Deserialize)]
struct Refunded {
    out_refund_no: String,
    status: RefundStatus,
}

impl Progress for Refunded {
    fn state(&self) -> State {
        self.status.state()
    }
}

fn refund(number: &str) -> Refund {
    Refund {
        out_refund_no: number.into(),
        amount: 100,
    }
}

fn query(number: &str) -> Query {
    Query {
        out_refund_no: number.into(),
    }
}

/// A refund is in process for as many queries as the counter says.
fn gateway(processing: usize) -> (Gateway, Arc<AtomicUsize>) {
    let gateway = Gateway::builder().backend(&AwsLcRs).start().unwrap();
    let left = Arc::new(AtomicUsize::new(processing));
    gateway.on_order(
        Method::POST,
        REFUNDS,
        "out_refund_no",
        |request| json!({ "out_refund_no": request.json()["out_refund_no"], "status": "PROCESSING" }),
    );
    let (ledger, counter) = (gateway.ledger(), Arc::clone(&left));
    gateway.on(Method::GET, QUERY, move |request| {
        let number = request.path("out_refund_no");
        if ledger.find(number).is_none() {
            return GatewayResponse::error(404, "RESOURCE_NOT_EXISTS", "退款单不存在");
        }
        let is_over = counter
            .fetch_update(Relaxed, Relaxed, |left| left.checked_sub(1))
            .is_err();
        let status = if is_over { "SUCCESS" } else { "PROCESSING" };
        GatewayResponse::json(200, &json!({ "out_refund_no": number, "status": status }))
    });
    (gateway, left)
}

fn client(gateway: &Gateway) -> Client {
    gateway.client_builder().retry(quick()).build().unwrap()
}

fn often() -> Polling {
    Polling::every(Duration::from_millis(5)).retry(Duration::from_millis(2), Duration::from_millis(20))
}

/// A stage of so many seconds ago.
fn ago(seconds: u64) -> Stage {
    Stage::sent_at(SystemTime::now() - Duration::from_secs(seconds))
}

#[tokio::test]
async fn a_refund_is_queried_until_its_state_is_final() {
    let (gateway, _) = gateway(3);
    let client = client(&gateway);
    let settled = Settle::new(&client, &refund("R-1"), &query("R-1"))
        .polling(often())
        .await;
    assert!(
        matches!(&settled, Settled::Done(found) if found.out_refund_no == "R-1"),
        "{settled:?}"
    );
    assert_eq!(
        (gateway.ledger().count("R-1"), gateway.requests_to(QUERY).len()),
        (1, 4)
    );
}

#[tokio::test]
async fn without_time_left_an_open_refund_says_when_to_look_again() {
    let (gateway, left) = gateway(usize::MAX);
    let client = client(&gateway);
    let settled = Settle::new(&client, &refund("R-1"), &query("R-1"))
        .deadline(Duration::ZERO)
        .await;
    let Settled::Open(open) = settled else {
        panic!("{settled:?}")
    };
    assert!(matches!(open.why, Why::Waiting), "{open}");
    assert_eq!(open.look_again, Duration::from_secs(60));
    assert_eq!(
        open.created.map(|created| created.status),
        Some(RefundStatus::Processing)
    );
    assert_eq!(open.found.map(|found| found.status), Some(RefundStatus::Processing));
    left.store(0, Relaxed);
    let settled = Settle::new(&client, &refund("R-1"), &query("R-1"))
        .resume(ago(60))
        .await;
    assert!(matches!(settled, Settled::Done(_)), "{settled:?}");
    assert_eq!(gateway.requests_to(REFUNDS).len(), 1);
}

#[tokio::test]
async fn d3_each_fault_of_a_create_operation_ends_in_the_truth() {
    let silence = Duration::from_millis(150);
    let refused = |committed| Fault::Status {
        status: 403,
        body: json!({ "code": "NOT_ENOUGH", "message": "余额不足" }),
        committed,
    };
    for fault in [
        Fault::Reset { committed: true },
        Fault::Reset { committed: false },
        Fault::CommitThenFail { status: 500 },
        Fault::FailThenCommit {
            status: 500,
            after: Duration::from_millis(10),
        },
        Fault::Silence { committed: true },
        Fault::Silence { committed: false },
        Fault::WrongKey,
        Fault::Unsigned,
        Fault::Html { status: 404 },
        Fault::ChangedStatus(404),
        Fault::ResetInRequest,
        refused(false),
        // Somebody on the way refuses what the service has executed: nobody signs that.
        Fault::Html { status: 403 },
    ] {
        for times in [1, 3] {
            let (gateway, _) = gateway(1);
            let builder = gateway.client_builder().retry(quick()).attempt_timeout(silence);
            let client = builder.build().unwrap();
            for _ in 0..times {
                gateway.misbehave_at(REFUNDS, fault.clone());
            }
            let settled = Settle::new(&client, &refund("R-1"), &query("R-1"))
                .polling(often())
                .await;
            tokio::time::sleep(Duration::from_millis(20)).await;
            let row = gateway.ledger().find("R-1");
            match &settled {
                Settled::Done(_) => assert!(row.is_some_and(|row| row.conflicts == 0), "lost: {fault:?}"),
                Settled::NothingHappened(error) => {
                    assert_eq!(error.outcome(), Outcome::Rejected, "{fault:?}");
                    assert!(row.is_none(), "false certainty: {fault:?}");
                }
                Settled::Open(open) => panic!("{fault:?}: {open}"),
            }
            assert!(gateway.ledger().count("R-1") <= 1, "doubled: {fault:?}");
        }
    }
}

#[tokio::test]
async fn d3_a_create_operation_that_is_not_idempotent_is_sent_once() {
    let (gateway, _) = gateway(0);
    let client = client(&gateway);
    let once = RefundOnce {
        out_refund_no: "R-1".into(),
        amount: 100,
    };
    gateway.misbehave_at(REFUNDS, Fault::Reset { committed: false });
    let settled = Settle::new(&client, &once, &query("R-1")).await;
    let Settled::Open(open) = settled else {
        panic!("{settled:?}")
    };
    assert!(
        matches!(&open.why, Why::InDoubt(error) if error.code() == Some("RESOURCE_NOT_EXISTS")),
        "{open}"
    );
    // Soon after it, nothing is proved. Long after it, a query that finds nothing proves it.
    let settled = Settle::new(&client, &once, &query("R-1"))
        .resume(ago(60))
        .deadline(Duration::ZERO)
        .await;
    assert!(matches!(settled, Settled::Open(_)), "{settled:?}");
    let settled = Settle::new(&client, &once, &query("R-1")).resume(ago(3600)).await;
    assert!(matches!(settled, Settled::NothingHappened(_)), "{settled:?}");
    assert_eq!(gateway.requests_to(REFUNDS).len(), 1);
}

#[tokio::test]
async fn d5_after_a_restart_the_number_is_queried_first_and_then_sent_again() {
    let (gateway, _) = gateway(0);
    let client = client(&gateway);
    let settled = Settle::new(&client, &refund("R-1"), &query("R-1"))
        .resume(Stage::default())
        .await;
    assert!(matches!(settled, Settled::Done(_)), "{settled:?}");
    let methods: Vec<_> = gateway
        .requests()
        .iter()
        .map(|request| request.method().clone())
        .collect();
    assert_eq!(methods, [Method::GET, Method::POST, Method::GET]);
}

#[tokio::test]
async fn a_refusal_after_a_restart_closes_the_row_only_when_nothing_can_be_under_way() {
    let (gateway, _) = gateway(0);
    let client = client(&gateway);
    gateway.on(Method::POST, REFUNDS, |_| {
        GatewayResponse::error(403, "NOT_ENOUGH", "余额不足")
    });
    for (stage, is_proved) in [(Stage::default(), false), (ago(60), false), (ago(3600), true)] {
        let settled = Settle::new(&client, &refund("R-1"), &query("R-1")).resume(stage).await;
        match settled {
            Settled::NothingHappened(error) => assert!(is_proved && error.code() == Some("NOT_ENOUGH"), "{error}"),
            Settled::Open(open) => assert!(!is_proved && matches!(open.why, Why::InDoubt(_)), "{open}"),
            Settled::Done(found) => panic!("{found:?}"),
        }
    }
}

#[tokio::test]
async fn a_refused_query_does_not_tell_whether_the_number_exists() {
    let (gateway, _) = gateway(0);
    let client = client(&gateway);
    let query_refused = GatewayResponse::error(403, "NO_AUTH", "没有权限");
    gateway.on(Method::GET, QUERY, move |_| query_refused.clone());
    let settled = Settle::new(&client, &refund("R-1"), &query("R-1"))
        .resume(ago(3600))
        .await;
    let Settled::Open(open) = settled else {
        panic!("{settled:?}")
    };
    assert_eq!(open.why.error().and_then(|error| error.code()), Some("NO_AUTH"));
    assert!(open.chinese().to_string().contains("没有权限"), "{}", open.chinese());
    assert!(gateway.requests_to(REFUNDS).is_empty());
    // An unsigned 404 proves as little.
    gateway.misbehave_at(QUERY, Fault::Html { status: 404 });
    let settled = Settle::new(&client, &refund("R-1"), &query("R-1"))
        .resume(ago(3600))
        .await;
    assert!(matches!(settled, Settled::Open(_)), "{settled:?}");
    assert!(gateway.requests_to(REFUNDS).is_empty());
}

#[tokio::test]
async fn i3_nothing_is_sent_that_is_not_written_down_first() {
    let (gateway, _) = gateway(0);
    let client = client(&gateway);
    let away = |_| ready(Err(io::Error::other("the database is away")));
    let settled = Settle::new(&client, &refund("R-1"), &query("R-1")).record(away).await;
    let Settled::NothingHappened(error) = settled else {
        panic!("{settled:?}")
    };
    assert_eq!(
        (error.kind(), error.outcome()),
        (ErrorKind::NotRecorded, Outcome::Local)
    );
    assert!(error.to_string().contains("the database is away"), "{error}");
    assert_eq!(gateway.received(), 0);
    // Of a number that may have been sent, it proves nothing.
    let settled = Settle::new(&client, &refund("R-1"), &query("R-1"))
        .resume(ago(3600))
        .record(away)
        .await;
    assert!(matches!(settled, Settled::Open(_)), "{settled:?}");
    assert!(gateway.requests_to(REFUNDS).is_empty());

    // Before each sending, and after one that proved to be nothing the old stage is back.
    let saved = Mutex::new(Vec::new());
    let save = |stage: Stage| {
        saved.lock().unwrap().push(stage);
        ready(Ok::<_, io::Error>(()))
    };
    gateway.on(Method::POST, REFUNDS, |_| {
        GatewayResponse::error(403, "NOT_ENOUGH", "余额不足")
    });
    let old = ago(60);
    let settled = Settle::new(&client, &refund("R-1"), &query("R-1"))
        .resume(old)
        .record(save)
        .await;
    assert!(matches!(settled, Settled::Open(_)), "{settled:?}");
    let saved = saved.into_inner().unwrap();
    assert_eq!(saved.len(), 2);
    assert!(i64::from(saved[0]) > i64::from(old));
    assert_eq!(saved[1], old);
}

#[tokio::test]
async fn a_dropped_settling_is_resumed_without_a_second_order() {
    let (gateway, _) = gateway(0);
    let client = client(&gateway);
    gateway.misbehave_at(REFUNDS, Fault::Silence { committed: true });
    let (refund, query) = (refund("R-1"), query("R-1"));
    let dropped = Settle::new(&client, &refund, &query).into_future();
    assert!(tokio::time::timeout(Duration::from_millis(100), dropped).await.is_err());
    let settled = Settle::new(&client, &refund, &query).resume(Stage::default()).await;
    assert!(matches!(settled, Settled::Done(_)), "{settled:?}");
    assert_eq!(
        (gateway.ledger().count("R-1"), gateway.requests_to(REFUNDS).len()),
        (1, 1)
    );
}

#[test]
fn a_blocking_client_settles_too() {
    let (gateway, _) = gateway(0);
    let client = wechatpay_core::blocking::Client::new(client(&gateway)).unwrap();
    let (refund, query) = (refund("R-1"), query("R-1"));
    let settle = Settle::new(client.as_async(), &refund, &query);
    let settled = client
        .wait(async { Ok::<_, wechatpay_core::Error>(settle.await) })
        .unwrap();
    assert!(matches!(settled, Settled::Done(_)), "{settled:?}");
}
