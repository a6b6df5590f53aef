//! The signature headers of a response, and the decoding of the whole response.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use wechatpay_core::{Method, Outcome};
use wechatpay_fuzz::{check_text, client, message::Message, run, wire::Wire};

fuzz_target!(|data: &[u8]| {
    let message = Message::read(data, |body| body);
    let authentic = message.is_authentic();
    let status = message.status;
    let client = client(Wire::new(message));
    let order = serde_json::json!({"out_trade_no": "A1"});
    match run(client
        .request(Method::POST, "/v3/orders")
        .json(&order)
        .response::<Value>()
        .send())
    {
        Ok(response) => {
            assert!(authentic && status.is_success());
            let number = response.get("out_trade_no").and_then(Value::as_str);
            assert!(number.is_none_or(|number| number == "A1"));
        }
        Err(error) => {
            check_text(&error);
            assert!(authentic || !error.is_authenticated());
            match error.outcome() {
                Outcome::Unknown => {}
                Outcome::Rejected => assert!(authentic && status.is_client_error() && error.code().is_some()),
                outcome => panic!("{outcome}, although it was sent"),
            }
        }
    }
});
