//! The multipart body of an upload (RFC 7578). The part `meta` is what is signed, byte for byte.

use super::error::PrepareError;
use crate::{
    request::prepare::{
        upload::{FileFields, Upload},
        wire::value::write_member,
    },
    support::digest,
};
use bytes::Bytes;
use serde::de::IgnoredAny;
use std::{borrow::Cow, collections::BTreeMap};

/// A multipart body in three pieces, so that the file's bytes are never copied.
#[derive(Clone)]
pub(crate) struct Multipart {
    /// With the boundary.
    pub(crate) content_type: String,
    /// The pieces in order; their concatenation is the body.
    pub(crate) pieces: [Bytes; 3],
}

/// The `meta` JSON with the file's name and digest added, and the body around it and the file.
pub(super) fn assemble(
    payload: Vec<u8>,
    forms: &[(Cow<'static, str>, Vec<u8>)],
    name: &str,
    upload: &Upload,
    fields: FileFields,
) -> Result<(Vec<u8>, Multipart), PrepareError> {
    let digest = fields.algorithm.hex(upload.bytes());
    let meta = meta(payload, upload, fields, &digest)?;
    // A text cannot contain its own digest. The boundary is a digest over everything that could contain it: the digest
    // of the file, and each text part, which could otherwise begin another part.
    let mut content = [&meta, digest.as_bytes()].concat();
    for (_, text) in forms {
        content.extend_from_slice(text);
    }
    // 64 characters; RFC 2046 allows 70.
    let boundary = digest::hex::<sha2::Sha256>(&content);
    let head = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"meta\"\r\nContent-Type: application/json\r\n\r\n"
    );
    let mut before = head.into_bytes();
    before.extend_from_slice(&meta);
    for (name, text) in forms {
        let head = format!(
            "\r\n--{boundary}\r\nContent-Disposition: form-data; name={}\r\n\r\n",
            quoted(name)
        );
        before.extend_from_slice(head.as_bytes());
        before.extend_from_slice(text);
    }
    let head = format!(
        "\r\n--{boundary}\r\nContent-Disposition: form-data; name={}; filename={}\r\nContent-Type: {}\r\n\r\n",
        quoted(name),
        quoted(upload.file_name()),
        upload.media_type(),
    );
    before.extend_from_slice(head.as_bytes());
    let after = format!("\r\n--{boundary}--\r\n");
    let multipart = Multipart {
        content_type: format!("multipart/form-data; boundary={boundary}"),
        pieces: [before.into(), upload.bytes().clone(), after.into()],
    };
    Ok((meta, multipart))
}

/// The payload as an object, with the file's name and digest as further members.
fn meta(payload: Vec<u8>, upload: &Upload, fields: FileFields, digest: &str) -> Result<Vec<u8>, PrepareError> {
    let mut meta = if payload.is_empty() { b"{}".to_vec() } else { payload };
    let Ok(members) = serde_json::from_slice::<BTreeMap<String, IgnoredAny>>(&meta) else {
        return Err(PrepareError::with_text(
            "",
            (
                "the payload of an upload must be an object",
                "上传请求的 meta 必须是对象",
            ),
        ));
    };
    meta.pop();
    let mut add = |name: &str, text: &str| {
        if members.contains_key(name) {
            return Err(PrepareError::with_text(
                name,
                (
                    "is added to `meta` by the library; remove the field, or give it another name in the field attribute of the file",
                    "由库写入 `meta`；请删除该字段，或在文件的字段属性里改用其他名称",
                ),
            ));
        }
        write_member(&mut meta, name, &text).map_err(|error| PrepareError::wire(name, &error))
    };
    if let Some(filename) = fields.filename {
        add(filename, upload.file_name())?;
    }
    add(fields.digest, digest)?;
    meta.push(b'}');
    Ok(meta)
}

/// A name in quotes, with the three characters escaped that could end it (as browsers do; RFC 7578 forbids
/// `filename*`).
fn quoted(name: &str) -> String {
    let mut out = String::with_capacity(name.len() + 2);
    out.push('"');
    for character in name.chars() {
        match character {
            '"' => out.push_str("%22"),
            '\r' => out.push_str("%0D"),
            '\n' => out.push_str("%0A"),
            other => out.push(other),
        }
    }
    out.push('"');
    out
}
