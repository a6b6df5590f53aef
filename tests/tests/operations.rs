//! One operation of each kind, over HTTP: the request arrives as declared, and the response is decoded.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use flate2::{Compression, write::GzEncoder};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::{borrow::Cow, io::Write as _};
use wechatpay_core::{
    Client, Download, Endpoint, Error, ErrorKind, Method, Outcome, Sensitive, StatusCode, Upload,
    endpoint::DigestAlgorithm, wechatpay_endpoint,
};
use wechatpay_gateway::{Gateway, GatewayResponse, ReceivedRequest};

/// Sends `request` to a gateway that returns `response`. Returns the result and the received request.
async fn exchange<E: Endpoint>(
    request: &E,
    response: impl Into<GatewayResponse>,
) -> (Result<E::Response, Error>, ReceivedRequest) {
    let response = response.into();
    exchange_with(request, move |_| response.clone()).await
}

async fn exchange_with<E: Endpoint, R: Into<GatewayResponse>>(
    request: &E,
    response: impl Fn(&ReceivedRequest) -> R + Send + Sync + 'static,
) -> (Result<E::Response, Error>, ReceivedRequest) {
    let gateway = Gateway::start().unwrap();
    gateway.on(E::METHOD, E::PATH, response);
    let result = client(&gateway).call(request).send().await;
    let received = gateway.last_request().unwrap();
    assert!(received.refusal().is_none(), "{:?}", received.refusal());
    (result.map(wechatpay_core::Response::into_inner), received)
}

fn client(gateway: &Gateway) -> Client {
    gateway
        .client_builder()
        .retry(wechatpay_tests::quick())
        .build()
        .unwrap()
}

/// The decoded response of a handler.
async fn response_of<E: Endpoint>(request: &E, response: impl Into<GatewayResponse>) -> E::Response {
    exchange(request, response).await.0.unwrap()
}

fn query_pairs(received: &ReceivedRequest) -> Vec<(&str, &str)> {
    received
        .query_pairs()
        .iter()
        .map(|(name, value)| (&**name, &**value))
        .collect()
}

// ---- Places ----

#[tokio::test]
async fn a_renamed_field_fills_its_placeholder() {
    #[wechatpay_endpoint(GET, "/v3/pay/transactions/id/{transaction_id}")]
    struct QueryById {
        #[wechatpay(path = "transaction_id")]
        id: String,
        mchid: String,
    }
    let query = QueryById {
        id: "1217752501201407033233368018".into(),
        mchid: "1900000001".into(),
    };
    let (_, received) = exchange(&query, json!({})).await;
    assert_eq!(
        received.target(),
        "/v3/pay/transactions/id/1217752501201407033233368018?mchid=1900000001"
    );
    assert!(received.body().is_empty());
}

#[tokio::test]
async fn several_placeholders_of_any_scalar_type_are_filled() {
    #[derive(Serialize)]
    enum Kind {
        #[serde(rename = "BUSI FAVOR")]
        BusiFavor,
    }
    #[wechatpay_endpoint(GET, "/v3/marketing/{type}/users/{openid}/coupons/{coupon_id}/appids/{used}")]
    struct QueryCoupon<'a> {
        r#type: Kind,
        openid: &'a str,
        coupon_id: u64,
        used: bool,
    }
    let query = QueryCoupon {
        r#type: Kind::BusiFavor,
        openid: "o-4_A b/张",
        coupon_id: 98_674_556,
        used: false,
    };
    let (_, received) = exchange(&query, json!({})).await;
    assert_eq!(
        received.target(),
        "/v3/marketing/BUSI%20FAVOR/users/o-4_A%20b%2F%E5%BC%A0/coupons/98674556/appids/false"
    );
    assert_eq!(received.path("openid"), "o-4_A b/张");
}

