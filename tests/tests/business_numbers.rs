//! Runs the rule that compares the ids of a response with those of its request, for every documented operation.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests fail by panicking"
)]

use serde_json::{Map, Value};
use wechatpay_catalogue::description::{Body, Content, Description, Kind, Operation, Place, Property, Schema};
use wechatpay_core::{Client, Error, ErrorKind, Method, RetryPolicy, Upload};
use wechatpay_tests::{MockTransport, Platform};

/// Fields whose documented titles differ between request and response, although both are the same id. This was checked
/// by hand: the titles are synonyms, or one of them is a mistake of the documentation.
const SAME_ID: [(&str, &str); 43] = [
    ("业务申请编号", "微信支付申请单号"),
    ("二级商户号", "特约商户号"),
    ("企业支付额度卡商户卡号", "商户卡号"),
    ("会员卡模版ID", "会员卡模板ID"),
    ("医保自费混合订单号", "从业机构订单号"),
    ("商家品牌红包明细单号", "微信支付品牌红包明细单号"),
    ("商户etc绑定号", "ETC扣费授权协议号"),
    ("商户出境单号", "商户出境退回单号"),
    ("商户号", "服务商商户号"),
    ("商户子单号", "商户子订单号"),
    ("商户支付分计划对应的计划号", "商户侧计划号"),
    ("商户服务订单号", "商户订单号"),
    ("商户注销提现申请号", "商户注销提现申请单号"),
    ("商户注销申请单号", "商户注销提现申请单号"),
    ("商户申请绑定单号", "申请单号"),
    ("商户签约计划号", "商户侧签约计划号"),
    ("商户系统内部订单号", "商户订单号"),
    ("商户订单号", "商户原交易订单号"),
    ("商户订单号", "商户服务订单号"),
    ("商户退款订单号", "商户退款单号"),
    ("子商户号", "子商户商户号"),
    ("子商户号商户号", "子商户号"),
    ("子商户商户号", "子商户号"),
    ("微信分帐单号", "微信分账单号"),
    ("微信子单号", "微信子订单号"),
    ("微信支付付销提现申请单号", "微信支付注销提现申请单号"),
    ("微信支付分配的子商户号", "子商户号"),
    ("微信支付单号", "微信支付转账单号"),
    ("微信支付申请单号", "申请单号"),
    ("微信支付订单号", "微信订单号"),
    ("微信明细单号", "微信支付明细单号"),
    ("微信订单号", "微信分账单号"),
    ("微信转账单号", "商家转账订单号"),
    ("微信退款单号", "微信支付退款号"),
    ("接收方账号", "分账接收方账号"),
    ("支付分服务ID", "服务ID"),
    ("支付分计划商户侧单号", "商户侧计划号"),
    ("服务订单号", "服务ID"),
    ("活动ID", "报名成功的活动ID"),
    ("申请注销的二级商户号", "注销检查的二级商户号"),
    ("电商特约商户商户号", "二级商户号"),
    ("签约协议号", "商户侧签约协议号"),
    ("行政区划ID", "行政区划代码"),
];

/// Operations and fields whose response has another id with the same name, checked by hand. The rule must not compare
/// them.
const ANOTHER_ID: [(&str, &str); 3] = [
    ("get_v3_ecommerce_profitsharing_after_sales_orders", "transaction_id"),
    // The exception belongs to the path.
    ("post_v3_ecommerce_profitsharing_after_sales_orders", "transaction_id"),
    ("post_v3_express_users_openid_transform", "openid"),
];

/// The values of one request.
struct SentValues {
    path: Vec<(String, Value)>,
    query: Map<String, Value>,
    payload: Option<Value>,
}

impl SentValues {
    fn of(operation: &Operation, client: &Client) -> Self {
        let value = |schema: &Schema| sent(client, schema);
        let parameters = |place| {
            let parameters = operation.parameters_in(place);
            parameters.map(|parameter| (parameter.name.clone(), value(&parameter.schema)))
        };
        let payload = operation.payload().map(|schema| match schema.kind {
            Kind::Object => members(schema, value).into(),
            _ => schema.example_value(),
        });
        Self {
            path: parameters(Place::Path).collect(),
            query: parameters(Place::Query).collect(),
            payload,
        }
    }

    /// The values with a name: in the path, the query or the payload.
    fn values<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Value> {
        let in_path = self
            .path
            .iter()
            .filter(move |(own, _)| own == name)
            .map(|(_, value)| value);
        let in_payload = self.payload.as_ref().and_then(move |payload| payload.get(name));
        in_path.chain(self.query.get(name)).chain(in_payload)
    }
}

/// A value as it is sent. A sensitive value is a ciphertext.
fn sent(client: &Client, schema: &Schema) -> Value {
    match schema.example_value() {
        Value::String(text) if schema.sensitive => client.encrypt(&text).unwrap().into(),
        Value::String(text) if text.is_empty() || text == "." => "1".into(),
        value => value,
    }
}

fn members(schema: &Schema, value: impl Fn(&Schema) -> Value) -> Map<String, Value> {
    let members = schema.properties.iter();
    members
        .map(|member| (member.name.clone(), value(&member.schema)))
        .collect()
}

