//! Our own description, read like any other.

use std::path::Path;

use cargo_wechatpay::read;
use wechatpay_catalogue::description::json::Json;

const OURS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../wechatpay-catalogue/openapi");

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
    let notes: Vec<_> = documents.notes.iter().map(ToString::to_string).collect();
    assert_eq!(different, [""; 0], "of {count}, with notes {notes:#?}");
    assert!(count > 900);
}
