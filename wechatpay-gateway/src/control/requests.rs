//! The requests that were received, as the console shows them.

use http::HeaderMap;
use serde_json::{Value, json};
use wechatpay_catalogue::description::{Description, Method};

use crate::{
    control::{
        curl, declaration,
        respond::{Problem, put},
    },
    lock::lock,
    request::{ReceivedRequest, log::Entry},
    service::Service,
};

/// How much of a body is shown, in bytes.
const SHOWN: usize = 64 << 10;

/// How much of a signature is shown. The whole one would be valid for the real service too, because it does not cover the
/// host.
const SIGNATURE: usize = 16;

/// The newest requests first, with what has passed since `after` or what was before `before`.
pub(crate) fn list(service: &Service, after: u64, before: u64, limit: usize) -> Value {
    let log = lock(&service.log);
    let (received, kept) = (log.received, log.kept());
    let entries = log.newest(after, before, limit);
    drop(log);
    let requests: Vec<_> = entries.iter().map(brief).collect();
    json!({ "received": received, "kept": kept, "requests": requests })
}

/// Everything about one request.
pub(crate) fn request(service: &Service, id: u64) -> Result<Value, Problem> {
    let entry = lock(&service.log).entry(id);
    let entry = entry.ok_or_else(|| {
        Problem::not_found(
            format!("request {id} is not kept any more, or was never received"),
            format!("没有编号为 {id} 的请求：可能已被清除"),
        )
    })?;
    let request = &entry.request;
    let mut value = brief(&entry);
    put(&mut value, "signature", signature(request));
    put(&mut value, "headers", headers(request.headers()));
    put(&mut value, "query", json!(request.query_pairs()));
    put(&mut value, "body", body(request));
    put(&mut value, "encrypted", request.encrypted_fields().collect::<Vec<_>>());
    put(&mut value, "refusal", refusal(request));
    put(&mut value, "findings", findings(request));
    put(&mut value, "response", response(&entry));
    put(&mut value, "curl", curl::command(request));
    put(&mut value, "rust", declaration::declaration(request));
    Ok(value)
}

/// What a list shows of a request.
fn brief(entry: &Entry) -> Value {
    let request = &entry.request;
    let described = Method::parse(request.method().as_str())
        .and_then(|method| Description::embedded().route(method, request.raw_path()));
    let (verdict, code) = match (request.refusal(), request.fault()) {
        (_, Some(_)) => ("fault", None),
        (Some(refusal), None) => ("refused", Some(refusal.code().to_owned())),
        (None, None) => ("accepted", None),
    };
    let sent = entry.sent.as_deref();
    let status = sent.map(|sent| sent.status.as_u16());
    let code = code.or_else(|| {
        let sent = sent.filter(|sent| !sent.status.is_success())?;
        let body: Value = serde_json::from_slice(&sent.body).ok()?;
        Some(body.get("code")?.as_str()?.to_owned())
    });
    json!({
        "id": entry.id,
        "at": entry.at,
        "method": request.method().as_str(),
        "target": request.target(),
        "operation": described.map(|summary| json!({ "id": summary.id, "title": summary.title })),
        "verdict": verdict,
        "status": status,
        "code": code,
        "fault": request.fault().map(|fault| format!("{fault:?}")),
        "elapsed_us": sent.map(|sent| sent.elapsed_us),
    })
}

/// Who signed what, and whether the signature is right.
fn signature(request: &ReceivedRequest) -> Value {
    let refusal = request.refusal();
    let denied = refusal.filter(|refusal| refusal.status() == 401);
    let Some(authorization) = request.authorization() else {
        let (verdict, reason) = match (refusal, denied) {
            (_, Some(denied)) => ("invalid", Some(denied.message())),
            (Some(refusal), None) => ("unchecked", Some(refusal.message())),
            (None, None) => ("unchecked", None),
        };
        return json!({ "verdict": verdict, "reason": reason });
    };
    let message = String::from_utf8_lossy(&request.signed_message()).into_owned();
    let lines: Vec<_> = message.splitn(5, '\n').collect();
    json!({
        "verdict": if denied.is_some() { "invalid" } else { "valid" },
        "reason": denied.map(|denied| denied.message()),
        "scheme": authorization.scheme.name(),
        "id": authorization.id,
        "serial_no": authorization.serial_no,
        "nonce_str": authorization.nonce_str,
        "timestamp": authorization.timestamp,
        "message": lines.iter().map(|line| cut(line.strip_suffix('\n').unwrap_or(line))).collect::<Vec<_>>(),
    })
}

