//! One row, by the names of its columns.

use super::{
    decode,
    error::BillError,
    money::{NOT_WHOLE_FEN, parse_fen},
};
use crate::support::language::Text;
use serde::Deserialize;
use std::{fmt, ops::Range};

/// One row of a bill, or its summary. It borrows from the reader, until the next one is read.
///
/// ```
/// use serde::Deserialize;
/// use wechatpay_core::bill::BlockingBillReader;
///
/// #[derive(Deserialize)]
/// struct Order<'a> {
///     #[serde(rename = "商户订单号")]
///     out_trade_no: &'a str,
/// }
///
/// let mut bill = BlockingBillReader::new("商户订单号,订单金额\n`A1,`12.30\n".as_bytes());
/// let row = bill.next_row()?.expect("there is one row");
/// assert_eq!(row.get("商户订单号"), Some("A1"));
/// assert_eq!(row.get("退款金额"), None);
/// assert_eq!(row.fen("订单金额")?, 1230);
/// assert_eq!(row.line(), 2);
/// assert_eq!(row.iter().collect::<Vec<_>>(), [("商户订单号", "A1"), ("订单金额", "12.30")]);
/// assert_eq!(row.decode::<Order>()?.out_trade_no, "A1");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct Row<'a> {
    columns: &'a [String],
    text: &'a str,
    cells: &'a [Range<usize>],
    line: u64,
}

/// The line's number; a row speaks of people.
impl fmt::Debug for Row<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Row").field("line", &self.line).finish_non_exhaustive()
    }
}

impl<'a> Row<'a> {
    pub(super) fn new(columns: &'a [String], text: &'a str, cells: &'a [Range<usize>], line: u64) -> Self {
        Self {
            columns,
            text,
            cells,
            line,
        }
    }

    /// The cell in this column, without the backquote; `None` when the bill has no such column.
    #[must_use]
    pub fn get(&self, column: &str) -> Option<&'a str> {
        self.iter().find(|(name, _)| *name == column).map(|(_, cell)| cell)
    }

    /// The amount in this column, in fen (分).
    ///
    /// # Errors
    /// [`BillError::Cell`] when there is no such column, or no amount of whole fen in it.
    pub fn fen(&self, column: &str) -> Result<i64, BillError> {
        let error = |reason: (&'static str, &'static str)| BillError::Cell {
            line: self.line,
            column: column.to_owned(),
            reason: Text::from(reason).into(),
        };
        let cell = self
            .get(column)
            .ok_or_else(|| error(("there is no such column", "没有这一列")))?;
        parse_fen(cell).ok_or_else(|| error(NOT_WHOLE_FEN))
    }

    /// All columns and cells, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&'a str, &'a str)> + use<'a> {
        let text = self.text;
        let cells = self
            .cells
            .iter()
            .map(move |cell| text.get(cell.clone()).unwrap_or_default());
        self.columns.iter().map(String::as_str).zip(cells)
    }

    /// The name and the cell of one column, by its place.
    pub(crate) fn at(&self, column: usize) -> Option<(&'a str, &'a str)> {
        let cell = self.text.get(self.cells.get(column)?.clone())?;
        Some((self.columns.get(column)?, cell))
    }

    /// How many columns there are.
    pub(crate) fn width(&self) -> usize {
        self.columns.len()
    }

    /// The number of its line in the file, from 1.
    #[must_use]
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Decodes the row into a struct whose fields are named like the columns, with `#[serde(rename = "商户订单号")]`.
    ///
    /// A cell is a text, a number, a `bool`, an enum, or an `Option` of these, for which an empty cell is `None`;
    /// amounts are read with [`fen`](super::fen). A column that not every bill has takes `#[serde(default)]`. Columns
    /// without a field are passed over.
    ///
    /// # Errors
    /// [`BillError::Cell`] names the column that does not fit.
    pub fn decode<T: Deserialize<'a>>(&self) -> Result<T, BillError> {
        decode::row(self.iter(), self.line)
    }
}
