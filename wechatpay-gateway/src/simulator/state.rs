//! The state in memory, and how it is changed: all of an operation's changes, or none.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use bytes::Bytes;
use serde::{Deserialize, Serialize, de::DeserializeOwned};

use crate::{
    changes::Changed,
    ledger::{Ledger, LedgerRow},
    random::SplitMix,
    simulator::{
        clock,
        model::{Delivery, Order, Refund, Sharing, Transfer},
    },
};

/// Something that is kept under a number of the shop's.
pub(crate) trait Record: Clone + Serialize + DeserializeOwned {
    /// Its number.
    fn key(&self) -> &str;

    /// What subscribers are told when it changes.
    fn changed(&self) -> Option<Changed>;

    fn table(tables: &Tables) -> &Table<Self>;

    fn table_mut(tables: &mut Tables) -> &mut Table<Self>;
}

/// Records in the order of their creation.
#[derive(Debug, Clone)]
pub(crate) struct Table<R> {
    /// `None`: removed, in the tables of an [`Edit`].
    rows: BTreeMap<u64, Option<R>>,
    places: HashMap<String, u64>,
    next: u64,
}

impl<R> Default for Table<R> {
    fn default() -> Self {
        Self {
            rows: BTreeMap::new(),
            places: HashMap::new(),
            next: 0,
        }
    }
}

impl<R: Record> Table<R> {
    pub(crate) fn get(&self, key: &str) -> Option<&R> {
        self.rows.get(self.places.get(key)?)?.as_ref()
    }

    /// The oldest first.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &R> {
        self.rows.values().flatten()
    }

    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Every row with its place: what the store writes.
    pub(crate) fn rows(&self) -> impl Iterator<Item = (u64, Option<&R>)> {
        self.rows.iter().map(|(place, row)| (*place, row.as_ref()))
    }

    /// Puts a row at its place, or takes one away.
    pub(crate) fn set(&mut self, place: u64, row: Option<R>) {
        self.next = self.next.max(place + 1);
        match row {
            Some(row) => {
                self.places.insert(row.key().to_owned(), place);
                self.rows.insert(place, Some(row));
            }
            None => {
                if let Some(Some(gone)) = self.rows.remove(&place) {
                    self.places.remove(gone.key());
                }
            }
        }
    }
}

/// Who may get a part of the merchant's orders (分账接收方).
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Receiver {
    /// Sub-merchant, type and account.
    pub(crate) key: String,
    /// `false`: it was deleted.
    pub(crate) present: bool,
}

/// How many numbers the service has given.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Counter {
    name: String,
    given: u64,
}

const COUNTER: &str = "numbers";

/// Tables of all records. A row of the macro is a table.
macro_rules! tables {
    ($($field:ident: $record:ty, $name:literal, $key:ident, $changed:expr;)*) => {
        /// Every table.
        #[derive(Debug, Clone, Default)]
        pub(crate) struct Tables {
            $(pub(crate) $field: Table<$record>,)*
        }

        $(impl Record for $record {
            fn key(&self) -> &str {
                &self.$key
            }

            fn changed(&self) -> Option<Changed> {
                let changed: Option<fn(String) -> Changed> = $changed;
                Some(changed?(self.$key.clone()))
            }

            fn table(tables: &Tables) -> &Table<Self> {
                &tables.$field
            }

            fn table_mut(tables: &mut Tables) -> &mut Table<Self> {
                &mut tables.$field
            }
        })*

        impl Tables {
            /// Empty tables whose new rows get the places after those of `self`.
            fn overlay(&self) -> Self {
                Self { $($field: Table { next: self.$field.next, ..Table::default() },)* }
            }

            fn apply(&mut self, changes: Self) {
                $(for (place, row) in changes.$field.rows {
                    self.$field.set(place, row);
                })*
            }

            /// Every row as the store keeps it: table, place, JSON; no JSON for a row that was removed.
            pub(crate) fn write(&self, write: &mut dyn FnMut(&str, u64, Option<Vec<u8>>)) -> serde_json::Result<()> {
                $(for (place, row) in self.$field.rows() {
                    write($name, place, row.map(serde_json::to_vec).transpose()?);
                })*
                Ok(())
            }

            /// Takes a row as the store keeps it. `false`: there is no such table.
            pub(crate) fn read(&mut self, table: &str, place: u64, json: &[u8]) -> serde_json::Result<bool> {
                match table {
                    $($name => self.$field.set(place, Some(serde_json::from_slice(json)?)),)*
                    _ => return Ok(false),
                }
                Ok(true)
            }
        }
    };
}

