//! Notifications are compared with the expected values.

use crate::sender::*;
use serde_json::{Value, json};
use wechatpay_core::notification::{
    Differences, Expected, ExpectedRefund, ExpectedTransfer,
    payload::{CombinedTransaction, Refund, Transaction, TransferBill},
};

const EXPECTED: Expected<'static> = Expected {
    mchid: MCHID,
    appid: "wxd678efh567hg6787",
    out_trade_no: "A20240001",
    total: 100,
    currency: "CNY",
};

fn read<T: serde::de::DeserializeOwned>(payload: Value) -> T {
    serde_json::from_value(payload).unwrap()
}

fn fields(result: Result<(), Differences>) -> Vec<String> {
    result.map_or_else(
        |differences| {
            differences
                .iter()
                .map(|difference| difference.field.to_string())
                .collect()
        },
        |()| Vec::new(),
    )
}

#[test]
fn a_transaction_that_matches_the_order_has_no_differences() {
    assert!(read::<Transaction>(transaction()).compare(&EXPECTED).is_ok());
}

#[test]
fn each_difference_is_reported() {
    let transaction: Transaction = read(transaction());
    let other = Expected {
        mchid: "1",
        appid: "2",
        out_trade_no: "3",
        total: 4,
        currency: "5",
    };
    let all = ["mchid", "appid", "out_trade_no", "amount.total", "amount.currency"];
    assert_eq!(fields(transaction.compare(&other)), all);
    for (field, expected) in [
        ("mchid", Expected { mchid: "1", ..EXPECTED }),
        ("appid", Expected { appid: "1", ..EXPECTED }),
        (
            "out_trade_no",
            Expected {
                out_trade_no: "1",
                ..EXPECTED
            },
        ),
        ("amount.total", Expected { total: 90, ..EXPECTED }),
        (
            "amount.currency",
            Expected {
                currency: "USD",
                ..EXPECTED
            },
        ),
    ] {
        assert_eq!(fields(transaction.compare(&expected)), [field]);
    }
    let differences = transaction.compare(&Expected { total: 90, ..EXPECTED }).unwrap_err();
    let text = "the notification does not fit the order: `amount.total` should be `90` and is `100`";
    assert_eq!(differences.to_string(), text);
}

#[test]
fn an_absent_value_is_a_difference() {
    let bare: Transaction = read(json!({"out_trade_no": "A20240001", "trade_state": "SUCCESS"}));
    let differences = bare.compare(&EXPECTED).unwrap_err();
    assert_eq!(differences.iter().count(), 4);
    assert!(differences.iter().all(|difference| difference.received.is_none()));
    assert!(
        differences
            .to_string()
            .contains("`amount.total` should be `100` and is absent")
    );
}

#[test]
fn a_service_providers_transaction_is_compared_by_the_sub_merchant() {
    let transaction: Transaction = read(json!({
        "sp_appid": "wx1", "sp_mchid": MCHID, "sub_appid": "wx2", "sub_mchid": "1900000002",
        "out_trade_no": "A1", "trade_state": "SUCCESS", "amount": {"total": 1, "currency": "CNY"},
    }));
    let expected = Expected {
        mchid: "1900000002",
        appid: "wx1",
        out_trade_no: "A1",
        total: 1,
        currency: "CNY",
    };
    assert!(transaction.compare(&expected).is_ok());
    assert!(
        transaction
            .compare(&Expected {
                appid: "wx2",
                ..expected
            })
            .is_ok()
    );
    assert_eq!(
        fields(transaction.compare(&Expected {
            mchid: MCHID,
            ..expected
        })),
        ["sub_mchid"]
    );
}

#[test]
fn a_combined_payment_must_have_each_order_and_no_other() {
    let order = |number: &str, total: i64| {
        json!({"mchid": MCHID, "out_trade_no": number, "trade_state": "SUCCESS",
            "amount": {"total_amount": total, "currency": "CNY"}})
    };
    let combined: CombinedTransaction = read(json!({
        "combine_appid": "wx1", "combine_mchid": MCHID, "combine_out_trade_no": "P1",
        "sub_orders": [order("S1", 10), order("S2", 20)],
    }));
    let expected = |number, total| Expected {
        mchid: MCHID,
        appid: "wx1",
        out_trade_no: number,
        total,
        currency: "CNY",
    };
    assert!(
        combined
            .compare("P1", &[expected("S2", 20), expected("S1", 10)])
            .is_ok()
    );
    let cases = [
        (
            fields(combined.compare("P2", &[expected("S1", 10), expected("S2", 20)])),
            vec!["combine_out_trade_no"],
        ),
        (
            fields(combined.compare("P1", &[expected("S1", 11), expected("S2", 20)])),
            vec!["sub_orders[S1].amount.total_amount"],
        ),
        (
            fields(combined.compare("P1", &[expected("S1", 10)])),
            vec!["sub_orders"],
        ),
        (
            fields(combined.compare("P1", &[expected("S1", 10), expected("S3", 20)])),
            vec!["sub_orders[S3].out_trade_no", "sub_orders"],
        ),
        (
            fields(combined.compare("P1", &[expected("S1", 10), expected("S1", 10)])),
            vec!["sub_orders"],
        ),
    ];
    for (found, named) in cases {
        assert_eq!(found, named);
    }
}

#[test]
fn a_refund_and_a_transfer_are_compared_too() {
    let refund: Refund = read(json!({
        "mchid": MCHID, "out_trade_no": "A1", "out_refund_no": "R1", "refund_status": "SUCCESS",
        "amount": {"total": 999, "refund": 100},
    }));
    let expected = ExpectedRefund {
        mchid: MCHID,
        out_trade_no: "A1",
        out_refund_no: "R1",
        total: 999,
        refund: 100,
    };
    assert!(refund.compare(&expected).is_ok());
    assert_eq!(
        fields(refund.compare(&ExpectedRefund {
            refund: 101,
            ..expected
        })),
        ["amount.refund"]
    );
    assert_eq!(
        fields(refund.compare(&ExpectedRefund {
            out_refund_no: "R2",
            ..expected
        })),
        ["out_refund_no"]
    );

    let transfer: TransferBill = read(json!({
        "mch_id": MCHID, "out_bill_no": "B1", "state": "SUCCESS", "transfer_amount": 5,
    }));
    let expected = ExpectedTransfer {
        mchid: MCHID,
        out_bill_no: "B1",
        transfer_amount: 5,
    };
    assert!(transfer.compare(&expected).is_ok());
    let other = ExpectedTransfer {
        transfer_amount: 6,
        out_bill_no: "B2",
        mchid: "1",
    };
    assert_eq!(
        fields(transfer.compare(&other)),
        ["mch_id", "out_bill_no", "transfer_amount"]
    );
}
