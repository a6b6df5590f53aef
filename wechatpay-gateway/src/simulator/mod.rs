//! WeChat Pay's state: what a request meets that no registered handler takes.

pub(crate) mod clock;
pub(crate) mod control;
pub(crate) mod deliveries;
pub(crate) mod error;
pub mod model;
mod operation;
pub(crate) mod orders;
pub(crate) mod state;

use std::sync::{Arc, Mutex};

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
        operation::Operation,
        state::{Edit, State, Tables},
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
}

/// The simulated service behind the gateway.
pub(crate) struct Simulator {
    mchid: String,
    clock: Clock,
    ledger: Ledger,
    announcer: Announcer,
    routes: Routes<Operation>,
    inner: Mutex<Inner>,
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
        for (method, template, operation) in orders::OPERATIONS {
            if let Ok(method) = Method::from_bytes(method.as_bytes()) {
                routes.add(Route::new(method, template, operation));
            }
        }
        Ok(Self {
            mchid: settings.mchid,
            clock: Clock::new(settings.system, settings.compression),
            ledger: settings.ledger,
            announcer: settings.announcer,
            routes,
            inner: Mutex::new(Inner {
                state: State::new(Tables::default()),
                random: SplitMix::new(settings.seed),
            }),
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
        let reply = self.edit(|edit| operation(edit, request));
        Some(reply.unwrap_or_else(|refusal: Refusal| refusal.reply()))
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
        let notifies = changes.tables.deliveries.len() > 0;
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
    pub(crate) fn view<T>(&self, look: impl FnOnce(&Tables, i64) -> T) -> T {
        let inner = lock(&self.inner);
        look(inner.state.tables(), self.clock.now())
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
