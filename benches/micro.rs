//! The parts of a call one by one, for both backends, and the library's own layer with a backend that does nothing.
//!
//! ```text
//! cargo bench -p wechatpay-benches --bench micro
//! ```

use base64::{Engine as _, engine::general_purpose::STANDARD};
use divan::{Bencher, black_box, counter::BytesCount};
use std::{io, sync::OnceLock};
use tokio::runtime;
use wechatpay_benches::{
    gateway_process::{self, GatewayProcess, LARGE, LARGE_PATH, UPLOAD_PATH},
    layer::Layer,
    null::{NoAnswer, at_once, poll_once},
    operation,
};
use wechatpay_core::{
    Client, ClientBuilder, Download, Method, PrivateKey, PublicKey, Upload,
    client::Clients,
    crypto::{Backend, aws_lc_rs::AwsLcRs, rsa::Rsa},
    keys::Certificate,
    notification::{NotificationReceiver, payload::Transaction},
    transport::HttpTransport,
    wechatpay_endpoint,
};
use wechatpay_gateway::{Gateway, PlatformMode, SignedNotification};

fn main() -> io::Result<()> {
    if !gateway_process::be_the_gateway()? {
        divan::main();
    }
    Ok(())
}

const BACKENDS: [&str; 2] = ["aws-lc-rs", "rsa"];

fn backend(name: &str) -> &'static dyn Backend {
    if name == "rsa" { &Rsa } else { &AwsLcRs }
}

/// A gateway for those who need one; it ends with this process, because its input does.
fn gateway() -> &'static GatewayProcess {
    static GATEWAY: OnceLock<GatewayProcess> = OnceLock::new();
    GATEWAY.get_or_init(|| GatewayProcess::start().expect("a gateway"))
}

fn keys(backend: &dyn Backend) -> (PrivateKey, PublicKey) {
    let private_key = PrivateKey::from_pem_with(backend, &gateway().access.private_key_pem).expect("a key");
    let public_key = PublicKey::from_der_with(backend, &private_key.public_key_der()).expect("a key");
    (private_key, public_key)
}

/// What is signed of a request of 1 KB.
fn message() -> Vec<u8> {
    vec![b'm'; 1024]
}

#[divan::bench(args = BACKENDS)]
fn sign(bencher: Bencher<'_, '_>, name: &str) {
    let (private_key, _) = keys(backend(name));
    let message = message();
    bencher.bench_local(|| private_key.sign(black_box(&message)));
}

#[divan::bench(args = BACKENDS)]
fn verify(bencher: Bencher<'_, '_>, name: &str) {
    let (private_key, public_key) = keys(backend(name));
    let message = message();
    let signature = private_key.sign(&message).expect("signs");
    bencher.bench_local(|| assert!(public_key.verify(black_box(&message), &signature)));
}

#[divan::bench(args = BACKENDS)]
fn encrypt(bencher: Bencher<'_, '_>, name: &str) {
    let (_, public_key) = keys(backend(name));
    bencher.bench_local(|| STANDARD.encode(public_key.encrypt(black_box("张三".as_bytes())).expect("encrypts")));
}

#[divan::bench(args = BACKENDS)]
fn decrypt(bencher: Bencher<'_, '_>, name: &str) {
    let (private_key, public_key) = keys(backend(name));
    let ciphertext = public_key.encrypt("张三".as_bytes()).expect("encrypts");
    bencher.bench_local(|| private_key.decrypt(black_box(&ciphertext)));
}

/// Two fields encrypted, JSON, signature, headers; up to the transport.
#[divan::bench(args = BACKENDS)]
fn prepare(bencher: Bencher<'_, '_>, name: &str) {
    let client = gateway().access.client_builder(backend(name)).transport(NoAnswer);
    let client = client.build().expect("a client");
    let request = operation::request();
    let runtime = runtime();
    let _context = runtime.enter();
    bencher.bench_local(|| assert!(poll_once(std::pin::pin!(request.send(&client))).is_pending()));
}

