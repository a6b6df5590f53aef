//! Splitting a line of values into cells.
//!
//! Nothing is escaped in a bill, and a cell may hold commas. What separates the cells is the backquote: in most bills
//! every cell has one before it, in older profit sharing bills only some columns have. Which ones is decided once for a
//! bill. A line that can be read in more than one way is refused: a text in it may be meant to shift the amounts.

use crate::support::language::{Text, text};
use std::ops::Range;

/// Which columns of a bill have a backquote before each cell.
#[derive(Debug, Default)]
pub(super) enum Quoting {
    /// Not decided: no line was seen in which every comma separates.
    #[default]
    Undecided,
    /// Every column.
    All,
    /// The columns for which this is `true`.
    Some(Vec<bool>),
}

/// What is known of one column.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Column {
    Quoted,
    Unquoted,
    /// Quoted, or a number without a backquote.
    Unknown,
}

impl Quoting {
    /// The quoting by the names of the columns. Trade bills and fund flow bills have a backquote before every cell.
    pub(super) fn of(columns: &[String]) -> Self {
        let is_quoted = columns
            .iter()
            .any(|name| matches!(name.as_str(), "交易时间" | "记账时间"));
        if is_quoted { Self::All } else { Self::Undecided }
    }

    /// That of the summary, which has other columns.
    pub(super) fn of_summary(&self) -> Self {
        match self {
            Self::All => Self::All,
            Self::Undecided | Self::Some(_) => Self::Undecided,
        }
    }

    /// Splits a line into as many cells as there are `columns`, without their backquotes.
    pub(super) fn split(&mut self, text: &str, columns: usize, cells: &mut Vec<Range<usize>>) -> Result<(), Text> {
        cells.clear();
        let mut start = 0;
        for end in text.match_indices(',').map(|(at, _)| at).chain([text.len()]) {
            cells.push(start..end);
            start = end + 1;
        }
        if cells.len() < columns {
            return Err(cells_for_columns(cells.len(), columns));
        }
        let is_quoted = |cell: &Range<usize>| text.as_bytes().get(cell.start) == Some(&b'`');
        if cells.len() == columns {
            // Fast path: every comma separates, so there is one reading.
            self.decide(cells.iter().map(is_quoted))?;
        } else {
            self.join(text, columns, cells)?;
        }
        for cell in cells {
            if is_quoted(cell) {
                cell.start += 1;
            }
        }
        Ok(())
    }

    /// Records the quoting of the first line in which every comma is a separator, and refuses a later line that
    /// differs.
    fn decide(&mut self, quoted: impl Iterator<Item = bool> + Clone) -> Result<(), Text> {
        let is_same = match self {
            Self::Undecided => {
                *self = if quoted.clone().all(|quoted| quoted) {
                    Self::All
                } else {
                    Self::Some(quoted.collect())
                };
                true
            }
            Self::All => quoted.clone().all(|quoted| quoted),
            Self::Some(columns) => columns.iter().copied().eq(quoted),
        };
        if is_same {
            return Ok(());
        }
        Err((
            "does not have the backquotes in the columns where the bill has them",
            "的反引号与账单其他行所在的列不一致",
        )
            .into())
    }

    fn column(&self, index: usize) -> Column {
        match self {
            Self::Undecided => Column::Unknown,
            Self::All => Column::Quoted,
            Self::Some(columns) if columns.get(index) == Some(&true) => Column::Quoted,
            Self::Some(_) => Column::Unquoted,
        }
    }

