//! A notification: headers and body. A body that is no JSON object is put into an envelope: a line with the event's
//! type, one with the kind of object, and the payload.
#![no_main]

use base64::{Engine as _, engine::general_purpose::STANDARD};
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};
use wechatpay_core::notification::Event;
use wechatpay_fuzz::{check_text, client, message::Message, run, wire::Wire};

fn envelope(body: Vec<u8>) -> Vec<u8> {
    let mut lines = body.splitn(3, |byte| *byte == b'\n');
    let [Some(event_type), Some(original_type), Some(payload)] = [lines.next(), lines.next(), lines.next()] else {
        return body;
    };
    if body.starts_with(b"{") {
        return body;
    }
    let envelope = json!({
        "id": "N1",
        "event_type": String::from_utf8_lossy(event_type),
        "resource": {
            "algorithm": "AEAD_AES_256_GCM",
            "original_type": String::from_utf8_lossy(original_type),
            "nonce": "000000000000",
            "ciphertext": STANDARD.encode(payload),
        },
    });
    envelope.to_string().into_bytes()
}

fuzz_target!(|data: &[u8]| {
    let message = Message::read(data, envelope);
    let receiver = client(Wire::new(message.clone())).notifications();
    let verified = match run(receiver.verify(&message.headers, &message.body)) {
        Ok(verified) => verified,
        Err(error) => {
            check_text(&error);
            assert!(!error.acknowledgement().is_accepted());
            return;
        }
    };
    assert!(message.is_authentic());
    assert!(!verified.id().is_empty() && !verified.event_type().is_empty());
    for error in [verified.decrypt::<Event>().err(), verified.decrypt::<Value>().err()]
        .into_iter()
        .flatten()
    {
        check_text(&error);
        assert!(!error.acknowledgement().is_accepted());
    }
});