#[tokio::test]
async fn a_post_has_a_query_and_a_body_and_several_headers() {
    #[wechatpay_endpoint(POST, "/v3/marketing/partnerships/build")]
    struct BuildPartnership {
        #[wechatpay(header = "Idempotency-Key")]
        key: String,
        #[wechatpay(header = "X-Shop-Count")]
        count: u32,
        #[wechatpay(header = "X-Absent")]
        absent: Option<String>,
        #[wechatpay(query)]
        brand_id: Option<u64>,
        #[wechatpay(query)]
        kinds: Vec<&'static str>,
        #[wechatpay(query)]
        offset: Option<u32>,
        partner: Value,
    }
    let build = BuildPartnership {
        key: "12345".into(),
        count: 3,
        absent: None,
        brand_id: Some(1001),
        kinds: vec!["A&B", "C D", ""],
        offset: None,
        partner: json!({ "type": "APPID", "appid": "wx1" }),
    };
    let (_, received) = exchange(&build, json!({})).await;
    assert_eq!(
        received.target(),
        "/v3/marketing/partnerships/build?brand_id=1001&kinds=A%26B&kinds=C%20D&kinds="
    );
    assert_eq!(received.header("idempotency-key"), Some("12345"));
    assert_eq!(received.header("x-shop-count"), Some("3"));
    assert_eq!(received.header("x-absent"), None);
    assert_eq!(
        *received.json(),
        json!({ "partner": { "type": "APPID", "appid": "wx1" } })
    );
}

