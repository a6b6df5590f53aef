//! A bill: the same rows in pieces of any size. The first byte is the size.
#![no_main]

use libfuzzer_sys::fuzz_target;
use std::io::{self, Read};
use wechatpay_core::bill::{BlockingBillReader, FundFlowBillRow, TradeBillRow, TradeBillSummary, parse_fen};
use wechatpay_fuzz::check_text;

/// Gives a few bytes at a time.
struct Pieces<'a>(&'a [u8], usize);

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = self.1.min(buffer.len()).min(self.0.len());
        let (piece, rest) = self.0.split_at(length);
        buffer[..length].copy_from_slice(piece);
        self.0 = rest;
        Ok(length)
    }
}

type Cells = Vec<(String, String)>;

fn read(text: &[u8], piece: usize) -> (Vec<Cells>, Result<Option<Cells>, String>) {
    let mut bill = BlockingBillReader::new(Pieces(text, piece));
    let mut rows = Vec::new();
    loop {
        match bill.next_row() {
            Ok(Some(row)) => {
                rows.push(
                    row.iter()
                        .map(|(name, cell)| (name.to_owned(), cell.to_owned()))
                        .collect(),
                );
                let errors = [
                    row.decode::<TradeBillRow>().err(),
                    row.decode::<FundFlowBillRow>().err(),
                ];
                errors.iter().flatten().for_each(check_text);
            }
            Ok(None) => {
                let summary = bill.summary();
                if let Some(Err(error)) = summary.map(|summary| summary.decode::<TradeBillSummary>()) {
                    check_text(&error);
                }
                let cells = |(name, cell): (&str, &str)| (name.to_owned(), cell.to_owned());
                return (rows, Ok(summary.map(|summary| summary.iter().map(cells).collect())));
            }
            Err(error) => {
                check_text(&error);
                return (rows, Err(error.to_string()));
            }
        }
    }
}

fuzz_target!(|data: &[u8]| {
    let Some((size, text)) = data.split_first() else { return };
    let whole = read(text, usize::MAX);
    assert_eq!(read(text, usize::from(*size).max(1)), whole);
    for (_, cell) in whole.0.iter().flatten() {
        let Some(fen) = parse_fen(cell) else { continue };
        let sign = if fen < 0 { "-" } else { "" };
        let again = format!("{sign}{}.{:02}", fen.unsigned_abs() / 100, fen.unsigned_abs() % 100);
        assert_eq!(parse_fen(&again), Some(fen), "{cell}");
    }
});
