//! Client and gateway, one of them with OpenSSL.

use crate::library::OpenSsl;
use openssl::x509::X509;
use serde::Deserialize;
use serde_json::json;
use wechatpay_core::{
    Method, Sensitive,
    crypto::{Backend, Suite, default_backend},
    keys::Certificate,
    wechatpay_endpoint,
};
use wechatpay_gateway::{Gateway, PlatformMode, generate};

#[wechatpay_endpoint(
    POST, "/v3/ecommerce/individual-contracts/pre-entrust-sign-with-real-name-identity/mini-program",
    encrypt(real_name),
    response = PreEntrustSign,
)]
struct MiniProgramPreEntrustSign {
    real_name: String,
}

#[derive(Deserialize)]
struct PreEntrustSign {
    payer: Sensitive,
}

#[tokio::test]
async fn client_and_gateway_understand_each_other_whichever_has_openssl() {
    for mode in [PlatformMode::Certificates, PlatformMode::PublicKey] {
        for (of_client, of_gateway) in [
            (default_backend(), &OpenSsl as &'static dyn Backend),
            (&OpenSsl as &'static dyn Backend, default_backend()),
        ] {
            let builder = Gateway::builder().suite(Suite::Shangmi).mode(mode);
            let gateway = builder.backend(of_gateway).start().unwrap();
            gateway.on(
                Method::POST,
                "/v3/ecommerce/individual-contracts/pre-entrust-sign-with-real-name-identity/mini-program",
                |request| json!({ "payer": request.encrypt(request.plaintext("real_name").unwrap()) }),
            );
            let client = gateway.client_builder_with(of_client).build().unwrap();
            for length in [1, 31, 32, 33, 100, 1000] {
                let real_name = "名".repeat(length);
                let request = MiniProgramPreEntrustSign {
                    real_name: real_name.clone(),
                };
                let response = request.send(&client).await.unwrap();
                assert_eq!(response.payer.expose(), real_name);
            }
            let resource = json!({ "mchid": gateway.mchid(), "payer": gateway.encrypt("张三") });
            let posted = gateway.notification("TRANSACTION.SUCCESS", resource).sign().unwrap();
            let receiver = client.notifications();
            let received = receiver
                .receive::<PreEntrustSign>(posted.headers(), posted.body())
                .await;
            assert_eq!(received.unwrap().payload.payer.expose(), "张三");
        }
    }
}

#[test]
fn openssl_reads_the_certificates_and_keys_that_are_generated() {
    let pem = generate::sm2_private_key_pem().unwrap();
    let serial_no = "E5A81B02429D8D08E5A81B02429D8D08E5A81B";
    let certificate = generate::certificate_pem(pem.as_str(), pem.as_str(), serial_no, 1_700_000_000, 4_000_000_000);
    let certificate = certificate.unwrap();
    let read = X509::from_pem(certificate.as_bytes()).unwrap();
    let number = read.serial_number().to_bn().unwrap().to_hex_str().unwrap().to_string();
    assert_eq!(number, serial_no);
    let key = openssl::pkey::PKey::private_key_from_pem(pem.as_bytes()).unwrap();
    assert!(read.public_key().unwrap().public_eq(&key));
    let own = Certificate::from_pem(certificate).unwrap();
    assert_eq!((own.serial_no().as_str(), own.not_after()), (serial_no, 4_000_000_000));
}
