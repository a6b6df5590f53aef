//! The table of places, and the tables of it that users read.

use crate::place::Place;
use std::{fs, path::Path};

#[test]
fn every_place_stands_in_each_table_of_the_field_attributes() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    for page in [
        "src/lib.rs",
        "../wechatpay-core/docs/guide/en/01-declare.md",
        "../wechatpay-core/docs/guide/zh/01-declare.md",
    ] {
        let text = fs::read_to_string(here.join(page)).unwrap();
        let rows = text.lines().map(|line| line.trim_start_matches("/// "));
        let rows: Vec<_> = rows.filter(|row| row.starts_with("| `#[wechatpay(")).collect();
        for word in Place::words() {
            let written = format!("`#[wechatpay({word}");
            assert!(rows.iter().any(|row| row.contains(&written)), "{page}: {word}");
        }
    }
}
