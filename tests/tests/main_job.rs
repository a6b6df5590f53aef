//! The main job, end to end over HTTP: a declared struct is sent, and a verified response is returned. The suite runs
//! with each crypto backend and with the blocking client.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::{Deserialize, Serialize};
use serde_json::json;
use wechatpay_core::{
    Error, ErrorKind, Method, Outcome, PublicKey, Sensitive, StatusCode, crypto::Suite, transport::HttpTransport,
    wechatpay_endpoint,
};
use wechatpay_gateway::{Fault, generate};
use wechatpay_tests::{Caller, Log, Machine, RawServer, RecordingTransport, Way, World, full_text};

const PRE_ENTRUST: &str = "/v3/ecommerce/individual-contracts/pre-entrust-sign-with-real-name-identity/mini-program";

#[wechatpay_endpoint(
    POST, "/v3/ecommerce/individual-contracts/pre-entrust-sign-with-real-name-identity/mini-program",
    encrypt(real_name, cred_id),
    response = PreEntrustSign,
)]
struct MiniProgramPreEntrustSign {
    appid: String,
    out_contract_code: String,
    openid: String,
    real_name: String,
    cred_type: CredType,
    cred_id: String,
}

wechatpay_core::open_enum! {
    enum CredType {
        IdCard = "ID_CARD",
    }
}

#[derive(Debug, Deserialize)]
struct PreEntrustSign {
    pre_entrustweb_id: String,
}

const REAL_NAME: &str = "司马相如的真名";
const CRED_ID: &str = "11010119900307canary";

fn pre_entrust() -> MiniProgramPreEntrustSign {
    MiniProgramPreEntrustSign {
        appid: "wxd678efh567hg6787".into(),
        out_contract_code: "SIGN20261123000001".into(),
        openid: "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o".into(),
        real_name: REAL_NAME.into(),
        cred_type: CredType::IdCard,
        cred_id: CRED_ID.into(),
    }
}

/// The short form without a response type.
#[wechatpay_endpoint(
    POST,
    "/v3/ecommerce/individual-contracts/pre-entrust-sign-with-real-name-identity/mini-program",
    encrypt(real_name, cred_id)
)]
struct ShortForm {
    real_name: String,
    cred_id: String,
}

#[wechatpay_endpoint(GET, "/v3/pay/transactions/out-trade-no/{out_trade_no}")]
struct QueryOrder {
    out_trade_no: String,
    mchid: String,
    attach: Option<String>,
}

#[wechatpay_endpoint(POST, "/v3/pay/transactions/out-trade-no/{out_trade_no}/close", response = ())]
struct CloseOrder {
    out_trade_no: String,
    mchid: String,
}

/// A nested sensitive value, in a request and in a response.
#[wechatpay_endpoint(POST, "/v3/profitsharing/receivers/add", response = Receiver)]
struct AddReceiver {
    appid: String,
    receiver: Receiver,
}

#[derive(Debug, Serialize, Deserialize)]
struct Receiver {
    account: String,
    name: Option<Sensitive>,
}

fn world(way: Way) -> World {
    let world = World::new(way);
    world.gateway.on(Method::POST, PRE_ENTRUST, |request| {
        json!({ "pre_entrustweb_id": format!("web-{}", request.json()["out_contract_code"].as_str().unwrap_or("none")) })
    });
    world
}

/// The common properties of every refused response.
fn assert_unverified(error: &Error) {
    assert_eq!(error.kind(), ErrorKind::Unverified, "{error}");
    assert_eq!(error.outcome(), Outcome::Unknown, "{error}");
    assert!(!error.is_authenticated(), "{error}");
    assert!(error.to_string().contains("query before you retry"), "{error}");
}

