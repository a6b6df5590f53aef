//! Those who are slow.

use std::{pin::Pin, time::Duration};
use tokio::time::{Instant, sleep};
use wechatpay_core::{
    ErrorKind, Method, Outcome, PrivateKey, RetryPolicy, SignError, Signer,
    gateway::Gateway,
    transport::{Transport, TransportError, TransportRequest, TransportResponse},
};

type Working<'a, T, E> = Pin<Box<dyn Future<Output = Result<T, E>> + Send + 'a>>;

/// A signer that takes its time, as one does that is asked over a network.
struct Slow(PrivateKey, Duration);

impl Signer for Slow {
    fn sign<'a>(&'a self, message: &'a [u8]) -> Working<'a, Vec<u8>, SignError> {
        Box::pin(async {
            sleep(self.1).await;
            self.0.sign(message).map_err(SignError::new)
        })
    }
}

/// Takes every request and answers none.
struct Silent;

impl Transport for Silent {
    fn send<'a>(&'a self, _: TransportRequest<'a>) -> Working<'a, TransportResponse, TransportError> {
        Box::pin(std::future::pending())
    }
}

#[tokio::test(start_paused = true)]
async fn c18_the_time_that_signing_takes_does_not_lengthen_the_call() {
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
