//! What a client of this gateway needs.

use serde_json::{Value, json};

use crate::{
    control::{keys::mode_name, respond::put},
    keys::PlatformMode,
    lock::lock,
    service::Service,
};

/// The gateway's configuration. `base_url` is how the console was reached. The merchant's private key is not in it: the
/// program writes it to a file with `--env`, and in Rust `Gateway::client` has it.
pub(crate) fn info(service: &Service, base_url: &str) -> Value {
    let keys = lock(&service.keys);
    let mode = keys.mode();
    let mut environment = json!({
        "WECHATPAY_MCHID": service.merchant.id,
        "WECHATPAY_SERIAL_NO": service.merchant.serial_no.as_str(),
        "WECHATPAY_API_V3_KEY": service.api_v3_key.text,
        "WECHATPAY_BASE_URL": base_url,
    });
    let public_key = keys.public_key().filter(|_| mode != PlatformMode::Certificates);
    if let Some(key) = public_key {
        put(&mut environment, "WECHATPAY_PUBLIC_KEY_ID", key.id.as_str());
        put(&mut environment, "WECHATPAY_PUBLIC_KEY", key.public_key_pem());
    }
    drop(keys);
    json!({
        "name": "wechatpay-gateway",
        "version": env!("CARGO_PKG_VERSION"),
        "base_url": base_url,
        "mchid": service.merchant.id,
        "serial_no": service.merchant.serial_no.as_str(),
        "brand_id": service.brand.id,
        "brand_serial_no": service.brand.serial_no.as_str(),
        "mode": mode_name(mode),
        "now": service.now_ms(),
        "guarded": service.access.as_ref().is_some_and(|access| access.is_guarded()),
        "environment": environment,
    })
}