/// The gateway refused the signature of the request, and nothing was executed.
fn assert_refused_by_gateway(world: &World, result: Result<PreEntrustSign, Error>) {
    let error = result.unwrap_err();
    assert_eq!(error.status(), Some(StatusCode::UNAUTHORIZED), "{error}");
    assert_eq!(error.code(), Some("SIGN_ERROR"), "{error}");
    assert!(error.hint().unwrap().english().contains("serial_no"), "{error}");
    // The refusal is not signed, so it proves nothing.
    assert_eq!(error.outcome(), Outcome::Unknown, "{error}");
    let received = world.gateway.requests();
    assert_eq!(received.len(), 1);
    assert!(received[0].refusal().is_some());
    assert!(received[0].json().is_null());
}

/// The whole suite for one way.
macro_rules! suite {
    ($($name:ident)*) => {
        suite!(@ aws_lc_rs AwsLcRs: $($name)*);
        suite!(@ rsa Rsa: $($name)*);
        suite!(@ blocking Blocking: $($name)*);
        suite!(@ shangmi Shangmi: $($name)*);
        suite!(@ shangmi_blocking ShangmiBlocking: $($name)*);
    };
    (@ $module:ident $way:ident: $($name:ident)*) => {
        mod $module {
            $(#[test]
            fn $name() {
                super::$name(super::Way::$way);
            })*
        }
    };
}

suite! {
    a_declared_struct_is_sent_and_gets_a_verified_response
    the_short_form_returns_json
    the_signed_bytes_are_the_sent_bytes
    a_response_signed_with_a_wrong_key_is_refused
    a_response_with_a_changed_body_is_refused
    a_response_without_one_of_the_signature_headers_is_refused
    a_response_with_a_stale_timestamp_is_refused
    a_request_signed_with_a_wrong_key_is_refused
    a_request_with_a_changed_body_is_refused
    a_request_with_a_changed_target_is_refused
    a_request_without_authorization_is_refused
    a_request_with_a_stale_timestamp_is_refused
    plaintext_never_occurs_in_the_raw_request
    serial_and_ciphertext_belong_together
    a_204_with_unit_is_verified_too
    placeholders_and_query_values_arrive_unchanged
    debug_errors_and_serialization_reveal_nothing
    the_log_reveals_nothing
    a_sensitive_value_is_encrypted_in_both_directions
    an_undeclared_operation_is_signed_and_verified_like_the_rest
}

fn a_declared_struct_is_sent_and_gets_a_verified_response(way: Way) {
    let world = world(way);
    let signed = world.client().send(&pre_entrust()).unwrap();
    assert_eq!(signed.pre_entrustweb_id, "web-SIGN20261123000001");
    let received = world.gateway.last_request().unwrap();
    assert_eq!(
        *received.json(),
        json!({
            "appid": "wxd678efh567hg6787", "out_contract_code": "SIGN20261123000001",
            "openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o", "real_name": REAL_NAME, "cred_type": "ID_CARD", "cred_id": CRED_ID,
        })
    );
    let other = MiniProgramPreEntrustSign {
        cred_type: CredType::Unlisted("PASSPORT".into()),
        ..pre_entrust()
    };
    world.client().send(&other).unwrap();
    assert_eq!(world.gateway.last_request().unwrap().json()["cred_type"], "PASSPORT");
}

fn the_short_form_returns_json(way: Way) {
    let world = world(way);
    let request = ShortForm {
        real_name: REAL_NAME.into(),
        cred_id: CRED_ID.into(),
    };
    let response: serde_json::Value = world.client().send(&request).unwrap();
    assert_eq!(response["pre_entrustweb_id"], "web-none");
}

