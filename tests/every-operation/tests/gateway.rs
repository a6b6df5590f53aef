//! Sends every operation of the catalogue to the gateway, which checks the request against the description, and decodes
//! the response.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

use every_operation::{Client, operations};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use wechatpay_catalogue::description::{Body, Content, Description, Kind, Operation, Place, Property, Schema};
use wechatpay_core::{Method, Outcome};
use wechatpay_gateway::{Gateway, GatewayResponse, ReceivedRequest};

/// The contents of a response.
#[derive(Clone, Copy)]
enum Fill {
    /// All fields, with the values of the examples.
    Examples,
    /// Only the required and indispensable fields.
    Indispensable,
    /// All fields, additional fields, and unknown enum values.
    Future,
}

/// Sends every operation and returns the `Debug` of each response, in the order of the description.
fn send_all(fill: Fill) -> Vec<(&'static Operation, String)> {
    let gateway = Gateway::start().unwrap();
    let problems = Arc::new(Mutex::new(Vec::new()));
    let description = Description::embedded();
    for summary in description.operations() {
        let (operation, problems) = (summary.operation().unwrap(), Arc::clone(&problems));
        let method: Method = operation.method.as_str().parse().unwrap();
        gateway.on(method, &operation.path, move |request| {
            let mut found = Vec::new();
            check_request(operation, request, &mut found);
            problems
                .lock()
                .unwrap()
                .extend(found.into_iter().map(|problem| format!("{}: {problem}", operation.id)));
            respond(operation, request, fill)
        });
    }
    let client = Client::new(gateway.client().unwrap()).unwrap();
    let mut shown = std::collections::HashMap::new();
    for (id, send) in operations() {
        match send(&client) {
            Ok(response) => assert!(shown.insert(id, response).is_none(), "{id} is sent twice"),
            Err(error) => problems.lock().unwrap().push(format!("{id}: {error}")),
        }
    }
    assert_eq!(*problems.lock().unwrap(), Vec::<String>::new());
    assert_eq!(gateway.received(), 1018);
    let responses = description.operations().iter().map(|summary| {
        let response = shown
            .remove(summary.id.as_ref())
            .unwrap_or_else(|| panic!("{} is not sent", summary.id));
        (summary.operation().unwrap(), response)
    });
    responses.collect()
}

#[test]
fn every_operation_is_sent_as_described_and_its_response_is_decoded() {
    for (operation, shown) in send_all(Fill::Examples) {
        let Some(schema) = operation.response_schema() else {
            continue;
        };
        visit(schema, &mut |schema, value| {
            if schema.sensitive {
                // `Debug` shows no secret. Short secrets could occur by chance.
                let secret = value.as_str().unwrap();
                assert!(
                    secret.len() < 8 || !shown.contains(secret),
                    "{} shows a secret",
                    operation.id
                );
            } else if let Some(text) = value.as_str() {
                assert!(
                    shown.contains(&format!("{text:?}")),
                    "{}: {text:?} is lost in {shown}",
                    operation.id
                );
            } else if value.is_number() {
                assert!(
                    shown.contains(&value.to_string()),
                    "{}: {value} is lost in {shown}",
                    operation.id
                );
            }
        });
    }
}

#[test]
fn a_response_with_only_the_indispensable_fields_is_decoded() {
    send_all(Fill::Indispensable);
}

#[test]
fn a_response_with_unknown_fields_and_enum_values_is_decoded() {
    send_all(Fill::Future);
}

/// Calls `seen` with each scalar of the example response.
fn visit(schema: &Schema, seen: &mut dyn FnMut(&Schema, &Value)) {
    match (&schema.items, schema.kind) {
        (Some(items), _) => visit(items, seen),
        (None, Kind::Object) => schema
            .properties
            .iter()
            .for_each(|property| visit(&property.schema, seen)),
        (None, Kind::Any | Kind::Array) => {}
        (None, _) => seen(schema, &schema.example_value()),
    }
}

fn respond(operation: &Operation, request: &ReceivedRequest, fill: Fill) -> GatewayResponse {
    let response = operation.response().unwrap();
    match &response.content {
        Content::Empty => GatewayResponse::empty(response.status),
        Content::Download(media_type) => GatewayResponse::bytes(media_type, "a file"),
        Content::Json(schema) => GatewayResponse::json(response.status, &filled(schema, request, fill)),
    }
}

fn filled(schema: &Schema, request: &ReceivedRequest, fill: Fill) -> Value {
    match schema.kind {
        Kind::Object => {
            let kept = |property: &&Property| !matches!(fill, Fill::Indispensable) || is_indispensable(property);
            let members = schema.properties.iter().filter(kept);
            let mut object: Map<String, Value> = members
                .map(|property| (property.name.clone(), filled(&property.schema, request, fill)))
                .collect();
            if matches!(fill, Fill::Future) {
                object.insert("added_last_week".to_owned(), serde_json::json!({ "a": [1, null] }));
            }
            object.into()
        }
        Kind::Array => vec![filled(schema.items.as_ref().unwrap(), request, fill)].into(),
        Kind::String if schema.sensitive => request.encrypt(schema.example_value().as_str().unwrap()).into(),
        Kind::String if !schema.values.is_empty() && matches!(fill, Fill::Future) => "ADDED_LAST_WEEK".into(),
        _ => schema.example_value(),
    }
}

