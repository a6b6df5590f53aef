//! The bills of a day (账单), made from the state: trade bill and fund flow bill.

use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};
use http::StatusCode;
use serde_json::json;
use sha1::{Digest as _, Sha1};
use wechatpay_core::notification::payload::{RefundStatus, TradeState, TransferBillState};

use crate::{
    request::{ReceivedRequest, refusal::Refusal},
    response::GatewayResponse,
    simulator::{
        clock,
        model::{Cause, Change, Order, Refund},
        operation::{Operation, Outcome, invalid, query},
        state::{Edit, File, Tables},
    },
};

pub(crate) const OPERATIONS: [(&str, &str, Operation); 3] = [
    ("GET", "/v3/bill/tradebill", trade_bill),
    ("GET", "/v3/bill/fundflowbill", fund_flow_bill),
    ("GET", "/v3/billdownload/file", download),
];

/// The columns that every trade bill begins with.
const COMMON: &str = "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额";
/// The further columns of each kind.
const ALL: &str = "微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注";
const SUCCESS: &str = "商品名称,商户数据包,手续费,费率,订单金额,费率备注";
const REFUND: &str = "退款申请时间,退款成功时间,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注";
const SUMMARY: &str = "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额";

const FLOW: &str = "记账时间,微信支付业务单号,资金流水单号,业务名称,业务类型,收支类型,收支金额(元),账户结余(元),资金变更提交申请人,备注,业务凭证号";
const FLOW_SUMMARY: &str = "资金流水总笔数,收入笔数,收入金额,支出笔数,支出金额";

/// What WeChat Pay keeps of a payment: 0.6 %, in ten-thousandths.
const RATE: i64 = 60;

/// Which orders a trade bill has (账单类型).
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    All,
    Success,
    Refund,
}

/// Something that a bill has a row for.
enum Entry<'a> {
    Payment(&'a Order),
    Reversal(&'a Order),
    Refund(&'a Order, &'a Refund),
}

fn trade_bill(edit: &mut Edit<'_>, request: &ReceivedRequest) -> Outcome {
    let day = bill_date(edit, request)?;
    let kind = match request.query("bill_type") {
        None | Some("ALL") => Kind::All,
        Some("SUCCESS") => Kind::Success,
        Some("REFUND") => Kind::Refund,
        // Nobody refunds coupons here, so this bill has no rows.
        Some("RECHARGE_REFUND") => return Err(no_statement()),
        Some(_) => {
            return Err(invalid(
                "query",
                "bill_type",
                "须为ALL、SUCCESS、REFUND或RECHARGE_REFUND",
            ));
        }
    };
    let sub_mchid = request.query("sub_mchid").filter(|text| !text.is_empty());
    let mut entries = entries(edit.tables(), &day, sub_mchid);
    entries.retain(|(_, entry)| match entry {
        Entry::Payment(_) => kind != Kind::Refund,
        Entry::Reversal(_) => kind == Kind::All,
        Entry::Refund(..) => kind != Kind::Success,
    });
    if entries.is_empty() {
        return Err(no_statement());
    }
    let text = trade_text(kind, &entries);
    link(edit, request, text)
}

/// The day that a request asks for, in Beijing.
fn bill_date(edit: &Edit<'_>, request: &ReceivedRequest) -> Result<String, Refusal> {
    let date = query(request, "bill_date")?;
    let at = clock::parse(&format!("{date}T00:00:00+08:00"));
    let at = at.ok_or_else(|| invalid("query", "bill_date", "格式须为yyyy-MM-dd"))?;
    if at > edit.now {
        return Err(invalid("query", "bill_date", "账单日期不能晚于当前日期"));
    }
    Ok(date.to_owned())
}

fn no_statement() -> Refusal {
    Refusal::new(StatusCode::BAD_REQUEST, "NO_STATEMENT_EXIST", "请求的账单文件不存在")
}

/// What happened on a day, in order.
fn entries<'a>(tables: &'a Tables, day: &str, sub_mchid: Option<&str>) -> Vec<(i64, Entry<'a>)> {
    let of_merchant = |order: &&Order| sub_mchid.is_none_or(|wanted| order.sub_mchid.as_deref() == Some(wanted));
    let mut entries = Vec::new();
    for order in tables.orders.iter().filter(of_merchant) {
        let Some(paid_at) = order.paid_at else { continue };
        entries.push((paid_at, Entry::Payment(order)));
        let revoked = order
            .history
            .iter()
            .find(|change| change.state == word(&TradeState::Revoked));
        entries.extend(revoked.map(|change| (change.at, Entry::Reversal(order))));
    }
    for refund in tables.refunds.iter() {
        let order = tables
            .orders
            .get(&refund.out_trade_no)
            .filter(|order| of_merchant(order));
        entries.extend(order.map(|order| (refund.created_at, Entry::Refund(order, refund))));
    }
    entries.retain(|(at, _)| clock::day(*at) == day);
    entries.sort_by_key(|(at, _)| *at);
    entries
}

