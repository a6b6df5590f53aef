use super::*;
use crate::support::language::Language;
use serde::Serialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// What `value` writes, in one of the forms.
fn written(form: Form<'_>, value: &impl Serialize) -> Result<Option<String>, WireError> {
    let mut out = Vec::new();
    let presence = value.serialize(Writer { out: &mut out, form })?;
    let text = String::from_utf8(out).unwrap();
    Ok((presence == Presence::Present).then_some(text))
}

const PARAMETER: Form<'static> = Form::Parameter {
    name: "x",
    element: false,
};

fn text(value: &impl Serialize) -> String {
    written(Form::Json, value).unwrap().unwrap()
}

#[derive(Serialize)]
struct Inner {
    a: Option<u8>,
    b: Option<String>,
}

#[derive(Serialize)]
struct Outer {
    none_first: Option<u8>,
    inner: Inner,
    list: Vec<Option<u8>>,
    map: BTreeMap<&'static str, Option<bool>>,
    null: Value,
    #[serde(flatten)]
    rest: Inner,
}

#[test]
fn none_is_left_out_at_every_depth_and_an_explicit_null_stays() {
    let value = Outer {
        none_first: None,
        inner: Inner {
            a: None,
            b: Some("x".into()),
        },
        list: vec![None, Some(1), None, Some(2)],
        map: BTreeMap::from([("gone", None), ("kept", Some(true))]),
        null: Value::Null,
        rest: Inner { a: Some(7), b: None },
    };
    assert_eq!(
        text(&value),
        r#"{"inner":{"b":"x"},"list":[1,2],"map":{"kept":true},"null":null,"a":7}"#
    );
}

#[test]
fn a_value_that_is_absent_as_a_whole_writes_nothing() {
    let mut out = b"before".to_vec();
    assert_eq!(None::<u8>.serialize(Writer::json(&mut out)).unwrap(), Presence::Absent);
    assert_eq!(out, b"before");
    assert_eq!(text(&Inner { a: None, b: None }), "{}");
}

#[test]
fn text_numbers_and_variants_are_written_as_serde_json_writes_them() {
    #[derive(Serialize)]
    enum Kind {
        Unit,
        Newtype(u8),
        Tuple(u8, Option<u8>),
        Struct { x: i64, y: Option<u8> },
    }
    let value = (
        "\u{0}\"\\\u{2028}中😀",
        [f64::MAX, 0.1, 1.0, -0.0],
        i128::MIN,
        'c',
        [
            Kind::Unit,
            Kind::Newtype(1),
            Kind::Tuple(1, Some(2)),
            Kind::Struct { x: -1, y: Some(3) },
        ],
        BTreeMap::from([(1u8, "one")]),
        json!({"z": [1, {"y": 2.5}], "a": u64::MAX}),
    );
    assert_eq!(text(&value), serde_json::to_string(&value).unwrap());
    assert_eq!(
        text(&[Kind::Tuple(1, None), Kind::Struct { x: 0, y: None }]),
        r#"[{"Tuple":[1]},{"Struct":{"x":0}}]"#
    );
}

#[test]
fn a_number_that_json_cannot_hold_is_an_error_with_its_path() {
    #[derive(Serialize)]
    struct Deep {
        list: Vec<BTreeMap<String, f64>>,
    }
    let deep = Deep {
        list: vec![BTreeMap::new(), BTreeMap::from([("rate".to_owned(), f64::NAN)])],
    };
    let error = written(Form::Json, &deep).unwrap_err();
    assert_eq!(error.to_string(), "`list[1].rate` is not a finite number");
}

#[test]
fn json_that_is_written_already_is_taken_as_it_stands() {
    let raw = serde_json::value::RawValue::from_string(r#"{"kept" : [1.0, null]}"#.to_owned()).unwrap();
    assert_eq!(
        text(&BTreeMap::from([("raw", raw)])),
        r#"{"raw":{"kept" : [1.0, null]}}"#
    );
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum Kind {
    PayByCard,
}

#[derive(Serialize)]
struct More {
    r#type: Kind,
    absent: Option<String>,
}

#[derive(Serialize)]
struct Query<'a> {
    text: &'a str,
    list: Vec<u8>,
    none: Option<bool>,
    yes: bool,
    rate: f64,
    #[serde(flatten)]
    more: More,
}

#[test]
fn every_reserved_character_is_escaped_and_lists_repeat_their_key() {
    let query = Query {
        text: "a+b &=/?#%中é~-._!'()*",
        list: vec![1, 2],
        none: None,
        yes: true,
        rate: 1.0,
        more: More {
            r#type: Kind::PayByCard,
            absent: None,
        },
    };
    assert_eq!(
        written(Form::Parameters, &query).unwrap().unwrap(),
        "text=a%2Bb%20%26%3D%2F%3F%23%25%E4%B8%AD%C3%A9~-._%21%27%28%29%2A&list=1&list=2&yes=true&rate=1.0&type=payByCard"
    );
}

#[test]
fn an_array_repeats_its_name_as_any_list_does() {
    assert_eq!(written(PARAMETER, &["a", "b"]).unwrap().unwrap(), "x=a&x=b");
}

#[test]
fn what_has_no_place_in_a_query_is_an_error_that_names_the_field() {
    #[derive(Serialize)]
    struct Nested {
        amount: More,
    }
    let nested = Nested {
        amount: More {
            r#type: Kind::PayByCard,
            absent: None,
        },
    };
    let error = written(Form::Parameters, &nested).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`amount` cannot stand in a query; only scalars and lists of them can"
    );
    let error = written(Form::Parameters, &[1, 2]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot be a query string; only a struct or a map can"
    );
    let error = written(PARAMETER, &vec![vec![1]]).unwrap_err();
    assert_eq!(error.path(), "[0]");
    let error = written(PARAMETER, &vec![1.0, 2.0, f64::NAN]).unwrap_err();
    assert_eq!(error.path(), "[2]");
}

