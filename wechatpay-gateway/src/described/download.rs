//! The files of described operations: what a download gives, and the links and digests that lead to it.

use serde_json::{Map, Value};
use sha1::{Digest as _, Sha1};
use sha2::Sha256;
use wechatpay_catalogue::description::{Schema, Secrets};

use crate::request::ReceivedRequest;

/// Where the links lead: to a described download. The bills of the day have a path of their own.
const PATH: &str = "/v3/transferdownload/signfile";

/// A statement with its totals, in the form of the service: a backtick before each value.
const STATEMENT: &[u8] = "交易时间,商户号,商户订单号,金额\n\
    `2018-06-08 10:34:56,`1900000100,`20180608103456,`1.00\n\
    总笔数,总金额\n\
    `1,`1.00\n"
    .as_bytes();

/// A document of one empty page.
const DOCUMENT: &[u8] = b"%PDF-1.4\n\
    1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n\
    2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n\
    3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\n\
    trailer<</Root 1 0 R>>\n%%EOF\n";

/// A picture of one transparent pixel, as GIF.
const PICTURE: &[u8] = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff\
    \x21\xf9\x04\x01\x00\x00\x00\x00\x2c\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02\x44\x01\x00\x3b";

/// What a download of this media type gives.
pub(crate) fn file(media_type: &str, path: &str) -> &'static [u8] {
    match media_type {
        "application/pdf" => DOCUMENT,
        _ if path.contains("/images/") => PICTURE,
        _ => STATEMENT,
    }
}

/// Lets the link and the digest of an object lead to the file of [`PATH`]. Members that are not described are left out.
pub(crate) fn link(schema: &Schema, object: &mut Map<String, Value>, request: &ReceivedRequest) {
    let has = |name: &str| schema.property(name).is_some();
    let link = match (has("download_url"), has("hash_value") && has("url")) {
        (true, _) => "download_url",
        (false, true) => "url",
        (false, false) => return,
    };
    if let Some(host) = request.header("host").filter(|host| is_host(host)) {
        set(
            schema,
            object,
            link,
            format!("http://{host}{PATH}?token=example").into(),
        );
    }
    if has("hash_value") {
        let (name, value) = match set(schema, object, "hash_type", "SHA1".into()) {
            true => ("SHA1", hex(&Sha1::digest(DOCUMENT))),
            false => ("SHA256", hex(&Sha256::digest(DOCUMENT))),
        };
        set(schema, object, "hash_type", name.into());
        set(schema, object, "hash_value", value.into());
    }
}

/// Sets a member, if the description allows the value.
fn set(schema: &Schema, object: &mut Map<String, Value>, name: &str, value: Value) -> bool {
    let allowed = schema
        .property(name)
        .is_some_and(|property| property.schema.check(&value, Secrets::Decrypted).is_ok());
    if allowed {
        object.insert(name.to_owned(), value);
    }
    allowed
}

fn is_host(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '[' | ']');
    (1..=255).contains(&text.len()) && text.chars().all(plain)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
