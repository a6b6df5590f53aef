//! The control interface over HTTP: who may use it, what it shows, what it changes.
#![cfg(feature = "program")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a failed test may panic, and says what it has skipped"
)]

mod support;

use http::{Method, StatusCode};
use serde_json::{Value, json};
use std::{process::Command, time::Duration};
use support::{Request, encrypt};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use wechatpay_gateway::{Changed, Fault, Gateway, PlatformMode};

fn gateway() -> Gateway {
    Gateway::builder().simulate().console(None).start().unwrap()
}

struct Api(String, reqwest::Client);

impl Api {
    fn of(gateway: &Gateway) -> Self {
        let http = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none());
        Self(format!("{}/_gateway", gateway.url()), http.build().unwrap())
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
        headers: &[(&str, &str)],
    ) -> reqwest::Response {
        let mut request = self.1.request(method, format!("{}{path}", self.0));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            request = request.body(body.to_string());
        }
        request.send().await.unwrap()
    }

    async fn get(&self, path: &str) -> Value {
        let response = self.send(Method::GET, path, None, &[]).await;
        let (status, text) = (response.status(), response.text().await.unwrap());
        assert_eq!(status, 200, "{path}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    async fn post(&self, path: &str, body: Value) -> (StatusCode, Value) {
        let response = self.send(Method::POST, path, Some(body), &[]).await;
        let status = response.status();
        (status, serde_json::from_str(&response.text().await.unwrap()).unwrap())
    }
}

fn order(gateway: &Gateway, number: &str) -> Value {
    json!({
        "appid": "wxd678efh567hg6787", "mchid": gateway.mchid(), "description": "Coffee", "out_trade_no": number,
        "notify_url": "http://127.0.0.1:9/notify", "amount": { "total": 100 },
    })
}

async fn place(gateway: &Gateway, number: &str) {
    let request = Request::post(
        gateway,
        "/v3/pay/transactions/native",
        order(gateway, number).to_string(),
    );
    assert_eq!(request.send().await.status, 200);
}

#[tokio::test]
async fn without_a_console_the_paths_are_those_of_the_service() {
    let gateway = Gateway::start().unwrap();
    assert_eq!(gateway.console_url(), None);
    let response = Api::of(&gateway).send(Method::GET, "/info", None, &[]).await;
    assert_eq!(response.status(), 401);
}

#[tokio::test]
async fn g1_what_another_site_or_another_name_asks_for_is_refused() {
    let gateway = gateway();
    let api = Api::of(&gateway);
    let endpoints = [
        (Method::GET, "/"),
        (Method::GET, "/info"),
        (Method::POST, "/reset"),
        (Method::GET, "/events"),
        (Method::GET, "/assets/app.js"),
    ];
    for (method, path) in endpoints {
        for headers in [
            &[("host", "attacker.example")][..],
            &[("host", "127.0.0.1.attacker.example:7777")],
            &[("origin", "http://attacker.example")],
            &[("origin", "null")],
            &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "cors")],
        ] {
            let response = api.send(method.clone(), path, None, headers).await;
            assert_eq!(response.status(), 403, "{method} {path} {headers:?}");
        }
    }
    // A name that leads here does not change who the operations of WeChat Pay are for.
    place(&gateway, "ORDER-0001").await;
    assert_eq!(api.get("/requests").await["received"], 1);
}

#[tokio::test]
async fn g1_a_console_with_a_token_is_for_those_who_have_it() {
    let gateway = Gateway::builder()
        .simulate()
        .console(Some("0123456789abcdef"))
        .start()
        .unwrap();
    let api = Api::of(&gateway);
    place(&gateway, "ORDER|1").await;
    for path in [
        "/",
        "/info",
        "/orders",
        "/pay/ORDER%7C1",
        "/pay/ORDER%7C1?key=0",
        "/?token=wrong",
    ] {
        assert_eq!(api.send(Method::GET, path, None, &[]).await.status(), 401, "{path}");
    }
    let token = [("authorization", "Bearer 0123456789abcdef")];
    let response = api.send(Method::GET, "/orders/ORDER%7C1", None, &token).await;
    let shown: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
    // The token in the address moves into a cookie.
    let response = api.send(Method::GET, "/?token=0123456789abcdef", None, &[]).await;
    assert_eq!(
        (response.status().as_u16(), &response.headers()["location"]),
        (303, &"/_gateway/".parse().unwrap())
    );
    let cookie = response.headers()["set-cookie"].to_str().unwrap().to_owned();
    assert!(
        cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"),
        "{cookie}"
    );
    let cookie = cookie.split(';').next().unwrap();
    assert_eq!(
        api.send(Method::GET, "/info", None, &[("cookie", cookie)])
            .await
            .status(),
        200
    );
    // The payer's page has a key for its order alone.
    let payer = shown["payer_url"].as_str().unwrap();
    let key = payer.split_once("?key=").unwrap().1;
    assert_eq!(
        api.send(Method::GET, &format!("/pay/ORDER%7C1?key={key}"), None, &[])
            .await
            .status(),
        200
    );
    assert_eq!(
        api.send(Method::GET, &format!("/orders?key={key}"), None, &[])
            .await
            .status(),
        401
    );
    assert_eq!(
        api.send(Method::POST, &format!("/orders/ORDER%7C1/pay?key={key}"), None, &[])
            .await
            .status(),
        200
    );
}

