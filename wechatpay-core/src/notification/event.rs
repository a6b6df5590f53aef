//! The common events in one enum. Other events are kept as JSON.

use super::{
    NotificationError, Payload,
    payload::{CombinedTransaction, Complaint, Contract, ProfitSharing, Refund, Transaction, TransferBill},
    verified::Decrypted,
};
use serde::de::DeserializeOwned;
use std::fmt;

/// The payload of a URL that receives notifications of several kinds.
///
/// `event_type` determines the kind. If several products share a type (`TRANSACTION.SUCCESS`), the members of the
/// payload decide. A kind that is not listed here is [`Other`](Self::Other) with the whole payload. A listed kind whose
/// payload cannot be decoded is an error, so that no payment is silently ignored.
///
/// ```
/// use serde_json::json;
/// use wechatpay_core::notification::{Event, Notification};
/// use wechatpay_gateway::Gateway;
///
/// fn handle(notification: Notification<Event>) -> String {
///     match notification.payload {
///         Event::Transaction(transaction) => format!("{} is paid", transaction.out_trade_no),
///         Event::Refund(refund) => format!("{}: {:?}", refund.out_refund_no, refund.refund_status),
///         Event::Other(other) => format!("{}: {} bytes", other.event_type, other.json.len()),
///         _ => format!("{} is not for this shop", notification.event_type),
///     }
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let gateway = Gateway::start()?;
/// let receiver = gateway.client()?.notifications();
/// let resource = json!({ "mchid": gateway.mchid(), "out_trade_no": "A-1", "trade_state": "SUCCESS" });
/// let posted = gateway.notification("TRANSACTION.SUCCESS", resource).sign()?;
/// assert_eq!(handle(receiver.receive(posted.headers(), posted.body()).await?), "A-1 is paid");
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Event {
    /// A payment (支付通知): `TRANSACTION.SUCCESS`.
    Transaction(Box<Transaction>),
    /// A combined payment (合单支付通知): `TRANSACTION.SUCCESS` with a `combine_out_trade_no`.
    CombinedTransaction(Box<CombinedTransaction>),
    /// A refund (退款结果通知): `REFUND.SUCCESS`, `REFUND.ABNORMAL`, `REFUND.CLOSED`.
    Refund(Box<Refund>),
    /// A share of an order's money was moved (分账动账通知): `PROFITSHARING.SUCCESS`, `PROFITSHARING.RETURN`, and
    /// `TRANSACTION.SUCCESS` with a `receiver`.
    ProfitSharing(Box<ProfitSharing>),
    /// A transfer came to its end (商家转账单据终态通知): `MCHTRANSFER.BILL.FINISHED`.
    TransferBill(Box<TransferBill>),
    /// A complaint (投诉通知): `COMPLAINT.CREATE`, `COMPLAINT.STATE_CHANGE`.
    Complaint(Box<Complaint>),
    /// A contract to deduct was signed or ended (委托代扣签约、解约通知): `ENTRUST.SIGN`, `ENTRUST.TERMINATE`, the same
    /// after `ECOMMERCE_`, and `PAPAY.SIGN`, `PAPAY.TERMINATE`.
    Contract(Box<Contract>),
    /// Anything else.
    Other(OtherEvent),
}

/// An event without a variant of [`Event`]. It keeps the whole payload: decode [`json`](Self::json) into a custom
/// struct.
///
/// ```
/// use serde::Deserialize;
/// use serde_json::json;
/// use wechatpay_core::notification::Event;
/// use wechatpay_gateway::Gateway;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// #[derive(Deserialize)]
/// struct Parking {
///     plate_number: String,
/// }
///
/// let gateway = Gateway::start()?;
/// let receiver = gateway.client()?.notifications();
/// let signed = gateway.notification("VEHICLE.ENTRANCE", json!({ "plate_number": "粤B888888" })).sign()?;
/// match receiver.receive::<Event>(signed.headers(), signed.body()).await?.payload {
///     Event::Other(other) => {
///         assert_eq!(other.event_type, "VEHICLE.ENTRANCE");
///         assert_eq!(serde_json::from_str::<Parking>(&other.json)?.plate_number, "粤B888888");
///     }
///     listed => panic!("{listed:?}"),
/// }
/// # Ok(()) }
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OtherEvent {
    /// What happened, as the service calls it.
    pub event_type: String,
    /// What kind of object the payload is.
    pub original_type: Option<String>,
    /// The decrypted payload, byte for byte.
    pub json: String,
}

/// The names; the payload's length alone.
impl fmt::Debug for OtherEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OtherEvent")
            .field("event_type", &self.event_type)
            .field("original_type", &self.original_type)
            .field("json", &format_args!("[{} bytes]", self.json.len()))
            .finish()
    }
}

impl Payload for Event {
    fn decode(decrypted: &Decrypted<'_>) -> Result<Self, NotificationError> {
        fn boxed<T: DeserializeOwned>(decrypted: &Decrypted<'_>) -> Result<Box<T>, NotificationError> {
            T::decode(decrypted).map(Box::new)
        }
        let has = |name: &str| decrypted.value.get(name).is_some();
        Ok(match decrypted.envelope.event_type.as_str() {
            "TRANSACTION.SUCCESS" if has("combine_out_trade_no") => Self::CombinedTransaction(boxed(decrypted)?),
            "TRANSACTION.SUCCESS" if has("receiver") => Self::ProfitSharing(boxed(decrypted)?),
            "TRANSACTION.SUCCESS" => Self::Transaction(boxed(decrypted)?),
            "REFUND.SUCCESS" | "REFUND.ABNORMAL" | "REFUND.CLOSED" => Self::Refund(boxed(decrypted)?),
            "PROFITSHARING.SUCCESS" | "PROFITSHARING.RETURN" => Self::ProfitSharing(boxed(decrypted)?),
            "MCHTRANSFER.BILL.FINISHED" => Self::TransferBill(boxed(decrypted)?),
            "COMPLAINT.CREATE" | "COMPLAINT.STATE_CHANGE" => Self::Complaint(boxed(decrypted)?),
            "ENTRUST.SIGN"
            | "ENTRUST.TERMINATE"
            | "ECOMMERCE_ENTRUST.SIGN"
            | "ECOMMERCE_ENTRUST.TERMINATE"
            | "PAPAY.SIGN"
            | "PAPAY.TERMINATE" => Self::Contract(boxed(decrypted)?),
            _ => Self::Other(OtherEvent {
                event_type: decrypted.envelope.event_type.clone(),
                original_type: decrypted.envelope.resource.original_type.clone(),
                json: decrypted.text.to_owned(),
            }),
        })
    }
}
