//! No order is lost, no order is duplicated, and no error claims more than is known.

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
use wechatpay_tests::{MockResult, MockTransport, Platform, RecordingTransport, quick};

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
async fn d1_a_timeout_after_the_commit_is_retried_as_the_same_order() {
    let gateway = gateway();
    let client = builder(&gateway)
        .attempt_timeout(Duration::from_millis(200))
        .build()
        .unwrap();
    gateway.misbehave(Fault::DelayAfter(Duration::from_millis(600)));
    let response = client.call(&order("A-1")).await.unwrap();
    assert_eq!((response.attempts(), &response["prepay_id"]), (2, &json!("wx0")));
    let row = gateway.ledger().find("A-1").unwrap();
    assert_eq!((gateway.ledger().len(), row.requests, row.conflicts), (1, 2, 0));
    // The same if the commit happens after the retry.
    gateway.misbehave(Fault::DelayBefore(Duration::from_millis(400)));
    assert_eq!(client.call(&order("A-2")).await.unwrap().attempts(), 2);
    tokio::time::sleep(Duration::from_millis(500)).await;
    let row = gateway.ledger().find("A-2").unwrap();
    assert_eq!((gateway.ledger().count("A-2"), row.requests, row.conflicts), (1, 2, 0));
}

#[tokio::test]
async fn d2_a_retry_has_the_same_bytes_and_a_new_signature() {
    let gateway = gateway();
    let transport = RecordingTransport::new();
    let client = builder(&gateway).transport(transport.clone()).build().unwrap();
    gateway.misbehave(Fault::Reset { committed: true });
    // A key rotation between attempts does not change the frozen bytes either.
    gateway.misbehave(Fault::CommitThenFail { status: 500 });
    client.call(&order("A-1")).await.unwrap();
    let sent = transport.sent();
    assert_eq!(sent.len(), 3);
    for retry in &sent[1..] {
        assert_eq!(
            (&retry.body, &retry.serial, &retry.target),
            (&sent[0].body, &sent[0].serial, &sent[0].target)
        );
        assert_ne!(retry.authorization, sent[0].authorization);
    }
    let nonces: Vec<_> = gateway
        .requests()
        .iter()
        .map(|request| request.nonce_str().unwrap().to_owned())
        .collect();
    assert!(nonces[0] != nonces[1] && nonces[1] != nonces[2]);
    // Two calls encrypt twice: each ciphertext is different.
    client.call(&order("A-1")).await.unwrap();
    assert_ne!(transport.sent()[3].body, sent[0].body);
    assert_eq!(gateway.ledger().len(), 1);
}

