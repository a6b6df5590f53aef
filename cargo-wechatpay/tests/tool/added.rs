use serde::{Deserialize, Serialize};
use wechatpay_core::{Download, Sensitive, Upload, open_enum, wechatpay_endpoint};
use wechatpay_core::paging::{Offset, Paged, Step};

/// JSAPI下单API
///
/// `POST /v3/pay/transactions/jsapi`
///
/// 产品：基础支付
///
/// 适用于：直连商户、特约商户（直连模式）
///
/// 官方文档：<https://pay.weixin.qq.com/doc/v3/merchant/4012525167>
#[wechatpay_endpoint(POST, "/v3/pay/transactions/jsapi", response = PlaceOrderResponse, idempotent)]
#[derive(Clone, Debug, Default)]
pub struct PlaceOrder {
    /// 公众号ID
    pub appid: String,
    /// 直连商户号
    pub mchid: String,
    /// 商品描述
    pub description: String,
    /// 附加数据
    pub attach: Option<String>,
    /// 商户订单号
    pub out_trade_no: String,
    /// 订单金额
    pub amount: Amount,
    /// 通知地址
    pub notify_url: String,
    /// 优惠功能
    pub detail: Option<Detail>,
    /// 支付者
    pub payer: Payer,
}

/// 订单金额
#[derive(Clone, Debug, Default, Serialize)]
pub struct Amount {
    /// 总金额
    pub total: i64,
}

/// 优惠功能
#[derive(Clone, Debug, Default, Serialize)]
pub struct Detail {
    /// 单品列表
    pub goods_detail: Option<Vec<GoodsDetail>>,
}

/// 单品
#[derive(Clone, Debug, Default, Serialize)]
pub struct GoodsDetail {
    /// 商户侧商品编码
    pub merchant_goods_id: String,
    /// 商品数量
    pub quantity: i64,
    /// 商品单价
    pub unit_price: i64,
}

/// 支付者
#[derive(Clone, Debug, Default, Serialize)]
pub struct Payer {
    /// 用户标识
    pub openid: String,
    /// 实名支付(需单独申请权限)
    pub identity: Option<Identity>,
}

/// 实名支付(需单独申请权限)
#[derive(Clone, Debug, Default, Serialize)]
pub struct Identity {
    /// 证件类型
    pub r#type: Type,
    /// 加密后的证件号
    pub number: Sensitive<String>,
    /// 加密后的姓名
    pub name: Sensitive<String>,
}

open_enum! {
    /// 证件类型
    pub enum Type {
        Idcard = "IDCARD",
        HongkongMacao = "HONGKONG_MACAO",
        HongkongMacaoResident = "HONGKONG_MACAO_RESIDENT",
        TaiwanResident = "TAIWAN_RESIDENT",
        ForeignResident = "FOREIGN_RESIDENT",
        OverseaPassport = "OVERSEA_PASSPORT",
        PhoneNumber = "PHONE_NUMBER",
    }
}

/// [`PlaceOrder`] 的应答
#[derive(Debug, Deserialize)]
pub struct PlaceOrderResponse {
    /// 预支付交易会话标识
    pub prepay_id: String,
}

/// 商户订单号查询
///
/// `GET /v3/pay/transactions/out-trade-no/{out_trade_no}`
///
/// 产品：基础支付
///
/// 适用于：直连商户、特约商户（直连模式）
#[wechatpay_endpoint(GET, "/v3/pay/transactions/out-trade-no/{out_trade_no}", response = QueryOrderResponse)]
#[derive(Clone, Debug, Default)]
pub struct QueryOrder {
    /// 商户订单号
    pub out_trade_no: String,
    /// 直连商户号
    pub mchid: String,
}

/// [`QueryOrder`] 的应答
#[derive(Debug, Deserialize)]
pub struct QueryOrderResponse {
    /// 微信支付订单号
    pub transaction_id: Option<String>,
    /// 交易类型
    pub trade_type: Option<TradeType>,
    /// 交易状态
    pub trade_state: Option<TradeState>,
    /// 交易状态描述
    pub trade_state_desc: Option<String>,
    /// 付款银行
    pub bank_type: Option<String>,
    /// 支付完成时间
    pub success_time: Option<String>,
    /// 公众号ID
    pub appid: Option<String>,
    /// 直连商户号
    pub mchid: Option<String>,
    /// 商品描述
    pub description: Option<String>,
    /// 附加数据
    pub attach: Option<String>,
    /// 商户订单号
    pub out_trade_no: String,
    /// 订单金额
    pub amount: Option<QueryOrderResponseAmount>,
    /// 交易结束时间
    pub time_expire: Option<String>,
    /// 通知地址
    pub notify_url: String,
    /// 订单优惠标记
    pub goods_tag: Option<String>,
    /// 指定支付方式
    pub limit_pay: Option<Vec<LimitPay>>,
    /// 电子发票入口开放标识
    pub support_fapiao: Option<bool>,
    /// 优惠功能
    pub detail: Option<QueryOrderResponseDetail>,
    /// 场景信息
    pub scene_info: Option<SceneInfo>,
    /// 支付者
    pub payer: Option<QueryOrderResponsePayer>,
    /// 使用的商户贴息信息(微信分付)
    pub installment_info: Option<InstallmentInfo>,
}

open_enum! {
    /// 交易类型
    pub enum TradeType {
        /// 公众号支付
        Jsapi = "JSAPI",
        /// 扫码支付
        Native = "NATIVE",
        /// APP支付
        App = "APP",
        /// 付款码支付
        Micropay = "MICROPAY",
        /// H5支付
        Mweb = "MWEB",
        /// 刷脸支付
        Facepay = "FACEPAY",
    }
}

open_enum! {
    /// 交易状态
    pub enum TradeState {
        Success = "SUCCESS",
        Refund = "REFUND",
        /// 未支付
        Notpay = "NOTPAY",
        /// 已关闭
        Closed = "CLOSED",
        Revoked = "REVOKED",
        /// 用户支付中（付款码支付）
        Userpaying = "USERPAYING",
        Payerror = "PAYERROR",
    }
}

