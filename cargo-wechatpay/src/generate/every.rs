//! Generates what sends every operation of a catalogue once, filled from the examples of the description.

use super::error::GenerateError;
use super::krate::Files;
use super::krate::MARK;
use super::name::{in_code, snake};
use super::source::Source;
use super::text::literal;
use super::tree::{Tree, module_path};
use super::types::{Declared, Field, FieldPlace, Module, ResponseType, Shape, Type};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::Path;
use wechatpay_catalogue::description::{Description, Kind, Operation, Schema};

/// An encrypted value holds at most 214 bytes.
const SECRET_BYTES: usize = 200;

impl Source {
    /// The modules of a crate that sends every operation of `catalogue` once, filled from the examples. The crate has at
    /// its root the types `Call`, `Client` and `Shown` and the functions `downloaded` and `shown`.
    ///
    /// # Errors
    /// When the description cannot be read.
    pub fn every_operation(&self, catalogue: &str) -> Result<Files, GenerateError> {
        Files::every_operation(self, catalogue)
    }
}

impl Files {
    /// `src/operations.rs`, and a module for each family in `src/operations`.
    fn every_operation(source: &Source, catalogue: &str) -> Result<Self, GenerateError> {
        let documents = source
            .documents
            .iter()
            .map(|(path, document)| (path.as_str(), document));
        let description = Description::from_documents(Some(&source.root), documents)?;
        let operations = description.operations().iter().map(|summary| summary.operation());
        let tree = Tree::of(operations.collect::<Result<Vec<&Operation>, _>>()?);

        let mut files = BTreeMap::new();
        let mut index = format!("{MARK}\n//! Every operation, family by family.\n\nuse crate::Call;\n\n");
        for name in tree.modules.keys() {
            index.push_str(&format!("mod {};\n", in_code(name)));
        }
        index.push_str("\n/// The operations of each family, with their ids.\npub(crate) const FAMILIES: &[&[(&str, Call)]] = &[\n");
        for (name, family) in &tree.modules {
            index.push_str(&format!("    {}::ALL,\n", in_code(name)));
            let path = Path::new("src/operations").join(format!("{name}.rs"));
            files.insert(path, family_file(family, catalogue));
        }
        index.push_str("];\n");
        files.insert("src/operations.rs".into(), index);
        Ok(Self(files))
    }
}

fn family_file(family: &Tree<'_>, catalogue: &str) -> String {
    let mut calls = String::new();
    let mut all = String::new();
    let mut trees = vec![family];
    while let Some(tree) = trees.pop() {
        trees.extend(tree.modules.values().rev());
        let module = Module::new(&tree.operations);
        for declared in &module.operations {
            let id = &declared.operation.id;
            let function = in_code(&snake(id));
            all.push_str(&format!("    ({}, {function}),\n", literal(id)));
            calls.push_str(&call(declared, &module, catalogue, &function));
        }
    }
    format!(
        "{MARK}\nuse crate::{{Call, Client, Shown, downloaded, shown}};\nuse wechatpay_core::{{Sensitive, Upload}};\n\n\
         pub(super) const ALL: &[(&str, Call)] = &[\n{all}];\n{calls}"
    )
}

fn call(declared: &Declared<'_>, module: &Module<'_>, catalogue: &str, function: &str) -> String {
    let path = format!("{catalogue}::{}", module_path(&declared.operation.path));
    let writer = Writer {
        module,
        path: &path,
        response: declared.operation.response_schema(),
    };
    let mut request = format!("{path}::{}", in_code(&declared.name));
    if !declared.fields.is_empty() {
        request.push_str(&writer.members(&declared.fields, 1));
    }
    let sent = match declared.response {
        ResponseType::Download => "downloaded(client, request.send(client)?)",
        _ => "Ok(shown(&request.send(client)?))",
    };
    format!("\nfn {function}(client: &Client) -> Shown {{\n    let request = {request};\n    {sent}\n}}\n")
}

