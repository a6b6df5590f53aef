//! What users looked for in the pages that they read first, and must find there.

use crate::{example, workspace};
use std::fs;

fn read(path: &str) -> String {
    fs::read_to_string(workspace().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The programs of all chapters of the guide. The tests of the documentation compile and run them.
fn programs_of_the_guide(language: &str) -> String {
    let folder = workspace().join("wechatpay-core/docs/guide").join(language);
    let chapters = fs::read_dir(folder).unwrap();
    let texts = chapters.map(|chapter| fs::read_to_string(chapter.unwrap().path()).unwrap());
    texts.map(|text| example::running(&text)).collect()
}

#[test]
fn u22_programs_of_the_guide_and_the_readme_show_what_users_looked_for() {
    for language in ["en", "zh"] {
        let programs = programs_of_the_guide(language);
        for shown in [
            "wechatpay_core::json_string",
            "ExpectedRefund {",
            "HttpTransport::builder().proxy(",
            "response = Transaction)]",
            "Clients::new()",
        ] {
            assert!(
                programs.contains(shown),
                "{shown} is in no program of the guide: {language}"
            );
        }
    }
    for readme in ["README.md", "README.zh-CN.md"] {
        let programs = example::running(&read(readme));
        assert!(programs.contains("WechatpayNotification<Transaction>"), "{readme}");
    }
}

#[test]
fn u23_the_readme_has_the_five_figures_and_leaves_the_rest_to_the_benchmarks() {
    for (readme, title) in [("README.md", "## Five figures"), ("README.zh-CN.md", "## 性能")] {
        let text = read(readme);
        let section = text.split_once(title).unwrap_or_else(|| panic!("{readme}: {title}")).1;
        let section = section.split("\n## ").next().unwrap();
        let rows = section.lines().filter(|line| line.starts_with('|')).count();
        // Two of them are the head of the table.
        assert_eq!(rows, 2 + 5, "{readme}");
        assert!(section.contains("benches/README.md"), "{readme}");
    }
}
