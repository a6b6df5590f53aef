use super::{upload::DigestAlgorithm, *};
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
        algorithm: DigestAlgorithm::Sha256,
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

#[test]
fn an_upload_is_its_meta_its_texts_and_its_file_between_boundaries() {
    let fields = FileFields {
        filename: Some("filename"),
        digest: "sha256",
        algorithm: DigestAlgorithm::Sha256,
    };
    let mut upload = post("/v3/upload");
    upload.form("kind\"", "id card").unwrap();
    upload.form("none", &None::<u8>).unwrap();
    upload
        .file("file", &Upload::new("a\r\n\"b.png", "abc"), fields)
        .unwrap();
    upload.payload(&BTreeMap::from([("a", 1)])).unwrap();
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
    bare.file(
        "file",
        &Upload::new("a.png", ""),
        FileFields {
            filename: None,
            ..fields
        },
    )
    .unwrap();
    assert!(bare.file("file", &Upload::new("b.png", ""), fields).is_err());
    let meta = r#"{"sha256":"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}"#;
    assert_eq!(std::str::from_utf8(&bare.finish().unwrap().body).unwrap(), meta);
}

#[test]
fn parameters_and_headers_are_added_as_they_are_given() {
    let mut preparation = post("/v3/x");
    preparation.query("a", "1 2").unwrap();
    preparation
        .query_with("b", &3, |value, writer| value.serialize(writer))
        .unwrap();
    preparation.header("X-Kind", "y").unwrap();
    preparation.header("x-none", &None::<u8>).unwrap();
    let prepared = preparation.finish().unwrap();
    assert_eq!(prepared.target, "/v3/x?a=1%202&b=3");
    assert_eq!(prepared.headers.len(), 1);
    assert_eq!(prepared.headers["x-kind"], "y");
    // Outside of a request there is no key.
    assert!(post("/v3/x").query_encrypted("a", "x").is_err());
    let mut encoded = post("/v3/x");
    encoded.encoded_query("a=%20");
    assert_eq!(target(encoded), "/v3/x?a=%20");
}
