//! The committed catalogue is what the generator makes of the description.
#![allow(clippy::unwrap_used, reason = "tests fail by panicking")]

use cargo_wechatpay::generate::{Files, Source};
use std::path::{Path, PathBuf};

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name)
}

/// `CATALOGUE=overwrite` writes the files again.
fn is_up_to_date(files: &Files, out: &Path) {
    if std::env::var("CATALOGUE").is_ok_and(|value| value == "overwrite") {
        files.write(out).unwrap();
    }
    let changes = files.compare(out).unwrap();
    let stale = changes.written.iter().chain(&changes.removed).collect::<Vec<_>>();
    assert!(
        stale.is_empty(),
        "{} differs from a fresh generation in {stale:?}; run this test with CATALOGUE=overwrite",
        out.display()
    );
}

#[test]
fn the_catalogue_and_the_program_that_sends_all_of_it_are_generated_from_the_description_as_it_is() {
    let source = Source::read(&folder("wechatpay-catalogue/openapi")).unwrap();
    assert!(source.documents.len() > 900);
    let catalogue = folder("wechatpay-catalogue");
    is_up_to_date(&source.generate(&catalogue).unwrap(), &catalogue);
    is_up_to_date(
        &source.every_operation("wechatpay_catalogue").unwrap(),
        &folder("tests/every-operation"),
    );
}

#[test]
fn the_description_has_no_file_that_its_root_does_not_name_and_its_references_lead_to_its_files() {
    let openapi = folder("wechatpay-catalogue/openapi");
    let source = Source::read(&openapi).unwrap();
    let root = std::fs::read_to_string(openapi.join("openapi.json")).unwrap();
    let mut count = 0;
    let mut folders = vec![openapi];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { count += 1 }
        }
    }
    assert_eq!(count, source.documents.len() + 1);
    for (path, _) in &source.documents {
        let name = cargo_wechatpay::generate::document_name(path);
        let reference = name.replace('{', "%7B").replace('}', "%7D");
        assert!(root.contains(&format!("\"$ref\": \"{reference}\"")), "{path}");
    }
}
