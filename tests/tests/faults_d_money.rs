//! Money: no order lost, none doubled, and no certainty that is not there.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{
    future::poll_fn,
    pin::pin,
    process::{Command, Stdio},
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
    task::Poll,
    time::Duration,
};
use wechatpay_core::{
    Client, ClientBuilder, Endpoint, Error, ErrorKind, Method, Outcome, PrivateKey, PublicKey, RetryPolicy,
    crypto::aws_lc_rs::AwsLcRs, wechatpay_endpoint,
};
use wechatpay_gateway::{Fault, Gateway, GatewayResponse};
use wechatpay_tests::{Platform, Road, Scene, Stage, quick};

const ORDERS: &str = "/v3/pay/transactions/jsapi";
const QUERY: &str = "/v3/pay/transactions/out-trade-no/{out_trade_no}";

#[derive(Debug, Clone, Serialize)]
struct Amount {
    total: u64,
}

#[wechatpay_endpoint(POST, "/v3/pay/transactions/jsapi", encrypt(payer), idempotent)]
#[derive(Clone)]
struct Order {
    out_trade_no: String,
    amount: Amount,
    payer: String,
}

#[wechatpay_endpoint(POST, "/v3/pay/transactions/jsapi", encrypt(payer))]
struct OrderOnce {
    out_trade_no: String,
    amount: Amount,
    payer: String,
}

#[wechatpay_endpoint(GET, "/v3/pay/transactions/out-trade-no/{out_trade_no}")]
struct Query {
    out_trade_no: String,
}

fn order(number: &str) -> Order {
    Order {
        out_trade_no: number.into(),
        amount: Amount { total: 100 },
        payer: "张三".into(),
    }
}

fn order_once(number: &str) -> OrderOnce {
    OrderOnce {
        out_trade_no: number.into(),
        amount: Amount { total: 100 },
        payer: "张三".into(),
    }
}

fn query(number: &str) -> Query {
    Query {
        out_trade_no: number.into(),
    }
}

fn gateway() -> Gateway {
    let gateway = Gateway::builder().backend(&AwsLcRs).start().unwrap();
    let numbers = AtomicUsize::new(0);
    gateway.on_order(
        Method::POST,
        ORDERS,
        "out_trade_no",
        move |_| json!({ "prepay_id": format!("wx{}", numbers.fetch_add(1, Relaxed)) }),
    );
    let ledger = gateway.ledger();
    gateway.on(Method::GET, QUERY, move |request| {
        match ledger.find(request.path("out_trade_no")) {
            Some(row) => GatewayResponse::json(200, &json!({ "out_trade_no": row.number, "trade_state": "NOTPAY" })),
            None => GatewayResponse::error(404, "ORDER_NOT_EXIST", "订单不存在"),
        }
    });
    gateway
}

fn builder(gateway: &Gateway) -> ClientBuilder {
    gateway.client_builder().retry(quick())
}

fn client(gateway: &Gateway) -> Client {
    builder(gateway).build().unwrap()
}

#[tokio::test]
async fn d1_a_timeout_after_the_commit_is_repeated_as_the_same_order() {
    let gateway = gateway();
    let client = builder(&gateway)
        .attempt_timeout(Duration::from_millis(200))
        .build()
        .unwrap();
    gateway.misbehave(Fault::DelayAfter(Duration::from_millis(600)));
    let reply = client.call(&order("A-1")).await.unwrap();
    assert_eq!((reply.attempts(), &reply["prepay_id"]), (2, &json!("wx0")));
    let row = gateway.ledger().find("A-1").unwrap();
    assert_eq!((gateway.ledger().len(), row.requests, row.conflicts), (1, 2, 0));
    // The same when the commit comes later than the repeat.
    gateway.misbehave(Fault::DelayBefore(Duration::from_millis(400)));
    assert_eq!(client.call(&order("A-2")).await.unwrap().attempts(), 2);
    tokio::time::sleep(Duration::from_millis(500)).await;
    let row = gateway.ledger().find("A-2").unwrap();
    assert_eq!((gateway.ledger().count("A-2"), row.requests, row.conflicts), (1, 2, 0));
}

