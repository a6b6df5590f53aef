//! WeChat Pay's state: what a request meets that no registered handler takes.

mod actions;
mod bills;
pub(crate) mod clock;
mod code_payment;
mod combined;
pub(crate) mod control;
pub(crate) mod courier;
pub(crate) mod deliveries;
pub(crate) mod error;
pub mod model;
mod operation;
pub(crate) mod orders;
pub(crate) mod refunds;
mod sharing;
pub(crate) mod state;
mod store;
pub(crate) mod transfers;

use std::{
    collections::VecDeque,
    path::PathBuf,
    sync::{Arc, Mutex},
};

use http::{Method, StatusCode};
use tokio::sync::Notify;
use wechatpay_core::system::System;

use crate::{
    changes::Announcer,
    ledger::Ledger,
    lock::lock,
    random::SplitMix,
    request::{
        ReceivedRequest,
        refusal::Refusal,
        route::{PathValues, Route, Routes},
    },
    response::GatewayResponse,
    simulator::{
        clock::Clock,
        error::StateError,
        model::Manner,
        operation::Operation,
        state::{Edit, State},
        store::{Kept, Store},
    },
};

/// What a simulator starts with.
pub(crate) struct Settings {
    pub(crate) mchid: String,
    pub(crate) system: Arc<dyn System>,
    pub(crate) compression: u32,
    pub(crate) seed: u64,
    pub(crate) ledger: Ledger,
    pub(crate) announcer: Announcer,
    /// The state file.
    pub(crate) state: Option<PathBuf>,
}

/// An attempt that somebody asked for.
pub(crate) struct Errand {
    pub(crate) id: String,
    pub(crate) manner: Manner,
    /// How long ago the notification was signed, in seconds.
    pub(crate) age: u64,
}

/// So many attempts that somebody asked for can wait.
const ERRANDS: usize = 1000;

/// The simulated service behind the gateway.
pub(crate) struct Simulator {
    mchid: String,
    clock: Clock,
    ledger: Ledger,
    announcer: Announcer,
    routes: Routes<Operation>,
    inner: Mutex<Inner>,
    store: Option<Store>,
    errands: Mutex<VecDeque<Errand>>,
    /// Woken when a notification may be due.
    due: Notify,
}

struct Inner {
    state: State,
    random: SplitMix,
}

impl Simulator {
    pub(crate) fn new(settings: Settings) -> Result<Self, StateError> {
        let mut routes = Routes::default();
        let operations = [
            orders::OPERATIONS.as_slice(),
            &refunds::OPERATIONS,
            &code_payment::OPERATIONS,
            &combined::OPERATIONS,
            &transfers::OPERATIONS,
            &sharing::OPERATIONS,
            &bills::OPERATIONS,
        ];
        for (method, template, operation) in operations.into_iter().flatten().copied() {
            if let Ok(method) = Method::from_bytes(method.as_bytes()) {
                routes.add(Route::new(method, template, operation));
            }
        }
        let (store, kept) = match &settings.state {
            Some(path) => {
                let (store, kept) = Store::open(path, &settings.mchid)?;
                (Some(store), kept)
            }
            None => (None, Kept::default()),
        };
        for row in kept.ledger {
            settings.ledger.put(row);
        }
        Ok(Self {
            mchid: settings.mchid,
            clock: Clock::new(settings.system, settings.compression),
            ledger: settings.ledger,
            announcer: settings.announcer,
            routes,
            inner: Mutex::new(Inner {
                state: State::new(kept.tables),
                random: SplitMix::new(settings.seed),
            }),
            store,
            errands: Mutex::default(),
            due: Notify::new(),
        })
    }

    /// The template of the operation that this path belongs to, and the path's values.
    pub(crate) fn find(&self, method: &Method, path: &str) -> Option<(String, PathValues)> {
        let (route, values) = self.routes.find(method, path)?;
        Some((route.template.clone(), values))
    }

    /// Executes an operation; nothing when it is not one of the simulator's.
    pub(crate) fn respond(&self, request: &ReceivedRequest) -> Option<GatewayResponse> {
        let (route, _) = self.routes.find(request.method(), request.raw_path())?;
        let operation = route.target;
        let response = self.edit(|edit| operation(edit, request));
        Some(response.unwrap_or_else(|refusal: Refusal| refusal.response()))
    }

    /// Changes the state: everything that `work` changes, or nothing when it fails.
    pub(crate) fn edit<T, E: From<StateError>>(
        &self,
        work: impl FnOnce(&mut Edit<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut inner = lock(&self.inner);
        let Inner { state, random } = &mut *inner;
        let mut edit = Edit::new(state, random, &self.ledger, self.clock.now(), &self.mchid);
        let result = work(&mut edit)?;
        let changes = edit.changes;
        if let Some(store) = &self.store {
            store.write(&changes)?;
        }
        let notifies = changes.tables.deliveries.len() > 0;
        changes.files.into_iter().for_each(|file| state.keep(file));
        state.apply(changes.tables);
        for row in changes.ledger {
            self.ledger.put(row);
        }
        // Told under the lock, so that the order is that of the changes.
        for changed in changes.told {
            self.announcer.tell(changed);
        }
        if notifies {
            self.due.notify_one();
        }
        Ok(result)
    }

    /// Looks at the state.
    pub(crate) fn view<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&lock(&self.inner).state)
    }

    /// Adds attempts that somebody asked for. `false`: too many wait already.
    pub(crate) fn send(&self, errands: impl IntoIterator<Item = Errand>) -> bool {
        let mut waiting = lock(&self.errands);
        if waiting.len() >= ERRANDS {
            return false;
        }
        waiting.extend(errands);
        self.due.notify_one();
        true
    }

    pub(crate) fn next_errand(&self) -> Option<Errand> {
        lock(&self.errands).pop_front()
    }

    pub(crate) fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Waits until a notification may have become due.
    pub(crate) async fn due(&self) {
        self.due.notified().await;
    }
}

/// The state cannot be written: to the client that is an error of the service.
impl From<StateError> for Refusal {
    fn from(error: StateError) -> Self {
        let message = format!("系统错误：{} ({error})", error.chinese());
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "SYSTEM_ERROR", message)
    }
}
