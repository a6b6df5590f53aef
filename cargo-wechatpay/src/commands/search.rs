//! `search`: finds operations.

use super::arguments::{is_json, words};
use crate::failure::Failure;
use crate::language::text;
use crate::terminal::{BOLD, Cell, DIM, NAME, Terminal, WARNING};
use clap::ArgMatches;
use serde_json::json;
use wechatpay_catalogue::description::{Description, Found, Match};

/// How many matches a person gets at first.
const FIRST: usize = 40;

pub(super) fn run(matches: &ArgMatches, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    let language = terminal.language;
    let query = words(matches, "words");
    let family = matches.get_one::<String>("family");
    let description = Description::embedded();
    let mut found = description.search(&query);
    found.retain(|found| family.is_none_or(|family| found.summary.family() == family));
    if is_json(matches) {
        let list: Vec<_> = found.iter().map(as_json).collect();
        writeln!(terminal.out, "{:#}", serde_json::Value::from(list))?;
        return if found.is_empty() {
            Err(Failure::silent())
        } else {
            Ok(())
        };
    }
    if found.is_empty() {
        return Err(Failure::new(text!(
            language,
            "no operation matches `{query}`; use fewer words, or words of the official title",
            "没有匹配 “{query}” 的接口；请减少关键词，或使用官方文档中的接口名称"
        )));
    }
    let all = !terminal.interactive || matches.get_flag("all");
    let shown = if all { found.len() } else { FIRST.min(found.len()) };
    let rows: Vec<Vec<Cell>> = found
        .iter()
        .take(shown)
        .map(|found| {
            let summary = found.summary;
            let secrets = if summary.secrets {
                language.pick("encrypted", "加密")
            } else {
                ""
            };
            let by = match found.found {
                Found::Label(label) => label,
                _ => "",
            };
            let deprecated = if summary.deprecated {
                language.pick("going away", "将下线")
            } else {
                ""
            };
            vec![
                Cell::new(summary.method.as_str(), BOLD),
                Cell::new(&*summary.path, NAME),
                summary.title.as_deref().unwrap_or_default().into(),
                Cell::new(summary.family(), DIM),
                Cell::new(secrets, WARNING),
                Cell::new(deprecated, WARNING),
                Cell::new(by, DIM),
            ]
        })
        .collect();
    let headers = language.pick(
        ["method", "path", "title", "family", "secrets", "state", "field"],
        ["方法", "路径", "接口", "产品族", "敏感信息", "状态", "字段"],
    );
    terminal.table(&headers, &rows)?;
    let (left, number) = (found.len() - shown, found.len());
    if left > 0 {
        writeln!(
            terminal.out,
            "{DIM}{}{DIM:#}",
            text!(
                language,
                "{left} more of {number}; narrow the search, or give --all",
                "共 {number} 条，还有 {left} 条未显示；请增加关键词，或加 --all"
            )
        )?;
    }
    Ok(())
}

fn as_json(found: &Match<'_>) -> serde_json::Value {
    let summary = found.summary;
    json!({
        "method": summary.method.as_str(),
        "path": summary.path,
        "title": summary.title,
        "family": summary.family(),
        "tags": summary.tags,
        "secrets": summary.secrets,
        "deprecated": summary.deprecated,
        "documentation": summary.documentation,
    })
}
