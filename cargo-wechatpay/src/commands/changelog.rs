//! `changelog`: what differs between two descriptions.

use super::arguments::path;
use super::described;
use crate::changelog::Changelog;
use crate::failure::Failure;
use crate::read::Documents;
use crate::terminal::Terminal;
use clap::ArgMatches;
use wechatpay_catalogue::description::Description;

pub(super) fn run(matches: &ArgMatches, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    let newer = described::read(&path(matches, "new"), terminal)?;
    let older = if matches.contains_id("old") {
        described::read(&path(matches, "old"), terminal)?
    } else {
        Documents::of(Description::embedded()).map_err(|error| Failure::new(error.to_string()))?
    };
    show(&Changelog::between(&older, &newer), terminal)
}

/// Writes a changelog, or that nothing changed.
pub(super) fn show(changelog: &Changelog, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    if changelog.is_empty() {
        let same = terminal
            .language
            .pick("the descriptions are equivalent", "两份接口描述没有差异");
        writeln!(terminal.notes, "{same}")?;
    } else {
        writeln!(terminal.out, "{}", changelog.to_string().trim_end())?;
    }
    Ok(())
}
