//! Whether a response has the form that the description gives it.

use serde_json::Value;
use wechatpay_catalogue::description::{Description, Kind, Method, Schema};

/// Enum values that the documentation of these fields has mixed up.
const MIXED_UP: [(&str, &str); 2] = [
    ("/v3/profitsharing/orders/{out_order_no}", "state"),
    ("/v3/profitsharing/orders/{out_order_no}", "receivers[].result"),
];

/// Fails unless the response of an operation has every member that it must have, each of its type.
pub(crate) fn check(method: &str, path: &str, response: &Value) {
    let route = Description::embedded().route(Method::parse(method).unwrap(), path);
    let summary = route.unwrap_or_else(|| panic!("{method} {path} is not described"));
    let operation = summary.operation().unwrap();
    let Some(schema) = operation.response_schema() else {
        return;
    };
    let mut faults = Vec::new();
    compare(schema, response, String::new(), &mut |place, fault| {
        if !MIXED_UP.contains(&(operation.path.as_str(), place)) {
            faults.push(format!("{place}: {fault}"));
        }
    });
    assert!(faults.is_empty(), "{method} {path}: {faults:?} in {response}");
}

fn compare(schema: &Schema, value: &Value, place: String, fault: &mut dyn FnMut(&str, &str)) {
    let fits = match schema.kind {
        Kind::Any => true,
        Kind::String => value.is_string(),
        Kind::Integer => value.is_i64(),
        Kind::Number => value.is_number(),
        Kind::Boolean => value.is_boolean(),
        Kind::Array => value.is_array(),
        Kind::Object => value.is_object(),
    };
    if !fits {
        return fault(&place, "wrong type");
    }
    if !schema.values.is_empty() && !schema.allows(value) {
        fault(&place, "not a documented value");
    }
    for property in &schema.properties {
        let separator = if place.is_empty() { "" } else { "." };
        let inner = format!("{place}{separator}{}", property.name);
        match value.get(&property.name) {
            Some(member) => compare(&property.schema, member, inner, fault),
            None if property.required => fault(&inner, "missing"),
            None => {}
        }
    }
    for item in value.as_array().into_iter().flatten() {
        if let Some(schema) = &schema.items {
            compare(schema, item, format!("{place}[]"), fault);
        }
    }
}