struct Writer<'a> {
    module: &'a Module<'a>,
    path: &'a str,
    /// The response: a service gives the numbers of the request back, and so do the examples of a request and its response.
    response: Option<&'a Schema>,
}

impl Writer<'_> {
    /// ` { name: value, .. }`
    fn members(&self, fields: &[Field<'_>], depth: usize) -> String {
        let indent = "    ".repeat(depth);
        let members = fields.iter().map(|field| {
            let value = match field.schema {
                Some(schema) => match self.given_back(field, schema).filter(|_| depth == 1) {
                    Some(text) => format!("{}.into()", literal(&text)),
                    None => self.value(&field.kind, schema, field.place, depth + 1),
                },
                None => "Upload::new(\"example.jpg\", \"an example\")".to_owned(),
            };
            let value = if field.required {
                value
            } else {
                format!("Some({value})")
            };
            format!("{indent}    {}: {value},\n", in_code(&field.name))
        });
        format!(" {{\n{}{indent}}}", members.collect::<String>())
    }

    /// The example of the response for a field of the same name.
    fn given_back(&self, field: &Field<'_>, schema: &Schema) -> Option<String> {
        let member = &self.response?.property(field.wire)?.schema;
        let plain = field.kind == Type::String && member.kind == Kind::String && !schema.sensitive && !member.sensitive;
        let value = plain
            .then(|| member.example_value())
            .filter(|value| schema.allows(value))?;
        value.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
    }

    fn value(&self, kind: &Type, schema: &Schema, place: FieldPlace, depth: usize) -> String {
        match kind {
            Type::Named(index) => match self
                .module
                .definitions
                .get(*index)
                .map(|definition| (&definition.shape, &definition.name))
            {
                Some((Shape::Struct(fields), name)) => {
                    format!("{}::{}{}", self.path, in_code(name), self.members(fields, depth))
                }
                _ => format!("{}.into()", literal(&text(schema))),
            },
            Type::List(item) => match schema.items.as_deref() {
                Some(items) => {
                    let count = schema.min_items.unwrap_or(1).clamp(1, 16);
                    let items: Vec<_> = (0..count).map(|_| self.value(item, items, place, depth)).collect();
                    format!("vec![{}]", items.join(", "))
                }
                None => "Vec::new()".to_owned(),
            },
            Type::String if schema.sensitive => format!("{}.into()", literal(&secret(schema))),
            Type::String => {
                let text = text(schema);
                // A segment of a path cannot be empty, nor one of these.
                let refused = place == FieldPlace::Path && matches!(text.as_str(), "" | "." | "..");
                format!("{}.into()", literal(if refused { "1" } else { &text }))
            }
            Type::Secret => format!("Sensitive::new({})", literal(&secret(schema))),
            Type::Value => format!("serde_json::json!({})", schema.example_value()),
            Type::Float => format!("{:?}", schema.example_value().as_f64().unwrap_or(1.0)),
            Type::Integer => whole(schema).to_string(),
            Type::Unsigned => whole(schema).max(0).to_string(),
            Type::Boolean => (schema.example_value() != Value::Bool(false)).to_string(),
            Type::Upload => "Upload::new(\"example.jpg\", \"an example\")".to_owned(),
        }
    }
}

fn text(schema: &Schema) -> String {
    match schema.example_value() {
        Value::String(text) => text,
        // A path or a header holds any scalar as text.
        other if schema.kind != Kind::String => other.to_string(),
        _ => String::new(),
    }
}

fn secret(schema: &Schema) -> String {
    // Examples are often ciphertexts, longer than what can be encrypted.
    Some(text(schema))
        .filter(|text| text.len() <= SECRET_BYTES)
        .unwrap_or_else(|| "张三".to_owned())
}

fn whole(schema: &Schema) -> i64 {
    let value = schema.example_value();
    value
        .as_i64()
        .or_else(|| value.as_f64().map(|number| number as i64))
        .unwrap_or(1)
}
