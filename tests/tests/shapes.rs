//! Every legal shape of a declaration compiles in a strict crate and serializes as documented.

// The lints of a strict crate must not fire in generated code.
#![deny(
    deprecated,
    missing_docs,
    rust_2018_idioms,
    single_use_lifetimes,
    unreachable_pub,
    unused_qualifications,
    clippy::pedantic
)]
#![cfg_attr(test, deny(unused))]

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::borrow::Cow;
use wechatpay_core::{Client, Download, Endpoint, Error, Method, Sensitive, Upload, wechatpay_endpoint};
use wechatpay_gateway::Gateway;

/// The constants of an operation.
fn operation<E: Endpoint>(_: &E) -> (Method, &'static str, bool) {
    (E::METHOD, E::PATH, E::IDEMPOTENT)
}

fn json(request: &impl Serialize) -> Value {
    serde_json::to_value(request).unwrap()
}

/// A response.
#[derive(Debug, Deserialize)]
pub struct OrderResponse {
    /// A number.
    pub prepay_id: String,
}

/// The short form.
#[wechatpay_endpoint(POST, "/v3/ecommerce/sign", encrypt(real_name, cred_id))]
pub struct Sign {
    /// Not secret.
    pub appid: String,
    /// Secret.
    pub real_name: String,
    /// Secret, optional.
    pub cred_id: Option<String>,
}

#[test]
fn an_encrypted_field_is_redacted_and_cannot_be_serialized_otherwise() {
    let sign = Sign {
        appid: "wx1".into(),
        real_name: "张三".into(),
        cred_id: None,
    };
    let debug = format!("{sign:?}");
    assert_eq!(
        debug,
        r#"Sign { appid: "wx1", real_name: [redacted], cred_id: [redacted] }"#
    );
    let error = serde_json::to_string(&sign).unwrap_err().to_string();
    assert!(!error.contains("张三"), "{error}");
    assert_eq!(operation(&sign), (Method::POST, "/v3/ecommerce/sign", false));
}

/// Every place of a field.
#[wechatpay_endpoint(PATCH, "/v3/orders/{order_id}/items/{type}", response = OrderResponse, idempotent)]
#[derive(Debug, Clone, PartialEq)]
pub struct Places {
    /// By its field attribute.
    #[wechatpay(path = "order_id")]
    pub order: u64,
    /// By its name.
    pub r#type: String,
    /// The same name in the body.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// In the query.
    #[wechatpay(query)]
    pub page: Option<u32>,
    /// In the query, by a function.
    #[wechatpay(query)]
    #[serde(with = "upper", skip_serializing_if = "String::is_empty")]
    pub state: String,
    /// In a header.
    #[wechatpay(header = "Idempotency-Key")]
    pub key: String,
    /// In the body.
    pub memo: String,
    /// Not sent.
    #[serde(skip)]
    pub note: String,
}

mod upper {
    pub(super) fn serialize<S: serde::Serializer>(text: &str, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&text.to_uppercase())
    }
}

#[test]
fn moved_and_absent_fields_are_not_part_of_the_serialized_request() {
    let places = Places {
        order: 7,
        r#type: "a".into(),
        kind: None,
        page: Some(1),
        state: "open".into(),
        key: "k".into(),
        memo: "m".into(),
        note: "n".into(),
    };
    assert_eq!(json(&places), json!({ "memo": "m" }));
    assert_eq!(
        json(&Places {
            kind: Some("b".into()),
            ..places.clone()
        }),
        json!({ "memo": "m", "type": "b" })
    );
    assert_eq!(
        operation(&places),
        (Method::PATCH, "/v3/orders/{order_id}/items/{type}", true)
    );
}

/// One field is the body.
#[wechatpay_endpoint(PUT, "/v3/stores/{store}", response = ())]
#[derive(Debug)]
pub struct Whole {
    /// In the path.
    pub store: String,
    /// The body.
    #[wechatpay(body)]
    pub goods: Option<Vec<Goods>>,
    /// In the query.
    #[wechatpay(query)]
    pub operator: String,
}

/// A part of a body, with its own derive.
#[derive(Debug, Serialize)]
pub struct Goods {
    /// A name.
    pub name: String,
}

#[test]
fn a_request_with_a_body_field_serializes_as_that_field() {
    let goods = Some(vec![Goods { name: "茶".into() }]);
    let whole = Whole {
        store: "1".into(),
        goods,
        operator: "o".into(),
    };
    assert_eq!(json(&whole), json!([{ "name": "茶" }]));
}

/// A secret body, which is a list.
#[wechatpay_endpoint(POST, "/v3/names", encrypt(names))]
pub struct SecretBody {
    /// The body.
    #[wechatpay(body)]
    pub names: Vec<String>,
}

