//! Values of requests that try to change the request.

use serde::{Serialize, Serializer, ser::SerializeMap as _};
use serde_json::json;
use std::{
    error::Error,
    iter::successors,
    panic::AssertUnwindSafe,
    pin::pin,
    sync::Mutex,
    task::{Context, Waker},
};
use tokio::task::JoinHandle;
use wechatpay_core::{
    Client, Endpoint, Method, Outcome, Sensitive, Upload,
    endpoint::{DigestAlgorithm, Fields, FileFields},
    transport::HttpTransport,
};
use wechatpay_gateway::Gateway;

/// An upload with a text part.
struct UploadWithText(String);

impl Endpoint for UploadWithText {
    type Response = ();
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v3/merchant/media/upload";

    fn fields(&self, fields: &mut Fields) {
        fields.form("remark", &self.0);
        let names = FileFields::new(Some("filename"), "sha256", DigestAlgorithm::Sha256);
        fields.file("file", &Upload::new("a.png", b"picture".as_slice()), names);
    }
}

async fn send(client: &Client, text: &str) {
    client.call(&UploadWithText(text.to_owned())).await.unwrap();
}

#[tokio::test]
async fn e4_a_text_with_a_guessed_boundary_stays_one_part() {
    let gateway = Gateway::start().unwrap();
    gateway.on(Method::POST, "/v3/merchant/media/upload", |_| json!({}));
    let client = gateway.client().unwrap();
    send(&client, "harmless").await;
    let content_type = gateway
        .last_request()
        .unwrap()
        .header("content-type")
        .unwrap()
        .to_owned();
    let (_, boundary) = content_type.split_once("boundary=").unwrap();
    let text = format!("\r\n--{boundary}\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nanother picture");
    send(&client, &text).await;
    let request = gateway.last_request().unwrap();
    let names: Vec<_> = request.parts().iter().map(|part| part.name().to_owned()).collect();
    assert_eq!(names, ["meta", "remark", "file"]);
    assert_eq!(request.part("remark").unwrap().bytes(), text.as_bytes());
    assert_eq!(request.part("file").unwrap().bytes(), b"picture".as_slice());
}

#[tokio::test]
async fn e9_the_error_of_a_refused_path_has_no_value_and_no_line_break() {
    let gateway = Gateway::start().unwrap();
    let client = gateway.client().unwrap();
    let value = "canary".to_owned();
    let template = "/v3/{openid}/a b\n2026-11-20 ERROR forged";
    let call = client.request(Method::GET, template).path("openid", &value);
    let error = call.send().await.unwrap_err();
    assert_eq!(error.outcome(), Outcome::Local);
    for text in [format!("{error}"), format!("{error:?}")] {
        assert!(!text.contains("canary") && !text.contains('\n'), "{text}");
        assert!(text.contains("{openid}"), "{text}");
    }
    assert_eq!(gateway.received(), 0);
}

#[test]
fn e9_no_error_has_the_password_of_a_proxy() {
    let mut refused = Vec::new();
    for url in [
        "http://user:canary@",
        "http://user:canary@[",
        "ftp://user:canary@x",
        "user:canary@x:y",
        "user:canary@ x",
    ] {
        let text = match HttpTransport::builder().proxy(url).build() {
            Ok(transport) => format!("{transport:?}{transport:#?}"),
            Err(error) => {
                refused.push(url);
                let causes = successors(Some(&error as &(dyn Error + 'static)), |&error| error.source());
                causes.map(|cause| format!("{cause}{cause:?}{cause:#?}")).collect()
            }
        };
        assert!(!text.contains("canary"), "{text}");
    }
    // Whether FTP proxies are supported is tested elsewhere.
    assert!(refused.len() >= 4, "{refused:?}");
}

/// A value whose serialization sends a request of another merchant. The other one panics.
struct Busy {
    other: &'static Client,
    sending: Mutex<Option<JoinHandle<bool>>>,
}

struct Panicking;

impl Serialize for Panicking {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        panic!("the serialization of a custom value panics")
    }
}

#[derive(Serialize)]
struct Name {
    name: Sensitive,
}

impl Serialize for Busy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("before", &Sensitive::new("张三"))?;
        let mut context = Context::from_waker(Waker::noop());
        let panicked = std::panic::catch_unwind(AssertUnwindSafe(|| {
            let sending = self.other.request(Method::POST, "/v3/x").json(&Panicking).send();
            pin!(sending).poll(&mut Context::from_waker(Waker::noop())).is_ready()
        }));
        assert!(panicked.is_err());
        let name: &'static Name = Box::leak(Box::new(Name {
            name: Sensitive::new("李四"),
        }));
        let mut sending = Box::pin(
            self.other
                .request(Method::POST, "/v3/x")
                .json(name)
                .response::<()>()
                .send(),
        );
        assert!(sending.as_mut().poll(&mut context).is_pending());
        let sending = tokio::spawn(async { sending.await.is_ok() });
        *self.sending.lock().unwrap() = Some(sending);
        map.serialize_entry("after", &Sensitive::new("王五"))?;
        map.end()
    }
}

#[tokio::test]
async fn b7_a_request_that_is_sent_while_another_is_serialized_uses_its_own_key() {
    let gateways = [Gateway::start().unwrap(), Gateway::start().unwrap()];
    for gateway in &gateways {
        gateway.on(Method::POST, "/v3/x", |_| ());
    }
    let busy = Busy {
        other: Box::leak(Box::new(gateways[1].client().unwrap())),
        sending: Mutex::new(None),
    };
    let client = gateways[0].client().unwrap();
    let call = client.request(Method::POST, "/v3/x").json(&busy).response::<()>();
    call.send().await.unwrap();
    let sent = gateways[0].last_request().unwrap();
    assert_eq!(sent.plaintext("before"), Some("张三"));
    assert_eq!(sent.plaintext("after"), Some("王五"));
    let sending = busy.sending.lock().unwrap().take().unwrap();
    assert!(sending.await.unwrap());
    assert_eq!(gateways[1].last_request().unwrap().plaintext("name"), Some("李四"));
    // The thread keeps no state: outside of a request a sensitive value cannot be serialized.
    assert!(serde_json::to_string(&Sensitive::new("赵六")).is_err());
}