#[tokio::test]
async fn a_list_or_an_enum_can_be_the_body() {
    #[derive(Serialize)]
    struct Goods {
        goods_id: String,
        price: Option<u64>,
    }
    #[wechatpay_endpoint(POST, "/v3/stores/{store_id}/goods", response = ())]
    struct PutGoods {
        store_id: u64,
        #[wechatpay(body)]
        goods: Vec<Goods>,
    }
    let goods = |id: &str, price| Goods {
        goods_id: id.into(),
        price,
    };
    let put = PutGoods {
        store_id: 1,
        goods: vec![goods("a", Some(1)), goods("b", None)],
    };
    let (_, received) = exchange(&put, ()).await;
    assert_eq!(
        &received.body()[..],
        br#"[{"goods_id":"a","price":1},{"goods_id":"b"}]"#
    );

    #[derive(Serialize)]
    #[serde(tag = "action", rename_all = "SCREAMING_SNAKE_CASE")]
    enum Action {
        Refund { amount: u64 },
        Close,
    }
    #[wechatpay_endpoint(PATCH, "/v3/complaints/{id}", response = ())]
    struct Act {
        id: u64,
        #[wechatpay(body)]
        action: Action,
    }
    let (_, received) = exchange(
        &Act {
            id: 1,
            action: Action::Refund { amount: 5 },
        },
        (),
    )
    .await;
    assert_eq!(&received.body()[..], br#"{"action":"REFUND","amount":5}"#);
    let (_, received) = exchange(
        &Act {
            id: 1,
            action: Action::Close,
        },
        (),
    )
    .await;
    assert_eq!(&received.body()[..], br#"{"action":"CLOSE"}"#);
}

#[tokio::test]
async fn a_delete_may_have_a_body() {
    #[wechatpay_endpoint(DELETE, "/v3/merchant-service/notifications/{id}", response = ())]
    struct DeleteWithBody {
        id: String,
        reason: Option<String>,
    }
    let delete = DeleteWithBody {
        id: "1".into(),
        reason: Some("不再需要".into()),
    };
    let (response, received) = exchange(&delete, ()).await;
    response.unwrap();
    assert_eq!(received.method(), Method::DELETE);
    assert_eq!(received.body(), r#"{"reason":"不再需要"}"#.as_bytes());
    // If all fields are absent, the body is an object without members. Without payload fields there is no body.
    let (_, received) = exchange(&DeleteWithBody { reason: None, ..delete }, ()).await;
    assert_eq!(&received.body()[..], b"{}");
    #[wechatpay_endpoint(DELETE, "/v3/merchant-service/complaint-notifications", response = ())]
    struct Delete;
    let (_, received) = exchange(&Delete, ()).await;
    assert!(received.body().is_empty());
    assert_eq!(received.header("content-type"), None);
}

#[tokio::test]
async fn paths_may_end_in_a_slash_and_begin_with_a_region() {
    #[wechatpay_endpoint(POST, "/v3/smartguide/guides/")]
    struct Slash {}
    let (_, received) = exchange(&Slash {}, json!({})).await;
    assert_eq!(received.target(), "/v3/smartguide/guides/");

    #[wechatpay_endpoint(GET, "/hk/v3/statements")]
    struct HongKong {
        date: String,
    }
    let (_, received) = exchange(
        &HongKong {
            date: "20261123".into(),
        },
        json!({}),
    )
    .await;
    assert_eq!(received.target(), "/hk/v3/statements?date=20261123");
}

#[tokio::test]
async fn the_query_of_a_get_follows_serde() {
    #[derive(Serialize)]
    struct Page {
        offset: u32,
        limit: Option<u32>,
    }
    #[wechatpay_endpoint(GET, "/v3/marketing/favor/stocks")]
    #[serde(rename_all = "camelCase")]
    struct Stocks<'a> {
        stock_creator: &'a str,
        status: Option<&'a str>,
        #[serde(flatten)]
        page: Page,
        #[serde(skip_serializing_if = "Vec::is_empty")]
        tags: Vec<Cow<'a, str>>,
    }
    let mut stocks = Stocks {
        stock_creator: "a+b c",
        status: None,
        page: Page { offset: 0, limit: None },
        tags: Vec::new(),
    };
    let (_, received) = exchange(&stocks, json!({})).await;
    assert_eq!(
        received.target(),
        "/v3/marketing/favor/stocks?stockCreator=a%2Bb%20c&offset=0"
    );
    stocks.tags = vec!["x".into(), "y".into()];
    let (_, received) = exchange(&stocks, json!({})).await;
    assert_eq!(query_pairs(&received)[2..], [("tags", "x"), ("tags", "y")]);

    #[wechatpay_endpoint(GET, "/v3/marketing/favor/stocks")]
    struct AllAbsent {
        status: Option<String>,
    }
    let (_, received) = exchange(&AllAbsent { status: None }, json!({})).await;
    assert_eq!(received.target(), "/v3/marketing/favor/stocks");
}

// ---- Sensitive values ----

#[tokio::test]
async fn query_parameters_are_encrypted_then_percent_encoded() {
    #[wechatpay_endpoint(GET, "/v3/smartguide/guides", encrypt(mobile, names))]
    struct QueryGuides<'a> {
        store_id: u64,
        mobile: Option<&'a str>,
        names: Vec<String>,
    }
    let query = QueryGuides {
        store_id: 1,
        mobile: Some("13900000000"),
        names: vec!["张三".into(), "李四".into()],
    };
    let (_, received) = exchange(&query, json!({})).await;
    assert!(received.is_encrypted("mobile") && received.is_encrypted("names"));
    assert_eq!(
        query_pairs(&received),
        [
            ("store_id", "1"),
            ("mobile", "13900000000"),
            ("names", "张三"),
            ("names", "李四")
        ]
    );
    assert!(!received.target().contains("13900000000"));
    assert!(!received.target().contains('+'));
    // An empty text stays empty, and an absent value is not sent.
    let query = QueryGuides {
        mobile: Some(""),
        names: Vec::new(),
        ..query
    };
    let (_, received) = exchange(&query, json!({})).await;
    assert_eq!(received.target(), "/v3/smartguide/guides?store_id=1&mobile=");
}

#[tokio::test]
async fn nested_sensitive_values_are_encrypted() {
    #[derive(Debug, Serialize)]
    struct Contact {
        name: Sensitive,
        phones: Vec<Sensitive>,
        email: Option<Sensitive<Cow<'static, str>>>,
        id: Option<Sensitive<&'static str>>,
    }
    #[derive(Debug, Serialize)]
    #[serde(rename_all = "snake_case")]
    enum Party {
        Person(Contact),
    }
    #[wechatpay_endpoint(POST, "/v3/applyment4sub/applyment/", encrypt(owners))]
    struct Apply {
        business_code: String,
        owners: Option<Vec<Option<String>>>,
        party: Party,
        #[serde(flatten)]
        more: Contact,
    }
    let contact = |name: &str| Contact {
        name: Sensitive::new(name),
        phones: vec![Sensitive::new("1"), Sensitive::new("2")],
        email: Some(Cow::Borrowed("a@b").into()),
        id: None,
    };
    let apply = Apply {
        business_code: "1900013511_10000".into(),
        owners: Some(vec![Some("甲".into()), None, Some("乙".into())]),
        party: Party::Person(contact("张三")),
        more: contact("李四"),
    };
    let (_, received) = exchange(&apply, json!({})).await;
    let plain = |name: &str| json!({ "name": name, "phones": ["1", "2"], "email": "a@b" });
    let mut expected = plain("李四");
    expected["business_code"] = "1900013511_10000".into();
    expected["owners"] = json!(["甲", "乙"]);
    expected["party"] = json!({ "person": plain("张三") });
    assert_eq!(*received.json(), expected);
    let mut encrypted: Vec<&str> = received.encrypted_fields().collect();
    encrypted.sort_unstable();
    let mut fields = vec!["owners[0]", "owners[1]"];
    fields.extend(["name", "phones[0]", "phones[1]", "email"]);
    fields.extend([
        "party.person.name",
        "party.person.phones[0]",
        "party.person.phones[1]",
        "party.person.email",
    ]);
    fields.sort_unstable();
    assert_eq!(encrypted, fields);
}

#[tokio::test]
async fn sensitive_responses_are_decrypted_also_if_serde_buffers() {
    #[derive(Deserialize)]
    struct Contact {
        name: Sensitive,
        phones: Option<Vec<Sensitive>>,
    }
    #[derive(Deserialize)]
    #[serde(tag = "kind", rename_all = "snake_case")]
    enum Tagged {
        Person { name: Sensitive },
    }
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Untagged {
        #[allow(dead_code, reason = "the variant that does not match")]
        Number {
            number: u64,
        },
        Contact(Contact),
    }
    #[derive(Deserialize)]
    struct OrderResponse {
        plain: Contact,
        #[serde(flatten)]
        flattened: Contact,
        tagged: Tagged,
        untagged: Untagged,
        empty: Sensitive,
        absent: Option<Sensitive>,
    }
    #[wechatpay_endpoint(GET, "/v3/applyment4sub/applyment/", response = OrderResponse)]
    struct Query {}
    let response = exchange_with(&Query {}, |request| {
        let contact =
            |name: &str| json!({ "name": request.encrypt(name), "phones": [request.encrypt("1"), request.encrypt("2")] });
        let mut response = contact("flattened");
        response["plain"] = contact("plain");
        response["tagged"] = json!({ "kind": "person", "name": request.encrypt("tagged") });
        response["untagged"] = contact("untagged");
        response["empty"] = "".into();
        response
    })
    .await;
    let OrderResponse {
        plain,
        flattened,
        tagged: Tagged::Person { name: tagged },
        untagged: Untagged::Contact(untagged),
        empty,
        absent,
    } = response.0.unwrap()
    else {
        panic!("another variant")
    };
    assert_eq!(plain.name.expose(), "plain");
    assert_eq!(flattened.name.expose(), "flattened");
    assert_eq!(tagged.expose(), "tagged");
    assert_eq!(untagged.name.expose(), "untagged");
    assert_eq!(untagged.phones.unwrap()[1].expose(), "2");
    assert_eq!(empty.expose(), "");
    assert!(absent.is_none());
}

// ---- Uploads ----

#[derive(Deserialize)]
struct Media {
    media_id: String,
}

#[tokio::test]
async fn an_upload_is_signed_over_its_meta_with_name_and_digest() {
    #[wechatpay_endpoint(POST, "/v3/merchant/media/upload", response = Media)]
    struct UploadImage {
        #[wechatpay(file)]
        file: Upload,
    }
    let image = UploadImage {
        file: Upload::new("营业执照 \"1\".jpg", b"\xFF\xD8 not a picture\r\n--boundary".to_vec()),
    };
    let (response, received) = exchange(&image, json!({ "media_id": "m1" })).await;
    assert_eq!(response.unwrap().media_id, "m1");
    let sha256 = DigestAlgorithm::Sha256.hex(image.file.bytes());
    assert_eq!(
        *received.json(),
        json!({ "filename": "营业执照 \"1\".jpg", "sha256": sha256 })
    );
    let part = received.part("file").unwrap();
    assert_eq!(part.bytes(), image.file.bytes());
    assert_eq!(part.content_type(), Some("image/jpeg"));
    assert_eq!(received.parts().len(), 2);
    assert!(
        received
            .header("content-type")
            .unwrap()
            .starts_with("multipart/form-data; boundary=")
    );
}

#[tokio::test]
async fn an_upload_has_the_names_digest_and_text_parts_that_are_declared() {
    #[wechatpay_endpoint(
        POST,
        "/v3/new-tax-control-fapiao/fapiao-applications/upload-fapiao-file",
        encrypt(buyer)
    )]
    struct UploadFapiao {
        #[wechatpay(file, filename = none, digest = "digest", algorithm = SM3)]
        file: Upload,
        digest_alogrithm: &'static str,
        buyer: String,
        absent: Option<String>,
    }
    let fapiao = UploadFapiao {
        file: Upload::new("fapiao.pdf", b"abc".to_vec()),
        digest_alogrithm: "SM3",
        buyer: "张三".into(),
        absent: None,
    };
    let (_, received) = exchange(&fapiao, json!({})).await;
    // The test vector of the standard (GB/T 32905-2016, A.1).
    let sm3 = "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0";
    assert_eq!(
        *received.json(),
        json!({ "digest_alogrithm": "SM3", "buyer": "张三", "digest": sm3 })
    );
    assert!(received.is_encrypted("buyer"));
    assert_eq!(received.part("file").unwrap().content_type(), Some("application/pdf"));

    #[wechatpay_endpoint(POST, "/v3/merchant/documents")]
    struct UploadDocument {
        #[wechatpay(file = "submission_file", filename = "file_name", digest = "file_digest")]
        file: Upload,
        #[wechatpay(form)]
        purpose: &'static str,
        #[wechatpay(form)]
        count: u8,
        #[wechatpay(form)]
        absent: Option<String>,
    }
    let document = UploadDocument {
        file: Upload::new("a", b"abc".to_vec()).content_type("image/png"),
        purpose: "证明 & 说明",
        count: 2,
        absent: None,
    };
    let (_, received) = exchange(&document, json!({})).await;
    let sha256 = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(*received.json(), json!({ "file_name": "a", "file_digest": sha256 }));
    assert_eq!(
        received.part("submission_file").unwrap().content_type(),
        Some("image/png")
    );
    assert_eq!(received.part("purpose").unwrap().bytes(), "证明 & 说明".as_bytes());
    assert_eq!(&received.part("count").unwrap().bytes()[..], b"2");
    let names: Vec<&str> = received.parts().iter().map(|part| part.name()).collect();
    assert_eq!(names, ["meta", "purpose", "count", "submission_file"]);
}

