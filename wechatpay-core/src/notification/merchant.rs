//! Whose notification it is: the merchant numbers in a payload, held against the client's.

use super::error::NotificationError;
use crate::identity::Identity;
use serde_json::Value;

/// Refuses a payload that names merchants but none of `ours`.
///
/// The numbers that say for whom a notification is: `sp_mchid` of a service provider (服务商), else `mchid` (`mch_id`,
/// `combine_mchid`) of a merchant; and in profit sharing (分账), of which the receiver is told, the receiver's. A payload
/// that names nobody (a complaint) passes: it was opened with our own key after all.
pub(super) fn check(payload: &Value, identity: &Identity, ours: &[String]) -> Result<(), NotificationError> {
    let named: Vec<&str> = match identity {
        Identity::Brand { .. } => [payload.get("brand_id")]
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect(),
        Identity::Merchant { .. } => {
            let receiver = payload.get("receiver").and_then(|receiver| receiver.get("account"));
            ["sp_mchid", "mchid", "mch_id", "combine_mchid"]
                .into_iter()
                .filter_map(|name| payload.get(name)?.as_str())
                .take(1)
                .chain(receiver.and_then(Value::as_str))
                .collect()
        }
    };
    let is_ours = |mchid: &&str| *mchid == identity.id() || ours.iter().any(|other| other == mchid);
    match named.first() {
        Some(first) if !named.iter().any(is_ours) => Err(NotificationError::OtherMerchant {
            mchid: (*first).to_owned(),
        }),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn refused(payload: &Value) -> bool {
        let identity = Identity::Merchant { mchid: "1900".into() };
        check(payload, &identity, &["1901".to_owned()]).is_err()
    }

    #[test]
    fn a_payload_must_name_the_client_if_it_names_anybody() {
        for ours in [
            json!({"mchid": "1900"}),
            json!({"mchid": "1901"}),
            json!({"mch_id": "1900"}),
            json!({"combine_mchid": "1900", "sub_orders": [{"mchid": "2000"}]}),
            json!({"sp_mchid": "1900", "sub_mchid": "2000"}),
            json!({"mchid": "2000", "receiver": {"type": "MERCHANT_ID", "account": "1900"}}),
            json!({"complaint_id": "1"}),
            json!({"sub_mchid": "2000"}),
            json!([]),
            json!("text"),
        ] {
            assert!(!refused(&ours), "{ours}");
        }
        for other in [
            json!({"mchid": "2000"}),
            json!({"mch_id": "19000"}),
            json!({"combine_mchid": "2000", "sub_orders": [{"mchid": "1900"}]}),
            json!({"sp_mchid": "2000", "sub_mchid": "1900"}),
            json!({"sp_mchid": "2000", "mchid": "1900"}),
            json!({"mchid": "2000", "receiver": {"account": "2001"}}),
            json!({"mchid": ""}),
        ] {
            assert!(refused(&other), "{other}");
        }
    }

    #[test]
    fn a_brand_is_told_by_its_brand_id() {
        let identity = Identity::Brand {
            brand_id: "4000".into(),
        };
        assert!(check(&json!({"brand_id": "4000", "mchid": "1"}), &identity, &[]).is_ok());
        assert!(check(&json!({"brand_id": "4001"}), &identity, &[]).is_err());
    }
}
