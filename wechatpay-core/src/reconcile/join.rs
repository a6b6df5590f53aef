//! The join of both streams.

use super::{
    entry::{Kind, Own, Standing},
    report::{Difference, Finding, Report},
};
use crate::{
    bill::{BillError, BillReader, Row, TradeBillSummary, money::NOT_WHOLE_FEN, parse_fen},
    support::language::{In, Language, Speak, Text, say},
};
use std::{
    collections::{HashMap, hash_map::Entry},
    fmt,
};

/// Compares a bill with the shop's entries while both come in, in any order.
///
/// [`of`](Self::of) reads both. For entries that come as an async stream, push them:
///
/// ```
/// use wechatpay_core::bill::BlockingBillReader;
/// use wechatpay_core::reconcile::{Join, Own};
///
/// let text = "商户订单号,交易状态,订单金额\n`A-1,`SUCCESS,`12.30\n`A-2,`SUCCESS,`0.01\n";
/// let mut bill = BlockingBillReader::new(text.as_bytes());
/// let mut own = [Own::payment("A-1", 1230), Own::payment("A-2", 1)].into_iter();
///
/// let mut join = Join::new();
/// // In turns, so that each entry meets its counterpart soon.
/// while let Some(row) = bill.next_row()? {
///     join.bill(&row)?;
///     own.next().map(|entry| join.own(entry));
/// }
/// own.for_each(|entry| join.own(entry));
/// assert!(join.finish().is_clean());
/// # Ok::<(), wechatpay_core::bill::BillError>(())
/// ```
#[derive(Debug, Default)]
pub struct Join {
    waiting: HashMap<Key, Side>,
    columns: Columns,
    report: Report,
}

/// Kind, sub-merchant and number, in one allocation.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Key(Box<str>);

/// What one side has and the other does not have yet.
#[derive(Debug)]
enum Side {
    Bill { amount: i64, state: BillState, line: u32 },
    Own { amount: i64, standing: Standing },
}

/// The state in the bill, as far as it is compared.
#[derive(Debug, Clone, PartialEq, Eq)]
enum BillState {
    /// `SUCCESS`, or `REVOKED`.
    Done(&'static str),
    /// A refund that is under way, or in a state that came later.
    Undecided,
    /// `FAIL` or `CHANGE` (转入代发).
    Nothing(&'static str),
}

impl BillState {
    fn of_refund(state: &str) -> Self {
        match state {
            "SUCCESS" => Self::Done("SUCCESS"),
            "FAIL" => Self::Nothing("FAIL"),
            "CHANGE" => Self::Nothing("CHANGE"),
            _ => Self::Undecided,
        }
    }

    /// What to report when the shop believes something else.
    fn contradicts(&self, standing: Standing) -> Option<&'static str> {
        match (self, standing) {
            (Self::Done(state), Standing::Open | Standing::Nothing) => Some(state),
            (Self::Nothing(state), Standing::Open | Standing::Done) => Some(state),
            _ => None,
        }
    }
}

impl Join {
    /// Nothing has come yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads a whole bill and all entries of the shop, in turns.
    ///
    /// # Errors
    /// When the bill cannot be read, is not a trade bill, or has another number of rows than its summary says. The report is
    /// then worth nothing.
    pub async fn of(bill: &mut BillReader, own: impl IntoIterator<Item = Own>) -> Result<Report, ReconcileError> {
        let (mut join, mut own) = (Self::new(), own.into_iter());
        while let Some(row) = bill.next_row().await? {
            join.bill(&row)?;
            if let Some(entry) = own.next() {
                join.own(entry);
            }
        }
        own.for_each(|entry| join.own(entry));
        if let Some(summary) = bill.summary() {
            let stated = summary.decode::<TradeBillSummary>()?.count;
            let rows = join.report.bill_rows;
            if stated != rows {
                return Err(ReconcileError::Incomplete { rows, stated });
            }
        }
        Ok(join.finish())
    }

