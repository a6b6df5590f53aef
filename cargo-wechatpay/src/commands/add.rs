//! `add`: writes the declaration of an operation into the user's code.

use super::arguments::words;
use super::described;
use crate::add::choose::{Chosen, choose, doubts};
use crate::add::insert::{self, Existing};
use crate::add::manifest::{self, Package};
use crate::failure::Failure;
use crate::generate::{Declaration, declare};
use crate::language::{Language, text};
use crate::terminal::{BOLD, GOOD, NAME, Terminal};
use crate::{project, select, write};
use clap::ArgMatches;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use wechatpay_catalogue::description::{Description, Operation, Summary};

pub(super) fn run(matches: &ArgMatches, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    let language = terminal.language;
    let read_in;
    let description = match matches.get_one::<PathBuf>("from") {
        None => Description::embedded(),
        Some(path) => {
            let documents = described::read(path, terminal)?;
            read_in = documents
                .description()
                .map_err(|error| Failure::new(error.to_string()))?;
            &read_in
        }
    };
    let summary = select::one(description, &words(matches, "operation"), language)?;
    let operation = summary.operation().map_err(|error| Failure::new(error.to_string()))?;
    let choices: Vec<String> = matches
        .get_many::<String>("fields")
        .into_iter()
        .flatten()
        .cloned()
        .collect();
    let chosen = choose(operation, &choices, language).map_err(Failure::usage)?;
    let name = name(matches, operation, language)?;
    if matches.get_flag("print") {
        let declaration = declared(&chosen, &name, &BTreeMap::new());
        writeln!(
            terminal.out,
            "{}\n{}",
            declaration.imports,
            declaration.items.trim_end()
        )?;
        return Ok(());
    }
    let target = Target::find(matches, summary, language)?;
    let text = target.text(&chosen, &name, language)?;
    write::file(&target.file, &text).map_err(|error| Failure::new(error.to_string()))?;
    report(&target, operation, &chosen, &name, &text, terminal)
}

fn name(matches: &ArgMatches, operation: &Operation, language: Language) -> Result<String, Failure> {
    let Some(name) = matches.get_one::<String>("name") else {
        return Ok(default_name(operation));
    };
    match syn::parse_str::<syn::Ident>(name) {
        Ok(_) => Ok(name.clone()),
        Err(_) => Err(Failure::usage(text!(
            language,
            "`{name}` is not a name that a struct can have",
            "{name} 不能作为结构体名"
        ))),
    }
}

/// The method, and the words of the path behind the product family: `PostTransactionsJsapi`.
fn default_name(operation: &Operation) -> String {
    let segments: Vec<&str> = operation
        .path
        .split('/')
        .filter(|segment| !segment.is_empty() && *segment != "v3" && !segment.starts_with('{'))
        .collect();
    let words = segments.get(1..).filter(|rest| !rest.is_empty()).unwrap_or(&segments);
    let method = operation.method.as_str().to_ascii_lowercase();
    crate::generate::type_name(&format!("{method}_{}", words.join("_")))
}

/// A declaration whose names keep clear of those that are taken.
fn declared(chosen: &Chosen, name: &str, taken: &BTreeMap<String, usize>) -> Declaration {
    let taken: Vec<&str> = taken.keys().map(String::as_str).collect();
    let mut declaration = declare(&chosen.operation, name, &taken);
    declaration.items = insert::plain(&declaration.items);
    declaration
}

/// The file for the declaration.
struct Target {
    file: PathBuf,
    package: Package,
    exists: bool,
}

impl Target {
    fn find(matches: &ArgMatches, summary: &Summary, language: Language) -> Result<Self, Failure> {
        let given = matches.get_one::<PathBuf>("to").cloned();
        let folder = match given.as_deref().map(Path::parent) {
            Some(Some(folder)) if !folder.as_os_str().is_empty() => folder.to_owned(),
            _ => PathBuf::from("."),
        };
        let Some(package) = manifest::around(&folder) else {
            return Err(Failure::usage(language.pick(
                "there is no Cargo package here: change into one, name a file in one by --to, or use --print. Nothing was written",
                "这里不是 Cargo 包：请进入一个包，用 --to 指定包内文件，或用 --print 只打印。没有写入任何内容",
            )));
        };
        let file = match given {
            Some(file) => file,
            None => {
                let name = crate::generate::module_name(summary.family());
                project::relative(&package.folder)
                    .join("src")
                    .join(format!("{name}.rs"))
            }
        };
        if file.extension().is_none_or(|extension| extension != "rs") {
            let shown = file.display();
            return Err(Failure::usage(text!(
                language,
                "{shown} is not a .rs file",
                "{shown} 不是 .rs 文件"
            )));
        }
        let exists = file.exists();
        Ok(Self { file, package, exists })
    }

    fn shown(&self) -> String {
        project::plain(&self.file).display().to_string()
    }

