//! `show`: the fields of an operation.

use super::arguments::{is_json, words};
use crate::failure::Failure;
use crate::generate::catalogue_path;
use crate::language::{Language, text};
use crate::select;
use crate::terminal::{BOLD, Cell, DIM, GOOD, NAME, Terminal, WARNING};
use clap::ArgMatches;
use std::io;
use wechatpay_catalogue::description::{Body, Content, Description, Kind, Operation, Place, Schema};

pub(super) fn run(matches: &ArgMatches, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    let summary = select::one(Description::embedded(), &words(matches, "operation"), terminal.language)?;
    if is_json(matches) {
        let document = summary.document().map_err(|error| Failure::new(error.to_string()))?;
        writeln!(terminal.out, "{}", document.pretty())?;
        return Ok(());
    }
    let operation = summary.operation().map_err(|error| Failure::new(error.to_string()))?;
    let place = catalogue_path(Description::embedded(), operation).map(|path| (path, summary.family()));
    head(operation, place, terminal)?;
    request(operation, terminal)?;
    response(operation, terminal)?;
    Ok(())
}

fn head(operation: &Operation, place: Option<(String, &str)>, terminal: &mut Terminal<'_>) -> io::Result<()> {
    let language = terminal.language;
    let title = operation.title.as_deref().unwrap_or_default();
    writeln!(
        terminal.out,
        "{BOLD}{}{BOLD:#} {NAME}{}{NAME:#}  {title}",
        operation.method, operation.path
    )?;
    let separator = language.pick(", ", "、");
    let mut facts = Vec::new();
    if !operation.tags.is_empty() {
        facts.push((language.pick("product", "产品"), operation.tags.join(separator)));
    }
    if !operation.roles.is_empty() {
        facts.push((language.pick("for", "适用对象"), operation.roles.join(separator)));
    }
    if let Some(updated) = &operation.updated {
        facts.push((language.pick("changed", "更新日期"), updated.clone()));
    }
    if operation.deprecated {
        facts.push((
            language.pick("state", "状态"),
            language.pick("going away", "将下线").to_owned(),
        ));
    }
    if let Some(number) = &operation.idempotent {
        let retry = text!(
            language,
            "recognised by `{number}`: declare it `idempotent`",
            "按 {number} 识别重试：声明时加 idempotent"
        );
        facts.push((language.pick("retry", "重试"), retry));
    }
    if let Some((path, family)) = place {
        let declared = text!(
            language,
            "wechatpay_catalogue::{path}, feature `{family}`",
            "wechatpay_catalogue::{path}，feature 为 {family}"
        );
        facts.push((language.pick("catalogue", "接口目录"), declared));
    }
    for link in &operation.documentation {
        facts.push((language.pick("read on", "官方文档"), link.clone()));
    }
    for (name, value) in facts {
        writeln!(terminal.out, "{DIM}{name}:{DIM:#} {value}")?;
    }
    Ok(())
}

