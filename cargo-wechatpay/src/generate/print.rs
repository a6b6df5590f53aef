//! Writes a module as a person would: in the grammar of users, formatted as rustfmt does.

use super::name::in_code;
use super::text::{alias, doc, literal};
use super::types::{
    Declared, Definition, Field, FieldPlace, Module, Paging, ResponseType, Shape, Type, Variant, algorithm_text,
};
use std::collections::BTreeSet;
use wechatpay_catalogue::description::{Body, Operation, Schema};

/// The width that rustfmt fills in this project.
const WIDTH: usize = 120;

/// The imports that a text needs.
#[derive(Debug, Default)]
pub(crate) struct Imports {
    serde: BTreeSet<&'static str>,
    core: BTreeSet<&'static str>,
    paging: BTreeSet<&'static str>,
}

impl Imports {
    /// The `use` lines, sorted.
    pub(crate) fn lines(&self) -> String {
        let mut lines = String::new();
        for (from, names) in [
            ("serde", &self.serde),
            ("wechatpay_core::paging", &self.paging),
            ("wechatpay_core", &self.core),
        ] {
            let names: Vec<&str> = names.iter().copied().collect();
            match names.as_slice() {
                [] => {}
                [one] => lines.push_str(&format!("use {from}::{one};\n")),
                _ => lines.push_str(&format!("use {from}::{{{}}};\n", names.join(", "))),
            }
        }
        lines
    }
}

/// The items of a module, parted by empty lines, and what they import.
pub(crate) fn module(module: &Module<'_>) -> (String, Imports) {
    let mut printer = Printer {
        module,
        out: String::new(),
        imports: Imports::default(),
    };
    for declared in &module.operations {
        printer.operation(declared);
        for &index in &declared.definitions {
            if let Some(definition) = module.definitions.get(index) {
                printer.definition(definition);
            }
        }
    }
    (printer.out, printer.imports)
}

struct Printer<'a> {
    module: &'a Module<'a>,
    out: String,
    imports: Imports,
}