/// The expected message is built here from the bytes on the socket.
fn the_signed_bytes_are_the_sent_bytes(way: Way) {
    let world = world(way);
    let server_runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .unwrap();
    let server = server_runtime.block_on(RawServer::start(|mut connection| async move {
        while connection.request().await?.is_some() {
            connection
                .write("HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n")
                .await?;
        }
        Ok(())
    }));
    let caller = world.caller(world.builder().base_url(server.url()));
    caller.send(&pre_entrust()).unwrap_err();
    let query = QueryOrder {
        out_trade_no: "A/1 张三%2F".into(),
        mchid: "1900000001".into(),
        attach: Some("a b&c=d+e%".into()),
    };
    caller.send(&query).unwrap_err();
    let public_key = generate::public_key_pem(&world.private_key(world.gateway.merchant_private_key_pem()));
    let public_key = PublicKey::from_pem_with(way.backend(), public_key).unwrap();
    let requests = server.requests();
    // The query is a GET, which is retried after the 500.
    assert_eq!(requests.len(), 1 + 3);
    for request in requests {
        let authorization = request.headers("authorization")[0];
        let part = |name: &str| {
            let (_, rest) = authorization.split_once(&format!("{name}=\"")).unwrap();
            rest.split_once('"').unwrap().0
        };
        let method = request.head().split(' ').next().unwrap();
        let message = [
            format!(
                "{method}\n{}\n{}\n{}\n",
                request.target(),
                part("timestamp"),
                part("nonce_str")
            )
            .as_bytes(),
            request.body(),
            b"\n",
        ]
        .concat();
        let signature = STANDARD.decode(part("signature")).unwrap();
        assert!(public_key.verify(&message, &signature), "{}", request.head());
        assert_eq!(request.body().is_empty(), method == "GET");
        assert_eq!(part("mchid"), world.gateway.mchid());
        assert_eq!(part("serial_no"), world.gateway.serial_no());
    }
    server_runtime.shutdown_background();
}

fn a_response_signed_with_a_wrong_key_is_refused(way: Way) {
    let world = world(way);
    world.gateway.misbehave(Fault::WrongKey);
    assert_unverified(&world.client().send(&pre_entrust()).unwrap_err());
    assert_eq!(world.gateway.received(), 1);
}

fn a_response_with_a_changed_body_is_refused(way: Way) {
    let world = world(way);
    // The lowest bit of a letter in the id, so the JSON stays well-formed.
    world.gateway.misbehave(Fault::FlippedBit(8 * 24));
    assert_unverified(&world.client().send(&pre_entrust()).unwrap_err());
}

fn a_response_without_one_of_the_signature_headers_is_refused(way: Way) {
    let world = world(way);
    let caller = world.client();
    for name in [
        "Wechatpay-Timestamp",
        "Wechatpay-Nonce",
        "Wechatpay-Signature",
        "Wechatpay-Serial",
    ] {
        world.gateway.misbehave(Fault::missing([name]));
        let error = caller.send(&pre_entrust()).unwrap_err();
        assert_unverified(&error);
        assert!(error.to_string().contains(name), "{error}");
    }
    world.gateway.misbehave(Fault::Unsigned);
    assert_unverified(&caller.send(&pre_entrust()).unwrap_err());
}

fn a_response_with_a_stale_timestamp_is_refused(way: Way) {
    let world = world(way);
    let caller = world.client();
    for seconds in [-310, 310] {
        world.gateway.misbehave(Fault::Stale { seconds });
        let error = caller.send(&pre_entrust()).unwrap_err();
        assert_unverified(&error);
        assert!(error.hint().unwrap().english().contains("clock"), "{error}");
    }
    world.gateway.misbehave(Fault::Stale { seconds: -290 });
    caller.send(&pre_entrust()).unwrap();
}

fn a_request_signed_with_a_wrong_key_is_refused(way: Way) {
    let world = world(way);
    let key = world.unknown_key();
    let builder = world
        .builder()
        .merchant(world.gateway.mchid(), world.gateway.serial_no(), key);
    assert_refused_by_gateway(&world, world.caller(builder).send(&pre_entrust()));
}

/// A client whose requests are changed on the way.
fn with_transport(world: &World, transport: RecordingTransport) -> Caller {
    world.caller(world.builder().transport(transport))
}

fn a_request_with_a_changed_body_is_refused(way: Way) {
    let world = world(way);
    let transport = RecordingTransport::changing(|request| {
        let mut body = request.body.concat();
        body[20] ^= 1;
        request.body = vec![body.into()];
    });
    assert_refused_by_gateway(&world, with_transport(&world, transport).send(&pre_entrust()));
}

fn a_request_with_a_changed_target_is_refused(way: Way) {
    let world = world(way);
    let transport = RecordingTransport::changing(|request| request.target.push_str("?a=b"));
    assert_refused_by_gateway(&world, with_transport(&world, transport).send(&pre_entrust()));
}

