//! The console in a real browser: a whole payment, from the order to the refund, each step checked on the page.
#![cfg(feature = "program")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a failed test may panic, and says what it has skipped"
)]

#[path = "support/browser.rs"]
mod browser;
#[path = "support/shop.rs"]
mod shop;

use browser::Browser;
use serde_json::{Value, json};
use shop::Shop;
use std::time::Instant;
use wechatpay_core::{Client, ErrorKind, Method};
use wechatpay_gateway::Gateway;

/// Text that would run or change the page if it were taken as markup.
const HOSTILE: &str = "<script>window.ran = 1</script><img src=x onerror=\"window.ran = 1\"> \"'&\u{202e}😀";

fn gateway() -> Gateway {
    Gateway::builder().simulate().console(None).start().unwrap()
}

async fn place(client: &Client, number: &str, description: &str, notify_url: &str) -> Value {
    let order = json!({
        "appid": "wxd678efh567hg6787", "mchid": client.mchid(), "description": description,
        "out_trade_no": number, "notify_url": notify_url, "amount": { "total": 9900, "currency": "CNY" },
    });
    let request = client.request(Method::POST, "/v3/pay/transactions/native").json(&order);
    request.send().await.unwrap().into_inner()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payment_is_seen_and_driven_in_the_browser_from_the_order_to_the_refund() {
    let Some(browser) = Browser::start("payment").await else {
        return;
    };
    let gateway = gateway();
    let client = gateway.client().unwrap();
    let shop = Shop::open(client.notifications());
    let console = gateway.console_url().unwrap();

    // Before the first request the page says what to do.
    browser.open(&console).await;
    browser.shows(".detail", "Client::from_env()").await;
    browser.shows(".live", "live").await;
    browser.run("window.sinceTheStart = true").await;

    // A client places an order, and it is there without a reload.
    let placed = place(&client, "ORDER-0001", HOSTILE, shop.url()).await;
    assert!(
        placed["code_url"]
            .as_str()
            .unwrap()
            .starts_with("weixin://wxpay/bizpayurl?pr=")
    );
    browser.shows(".row", "/v3/pay/transactions/native").await;
    browser.click(".row").await;
    browser.shows(".detail", "signature valid").await;
    browser.shows(".detail .card", "\"ORDER-0001\"").await;
    browser
        .shows(
            ".detail pre.code",
            "#[wechatpay_endpoint(POST, \"/v3/pay/transactions/native\"",
        )
        .await;

    // The order, and the payer's phone.
    browser.run("location.hash = '#/orders'").await;
    browser.shows(".row", "NOTPAY").await;
    browser.press("j").await;
    browser.shows(".detail .big", "¥99.00").await;
    let drawn = "const code = document.querySelector('.code-box img'); return code?.complete && code.naturalWidth > 0";
    browser.until("the QR code", drawn).await;
    let phone = browser.run("return document.querySelector('.code-box a').href").await;
    let window = browser.new_window().await;
    browser.open(phone.as_str().unwrap()).await;
    browser.shows("main", "¥99.00").await;
    browser.click("[data-action=pay]").await;
    browser.shows("main", "Paid").await;
    assert_eq!(browser.run("return window.ran ?? null").await, Value::Null);
    browser.switch(&window).await;

    // The page has seen it, the shop has its notification, and the page shows that.
    browser.shows(".detail .title", "SUCCESS").await;
    let paid = shop.next().await.unwrap();
    assert_eq!(
        (paid["out_trade_no"].as_str(), paid["trade_state"].as_str()),
        (Some("ORDER-0001"), Some("SUCCESS"))
    );
    browser.run("location.hash = '#/notifications'").await;
    browser.shows(".row", "delivered").await;
    browser.press("j").await;
    browser.shows(".time-line", "204").await;

    // A forged one is refused by the shop, and that is seen too.
    browser.click("[data-action=forged]").await;
    shop.next().await.unwrap_err();
    browser.shows(".time-line", "500").await;

    // The refund is asked for by the client, and succeeds at the console.
    let refund = json!({
        "out_trade_no": "ORDER-0001", "out_refund_no": "REFUND-0001", "reason": HOSTILE, "notify_url": shop.url(),
        "amount": { "refund": 900, "total": 9900, "currency": "CNY" },
    });
    client
        .request(Method::POST, "/v3/refund/domestic/refunds")
        .json(&refund)
        .send()
        .await
        .unwrap();
    browser.run("location.hash = '#/refunds/REFUND-0001'").await;
    browser.shows(".detail .title", "PROCESSING").await;
    browser.click("[data-action=succeed]").await;
    browser.shows(".detail .title", "SUCCESS").await;
    let refunded = shop.next().await.unwrap();
    assert_eq!(refunded["out_refund_no"], "REFUND-0001");

    // A fault from the page meets the next request.
    browser.run("location.hash = '#/faults'").await;
    browser.shows(".card", "Break a request").await;
    browser.run("const choice = document.querySelector('[data-field=fault]'); choice.value = 'wrong_key'; choice.onchange?.(); choice.dispatchEvent(new Event('change'))").await;
    browser.click("[data-action=add]").await;
    browser.shows(".waiting", "wrong key").await;
    let query = client.request(Method::GET, "/v3/pay/transactions/out-trade-no/ORDER-0001");
    let forged = query
        .query(&json!({ "mchid": gateway.mchid() }))
        .send()
        .await
        .unwrap_err();
    assert_eq!(forged.kind(), ErrorKind::Unverified);
    let faults: Vec<_> = gateway
        .requests()
        .iter()
        .filter_map(|request| request.fault().cloned())
        .collect();
    assert_eq!(faults, [wechatpay_gateway::Fault::WrongKey]);

    // Nothing was reloaded, nothing of the data has run, and the browser has nothing to complain about.
    assert_eq!(browser.run("return window.sinceTheStart").await, true);
    assert_eq!(browser.run("return window.ran ?? null").await, Value::Null);
    assert_eq!(browser.complaints().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn g2_what_stands_in_a_request_is_shown_as_text() {
    let Some(browser) = Browser::start("text").await else {
        return;
    };
    let gateway = gateway();
    let client = gateway.client().unwrap();
    place(&client, "ORDER-0001", HOSTILE, "http://127.0.0.1:9/<b>").await;
    // Wherever a request can hold text: the path, the query, headers, a body that is no JSON.
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let wild = http
        .post(format!(
            "{}/v3/%3Cscript%3E/<img src=x onerror='window.ran=1'>?a=<script>&b=%00%1b%F0%9F%98%80",
            gateway.url()
        ))
        .header("x-wild", "<script>window.ran = 1</script>")
        .header("authorization", HOSTILE.replace(['\u{202e}', '😀'], ""))
        .body(HOSTILE);
    wild.send().await.unwrap();
    browser.open(&gateway.console_url().unwrap()).await;
    for id in [1, 2] {
        browser.run(&format!("location.hash = '#/requests/{id}'")).await;
        browser.shows(".detail .sub", &format!("#{id}")).await;
        browser
            .run("document.querySelectorAll('details').forEach((fold) => { fold.open = true; })")
            .await;
        browser.shows(".detail", "<script>window.ran = 1</script>").await;
    }
    browser.run("location.hash = '#/orders/ORDER-0001'").await;
    browser.shows(".detail .sub", "<script>window.ran = 1</script>").await;
    assert_eq!(browser.run("return window.ran ?? null").await, Value::Null);
    assert_eq!(
        browser
            .run("return document.querySelectorAll('script, img[src=x]').length")
            .await,
        1
    );
    assert_eq!(browser.complaints().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_console_works_in_chinese_on_a_narrow_screen_and_by_keyboard() {
    let Some(browser) = Browser::start("narrow").await else {
        return;
    };
    let gateway = gateway();
    let client = gateway.client().unwrap();
    for number in ["ORDER-0001", "ORDER-0002", "ORDER-0003"] {
        place(&client, number, "Coffee", "http://127.0.0.1:9/").await;
    }
    browser.open(&gateway.console_url().unwrap()).await;
    browser.shows(".row", "/v3/pay/transactions/native").await;
    browser.press("jj").await;
    browser
        .until("the second row", "return location.hash === '#/requests/2'")
        .await;
    browser.press("k").await;
    browser
        .until("the first row", "return location.hash === '#/requests/3'")
        .await;
    browser.click("[data-action=language]").await;
    browser.shows(".views", "请求").await;
    browser.shows(".detail", "签名有效").await;
    assert_eq!(browser.run("return document.documentElement.lang").await, "zh-CN");
    // Narrow: the list or one thing of it, never wider than the screen.
    browser.size(390, 844).await;
    browser
        .until(
            "the thing alone",
            "return document.querySelector('.list').offsetParent === null",
        )
        .await;
    browser.click(".back").await;
    browser
        .until(
            "the list alone",
            "return document.querySelector('.detail').offsetParent === null",
        )
        .await;
    for view in [
        "requests/1",
        "orders/ORDER-0001",
        "notifications",
        "faults",
        "operations/post_v3_pay_transactions_native",
        "connect",
    ] {
        browser.run(&format!("location.hash = '#/{view}'")).await;
        browser
            .until(view, "return !document.querySelector('main:empty')")
            .await;
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        let wide = browser.run("return document.documentElement.scrollWidth").await;
        assert_eq!(wide, 390, "{view}");
    }
    for theme in ["light", "dark"] {
        browser.until(theme, &format!("document.querySelector('[data-action=theme]').click(); return document.documentElement.dataset.theme === '{theme}'")).await;
    }
    assert_eq!(browser.complaints().await, Vec::<String>::new());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_requests_are_painted_within_a_second_and_go_on_live() {
    let Some(browser) = Browser::start("many").await else {
        return;
    };
    let gateway = Gateway::builder()
        .simulate()
        .console(None)
        .keep_requests(10_000)
        .start()
        .unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    for number in 0..10_000 {
        http.get(format!("{}/v3/pay/transactions/id/{number}", gateway.url()))
            .send()
            .await
            .unwrap();
    }
    browser.open(&gateway.console_url().unwrap()).await;
    browser.shows(".row", "/v3/pay/transactions/id/9999").await;
    let painted = browser
        .run("return performance.getEntriesByName('first-contentful-paint')[0].startTime")
        .await;
    println!("first paint with 10,000 requests: {painted} ms");
    assert!(painted.as_f64().unwrap() < 1000.0, "{painted}");
    let started = Instant::now();
    http.get(format!("{}/v3/pay/transactions/id/last", gateway.url()))
        .send()
        .await
        .unwrap();
    browser.shows(".row", "/v3/pay/transactions/id/last").await;
    println!("live after {} ms", started.elapsed().as_millis());
    // Older ones come while the list is scrolled.
    let scroll = "const rows = document.querySelector('.rows'); rows.scrollTop = rows.scrollHeight; return rows.children.length > 300";
    browser.until("older requests", scroll).await;
}