#[tokio::test]
async fn d2_a_repeat_has_the_same_bytes_signed_anew() {
    let gateway = gateway();
    let road = Road::new();
    let client = builder(&gateway).transport(road.clone()).build().unwrap();
    gateway.misbehave(Fault::Reset { committed: true });
    // Not even a change of the key in between changes what was frozen.
    gateway.misbehave(Fault::CommitThenFail { status: 500 });
    client.call(&order("A-1")).await.unwrap();
    let passed = road.passed();
    assert_eq!(passed.len(), 3);
    for repeat in &passed[1..] {
        assert_eq!(
            (&repeat.body, &repeat.serial, &repeat.target),
            (&passed[0].body, &passed[0].serial, &passed[0].target)
        );
        assert_ne!(repeat.authorization, passed[0].authorization);
    }
    let nonces: Vec<_> = gateway
        .requests()
        .iter()
        .map(|request| request.nonce_str().unwrap().to_owned())
        .collect();
    assert!(nonces[0] != nonces[1] && nonces[1] != nonces[2]);
    // Two calls are two encryptions, though: the ciphertext is fresh.
    client.call(&order("A-1")).await.unwrap();
    assert_ne!(road.passed()[3].body, passed[0].body);
    assert_eq!(gateway.ledger().len(), 1);
}

#[tokio::test]
async fn d3_what_is_not_idempotent_is_never_repeated_while_the_outcome_is_unknown() {
    for fault in [
        Fault::Reset { committed: true },
        Fault::Reset { committed: false },
        Fault::CommitThenFail { status: 500 },
        Fault::CommitThenFail { status: 503 },
        Fault::FailThenCommit {
            status: 502,
            after: Duration::ZERO,
        },
        Fault::Silence { committed: true },
        Fault::CloseMidway { after: 100 },
        Fault::SignatureProbe,
        Fault::WrongKey,
        Fault::Unsigned,
        Fault::Html { status: 504 },
        Fault::TooManyRequests {
            retry_after: Some("0".into()),
        },
        Fault::Status {
            status: 202,
            body: json!({ "state": "x" }),
            committed: true,
        },
    ] {
        let gateway = gateway();
        let client = builder(&gateway)
            .attempt_timeout(Duration::from_millis(300))
            .build()
            .unwrap();
        gateway.misbehave(fault.clone());
        let error = order_once("A-1").send(&client).await.unwrap_err();
        assert_eq!(
            (error.outcome(), error.attempts(), gateway.received()),
            (Outcome::Unknown, 1, 1),
            "{fault:?}"
        );
        assert!(error.to_string().contains("query before you retry"), "{error}");
    }
}

/// Polls a call so many times and drops it then; gives whether it had ended by itself.
async fn drop_after<E: Endpoint>(client: &Client, request: &E, polls: usize) -> bool {
    let mut call = pin!(client.call(request).send());
    let mut left = polls;
    poll_fn(move |context| {
        if left == 0 {
            return Poll::Ready(false);
        }
        left -= 1;
        call.as_mut().poll(context).map(|_| true)
    })
    .await
}

#[tokio::test]
async fn d4_a_call_dropped_at_any_await_point_leaves_everything_whole() {
    let pause = Duration::from_millis(1);
    let mut points = 0;
    for fault in [
        None,
        Some(Fault::CommitThenFail { status: 500 }),
        Some(Fault::Reset { committed: true }),
        Some(Fault::SlowBody { pause }),
    ] {
        let gateway = gateway();
        let client = client(&gateway);
        for polls in 0.. {
            let number = format!("A-{polls}");
            gateway.behave();
            if let Some(fault) = &fault {
                gateway.misbehave(fault.clone());
            }
            let ended = drop_after(&client, &order(&number), polls).await;
            gateway.behave();
            // The next call works, and the order is there once.
            client.call(&order(&number)).await.unwrap();
            assert_eq!(gateway.ledger().count(&number), 1);
            assert_eq!(gateway.ledger().find(&number).unwrap().conflicts, 0);
            if ended {
                points += polls;
                break;
            }
        }
    }
    assert!(points > 10, "only {points} await points");
}

