//! Compares the declarations in Rust source with the description.
//!
//! The source is read without a compiler, so that code that does not compile can be checked too. What cannot be read
//! is named in a note: macros, generated code, types of other crates.

mod compare;
mod finding;
mod findings;
mod fit;
mod operation;
mod report;
mod request;
mod response;
mod silence;

pub use self::finding::{Finding, Kind, Severity};
pub use self::report::Report;

use crate::language::{Language, text};
use crate::rust::collect::collect;
use crate::rust::files;
use crate::rust::source::{Source, UnreadReason};
use std::io;
use std::path::PathBuf;
use wechatpay_catalogue::description::Description;

/// Compares the declarations under these paths with the description.
///
/// With `strict`, test code is checked like all other code.
///
/// # Errors
/// When a path does not exist or a folder cannot be read.
pub fn check(description: &Description, paths: &[PathBuf], strict: bool, language: Language) -> io::Result<Report> {
    let files = files::find(paths)?;
    let source = collect(&files);
    let mut report = Report {
        files: source.files.len(),
        ..Report::default()
    };
    for &id in &source.declared {
        operation::check(&source, description, id, strict, language, &mut report);
    }
    unread(&source, language, &mut report);
    let key = |finding: &Finding| (finding.file.clone(), finding.line, finding.column, finding.severity);
    report
        .findings
        .sort_by(|one, other| key(one).cmp(&key(other)).then_with(|| one.message.cmp(&other.message)));
    report.findings.dedup();
    Ok(report)
}

fn unread(source: &Source, language: Language, report: &mut Report) {
    for unread in &source.unread {
        let Some(file) = source.files.get(unread.file) else {
            continue;
        };
        let message = match &unread.reason {
            UnreadReason::Syntax(words) => text!(
                language,
                "not checked: this is not Rust: {words}",
                "未检查：不是合法的 Rust 代码：{words}"
            ),
            UnreadReason::Macro(name) => text!(
                language,
                "not checked: the declarations inside the macro `{name}!`",
                "未检查：宏 {name}! 内的声明"
            ),
            UnreadReason::Attribute(words) => text!(
                language,
                "not checked: the attribute cannot be read: {words}",
                "未检查：属性无法解析：{words}"
            ),
            UnreadReason::Included => text!(
                language,
                "not checked: the code that `include!` brings in",
                "未检查：include! 引入的代码"
            ),
            UnreadReason::Io(words) => text!(
                language,
                "not checked: the file cannot be read: {words}",
                "未检查：文件无法读取：{words}"
            ),
        };
        report.findings.push(Finding {
            kind: None,
            severity: Severity::Note,
            file: file.path.clone(),
            line: unread.line,
            column: unread.column,
            operation: String::new(),
            message,
            help: String::new(),
        });
    }
}
