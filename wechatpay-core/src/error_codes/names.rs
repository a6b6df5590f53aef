//! The names of the common error codes, so that a `match` needs no string literals.

/// Declares a constant for each code, and the list of them for the test.
macro_rules! names {
    ($($code:ident: $message:literal,)*) => {
        $(
            #[doc = concat!("`", stringify!($code), "`: ", $message)]
            pub const $code: &str = stringify!($code);
        )*

        #[cfg(test)]
        const ALL: &[(&str, &str)] = &[$(($code, $message),)*];
    };
}

names! {
    ACCOUNTERROR: "账号异常",
    ACCOUNT_ERROR: "账号异常",
    ALREADY_EXISTS: "单据已存在",
    APPID_MCHID_NOT_MATCH: "AppID和商户号不匹配",
    APPID_NOT_EXIST: "AppID不存在",
    AUTH_CODE_EXPIRED: "付款码已过期",
    AUTH_CODE_INVALID: "付款码无效",
    BANKERROR: "银行系统异常",
    BANK_ERROR: "银行系统异常",
    BIZ_ERR_NEED_RETRY: "业务错误，需要重试",
    CONTRACT_NOT_EXIST: "签约协议不存在",
    FREQUENCY_LIMITED: "频率限制",
    FREQUENCY_LIMIT_EXCEED: "频率超限",
    INVALID_REQUEST: "无效请求",
    INVALID_TRANSACTIONID: "订单号非法",
    MCH_NOT_EXISTS: "商户号不存在",
    NOAUTH: "商户无权限",
    NOTENOUGH: "余额不足",
    NOT_ENOUGH: "余额不足",
    NOT_FOUND: "请求的资源不存在",
    NO_AUTH: "商户无权限",
    OPENID_MISMATCH: "openid和AppID不匹配",
    ORDERNOTEXIST: "订单不存在",
    ORDERPAID: "订单已支付",
    ORDER_CLOSED: "订单已关闭",
    ORDER_NOT_EXIST: "订单不存在",
    ORDER_PAID: "订单已支付",
    ORDER_REVOKED: "订单已撤销",
    OUT_TRADE_NO_USED: "商户订单号重复",
    PARAM_ERROR: "参数错误",
    QUOTA_EXCEED: "额度超限",
    RATELIMIT_EXCEEDED: "频率超限",
    RECEIVER_HIGH_RISK: "分账接收方存在风险",
    RECEIVER_INVALID: "分账接收方非法",
    REQUEST_BLOCKED: "请求受阻",
    RESOURCE_ALREADY_EXISTS: "资源已存在",
    RESOURCE_NOT_EXISTS: "查询的资源不存在",
    RULELIMIT: "业务规则限制",
    RULE_LIMIT: "业务规则限制",
    SIGN_ERROR: "签名错误",
    SYSTEMERROR: "系统错误",
    SYSTEM_ERROR: "系统错误",
    TRADE_ERROR: "交易错误",
    TRADE_OVERDUE: "订单已超过退款期限",
    USERPAYING: "用户支付中",
    USER_ACCOUNT_ABNORMAL: "用户账户异常",
    USER_NOT_EXISTS: "用户不存在",
    USER_PAYING: "用户支付中",
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error_codes;

    #[test]
    fn each_name_of_the_table_has_its_constant_and_the_same_message() {
        let named = error_codes::all().iter().filter(|entry| !entry.code.starts_with('2'));
        let named: Vec<_> = named.map(|entry| (entry.code, entry.message)).collect();
        assert_eq!(ALL, named);
    }
}