/// A price that was taken for a repeat comes back when the caller leaves while it is waited for.
#[tokio::test(start_paused = true)]
async fn d4_tokens_are_returned_by_those_who_leave() {
    let platform = Platform::new();
    let busy = platform.answer(503, "");
    let policy = RetryPolicy::default()
        .budget_burst(1)
        .budget_percent(0)
        .attempts(2)
        .backoff(Duration::from_secs(5), Duration::from_secs(5));
    let stage = Stage::always(busy.header("retry-after", "5"));
    let client = platform.builder(stage.clone()).retry(policy).build().unwrap();
    for _ in 0..20 {
        let given_up = tokio::time::timeout(Duration::from_secs(1), client.call(&query("A-1")).send()).await;
        assert!(given_up.is_err());
    }
    assert_eq!(stage.attempts(), 20);
    // The one token is still there, for one repeat.
    assert_eq!(client.call(&query("A-1")).await.unwrap_err().attempts(), 2);
    assert_eq!(client.call(&query("A-1")).await.unwrap_err().attempts(), 1);
}

/// Not a test by itself: a program that pays and is killed meanwhile.
#[tokio::test]
#[ignore = "run by d5 in a process of its own"]
async fn d5_child() {
    let variable = |name: &str| std::env::var(name).unwrap();
    let key = PrivateKey::from_pem(variable("D5_PRIVATE_KEY")).unwrap();
    let public_key = PublicKey::from_pem(variable("D5_PUBLIC_KEY")).unwrap();
    let client = Client::builder()
        .merchant(variable("D5_MCHID"), variable("D5_SERIAL_NO"), key)
        .wechatpay_public_key(variable("D5_PUBLIC_KEY_ID"), public_key)
        .base_url(variable("D5_URL"))
        .build()
        .unwrap();
    let order = order(&variable("D5_NUMBER"));
    // What the documentation advises: after a crash query by the number, then send the same parameters.
    let recovered = match query(&order.out_trade_no).send(&client).await {
        Ok(_) => "it was there".to_owned(),
        Err(error) if error.outcome() == Outcome::Rejected && error.code() == Some("ORDER_NOT_EXIST") => {
            order.send(&client).await.unwrap()["prepay_id"].to_string()
        }
        Err(error) => panic!("{error}"),
    };
    println!("recovered: {recovered}");
}

