//! The notifications that the service sends.

use super::json::Json;

/// A type of notification (回调通知).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    /// The `event_type` of the notification: `TRANSACTION.SUCCESS`.
    pub event_type: String,
    /// The official Chinese name.
    pub title: Option<String>,
    /// Links to the official pages, the best one first.
    pub documentation: Vec<String>,
}

impl Event {
    /// Those that a root document describes.
    pub(super) fn all(root: &Json) -> Vec<Self> {
        let webhooks = root.get("webhooks").map(Json::members).unwrap_or_default();
        let event = |(event_type, item): &(String, Json)| {
            let post = item.get("post")?;
            let main = post.get("externalDocs").and_then(|docs| docs.get("url"));
            let others = post.get("x-documentation").map(Json::items).unwrap_or_default();
            Some(Self {
                event_type: event_type.clone(),
                title: post.get("summary").and_then(Json::as_str).map(str::to_owned),
                documentation: main
                    .into_iter()
                    .chain(others)
                    .filter_map(Json::as_str)
                    .map(str::to_owned)
                    .collect(),
            })
        };
        webhooks.iter().filter_map(event).collect()
    }
}
