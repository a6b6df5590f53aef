//! Where a command writes: colours and aligned columns for a person, plain text for a program.

use crate::language::Language;
use anstyle::{AnsiColor, Style};
use std::io::{self, Write};
use unicode_width::UnicodeWidthStr;

/// What is only for emphasis.
pub const BOLD: Style = Style::new().bold();
/// Less important text.
pub const DIM: Style = Style::new().dimmed();
/// Names that the user can copy.
pub const NAME: Style = AnsiColor::Cyan.on_default();
/// What is fine.
pub const GOOD: Style = AnsiColor::Green.on_default();
/// What needs a second look.
pub const WARNING: Style = AnsiColor::Yellow.on_default().bold();
/// What is wrong.
pub const ERROR: Style = AnsiColor::Red.on_default().bold();

/// Where a command writes its result, and its notes.
pub struct Terminal<'a> {
    /// The result.
    pub out: &'a mut dyn Write,
    /// Notes, questions and errors.
    pub notes: &'a mut dyn Write,
    /// The input for questions.
    pub input: &'a mut dyn io::BufRead,
    /// Whether a person reads the result: then there are aligned columns with headers.
    pub interactive: bool,
    /// Whether questions can be asked.
    pub can_ask: bool,
    /// The language of the messages.
    pub language: Language,
}

/// A cell of a table.
#[derive(Clone, Debug, Default)]
pub struct Cell {
    text: String,
    style: Style,
}

impl Cell {
    /// A cell in this style.
    pub fn new(text: impl Into<String>, style: Style) -> Self {
        Self {
            text: one_line(&text.into()),
            style,
        }
    }
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::new(text, Style::new())
    }
}

impl Terminal<'_> {
    /// Writes a table: aligned columns with headers for a person, tabs without headers for a program.
    ///
    /// # Errors
    /// When the output cannot be written.
    pub fn table(&mut self, headers: &[&str], rows: &[Vec<Cell>]) -> io::Result<()> {
        if !self.interactive {
            for row in rows {
                let texts: Vec<&str> = row.iter().map(|cell| cell.text.as_str()).collect();
                writeln!(self.out, "{}", texts.join("\t"))?;
            }
            return Ok(());
        }
        let header: Vec<Cell> = headers.iter().map(|text| Cell::new(*text, DIM)).collect();
        let widths: Vec<usize> = (0..headers.len())
            .map(|column| {
                let cells = std::iter::once(&header).chain(rows).filter_map(|row| row.get(column));
                cells.map(|cell| cell.text.width()).max().unwrap_or_default()
            })
            .collect();
        for row in std::iter::once(&header).chain(rows) {
            let last = row.iter().rposition(|cell| !cell.text.is_empty()).unwrap_or_default();
            for (place, (cell, width)) in row.iter().zip(&widths).enumerate().take(last + 1) {
                let style = cell.style;
                write!(self.out, "{style}{}{style:#}", cell.text)?;
                if place < last {
                    write!(self.out, "{:1$}", "", width - cell.text.width() + 2)?;
                }
            }
            writeln!(self.out)?;
        }
        Ok(())
    }
}

/// The text on one line, without control characters and without marks that change the direction of writing.
#[must_use]
pub fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => line.push(' '),
            c if c.is_control() => line.extend(c.escape_unicode()),
            '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => {
                line.extend(c.escape_unicode())
            }
            c => line.push(c),
        }
    }
    line
}