/// The library's own layer: keys, clock and transport do nothing.
mod layer {
    use super::{Bencher, Layer, Transaction, at_once, runtime, wechatpay_endpoint};
    use wechatpay_benches::{layer::ORDER, null};

    /// A response that is not decoded further.
    #[wechatpay_endpoint(GET, "/v3/pay/transactions/out-trade-no/{out_trade_no}", response = ())]
    struct Undecoded {
        out_trade_no: String,
        mchid: String,
    }

    /// The same response with all its fields.
    #[wechatpay_endpoint(GET, "/v3/pay/transactions/out-trade-no/{out_trade_no}", response = Transaction)]
    struct Decoded {
        out_trade_no: String,
        mchid: String,
    }

    #[divan::bench]
    fn prepare(bencher: Bencher<'_, '_>) {
        let layer = Layer::default();
        bencher.bench_local(|| layer.prepare());
    }

    #[divan::bench]
    fn call(bencher: Bencher<'_, '_>) {
        let layer = Layer::default();
        bencher.bench_local(|| layer.call());
    }

    /// The difference from `call` is the cost of an observer.
    #[divan::bench]
    fn call_with_an_observer(bencher: Bencher<'_, '_>) {
        let layer = Layer::default();
        bencher.bench_local(|| layer.observed());
    }

    /// With a response of 500 bytes to decode.
    #[divan::bench]
    fn query(bencher: Bencher<'_, '_>) {
        let layer = Layer::default();
        bencher.bench_local(|| layer.query());
    }

    /// What decoding adds is the difference between the two.
    #[divan::bench]
    fn query_not_decoded(bencher: Bencher<'_, '_>) {
        let (client, runtime) = (null::client_answering(ORDER), runtime());
        let _context = runtime.enter();
        let request = Undecoded {
            out_trade_no: "1217752501201407033233368018".into(),
            mchid: "1900000100".into(),
        };
        bencher.bench_local(|| at_once(request.send(&client)).expect("the gateway responds"));
    }

    #[divan::bench]
    fn query_decoded_in_full(bencher: Bencher<'_, '_>) {
        let (client, runtime) = (null::client_answering(ORDER), runtime());
        let _context = runtime.enter();
        let request = Decoded {
            out_trade_no: "1217752501201407033233368018".into(),
            mchid: "1900000100".into(),
        };
        bencher.bench_local(|| at_once(request.send(&client)).expect("the gateway responds"));
    }
}

/// A paid order of 2 KB, as a notification.
fn paid(gateway: &Gateway) -> SignedNotification {
    let transaction = serde_json::json!({
        "transaction_id": "1217752501201407033233368018",
        "amount": { "payer_total": 100, "total": 100, "currency": "CNY", "payer_currency": "CNY" },
        "mchid": gateway.mchid(),
        "trade_state": "SUCCESS",
        "bank_type": "CMC",
        "success_time": "2026-11-23T17:00:00+08:00",
        "payer": { "openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o" },
        "out_trade_no": "1217752501201407033233368018",
        "appid": "wxd678efh567hg6787",
        "trade_state_desc": "支付成功",
        "trade_type": "JSAPI",
        "attach": "a".repeat(810),
    });
    let signed = gateway
        .notification("TRANSACTION.SUCCESS", transaction)
        .sign()
        .expect("signs");
    assert!((1900..2100).contains(&signed.body().len()), "{}", signed.body().len());
    signed
}

/// Its signature is verified, its payload decrypted, compared with the merchant and decoded.
fn receive(bencher: Bencher<'_, '_>, receiver: &NotificationReceiver, signed: &SignedNotification) {
    let runtime = runtime();
    let _context = runtime.enter();
    bencher
        .bench_local(|| at_once(receiver.receive::<Transaction>(signed.headers(), signed.body())).expect("is genuine"));
}

#[divan::bench(args = BACKENDS)]
fn notification(bencher: Bencher<'_, '_>, name: &str) {
    let gateway = Gateway::start().expect("a gateway");
    let client = gateway.client_builder_with(backend(name)).build().expect("a client");
    receive(bencher, &client.notifications(), &paid(&gateway));
}

