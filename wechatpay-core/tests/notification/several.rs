//! One URL for the notifications of several merchants.

use crate::sender::*;
use serde_json::{Value, json};
use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use wechatpay_core::{
    Client, HeaderMap, PrivateKey, PublicKey,
    client::Clients,
    crypto::Backend,
    keys::Certificate,
    notification::{Notification, NotificationError},
    signature::VerifyError,
    transport::{Transport, TransportError, TransportRequest, TransportResponse},
};
use wechatpay_gateway::{Gateway, PlatformMode, generate};

/// A merchant, and the key with which WeChat Pay signs its notifications.
struct Merchant {
    mchid: &'static str,
    serial: String,
    key: PrivateKey,
    api_v3_key: &'static str,
}

impl Merchant {
    /// With its own WeChat Pay public key.
    fn new(mchid: &'static str, key_file: &str, api_v3_key: &'static str) -> Self {
        Self {
            mchid,
            serial: format!("PUB_KEY_ID_01{mchid}"),
            key: PrivateKey::from_pem(file(key_file)).unwrap(),
            api_v3_key,
        }
    }

    fn public_key(&self) -> PublicKey {
        PublicKey::from_der(&self.key.public_key_der()).unwrap()
    }

    fn client(&self) -> Client {
        self.client_with(wechatpay_core::crypto::default_backend())
    }

    fn client_with(&self, backend: &'static dyn Backend) -> Client {
        Client::builder()
            .merchant(self.mchid, "5157F09EFDC096DE15EBE81A47057A72", merchant_key())
            .wechatpay_public_key(&self.serial, self.public_key())
            .api_v3_key(self.api_v3_key)
            .base_url("http://127.0.0.1:9")
            .crypto_backend(backend)
            .system(StoppedClock)
            .build()
            .unwrap()
    }

    /// A notification for this merchant about a paid order of `mchid`.
    fn paid(&self, mchid: &str) -> (HeaderMap, Vec<u8>) {
        self.paid_under(self.api_v3_key, mchid)
    }

    fn paid_under(&self, api_v3_key: &str, mchid: &str) -> (HeaderMap, Vec<u8>) {
        let payload = json!({"mchid": mchid, "out_trade_no": "A-1"}).to_string();
        let body = body(
            "TRANSACTION.SUCCESS",
            &encrypted(api_v3_key, "transaction", payload.as_bytes()),
        );
        (signed_by(&self.key, NOW, &self.serial, &body), body)
    }
}

fn two() -> [Merchant; 2] {
    [
        Merchant::new("1900000101", "pkcs8.pem", API_V3_KEY),
        Merchant::new("1900000102", "third_pkcs8.pem", OTHER_API_V3_KEY),
    ]
}

async fn receive(
    clients: &Clients,
    (headers, body): &(HeaderMap, Vec<u8>),
) -> Result<Notification<Value>, NotificationError> {
    clients.notifications().receive(headers, body).await
}

#[tokio::test]
async fn u4_each_merchant_with_its_own_public_key_receives_its_notifications_at_one_url() {
    let merchants = two();
    let clients: Clients = merchants.iter().map(Merchant::client).collect();
    for merchant in &merchants {
        let notification = receive(&clients, &merchant.paid(merchant.mchid)).await.unwrap();
        assert_eq!(notification.mchid, merchant.mchid);
        assert_eq!(notification.payload["mchid"], merchant.mchid);
    }
    let receiver = clients.notifications();
    let (headers, body) = merchants[1].paid(merchants[1].mchid);
    let verified = receiver.verify(&headers, &body).await.unwrap();
    assert_eq!(verified.mchid(), merchants[1].mchid);
    assert_eq!(verified.decrypt::<Value>().unwrap().mchid, merchants[1].mchid);
}

#[tokio::test]
async fn u4_the_refusal_of_another_merchants_notification_names_what_receives_it() {
    let [first, second] = two();
    let (headers, body) = second.paid(second.mchid);
    for receiver in [
        first.client().notifications(),
        first.client().notifications().also_for(second.mchid),
    ] {
        let error = receiver.receive::<Value>(&headers, &body).await.unwrap_err();
        assert!(
            error.to_string().contains("give the client of each to `Clients`"),
            "{error}"
        );
        let chinese = error.chinese().to_string();
        assert!(chinese.contains("都放进 `Clients`"), "{chinese}");
    }
}

#[tokio::test]
async fn u4_a_key_is_used_only_for_its_serial() {
    let merchants = two();
    let backend = Counting::new();
    let clients: Clients = merchants.iter().map(|merchant| merchant.client_with(backend)).collect();
    let [first, second] = &merchants;
    let (_, body) = first.paid(first.mchid);
    let crossed = signed_by(&second.key, NOW, &first.serial, &body);
    let error = receive(&clients, &(crossed, body.clone())).await.unwrap_err();
    assert!(
        matches!(
            error,
            NotificationError::Unverified {
                error: VerifyError::Wrong,
                ..
            }
        ),
        "{error}"
    );
    let unknown = signed_by(&first.key, NOW, "PUB_KEY_ID_0100", &body);
    let error = receive(&clients, &(unknown, body)).await.unwrap_err();
    assert!(
        matches!(
            error,
            NotificationError::Unverified {
                error: VerifyError::UnknownSerial { .. },
                ..
            }
        ),
        "{error}"
    );
    assert_eq!(backend.decrypted(), 0, "an unverified notification was decrypted");
}

