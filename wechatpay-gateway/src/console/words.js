// Every word of the console, in English and in Chinese.

const WORDS = {
  name: ["WeChat Pay gateway", "微信支付模拟网关"],
  requests: ["Requests", "请求"],
  payments: ["Payments", "交易"],
  orders: ["Orders", "订单"],
  refunds: ["Refunds", "退款"],
  transfers: ["Transfers", "转账"],
  sharings: ["Profit sharing", "分账"],
  notifications: ["Notifications", "通知"],
  faults: ["Faults and keys", "故障与密钥"],
  operations: ["Operations", "接口"],
  connect: ["Connect", "接入"],
  // In the narrow bar.
  short_requests: ["Requests", "请求"],
  short_payments: ["Payments", "交易"],
  short_notifications: ["Notify", "通知"],
  short_faults: ["Faults", "故障"],
  short_operations: ["API", "接口"],
  short_connect: ["Connect", "接入"],
  live: ["live", "实时"],
  offline: ["not connected", "未连接"],
  unreachable: ["The gateway does not respond. Is the program still running?", "网关没有响应，程序是否还在运行？"],
  theme: ["Theme", "主题"],
  theme_auto: ["Theme: as the system", "主题：跟随系统"],
  theme_light: ["Theme: light", "主题：浅色"],
  theme_dark: ["Theme: dark", "主题：深色"],
  reset: ["Clear everything", "清空全部"],
  reset_sure: ["Clear all requests, orders, refunds, transfers and notifications?", "清空全部请求、订单、退款、转账和通知？"],
  back: ["Back", "返回"],
  copy: ["Click to copy", "点击复制"],
  copied: ["Copied", "已复制"],
  copy_all: ["Copy", "复制"],
  search: ["Filter", "筛选"],
  nothing_found: ["Nothing matches the filter.", "没有匹配的内容。"],
  older: ["Scroll for older ones", "向下滚动加载更多"],
  choose: ["Choose one from the list.", "从左侧列表选择一项。"],
  choose_keys: ["moves in the list", "在列表中移动"],
  open_key: ["opens", "打开"],
  gone: ["It is not kept any more.", "该内容已不再保留。"],
  // Requests
  accepted: ["accepted", "已受理"],
  refused: ["refused", "已拒绝"],
  fault: ["fault", "故障"],
  pending: ["no response yet", "尚未应答"],
  no_response: ["no response", "未应答"],
  unknown_operation: ["not a documented operation", "不是文档中的接口"],
  sig_valid: ["signature valid", "签名有效"],
  sig_invalid: ["signature invalid", "签名无效"],
  sig_unchecked: ["not checked", "未验签"],
  signature: ["Signature", "签名"],
  signed_lines: ["Signed text, five lines", "待签名串（五行）"],
  line_method: ["method", "请求方法"],
  line_target: ["URL", "URL"],
  line_timestamp: ["timestamp", "时间戳"],
  line_nonce: ["nonce", "随机串"],
  line_body: ["body", "请求报文主体"],
  empty_line: ["(empty)", "（空）"],
  headers: ["Headers", "请求头"],
  response_headers: ["Headers", "应答头"],
  query: ["Query", "查询参数"],
  body: ["Request body", "请求体"],
  no_body: ["No body.", "没有请求体。"],
  not_json: ["not JSON", "不是 JSON"],
  parts: ["Upload", "上传内容"],
  decrypted: ["decrypted", "已解密"],
  ciphertext: ["encrypted", "密文"],
  findings: ["What is wrong", "问题"],
  response: ["Response", "应答"],
  no_response_kept: ["No response went out.", "没有发出应答。"],
  reproduce: ["The same request", "复现该请求"],
  as_curl: ["curl", "curl"],
  as_rust: ["Rust", "Rust"],
  no_curl: ["A command line cannot express this request.", "该请求无法写成命令行。"],
  no_rust: ["This request cannot be written as a declaration: it is an upload, was not understood, or its lists mix different shapes.", "该请求无法写成声明：它是文件上传、未能解析，或列表元素的结构不一致。"],
  bytes: ["bytes", "字节"],
  raw: ["As sent", "原文"],
  bearer_hidden: ["The signature is shortened: the whole one would be valid for the real service too.", "签名只显示开头：完整的签名对真实的微信支付同样有效。"],
  requests_empty: ["No request yet", "还没有收到请求"],
  requests_empty_more: ["Give a client these environment variables, then run the five lines. The request appears here at once.", "为客户端设置下面的环境变量，再运行这五行代码，请求会立即出现在这里。"],
  // Payments
  pay: ["The user pays", "用户支付"],
  fail_payment: ["Payment fails", "支付失败"],
  leave: ["The user leaves", "用户离开"],
  refund_succeed: ["Refund succeeds", "退款成功"],
  refund_abnormal: ["Refund becomes abnormal", "退款异常"],
  transfer_confirm: ["The user confirms", "用户确认收款"],
  transfer_fail: ["Transfer fails", "转账失败"],
  history: ["History", "状态记录"],
  details: ["Details", "详情"],
  phone: ["The payer's phone", "付款人的手机"],
  phone_open: ["Open the payer's phone", "打开付款页面"],
  phone_scan: ["Scan the code, or open the page here.", "扫描二维码，或在本机打开付款页面。"],
  phone_local: ["The gateway listens on this machine only, so a phone cannot open it. Start it with --listen and --allow-remote for that.", "网关只监听本机，手机无法打开。需要手机扫码时，请用 --listen 和 --allow-remote 启动。"],
  related: ["Belongs to it", "相关内容"],
  orders_empty: ["No order yet", "还没有订单"],
  orders_empty_more: ["Place one with a client: POST /v3/pay/transactions/native, jsapi, app or h5. Then pay it here.", "用客户端下单：POST /v3/pay/transactions/native、jsapi、app 或 h5，然后在这里支付。"],
  refunds_empty: ["No refund yet", "还没有退款"],
  refunds_empty_more: ["Refund a paid order: POST /v3/refund/domestic/refunds. Here it succeeds, or becomes abnormal.", "对已支付的订单申请退款：POST /v3/refund/domestic/refunds，在这里让它成功或异常。"],
  transfers_empty: ["No transfer yet", "还没有转账"],
  transfers_empty_more: ["Initiate one: POST /v3/fund-app/mch-transfer/transfer-bills. Here the user confirms it.", "发起转账：POST /v3/fund-app/mch-transfer/transfer-bills，在这里由用户确认收款。"],
  sharings_empty: ["No profit sharing yet", "还没有分账"],
  sharings_empty_more: ["Share a paid order: POST /v3/profitsharing/orders.", "对已支付的订单请求分账：POST /v3/profitsharing/orders。"],
  by_merchant: ["by the merchant", "商户"],
  by_payer: ["by the payer", "付款人"],
  by_console: ["at the console", "控制台"],
  by_clock: ["by the time that passed", "到时"],
  receivers: ["Receivers", "分账接收方"],
  returns: ["Returns", "分账回退"],
  f_kind: ["kind", "下单方式"], f_mchid: ["mchid", "商户号"], f_sub_mchid: ["sub_mchid", "子商户号"], f_appid: ["appid", "应用 ID"],
  f_out_trade_no: ["out_trade_no", "商户订单号"], f_transaction_id: ["transaction_id", "微信支付订单号"], f_description: ["description", "商品描述"],
  f_attach: ["attach", "附加数据"], f_notify_url: ["notify_url", "通知地址"], f_payer: ["payer.openid", "付款人 openid"], f_created: ["created", "创建时间"],
  f_expires: ["expires", "失效时间"], f_paid: ["paid", "支付时间"], f_finished: ["finished", "完成时间"], f_combine: ["combine_out_trade_no", "合单商户订单号"],
  f_prepay: ["prepay_id", "预支付交易会话标识"], f_code_url: ["code_url", "二维码链接"], f_h5_url: ["h5_url", "支付跳转链接"], f_bank: ["bank_type", "付款银行"],
  f_refund_id: ["refund_id", "微信支付退款单号"], f_out_refund_no: ["out_refund_no", "商户退款单号"], f_reason: ["reason", "退款原因"], f_total: ["total", "订单金额"],
  f_channel: ["channel", "退款渠道"], f_account: ["user_received_account", "退款入账账户"], f_out_bill_no: ["out_bill_no", "商户单号"],
  f_bill_no: ["transfer_bill_no", "微信转账单号"], f_openid: ["openid", "收款用户 openid"], f_user_name: ["user_name", "收款用户姓名"], f_remark: ["transfer_remark", "转账备注"],
  f_package: ["package_info", "跳转领取页面的 package 信息"], f_fail_reason: ["fail_reason", "失败原因"], f_out_order_no: ["out_order_no", "商户分账单号"], f_order_id: ["order_id", "微信分账单号"],
  // Notifications
  notifications_empty: ["No notification yet", "还没有通知"],
  notifications_empty_more: ["Pay an order that has a notify_url. The notification and each attempt to deliver it appear here.", "支付一笔带有 notify_url 的订单，通知和每次投递都会显示在这里。"],
  again: ["Send again", "再次发送"],
  twice: ["Send twice", "发送两次"],
  forged: ["Send forged", "发送伪造通知"],
  late: ["Send late", "发送过期通知"],
  manner_forged: ["forged", "伪造"],
  manner_late: ["late", "过期"],
  seconds: ["seconds old", "秒前签名"],
  attempts: ["Attempts", "投递记录"],
  no_attempts: ["Not attempted yet.", "尚未投递。"],
  next_attempt: ["Next attempt", "下次投递"],
  content: ["Content, before encryption", "通知内容（加密前）"],
  event_type: ["event_type", "通知类型"],
  about: ["About", "对应单据"],
  address: ["Address", "通知地址"],
  id: ["id", "通知 ID"],
  sent: ["Sent", "已发送"],
  // Faults and keys
  add_fault: ["Break a request", "注入故障"],
  add_fault_more: ["Each fault meets one request: the next one, or the next one to the path.", "每个故障只作用于一个请求：下一个请求，或指定路径的下一个请求。"],
  which_fault: ["Fault", "故障"],
  path: ["Path (optional)", "路径（可选）"],
  path_any: ["any path", "任意路径"],
  add: ["Add fault", "添加故障"],
  waiting_faults: ["Waiting for their request", "等待生效"],
  no_faults: ["None. Every request gets the right response.", "没有。所有请求都会得到正确的应答。"],
  clear: ["Clear", "清除"],
  keys: ["Keys of the platform", "平台密钥"],
  mode: ["Responses are signed with", "应答签名方式"],
  mode_public_key: ["Public key", "微信支付公钥"],
  mode_certificates: ["Certificates", "平台证书"],
  mode_mixed: ["Both", "两者并存"],
  rotate: ["Rotate", "更换密钥"],
  signs: ["signs", "正在签名"],
  old: ["old", "旧密钥"],
  public_key: ["public key", "公钥"],
  certificate: ["certificate", "证书"],
  copy_pem: ["Copy PEM", "复制 PEM"],
  client_keys: ["Clients keep working with the keys they have: old keys still decrypt.", "旧密钥仍可解密，客户端可以继续使用已有的密钥。"],
  // Operations
  operations_search: ["Name, path or field", "名称、路径或字段名"],
  operations_found: ["operations", "个接口"],
  documentation: ["Official documentation", "官方文档"],
  in_path: ["Path", "路径参数"],
  in_query: ["Query", "查询参数"],
  in_header: ["Header", "请求头"],
  in_body: ["Body", "请求体"],
  in_meta: ["Part meta", "part meta"],
  in_form: ["Parts", "part"],
  file_part: ["File part", "文件 part"],
  download: ["download", "文件下载"],
  no_content: ["No body", "无应答体"],
  no_fields: ["No fields.", "没有字段。"],
  sensitive: ["encrypted", "敏感信息加密"],
  deprecated: ["deprecated", "已弃用"],
  idempotent: ["may be sent again with the same", "可用相同单号重入："],
  retried_here: ["Latest requests", "最近的请求"],
  // Connect
  step_env: ["1. The environment of the client", "1. 客户端的环境变量"],
  step_code: ["2. Five lines that make the first request appear", "2. 五行代码，发出第一个请求"],
  step_env_more: ["The private key is not shown here: start the program with --env DIR and it writes all of this to DIR/.env, with the PEM files.", "这里不显示私钥：用 --env 目录 启动程序，会把全部变量写入该目录的 .env，并生成 PEM 文件。"],
  connect_more: ["Any language works. What a client needs, and how to drive the gateway from a test.", "任何语言都可以使用。这里列出客户端所需的配置，以及如何在测试中控制网关。"],
  step_control: ["3. Drive it from a test", "3. 在测试中控制网关"],
  step_control_more: ["Everything on these pages is a JSON endpoint. The document:", "这些页面上的所有操作都有对应的 JSON 接口，接口文档："],
  // States
  state_SUCCESS: ["succeeded", "成功"], state_REFUND: ["refunded", "转入退款"], state_NOTPAY: ["not paid", "未支付"], state_CLOSED: ["closed", "已关闭"],
  state_REVOKED: ["revoked", "已撤销"], state_USERPAYING: ["being paid", "支付中"], state_PAYERROR: ["payment failed", "支付失败"], state_PROCESSING: ["processing", "处理中"],
  state_ABNORMAL: ["abnormal", "异常"], state_ACCEPTED: ["accepted", "已受理"], state_WAIT_USER_CONFIRM: ["waits for the user", "待用户确认"], state_TRANSFERING: ["being transferred", "转账中"],
  state_FAIL: ["failed", "失败"], state_CANCELING: ["being cancelled", "撤销中"], state_CANCELLED: ["cancelled", "已撤销"], state_FINISHED: ["finished", "已完成"],
  state_waiting: ["to be delivered", "等待投递"], state_delivered: ["delivered", "已送达"], state_given_up: ["given up", "已放弃"],
  state_PENDING: ["pending", "待分账"], state_FAILED: ["failed", "失败"],
  // The payer's phone
  to: ["Pay to", "收款方"],
  pay_now: ["Pay now", "立即支付"],
  pay_fail: ["Let it fail", "模拟支付失败"],
  pay_leave: ["Leave without paying", "不支付，离开"],
  paid: ["Paid", "支付成功"],
  cannot_pay: ["This order cannot be paid.", "该订单无法支付。"],
  left: ["You left without paying. The order is as it was.", "你已离开，订单未支付。"],
  failed: ["The payment failed.", "支付失败。"],
  simulated: ["Simulated. No money moves.", "模拟支付，不涉及真实资金。"],
  order_number: ["Order", "商户订单号"],
  item: ["Item", "商品"],
};

