//! What can be done with the state from outside, beyond one product.

use crate::{
    changes::Changed,
    lock::lock,
    simulator::{
        Errand, Simulator, combined,
        error::StateError,
        model::{Cause, Manner, Order},
        orders,
        state::{State, Tables},
    },
};

impl Simulator {
    /// The payer pays an order, or all orders of the combination that the number belongs to.
    pub(crate) fn pay(&self, out_trade_no: &str) -> Result<Order, StateError> {
        self.edit(|edit| {
            let combination = match edit.get::<Order>(out_trade_no) {
                Some(order) => order.combine_out_trade_no.clone(),
                None if edit.orders_of_combination(out_trade_no).is_empty() => None,
                None => Some(out_trade_no.to_owned()),
            };
            let Some(combination) = combination else {
                return orders::pay(edit, out_trade_no, Cause::Payer);
            };
            let first = combined::pay(edit, &combination, Cause::Payer)?;
            Ok(edit.get(out_trade_no).cloned().unwrap_or(first))
        })
    }

    /// Asks for attempts to deliver a notification, beside its schedule.
    pub(crate) fn deliver(&self, id: &str, manner: Manner, age: u64, times: usize) -> Result<(), StateError> {
        if self.view(|state| state.tables().deliveries.get(id).is_none()) {
            return Err(StateError::NoDelivery { id: id.to_owned() });
        }
        let errand = || Errand {
            id: id.to_owned(),
            manner,
            age,
        };
        if self.send((0..times).map(|_| errand())) {
            return Ok(());
        }
        Err(StateError::Busy)
    }

    /// Forgets everything but how many numbers were given, so that none is given twice.
    pub(crate) fn reset(&self) -> Result<(), StateError> {
        let mut inner = lock(&self.inner);
        let tables = Tables {
            counters: inner.state.tables().counters.clone(),
            ..Tables::default()
        };
        if let Some(store) = &self.store {
            store.replace(&tables)?;
        }
        inner.state = State::new(tables);
        self.ledger.clear();
        lock(&self.errands).clear();
        // Told under the lock, so that the order is that of the changes.
        self.announcer.tell(Changed::Lagged(0));
        Ok(())
    }
}