/// The transport gets the bytes of the caller without a copy: the same memory.
#[tokio::test]
async fn a_large_file_is_uploaded_without_being_copied() {
    use std::sync::{Arc, Mutex};
    #[wechatpay_endpoint(POST, "/v3/merchant/media/video_upload", response = Media)]
    struct UploadVideo {
        #[wechatpay(file)]
        file: Upload,
    }
    let video = UploadVideo {
        file: Upload::new("film.mp4", vec![7; 20 << 20]),
    };
    let seen = Arc::new(Mutex::new(Vec::new()));
    let transport = wechatpay_tests::RecordingTransport::observing({
        let seen = Arc::clone(&seen);
        move |request| {
            seen.lock()
                .unwrap()
                .extend(request.body.iter().map(|piece| (piece.as_ptr() as usize, piece.len())))
        }
    });
    let gateway = Gateway::start().unwrap();
    gateway.on(Method::POST, UploadVideo::PATH, |_| json!({ "media_id": "v1" }));
    let client = gateway.client_builder().transport(transport).build().unwrap();
    assert_eq!(video.send(&client).await.unwrap().media_id, "v1");
    let file = (video.file.bytes().as_ptr() as usize, 20 << 20);
    assert!(seen.lock().unwrap().contains(&file));
    assert_eq!(
        gateway.last_request().unwrap().part("file").unwrap().bytes(),
        video.file.bytes()
    );
}

