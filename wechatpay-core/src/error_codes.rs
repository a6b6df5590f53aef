//! The error codes of the service (错误码), and what to do about each.
//!
//! Two kinds of codes lead here: the name in an error body (`PARAM_ERROR`), and the number at the end of a `Request-ID`
//! (`08F7…-268498688`), which is more exact. The service adds codes without notice, so a code that is not listed here
//! is nothing unusual.
//!
//! ```
//! use wechatpay_core::error_codes::{self, Class};
//!
//! let code = error_codes::of_request_id("08F78BAFB70610DE0218AAC4F5BA01-268498688").expect("it is listed");
//! assert_eq!((code.code, code.class), ("268498688", Class::Reentry));
//! assert_eq!(code.message, "请求重入时，参数与首次请求时不一致");
//! assert!(code.advice.english.starts_with("This number was used before"));
//! ```
//!
//! The common names are constants, for a `match` without string literals:
//!
//! ```
//! use wechatpay_core::{Error, error_codes};
//!
//! fn next_step(error: &Error) -> &'static str {
//!     match error.code() {
//!         Some(error_codes::NOT_ENOUGH | error_codes::NOTENOUGH) => "top up the account",
//!         Some(error_codes::RESOURCE_NOT_EXISTS) => "there is no such order",
//!         _ => "look at the log",
//!     }
//! }
//! ```

mod names;

pub use names::*;

use std::fmt;

/// An error code of the service.
///
/// ```
/// use wechatpay_core::error_codes::{self, Class, ErrorCode};
///
/// let code: &ErrorCode = error_codes::find("NOT_ENOUGH").expect("it is listed");
/// assert_eq!((code.message, code.class), ("余额不足", Class::Funds));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ErrorCode {
    /// The code: `PARAM_ERROR` or `268498688`.
    pub code: &'static str,
    /// The official message.
    pub message: &'static str,
    /// What the error is about.
    pub class: Class,
    /// The products whose documentation lists the code. Empty when it belongs to all.
    pub products: &'static [Product],
    /// What to do.
    pub advice: Advice,
}

/// What to do about an error, in two languages.
///
/// ```
/// use wechatpay_core::error_codes::{self, Advice};
///
/// let advice: Advice = error_codes::find("USER_PAYING").expect("it is listed").advice;
/// assert!(advice.english.contains("query the order") && advice.chinese.contains("查单"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Advice {
    /// In English.
    pub english: &'static str,
    /// In Chinese.
    pub chinese: &'static str,
}

/// What an error is about.
///
/// ```
/// use wechatpay_core::error_codes::Class;
///
/// assert_eq!((Class::OrderState.english(), Class::OrderState.chinese()), ("order state", "订单状态"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Class {
    /// A field of the request (参数).
    Parameter,
    /// An amount that does not add up (金额).
    Amount,
    /// The signature (签名).
    Signature,
    /// A permission (权限).
    Permission,
    /// Which app, merchant and sub-merchant belong together (绑定关系).
    Binding,
    /// How the merchant or the product is set up (配置).
    Configuration,
    /// Too many requests (频率).
    Frequency,
    /// An order that is not there, or is another's (订单).
    Order,
    /// The state of an order (订单状态).
    OrderState,
    /// A number that was used before (请求重入).
    Reentry,
    /// Money: too little of it, or a charge that failed (资金).
    Funds,
    /// The user or the user's account (用户).
    User,
    /// A risk assessment (风控).
    Risk,
    /// A rule of the product (业务规则).
    BusinessRule,
    /// The state of a coupon (券状态).
    CouponState,
    /// A rule of a coupon (券规则).
    CouponRule,
    /// The insurance bureau (医保).
    Insurance,
    /// The service itself, or a bank (系统).
    System,
}

impl Class {
    /// The name of the class in English: `order state`.
    #[must_use]
    pub fn english(self) -> &'static str {
        self.names().0
    }

    /// The name of the class in Chinese: `订单状态`.
    #[must_use]
    pub fn chinese(self) -> &'static str {
        self.names().1
    }

    fn names(self) -> (&'static str, &'static str) {
        match self {
            Self::Parameter => ("parameter", "参数"),
            Self::Amount => ("amount", "金额"),
            Self::Signature => ("signature", "签名"),
            Self::Permission => ("permission", "权限"),
            Self::Binding => ("binding", "绑定关系"),
            Self::Configuration => ("configuration", "配置"),
            Self::Frequency => ("frequency", "频率"),
            Self::Order => ("order", "订单"),
            Self::OrderState => ("order state", "订单状态"),
            Self::Reentry => ("number used before", "请求重入"),
            Self::Funds => ("funds", "资金"),
            Self::User => ("user", "用户"),
            Self::Risk => ("risk", "风控"),
            Self::BusinessRule => ("business rule", "业务规则"),
            Self::CouponState => ("coupon state", "券状态"),
            Self::CouponRule => ("coupon rule", "券规则"),
            Self::Insurance => ("insurance", "医保"),
            Self::System => ("system", "系统"),
        }
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.english())
    }
}

/// A product whose documentation has its own error codes.
///
/// ```
/// use wechatpay_core::error_codes::{self, Product};
///
/// let code = error_codes::find("271300099").expect("it is listed");
/// assert_eq!(code.products, [Product::PayScore]);
/// assert_eq!((Product::PayScore.english(), Product::PayScore.chinese()), ("Pay Score", "支付分"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Product {
    /// 基础支付
    BasicPayment,
    /// 支付分
    PayScore,
    /// 医保支付
    MedicalInsurance,
    /// 商品券
    ProductCoupon,
}

