//! The embedded description, and the look-ups in it.

use wechatpay_catalogue::description::{Algorithm, Body, Content, Description, Found, Kind, Method, Place};

#[test]
fn every_documented_operation_and_notification_is_described() {
    let description = Description::embedded();
    assert_eq!(description.operations().len(), 1018);
    assert_eq!(description.events().len(), 58);
    let mut ids = std::collections::HashSet::new();
    for summary in description.operations() {
        let operation = summary.operation().unwrap();
        assert_eq!(operation.id, summary.id);
        assert!(ids.insert(&operation.id), "{} occurs twice", operation.id);
        assert!(operation.title.is_some(), "{} has no title", operation.id);
        assert_eq!(operation.responses.len(), 1, "{}", operation.id);
        let placeholders = operation
            .path
            .split('/')
            .filter(|segment| segment.starts_with('{'))
            .count();
        assert_eq!(
            operation.parameters_in(Place::Path).count(),
            placeholders,
            "{}",
            operation.id
        );
    }
}

#[test]
fn an_operation_is_found_by_path_by_title_by_link_and_by_id() {
    let description = Description::embedded();
    let id = "post_v3_pay_transactions_jsapi";
    for text in [
        "POST /v3/pay/transactions/jsapi",
        "/v3/pay/transactions/jsapi",
        "post_v3_pay_transactions_jsapi",
        "https://pay.weixin.qq.com/doc/v3/merchant/4012525167?from=somewhere#top",
    ] {
        let found = description.resolve(text);
        assert!(found.iter().any(|summary| summary.id == id), "{text}");
    }
    assert!(description.resolve("jsapi下单").iter().any(|summary| summary.id == id));
    assert!(description.resolve("GET /v3/pay/transactions/jsapi").is_empty());
}

#[test]
fn a_request_path_is_routed_to_its_template_and_literals_come_first() {
    let description = Description::embedded();
    let order = description
        .route(Method::Get, "/v3/pay/transactions/out-trade-no/A-1")
        .unwrap();
    assert_eq!(order.path, "/v3/pay/transactions/out-trade-no/{out_trade_no}");
    assert!(
        description
            .route(Method::Get, "/v3/pay/transactions/out-trade-no/")
            .is_none()
    );
    for summary in description.operations() {
        let path = summary.path.replace(['{', '}'], "~");
        let found = description.route(summary.method, &path).unwrap();
        // Two templates of the description differ only in the name of a placeholder.
        let shape = |path: &str| {
            path.split('/')
                .map(|s| if s.starts_with('{') { "{}" } else { s })
                .collect::<Vec<_>>()
                .join("/")
        };
        assert_eq!(shape(&found.path), shape(&summary.path));
    }
    let literal = description.route(Method::Post, "/v3/applyment4sub/applyment/").unwrap();
    assert_eq!(literal.path, "/v3/applyment4sub/applyment/");
}

#[test]
fn a_search_finds_titles_before_paths_and_paths_before_labels() {
    let description = Description::embedded();
    let found = description.search("退款");
    assert!(found.len() > 20);
    assert!(found.is_sorted_by_key(|found| match found.found {
        Found::Label(_) => Found::Label(""),
        other => other,
    }));
    assert!(
        description
            .search("refund")
            .iter()
            .any(|found| found.summary.path == "/v3/refund/domestic/refunds")
    );
    let both = description.search("refund 申请");
    assert!(!both.is_empty() && both.len() < description.search("refund").len());
    let by_label = description.search("out_refund_no");
    assert!(
        by_label
            .iter()
            .any(|found| found.found == Found::Label("out_refund_no"))
    );
    assert!(description.search("no such thing").is_empty());
    assert!(description.search(" ").is_empty());
}

