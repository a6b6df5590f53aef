//! Events of several kinds at one URL, and duplicates of an event.

use crate::sender::*;
use serde_json::{Value, json};
use std::collections::HashMap;
use wechatpay_core::notification::{
    Event, Notification, NotificationError,
    payload::{ComplaintAction, ContractState, RefundStatus, TradeState, TradeType, Transaction, TransferBillState},
};

async fn event(event_type: &str, payload: &Value) -> Result<Notification<Event>, NotificationError> {
    let body = body(event_type, &resource(payload));
    client().notifications().receive(&signed(&body), &body).await
}

#[tokio::test]
async fn each_known_event_is_decoded_to_its_struct() {
    let Event::Transaction(paid) = event("TRANSACTION.SUCCESS", &transaction()).await.unwrap().payload else {
        panic!("not a transaction");
    };
    assert_eq!(
        (paid.trade_state.clone(), paid.trade_type.clone()),
        (TradeState::Success, Some(TradeType::MicroPay))
    );
    assert_eq!(paid.amount.unwrap().payer_total, Some(90));
    assert_eq!(paid.promotion_detail[0].goods_detail[0].unit_price, Some(100));

    let combined = json!({
        "combine_appid": "wx1", "combine_mchid": MCHID, "combine_out_trade_no": "P1",
        "sub_orders": [{
            "mchid": MCHID, "out_trade_no": "S1", "trade_state": "SUCCESS", "trade_type": "JSAPI",
            "amount": {"total_amount": 10, "currency": "CNY", "payer_amount": 10, "settlement_rate": 92_253_400},
        }],
        "combine_payer_info": {"openid": "o1"},
    });
    let Event::CombinedTransaction(combined) = event("TRANSACTION.SUCCESS", &combined).await.unwrap().payload else {
        panic!("not a combined payment");
    };
    assert!(combined.is_paid() && combined.sub_order("S1").is_some() && combined.sub_order("S2").is_none());

    let refund = json!({
        "mchid": MCHID, "transaction_id": "T1", "out_trade_no": "A1", "refund_id": "R", "out_refund_no": "R1",
        "refund_status": "ABNORMAL", "user_received_account": "招商银行信用卡0403",
        "amount": {"total": 999, "refund": 100, "payer_total": 999, "payer_refund": 100},
    });
    for event_type in ["REFUND.SUCCESS", "REFUND.ABNORMAL", "REFUND.CLOSED"] {
        let Event::Refund(refund) = event(event_type, &refund).await.unwrap().payload else {
            panic!("not a refund");
        };
        assert_eq!(
            (refund.refund_status, refund.amount.refund),
            (RefundStatus::Abnormal, 100)
        );
    }

    let share = json!({
        "mchid": "1900000002", "transaction_id": "T1", "order_id": "O1", "out_order_no": "S1",
        "receiver": {"type": "MERCHANT_ID", "account": MCHID, "amount": 888, "description": "运费"},
        "success_time": "2018-06-08T10:34:56+08:00",
    });
    for event_type in ["PROFITSHARING.SUCCESS", "PROFITSHARING.RETURN", "TRANSACTION.SUCCESS"] {
        let Event::ProfitSharing(share) = event(event_type, &share).await.unwrap().payload else {
            panic!("not a share");
        };
        assert_eq!(share.receiver.amount, 888);
    }

    for name in ["mch_id", "mchid"] {
        let transfer = json!({
            name: MCHID, "out_bill_no": "B1", "transfer_bill_no": "1330", "state": "FAIL",
            "transfer_amount": 400_000, "fail_reason": "PAYEE_ACCOUNT_ABNORMAL", "openid": "o1",
        });
        let Event::TransferBill(transfer) = event("MCHTRANSFER.BILL.FINISHED", &transfer).await.unwrap().payload else {
            panic!("not a transfer");
        };
        assert_eq!(
            (transfer.state, transfer.mch_id.as_deref()),
            (TransferBillState::Fail, Some(MCHID))
        );
    }

    let complaint = json!({"complaint_id": "200201820200101080076610000", "action_type": "USER_RESPONSE"});
    for event_type in ["COMPLAINT.CREATE", "COMPLAINT.STATE_CHANGE"] {
        let Event::Complaint(complaint) = event(event_type, &complaint).await.unwrap().payload else {
            panic!("not a complaint");
        };
        assert_eq!(complaint.action_type, ComplaintAction::UserResponse);
    }

    for plan_id in [json!(12535), json!("12535")] {
        let contract = json!({
            "sp_mchid": MCHID, "sub_mchid": "1", "plan_id": plan_id, "out_contract_code": "C1", "contract_id": "1",
            "contract_state": "SIGNED", "contract_signed_time": "2020-09-10T13:29:35+08:00",
            "deduct_schedule": {"estimated_deduct_date": "2019-11-22", "deduct_amount": {"total": 1}},
        });
        for event_type in [
            "ENTRUST.SIGN",
            "ENTRUST.TERMINATE",
            "ECOMMERCE_ENTRUST.SIGN",
            "PAPAY.TERMINATE",
        ] {
            let Event::Contract(contract) = event(event_type, &contract).await.unwrap().payload else {
                panic!("not a contract");
            };
            assert_eq!(contract.plan_id.as_deref(), Some("12535"));
            assert_eq!(contract.contract_state, Some(ContractState::Signed));
        }
    }
}

