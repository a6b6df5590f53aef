//! The lines of a bill: columns, rows, summary.

use super::{
    BillError, Row,
    lines::{LONGEST, Lines},
    split::Quoting,
};
use crate::support::language::{Text, text};
use std::ops::Range;

/// Parses a bill from pieces, without I/O.
#[derive(Debug, Default)]
pub(super) struct Parser {
    lines: Lines,
    number: u64,
    ended: bool,
    state: State,
    columns: Vec<String>,
    /// Of the rows; the summary has its own columns.
    quoting: Quoting,
    line: Range<usize>,
    /// The cells of the row at hand, as places in its text.
    cells: Vec<Range<usize>>,
    summary: Option<Summary>,
}

#[derive(Debug, Default)]
enum State {
    #[default]
    Columns,
    Rows,
    Summary(Vec<String>),
    Done,
    /// A line was invalid, so the next lines cannot be interpreted.
    Failed,
}

#[derive(Debug)]
struct Summary {
    columns: Vec<String>,
    line: String,
    cells: Vec<Range<usize>>,
    number: u64,
}

/// What a parser got out of what it has.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// The next row is at hand.
    Row,
    /// The parser needs another piece or the end.
    More,
    /// The bill is at its end.
    End,
}

impl Parser {
    pub(super) fn push(&mut self, piece: &[u8]) {
        self.lines.push(piece);
    }

    /// Nothing more comes.
    pub(super) fn end(&mut self) {
        self.ended = true;
    }

    pub(super) fn columns(&self) -> &[String] {
        &self.columns
    }

    pub(super) fn summary(&self) -> Option<Row<'_>> {
        let summary = self.summary.as_ref()?;
        Some(Row::new(
            &summary.columns,
            &summary.line,
            &summary.cells,
            summary.number,
        ))
    }

    /// The row that the last step found.
    pub(super) fn row(&self) -> Row<'_> {
        let text = std::str::from_utf8(self.lines.get(self.line.clone())).unwrap_or_default();
        Row::new(&self.columns, text, &self.cells, self.number)
    }

    /// Goes on to the next row or to the end. After an error there is neither.
    pub(super) fn step(&mut self) -> Result<Step, BillError> {
        if matches!(self.state, State::Failed) {
            return Err(malformed(
                self.number,
                (
                    "could not be read, and nothing after it is",
                    "未能读取，其后的内容也不再读取",
                ),
            ));
        }
        let step = self.next();
        if step.is_err() {
            self.state = State::Failed;
        }
        step
    }

    fn next(&mut self) -> Result<Step, BillError> {
        loop {
            let line = match self.lines.take(self.ended) {
                Ok(Some(line)) => line,
                Ok(None) if !self.ended => return Ok(Step::More),
                Ok(None) => return self.finish(),
                Err(_) => {
                    self.number += 1;
                    return Err(malformed(
                        self.number,
                        text!("is longer than {LONGEST} bytes", "超过 {LONGEST} 字节"),
                    ));
                }
            };
            self.number += 1;
            let number = self.number;
            let text = std::str::from_utf8(self.lines.get(line.clone()))
                .map_err(|_| malformed(number, ("is not UTF-8", "不是 UTF-8")))?;
            let text = if number == 1 {
                text.trim_start_matches('\u{feff}')
            } else {
                text
            };
            if text.trim().is_empty() {
                continue;
            }
            // Every cell of a row has a backquote before it; names have none.
            let has_values = text.starts_with('`');
            self.state = match (std::mem::take(&mut self.state), has_values) {
                (State::Columns, false) if !text.starts_with(['{', '<']) => {
                    self.columns = names(text);
                    self.quoting = Quoting::of(&self.columns);
                    State::Rows
                }
                (State::Columns, _) => {
                    return Err(malformed(
                        number,
                        ("does not name the columns: this is not a bill", "没有列名：这不是账单"),
                    ));
                }
                (State::Rows, true) => {
                    let columns = self.columns.len();
                    let split = self.quoting.split(text, columns, &mut self.cells);
                    split.map_err(|reason| malformed(number, reason))?;
                    self.line = line;
                    self.state = State::Rows;
                    return Ok(Step::Row);
                }
                (State::Rows, false) => State::Summary(names(text)),
                (State::Summary(columns), true) => {
                    let mut cells = Vec::new();
                    let split = self.quoting.of_summary().split(text, columns.len(), &mut cells);
                    split.map_err(|reason| malformed(number, reason))?;
                    let line = text.to_owned();
                    self.summary = Some(Summary {
                        columns,
                        line,
                        cells,
                        number,
                    });
                    State::Done
                }
                (State::Summary(_), false) => {
                    return Err(malformed(
                        number,
                        (
                            "should be the summary's values, with a backquote before each",
                            "应为汇总数据，每个值前有反引号",
                        ),
                    ));
                }
                (State::Done | State::Failed, _) => {
                    return Err(malformed(number, ("comes after the summary", "在汇总之后")));
                }
            };
        }
    }

    fn finish(&self) -> Result<Step, BillError> {
        match self.state {
            State::Columns => Err(malformed(
                self.number,
                (
                    "is the end, and there was nothing: this is not a bill",
                    "就结束了，没有任何内容：这不是账单",
                ),
            )),
            State::Summary(_) => Err(malformed(
                self.number,
                ("is the end, in the middle of the summary", "就结束了，汇总不完整"),
            )),
            // A bill may have no summary. The digest detects a truncated bill.
            State::Rows | State::Done | State::Failed => Ok(Step::End),
        }
    }
}

