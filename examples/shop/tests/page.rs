//! What a browser gets from the shop.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a failed test may panic"
)]

use std::net::SocketAddr;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};
use wechatpay_gateway::Gateway;
use wechatpay_shop::{config::Settings, database::Database, orders, page, shop::Shop, worker};

struct Browser {
    address: SocketAddr,
    language: &'static str,
}

impl Browser {
    async fn request(&self, method: &str, target: &str, form: &str) -> String {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let request = format!(
            "{method} {target} HTTP/1.1\r\nHost: localhost\r\nAccept-Language: {}\r\nConnection: close\r\n\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{form}",
            self.language,
            form.len()
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut response = String::new();
        stream.read_to_string(&mut response).await.unwrap();
        response
    }
}

/// With nothing configured but the address: memory, and the simulator.
async fn start(gateway: &Gateway) -> (Shop, SocketAddr) {
    let settings = Settings {
        database_url: "sqlite::memory:".to_owned(),
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        ..Settings::from_env().unwrap()
    };
    let listener = TcpListener::bind(settings.listen).await.unwrap();
    let address = listener.local_addr().unwrap();
    let database = Database::open(&settings.database_url).await.unwrap();
    let shop = Shop::new(database, gateway.client().unwrap(), &settings, address).console(Some(gateway));
    let router = page::router(shop.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (shop, address)
}

#[tokio::test]
async fn the_page_takes_an_order_to_its_refund_in_both_languages() {
    let gateway = Gateway::builder()
        .simulate()
        .console(None)
        .compress_time(1000)
        .start()
        .unwrap();
    let (shop, address) = start(&gateway).await;
    let browser = Browser {
        address,
        language: "en",
    };
    for _ in 0..2 {
        let placed = browser
            .request("POST", "/orders", "checkout=one&item=tea&total=1")
            .await;
        assert!(placed.starts_with("HTTP/1.1 303"), "{placed}");
    }
    assert_eq!(worker::turn(&shop).await.unwrap(), 1);
    let page = browser.request("GET", "/", "").await;
    assert!(page.contains("/_gateway/") && page.contains("weixin://"), "{page}");
    let number = gateway.orders().remove(0).out_trade_no;
    // The price is the shop's, whatever the form says.
    assert_eq!(gateway.order(&number).unwrap().total, 2800);

    let early = browser
        .request("POST", &format!("/orders/{number}/refund"), "request=r")
        .await;
    assert!(early.starts_with("HTTP/1.1 400"), "{early}");
    gateway.pay(&number).unwrap();
    // The notification arrives by itself.
    for _ in 0..200 {
        if orders::find(&shop.database, &number).await.unwrap().state == "SUCCESS" {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    let refund = browser
        .request("POST", &format!("/orders/{number}/refund"), "request=r")
        .await;
    assert!(refund.starts_with("HTTP/1.1 303"), "{refund}");
    let chinese = Browser {
        address,
        language: "zh-CN,zh;q=0.9",
    };
    let page = chinese.request("GET", "/", "").await;
    assert!(
        page.contains("<html lang=zh>") && page.contains("退款和转账") && page.contains("SUCCESS"),
        "{page}"
    );
}

#[tokio::test]
async fn a_page_shows_no_markup_of_others_and_a_forged_notification_gets_401() {
    let gateway = Gateway::builder().simulate().start().unwrap();
    let (shop, address) = start(&gateway).await;
    let number = orders::place(&shop.database, "one", "tea").await.unwrap();
    sqlx::query("UPDATE orders SET code_url = $1, item = $1 WHERE out_trade_no = $2")
        .bind("<script>alert('1')</script>")
        .bind(&number)
        .execute(shop.database.pool())
        .await
        .unwrap();
    let browser = Browser {
        address,
        language: "en",
    };
    let page = browser.request("GET", "/", "").await;
    assert!(!page.contains("<script") && page.contains("&lt;script&gt;"), "{page}");
    let page = browser.request("POST", "/orders/%3Cscript%3E/reward", "").await;
    assert!(page.starts_with("HTTP/1.1 400") && !page.contains("<script"), "{page}");

    for fault in [
        wechatpay_gateway::Fault::WrongKey,
        wechatpay_gateway::Fault::SignatureProbe,
    ] {
        let forged = gateway.notification("TRANSACTION.SUCCESS", serde_json::json!({ "out_trade_no": number }));
        let response = forged
            .fault(fault)
            .send(&format!("http://{address}/notify"))
            .await
            .unwrap();
        assert!(response.status.is_client_error(), "{}", response.status);
    }
}