/// 订单金额
#[derive(Debug, Deserialize)]
pub struct QueryOrderResponseAmount {
    /// 总金额
    pub total: Option<i64>,
    /// 货币类型
    pub currency: Option<String>,
    /// 用户支付金额
    pub payer_total: Option<i64>,
    /// 用户支付币种
    pub payer_currency: Option<String>,
}

open_enum! {
    /// 支付方式
    pub enum LimitPay {
        NoBalance = "no_balance",
        NoCredit = "no_credit",
        NoDebit = "no_debit",
        BalanceOnly = "balance_only",
    }
}

/// 优惠功能
#[derive(Debug, Deserialize)]
pub struct QueryOrderResponseDetail {
    /// 订单原价
    pub cost_price: Option<i64>,
    /// 商品小票ID
    pub invoice_id: Option<String>,
    /// 单品列表
    pub goods_detail: Option<Vec<DetailGoodsDetail>>,
}

/// 单品
#[derive(Debug, Deserialize)]
pub struct DetailGoodsDetail {
    /// 商户侧商品编码
    pub merchant_goods_id: String,
    /// 微信侧商品编码
    pub wechatpay_goods_id: Option<String>,
    /// 商品名称
    pub goods_name: Option<String>,
    /// 商品数量
    pub quantity: Option<i64>,
    /// 商品单价
    pub unit_price: Option<i64>,
}

/// 场景信息
#[derive(Debug, Deserialize)]
pub struct SceneInfo {
    /// 用户终端IP
    pub payer_client_ip: Option<String>,
    /// 商户端设备号
    pub device_id: Option<String>,
    /// 商户门店信息
    pub store_info: Option<StoreInfo>,
}

/// 商户门店信息
#[derive(Debug, Deserialize)]
pub struct StoreInfo {
    /// 门店编号
    pub id: Option<String>,
    /// 门店名称
    pub name: Option<String>,
    /// 地区编码
    pub area_code: Option<String>,
    /// 详细地址
    pub address: Option<String>,
}

/// 支付者
#[derive(Debug, Deserialize)]
pub struct QueryOrderResponsePayer {
    /// 用户标识
    pub openid: Option<String>,
}

/// 使用的商户贴息信息(微信分付)
#[derive(Debug, Deserialize)]
pub struct InstallmentInfo {
    /// 是否使用了商户贴息
    pub use_subsidy: Option<bool>,
    /// 用户实际选择分期期数
    pub selected_installment_number: Option<i64>,
}

/// 关单API
///
/// `POST /v3/pay/transactions/out-trade-no/{out_trade_no}/close`
///
/// 产品：基础支付
///
/// 适用于：直连商户、特约商户（直连模式）
#[wechatpay_endpoint(POST, "/v3/pay/transactions/out-trade-no/{out_trade_no}/close", response = ())]
#[derive(Clone, Debug, Default)]
pub struct CloseOrder {
    /// 商户订单号
    pub out_trade_no: String,
    /// 直连商户号
    pub mchid: String,
}

/// 申请退款API
///
/// `POST /v3/refund/domestic/refunds`
///
/// 产品：基础支付∙退款
///
/// 适用于：直连商户、服务商
///
/// 官方文档：<https://pay.weixin.qq.com/docs/merchant/apis/refund/refunds/create.html>
#[wechatpay_endpoint(POST, "/v3/refund/domestic/refunds", response = RefundResponse, idempotent)]
#[derive(Clone, Debug, Default)]
pub struct Refund {
    /// 子商户号
    pub sub_mchid: Option<String>,
    /// 微信支付订单号
    pub transaction_id: Option<String>,
    /// 商户订单号
    pub out_trade_no: Option<String>,
    /// 商户退款单号
    pub out_refund_no: String,
    /// 退款原因
    pub reason: Option<String>,
    /// 退款结果回调url
    pub notify_url: Option<String>,
    /// 退款资金来源
    pub funds_account: Option<String>,
    /// 金额信息
    pub amount: RefundAmount,
    /// 退款商品
    pub goods_detail: Option<Vec<RefundGoodsDetail>>,
}

/// 金额信息
#[derive(Clone, Debug, Default, Serialize)]
pub struct RefundAmount {
    /// 退款金额
    pub refund: i64,
    /// 退款出资账户及金额
    pub from: Option<Vec<AmountFrom>>,
    /// 原订单金额
    pub total: i64,
    /// 退款币种
    pub currency: String,
}

/// 退款出资账户及金额
#[derive(Clone, Debug, Default, Serialize)]
pub struct AmountFrom {
    /// 出资账户类型
    pub account: String,
    /// 出资金额
    pub amount: i64,
}

/// 退款商品
#[derive(Clone, Debug, Default, Serialize)]
pub struct RefundGoodsDetail {
    /// 商户侧商品编码
    pub merchant_goods_id: String,
    /// 微信侧商品编码
    pub wechatpay_goods_id: Option<String>,
    /// 商品名称
    pub goods_name: Option<String>,
    /// 商品单价
    pub unit_price: i64,
    /// 商品退款金额
    pub refund_amount: i64,
    /// 商品退货数量
    pub refund_quantity: i64,
}

/// [`Refund`] 的应答
#[derive(Debug, Deserialize)]
pub struct RefundResponse {
    /// 微信支付退款号
    pub refund_id: String,
    /// 商户退款单号
    pub out_refund_no: String,
    /// 微信支付订单号
    pub transaction_id: String,
    /// 商户订单号
    pub out_trade_no: String,
    /// 退款渠道
    pub channel: Option<String>,
    /// 退款入账账户
    pub user_received_account: Option<String>,
    /// 退款成功时间
    pub success_time: Option<String>,
    /// 退款创建时间
    pub create_time: Option<String>,
    /// 退款状态
    pub status: String,
    /// 资金账户
    pub funds_account: Option<String>,
    /// 金额信息
    pub amount: Option<RefundResponseAmount>,
    /// 优惠退款信息
    pub promotion_detail: Option<Vec<PromotionDetail>>,
}