fn a_request_without_authorization_is_refused(way: Way) {
    let world = world(way);
    let transport = RecordingTransport::changing(|request| {
        request.headers.remove("authorization");
    });
    assert_refused_by_gateway(&world, with_transport(&world, transport).send(&pre_entrust()));
}

fn a_request_with_a_stale_timestamp_is_refused(way: Way) {
    for seconds in [-310, 310] {
        let world = world(way);
        let builder = world.builder().system(Machine::ahead_by(seconds));
        assert_refused_by_gateway(&world, world.caller(builder).send(&pre_entrust()));
    }
    let world = world(way);
    let builder = world.builder().system(Machine::ahead_by(-290));
    world.caller(builder).send(&pre_entrust()).unwrap();
}

/// The encodings in which an unencrypted text could occur in a request.
fn encodings(text: &str) -> Vec<String> {
    let escaped: String = text.encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
    let percent: String = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let hex: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
    vec![text.to_owned(), escaped, percent, hex, STANDARD.encode(text)]
}

fn assert_reveals_nothing(what: &str, text: &str) {
    for secret in [REAL_NAME, CRED_ID].into_iter().flat_map(encodings) {
        assert!(!text.contains(&secret), "{what} reveals `{secret}`:\n{text}");
    }
}

fn plaintext_never_occurs_in_the_raw_request(way: Way) {
    let world = world(way);
    world.client().send(&pre_entrust()).unwrap();
    let received = world.gateway.last_request().unwrap();
    let raw = [
        received.target().as_bytes(),
        received.body(),
        format!("{:?}", received.headers()).as_bytes(),
    ]
    .concat();
    assert_reveals_nothing("the request", &String::from_utf8(raw).unwrap());
    // The name was received decrypted.
    assert_eq!(received.plaintext("real_name"), Some(REAL_NAME));
    assert_eq!(received.plaintext("cred_id"), Some(CRED_ID));
    assert!(!received.is_encrypted("openid"));
}

fn serial_and_ciphertext_belong_together(way: Way) {
    let world = world(way);
    let first_id = world.gateway.public_key_id();
    world.client().send(&pre_entrust()).unwrap();
    let second_id = world.gateway.rotate().unwrap();
    assert_ne!(first_id, second_id);
    world.client().send(&pre_entrust()).unwrap();
    // The gateway decrypts only with the key that the header names, so both belong together.
    let received = world.gateway.requests();
    for (request, id) in received.iter().zip([first_id, second_id]) {
        assert_eq!(request.announced_serial(), Some(&*id));
        assert_eq!(request.plaintext("real_name"), Some(REAL_NAME));
    }
    // A public key is also announced without ciphertexts.
    world.gateway.on(
        Method::POST,
        "/v3/pay/transactions/out-trade-no/{out_trade_no}/close",
        |_| (),
    );
    let close = CloseOrder {
        out_trade_no: "A1".into(),
        mchid: "1900000001".into(),
    };
    world.client().send(&close).unwrap();
    assert_eq!(
        world.gateway.last_request().unwrap().announced_serial(),
        Some(&*world.gateway.public_key_id())
    );
}

fn a_204_with_unit_is_verified_too(way: Way) {
    let world = world(way);
    let path = "/v3/pay/transactions/out-trade-no/{out_trade_no}/close";
    world.gateway.on(Method::POST, path, |_| ());
    let caller = world.client();
    let close = CloseOrder {
        out_trade_no: "A1".into(),
        mchid: "1900000001".into(),
    };
    let response = caller.call(&close).unwrap();
    assert_eq!(response.status(), StatusCode::NO_CONTENT);
    assert!(response.body().is_empty());
    assert!(response.request_id().is_some());
    world.gateway.misbehave(Fault::Unsigned);
    assert_unverified(&caller.send(&close).unwrap_err());
    world.gateway.misbehave(Fault::WrongKey);
    assert_unverified(&caller.send(&close).unwrap_err());
}

