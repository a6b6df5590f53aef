//! The commands in the documents run unchanged, and the tables are complete.

use crate::run::{Tool, package, run};
use cargo_wechatpay::{check::Kind, cli, language::Language};
use serde_json::json;
use std::path::{Path, PathBuf};
use wechatpay_core::Method;
use wechatpay_gateway::Gateway;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

fn read(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The lines of `sh` blocks.
fn commands(text: &str) -> Vec<String> {
    let mut commands = Vec::new();
    let mut inside = false;
    for line in text.lines() {
        match line {
            "```sh" => inside = true,
            "```" => inside = false,
            _ if inside => commands.push(line.to_owned()),
            _ => {}
        }
    }
    commands
}

/// The words of a command line, with single quotes as in a shell.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quoted) = (Vec::new(), String::new(), false);
    for c in line.chars() {
        match c {
            '\'' => quoted = !quoted,
            ' ' if !quoted => words.push(std::mem::take(&mut word)),
            c => word.push(c),
        }
    }
    words.push(word);
    words
}

#[test]
fn every_command_in_the_documents_runs() {
    let gateway = Gateway::start().unwrap();
    gateway.on(Method::GET, "/v3/pay/transactions/out-trade-no/{out_trade_no}", |request| {
        json!({ "out_trade_no": request.path("out_trade_no"), "mchid": request.query("mchid"), "trade_state": "NOTPAY" })
    });
    for name in [
        "SKILL.md",
        "cargo-wechatpay/README.md",
        "cargo-wechatpay/README.zh-CN.md",
        "wechatpay-core/docs/guide/en/12-catalogue.md",
        "wechatpay-core/docs/guide/zh/12-catalogue.md",
    ] {
        let folder = package(&[("src/lib.rs", "")]);
        let mut ran = 0;
        for line in commands(&read(name)) {
            let Some(line) = line.strip_prefix("cargo wechatpay ") else {
                assert_eq!(line, "cargo install cargo-wechatpay", "{name}");
                continue;
            };
            let line = line.split(" > ").next().unwrap();
            let words = words(line);
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let result = Tool::new(folder.path(), &words)
                .env("WECHATPAY_MCHID", gateway.mchid())
                .env("WECHATPAY_SERIAL_NO", gateway.serial_no())
                .env("WECHATPAY_PRIVATE_KEY", gateway.merchant_private_key_pem())
                .env("WECHATPAY_PUBLIC_KEY_ID", gateway.public_key_id())
                .env("WECHATPAY_PUBLIC_KEY", gateway.public_key_pem())
                .env("WECHATPAY_BASE_URL", gateway.url())
                .run();
            assert_eq!(result.status, 0, "{name}: {line}: {result:?}");
            ran += 1;
        }
        assert!(ran >= 6, "{name}: only {ran} commands");
    }
}

#[test]
fn the_guide_lists_the_kinds_of_findings() {
    for name in [
        "wechatpay-core/docs/guide/en/12-catalogue.md",
        "wechatpay-core/docs/guide/zh/12-catalogue.md",
    ] {
        let text = read(name);
        let listed: Vec<&str> = text
            .lines()
            .filter_map(|line| line.strip_prefix("| `")?.split_once('`').map(|(kind, _)| kind))
            .collect();
        assert_eq!(listed, Kind::ALL.map(Kind::name), "{name}");
    }
}

#[test]
fn the_readme_lists_the_commands() {
    for name in ["cargo-wechatpay/README.md", "cargo-wechatpay/README.zh-CN.md"] {
        let text = read(name);
        let mut listed: Vec<&str> = text
            .lines()
            .filter_map(|line| line.strip_prefix("| `")?.split_once('`').map(|(command, _)| command))
            .collect();
        let command = cli::command(Language::English);
        let mut there: Vec<&str> = command.get_subcommands().map(clap::Command::get_name).collect();
        listed.sort_unstable();
        there.sort_unstable();
        assert_eq!(listed, there, "{name}");
    }
}

/// A user who has never used an operation goes from its official page to a declaration that matches it.
#[test]
fn a_link_of_the_official_documentation_leads_to_a_checked_declaration() {
    let folder = package(&[("src/lib.rs", "mod transfer;\n")]);
    let link = "https://pay.weixin.qq.com/doc/v3/merchant/4012716434";
    assert_eq!(run(folder.path(), &["show", link]).status, 0);
    let added = run(
        folder.path(),
        &["add", link, "--to", "src/transfer.rs", "--fields", "user_name"],
    );
    assert_eq!(added.status, 0, "{added:?}");
    assert!(!added.out.contains("next:"), "{added:?}");
    let checked = run(folder.path(), &["check", "--strict"]);
    assert_eq!(checked.status, 0, "{checked:?}");
    assert!(
        checked.notes.contains("1 declaration in 2 files: 0 errors"),
        "{checked:?}"
    );
}