/// 金额信息
#[derive(Debug, Deserialize)]
pub struct RefundResponseAmount {
    /// 订单金额
    pub total: Option<i64>,
    /// 退款金额
    pub refund: Option<i64>,
    /// 退款出资账户及金额
    pub from: Option<Vec<RefundResponseAmountFrom>>,
    /// 用户支付金额
    pub payer_total: Option<i64>,
    /// 用户退款金额
    pub payer_refund: Option<i64>,
    /// 应结退款金额
    pub settlement_refund: Option<i64>,
    /// 应结订单金额
    pub settlement_total: Option<i64>,
    /// 优惠退款金额
    pub discount_refund: Option<i64>,
    /// 退款币种
    pub currency: Option<String>,
    /// 手续费退款金额
    pub refund_fee: Option<i64>,
}

/// 退款出资账户及金额
#[derive(Debug, Deserialize)]
pub struct RefundResponseAmountFrom {
    /// 出资账户类型
    pub account: Option<String>,
    /// 出资金额
    pub amount: Option<i64>,
}

/// 优惠退款信息
#[derive(Debug, Deserialize)]
pub struct PromotionDetail {
    /// 券ID
    pub promotion_id: String,
    /// 优惠范围
    pub scope: Option<String>,
    /// 优惠类型
    pub r#type: Option<String>,
    /// 优惠券面额
    pub amount: Option<i64>,
    /// 优惠退款金额
    pub refund_amount: Option<i64>,
    /// 商品列表
    pub goods_detail: Option<Vec<PromotionDetailGoodsDetail>>,
}

/// 商品
#[derive(Debug, Deserialize)]
pub struct PromotionDetailGoodsDetail {
    /// 商户侧商品编码
    pub merchant_goods_id: String,
    /// 微信侧商品编码
    pub wechatpay_goods_id: Option<String>,
    /// 商品名称
    pub goods_name: Option<String>,
    /// 商品单价
    pub unit_price: Option<i64>,
    /// 商品退款金额
    pub refund_amount: Option<i64>,
    /// 商品退货数量
    pub refund_quantity: Option<i64>,
}

/// 发起转账
///
/// `POST /v3/fund-app/mch-transfer/transfer-bills`
///
/// 产品：资金应用∙转账∙用户确认模式
///
/// 适用于：普通商户
///
/// 官方文档：<https://pay.weixin.qq.com/doc/v3/merchant/4012716434>
#[wechatpay_endpoint(
    POST, "/v3/fund-app/mch-transfer/transfer-bills",
    encrypt(user_name),
    response = TransferResponse,
    idempotent,
)]
#[derive(Clone, Default)]
pub struct Transfer {
    /// 商户AppID
    pub appid: String,
    /// 商户单号
    pub out_bill_no: String,
    /// 收款用户OpenID
    pub openid: String,
    /// 收款用户姓名
    pub user_name: Option<String>,
    /// 转账金额
    pub transfer_amount: i64,
    /// 转账备注
    pub transfer_remark: String,
    /// 通知地址
    pub notify_url: Option<String>,
    /// 转账场景ID
    pub transfer_scene_id: TransferSceneId,
    /// 转账场景报备信息
    pub transfer_scene_report_infos: Vec<TransferSceneReportInfo>,
}

open_enum! {
    /// 转账场景ID
    pub enum TransferSceneId {
        _1000 = "1000",
        _1002 = "1002",
        _1004 = "1004",
        _1005 = "1005",
        _1009 = "1009",
        _1010 = "1010",
        _1011 = "1011",
        _1013 = "1013",
    }
}

/// 转账场景报备信息
#[derive(Clone, Debug, Default, Serialize)]
pub struct TransferSceneReportInfo {
    /// 信息类型
    pub info_type: String,
    /// 信息内容
    pub info_content: String,
}

/// [`Transfer`] 的应答
#[derive(Debug, Deserialize)]
pub struct TransferResponse {
    /// 商户单号
    pub out_bill_no: String,
    /// 微信转账单号
    pub transfer_bill_no: String,
    /// 单据创建时间
    pub create_time: Option<String>,
    /// 单据状态
    pub state: State,
    /// 失败原因
    pub fail_reason: Option<String>,
    /// 跳转领取页面的package信息
    pub package_info: Option<String>,
}

open_enum! {
    /// 单据状态
    pub enum State {
        /// 转账已受理
        Accepted = "ACCEPTED",
        Processing = "PROCESSING",
        WaitUserConfirm = "WAIT_USER_CONFIRM",
        Transfering = "TRANSFERING",
        /// 转账成功
        Success = "SUCCESS",
        /// 转账失败
        Fail = "FAIL",
        Canceling = "CANCELING",
        /// 转账撤销完成
        Cancelled = "CANCELLED",
    }
}

/// 文件上传
///
/// `POST /v3/merchant/media/upload`
///
/// 产品：通用接口
///
/// 适用于：微信支付商户
#[wechatpay_endpoint(POST, "/v3/merchant/media/upload", response = UploadImageResponse)]
#[derive(Clone, Debug, Default)]
pub struct UploadImage {
    #[wechatpay(file)]
    pub file: Upload,
}

/// [`UploadImage`] 的应答
#[derive(Debug, Deserialize)]
pub struct UploadImageResponse {
    /// 媒体文件标识Id
    pub media_id: String,
}

/// 上传电子发票文件
///
/// `POST /v3/new-tax-control-fapiao/fapiao-applications/upload-fapiao-file`
///
/// 产品：经营工具∙电子发票
///
/// 适用于：直连商户、服务商、渠道商
///
/// 官方文档：<https://pay.weixin.qq.com/wiki/doc/apiv3/wxpay/new-tax-control-fapiao/chapter3_10.shtml>
#[wechatpay_endpoint(
    POST, "/v3/new-tax-control-fapiao/fapiao-applications/upload-fapiao-file",
    response = UploadFapiaoResponse,
)]
#[derive(Clone, Debug, Default)]
pub struct UploadFapiao {
    /// 发票文件的类型为PDF
    pub file_type: String,
    /// 文件摘要算法
    pub digest_alogrithm: String,
    #[wechatpay(file, filename = none, digest = "digest", algorithm = SM3)]
    pub file: Upload,
}