fn request(operation: &Operation, terminal: &mut Terminal<'_>) -> io::Result<()> {
    let language = terminal.language;
    for (place, name) in [
        (Place::Path, language.pick("Path", "路径参数")),
        (Place::Query, language.pick("Query", "查询参数")),
        (Place::Header, language.pick("Headers", "请求头")),
    ] {
        let mut rows = Rows::new(terminal);
        for parameter in operation.parameters_in(place) {
            rows.field(&parameter.name, "", &parameter.schema, Some(parameter.required), 0);
        }
        rows.write(name, terminal)?;
    }
    match &operation.body {
        None => {}
        Some(Body::Json(schema)) => {
            let mut rows = Rows::new(terminal);
            rows.whole(schema);
            rows.write(language.pick("JSON body", "请求体（JSON）"), terminal)?;
        }
        Some(Body::Upload(upload)) => {
            let mut rows = Rows::new(terminal);
            rows.whole(&upload.meta);
            let title = language.pick("Upload, part meta (JSON)", "文件上传，meta 部分（JSON）");
            rows.write(title, terminal)?;
            let mut rows = Rows::new(terminal);
            for part in &upload.form {
                rows.field(&part.name, "", &part.schema, Some(part.required), 0);
            }
            rows.write(language.pick("Text parts", "文本部分"), terminal)?;
            let (file, algorithm) = (&upload.file, upload.algorithm.as_str());
            let filled: Vec<&str> = [&upload.filename, &upload.digest]
                .into_iter()
                .flatten()
                .map(String::as_str)
                .collect();
            let filled = filled.join(language.pick(", ", "、"));
            writeln!(
                terminal.out,
                "{}",
                text!(
                    language,
                    "The file is the part `{file}`. The library fills in {filled} (digest: {algorithm}).",
                    "文件放在 {file} 部分。{filled} 由库自动填写（摘要算法 {algorithm}）。"
                )
            )?;
        }
    }
    Ok(())
}

fn response(operation: &Operation, terminal: &mut Terminal<'_>) -> io::Result<()> {
    let language = terminal.language;
    for response in &operation.responses {
        let status = response.status;
        let title = text!(language, "Response {status}", "应答 {status}");
        match &response.content {
            Content::Empty => {
                let title = text!(
                    language,
                    "{title}: no body; declare `response = ()`",
                    "{title}：无内容，声明 response = ()"
                );
                heading(&title, terminal)?;
            }
            Content::Download(media_type) => {
                let title = text!(
                    language,
                    "{title}: a file without a signature ({media_type}); declare `response = Download`",
                    "{title}：无签名的文件（{media_type}），声明 response = Download"
                );
                heading(&title, terminal)?;
            }
            Content::Json(schema) => {
                let mut rows = Rows::new(terminal);
                rows.whole(schema);
                rows.write(&title, terminal)?;
            }
        }
    }
    Ok(())
}

fn heading(title: &str, terminal: &mut Terminal<'_>) -> io::Result<()> {
    writeln!(terminal.out, "\n{BOLD}{title}{BOLD:#}")
}

/// The rows of a field table.
struct Rows {
    rows: Vec<Vec<Cell>>,
    language: Language,
    /// Indented names for a person, whole places for a program.
    indented: bool,
}

impl Rows {
    fn new(terminal: &Terminal<'_>) -> Self {
        Self {
            rows: Vec::new(),
            language: terminal.language,
            indented: terminal.interactive,
        }
    }

    fn write(self, title: &str, terminal: &mut Terminal<'_>) -> io::Result<()> {
        if self.rows.is_empty() {
            return Ok(());
        }
        heading(title, terminal)?;
        let headers = self.language.pick(
            ["field", "type", "required", "secret", "label", "limits", "example"],
            ["字段", "类型", "必填", "敏感信息", "说明", "限制", "示例"],
        );
        terminal.table(&headers, &self.rows)
    }

    /// A schema that is a whole body.
    fn whole(&mut self, schema: &Schema) {
        if schema.kind == Kind::Object {
            self.members(schema, "", 0);
        } else {
            self.field("[]", "", schema, None, 0);
        }
    }

    fn members(&mut self, schema: &Schema, place: &str, depth: usize) {
        for property in &schema.properties {
            self.field(&property.name, place, &property.schema, Some(property.required), depth);
        }
    }