#[tokio::test]
async fn an_unknown_event_keeps_the_whole_payload() {
    let text = r#"{ "stock_id" : "1" , "stock_id" : "2", "amount": 1.10, "big": 123456789012345678901234567890 }"#;
    let body = body("COUPON.USE", &encrypted(API_V3_KEY, "", text.as_bytes()));
    let receiver = client().notifications();
    let notification = receiver.receive::<Event>(&signed(&body), &body).await.unwrap();
    let Event::Other(other) = notification.payload else {
        panic!("routed");
    };
    assert_eq!(other.event_type, "COUPON.USE");
    assert_eq!(other.original_type.as_deref(), Some("transaction"));
    assert_eq!(other.json, text);
    assert!(!format!("{other:?}").contains("stock_id"));
}

#[tokio::test]
async fn a_known_event_that_cannot_be_decoded_is_an_error() {
    let mut payload = transaction();
    payload.as_object_mut().unwrap().remove("out_trade_no");
    let error = event("TRANSACTION.SUCCESS", &payload).await.unwrap_err();
    assert!(error.to_string().contains("out_trade_no"), "{error}");
    assert!(!error.acknowledgement().is_accepted());
}

#[tokio::test]
async fn an_unknown_enum_value_is_kept() {
    let mut payload = transaction();
    payload["trade_state"] = "HELD".into();
    payload["trade_type"] = "TELEPATHY".into();
    payload["promotion_detail"] = Value::Null;
    let Event::Transaction(transaction) = event("TRANSACTION.SUCCESS", &payload).await.unwrap().payload else {
        panic!("not a transaction");
    };
    assert!(!transaction.is_paid() && transaction.promotion_detail.is_empty());
    assert_eq!(transaction.trade_state, TradeState::Unlisted("HELD".into()));
    let stored = serde_json::to_value(&transaction).unwrap();
    assert_eq!(stored["trade_type"], "TELEPATHY");
    assert_eq!(serde_json::from_value::<Transaction>(stored).unwrap(), *transaction);
}

#[tokio::test]
async fn f3_the_same_notification_sixteen_times_out_of_order_changes_the_order_once() {
    let receiver = client().notifications();
    // Each delivery has a new signature and timestamp, but the same id.
    let mut deliveries: Vec<_> = (0..16)
        .map(|delivery| {
            let mut payload = transaction();
            payload["out_trade_no"] = format!("A{}", delivery % 2).into();
            let mut body: Value = serde_json::from_slice(&body("TRANSACTION.SUCCESS", &resource(&payload))).unwrap();
            body["id"] = format!("EV-{}", delivery % 2).into();
            let body = body.to_string().into_bytes();
            (signed_at(NOW - delivery, PUBLIC_KEY_ID, &body), body)
        })
        .collect();
    deliveries.rotate_left(5);
    deliveries.swap(0, 9);
    // As documented: the id under a unique key, in the same transaction as the new state of the order.
    let mut handled: HashMap<String, String> = HashMap::new();
    let mut delivered = 0;
    for (headers, body) in &deliveries {
        let notification = receiver.receive::<Transaction>(headers, body).await.unwrap();
        handled.entry(notification.id).or_insert_with(|| {
            delivered += 1;
            notification.payload.out_trade_no
        });
    }
    assert_eq!(delivered, 2);
    assert_eq!((handled["EV-0"].as_str(), handled["EV-1"].as_str()), ("A0", "A1"));
}
