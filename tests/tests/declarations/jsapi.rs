use serde::Serialize;
use serde_json::Value;
use wechatpay_core::{Client, Error, wechatpay_endpoint};

#[wechatpay_endpoint(POST, "/v3/pay/transactions/jsapi", idempotent)]
pub struct Request {
    pub appid: String,
    pub mchid: String,
    pub description: String,
    pub out_trade_no: String,
    pub amount: Amount,
    pub notify_url: String,
    pub detail: Detail,
    pub payer: Payer,
    pub settle_info: SettleInfo,
}

#[derive(Debug, Serialize)]
pub struct Amount {
    pub total: i64,
    pub currency: String,
}

#[derive(Debug, Serialize)]
pub struct Detail {
    pub goods_detail: Vec<GoodsDetail>,
}

#[derive(Debug, Serialize)]
pub struct GoodsDetail {
    pub merchant_goods_id: String,
    pub quantity: i64,
    pub unit_price: i64,
}

#[derive(Debug, Serialize)]
pub struct Payer {
    pub openid: String,
}

#[derive(Debug, Serialize)]
pub struct SettleInfo {
    pub profit_sharing: bool,
}

pub async fn send(client: &Client) -> Result<Value, Error> {
    let request = Request {
        appid: "wxd678efh567hg6787".into(),
        mchid: "1900000100".into(),
        description: "\"Kaffee\" \\ 咖啡\n\u{202e}".into(),
        out_trade_no: "ORDER-0001".into(),
        amount: Amount {
            total: 100,
            currency: "CNY".into(),
        },
        notify_url: "https://shop.example/notify".into(),
        detail: Detail {
            goods_detail: vec![
                GoodsDetail {
                    merchant_goods_id: "1246464644".into(),
                    quantity: 1,
                    unit_price: 528800,
                },
                GoodsDetail {
                    merchant_goods_id: "1246464645".into(),
                    quantity: 2,
                    unit_price: 100,
                },
            ],
        },
        payer: Payer {
            openid: "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o".into(),
        },
        settle_info: SettleInfo {
            profit_sharing: false,
        },
    };
    request.send(client).await
}
