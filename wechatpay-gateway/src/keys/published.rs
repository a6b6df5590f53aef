//! The keys that are published in this crate, of each suite. They are test keys and protect nothing.

use wechatpay_core::crypto::Suite;

pub(crate) const BRAND_KEY: &str = include_str!("brand.pem");

/// The keys of the merchant and of WeChat Pay.
pub(crate) struct Published {
    pub(crate) merchant_serial_no: &'static str,
    pub(crate) merchant: &'static str,
    pub(crate) public_keys: &'static [&'static str],
    pub(crate) certificates: &'static [&'static str],
    /// Does not belong to the platform: for forged signatures.
    pub(crate) stranger: &'static str,
}

const RSA: Published = Published {
    merchant_serial_no: "3A6F0C51D28E97B4405CE1F7A9B2D86E013F5C74",
    merchant: include_str!("merchant.pem"),
    public_keys: &[include_str!("public_key_1.pem"), include_str!("public_key_2.pem")],
    certificates: &[
        include_str!("certificate_1.pem"),
        include_str!("certificate_2.pem"),
        include_str!("certificate_3.pem"),
    ],
    stranger: include_str!("stranger.pem"),
};

const SHANGMI: Published = Published {
    merchant_serial_no: "4B1D7E9035A2C86F04D35B17E8C92F60A7D41E53",
    merchant: include_str!("shangmi/merchant.pem"),
    public_keys: &[
        include_str!("shangmi/public_key_1.pem"),
        include_str!("shangmi/public_key_2.pem"),
    ],
    certificates: &[
        include_str!("shangmi/certificate_1.pem"),
        include_str!("shangmi/certificate_2.pem"),
        include_str!("shangmi/certificate_3.pem"),
    ],
    stranger: include_str!("shangmi/stranger.pem"),
};

impl Published {
    pub(crate) fn of(suite: Suite) -> &'static Self {
        match suite {
            Suite::Rsa => &RSA,
            Suite::Shangmi => &SHANGMI,
        }
    }
}