/// Headers in the order in which they came, the signature shortened.
fn headers(headers: &HeaderMap) -> Value {
    let shown = headers.iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes());
        let value = match name.as_str() {
            "authorization" => without_signature(&value),
            _ => cut(&value),
        };
        json!([name.as_str(), value])
    });
    shown.collect::<Vec<_>>().into()
}

/// An `Authorization` header with the beginning of its signature.
fn without_signature(value: &str) -> String {
    let Some((before, rest)) = value.split_once("signature=\"") else {
        // Nothing that this gateway can tell apart, so it may hold anything.
        return value
            .split(' ')
            .next()
            .map(|scheme| format!("{} …", cut(scheme)))
            .unwrap_or_default();
    };
    let (signature, after) = rest.split_once('"').unwrap_or((rest, ""));
    let shown: String = signature.chars().take(SIGNATURE).collect();
    cut(&format!("{before}signature=\"{shown}…\"{after}"))
}

fn body(request: &ReceivedRequest) -> Value {
    let bytes = request.body();
    let mut value = json!({ "length": bytes.len() });
    if !request.parts().is_empty() {
        let parts = request.parts().iter().map(|part| {
            json!({
                "name": part.name(),
                "file_name": part.file_name(),
                "content_type": part.content_type(),
                "length": part.bytes().len(),
                "text": (part.name() == "meta").then(|| cut(&String::from_utf8_lossy(part.bytes()))),
            })
        });
        put(&mut value, "parts", parts.collect::<Vec<_>>());
    } else if let Ok(text) = std::str::from_utf8(bytes) {
        put(&mut value, "text", cut(text));
    }
    // Decrypted; as it was sent where the request was refused before anything was decrypted.
    let json = match request.json() {
        Value::Null if bytes.len() <= SHOWN => serde_json::from_slice(bytes).unwrap_or_default(),
        json if bytes.len() <= SHOWN => json.clone(),
        _ => Value::Null,
    };
    put(&mut value, "json", json);
    value
}

fn refusal(request: &ReceivedRequest) -> Value {
    request.refusal().map_or(Value::Null, |refusal| {
        json!({
            "status": refusal.status().as_u16(),
            "code": refusal.code(),
            "message": refusal.message(),
            "detail": refusal.details(),
        })
    })
}

/// What is wrong with which field.
fn findings(request: &ReceivedRequest) -> Value {
    let details = request.refusal().and_then(|refusal| refusal.details());
    let details = match details {
        Some(Value::Array(details)) => details.clone(),
        Some(detail) if detail.get("field").is_some() => vec![detail.clone()],
        _ => Vec::new(),
    };
    details.into()
}

fn response(entry: &Entry) -> Value {
    entry.sent.as_deref().map_or(Value::Null, |sent| {
        let text = std::str::from_utf8(&sent.body).ok();
        json!({
            "status": sent.status.as_u16(),
            "reason": sent.status.canonical_reason(),
            "headers": headers(&sent.headers),
            "length": sent.length,
            "text": text.map(cut),
            "json": serde_json::from_slice::<Value>(&sent.body).ok(),
        })
    })
}

/// A text up to the length that is shown.
fn cut(text: &str) -> String {
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_shown_in_part_wherever_it_stands() {
        let header = r#"S mchid="1",signature="ABCDEFGHIJKLMNOPQRSTUVWXYZ==",timestamp="2""#;
        assert_eq!(
            without_signature(header),
            r#"S mchid="1",signature="ABCDEFGHIJKLMNOP…",timestamp="2""#
        );
        assert_eq!(without_signature("Basic c2VjcmV0"), "Basic …");
        assert_eq!(without_signature(r#"S signature="abc"#), "S signature=\"abc…\"");
    }
}
