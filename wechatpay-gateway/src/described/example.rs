//! A response to any operation, from the examples of its description.
//!
//! The same request gets the same response, on every machine and at every retry. What the request says of a field of the
//! same name is repeated: the caller's own numbers come back.

use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use wechatpay_catalogue::description::{Content, Kind, Operation, Schema, Secrets};

use crate::{described::download, request::ReceivedRequest, response::GatewayResponse};

/// The longest text that can be encrypted, in bytes.
const LONGEST_SECRET: usize = 214;

/// A list of the response has as many items as the list of the request with its name, but not more than these.
const MOST_ITEMS: usize = 20;

/// How many digits of a number that the service would assign differ from request to request.
const ASSIGNED_DIGITS: usize = 8;

/// The response of an operation. `encrypt` encrypts a sensitive field for the sender of the request.
pub(crate) fn response(
    operation: &Operation,
    request: &ReceivedRequest,
    encrypt: &dyn Fn(&str) -> String,
) -> GatewayResponse {
    let Some(response) = operation.response() else {
        return GatewayResponse::empty(204);
    };
    match &response.content {
        Content::Empty => GatewayResponse::empty(response.status),
        Content::Download(media_type) => {
            GatewayResponse::bytes(media_type, download::file(media_type, &operation.path))
        }
        Content::Json(schema) => {
            let example = Example {
                request,
                encrypt,
                digits: digits(operation, request),
                is_later_page: request.query("offset").is_some_and(is_positive),
            };
            let body = example.object(schema, Some(request.json()), "");
            GatewayResponse::json(response.status, &Value::Object(body))
        }
    }
}

struct Example<'a> {
    request: &'a ReceivedRequest,
    encrypt: &'a dyn Fn(&str) -> String,
    /// What the numbers that the service would assign end in.
    digits: String,
    /// A list has one page here, so that a program that reads all pages comes to an end.
    is_later_page: bool,
}

impl Example<'_> {
    /// `sent` is what stands at the same place in the request.
    fn object(&self, schema: &Schema, sent: Option<&Value>, place: &str) -> Map<String, Value> {
        let mut object = Map::new();
        for property in &schema.properties {
            let name = property.name.as_str();
            let sent = sent.and_then(|sent| sent.get(name));
            let place = match place {
                "" => name.to_owned(),
                place => format!("{place}.{name}"),
            };
            object.insert(name.to_owned(), self.value(&property.schema, name, sent, &place));
        }
        download::link(schema, &mut object, self.request);
        object
    }

    fn value(&self, schema: &Schema, name: &str, sent: Option<&Value>, place: &str) -> Value {
        match schema.kind {
            Kind::Object => self.object(schema, sent, place).into(),
            Kind::Array => self.array(schema, name, sent, place),
            Kind::Any => schema.example_value(),
            Kind::String if schema.json.is_some() => schema.example_value(),
            _ => self.scalar(schema, name, sent, place),
        }
    }

    fn array(&self, schema: &Schema, name: &str, sent: Option<&Value>, place: &str) -> Value {
        let Some(item) = &schema.items else {
            return schema.example_value();
        };
        let sent: &[Value] = sent.and_then(Value::as_array).map_or(&[], Vec::as_slice);
        let is_empty = self.is_later_page && sent.is_empty() && !place.contains('.');
        let least = usize::try_from(schema.min_items.unwrap_or(0)).unwrap_or(0);
        let most = usize::try_from(schema.max_items.unwrap_or(u64::MAX)).unwrap_or(usize::MAX);
        let wanted = if is_empty { 0 } else { sent.len().clamp(1, MOST_ITEMS) };
        (0..wanted.min(most).max(least))
            .map(|index| self.value(item, name, sent.get(index), &format!("{place}[{index}]")))
            .collect()
    }

    fn scalar(&self, schema: &Schema, name: &str, sent: Option<&Value>, place: &str) -> Value {
        let echo = self.echo(schema, name, sent, place);
        if schema.sensitive {
            let plain = echo.unwrap_or_else(|| schema.example_value());
            return (self.encrypt)(plain.as_str().unwrap_or_default()).into();
        }
        echo.unwrap_or_else(|| {
            let example = schema.example_value();
            match is_assigned(schema, name) {
                true => assigned(schema, &example, &self.digits).unwrap_or(example),
                false => example,
            }
        })
    }

    /// What the request says of a field: at the same place of its body, or by the same name in the path, the query or on
    /// the outermost level of the body. A secret is repeated only where the response encrypts it.
    fn echo(&self, schema: &Schema, name: &str, sent: Option<&Value>, place: &str) -> Option<Value> {
        let request = self.request;
        let secret = |place: &str| request.is_encrypted(place) && !schema.sensitive;
        let in_body = |value: Option<&Value>, place: &str| match value? {
            Value::Array(_) | Value::Object(_) | Value::Null => None,
            _ if secret(place) => None,
            value => Some(value.clone()),
        };
        let text = |text: &str| (!text.is_empty()).then(|| Value::from(text));
        let found = in_body(sent, place)
            .or_else(|| text(request.path(name)))
            .or_else(|| text(request.query(name).filter(|_| !secret(name))?))
            .or_else(|| in_body(request.json().get(name), name))?;
        let value = converted(schema, found)?;
        let fits = value
            .as_str()
            .is_none_or(|text| !text.is_empty() && (!schema.sensitive || text.len() <= LONGEST_SECRET));
        (fits && schema.check(&value, Secrets::Decrypted).is_ok()).then_some(value)
    }
}

