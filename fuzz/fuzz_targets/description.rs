//! A description in up to three files, parted by bytes of zero. The last one, if there are three, is the root document.
#![no_main]

use std::fs;

use libfuzzer_sys::fuzz_target;
use wechatpay_fuzz::check_text;

const NAMES: [&str; 3] = ["v3/a.yaml", "v3/b.yaml", "openapi.yaml"];

fuzz_target!(|data: &[u8]| {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("v3")).unwrap();
    for (name, text) in NAMES.iter().zip(data.split(|byte| *byte == 0)) {
        fs::write(folder.path().join(name), text).unwrap();
    }
    match cargo_wechatpay::read::read(folder.path()) {
        Ok(documents) => {
            documents.description().unwrap();
            for note in &documents.notes {
                check_text(&note.to_string());
            }
            // Reading what was written changes nothing.
            let out = tempfile::tempdir().unwrap();
            let files = documents.files().map(|(name, document)| (name, document.pretty()));
            cargo_wechatpay::write::files(out.path(), files).unwrap();
            let again = cargo_wechatpay::read::read(out.path()).unwrap();
            assert_eq!(again.root, documents.root);
            assert_eq!(again.paths, documents.paths);
        }
        Err(fault) => check_text(&fault.to_string()),
    }
});
