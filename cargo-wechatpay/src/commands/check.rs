//! `check`: compares the declarations in Rust source with the description.

use super::arguments::is_json;
use crate::check::{self, Finding, Report, Severity};
use crate::failure::Failure;
use crate::language::{Language, text};
use crate::project;
use crate::terminal::{BOLD, DIM, ERROR, GOOD, Terminal, WARNING, one_line};
use clap::ArgMatches;
use serde_json::json;
use std::io;
use std::path::PathBuf;
use wechatpay_catalogue::description::Description;

pub(super) fn run(matches: &ArgMatches, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    let language = terminal.language;
    let strict = matches.get_flag("strict");
    let mut paths: Vec<PathBuf> = matches
        .get_many::<PathBuf>("paths")
        .into_iter()
        .flatten()
        .cloned()
        .collect();
    if paths.is_empty() {
        paths.push(project::root(language)?);
    }
    for path in &paths {
        if !path.exists() {
            let shown = path.display();
            return Err(Failure::usage(text!(
                language,
                "`{shown}` does not exist",
                "{shown} 不存在"
            )));
        }
    }
    let report = check::check(Description::embedded(), &paths, strict, language)
        .map_err(|error| Failure::new(error.to_string()))?;
    let counts = |finding: &Finding| finding.severity == Severity::Error || strict;
    if is_json(matches) {
        writeln!(terminal.out, "{:#}", as_json(&report))?;
    } else {
        for finding in report
            .findings
            .iter()
            .filter(|finding| strict || finding.severity != Severity::Note)
        {
            show(finding, terminal)?;
        }
        summary(&report, strict, terminal)?;
    }
    if report.findings.iter().any(counts) {
        Err(Failure::silent())
    } else {
        Ok(())
    }
}

fn show(finding: &Finding, terminal: &mut Terminal<'_>) -> io::Result<()> {
    let language = terminal.language;
    let (style, severity) = match finding.severity {
        Severity::Error => (ERROR, language.pick("error", "错误")),
        Severity::Warning => (WARNING, language.pick("warning", "警告")),
        Severity::Note => (DIM, language.pick("note", "提示")),
    };
    let kind = finding.kind.map(|kind| format!("[{kind}]")).unwrap_or_default();
    let (file, line, column) = (finding.file.display(), finding.line, finding.column);
    let message = one_line(&finding.message);
    writeln!(
        terminal.out,
        "{BOLD}{file}:{line}:{column}{BOLD:#}: {style}{severity}{kind}{style:#}: {message}"
    )?;
    if !finding.operation.is_empty() {
        writeln!(terminal.out, "    {DIM}{}{DIM:#}", one_line(&finding.operation))?;
    }
    if !finding.help.is_empty() {
        let help = language.pick("fix", "处理");
        writeln!(terminal.out, "    {GOOD}{help}{GOOD:#}: {}", one_line(&finding.help))?;
    }
    Ok(())
}

fn summary(report: &Report, strict: bool, terminal: &mut Terminal<'_>) -> io::Result<()> {
    let language = terminal.language;
    let (checked, files) = (counted(report.declarations, "declaration", language), report.files);
    let files = counted(files, "file", language);
    let errors = counted(report.count(Severity::Error), "error", language);
    let warnings = counted(report.count(Severity::Warning), "warning", language);
    let notes = counted(report.count(Severity::Note), "note", language);
    terminal.out.flush()?;
    let hidden = if strict || report.count(Severity::Note) == 0 {
        ""
    } else {
        language.pick(" (--strict shows them)", "（--strict 可显示）")
    };
    writeln!(
        terminal.notes,
        "{}",
        text!(
            language,
            "{checked} in {files}: {errors}, {warnings}, {notes}{hidden}",
            "共检查 {files}中的 {checked}：{errors}，{warnings}，{notes}{hidden}"
        )
    )
}

fn counted(number: usize, thing: &str, language: Language) -> String {
    let chinese = match thing {
        "declaration" => "个声明",
        "file" => "个文件",
        "error" => "个错误",
        "warning" => "个警告",
        _ => "条提示",
    };
    let plural = if number == 1 { "" } else { "s" };
    text!(language, "{number} {thing}{plural}", "{number} {chinese}")
}

fn as_json(report: &Report) -> serde_json::Value {
    let findings: Vec<_> = report
        .findings
        .iter()
        .map(|finding| {
            json!({
                "kind": finding.kind.map(check::Kind::name),
                "severity": match finding.severity {
                    Severity::Error => "error",
                    Severity::Warning => "warning",
                    Severity::Note => "note",
                },
                "file": finding.file,
                "line": finding.line,
                "column": finding.column,
                "operation": finding.operation,
                "message": finding.message,
                "help": finding.help,
            })
        })
        .collect();
    json!({ "declarations": report.declarations, "files": report.files, "findings": findings })
}