fn word(state: &TradeState) -> String {
    Change::new(0, state, Cause::Clock).state
}

fn trade_text(kind: Kind, entries: &[(i64, Entry<'_>)]) -> String {
    let more = match kind {
        Kind::All => ALL,
        Kind::Success => SUCCESS,
        Kind::Refund => REFUND,
    };
    let mut text = format!("{COMMON},{more}\r\n");
    let (mut settled, mut refunds, mut fees, mut totals) = (0, 0, 0, 0);
    for (at, entry) in entries {
        let (order, refund, state) = match entry {
            Entry::Payment(order) => (order, None, TradeState::Success),
            Entry::Reversal(order) => (order, None, TradeState::Revoked),
            Entry::Refund(order, refund) => (order, Some(refund), TradeState::Refund),
        };
        let paid = if state == TradeState::Success { order.total } else { 0 };
        let back = match (refund, &state) {
            (Some(refund), _) => refund.refund,
            (None, TradeState::Revoked) => order.total,
            (None, _) => 0,
        };
        let fee = fee(paid) - fee(back);
        (settled, refunds, fees, totals) = (settled + paid, refunds + back, fees + fee, totals + paid);
        let mut cells = vec![
            clock::in_bill(*at),
            order.appid.clone(),
            order.mchid.clone(),
            order.sub_mchid.clone().unwrap_or_else(|| "0".to_owned()),
            order.device_id.clone().unwrap_or_default(),
            order.transaction_id.clone().unwrap_or_default(),
            order.out_trade_no.clone(),
            order.payer.clone().unwrap_or_default(),
            Change::new(0, &order.trade_type, Cause::Clock).state,
            word(&state),
            order.bank_type.clone().unwrap_or_default(),
            order.currency.clone(),
            yuan(paid),
            yuan(0),
        ];
        if kind == Kind::Refund {
            cells.push(refund.map_or_else(String::new, |refund| clock::in_bill(refund.created_at)));
            let success =
                refund.and_then(|refund| refund.finished_at.filter(|_| refund.status == RefundStatus::Success));
            cells.push(success.map_or_else(String::new, clock::in_bill));
        }
        if kind != Kind::Success {
            cells.extend(refund.map_or_else(
                || ["0".to_owned(), "0".to_owned()],
                |refund| [refund.refund_id.clone(), refund.out_refund_no.clone()],
            ));
            cells.extend([yuan(back), yuan(0)]);
            cells.push(refund.map_or_else(String::new, |refund| refund.channel.clone()));
            cells.push(refund.map_or_else(String::new, |refund| Change::new(0, &refund.status, Cause::Clock).state));
        }
        cells.extend([
            order.description.clone(),
            order.attach.clone().unwrap_or_default(),
            exact(fee),
            "0.60%".to_owned(),
            yuan(paid),
        ]);
        if kind != Kind::Success {
            cells.push(yuan(back));
        }
        cells.push(String::new());
        line(&mut text, &cells);
    }
    text.push_str(SUMMARY);
    text.push_str("\r\n");
    let count = entries.len().to_string();
    line(
        &mut text,
        &[
            count,
            yuan(settled),
            yuan(refunds),
            yuan(0),
            exact(fees),
            yuan(totals),
            yuan(refunds),
        ],
    );
    text
}

/// Adds a line. Every cell begins with a backquote, and nothing is escaped: what would break the line is left out.
fn line(text: &mut String, cells: &[String]) {
    let clean = |cell: &String| -> String { cell.chars().filter(|c| !c.is_control() && *c != '`').collect() };
    let cells: Vec<String> = cells.iter().map(|cell| format!("`{}", clean(cell))).collect();
    text.push_str(&cells.join(","));
    text.push_str("\r\n");
}

/// Fen as yuan with two decimals.
fn yuan(fen: i64) -> String {
    let sign = if fen < 0 { "-" } else { "" };
    format!("{sign}{}.{:02}", fen.abs() / 100, fen.abs() % 100)
}

/// What WeChat Pay keeps of an amount, in hundred-thousandths of a yuan.
fn fee(fen: i64) -> i64 {
    fen * RATE / 10
}

/// A fee as yuan with five decimals.
fn exact(fee: i64) -> String {
    let sign = if fee < 0 { "-" } else { "" };
    format!("{sign}{}.{:05}", fee.abs() / 100_000, fee.abs() % 100_000)
}

/// A movement of the merchant's account.
struct Flow {
    at: i64,
    business_no: String,
    flow_no: String,
    business: &'static str,
    kind: &'static str,
    /// Positive: the merchant gets it.
    fen: i64,
    remark: String,
    voucher: String,
}

fn fund_flow_bill(edit: &mut Edit<'_>, request: &ReceivedRequest) -> Outcome {
    let day = bill_date(edit, request)?;
    match request.query("account_type") {
        None | Some("BASIC") => {}
        // Nothing happens in the other accounts.
        Some("OPERATION" | "FEES") => return Err(no_statement()),
        Some(_) => return Err(invalid("query", "account_type", "须为BASIC、OPERATION或FEES")),
    }
    let flows = flows(edit.tables());
    let mut text = format!("{FLOW}\r\n");
    let (mut balance, mut income, mut expense, mut counts) = (0, 0, 0, [0, 0]);
    for flow in &flows {
        balance += flow.fen;
        if clock::day(flow.at) != day {
            continue;
        }
        let direction = if flow.fen >= 0 {
            income += flow.fen;
            counts[0] += 1;
            "收入"
        } else {
            expense -= flow.fen;
            counts[1] += 1;
            "支出"
        };
        let cells = [
            clock::in_bill(flow.at),
            flow.business_no.clone(),
            flow.flow_no.clone(),
            flow.business.to_owned(),
            flow.kind.to_owned(),
            direction.to_owned(),
            yuan(flow.fen.abs()),
            yuan(balance),
            "system".to_owned(),
            flow.remark.clone(),
            flow.voucher.clone(),
        ];
        line(&mut text, &cells);
    }
    let count = counts[0] + counts[1];
    if count == 0 {
        return Err(no_statement());
    }
    text.push_str(FLOW_SUMMARY);
    text.push_str("\r\n");
    let counted = |count: i64| count.to_string();
    line(
        &mut text,
        &[
            counted(count),
            counted(counts[0]),
            yuan(income),
            counted(counts[1]),
            yuan(expense),
        ],
    );
    link(edit, request, text)
}

/// Every movement of the merchant's account, the oldest first.
fn flows(tables: &Tables) -> Vec<Flow> {
    let mut flows = Vec::new();
    for order in tables.orders.iter() {
        let (Some(at), Some(transaction_id)) = (order.paid_at, &order.transaction_id) else {
            continue;
        };
        let flow = |at, fen, kind: &'static str, remark: &str| Flow {
            at,
            business_no: transaction_id.clone(),
            flow_no: format!("1{}", transaction_id.get(4..).unwrap_or_default()),
            business: "交易",
            kind,
            fen,
            remark: remark.to_owned(),
            voucher: order.out_trade_no.clone(),
        };
        flows.push(flow(at, order.total, "交易", "结算总金额"));
        // Whole fen: the account has no smaller ones.
        let fee = (fee(order.total) + 500) / 1000;
        if fee > 0 {
            flows.push(flow(at, -fee, "扣除交易手续费", "结算手续费"));
        }
        let revoked = order
            .history
            .iter()
            .find(|change| change.state == word(&TradeState::Revoked));
        flows.extend(revoked.map(|change| flow(change.at, -order.total, "撤销", "撤销退回")));
    }
    for refund in tables.refunds.iter() {
        let Some(at) = refund.finished_at.filter(|_| refund.status == RefundStatus::Success) else {
            continue;
        };
        flows.push(Flow {
            at,
            business_no: refund.refund_id.clone(),
            flow_no: format!("2{}", refund.refund_id.get(3..).unwrap_or_default()),
            business: "退款",
            kind: "退款",
            fen: -refund.refund,
            remark: "退款总金额".to_owned(),
            voucher: refund.out_refund_no.clone(),
        });
    }
    for transfer in tables.transfers.iter() {
        let Some(at) = transfer
            .finished_at
            .filter(|_| transfer.state == TransferBillState::Success)
        else {
            continue;
        };
        flows.push(Flow {
            at,
            business_no: transfer.transfer_bill_no.clone(),
            flow_no: format!("3{}", transfer.transfer_bill_no.get(10..).unwrap_or_default()),
            business: "商家转账",
            kind: "商家转账",
            fen: -transfer.amount,
            remark: transfer.remark.clone(),
            voucher: transfer.out_bill_no.clone(),
        });
    }
    flows.sort_by_key(|flow| flow.at);
    flows
}

/// Keeps a bill for its download and responds with the link. The digest is that of the text before compression.
fn link(edit: &mut Edit<'_>, request: &ReceivedRequest, text: String) -> Outcome {
    let digest: String = Sha1::digest(text.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let (content_type, bytes) = match request.query("tar_type") {
        None | Some("") => ("text/plain; charset=utf-8", text.into_bytes()),
        Some("GZIP") => ("application/x-gzip", gzip(text.as_bytes())?),
        Some(_) => return Err(invalid("query", "tar_type", "须为GZIP")),
    };
    let token = edit.token();
    let host = request.header("host").unwrap_or_default();
    let download_url = format!("http://{host}/v3/billdownload/file?token={token}");
    edit.changes.files.push(File {
        token,
        content_type,
        bytes: bytes.into(),
    });
    Ok(json!({ "hash_type": "SHA1", "hash_value": digest, "download_url": download_url }).into())
}

fn gzip(bytes: &[u8]) -> Result<Vec<u8>, Refusal> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    let written = encoder.write_all(bytes).and_then(|()| encoder.finish());
    written.map_err(|_| Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "SYSTEM_ERROR", "系统错误"))
}

/// The file of a link, which has no signature.
fn download(edit: &mut Edit<'_>, request: &ReceivedRequest) -> Outcome {
    let file = edit.file(query(request, "token")?);
    let file = file.ok_or_else(|| invalid("query", "token", "无效或已过期，请重新申请账单"))?;
    Ok(GatewayResponse::bytes(file.content_type, file.bytes.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_written_in_yuan() {
        assert_eq!(
            [yuan(0), yuan(5), yuan(1230), yuan(-1230)],
            ["0.00", "0.05", "12.30", "-12.30"]
        );
        assert_eq!([exact(fee(1230)), exact(-fee(1))], ["0.07380", "-0.00006"]);
    }

    #[test]
    fn a_cell_cannot_begin_another_one() {
        let mut text = String::new();
        line(&mut text, &["a`,`b\r\nc".to_owned(), String::new()]);
        assert_eq!(text, "`a,bc,`\r\n");
    }
}
