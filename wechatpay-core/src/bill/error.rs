//! Why a bill could not be read.

use crate::{
    error::{Error, Message},
    support::{
        language::{In, Language, Speak, say},
        one_line::OneLine,
    },
};
use std::{fmt, io};

/// A bill could not be read any further.
///
/// ```
/// use wechatpay_core::bill::{BillError, BlockingBillReader};
///
/// let mut page = BlockingBillReader::new("<html>Please log in</html>".as_bytes());
/// match page.next_row() {
///     Err(BillError::Malformed { line, .. }) => assert_eq!(line, 1),
///     other => panic!("this is no bill: {other:?}"),
/// }
///
/// let mut bill = BlockingBillReader::new("商户订单号,订单金额\n`A1,`free\n".as_bytes());
/// let error = bill.next_row().unwrap().unwrap().fen("订单金额").unwrap_err();
/// assert_eq!(error.to_string(), "line 2 of the bill: `订单金额`: it is not an amount of whole fen");
/// assert_eq!(error.chinese().to_string(), "账单第 2 行：`订单金额`：不是以分为单位的整数金额");
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum BillError {
    /// The download failed; at its end also: the content is not the one that was promised.
    Download(Error),
    /// The file or stream failed.
    Read(io::Error),
    /// A line is not that of a bill.
    #[non_exhaustive]
    Malformed {
        /// Which, from 1.
        line: u64,
        /// What is wrong with it.
        reason: Message,
    },
    /// A cell does not fit what was asked of it.
    #[non_exhaustive]
    Cell {
        /// The line, from 1.
        line: u64,
        /// The column's name; empty for the row as a whole.
        column: String,
        /// What is wrong with it.
        reason: Message,
    },
}

impl BillError {
    /// The line that [`Display`](fmt::Display) writes, in Chinese.
    pub fn chinese(&self) -> impl fmt::Display + '_ {
        In(Language::Chinese, self)
    }
}

impl Speak for BillError {
    fn speak(&self, f: &mut fmt::Formatter<'_>, language: Language) -> fmt::Result {
        match self {
            Self::Download(error) => error.speak(f, language),
            Self::Read(error) => say!(f, language, "the bill cannot be read: {error}", "账单读取失败：{error}"),
            Self::Malformed { line, reason } => {
                let reason = In(language, reason);
                say!(
                    f,
                    language,
                    "line {line} of the bill {reason}",
                    "账单第 {line} 行{reason}"
                )
            }
            Self::Cell { line, column, reason } => {
                say!(f, language, "line {line} of the bill: ", "账单第 {line} 行：")?;
                if !column.is_empty() {
                    let column = OneLine(column);
                    say!(f, language, "`{column}`: ", "`{column}`：")?;
                }
                write!(f, "{}", OneLine(&In(language, reason).to_string()))
            }
        }
    }
}

impl fmt::Display for BillError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.speak(f, Language::English)
    }
}

/// Without a source: [`Display`](fmt::Display) names all causes.
impl std::error::Error for BillError {}

impl From<Error> for BillError {
    fn from(error: Error) -> Self {
        Self::Download(error)
    }
}

impl From<io::Error> for BillError {
    fn from(error: io::Error) -> Self {
        Self::Read(error)
    }
}
