use wechatpay_core::{wechatpay_endpoint, Client};

#[derive(serde::Deserialize)]
struct Answer {
    id: String,
}

#[wechatpay_endpoint(POST, "/v3/orders/{mchid}", encrypt(real_nam), response = Answer)]
#[derive(Clone, PartialEq)]
struct Order {
    mchid: String,
    real_name: String,
    #[wechatpay(query)]
    page: Option<u32>,
}

async fn uses(client: &Client) -> Result<String, wechatpay_core::Error> {
    let order = Order { mchid: "1".into(), real_name: "x".into(), page: None };
    let again = order.clone();
    assert!(order == again);
    println!("{order:?} {:?} {}", order.page, order.real_name);
    let path = <Order as wechatpay_core::Endpoint>::PATH;
    fn is_endpoint<E: wechatpay_core::Endpoint>(_: &E) {}
    is_endpoint(&again);
    let Order { mchid, .. } = &again;
    let answer: Answer = order.send(client).await?;
    println!("{path} {mchid} {}", answer.id);
    let json = serde_json::to_string(&order).unwrap_or_default();
    Ok(again.send(client).await?.id + &json)
}

fn main() {}
