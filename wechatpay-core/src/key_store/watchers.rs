//! Who is notified when the keys of a store change.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError, Weak},
};

/// Called after each change. It must not change keys itself.
pub(crate) type Watcher = dyn Fn() + Send + Sync;

/// Watchers end with their owners: only weak references are kept here.
#[derive(Default)]
pub(crate) struct Watchers(Mutex<Vec<Weak<Watcher>>>);

impl Watchers {
    /// Calls `watcher` after each change from now on, as long as it lives.
    pub(crate) fn add(&self, watcher: &Arc<Watcher>) {
        let mut watchers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        watchers.retain(|watcher| watcher.strong_count() > 0);
        watchers.push(Arc::downgrade(watcher));
    }

    pub(super) fn notify(&self) {
        for watcher in &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            if let Some(watcher) = watcher.upgrade() {
                watcher();
            }
        }
    }
}

impl fmt::Debug for Watchers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watchers").finish_non_exhaustive()
    }
}
