//! What came out, for programs and for people.

use super::entry::{Kind, Standing};
use crate::support::{
    language::{In, Language, Speak, say},
    one_line::OneLine,
};
use std::fmt;

/// How one number differs. Amounts are in fen; `here` is the shop, `there` the bill.
///
/// ```
/// use wechatpay_core::reconcile::Difference;
///
/// fn is_urgent(difference: &Difference) -> bool {
///     // Somebody has paid, and the shop does not know.
///     matches!(difference, Difference::MissingHere { .. } | Difference::OtherAmount { .. })
/// }
/// assert!(is_urgent(&Difference::MissingHere { there: 500 }));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Difference {
    /// The bill has it, the shop does not.
    MissingHere {
        /// The amount in the bill.
        there: i64,
    },
    /// The shop has it as done, the bill does not have it.
    MissingThere {
        /// The amount of the shop.
        here: i64,
    },
    /// Both have it, with different amounts.
    OtherAmount {
        /// The amount of the shop.
        here: i64,
        /// The amount in the bill.
        there: i64,
    },
    /// Both have it, in different states.
    OtherState {
        /// What the shop believes.
        here: Standing,
        /// The state in the bill: 交易状态, or 退款状态 of a refund.
        there: String,
    },
    /// One side has the number twice.
    Twice {
        /// Whether that side is the bill.
        in_bill: bool,
    },
}

/// A number that differs.
///
/// ```
/// use wechatpay_core::reconcile::{Join, Own};
///
/// let mut join = Join::new();
/// join.own(Own::payment("A-1", 1230));
/// let report = join.finish();
/// let finding = &report.findings()[0];
/// assert_eq!(finding.to_string(), "payment A-1: the shop has it with 12.30 yuan, the bill does not");
/// assert_eq!(finding.chinese().to_string(), "支付 A-1：商户有 12.30 元，账单没有");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// What it is about.
    pub kind: Kind,
    /// The shop's number of it.
    pub number: String,
    /// The sub-merchant (特约商户号), in the bill of a service provider.
    pub sub_mchid: Option<String>,
    /// The line in the bill, from 1.
    pub line: Option<u64>,
    /// How it differs.
    pub difference: Difference,
}

impl Finding {
    /// The line that `Display` shows, in Chinese.
    #[must_use]
    pub fn chinese(&self) -> impl fmt::Display + '_ {
        In(Language::Chinese, self)
    }
}

impl Speak for Finding {
    fn speak(&self, f: &mut fmt::Formatter<'_>, language: Language) -> fmt::Result {
        let (kind, chinese, number) = (self.kind, self.kind.chinese(), OneLine(&self.number));
        say!(f, language, "{kind} {number}", "{chinese} {number}")?;
        if let Some(sub_mchid) = self.sub_mchid.as_deref().map(OneLine) {
            say!(f, language, " of {sub_mchid}", "，特约商户 {sub_mchid}")?;
        }
        if let Some(line) = self.line {
            say!(f, language, " (line {line})", "（第 {line} 行）")?;
        }
        f.write_str(match language {
            Language::English => ": ",
            Language::Chinese => "：",
        })?;
        match &self.difference {
            Difference::MissingHere { there } => {
                let there = Yuan(*there);
                say!(
                    f,
                    language,
                    "the bill has it with {there} yuan, the shop does not",
                    "账单有 {there} 元，商户没有"
                )
            }
            Difference::MissingThere { here } => {
                let here = Yuan(*here);
                say!(
                    f,
                    language,
                    "the shop has it with {here} yuan, the bill does not",
                    "商户有 {here} 元，账单没有"
                )
            }
            Difference::OtherAmount { here, there } => {
                let (here, there) = (Yuan(*here), Yuan(*there));
                say!(
                    f,
                    language,
                    "the shop has {here} yuan, the bill {there} yuan",
                    "商户 {here} 元，账单 {there} 元"
                )
            }
            Difference::OtherState { here, there } => {
                let ((here, chinese), there) = (here.labels(), OneLine(there));
                say!(
                    f,
                    language,
                    "for the shop it is `{here}`, the bill says {there}",
                    "商户为「{chinese}」，账单为 {there}"
                )
            }
            Difference::Twice { in_bill: true } => say!(f, language, "the bill has it twice", "账单中出现两次"),
            Difference::Twice { in_bill: false } => say!(f, language, "the shop has it twice", "商户侧出现两次"),
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.speak(f, Language::English)
    }
}

/// The result of a reconciliation. `Display` is a report for people, in English; [`chinese`](Self::chinese) is the same in
/// Chinese.
///
/// ```
/// use wechatpay_core::reconcile::Join;
///
/// let report = Join::new().finish();
/// assert!(report.is_clean());
/// assert_eq!(report.to_string(), "0 rows in the bill, 0 entries of the shop, 0 agree; no differences\n");
/// assert_eq!(report.chinese().to_string(), "账单 0 行，商户 0 笔，0 笔一致；没有差异\n");
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    pub(super) bill_rows: u64,
    pub(super) own_entries: u64,
    pub(super) agreed: u64,
    pub(super) findings: Vec<Finding>,
}

impl Report {
    /// Whether there is no difference.
    #[must_use]
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }

    /// What differs, in the order of kind and number.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// How many rows the bill had.
    #[must_use]
    pub fn bill_rows(&self) -> u64 {
        self.bill_rows
    }

    /// How many entries the shop had.
    #[must_use]
    pub fn own_entries(&self) -> u64 {
        self.own_entries
    }

    /// How many numbers both sides have, with the same amount and state.
    #[must_use]
    pub fn agreed(&self) -> u64 {
        self.agreed
    }

    /// The report in Chinese.
    #[must_use]
    pub fn chinese(&self) -> impl fmt::Display + '_ {
        In(Language::Chinese, self)
    }
}

impl Speak for Report {
    fn speak(&self, f: &mut fmt::Formatter<'_>, language: Language) -> fmt::Result {
        let (bill, own, agreed, found) = (self.bill_rows, self.own_entries, self.agreed, self.findings.len());
        say!(
            f,
            language,
            "{bill} rows in the bill, {own} entries of the shop, {agreed} agree; ",
            "账单 {bill} 行，商户 {own} 笔，{agreed} 笔一致；"
        )?;
        if found == 0 {
            return say!(f, language, "no differences\n", "没有差异\n");
        }
        say!(f, language, "{found} differences:\n", "{found} 处差异：\n")?;
        self.findings
            .iter()
            .try_for_each(|finding| writeln!(f, "  {}", In(language, finding)))
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.speak(f, Language::English)
    }
}

/// An amount of fen, in yuan.
struct Yuan(i64);

impl fmt::Display for Yuan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (sign, fen) = (if self.0 < 0 { "-" } else { "" }, self.0.unsigned_abs());
        write!(f, "{sign}{}.{:02}", fen / 100, fen % 100)
    }
}
