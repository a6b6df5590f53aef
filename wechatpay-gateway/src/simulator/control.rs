//! The methods of [`Gateway`] that look at the simulated state and change it.

use std::time::Duration;

use crate::{
    changes::Changes,
    gateway::Gateway,
    simulator::{
        Simulator,
        error::StateError,
        model::{Cause, Delivery, Manner, Order, Refund, Sharing, Subject, Transfer},
        orders, refunds,
        state::{Edit, Record},
        transfers,
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

    /// The payer pays the order, with all of its combination when it is a part of one. A notification goes to its
    /// `notify_url`. `out_trade_no` may also be that of a combination (合单商户订单号): then the first of its orders is
    /// returned.
    ///
    /// # Errors
    /// When there is no such order, or its state does not allow it.
    pub fn pay(&self, out_trade_no: &str) -> Result<Order, StateError> {
        self.simulator()?.pay(out_trade_no)
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

    /// The notification with this id.
    ///
    /// # Errors
    /// [`StateError::NoDelivery`], and [`StateError::NotSimulated`].
    pub fn delivery(&self, id: &str) -> Result<Delivery, StateError> {
        let found = self
            .simulator()?
            .view(|state| state.tables().deliveries.get(id).cloned());
        found.ok_or_else(|| StateError::NoDelivery { id: id.to_owned() })
    }

    /// Sends a notification once more, now, whether it was delivered or not. [`delivery`](Self::delivery) shows the
    /// attempt as soon as it is over. The schedule stays as it is.
    ///
    /// # Errors
    /// When there is no such notification, or when 1,000 attempts wait already.
    pub fn deliver_again(&self, id: &str) -> Result<(), StateError> {
        self.send(id, Manner::Genuine, 0, 1)
    }

    /// As [`deliver_again`](Self::deliver_again), twice at the same time: the shop has to handle it once.
    ///
    /// # Errors
    /// As [`deliver_again`](Self::deliver_again).
    pub fn deliver_twice(&self, id: &str) -> Result<(), StateError> {
        self.send(id, Manner::Genuine, 0, 2)
    }

    /// As [`deliver_again`](Self::deliver_again), signed so long ago, as if it had been on its way since: the shop has
    /// to refuse it after more than 5 minutes. It does not count as delivered.
    ///
    /// # Errors
    /// As [`deliver_again`](Self::deliver_again).
    pub fn deliver_late(&self, id: &str, age: Duration) -> Result<(), StateError> {
        self.send(id, Manner::Late, age.as_secs(), 1)
    }

    /// As [`deliver_again`](Self::deliver_again), signed with a key that is not the platform's: the shop has to refuse
    /// it. It does not count as delivered.
    ///
    /// # Errors
    /// As [`deliver_again`](Self::deliver_again).
    pub fn deliver_forged(&self, id: &str) -> Result<(), StateError> {
        self.send(id, Manner::Forged, 0, 1)
    }

    fn send(&self, id: &str, manner: Manner, age: u64, times: usize) -> Result<(), StateError> {
        self.simulator()?.deliver(id, manner, age, times)
    }

    /// Forgets orders, refunds, transfers, profit sharing and notifications, in the state file too.
    ///
    /// ```
    /// use wechatpay_gateway::Gateway;
    ///
    /// let gateway = Gateway::builder().simulate().start()?;
    /// gateway.reset()?;
    /// assert!(gateway.orders().is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// [`StateError::NotSimulated`], and [`StateError::File`] if the state file cannot be written.
    pub fn reset(&self) -> Result<(), StateError> {
        self.simulator()?.reset()
    }

    /// The refunds, the oldest first.
    #[must_use]
    pub fn refunds(&self) -> Vec<Refund> {
        self.all()
    }

    /// The refund with this number (商户退款单号).
    ///
    /// # Errors
    /// [`StateError::NotFound`], and [`StateError::NotSimulated`].
    pub fn refund(&self, out_refund_no: &str) -> Result<Refund, StateError> {
        self.one(out_refund_no, Subject::Refund)
    }

    /// The refund succeeds: the money is back. A notification goes to its `notify_url`.
    ///
    /// # Errors
    /// When there is no such refund, or it is not being processed.
    pub fn finish_refund(&self, out_refund_no: &str) -> Result<Refund, StateError> {
        self.change(|edit| refunds::finish(edit, out_refund_no, Cause::Console))
    }

    /// The refund becomes abnormal (退款异常): the payer's bank cannot take the money back. A notification goes to its
    /// `notify_url`.
    ///
    /// # Errors
    /// As [`finish_refund`](Self::finish_refund).
    pub fn make_refund_abnormal(&self, out_refund_no: &str) -> Result<Refund, StateError> {
        self.change(|edit| refunds::make_abnormal(edit, out_refund_no, Cause::Console))
    }

    /// The transfers, the oldest first.
    #[must_use]
    pub fn transfers(&self) -> Vec<Transfer> {
        let now = self.now();
        let transfers = self.all().into_iter();
        transfers.map(|transfer| transfers::as_of(transfer, now)).collect()
    }

    /// The transfer with this number (商户单号).
    ///
    /// # Errors
    /// [`StateError::NotFound`], and [`StateError::NotSimulated`].
    pub fn transfer(&self, out_bill_no: &str) -> Result<Transfer, StateError> {
        let transfer = self.one(out_bill_no, Subject::Transfer)?;
        Ok(transfers::as_of(transfer, self.now()))
    }

    /// The user confirms the transfer: the money arrives. A notification goes to its `notify_url`.
    ///
    /// # Errors
    /// When there is no such transfer, or it does not wait for the user.
    pub fn confirm_transfer(&self, out_bill_no: &str) -> Result<Transfer, StateError> {
        self.change(|edit| transfers::confirm(edit, out_bill_no, Cause::Payer))
    }

    /// The transfer fails: the user's account cannot take the money. A notification goes to its `notify_url`.
    ///
    /// # Errors
    /// As [`confirm_transfer`](Self::confirm_transfer).
    pub fn fail_transfer(&self, out_bill_no: &str) -> Result<Transfer, StateError> {
        self.change(|edit| transfers::fail(edit, out_bill_no, Cause::Console))
    }

    /// The profit sharings (分账) and releases, the oldest first.
    #[must_use]
    pub fn sharings(&self) -> Vec<Sharing> {
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
            |simulator| simulator.view(|state| R::table(state.tables()).iter().cloned().collect()),
        )
    }

    fn one<R: Record>(&self, number: &str, kind: Subject) -> Result<R, StateError> {
        let found = self
            .simulator()?
            .view(|state| R::table(state.tables()).get(number).cloned());
        found.ok_or_else(|| StateError::not_found(kind, number))
    }

    fn change<T>(&self, work: impl FnOnce(&mut Edit<'_>) -> Result<T, StateError>) -> Result<T, StateError> {
        self.simulator()?.edit(work)
    }
}
