//! A request as a Rust declaration that sends the same.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use wechatpay_catalogue::description::{Content, Schema};

use crate::{described, request::ReceivedRequest};

/// The words of Rust that cannot be the name of a field as they are.
const RESERVED: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move",
    "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// The operation, its values and how it is sent; nothing for an upload and for a body that is no JSON object.
pub(crate) fn declaration(request: &ReceivedRequest) -> Option<String> {
    if !request.parts().is_empty() || request.refusal().is_some_and(|refusal| refusal.status() == 401) {
        return None;
    }
    let json = match request.json() {
        Value::Object(members) => members.clone(),
        Value::Null if request.body().is_empty() => Map::new(),
        _ => return None,
    };
    let operation = described::operation(request.method(), request.raw_path());
    let template = operation.map_or_else(|| request.raw_path(), |operation| operation.path.as_str());
    let mut writer = Writer {
        request,
        structs: Vec::new(),
        names: BTreeSet::from(["Request".to_owned()]),
        uses_sensitive: false,
    };
    let (mut fields, mut values) = (String::new(), String::new());
    let in_path = path_values(template, request.raw_path());
    for (name, value) in &in_path {
        writer.top(name, &Value::String(value.clone()), None, "", &mut fields, &mut values)?;
    }
    let has_body = !matches!(request.method().as_str(), "GET" | "HEAD");
    for (name, items) in grouped(request.query_pairs()) {
        let note = if has_body { "    #[wechatpay(query)]\n" } else { "" };
        writer.top(&name, &items, None, note, &mut fields, &mut values)?;
    }
    let payload = operation.and_then(|operation| operation.payload());
    for (name, value) in in_order(&json, payload) {
        writer.top(name, value, inside(payload, name), "", &mut fields, &mut values)?;
    }
    let encrypted: Vec<_> = request
        .encrypted_fields()
        .filter(|path| is_name(path))
        .map(rust_name)
        .collect();
    let mut attribute = format!("{}, {}", request.method(), text(template));
    if !encrypted.is_empty() {
        attribute.push_str(&format!(", encrypt({})", encrypted.join(", ")));
    }
    let empty = request_has_no_response(request);
    if empty {
        attribute.push_str(", response = ()");
    }
    if operation.is_some_and(|operation| operation.idempotent.is_some()) {
        attribute.push_str(", idempotent");
    }
    let response = if empty { "()" } else { "Value" };
    let mut out = String::new();
    if !writer.structs.is_empty() {
        out.push_str("use serde::Serialize;\n");
    }
    if !empty {
        out.push_str("use serde_json::Value;\n");
    }
    let sensitive = if writer.uses_sensitive { ", Sensitive" } else { "" };
    out.push_str(&format!(
        "use wechatpay_core::{{Client, Error{sensitive}, wechatpay_endpoint}};\n\n"
    ));
    out.push_str(&format!(
        "#[wechatpay_endpoint({attribute})]\npub struct Request {{\n{fields}}}\n"
    ));
    for one in &writer.structs {
        out.push_str(&format!("\n{one}"));
    }
    let send = if empty {
        "    request.send(client).await?;\n    Ok(())\n"
    } else {
        "    Ok(request.send(client).await?.into_inner())\n"
    };
    out.push_str(&format!(
        "\npub async fn send(client: &Client) -> Result<{response}, Error> {{\n    let request = Request {{\n{values}    }};\n{send}}}\n"
    ));
    Some(out)
}

struct Writer<'a> {
    request: &'a ReceivedRequest,
    structs: Vec<String>,
    names: BTreeSet<String>,
    uses_sensitive: bool,
}