#[tokio::test]
async fn u4_the_payload_must_name_the_merchant_of_the_keys() {
    let merchants = two();
    let clients: Clients = merchants.iter().map(Merchant::client).collect();
    let [first, second] = &merchants;
    // Signed and encrypted for the first merchant, about the second one.
    let error = receive(&clients, &first.paid(second.mchid)).await.unwrap_err();
    assert!(matches!(error, NotificationError::OtherMerchant { .. }), "{error}");
    // About a merchant that is not in the set, without and with an exception.
    let stranger = first.paid("1900000199");
    let error = receive(&clients, &stranger).await.unwrap_err();
    assert!(matches!(error, NotificationError::OtherMerchant { .. }), "{error}");
    let receiver = clients.notifications().also_for("1900000199");
    let notification = receiver.receive::<Value>(&stranger.0, &stranger.1).await.unwrap();
    assert_eq!(notification.mchid, first.mchid);
}

#[tokio::test]
async fn u4_a_key_of_one_merchant_does_not_authenticate_for_another() {
    let [first, second] = two();
    // The second merchant registers its own key under the id of the first one.
    let claim = Merchant {
        serial: first.serial.clone(),
        ..second
    };
    let clients: Clients = [first.client(), claim.client()].into_iter().collect();
    let forged = claim.paid_under(first.api_v3_key, first.mchid);
    let error = receive(&clients, &forged).await.unwrap_err();
    assert_eq!(error, NotificationError::Undecryptable);
    assert_eq!(
        receive(&clients, &first.paid(first.mchid)).await.unwrap().mchid,
        first.mchid
    );
}

#[tokio::test]
async fn u4_a_certificate_of_one_merchant_does_not_authenticate_for_one_that_downloads_certificates() {
    let key = file("third_pkcs8.pem");
    let serial = "0A00000000000000000000000000000000000000";
    let pem = generate::certificate_pem(&key, &key, serial, NOW - 1, NOW + 1).unwrap();
    let bringing = Client::builder()
        .merchant("1900000102", "5157F09EFDC096DE15EBE81A47057A72", merchant_key())
        .platform_certificate(Certificate::from_pem(pem).unwrap())
        .api_v3_key(OTHER_API_V3_KEY)
        .base_url("http://127.0.0.1:9")
        .system(StoppedClock)
        .build()
        .unwrap();
    let (downloading, downloads) = downloading("1900000101", API_V3_KEY);
    let clients: Clients = [bringing, downloading].into_iter().collect();
    let payload = json!({"mchid": "1900000101"}).to_string();
    let body = body("X", &encrypted(API_V3_KEY, "", payload.as_bytes()));
    let headers = signed_by(&PrivateKey::from_pem(key).unwrap(), NOW, serial, &body);
    let error = receive(&clients, &(headers, body)).await.unwrap_err();
    assert!(
        matches!(
            error,
            NotificationError::Unverified {
                error: VerifyError::UnknownSerial { .. },
                ..
            }
        ),
        "{error}"
    );
    assert!(downloads.0.load(Ordering::SeqCst) > 0, "the owner did not download it");
}

#[tokio::test]
async fn u4_merchants_are_added_and_removed_while_the_receiver_is_in_use() {
    let [first, second] = two();
    let clients = Clients::new();
    let receiver = clients.notifications();
    let (headers, body) = second.paid(second.mchid);
    let error = receiver.verify(&headers, &body).await.unwrap_err();
    assert_eq!(error, NotificationError::NoReceiver);
    assert!(clients.add(first.client()).is_none());
    assert!(receiver.verify(&headers, &body).await.is_err());
    assert!(clients.add(second.client()).is_none());
    receiver.verify(&headers, &body).await.unwrap();
    assert!(clients.add(second.client()).is_some());
    receiver.verify(&headers, &body).await.unwrap();
    assert_eq!(clients.remove(second.mchid).unwrap().mchid(), second.mchid);
    assert!(clients.remove(second.mchid).is_none());
    assert!(receiver.verify(&headers, &body).await.is_err());
    assert_eq!(clients.len(), 1);
}

#[tokio::test]
async fn u4_changed_keys_are_used_immediately() {
    let merchants = two();
    let clients: Clients = merchants.iter().map(Merchant::client).collect();
    let [first, second] = merchants;
    let next = Merchant {
        serial: format!("{}1", first.serial),
        key: PrivateKey::from_pem(file("third_pkcs8.pem")).unwrap(),
        ..first
    };
    let client = clients.get(next.mchid).unwrap();
    for _ in 0..3 {
        assert!(receive(&clients, &next.paid(next.mchid)).await.is_err());
        client
            .add_wechatpay_public_key(&next.serial, next.public_key())
            .unwrap();
        receive(&clients, &next.paid(next.mchid)).await.unwrap();
        receive(&clients, &second.paid(second.mchid)).await.unwrap();
        assert!(client.remove_wechatpay_key(&next.serial));
    }
    assert!(receive(&clients, &next.paid(next.mchid)).await.is_err());
}