fn placeholders_and_query_values_arrive_unchanged(way: Way) {
    let world = world(way);
    world.gateway.on(Method::GET, "/v3/pay/transactions/out-trade-no/{out_trade_no}", |request| {
        json!({ "out_trade_no": request.path("out_trade_no"), "mchid": request.query("mchid"), "attach": request.query("attach") })
    });
    let caller = world.client();
    for text in [
        "/",
        "?",
        "&",
        "=",
        "+",
        "%",
        " ",
        "中文",
        "a/b?c&d=e+f%20 张三#;\\\"'<>{}|",
        "%2F",
        "..a",
        "~-_.",
        "😀",
    ] {
        let query = QueryOrder {
            out_trade_no: text.into(),
            mchid: text.into(),
            attach: Some(text.into()),
        };
        let response = caller.send(&query).unwrap();
        assert_eq!(response, json!({ "out_trade_no": text, "mchid": text, "attach": text }));
        let received = world.gateway.last_request().unwrap();
        assert!(received.refusal().is_none());
        let values = [("mchid", text), ("attach", text)].map(|(name, text)| (name.to_owned(), text.to_owned()));
        assert_eq!(received.query_pairs(), values);
        assert!(!received.target().contains(['+', ' ']), "{}", received.target());
    }
}

fn debug_errors_and_serialization_reveal_nothing(way: Way) {
    let world = world(way);
    let request = pre_entrust();
    assert_reveals_nothing("Debug", &format!("{request:?}\n{request:#?}"));
    assert!(format!("{request:?}").contains("[redacted]"));
    let error = serde_json::to_string(&request).unwrap_err();
    assert_reveals_nothing("the serialization", &full_text(&error));
    let receiver = AddReceiver {
        appid: "wx1".into(),
        receiver: Receiver {
            account: "1".into(),
            name: Some(Sensitive::new(REAL_NAME)),
        },
    };
    assert_reveals_nothing("Debug", &format!("{:?}{:#?}", receiver.receiver, receiver.receiver));
    assert_reveals_nothing(
        "the serialization",
        &full_text(&serde_json::to_string(&receiver).unwrap_err()),
    );

    // No error of a request with secrets reveals them.
    let caller = world.client();
    let faults = [
        Fault::WrongKey,
        Fault::Unsigned,
        Fault::CommitThenFail { status: 500 },
        Fault::Html { status: 200 },
        Fault::Reset { committed: true },
        Fault::Status {
            status: 200,
            body: json!({ "wrong": "shape" }),
            committed: true,
        },
        Fault::Status {
            status: 403,
            body: json!({ "code": "NO_AUTH", "message": "no" }),
            committed: false,
        },
    ];
    let mut errors: Vec<Error> = Vec::new();
    for fault in faults {
        world.gateway.misbehave(fault);
        errors.push(caller.send(&request).unwrap_err());
    }
    // A ciphertext of SM2 has any length.
    if way.suite() == Suite::Rsa {
        let too_long = MiniProgramPreEntrustSign {
            real_name: REAL_NAME.repeat(20),
            ..pre_entrust()
        };
        let error = caller.send(&too_long).unwrap_err();
        assert_eq!((error.outcome(), error.field()), (Outcome::Local, Some("real_name")));
        errors.push(error);
    }
    let down = world.caller(
        world
            .builder()
            .base_url("http://127.0.0.1:1")
            .transport(HttpTransport::new().unwrap()),
    );
    errors.push(down.send(&request).unwrap_err());
    assert_eq!(errors.last().unwrap().outcome(), Outcome::NotSent);
    let key_lines = || {
        world
            .gateway
            .merchant_private_key_pem()
            .lines()
            .filter(|line| !line.starts_with('-'))
    };
    for error in &errors {
        let said = full_text(error);
        assert_reveals_nothing("an error", &said);
        assert!(!said.contains("WECHATPAY2-"), "{said}");
        assert!(!said.contains("signature=\""), "{said}");
        assert!(key_lines().all(|line| !said.contains(line)), "{said}");
    }
    let key = world.private_key(world.gateway.merchant_private_key_pem());
    let api_v3_key = world.gateway.api_v3_key();
    let shown = format!("{key:?} {:?} {:?} {caller:?}", world.builder(), caller.client());
    assert!(key_lines().all(|line| !shown.contains(line)), "{shown}");
    assert!(!shown.contains(api_v3_key), "{shown}");
}