#[test]
fn a_field_has_its_type_its_limits_and_its_names() {
    let description = Description::embedded();
    let prepay = description
        .find(Method::Post, "/v3/pay/transactions/jsapi")
        .unwrap()
        .operation()
        .unwrap();
    let body = prepay.payload().unwrap();
    let names: Vec<_> = body.properties.iter().map(|property| property.name.as_str()).collect();
    assert_eq!(names[..5], ["appid", "mchid", "description", "attach", "out_trade_no"]);
    let amount = body.property("amount").unwrap();
    assert!(amount.required);
    assert_eq!(amount.schema.title.as_deref(), Some("订单金额"));
    assert_eq!(amount.schema.property("total").unwrap().schema.kind, Kind::Integer);
    let mut secrets = Vec::new();
    body.walk(&mut |place, schema| secrets.extend(schema.sensitive.then(|| place.to_owned())));
    assert_eq!(secrets, ["payer.identity.number", "payer.identity.name"]);
    let period = &body
        .property("subsidy_info")
        .unwrap()
        .schema
        .property("subsidy_detail")
        .unwrap()
        .schema;
    let period = &period
        .items
        .as_ref()
        .unwrap()
        .property("subsidy_period_type")
        .unwrap()
        .schema;
    assert_eq!(period.values[0].value, "DAILY");
    assert_eq!(period.values[0].title.as_deref(), Some("随时还"));
}

#[test]
fn an_upload_names_its_parts_and_its_algorithm() {
    let description = Description::embedded();
    let upload = |path| match &description.find(Method::Post, path).unwrap().operation().unwrap().body {
        Some(Body::Upload(upload)) => upload.clone(),
        other => panic!("{other:?}"),
    };
    let image = upload("/v3/merchant/media/upload");
    assert_eq!(
        (image.file.as_str(), image.filename.as_deref()),
        ("file", Some("filename"))
    );
    assert_eq!(
        (image.digest.as_deref(), image.algorithm),
        (Some("sha256"), Algorithm::Sha256)
    );
    let fapiao = upload("/v3/new-tax-control-fapiao/fapiao-applications/upload-fapiao-file");
    assert_eq!(
        (fapiao.filename, fapiao.digest.as_deref(), fapiao.algorithm),
        (None, Some("digest"), Algorithm::Sm3)
    );
}

#[test]
fn a_download_is_told_from_json_and_from_an_empty_response() {
    let description = Description::embedded();
    let content = |method, path| {
        description
            .find(method, path)
            .unwrap()
            .operation()
            .unwrap()
            .response()
            .unwrap()
            .content
            .clone()
    };
    assert_eq!(
        content(Method::Get, "/v3/billdownload/file"),
        Content::Download("text/plain".into())
    );
    let close = "/v3/pay/transactions/out-trade-no/{out_trade_no}/close";
    assert_eq!(content(Method::Post, close), Content::Empty);
    assert!(matches!(
        content(Method::Post, "/v3/pay/transactions/jsapi"),
        Content::Json(_)
    ));
}

/// The hand-kept list, and the page that confirms it for each operation.
#[test]
fn an_operation_is_idempotent_exactly_when_the_hand_kept_list_gives_a_source() {
    let list = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/idempotent.json")).unwrap();
    let list: Vec<serde_json::Value> = serde_json::from_str(&list).unwrap();
    let mut listed: Vec<_> = list
        .iter()
        .map(|entry| {
            assert!(
                entry["source"]
                    .as_str()
                    .unwrap()
                    .starts_with("https://pay.weixin.qq.com/"),
                "{entry}"
            );
            assert!(entry["says"].as_str().is_some_and(|says| says.len() > 20), "{entry}");
            (
                entry["operation"].as_str().unwrap().to_owned(),
                entry["number"].as_str().unwrap().to_owned(),
            )
        })
        .collect();
    let mut described = Vec::new();
    for summary in Description::embedded().operations() {
        let operation = summary.operation().unwrap();
        if let Some(number) = &operation.idempotent {
            let in_payload = operation
                .payload()
                .is_some_and(|payload| payload.property(number).is_some());
            assert!(in_payload || operation.parameters.iter().any(|parameter| parameter.name == *number));
            described.push((format!("{} {}", operation.method, operation.path), number.clone()));
        }
    }
    listed.sort();
    described.sort();
    assert_eq!(listed, described);
}