// ---- Downloads ----

#[wechatpay_endpoint(GET, "/v3/billdownload/file", response = Download)]
struct DownloadBill {
    token: String,
}

fn bill() -> DownloadBill {
    DownloadBill { token: "t/+=".into() }
}

const BILL: &str = "交易时间,公众账号ID\n`2026-11-23,`wx1\n";

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn sha1(content: &[u8]) -> String {
    use sha1::Digest as _;
    sha1::Sha1::digest(content)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn zipped_bill() -> GatewayResponse {
    GatewayResponse::bytes("application/x-gzip", gzip(BILL.as_bytes())).header("content-encoding", "gzip")
}

#[tokio::test]
async fn a_download_goes_to_memory_to_a_writer_or_to_a_file() {
    let directory = tempfile::tempdir().unwrap();
    for response in [GatewayResponse::bytes("text/plain", BILL), zipped_bill()] {
        let gateway = Gateway::start().unwrap();
        gateway.on(Method::GET, DownloadBill::PATH, move |_| response.clone());
        let client = client(&gateway);
        let download = || async { bill().send(&client).await.unwrap().expect_sha1(&sha1(BILL.as_bytes())) };
        assert_eq!(download().await.bytes().await.unwrap(), BILL);
        let mut written = Vec::new();
        assert_eq!(
            download().await.write_to(&mut written).await.unwrap(),
            BILL.len() as u64
        );
        assert_eq!(written, BILL.as_bytes());
        let path = directory.path().join("bill.csv");
        download().await.save(&path).await.unwrap();
        assert_eq!(std::fs::read_to_string(&path).unwrap(), BILL);
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 1);
        let received = gateway.last_request().unwrap();
        assert_eq!(received.header("accept-encoding"), Some("gzip"));
        assert_eq!(received.query("token"), Some("t/+="));
    }
}

