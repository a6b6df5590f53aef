//! What really happened: the orders that the service has executed, by their business number (商户单号).

use std::sync::{Arc, Mutex, MutexGuard};

use http::Method;
use serde_json::{Value, json};

use super::{GatewayReply, ReceivedRequest, service::lock};

/// The orders of a gateway. A handle: clones see the same orders, so a handler that queries may own one.
///
/// ```
/// use http::Method;
/// use serde_json::json;
/// use wechatpay_core::gateway::{Gateway, GatewayReply};
///
/// let gateway = Gateway::start()?;
/// gateway.on_order(Method::POST, "/v3/pay/transactions/jsapi", "out_trade_no", |_| json!({ "prepay_id": "wx1" }));
/// let ledger = gateway.ledger();
/// gateway.on(Method::GET, "/v3/pay/transactions/out-trade-no/{out_trade_no}", move |request| {
///     match ledger.find(request.path("out_trade_no")) {
///         Some(row) => GatewayReply::json(200, &row.parameters),
///         None => GatewayReply::error(404, "ORDER_NOT_EXIST", "订单不存在"),
///     }
/// });
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Ledger(Arc<Book>);

#[derive(Debug, Default)]
struct Book {
    rows: Mutex<Vec<LedgerRow>>,
    /// Held from looking a number up until its order is written, over the handler's work. Queries need not wait.
    committing: Mutex<()>,
}

/// One order.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct LedgerRow {
    /// The name of the business number, such as `out_trade_no`.
    pub field: String,
    /// The business number.
    pub number: String,
    /// Method and path of the operation, with placeholders.
    pub operation: String,
    /// What the order was created with: the JSON of the request, decrypted.
    pub parameters: Value,
    /// What was answered, then and at every repeat.
    pub reply: GatewayReply,
    /// How many requests with these parameters were executed or replayed: 1 without repeats.
    pub requests: u64,
    /// How many requests had the same number and other parameters. They were refused.
    pub conflicts: u64,
}

impl Ledger {
    fn lock(&self) -> MutexGuard<'_, Vec<LedgerRow>> {
        lock(&self.0.rows)
    }

    /// Every order, in the order of execution.
    #[must_use]
    pub fn rows(&self) -> Vec<LedgerRow> {
        self.lock().clone()
    }

    /// The order with this number, whatever its number is called.
    #[must_use]
    pub fn find(&self, number: &str) -> Option<LedgerRow> {
        self.lock().iter().find(|row| row.number == number).cloned()
    }

    /// How many orders have this number: 0 or 1, unless numbers of different names are the same.
    #[must_use]
    pub fn count(&self, number: &str) -> usize {
        self.lock().iter().filter(|row| row.number == number).count()
    }

    /// How many orders were executed.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lock().len()
    }

    /// Whether nothing was executed yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lock().is_empty()
    }

    /// Executes an order, or gives the answer of the one that has its number already.
    pub(super) fn commit(
        &self,
        method: &Method,
        field: &str,
        request: &ReceivedRequest,
        execute: impl FnOnce(&ReceivedRequest) -> GatewayReply,
    ) -> GatewayReply {
        let number = match request.path(field) {
            "" => request
                .json()
                .get(field)
                .and_then(Value::as_str)
                .or_else(|| request.query(field)),
            number => Some(number),
        };
        let Some(number) = number.filter(|number| !number.is_empty()).map(str::to_owned) else {
            return GatewayReply::error(400, "PARAM_ERROR", &format!("缺少参数{field}"));
        };
        let _committing = lock(&self.0.committing);
        let operation = format!("{method} {}", request.template().unwrap_or_default());
        if let Some(row) = self
            .lock()
            .iter_mut()
            .find(|row| row.field == field && row.number == number)
        {
            if row.operation == operation && row.parameters == *request.json() {
                row.requests += 1;
                return row.reply.clone();
            }
            row.conflicts += 1;
            return GatewayReply::json(
                400,
                &json!({
                    "code": "INVALID_REQUEST",
                    "message": "该单号已存在，且本次请求参数与之前不一致",
                    "detail": { "location": "body", "field": field, "issue": "re-entry with different parameters" },
                }),
            );
        }
        let reply = execute(request);
        if reply.status().is_success() {
            self.lock().push(LedgerRow {
                field: field.to_owned(),
                number,
                operation,
                parameters: request.json().clone(),
                reply: reply.clone(),
                requests: 1,
                conflicts: 0,
            });
        }
        reply
    }
}
