use super::*;
use crate::{
    request::prepare::{upload::DigestAlgorithm, wire::error::WireError},
    sensitive::Encrypted,
};
use serde::Serialize;
use std::collections::BTreeMap;

fn post(template: &'static str) -> Fields {
    Fields::new(Method::POST, template)
}

fn get(template: &'static str) -> Fields {
    Fields::new(Method::GET, template)
}

fn target(fields: Fields) -> String {
    fields.finish().unwrap().target.into_owned()
}

/// What a request without mistakes says after this.
fn refusal(mut fields: Fields, add: impl FnOnce(&mut Fields)) -> PrepareError {
    add(&mut fields);
    fields.finish().err().unwrap()
}

const NAMES: FileFields = FileFields::new(Some("filename"), "sha256", DigestAlgorithm::Sha256);

#[test]
fn each_value_goes_to_the_placeholder_of_its_name() {
    let mut fields = post("/v3/{a}/b/{ab}/{b}");
    fields.path("ab", &"{b}");
    fields.path("b", &2);
    fields.path("a", &"中/");
    assert_eq!(target(fields), "/v3/%E4%B8%AD%2F/b/%7Bb%7D/2");
}

#[test]
fn a_placeholder_is_filled_once_and_every_one_must_be() {
    for name in ["b", ""] {
        let error = refusal(post("/v3/{a}"), |fields| fields.path(name, &"x"));
        assert!(error.to_string().contains("has no placeholder in the path"), "{error}");
    }
    for (value, message) in [
        (None, "is absent"),
        (Some(""), "is empty"),
        (Some("."), "means another path"),
        (Some(".."), "means another path"),
    ] {
        let error = refusal(post("/v3/{a}"), |fields| fields.path("a", &value));
        assert_eq!(error.field(), "a");
        assert!(error.to_string().contains(message), "{error}");
    }
    let error = post("/v3/{a}").finish().err().unwrap();
    assert_eq!(error.to_string(), "`a` was not given, but the path `/v3/{a}` needs it");
    let mut fields = post("/v3/{a}");
    fields.path("a", &"...");
    assert_eq!(target(fields), "/v3/...");
    let twice = refusal(post("/v3/{a}"), |fields| {
        fields.path("a", &"1");
        fields.path("a", &"2");
    });
    assert!(twice.to_string().contains("has no placeholder"), "{twice}");
}

#[test]
fn a_path_that_would_be_read_as_another_one_is_refused() {
    for path in [
        "",
        "v3",
        "//v3",
        "https://x/v3",
        "/v3/.",
        "/v3/..",
        "/v3/../x",
        "/./x",
        "/%2e",
        "/%2E%2e/x",
        "/.%2e",
        "/%2e.",
        "/v3?x",
        "/v3#x",
        "/v3 x",
        "/v3\\x",
        "/v3/\n",
        "/中",
    ] {
        assert!(check_path(path, path).is_err(), "{path}");
    }
    for path in [
        "/",
        "/v3/",
        "/v3//x",
        "/v3/...",
        "/v3/%2e%2e%2e",
        "/v3/a.b",
        "/v3/.a",
        "/v3/a..",
        "/v3/AZaz09-._~!$&'()*+,;=:@%20",
    ] {
        assert!(check_path(path, path).is_ok(), "{path}");
    }
}