/// Renamed fields, a flattened struct, a secret in the query.
#[wechatpay_endpoint(DELETE, "/v3/orders/", encrypt(phone_number), response = Option<OrderResponse>)]
#[serde(rename_all = "camelCase")]
pub struct Renamed {
    /// `outTradeNo`
    pub out_trade_no: String,
    /// `phoneNumber`, in the query.
    #[wechatpay(query)]
    pub phone_number: String,
    /// `other`
    #[serde(rename(serialize = "other"))]
    pub sub_mchid: String,
    /// Its members.
    #[serde(flatten)]
    pub rest: Rest,
    /// Its members, if present.
    #[serde(flatten)]
    pub more: Option<Rest>,
}

/// Flattened.
#[derive(Debug, Serialize)]
pub struct Rest {
    /// A secret by its type.
    pub name: Option<Sensitive<String>>,
}

#[test]
fn serde_attributes_have_their_meaning_in_serde() {
    let rest = Rest { name: None };
    let renamed = Renamed {
        out_trade_no: "1".into(),
        phone_number: "2".into(),
        sub_mchid: "3".into(),
        rest,
        more: None,
    };
    assert_eq!(json(&renamed), json!({ "outTradeNo": "1", "other": "3" }));
}

/// Without fields.
#[wechatpay_endpoint(GET, "/v3/certificates")]
#[derive(Debug, Clone, Copy)]
pub struct Unit;

/// Without fields.
#[wechatpay_endpoint(GET, "/v3/bill", response = Download)]
#[derive(Debug)]
pub struct Empty {}

/// A path alone.
#[wechatpay_endpoint(GET, "/v3/{a}/{b}")]
#[derive(Debug)]
pub struct OnlyPath {
    /// First.
    pub a: bool,
    /// Second.
    pub b: Kind,
}

/// A custom scalar.
#[derive(Debug, Serialize)]
pub enum Kind {
    /// `ONE`
    #[serde(rename = "ONE")]
    One,
}

/// An upload with every name given.
#[wechatpay_endpoint(POST, "/v3/upload", encrypt(owner))]
pub struct Uploading {
    /// The file.
    #[wechatpay(file = "media", filename = none, digest = "digest", algorithm = SM3)]
    pub file: Upload,
    /// A part.
    #[wechatpay(form)]
    #[serde(rename = "remark")]
    pub note: Option<String>,
    /// In `meta`.
    pub owner: String,
}

/// Borrowed and generic.
#[wechatpay_endpoint(POST, "/v3/orders/{id}", encrypt(name, names))]
#[derive(Clone)]
pub struct Generic<'a, T, U = String, const N: usize = 2>
where
    U: AsRef<str>,
{
    /// In the path.
    pub id: U,
    /// Secret.
    pub name: &'a str,
    /// Secret.
    pub names: Option<Vec<Cow<'a, str>>>,
    /// In the body.
    pub value: T,
    /// In the body.
    pub list: Vec<[T; 1]>,
    /// Not sent.
    #[serde(skip)]
    pub size: [u8; N],
}

#[test]
fn the_debug_of_a_generic_request_shows_its_plain_fields() {
    let generic: Generic<'_, u8> = Generic {
        id: "1".into(),
        name: "张三",
        names: None,
        value: 1,
        list: Vec::new(),
        size: [0; 2],
    };
    assert_eq!(
        format!("{generic:?}"),
        r#"Generic { id: "1", name: [redacted], names: [redacted], value: 1, list: [], size: [0, 0] }"#
    );
}

/// Its parameters have the names of the parameters of `send`.
#[wechatpay_endpoint(GET, "/v3/orders/{id}")]
#[derive(Debug)]
pub struct Taken<'client, C> {
    /// In the path.
    pub id: &'client str,
    /// In the query.
    pub value: C,
}

/// Fields that `cfg` removes or moves.
#[wechatpay_endpoint(POST, "/v3/orders/{id}", encrypt(name, gone))]
pub struct Conditional {
    /// Removed, so its attribute does not apply.
    #[cfg(any())]
    #[wechatpay(path = "id")]
    pub gone: NoSuchType,
    /// In the path.
    pub id: String,
    /// Removed, so it is not the body.
    #[cfg(any())]
    #[wechatpay(body)]
    pub body: NoSuchType,
    /// Present.
    #[cfg(not(any()))]
    pub name: String,
    /// In the query.
    #[cfg_attr(all(), wechatpay(query))]
    pub page: u32,
    /// In the body.
    #[cfg_attr(any(), wechatpay(query))]
    pub state: String,
}