/// [`UploadFapiao`] 的应答
#[derive(Debug, Deserialize)]
pub struct UploadFapiaoResponse {
    /// 电子发票文件ID
    pub fapiao_media_id: String,
}

/// 下载账单API
///
/// `GET /v3/billdownload/file`
///
/// 产品：基础支付∙账单、收付通∙账单、运营工具∙用工卡
///
/// 适用于：电商平台、服务商、直连商户
///
/// 官方文档：<https://pay.weixin.qq.com/wiki/doc/apiv3/wxpay/pay/bill/chapter3_3.shtml>
#[wechatpay_endpoint(GET, "/v3/billdownload/file", response = Download)]
#[derive(Clone, Debug, Default)]
pub struct DownloadBill {
    pub token: String,
}

/// 提交申请单API
///
/// `POST /v3/applyment4sub/applyment/`
///
/// 产品：服务商∙进件
///
/// 适用于：普通服务商
///
/// 官方文档：<https://pay.weixin.qq.com/wiki/doc/apiv3_partner/apis/chapter11_1_1.shtml>
#[wechatpay_endpoint(POST, "/v3/applyment4sub/applyment/", response = ApplyResponse)]
#[derive(Clone, Debug, Default)]
pub struct Apply {
    /// 业务申请编号
    pub business_code: String,
    /// 超级管理员信息
    pub contact_info: ContactInfo,
    /// 主体资料
    pub subject_info: SubjectInfo,
    /// 经营资料
    pub business_info: BusinessInfo,
    /// 结算规则
    pub settlement_info: SettlementInfo,
    /// 结算银行账户
    pub bank_account_info: BankAccountInfo,
}

/// 超级管理员信息
#[derive(Clone, Debug, Default, Serialize)]
pub struct ContactInfo {
    /// 超级管理员类型
    pub contact_type: ContactType,
    /// 超级管理员姓名
    pub contact_name: Sensitive<String>,
    /// 联系手机
    pub mobile_phone: Sensitive<String>,
    /// 联系邮箱
    pub contact_email: Sensitive<String>,
}

open_enum! {
    /// 超级管理员类型
    pub enum ContactType {
        /// 经营者/法人
        Legal = "LEGAL",
        /// 经办人
        Super = "SUPER",
    }
}

/// 主体资料
#[derive(Clone, Debug, Default, Serialize)]
pub struct SubjectInfo {
    /// 主体类型
    pub subject_type: SubjectType,
    /// 营业执照
    pub business_license_info: BusinessLicenseInfo,
    /// 登记证书
    pub certificate_info: CertificateInfo,
    /// 经营者/法人身份证件
    pub identity_info: IdentityInfo,
}

open_enum! {
    /// 主体类型
    pub enum SubjectType {
        /// 个体工商户
        SubjectTypeIndividual = "SUBJECT_TYPE_INDIVIDUAL",
        /// 企业
        SubjectTypeEnterprise = "SUBJECT_TYPE_ENTERPRISE",
        /// 个体工商户
        SubjectTypeInstitutions = "SUBJECT_TYPE_INSTITUTIONS",
        /// 社会组织
        SubjectTypeOthers = "SUBJECT_TYPE_OTHERS",
        /// 小微商户
        SubjectTypeMicro = "SUBJECT_TYPE_MICRO",
        /// 政府机关
        SubjectTypeGovernment = "SUBJECT_TYPE_GOVERNMENT",
        /// 事业单位
        SubjectTypeInstitutionsCloned = "SUBJECT_TYPE_INSTITUTIONS_CLONED",
    }
}

/// 营业执照
#[derive(Clone, Debug, Default, Serialize)]
pub struct BusinessLicenseInfo {
    /// 营业执照照片
    pub license_copy: String,
    /// 注册号/统一社会信用代码
    pub license_number: String,
    /// 商户名称
    pub merchant_name: String,
    /// 个体户经营者/法人姓名
    pub legal_person: String,
}

/// 登记证书
#[derive(Clone, Debug, Default, Serialize)]
pub struct CertificateInfo {
    /// 登记证书照片
    pub cert_copy: String,
    /// 登记证书类型
    pub cert_type: CertType,
    /// 证书号
    pub cert_number: String,
    /// 商户名称
    pub merchant_name: String,
    /// 注册地址
    pub company_address: String,
    /// 法人姓名
    pub legal_person: String,
    /// 有效期限开始日期
    pub period_begin: String,
    /// 有效期限结束日期
    pub period_end: String,
}

open_enum! {
    /// 登记证书类型
    pub enum CertType {
        /// 事业单位法人证书
        CertificateType2388 = "CERTIFICATE_TYPE_2388",
        /// 统一社会信用代码证书
        CertificateType2389 = "CERTIFICATE_TYPE_2389",
        CertificateType2390 = "CERTIFICATE_TYPE_2390",
        CertificateType2391 = "CERTIFICATE_TYPE_2391",
        CertificateType2392 = "CERTIFICATE_TYPE_2392",
        CertificateType2393 = "CERTIFICATE_TYPE_2393",
        /// 社会团体法人登记证书
        CertificateType2394 = "CERTIFICATE_TYPE_2394",
        /// 民办非企业单位登记证书
        CertificateType2395 = "CERTIFICATE_TYPE_2395",
        /// 基金会法人登记证书
        CertificateType2396 = "CERTIFICATE_TYPE_2396",
        /// 宗教活动场所登记证
        CertificateType2399 = "CERTIFICATE_TYPE_2399",
        /// 政府部门下发的其他有效证明文件
        CertificateType2400 = "CERTIFICATE_TYPE_2400",
        /// 执业许可证/执业证
        CertificateType2520 = "CERTIFICATE_TYPE_2520",
        /// 基层群众性自治组织特别法人统一社会信用代码证
        CertificateType2521 = "CERTIFICATE_TYPE_2521",
        /// 农村集体经济组织登记证
        CertificateType2522 = "CERTIFICATE_TYPE_2522",
    }
}

