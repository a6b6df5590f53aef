use serde::Serialize;
use serde_json::Value;
use wechatpay_core::{Client, Error, Sensitive, wechatpay_endpoint};

#[wechatpay_endpoint(POST, "/v3/transfer/batches", idempotent)]
pub struct Request {
    pub appid: String,
    pub out_batch_no: String,
    pub batch_name: String,
    pub batch_remark: String,
    pub total_amount: i64,
    pub total_num: i64,
    pub transfer_detail_list: Vec<TransferDetailList>,
    pub transfer_scene_id: String,
}

#[derive(Debug, Serialize)]
pub struct TransferDetailList {
    pub out_detail_no: String,
    pub transfer_amount: i64,
    pub transfer_remark: String,
    pub openid: String,
    pub user_name: Sensitive<String>,
}

pub async fn send(client: &Client) -> Result<Value, Error> {
    let request = Request {
        appid: "wxf636efh567hg4356".into(),
        out_batch_no: "plfk2020042013".into(),
        batch_name: "2019年1月深圳分部报销单".into(),
        batch_remark: "2019年1月深圳分部报销单".into(),
        total_amount: 400000,
        total_num: 2,
        transfer_detail_list: vec![
            TransferDetailList {
                out_detail_no: "x23zy545Bd5436".into(),
                transfer_amount: 200000,
                transfer_remark: "报销".into(),
                openid: "o-MYE42l80oelYMDE34nYD456Xoy".into(),
                user_name: Sensitive::new("张三"),
            },
            TransferDetailList {
                out_detail_no: "x23zy545Bd5437".into(),
                transfer_amount: 200000,
                transfer_remark: "报销".into(),
                openid: "o-MYE42l80oelYMDE34nYD456Xoz".into(),
                user_name: Sensitive::new("李四"),
            },
        ],
        transfer_scene_id: "1000".into(),
    };
    request.send(client).await
}
