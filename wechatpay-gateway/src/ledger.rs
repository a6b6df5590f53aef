//! The ledger: the orders that were executed, by their business number (商户单号).

use std::{
    borrow::Cow,
    collections::HashMap,
    sync::{Arc, Mutex},
};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{lock::lock, request::ReceivedRequest, response::GatewayResponse};

/// The orders of a gateway. Clones are handles to the same orders, so a handler may own one.
///
/// ```
/// use http::Method;
/// use serde_json::json;
/// use wechatpay_gateway::{Gateway, GatewayResponse};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let gateway = Gateway::start()?;
/// gateway.on_order(Method::POST, "/v3/pay/transactions/jsapi", "out_trade_no", |_| json!({ "prepay_id": "wx1" }));
/// let ledger = gateway.ledger();
/// assert!(ledger.is_empty());
/// let orders = ledger.clone();
/// gateway.on(Method::GET, "/v3/pay/transactions/out-trade-no/{out_trade_no}", move |request| {
///     match orders.find(request.path("out_trade_no")) {
///         Some(row) => GatewayResponse::json(200, &row.parameters),
///         None => GatewayResponse::error(404, "ORDER_NOT_EXIST", "订单不存在"),
///     }
/// });
///
/// let client = gateway.client()?;
/// let order = json!({ "out_trade_no": "A-1" });
/// client.request(Method::POST, "/v3/pay/transactions/jsapi").json(&order).send().await?;
/// let queried = client.request(Method::GET, "/v3/pay/transactions/out-trade-no/A-1").send().await?;
/// assert_eq!(*queried, order);
/// assert_eq!((ledger.len(), ledger.count("A-1"), ledger.count("A-2")), (1, 1, 0));
/// assert_eq!(ledger.rows()[0].number, "A-1");
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, Default)]
pub struct Ledger(Arc<Book>);

#[derive(Debug, Default)]
struct Book {
    pages: Mutex<Pages>,
    /// Held from the lookup of a number until its order is recorded, also while the handler runs. Queries do not need
    /// it.
    committing: Mutex<()>,
}

#[derive(Debug, Default)]
struct Pages {
    rows: Vec<LedgerRow>,
    by_number: HashMap<String, Vec<usize>>,
}

impl Pages {
    fn of(&self, number: &str) -> impl Iterator<Item = usize> {
        self.by_number.get(number).into_iter().flatten().copied()
    }

    fn find(&mut self, field: &str, number: &str) -> Option<&mut LedgerRow> {
        let index = self
            .of(number)
            .find(|index| self.rows.get(*index).is_some_and(|row| row.field == field))?;
        self.rows.get_mut(index)
    }

    /// Adds a row, or replaces the one with the same number.
    fn put(&mut self, row: LedgerRow) {
        match self.find(&row.field, &row.number) {
            Some(known) => *known = row,
            None => self.push(row),
        }
    }

    fn push(&mut self, row: LedgerRow) {
        self.by_number
            .entry(row.number.clone())
            .or_default()
            .push(self.rows.len());
        self.rows.push(row);
    }
}

/// One order.
///
/// ```
/// use http::Method;
/// use serde_json::json;
/// use wechatpay_gateway::Gateway;
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let gateway = Gateway::start()?;
/// gateway.on_order(Method::POST, "/v3/pay/transactions/jsapi", "out_trade_no", |_| json!({ "prepay_id": "wx1" }));
/// let client = gateway.client()?;
/// let place = async |total: u32| {
///     let order = json!({ "out_trade_no": "A-1", "amount": { "total": total } });
///     client.request(Method::POST, "/v3/pay/transactions/jsapi").json(&order).send().await.is_ok()
/// };
/// // Twice with the same parameters, and once with another amount.
/// assert_eq!((place(100).await, place(100).await, place(200).await), (true, true, false));
///
/// let row = gateway.ledger().find("A-1").expect("the order was placed");
/// assert_eq!((row.requests, row.conflicts), (2, 1));
/// assert_eq!(row.parameters["amount"]["total"], 100);
/// # Ok(()) }
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct LedgerRow {
    /// The field of the business number, such as `out_trade_no`.
    pub field: String,
    /// The business number.
    pub number: String,
    /// The method and path of the operation, with placeholders.
    pub operation: String,
    /// The JSON of the request that created the order, decrypted.
    pub parameters: Value,
    /// The response to this request and to every retry.
    pub response: GatewayResponse,
    /// The number of requests with these parameters: 1 plus the number of retries.
    pub requests: u64,
    /// The number of refused requests with the same number and other parameters.
    pub conflicts: u64,
    /// Its place in the state file; 0 for one that is not kept there.
    pub(crate) place: u64,
}

/// A row in the state file.
#[derive(Serialize, Deserialize)]
struct Kept<'a> {
    field: Cow<'a, str>,
    number: Cow<'a, str>,
    operation: Cow<'a, str>,
    parameters: Cow<'a, Value>,
    status: u16,
    body: Cow<'a, str>,
    requests: u64,
    conflicts: u64,
}

