//! Notifications with unknown keys and serials.

use crate::sender::*;
use serde_json::Value;
use std::{
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use wechatpay_core::{
    Client,
    notification::NotificationError,
    signature::VerifyError,
    transport::{Transport, TransportError, TransportRequest, TransportResponse},
};

/// A transport that counts requests and never connects.
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

/// A client that downloads platform certificates, and the counter of its downloads.
fn downloading() -> (Client, Unreachable) {
    let transport = Unreachable::default();
    let client = keyless()
        .api_v3_key(API_V3_KEY)
        .platform_certificates()
        .transport(transport.clone())
        .build()
        .unwrap();
    (client, transport)
}

#[tokio::test(start_paused = true)]
async fn f10_a_hundred_thousand_unknown_serials_cause_one_download() {
    let (client, transport) = downloading();
    let receiver = client.notifications();
    let first = body("X", &Value::Null);
    for number in 0..100_000_u32 {
        let serial = format!("{:040X}", u64::from(number).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let error = receiver
            .verify(&headers(NOW, &serial, "AAAA"), &first)
            .await
            .unwrap_err();
        assert!(matches!(
            error,
            NotificationError::Unverified {
                error: VerifyError::UnknownSerial { .. },
                ..
            }
        ));
        if number == 0 {
            // One download with its attempts.
            assert!((1..=3).contains(&transport.0.load(Ordering::SeqCst)));
            transport.0.store(0, Ordering::SeqCst);
        }
    }
    assert_eq!(transport.0.load(Ordering::SeqCst), 0);
}

#[tokio::test(start_paused = true)]
async fn a11_signature_probes_and_stale_notifications_cause_no_download() {
    let (client, transport) = downloading();
    let receiver = client.notifications();
    let body = body("X", &Value::Null);
    for serial in ["5157F09EFDC096DE15EBE81A47057A72", "00", "PUB_KEY_ID_1"] {
        for headers in [
            headers(NOW, serial, "WECHATPAY/SIGNTEST/AAAA"),
            headers(NOW - 301, serial, "AAAA"),
        ] {
            assert!(receiver.verify(&headers, &body).await.is_err());
        }
    }
    assert_eq!(transport.0.load(Ordering::SeqCst), 0);
}

#[tokio::test(start_paused = true)]
async fn s10_unknown_serials_cause_one_download_a_minute_while_downloads_fail() {
    let (client, transport) = downloading();
    let receiver = client.notifications();
    let body = body("X", &Value::Null);
    let mut begun = Vec::new();
    for second in 0..600_u32 {
        let before = transport.0.load(Ordering::SeqCst);
        let headers = headers(NOW, &format!("{second:040X}"), "AAAA");
        assert!(receiver.verify(&headers, &body).await.is_err());
        if transport.0.load(Ordering::SeqCst) > before {
            begun.push(second);
        }
        tokio::time::advance(Duration::from_secs(1)).await;
    }
    assert!(begun.len() > 3, "{begun:?}");
    assert!(begun.windows(2).all(|two| two[1] - two[0] >= 60), "{begun:?}");
}
