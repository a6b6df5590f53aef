//! Tables that must agree in several places: the features, and the guide in both languages.

use crate::{metadata, workspace};
use std::{collections::BTreeMap, fs, path::Path};

/// The tables of a text, as rows of cells.
fn tables(text: &str) -> Vec<Vec<Vec<String>>> {
    let mut found = vec![Vec::new()];
    for line in text.lines() {
        let line = line.trim_start_matches("//! ");
        match line
            .strip_prefix('|')
            .and_then(|line| line.trim_end().strip_suffix('|'))
        {
            Some(row) => {
                // A bar in code is written `\|`.
                let row = row.replace("\\|", "\u{0}");
                let cells = row.split('|').map(|cell| cell.trim().replace('\u{0}', "|")).collect();
                found.last_mut().unwrap().push(cells);
            }
            None => found.push(Vec::new()),
        }
    }
    found.retain(|rows| !rows.is_empty());
    found
}

/// The code between backquotes, sorted. Arguments may be in the language of the reader.
fn code_in(cell: &str) -> Vec<&str> {
    let code = cell.split('`').skip(1).step_by(2);
    let mut code: Vec<_> = code.map(|code| code.split('(').next().unwrap()).collect();
    code.sort_unstable();
    code
}

fn read(path: &str) -> String {
    fs::read_to_string(workspace().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Each feature, and whether it is on by default.
fn features_of_core() -> BTreeMap<String, bool> {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().unwrap();
    let core = packages
        .iter()
        .find(|package| package["name"] == "wechatpay-core")
        .unwrap();
    let mut features = core["features"].as_object().unwrap().clone();
    let default = features.remove("default").unwrap();
    let is_default = |name: &str| default.as_array().unwrap().iter().any(|on| on == name);
    // An optional dependency that no feature names would be an implicit feature.
    features.keys().map(|name| (name.clone(), is_default(name))).collect()
}

#[test]
fn every_table_of_features_lists_every_feature() {
    let expected = features_of_core();
    for file in ["README.md", "README.zh-CN.md", "wechatpay-core/src/lib.rs"] {
        let tables = tables(&read(file));
        let table = tables.iter().find(|rows| rows.iter().any(|row| row[0] == "`macros`"));
        let rows = table.unwrap_or_else(|| panic!("{file} has no table of features"));
        let listed: BTreeMap<_, _> = rows
            .iter()
            .flat_map(|row| {
                code_in(&row[0])
                    .into_iter()
                    .map(|name| (name.to_owned(), !row[1].is_empty()))
            })
            .collect();
        assert_eq!(listed, expected, "{file}");
    }
}

/// Which features go together is for people to say; that a feature is compiled without the others is not.
#[test]
fn every_feature_is_in_a_combination_that_ci_compiles() {
    let script = read(".ci/run");
    let combinations = script.lines().filter(|line| line.contains("combinations"));
    let names: Vec<_> = combinations
        .flat_map(|line| line.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '-'))
        .collect();
    for feature in features_of_core().keys() {
        assert!(
            names.contains(&feature.as_str()),
            "`part_features` in .ci/run lacks `{feature}`"
        );
    }
}

/// The texts differ between the languages. The tables, rows, cells and the code in them must agree.
#[test]
fn the_guide_has_the_same_tables_in_both_languages() {
    let mut compared = 0;
    let chapters = fs::read_dir(workspace().join("wechatpay-core/docs/guide/en")).unwrap();
    for chapter in chapters {
        let chapter = chapter.unwrap().file_name().into_string().unwrap();
        let [english, chinese] = ["en", "zh"].map(|language| {
            let text = read(&format!("wechatpay-core/docs/guide/{language}/{chapter}"));
            tables(&text)
        });
        assert_eq!(english.len(), chinese.len(), "tables in {chapter}");
        for (english, chinese) in english.iter().zip(&chinese) {
            assert_eq!(
                english.len(),
                chinese.len(),
                "rows in {chapter}: {english:#?} {chinese:#?}"
            );
            for (english, chinese) in english.iter().zip(chinese) {
                let [code, code_zh] =
                    [english, chinese].map(|row| row.iter().map(|cell| code_in(cell)).collect::<Vec<_>>());
                assert_eq!(code, code_zh, "{chapter}: {english:?} {chinese:?}");
                compared += 1;
            }
        }
    }
    assert!(compared > 50, "only {compared} rows were found");
}

/// A pattern that matches nothing would silently exclude code that was moved.
#[test]
fn every_pattern_of_the_mutation_settings_matches_a_file() {
    for settings in [".cargo/mutants.toml", ".cargo/mutants-macros.toml"] {
        let text = read(settings);
        let patterns: Vec<_> = text.split('"').filter(|quoted| quoted.ends_with(".rs")).collect();
        assert!(!patterns.is_empty(), "{settings} names no files");
        for pattern in patterns {
            let pattern = workspace().join(pattern);
            let mut files = glob::glob(pattern.to_str().unwrap()).unwrap();
            assert!(
                files.next().is_some(),
                "{settings}: {} matches nothing",
                pattern.display()
            );
        }
    }
}

#[test]
fn the_pages_for_contributors_name_files_that_exist() {
    let mut found = 0;
    for page in [
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "RELEASING.md",
        "SECURITY.md",
        "tests/README.md",
    ] {
        let text = read(page);
        let links = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
        let beside = Path::new(page).parent().unwrap();
        for link in links.filter(|link| !link.contains("://")) {
            assert!(workspace().join(beside).join(link).exists(), "{page} links to {link}");
            found += 1;
        }
        // The table of faults says "core" before the paths in `wechatpay-core`, and "gateway" before those in
        // `wechatpay-gateway`.
        let roots = ["", "wechatpay-core", "wechatpay-core/src", "wechatpay-gateway"];
        for code in text.split('`').skip(1).step_by(2).filter(|code| is_path(code)) {
            let exists = |root: &&str| {
                let pattern = workspace().join(root).join(code);
                glob::glob(pattern.to_str().unwrap()).unwrap().next().is_some()
            };
            assert!(roots.iter().any(exists), "{page} names {code}");
            found += 1;
        }
    }
    assert!(found > 100, "only {found} files were found in the pages");
}

/// Whether code is the path of a file or of a directory of the repository.
fn is_path(code: &str) -> bool {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./*".contains(letter);
    let first = code.split('/').next().unwrap_or_default();
    let is_known = code.ends_with(".rs") || !first.is_empty() && workspace().join(first).is_dir();
    code.contains('/') && code.chars().all(is_plain) && is_known
}
