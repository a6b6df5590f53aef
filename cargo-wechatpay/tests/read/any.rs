//! Any text gives a description or a fault with its file.

use std::fs;

use cargo_wechatpay::read;
use proptest::prelude::*;
use tempfile::TempDir;

use super::{folder, swagger::TREE, write};

/// Lines of descriptions, to be inserted in wrong places.
const PIECES: [&str; 20] = [
    "type: string",
    "type: object",
    "$ref: '#Payer'",
    "$ref: '../../definitions/Enums.yaml'",
    "$ref: '../../../c.yaml'",
    "allOf: [{$ref: '#Payer'}]",
    "a: *x",
    "b: &x {type: array}",
    "<<: *x",
    "- in: formData",
    "name: meta",
    "format: base64",
    "x-is-sensitive: [a]",
    "properties:",
    "required: true",
    "enum: [A, 1, {}]",
    "{",
    "\"",
    "---",
    "!!int",
];

/// What happens to a line of a good description.
#[derive(Clone, Debug)]
enum Edit {
    Delete,
    Double,
    Replace(usize),
    Insert(usize),
    Indent,
    Outdent,
    Cut(usize),
}

fn edits() -> impl Strategy<Value = Vec<(usize, usize, Edit)>> {
    let edit = prop_oneof![
        Just(Edit::Delete),
        Just(Edit::Double),
        (0..PIECES.len()).prop_map(Edit::Replace),
        (0..PIECES.len()).prop_map(Edit::Insert),
        Just(Edit::Indent),
        Just(Edit::Outdent),
        (0..30_usize).prop_map(Edit::Cut),
    ];
    prop::collection::vec((0..TREE.len(), any::<usize>(), edit), 0..4)
}

fn edited(edits: Vec<(usize, usize, Edit)>) -> Vec<(&'static str, String)> {
    let mut files: Vec<(&str, Vec<String>)> = TREE
        .iter()
        .map(|(name, text)| (*name, text.lines().map(str::to_owned).collect()))
        .collect();
    for (file, line, edit) in edits {
        let lines = &mut files[file].1;
        let index = line % lines.len();
        let indent = lines[index].len() - lines[index].trim_start().len();
        match edit {
            Edit::Delete if lines.len() > 1 => drop(lines.remove(index)),
            Edit::Delete => {}
            Edit::Double => lines.insert(index, lines[index].clone()),
            Edit::Replace(piece) => lines[index] = format!("{}{}", " ".repeat(indent), PIECES[piece]),
            Edit::Insert(piece) => lines.insert(index, format!("{}{}", " ".repeat(indent), PIECES[piece])),
            Edit::Indent => lines[index].insert_str(0, "  "),
            Edit::Outdent => lines[index] = lines[index].strip_prefix("  ").unwrap_or(&lines[index]).to_owned(),
            Edit::Cut(length) => lines[index] = lines[index].chars().take(length).collect(),
        }
    }
    files
        .into_iter()
        .map(|(name, lines)| (name, lines.join("\n") + "\n"))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_damaged_description_can_be_used_or_is_a_fault_in_one_of_its_files(edits in edits()) {
        let files = edited(edits);
        let files: Vec<_> = files.iter().map(|(name, text)| (*name, text.as_str())).collect();
        check(&folder(&files), &files)?;
    }

    #[test]
    fn any_text_can_be_used_or_is_a_fault(text in any::<String>()) {
        let files = [("v3/a.yaml", text.as_str())];
        check(&folder(&files), &files)?;
    }

    #[test]
    fn any_path_is_refused_or_lies_in_the_folder(path in "/[a-zA-Z0-9./{}%_:\\\\ -]{0,20}") {
        let folder = TempDir::new().unwrap();
        let text = format!("openapi: 3.0.0\npaths:\n  {path:?}: {{get: {{responses: {{'204': {{}}}}}}}}\n");
        fs::write(folder.path().join("openapi.yaml"), text).unwrap();
        if let Ok(documents) = read::read(folder.path()) {
            for (name, _) in documents.files() {
                let inside = std::path::Path::new(&name).components().all(|part| matches!(part, std::path::Component::Normal(_)));
                prop_assert!(inside, "{}", name);
            }
        }
    }
}

fn check(folder: &TempDir, files: &[(&str, &str)]) -> Result<(), TestCaseError> {
    match read::read(folder.path()) {
        Ok(documents) => {
            prop_assert!(documents.description().is_ok());
            // Reading what was written changes nothing.
            let out = TempDir::new().unwrap();
            for (name, document) in documents.files() {
                write(out.path(), &name, &document.pretty());
            }
            let again = read::read(out.path()).unwrap();
            for ((name, before), (_, after)) in documents.files().zip(again.files()) {
                let (before, after) = (before.pretty(), after.pretty());
                let different = before
                    .lines()
                    .zip(after.lines())
                    .find(|(before, after)| before != after);
                prop_assert_eq!(different, None, "in {}", name);
            }
            prop_assert_eq!(again.paths.len(), documents.paths.len());
        }
        Err(fault) => {
            let file: &str = &fault.place.file;
            let known = file == "." || files.iter().any(|(name, _)| *name == file);
            prop_assert!(known && !fault.message.is_empty(), "{}", fault);
            let text = files
                .iter()
                .find(|(name, _)| *name == file)
                .map_or("", |(_, text)| text);
            prop_assert!(fault.place.line <= text.lines().count() + 1, "{}", fault);
        }
    }
    Ok(())
}
