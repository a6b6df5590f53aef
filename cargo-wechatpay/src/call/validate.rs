//! Checks the values of a call against the description, before anything is sent.

use super::given::{Given, body_schema};
use crate::language::{Language, text};
use crate::near::nearest;
use serde_json::Value;
use wechatpay_catalogue::description::{Body, Kind, Operation, Place, Schema};

/// A mismatch. It does not contain the values, because they may be secret.
pub(crate) fn problems(operation: &Operation, given: &Given, language: Language) -> Vec<String> {
    let mut check = Check {
        language,
        problems: Vec::new(),
    };
    check.query(operation, given);
    check.headers(operation, given);
    check.body(operation, given);
    check.problems
}

struct Check {
    language: Language,
    problems: Vec<String>,
}

impl Check {
    fn unknown(&mut self, place: &str, name: &str, known: Vec<&str>) {
        let language = self.language;
        let mut problem = text!(language, "there is no field `{place}`", "没有字段 {place}");
        if let Some(near) = nearest(name, known) {
            problem.push_str(&text!(language, "; did you mean `{near}`?", "；是否应为 {near}？"));
        }
        self.problems.push(problem);
    }

    fn missing(&mut self, place: &str, schema: &Schema) {
        let language = self.language;
        let title = schema
            .title
            .as_deref()
            .map(|title| format!(" ({title})"))
            .unwrap_or_default();
        self.problems.push(text!(
            language,
            "`{place}`{title} is required",
            "缺少必填字段 {place}{title}"
        ));
    }

    fn query(&mut self, operation: &Operation, given: &Given) {
        let known: Vec<_> = operation.parameters_in(Place::Query).collect();
        for (name, value) in &given.query {
            match known.iter().find(|parameter| parameter.name == *name) {
                Some(parameter) => self.text_value(&parameter.schema, value, name),
                None => self.unknown(
                    name,
                    name,
                    known.iter().map(|parameter| parameter.name.as_str()).collect(),
                ),
            }
        }
        for parameter in known.iter().filter(|parameter| parameter.required) {
            if !given.query.contains_key(&parameter.name) {
                self.missing(&parameter.name, &parameter.schema);
            }
        }
    }

    /// A value of the query is text; a number must read as one.
    fn text_value(&mut self, schema: &Schema, value: &Value, place: &str) {
        let (Some(text), true) = (
            value.as_str(),
            matches!(schema.kind, Kind::Integer | Kind::Number | Kind::Boolean),
        ) else {
            return;
        };
        match serde_json::from_str(text) {
            Ok(value) => self.value(schema, &value, place),
            Err(_) => self.wrong_type(schema, place),
        }
    }

    fn headers(&mut self, operation: &Operation, given: &Given) {
        let by_client = [
            "accept",
            "accept-encoding",
            "authorization",
            "content-type",
            "user-agent",
            "wechatpay-serial",
        ];
        for parameter in operation
            .parameters_in(Place::Header)
            .filter(|parameter| parameter.required)
        {
            let name = &parameter.name;
            let same = |other: &str| name.eq_ignore_ascii_case(other);
            if !by_client.iter().any(|own| same(own)) && !given.headers.iter().any(|(given, _)| same(given)) {
                let language = self.language;
                self.problems.push(text!(
                    language,
                    "the header `{name}` is required; give --header {name}=..",
                    "缺少必填请求头 {name}，请用 --header {name}=.. 指定"
                ));
            }
        }
    }

    fn body(&mut self, operation: &Operation, given: &Given) {
        let language = self.language;
        let upload = match &operation.body {
            Some(Body::Upload(upload)) => Some(upload),
            _ => None,
        };
        match (upload, &given.file) {
            (Some(_), None) => self.problems.push(
                language
                    .pick(
                        "the operation is an upload; give --file",
                        "该接口是文件上传，请用 --file 指定文件",
                    )
                    .to_owned(),
            ),
            (None, Some(_)) => self.problems.push(
                language
                    .pick("the operation accepts no file", "该接口不接收文件")
                    .to_owned(),
            ),
            _ => {}
        }
        match (body_schema(operation), &given.body) {
            (Some(schema), Some(body)) => self.value(&schema, body, ""),
            (Some(schema), None) => {
                for property in schema.properties.iter().filter(|property| property.required) {
                    self.missing(&property.name, &property.schema);
                }
            }
            (None, Some(_)) => self.problems.push(
                language
                    .pick("the operation has no body", "该接口没有请求体")
                    .to_owned(),
            ),
            (None, None) => {}
        }
        let parts = upload.map(|upload| upload.form.as_slice()).unwrap_or_default();
        for (name, _) in &given.forms {
            if !parts.iter().any(|part| part.name == *name) {
                self.unknown(name, name, parts.iter().map(|part| part.name.as_str()).collect());
            }
        }
        for part in parts.iter().filter(|part| part.required) {
            if !given.forms.iter().any(|(name, _)| *name == part.name) {
                self.missing(&part.name, &part.schema);
            }
        }
    }

