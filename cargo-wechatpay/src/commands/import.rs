//! `import`: brings a newer description into ours.

use super::arguments::path;
use super::{changelog, described};
use crate::failure::Failure;
use crate::import::Import;
use crate::language::{Language, text};
use crate::read;
use crate::terminal::{DIM, Terminal, WARNING};
use clap::ArgMatches;
use std::path::PathBuf;

pub(super) fn run(matches: &ArgMatches, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    let language = terminal.language;
    let into = folder(matches, language)?;
    let ours = read::read(&into).map_err(|fault| Failure::new(fault.to_string()))?;
    let newer = described::read(&path(matches, "from"), terminal)?;
    let import = Import::of(&ours, &newer);
    changelog::show(&import.changelog, terminal)?;
    for secret in &import.secrets {
        writeln!(
            terminal.notes,
            "{WARNING}{}{WARNING:#}",
            text!(
                language,
                "{secret}: the newer description does not encrypt it; it stays encrypted",
                "{secret}：新描述中不再加密，此处仍保留加密"
            )
        )?;
    }
    let kept = import.kept.len();
    if kept > 0 {
        writeln!(
            terminal.notes,
            "{DIM}{}{DIM:#}",
            text!(
                language,
                "{kept} operations that the newer description does not have were kept",
                "新描述中没有的 {kept} 个接口予以保留"
            )
        )?;
    }
    let shown = into.display();
    if matches.get_flag("dry-run") {
        let note = text!(
            language,
            "{shown} is unchanged (--dry-run)",
            "{shown} 没有改动（--dry-run）"
        );
        writeln!(terminal.notes, "{note}")?;
        return Ok(());
    }
    import.write(&into).map_err(|error| Failure::new(error.to_string()))?;
    writeln!(
        terminal.notes,
        "{}",
        text!(language, "written to {shown}", "已写入 {shown}")
    )?;
    Ok(())
}

/// The folder of our description.
fn folder(matches: &ArgMatches, language: Language) -> Result<PathBuf, Failure> {
    if let Some(given) = matches.get_one::<PathBuf>("into") {
        return Ok(given.clone());
    }
    let usual = ["openapi", "wechatpay-catalogue/openapi"].map(PathBuf::from);
    usual
        .into_iter()
        .find(|folder| folder.join("openapi.json").is_file())
        .ok_or_else(|| {
            Failure::usage(language.pick(
                "there is no folder `openapi` with an openapi.json here; name it by --into",
                "当前目录没有包含 openapi.json 的 openapi 目录，请用 --into 指定",
            ))
        })
}
