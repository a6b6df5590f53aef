//! In whose name requests are signed, and by which algorithms.

use crate::crypto::Suite;

/// In whose name requests are signed, which also decides the scheme of the Authorization header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Identity {
    /// `WECHATPAY2-SHA256-RSA2048 mchid="…"`, or `WECHATPAY2-SM2-WITH-SM3 mchid="…"`.
    Merchant { mchid: String, suite: Suite },
    /// `WECHATPAY-BRAND-SHA256-RSA2048 brand_id="…"`. Of a scheme for brands with SM2 nothing is known.
    Brand { brand_id: String },
}

const RSA: &str = "WECHATPAY2-SHA256-RSA2048";
const SHANGMI: &str = "WECHATPAY2-SM2-WITH-SM3";
const BRAND: &str = "WECHATPAY-BRAND-SHA256-RSA2048";

/// What a signature may name as its type while it is not known whose it is.
pub(crate) const ANY_SIGNATURE_TYPE: &[&str] = &[RSA, SHANGMI, BRAND];

impl Identity {
    pub(crate) fn id(&self) -> &str {
        match self {
            Self::Merchant { mchid, .. } => mchid,
            Self::Brand { brand_id } => brand_id,
        }
    }

    pub(crate) fn suite(&self) -> Suite {
        match self {
            Self::Merchant { suite, .. } => *suite,
            Self::Brand { .. } => Suite::Rsa,
        }
    }

    pub(crate) fn scheme(&self) -> &'static str {
        match self {
            Self::Merchant { suite: Suite::Rsa, .. } => RSA,
            Self::Merchant {
                suite: Suite::Shangmi, ..
            } => SHANGMI,
            Self::Brand { .. } => BRAND,
        }
    }

    /// What the signature of a response or notification may name as its type. A brand's may name the merchants' scheme.
    pub(crate) fn signature_types(&self) -> &'static [&'static str] {
        match self {
            Self::Merchant { suite: Suite::Rsa, .. } => &[RSA],
            Self::Merchant {
                suite: Suite::Shangmi, ..
            } => &[SHANGMI],
            Self::Brand { .. } => &[BRAND, RSA],
        }
    }

    pub(crate) fn label(&self) -> &'static str {
        match self {
            Self::Merchant { .. } => "mchid",
            Self::Brand { .. } => "brand_id",
        }
    }
}
