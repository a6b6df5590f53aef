//! Values of requests that try to be more than values.

use serde_json::json;
use wechatpay_core::{
    Client, DigestAlgorithm, Endpoint, FileFields, Method, Outcome, Preparation, PrepareError, Upload,
    gateway::Gateway, transport::HttpTransport,
};

/// An upload with a text beside the file.
struct UploadWithText(String);

impl Endpoint for UploadWithText {
    type Response = ();
    const METHOD: Method = Method::POST;
    const PATH: &'static str = "/v3/merchant/media/upload";

    fn prepare(&self, request: &mut Preparation) -> Result<(), PrepareError> {
        request.form("remark", &self.0)?;
        let fields = FileFields {
            filename: Some("filename"),
            digest: "sha256",
            algorithm: DigestAlgorithm::Sha256,
        };
        request.file("file", &Upload::new("a.png", b"picture".as_slice()), fields)
    }
}

async fn send(client: &Client, text: &str) {
    client.call(&UploadWithText(text.to_owned())).await.unwrap();
}

#[tokio::test]
async fn e4_a_text_that_foresees_the_boundary_of_its_upload_stays_one_text() {
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
async fn e9_a_path_that_is_refused_shows_no_value_and_no_line_break() {
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
fn e9_the_password_of_a_proxy_is_in_no_error() {
    for url in [
        "http://user:canary@",
        "http://user:canary@[",
        "ftp://user:canary@x",
        "user:canary@x:y",
        "user:canary@ x",
    ] {
        if let Err(error) = HttpTransport::builder().proxy(url).build() {
            let mut text = format!("{error}{error:?}{error:#?}");
            let mut source = std::error::Error::source(&error);
            while let Some(cause) = source {
                text.push_str(&format!("{cause}{cause:?}"));
                source = cause.source();
            }
            assert!(!text.contains("canary"), "{text}");
        }
    }
}
