//! An upload: a file's name, its media type, a text beside it, the file, separated by the byte 1. What is sent is taken
//! apart again and compared.
#![no_main]

use http::StatusCode;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use wechatpay_core::{Endpoint, Method, Outcome, Upload, endpoint::{DigestAlgorithm, Fields, FileFields}};
use wechatpay_fuzz::{check_text, client, message::Message, run, wire::Wire};

struct Sending<'a> {
    text: &'a str,
    upload: Upload,
}

impl Endpoint for Sending<'_> {
    type Response = ();
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v3/merchant/media/upload";

    fn fields(&self, fields: &mut Fields) {
        fields.form("remark", &self.text);
        let names = FileFields::new(Some("filename"), "sha256", DigestAlgorithm::Sha256);
        fields.file("file", &self.upload, names);
    }
}

/// The head and the content of each part.
fn parts<'a>(body: &'a [u8], boundary: &str) -> Vec<(&'a str, &'a [u8])> {
    let delimiter = format!("\r\n--{boundary}");
    let rest = body
        .strip_prefix(&delimiter.as_bytes()[2..])
        .expect("begins with the boundary");
    let mut pieces = Vec::new();
    let mut rest = rest;
    while let Some(at) = rest
        .windows(delimiter.len())
        .position(|window| window == delimiter.as_bytes())
    {
        pieces.push(&rest[..at]);
        rest = &rest[at + delimiter.len()..];
    }
    assert_eq!(rest, b"--\r\n");
    let part = |piece: &'a [u8]| {
        let piece = piece.strip_prefix(b"\r\n").expect("a line end after the boundary");
        let end = piece
            .windows(4)
            .position(|window| window == b"\r\n\r\n")
            .expect("a head");
        (std::str::from_utf8(&piece[..end]).expect("UTF-8"), &piece[end + 4..])
    };
    pieces.into_iter().map(part).collect()
}

fn escaped(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

fuzz_target!(|data: &[u8]| {
    let fields: Vec<&[u8]> = data.splitn(4, |byte| *byte == 1).collect();
    let [name, media_type, text, file] = fields[..] else {
        return;
    };
    let [Ok(name), Ok(media_type), Ok(text)] = [name, media_type, text].map(std::str::from_utf8) else {
        return;
    };
    let mut upload = Upload::new(name, file.to_vec());
    if !media_type.is_empty() {
        upload = upload.content_type(media_type);
    }
    let wire = Wire::new(Message::signed(StatusCode::OK, b"{}"));
    let client = client(wire.clone());
    let request = Sending { text, upload };
    let result = run(client.call(&request).send());
    let Some(sent) = wire.sent().pop() else {
        let error = result.expect_err("nothing was sent");
        assert_eq!(error.outcome(), Outcome::Local);
        assert!(media_type.contains(char::is_control), "{error}");
        check_text(&error);
        return;
    };
    let content_type = sent
        .headers
        .get("content-type")
        .and_then(|value| value.to_str().ok())
        .expect("a type");
    let boundary = content_type
        .strip_prefix("multipart/form-data; boundary=")
        .expect("a boundary");
    let [(meta, json), (remark, sent_text), (head, sent_file)] = parts(&sent.body, boundary)[..] else {
        panic!("not three parts");
    };
    assert_eq!(
        meta,
        "Content-Disposition: form-data; name=\"meta\"\r\nContent-Type: application/json"
    );
    let json: Value = serde_json::from_slice(json).expect("JSON");
    assert_eq!(json["filename"], name);
    assert_eq!(remark, "Content-Disposition: form-data; name=\"remark\"");
    assert_eq!(sent_text, text.as_bytes());
    assert_eq!(
        head,
        format!(
            "Content-Disposition: form-data; name=\"file\"; filename=\"{}\"\r\nContent-Type: {}",
            escaped(name),
            request.upload.media_type()
        )
    );
    assert_eq!(head.lines().count(), 2);
    assert_eq!(sent_file, file);
});
