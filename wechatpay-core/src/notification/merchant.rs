//! Whose notification it is: the merchant numbers in a payload, compared with the client's.

use super::error::NotificationError;
use crate::{identity::Identity, support::language::Text};
use serde_json::Value;
use std::borrow::Cow;

/// The members that name the merchant of a notification. The first one that is present counts. With a service provider
/// (服务商) that is the provider, because it receives the notifications of its sub-merchants.
const MERCHANT: &[&str] = &["sp_mchid", "mchid", "mch_id", "combine_mchid"];
const BRAND: &[&str] = &["brand_id"];

/// Refuses a payload that is not an object, and one that names merchants but none of `ours`.
///
/// A payload that names no merchant (a complaint) is accepted, because the APIv3 key of the merchant decrypted it.
pub(super) fn check(payload: &Value, identity: &Identity, ours: &[String]) -> Result<(), NotificationError> {
    let named = named(payload, identity)?;
    let is_ours = |mchid: &Cow<'_, str>| *mchid == identity.id() || ours.iter().any(|other| other == mchid);
    match named.first() {
        Some(first) if !named.iter().any(is_ours) => Err(NotificationError::OtherMerchant {
            mchid: first.clone().into_owned(),
        }),
        _ => Ok(()),
    }
}

/// The merchant numbers that a payload names: that of the merchant, and in profit sharing (分账) that of the receiver if
/// it is a merchant, because the receiver is notified too.
///
/// The service sends them as text. A number has the same meaning. Any other type is refused, because ignoring it would
/// skip the check.
pub(super) fn named<'a>(payload: &'a Value, identity: &Identity) -> Result<Vec<Cow<'a, str>>, NotificationError> {
    let members = payload
        .as_object()
        .ok_or_else(|| expected("", ("expected an object", "应为对象")))?;
    let own = match identity {
        Identity::Merchant { .. } => MERCHANT,
        Identity::Brand { .. } => BRAND,
    };
    let present = |name: &&'static str| members.get(*name).filter(|value| !value.is_null());
    let mut named = Vec::new();
    if let Some(name) = own.iter().copied().find(|name| present(name).is_some()) {
        named.extend(id(name, members.get(name))?);
    }
    if let (Identity::Merchant { .. }, Some(receiver)) = (identity, present(&"receiver")) {
        let receiver = receiver
            .as_object()
            .ok_or_else(|| expected("receiver", ("expected an object", "应为对象")))?;
        // The account of a person is an openid.
        if receiver.get("type").is_none_or(|kind| kind == "MERCHANT_ID") {
            named.extend(id("receiver.account", receiver.get("account"))?);
        }
    }
    Ok(named)
}

/// An id as text, however it is written.
fn id<'a>(field: &str, value: Option<&'a Value>) -> Result<Option<Cow<'a, str>>, NotificationError> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(Cow::Borrowed(text))),
        Some(Value::Number(number)) => Ok(Some(Cow::Owned(number.to_string()))),
        Some(_) => Err(expected(field, ("expected a text or a number", "应为文本或数字"))),
    }
}

fn expected(field: &str, reason: (&'static str, &'static str)) -> NotificationError {
    NotificationError::Undecodable {
        field: field.to_owned(),
        reason: Text::from(reason).into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn refusal(payload: &Value) -> Option<NotificationError> {
        let identity = Identity::Merchant {
            mchid: "1900".into(),
            suite: crate::crypto::Suite::Rsa,
        };
        check(payload, &identity, &["1901".to_owned()]).err()
    }

    #[test]
    fn a_payload_must_name_the_client_if_it_names_anybody() {
        for ours in [
            json!({"mchid": "1900"}),
            json!({"mchid": "1901"}),
            json!({"mch_id": "1900"}),
            json!({"sp_mchid": null, "mchid": "1900"}),
            json!({"combine_mchid": "1900", "sub_orders": [{"mchid": "2000"}]}),
            json!({"sp_mchid": "1900", "sub_mchid": "2000"}),
            json!({"mchid": "2000", "receiver": {"type": "MERCHANT_ID", "account": "1900"}}),
            json!({"mchid": "1900", "receiver": {"type": "PERSONAL_OPENID", "account": "o2000"}}),
            json!({"complaint_id": "1"}),
            json!({"sub_mchid": "2000"}),
        ] {
            assert_eq!(refusal(&ours), None, "{ours}");
        }
        for other in [
            json!({"mchid": "2000"}),
            json!({"mch_id": "19000"}),
            json!({"combine_mchid": "2000", "sub_orders": [{"mchid": "1900"}]}),
            json!({"sp_mchid": "2000", "sub_mchid": "1900"}),
            json!({"sp_mchid": "2000", "mchid": "1900"}),
            json!({"mchid": "2000", "receiver": {"account": "2001"}}),
            json!({"mchid": "2000", "receiver": {"type": "PERSONAL_OPENID", "account": "1900"}}),
            json!({"mchid": ""}),
        ] {
            let error = refusal(&other);
            assert!(
                matches!(error, Some(NotificationError::OtherMerchant { .. })),
                "{other}: {error:?}"
            );
        }
    }

    #[test]
    fn s12_a_merchant_number_is_compared_as_text_or_as_number() {
        for ours in [
            json!({"mchid": 1900}),
            json!({"sp_mchid": 1901}),
            json!({"mchid": 2000, "receiver": {"type": "MERCHANT_ID", "account": 1900}}),
        ] {
            assert_eq!(refusal(&ours), None, "{ours}");
        }
        for other in [
            json!({"mchid": 2000}),
            json!({"mchid": 1900.5}),
            json!({"sp_mchid": 2000, "mchid": "1900"}),
            json!({"receiver": {"type": "MERCHANT_ID", "account": 2000}}),
        ] {
            let error = refusal(&other);
            assert!(
                matches!(error, Some(NotificationError::OtherMerchant { .. })),
                "{other}: {error:?}"
            );
        }
    }

    #[test]
    fn s12_an_array_where_an_object_or_a_merchant_number_belongs_is_refused() {
        for (payload, place) in [
            (json!([]), ""),
            (json!([{"mchid": "1900"}]), ""),
            (json!(["1900"]), ""),
            (json!("text"), ""),
            (json!(null), ""),
            (json!({"mchid": ["2000"]}), "mchid"),
            (json!({"sp_mchid": {"mchid": "1900"}}), "sp_mchid"),
            (json!({"mchid": true}), "mchid"),
            (json!({"receiver": ["MERCHANT_ID", "1900"]}), "receiver"),
            (
                json!({"receiver": [{"type": "MERCHANT_ID", "account": "1900"}]}),
                "receiver",
            ),
            (
                json!({"receiver": {"type": "MERCHANT_ID", "account": ["1900"]}}),
                "receiver.account",
            ),
        ] {
            match refusal(&payload) {
                Some(NotificationError::Undecodable { field, .. }) => assert_eq!(field, place, "{payload}"),
                other => panic!("{payload}: {other:?}"),
            }
        }
    }

    #[test]
    fn a_brand_is_told_by_its_brand_id() {
        let identity = Identity::Brand {
            brand_id: "4000".into(),
        };
        let refused = |payload: Value| check(&payload, &identity, &[]).is_err();
        assert!(!refused(json!({"brand_id": "4000", "mchid": "1"})));
        assert!(!refused(json!({"brand_id": 4000})));
        assert!(refused(json!({"brand_id": "4001"})));
        assert!(refused(json!({"brand_id": 4001})));
    }
}
