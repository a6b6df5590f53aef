//! From the documentation page of an operation to a call of it, step by step.
//!
//! The operation is 修改结算账户 (changing the bank account of a sub-merchant), with 查询结算账户 to read it back. Both pages have
//! a line with method and path, tables of parameters, and an example of the response. Each page becomes one struct, in
//! this order:
//!
//! 1. The line **请求方式 / 请求URL** becomes the head of the attribute.
//! 2. Each row of **path 路径参数**, **query 查询参数** and **body 包体参数** becomes a field of that name. Its place follows from
//!    its name and the method: a name in the braces of the path is a path value, other fields are the query of a `GET` and
//!    the JSON body of other methods.
//! 3. **必填** (required) is the plain type; **选填** (optional) is an `Option`, left out when it is `None`.
//! 4. **类型**: string is `String`, integer is `i64`, boolean is `bool`, array is `Vec`, object is a struct. A list of
//!    allowed values becomes an enum.
//! 5. "该字段需进行加密处理" (must be encrypted) becomes `encrypt(..)`. Inside a nested struct the field has the type `Sensitive`
//!    instead.
//! 6. **应答参数** (the response) becomes the struct that `response` names. "无包体" means `response = ()`.
//! 7. If the page says that a request with the same number is recognised, add `idempotent`. This operation does not
//!    recognise it, so it is not retried if the outcome is unknown.
//!
//! ```text
//! cargo run --example new_operation
//! ```

use serde::Deserialize;
use serde_json::json;
use std::{
    error::Error,
    sync::{Arc, Mutex, PoisonError},
};
use wechatpay_core::{Method, wechatpay_endpoint};
use wechatpay_gateway::Gateway;

// 请求方式：【POST】/v3/apply4sub/sub_merchants/{sub_mchid}/modify-settlement
//
// path 路径参数
// | sub_mchid        | 必填 | string(32) | 特约商户/二级商户号                                        |
// body 包体参数
// | account_type     | 必填 | string     | 账户类型: ACCOUNT_TYPE_BUSINESS, ACCOUNT_TYPE_PRIVATE     |
// | account_bank     | 必填 | string(10) | 开户银行                                                  |
// | bank_name        | 选填 | string(128)| 开户银行全称（含支行）                                    |
// | bank_branch_id   | 选填 | string(128)| 开户银行联行号                                            |
// | account_number   | 必填 | string     | 银行账号，该字段需进行加密处理                            |
// | account_name     | 选填 | string     | 开户名称，该字段需进行加密处理                            |

/// Changes the bank account that a sub-merchant is settled to (修改结算账户).
// The table above is newer than the description. wechatpay: allow(missing-field)
#[wechatpay_endpoint(
    POST, "/v3/apply4sub/sub_merchants/{sub_mchid}/modify-settlement",
    encrypt(account_number, account_name),
    response = SettlementChange,
)]
pub struct ModifySettlement {
    pub sub_mchid: String,
    pub account_type: AccountType,
    pub account_bank: String,
    pub bank_name: Option<String>,
    pub bank_branch_id: Option<String>,
    pub account_number: String,
    pub account_name: Option<String>,
}

wechatpay_core::open_enum! {
    /// 账户类型. The last variant keeps a value that the service adds later; without it that would be an error.
    pub enum AccountType {
        /// A company's (对公银行账户).
        AccountTypeBusiness = "ACCOUNT_TYPE_BUSINESS",
        /// A person's (经营者个人银行卡).
        AccountTypePrivate = "ACCOUNT_TYPE_PRIVATE",
    }
}

// 应答参数
// | application_no   | 必填 | string(32) | 修改结算账户申请单号                                      |

/// What the change is known by (修改结算账户申请单号).
#[derive(Debug, Deserialize)]
pub struct SettlementChange {
    pub application_no: String,
}

// 请求方式：【GET】/v3/apply4sub/sub_merchants/{sub_mchid}/settlement
//
// path 路径参数
// | sub_mchid            | 必填 | string(32) | 特约商户/二级商户号                                    |
// query 查询参数
// | account_number_rule  | 选填 | string(32) | 银行账号展示规则: ACCOUNT_NUMBER_RULE_MASK_V1, .._V2   |

/// Asks which bank account that is (查询结算账户).
#[wechatpay_endpoint(GET, "/v3/apply4sub/sub_merchants/{sub_mchid}/settlement", response = Settlement)]
pub struct QuerySettlement {
    pub sub_mchid: String,
    pub account_number_rule: Option<String>, // wechatpay: allow(unknown-field)
}