impl LedgerRow {
    /// The row of an order that this request has just placed.
    pub(crate) fn new(field: &str, number: &str, request: &ReceivedRequest, response: &GatewayResponse) -> Self {
        Self {
            field: field.to_owned(),
            number: number.to_owned(),
            operation: operation(request),
            parameters: request.json().clone(),
            response: response.clone(),
            requests: 1,
            conflicts: 0,
            place: 0,
        }
    }

    /// The row as the state file keeps it.
    pub(crate) fn to_json(&self) -> serde_json::Result<Vec<u8>> {
        let body = String::from_utf8_lossy(self.response.body());
        serde_json::to_vec(&Kept {
            field: Cow::Borrowed(&self.field),
            number: Cow::Borrowed(&self.number),
            operation: Cow::Borrowed(&self.operation),
            parameters: Cow::Borrowed(&self.parameters),
            status: self.response.status().as_u16(),
            body,
            requests: self.requests,
            conflicts: self.conflicts,
        })
    }

    pub(crate) fn from_json(place: u64, json: &[u8]) -> serde_json::Result<Self> {
        let kept: Kept<'_> = serde_json::from_slice(json)?;
        Ok(Self {
            field: kept.field.into_owned(),
            number: kept.number.into_owned(),
            operation: kept.operation.into_owned(),
            parameters: kept.parameters.into_owned(),
            response: GatewayResponse::json_text(kept.status, kept.body.into_owned()),
            requests: kept.requests,
            conflicts: kept.conflicts,
            place,
        })
    }

    /// Whether a request with the same number asks for the same.
    pub(crate) fn is_of(&self, request: &ReceivedRequest) -> bool {
        self.operation == operation(request) && self.parameters == *request.json()
    }
}

/// Method and path of a request's operation, with placeholders.
fn operation(request: &ReceivedRequest) -> String {
    format!("{} {}", request.method(), request.template().unwrap_or_default())
}

/// Refuses a number that was used before with other parameters.
pub(crate) fn conflict(field: &str) -> GatewayResponse {
    GatewayResponse::json(
        400,
        &json!({
            "code": "INVALID_REQUEST",
            "message": "请求重入时，参数与首次请求时不一致",
            "detail": { "location": "body", "field": field, "issue": "re-entry with different parameters" },
        }),
    )
}

impl Ledger {
    /// Every order, in the order of execution.
    #[must_use]
    pub fn rows(&self) -> Vec<LedgerRow> {
        lock(&self.0.pages).rows.clone()
    }

    /// The first order with this number, in any field.
    #[must_use]
    pub fn find(&self, number: &str) -> Option<LedgerRow> {
        let pages = lock(&self.0.pages);
        let index = pages.of(number).next()?;
        pages.rows.get(index).cloned()
    }

    /// How many orders have this number: 0 or 1, unless different fields have the same number.
    #[must_use]
    pub fn count(&self, number: &str) -> usize {
        lock(&self.0.pages).of(number).count()
    }

    /// How many orders were executed.
    #[must_use]
    pub fn len(&self) -> usize {
        lock(&self.0.pages).rows.len()
    }

    /// Whether no order was executed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The row of a number, by the number's name too.
    pub(crate) fn row(&self, field: &str, number: &str) -> Option<LedgerRow> {
        lock(&self.0.pages).find(field, number).cloned()
    }

    /// Forgets every row.
    pub(crate) fn clear(&self) {
        *lock(&self.0.pages) = Pages::default();
    }

    /// Adds a row, or replaces the one with the same number.
    pub(crate) fn put(&self, row: LedgerRow) {
        lock(&self.0.pages).put(row);
    }

    /// Executes an order, or returns the response of the order with the same number.
    pub(crate) fn commit(
        &self,
        field: &str,
        request: &ReceivedRequest,
        execute: impl FnOnce(&ReceivedRequest) -> GatewayResponse,
    ) -> GatewayResponse {
        let number = match request.path(field) {
            "" => request
                .json()
                .get(field)
                .and_then(Value::as_str)
                .or_else(|| request.query(field)),
            number => Some(number),
        };
        let Some(number) = number.filter(|number| !number.is_empty()).map(str::to_owned) else {
            return GatewayResponse::error(400, "PARAM_ERROR", &format!("缺少参数{field}"));
        };
        let _committing = lock(&self.0.committing);
        if let Some(row) = lock(&self.0.pages).find(field, &number) {
            if row.is_of(request) {
                row.requests += 1;
                return row.response.clone();
            }
            row.conflicts += 1;
            return conflict(field);
        }
        let response = execute(request);
        if response.status().is_success() {
            self.put(LedgerRow::new(field, &number, request, &response));
        }
        response
    }
}