#[tokio::test]
async fn d5_a_process_killed_between_send_and_answer_recovers_by_the_number() {
    let gateway = gateway();
    let start = |number: &str| {
        let mut child = Command::new(std::env::current_exe().unwrap());
        child
            .args(["d5_child", "--exact", "--ignored", "--nocapture"])
            .env("D5_PRIVATE_KEY", gateway.merchant_private_key_pem())
            .env("D5_PUBLIC_KEY", gateway.public_key_pem())
            .env("D5_PUBLIC_KEY_ID", gateway.public_key_id())
            .env("D5_MCHID", gateway.mchid())
            .env("D5_SERIAL_NO", gateway.serial_no())
            .env("D5_URL", gateway.url())
            .env("D5_NUMBER", number)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        child.spawn().unwrap()
    };
    for committed in [false, true] {
        let number = format!("A-{committed}");
        let before = gateway.requests_to(ORDERS).len();
        gateway.misbehave_at(ORDERS, Fault::Silence { committed });
        let mut child = start(&number);
        // The request is on the gateway's list before it is executed.
        let there =
            || gateway.requests_to(ORDERS).len() > before && gateway.ledger().count(&number) == usize::from(committed);
        while !there() {
            tokio::time::sleep(Duration::from_millis(10)).await;
            assert!(child.try_wait().unwrap().is_none(), "it ended without having sent");
        }
        child.kill().unwrap();
        child.wait().unwrap();
        let again = start(&number);
        let output = tokio::task::spawn_blocking(move || again.wait_with_output().unwrap())
            .await
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            output.status.success(),
            "{said}{}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert_eq!(said.contains("recovered: it was there"), committed, "{said}");
        let row = gateway.ledger().find(&number).unwrap();
        assert_eq!((gateway.ledger().count(&number), row.conflicts), (1, 0));
        assert_eq!(
            row.parameters,
            json!({ "out_trade_no": number, "amount": { "total": 100 }, "payer": "张三" })
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn d6_two_tasks_with_one_number_make_one_order() {
    let gateway = gateway();
    let client = client(&gateway);
    for round in 0..20 {
        let number = format!("A-{round}");
        let pay = |total| {
            let (client, request) = (
                client.clone(),
                Order {
                    amount: Amount { total },
                    ..order(&number)
                },
            );
            tokio::spawn(async move { request.send(&client).await })
        };
        let (first, second, other) = (pay(100), pay(100), pay(200));
        let results = [first.await.unwrap(), second.await.unwrap(), other.await.unwrap()];
        // Either both with one amount or the one with the other: never both amounts.
        let ids: Vec<_> = results
            .iter()
            .flatten()
            .map(|answer| answer["prepay_id"].clone())
            .collect();
        assert!(!ids.is_empty() && ids.iter().all(|id| *id == ids[0]));
        assert_eq!(results[0].is_ok(), results[1].is_ok());
        assert_ne!(results[0].is_ok(), results[2].is_ok());
        for error in results.into_iter().filter_map(Result::err) {
            assert_eq!(
                (error.outcome(), error.code()),
                (Outcome::Rejected, Some("INVALID_REQUEST"))
            );
        }
        assert_eq!(gateway.ledger().count(&number), 1);
    }
}

#[tokio::test]
async fn d7_an_unknown_value_and_a_new_field_are_no_error() {
    #[derive(Debug, PartialEq, Deserialize)]
    enum TradeState {
        #[serde(rename = "SUCCESS")]
        Success,
        #[serde(untagged)]
        Other(String),
    }
    #[derive(Deserialize)]
    struct Paid {
        trade_state: TradeState,
        bank: Option<String>,
    }
    let answer = async |body: &'static str| {
        let platform = Platform::new();
        let client = platform
            .builder(Stage::always(platform.answer(200, body)))
            .build()
            .unwrap();
        let reply = client
            .request(Method::GET, "/v3/x")
            .response::<Paid>()
            .send()
            .await
            .unwrap();
        (reply.body().clone(), reply.into_inner())
    };
    let (_, paid) = answer(r#"{"trade_state":"SUCCESS","new":{"deep":[1,{"x":null}]},"bank":null}"#).await;
    assert_eq!((paid.trade_state, paid.bank), (TradeState::Success, None));
    let (body, paid) = answer(r#"{"trade_state":"ACCEPT_LATER","new":1}"#).await;
    assert_eq!(paid.trade_state, TradeState::Other("ACCEPT_LATER".into()));
    // What no field holds is in the raw body.
    assert_eq!(body, r#"{"trade_state":"ACCEPT_LATER","new":1}"#);
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "only decoding is looked at")]
struct Answer {
    data: Vec<Row>,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "only decoding is looked at")]
struct Row {
    total: u64,
    name: String,
    rate: Option<f64>,
}

async fn decoded<T: wechatpay_core::endpoint::FromResponse>(body: &str) -> Result<T, Error> {
    let platform = Platform::new();
    let client = platform
        .builder(Stage::always(platform.answer(200, body.to_owned())))
        .build()
        .unwrap();
    Ok(client
        .request(Method::POST, "/v3/x")
        .response::<T>()
        .send()
        .await?
        .into_inner())
}

#[tokio::test]
async fn d8_an_answer_of_the_wrong_shape_is_unknown_and_the_error_has_the_path() {
    for (body, field) in [
        (r#"{"data":[{"total":1}]}"#, Some("data[0]")),
        (
            r#"{"data":[{"total":1,"name":"a"},{"total":null,"name":"a"}]}"#,
            Some("data[1].total"),
        ),
        (r#"{"data":[{"total":"1","name":"a"}]}"#, Some("data[0].total")),
        (r#"{"data":[{"total":-1,"name":"a"}]}"#, Some("data[0].total")),
        (r#"{"data":[{"total":1.5,"name":"a"}]}"#, Some("data[0].total")),
        (
            r#"{"data":[{"total":1,"name":"a","rate":1e999}]}"#,
            Some("data[0].rate"),
        ),
        (
            r#"{"data":[{"total":18446744073709551616,"name":"a"}]}"#,
            Some("data[0].total"),
        ),
        (r#"{"data":[{"total":1,"total":2,"name":"a"}]}"#, None),
        (r#"{"data":[{"total":1,"name":"\ud800"}]}"#, Some("data[0].name")),
        (r#"{"data":[{"total":1,"name":"\ud800\u0041"}]}"#, Some("data[0].name")),
        (r#"{"data":{}}"#, Some("data")),
        (r#"{"data":null}"#, Some("data")),
        (r#"{}"#, None),
        ("[]", None),
        ("null", None),
        ("\"text\"", None),
        (r#"{"data":[]"#, None),
        (r#"{"data":[]}x"#, None),
        (r#"{"data":[],}"#, None),
        ("{'data':[]}", None),
        ("NaN", None),
        (" ", None),
    ] {
        let error = decoded::<Answer>(body)
            .await
            .err()
            .unwrap_or_else(|| panic!("{body} was decoded"));
        assert_eq!(
            (error.outcome(), error.kind()),
            (Outcome::Unknown, ErrorKind::Undecodable),
            "{body}: {error}"
        );
        assert!(error.is_authenticated() && error.to_string().contains("query before you retry"));
        if field.is_some() {
            assert_eq!(error.field(), field, "{body}: {error}");
        }
    }
    decoded::<Answer>(r#"{"data":[{"total":18446744073709551615,"name":"\ud83d\ude00","rate":1e308}]}"#)
        .await
        .unwrap();
}

#[tokio::test]
async fn d8_deep_nesting_overflows_nothing() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("[{\"a\":", "}]")] {
        let deep = format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
        for body in [
            deep.clone(),
            format!(r#"{{"data":{deep}}}"#),
            format!(r#"{{"data":[],"new":{deep}}}"#),
        ] {
            for error in [
                decoded::<Value>(&body).await.err(),
                decoded::<Answer>(&body).await.err(),
            ]
            .into_iter()
            .flatten()
            {
                assert_eq!(
                    (error.outcome(), error.kind()),
                    (Outcome::Unknown, ErrorKind::Undecodable)
                );
                assert!(error.to_string().len() < 2000);
            }
            assert!(decoded::<Value>(&body).await.is_err());
        }
        // As an error's body, and as that of a request by number.
        let platform = Platform::new();
        let scene = platform.answer(
            400,
            format!(r#"{{"code":"PARAM_ERROR","message":"m","detail":{deep}}}"#),
        );
        let client = platform.builder(Stage::always(scene)).build().unwrap();
        let error = order("A-1").send(&client).await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Unknown, "{error}");
    }
}

/// No scene of a lonely attempt gives certainty that is not there.
#[tokio::test(start_paused = true)]
async fn d3_certainty_comes_from_authentic_refusals_and_from_connections_never_made() {
    let platform = Platform::new();
    let refusal = r#"{"code":"NOT_ENOUGH","message":"no"}"#;
    let unsigned = |scene: Scene| scene.headers(|headers| headers.clear());
    for (scene, outcome) in [
        (Scene::NotSent, Outcome::NotSent),
        (platform.answer(403, refusal), Outcome::Rejected),
        (unsigned(platform.answer(403, refusal)), Outcome::Unknown),
        (platform.answer(403, ""), Outcome::Unknown),
        (platform.answer(408, refusal), Outcome::Unknown),
        (platform.answer(429, refusal), Outcome::Unknown),
        (platform.answer(500, refusal), Outcome::Unknown),
        (Scene::Interrupted, Outcome::Unknown),
        (Scene::Never, Outcome::Unknown),
    ] {
        let client = platform.builder(Stage::always(scene.clone())).build().unwrap();
        let error = order_once("A-1").send(&client).await.unwrap_err();
        assert_eq!(error.outcome(), outcome, "{scene:?}");
        // After an attempt in doubt no later certainty counts.
        let later = scene.clone();
        let stage = Stage::new(move |attempt| {
            if attempt == 0 {
                Scene::Interrupted
            } else {
                later.clone()
            }
        });
        let client = platform.builder(stage).build().unwrap();
        assert_eq!(
            order("A-1").send(&client).await.unwrap_err().outcome(),
            Outcome::Unknown,
            "{scene:?}"
        );
    }
}