#[tokio::test]
async fn d3_a_request_that_is_not_idempotent_is_never_retried_while_the_outcome_is_unknown() {
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

/// Polls a call this many times and drops it. Returns whether the call ended before.
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
async fn d4_a_call_dropped_at_any_await_point_leaves_the_client_usable() {
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
            // The next call works, and the order exists once.
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

/// The token of a retry is returned if the caller drops the call during the backoff.
#[tokio::test(start_paused = true)]
async fn d4_a_dropped_call_returns_its_token() {
    let platform = Platform::new();
    let busy = platform.response(503, "");
    let policy = RetryPolicy::default()
        .budget_burst(1)
        .budget_percent(0)
        .attempts(2)
        .backoff(Duration::from_secs(5), Duration::from_secs(5));
    let stage = MockTransport::always(busy.header("retry-after", "5"));
    let client = platform.builder(stage.clone()).retry(policy).build().unwrap();
    for _ in 0..20 {
        let given_up = tokio::time::timeout(Duration::from_secs(1), client.call(&query("A-1")).send()).await;
        assert!(given_up.is_err());
    }
    assert_eq!(stage.attempts(), 20);
    // The token is available for one retry.
    assert_eq!(client.call(&query("A-1")).await.unwrap_err().attempts(), 2);
    assert_eq!(client.call(&query("A-1")).await.unwrap_err().attempts(), 1);
}

/// Not a test by itself: a program that pays and is killed meanwhile.
#[tokio::test]
#[ignore = "run by d5 in a separate process"]
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
    // As documented: after a crash query by the number, then send the same parameters.
    let recovered = match query(&order.out_trade_no).send(&client).await {
        Ok(_) => "the order exists".to_owned(),
        Err(error) if error.outcome() == Outcome::Rejected && error.code() == Some("ORDER_NOT_EXIST") => {
            order.send(&client).await.unwrap()["prepay_id"].to_string()
        }
        Err(error) => panic!("{error}"),
    };
    println!("recovered: {recovered}");
}

#[tokio::test]
async fn d5_a_killed_process_recovers_by_the_number() {
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
        // The gateway records the request before it is executed.
        let there =
            || gateway.requests_to(ORDERS).len() > before && gateway.ledger().count(&number) == usize::from(committed);
        while !there() {
            tokio::time::sleep(Duration::from_millis(10)).await;
            assert!(
                child.try_wait().unwrap().is_none(),
                "the process ended before it sent the request"
            );
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
        assert_eq!(said.contains("recovered: the order exists"), committed, "{said}");
        let row = gateway.ledger().find(&number).unwrap();
        assert_eq!((gateway.ledger().count(&number), row.conflicts), (1, 0));
        assert_eq!(
            row.parameters,
            json!({ "out_trade_no": number, "amount": { "total": 100 }, "payer": "张三" })
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn d6_two_tasks_with_one_number_create_one_order() {
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
        // Either both with the same amount, or only one of them: never both amounts.
        let ids: Vec<_> = results
            .iter()
            .flatten()
            .map(|response| response["prepay_id"].clone())
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
    let response = async |body: &'static str| {
        let platform = Platform::new();
        let client = platform
            .builder(MockTransport::always(platform.response(200, body)))
            .build()
            .unwrap();
        let response = client
            .request(Method::GET, "/v3/x")
            .response::<Paid>()
            .send()
            .await
            .unwrap();
        (response.body().clone(), response.into_inner())
    };
    let (_, paid) = response(r#"{"trade_state":"SUCCESS","new":{"deep":[1,{"x":null}]},"bank":null}"#).await;
    assert_eq!((paid.trade_state, paid.bank), (TradeState::Success, None));
    let (body, paid) = response(r#"{"trade_state":"ACCEPT_LATER","new":1}"#).await;
    assert_eq!(paid.trade_state, TradeState::Other("ACCEPT_LATER".into()));
    // The raw body has the values that no field holds.
    assert_eq!(body, r#"{"trade_state":"ACCEPT_LATER","new":1}"#);
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "only decoded")]
struct OrderResponse {
    data: Vec<Row>,
}

#[derive(Debug, Deserialize)]
#[allow(dead_code, reason = "only decoded")]
struct Row {
    total: u64,
    name: String,
    rate: Option<f64>,
}

async fn decoded<T: wechatpay_core::endpoint::FromResponse>(body: &str) -> Result<T, Error> {
    let platform = Platform::new();
    let client = platform
        .builder(MockTransport::always(platform.response(200, body.to_owned())))
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
async fn d8_a_response_of_the_wrong_shape_is_unknown_and_the_error_has_the_path() {
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
        let error = decoded::<OrderResponse>(body)
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
    decoded::<OrderResponse>(r#"{"data":[{"total":18446744073709551615,"name":"\ud83d\ude00","rate":1e308}]}"#)
        .await
        .unwrap();
}

#[tokio::test]
async fn d8_deep_nesting_does_not_overflow_the_stack() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}"), ("[{\"a\":", "}]")] {
        let deep = format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
        for body in [
            deep.clone(),
            format!(r#"{{"data":{deep}}}"#),
            format!(r#"{{"data":[],"new":{deep}}}"#),
        ] {
            for error in [
                decoded::<Value>(&body).await.err(),
                decoded::<OrderResponse>(&body).await.err(),
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
        // The same in the body of an error and of a request by path.
        let platform = Platform::new();
        let mock = platform.response(
            400,
            format!(r#"{{"code":"PARAM_ERROR","message":"m","detail":{deep}}}"#),
        );
        let client = platform.builder(MockTransport::always(mock)).build().unwrap();
        let error = order("A-1").send(&client).await.unwrap_err();
        assert_eq!(error.outcome(), Outcome::Unknown, "{error}");
    }
}

/// A single attempt never gives a certainty that is not proved.
#[tokio::test(start_paused = true)]
async fn d3_only_authentic_refusals_and_refused_connections_give_certainty() {
    let platform = Platform::new();
    let refusal = r#"{"code":"NOT_ENOUGH","message":"no"}"#;
    let unsigned = |mock: MockResult| mock.headers(|headers| headers.clear());
    for (mock, outcome) in [
        (MockResult::NotSent, Outcome::NotSent),
        (platform.response(403, refusal), Outcome::Rejected),
        (unsigned(platform.response(403, refusal)), Outcome::Unknown),
        (platform.response(403, ""), Outcome::Unknown),
        (platform.response(408, refusal), Outcome::Unknown),
        (platform.response(429, refusal), Outcome::Unknown),
        (platform.response(500, refusal), Outcome::Unknown),
        (MockResult::Interrupted, Outcome::Unknown),
        (MockResult::Never, Outcome::Unknown),
    ] {
        let client = platform.builder(MockTransport::always(mock.clone())).build().unwrap();
        let error = order_once("A-1").send(&client).await.unwrap_err();
        assert_eq!(error.outcome(), outcome, "{mock:?}");
        // After an uncertain attempt, a later refusal proves nothing.
        let later = mock.clone();
        let stage = MockTransport::new(move |attempt| {
            if attempt == 0 {
                MockResult::Interrupted
            } else {
                later.clone()
            }
        });
        let client = platform.builder(stage).build().unwrap();
        assert_eq!(
            order("A-1").send(&client).await.unwrap_err().outcome(),
            Outcome::Unknown,
            "{mock:?}"
        );
    }
}