    fn wrong_type(&mut self, schema: &Schema, place: &str) {
        let language = self.language;
        let kind = if schema.is_whole() { Kind::Integer } else { schema.kind }.as_str();
        let place = if place.is_empty() {
            language.pick("the body", "请求体")
        } else {
            place
        };
        self.problems.push(text!(
            language,
            "`{place}` must be of the type {kind}",
            "{place} 的类型应为 {kind}"
        ));
    }

    fn value(&mut self, schema: &Schema, value: &Value, place: &str) {
        let fits = match (schema.kind, value) {
            (Kind::Any, _) => return,
            (Kind::Object, Value::Object(members)) => {
                self.object(schema, members, place);
                true
            }
            (Kind::Array, Value::Array(items)) => {
                self.count(items.len() as u64, schema.min_items, schema.max_items, place);
                for (number, item) in items.iter().enumerate() {
                    if let Some(schema) = &schema.items {
                        self.value(schema, item, &format!("{place}[{number}]"));
                    }
                }
                true
            }
            (Kind::String, Value::String(text)) => {
                self.length(text.chars().count() as u64, schema, place);
                true
            }
            // It is written as a string on the way.
            (Kind::String, Value::Object(_) | Value::Array(_)) if schema.json.is_some() => {
                if let Some(json) = &schema.json {
                    self.value(json, value, place);
                }
                true
            }
            (Kind::Boolean, Value::Bool(_)) => true,
            (Kind::Integer | Kind::Number, Value::Number(number)) => {
                self.range(number.as_f64(), schema, place);
                number.is_i64() || number.is_u64() || !schema.is_whole()
            }
            // The type of the documented example may differ from the documented type.
            _ => schema.example.as_ref().is_some_and(|example| same_type(example, value)),
        };
        if !fits {
            self.wrong_type(schema, place);
        }
    }

    fn object(&mut self, schema: &Schema, members: &serde_json::Map<String, Value>, place: &str) {
        let below = |name: &str| {
            if place.is_empty() {
                name.to_owned()
            } else {
                format!("{place}.{name}")
            }
        };
        for (name, value) in members {
            match schema.property(name) {
                Some(property) => self.value(&property.schema, value, &below(name)),
                None if schema.properties.is_empty() => {}
                None => self.unknown(
                    &below(name),
                    name,
                    schema
                        .properties
                        .iter()
                        .map(|property| property.name.as_str())
                        .collect(),
                ),
            }
        }
        for property in schema.properties.iter().filter(|property| property.required) {
            if !members.contains_key(&property.name) {
                self.missing(&below(&property.name), &property.schema);
            }
        }
    }

    fn count(&mut self, count: u64, least: Option<u64>, most: Option<u64>, place: &str) {
        let language = self.language;
        if let Some(least) = least.filter(|least| count < *least) {
            self.problems.push(text!(
                language,
                "`{place}` needs at least {least} items",
                "{place} 至少需要 {least} 项"
            ));
        }
        if let Some(most) = most.filter(|most| count > *most) {
            self.problems.push(text!(
                language,
                "`{place}` has at most {most} items",
                "{place} 最多 {most} 项"
            ));
        }
    }

    fn length(&mut self, length: u64, schema: &Schema, place: &str) {
        let language = self.language;
        if let Some(least) = schema.min_length.filter(|least| length < *least) {
            self.problems.push(text!(
                language,
                "`{place}` needs at least {least} characters",
                "{place} 至少 {least} 个字符"
            ));
        }
        if let Some(most) = schema.max_length.filter(|most| length > *most) {
            self.problems.push(text!(
                language,
                "`{place}` has at most {most} characters",
                "{place} 最多 {most} 个字符"
            ));
        }
    }

    fn range(&mut self, number: Option<f64>, schema: &Schema, place: &str) {
        let language = self.language;
        let Some(number) = number else { return };
        let limit = |limit: &Option<serde_json::Number>| limit.as_ref().and_then(serde_json::Number::as_f64);
        if let Some(least) = limit(&schema.minimum).filter(|least| number < *least) {
            self.problems.push(text!(
                language,
                "`{place}` is at least {least}",
                "{place} 不小于 {least}"
            ));
        }
        if let Some(most) = limit(&schema.maximum).filter(|most| number > *most) {
            self.problems
                .push(text!(language, "`{place}` is at most {most}", "{place} 不大于 {most}"));
        }
    }
}

fn same_type(one: &Value, other: &Value) -> bool {
    std::mem::discriminant(one) == std::mem::discriminant(other)
}