#[tokio::test]
async fn g2_every_response_forbids_what_is_not_the_consoles_own() {
    let gateway = gateway();
    let api = Api::of(&gateway);
    for path in [
        "/",
        "/info",
        "/assets/app.js",
        "/nothing",
        "/orders/%3Cscript%3E",
        "/pay/1",
    ] {
        let response = api.send(Method::GET, path, None, &[]).await;
        let policy = response.headers()["content-security-policy"].to_str().unwrap();
        assert!(
            policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"),
            "{policy}"
        );
        assert!(!policy.contains("unsafe"), "{policy}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(response.headers()[name], value, "{path}");
        }
        assert!(response.headers().get("access-control-allow-origin").is_none());
    }
}

#[tokio::test]
async fn an_order_is_seen_and_paid() {
    let gateway = gateway();
    let api = Api::of(&gateway);
    place(&gateway, "ORDER-0001").await;
    let listed = api.get("/orders").await;
    assert_eq!(
        (&listed["total"], &listed["orders"][0]["trade_state"]),
        (&json!(1), &json!("NOTPAY"))
    );
    let (status, paid) = api.post("/orders/ORDER-0001/pay", json!({})).await;
    assert_eq!((status.as_u16(), &paid["trade_state"]), (200, &json!("SUCCESS")));
    let (status, problem) = api.post("/orders/ORDER-0001/pay", json!({})).await;
    assert_eq!((status.as_u16(), &problem["code"]), (409, &json!("WRONG_STATE")));
    assert!(problem["message_zh"].as_str().unwrap().contains("订单"));
    assert_eq!(api.post("/orders/NONE/pay", json!({})).await.0, 404);
    let notifications = api.get("/notifications").await;
    assert_eq!(
        notifications["notifications"][0]["about"],
        json!({ "kind": "order", "number": "ORDER-0001" })
    );
    let code = api.send(Method::GET, "/orders/ORDER-0001/code.svg", None, &[]).await;
    assert_eq!(code.headers()["content-type"], "image/svg+xml");
    assert_eq!(api.post("/reset", json!({})).await.0, 200);
    assert_eq!(api.get("/orders").await["total"], 0);
    assert_eq!(api.get("/requests").await["kept"], 0);
}