/// Gateways with the same platform certificates, one per merchant.
fn gateways(merchants: &[(&str, &str)]) -> Vec<Gateway> {
    let start = |(mchid, api_v3_key): &(&str, &str)| {
        Gateway::builder()
            .mode(PlatformMode::Certificates)
            .mchid(*mchid)
            .api_v3_key(*api_v3_key)
            .start()
            .unwrap()
    };
    merchants.iter().map(start).collect()
}

fn downloads(gateway: &Gateway) -> usize {
    gateway.requests_to("/v3/certificates").len()
}

#[tokio::test]
async fn u4_merchants_with_the_same_platform_certificates_are_distinguished_by_their_api_v3_keys() {
    let gateways = gateways(&[
        ("1900000101", API_V3_KEY),
        ("1900000102", OTHER_API_V3_KEY),
        ("1900000103", "0f1e2d3c4b5a69788796a5b4c3d2e1f0"),
    ]);
    let clients: Clients = gateways.iter().map(|gateway| gateway.client().unwrap()).collect();
    // No certificate is downloaded yet. Each notification causes at most the download of its owner and one other.
    for gateway in gateways.iter().rev() {
        let posted = gateway
            .notification("X", json!({"mchid": gateway.mchid()}))
            .sign()
            .unwrap();
        let received = clients
            .notifications()
            .receive::<Value>(posted.headers(), posted.body())
            .await;
        assert_eq!(received.unwrap().mchid, gateway.mchid());
        // A complaint names no merchant.
        let posted = gateway
            .notification("COMPLAINT.CREATE", json!({"complaint_id": "1"}))
            .sign()
            .unwrap();
        let received = clients
            .notifications()
            .receive::<Value>(posted.headers(), posted.body())
            .await;
        assert_eq!(received.unwrap().mchid, gateway.mchid());
    }
    assert!(gateways.iter().all(|gateway| downloads(gateway) == 1));
}

#[tokio::test]
async fn u4_merchants_with_the_same_certificates_and_api_v3_key_are_distinguished_by_the_payload() {
    let gateways = gateways(&[
        ("1900000101", API_V3_KEY),
        ("1900000102", API_V3_KEY),
        ("1900000103", API_V3_KEY),
    ]);
    let clients: Clients = gateways.iter().map(|gateway| gateway.client().unwrap()).collect();
    for gateway in &gateways {
        let posted = gateway
            .notification("X", json!({"mchid": gateway.mchid()}))
            .sign()
            .unwrap();
        let received = clients
            .notifications()
            .receive::<Value>(posted.headers(), posted.body())
            .await;
        assert_eq!(received.unwrap().mchid, gateway.mchid());
    }
}

#[derive(Clone, Default)]
struct Unreachable(Arc<AtomicUsize>);

impl Transport for Unreachable {
    fn send(
        &self,
        _: TransportRequest<'_>,
    ) -> Pin<Box<dyn Future<Output = Result<TransportResponse, TransportError>> + Send + '_>> {
        self.0.fetch_add(1, Ordering::SeqCst);
        Box::pin(async { Err(TransportError::interrupted("no network")) })
    }
}

fn downloading(mchid: &str, api_v3_key: &str) -> (Client, Unreachable) {
    let transport = Unreachable::default();
    let client = Client::builder()
        .merchant(mchid, "5157F09EFDC096DE15EBE81A47057A72", merchant_key())
        .platform_certificates()
        .api_v3_key(api_v3_key)
        .base_url("http://127.0.0.1:9")
        .transport(transport.clone())
        .system(StoppedClock)
        .build()
        .unwrap();
    (client, transport)
}

#[tokio::test(start_paused = true)]
async fn s10_unknown_serials_cause_one_download_a_minute_while_the_downloads_of_forty_merchants_fail() {
    let (clients, transports): (Vec<_>, Vec<_>) = (0..40)
        .map(|number| downloading(&(1_900_000_100 + number).to_string(), API_V3_KEY))
        .unzip();
    let clients: Clients = clients.into_iter().collect();
    let receiver = clients.notifications();
    let body = body("X", &Value::Null);
    for second in 0..600_u32 {
        let headers = headers(NOW, &format!("{second:040X}"), "AAAA");
        let error = receiver.verify(&headers, &body).await.unwrap_err().to_string();
        assert!(error.contains("could not be downloaded"), "{error}");
        tokio::time::advance(Duration::from_secs(1)).await;
    }
    let asked = |transport: &&Unreachable| transport.0.load(Ordering::SeqCst) > 0;
    let asked = transports.iter().filter(asked).count();
    // Each download is done by the next client.
    assert!((9..=11).contains(&asked), "{asked}");
}