/// Sends the request and returns the result for this response.
async fn call(
    platform: &Platform,
    operation: &Operation,
    sent_values: &SentValues,
    response: &Value,
) -> Result<Value, Error> {
    let mock = platform.response(200, response.to_string());
    let client = platform
        .builder(MockTransport::always(mock))
        .retry(RetryPolicy::never())
        .build()
        .unwrap();
    let method: Method = operation.method.as_str().parse().unwrap();
    let mut call = client.request(method, operation.path.clone());
    for (name, value) in &sent_values.path {
        call = call.path(name, value);
    }
    if !sent_values.query.is_empty() {
        call = call.query(&sent_values.query);
    }
    let file = Upload::new("1.png", "1");
    let mut payload = sent_values.payload.clone();
    if let Some(Body::Upload(upload)) = &operation.body {
        call = call.upload(&file);
        if let Some(Value::Object(meta)) = &mut payload {
            for added in [&upload.filename, &upload.digest].into_iter().flatten() {
                meta.remove(added);
            }
            meta.remove("filename");
            meta.remove("sha256");
        }
    }
    if let Some(payload) = &payload {
        call = call.json(payload);
    }
    Ok(call.send().await?.into_inner())
}

/// The response of the service: every field, with the ids of the request where the documentation means the same id.
fn correct_response(
    operation: &Operation,
    schema: &Schema,
    sent_values: &SentValues,
    client: &Client,
) -> Map<String, Value> {
    let mut response = members(schema, |schema| sent(client, schema));
    for Property { name, schema, .. } in &schema.properties {
        let Some(value) = sent_values
            .values(name)
            .next()
            .filter(|value| value.is_string() || value.is_number())
        else {
            continue;
        };
        if schema.sensitive || ANOTHER_ID.contains(&(operation.id.as_str(), name)) {
            continue;
        }
        let value = match (schema.kind, value) {
            (Kind::Integer | Kind::Number, Value::String(text)) => serde_json::from_str(text).unwrap_or(value.clone()),
            (Kind::String, Value::Number(number)) => number.to_string().into(),
            _ => value.clone(),
        };
        response.insert(name.clone(), value);
    }
    response
}

/// Another id of the same type.
fn another(value: &Value) -> Option<Value> {
    match value {
        Value::String(text) => Some(format!("{text}9").into()),
        Value::Number(number) => Some((number.as_u64()? + 1).into()),
        _ => None,
    }
}

/// The titles of the field in the request that differ from the title in the response.
fn other_titles(operation: &Operation, property: &Property) -> Vec<(String, String)> {
    let name = &property.name;
    let parameters = operation
        .parameters
        .iter()
        .filter(|own| own.name == *name)
        .map(|own| &own.schema);
    let payload = operation.payload().into_iter().flat_map(|schema| &schema.properties);
    let members = payload.filter(|own| own.name == *name).map(|own| &own.schema);
    let Some(in_response) = &property.schema.title else {
        return Vec::new();
    };
    parameters
        .chain(members)
        .filter_map(|schema| Some((schema.title.clone()?, in_response.clone())))
        .filter(|(one, other)| one.to_lowercase() != other.to_lowercase())
        .filter(|(one, other)| !SAME_ID.contains(&(one, other)))
        .collect()
}

/// Whether the rule compares the field.
fn is_compared(operation: &Operation, property: &Property) -> bool {
    let last = property.name.rsplit('_').next().unwrap();
    let is_id = matches!(last, "id" | "no" | "mchid" | "code");
    let is_placeholder = operation
        .parameters_in(Place::Path)
        .any(|own| own.name == property.name);
    (is_id || is_placeholder)
        && !property.schema.sensitive
        && !ANOTHER_ID.contains(&(operation.id.as_str(), property.name.as_str()))
}

#[tokio::test]
async fn s8_the_rule_accepts_the_correct_response_of_every_documented_operation() {
    let platform = Platform::new();
    let client = platform
        .builder(MockTransport::always(platform.response(200, "{}")))
        .build()
        .unwrap();
    let description = Description::embedded();
    let (mut responses, mut operations, mut ids) = (0, 0, 0);
    for summary in description.operations() {
        let operation = summary.operation().unwrap();
        let Some(Content::Json(schema)) = operation.response().map(|response| &response.content) else {
            continue;
        };
        responses += 1;
        let sent_values = SentValues::of(operation, &client);
        let response = correct_response(operation, schema, &sent_values, &client);
        let refused = call(&platform, operation, &sent_values, &Value::Object(response.clone()))
            .await
            .err();
        assert!(
            refused.is_none(),
            "{}: a correct response is refused: {refused:?}",
            operation.id
        );
        let before = ids;
        for property in &schema.properties {
            let name = property.name.as_str();
            let other = sent_values.values(name).next().and_then(|_| another(&response[name]));
            let Some(other) = other else { continue };
            let mut wrong = response.clone();
            wrong.insert(name.to_owned(), other);
            let error = call(&platform, operation, &sent_values, &Value::Object(wrong))
                .await
                .err();
            assert_eq!(
                error.is_some(),
                is_compared(operation, property),
                "{} {name}: {error:?}",
                operation.id
            );
            let Some(error) = error else { continue };
            assert_eq!(
                (error.kind(), error.field()),
                (ErrorKind::Mismatched, Some(name)),
                "{error}"
            );
            let other_titles = other_titles(operation, property);
            assert!(
                other_titles.is_empty(),
                "{} {name}: are these the same id? {other_titles:?}",
                operation.id
            );
            ids += 1;
        }
        operations += usize::from(ids > before);
    }
    // The number of compared fields. A change of the description changes the numbers. Explain a decrease.
    assert_eq!(
        (description.operations().len(), responses, operations, ids),
        (1018, 904, 560, 1065)
    );
}
