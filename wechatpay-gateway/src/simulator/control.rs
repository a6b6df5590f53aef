//! The methods of [`Gateway`] that look at the simulated state and change it.

use crate::{
    changes::Changes,
    gateway::Gateway,
    simulator::{
        Simulator,
        error::StateError,
        model::{Cause, Delivery, Order, Subject},
        orders,
        state::{Edit, Record},
    },
};

impl Gateway {
    /// The changes from now on: each request that is logged, and each change of the simulated state.
    ///
    /// ```
    /// use wechatpay_gateway::{Changed, Gateway};
    ///
    /// let gateway = Gateway::start()?;
    /// let mut changes = gateway.subscribe();
    /// # let _: Option<Changed> = changes.try_next();
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn subscribe(&self) -> Changes {
        self.service.announcer.subscribe()
    }

    /// The orders, the oldest first. Empty without [`simulate`](crate::GatewayBuilder::simulate).
    #[must_use]
    pub fn orders(&self) -> Vec<Order> {
        self.all::<Order>()
            .into_iter()
            .map(|order| orders::as_of(order, self.now()))
            .collect()
    }

    /// The order with this number (商户订单号).
    ///
    /// # Errors
    /// [`StateError::NotFound`], and [`StateError::NotSimulated`].
    pub fn order(&self, out_trade_no: &str) -> Result<Order, StateError> {
        let order = self.one::<Order>(out_trade_no, Subject::Order)?;
        Ok(orders::as_of(order, self.now()))
    }

    /// The payer pays the order. A notification goes to its `notify_url`.
    ///
    /// # Errors
    /// When there is no such order, or its state does not allow it.
    pub fn pay(&self, out_trade_no: &str) -> Result<Order, StateError> {
        self.change(|edit| orders::pay(edit, out_trade_no, Cause::Payer))
    }

    /// The payment fails; the order's state becomes `PAYERROR`. The payer can pay it later.
    ///
    /// # Errors
    /// As [`pay`](Self::pay).
    pub fn fail_payment(&self, out_trade_no: &str) -> Result<Order, StateError> {
        self.change(|edit| orders::fail_payment(edit, out_trade_no, Cause::Payer))
    }

    /// The payer goes away without paying. The order's state stays as it is.
    ///
    /// # Errors
    /// As [`pay`](Self::pay).
    pub fn leave_payment(&self, out_trade_no: &str) -> Result<Order, StateError> {
        self.change(|edit| orders::leave_payment(edit, out_trade_no, Cause::Payer))
    }

    /// The notifications, the oldest first. The last 10,000 are kept, and all that are not delivered yet.
    #[must_use]
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.all()
    }

    fn simulator(&self) -> Result<&Simulator, StateError> {
        self.service.simulator.as_deref().ok_or(StateError::NotSimulated)
    }

    fn now(&self) -> i64 {
        self.simulator().map_or(0, |simulator| simulator.clock().now())
    }

    fn all<R: Record>(&self) -> Vec<R> {
        self.simulator().map_or_else(
            |_| Vec::new(),
            |simulator| simulator.view(|tables, _| R::table(tables).iter().cloned().collect()),
        )
    }

    fn one<R: Record>(&self, number: &str, kind: Subject) -> Result<R, StateError> {
        let found = self
            .simulator()?
            .view(|tables, _| R::table(tables).get(number).cloned());
        found.ok_or_else(|| StateError::not_found(kind, number))
    }

    fn change<T>(&self, work: impl FnOnce(&mut Edit<'_>) -> Result<T, StateError>) -> Result<T, StateError> {
        self.simulator()?.edit(work)
    }
}
