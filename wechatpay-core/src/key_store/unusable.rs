//! Why keys are refused as WeChat Pay's keys.

use crate::{
    crypto::Suite,
    keys::{SerialNo, utc},
    support::language::{Language, Speak, say},
};
use std::fmt;

/// Keys that a client cannot work with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Unusable {
    /// No response could be verified.
    NoKey,
    /// Certificates are to be downloaded, and could not be decrypted.
    NoApiV3Key,
    /// A key of WeChat Pay has the serial number of the merchant's own certificate.
    OwnSerial,
    /// A key of WeChat Pay is the merchant's own.
    OwnKey,
    /// A key of WeChat Pay belongs to the other suite than the client's, which is `suite`.
    OtherSuite { id: SerialNo, suite: Suite },
    /// The id of a public key lacks the beginning that all of them have.
    NotAnId { id: String },
    /// The id is that of another key already.
    Rebinding { id: SerialNo },
    /// The only keys are certificates that are not valid.
    OutOfDate {
        serial_no: SerialNo,
        not_before: i64,
        not_after: i64,
    },
}

impl Speak for Unusable {
    fn speak(&self, f: &mut fmt::Formatter<'_>, language: Language) -> fmt::Result {
        match self {
            Self::NoKey => say!(
                f,
                language,
                "there is no key to check responses with; call `wechatpay_public_key(id, key)`, or \
                 `platform_certificates()` for a merchant of the older kind",
                "没有用于验签的密钥；请调用 `wechatpay_public_key(id, key)`，仍在使用平台证书的商户请调用 \
                 `platform_certificates()`"
            ),
            Self::NoApiV3Key => say!(
                f,
                language,
                "downloaded platform certificates are encrypted; call `api_v3_key(key)`",
                "下载的平台证书是加密的；请调用 `api_v3_key(key)`"
            ),
            Self::OwnSerial => say!(
                f,
                language,
                "a key of WeChat Pay has the serial number of the merchant's own certificate: a public key's id begins \
                 with `PUB_KEY_ID_`, and a platform certificate is not apiclient_cert.pem",
                "把商户自己证书的序列号当成了微信支付密钥的编号：公钥 ID 以 `PUB_KEY_ID_` 开头，平台证书也不是 apiclient_cert.pem"
            ),
            Self::OwnKey => say!(
                f,
                language,
                "the key given as WeChat Pay's is the merchant's own: apiclient_cert.pem and apiclient_key.pem belong to \
                 the merchant; take pub_key.pem (微信支付公钥) from the merchant platform",
                "作为微信支付密钥传入的是商户自己的密钥：apiclient_cert.pem 与 apiclient_key.pem 都属于商户；\
                 请到商户平台下载微信支付公钥 pub_key.pem"
            ),
            Self::OtherSuite { id, suite } => match suite {
                Suite::Rsa => say!(
                    f,
                    language,
                    "the key `{id}` of WeChat Pay is an SM2 key (国密), and the merchant's key is an RSA key: give both of one \
                     kind, and make a client for each kind",
                    "微信支付密钥 `{id}` 是国密 SM2，而商户私钥是 RSA：两者必须是同一种算法；两种算法请各建一个客户端"
                ),
                Suite::Shangmi => say!(
                    f,
                    language,
                    "the key `{id}` of WeChat Pay is an RSA key, and the merchant's key is an SM2 key (国密): give both of one \
                     kind, and make a client for each kind",
                    "微信支付密钥 `{id}` 是 RSA，而商户私钥是国密 SM2：两者必须是同一种算法；两种算法请各建一个客户端"
                ),
            },
            Self::NotAnId { id } => say!(
                f,
                language,
                "`{id}` is not the id of a WeChat Pay public key: these ids begin with `PUB_KEY_ID_`; a certificate goes \
                 to `platform_certificate(..)`",
                "`{id}` 不是微信支付公钥 ID：公钥 ID 以 `PUB_KEY_ID_` 开头；平台证书请传给 `platform_certificate(..)`"
            ),
            Self::Rebinding { id } => say!(
                f,
                language,
                "the id `{id}` is bound to another key already; to replace it call `replace_wechatpay_public_key(id, key)`, \
                 or remove it first",
                "`{id}` 已对应另一把公钥；要更换请调用 `replace_wechatpay_public_key(id, key)`，或先删除再添加"
            ),
            Self::OutOfDate {
                serial_no,
                not_before,
                not_after,
            } => {
                let (from, to) = (utc(*not_before), utc(*not_after));
                say!(
                    f,
                    language,
                    "the platform certificate `{serial_no}` is valid from {from} to {to}, and there is no other key; \
                     add the current one, call `platform_certificates()`, or set this machine's clock",
                    "平台证书 `{serial_no}` 的有效期为 {from} 至 {to}，当前不在有效期内，且没有其他密钥；\
                     请添加当前证书，或调用 `platform_certificates()`，或校准本机时间"
                )
            }
        }
    }
}