#[tokio::test]
async fn a_download_reports_its_progress() {
    let content = vec![b'x'; 300_000];
    let mut download = exchange(&bill(), GatewayResponse::bytes("text/plain", content))
        .await
        .0
        .unwrap();
    assert_eq!(download.content_length(), Some(300_000));
    assert_eq!(download.content_type(), Some("text/plain"));
    assert!(download.request_id().is_some());
    let mut taken = 0;
    while let Some(chunk) = download.chunk().await.unwrap() {
        taken += chunk.len();
    }
    assert_eq!(taken, 300_000);
    assert!(download.chunk().await.unwrap().is_none());
}

#[tokio::test]
async fn a_download_with_a_wrong_digest_or_size_leaves_no_file() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("bill.csv");
    let save = async |response: GatewayResponse, sha1: &str, most: u64| {
        let download = exchange(&bill(), response).await.0.unwrap();
        let error = download
            .expect_sha1(sha1)
            .max_bytes(most)
            .save(&path)
            .await
            .unwrap_err();
        assert_eq!(error.outcome(), Outcome::Unknown);
        assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
        error.kind()
    };
    let right = sha1(BILL.as_bytes());
    let most = BILL.len() as u64;
    let plain = || GatewayResponse::bytes("text/plain", BILL);
    assert_eq!(save(plain(), &sha1(b"another"), most).await, ErrorKind::Mismatched);
    assert_eq!(save(plain(), &right, most - 1).await, ErrorKind::TooLarge);
    assert_eq!(save(zipped_bill(), &right, most - 1).await, ErrorKind::TooLarge);
    // Compressed and truncated: the connection ends normally, but the content is incomplete.
    let zipped = gzip(BILL.as_bytes());
    let cut =
        GatewayResponse::bytes("text/plain", zipped[..zipped.len() - 9].to_vec()).header("content-encoding", "gzip");
    assert_eq!(save(cut, &right, most).await, ErrorKind::Undecodable);
    let not_gzip = plain().header("content-encoding", "gzip");
    assert_eq!(save(not_gzip, &right, most).await, ErrorKind::Undecodable);
}

#[tokio::test]
async fn a_broken_download_leaves_no_file() {
    let gateway = Gateway::start().unwrap();
    gateway.on(Method::GET, DownloadBill::PATH, |_| {
        GatewayResponse::bytes("text/plain", vec![b'x'; 100_000])
    });
    gateway.misbehave(wechatpay_gateway::Fault::CloseMidway { after: 50_000 });
    let directory = tempfile::tempdir().unwrap();
    let download = bill().send(&client(&gateway)).await.unwrap();
    let error = download.save(directory.path().join("bill.csv")).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Interrupted);
    assert_eq!(std::fs::read_dir(directory.path()).unwrap().count(), 0);
}

#[tokio::test]
async fn an_error_response_to_a_download_is_an_error() {
    let refusal = GatewayResponse::error(400, "NO_STATEMENT_EXIST", "账单不存在");
    let error = exchange(&bill(), refusal).await.0.unwrap_err();
    assert_eq!(
        (error.outcome(), error.code()),
        (Outcome::Rejected, Some("NO_STATEMENT_EXIST"))
    );
}

// ---- Responses ----

#[tokio::test]
async fn unit_accepts_a_204_and_any_other_success() {
    #[wechatpay_endpoint(POST, "/v3/pay/transactions/out-trade-no/{out_trade_no}/close", response = ())]
    struct Close {
        out_trade_no: String,
    }
    let close = Close {
        out_trade_no: "A1".into(),
    };
    response_of(&close, ()).await;
    response_of(&close, GatewayResponse::empty(200)).await;
    response_of(&close, GatewayResponse::empty(202)).await;
    response_of(&close, json!({ "whatever": 1 })).await;
}