impl Product {
    /// The name of the product in English.
    #[must_use]
    pub fn english(self) -> &'static str {
        match self {
            Self::BasicPayment => "basic payment",
            Self::PayScore => "Pay Score",
            Self::MedicalInsurance => "medical insurance payment",
            Self::ProductCoupon => "product coupons",
        }
    }

    /// The official Chinese name of the product.
    #[must_use]
    pub fn chinese(self) -> &'static str {
        match self {
            Self::BasicPayment => "基础支付",
            Self::PayScore => "支付分",
            Self::MedicalInsurance => "医保支付",
            Self::ProductCoupon => "商品券",
        }
    }
}

/// All codes that are listed here, sorted.
///
/// ```
/// use wechatpay_core::error_codes::{self, Class};
///
/// let slow_down = error_codes::all().iter().filter(|code| code.class == Class::Frequency);
/// assert!(slow_down.map(|code| code.code).any(|code| code == "FREQUENCY_LIMITED"));
/// ```
#[must_use]
pub fn all() -> &'static [ErrorCode] {
    &TABLE
}

/// The entry of a code: `PARAM_ERROR` or `268498688`.
///
/// ```
/// use wechatpay_core::error_codes;
///
/// assert_eq!(error_codes::find("268443699").map(|code| code.message), Some("签名错误"));
/// assert_eq!(error_codes::find("NOT_LISTED"), None);
/// ```
#[must_use]
pub fn find(code: &str) -> Option<&'static ErrorCode> {
    let place = TABLE.binary_search_by(|entry| entry.code.cmp(code)).ok()?;
    TABLE.get(place)
}

/// The entry of the code at the end of a `Request-ID`: the digits after the last `-`.
///
/// ```
/// use wechatpay_core::error_codes;
///
/// let code = error_codes::of_request_id("08F78BAFB70610DE0218AAC4F5BA01-268449538");
/// assert_eq!(code.map(|code| code.message), Some("订单已支付"));
/// // A success ends in a zero, which is no code.
/// assert_eq!(error_codes::of_request_id("08F78BAFB70610DE0218AAC4F5BA01-0"), None);
/// ```
#[must_use]
pub fn of_request_id(request_id: &str) -> Option<&'static ErrorCode> {
    let (_, code) = request_id.trim().rsplit_once('-')?;
    find(code)
}

const fn row(
    code: &'static str,
    message: &'static str,
    class: Class,
    products: &'static [Product],
    advice: Advice,
) -> ErrorCode {
    ErrorCode {
        code,
        message,
        class,
        products,
        advice,
    }
}

const fn advice(english: &'static str, chinese: &'static str) -> Advice {
    Advice { english, chinese }
}

const BASIC: Product = Product::BasicPayment;
const SCORE: Product = Product::PayScore;
const MEDICAL: Product = Product::MedicalInsurance;
const COUPON: Product = Product::ProductCoupon;

// Advice that several codes share.
const ACCOUNT_STATE: Advice = advice(
    "The user's account cannot pay or receive. Ask the user to look at the account's state in WeChat, or offer another way.",
    "用户账号状态异常。请用户在微信内查看账号状态，或更换方式。",
);
const APPLY_FIRST: Advice = advice(
    "The merchant has no permission for this operation. Apply for the product on the merchant platform first; for a sub-merchant, have it authorized.",
    "商户没有该接口的权限。请先在商户平台开通对应产品；服务商还需取得子商户授权。",
);
const BANK_HALF_WAY: Advice = advice(
    "The bank failed half-way, and the payment may have been made. Query the order before you try again.",
    "银行系统异常，支付可能已经成功。请先查单，再决定是否重试。",
);
const BIND_APP: Advice = advice(
    "The app is not bound to the merchant. Bind `appid` to `mchid` on the merchant platform, or fix whichever is wrong.",
    "AppID 没有与商户号绑定。到商户平台完成绑定，或改正填错的 AppID、商户号。",
);
const CHECK_SIGNATURE: Advice = advice(
    "Check that merchant number, certificate serial number and private key belong together, that the signed bytes are the bytes sent, and that this machine's clock is right.",
    "核对商户号、证书序列号与商户私钥是否为同一套；确认参与签名的内容与实际发送的内容逐字节一致；检查本机时间。",
);
const HALF_WAY: Advice = advice(
    "The service failed half-way, and the operation may have been executed. Query it, then retry with the same number and the same parameters.",
    "系统异常，操作可能已经执行。请先查单，再用原单号、原参数重试。",
);
const LOOK_AT_DETAIL: Advice = advice(
    "A field has a value that the service does not accept. Look at `detail` of the error for its name, and compare the request with the field table.",
    "某个字段的取值不合法。先看应答里 detail 指出的字段，再对照接口文档的字段说明修改请求。",
);
const NO_MERCHANT: Advice = advice(
    "The merchant number does not exist. Check its digits.",
    "商户号不存在，请核对号码。",
);
const NO_ORDER: Advice = advice(
    "There is no order with this number. Check number and merchant number. Right after a request whose outcome is unknown, query again before you create it once more.",
    "订单不存在，请核对单号与商户号。刚发出的请求结果未知时，先多查几次，不要急于重新下单。",
);
const OPENID_OF_APP: Advice = advice(
    "The `openid` is not one of this app. An openid counts only under the app that it was fetched with.",
    "openid 不属于请求中的 AppID。openid 只在获取它的 AppID 下有效。",
);
const OPENID_UNREADABLE: Advice = advice(
    "The `openid` cannot be read. Check that it is complete and belongs to the `appid` of the request.",
    "openid 无法解析。请确认内容完整，并且属于请求中的 AppID。",
);
const ORDER_IS_PAID: Advice = advice(
    "The order is paid. Query it and treat it as paid; create no second order for the same purchase.",
    "订单已支付。请查单并按已支付处理，不要为同一笔交易再次下单。",
);
const RULE: Advice = advice(
    "A rule of the product does not allow this payment. The message names the rule, often a limit of amount or frequency.",
    "受业务规则限制，具体规则见错误描述，常见为金额或次数限制。",
);
const SAME_PARAMETERS: Advice = advice(
    "This number was used before with other parameters. Query it; retry only with exactly the parameters of the first request, or use a new number for a new purchase.",
    "同一单号再次请求时参数与首次不同。先查单；重试必须沿用首次的全部参数，新的交易请换新单号。",
);
const SLOW_DOWN: Advice = advice(
    "Send fewer requests. Wait at least one second, then retry with the same number and the same parameters, with growing pauses.",
    "降低调用频率，至少等待 1 秒后用原单号、原参数重试，并逐次加大间隔。",
);
const STILL_PAYING: Advice = advice(
    "The payer is still entering the password. Wait some seconds and query the order; do not create another one.",
    "用户正在支付，需要输入密码。请等待数秒后查单，不要重新下单。",
);
const TOP_UP: Advice = advice(
    "The account that pays this has too little money. Top it up, or choose another source of funds, then retry with the same number.",
    "出资账户余额不足。请充值或更换出资来源，再用原单号重试。",
);