fn the_log_reveals_nothing(way: Way) {
    let log = Log::start();
    let world = world(way);
    let caller = world.client();
    caller.send(&pre_entrust()).unwrap();
    world.gateway.misbehave(Fault::WrongKey);
    caller.send(&pre_entrust()).unwrap_err();
    world.gateway.misbehave(Fault::Reset { committed: true });
    caller.send(&pre_entrust()).unwrap_err();
    world
        .gateway
        .on(Method::GET, "/v3/pay/transactions/out-trade-no/{out_trade_no}", |_| {
            json!({})
        });
    let query = QueryOrder {
        out_trade_no: REAL_NAME.into(),
        mchid: CRED_ID.into(),
        attach: None,
    };
    caller.send(&query).unwrap();
    let text = log.text();
    // The log contains these calls, with the operation and the Request-ID.
    assert!(text.contains(PRE_ENTRUST) && text.contains("wechatpay_attempt") && text.contains("request_id"));
    assert!(text.contains("TRACE") || text.contains("DEBUG"));
    assert_reveals_nothing("the log", &text);
    for request in world.gateway.requests() {
        let authorization = request.header("authorization").unwrap();
        let signature = authorization
            .split("signature=\"")
            .nth(1)
            .unwrap()
            .trim_end_matches('"');
        assert!(!text.contains(signature), "the log has a signature");
        for field in ["real_name", "cred_id"] {
            let body: serde_json::Value = serde_json::from_slice(request.body()).unwrap_or_default();
            assert!(body[field].as_str().is_none_or(|ciphertext| !text.contains(ciphertext)));
        }
    }
    for line in world
        .gateway
        .merchant_private_key_pem()
        .lines()
        .filter(|line| !line.starts_with('-'))
    {
        assert!(!text.contains(line), "the log has a part of the private key");
    }
}

fn a_sensitive_value_is_encrypted_in_both_directions(way: Way) {
    let world = world(way);
    world
        .gateway
        .on(Method::POST, "/v3/profitsharing/receivers/add", |request| {
            let name = request.plaintext("receiver.name").unwrap();
            json!({ "account": request.field("receiver.account"), "name": request.encrypt(&format!("{name}!")) })
        });
    let request = AddReceiver {
        appid: "wx1".into(),
        receiver: Receiver {
            account: "86693852".into(),
            name: Some(Sensitive::new(REAL_NAME)),
        },
    };
    let response = world.client().call(&request).unwrap();
    assert_eq!(response.name.as_ref().unwrap().expose(), format!("{REAL_NAME}!"));
    assert_eq!(response.account, "86693852");
    assert_reveals_nothing("the raw response", std::str::from_utf8(response.body()).unwrap());
    assert_reveals_nothing("Debug of the response", &format!("{response:?}"));
}

fn an_undeclared_operation_is_signed_and_verified_like_the_rest(way: Way) {
    let world = world(way);
    let caller = world.client();
    let call = |fault: Option<Fault>| {
        if let Some(fault) = fault {
            world.gateway.misbehave(fault);
        }
        let ciphertext = caller.client().encrypt(REAL_NAME).unwrap();
        let body = json!({ "out_contract_code": "by path", "real_name": ciphertext });
        caller.wait(caller.client().request(Method::POST, PRE_ENTRUST).json(&body).send())
    };
    assert_eq!(call(None).unwrap()["pre_entrustweb_id"], "web-by path");
    let received = world.gateway.last_request().unwrap();
    assert_eq!(received.plaintext("real_name"), Some(REAL_NAME));
    assert_eq!(received.announced_serial(), Some(&*world.gateway.public_key_id()));
    assert_unverified(&call(Some(Fault::WrongKey)).unwrap_err());
}