impl Writer<'_> {
    /// A field of the request itself.
    fn top(
        &mut self,
        name: &str,
        value: &Value,
        schema: Option<&Schema>,
        note: &str,
        fields: &mut String,
        values: &mut String,
    ) -> Option<()> {
        let (kind, literal) = match value {
            // Encrypted by the attribute.
            Value::String(value) => ("String".to_owned(), format!("{}.into()", text(value))),
            value => self.value(name, name, value, schema, 2)?,
        };
        fields.push_str(note);
        push_field(name, &kind, &literal, fields, values, 2);
        Some(())
    }

    /// The type and the literal of a value.
    fn value(
        &mut self,
        name: &str,
        path: &str,
        value: &Value,
        schema: Option<&Schema>,
        depth: usize,
    ) -> Option<(String, String)> {
        Some(match value {
            Value::Bool(value) => ("bool".to_owned(), value.to_string()),
            Value::Number(number) if number.is_f64() => ("f64".to_owned(), format!("{:?}", number.as_f64()?)),
            Value::Number(number) if number.is_i64() => ("i64".to_owned(), number.to_string()),
            Value::Number(number) => ("u64".to_owned(), number.to_string()),
            Value::String(string) if self.request.is_encrypted(path) => {
                self.uses_sensitive = true;
                (
                    "Sensitive<String>".to_owned(),
                    format!("Sensitive::new({})", text(string)),
                )
            }
            Value::String(string) => ("String".to_owned(), format!("{}.into()", text(string))),
            Value::Array(items) => self.list(name, path, items, schema, depth)?,
            Value::Object(members) => self.object(name, &[(path.to_owned(), members)], schema, depth)?.pop()?,
            Value::Null => return None,
        })
    }

    fn list(
        &mut self,
        name: &str,
        path: &str,
        items: &[Value],
        schema: Option<&Schema>,
        depth: usize,
    ) -> Option<(String, String)> {
        let schema = schema.and_then(|schema| schema.items.as_deref());
        let objects: Option<Vec<_>> = items.iter().map(Value::as_object).collect();
        if let Some(objects) = objects.filter(|objects| !objects.is_empty()) {
            // One type for all items. Items with different fields would need optional ones, which a reader adds faster.
            let same = objects
                .windows(2)
                .all(|pair| matches!(pair, [a, b] if a.keys().eq(b.keys())));
            if !same {
                return None;
            }
            let objects = objects.into_iter().enumerate();
            let objects: Vec<_> = objects
                .map(|(at, members)| (format!("{path}[{at}]"), members))
                .collect();
            let items = self.object(name, &objects, schema, depth + 1)?;
            let kind = items.first()?.0.clone();
            let indent = "    ".repeat(depth + 1);
            let literals: String = items
                .iter()
                .map(|(_, literal)| format!("{indent}{literal},\n"))
                .collect();
            return Some((
                format!("Vec<{kind}>"),
                format!("vec![\n{literals}{}]", "    ".repeat(depth)),
            ));
        }
        let mut kinds = Vec::new();
        let mut literals = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let (kind, literal) = self.value(name, &format!("{path}[{index}]"), item, schema, depth)?;
            kinds.push(kind);
            literals.push(literal);
        }
        kinds.dedup();
        match kinds.as_slice() {
            [] => Some(("Vec<String>".to_owned(), "vec![]".to_owned())),
            [kind] => Some((format!("Vec<{kind}>"), format!("vec![{}]", literals.join(", ")))),
            _ => None,
        }
    }

    /// A struct for objects with the same fields, each with its path: the type and a literal for each.
    fn object(
        &mut self,
        name: &str,
        objects: &[(String, &Map<String, Value>)],
        schema: Option<&Schema>,
        depth: usize,
    ) -> Option<Vec<(String, String)>> {
        let kind = self.type_name(name);
        let at = self.structs.len();
        self.structs.push(String::new());
        let mut literals = Vec::new();
        let mut declared: Option<String> = None;
        for (path, members) in objects {
            let (mut fields, mut values) = (String::new(), String::new());
            for (member, value) in in_order(members, schema) {
                let schema = inside(schema, member);
                let (kind, literal) = self.value(member, &format!("{path}.{member}"), value, schema, depth + 1)?;
                push_field(member, &kind, &literal, &mut fields, &mut values, depth + 1);
            }
            // Items that hold objects of their own, or fields of different types, have no type in common here.
            if declared.is_some_and(|declared| declared != fields) {
                return None;
            }
            declared = Some(fields);
            literals.push((kind.clone(), format!("{kind} {{\n{values}{}}}", "    ".repeat(depth))));
        }
        *self.structs.get_mut(at)? = format!("#[derive(Debug, Serialize)]\npub struct {kind} {{\n{}}}\n", declared?);
        Some(literals)
    }

    fn type_name(&mut self, field: &str) -> String {
        let words = field.split(|character: char| !character.is_ascii_alphanumeric());
        let mut name: String = words
            .filter_map(|word| {
                let mut characters = word.chars();
                let first = characters.next()?.to_ascii_uppercase();
                Some(format!("{first}{}", characters.as_str()))
            })
            .collect();
        if !name.starts_with(|first: char| first.is_ascii_alphabetic()) {
            name.insert_str(0, "Type");
        }
        if matches!(
            name.as_str(),
            "Client" | "Error" | "Value" | "Sensitive" | "Serialize" | "String" | "Vec"
        ) {
            name.push_str("Info");
        }
        let plain = name.clone();
        let mut number = 2;
        while !self.names.insert(name.clone()) {
            name = format!("{plain}{number}");
            number += 1;
        }
        name
    }
}