    /// Joins the `pieces` between the commas to cells, if there is exactly one way. A quoted cell begins with a
    /// backquote and goes over any number of pieces; an unquoted one is a single piece that does not begin with one.
    fn join(&self, text: &str, columns: usize, pieces: &mut Vec<Range<usize>>) -> Result<(), Text> {
        let count = pieces.len();
        if columns.saturating_mul(count) > MOST_STEPS {
            let commas = count - 1;
            return Err(text!("has {commas} commas", "有 {commas} 个逗号"));
        }
        let begins: Vec<Piece> = pieces.iter().map(|piece| Piece::of(text.get(piece.clone()))).collect();
        // `ways[column * width + end]`: in how many ways the columns up to this one cover the first `end` pieces, at
        // most 2. The row before the first column has one way, to cover nothing.
        let width = count + 1;
        let mut ways = vec![0_u8; (columns + 1) * width];
        if let Some(first) = ways.first_mut() {
            *first = 1;
        }
        for column in 0..columns {
            let kind = self.column(column);
            let (before, after) = ways.split_at_mut((column + 1) * width);
            let (Some(before), Some(after)) = (before.get(column * width..), after.get_mut(..width)) else {
                break;
            };
            let mut quoted = 0_u8;
            let ends = after.iter_mut().skip(1);
            for ((begin, ways_before), way) in begins.iter().zip(before).zip(ends) {
                if *begin == Piece::Quoted && kind != Column::Unquoted {
                    quoted = quoted.saturating_add(*ways_before).min(2);
                }
                let single = match (kind, begin) {
                    (Column::Unquoted, Piece::Number | Piece::Text) | (Column::Unknown, Piece::Number) => *ways_before,
                    _ => 0,
                };
                *way = quoted.saturating_add(single).min(2);
            }
        }
        match ways.last() {
            Some(1) => {}
            Some(2) => {
                return Err((
                    "can be read in more than one way: a comma in it may separate or belong to a text",
                    "有多种读法：其中的逗号可能是分隔符，也可能属于文本",
                )
                    .into());
            }
            _ => return Err(cells_for_columns(count, columns)),
        }
        // Back along the one way: each column begins where the columns before it end in one way.
        let mut cells = Vec::with_capacity(columns);
        let mut end = count;
        for column in (0..columns).rev() {
            let ways_before = ways.get(column * width..(column + 1) * width).unwrap_or_default();
            let begin = (0..end).rev().find(|begin| {
                let is_cell = match (self.column(column), begins.get(*begin)) {
                    (Column::Quoted | Column::Unknown, Some(Piece::Quoted)) => true,
                    (Column::Unquoted, Some(Piece::Number | Piece::Text)) | (Column::Unknown, Some(Piece::Number)) => {
                        begin + 1 == end
                    }
                    _ => false,
                };
                is_cell && ways_before.get(*begin) == Some(&1)
            });
            let (Some(begin), Some(last)) = (begin, pieces.get(end - 1)) else {
                return Err(cells_for_columns(count, columns));
            };
            cells.push(pieces.get(begin).map_or(0, |piece| piece.start)..last.end);
            end = begin;
        }
        cells.reverse();
        *pieces = cells;
        Ok(())
    }
}

/// Columns times pieces of a line. A line of a bill has about 30 columns and few commas beside them.
const MOST_STEPS: usize = 1 << 20;

/// The text between two commas.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Piece {
    /// It begins with a backquote.
    Quoted,
    /// A number, or nothing.
    Number,
    Text,
}

impl Piece {
    fn of(text: Option<&str>) -> Self {
        let text = text.unwrap_or_default();
        let is_number = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'%' | b' ');
        if text.starts_with('`') {
            Self::Quoted
        } else if text.bytes().all(is_number) {
            Self::Number
        } else {
            Self::Text
        }
    }
}