    /// The new text of the file.
    fn text(&self, chosen: &Chosen, name: &str, language: Language) -> Result<String, Failure> {
        let shown = self.shown();
        let core = self.package.core.as_deref().unwrap_or("wechatpay_core");
        if !self.exists {
            let declaration = declared(chosen, name, &BTreeMap::new());
            let (imports, items) = insert::renamed(&declaration.imports, &declaration.items, core);
            return Ok(format!("{imports}\n{items}"));
        }
        let metadata = std::fs::metadata(&self.file).map_err(|error| Failure::new(format!("{shown}: {error}")))?;
        if metadata.permissions().readonly() {
            return Err(Failure::new(text!(
                language,
                "{shown} is read-only. Nothing was written",
                "{shown} 是只读文件。没有写入任何内容"
            )));
        }
        let text = std::fs::read_to_string(&self.file).map_err(|error| Failure::new(format!("{shown}: {error}")))?;
        let existing = Existing::read(text, &shown, language).map_err(Failure::new)?;
        let mut taken = existing.declared();
        if let Some(line) = taken.get(name) {
            return Err(Failure::new(text!(
                language,
                "{shown} declares `{name}` in line {line}; choose another name by --name. Nothing was written",
                "{shown} 第 {line} 行已有 {name}，请用 --name 指定其他名称。没有写入任何内容"
            )));
        }
        let imported = existing.imported();
        let own = declared(chosen, name, &taken);
        let needed: Vec<String> = insert::import_names(&own.imports)
            .into_iter()
            .map(|(_, name)| name)
            .collect();
        if let Some((needed, line)) = needed.iter().find_map(|needed| Some((needed, taken.get(needed)?))) {
            return Err(Failure::new(text!(
                language,
                "{shown} declares `{needed}` in line {line}, and the declaration needs the one of wechatpay_core; choose another file by --to. Nothing was written",
                "{shown} 第 {line} 行已有 {needed}，与声明所需的 wechatpay_core 同名类型冲突，请用 --to 指定其他文件。没有写入任何内容"
            )));
        }
        // An import that the declaration needs too is no obstacle; every other one is.
        taken.extend(imported.into_iter().filter(|(name, _)| !needed.contains(name)));
        if let Some(line) = taken.get(name) {
            return Err(Failure::new(text!(
                language,
                "{shown} imports `{name}` in line {line}; choose another name by --name. Nothing was written",
                "{shown} 第 {line} 行已导入 {name}，请用 --name 指定其他名称。没有写入任何内容"
            )));
        }
        let declaration = declared(chosen, name, &taken);
        let (imports, items) = insert::renamed(&declaration.imports, &declaration.items, core);
        Ok(existing.with(&imports, &items))
    }
}

fn report(
    target: &Target,
    operation: &Operation,
    chosen: &Chosen,
    name: &str,
    text: &str,
    terminal: &mut Terminal<'_>,
) -> Result<(), Failure> {
    let language = terminal.language;
    let (shown, method, path) = (target.shown(), operation.method, &operation.path);
    let verb = if target.exists {
        language.pick("added to", "已写入")
    } else {
        language.pick("created", "已创建")
    };
    writeln!(
        terminal.out,
        "{GOOD}{verb}{GOOD:#} {BOLD}{shown}{BOLD:#}: {NAME}{name}{NAME:#}  {method} {path}"
    )?;
    let separator = language.pick(", ", "、");
    if !chosen.left_out.is_empty() {
        let left = chosen.left_out.join(separator);
        writeln!(
            terminal.out,
            "{}",
            text!(
                language,
                "left out (choose by --fields): {left}",
                "未声明的选填字段（可用 --fields 选择）：{left}"
            )
        )?;
    }
    for doubt in doubts(operation, &chosen.operation, language) {
        writeln!(
            terminal.out,
            "{}",
            text!(language, "not known: {doubt}", "无法确定：{doubt}")
        )?;
    }
    let mut to_do = Vec::new();
    if let Some((parent, line)) = manifest::missing_module(&target.package.folder, &target.file) {
        let parent = project::relative(&parent);
        let parent = project::plain(&parent).display().to_string();
        to_do.push(text!(language, "add `{line}` to {parent}", "在 {parent} 中加入 {line}"));
    }
    if target.package.core.is_none() {
        to_do.push(text!(
            language,
            "run `cargo add wechatpay-core`",
            "运行 cargo add wechatpay-core"
        ));
    }
    let needs = |word: &str| text.contains(word);
    if !target.package.has_serde && needs("use serde::") {
        to_do.push(text!(
            language,
            "run `cargo add serde --features derive`",
            "运行 cargo add serde --features derive"
        ));
    }
    if text.contains("serde_json::Value") {
        to_do.push(text!(
            language,
            "`serde_json` must be a dependency: `cargo add serde_json`",
            "需要依赖 serde_json：cargo add serde_json"
        ));
    }
    for step in to_do {
        writeln!(
            terminal.out,
            "{BOLD}{}{BOLD:#} {step}",
            language.pick("next:", "接下来：")
        )?;
    }
    Ok(())
}
