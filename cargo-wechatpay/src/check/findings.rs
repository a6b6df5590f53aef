//! Collects the findings of one declaration.

use super::finding::{Finding, Kind, Severity};
use super::report::Report;
use super::silence;
use crate::language::Language;
use crate::rust::source::{FileId, Source};
use proc_macro2::Span;

/// Collects the findings of one declaration.
pub(super) struct Findings<'a> {
    pub(super) source: &'a Source,
    pub(super) language: Language,
    pub(super) report: &'a mut Report,
    /// The declaration's file and first line, where a comment silences findings of the whole.
    pub(super) file: FileId,
    pub(super) first_line: usize,
    pub(super) operation: String,
    /// Declarations in test code are often made up, so what is found there is only worth a note.
    pub(super) lenient: bool,
}

impl Findings<'_> {
    /// Adds a finding about something in `file`.
    pub(super) fn add(
        &mut self,
        kind: Kind,
        severity: Severity,
        file: FileId,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let at = span.start();
        let about_the_whole = matches!(
            kind,
            Kind::UnknownOperation
                | Kind::MissingField
                | Kind::MissingIdempotent
                | Kind::NeedlessIdempotent
                | Kind::WrongResponse
        );
        let lines = |file: FileId| {
            self.source
                .files
                .get(file)
                .map(|file| file.lines.as_slice())
                .unwrap_or_default()
        };
        if silence::is_allowed(lines(file), at.line, kind)
            || (about_the_whole && silence::is_allowed(lines(self.file), self.first_line, kind))
        {
            return;
        }
        let severity = if self.lenient { Severity::Note } else { severity };
        self.push(Some(kind), severity, file, span, message.into(), help.into());
    }

    /// Adds a note about something that cannot be checked.
    pub(super) fn note(&mut self, file: FileId, span: Span, message: impl Into<String>) {
        self.push(None, Severity::Note, file, span, message.into(), String::new());
    }

    fn push(
        &mut self,
        kind: Option<Kind>,
        severity: Severity,
        file: FileId,
        span: Span,
        message: String,
        help: String,
    ) {
        let at = span.start();
        let path = self
            .source
            .files
            .get(file)
            .map(|file| file.path.clone())
            .unwrap_or_default();
        self.report.findings.push(Finding {
            kind,
            severity,
            file: path,
            line: at.line,
            column: at.column + 1,
            operation: self.operation.clone(),
            message,
            help,
        });
    }
}
