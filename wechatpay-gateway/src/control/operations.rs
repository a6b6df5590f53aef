//! The reference: every described operation, with its fields.

use serde_json::{Value, json};
use wechatpay_catalogue::description::{Body, Content, Description, Operation, Place, Property, Schema, Summary};

use crate::control::respond::{Problem, put};

/// How many operations a search gives.
const FOUND: usize = 200;

/// The families that most shops need, which a list without a query begins with.
const FIRST: &[&str] = &[
    "pay",
    "refund",
    "combine-transactions",
    "bill",
    "fund-app",
    "profitsharing",
    "certificates",
    "merchant",
];

/// The operations that match a query, all of them for an empty one.
pub(crate) fn search(query: &str) -> Value {
    let description = Description::embedded();
    let total = description.operations().len();
    let found: Vec<&Summary> = if query.trim().is_empty() {
        let mut all: Vec<_> = description.operations().iter().collect();
        // Stable: within a family they stay in the order of their paths.
        all.sort_by_key(|summary| {
            FIRST
                .iter()
                .position(|family| *family == summary.family())
                .unwrap_or(FIRST.len())
        });
        all
    } else {
        description.search(query).iter().map(|found| found.summary).collect()
    };
    let operations: Vec<Value> = found.iter().take(FOUND).map(|summary| brief(summary)).collect();
    json!({ "total": total, "found": found.len(), "operations": operations })
}

/// One operation with its fields.
pub(crate) fn operation(id: &str) -> Result<Value, Problem> {
    let unknown = || {
        Problem::not_found(
            format!("no operation has the id {id}"),
            format!("没有 id 为 {id} 的接口"),
        )
    };
    let summary = Description::embedded().by_id(id).ok_or_else(unknown)?;
    let operation = summary.operation().map_err(|_| unknown())?;
    let mut value = brief(summary);
    put(&mut value, "request", request(operation));
    put(&mut value, "response", response(operation));
    put(&mut value, "idempotent", operation.idempotent.clone());
    Ok(value)
}

/// What a list shows of an operation.
pub(crate) fn brief(summary: &Summary) -> Value {
    json!({
        "id": summary.id,
        "method": summary.method.as_str(),
        "path": summary.path,
        "title": summary.title,
        "family": summary.family(),
        "tags": summary.tags,
        "roles": summary.roles,
        "updated": summary.updated,
        "deprecated": summary.deprecated,
        "secrets": summary.secrets,
        "documentation": summary.documentation,
    })
}

fn request(operation: &Operation) -> Value {
    let place = |wanted| {
        let parameters = operation.parameters_in(wanted);
        let rows = parameters.map(|parameter| field(&parameter.name, parameter.required, &parameter.schema));
        rows.collect::<Vec<_>>()
    };
    let mut value = json!({
        "path": place(Place::Path),
        "query": place(Place::Query),
        "header": place(Place::Header),
    });
    match &operation.body {
        Some(Body::Json(schema)) => put(&mut value, "body", fields(schema)),
        Some(Body::Upload(upload)) => {
            put(&mut value, "meta", fields(&upload.meta));
            put(&mut value, "file", upload.file.clone());
            put(&mut value, "form", properties(&upload.form));
        }
        None => {}
    }
    value
}

fn response(operation: &Operation) -> Value {
    let Some(response) = operation.response() else {
        return Value::Null;
    };
    let mut value = json!({ "status": response.status });
    match &response.content {
        Content::Json(schema) => put(&mut value, "body", fields(schema)),
        Content::Download(media_type) => put(&mut value, "download", media_type.to_string()),
        Content::Empty => {}
    }
    value
}

/// The fields of an object, or of the items of an array.
fn fields(schema: &Schema) -> Value {
    match &schema.items {
        Some(items) => json!([field("[]", true, items)]),
        None => properties(&schema.properties),
    }
}

fn properties(properties: &[Property]) -> Value {
    let rows = properties
        .iter()
        .map(|property| field(&property.name, property.required, &property.schema));
    rows.collect::<Vec<_>>().into()
}

fn field(name: &str, required: bool, schema: &Schema) -> Value {
    let inner = inside(schema);
    let values: Vec<_> = schema
        .values
        .iter()
        .map(|value| json!({ "value": value.value, "title": value.title }))
        .collect();
    json!({
        "name": name,
        "type": kind(schema),
        "required": required,
        "title": schema.title,
        "sensitive": schema.sensitive,
        "deprecated": schema.deprecated,
        "example": schema.example,
        "format": schema.format,
        "min_length": schema.min_length,
        "max_length": schema.max_length,
        "minimum": schema.minimum,
        "maximum": schema.maximum,
        "max_items": schema.max_items,
        "pattern": schema.pattern,
        "values": values,
        "fields": properties(&inner.properties),
    })
}

/// The type of the innermost items.
fn inside(schema: &Schema) -> &Schema {
    match (&schema.items, &schema.json) {
        (Some(items), _) => inside(items),
        (None, Some(json)) => inside(json),
        (None, None) => schema,
    }
}

fn kind(schema: &Schema) -> String {
    match (&schema.items, &schema.json) {
        (Some(items), _) => format!("{}[]", kind(items)),
        (None, Some(_)) => "string(json)".to_owned(),
        (None, None) => schema.kind.as_str().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_operation_is_shown_with_its_fields() {
        for summary in Description::embedded().operations() {
            let shown = operation(&summary.id).unwrap();
            assert_eq!(shown["path"], summary.path.as_ref());
            assert!(shown["request"]["query"].is_array(), "{}", summary.id);
        }
        assert!(operation("no_such").is_err());
    }

    #[test]
    fn an_operation_is_found_by_its_official_name() {
        let found = search("Native下单");
        let operations = found["operations"].as_array().unwrap();
        assert!(
            operations
                .iter()
                .any(|found| found["path"] == "/v3/pay/transactions/native")
        );
        assert!(
            operations
                .iter()
                .all(|found| found["title"].as_str().unwrap().contains("Native"))
        );
        let everything = search(" ");
        assert_eq!(everything["found"], everything["total"]);
        assert_eq!(everything["operations"].as_array().unwrap().len(), FOUND);
    }

    #[test]
    fn a_field_tells_what_it_takes() {
        let shown = operation("post_v3_refund_domestic_refunds").unwrap();
        let body = shown["request"]["body"].as_array().unwrap();
        let amount = body.iter().find(|field| field["name"] == "amount").unwrap();
        assert_eq!((&amount["type"], &amount["required"]), (&json!("object"), &json!(true)));
        assert!(
            amount["fields"]
                .as_array()
                .unwrap()
                .iter()
                .any(|field| field["name"] == "refund")
        );
        let goods = body.iter().find(|field| field["name"] == "goods_detail").unwrap();
        assert_eq!(goods["type"], "object[]");
        assert!(!goods["fields"].as_array().unwrap().is_empty());
    }
}
