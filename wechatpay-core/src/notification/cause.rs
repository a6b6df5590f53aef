//! What usually makes a good signature not fit: the bytes were changed between the socket and here.

use crate::support::language::{In, Language, Text, text};

/// What in `body` shows how it was changed. A guess, for a sentence in a log; nothing is decided by it. Where the body
/// looks as it was sent, the key comes first.
pub(super) fn of_wrong_signature(body: &[u8]) -> Text {
    let both = if body.is_empty() {
        (
            "the body is empty: something has read it before, for example a body parser or a logger; keep the raw bytes and pass those on",
            "报文为空：之前已被读取，例如请求体解析器或日志中间件；请保留原始字节并传入",
        )
    } else if std::str::from_utf8(body).is_err() {
        (
            "the body is not UTF-8: it was compressed or re-encoded on the way; pass on the bytes as they came in",
            "报文不是 UTF-8：途中被压缩或转码；请传入收到的原始字节",
        )
    } else if body.starts_with("\u{feff}".as_bytes()) {
        (
            "the body begins with a byte order mark, which was added on the way",
            "报文以 BOM 开头，是途中添加的",
        )
    } else if body.last().is_some_and(u8::is_ascii_whitespace) {
        (
            "the body ends with a line feed or a space, which was added on the way; pass on the bytes as they came in",
            "报文末尾多了换行或空格，是途中添加的；请传入收到的原始字节",
        )
    } else if !body.starts_with(b"{") {
        (
            "the body is not the JSON that was sent: it was parsed or wrapped on the way; pass on the bytes as they came in",
            "报文不是原来的 JSON：途中被解析或包装；请传入收到的原始字节",
        )
    } else {
        (
            "first check that the key configured for this serial is WeChat Pay's and not the merchant's; otherwise the body was parsed and serialized again (different spaces, escapes or order of members is enough), or the notification is forged; pass the received bytes unchanged",
            "先核对该序列号配置的密钥：必须是微信支付的公钥，不是商户自己的；否则就是报文被解析后重新序列化（空格、转义或字段顺序不同都会如此），或者是伪造的；请传入收到的原始字节",
        )
    };
    both.into()
}

/// A notification by a public key that is not the configured one may be another merchant's: each has its own.
pub(super) fn or_another_merchant(hint: &Text) -> Text {
    let (english, chinese) = (In(Language::English, hint), In(Language::Chinese, hint));
    text!(
        "{english}; if several merchants share this URL, give the client of each to `Clients`",
        "{chinese}；多个商户号共用此回调地址时，请把每个商户号的客户端都放进 `Clients`"
    )
}