/// A text as the number that the response has in its place, and the other way round.
fn converted(schema: &Schema, value: Value) -> Option<Value> {
    match (schema.kind, &value) {
        (Kind::String, Value::Number(number)) => Some(number.to_string().into()),
        (Kind::Integer | Kind::Number | Kind::Boolean, Value::String(text)) => serde_json::from_str(text).ok(),
        _ => Some(value),
    }
}

/// Whether a field is a number that the service would assign: `transaction_id`, `batch_no`, `id`.
fn is_assigned(schema: &Schema, name: &str) -> bool {
    let named = name == "id" || name.ends_with("_id") || name.ends_with("_no");
    named && schema.values.is_empty() && schema.pattern.is_none() && schema.format.is_none()
}

/// The example with other digits at its end.
fn assigned(schema: &Schema, example: &Value, digits: &str) -> Option<Value> {
    let text = match example {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    let tail = text.chars().rev().take_while(char::is_ascii_digit).count();
    // The first digit stays, so that a number keeps its length.
    let replaced = tail.saturating_sub(1).min(ASSIGNED_DIGITS);
    let (kept, _) = text.split_at_checked(text.len() - replaced)?;
    let short = replaced < ASSIGNED_DIGITS / 2;
    let text = match (short, example) {
        (false, _) => format!("{kept}{}", digits.get(..replaced)?),
        (true, Value::String(_)) => format!("{text}{digits}"),
        (true, _) => return None,
    };
    let value = match example {
        Value::Number(_) => serde_json::from_str(&text).ok()?,
        _ => Value::from(text),
    };
    schema.check(&value, Secrets::Decrypted).is_ok().then_some(value)
}

/// Digits that follow from what the request asks for, and not from how it was encrypted or signed.
fn digits(operation: &Operation, request: &ReceivedRequest) -> String {
    let mut hash = Sha256::new();
    hash.update(&operation.id);
    hash.update(request.raw_path());
    for (name, value) in request.query_pairs() {
        hash.update([name, "=", value, "&"].concat());
    }
    hash.update(request.json().to_string());
    let digest = hash.finalize();
    let digits = digest
        .iter()
        .take(ASSIGNED_DIGITS)
        .map(|byte| char::from(b'0' + byte % 10));
    digits.collect()
}

fn is_positive(text: &str) -> bool {
    text.parse::<u64>().is_ok_and(|number| number > 0)
}