/// 经营者/法人身份证件
#[derive(Clone, Debug, Default, Serialize)]
pub struct IdentityInfo {
    pub id_doc_type: IdDocType,
}

open_enum! {
    pub enum IdDocType {
        /// 中国大陆居民-身份证
        IdentificationTypeIdcard = "IDENTIFICATION_TYPE_IDCARD",
        /// 其他国家或地区居民-护照
        IdentificationTypeOverseaPassport = "IDENTIFICATION_TYPE_OVERSEA_PASSPORT",
        /// 中国香港居民-来往内地通行证
        IdentificationTypeHongkongPassport = "IDENTIFICATION_TYPE_HONGKONG_PASSPORT",
        /// 中国澳门居民-来往内地通行证
        IdentificationTypeMacaoPassport = "IDENTIFICATION_TYPE_MACAO_PASSPORT",
        /// 中国台湾居民-来往大陆通行证
        IdentificationTypeTaiwanPassport = "IDENTIFICATION_TYPE_TAIWAN_PASSPORT",
        /// 外国人居留证
        IdentificationTypeForeignResident = "IDENTIFICATION_TYPE_FOREIGN_RESIDENT",
        /// 港澳居民证
        IdentificationTypeHongkongMacaoResident = "IDENTIFICATION_TYPE_HONGKONG_MACAO_RESIDENT",
        /// 台湾居民证
        IdentificationTypeTaiwanResident = "IDENTIFICATION_TYPE_TAIWAN_RESIDENT",
    }
}

/// 经营资料
#[derive(Clone, Debug, Default, Serialize)]
pub struct BusinessInfo {
    /// 商户简称
    pub merchant_shortname: String,
    /// 客服电话
    pub service_phone: String,
    /// 经营场景
    pub sales_info: SalesInfo,
}

/// 经营场景
#[derive(Clone, Debug, Default, Serialize)]
pub struct SalesInfo {
    pub sales_scenes_type: Vec<SalesScenesType>,
}

open_enum! {
    /// 经营场景类型
    pub enum SalesScenesType {
        SalesScenesStore = "SALES_SCENES_STORE",
        SalesScenesMp = "SALES_SCENES_MP",
        SalesScenesMiniProgram = "SALES_SCENES_MINI_PROGRAM",
        SalesScenesWeb = "SALES_SCENES_WEB",
        SalesScenesApp = "SALES_SCENES_APP",
        SalesScenesWework = "SALES_SCENES_WEWORK",
    }
}

/// 结算规则
#[derive(Clone, Debug, Default, Serialize)]
pub struct SettlementInfo {
    /// 入驻结算规则ID
    pub settlement_id: Option<String>,
    /// 所属行业
    pub qualification_type: Option<String>,
    /// 特殊资质图片
    pub qualifications: Option<Vec<String>>,
    /// 优惠费率活动ID
    pub activities_id: Option<String>,
    /// 优惠费率活动值
    pub activities_rate: Option<String>,
    /// 非信用卡活动费率值
    pub debit_activities_rate: Option<String>,
    /// 信用卡活动费率值
    pub credit_activities_rate: Option<String>,
    /// 优惠费率活动补充材料
    pub activities_additions: Option<Vec<String>>,
}

/// 结算银行账户
#[derive(Clone, Debug, Default, Serialize)]
pub struct BankAccountInfo {
    /// 账户类型
    pub bank_account_type: BankAccountType,
    /// 开户名称
    pub account_name: Sensitive<String>,
    /// 开户银行
    pub account_bank: String,
    /// 开户银行省市编码
    pub bank_address_code: String,
}

open_enum! {
    /// 账户类型
    pub enum BankAccountType {
        BankAccountTypeCorporate = "BANK_ACCOUNT_TYPE_CORPORATE",
        BankAccountTypePersonal = "BANK_ACCOUNT_TYPE_PERSONAL",
    }
}

/// [`Apply`] 的应答
#[derive(Debug, Deserialize)]
pub struct ApplyResponse {
    /// 微信支付申请单号
    pub applyment_id: u64,
}

/// 添加分账接收方
///
/// `POST /v3/profitsharing/receivers/add`
///
/// 产品：资金应用∙分账
///
/// 适用于：直连商户、服务商
#[wechatpay_endpoint(POST, "/v3/profitsharing/receivers/add", encrypt(name), response = AddReceiverResponse)]
#[derive(Clone, Default)]
pub struct AddReceiver {
    /// 应用ID
    pub appid: String,
    /// 分账接收方类型
    pub r#type: AddReceiverType,
    /// 分账接收方帐号
    pub account: String,
    /// 分账个人接收方姓名
    pub name: Option<String>,
    /// 与分账方的关系类型
    pub relation_type: RelationType,
}

open_enum! {
    /// 分账接收方类型
    pub enum AddReceiverType {
        MerchantId = "MERCHANT_ID",
        PersonalOpenid = "PERSONAL_OPENID",
        PersonalSubOpenid = "PERSONAL_SUB_OPENID",
    }
}

open_enum! {
    /// 与分账方的关系类型
    pub enum RelationType {
        /// 服务商
        ServiceProvider = "SERVICE_PROVIDER",
        /// 门店
        Store = "STORE",
        /// 员工
        Staff = "STAFF",
        /// 店主
        StoreOwner = "STORE_OWNER",
        /// 合作伙伴
        Partner = "PARTNER",
        /// 总部
        Headquarter = "HEADQUARTER",
        /// 品牌方
        Brand = "BRAND",
        /// 分销商
        Distributor = "DISTRIBUTOR",
        /// 用户
        User = "USER",
        /// 供应商
        Supplier = "SUPPLIER",
        /// 自定义
        Custom = "CUSTOM",
    }
}

