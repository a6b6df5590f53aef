//! In whose name requests are signed: a merchant or a brand.

/// In whose name requests are signed, which also decides the scheme of the Authorization header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Identity {
    /// `WECHATPAY2-SHA256-RSA2048 mchid="…"`.
    Merchant { mchid: String },
    /// `WECHATPAY-BRAND-SHA256-RSA2048 brand_id="…"`.
    Brand { brand_id: String },
}

impl Identity {
    pub(crate) fn id(&self) -> &str {
        match self {
            Self::Merchant { mchid } => mchid,
            Self::Brand { brand_id } => brand_id,
        }
    }

    pub(crate) fn scheme(&self) -> &'static str {
        match self {
            Self::Merchant { .. } => "WECHATPAY2-SHA256-RSA2048",
            Self::Brand { .. } => "WECHATPAY-BRAND-SHA256-RSA2048",
        }
    }

    pub(crate) fn label(&self) -> &'static str {
        match self {
            Self::Merchant { .. } => "mchid",
            Self::Brand { .. } => "brand_id",
        }
    }
}