tables! {
    orders: Order, "orders", out_trade_no, Some(Changed::Order);
    refunds: Refund, "refunds", out_refund_no, Some(Changed::Refund);
    transfers: Transfer, "transfers", out_bill_no, Some(Changed::Transfer);
    sharings: Sharing, "sharings", out_order_no, Some(Changed::Sharing);
    deliveries: Delivery, "deliveries", id, Some(Changed::Delivery);
    receivers: Receiver, "receivers", key, None;
    counters: Counter, "counters", name, None;
}

/// The state: the tables, and what finds records by other numbers than their own.
#[derive(Debug, Default)]
pub(crate) struct State {
    tables: Tables,
    orders_by_transaction: HashMap<String, String>,
    orders_by_combination: HashMap<String, Vec<String>>,
    refunds_by_order: HashMap<String, Vec<String>>,
    sharings_by_transaction: HashMap<String, Vec<String>>,
    sharings_by_id: HashMap<String, String>,
    transfers_by_bill: HashMap<String, String>,
    /// When notifications are attempted next, and their ids.
    waiting: BTreeSet<(i64, String)>,
    /// Files that can be downloaded, the newest last.
    files: VecDeque<File>,
}

/// A file that can be downloaded (账单文件).
#[derive(Debug, Clone)]
pub(crate) struct File {
    pub(crate) token: String,
    pub(crate) content_type: &'static str,
    pub(crate) bytes: Bytes,
}

/// So many files can be downloaded at a time.
const FILES: usize = 20;

impl State {
    pub(crate) fn new(tables: Tables) -> Self {
        let mut state = Self::default();
        state.apply(tables);
        state
    }

    pub(crate) fn tables(&self) -> &Tables {
        &self.tables
    }

    /// Makes changes part of the state.
    pub(crate) fn apply(&mut self, changes: Tables) {
        for order in changes.orders.iter() {
            if let Some(transaction_id) = &order.transaction_id {
                self.orders_by_transaction
                    .insert(transaction_id.clone(), order.out_trade_no.clone());
            }
            if let Some(combination) = &order.combine_out_trade_no {
                join(&mut self.orders_by_combination, combination, &order.out_trade_no);
            }
        }
        for refund in changes.refunds.iter() {
            join(&mut self.refunds_by_order, &refund.out_trade_no, &refund.out_refund_no);
        }
        for sharing in changes.sharings.iter() {
            join(
                &mut self.sharings_by_transaction,
                &sharing.transaction_id,
                &sharing.out_order_no,
            );
            self.sharings_by_id
                .insert(sharing.order_id.clone(), sharing.out_order_no.clone());
        }
        for transfer in changes.transfers.iter() {
            self.transfers_by_bill
                .insert(transfer.transfer_bill_no.clone(), transfer.out_bill_no.clone());
        }
        for delivery in changes.deliveries.iter() {
            let known = self.tables.deliveries.get(&delivery.id);
            if let Some(at) = known.and_then(|known| known.next_attempt_at) {
                self.waiting.remove(&(at, delivery.id.clone()));
            }
            if let Some(at) = delivery.next_attempt_at {
                self.waiting.insert((at, delivery.id.clone()));
            }
        }
        self.tables.apply(changes);
    }

    /// Keeps a file for its download, in place of the oldest.
    pub(crate) fn keep(&mut self, file: File) {
        if self.files.len() >= FILES {
            self.files.pop_front();
        }
        self.files.push_back(file);
    }

    /// When notifications are attempted next, and their ids, in order.
    pub(crate) fn waiting(&self) -> impl Iterator<Item = (i64, &str)> {
        self.waiting.iter().map(|(at, id)| (*at, id.as_str()))
    }
}

/// Adds a number to those of a key, once.
fn join(index: &mut HashMap<String, Vec<String>>, key: &str, number: &str) {
    let numbers = index.entry(key.to_owned()).or_default();
    if !numbers.iter().any(|known| known == number) {
        numbers.push(number.to_owned());
    }
}

/// One operation's view of the state and its changes, which nobody else sees before they are committed.
pub(crate) struct Edit<'a> {
    state: &'a State,
    random: &'a mut SplitMix,
    ledger: &'a Ledger,
    pub(crate) changes: Changeset,
    /// Milliseconds since 1970.
    pub(crate) now: i64,
    /// The gateway's merchant.
    pub(crate) mchid: &'a str,
}

/// What an operation changed.
pub(crate) struct Changeset {
    pub(crate) tables: Tables,
    /// Rows of the ledger, new and changed.
    pub(crate) ledger: Vec<LedgerRow>,
    /// Files that can be downloaded from now on.
    pub(crate) files: Vec<File>,
    /// What subscribers are told.
    pub(crate) told: Vec<Changed>,
}