fn cells_for_columns(cells: usize, columns: usize) -> Text {
    text!(
        "has {cells} cells for {columns} columns",
        "有 {cells} 个单元格，而账单有 {columns} 列"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::support::language::{In, Language};

    /// The cells of the last line, after the others were read.
    fn split(quoting: Quoting, lines: &[&str]) -> Result<Vec<String>, String> {
        let (mut quoting, mut cells, mut found) = (quoting, Vec::new(), Vec::new());
        for line in lines {
            let split = quoting.split(line, 4, &mut cells);
            split.map_err(|reason| In(Language::English, &reason).to_string())?;
            found = cells.iter().map(|cell| line[cell.clone()].to_owned()).collect();
        }
        Ok(found)
    }

    const MORE_THAN_ONE: &str = "can be read in more than one way";

    #[test]
    fn in_a_bill_with_a_backquote_everywhere_a_comma_belongs_to_the_text() {
        let read = split(Quoting::All, &["`1,000,`say \"hi\", \"ho,`\",`5.00"]).unwrap();
        assert_eq!(read, ["1,000", "say \"hi\", \"ho", "\"", "5.00"]);
        // The text of the first column holds the separator.
        let error = split(Quoting::All, &["`x,`999.00,`b,`5.00,`d"]).unwrap_err();
        assert!(error.starts_with(MORE_THAN_ONE), "{error}");
        assert_eq!(split(Quoting::All, &["`a,`b`,`c,`"]).unwrap(), ["a", "b`", "c", ""]);
    }

    #[test]
    fn s4_a_text_cannot_shift_the_amount_into_another_column() {
        // Columns: text, amount, fee without a backquote, text. The first line tells which have one.
        let honest = "`tea,`5.00,0.03,`end";
        let forged = "`x,`999.00,`5.00,0.03,`end";
        let error = split(Quoting::Undecided, &[honest, forged]).unwrap_err();
        assert!(error.starts_with(MORE_THAN_ONE), "{error}");
        // The forged line first: nothing is decided, and there is a second reading with a number without a backquote.
        let error = split(Quoting::Undecided, &[forged, honest]).unwrap_err();
        assert!(error.starts_with(MORE_THAN_ONE), "{error}");
        // Without a number for the second reading, the line after it contradicts.
        let (forged, honest) = ("`x,`999.00,`5.00,free,`end", "`tea,`5.00,free,`end");
        assert_eq!(
            split(Quoting::Undecided, &[forged]).unwrap(),
            ["x", "999.00", "5.00,free", "end"]
        );
        assert!(split(Quoting::Undecided, &[honest, forged]).is_err());
    }

    #[test]
    fn s4_a_line_with_one_reading_is_read_also_when_a_text_holds_commas() {
        let honest = "`tea,`5.00,0.03,`end";
        let read = split(Quoting::Undecided, &[honest, "`tea, milk, 1,`5.00,0.03,`the, end"]).unwrap();
        assert_eq!(read, ["tea, milk, 1", "5.00", "0.03", "the, end"]);
        let read = split(Quoting::Undecided, &["`tea, milk,`5.00,`0.03,`end"]).unwrap();
        assert_eq!(read, ["tea, milk", "5.00", "0.03", "end"]);
        // The amount before the one without a backquote must not take a part of it.
        let error = split(Quoting::Undecided, &[honest, "`tea,`5.00,1,0.03,`end"]);
        assert_eq!(error.unwrap(), ["tea", "5.00,1", "0.03", "end"]);
    }

    #[test]
    fn s4_the_backquotes_stand_in_the_same_columns_in_the_whole_bill() {
        let reason = "does not have the backquotes in the columns where the bill has them";
        assert_eq!(
            split(Quoting::Undecided, &["`a,`b,`c,`d", "`a,b,`c,`d"]).unwrap_err(),
            reason
        );
        assert_eq!(
            split(Quoting::Undecided, &["`a,b,`c,`d", "`a,`b,`c,`d"]).unwrap_err(),
            reason
        );
        assert_eq!(split(Quoting::All, &["`a,b,`c,`d"]).unwrap_err(), reason);
        assert_eq!(
            split(Quoting::Undecided, &["`a,b,`c,d", "`1,,`3,4"]).unwrap(),
            ["1", "", "3", "4"]
        );
    }

    #[test]
    fn a_line_with_another_number_of_cells_is_refused() {
        assert_eq!(
            split(Quoting::All, &["`a,`b"]).unwrap_err(),
            "has 2 cells for 4 columns"
        );
        assert_eq!(
            split(Quoting::All, &["`a,b,c,d,`e"]).unwrap_err(),
            "has 5 cells for 4 columns"
        );
        let many = format!("`a{}", ",".repeat(1 << 20));
        assert!(split(Quoting::All, &[&many]).unwrap_err().contains("commas"));
    }

    /// All readings of a line, by trying each way to keep three of the commas.
    fn readings(quoting: &Quoting, line: &str) -> Vec<Vec<String>> {
        let commas: Vec<_> = line.match_indices(',').map(|(at, _)| at).collect();
        let mut found = Vec::new();
        for (a, first) in commas.iter().enumerate() {
            for (b, second) in commas.iter().enumerate().skip(a + 1) {
                for third in commas.iter().skip(b + 1) {
                    let cells = [
                        &line[..*first],
                        &line[first + 1..*second],
                        &line[second + 1..*third],
                        &line[third + 1..],
                    ];
                    let fits = cells.iter().enumerate().all(|(index, cell)| {
                        let (quoted, single) = (cell.starts_with('`'), !cell.contains(','));
                        let is_number = Piece::of(Some(cell)) == Piece::Number;
                        match quoting.column(index) {
                            Column::Quoted => quoted,
                            Column::Unquoted => !quoted && single,
                            Column::Unknown => quoted || single && is_number,
                        }
                    });
                    if fits {
                        found.push(cells.map(|cell| cell.trim_start_matches('`').to_owned()).into());
                    }
                }
            }
        }
        found
    }

    #[test]
    fn a_line_is_split_exactly_if_trying_every_way_finds_one() {
        let patterns = || {
            [
                Quoting::Undecided,
                Quoting::All,
                Quoting::Some(vec![true, true, false, true]),
                Quoting::Some(vec![true, false, false, true]),
            ]
        };
        let words = ["`a", "`", "b", "7", ""];
        let mut split_lines = 0;
        for number in 0..words.len().pow(6) {
            let pieces: Vec<_> = (0..6)
                .map(|place| words[number / words.len().pow(place) % words.len()])
                .collect();
            let line = pieces.join(",");
            for mut quoting in patterns() {
                let expected = readings(&quoting, &line);
                let mut cells = Vec::new();
                match quoting.split(&line, 4, &mut cells) {
                    Ok(()) => {
                        let cells: Vec<_> = cells.iter().map(|cell| line[cell.clone()].to_owned()).collect();
                        assert_eq!(expected, [cells], "{line}");
                        split_lines += 1;
                    }
                    Err(reason) => assert_ne!(expected.len(), 1, "{line}: {reason:?}"),
                }
            }
        }
        assert!(split_lines > 1_000, "{split_lines}");
    }
}