fn push_field(name: &str, kind: &str, literal: &str, fields: &mut String, values: &mut String, depth: usize) {
    let rust = rust_name(name);
    if !is_name(name) {
        fields.push_str(&format!("    #[serde(rename = {})]\n", text(name)));
    }
    fields.push_str(&format!("    pub {rust}: {kind},\n"));
    values.push_str(&format!("{}{rust}: {literal},\n", "    ".repeat(depth)));
}

/// Members in the order of the documentation. Those that it does not know come last.
fn in_order<'a>(members: &'a Map<String, Value>, schema: Option<&Schema>) -> Vec<(&'a String, &'a Value)> {
    let place = |name: &str| schema?.properties.iter().position(|property| property.name == name);
    let mut members: Vec<_> = members.iter().collect();
    members.sort_by_key(|(name, _)| place(name).unwrap_or(usize::MAX));
    members
}

/// What the documentation says about a member.
fn inside<'a>(schema: Option<&'a Schema>, name: &str) -> Option<&'a Schema> {
    schema?.property(name).map(|property| &property.schema)
}

/// Whether a name can be that of a Rust field, a raw one at worst.
fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        && !matches!(name, "self" | "super" | "crate")
}

fn rust_name(name: &str) -> String {
    if RESERVED.contains(&name) {
        return format!("r#{name}");
    }
    if is_name(name) {
        return name.to_owned();
    }
    let mut plain = String::new();
    for character in name.chars() {
        if character.is_ascii_uppercase() && !plain.is_empty() && !plain.ends_with('_') {
            plain.push('_');
        }
        plain.push(if character.is_ascii_alphanumeric() {
            character.to_ascii_lowercase()
        } else {
            '_'
        });
    }
    format!("field_{}", plain.trim_matches('_'))
}

/// A text as a Rust literal.
fn text(text: &str) -> String {
    let mut literal = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => literal.extend(['\\', character]),
            '\n' => literal.push_str("\\n"),
            '\r' => literal.push_str("\\r"),
            '\t' => literal.push_str("\\t"),
            character if character.is_control() || is_invisible(character) => {
                literal.push_str(&format!("\\u{{{:x}}}", u32::from(character)));
            }
            character => literal.push(character),
        }
    }
    literal.push('"');
    literal
}

/// What changes the order of the text around it, which rustc refuses in a literal, or cannot be seen.
fn is_invisible(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// The values in the places of the placeholders.
fn path_values(template: &str, path: &str) -> Vec<(String, String)> {
    let pairs = template.split('/').zip(path.split('/'));
    let values = pairs.filter_map(|(wanted, segment)| {
        let name = wanted.strip_prefix('{')?.strip_suffix('}')?;
        let value = percent_encoding::percent_decode_str(segment).decode_utf8().ok()?;
        Some((name.to_owned(), value.into_owned()))
    });
    values.collect()
}

/// The pairs of a query, those of the same name as one list.
fn grouped(pairs: &[(String, String)]) -> Vec<(String, Value)> {
    let mut groups: Vec<(String, Vec<Value>)> = Vec::new();
    for (name, value) in pairs {
        let value = Value::String(value.clone());
        match groups.iter_mut().find(|(known, _)| known == name) {
            Some((_, values)) => values.push(value),
            None => groups.push((name.clone(), vec![value])),
        }
    }
    let single = |mut values: Vec<Value>| match values.len() {
        1 => values.remove(0),
        _ => Value::Array(values),
    };
    groups
        .into_iter()
        .map(|(name, values)| (name, single(values)))
        .collect()
}

/// Whether the description says that a success has no body.
fn request_has_no_response(request: &ReceivedRequest) -> bool {
    let operation = described::operation(request.method(), request.raw_path());
    operation
        .and_then(|operation| operation.response())
        .is_some_and(|response| response.content == Content::Empty)
}
