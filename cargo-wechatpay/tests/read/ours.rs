//! Our own description, read like any other.

use std::path::Path;

use super::OURS;
use cargo_wechatpay::read;
use wechatpay_catalogue::description::json::Json;

#[test]
fn our_own_description_read_like_any_other_gives_itself() {
    let documents = read::read(Path::new(OURS)).unwrap();
    let mut different = Vec::new();
    let mut count = 0;
    for (name, document) in documents.files() {
        let text = std::fs::read_to_string(Path::new(OURS).join(&name)).unwrap();
        if Json::parse(&text).unwrap() != *document || document.pretty() != text {
            different.push(name);
        }
        count += 1;
    }
    assert_eq!(different, [""; 0]);
    assert!(count > 900, "{count}");
}

#[test]
fn the_five_operations_whose_header_contradicts_their_fields_are_named() {
    let documents = read::read(Path::new(OURS)).unwrap();
    let contradictions = documents
        .notes
        .iter()
        .filter(|note| note.message.contains("Wechatpay-Serial"));
    assert_eq!(contradictions.count(), 5);
    assert_eq!(documents.notes.len(), 5);
}
