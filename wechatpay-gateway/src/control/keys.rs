//! The keys of the platform: which there are, rotation, and which kind signs.

use serde_json::{Value, json};

use crate::{
    control::reply::Problem,
    keys::{PlatformKey, PlatformMode},
    lock::lock,
    service::Service,
};

/// The names of the modes, as the command line has them.
const MODES: [(&str, PlatformMode); 3] = [
    ("public-key", PlatformMode::PublicKey),
    ("certificates", PlatformMode::Certificates),
    ("mixed", PlatformMode::Mixed),
];

pub(crate) fn list(service: &Service) -> Value {
    let keys = lock(&service.keys);
    let signing = [
        keys.for_response(None).ok(),
        keys.for_response(Some("PUB_KEY_ID_")).ok(),
    ];
    let show = |key: &PlatformKey| {
        let signs = signing.iter().flatten().any(|signing| signing.id == key.id);
        json!({
            "id": key.id.as_str(),
            "kind": if key.certificate.is_some() { "certificate" } else { "public-key" },
            "signs": signs,
            "not_before": key.certificate.as_ref().map(|issued| issued.not_before),
            "not_after": key.certificate.as_ref().map(|issued| issued.not_after),
            "public_key": key.public_key_pem(),
            "certificate": key.certificate.as_ref().map(|issued| issued.pem.as_str()),
        })
    };
    let all: Vec<_> = keys.all().map(|key| show(key)).collect();
    json!({ "mode": mode_name(keys.mode()), "keys": all })
}

/// Rotates, or changes the mode: `{"rotate": true}`, `{"mode": "mixed"}`, or both, the mode first.
pub(crate) fn change(service: &Service, given: &Value) -> Result<Value, Problem> {
    let wrong = || {
        Problem::bad_request(
            "the body must be {\"rotate\": true} or {\"mode\": \"public-key\" | \"certificates\" | \"mixed\"}",
            "请求体须为 {\"rotate\": true}，或 {\"mode\": \"public-key\" | \"certificates\" | \"mixed\"}",
        )
    };
    let given = given.as_object().ok_or_else(wrong)?;
    let mode = given.get("mode").map(|mode| {
        let found = MODES.iter().find(|(name, _)| mode.as_str() == Some(name));
        found.map(|(_, mode)| *mode).ok_or_else(wrong)
    });
    let mode = mode.transpose()?;
    let rotate = match given.get("rotate") {
        None => false,
        Some(rotate) => rotate.as_bool().ok_or_else(wrong)?,
    };
    if (mode.is_none() && !rotate) || given.keys().any(|key| key != "mode" && key != "rotate") {
        return Err(wrong());
    }
    let failed = |error: std::io::Error| Problem::bad_request(error.to_string(), error.to_string());
    let now = service.now();
    let mut keys = lock(&service.keys);
    if let Some(mode) = mode {
        keys.change_mode(mode, now).map_err(failed)?;
    }
    if rotate {
        keys.rotate(now).map_err(failed)?;
    }
    drop(keys);
    Ok(list(service))
}

pub(crate) fn mode_name(mode: PlatformMode) -> &'static str {
    let found = MODES.iter().find(|(_, known)| *known == mode);
    found.map_or("public-key", |(name, _)| name)
}
