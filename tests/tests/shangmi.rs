//! 国密 over HTTP. The rows of faults that depend on keys are run once more with SM2 keys: the files are those of the tests with
//! RSA keys.

#[path = "shangmi/both.rs"]
mod both;
#[path = "faults_a_authenticity.rs"]
mod faults_a;
#[path = "faults_b_keys.rs"]
mod faults_b;
#[path = "faults_e_sensitive.rs"]
mod faults_e;
#[path = "../../wechatpay-core/tests/platform_certificates.rs"]
mod platform_certificates;
#[path = "shangmi/wire.rs"]
mod wire;
