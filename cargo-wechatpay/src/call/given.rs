//! What the user gives for a call: values of the path, query parameters, headers, the body, a file.

use crate::failure::Failure;
use crate::language::{Language, text};
use clap::ArgMatches;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};
use std::io::BufRead;
use std::path::PathBuf;
use wechatpay_catalogue::description::{Body, Kind, Operation, Place, Schema};

/// What the user gives for a call.
pub(crate) struct Given {
    /// Placeholders of the path and their values.
    pub(crate) path: Vec<(String, String)>,
    /// Query parameters; a list when a name is given several times.
    pub(crate) query: Map<String, Value>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Option<Value>,
    pub(crate) file: Option<PathBuf>,
    pub(crate) forms: Vec<(String, String)>,
    /// Standard input was read, so it cannot be used for a question.
    pub(crate) took_input: bool,
}

impl Given {
    /// Reads the arguments. `words` is how the user named the operation: a path among them has the values.
    pub(crate) fn read(
        matches: &ArgMatches,
        words: &str,
        operation: &Operation,
        input: &mut dyn BufRead,
        language: Language,
    ) -> Result<Self, Failure> {
        let path_given = words
            .split_whitespace()
            .find(|word| word.starts_with('/'))
            .unwrap_or_default();
        let (path_given, query_given) = path_given.split_once('?').unwrap_or((path_given, ""));
        let mut parameters: Vec<(String, String)> = Vec::new();
        for pair in query_given.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            parameters.push((decoded(name), decoded(value)));
        }
        parameters.extend(pairs(matches, "query", language)?);
        let mut query = Map::new();
        for (name, value) in parameters {
            add(&mut query, operation, name, value);
        }
        let (body, took_input) = match matches.get_one::<String>("body") {
            None => (None, false),
            Some(given) => (Some(body(given, input, language)?), given == "-"),
        };
        Ok(Self {
            path: path_values(operation, path_given, language)?,
            query,
            headers: pairs(matches, "header", language)?,
            body,
            file: matches.get_one::<PathBuf>("file").cloned(),
            forms: pairs(matches, "form", language)?,
            took_input,
        })
    }
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

fn pairs(matches: &ArgMatches, id: &str, language: Language) -> Result<Vec<(String, String)>, Failure> {
    let given = matches.get_many::<String>(id).into_iter().flatten();
    given
        .map(|pair| match pair.split_once('=') {
            Some((name, value)) => Ok((name.trim().to_owned(), value.to_owned())),
            None => Err(Failure::usage(text!(
                language,
                "--{id} {pair}: write NAME=VALUE",
                "--{id} {pair}：请写作 名称=值"
            ))),
        })
        .collect()
}

/// A name that is given again becomes a list, and so does a single value of a parameter that is a list.
fn add(query: &mut Map<String, Value>, operation: &Operation, name: String, value: String) {
    let is_list = operation
        .parameters_in(Place::Query)
        .any(|parameter| parameter.name == name && parameter.schema.kind == Kind::Array);
    match query.get_mut(&name) {
        None if is_list => {
            query.insert(name, Value::Array(vec![value.into()]));
        }
        None => {
            query.insert(name, value.into());
        }
        Some(Value::Array(values)) => values.push(value.into()),
        Some(known) => *known = Value::Array(vec![known.take(), value.into()]),
    }
}

fn path_values(operation: &Operation, given: &str, language: Language) -> Result<Vec<(String, String)>, Failure> {
    let mut values = Vec::new();
    let mut missing = Vec::new();
    let mut segments = given.split('/');
    for template in operation.path.split('/') {
        let segment = segments.next().unwrap_or_default();
        let Some(name) = template.strip_prefix('{').and_then(|name| name.strip_suffix('}')) else {
            continue;
        };
        if segment.is_empty() || segment.starts_with('{') {
            missing.push(template);
        } else {
            values.push((name.to_owned(), decoded(segment)));
        }
    }
    if missing.is_empty() {
        return Ok(values);
    }
    let (method, path) = (operation.method, &operation.path);
    let missing = missing.join(language.pick(", ", "、"));
    Err(Failure::usage(text!(
        language,
        "write the path with your values instead of {missing}: {method} {path}",
        "请在路径中用实际值替换 {missing}：{method} {path}"
    )))
}

fn body(given: &str, input: &mut dyn BufRead, language: Language) -> Result<Value, Failure> {
    let (source, text) = if given == "-" {
        let mut text = String::new();
        input.read_to_string(&mut text)?;
        (language.pick("standard input", "标准输入").to_owned(), text)
    } else if let Some(name) = given.strip_prefix('@') {
        let text = std::fs::read_to_string(name).map_err(|error| Failure::usage(format!("{name}: {error}")))?;
        (name.to_owned(), text)
    } else {
        ("--body".to_owned(), given.to_owned())
    };
    serde_json::from_str(text.trim_start_matches('\u{feff}')).map_err(|error| {
        // The error names the place and what was expected there, not the text, which may be secret.
        Failure::usage(text!(
            language,
            "{source} is not JSON: {error}",
            "{source} 不是合法的 JSON：{error}"
        ))
    })
}

/// The schema of the JSON that the user gives: the body, or `meta` without what the library fills in.
pub(crate) fn body_schema(operation: &Operation) -> Option<Schema> {
    let mut schema = operation.payload()?.clone();
    if let Some(Body::Upload(upload)) = &operation.body {
        let filled = [upload.filename.as_deref(), upload.digest.as_deref()];
        schema
            .properties
            .retain(|property| !filled.contains(&Some(property.name.as_str())));
    }
    Some(schema)
}
