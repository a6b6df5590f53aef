//! The operation that is measured: real-name pre-signing from a mini program, with two sensitive fields.

use serde::{Deserialize, Serialize};
use wechatpay_core::wechatpay_endpoint;

pub const PATH: &str = "/v3/ecommerce/individual-contracts/pre-entrust-sign-with-real-name-identity/mini-program";
pub const RESPONSE: &str = r#"{"pre_entrustweb_id":"5778aadfd7a6c2a657d1e2f0ac8b5c1a"}"#;

#[wechatpay_endpoint(
    POST, "/v3/ecommerce/individual-contracts/pre-entrust-sign-with-real-name-identity/mini-program",
    encrypt(real_name, cred_id),
    response = PreEntrustSign,
)]
pub struct MiniProgramPreEntrustSign {
    pub appid: String,
    pub out_contract_code: String,
    pub openid: String,
    pub real_name: String,
    pub cred_type: CredType,
    pub cred_id: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum CredType {
    #[serde(rename = "ID_CARD")]
    IdCard,
    #[serde(untagged)]
    Other(String),
}

#[derive(Debug, Deserialize)]
pub struct PreEntrustSign {
    pub pre_entrustweb_id: String,
}

/// The request that is sent again and again.
pub fn request() -> MiniProgramPreEntrustSign {
    MiniProgramPreEntrustSign {
        appid: "wxd678efh567hg6787".into(),
        out_contract_code: "SIGN20261123000001".into(),
        openid: "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o".into(),
        real_name: "张三".into(),
        cred_type: CredType::IdCard,
        cred_id: "110101199003077758".into(),
    }
}