#[tokio::test]
async fn a_202_with_a_body_is_not_final() {
    #[wechatpay_endpoint(POST, "/v3/applyments", idempotent)]
    struct Apply {}
    let gateway = Gateway::start().unwrap();
    gateway.on(Method::POST, Apply::PATH, |_| {
        GatewayResponse::json(202, &json!({ "state": "PROCESSING" }))
    });
    let error = (Apply {}).send(&client(&gateway)).await.unwrap_err();
    assert_eq!((error.kind(), error.outcome()), (ErrorKind::NotFinal, Outcome::Unknown));
    assert_eq!((error.status(), error.attempts()), (Some(StatusCode::ACCEPTED), 3));
}

#[tokio::test]
async fn a_response_can_be_an_array_or_a_scalar() {
    #[wechatpay_endpoint(GET, "/v3/banks", response = Vec<String>)]
    struct Banks {}
    assert_eq!(
        response_of(&Banks {}, json!(["工商银行", "招商银行"])).await,
        ["工商银行", "招商银行"]
    );
    #[wechatpay_endpoint(GET, "/v3/balance", response = u64)]
    struct Balance {}
    assert_eq!(response_of(&Balance {}, json!(12)).await, 12);
    #[wechatpay_endpoint(GET, "/v3/nothing", response = Option<Media>)]
    struct Nothing {}
    assert!(response_of(&Nothing {}, ()).await.is_none());
}

/// A number that the service sends as a string. This is an example of a `with` module.
mod text {
    use serde::{Deserialize, Deserializer, Serializer, de::Error};
    use std::{fmt::Display, str::FromStr};

    pub fn serialize<T: Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(value)
    }

    pub fn deserialize<'de, T: FromStr<Err: Display>, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

#[tokio::test]
async fn scalars_in_strings_are_converted_by_a_with_module() {
    #[derive(Deserialize)]
    struct OrderResponse {
        #[serde(with = "text")]
        count: u64,
    }
    #[wechatpay_endpoint(POST, "/v3/count", response = OrderResponse)]
    struct Count {
        #[serde(with = "text")]
        count: u64,
        #[wechatpay(query)]
        #[serde(with = "text")]
        page: u8,
    }
    let (response, received) = exchange(&Count { count: 7, page: 2 }, json!({ "count": "18446744073709551615" })).await;
    assert_eq!(response.unwrap().count, u64::MAX);
    assert_eq!(*received.json(), json!({ "count": "7" }));
    assert_eq!(received.query("page"), Some("2"));
}

#[tokio::test]
async fn json_in_a_string_may_have_sensitive_values() {
    #[derive(Serialize, Deserialize)]
    struct Attach {
        shop: String,
        till: Option<u32>,
        keeper: Option<Sensitive>,
    }
    #[derive(Deserialize)]
    struct OrderResponse {
        #[serde(with = "wechatpay_core::json_string")]
        attach: Attach,
        #[serde(default, with = "wechatpay_core::json_string")]
        missing: Option<Attach>,
        #[serde(with = "wechatpay_core::json_string")]
        empty: Option<Attach>,
        #[serde(with = "wechatpay_core::json_string")]
        null: Option<Attach>,
    }
    #[wechatpay_endpoint(POST, "/v3/attach", response = OrderResponse)]
    struct Send {
        #[serde(with = "wechatpay_core::json_string")]
        attach: Attach,
        #[serde(with = "wechatpay_core::json_string")]
        absent: Option<Attach>,
        #[wechatpay(query)]
        #[serde(with = "wechatpay_core::json_string")]
        filter: Vec<u8>,
    }
    let send = Send {
        attach: Attach {
            shop: "南山\"店\"".into(),
            till: None,
            keeper: Some(Sensitive::new("张三")),
        },
        absent: None,
        filter: vec![1, 2],
    };
    let (response, received) = exchange_with(&send, |request| {
        let attach = json!({ "shop": "s", "till": 3, "keeper": request.encrypt("李四") }).to_string();
        json!({ "attach": attach, "empty": "", "null": null })
    })
    .await;
    let response = response.unwrap();
    assert_eq!((&*response.attach.shop, response.attach.till), ("s", Some(3)));
    assert_eq!(response.attach.keeper.unwrap().expose(), "李四");
    assert!(response.missing.is_none() && response.empty.is_none() && response.null.is_none());
    let sent = received.json().as_object().unwrap();
    assert_eq!(sent.keys().collect::<Vec<_>>(), ["attach"]);
    assert_eq!(received.query("filter"), Some("[1,2]"));
    let inner: Value = serde_json::from_str(sent["attach"].as_str().unwrap()).unwrap();
    assert_eq!(inner["shop"], "南山\"店\"");
    assert!(inner.get("till").is_none());
    assert_eq!(STANDARD.decode(inner["keeper"].as_str().unwrap()).unwrap().len(), 256);
    assert!(serde_json::to_string(&send).is_err());
    let (response, _) = exchange(&send, json!({ "null": null, "empty": "", "attach": "{\"shop\":1}" })).await;
    let error = match response {
        Err(error) => error,
        Ok(_) => panic!("a shop that is a number"),
    };
    assert_eq!((error.kind(), error.field()), (ErrorKind::Undecodable, Some("attach")));
}

