//! What the documentation promises of itself: every public item shows itself in an example that runs, and says when it
//! fails.
//!
//! The sources are read as they are, without a compiler. Code that a `macro_rules!` writes is not seen.

mod example;
mod public;
mod source;

use public::{Kind, PublicItem};
use source::Crate;
use std::path::Path;

fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// The crates that users see.
fn public_items() -> Vec<PublicItem> {
    ["wechatpay-core", "wechatpay-gateway", "wechatpay-macros"]
        .into_iter()
        .flat_map(|name| public::items(&Crate::read(&workspace().join(name).join("src"))))
        .collect()
}

fn listed(items: &[PublicItem]) -> String {
    let lines: Vec<_> = items
        .iter()
        .map(|item| {
            let file = item.file.strip_prefix(workspace()).unwrap_or(&item.file);
            format!("{}:{} {}", file.display(), item.line, item.name)
        })
        .collect();
    format!("{} items:\n{}", lines.len(), lines.join("\n"))
}

#[test]
fn every_public_item_is_shown_in_an_example_that_runs() {
    let (shown, missing): (Vec<_>, Vec<_>) = public_items().into_iter().partition(PublicItem::is_shown);
    assert!(missing.is_empty(), "without an example that runs: {}", listed(&missing));
    // That the sources were found and understood.
    for name in [
        "wechatpay_endpoint",
        "Client::call",
        "Endpoint::prepare",
        "parse_fen",
        "Gateway::on",
    ] {
        assert!(shown.iter().any(|item| item.name == name), "{name} was not found");
    }
}

#[test]
fn every_public_function_that_may_fail_says_when() {
    let silent: Vec<_> = public_items()
        .into_iter()
        .filter(|item| item.fallible && !item.own_docs.contains("# Errors"))
        .collect();
    assert!(silent.is_empty(), "without its errors: {}", listed(&silent));
}

#[test]
fn an_item_without_an_example_is_found_out() {
    let type_docs = [
        "A thing.",
        "```",
        "let thing = Thing::new(1);",
        "# thing.hidden();",
        "// thing.told();",
        "assert_eq!(thing.size(), 1);",
        "```",
    ]
    .join("\n");
    let method = |name: &str, receiver| PublicItem {
        file: "lib.rs".into(),
        line: 1,
        name: format!("Thing::{name}"),
        kind: Kind::Method { receiver },
        fallible: false,
        own_docs: String::new(),
        other_docs: type_docs.clone(),
    };
    assert!(method("new", false).is_shown());
    assert!(method("size", true).is_shown());
    assert!(!method("hidden", true).is_shown(), "a hidden line shows nothing");
    assert!(!method("told", true).is_shown(), "a comment shows nothing");
    assert!(!method("siz", true).is_shown(), "a part of a name is not the name");
    let mut other = method("new", false);
    other.name = "Other::new".into();
    assert!(!other.is_shown(), "the function of another type is not this one");
    let mut ignored = method("size", true);
    ignored.other_docs = type_docs.replacen("```", "```no_run", 1);
    assert!(!ignored.is_shown(), "an example that does not run shows nothing");
}
