use super::*;
use std::collections::BTreeMap;

fn post(template: &'static str) -> Preparation {
    Preparation::new(Method::POST, template)
}

fn target(preparation: Preparation) -> String {
    preparation.finish().unwrap().target.into_owned()
}

#[test]
fn each_value_goes_to_the_placeholder_of_its_name() {
    let mut preparation = post("/v3/{a}/b/{ab}/{b}");
    preparation.path("ab", "{b}").unwrap();
    preparation.path("b", &2).unwrap();
    preparation.path("a", "中/").unwrap();
    assert_eq!(target(preparation), "/v3/%E4%B8%AD%2F/b/%7Bb%7D/2");
}

#[test]
fn a_placeholder_is_filled_once_and_every_one_must_be() {
    let mut preparation = post("/v3/{a}");
    for (name, said) in [
        ("b", "has no placeholder in the path"),
        ("", "has no placeholder in the path"),
    ] {
        let error = preparation.path(name, "x").unwrap_err();
        assert!(error.to_string().contains(said), "{error}");
    }
    for (value, said) in [
        (None, "is absent"),
        (Some(""), "is empty"),
        (Some("."), "means another path"),
        (Some(".."), "means another path"),
    ] {
        let error = preparation.path("a", &value).unwrap_err();
        assert_eq!(error.field(), "a");
        assert!(error.to_string().contains(said), "{error}");
    }
    let error = post("/v3/{a}").finish().err().unwrap();
    assert_eq!(error.to_string(), "`a` was not given, but the path `/v3/{a}` needs it");
    preparation.path("a", "...").unwrap();
    assert!(preparation.path("a", "x").is_err());
    assert_eq!(target(preparation), "/v3/...");
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
    let payload = || Payload {
        list: vec![BTreeMap::from([("rate", f64::NAN)])],
    };
    let mut preparation = post("/v3/x");
    for (error, field) in [
        (preparation.payload(&payload()), "list[0].rate"),
        (preparation.query("rates", &[f64::NAN]), "rates[0]"),
        (preparation.query("rate", &f64::NAN), "rate"),
        (
            preparation.query_all(&BTreeMap::from([("rates", [f64::NAN])])),
            "rates[0]",
        ),
        (preparation.header("x-rate", &f64::NAN), "x-rate"),
        (preparation.form("rate", &f64::NAN), "rate"),
    ] {
        let error = error.unwrap_err();
        assert_eq!(error.field(), field);
        assert_eq!(error.to_string(), format!("`{field}` is not a finite number"));
    }
    let inner = WireError::new("is wrong").at_field("inner");
    assert_eq!(PrepareError::wire("outer", &inner).field(), "outer.inner");
    assert_eq!(PrepareError::new("", "a\nb").to_string(), r"a\nb");
}

#[test]
fn a_get_has_no_body_and_no_request_has_two() {
    let mut get = Preparation::new(Method::GET, "/v3/x");
    assert!(get.body("x").is_err());
    let upload = Upload::new("a.jpg", "x");
    let fields = FileFields {
        filename: None,
        digest: "sha256",
        algorithm: crate::DigestAlgorithm::Sha256,
    };
    assert!(get.file("file", &upload, fields).is_err());
    get.payload(&BTreeMap::from([("a", 1)])).unwrap();
    get.query("b", &2).unwrap();
    assert_eq!(target(get), "/v3/x?a=1&b=2");

    let mut post = post("/v3/x");
    post.body(&None::<u8>).unwrap();
    post.payload(&BTreeMap::from([("a", 1)])).unwrap();
    assert!(post.body("x").is_err());
    let prepared = post.finish().unwrap();
    assert_eq!((&*prepared.target, &*prepared.body), ("/v3/x", &br#"{"a":1}"#[..]));

    let mut upload_without_file = self::post("/v3/x");
    upload_without_file.form("a", &1).unwrap();
    assert!(upload_without_file.finish().is_err());
}

#[test]
fn what_is_being_prepared_prints_the_operation_and_no_value() {
    let mut preparation = post("/v3/{a}");
    preparation.path("a", "secret").unwrap();
    preparation.query("b", "secret").unwrap();
    preparation.body("secret").unwrap();
    assert_eq!(
        format!("{preparation:?}"),
        r#"Preparation { method: POST, template: "/v3/{a}", .. }"#
    );
}
