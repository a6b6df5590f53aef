//! A merchant with both suites: two clients, and notifications that may be signed by either.

use serde_json::{Value, json};
use wechatpay_core::{
    Client, PrivateKey,
    crypto::Suite,
    notification::{Notification, NotificationError, NotificationReceiver},
    signature::VerifyError,
};
use wechatpay_gateway::{Gateway, PlatformMode, SignedNotification};

/// The same merchant, as WeChat Pay knows it in each suite.
fn gateways() -> [Gateway; 2] {
    [Suite::Rsa, Suite::Shangmi].map(|suite| {
        let builder = Gateway::builder().suite(suite).mode(PlatformMode::Certificates);
        builder.mchid("1900000200").start().unwrap()
    })
}

fn paid(gateway: &Gateway) -> SignedNotification {
    let resource = json!({ "mchid": gateway.mchid(), "out_trade_no": "A-1", "trade_state": "SUCCESS" });
    gateway.notification("TRANSACTION.SUCCESS", resource).sign().unwrap()
}

/// The recipe of the guide: the first receiver that knows the key decides.
async fn receive(
    receivers: &[NotificationReceiver],
    posted: &SignedNotification,
) -> Result<Notification<Value>, NotificationError> {
    let mut refused = NotificationError::NoReceiver;
    for receiver in receivers {
        match receiver.receive(posted.headers(), posted.body()).await {
            Err(
                error @ NotificationError::Unverified {
                    error: VerifyError::UnknownSerial { .. } | VerifyError::OtherAlgorithm,
                    ..
                },
            ) => refused = error,
            result => return result,
        }
    }
    Err(refused)
}

#[tokio::test]
async fn notifications_of_both_suites_are_received_at_one_url() {
    let gateways = gateways();
    let clients = gateways.each_ref().map(|gateway| gateway.client().unwrap());
    for client in &clients {
        client.refresh_certificates().await.unwrap();
    }
    let receivers = clients.map(|client| client.notifications());
    for gateway in &gateways {
        let posted = paid(gateway);
        assert_eq!(
            receive(&receivers, &posted).await.unwrap().payload["out_trade_no"],
            "A-1"
        );
    }
    // Each alone refuses what the other signed, also where the header that names the algorithm is gone.
    for (receiver, gateway) in receivers.iter().zip(gateways.iter().rev()) {
        let posted = paid(gateway);
        let mut headers = posted.headers().clone();
        for _ in 0..2 {
            let error = receiver.receive::<Value>(&headers, posted.body()).await.unwrap_err();
            assert!(matches!(error, NotificationError::Unverified { .. }), "{error}");
            headers.remove("Wechatpay-Signature-Type");
        }
    }
}

/// It is not documented which of the two a merchant gets who has both, and the APIv3 key is the same.
#[tokio::test]
async fn a_client_of_shangmi_decrypts_aes_and_one_of_rsa_no_sm4() {
    let [rsa, shangmi] = gateways();
    let resource_of = |gateway: &Gateway| {
        let body: Value = serde_json::from_slice(paid(gateway).body()).unwrap();
        body["resource"].clone()
    };
    let mixed = |gateway: &Gateway, resource: Value| {
        let notification = gateway.notification("TRANSACTION.SUCCESS", json!({}));
        notification
            .edit(move |body| body["resource"] = resource.clone())
            .sign()
            .unwrap()
    };
    let received = async |gateway: &Gateway, posted: &SignedNotification| {
        let client: Client = gateway.client().unwrap();
        client.refresh_certificates().await.unwrap();
        client
            .notifications()
            .receive::<Value>(posted.headers(), posted.body())
            .await
    };
    let posted = mixed(&shangmi, resource_of(&rsa));
    assert_eq!(
        received(&shangmi, &posted).await.unwrap().payload["out_trade_no"],
        "A-1"
    );
    let posted = mixed(&rsa, resource_of(&shangmi));
    let error = received(&rsa, &posted).await.unwrap_err();
    assert!(matches!(error, NotificationError::OtherAlgorithm { .. }), "{error}");
}

#[tokio::test]
async fn the_client_of_shangmi_starts_payments_with_the_rsa_key_of_the_merchant() {
    let [rsa, shangmi] = gateways();
    let key = PrivateKey::from_pem(rsa.merchant_private_key_pem()).unwrap();
    let client = shangmi.client_builder().payment_key(key).build().unwrap();
    let signed = client
        .jsapi_payment_parameters("wxd678efh567hg6787", "wx1")
        .await
        .unwrap();
    assert_eq!((signed.sign_type, signed.pay_sign.len()), ("RSA", 344));
}
