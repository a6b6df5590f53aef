//! Planted differences: each is found and named, and nothing else.

use super::*;
use crate::bill::BlockingBillReader;
use proptest::prelude::*;
use std::collections::BTreeMap;

const COLUMNS: &str =
    "交易时间,商户号,特约商户号,商户订单号,交易状态,退款金额,商户退款单号,退款状态,订单金额,申请退款金额\n";

fn yuan(fen: i64) -> String {
    format!("{}.{:02}", fen / 100, fen % 100)
}

fn paid(number: &str, fen: i64) -> String {
    let total = yuan(fen);
    format!("`2026-11-20 09:00:00,`1900000001,`0,`{number},`SUCCESS,`0.00,`0,`,`{total},`0.00\n")
}

fn refunded(number: &str, state: &str, fen: i64) -> String {
    let refund = yuan(fen);
    // Coupons make the refunded amount smaller than the one that was asked for.
    format!("`2026-11-20 09:00:00,`1900000001,`0,`ORDER,`REFUND,`0.00,`{number},`{state},`99.00,`{refund}\n")
}

/// All of the bill first, or all of the shop first, or in turns: the report is the same.
fn reports(rows: &[String], own: &[Own]) -> Report {
    let text = COLUMNS.to_owned() + &rows.concat();
    let reports = [0, 1, 2].map(|order| {
        let mut join = Join::new();
        let mut bill = BlockingBillReader::new(text.as_bytes());
        let mut own = own.iter().cloned();
        if order == 0 {
            own.by_ref().for_each(|entry| join.own(entry));
        }
        while let Some(row) = bill.next_row().unwrap() {
            join.bill(&row).unwrap();
            if order == 1
                && let Some(entry) = own.next()
            {
                join.own(entry);
            }
        }
        own.for_each(|entry| join.own(entry));
        join.finish()
    });
    let [first, second, third] = reports;
    assert_eq!(first, second);
    assert_eq!(first, third);
    first
}

fn differences(report: &Report) -> Vec<(Kind, &str, &Difference)> {
    let findings = report.findings().iter();
    findings
        .map(|finding| (finding.kind, finding.number.as_str(), &finding.difference))
        .collect()
}

#[test]
fn i4_each_planted_difference_is_found_and_nothing_else() {
    let rows = [
        paid("SAME", 1230),
        paid("ONLY-IN-BILL", 1),
        paid("AMOUNT", 500),
        paid("OPEN-HERE", 100),
        paid("CLOSED-HERE", 100),
        refunded("R-SAME", "SUCCESS", 30),
        refunded("R-ONLY-IN-BILL", "SUCCESS", 31),
        refunded("R-AMOUNT", "SUCCESS", 32),
        refunded("R-FAILED-THERE", "FAIL", 33),
        refunded("R-UNDER-WAY", "PROCESSING", 34),
        refunded("R-BOTH", "CHANGE", 35),
    ];
    let own = [
        Own::refund("R-BOTH", 36),
        Own::payment("SAME", 1230),
        Own::payment("ONLY-IN-SHOP", 7),
        Own::payment("NEVER-PAID", 8).standing(Standing::Open),
        Own::payment("CLOSED", 9).standing(Standing::Nothing),
        Own::payment("AMOUNT", 501),
        Own::payment("OPEN-HERE", 100).standing(Standing::Open),
        Own::payment("CLOSED-HERE", 100).standing(Standing::Nothing),
        Own::refund("R-SAME", 30),
        Own::refund("R-ONLY-IN-SHOP", 40),
        Own::refund("R-AMOUNT", 3200),
        Own::refund("R-FAILED-THERE", 33),
        Own::refund("R-UNDER-WAY", 34),
        // The number of a payment is not that of a refund.
        Own::refund("SAME", 1230).standing(Standing::Nothing),
    ];
    let report = reports(&rows, &own);
    let state = |here, there: &str| Difference::OtherState {
        here,
        there: there.into(),
    };
    let expected = [
        (
            Kind::Payment,
            "AMOUNT",
            Difference::OtherAmount { here: 501, there: 500 },
        ),
        (Kind::Payment, "CLOSED-HERE", state(Standing::Nothing, "SUCCESS")),
        (Kind::Payment, "ONLY-IN-BILL", Difference::MissingHere { there: 1 }),
        (Kind::Payment, "ONLY-IN-SHOP", Difference::MissingThere { here: 7 }),
        (Kind::Payment, "OPEN-HERE", state(Standing::Open, "SUCCESS")),
        (
            Kind::Refund,
            "R-AMOUNT",
            Difference::OtherAmount { here: 3200, there: 32 },
        ),
        (Kind::Refund, "R-BOTH", Difference::OtherAmount { here: 36, there: 35 }),
        (Kind::Refund, "R-BOTH", state(Standing::Done, "CHANGE")),
        (Kind::Refund, "R-FAILED-THERE", state(Standing::Done, "FAIL")),
        (Kind::Refund, "R-ONLY-IN-BILL", Difference::MissingHere { there: 31 }),
        (Kind::Refund, "R-ONLY-IN-SHOP", Difference::MissingThere { here: 40 }),
    ];
    let expected: Vec<_> = expected
        .iter()
        .map(|(kind, number, what)| (*kind, *number, what))
        .collect();
    assert_eq!(differences(&report), expected);
    assert_eq!((report.bill_rows(), report.own_entries(), report.agreed()), (11, 14, 3));
    let lines = report.to_string();
    assert_eq!(lines.lines().count(), 12, "{lines}");
    assert!(
        lines.contains("  refund R-BOTH (line 12): for the shop it is `done`, the bill says CHANGE\n"),
        "{lines}"
    );
    let lines = report.chinese().to_string();
    assert!(
        lines.contains("  支付 CLOSED-HERE（第 6 行）：商户为「未发生」，账单为 SUCCESS\n"),
        "{lines}"
    );
}