fn malformed(line: u64, reason: impl Into<Text>) -> BillError {
    BillError::Malformed {
        line,
        reason: reason.into().into(),
    }
}

fn names(text: &str) -> Vec<String> {
    text.split(',').map(|name| name.trim().to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    type Rows = Vec<Vec<String>>;

    fn read(text: &str, piece: usize) -> Result<(Rows, Option<Vec<String>>), BillError> {
        let mut parser = Parser::default();
        let mut pieces = text.as_bytes().chunks(piece);
        let mut rows = Vec::new();
        let cells = |row: Row<'_>| row.iter().map(|(_, cell)| cell.to_owned()).collect();
        loop {
            match parser.step()? {
                Step::Row => rows.push(cells(parser.row())),
                Step::More => match pieces.next() {
                    Some(piece) => parser.push(piece),
                    None => parser.end(),
                },
                Step::End => return Ok((rows, parser.summary().map(cells))),
            }
        }
    }

    fn refused(text: &str) -> String {
        read(text, 7).unwrap_err().to_string()
    }

    #[test]
    fn a_bill_reads_the_same_in_pieces_of_any_size() {
        let text = "\u{feff}时间,单号,金额\r\n`2026-11-20 13:29:35,`A1,`0.01\r\n`,`,`\r\n\r\n总数,金额\r\n`2,`0.01\r\n";
        let whole = read(text, text.len()).unwrap();
        let rows: Rows = vec![
            vec!["2026-11-20 13:29:35".into(), "A1".into(), "0.01".into()],
            vec![String::new(), String::new(), String::new()],
        ];
        assert_eq!(whole, (rows, Some(vec!["2".into(), "0.01".into()])));
        for piece in 1..text.len() {
            assert_eq!(read(text, piece).unwrap(), whole);
        }
        assert_eq!(read(&text.replace('\r', ""), 5).unwrap(), whole);
        assert_eq!(read(text.trim_end(), 5).unwrap(), whole);
        assert_eq!(read(text.trim_start_matches('\u{feff}'), 5).unwrap(), whole);
    }

    #[test]
    fn commas_and_quotation_marks_belong_to_the_cell() {
        let (rows, _) = read("a,b,c\n`1,`2,`3\n`1,000,`say \"hi\", \"ho,`\"\n", 4).unwrap();
        assert_eq!(rows[1], ["1,000", "say \"hi\", \"ho", "\""]);
    }

    #[test]
    fn a_row_in_which_some_cells_lack_the_backquote_is_read() {
        let (rows, summary) = read("a,b,c\n`1,2,`3\n`4,5,`6\nx,y\n`1,2\n", 4).unwrap();
        assert_eq!(rows, [["1", "2", "3"], ["4", "5", "6"]]);
        assert_eq!(summary, Some(vec!["1".into(), "2".into()]));
    }

    #[test]
    fn a_bill_without_rows_and_one_without_summary_are_read() {
        assert_eq!(read("a,b\nx,y\n`0,`0.00\n", 4).unwrap().0.len(), 0);
        assert_eq!(read("a,b\n", 4).unwrap(), (Vec::new(), None));
        assert_eq!(read("a,b\n`1,`2", 4).unwrap().1, None);
    }

    #[test]
    fn what_is_not_a_bill_is_refused_with_the_line() {
        let cases = [
            ("", "line 0 of the bill is the end"),
            (
                "{\"code\":\"NO_STATEMENT_EXIST\"}",
                "line 1 of the bill does not name the columns",
            ),
            ("<html>", "line 1 of the bill does not name the columns"),
            ("`1,`2\n", "line 1 of the bill does not name the columns"),
            ("a,b\n`1,`2\n`1\n", "line 3 of the bill has 1 cells for 2 columns"),
            ("a,b\n`1,`2,`3\n", "line 2 of the bill can be read in more than one way"),
            ("a,b\nx,y\n", "line 2 of the bill is the end, in the middle"),
            ("a,b\nx,y\nz\n", "line 3 of the bill should be the summary's values"),
            ("a,b\nx\n`1\n`1,`2\n", "line 4 of the bill comes after the summary"),
        ];
        for (text, reason) in cases {
            let error = refused(text);
            assert!(error.starts_with(reason), "{error}");
        }
        let mut parser = Parser::default();
        parser.push(b"a\n`\xff\n");
        assert!(parser.step().unwrap_err().to_string().contains("not UTF-8"));
    }

    #[test]
    fn memory_does_not_grow_with_the_bill() {
        let mut parser = Parser::default();
        parser.push("时间,单号,金额\n".as_bytes());
        let piece = "`2026-11-20 13:29:35,`4200000925202101284997714292,`0.01\n".repeat(100);
        let mut rows = 0_u64;
        let mut sizes = std::collections::BTreeSet::new();
        for _ in 0..2_000 {
            // Pieces end anywhere, never twice at the same place of a line.
            for part in piece.as_bytes().chunks(1_021) {
                parser.push(part);
                while parser.step().unwrap() == Step::Row {
                    rows += 1;
                }
                sizes.insert((parser.lines.capacity(), parser.cells.capacity()));
            }
        }
        parser.end();
        assert_eq!(parser.step().unwrap(), Step::End);
        assert_eq!(rows, 200_000);
        assert!(
            sizes.iter().all(|(bytes, cells)| *bytes < 8_192 && *cells < 32),
            "{sizes:?}"
        );
    }
}