    fn field(&mut self, name: &str, place: &str, schema: &Schema, required: Option<bool>, depth: usize) {
        let language = self.language;
        let whole = if place.is_empty() {
            name.to_owned()
        } else {
            format!("{place}.{name}")
        };
        let shown = if self.indented {
            format!("{:1$}{name}", "", depth * 2)
        } else {
            whole.clone()
        };
        let inner = innermost(schema);
        let secret = schema.sensitive || inner.sensitive;
        let example = schema.example.as_ref().or(inner.example.as_ref());
        self.rows.push(vec![
            Cell::new(shown, NAME),
            type_name(schema, language).into(),
            Cell::new(
                if required == Some(true) {
                    language.pick("yes", "是")
                } else {
                    ""
                },
                GOOD,
            ),
            Cell::new(
                if secret {
                    language.pick("encrypted", "加密")
                } else {
                    ""
                },
                WARNING,
            ),
            label(schema, inner, language).into(),
            Cell::new(limits(schema, language), DIM),
            Cell::new(example.map(short).unwrap_or_default(), DIM),
        ]);
        for value in &inner.values {
            let wire = value
                .value
                .as_str()
                .map_or_else(|| value.value.to_string(), str::to_owned);
            let shown = if self.indented {
                format!("{:1$}= {wire}", "", depth * 2 + 2)
            } else {
                format!("{whole}={wire}")
            };
            let title = value.title.clone().unwrap_or_default();
            let empty = Cell::default;
            self.rows
                .push(vec![Cell::new(shown, DIM), empty(), empty(), empty(), title.into()]);
        }
        let place = match schema.kind {
            Kind::Array => format!("{whole}[]"),
            _ => whole,
        };
        self.members(inner, &place, depth + 1);
    }
}

/// Below the lists, and below a string that holds JSON.
fn innermost(schema: &Schema) -> &Schema {
    match (&schema.items, &schema.json) {
        (Some(inner), _) | (None, Some(inner)) => innermost(inner),
        (None, None) => schema,
    }
}

fn label(schema: &Schema, inner: &Schema, language: Language) -> String {
    let mut label = schema
        .title
        .as_ref()
        .or(inner.title.as_ref())
        .cloned()
        .unwrap_or_default();
    if schema.deprecated {
        label.push_str(language.pick(" (going away)", "（将下线）"));
    }
    label
}

fn type_name(schema: &Schema, language: Language) -> String {
    if let Some(inner) = &schema.json {
        let inner = type_name(inner, language);
        return text!(language, "string holding {inner}", "字符串，内容为 JSON {inner}");
    }
    if let (Kind::Array, Some(items)) = (schema.kind, &schema.items) {
        let items = type_name(items, language);
        return text!(language, "list of {items}", "{items} 列表");
    }
    let plain = if schema.is_whole() { Kind::Integer } else { schema.kind };
    match &schema.format {
        Some(format) if matches!(plain, Kind::String) => format!("{} ({format})", plain.as_str()),
        _ => plain.as_str().to_owned(),
    }
}

fn limits(schema: &Schema, language: Language) -> String {
    let mut limits = Vec::new();
    let mut range = |least: Option<String>, most: Option<String>, unit: &str| match (least, most) {
        (Some(least), Some(most)) => limits.push(format!("{least}..{most}{unit}")),
        (Some(least), None) => limits.push(format!("≥{least}{unit}")),
        (None, Some(most)) => limits.push(format!("≤{most}{unit}")),
        (None, None) => {}
    };
    let characters = language.pick(" characters", " 字符");
    range(
        schema.min_length.map(|n| n.to_string()),
        schema.max_length.map(|n| n.to_string()),
        characters,
    );
    let number = |number: &Option<serde_json::Number>| number.as_ref().map(ToString::to_string);
    range(number(&schema.minimum), number(&schema.maximum), "");
    let items = language.pick(" items", " 项");
    range(
        schema.min_items.map(|n| n.to_string()),
        schema.max_items.map(|n| n.to_string()),
        items,
    );
    if let Some(pattern) = &schema.pattern {
        limits.push(pattern.clone());
    }
    limits.join(language.pick(", ", "，"))
}

/// An example on one line, cut where it gets long.
fn short(example: &serde_json::Value) -> String {
    const LONGEST: usize = 40;
    let text = example.as_str().map_or_else(|| example.to_string(), str::to_owned);
    let mut short: String = text.chars().take(LONGEST).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