impl Printer<'_> {
    fn line(&mut self, line: impl AsRef<str>) {
        self.out.push_str(line.as_ref());
        self.out.push('\n');
    }

    /// Begins an item.
    fn begin(&mut self) {
        if !self.out.is_empty() {
            self.out.push('\n');
        }
    }

    fn operation(&mut self, declared: &Declared<'_>) {
        self.begin();
        let operation = declared.operation;
        for line in operation_docs(operation) {
            self.line(if line.is_empty() {
                "///".to_owned()
            } else {
                format!("/// {line}")
            });
        }
        self.imports.core.insert("wechatpay_endpoint");
        let attribute = self.attribute(declared);
        self.line(attribute);
        // `encrypt(..)` brings a `Debug` that redacts.
        self.line(if declared.encrypted.is_empty() {
            "#[derive(Clone, Debug, Default)]"
        } else {
            "#[derive(Clone, Default)]"
        });
        for alias in aliases(operation) {
            let alias = literal(&alias);
            let line = format!("#[doc(alias = {alias})]");
            let fits = line.chars().count() <= WIDTH;
            self.line(if fits {
                line
            } else {
                format!("#[doc(\n    alias = {alias}\n)]")
            });
        }
        if operation.deprecated {
            self.line("#[deprecated = \"the official documentation says so\"]");
        }
        let name = in_code(&declared.name);
        if declared.fields.is_empty() {
            self.line(format!("pub struct {name};"));
        } else {
            self.line(format!("pub struct {name} {{"));
            for field in &declared.fields {
                self.field(field, operation);
            }
            self.line("}");
        }
        if let Some(paging) = &declared.paging {
            self.paging(declared, paging);
        }
    }

    /// `#[wechatpay_endpoint(..)]`, on one line where it fits.
    fn attribute(&mut self, declared: &Declared<'_>) -> String {
        let operation = declared.operation;
        let mut options = Vec::new();
        if !declared.encrypted.is_empty() {
            let fields: Vec<_> = declared.encrypted.iter().map(|name| in_code(name)).collect();
            options.push(format!("encrypt({})", fields.join(", ")));
        }
        match &declared.response {
            ResponseType::Empty => options.push("response = ()".to_owned()),
            ResponseType::Download => {
                self.imports.core.insert("Download");
                options.push("response = Download".to_owned());
            }
            ResponseType::Value => {}
            ResponseType::Typed(kind) => {
                let text = self.type_text(kind);
                options.push(format!("response = {text}"));
            }
        }
        if operation.idempotent.is_some() {
            options.push("idempotent".to_owned());
        }
        let first = format!("{}, {}", operation.method, literal(&operation.path));
        let mut parts = vec![first.clone()];
        parts.extend(options.iter().cloned());
        let line = format!("#[wechatpay_endpoint({})]", parts.join(", "));
        if line.chars().count() <= WIDTH {
            return line;
        }
        let mut lines = format!("#[wechatpay_endpoint(\n    {first},\n");
        for option in options {
            lines.push_str(&format!("    {option},\n"));
        }
        lines + ")]"
    }

    fn field(&mut self, field: &Field<'_>, operation: &Operation) {
        if let Some(text) = field.schema.and_then(field_doc) {
            self.line(format!("    /// {text}"));
        }
        let plain = field.name == field.wire;
        let mut rename = !plain;
        let attribute = match field.place {
            FieldPlace::Payload => None,
            FieldPlace::Path => {
                rename = false;
                (!plain).then(|| format!("path = {}", literal(field.wire)))
            }
            FieldPlace::Query => Some("query".to_owned()),
            FieldPlace::Header => {
                rename = false;
                Some(format!("header = {}", literal(field.wire)))
            }
            FieldPlace::Form => Some("form".to_owned()),
            FieldPlace::File => {
                rename = false;
                Some(file_attribute(operation, plain))
            }
            FieldPlace::WholeBody => {
                rename = false;
                Some("body".to_owned())
            }
        };
        if let Some(attribute) = attribute {
            self.line(format!("    #[wechatpay({attribute})]"));
        }
        let name = in_code(&field.name);
        if rename {
            self.line(format!("    #[serde(rename = {})]", literal(field.wire)));
        }
        self.typed(&name, field);
    }

    /// `pub name: Type,`
    fn typed(&mut self, name: &str, field: &Field<'_>) {
        let kind = self.type_text(&field.kind);
        let kind = if field.required {
            kind
        } else {
            format!("Option<{kind}>")
        };
        let line = format!("    pub {name}: {kind},");
        let fits = line.chars().count() <= WIDTH;
        self.line(if fits {
            line
        } else {
            format!("    pub {name}:\n        {kind},")
        });
    }

    fn definition(&mut self, definition: &Definition<'_>) {
        self.begin();
        match &definition.shape {
            Shape::Enum(variants) => self.enumeration(definition, variants),
            Shape::Struct(fields) => self.structure(definition, fields),
        }
    }

    fn structure(&mut self, definition: &Definition<'_>, fields: &[Field<'_>]) {
        match (&definition.response_of, definition.title) {
            (Some(operation), _) => self.line(format!("/// [`{}`] 的应答", in_code(operation))),
            (None, Some(title)) if !doc(title).is_empty() => self.line(format!("/// {}", doc(title))),
            (None, _) => {}
        }
        let mut derives = Vec::new();
        // A part of a request can be cloned as the request can. What is only received is not: the derive would cost 4 %
        // of the time that the whole catalogue takes to compile.
        if definition.sent {
            derives.push("Clone");
        }
        derives.push("Debug");
        if definition.sent {
            derives.push("Default");
        }
        if definition.received {
            derives.push("Deserialize");
            self.imports.serde.insert("Deserialize");
        }
        if definition.sent {
            derives.push("Serialize");
            self.imports.serde.insert("Serialize");
        }
        self.line(format!("#[derive({})]", derives.join(", ")));
        self.line(format!("pub struct {} {{", in_code(&definition.name)));
        for field in fields {
            if let Some(text) = field.schema.and_then(field_doc) {
                self.line(format!("    /// {text}"));
            }
            let name = in_code(&field.name);
            if field.name != field.wire {
                self.line(format!("    #[serde(rename = {})]", literal(field.wire)));
            }
            self.typed(&name, field);
        }
        self.line("}");
    }

    fn enumeration(&mut self, definition: &Definition<'_>, variants: &[Variant<'_>]) {
        self.imports.core.insert("open_enum");
        self.line("open_enum! {");
        if let Some(title) = definition.title.map(doc).filter(|title| !title.is_empty()) {
            self.line(format!("    /// {title}"));
        }
        self.line(format!("    pub enum {} {{", in_code(&definition.name)));
        for variant in variants {
            if let Some(title) = variant.title.map(doc).filter(|title| !title.is_empty()) {
                self.line(format!("        /// {title}"));
            }
            self.line(format!(
                "        {} = {},",
                in_code(&variant.name),
                literal(variant.text)
            ));
        }
        self.line("    }");
        self.line("}");
    }

    fn paging(&mut self, declared: &Declared<'_>, paging: &Paging) {
        self.imports.paging.extend(["Offset", "Paged"]);
        let ResponseType::Typed(response) = &declared.response else {
            return;
        };
        let (response, item) = (self.type_text(response), self.type_text(&paging.item));
        self.begin();
        if declared.operation.deprecated {
            self.line("#[allow(deprecated)]");
        }
        self.line(format!("impl Paged for {} {{", in_code(&declared.name)));
        self.line(format!("    type Item = {item};"));
        if paging.by_page {
            self.imports.paging.insert("Step");
            self.line("");
            self.line("    const STEP: Step = Step::Pages;");
        }
        self.line("");
        self.line("    fn offset(&mut self) -> &mut dyn Offset {");
        self.line("        &mut self.offset");
        self.line("    }");
        if let Some((total, always)) = &paging.total {
            let total = in_code(total);
            self.line("");
            self.line(format!("    fn total(page: &{response}) -> Option<i64> {{"));
            self.line(if *always {
                format!("        Some(page.{total})")
            } else {
                format!("        page.{total}")
            });
            self.line("    }");
        }
        let items = in_code(&paging.items);
        self.line("");
        self.line(format!("    fn items(page: &mut {response}) -> &mut Vec<{item}> {{"));
        self.line(match paging.always {
            true => format!("        &mut page.{items}"),
            false => format!("        page.{items}.get_or_insert_default()"),
        });
        self.line("    }");
        self.line("}");
    }

    fn type_text(&mut self, kind: &Type) -> String {
        let mut inner = kind;
        while let Type::List(item) = inner {
            inner = item;
        }
        match inner {
            Type::Secret => self.imports.core.insert("Sensitive"),
            Type::Upload => self.imports.core.insert("Upload"),
            _ => false,
        };
        self.module.type_text(kind)
    }
}