const stored = (key) => {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
};

export function store(key, value) {
  try {
    localStorage.setItem(key, value);
  } catch {
    // A browser that keeps nothing: the choice holds until the page is closed.
  }
}

let language = stored("language") || (navigator.language.toLowerCase().startsWith("zh") ? "zh" : "en");
document.documentElement.lang = language === "zh" ? "zh-CN" : "en";

export const lang = () => language;

export function setLanguage(next) {
  language = next;
  store("language", next);
  document.documentElement.lang = next === "zh" ? "zh-CN" : "en";
}

// One word of the console.
export function t(key) {
  const word = WORDS[key];
  return word ? word[language === "zh" ? 1 : 0] : key.startsWith("state_") ? "" : key;
}

// One of two texts.
export const say = (english, chinese) => (language === "zh" ? chinese : english);

let theme = stored("theme") || "auto";
const dark = matchMedia("(prefers-color-scheme: dark)");

function paint() {
  const shown = theme === "auto" ? (dark.matches ? "dark" : "light") : theme;
  document.documentElement.dataset.theme = shown;
}

export const currentTheme = () => theme;

export function nextTheme() {
  theme = { auto: "light", light: "dark", dark: "auto" }[theme];
  store("theme", theme);
  paint();
}

dark.addEventListener("change", paint);
paint();