    /// A row of the bill has come.
    ///
    /// # Errors
    /// When the row has no number, no amount or no state: it is not one of a trade bill.
    pub fn bill(&mut self, row: &Row<'_>) -> Result<(), BillError> {
        self.columns.resolve(row);
        let cells = &self.columns;
        self.report.bill_rows += 1;
        let kind = match cells.need(row, TRADE_STATE)? {
            "REFUND" => Kind::Refund,
            "REVOKED" => Kind::Revocation,
            _ => Kind::Payment,
        };
        let number_column = if kind == Kind::Refund {
            OUT_REFUND_NO
        } else {
            OUT_TRADE_NO
        };
        let amount_column = match kind {
            Kind::Refund if cells.get(row, REQUESTED_REFUND).is_some() => REQUESTED_REFUND,
            Kind::Refund => REFUND,
            _ => TOTAL,
        };
        let number = cells.need(row, number_column)?;
        let amount = parse_fen(cells.need(row, amount_column)?)
            .ok_or_else(|| not_readable(row, amount_column, NOT_WHOLE_FEN))?;
        let state = match kind {
            Kind::Refund => BillState::of_refund(cells.get(row, REFUND_STATE).unwrap_or_default()),
            Kind::Revocation => BillState::Done("REVOKED"),
            Kind::Payment => BillState::Done("SUCCESS"),
        };
        // `0` stands for none.
        let sub_mchid = cells.get(row, SUB_MCHID).filter(|id| !matches!(*id, "" | "0"));
        let line = u32::try_from(row.line()).unwrap_or(u32::MAX);
        let side = Side::Bill { amount, state, line };
        self.put(Key::new(kind, sub_mchid, number), side);
        Ok(())
    }

    /// An entry of the shop has come.
    pub fn own(&mut self, entry: Own) {
        self.report.own_entries += 1;
        let key = Key::new(entry.kind, entry.sub_mchid.as_deref(), &entry.number);
        let side = Side::Own {
            amount: entry.amount,
            standing: entry.standing,
        };
        self.put(key, side);
    }

    /// Both sides are complete.
    #[must_use]
    pub fn finish(mut self) -> Report {
        for (key, side) in std::mem::take(&mut self.waiting) {
            match side {
                Side::Bill { amount, line, .. } => {
                    self.report
                        .found(&key, Some(line), Difference::MissingHere { there: amount });
                }
                Side::Own {
                    amount,
                    standing: Standing::Done,
                } => self.report.found(&key, None, Difference::MissingThere { here: amount }),
                // It did not happen, or nobody knows; the bill does not have it either.
                Side::Own { .. } => {}
            }
        }
        let order = |finding: &Finding| {
            (
                finding.kind,
                finding.number.clone(),
                finding.sub_mchid.clone(),
                finding.line,
            )
        };
        self.report.findings.sort_by_cached_key(order);
        self.report
    }

    fn put(&mut self, key: Key, side: Side) {
        match self.waiting.entry(key) {
            Entry::Vacant(vacant) => {
                vacant.insert(side);
            }
            Entry::Occupied(occupied) => match (occupied.get(), &side) {
                (Side::Own { .. }, Side::Own { .. }) => {
                    self.report
                        .found(occupied.key(), None, Difference::Twice { in_bill: false });
                }
                (Side::Bill { .. }, Side::Bill { line, .. }) => {
                    self.report
                        .found(occupied.key(), Some(*line), Difference::Twice { in_bill: true });
                }
                _ => {
                    let (key, first) = occupied.remove_entry();
                    self.report.compare(&key, first, side);
                }
            },
        }
        // What was needed for a burst is given back.
        if self.waiting.capacity() > 4096 && self.waiting.len() < self.waiting.capacity() / 8 {
            self.waiting.shrink_to(self.waiting.len() * 2);
        }
    }
}

impl Report {
    fn compare(&mut self, key: &Key, one: Side, other: Side) {
        let ((
            Side::Bill {
                amount: there,
                state,
                line,
            },
            Side::Own { amount: here, standing },
        )
        | (
            Side::Own { amount: here, standing },
            Side::Bill {
                amount: there,
                state,
                line,
            },
        )) = (one, other)
        else {
            return;
        };
        let contradiction = state.contradicts(standing);
        if here != there {
            self.found(key, Some(line), Difference::OtherAmount { here, there });
        }
        if let Some(there) = contradiction {
            let there = there.to_owned();
            self.found(key, Some(line), Difference::OtherState { here: standing, there });
        }
        self.agreed += u64::from(here == there && contradiction.is_none());
    }

    fn found(&mut self, key: &Key, line: Option<u32>, difference: Difference) {
        let (kind, sub_mchid, number) = key.parts();
        self.findings.push(Finding {
            kind,
            number: number.to_owned(),
            sub_mchid: sub_mchid.map(str::to_owned),
            line: line.map(u64::from),
            difference,
        });
    }
}

impl Key {
    fn new(kind: Kind, sub_mchid: Option<&str>, number: &str) -> Self {
        let kind = match kind {
            Kind::Payment => 'P',
            Kind::Refund => 'R',
            Kind::Revocation => 'V',
        };
        let sub_mchid = sub_mchid.unwrap_or_default();
        let mut key = String::with_capacity(2 + sub_mchid.len() + number.len());
        key.push(kind);
        key.push_str(sub_mchid);
        // Merchant numbers are digits.
        key.push('/');
        key.push_str(number);
        Self(key.into_boxed_str())
    }

