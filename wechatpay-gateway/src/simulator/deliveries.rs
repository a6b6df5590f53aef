//! The notifications of the state: which are due, and what became of them.

use serde_json::Value;

use crate::simulator::{
    clock::Clock,
    error::StateError,
    model::{About, Attempt, Delivery, DeliveryState, Manner, Subject, remember},
    state::Edit,
};

/// So many notifications are kept. Of more, the oldest that are over go.
const KEPT: usize = 10_000;

/// The content of a notification.
pub(crate) struct Event {
    pub(crate) event_type: &'static str,
    pub(crate) summary: &'static str,
    pub(crate) original_type: &'static str,
    pub(crate) kind: Subject,
    pub(crate) number: String,
    pub(crate) resource: Value,
}

/// Makes a notification, to be attempted at once. Nothing when there is no address.
pub(crate) fn notify(edit: &mut Edit<'_>, url: Option<&str>, event: Event) {
    let Some(url) = url.filter(|url| !url.is_empty()) else {
        return;
    };
    let id = edit.uuid();
    edit.put(Delivery {
        id,
        event_type: event.event_type.to_owned(),
        summary: event.summary.to_owned(),
        original_type: event.original_type.to_owned(),
        about: About {
            kind: event.kind,
            number: event.number,
        },
        url: url.to_owned(),
        resource: event.resource,
        created_at: edit.now,
        next_attempt_at: Some(edit.now),
        state: DeliveryState::Waiting,
        attempts: Vec::new(),
        scheduled_attempts: 0,
    });
    edit.limit::<Delivery>(KEPT, |delivery| delivery.state != DeliveryState::Waiting);
}

/// Why an attempt is made, and so what follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Occasion {
    /// It was due: when it fails, the next one of the schedule follows.
    Schedule,
    /// Somebody asked for it. It changes no schedule.
    Request,
}

/// Writes an attempt down, and what follows from it. `lasting`: no later attempt can end otherwise.
pub(crate) fn record(
    edit: &mut Edit<'_>,
    clock: &Clock,
    id: &str,
    (attempt, lasting): (Attempt, bool),
    occasion: Occasion,
) -> Result<Delivery, StateError> {
    let delivery = edit.get::<Delivery>(id).cloned();
    let mut delivery = delivery.ok_or_else(|| StateError::NoDelivery { id: id.to_owned() })?;
    let taken = attempt.error.is_none() && attempt.manner == Manner::Genuine;
    let end = attempt.at.saturating_add_unsigned(attempt.elapsed_ms);
    remember(&mut delivery.attempts, attempt);
    if taken {
        delivery.state = DeliveryState::Delivered;
        delivery.next_attempt_at = None;
    } else if occasion == Occasion::Schedule && delivery.state == DeliveryState::Waiting {
        delivery.scheduled_attempts += 1;
        delivery.next_attempt_at = clock
            .next_attempt(delivery.scheduled_attempts, end)
            .filter(|_| !lasting);
        if delivery.next_attempt_at.is_none() {
            delivery.state = DeliveryState::GivenUp;
        }
    }
    edit.put(delivery.clone());
    Ok(delivery)
}
