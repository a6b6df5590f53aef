//! Every operation of the description without a handler: what is valid gets a response as described, and what is not gets
//! the error that names the field.

use serde_json::{Value, json};
use sha1::{Digest as _, Sha1};
use sha2::Sha256;
use std::collections::HashSet;
use wechatpay_catalogue::description::{Content, Description, Kind, Operation, Schema, Secrets};
use wechatpay_core::crypto::aws_lc_rs::AwsLcRs;
use wechatpay_gateway::{Gateway, PlatformMode};
use wechatpay_tests::{Draft, DraftField, RawCall, RawResponse, SigningClient, Target, has_state, wrong_type};

fn start() -> (Gateway, SigningClient) {
    // In this mode there are certificates to download.
    let mode = PlatformMode::Mixed;
    let gateway = Gateway::builder()
        .mode(mode)
        .backend(&AwsLcRs)
        .simulate()
        .start()
        .unwrap();
    let client = SigningClient::new(&gateway);
    (gateway, client)
}

/// Each operation that its own path leads to. Two templates differ only in the name of a placeholder.
fn operations() -> Vec<&'static Operation> {
    let description = Description::embedded();
    let all = description
        .operations()
        .iter()
        .map(|summary| summary.operation().unwrap());
    let own = all.filter(|operation| {
        let path = operation.path.replace(['{', '}'], "~");
        description
            .route(operation.method, &path)
            .is_some_and(|summary| summary.id == operation.id)
    });
    own.collect()
}

/// The same without those that the gateway's own handler serves: each list of certificates is encrypted anew.
fn described() -> Vec<&'static Operation> {
    let mut described = operations();
    described.retain(|operation| !operation.path.ends_with("/certificates"));
    described
}

/// Sends every operation once for each field that `change` changes, and expects an error that names the field.
fn refused(kind: &str, least: usize, change: impl Fn(&mut Draft, &DraftField) -> bool) {
    let (_gateway, mut client) = start();
    let mut problems = Vec::new();
    let mut sent = 0;
    for operation in described() {
        let draft = Draft::new(operation);
        for field in draft.fields() {
            let mut changed = draft.clone();
            if !change(&mut changed, &field) {
                continue;
            }
            let received = client.send(&changed.call(&client)).unwrap();
            let body = received.json();
            let (location, pointer) = field.target.named();
            let (named, at) = (&body["detail"]["field"], &body["detail"]["location"]);
            if (received.status, &body["code"], named, at)
                != (400, &json!("PARAM_ERROR"), &json!(pointer), &json!(location))
            {
                problems.push(format!(
                    "{} {location} {pointer}: {} {body}",
                    operation.id, received.status
                ));
            }
            sent += 1;
        }
    }
    assert!(
        problems.is_empty(),
        "{} of {sent}: {:#?}",
        problems.len(),
        &problems[..problems.len().min(20)]
    );
    assert!(sent >= least, "only {sent} requests for {kind}");
}

#[test]
fn every_operation_responds_to_a_valid_request_as_described() {
    let (_gateway, mut client) = start();
    let mut problems = Vec::new();
    for operation in operations() {
        let call = Draft::new(operation).call(&client);
        let received = client.send(&call).unwrap();
        if let Some(problem) = problem(operation, &call.target, &received, &client) {
            problems.push(format!("{}: {problem}", operation.id));
        }
    }
    assert!(problems.is_empty(), "{}: {problems:#?}", problems.len());
    assert!(operations().len() > 1010);
}

fn problem(operation: &Operation, target: &str, received: &RawResponse, client: &SigningClient) -> Option<String> {
    let response = operation.response()?;
    if has_state(operation) && (400..500).contains(&received.status) {
        // What the example names does not exist, or exists already.
        return (!client.is_genuine(received)).then(|| "the refusal is not signed".to_owned());
    }
    if received.status != response.status {
        return Some(format!("{} {}", received.status, received.json()));
    }
    match &response.content {
        Content::Empty => (!received.body.is_empty()).then(|| "there is a body".to_owned()),
        Content::Download(media_type) => {
            let right = received.header("content-type") == Some(media_type) && !received.body.is_empty();
            (!right).then(|| format!("not a file of {media_type}"))
        }
        Content::Json(schema) => {
            if !client.is_genuine(received) {
                return Some("the signature is wrong".to_owned());
            }
            let body = received.json();
            let violation = schema.check(&body, Secrets::Encrypted).err();
            let violation = violation.map(|violation| format!("{} {:?}", violation.pointer, violation.rule));
            violation.or_else(|| secrets(schema, &body, "", &|text| client.decrypt(target, text)))
        }
    }
}

/// The first sensitive value that is not encrypted for the sender.
fn secrets(schema: &Schema, value: &Value, place: &str, open: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    if let Some(items) = &schema.items {
        let mut items = value.as_array()?.iter().map(|item| secrets(items, item, place, open));
        return items.find_map(|problem| problem);
    }
    if schema.sensitive {
        return open(value.as_str()?)
            .is_none()
            .then(|| format!("{place} is not encrypted"));
    }
    schema.properties.iter().find_map(|property| {
        let place = format!("{place}/{}", property.name);
        secrets(&property.schema, value.get(&property.name)?, &place, open)
    })
}

