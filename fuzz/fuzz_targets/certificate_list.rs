//! A list of platform certificates: headers and body. A body that is no JSON object is made into a list, of entries that
//! are separated by a line `--`: a line with the serial number, and the encrypted text.
#![no_main]

use base64::{Engine as _, engine::general_purpose::STANDARD};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};
use wechatpay_core::Error;
use wechatpay_fuzz::{builder, check_text, message::Message, run, wire::Wire};

fn list(body: Vec<u8>) -> Vec<u8> {
    if body.starts_with(b"{") {
        return body;
    }
    let text = String::from_utf8_lossy(&body);
    let entries = text.split("\n--\n").filter_map(|entry| {
        let (serial_no, encrypted) = entry.split_once('\n')?;
        let encrypted = json!({
            "algorithm": "AEAD_AES_256_GCM",
            "nonce": "000000000000",
            "associated_data": "certificate",
            "ciphertext": STANDARD.encode(encrypted),
        });
        Some(json!({"serial_no": serial_no, "encrypt_certificate": encrypted}))
    });
    json!({"data": entries.collect::<Vec<Value>>()})
        .to_string()
        .into_bytes()
}

fuzz_target!(|data: &[u8]| {
    let message = Message::read(data, list);
    let authentic = message.is_authentic();
    let client = builder(Wire::new(message))
        .platform_certificates()
        .build()
        .expect("the configuration is right");
    let result: Result<(), Error> = run(client.refresh_certificates());
    // The certificates are used only if they are verified.
    assert_eq!(client.encrypt("x").is_ok(), result.is_ok());
    match result {
        Ok(()) => assert!(authentic),
        Err(error) => {
            let mut cause: Option<&dyn std::error::Error> = Some(&error);
            while let Some(error) = cause {
                check_text(&error);
                cause = error.source();
            }
        }
    }
});