impl<'a> Edit<'a> {
    pub(crate) fn new(
        state: &'a State,
        random: &'a mut SplitMix,
        ledger: &'a Ledger,
        now: i64,
        mchid: &'a str,
    ) -> Self {
        let changes = Changeset {
            tables: state.tables.overlay(),
            ledger: Vec::new(),
            files: Vec::new(),
            told: Vec::new(),
        };
        Self {
            state,
            random,
            ledger,
            changes,
            now,
            mchid,
        }
    }

    /// The ledger's row of a number.
    pub(crate) fn row(&self, field: &str, number: &str) -> Option<LedgerRow> {
        self.ledger.row(field, number)
    }

    /// Adds a row to the ledger, or replaces the one with the same number.
    pub(crate) fn write(&mut self, mut row: LedgerRow) {
        if row.place == 0 {
            row.place = self.count();
        }
        self.changes.ledger.push(row);
    }

    pub(crate) fn get<R: Record>(&self, key: &str) -> Option<&R> {
        let (changed, known) = (R::table(&self.changes.tables), R::table(&self.state.tables));
        // A row that this edit has taken away has its place among the known ones alone.
        let place = changed.places.get(key).or_else(|| known.places.get(key))?;
        match changed.rows.get(place) {
            Some(row) => row.as_ref(),
            None => known.get(key),
        }
    }

    /// Adds a record, or replaces the one with the same number.
    pub(crate) fn put<R: Record>(&mut self, record: R) {
        let known = R::table(&self.state.tables).places.get(record.key()).copied();
        self.changes.told.extend(record.changed());
        let table = R::table_mut(&mut self.changes.tables);
        let place = table.places.get(record.key()).copied().or(known);
        table.set(place.unwrap_or(table.next), Some(record));
    }

    /// Takes the oldest records away that fulfil a condition, so that at most `limit` are left.
    pub(crate) fn limit<R: Record>(&mut self, limit: usize, mut may_go: impl FnMut(&R) -> bool) {
        let excess = R::table(&self.state.tables).len().saturating_sub(limit);
        if excess == 0 {
            return;
        }
        let rows = R::table(&self.state.tables).rows();
        let old = rows.filter_map(|(place, row)| row.filter(|row| may_go(row)).map(|_| place));
        let old: Vec<u64> = old.take(excess).collect();
        let table = R::table_mut(&mut self.changes.tables);
        for place in old {
            table.rows.entry(place).or_insert(None);
        }
    }

    /// The order that was paid under WeChat Pay's number.
    pub(crate) fn order_by_transaction(&self, transaction_id: &str) -> Option<&Order> {
        self.get(self.state.orders_by_transaction.get(transaction_id)?)
    }

    /// The parts of a combined order, in order.
    pub(crate) fn orders_of_combination(&self, combine_out_trade_no: &str) -> Vec<Order> {
        self.of(&self.state.orders_by_combination, combine_out_trade_no)
    }

    pub(crate) fn refunds_of(&self, out_trade_no: &str) -> Vec<Refund> {
        self.of(&self.state.refunds_by_order, out_trade_no)
    }

    pub(crate) fn sharing_by_id(&self, order_id: &str) -> Option<&Sharing> {
        self.get(self.state.sharings_by_id.get(order_id)?)
    }

    /// The shop's number of the transfer with WeChat Pay's number.
    pub(crate) fn transfer_by_bill(&self, transfer_bill_no: &str) -> Option<String> {
        self.state.transfers_by_bill.get(transfer_bill_no).cloned()
    }

    pub(crate) fn file(&self, token: &str) -> Option<&File> {
        self.state.files.iter().find(|file| file.token == token)
    }

    pub(crate) fn tables(&self) -> &Tables {
        &self.state.tables
    }

    pub(crate) fn sharings_of(&self, transaction_id: &str) -> Vec<Sharing> {
        self.of(&self.state.sharings_by_transaction, transaction_id)
    }

    fn of<R: Record>(&self, index: &HashMap<String, Vec<String>>, key: &str) -> Vec<R> {
        let numbers = index.get(key).into_iter().flatten();
        numbers.filter_map(|number| self.get(number).cloned()).collect()
    }

    /// A number of the service's own: the prefix, the day, and digits, `length` characters in all. The last digits
    /// count records, so a number is unique also when a seed is used again after a restart.
    pub(crate) fn number(&mut self, prefix: &str, length: usize) -> String {
        let day = clock::compact_day(self.now);
        let width = length.saturating_sub(prefix.len() + day.len());
        let digits = format!("{:0>6}{:0>8}", self.random.below(1_000_000), self.count());
        let digits = digits.get(digits.len().saturating_sub(width)..).unwrap_or_default();
        format!("{prefix}{day}{digits:0>width$}")
    }

