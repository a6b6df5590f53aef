//! The description as one text: a line for each operation, so that a look-up parses one line and a search none.
//!
//! A line holds the [`Summary`] in columns parted by tabs, and then the operation as JSON. The first line is the root
//! document, and the lines behind it are the notifications. `cargo wechatpay generate` writes the file from the path
//! documents.

use super::event::Event;
use super::json::Json;
use super::operation::Method;
use super::summary::Summary;
use std::borrow::Cow;

/// Parts the columns of a line.
const COLUMN: char = '\t';
/// Parts the items of a list in a column.
const ITEM: char = '\u{1f}';

/// Writes the bundle of a description: the same text for the same description.
pub(super) fn write(root: &Json, events: &[Event], operations: &[Summary]) -> String {
    let mut out = root.to_string();
    out.push('\n');
    for event in events {
        let title = event.title.as_deref().map(plain).unwrap_or_default();
        let columns = ["", &plain(&event.event_type), &title, &list(&event.documentation)];
        out.push_str(&columns.join(&COLUMN.to_string()));
        out.push('\n');
    }
    for summary in operations {
        let columns = [
            &*plain(&summary.id),
            summary.method.as_str(),
            &plain(&summary.path),
            &summary.title.as_deref().map(plain).unwrap_or_default(),
            &list(&summary.tags),
            &list(&summary.roles),
            &summary.updated.as_deref().map(plain).unwrap_or_default(),
            if summary.deprecated { "deprecated" } else { "" },
            if summary.secrets { "secrets" } else { "" },
            &list(&summary.documentation),
            &list(&summary.labels),
            &summary.text,
        ];
        out.push_str(&columns.join(&COLUMN.to_string()));
        out.push('\n');
    }
    out
}

/// Reads what [`write`] wrote: the root document, the notifications and the operations. A line that is not of this form is left out; a test compares the count.
pub(super) fn read(bundle: &'static str) -> (&'static str, Vec<Event>, Vec<Summary>) {
    let (root, lines) = bundle.split_once('\n').unwrap_or((bundle, ""));
    let (mut events, mut operations) = (Vec::new(), Vec::new());
    for line in lines.lines() {
        match line.strip_prefix(COLUMN) {
            Some(event) => events.extend(read_event(event)),
            None => operations.extend(read_operation(line)),
        }
    }
    (root, events, operations)
}

fn read_event(line: &str) -> Option<Event> {
    let mut columns = line.split(COLUMN);
    Some(Event {
        event_type: columns.next()?.to_owned(),
        title: columns.next().filter(|title| !title.is_empty()).map(str::to_owned),
        documentation: items(columns.next()?).map(Cow::into_owned).collect(),
    })
}

fn read_operation(line: &'static str) -> Option<Summary> {
    let mut columns = line.splitn(12, COLUMN);
    let mut next = || columns.next();
    let text = |column: &'static str| Some(Cow::Borrowed(column)).filter(|text| !text.is_empty());
    Some(Summary {
        id: next()?.into(),
        method: Method::parse(next()?)?,
        path: next()?.into(),
        title: text(next()?),
        tags: items(next()?).collect(),
        roles: items(next()?).collect(),
        updated: text(next()?),
        deprecated: next()? == "deprecated",
        secrets: next()? == "secrets",
        documentation: items(next()?).collect(),
        labels: items(next()?).collect(),
        text: next()?.into(),
        operation: std::sync::OnceLock::new(),
    })
}

fn items(column: &str) -> impl Iterator<Item = Cow<'_, str>> {
    column.split(ITEM).filter(|item| !item.is_empty()).map(Cow::Borrowed)
}

fn list<T: AsRef<str>>(items: &[T]) -> String {
    items
        .iter()
        .map(|item| plain(item.as_ref()))
        .collect::<Vec<_>>()
        .join(&ITEM.to_string())
}

/// `text` without the characters that part lines, columns and items.
fn plain(text: &str) -> Cow<'_, str> {
    match text.contains(char::is_control) {
        true => text.replace(char::is_control, " ").into(),
        false => text.into(),
    }
}