/// The merchants of one URL.
const MERCHANTS: [u32; 2] = [100, 10_000];

/// `others` more clients in `clients`, each with its own APIv3 key; what a client verifies with is up to `keys`.
fn more_clients(clients: &Clients, others: u32, keys: impl Fn(ClientBuilder, u32) -> ClientBuilder) {
    let transport = HttpTransport::new().expect("a transport");
    let (private_key, _) = self::keys(&AwsLcRs);
    for number in 0..others {
        let builder = Client::builder()
            .merchant(
                format!("{number:010}"),
                "5157F09EFDC096DE15EBE81A47057A72",
                private_key.clone(),
            )
            .api_v3_key(format!("{number:032}"))
            .base_url("http://127.0.0.1:9")
            .transport(transport.clone());
        clients.add(keys(builder, number).build().expect("a client"));
    }
}

/// Each merchant has its own WeChat Pay public key.
#[divan::bench(args = MERCHANTS)]
fn notification_of_one_of_many_merchants_with_public_keys(bencher: Bencher<'_, '_>, merchants: u32) {
    let gateway = Gateway::start().expect("a gateway");
    let clients: Clients = gateway.client().into_iter().collect();
    let key = PublicKey::from_pem(gateway.public_key_pem()).expect("a key");
    more_clients(&clients, merchants - 1, |builder, number| {
        builder.wechatpay_public_key(format!("PUB_KEY_ID_{number:010}"), key.clone())
    });
    receive(bencher, &clients.notifications(), &paid(&gateway));
}

/// All merchants have the same platform certificate. The APIv3 key that decrypts is the last one that is tried.
#[divan::bench(args = MERCHANTS)]
fn notification_of_one_of_many_merchants_with_certificates(bencher: Bencher<'_, '_>, merchants: u32) {
    let gateway = Gateway::builder()
        .mode(PlatformMode::Certificates)
        .start()
        .expect("a gateway");
    let certificate = gateway.certificate_pems().first().map(Certificate::from_pem);
    let certificate = certificate.expect("a certificate").expect("is readable");
    let own = gateway.client_builder().platform_certificate(certificate.clone());
    let clients: Clients = own.build().into_iter().collect();
    more_clients(&clients, merchants - 1, |builder, _| {
        builder.platform_certificate(certificate.clone())
    });
    receive(bencher, &clients.notifications(), &paid(&gateway));
}

#[wechatpay_endpoint(POST, "/v3/merchant/media/upload", response = Uploaded)]
struct UploadMedia {
    #[wechatpay(file)]
    file: Upload,
}

#[derive(serde::Deserialize)]
struct Uploaded {
    media_id: String,
}

#[divan::bench(sample_count = 20, sample_size = 1)]
fn upload_of_5_mb(bencher: Bencher<'_, '_>) {
    const _: () = assert!(UPLOAD_PATH.len() == <UploadMedia as wechatpay_core::Endpoint>::PATH.len());
    let (runtime, client) = (runtime(), client());
    let request = UploadMedia {
        file: Upload::new("photo.jpg", vec![b'x'; 5 << 20]),
    };
    bencher.counter(BytesCount::new(5usize << 20)).bench_local(|| {
        runtime
            .block_on(request.send(&client))
            .expect("the gateway responds")
            .media_id
    });
}

#[divan::bench(sample_count = 10, sample_size = 1)]
fn download_of_100_mb(bencher: Bencher<'_, '_>) {
    let (runtime, client) = (runtime(), client());
    bencher.counter(BytesCount::new(LARGE)).bench_local(|| {
        runtime.block_on(async {
            let call = client.request(Method::GET, LARGE_PATH).response::<Download>();
            let mut download = call.send().await.expect("the gateway responds").into_inner();
            let mut length = 0;
            while let Some(chunk) = download.chunk().await.expect("the download continues") {
                length += chunk.len();
            }
            assert_eq!(length, LARGE);
        });
    });
}

fn client() -> Client {
    gateway().access.client().expect("a client")
}

fn runtime() -> runtime::Runtime {
    runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime")
}