    /// Text as tokens have it, unique as a [`number`](Self::number) is.
    pub(crate) fn token(&mut self) -> String {
        let count = self.count();
        let nonce = self.random.nonce();
        format!("{}{count:08x}", nonce.get(..24).unwrap_or_default())
    }

    /// 28 characters, as an openid has.
    pub(crate) fn openid(&mut self) -> String {
        let nonce = self.random.nonce();
        format!("oSim-{}", nonce.get(..23).unwrap_or_default())
    }

    /// A UUID, as the id of a notification is.
    pub(crate) fn uuid(&mut self) -> String {
        let digits = self.token();
        let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default().to_owned();
        [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")
    }

    /// How many numbers were given, this one included: also before a restart.
    fn count(&mut self) -> u64 {
        let given = self.get::<Counter>(COUNTER).map_or(0, |counter| counter.given) + 1;
        self.put(Counter {
            name: COUNTER.to_owned(),
            given,
        });
        given
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn receiver(key: &str, present: bool) -> Receiver {
        Receiver {
            key: key.to_owned(),
            present,
        }
    }

    /// Makes one edit of the state and commits it.
    fn edit<T>(state: &mut State, work: impl FnOnce(&mut Edit<'_>) -> T) -> T {
        let (mut random, ledger) = (SplitMix::new(7), Ledger::default());
        let mut edit = Edit::new(state, &mut random, &ledger, 1_528_425_296_000, "1900000100");
        let result = work(&mut edit);
        let changes = edit.changes;
        state.apply(changes.tables);
        result
    }

    #[test]
    fn an_edit_sees_its_own_changes_and_a_later_one_sees_them_too() {
        let mut state = State::default();
        edit(&mut state, |edit| {
            edit.put(receiver("b", true));
            edit.put(receiver("a", true));
            edit.put(receiver("b", false));
            assert!(edit.get::<Receiver>("b").is_some_and(|it| !it.present));
        });
        let names: Vec<_> = state.tables().receivers.iter().map(|it| it.key.as_str()).collect();
        assert_eq!(names, ["b", "a"]);
        edit(&mut state, |edit| edit.put(receiver("a", false)));
        assert_eq!(state.tables().receivers.len(), 2);
        assert!(state.tables().receivers.get("a").is_some_and(|it| !it.present));
    }

    #[test]
    fn the_oldest_records_go_that_may_go() {
        let mut state = State::default();
        edit(&mut state, |edit| {
            for number in 0..10 {
                edit.put(receiver(&format!("r{number}"), number == 1));
            }
        });
        edit(&mut state, |edit| {
            edit.limit::<Receiver>(7, |receiver| !receiver.present);
            assert!(edit.get::<Receiver>("r0").is_none());
        });
        let left: Vec<_> = state.tables().receivers.iter().map(|it| it.key.as_str()).collect();
        assert_eq!(left, ["r1", "r4", "r5", "r6", "r7", "r8", "r9"]);
    }

    #[test]
    fn rows_are_read_as_they_were_written_and_new_ones_follow() {
        let mut state = State::default();
        edit(&mut state, |edit| {
            edit.put(receiver("b", true));
            edit.put(receiver("a", true));
            edit.number("42", 28);
        });
        let mut tables = Tables::default();
        state
            .tables()
            .write(&mut |table, place, json| assert!(tables.read(table, place, &json.unwrap()).unwrap()))
            .unwrap();
        let mut again = State::new(tables);
        edit(&mut again, |edit| edit.put(receiver("c", true)));
        let names: Vec<_> = again.tables().receivers.iter().map(|it| it.key.as_str()).collect();
        assert_eq!(names, ["b", "a", "c"]);
        assert!(!Tables::default().read("strangers", 0, b"{}").unwrap());
    }

    #[test]
    fn a_seed_that_is_used_again_gives_new_numbers() {
        let mut state = State::default();
        let first = edit(&mut state, |edit| [edit.number("42000", 28), edit.number("503", 29)]);
        let second = edit(&mut state, |edit| [edit.number("42000", 28), edit.number("503", 29)]);
        assert_ne!(first, second);
        assert_eq!(first.each_ref().map(String::len), [28, 29]);
        assert!(first[0].starts_with("4200020180608"), "{}", first[0]);
        let uuid = edit(&mut state, |edit| edit.uuid());
        assert_eq!((uuid.len(), uuid.matches('-').count()), (36, 4));
    }
}