#[test]
fn a_sub_merchant_belongs_to_the_number() {
    let row = paid("A-1", 100).replace("`0,`A-1", "`1900000109,`A-1");
    let own = [
        Own::payment("A-1", 100).sub_mchid("1900000108"),
        Own::payment("A-1", 100).sub_mchid("1900000109"),
    ];
    let report = reports(&[row], &own);
    assert_eq!(report.agreed(), 1);
    assert_eq!(
        report.to_string().lines().nth(1),
        Some("  payment A-1 of 1900000108: the shop has it with 1.00 yuan, the bill does not")
    );
    assert!(report.chinese().to_string().contains("支付 A-1，特约商户 1900000108："));
}

#[test]
fn a_number_that_a_side_has_twice_is_named() {
    let report = {
        let mut join = Join::new();
        join.own(Own::payment("A-1", 1));
        join.own(Own::payment("A-1", 1));
        join.finish()
    };
    assert_eq!(
        differences(&report),
        [
            (Kind::Payment, "A-1", &Difference::Twice { in_bill: false }),
            (Kind::Payment, "A-1", &Difference::MissingThere { here: 1 }),
        ]
    );
    let text = COLUMNS.to_owned() + &paid("A-2", 1) + &paid("A-2", 1);
    let mut bill = BlockingBillReader::new(text.as_bytes());
    let mut join = Join::new();
    while let Some(row) = bill.next_row().unwrap() {
        join.bill(&row).unwrap();
    }
    join.own(Own::payment("A-2", 1));
    let report = join.finish();
    assert_eq!(
        differences(&report),
        [(Kind::Payment, "A-2", &Difference::Twice { in_bill: true })]
    );
}

#[test]
fn a_bill_without_the_columns_is_refused_by_name() {
    for (text, column) in [
        ("商户订单号,订单金额\n`A-1,`1.00\n", "交易状态"),
        ("商户订单号,交易状态\n`A-1,`SUCCESS\n", "订单金额"),
        ("商户订单号,交易状态,订单金额\n`A-1,`SUCCESS,`1.005\n", "订单金额"),
        ("商户订单号,交易状态,订单金额\n`A-1,`REFUND,`1.00\n", "商户退款单号"),
        ("商户订单号,交易状态,订单金额\n`,`SUCCESS,`1.00\n", "商户订单号"),
    ] {
        let mut bill = BlockingBillReader::new(text.as_bytes());
        let row = bill.next_row().unwrap().unwrap();
        let error = Join::new().bill(&row).unwrap_err();
        assert!(
            matches!(&error, BillError::Cell { column: named, .. } if named == column),
            "{error:?}"
        );
    }
}

proptest! {
    #[test]
    fn any_two_sides_differ_by_exactly_what_a_comparison_of_maps_says(
        bill in prop::collection::btree_map(0..40_u32, 1..5_i64, 0..30),
        own in prop::collection::btree_map(0..40_u32, 1..5_i64, 0..30),
    ) {
        let rows: Vec<_> = bill.iter().map(|(number, fen)| paid(&format!("A-{number:03}"), *fen)).collect();
        let entries: Vec<_> = own.iter().rev().map(|(number, fen)| Own::payment(format!("A-{number:03}"), *fen)).collect();
        let report = reports(&rows, &entries);
        let mut expected = BTreeMap::new();
        for number in 0..40_u32 {
            let difference = match (own.get(&number).copied(), bill.get(&number).copied()) {
                (Some(here), None) => Difference::MissingThere { here },
                (None, Some(there)) => Difference::MissingHere { there },
                (Some(here), Some(there)) if here != there => Difference::OtherAmount { here, there },
                _ => continue,
            };
            expected.insert(format!("A-{number:03}"), difference);
        }
        let found: BTreeMap<_, _> = report.findings().iter().map(|finding| (finding.number.clone(), finding.difference.clone())).collect();
        prop_assert_eq!(found, expected);
    }
}

#[test]
fn what_has_met_its_counterpart_takes_no_memory() {
    let mut join = Join::new();
    for number in 0..10_000 {
        join.own(Own::payment(format!("A-{number}"), 1));
    }
    let text = COLUMNS.to_owned()
        + &(0..10_000)
            .map(|number| paid(&format!("A-{number}"), 1))
            .collect::<String>();
    let mut bill = BlockingBillReader::new(text.as_bytes());
    while let Some(row) = bill.next_row().unwrap() {
        join.bill(&row).unwrap();
    }
    assert!(
        join.waiting.is_empty() && join.waiting.capacity() <= 4096,
        "{}",
        join.waiting.capacity()
    );
}