/// Whether the documentation requires the field, or a caller needs it to continue: a number, a state, a link.
fn is_indispensable(property: &Property) -> bool {
    let last = property.name.rsplit('_').next().unwrap();
    property.required
        && (matches!(last, "id" | "no" | "state" | "status" | "url" | "ticket" | "token")
            || matches!(property.name.as_str(), "hash_type" | "hash_value"))
}

fn check_request(operation: &Operation, request: &ReceivedRequest, problems: &mut Vec<String>) {
    let mut secrets = BTreeSet::new();
    for parameter in &operation.parameters {
        let (name, schema) = (parameter.name.as_str(), &parameter.schema);
        let values: Vec<&str> = match parameter.place {
            Place::Path => vec![request.path(name)],
            Place::Query => request
                .query_pairs()
                .iter()
                .filter(|(key, _)| key == name)
                .map(|(_, value)| &**value)
                .collect(),
            // The client sets this header.
            Place::Header if name == "Accept-Encoding" => continue,
            Place::Header => request.header(name).into_iter().collect(),
        };
        if values.is_empty() {
            problems.push(format!("{name} is missing"));
        }
        if schema.sensitive {
            secrets.insert(name.to_owned());
        }
        let schema = schema.items.as_deref().unwrap_or(schema);
        for text in values {
            let value = match schema.kind {
                Kind::String => text.into(),
                _ => serde_json::from_str(text).unwrap_or_default(),
            };
            check(schema, &value, name, problems, &mut secrets);
        }
    }
    for (name, _) in request.query_pairs() {
        if !operation
            .parameters_in(Place::Query)
            .any(|parameter| parameter.name == *name)
        {
            problems.push(format!("{name} is not in the description"));
        }
    }
    match &operation.body {
        Some(Body::Upload(upload)) => {
            for name in [&upload.file]
                .into_iter()
                .chain(upload.form.iter().map(|part| &part.name))
            {
                if request.part(name).is_none() {
                    problems.push(format!("the part {name} is missing"));
                }
            }
            check(&upload.meta, request.json(), "", problems, &mut secrets);
        }
        Some(Body::Json(schema)) => check(schema, request.json(), "", problems, &mut secrets),
        None if !request.body().is_empty() => problems.push("there is a body, but the description has none".to_owned()),
        None => {}
    }
    let encrypted: BTreeSet<String> = request.encrypted_fields().map(str::to_owned).collect();
    if encrypted != secrets {
        problems.push(format!("{encrypted:?} are encrypted instead of {secrets:?}"));
    }
    if operation.announces_key && request.announced_serial().is_none() {
        problems.push("Wechatpay-Serial is missing".to_owned());
    }
}

/// Checks a value and its members, and collects the places of secrets.
fn check(schema: &Schema, value: &Value, place: &str, problems: &mut Vec<String>, secrets: &mut BTreeSet<String>) {
    match schema.kind {
        Kind::Object if schema.properties.is_empty() => {}
        Kind::Object => {
            let Some(object) = value.as_object() else {
                return problems.push(format!("{place} is not an object"));
            };
            for property in &schema.properties {
                let inner = if place.is_empty() {
                    property.name.clone()
                } else {
                    format!("{place}.{}", property.name)
                };
                match object.get(&property.name) {
                    Some(value) => check(&property.schema, value, &inner, problems, secrets),
                    None => problems.push(format!("{inner} is missing")),
                }
            }
            for name in object.keys().filter(|name| schema.property(name).is_none()) {
                problems.push(format!("{place}.{name} is not in the description"));
            }
        }
        Kind::Array => {
            let Some(items) = value.as_array() else {
                return problems.push(format!("{place} is not an array"));
            };
            if items.is_empty() {
                problems.push(format!("{place} is empty"));
            }
            for (index, item) in items.iter().enumerate() {
                check(
                    schema.items.as_ref().unwrap(),
                    item,
                    &format!("{place}[{index}]"),
                    problems,
                    secrets,
                );
            }
        }
        _ if !schema.allows(value) => problems.push(format!("{place} does not match the description")),
        _ if schema.sensitive => {
            secrets.insert(place.to_owned());
        }
        _ => {}
    }
}

/// Whether the simulator keeps state for this operation.
fn has_state(id: &str) -> bool {
    const PREFIXES: &[&str] = &[
        "pay_",
        "combine_",
        "refund_",
        "fund_app_mch_transfer_",
        "profitsharing_",
        "bill_",
        "billdownload_",
    ];
    let name = id.split_once("_v3_").map_or(id, |(_, name)| name);
    PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// The gateway without a handler: it compares each request with the description and responds from the examples.
#[test]
fn every_operation_of_the_simulator_responds_with_what_its_type_decodes() {
    let gateway = Gateway::builder().simulate().start().unwrap();
    let client = Client::new(gateway.client().unwrap()).unwrap();
    let mut problems = Vec::new();
    for (id, send) in operations() {
        match send(&client) {
            Ok(_) => {}
            // A merchant with a public key has no platform certificates, as with the service.
            Err(error) if id.ends_with("certificates") && error.code() == Some("RESOURCE_NOT_EXISTS") => {}
            // What the example names does not exist, or its time is over.
            Err(error) if has_state(id) && error.outcome() == Outcome::Rejected => {}
            Err(error) => problems.push(format!("{id}: {error}")),
        }
    }
    assert_eq!(problems, Vec::<String>::new());
    assert_eq!(gateway.received(), 1018);
}