/// [`AddReceiver`] 的应答
#[derive(Debug, Deserialize)]
pub struct AddReceiverResponse {
    /// 子商户号
    pub sub_mchid: Option<String>,
    /// 分账接收方类型
    pub r#type: Option<AddReceiverType>,
    /// 分账接收方账号
    pub account: Option<String>,
    /// 分账接收方全称
    pub name: Option<Sensitive<String>>,
    /// 与分账方的关系类型
    pub relation_type: Option<RelationType>,
    /// 自定义的分账关系
    pub custom_relation: Option<String>,
}

/// 请求分账
///
/// `POST /v3/profitsharing/orders`
///
/// 产品：资金应用∙分账
///
/// 适用于：直连商户、服务商
#[wechatpay_endpoint(POST, "/v3/profitsharing/orders", response = ShareResponse, idempotent)]
#[derive(Clone, Debug, Default)]
pub struct Share {
    /// 微信订单号
    pub transaction_id: String,
    /// 商户分账单号
    pub out_order_no: String,
    /// 分账接收方列表
    pub receivers: Option<Vec<Receiver>>,
    /// 是否解冻剩余未分资金
    pub unfreeze_unsplit: bool,
}

/// 分账接收方
#[derive(Clone, Debug, Default, Serialize)]
pub struct Receiver {
    /// 分账接收方类型
    pub r#type: ReceiverType,
    /// 分账接收方帐号
    pub account: String,
    /// 分账个人接收方姓名
    pub name: Option<Sensitive<String>>,
    /// 分账金额
    pub amount: i64,
    /// 分账描述
    pub description: String,
}

open_enum! {
    /// 分账接收方类型
    pub enum ReceiverType {
        MerchantId = "MERCHANT_ID",
        PersonalOpenid = "PERSONAL_OPENID",
        PersonalSubOpenid = "PERSONAL_SUB_OPENID",
    }
}

/// [`Share`] 的应答
#[derive(Debug, Deserialize)]
pub struct ShareResponse {
    /// 子商户号
    pub sub_mchid: Option<String>,
    /// 微信订单号
    pub transaction_id: String,
    /// 商户分账单号
    pub out_order_no: String,
    /// 微信分账单号
    pub order_id: String,
    /// 分账单状态
    pub state: ShareResponseState,
    /// 分账接收方列表
    pub receivers: Option<Vec<ShareResponseReceiver>>,
}

open_enum! {
    /// 分账单状态
    pub enum ShareResponseState {
        Processing = "PROCESSING",
        Finished = "FINISHED",
    }
}

/// 分账接收方
#[derive(Debug, Deserialize)]
pub struct ShareResponseReceiver {
    /// 分账金额
    pub amount: Option<i64>,
    /// 分账描述
    pub description: Option<String>,
    /// 分账接收方类型
    pub r#type: Option<ReceiverType>,
    /// 分账接收方帐号
    pub account: Option<String>,
    /// 分账结果
    pub result: Option<ReceiverResult>,
    /// 分账失败原因
    pub fail_reason: Option<FailReason>,
    /// 分账明细单号
    pub detail_id: Option<String>,
    /// 分账创建时间
    pub create_time: Option<String>,
    /// 分账完成时间
    pub finish_time: Option<String>,
}

open_enum! {
    /// 分账结果
    pub enum ReceiverResult {
        Pending = "PENDING",
        Success = "SUCCESS",
        Closed = "CLOSED",
    }
}

open_enum! {
    /// 分账失败原因
    pub enum FailReason {
        /// 分账接收账户异常
        AccountAbnormal = "ACCOUNT_ABNORMAL",
        /// 分账关系已解除
        NoRelation = "NO_RELATION",
        /// 高风险接收方
        ReceiverHighRisk = "RECEIVER_HIGH_RISK",
        /// 接收方未实名
        ReceiverRealNameNotVerified = "RECEIVER_REAL_NAME_NOT_VERIFIED",
        /// 分账权限已解除
        NoAuth = "NO_AUTH",
        /// 超出用户月收款限额
        ReceiverReceiptLimit = "RECEIVER_RECEIPT_LIMIT",
        /// 分出方账户异常
        PayerAccountAbnormal = "PAYER_ACCOUNT_ABNORMAL",
        /// 描述参数设置失败
        InvalidRequest = "INVALID_REQUEST",
    }
}

/// 条件查询批次列表API
///
/// `GET /v3/marketing/favor/stocks`
///
/// 产品：运营工具∙代金券
///
/// 适用于：直连商户、服务商、渠道商
///
/// 官方文档：<https://pay.weixin.qq.com/docs/merchant/apis/cash-coupons/stock/list-stocks.html>
#[wechatpay_endpoint(GET, "/v3/marketing/favor/stocks", response = ListStocksResponse)]
#[derive(Clone, Debug, Default)]
pub struct ListStocks {
    /// 分页页码
    pub offset: i64,
    /// 分页大小
    pub limit: i64,
    /// 创建批次的商户号
    pub stock_creator_mchid: String,
}

impl Paged for ListStocks {
    type Item = Data;

    const STEP: Step = Step::Pages;

    fn offset(&mut self) -> &mut dyn Offset {
        &mut self.offset
    }

    fn total(page: &ListStocksResponse) -> Option<i64> {
        page.total_count
    }

    fn items(page: &mut ListStocksResponse) -> &mut Vec<Data> {
        page.data.get_or_insert_default()
    }
}

/// [`ListStocks`] 的应答
#[derive(Debug, Deserialize)]
pub struct ListStocksResponse {
    /// 批次总数
    pub total_count: Option<i64>,
    /// 分页大小
    pub limit: Option<i64>,
    /// 分页页码
    pub offset: Option<i64>,
    /// 批次详情
    pub data: Option<Vec<Data>>,
}