#[test]
fn the_error_names_the_field_by_its_path() {
    #[derive(Serialize)]
    struct Payload {
        list: Vec<BTreeMap<&'static str, f64>>,
    }
    let payload = Payload {
        list: vec![BTreeMap::from([("rate", f64::NAN)])],
    };
    let rates = BTreeMap::from([("rates", [f64::NAN])]);
    type Add<'a> = &'a dyn Fn(&mut Fields);
    let cases: [(Add<'_>, &str); 8] = [
        (&|fields| fields.flatten(&payload), "list[0].rate"),
        (&|fields| fields.payload("outer", &payload), "outer.list[0].rate"),
        (&|fields| fields.body(&payload), "list[0].rate"),
        (&|fields| fields.query("rates", &[f64::NAN]), "rates[0]"),
        (&|fields| fields.query("rate", &f64::NAN), "rate"),
        (&|fields| fields.query_all(&rates), "rates[0]"),
        (&|fields| fields.header("x-rate", &f64::NAN), "x-rate"),
        (&|fields| fields.form("rate", &f64::NAN), "rate"),
    ];
    for (add, field) in cases {
        let error = refusal(post("/v3/x"), add);
        assert_eq!(error.field(), field);
        assert_eq!(error.to_string(), format!("`{field}` is not a finite number"));
    }
    let inner = WireError::new(("is wrong", "不对")).at_field("inner");
    assert_eq!(PrepareError::wire("outer", &inner).field(), "outer.inner");
    assert_eq!(PrepareError::new("", "a\nb").to_string(), r"a\nb");
}

#[test]
fn the_first_error_is_the_one_that_is_returned() {
    let error = refusal(post("/v3/x"), |fields| {
        fields.query("a", &f64::NAN);
        fields.query("b", &f64::NAN);
        fields.refuse(PrepareError::new("c", "is too late"));
    });
    assert_eq!(error.field(), "a");
}

#[test]
fn a_get_has_no_body_and_no_request_has_two() {
    let upload = Upload::new("a.jpg", "x");
    assert!(
        refusal(get("/v3/x"), |fields| fields.body(&"x"))
            .to_string()
            .contains("no body")
    );
    let error = refusal(get("/v3/x"), |fields| fields.file("file", &upload, NAMES));
    assert_eq!(error.field(), "file");
    let mut fields = get("/v3/x");
    fields.payload("a", &1);
    fields.flatten(&BTreeMap::from([("b", 2)]));
    fields.query("c", &3);
    assert_eq!(target(fields), "/v3/x?a=1&b=2&c=3");

    let mut fields = post("/v3/x");
    fields.body(&None::<u8>);
    fields.payload("a", &1);
    fields.payload("none", &None::<u8>);
    fields.flatten(&BTreeMap::from([("b", 2)]));
    let prepared = fields.finish().unwrap();
    assert_eq!(
        (&*prepared.target, &*prepared.body),
        ("/v3/x", &br#"{"a":1,"b":2}"#[..])
    );

    for add in [(|fields| fields.body(&"x")) as fn(&mut Fields), |fields| {
        fields.payload("b", &2)
    }] {
        let error = refusal(post("/v3/x"), |fields| {
            fields.body(&[1]);
            add(fields);
        });
        assert_eq!(error.to_string(), "the request has a body already");
    }
    let error = refusal(post("/v3/x"), |fields| fields.form("a", &1));
    assert!(error.to_string().contains("there is no file"), "{error}");
}

#[test]
fn a_payload_whose_fields_are_all_absent_is_an_empty_object_and_without_fields_there_is_no_body() {
    let mut fields = post("/v3/x");
    fields.payload("none", &None::<u8>);
    assert_eq!(&*fields.finish().unwrap().body, b"{}");
    let mut fields = get("/v3/x");
    fields.payload("none", &None::<u8>);
    assert_eq!(target(fields), "/v3/x");
    assert_eq!(&*post("/v3/x").finish().unwrap().body, b"");
}

#[test]
fn what_is_being_prepared_prints_the_operation_and_no_value() {
    let mut fields = post("/v3/{a}");
    fields.path("a", &"secret");
    fields.query("b", &"secret");
    fields.body(&"secret");
    assert_eq!(
        format!("{fields:?}"),
        r#"Fields { method: POST, template: "/v3/{a}", .. }"#
    );
    assert_eq!(format!("{:?}", Encrypted::new(&"secret")), "[redacted]");
}

#[test]
fn an_upload_is_its_meta_its_texts_and_its_file_between_boundaries() {
    let mut upload = post("/v3/upload");
    upload.form("kind\"", &"id card");
    upload.form("none", &None::<u8>);
    upload.file("file", &Upload::new("a\r\n\"b.png", "abc"), NAMES);
    upload.payload("a", &1);
    let prepared = upload.finish().unwrap();
    let meta = r#"{"a":1,"filename":"a\r\n\"b.png","sha256":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"}"#;
    assert_eq!(std::str::from_utf8(&prepared.body).unwrap(), meta);
    let multipart = prepared.multipart.unwrap();
    let boundary = multipart
        .content_type
        .strip_prefix("multipart/form-data; boundary=")
        .unwrap();
    let body = multipart.pieces.concat();
    let expected = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"meta\"\r\nContent-Type: application/json\r\n\r\n{meta}\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"kind%22\"\r\n\r\nid card\r\n\
         --{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a%0D%0A%22b.png\"\r\n\
         Content-Type: image/png\r\n\r\nabc\r\n--{boundary}--\r\n"
    );
    assert_eq!(String::from_utf8(body).unwrap(), expected);

    let mut bare = post("/v3/upload");
    let names = FileFields {
        filename: None,
        ..NAMES
    };
    bare.file("file", &Upload::new("a.png", ""), names);
    let meta = r#"{"sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}"#;
    assert_eq!(std::str::from_utf8(&bare.finish().unwrap().body).unwrap(), meta);

    let second = refusal(post("/v3/upload"), |fields| {
        fields.file("a", &Upload::new("a.png", ""), NAMES);
        fields.file("b", &Upload::new("b.png", ""), NAMES);
    });
    assert_eq!(second.to_string(), "`b` is a second file; a request carries one");
    let taken = refusal(post("/v3/upload"), |fields| {
        fields.file("file", &Upload::new("a.png", ""), NAMES);
        fields.payload("sha256", &"0");
    });
    assert_eq!(taken.field(), "sha256");
    let list = refusal(post("/v3/upload"), |fields| {
        fields.file("file", &Upload::new("a.png", ""), NAMES);
        fields.body(&[1]);
    });
    assert!(list.to_string().contains("must be an object"), "{list}");
}

#[test]
fn parameters_and_headers_are_added_as_they_are_given() {
    let mut fields = post("/v3/x");
    fields.query("a", &"1 2");
    fields.header("X-Kind", &"y");
    fields.header("X-Kind", &"z");
    fields.header("x-none", &None::<u8>);
    let prepared = fields.finish().unwrap();
    assert_eq!(prepared.target, "/v3/x?a=1%202");
    assert_eq!(prepared.headers.len(), 1);
    assert_eq!(prepared.headers["x-kind"], "z");
    // Outside of a request there is no key.
    let error = refusal(post("/v3/x"), |fields| fields.query("a", &Encrypted::new(&"x")));
    assert_eq!(
        error.to_string(),
        "`a` is sensitive and can only be serialised while its request is sent"
    );
    let mut encoded = post("/v3/x");
    encoded.encoded_query("a=%20");
    assert_eq!(target(encoded), "/v3/x?a=%20");
}

#[test]
fn c14_every_header_of_the_client_is_refused_in_any_case() {
    for name in CLIENT_HEADERS {
        for name in [name.to_owned(), name.to_uppercase()] {
            let error = refusal(post("/v3/x"), |fields| fields.header(&name, &"x"));
            assert_eq!(
                error.to_string(),
                format!("`{name}` is set by the client on every request")
            );
        }
    }
    assert!(CLIENT_HEADERS.contains(&"expect"));
}

#[test]
fn a_serialised_request_is_its_payload_and_nothing_else() {
    let all = |fields: &mut Fields| {
        fields.path("nowhere", &"");
        fields.query("secret", &Encrypted::new(&"x"));
        fields.header("authorization", &"x");
        fields.form("note", &"x");
        fields.payload("a", &1);
        fields.payload("none", &None::<u8>);
        fields.flatten(&BTreeMap::from([("b", u64::MAX)]));
    };
    assert_eq!(
        payload(&all).unwrap(),
        Some(serde_json::json!({ "a": 1, "b": u64::MAX }))
    );
    assert_eq!(
        payload(&|fields| fields.body(&[1])).unwrap(),
        Some(serde_json::json!([1]))
    );
    assert_eq!(payload(&|fields| fields.query("a", &1)).unwrap(), None);
    let secret = payload(&|fields| fields.payload("name", &Encrypted::new(&"张三"))).unwrap_err();
    assert_eq!(secret.field(), "name");
    assert!(!secret.to_string().contains("张三"));
}