#[tokio::test]
async fn times_keep_their_offset_and_amounts_are_whole_fen() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Amount {
        total: u64,
        currency: String,
    }
    #[derive(Deserialize)]
    struct Order {
        success_time: chrono::DateTime<chrono::FixedOffset>,
        amount: Amount,
    }
    #[wechatpay_endpoint(POST, "/v3/order", response = Order)]
    struct Create {
        time_expire: chrono::DateTime<chrono::FixedOffset>,
        amount: Amount,
    }
    let amount = || Amount {
        total: 9_007_199_254_740_993,
        currency: "CNY".into(),
    };
    let create = Create {
        time_expire: "2026-11-23T23:59:59+08:00".parse().unwrap(),
        amount: amount(),
    };
    let order = json!({ "success_time": "2026-11-23T08:00:01-05:00", "amount": amount() });
    let (response, received) = exchange(&create, order).await;
    let response = response.unwrap();
    assert_eq!(response.success_time.to_rfc3339(), "2026-11-23T08:00:01-05:00");
    assert_eq!(response.amount, amount());
    assert_eq!(
        received.body(),
        r#"{"time_expire":"2026-11-23T23:59:59+08:00","amount":{"total":9007199254740993,"currency":"CNY"}}"#
    );
}

#[tokio::test]
async fn an_open_enum_keeps_an_unknown_value() {
    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    enum TradeState {
        #[serde(rename = "SUCCESS")]
        Success,
        #[serde(untagged)]
        Other(String),
    }
    #[derive(Deserialize)]
    struct Order {
        trade_state: TradeState,
    }
    #[wechatpay_endpoint(GET, "/v3/orders", response = Vec<Order>)]
    struct List {
        state: TradeState,
    }
    let response = json!([{ "trade_state": "SUCCESS" }, { "trade_state": "BRAND_NEW", "field": "new too" }]);
    let list = List {
        state: TradeState::Other("BRAND_NEW".into()),
    };
    let (response, received) = exchange(&list, response).await;
    let states: Vec<TradeState> = response.unwrap().into_iter().map(|order| order.trade_state).collect();
    assert_eq!(states, [TradeState::Success, TradeState::Other("BRAND_NEW".into())]);
    assert_eq!(received.query("state"), Some("BRAND_NEW"));
}

// ---- Rust ----

/// A generic, borrowed struct with conditional fields and keyword names, declared through a facade.
mod shop {
    pub mod facade {
        pub use wechatpay_core as wechatpay;
    }
    use serde::Serialize;
    use std::borrow::Cow;

    #[facade::wechatpay::wechatpay_endpoint(
        PUT, "/v3/shops/{type}", encrypt(keeper), crate = crate::shop::facade::wechatpay,
    )]
    pub struct Update<'a, T: Serialize + Sync>
    where
        T: Clone,
    {
        pub r#type: &'a str,
        pub r#where: Cow<'a, str>,
        pub keeper: Option<&'a str>,
        #[cfg(any())]
        pub never: NoSuchType,
        #[cfg(test)]
        pub always: bool,
        pub details: Vec<T>,
    }
}

#[tokio::test]
async fn generics_lifetimes_cfg_raw_names_and_a_facade_work_together() {
    let place = String::from("深圳");
    let update = shop::Update {
        r#type: "tea",
        r#where: (&*place).into(),
        keeper: Some("张三"),
        always: true,
        details: vec![1.5, 2.0],
    };
    assert!(format!("{update:?}").contains("keeper: [redacted]"));
    let (_, received) = exchange(&update, json!({})).await;
    assert_eq!(received.target(), "/v3/shops/tea");
    assert_eq!(
        *received.json(),
        json!({ "where": "深圳", "keeper": "张三", "always": true, "details": [1.5, 2.0] })
    );
    assert!(received.is_encrypted("keeper"));
}