mod facade {
    pub(crate) mod wechatpay {
        pub(crate) use wechatpay_core::*;
    }
}

/// Through a re-export.
#[facade::wechatpay::wechatpay_endpoint(POST, "/v3/orders", encrypt(name), crate = crate::facade::wechatpay)]
pub struct Reexported {
    /// Secret.
    pub name: String,
    /// Plain.
    pub amount: Option<u64>,
}

/// With other derives, one of which reads serde attributes too.
#[wechatpay_endpoint(POST, "/v3/orders/{id}", response = Vec<OrderResponse>)]
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Derived {
    /// In the path.
    pub id: String,
    /// In the body.
    #[serde(default)]
    pub memo: Option<String>,
}

#[test]
fn a_request_can_be_deserialized_from_json() {
    let derived: Derived = serde_json::from_value(json!({ "id": "1" })).unwrap();
    assert_eq!(
        derived,
        Derived {
            id: "1".into(),
            memo: None
        }
    );
    assert_eq!(json(&derived), json!({}));
}

/// The derive precedes the attribute.
#[derive(Debug, Clone)]
#[wechatpay_endpoint(GET, "/v3/orders")]
pub struct DerivedAbove {
    /// In the query.
    pub mchid: String,
}

macro_rules! declare {
    ($name:ident, $method:ident, $path:literal, $secret:ident: $type:ty, $response:ty) => {
        /// Written by a macro.
        #[wechatpay_endpoint($method, $path, encrypt($secret), response = $response)]
        pub struct $name {
            /// Secret.
            pub $secret: $type,
            /// Secret, optional.
            pub maybe: Option<$type>,
        }
    };
}

declare!(ByMacro, POST, "/v3/orders", name: Option<String>, OrderResponse);

/// Names that could conflict with generated code.
#[allow(dead_code, non_camel_case_types, reason = "they only shadow other names")]
mod shadowed {
    use wechatpay_core::wechatpay_endpoint;

    struct Option;
    struct Result;
    struct String;
    struct Ok;
    struct Some;
    struct Sync;
    mod core {}
    mod std {}
    mod serde {}

    #[wechatpay_endpoint(POST, "/v3/orders/{request}", encrypt(client), idempotent)]
    pub(super) struct Debug<'a> {
        pub(super) request: u8,
        pub(super) client: &'a str,
        #[wechatpay(query)]
        pub(super) f: u8,
        pub(super) value: u8,
    }
}

#[test]
fn names_in_scope_do_not_conflict() {
    let debug = shadowed::Debug {
        request: 1,
        client: "x",
        f: 2,
        value: 3,
    };
    assert_eq!(
        format!("{debug:?}"),
        "Debug { request: 1, client: [redacted], f: 2, value: 3 }"
    );
}

/// Legal code that must not become an error in generated code.
pub mod legal {
    #![deny(warnings)]

    use serde::Serialize;
    use wechatpay_core::wechatpay_endpoint;

    /// Deprecated, with a deprecated field.
    #[wechatpay_endpoint(POST, "/v3/orders", encrypt(name))]
    #[deprecated = "there is a newer one"]
    pub struct Deprecated {
        /// Secret.
        pub name: String,
        /// Not sent any more.
        #[deprecated]
        pub memo: String,
    }

    /// One lifetime, used once.
    #[wechatpay_endpoint(POST, "/v3/orders", encrypt(name))]
    pub struct Borrowed<'a> {
        /// Secret.
        pub name: &'a str,
    }

    /// A type with the name of a type of the standard library.
    #[derive(Debug, Serialize)]
    pub struct Option<T> {
        /// A value.
        pub choice: T,
    }

    /// With a field of that type.
    #[wechatpay_endpoint(POST, "/v3/orders")]
    #[derive(Debug)]
    pub struct OwnOption {
        /// In the body.
        pub option: Option<u8>,
    }

    /// A type with the name of the type for uploaded files.
    #[derive(Debug, Serialize)]
    pub struct Upload {
        /// A number.
        pub id: u8,
    }

    /// With a field of that type.
    #[wechatpay_endpoint(POST, "/v3/orders")]
    #[derive(Debug)]
    pub struct OwnUpload {
        /// In the body.
        pub upload: Upload,
    }
}

#[test]
fn m1_legal_code_compiles_without_a_warning_and_is_sent_unchanged() {
    let own = legal::OwnOption {
        option: legal::Option { choice: 1 },
    };
    assert_eq!(json(&own), json!({ "option": { "choice": 1 } }));
    let own = legal::OwnUpload {
        upload: legal::Upload { id: 2 },
    };
    assert_eq!(json(&own), json!({ "upload": { "id": 2 } }));
    assert_eq!(
        format!("{:?}", legal::Borrowed { name: "张三" }),
        "Borrowed { name: [redacted] }"
    );
}