/// 批次详情
#[derive(Debug, Deserialize)]
pub struct Data {
    /// 批次名称
    pub stock_name: Option<String>,
    /// 开始时间
    pub available_begin_time: Option<String>,
    /// 结束时间
    pub available_end_time: Option<String>,
    /// 发放规则
    pub stock_use_rule: Option<StockUseRule>,
    /// 是否无资金流
    pub no_cash: Option<bool>,
    /// 批次类型
    pub stock_type: Option<StockType>,
    /// 批次号
    pub stock_id: Option<String>,
    /// 创建批次的商户号
    pub stock_creator_mchid: Option<String>,
    /// 批次状态
    pub status: Option<Status>,
    /// 使用说明
    pub description: Option<String>,
    /// 创建时间
    pub create_time: Option<String>,
    /// 激活批次的时间
    pub start_time: Option<String>,
    /// 终止批次的时间
    pub stop_time: Option<String>,
    /// 是否单品优惠
    pub singleitem: Option<bool>,
    /// 减至批次特定信息
    pub cut_to_message: Option<CutToMessage>,
    /// 已发券数量
    pub distributed_coupons: Option<i64>,
    /// 业务类型
    pub business_type: Option<BusinessType>,
    /// 消费金可用地域
    pub available_region_list: Option<Vec<AvailableRegion>>,
    /// 消费金可用行业
    pub available_industry_list: Option<Vec<String>>,
}

/// 发放规则
#[derive(Debug, Deserialize)]
pub struct StockUseRule {
    /// 发放总上限
    pub max_coupons: Option<i64>,
    /// 总预算
    pub max_amount: Option<i64>,
    /// 单天发放上限金额
    pub max_amount_by_day: Option<i64>,
    /// 单个用户可领个数
    pub max_coupons_per_user: Option<i64>,
    /// 是否开启自然人限制
    pub natural_person_limit: Option<bool>,
    /// api发券防刷
    pub prevent_api_abuse: Option<bool>,
}

open_enum! {
    /// 批次类型
    pub enum StockType {
        Normal = "NORMAL",
        /// 折扣券批次
        Discount = "DISCOUNT",
        /// 换购券批次
        Exchahge = "EXCHAHGE",
        /// 千人千面券批次
        Random = "RANDOM",
        /// 立减与折扣
        DiscountCut = "DISCOUNT_CUT",
    }
}

open_enum! {
    /// 批次状态
    pub enum Status {
        /// 未激活
        Unactivated = "unactivated",
        /// 审核中
        Audit = "audit",
        /// 运行中
        Running = "running",
        /// 已停止
        Stoped = "stoped",
        /// 暂停发放
        Paused = "paused",
    }
}

/// 减至批次特定信息
#[derive(Debug, Deserialize)]
pub struct CutToMessage {
    /// 可用优惠的商品最高单价
    pub single_price_max: Option<i64>,
    /// 减至后的优惠单价
    pub cut_to_price: Option<i64>,
}

open_enum! {
    /// 业务类型
    pub enum BusinessType {
        Multiuse = "MULTIUSE",
    }
}

/// 消费金可用地域
#[derive(Debug, Deserialize)]
pub struct AvailableRegion {
    /// 类型
    pub r#type: Option<String>,
    /// 省
    pub province: Option<String>,
    /// 市
    pub city: Option<String>,
    /// 区
    pub district: Option<String>,
    /// 国家
    pub country: Option<String>,
}

/// 建立合作关系API
///
/// `POST /v3/marketing/partnerships/build`
///
/// 产品：运营工具∙委托营销
///
/// 适用于：直连商户、服务商、渠道商
///
/// 官方文档：<https://pay.weixin.qq.com/wiki/doc/apiv3/wxpay/marketing/partnerships/chapter3_1.shtml>
#[wechatpay_endpoint(POST, "/v3/marketing/partnerships/build", response = BuildPartnershipResponse, idempotent)]
#[derive(Clone, Debug, Default)]
pub struct BuildPartnership {
    #[wechatpay(header = "Idempotency-Key")]
    pub idempotency_key: String,
    /// 合作方信息
    pub partner: Partner,
    /// 被授权数据
    pub authorized_data: AuthorizedData,
}

/// 合作方信息
#[derive(Clone, Debug, Default, Serialize)]
pub struct Partner {
    /// 合作方类别
    pub r#type: PartnerType,
}

open_enum! {
    /// 合作方类别
    pub enum PartnerType {
        Appid = "APPID",
        Merchant = "MERCHANT",
    }
}

/// 被授权数据
#[derive(Clone, Debug, Default, Serialize)]
pub struct AuthorizedData {
    /// 授权业务类别
    pub business_type: AuthorizedDataBusinessType,
}

open_enum! {
    /// 授权业务类别
    pub enum AuthorizedDataBusinessType {
        FavorStock = "FAVOR_STOCK",
        BusifavorStock = "BUSIFAVOR_STOCK",
    }
}

/// [`BuildPartnership`] 的应答
#[derive(Debug, Deserialize)]
pub struct BuildPartnershipResponse {
    /// 合作方信息
    pub partner: Option<BuildPartnershipResponsePartner>,
    /// 被授权数据
    pub authorized_data: Option<BuildPartnershipResponseAuthorizedData>,
    /// 合作状态
    pub state: BuildPartnershipResponseState,
    /// 建立合作关系时间
    pub build_time: Option<String>,
    /// 创建时间
    pub create_time: Option<String>,
    /// 更新时间
    pub update_time: Option<String>,
}

/// 合作方信息
#[derive(Debug, Deserialize)]
pub struct BuildPartnershipResponsePartner {
    /// 合作方类别
    pub r#type: Option<PartnerType>,
    /// 合作方APPID
    pub appid: Option<String>,
    /// 合作方商户ID
    pub merchant_id: Option<String>,
}

/// 被授权数据
#[derive(Debug, Deserialize)]
pub struct BuildPartnershipResponseAuthorizedData {
    /// 授权业务类别
    pub business_type: Option<AuthorizedDataBusinessType>,
    /// 授权批次ID
    pub stock_id: Option<String>,
}

open_enum! {
    /// 合作状态
    pub enum BuildPartnershipResponseState {
        /// 已建立
        Established = "ESTABLISHED",
        /// 已终止
        Terminated = "TERMINATED",
    }
}

