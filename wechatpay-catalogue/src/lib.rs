//! Every documented operation of WeChat Pay API v3 (微信支付 APIv3), ready to send.
//!
#![cfg_attr(feature = "refund", doc = "```")]
#![cfg_attr(not(feature = "refund"), doc = "```ignore")]
//! use wechatpay_catalogue::refund::domestic::refunds;
//! use wechatpay_core::{Client, Error};
//!
//! async fn refund(client: &Client, out_trade_no: &str, out_refund_no: &str) -> Result<String, Error> {
//!     let refund = refunds::Post {
//!         out_trade_no: Some(out_trade_no.into()),
//!         out_refund_no: out_refund_no.into(),
//!         amount: refunds::Amount { refund: 100, total: 100, currency: "CNY".into(), ..Default::default() },
//!         ..Default::default()
//!     };
//!     Ok(refund.send(client).await?.status)
//! }
//! ```
//!
//! **The path is the name.** `POST /v3/refund/domestic/refunds` is `refund::domestic::refunds::Post`: the module is the path
//! without `v3` and without placeholders, the type is the method, and `By` with the last placeholder when the path ends in
//! one (`GetByOutRefundNo`). The search of this page finds the official name (申请退款) and the path too.
//!
//! Each family, the first segment of the path, is a feature: `pay`, `refund`, `fund-app`. None is on by default; `all` is all
//! of them. Without a family the crate holds only the [`description`].
//!
//! Requests implement `Default`, so an optional field costs no line. A required text that was forgotten goes out as `""`, and
//! the service refuses it with the name of the field. Responses are lenient: only numbers, states and links that a caller
//! cannot go on without are required. Enums are open, see [`wechatpay_core::open_enum!`].
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod description;

// The families, written by `cargo wechatpay generate`.
#[cfg(feature = "abnormal-fund-processing")]
pub mod abnormal_fund_processing;
#[cfg(feature = "aggracct-bc")]
pub mod aggracct_bc;
#[cfg(feature = "apply4sub")]
pub mod apply4sub;
#[cfg(feature = "apply4subject")]
pub mod apply4subject;
#[cfg(feature = "applyment4sub")]
pub mod applyment4sub;
#[cfg(feature = "bank-batch-transfer")]
pub mod bank_batch_transfer;
#[cfg(feature = "bank-transfer")]
pub mod bank_transfer;
#[cfg(feature = "bill")]
pub mod bill;
#[cfg(feature = "billdownload")]
pub mod billdownload;
#[cfg(feature = "brand")]
pub mod brand;
#[cfg(feature = "brand-basic")]
pub mod brand_basic;
#[cfg(feature = "businesscircle")]
pub mod businesscircle;
#[cfg(feature = "capital")]
pub mod capital;
#[cfg(feature = "catering")]
pub mod catering;
#[cfg(feature = "certificates")]
pub mod certificates;
#[cfg(feature = "combine-transactions")]
pub mod combine_transactions;
#[cfg(feature = "compliance")]
pub mod compliance;
#[cfg(feature = "credit-repayment")]
pub mod credit_repayment;
#[cfg(feature = "discount-card")]
pub mod discount_card;
#[cfg(feature = "ebike")]
pub mod ebike;
#[cfg(feature = "ecommerce")]
pub mod ecommerce;
#[cfg(feature = "edu-papay")]
pub mod edu_papay;
#[cfg(feature = "edu-star")]
pub mod edu_star;
#[cfg(feature = "eduschoolpay")]
pub mod eduschoolpay;
#[cfg(feature = "express")]
pub mod express;
#[cfg(feature = "facemch")]
pub mod facemch;
#[cfg(feature = "fund-app")]
pub mod fund_app;
#[cfg(feature = "funds-to-oversea")]
pub mod funds_to_oversea;
#[cfg(feature = "global")]
pub mod global;
#[cfg(feature = "goldplan")]
pub mod goldplan;
#[cfg(feature = "gov")]
pub mod gov;
#[cfg(feature = "hire-power-bank")]
pub mod hire_power_bank;
#[cfg(feature = "hk")]
pub mod hk;
#[cfg(feature = "industry-coupon")]
pub mod industry_coupon;
#[cfg(feature = "industry-rebate")]
pub mod industry_rebate;
#[cfg(feature = "inspolicymgr")]
pub mod inspolicymgr;
#[cfg(feature = "iotmanage")]
pub mod iotmanage;
#[cfg(feature = "lovefeast")]
pub mod lovefeast;
#[cfg(feature = "marketing")]
pub mod marketing;
#[cfg(feature = "mch-manage")]
pub mod mch_manage;
#[cfg(feature = "mch_operate")]
pub mod mch_operate;
#[cfg(feature = "mch-operation-manage")]
pub mod mch_operation_manage;
#[cfg(feature = "mchalterapply")]
pub mod mchalterapply;
#[cfg(feature = "med-ins")]
pub mod med_ins;
#[cfg(feature = "merchant")]
pub mod merchant;
#[cfg(feature = "merchant-risk-manage")]
pub mod merchant_risk_manage;
#[cfg(feature = "merchant-service")]
pub mod merchant_service;
#[cfg(feature = "merchant-settlement")]
pub mod merchant_settlement;
#[cfg(feature = "merchant-store")]
pub mod merchant_store;
#[cfg(feature = "merchantfund")]
pub mod merchantfund;
#[cfg(feature = "multiuse")]
pub mod multiuse;
#[cfg(feature = "new-tax-control-fapiao")]
pub mod new_tax_control_fapiao;
#[cfg(feature = "offlineface")]
pub mod offlineface;
#[cfg(feature = "offlinefacemch")]
pub mod offlinefacemch;
#[cfg(feature = "palmservice")]
pub mod palmservice;
#[cfg(feature = "papay")]
pub mod papay;
#[cfg(feature = "parking")]
pub mod parking;
#[cfg(feature = "partner-papay")]
pub mod partner_papay;
#[cfg(feature = "partner-transfer")]
pub mod partner_transfer;
#[cfg(feature = "password-exempt-contract")]
pub mod password_exempt_contract;
#[cfg(feature = "pay")]
pub mod pay;
#[cfg(feature = "pay-devices")]
pub mod pay_devices;
#[cfg(feature = "payroll-card")]
pub mod payroll_card;
#[cfg(feature = "payscore")]
pub mod payscore;
#[cfg(feature = "platsolution")]
pub mod platsolution;
#[cfg(feature = "profitsharing")]
pub mod profitsharing;
#[cfg(feature = "qrcode")]
pub mod qrcode;
#[cfg(feature = "rate-activity")]
pub mod rate_activity;
#[cfg(feature = "realname")]
pub mod realname;
#[cfg(feature = "recharge")]
pub mod recharge;
#[cfg(feature = "refund")]
pub mod refund;
#[cfg(feature = "repayment")]
pub mod repayment;
#[cfg(feature = "security")]
pub mod security;
#[cfg(feature = "smartguide")]
pub mod smartguide;
#[cfg(feature = "taxi-invoice")]
pub mod taxi_invoice;
#[cfg(feature = "transaction-block")]
pub mod transaction_block;
#[cfg(feature = "transfer")]
pub mod transfer;
#[cfg(feature = "transfer-detail")]
pub mod transfer_detail;
#[cfg(feature = "transferdownload")]
pub mod transferdownload;
#[cfg(feature = "vehicle")]
pub mod vehicle;
#[cfg(feature = "webizpay")]
pub mod webizpay;
// The end of the families.