/// The serde attributes of a field of the payload.
#[wechatpay_endpoint(POST, "/v3/orders/{id}")]
#[serde(bound(serialize = "T: Serialize"), rename = "Ignored", deny_unknown_fields)]
#[derive(Debug, Deserialize)]
pub struct WithSerdeAttributes<T> {
    /// In the path.
    pub id: String,
    /// Deserialized under one name, serialized under another.
    #[serde(rename(serialize = "written", deserialize = "read"), alias = "other", default)]
    pub name: String,
    /// Serialized by a function.
    #[serde(serialize_with = "upper::serialize")]
    pub state: String,
    /// Left out if empty.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub list: Vec<T>,
    /// Left out if `None`.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub more: Option<std::collections::BTreeMap<String, u8>>,
    /// Only deserialized.
    #[serde(skip_serializing, default)]
    pub secret: String,
}

#[test]
fn m5_the_serde_attributes_of_a_field_apply_to_the_payload() {
    let request = WithSerdeAttributes {
        id: "1".into(),
        name: "n".into(),
        state: "open".into(),
        list: Vec::<u8>::new(),
        more: None,
        secret: "s".into(),
    };
    assert_eq!(json(&request), json!({ "written": "n", "state": "OPEN" }));
    let request = WithSerdeAttributes {
        list: vec![1],
        more: Some([("m".to_owned(), 2)].into()),
        ..request
    };
    assert_eq!(
        json(&request),
        json!({ "written": "n", "state": "OPEN", "list": [1], "m": 2 })
    );
}

/// Fields that a condition leaves out, in every place that allows it.
#[wechatpay_endpoint(POST, "/v3/upload", response = ())]
#[derive(Debug)]
pub struct LeftOut {
    /// In the query.
    #[wechatpay(query)]
    #[serde(skip_serializing_if = "String::is_empty")]
    pub page: String,
    /// In a header.
    #[wechatpay(header = "X-Key")]
    #[serde(skip_serializing_if = "String::is_empty")]
    pub key: String,
    /// A part.
    #[wechatpay(form)]
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
    /// In `meta`.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub memo: String,
    /// The file.
    #[wechatpay(file)]
    pub file: Upload,
}

#[tokio::test]
async fn c14_a_condition_leaves_a_field_out_in_every_place() {
    let gateway = Gateway::start().unwrap();
    gateway.on(Method::POST, "/v3/upload", |_| ());
    let client = gateway.client().unwrap();
    for text in ["", "x"] {
        let [page, key, note, memo] = [text; 4].map(String::from);
        let file = Upload::new("a.png", "image");
        LeftOut {
            page,
            key,
            note,
            memo,
            file,
        }
        .send(&client)
        .await
        .unwrap();
        let sent = gateway.last_request().unwrap();
        let expected = (!text.is_empty()).then_some(text);
        assert_eq!(sent.query("page"), expected);
        assert_eq!(sent.header("X-Key"), expected);
        assert_eq!(
            sent.part("note").map(|part| &part.bytes()[..]),
            expected.map(str::as_bytes)
        );
        assert_eq!(sent.json().get("memo").and_then(Value::as_str), expected);
    }
}

/// A struct inside a function is declared the same way.
#[test]
fn a_struct_inside_a_function_can_be_an_endpoint() {
    #[wechatpay_endpoint(GET, "/v3/inside")]
    struct Inside;
    assert_eq!(operation(&Inside), (Method::GET, "/v3/inside", false));
}

/// Each response has the declared type. Nothing is sent.
#[allow(dead_code, reason = "the test is that it compiles")]
async fn responses(client: &Client, places: Places, taken: Taken<'_, u8>, derived: Derived) -> Result<(), Error> {
    let _: OrderResponse = places.send(client).await?;
    let _: Value = Unit.send(client).await?;
    let _: Download = Empty {}.send(client).await?;
    let _: Value = taken.send(client).await?;
    let _: Vec<OrderResponse> = derived.send(client).await?;
    let by_macro: OrderResponse = ByMacro {
        name: None,
        maybe: None,
    }
    .send(client)
    .await?;
    let _ = by_macro.prepay_id;
    Ok(())
}

/// A call can be moved to another task.
#[allow(dead_code, reason = "the test is that it compiles")]
fn calls_are_send(client: &'static Client, places: &'static Places) {
    fn is_send(_: impl Send) {}
    is_send(places.send(client));
}
