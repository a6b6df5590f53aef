//! Slow peers and cancelled calls.

use serde_json::json;
use std::{pin::Pin, time::Duration};
use tokio::time::{Instant, sleep, timeout};
use wechatpay_core::{
    Client, ErrorKind, Method, Outcome, PrivateKey, RetryPolicy, Signer,
    client::CertificateRefresh,
    signer::SignError,
    transport::{HttpTransport, Transport, TransportError, TransportRequest, TransportResponse},
};
use wechatpay_gateway::{Fault, Gateway, PlatformMode};

type Working<'a, T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'a>>;

/// A slow signer, like one that is called over a network.
struct Slow(PrivateKey, Duration);

impl Signer for Slow {
    fn sign<'a>(&'a self, message: &'a [u8]) -> Working<'a, Vec<u8>, SignError> {
        Box::pin(async {
            sleep(self.1).await;
            self.0.sign(message).map_err(SignError::new)
        })
    }
}

/// A host that accepts every request and never responds.
struct Silent;

impl Transport for Silent {
    fn send<'a>(&'a self, _: TransportRequest<'a>) -> Working<'a, TransportResponse, TransportError> {
        Box::pin(std::future::pending())
    }
}

#[tokio::test(start_paused = true)]
async fn c18_slow_signing_does_not_extend_the_deadline() {
    let gateway = Gateway::start().unwrap();
    let key = PrivateKey::from_pem(gateway.merchant_private_key_pem()).unwrap();
    let signer = Slow(key, Duration::from_secs(4));
    let client = gateway
        .client_builder()
        .merchant(gateway.mchid(), gateway.serial_no(), signer)
        .transport(Silent)
        .retry(RetryPolicy::never())
        .build()
        .unwrap();
    let began = Instant::now();
    let call = client.request(Method::POST, "/v3/x").deadline(Duration::from_secs(5));
    let error = call.send().await.unwrap_err();
    assert_eq!((error.outcome(), error.kind()), (Outcome::Unknown, ErrorKind::Timeout));
    assert_eq!(began.elapsed(), Duration::from_secs(5));
}

/// A client without certificates, and a service that takes 1.5 seconds to list them.
fn without_certificates() -> (Gateway, Client) {
    let gateway = Gateway::builder().mode(PlatformMode::Certificates).start().unwrap();
    gateway.misbehave_at("/v3/certificates", Fault::DelayBefore(Duration::from_millis(1500)));
    let key = PrivateKey::from_pem(gateway.merchant_private_key_pem()).unwrap();
    let client = Client::builder()
        .merchant(gateway.mchid(), gateway.serial_no(), key)
        .base_url(gateway.url())
        .api_v3_key(gateway.api_v3_key())
        .certificate_refresh(CertificateRefresh::default())
        .build()
        .unwrap();
    (gateway, client)
}

fn downloads(gateway: &Gateway) -> usize {
    gateway.requests_to("/v3/certificates").len()
}

#[tokio::test]
async fn b6_a_cancelled_notification_does_not_cancel_the_download_that_it_started() {
    let (gateway, client) = without_certificates();
    let receiver = client.notifications().time_limit(Duration::from_millis(50));
    let signed = gateway.notification("X", json!({})).sign().unwrap();
    for _ in 0..5 {
        assert!(receiver.verify(signed.headers(), signed.body()).await.is_err());
    }
    // Wait for the running download.
    client.refresh_certificates().await.unwrap();
    receiver.verify(signed.headers(), signed.body()).await.unwrap();
    assert_eq!(downloads(&gateway), 1);
}

#[tokio::test]
async fn b6_a_dropped_call_does_not_cancel_the_download_that_it_started() {
    let (gateway, client) = without_certificates();
    gateway.on(Method::GET, "/v3/x", |_| json!({"x": 1}));
    let soon = Duration::from_millis(50);
    for _ in 0..3 {
        let call = client.request(Method::GET, "/v3/x").send();
        assert!(timeout(soon, call).await.is_err());
    }
    assert!(timeout(soon, client.refresh_certificates()).await.is_err());
    client.refresh_certificates().await.unwrap();
    assert_eq!(client.request(Method::GET, "/v3/x").send().await.unwrap()["x"], 1);
    assert_eq!(downloads(&gateway), 1);
}

/// A main host that accepts every request and never responds, and a backup host that works.
struct MainIsSilent {
    backup: String,
    transport: HttpTransport,
}

impl Transport for MainIsSilent {
    fn send<'a>(&'a self, request: TransportRequest<'a>) -> Working<'a, TransportResponse, TransportError> {
        if request.origin == self.backup {
            self.transport.send(request)
        } else {
            Silent.send(request)
        }
    }
}

#[tokio::test]
async fn c20_certificates_are_downloaded_from_the_backup_host_if_the_main_host_does_not_respond() {
    let gateway = Gateway::builder().mode(PlatformMode::Certificates).start().unwrap();
    let key = PrivateKey::from_pem(gateway.merchant_private_key_pem()).unwrap();
    // By default a download has the timeout of one attempt.
    let limit = Duration::from_secs(3);
    let client = Client::builder()
        .merchant(gateway.mchid(), gateway.serial_no(), key)
        .base_url("http://127.0.0.1:1")
        .backup_url(gateway.url())
        .api_v3_key(gateway.api_v3_key())
        .certificate_refresh(CertificateRefresh::default().timeout(limit))
        .attempt_timeout(limit)
        .retry(RetryPolicy::default().backoff(Duration::from_millis(10), Duration::from_millis(10)))
        .transport(MainIsSilent {
            backup: gateway.url(),
            transport: HttpTransport::new().unwrap(),
        })
        .build()
        .unwrap();
    client.refresh_certificates().await.unwrap();
    assert_eq!(downloads(&gateway), 1);
}