/// 同步会员开通结果
///
/// `POST /v3/brand/partner/card-member/user-cards/{user_card_code}/confirm`
///
/// 产品：商家名片会员
///
/// 适用于：服务商
#[wechatpay_endpoint(
    POST, "/v3/brand/partner/card-member/user-cards/{user_card_code}/confirm",
    response = ConfirmCardResponse,
)]
#[derive(Clone, Debug, Default)]
pub struct ConfirmCard {
    /// 会员卡code
    pub user_card_code: String,
    /// 会员卡模版ID
    #[wechatpay(query)]
    pub card_id: String,
    /// 品牌ID
    pub brand_id: String,
    /// 用户标识
    pub openid: String,
    /// 会员开卡状态
    pub user_card_confirm_state: UserCardConfirmState,
}

open_enum! {
    /// 会员开卡状态
    pub enum UserCardConfirmState {
        CreateCardSuccess = "CREATE_CARD_SUCCESS",
        CreateCardFail = "CREATE_CARD_FAIL",
    }
}

/// [`ConfirmCard`] 的应答
#[derive(Debug, Deserialize)]
pub struct ConfirmCardResponse {
    /// 会员卡code
    pub user_card_code: Option<String>,
    /// 会员卡模板ID
    pub card_id: String,
    /// 用户标识
    pub openid: Option<String>,
    /// 卡背景颜色
    pub card_color: Option<String>,
    /// 卡背景图URL
    pub card_picture_url: Option<String>,
    /// 品牌ID
    pub brand_id: String,
    /// 会员卡类型
    pub card_type: Option<CardType>,
    /// 加密的手机号
    pub phone_number: Option<Sensitive<String>>,
    /// 等级
    pub level: Option<String>,
    /// 会员卡有效期
    pub valid_date_information: Option<ValidDateInformation>,
    /// 领取时间
    pub pickup_time: Option<String>,
    /// 用户开卡时填写的个人信息
    pub user_information: Option<UserInformation>,
    /// 商家数据包
    pub attach: Option<String>,
    /// 用户会员卡状态
    pub user_card_state: UserCardState,
    /// 作废原因
    pub invalid_reason: Option<String>,
    /// 作废时间
    pub invalid_time: Option<String>,
}

open_enum! {
    /// 会员卡类型
    pub enum CardType {
        Purchase = "PURCHASE",
        Normal = "NORMAL",
        Balance = "BALANCE",
    }
}

/// 会员卡有效期
#[derive(Debug, Deserialize)]
pub struct ValidDateInformation {
    /// 有效期类型
    pub r#type: Option<ValidDateInformationType>,
    /// 有效期开始时间
    pub available_begin_time: Option<String>,
    /// 有效期结束时间
    pub available_end_time: Option<String>,
    /// 生效后N天内有效
    pub available_day_after_receive: Option<i64>,
}

open_enum! {
    /// 有效期类型
    pub enum ValidDateInformationType {
        /// 固定时间范围内有效
        FixTimeRange = "FIX_TIME_RANGE",
        /// 相对时间范围内有效
        FixTerm = "FIX_TERM",
        /// 永久有效
        Permanent = "PERMANENT",
    }
}

/// 用户开卡时填写的个人信息
#[derive(Debug, Deserialize)]
pub struct UserInformation {
    /// 平台提供的通用开卡信息字段
    pub common_field_list: Option<Vec<CommonField>>,
    /// 商户自定义的开卡信息字段
    pub custom_field_list: Option<Vec<CustomField>>,
}

/// 平台提供的通用开卡信息字段
#[derive(Debug, Deserialize)]
pub struct CommonField {
    /// 平台提供的通用开卡信息字段
    pub name: Option<Name>,
    /// 加密的用户开卡时填写的个人信息
    pub value: Option<Sensitive<String>>,
}

open_enum! {
    /// 平台提供的通用开卡信息字段
    pub enum Name {
        /// 性别
        UserFormFlagSex = "USER_FORM_FLAG_SEX",
        /// 姓名
        UserFormFlagName = "USER_FORM_FLAG_NAME",
        /// 生日
        UserFormFlagBirthday = "USER_FORM_FLAG_BIRTHDAY",
        /// 地址
        UserFormFlagAddress = "USER_FORM_FLAG_ADDRESS",
        /// 邮箱
        UserFormFlagEmail = "USER_FORM_FLAG_EMAIL",
        /// 城市
        UserFormFlagCity = "USER_FORM_FLAG_CITY",
    }
}

/// 商户自定义的开卡信息字段
#[derive(Debug, Deserialize)]
pub struct CustomField {
    /// 字段名称
    pub name: Option<String>,
    /// 加密的用户选择的字段值列表
    pub user_chosen_values: Option<Vec<Sensitive<String>>>,
}

open_enum! {
    /// 用户会员卡状态
    pub enum UserCardState {
        Unactivated = "UNACTIVATED",
        Effective = "EFFECTIVE",
        Expired = "EXPIRED",
        Invalid = "INVALID",
    }
}

/// 获取平台证书列表
///
/// `GET /v3/certificates`
///
/// 产品：通用接口
///
/// 适用于：微信平台商户
///
/// 官方文档：<https://pay.weixin.qq.com/wiki/doc/apiv3/wxpay/ecommerce/applyments/chapter3_3.shtml>
#[wechatpay_endpoint(GET, "/v3/certificates", response = GetCertificatesResponse)]
#[derive(Clone, Debug, Default)]
pub struct GetCertificates;

/// [`GetCertificates`] 的应答
#[derive(Debug, Deserialize)]
pub struct GetCertificatesResponse {
    pub data: Option<Vec<GetCertificatesResponseData>>,
}

#[derive(Debug, Deserialize)]
pub struct GetCertificatesResponseData {
    pub serial_no: Option<String>,
    pub effective_time: Option<String>,
    pub expire_time: Option<String>,
    pub encrypt_certificate: Option<EncryptCertificate>,
}

#[derive(Debug, Deserialize)]
pub struct EncryptCertificate {
    pub algorithm: Option<String>,
    pub nonce: Option<String>,
    pub associated_data: Option<String>,
    pub ciphertext: Option<String>,
}