#[test]
fn the_same_request_gets_the_same_response() {
    let (_gateway, mut client) = start();
    let same = |operation: &&Operation| !operation.receives_secrets() && !has_state(operation);
    for operation in described().into_iter().filter(same) {
        let call = Draft::new(operation).call(&client);
        let (first, second) = (client.send(&call).unwrap(), client.send(&call).unwrap());
        assert_eq!(first.body, second.body, "{}", operation.id);
    }
}

#[test]
fn a_response_repeats_the_numbers_of_its_request() {
    let (_gateway, mut client) = start();
    let mut repeated = 0;
    for operation in operations() {
        let Some(schema) = operation.response_schema().filter(|_| !has_state(operation)) else {
            continue;
        };
        let mut draft = Draft::new(operation);
        let mut numbers = Vec::new();
        for field in draft.fields() {
            let (_, pointer) = field.target.named();
            let name = pointer.trim_start_matches('/');
            let same = schema.property(name).map(|property| &property.schema);
            let text = json!("9988776655");
            let takes = |schema: &Schema| !schema.sensitive && schema.pattern.is_none() && schema.allows(&text);
            if name.ends_with("_no") && takes(field.schema) && same.is_some_and(takes) {
                draft.set(&field.target, text);
                numbers.push(name.to_owned());
            }
        }
        let body = client.send(&draft.call(&client)).unwrap().json();
        for name in numbers {
            assert_eq!(body[&name], "9988776655", "{} {name}: {body}", operation.id);
            repeated += 1;
        }
    }
    assert!(repeated > 100, "{repeated}");
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_link_of_a_response_leads_to_a_file_with_the_digest_of_the_response() {
    let (_gateway, mut client) = start();
    let mut links = 0;
    for operation in described().into_iter().filter(|operation| !has_state(operation)) {
        let call = Draft::new(operation).call(&client);
        let body = client.send(&call).unwrap().json();
        let link = body["download_url"].as_str().or_else(|| body["url"].as_str());
        let (Some(link), Some(digest)) = (link, body["hash_value"].as_str()) else {
            continue;
        };
        let (_, target) = link.trim_start_matches("http://").split_once('/').unwrap();
        let download = RawCall {
            method: "GET".to_owned(),
            target: format!("/{target}"),
            ..RawCall::default()
        };
        let file = client.send(&download).unwrap().body;
        let actual = match body["hash_type"].as_str() {
            Some("SHA256") => hex(&Sha256::digest(&file)),
            _ => hex(&Sha1::digest(&file)),
        };
        assert_eq!(digest, actual, "{}", operation.id);
        links += 1;
    }
    assert!(links > 15, "{links}");
}

#[test]
fn a_number_that_the_service_assigns_differs_from_request_to_request() {
    let (_gateway, mut client) = start();
    let operation = Description::embedded()
        .by_id("post_v3_marketing_favor_coupon_stocks")
        .unwrap()
        .operation()
        .unwrap();
    let mut draft = Draft::new(operation);
    let mut numbers = HashSet::new();
    for number in 0..20 {
        draft.set(
            &Target::Body("/out_request_no".to_owned()),
            format!("A-{number}").into(),
        );
        let received = client.send(&draft.call(&client)).unwrap();
        numbers.insert(received.json()["stock_id"].as_str().unwrap().to_owned());
    }
    assert_eq!(numbers.len(), 20);
}

#[test]
fn a_missing_field_is_refused_by_its_name() {
    refused("missing", 3000, |draft, field| {
        draft.remove(&field.target);
        field.required && !matches!(field.target, Target::Path(_))
    });
}

#[test]
fn a_required_text_that_is_empty_is_refused_by_its_name() {
    refused("empty", 2500, |draft, field| {
        draft.set(&field.target, "".into());
        let is_text = field.schema.kind == Kind::String;
        field.required && is_text && !matches!(field.target, Target::Path(_))
    });
}

#[test]
fn a_value_of_the_wrong_type_is_refused_by_the_name_of_its_field() {
    refused("wrong type", 8000, |draft, field| {
        let wrong = wrong_type(field);
        if let Some(wrong) = &wrong {
            draft.set(&field.target, wrong.clone());
        }
        wrong.is_some()
    });
}

#[test]
fn null_is_refused_by_the_name_of_its_field() {
    refused("null", 8000, |draft, field| {
        draft.set(&field.target, Value::Null);
        matches!(field.target, Target::Body(_))
    });
}

#[test]
fn a_value_that_no_enum_lists_is_refused_by_the_name_of_its_field() {
    refused("unknown value", 500, |draft, field| {
        let unknown = match field.schema.values.first() {
            None => return false,
            Some(known) if known.value.is_string() => "NO_SUCH_VALUE".into(),
            Some(_) => json!(987_654_321),
        };
        draft.set(&field.target, unknown);
        true
    });
}

#[test]
fn a_text_that_is_too_long_by_one_character_is_refused_by_the_name_of_its_field() {
    refused("too long", 100, |draft, field| {
        let Some(most) = field.schema.max_length.and_then(|most| usize::try_from(most).ok()) else {
            return false;
        };
        // A character of three bytes where it fits: characters count, not bytes.
        let character = if field.schema.sensitive { "x" } else { "张" };
        draft.set(&field.target, character.repeat(most + 1).into());
        // What is longer cannot be encrypted.
        !field.schema.sensitive || most < 214
    });
}

#[test]
fn a_text_of_the_greatest_length_is_accepted() {
    let (_gateway, mut client) = start();
    for operation in operations() {
        let mut draft = Draft::new(operation);
        for field in draft.fields() {
            let schema = field.schema;
            let is_text = schema.kind == Kind::String && schema.json.is_none();
            let plain = is_text && schema.values.is_empty() && !schema.sensitive;
            if let (true, Some(most)) = (plain, field.schema.max_length) {
                draft.set(&field.target, "张".repeat(usize::try_from(most).unwrap()).into());
            }
        }
        let received = client.send(&draft.call(&client)).unwrap();
        let accepted = (200..300).contains(&received.status) || has_state(operation);
        assert!(accepted, "{}: {}", operation.id, received.json());
    }
}

#[test]
fn plaintext_in_place_of_a_ciphertext_is_refused_by_the_name_of_its_field() {
    refused("plaintext", 200, |draft, field| {
        draft.unencrypted.push(field.target.clone());
        field.schema.sensitive
    });
}

#[test]
fn a_number_out_of_its_range_is_refused_by_the_name_of_its_field() {
    refused("out of range", 5, |draft, field| {
        let limit = |limit: &Option<serde_json::Number>| limit.as_ref().and_then(serde_json::Number::as_i64);
        let outside = match (limit(&field.schema.minimum), limit(&field.schema.maximum)) {
            (Some(least), _) => least - 1,
            (None, Some(most)) => most + 1,
            (None, None) => return false,
        };
        draft.set(&field.target, outside.into());
        true
    });
}

#[test]
fn a_file_that_is_missing_or_has_another_digest_is_refused() {
    let (_gateway, mut client) = start();
    let mut uploads = 0;
    for operation in operations() {
        let draft = Draft::new(operation);
        let Some((file, _)) = draft.parts.first().cloned() else {
            continue;
        };
        let mut send = |draft: &Draft| {
            let received = client.send(&draft.call(&client)).unwrap();
            (received.status, received.json()["detail"]["field"].clone())
        };
        let mut without = draft.clone();
        without.remove(&Target::Part(file.clone()));
        assert_eq!(send(&without), (400, json!(format!("/{file}"))), "{}", operation.id);
        let mut other = draft.clone();
        other.set(&Target::Part(file), "another".into());
        let (status, field) = send(&other);
        let digest = field.as_str().unwrap_or_default().trim_start_matches('/');
        assert_eq!(status, 400, "{}", operation.id);
        assert!(draft.json[digest].is_string(), "{} {digest}", operation.id);
        uploads += 1;
    }
    assert_eq!(uploads, 14);
}

#[test]
fn the_messages_are_those_of_the_service() {
    let (_gateway, mut client) = start();
    let operation = |id| Description::embedded().by_id(id).unwrap().operation().unwrap();
    let native = Draft::new(operation("post_v3_pay_transactions_native"));
    let mut error = |draft: &Draft, target: Target, value: Option<Value>| {
        let mut changed = draft.clone();
        match value {
            Some(value) => changed.set(&target, value),
            None => changed.remove(&target),
        }
        let body = client.send(&changed.call(&client)).unwrap().json();
        (
            body["message"].as_str().unwrap_or_default().to_owned(),
            body["detail"].clone(),
        )
    };
    let body = |pointer: &str| Target::Body(pointer.to_owned());
    let (message, detail) = error(&native, body("/amount/total"), Some(json!(0.01)));
    assert_eq!(
        message,
        "无法将 JSON 输入源“/body/amount/total”映射到目标字段“总金额”中，此字段需要一个合法的 64 位有符号整数"
    );
    let issue = "the value is not of the type integer";
    let expected = json!({ "location": "body", "field": "/amount/total", "value": 0.01, "issue": issue });
    assert_eq!(detail, expected);
    let (message, detail) = error(&native, body("/amount"), None);
    assert_eq!(
        message,
        "输入源“/body/amount”映射到字段“订单金额”必填性规则校验失败，此字段为必填项"
    );
    assert_eq!(detail["value"], "");
    let (message, _) = error(&native, body("/notify_url"), Some(json!(5)));
    assert!(message.ends_with("此字段需要一个 string 类型的 Json 值"), "{message}");
    let (message, detail) = error(&native, body("/out_trade_no"), Some(json!("")));
    assert!(
        message.ends_with("字符串规则校验失败，字符数 0，小于最小值 1"),
        "{message}"
    );
    assert_eq!(detail["value"], 0);
}
