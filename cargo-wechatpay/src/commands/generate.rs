//! `generate`: a whole catalogue crate from a description.

use super::arguments::path;
use super::described;
use crate::failure::Failure;
use crate::generate::Source;
use crate::language::text;
use crate::terminal::{NAME, Terminal, WARNING};
use clap::ArgMatches;

pub(super) fn run(matches: &ArgMatches, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    let language = terminal.language;
    let (from, out) = (path(matches, "from"), path(matches, "out"));
    let documents = described::read(&from, terminal)?;
    let in_short = |error: crate::generate::GenerateError| Failure::new(error.to_string());
    let files = Source::from(documents).generate(&out).map_err(in_short)?;
    let only_compare = matches.get_flag("check");
    let changes = if only_compare {
        files.compare(&out)
    } else {
        files.write(&out)
    }
    .map_err(in_short)?;
    for path in &changes.written {
        writeln!(terminal.out, "{NAME}+{NAME:#} {}", path.display())?;
    }
    for path in &changes.removed {
        writeln!(terminal.out, "{WARNING}-{WARNING:#} {}", path.display())?;
    }
    let (all, written, removed) = (files.iter().count(), changes.written.len(), changes.removed.len());
    let summary = if only_compare {
        text!(
            language,
            "{all} files: {written} differ, {removed} are left over",
            "共 {all} 个文件：{written} 个不一致，{removed} 个多余"
        )
    } else {
        text!(
            language,
            "{all} files: {written} written, {removed} removed",
            "共 {all} 个文件：写入 {written} 个，删除 {removed} 个"
        )
    };
    terminal.out.flush()?;
    writeln!(terminal.notes, "{summary}")?;
    if only_compare && written + removed > 0 {
        Err(Failure::silent())
    } else {
        Ok(())
    }
}