#[test]
fn a_scalar_is_its_plain_text() {
    let text = |value: Value| written(Form::Text, &value).unwrap();
    assert_eq!(text(json!("a \"b\"")).as_deref(), Some("a \"b\""));
    assert_eq!(text(json!(-1)).as_deref(), Some("-1"));
    assert_eq!(text(json!(u64::MAX)).as_deref(), Some("18446744073709551615"));
    assert_eq!(text(json!(1.0)).as_deref(), Some("1.0"));
    assert_eq!(text(json!(true)).as_deref(), Some("true"));
    assert_eq!(text(json!("")).as_deref(), Some(""));
    assert_eq!(text(Value::Null), None);
    assert_eq!(written(Form::Text, &None::<&str>).unwrap(), None);
    assert_eq!(
        written(Form::Text, &('c', ()))
            .unwrap_err()
            .message()
            .get(Language::English),
        "must be one text, number, boolean or plain enum variant"
    );
}

#[test]
fn a_number_that_is_none_has_no_text() {
    for value in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert_eq!(
            written(Form::Text, &value)
                .unwrap_err()
                .message()
                .get(Language::English),
            "is not a finite number"
        );
        assert!(written(Form::Text, &(value as f32)).is_err());
    }
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Extra {
    Newtype(u8),
    Tuple(u8, Option<u8>),
    Struct { x: i64, y: Option<u8> },
}

/// What `value` adds to an object that has a member already.
fn flattened(value: &impl Serialize) -> Result<String, WireError> {
    let mut out = br#"{"a":1"#.to_vec();
    value.serialize(Writer::members(&mut out))?;
    Ok(String::from_utf8(out).unwrap())
}

#[test]
fn a_flattened_value_adds_its_members_to_the_open_object() {
    for (json, added) in [
        (flattened(&Inner { a: Some(2), b: None }), r#"{"a":1,"a":2"#),
        (
            flattened(&BTreeMap::from([("m", Some(3)), ("n", None)])),
            r#"{"a":1,"m":3"#,
        ),
        (flattened(&Some(json!({"o": null}))), r#"{"a":1,"o":null"#),
        (flattened(&None::<Inner>), r#"{"a":1"#),
        (flattened(&()), r#"{"a":1"#),
        (flattened(&Extra::Newtype(4)), r#"{"a":1,"newtype":4"#),
        (flattened(&Extra::Tuple(5, None)), r#"{"a":1,"tuple":[5]"#),
        (
            flattened(&Extra::Struct { x: 6, y: None }),
            r#"{"a":1,"struct":{"x":6}"#,
        ),
    ] {
        assert_eq!(json.unwrap(), added);
    }
    for refused in [
        flattened(&1),
        flattened(&"x"),
        flattened(&[1]),
        flattened(&format_args!("x")),
    ] {
        assert_eq!(
            refused.unwrap_err().message().get(Language::English),
            "cannot be flattened; only a struct or a map can"
        );
    }
}

#[test]
fn formatted_text_and_variants_are_written_like_plain_text() {
    let address = std::net::Ipv6Addr::LOCALHOST;
    assert_eq!(written(PARAMETER, &address).unwrap().unwrap(), "x=%3A%3A1");
    assert_eq!(written(Form::Text, &address).unwrap().unwrap(), "::1");
    assert_eq!(
        written(Form::Parameters, &Extra::Newtype(7)).unwrap().unwrap(),
        "newtype=7"
    );
    for refused in [
        written(PARAMETER, &Extra::Newtype(7)),
        written(PARAMETER, &Extra::Tuple(7, None)),
        written(Form::Text, &Extra::Struct { x: 7, y: None }),
        written(Form::Text, &BTreeMap::from([("a", 1)])),
        written(Form::Parameters, &Extra::Tuple(7, None)),
    ] {
        assert!(refused.is_err());
    }
}

#[test]
fn json_that_is_written_already_stands_only_where_json_does() {
    let raw = serde_json::value::RawValue::from_string("[1]".to_owned()).unwrap();
    assert_eq!(text(&raw), "[1]");
    for form in [Form::Text, Form::Members, Form::Parameters, PARAMETER] {
        assert!(written(form, &raw).is_err());
    }
}

#[test]
fn text_is_escaped_as_serde_json_escapes_it_also_while_it_is_formatted() {
    let mut all: Vec<String> = (0..0x180).filter_map(char::from_u32).map(String::from).collect();
    all.push("a\"b\\c\n\u{1f}\u{20}\u{7f}\u{2028}中😀".to_owned());
    for plain in &all {
        let expected = serde_json::to_string(plain).unwrap();
        assert_eq!(text(plain), expected);
        assert_eq!(text(&format_args!("{plain}")), expected);
        let pieces = format_args!("a{plain}{plain}");
        assert_eq!(text(&pieces), serde_json::to_string(&pieces.to_string()).unwrap());
    }
}