#[tokio::test]
async fn a_request_is_shown_with_its_signature_what_was_decrypted_and_what_is_wrong() {
    let gateway = gateway();
    let api = Api::of(&gateway);
    let receiver = json!({
        "appid": "wx8888888888888888", "type": "MERCHANT_ID", "account": "86693852", "relation_type": "STORE",
        "name": encrypt(&gateway, "腾讯"),
    });
    let id = gateway.public_key_id();
    let good = Request::post(&gateway, "/v3/profitsharing/receivers/add", receiver.to_string())
        .header("wechatpay-serial", &id);
    assert_eq!(good.send().await.status, 200);
    let mut wrong = order(&gateway, "ORDER-0001");
    wrong["amount"]["total"] = "100".into();
    Request::post(&gateway, "/v3/pay/transactions/native", wrong.to_string())
        .send()
        .await;
    let mut forged = Request::get(&gateway, "/v3/pay/transactions/id/1");
    forged.signed_body = Some(b"other".to_vec());
    forged.send().await;

    let shown = api.get("/requests/1").await;
    assert_eq!(shown["signature"]["verdict"], "valid");
    assert_eq!(shown["signature"]["message"][1], "/v3/profitsharing/receivers/add");
    assert_eq!(shown["signature"]["message"].as_array().unwrap().len(), 5);
    assert_eq!(
        (&shown["encrypted"], &shown["body"]["json"]["name"]),
        (&json!(["name"]), &json!("腾讯"))
    );
    assert!(
        shown["rust"].as_str().unwrap().contains("encrypt(name)"),
        "{}",
        shown["rust"]
    );
    assert_eq!(
        (&shown["verdict"], &shown["response"]["status"]),
        (&json!("accepted"), &json!(200))
    );
    let refused = api.get("/requests/2").await;
    assert_eq!(
        (&refused["verdict"], &refused["code"]),
        (&json!("refused"), &json!("PARAM_ERROR"))
    );
    assert!(
        refused["findings"][0]["field"].as_str().unwrap().contains("amount"),
        "{}",
        refused["findings"]
    );
    let invalid = api.get("/requests/3").await;
    assert_eq!(
        (&invalid["signature"]["verdict"], &invalid["status"]),
        (&json!("invalid"), &json!(401))
    );

    // No signature that somebody could send elsewhere, and no private key.
    let mut everything = String::new();
    for path in [
        "/requests",
        "/requests/1",
        "/requests/2",
        "/requests/3",
        "/info",
        "/keys",
    ] {
        everything.push_str(&api.get(path).await.to_string());
    }
    for request in gateway.requests() {
        let authorization = request.header("authorization").unwrap();
        let signature = authorization
            .split("signature=\"")
            .nth(1)
            .unwrap()
            .split('"')
            .next()
            .unwrap();
        assert!(!everything.contains(signature));
    }
    assert!(!everything.contains("PRIVATE KEY-----"));
    let newest = api.get("/requests?limit=1&before=3").await;
    assert_eq!(newest["requests"][0]["id"], 2);
    let later = api.get("/requests?after=2").await;
    assert_eq!(later["requests"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn the_same_request_can_be_sent_from_a_shell() {
    let shell = |program: &str| Command::new(program).arg("--version").output().is_ok();
    if !shell("curl") || Command::new("openssl").arg("version").output().is_err() {
        println!("SKIPPED: curl and openssl are not installed");
        return;
    }
    let gateway = gateway();
    let api = Api::of(&gateway);
    let mut body = order(&gateway, "ORDER-0001");
    body["description"] = "it's $(touch /tmp/never) `x` \"y\" \\ 咖啡\n".into();
    Request::post(&gateway, "/v3/pay/transactions/native", body.to_string())
        .send()
        .await;
    let target = format!("/v3/pay/transactions/out-trade-no/ORDER-0001?mchid={}", gateway.mchid());
    Request::get(&gateway, &target).send().await;
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("key.pem");
    std::fs::write(&key, gateway.merchant_private_key_pem()).unwrap();
    for id in [1, 2] {
        let command = api.get(&format!("/requests/{id}")).await["curl"]
            .as_str()
            .unwrap()
            .to_owned();
        let (url, mchid, serial_no, key) = (
            gateway.url(),
            gateway.mchid().to_owned(),
            gateway.serial_no().to_owned(),
            key.clone(),
        );
        let sent = tokio::task::spawn_blocking(move || {
            let command = format!("{}--silent --noproxy '*'\n", command.trim_end().to_owned() + " ");
            let mut shell = Command::new("sh");
            shell
                .args(["-ec", &command])
                .env("WECHATPAY_BASE_URL", url)
                .env("WECHATPAY_MCHID", mchid);
            shell
                .env("WECHATPAY_SERIAL_NO", serial_no)
                .env("WECHATPAY_PRIVATE_KEY", key)
                .output()
                .unwrap()
        });
        let output = sent.await.unwrap();
        let response: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
        assert!(response["code"].is_null(), "{response}");
        let [first, second] = [id - 1, id + 1].map(|at| gateway.requests()[at].clone());
        assert_eq!((first.target(), first.body()), (second.target(), second.body()));
    }
}

#[tokio::test]
async fn changes_are_told_to_an_open_page() {
    let gateway = gateway();
    let api = Api::of(&gateway);
    let mut stream = TcpStream::connect(gateway.host().address()).await.unwrap();
    stream
        .write_all(b"GET /_gateway/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .await
        .unwrap();
    let mut told = String::new();
    let mut until = async |wanted: &str| {
        while !told.contains(wanted) {
            let mut bytes = [0; 4096];
            let read = tokio::time::timeout(Duration::from_secs(10), stream.read(&mut bytes))
                .await
                .unwrap()
                .unwrap();
            assert!(read > 0, "{told}");
            told.push_str(&String::from_utf8_lossy(&bytes[..read]));
        }
    };
    until("text/event-stream").await;
    until("retry:").await;
    place(&gateway, "ORDER-0001").await;
    until(&serde_json::to_string(&Changed::Request(1)).unwrap()).await;
    until(&serde_json::to_string(&Changed::Order("ORDER-0001".to_owned())).unwrap()).await;
    api.post("/orders/ORDER-0001/pay", json!({})).await;
    until("\"delivery\"").await;
}

#[tokio::test]
async fn faults_and_keys_are_changed() {
    let gateway = gateway();
    let api = Api::of(&gateway);
    let (status, faults) = api
        .post(
            "/faults",
            json!({ "fault": "reset", "committed": false, "path": "/v3/certificates" }),
        )
        .await;
    assert_eq!(
        (status.as_u16(), &faults["waiting"][0]["path"]),
        (200, &json!("/v3/certificates"))
    );
    assert_eq!(gateway.pending_faults(), 1);
    assert_eq!(api.send(Method::DELETE, "/faults", None, &[]).await.status(), 200);
    assert_eq!(gateway.pending_faults(), 0);
    for wrong in [
        json!([]),
        json!({}),
        json!({ "fault": "nothing" }),
        json!({ "fault": "reset", "commited": true }),
        json!({ "fault": "stale", "seconds": "x" }),
    ] {
        let (status, problem) = api.post("/faults", wrong).await;
        assert_eq!((status.as_u16(), &problem["code"]), (400, &json!("BAD_REQUEST")));
    }
    api.post("/faults", json!({ "fault": "stale" })).await;
    place(&gateway, "ORDER-0001").await;
    assert_eq!(
        gateway.last_request().unwrap().fault(),
        Some(&Fault::Stale { seconds: -600 })
    );

    let (_, keys) = api.post("/keys", json!({ "mode": "mixed", "rotate": true })).await;
    assert_eq!(
        (gateway.mode(), gateway.certificate_pems().len()),
        (PlatformMode::Mixed, 2)
    );
    assert_eq!(keys["keys"].as_array().unwrap().len(), 3);
    // The list of certificates is there in the new mode, and gone in the old one.
    assert_eq!(Request::get(&gateway, "/v3/certificates").send().await.status, 200);
    api.post("/keys", json!({ "mode": "public-key" })).await;
    assert_eq!(Request::get(&gateway, "/v3/certificates").send().await.status, 404);
    for wrong in [
        json!({}),
        json!({ "mode": "none" }),
        json!({ "rotate": 1 }),
        json!({ "rotate": true, "more": 1 }),
    ] {
        assert_eq!(api.post("/keys", wrong).await.0, 400);
    }
}

#[tokio::test]
async fn the_reference_and_the_document_are_served() {
    let gateway = gateway();
    let api = Api::of(&gateway);
    let found = api.get("/operations?q=%E7%94%B3%E8%AF%B7%E9%80%80%E6%AC%BE").await;
    assert!(
        found["operations"]
            .as_array()
            .unwrap()
            .iter()
            .any(|operation| operation["path"] == "/v3/refund/domestic/refunds")
    );
    assert_eq!(
        api.get("/operations/post_v3_refund_domestic_refunds").await["idempotent"],
        "out_refund_no"
    );
    assert_eq!(api.get("/openapi.json").await["openapi"], "3.1.0");
    let info = api.get("/info").await;
    assert_eq!(
        (&info["base_url"], &info["mode"]),
        (&json!(gateway.url()), &json!("public-key"))
    );
    assert_eq!(info["environment"]["WECHATPAY_BASE_URL"], json!(gateway.url()));
    assert!(info["environment"].get("WECHATPAY_PRIVATE_KEY").is_none());
    let home = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let home = home.get(gateway.url()).send().await.unwrap();
    assert_eq!(home.headers()["location"], "/_gateway/");
}

#[tokio::test]
async fn g3_a_long_body_and_a_body_without_end_are_refused() {
    let gateway = gateway();
    let api = Api::of(&gateway);
    assert_eq!(
        api.send(Method::POST, "/faults", Some("x".repeat(100_000).into()), &[])
            .await
            .status(),
        400
    );
    let mut stream = TcpStream::connect(gateway.host().address()).await.unwrap();
    let head = "POST /v3/pay/transactions/native HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).await.unwrap();
    let chunk = format!("100000\r\n{}\r\n", "x".repeat(1 << 20));
    let (mut reading, mut writing) = stream.into_split();
    let sending = tokio::spawn(async move { while writing.write_all(chunk.as_bytes()).await.is_ok() {} });
    let mut response = vec![0; 12];
    reading.read_exact(&mut response).await.unwrap();
    assert_eq!(response, b"HTTP/1.1 400");
    drop(reading);
    sending.await.unwrap();
}
