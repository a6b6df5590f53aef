//! A sub-merchant's application (特约商户进件): a nested form with a dozen sensitive fields.
//!
//! Every sensitive value has the type `Sensitive`. It is encrypted (敏感信息加密) when the request is sent, redacted in
//! `Debug`, and an error in other serializations. The images were uploaded before (see `upload_image`), so the form has
//! their `media_id`.
//!
//! ```text
//! cargo run --example onboarding
//! ```

use serde::{Deserialize, Serialize};
use serde_json::json;
use std::error::Error;
use wechatpay_core::{Method, Outcome, Sensitive, wechatpay_endpoint};
use wechatpay_gateway::Gateway;

/// Hands an application in (提交申请单). `business_code` (业务申请编号) is the provider's own number of it.
#[wechatpay_endpoint(POST, "/v3/applyment4sub/applyment/", response = Application)]
#[derive(Debug)]
pub struct Apply {
    pub business_code: String,
    pub contact_info: Contact,
    pub subject_info: Subject,
    pub business_info: Business,
    pub settlement_info: Settlement,
    pub bank_account_info: BankAccount,
}

/// The one who may sign (超级管理员信息).
#[derive(Debug, Clone, Serialize)]
pub struct Contact {
    pub contact_type: ContactType,
    pub contact_name: Sensitive,
    /// Only if the contact is not the legal person.
    pub contact_id_number: Option<Sensitive>,
    pub mobile_phone: Sensitive,
    pub contact_email: Sensitive,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum ContactType {
    /// The legal person (经营者/法定代表人).
    Legal,
    /// A contact that the legal person authorizes (经办人).
    Super,
}

/// Who the merchant is (主体资料).
// A company has a business licence, so it needs no certificate. wechatpay: allow(missing-field)
#[derive(Debug, Clone, Serialize)]
pub struct Subject {
    pub subject_type: SubjectType,
    pub business_license_info: BusinessLicence,
    pub identity_info: Identity,
    /// The beneficial owners (最终受益人信息列表).
    pub ubo_info_list: Vec<BeneficialOwner>,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum SubjectType {
    /// A shop of one person (个体户).
    SubjectTypeIndividual,
    /// A company (企业).
    SubjectTypeEnterprise,
}

#[derive(Debug, Clone, Serialize)]
pub struct BusinessLicence {
    pub license_copy: String,
    pub license_number: String,
    pub merchant_name: String,
    pub legal_person: String,
}

#[derive(Debug, Clone, Serialize)]
pub struct Identity {
    pub id_doc_type: &'static str,
    pub id_card_info: IdCard,
    pub owner: bool,
}

/// The legal person's identity card (身份证信息).
#[derive(Debug, Clone, Serialize)]
pub struct IdCard {
    pub id_card_copy: String,
    pub id_card_national: String,
    pub id_card_name: Sensitive,
    pub id_card_number: Sensitive,
    pub id_card_address: Option<Sensitive>,
    pub card_period_begin: String,
    pub card_period_end: String,
}

// A passport has no back. wechatpay: allow(missing-field)
#[derive(Debug, Clone, Serialize)]
pub struct BeneficialOwner {
    pub ubo_id_doc_type: &'static str,
    pub ubo_id_doc_copy: String,
    pub ubo_id_doc_name: Sensitive,
    pub ubo_id_doc_number: Sensitive,
    pub ubo_id_doc_address: Sensitive,
    pub ubo_period_begin: String,
    pub ubo_period_end: String,
}

/// What it sells, and where (经营资料).
#[derive(Debug, Clone, Serialize)]
pub struct Business {
    pub merchant_shortname: String,
    pub service_phone: String,
    pub sales_info: Sales,
}

#[derive(Debug, Clone, Serialize)]
pub struct Sales {
    pub sales_scenes_type: Vec<&'static str>,
}

/// By which rule it is settled (结算规则).
#[derive(Debug, Clone, Serialize)]
pub struct Settlement {
    pub settlement_id: String,
    pub qualification_type: String,
}

/// The account for settlements (结算银行账户).
// The bank is named by `bank_name`. wechatpay: allow(missing-field)
#[derive(Debug, Clone, Serialize)]
pub struct BankAccount {
    pub bank_account_type: &'static str,
    pub account_name: Sensitive,
    pub account_bank: String,
    pub bank_name: Option<String>,
    pub account_number: Sensitive,
}

#[derive(Debug, Deserialize)]
pub struct Application {
    /// WeChat Pay's number of it (微信支付申请单号).
    pub applyment_id: u64,
}

/// Queries the state of an application (业务申请编号查询申请状态).
#[wechatpay_endpoint(GET, "/v3/applyment4sub/applyment/business_code/{business_code}", response = ApplicationState)]
pub struct QueryApplication {
    pub business_code: String,
}

#[derive(Debug, Deserialize)]
pub struct ApplicationState {
    pub applyment_state: State,
    pub applyment_state_msg: Option<String>,
    pub sub_mchid: Option<String>,
    /// Where the administrator signs (超级管理员签约链接).
    pub sign_url: Option<String>,
    #[serde(default)]
    pub audit_detail: Vec<AuditDetail>,
}

wechatpay_core::open_enum! {
    /// The state of an application (申请单状态). An unknown value is kept.
    pub enum State {
        ApplymentStateAuditing = "APPLYMENT_STATE_AUDITING",
        ApplymentStateRejected = "APPLYMENT_STATE_REJECTED",
        ApplymentStateToBeSigned = "APPLYMENT_STATE_TO_BE_SIGNED",
        ApplymentStateFinished = "APPLYMENT_STATE_FINISHED",
    }
}

/// Why it was rejected (驳回原因详情).
#[derive(Debug, Deserialize)]
pub struct AuditDetail {
    pub field: Option<String>,
    pub reject_reason: Option<String>,
}

fn application() -> Apply {
    Apply {
        business_code: "1900013511_10000".into(),
        contact_info: Contact {
            contact_type: ContactType::Legal,
            contact_name: Sensitive::new("张三"),
            contact_id_number: None,
            mobile_phone: Sensitive::new("13900000000"),
            contact_email: Sensitive::new("zhangsan@example.com"),
        },
        subject_info: Subject {
            subject_type: SubjectType::SubjectTypeEnterprise,
            business_license_info: BusinessLicence {
                license_copy: "MEDIA-licence".into(),
                license_number: "123456789012345678".into(),
                merchant_name: "腾讯科技有限公司".into(),
                legal_person: "张三".into(),
            },
            identity_info: Identity {
                id_doc_type: "IDENTIFICATION_TYPE_IDCARD",
                id_card_info: IdCard {
                    id_card_copy: "MEDIA-front".into(),
                    id_card_national: "MEDIA-back".into(),
                    id_card_name: Sensitive::new("张三"),
                    id_card_number: Sensitive::new("110101199003077758"),
                    id_card_address: Some(Sensitive::new("北京市东城区一号")),
                    card_period_begin: "2016-06-06".into(),
                    card_period_end: "2036-06-06".into(),
                },
                owner: false,
            },
            ubo_info_list: vec![BeneficialOwner {
                ubo_id_doc_type: "IDENTIFICATION_TYPE_IDCARD",
                ubo_id_doc_copy: "MEDIA-owner".into(),
                ubo_id_doc_name: Sensitive::new("李四"),
                ubo_id_doc_number: Sensitive::new("110101198503071234"),
                ubo_id_doc_address: Sensitive::new("上海市黄浦区二号"),
                ubo_period_begin: "2015-01-01".into(),
                ubo_period_end: "长期".into(),
            }],
        },
        business_info: Business {
            merchant_shortname: "张三餐饮店".into(),
            service_phone: "0758-000000".into(),
            sales_info: Sales {
                sales_scenes_type: vec!["SALES_SCENES_MINI_PROGRAM"],
            },
        },
        settlement_info: Settlement {
            settlement_id: "719".into(),
            qualification_type: "餐饮".into(),
        },
        bank_account_info: BankAccount {
            bank_account_type: "BANK_ACCOUNT_TYPE_CORPORATE",
            account_name: Sensitive::new("腾讯科技有限公司"),
            account_bank: "工商银行".into(),
            bank_name: None,
            account_number: Sensitive::new("6222020000000000"),
        },
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let gateway = start_gateway()?;
    let client = gateway.client()?;

    let application = application();
    println!("The contact, as Debug shows it:\n  {:?}\n", application.contact_info);
    match serde_json::to_string(&application.contact_info) {
        Err(error) => println!("The same, written to a log or a queue by mistake:\n  {error}\n"),
        Ok(_) => return Err("a secret was written in the clear".into()),
    }

    // A secret that is too long is refused before anything is sent, and named by its path.
    let mut too_long = self::application();
    too_long.subject_info.identity_info.id_card_info.id_card_address = Some(Sensitive::new("很长的地址".repeat(20)));
    match too_long.send(&client).await {
        Err(error) if error.outcome() == Outcome::Local => println!("With an endless address:\n  {error}\n"),
        other => return Err(format!("an endless address should be refused here: {other:?}").into()),
    }
    if gateway.received() != 0 {
        return Err("the refused application was sent".into());
    }

    let accepted = application.send(&client).await?;
    println!("Handed in: applyment_id = {}", accepted.applyment_id);
    let request = gateway.last_request().ok_or("the gateway received nothing")?;
    let encrypted: Vec<_> = request.encrypted_fields().collect();
    println!("These {} fields went over the wire encrypted:", encrypted.len());
    for field in &encrypted {
        println!("  {field}");
    }
    if encrypted.len() != 11 {
        return Err("a secret was forgotten".into());
    }

    let query = QueryApplication {
        business_code: application.business_code,
    };
    let state = query.send(&client).await?;
    println!(
        "\nIts state: {:?} ({})",
        state.applyment_state,
        state.applyment_state_msg.as_deref().unwrap_or_default()
    );
    for detail in &state.audit_detail {
        println!(
            "  {}: {}",
            detail.field.as_deref().unwrap_or_default(),
            detail.reject_reason.as_deref().unwrap_or_default()
        );
    }
    println!(
        "  sub_mchid = {:?}, to be signed at {:?}",
        state.sub_mchid, state.sign_url
    );
    Ok(())
}

/// A gateway that decrypts every field with the key that `Wechatpay-Serial` names.
fn start_gateway() -> Result<Gateway, Box<dyn Error>> {
    let gateway = Gateway::start()?;
    gateway.on(
        Method::POST,
        "/v3/applyment4sub/applyment/",
        |_| json!({ "applyment_id": 2_000_002_124_775_691_u64 }),
    );
    gateway.on(
        Method::GET,
        "/v3/applyment4sub/applyment/business_code/{business_code}",
        |request| {
            json!({
                "business_code": request.path("business_code"),
                "applyment_id": 2_000_002_124_775_691_u64,
                "sub_mchid": "1900000109",
                "sign_url": "https://pay.weixin.qq.com/public/apply4ec_sign/s?applymentId=2000002124775691",
                "applyment_state": "APPLYMENT_STATE_TO_BE_SIGNED",
                "applyment_state_msg": "请超级管理员使用微信打开返回的“签约链接”，完成签约",
                "audit_detail": [],
            })
        },
    );
    Ok(gateway)
}