    fn parts(&self) -> (Kind, Option<&str>, &str) {
        let mut rest = self.0.chars();
        let kind = match rest.next() {
            Some('R') => Kind::Refund,
            Some('V') => Kind::Revocation,
            _ => Kind::Payment,
        };
        let (sub_mchid, number) = rest.as_str().split_once('/').unwrap_or_default();
        (kind, Some(sub_mchid).filter(|id| !id.is_empty()), number)
    }
}

/// The columns that are read, by their place in [`NAMES`].
const TRADE_STATE: usize = 0;
const OUT_TRADE_NO: usize = 1;
const OUT_REFUND_NO: usize = 2;
const SUB_MCHID: usize = 3;
const TOTAL: usize = 4;
const REFUND: usize = 5;
const REQUESTED_REFUND: usize = 6;
const REFUND_STATE: usize = 7;
const NAMES: [&str; 8] = [
    "交易状态",
    "商户订单号",
    "商户退款单号",
    "特约商户号",
    "订单金额",
    "退款金额",
    "申请退款金额",
    "退款状态",
];

/// Where the columns stand in the bill, looked up once for all rows.
#[derive(Debug, Default)]
struct Columns {
    at: [Option<usize>; NAMES.len()],
    /// How many columns the bill has.
    count: usize,
}

impl Columns {
    fn resolve(&mut self, row: &Row<'_>) {
        let fits = |(name, at): (&&str, &Option<usize>)| {
            at.is_none_or(|at| row.at(at).is_some_and(|(column, _)| column == *name))
        };
        if self.count == row.width() && NAMES.iter().zip(&self.at).all(fits) {
            return;
        }
        self.count = row.width();
        self.at = NAMES.map(|name| row.iter().position(|(column, _)| column == name));
    }

    fn get<'a>(&self, row: &Row<'a>, column: usize) -> Option<&'a str> {
        let at = (*self.at.get(column)?)?;
        row.at(at).map(|(_, cell)| cell)
    }

    fn need<'a>(&self, row: &Row<'a>, column: usize) -> Result<&'a str, BillError> {
        match self.get(row, column) {
            Some(cell) if !cell.is_empty() => Ok(cell),
            Some(_) => Err(not_readable(row, column, ("it is empty", "单元格为空"))),
            None => Err(not_readable(
                row,
                column,
                ("the bill has no such column", "账单中没有这一列"),
            )),
        }
    }
}

fn not_readable(row: &Row<'_>, column: usize, reason: (&'static str, &'static str)) -> BillError {
    BillError::Cell {
        line: row.line(),
        column: NAMES.get(column).copied().unwrap_or_default().to_owned(),
        reason: Text::from(reason).into(),
    }
}

/// The bill could not be compared.
///
/// ```
/// use wechatpay_core::{bill::BillReader, reconcile::{Join, ReconcileError}};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() {
/// let text = "商户订单号,交易状态,订单金额\n`A-1,`SUCCESS,`12.30\n总交易单数\n`2\n";
/// let error = Join::of(&mut BillReader::from_async_read(text.as_bytes()), []).await.unwrap_err();
/// assert!(matches!(error, ReconcileError::Incomplete { rows: 1, stated: 2, .. }));
/// assert_eq!(error.chinese().to_string(), "账单有 1 行，汇总行却写着 2；请重新下载");
/// # }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum ReconcileError {
    /// The bill cannot be read, or a row is not one of a trade bill.
    Bill(BillError),
    /// The bill has another number of rows than its summary says.
    #[non_exhaustive]
    Incomplete {
        /// How many rows came.
        rows: u64,
        /// How many the summary names (总交易单数).
        stated: u64,
    },
}

impl ReconcileError {
    /// The line that `Display` shows, in Chinese.
    #[must_use]
    pub fn chinese(&self) -> impl fmt::Display + '_ {
        In(Language::Chinese, self)
    }
}

impl Speak for ReconcileError {
    fn speak(&self, f: &mut fmt::Formatter<'_>, language: Language) -> fmt::Result {
        match self {
            Self::Bill(error) => error.speak(f, language),
            Self::Incomplete { rows, stated } => say!(
                f,
                language,
                "the bill has {rows} rows, and its summary says {stated}; download it again",
                "账单有 {rows} 行，汇总行却写着 {stated}；请重新下载"
            ),
        }
    }
}

impl fmt::Display for ReconcileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.speak(f, Language::English)
    }
}

/// Without a source: [`Display`](fmt::Display) names all causes.
impl std::error::Error for ReconcileError {}

impl From<BillError> for ReconcileError {
    fn from(error: BillError) -> Self {
        Self::Bill(error)
    }
}

#[cfg(test)]
mod tests;
