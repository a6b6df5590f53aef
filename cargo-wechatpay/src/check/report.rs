//! The result of a check.

use super::finding::{Finding, Severity};

/// The result of a check.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Report {
    /// What was found, in the order of files and lines.
    pub findings: Vec<Finding>,
    /// How many declarations were compared.
    pub declarations: usize,
    /// How many files were read.
    pub files: usize,
}

impl Report {
    /// How many findings have this severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.findings
            .iter()
            .filter(|finding| finding.severity == severity)
            .count()
    }
}