/// `file`, with what differs from the default.
fn file_attribute(operation: &Operation, plain: bool) -> String {
    let Some(Body::Upload(upload)) = &operation.body else {
        return "file".to_owned();
    };
    let mut parts = vec![if plain {
        "file".to_owned()
    } else {
        format!("file = {}", literal(&upload.file))
    }];
    match upload.filename.as_deref() {
        Some("filename") => {}
        Some(name) => parts.push(format!("filename = {}", literal(name))),
        None => parts.push("filename = none".to_owned()),
    }
    if let Some(name) = upload.digest.as_deref().filter(|name| *name != "sha256") {
        parts.push(format!("digest = {}", literal(name)));
    }
    if upload.algorithm != Default::default() {
        parts.push(format!("algorithm = {}", algorithm_text(upload.algorithm)));
    }
    parts.join(", ")
}

/// The lines above an operation: its name, where it belongs, and the official page.
fn operation_docs(operation: &Operation) -> Vec<String> {
    let call = format!("`{} {}`", operation.method, operation.path.replace('`', ""));
    let mut lines = Vec::new();
    match operation.title.as_deref().map(doc).filter(|title| !title.is_empty()) {
        Some(title) => lines.extend([title, String::new(), call]),
        None => lines.push(call),
    }
    let listed = |items: &[String]| doc(&items.join("、"));
    for (label, items) in [("产品", &operation.tags), ("适用于", &operation.roles)] {
        if !items.is_empty() {
            lines.extend([String::new(), format!("{label}：{}", listed(items))]);
        }
    }
    if let Some(link) = operation.documentation.first().map(|link| doc(link)) {
        lines.extend([String::new(), format!("官方文档：{link}")]);
    }
    lines
}

/// What the search of rustdoc finds an operation by: its name and its path.
fn aliases(operation: &Operation) -> Vec<String> {
    let title = operation
        .title
        .as_deref()
        .map(|title| title.trim_end_matches("API").trim_end().to_owned());
    let mut aliases: Vec<String> = title.iter().filter_map(|title| alias(title)).collect();
    if let Some(path) = alias(&operation.path).filter(|path| !aliases.contains(path)) {
        aliases.push(path);
    }
    aliases
}

/// The line above a field: its name, and what an integer may be.
fn field_doc(schema: &Schema) -> Option<String> {
    let mut text = schema.title.as_deref().map(doc).unwrap_or_default();
    if !schema.values.is_empty() && !schema.values.iter().all(|value| value.value.is_string()) {
        let values = schema.values.iter().map(|value| match &value.title {
            Some(title) => format!("{} {}", value.value, doc(title)),
            None => value.value.to_string(),
        });
        text.push_str(&format!("（{}）", values.collect::<Vec<_>>().join("、")));
    }
    if schema.json.is_some() {
        text.push_str("（JSON）");
    }
    Some(text).filter(|text| !text.is_empty())
}