// 应答参数
// | account_type         | 必填 | string      | 账户类型                                              |
// | account_bank         | 必填 | string(128) | 开户银行                                              |
// | bank_name            | 选填 | string(128) | 开户银行全称（含支行）                                |
// | account_number       | 必填 | string      | 银行账号，掩码                                        |
// | verify_result        | 必填 | string      | 汇款验证结果: VERIFY_SUCCESS, VERIFY_FAIL, VERIFYING  |
// | verify_fail_reason   | 选填 | string      | 汇款验证失败原因                                      |

#[derive(Debug, Deserialize)]
pub struct Settlement {
    pub account_type: AccountType,
    pub account_bank: String,
    pub bank_name: Option<String>,
    /// With most digits hidden, so it is no secret.
    pub account_number: String,
    pub verify_result: VerifyResult,
    pub verify_fail_reason: Option<String>,
}

wechatpay_core::open_enum! {
    /// 汇款验证结果: whether a small test payment arrived.
    pub enum VerifyResult {
        VerifySuccess = "VERIFY_SUCCESS",
        VerifyFail = "VERIFY_FAIL",
        Verifying = "VERIFYING",
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let gateway = start_gateway()?;
    let client = gateway.client()?;

    let change = ModifySettlement {
        sub_mchid: "1900000109".into(),
        account_type: AccountType::AccountTypeBusiness,
        account_bank: "工商银行".into(),
        bank_name: Some("中国工商银行股份有限公司北京市分行".into()),
        bank_branch_id: None,
        account_number: "6222020200071234567".into(),
        account_name: None,
    };
    println!("Debug shows no secret:\n  {change:?}\n");
    let accepted = change.send(&client).await?;
    println!("application_no = {}\n", accepted.application_no);

    let request = gateway.last_request().ok_or("the gateway received nothing")?;
    println!("Over the wire went\n  {} {}", request.method(), request.target());
    for (name, value) in request.json().as_object().ok_or("the body should be an object")? {
        let how = if request.is_encrypted(name) {
            "encrypted"
        } else {
            "unchanged"
        };
        println!("  {name} = {value}, {how}");
    }

    let settlement = QuerySettlement {
        sub_mchid: "1900000109".into(),
        account_number_rule: Some("ACCOUNT_NUMBER_RULE_MASK_V2".into()),
    };
    let settlement = settlement.send(&client).await?;
    println!(
        "\nRead back: {} {} ({:?}), {:?}",
        settlement.account_bank, settlement.account_number, settlement.account_type, settlement.verify_result
    );
    if settlement.account_number != "6222**********34567" {
        return Err("the account is not the one that was set".into());
    }

    // The whole response has what the struct does not: Request-ID, status, headers, and the raw body.
    let query = QuerySettlement {
        sub_mchid: "1900000109".into(),
        account_number_rule: None,
    };
    let response = client.call(&query).await?;
    println!(
        "Request-ID {}, status {}",
        response.request_id().unwrap_or("?"),
        response.status()
    );
    Ok(())
}

/// WeChat Pay in a box: it remembers the account that was set.
fn start_gateway() -> Result<Gateway, Box<dyn Error>> {
    let gateway = Gateway::start()?;
    let account = Arc::new(Mutex::new(json!(null)));
    let kept = Arc::clone(&account);
    gateway.on(
        Method::POST,
        "/v3/apply4sub/sub_merchants/{sub_mchid}/modify-settlement",
        move |request| {
            *kept.lock().unwrap_or_else(PoisonError::into_inner) = request.json().clone();
            json!({ "application_no": format!("1023{}", request.path("sub_mchid")) })
        },
    );
    gateway.on(
        Method::GET,
        "/v3/apply4sub/sub_merchants/{sub_mchid}/settlement",
        move |_| {
            let account = account.lock().unwrap_or_else(PoisonError::into_inner);
            let number = account["account_number"].as_str().unwrap_or_default();
            let (start, end) = (
                number.get(..4),
                number.len().checked_sub(5).and_then(|at| number.get(at..)),
            );
            json!({
                "account_type": account["account_type"],
                "account_bank": account["account_bank"],
                "bank_name": account["bank_name"],
                "account_number": format!("{}**********{}", start.unwrap_or("?"), end.unwrap_or("?")),
                "verify_result": "VERIFYING",
            })
        },
    );
    Ok(gateway)
}
