//! What keeps retries from making an outage worse: a token bucket.

use super::policy::RetryPolicy;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

/// The parts of a token. Earnings are given in percent, so whole numbers suffice.
const TOKEN: u64 = 100;

/// A bucket of tokens that starts full. Only calls with a response fill it: without responses nothing is earned, and
/// an outage of any length sees no more retries than the bucket held.
#[derive(Debug)]
pub(crate) struct Budget {
    /// In hundredths of a token. It guards no other memory, so no ordering is needed.
    balance: AtomicU64,
    full: u64,
    earning: u64,
}

impl Budget {
    pub(crate) fn new(policy: &RetryPolicy) -> Self {
        let full = u64::from(policy.budget_burst) * TOKEN;
        Self {
            balance: AtomicU64::new(full),
            full,
            earning: u64::from(policy.budget_percent),
        }
    }

    /// A call had a response: the server is up, and retries are worth their price again.
    pub(crate) fn earn(&self) {
        self.put(self.earning);
    }

    /// Takes the price of one retry, if the bucket holds as much.
    pub(crate) fn withdraw(&self, tokens: u32) -> Option<Permit<'_>> {
        let amount = u64::from(tokens) * TOKEN;
        self.balance
            .fetch_update(Relaxed, Relaxed, |balance| balance.checked_sub(amount))
            .ok()
            .map(|_| Permit { budget: self, amount })
    }

    fn put(&self, amount: u64) {
        // The closure always gives a value, so this cannot fail.
        let _ = self.balance.fetch_update(Relaxed, Relaxed, |balance| {
            Some(balance.saturating_add(amount).min(self.full))
        });
    }

    #[cfg(test)]
    pub(super) fn hundredths(&self) -> u64 {
        self.balance.load(Relaxed)
    }
}

/// The price of one retry, taken from the budget. If it is dropped unused, because the caller cancelled the call while
/// it waited, it is returned.
#[derive(Debug)]
#[must_use]
pub(crate) struct Permit<'a> {
    budget: &'a Budget,
    amount: u64,
}

impl Permit<'_> {
    /// The retry is being sent now.
    pub(crate) fn spend(mut self) {
        self.amount = 0;
    }
}

impl Drop for Permit<'_> {
    fn drop(&mut self) {
        self.budget.put(self.amount);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    fn budget(burst: u32, percent: u32) -> Budget {
        Budget::new(&RetryPolicy::default().budget_burst(burst).budget_percent(percent))
    }

    #[test]
    fn it_starts_full_and_ends_empty() {
        let budget = budget(3, 10);
        for _ in 0..3 {
            budget.withdraw(1).unwrap().spend();
        }
        assert!(budget.withdraw(1).is_none());
        assert_eq!(budget.hundredths(), 0);
    }

    #[test]
    fn ten_calls_with_a_response_earn_one_retry() {
        let budget = budget(1, 10);
        budget.withdraw(1).unwrap().spend();
        for _ in 0..9 {
            budget.earn();
        }
        assert!(budget.withdraw(1).is_none());
        budget.earn();
        budget.withdraw(1).unwrap().spend();
        assert!(budget.withdraw(1).is_none());
    }

    #[test]
    fn it_never_holds_more_than_the_burst() {
        let budget = budget(2, 100);
        for _ in 0..50 {
            budget.earn();
        }
        assert_eq!(budget.hundredths(), 200);
    }

    #[test]
    fn nothing_is_taken_when_there_is_too_little() {
        let budget = budget(4, 10);
        assert!(budget.withdraw(5).is_none());
        assert_eq!(budget.hundredths(), 400);
    }

    #[test]
    fn d4_an_unused_permit_goes_back() {
        let budget = budget(5, 10);
        let permit = budget.withdraw(5).unwrap();
        assert_eq!(budget.hundredths(), 0);
        drop(permit);
        assert_eq!(budget.hundredths(), 500);
    }

    #[test]
    fn many_threads_together_take_exactly_what_is_there() {
        let budget = budget(1000, 10);
        let taken: usize = thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|_| {
                    scope.spawn(|| {
                        (0..1000)
                            .filter(|turn| match budget.withdraw(1) {
                                // Every fourth caller gives up.
                                Some(_given_back) if turn % 4 == 0 => false,
                                Some(permit) => {
                                    permit.spend();
                                    true
                                }
                                None => false,
                            })
                            .count()
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).sum()
        });
        // What is spent and what is left make up what was there.
        assert_eq!(taken as u64 * 100 + budget.hundredths(), 100_000);
        assert!(taken >= 999);
    }
}