// Codes and messages are those of the official material: for the numbers, the handbooks (排障手册) of 基础支付, 支付分, 医保支付
// and 商品券 in <https://github.com/wechatpay-apiv3/wechatpay-skills>; for the names, the tables of error codes (错误码) on
// the pages that `request/judge/verdict.rs` lists. The advice is our own.

/// Sorted by code. A row is a line.
#[rustfmt::skip]
static TABLE: [ErrorCode; 134] = [
    row("268435461", "参数非法", Class::Parameter, &[BASIC, MEDICAL, COUPON], LOOK_AT_DETAIL),
    row("268435462", "参数过长", Class::Parameter, &[COUPON], advice("A text is longer than the field allows. Shorten it; the limit is part of the field table.", "字段内容超过最大长度，请按接口文档的长度限制缩短。")),
    row("268435463", "参数过短", Class::Parameter, &[COUPON], advice("A text is shorter than the field demands. An empty string counts as too short; leave the field out instead.", "字段内容短于最小长度。空字符串也算过短，不需要的选填字段请不要传。")),
    row("268435464", "参数超出取值范围", Class::Parameter, &[BASIC, SCORE, COUPON], advice("A number or enum value is outside of its range. Amounts are whole numbers in fen.", "数值或枚举值超出允许范围。金额单位为分，只能是整数。")),
    row("268435472", "请求过于频繁", Class::Frequency, &[SCORE], SLOW_DOWN),
    row("268443699", "签名错误", Class::Signature, &[BASIC], CHECK_SIGNATURE),
    row("268443701", "受理关系不存在（服务商）", Class::Binding, &[BASIC], advice("The sub-merchant is not one of this service provider. Check `sub_mchid`, and finish its onboarding first.", "该子商户与服务商没有受理关系。核对 sub_mchid，未进件的先完成进件。")),
    row("268443704", "受理机构必须传入sub_mch_id（服务商）", Class::Binding, &[BASIC], advice("A service provider must name the sub-merchant. Send `sub_mchid`.", "服务商模式必须传子商户号，请补上 sub_mchid。")),
    row("268443705", "子商户mchid不能与自身mchid相同（服务商）", Class::Binding, &[BASIC], advice("`sub_mchid` is the service provider's own number. Send the number of the sub-merchant.", "sub_mchid 填成了服务商自己的商户号，请改为子商户的商户号。")),
    row("268443715", "商户状态为不可用或者已经注销", Class::Permission, &[BASIC], advice("The merchant is suspended or closed. Look at its state on the merchant platform; until then every retry fails.", "商户号已停用或注销，请到商户平台查看状态；恢复之前重试没有意义。")),
    row("268445527", "appid和mch_id不匹配", Class::Binding, &[BASIC], BIND_APP),
    row("268447840", "请求频率超过限制", Class::Frequency, &[BASIC], SLOW_DOWN),
    row("268447843", "商户号和订单不匹配", Class::Order, &[BASIC], advice("The order belongs to another merchant. Query it with the merchant number that created it.", "订单属于别的商户号。请用下单时的商户号查询和操作。")),
    row("268447845", "子商户号和订单信息不匹配（服务商）", Class::Order, &[BASIC], advice("The order belongs to another sub-merchant. Use the `sub_mchid` that it was created with.", "订单属于别的子商户。请使用下单时的 sub_mchid。")),
    row("268447914", "该订单已失效", Class::OrderState, &[BASIC], advice("The order has expired or was closed. Query it, then create a new order with a new number.", "订单已失效。先查单确认，再用新的商户订单号重新下单。")),
    row("268448010", "此商家的收款功能已被限制", Class::Permission, &[BASIC], advice("The merchant may not collect payments at present. Look at the notices on the merchant platform and clear the restriction there.", "商户的收款功能被限制。请到商户平台查看通知并解除限制。")),
    row("268449538", "订单已支付", Class::OrderState, &[BASIC], ORDER_IS_PAID),
    row("268449641", "当前交易不允许进行普通关单（只能撤销）", Class::OrderState, &[BASIC], advice("This transaction cannot be closed, only reversed. Use the reversal operation of its product.", "该交易不能关单，只能撤销，请调用对应产品的撤销接口。")),
    row("268498688", "请求重入时，参数与首次请求时不一致", Class::Reentry, &[BASIC], SAME_PARAMETERS),
    row("268498689", "该订单已支付", Class::OrderState, &[BASIC], ORDER_IS_PAID),
    row("268501013", "JSAPI支付必须传openid", Class::Parameter, &[BASIC], advice("A JSAPI payment needs the payer's `openid` under the app of the request. Fetch it by the app's login first.", "JSAPI 支付必须传付款用户在该 AppID 下的 openid，请先通过登录授权获取。")),
    row("268503786", "当前无权限进行此操作", Class::Permission, &[SCORE], advice("The merchant has no permission for this operation, often because `service_id` is not bound to the merchant. Check the product and the binding of `service_id`.", "商户没有该接口的权限，常见原因是 service_id 没有绑定该商户号。请核对产品是否开通、service_id 绑定了哪些商户号。")),
    row("268510603", "请确认 openid 是否正确", Class::User, &[MEDICAL], OPENID_OF_APP),
    row("268510604", "请确认 sub_appid 与 sub_openid 是否正确", Class::User, &[MEDICAL], advice("`sub_openid` does not belong to `sub_appid`. Fetch it with the sub-merchant's app.", "sub_openid 与 sub_appid 不对应，请用子商户的 AppID 获取用户标识。")),
    row("268510610", "医保局结算校验失败，请确认医保相关的字段是否正确", Class::Insurance, &[MEDICAL], advice("The insurance bureau refused the settlement. Check the insurance fields against the bureau's pre-settlement result.", "医保局结算校验未通过，请用医保局预结算的结果核对医保相关字段。")),
    row("268512536", "订单已存在", Class::Reentry, &[MEDICAL], advice("An order with this number exists. Query it: if it is the same order, go on with it; use a new number only for a new order, or when this one has failed.", "该单号的订单已存在。先查单：同一笔订单直接沿用；只有新的订单，或原订单已失败时才换新单号。")),
    row("268512771", "订单不存在", Class::Order, &[BASIC], NO_ORDER),
    row("268529474", "纯自费单字段校验失败", Class::Parameter, &[MEDICAL], advice("For an order paid by the patient alone, the insurance fields must be absent. Compare the request with the rules of this order type.", "纯自费单不应携带医保字段，请按该订单类型的字段规则核对请求。")),
    row("268529475", "合支付单字段校验失败", Class::Parameter, &[MEDICAL], advice("A combined order needs both its cash fields and its insurance fields. Compare the request with the rules of this order type.", "混合支付单须同时满足现金与医保字段的要求，请按该订单类型的字段规则核对请求。")),
    row("268529476", "自费金额校验不通过", Class::Amount, &[MEDICAL], advice("The patient's own share does not add up: `wechat_pay_cash_fee` is `med_ins_cash_fee`, plus what is added, minus what is reduced. All amounts are in fen.", "自费金额不符：wechat_pay_cash_fee 应等于 med_ins_cash_fee 加上各项增加、减去各项减免，金额单位为分。")),
    row("268529477", "订单总金额校验不通过", Class::Amount, &[MEDICAL], advice("The total is not the sum of its parts: the three insurance fees, `wechat_pay_cash_fee`, and what is reduced. All amounts are in fen.", "订单总金额不符：应为三项医保金额、wechat_pay_cash_fee 与各项减免之和，金额单位为分。")),
    row("268529481", "混合单金额不正确", Class::Amount, &[MEDICAL], advice("The amounts of the combined order do not add up: cash share plus insurance share must be the total.", "混合单金额不正确：现金部分与医保部分之和必须等于总金额。")),
    row("268529515", "未找到订单，请确认订单号是否正确", Class::Order, &[MEDICAL], advice("There is no order with this number. Check the number, and which of the two kinds of number the field expects.", "找不到订单。请核对单号，并确认字段要的是商户单号还是微信支付单号。")),
    row("268545961", "入参个人身份ID摘要和医保电子凭证绑卡身份ID摘要不匹配", Class::User, &[MEDICAL], advice("The identity digest does not fit the insurance card bound to WeChat. Check first how it is made: letters in upper case, 18 digits, MD5 in lower-case hex, then encrypted. If that is right, ask the user to correct the identity.", "身份 ID 摘要与微信绑定的医保电子凭证不符。先核对摘要的算法：字母大写、转 18 位、MD5（小写十六进制）、再加密；算法无误时请用户更正证件信息。")),
    row("268545962", "入参用户姓名和医保电子凭证绑卡姓名不匹配", Class::User, &[MEDICAL], advice("The patient's name does not match that of the insurance card bound to WeChat. Check that it was encrypted, and the name as it stands on the document.", "就诊人姓名与微信绑定的医保电子凭证不一致。请确认姓名已加密，并按证件核对姓名。")),
    row("268545963", "微信号未绑定医保电子凭证", Class::User, &[MEDICAL], advice("The user has not bound an electronic insurance card in WeChat. Ask the user to bind it, then start again.", "用户尚未在微信绑定医保电子凭证，请引导用户绑定后重新发起。")),
    row("268545964", "亲属关系不存在，请传入有效亲属关系后重试", Class::User, &[MEDICAL], advice("The relative is not known for this user. Ask the user to add the relative to the insurance card, then start again.", "亲属关系不存在。请用户先在医保电子凭证中添加亲属，再重新发起。")),
    row("268545967", "医保局业务错误：未找到对应授权信息，无法查询订单信息", Class::Insurance, &[MEDICAL], advice("The insurance bureau knows no authorization for this order. Check that `passthrough_request_content` has payAuthNo, payOrdId and setlLatlnt; otherwise let the user authorize again.", "医保局没有该订单的授权记录。请核对 passthrough_request_content 是否带齐 payAuthNo、payOrdId、setlLatlnt；否则请用户重新授权。")),
    row("268547120", "PAY_AUTH_NO 校验失败，请确认无误后重试", Class::Insurance, &[MEDICAL], advice("`pay_auth_no` is wrong, was used before, or has expired after some minutes. Let the user authorize again right before the order.", "医保支付授权号有误、已用过或已过期（有效期只有几分钟）。请在下单前让用户重新授权。")),
    row("268554200", "当前订单状态不允许冲正", Class::OrderState, &[MEDICAL], advice("The order's state does not allow a reversal. Query the order and continue from its state.", "订单当前状态不能冲正。请查单，并按实际状态处理。")),
    row("268554422", "冲正失败，请检查参数后重试", Class::Insurance, &[MEDICAL], advice("The reversal failed. Check its parameters against the order, then query before you retry.", "冲正失败。请对照原订单检查参数，重试前先查单。")),
    row("268560650", "已完成验密，不允许关单", Class::OrderState, &[MEDICAL], advice("The payer has entered the password, so the order cannot be closed. Query it: it is about to become paid.", "用户已完成验密，不能关单。请查单，订单很可能即将变为已支付。")),
    row("268560785", "已开启青少年模式支付限额，暂无法使用支付分先用后付服务", Class::User, &[SCORE], advice("The user's account is under the limits for minors. Offer another way to pay.", "用户开启了青少年模式限额，无法使用先用后付。请提供其他支付方式。")),
    row("268577984", "商品券批次状态不是发放中", Class::CouponState, &[COUPON], advice("The coupon batch is not in distribution. Query the batch; activate it, or use another.", "商品券批次不在发放中。请查询批次状态，激活后再发，或改用其他批次。")),
    row("268578101", "入参不合法", Class::Parameter, &[COUPON], LOOK_AT_DETAIL),
    row("268578224", "参数错误，请根据接口文档检查字段要求", Class::Parameter, &[COUPON], LOOK_AT_DETAIL),
    row("268578367", "用户券状态非法", Class::CouponState, &[COUPON], advice("The user's coupon is not in a state that allows this. Query the coupon and continue from its state.", "用户券当前状态不允许该操作。请查询用户券，并按实际状态处理。")),
    row("268578404", "缺少必要的商品券图片", Class::Configuration, &[COUPON], advice("The coupon lacks an image that its type needs. Upload the image and send its URL.", "缺少该类商品券必需的图片。请先上传图片，再传图片地址。")),
    row("268578526", "解析 OpenID 错误", Class::User, &[COUPON], OPENID_UNREADABLE),
    row("268578532", "解析 OpenID 错误", Class::User, &[COUPON], OPENID_UNREADABLE),
    row("268578608", "当前访问对象不存在", Class::Configuration, &[COUPON], advice("The object of the request does not exist. Check its id, and that it belongs to this brand or merchant.", "访问的对象不存在。请核对其 ID，并确认它属于当前品牌或商户。")),
    row("268578704", "传入的 AppID 非法", Class::Configuration, &[COUPON], advice("The `appid` is not accepted. Check its spelling and that it is bound to the merchant.", "AppID 不合法。请核对拼写，并确认已与商户号绑定。")),
    row("268578776", "用户券已过期", Class::CouponState, &[COUPON], advice("The coupon has expired. Tell the user; send a new coupon if the promotion allows it.", "用户券已过期。请告知用户，活动允许时可重新发券。")),
    row("268578813", "当前券批次全部门店可用", Class::CouponRule, &[COUPON], advice("The batch is valid in all stores, so no stores can be listed for it. Leave the store fields out.", "该批次适用于全部门店，不能再指定门店，请去掉门店字段。")),
    row("268578851", "用户券不存在", Class::CouponState, &[COUPON], advice("There is no such coupon of this user. Check coupon code, openid and batch.", "用户券不存在。请核对券码、openid 与批次。")),
    row("268578927", "相同单号但请求数据不一致", Class::Reentry, &[COUPON], SAME_PARAMETERS),
    row("268579803", "服务商没有此接口权限", Class::Permission, &[COUPON], advice("The service provider has no permission for this operation. Apply for it, and have the brand or merchant authorize it.", "服务商没有该接口的权限。请先申请开通，并取得品牌或商户的授权。")),
    row("268584404", "核销门店非法", Class::CouponRule, &[COUPON], advice("The coupon cannot be used in this store. Check the store's number and the stores of the batch.", "该门店不能核销此券。请核对门店编号与批次的适用门店。")),
    row("268586067", "非递减优惠力度不合规", Class::CouponRule, &[COUPON], advice("The discounts of the rule must not decrease from one use to the next. Order them, or make them equal.", "各次使用的优惠力度不能递减，请调整为持平或递增。")),
    row("270087680", "图片超过指定大小", Class::Parameter, &[COUPON], advice("The image is too large. Compress it below the limit of the upload operation.", "图片超过大小限制，请压缩后重新上传。")),
    row("270924289", "频率过快", Class::Frequency, &[COUPON], SLOW_DOWN),
    row("270924332", "Authorization 不合法", Class::Signature, &[SCORE], advice("The Authorization header is not valid. Check that merchant number, serial number and private key belong together, and whether a proxy changed the header.", "Authorization 不合法。核对商户号、证书序列号与商户私钥是否为同一套，并排查代理是否改动了请求头。")),
    row("270924358", "参数中含有非法的额外参数", Class::Parameter, &[BASIC], advice("The request has a field that the operation does not know. Remove it; check the spelling and whether it belongs into the query or the body.", "请求包含接口未定义的字段，请删除；注意字段拼写，以及应放在查询参数还是请求体。")),
    row("271299627", "存在待处理的超时未支付订单", Class::BusinessRule, &[SCORE], advice("The user has an overdue order that is not paid. Ask the user to pay it first.", "用户有超时未支付的订单，请引导用户先完成支付。")),
    row("271300099", "综合评估未通过", Class::Risk, &[SCORE], advice("The user did not pass the assessment. Do not retry; offer a deposit or another way to pay.", "用户未通过综合评估。不要重试，请提供押金或其他支付方式。")),
    row("271302144", "mch_id 不存在", Class::Configuration, &[SCORE], NO_MERCHANT),
    row("271302149", "mch_id 和 appid 未绑定", Class::Binding, &[SCORE], BIND_APP),
    row("271302262", "当前订单状态不合法", Class::OrderState, &[SCORE], advice("The order's state does not allow this operation. Query the order and continue from its state.", "订单当前状态不允许该操作。请查单，并按实际状态处理。")),
    row("271302332", "当前订单状态不合法（确认状态）", Class::OrderState, &[SCORE], advice("The order still waits for the user's confirmation, and this operation needs a confirmed order. Query the order, and go on once its state is DOING.", "订单还在等待用户确认，不能执行该操作。请查单，状态变为 DOING 后再操作。")),
    row("271302333", "当前订单状态不合法（已取消）", Class::OrderState, &[SCORE], advice("The order is cancelled. Create a new order with a new number.", "订单已取消，请用新的单号重新创建订单。")),
    row("271316574", "支付分扣款失败", Class::Funds, &[SCORE], advice("The charge failed. Query the order: the service tries again, and the user can pay it by hand.", "扣款失败。请查询订单：微信支付会再次扣款，用户也可以主动支付。")),
    row("271316592", "当前订单状态不满足撤销条件", Class::OrderState, &[SCORE], advice("The order's state does not allow a cancellation. Query the order: once it is completed, change the amount or wait for the payment; a paid order needs a refund.", "订单当前状态不满足撤销条件。请查单：已完结的订单只能修改金额或等待支付结果，已支付的订单应走退款。")),
    row("271316598", "订单重入参数校验失败", Class::Reentry, &[SCORE], SAME_PARAMETERS),
    row("271316637", "真实结束时间小于预计开始时间", Class::Parameter, &[SCORE], advice("The real end lies before the announced end, which this service does not allow. Check both times and their time zone.", "真实结束时间早于预计开始或结束时间。请核对时间与时区。")),
    row("271316656", "总金额超过此服务的服务风险金额", Class::BusinessRule, &[SCORE], advice("The total exceeds the risk amount of the service. Reduce it, or apply for a higher risk amount.", "总金额超过服务的风险金额。请降低金额，或申请提高风险金额。")),
    row("271316657", "仅服务订单支付状态为待支付时，才可使用此能力", Class::OrderState, &[SCORE], advice("This works only while the order waits for its payment. Query the order and continue from its state.", "只有待支付的服务订单才能执行该操作。请查单，并按实际状态处理。")),
    row("271316754", "单据正在扣款中，请稍后重试", Class::Funds, &[SCORE], advice("The order is being charged at this moment. Wait some seconds, query it, then decide.", "订单正在扣款。请等待数秒后查单，再决定下一步。")),
    row("271317510", "查询单据不存在", Class::Order, &[SCORE], advice("There is no order with this number. Check number, `service_id` and `appid`.", "查询的单据不存在。请核对单号、service_id 与 AppID。")),
    row("272755200", "发券请求重入但单号不一致", Class::Reentry, &[COUPON], advice("The coupon was sent before under another number. Query the user's coupons; keep the number of the first request for a retry.", "该发券请求此前使用了其他单号。请先查询用户券，重试时沿用首次的单号。")),
    row("272755715", "券不在使用有效期（绝对批次有效期）", Class::CouponState, &[COUPON], advice("Today is outside of the batch's period. Check the period before you offer the coupon.", "当前不在批次的有效期内。使用前请先判断有效期。")),
    row("272755717", "券不在使用有效期（规则周期）", Class::CouponState, &[COUPON], advice("Now is outside of the times at which the rule allows use. Check weekday and hour of the rule.", "当前不在规则允许的周期内。请核对规则的星期与时段。")),
    row("272756740", "用户领取券张数已达上限", Class::CouponRule, &[COUPON], advice("The user has as many coupons of this batch as allowed. Send no more to this user.", "用户领取张数已达上限，请不要再向该用户发放。")),
    row("272756745", "券已被其他订单核销", Class::CouponState, &[COUPON], advice("Another order has used this coupon. Query the coupon to see which.", "券已被其他订单核销，可查询用户券确认。")),
    row("272756746", "券已被其他订单核销锁定", Class::CouponState, &[COUPON], advice("Another order holds this coupon locked. Finish or cancel that order first.", "券已被其他订单锁定，请先完成或取消那笔订单。")),
    row("272756769", "券已被删除", Class::CouponState, &[COUPON], advice("The coupon was deleted. It cannot be used any more; send a new one if the promotion allows it.", "券已被删除，无法继续使用；活动允许时可重新发券。")),
    row("272756790", "券已过期，不能再进行其他操作", Class::CouponState, &[COUPON], advice("The coupon has expired. Tell the user; send a new coupon if the promotion allows it.", "券已过期。请告知用户，活动允许时可重新发券。")),
    row("ACCOUNTERROR", "账号异常", Class::User, &[], ACCOUNT_STATE),
    row("ACCOUNT_ERROR", "账号异常", Class::User, &[], ACCOUNT_STATE),
    row("ALREADY_EXISTS", "单据已存在", Class::Reentry, &[], advice("An order with this number exists with other parameters. Query it; retry only with exactly the parameters of the first request.", "该单号的单据已存在且参数不同。先查单；重试必须沿用首次的全部参数。")),
    row("APPID_MCHID_NOT_MATCH", "AppID和商户号不匹配", Class::Binding, &[], BIND_APP),
    row("APPID_NOT_EXIST", "AppID不存在", Class::Configuration, &[], advice("The app does not exist. Check the spelling of `appid`.", "AppID 不存在，请核对拼写。")),
    row("AUTH_CODE_EXPIRED", "付款码已过期", Class::User, &[], advice("The payment code is older than a minute. Scan the payer's code again, and use a new order number.", "付款码已过期。请用户刷新付款码后重新扫描，并使用新的商户订单号。")),
    row("AUTH_CODE_INVALID", "付款码无效", Class::User, &[], advice("This is not a valid payment code. Scan the code on the payer's screen again.", "付款码无效，请重新扫描用户出示的付款码。")),
    row("BANKERROR", "银行系统异常", Class::System, &[], BANK_HALF_WAY),
    row("BANK_ERROR", "银行系统异常", Class::System, &[], BANK_HALF_WAY),
    row("BIZ_ERR_NEED_RETRY", "业务错误，需要重试", Class::System, &[], advice("The operation did not finish. Retry with the same number and the same parameters; never with a new number.", "业务流程未完成。请用原单号、原参数重试，不要更换单号。")),
    row("CONTRACT_NOT_EXIST", "签约协议不存在", Class::Order, &[], advice("There is no such contract. Check its number, and that the user has not ended it.", "协议不存在。请核对协议号，并确认用户没有解约。")),
    row("FREQUENCY_LIMITED", "频率限制", Class::Frequency, &[], SLOW_DOWN),
    row("FREQUENCY_LIMIT_EXCEED", "频率超限", Class::Frequency, &[], SLOW_DOWN),
    row("INVALID_REQUEST", "无效请求", Class::BusinessRule, &[], advice("The request is well-formed, but the present state does not allow it. The message names the rule; query the order before you change anything.", "请求格式无误，但当前状态不允许该操作。请看错误描述，并先查单再处理。")),
    row("INVALID_TRANSACTIONID", "订单号非法", Class::Order, &[], advice("The transaction id is not one of this merchant. Check the number, and whether the field expects yours or that of WeChat Pay.", "订单号非法。请核对号码，并确认字段要的是商户订单号还是微信支付订单号。")),
    row("MCH_NOT_EXISTS", "商户号不存在", Class::Configuration, &[], NO_MERCHANT),
    row("NOAUTH", "商户无权限", Class::Permission, &[], APPLY_FIRST),
    row("NOTENOUGH", "余额不足", Class::Funds, &[], TOP_UP),
    row("NOT_ENOUGH", "余额不足", Class::Funds, &[], TOP_UP),
    row("NOT_FOUND", "请求的资源不存在", Class::Order, &[], advice("There is nothing under this number. Check number, merchant number and path. Right after a request whose outcome is unknown, query again before you create it once more.", "请求的资源不存在，请核对单号、商户号与路径。刚发出的请求结果未知时，先多查几次，不要急于重新创建。")),
    row("NO_AUTH", "商户无权限", Class::Permission, &[], APPLY_FIRST),
    row("OPENID_MISMATCH", "openid和AppID不匹配", Class::User, &[], OPENID_OF_APP),
    row("ORDERNOTEXIST", "订单不存在", Class::Order, &[], NO_ORDER),
    row("ORDERPAID", "订单已支付", Class::OrderState, &[], ORDER_IS_PAID),
    row("ORDER_CLOSED", "订单已关闭", Class::OrderState, &[], advice("The order is closed. Create a new order with a new number.", "订单已关闭，请用新的商户订单号重新下单。")),
    row("ORDER_NOT_EXIST", "订单不存在", Class::Order, &[], NO_ORDER),
    row("ORDER_PAID", "订单已支付", Class::OrderState, &[], ORDER_IS_PAID),
    row("ORDER_REVOKED", "订单已撤销", Class::OrderState, &[], advice("The order was reversed. Create a new order with a new number.", "订单已撤销，请用新的商户订单号重新下单。")),
    row("OUT_TRADE_NO_USED", "商户订单号重复", Class::Reentry, &[], advice("This order number was used before with other parameters. Query it; use a new number only for a new purchase.", "商户订单号此前已用于参数不同的请求。先查单；只有新的交易才使用新单号。")),
    row("PARAM_ERROR", "参数错误", Class::Parameter, &[], advice("A field is missing or has a value that the service does not accept. Look at `detail` of the error for its name, and compare the request with the field table.", "字段缺失或取值不合法。先看应答里 detail 指出的字段，再对照接口文档的字段说明修改请求。")),
    row("QUOTA_EXCEED", "额度超限", Class::BusinessRule, &[], advice("A daily or monthly quota is used up. Wait for the next period, or apply for more on the merchant platform.", "额度已用完。请等待下一周期，或到商户平台申请提额。")),
    row("RATELIMIT_EXCEEDED", "频率超限", Class::Frequency, &[], SLOW_DOWN),
    row("RECEIVER_HIGH_RISK", "分账接收方存在风险", Class::Risk, &[], advice("The receiver is rated as risky. Choose another receiver, or let the receiver clear its account.", "接收方存在风险。请更换接收方，或由接收方处理账户问题。")),
    row("RECEIVER_INVALID", "分账接收方非法", Class::Parameter, &[], advice("The receiver is not one of this merchant. Add it as a receiver first, and check its type and account.", "分账接收方不合法。请先添加分账接收方，并核对类型与账号。")),
    row("REQUEST_BLOCKED", "请求受阻", Class::BusinessRule, &[], advice("The request was blocked, and the message says by which rule. Clear the cause first; a plain retry fails again.", "请求受阻，具体原因见错误描述。请先处理原因，直接重试仍会失败。")),
    row("RESOURCE_ALREADY_EXISTS", "资源已存在", Class::Reentry, &[], advice("This was created before under the same number. Query it before you create anything else.", "资源已存在。请先查询，不要重复创建。")),
    row("RESOURCE_NOT_EXISTS", "查询的资源不存在", Class::Order, &[], advice("There is nothing under this number. Check number, merchant number and path. Right after a request whose outcome is unknown, query again before you create it once more.", "查询的资源不存在，请核对单号、商户号与路径。刚发出的请求结果未知时，先多查几次，不要急于重新创建。")),
    row("RULELIMIT", "业务规则限制", Class::BusinessRule, &[], RULE),
    row("RULE_LIMIT", "业务规则限制", Class::BusinessRule, &[], RULE),
    row("SIGN_ERROR", "签名错误", Class::Signature, &[], CHECK_SIGNATURE),
    row("SYSTEMERROR", "系统错误", Class::System, &[], HALF_WAY),
    row("SYSTEM_ERROR", "系统错误", Class::System, &[], HALF_WAY),
    row("TRADE_ERROR", "交易错误", Class::BusinessRule, &[], advice("The payment failed for a reason of the payer or of the business; the message says which. Let the user try again or pay another way.", "因用户或业务原因交易失败，具体原因见错误描述。可请用户重试或更换支付方式。")),
    row("TRADE_OVERDUE", "订单已超过退款期限", Class::BusinessRule, &[], advice("The order is too old for a refund; a year is the limit. Pay the user back another way.", "订单已超过可退款期限（一年），请通过其他方式退还用户。")),
    row("USERPAYING", "用户支付中", Class::OrderState, &[], STILL_PAYING),
    row("USER_ACCOUNT_ABNORMAL", "用户账户异常", Class::Funds, &[], advice("The user's account was closed or cannot receive the refund. Use the operation for an abnormal refund, or pay the user back another way.", "用户账户已注销或异常，无法原路退回。请使用异常退款接口，或通过其他方式退还。")),
    row("USER_NOT_EXISTS", "用户不存在", Class::User, &[], advice("There is no such user under this app. Check `openid` and `appid`.", "该 AppID 下没有此用户，请核对 openid 与 AppID。")),
    row("USER_PAYING", "用户支付中", Class::OrderState, &[], STILL_PAYING),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_each_code_occurs_once() {
        assert!(TABLE.is_sorted_by(|a, b| a.code < b.code));
        assert_eq!(
            TABLE
                .iter()
                .filter(|entry| entry.code.bytes().all(|byte| byte.is_ascii_digit()))
                .count(),
            86
        );
    }

    #[test]
    fn each_code_has_advice_in_both_languages() {
        let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        for entry in &TABLE {
            assert!(
                entry.advice.english.ends_with('.') && !chinese(entry.advice.english),
                "{}",
                entry.code
            );
            assert!(
                entry.advice.chinese.ends_with('。') && chinese(entry.advice.chinese),
                "{}",
                entry.code
            );
            assert!(
                !entry.message.is_empty() && !entry.message.ends_with('。'),
                "{}",
                entry.code
            );
        }
    }

    #[test]
    fn the_code_of_a_request_id_stands_after_its_last_hyphen() {
        assert_eq!(
            of_request_id("08F7-8A-268435461").map(|entry| entry.code),
            Some("268435461")
        );
        for other in ["", "-", "08F7-0", "268435461", "08F7-268435461x"] {
            assert_eq!(of_request_id(other), None, "{other}");
        }
    }
}
