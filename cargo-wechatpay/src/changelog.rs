//! What differs between two descriptions: operations that were added, changed or removed.

use std::{collections::BTreeMap, fmt};

use wechatpay_catalogue::description::json::Json;

use crate::read::Documents;

/// What differs between an older and a newer description.
///
/// Displayed as text with a line for each operation and each change.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Changelog {
    /// Operations of the newer description alone, by path.
    pub added: Vec<Named>,
    /// Operations that differ, by path.
    pub changed: Vec<Changed>,
    /// Operations of the older description alone, by path.
    pub removed: Vec<Named>,
    /// Types of notifications of the newer description alone.
    pub added_events: Vec<String>,
    /// Types of notifications of the older description alone.
    pub removed_events: Vec<String>,
}

/// The name of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Named {
    /// The method, in upper case.
    pub method: String,
    /// The path.
    pub path: String,
    /// The official name.
    pub title: Option<String>,
}

/// An operation that differs.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Changed {
    /// Which one.
    pub operation: Named,
    /// What differs, in the order of the newer description.
    pub changes: Vec<Change>,
}

/// One difference in an operation.
///
/// A place is empty for the operation itself, or a parameter (`query limit`), a field of the request (`body`,
/// `body amount.total`, `meta sha256`, `form item_id`) or of a response (`response 200 data[].state`).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Change {
    /// A field is new, with everything in it.
    Added {
        /// Where it is.
        place: String,
        /// Whether it must be sent.
        required: bool,
    },
    /// A field is gone, with everything in it.
    Removed {
        /// Where it was.
        place: String,
    },
    /// A word of the description has another value.
    Different {
        /// Where.
        place: String,
        /// The word: `type`, `enum`, `required`, `x-sensitive`, ..
        word: String,
        /// Its value in the older description.
        old: Option<Json>,
        /// Its value in the newer description.
        new: Option<Json>,
    },
}

impl Changelog {
    /// Compares two descriptions. The order of fields does not count.
    #[must_use]
    pub fn between(older: &Documents, newer: &Documents) -> Self {
        let old = operations(older);
        let new = operations(newer);
        let mut log = Self::default();
        for (name, operation) in &new {
            let Some(before) = old.get(name) else {
                log.added.push(named(name, operation));
                continue;
            };
            let changes = changes(before, operation);
            if !changes.is_empty() {
                let operation = named(name, operation);
                log.changed.push(Changed { operation, changes });
            }
        }
        let removed = old.iter().filter(|(name, _)| !new.contains_key(*name));
        log.removed = removed.map(|(name, operation)| named(name, operation)).collect();
        let (old, new) = (events(older), events(newer));
        log.added_events = new.iter().filter(|event| !old.contains(event)).cloned().collect();
        log.removed_events = old.into_iter().filter(|event| !new.contains(event)).collect();
        log
    }

    /// Whether the descriptions are equivalent.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// The operations by path and place of the method.
fn operations(documents: &Documents) -> BTreeMap<(&str, usize, &str), &Json> {
    let mut operations = BTreeMap::new();
    for (path, item) in &documents.paths {
        for (index, (method, operation)) in item.members().iter().enumerate() {
            // By method, not by its place in the document: it may come earlier in one of the two.
            let index = ["get", "post", "put", "patch", "delete"]
                .iter()
                .position(|known| known == method)
                .unwrap_or(index + 5);
            operations.insert((path.as_str(), index, method.as_str()), operation);
        }
    }
    operations
}

fn named((path, _, method): &(&str, usize, &str), operation: &Json) -> Named {
    Named {
        method: method.to_ascii_uppercase(),
        path: (*path).to_owned(),
        title: operation.get("summary").and_then(Json::as_str).map(str::to_owned),
    }
}

fn events(documents: &Documents) -> Vec<String> {
    let events = documents.root.get("webhooks").map(Json::members).unwrap_or_default();
    events.iter().map(|(event, _)| event.clone()).collect()
}

/// What differs between two versions of an operation.
pub(crate) fn changes(old: &Json, new: &Json) -> Vec<Change> {
    let (old, new) = (facts(old), facts(new));
    let mut changes = Vec::new();
    for (place, words) in &new.places {
        let Some(before) = old.get(place) else {
            if new.parent(place).is_none_or(|parent| old.get(parent).is_some()) {
                let required = words.iter().any(|(word, _)| word == "required");
                let place = place.clone();
                changes.push(Change::Added { place, required });
            }
            continue;
        };
        let gone = before
            .iter()
            .filter(|(word, _)| !words.iter().any(|(known, _)| known == word));
        let names = words.iter().chain(gone).map(|(word, _)| word);
        for name in names {
            let value = |words: &[(String, Json)]| {
                words
                    .iter()
                    .find(|(word, _)| word == name)
                    .map(|(_, value)| value.clone())
            };
            let (old, new) = (value(before), value(words));
            if !same(name, old.as_ref(), new.as_ref()) {
                changes.push(Change::Different {
                    place: place.clone(),
                    word: name.clone(),
                    old,
                    new,
                });
            }
        }
    }
    for (place, _) in &old.places {
        if new.get(place).is_none() && old.parent(place).is_none_or(|parent| new.get(parent).is_some()) {
            changes.push(Change::Removed { place: place.clone() });
        }
    }
    changes
}

/// Whether two words are equivalent. The order counts only if it has a meaning.
fn same(word: &str, old: Option<&Json>, new: Option<&Json>) -> bool {
    let sorted = |value: Option<&Json>| {
        let mut items: Vec<String> = match value {
            Some(Json::Object(members)) => members.iter().map(|(name, value)| format!("{name}:{value}")).collect(),
            Some(value) => value.items().iter().map(Json::to_string).collect(),
            None => Vec::new(),
        };
        items.sort();
        items
    };
    match word {
        "enum" | "x-enum-titles" | "tags" | "x-roles" | "x-documentation" => sorted(old) == sorted(new),
        _ => old == new,
    }
}

/// The words of an operation, by place, in order.
#[derive(Default)]
struct Facts {
    places: Vec<(String, Vec<(String, Json)>)>,
    by_place: BTreeMap<String, usize>,
    /// The place around a place.
    parents: BTreeMap<String, String>,
}

impl Facts {
    fn get(&self, place: &str) -> Option<&[(String, Json)]> {
        let index = *self.by_place.get(place)?;
        self.places.get(index).map(|(_, words)| words.as_slice())
    }

    fn parent(&self, place: &str) -> Option<&str> {
        self.parents.get(place).map(String::as_str)
    }

    fn add(&mut self, place: &str, parent: Option<&str>, words: Vec<(String, Json)>) {
        self.by_place.insert(place.to_owned(), self.places.len());
        self.places.push((place.to_owned(), words));
        if let Some(parent) = parent {
            self.parents.insert(place.to_owned(), parent.to_owned());
        }
    }

    /// A schema and the ones below it.
    fn schema(&mut self, place: &str, parent: Option<&str>, schema: &Json, required: bool) {
        let below = ["properties", "items", "contentSchema", "required"];
        let words = schema
            .members()
            .iter()
            .filter(|(word, _)| !below.contains(&word.as_str()));
        let mut words: Vec<_> = words.cloned().collect();
        if required {
            words.push(("required".to_owned(), true.into()));
        }
        self.add(place, parent, words);
        let names = schema.get("required").map(Json::items).unwrap_or_default();
        for (name, field) in schema.get("properties").map(Json::members).unwrap_or_default() {
            let required = names.iter().any(|required| required.as_str() == Some(name));
            // The body of a request is a place. Its fields follow it.
            let join = if parent.is_none() { ' ' } else { '.' };
            self.schema(&format!("{place}{join}{name}"), Some(place), field, required);
        }
        if let Some(items) = schema.get("items") {
            self.schema(&format!("{place}[]"), Some(place), items, false);
        }
        if let Some(inner) = schema.get("contentSchema") {
            self.schema(&format!("{place}(JSON)"), Some(place), inner, false);
        }
    }
}

fn facts(operation: &Json) -> Facts {
    let mut facts = Facts::default();
    let below = ["operationId", "parameters", "requestBody", "responses"];
    let words = operation
        .members()
        .iter()
        .filter(|(word, _)| !below.contains(&word.as_str()));
    facts.add("", None, words.cloned().collect());
    let text = |json: &Json, word: &str| json.get(word).and_then(Json::as_str).unwrap_or_default().to_owned();
    let flag = |json: &Json, word: &str| json.get(word).and_then(Json::as_bool) == Some(true);
    let nothing = Json::Object(Vec::new());
    for parameter in operation.get("parameters").map(Json::items).unwrap_or_default() {
        let place = format!("{} {}", text(parameter, "in"), text(parameter, "name"));
        let schema = parameter.get("schema").unwrap_or(&nothing);
        facts.schema(&place, Some(""), schema, flag(parameter, "required"));
    }
    let content = operation.get("requestBody").and_then(|body| body.get("content"));
    for (media_type, media) in content.map(Json::members).unwrap_or_default() {
        let schema = media.get("schema").unwrap_or(&nothing);
        let Some(rules) = media.get("x-digest").filter(|_| media_type.starts_with("multipart/")) else {
            facts.schema("body", None, schema, false);
            continue;
        };
        facts.add("upload", None, rules.members().to_vec());
        let file = text(rules, "file");
        let required = schema.get("required").map(Json::items).unwrap_or_default();
        for (name, part) in schema.get("properties").map(Json::members).unwrap_or_default() {
            match name.as_str() {
                "meta" => facts.schema("meta", None, part, false),
                name if name == file => {}
                _ => {
                    let required = required.iter().any(|required| required.as_str() == Some(name));
                    facts.schema(&format!("form {name}"), Some("upload"), part, required);
                }
            }
        }
    }
    for (status, response) in operation.get("responses").map(Json::members).unwrap_or_default() {
        let place = format!("response {status}");
        let content = response.get("content").and_then(|content| content.members().first());
        match content {
            Some((_, media)) if media.get("schema").is_some() => {
                facts.schema(&place, None, media.get("schema").unwrap_or(&nothing), false);
            }
            Some((media_type, _)) => {
                let media_type = ("media type".to_owned(), Json::from(media_type.as_str()));
                facts.add(&place, None, vec![media_type]);
            }
            None => facts.add(&place, None, Vec::new()),
        }
    }
    facts
}

impl fmt::Display for Changelog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let heading = |f: &mut fmt::Formatter<'_>, word: &str, count: usize| match count {
            1 => writeln!(f, "{word} 1 operation"),
            _ => writeln!(f, "{word} {count} operations"),
        };
        if !self.added.is_empty() {
            heading(f, "added", self.added.len())?;
            self.added
                .iter()
                .try_for_each(|operation| writeln!(f, "  {operation}"))?;
        }
        if !self.changed.is_empty() {
            heading(f, "changed", self.changed.len())?;
            for changed in &self.changed {
                writeln!(f, "  {}", changed.operation)?;
                changed
                    .changes
                    .iter()
                    .try_for_each(|change| writeln!(f, "    {change}"))?;
            }
        }
        if !self.removed.is_empty() {
            heading(f, "removed", self.removed.len())?;
            self.removed
                .iter()
                .try_for_each(|operation| writeln!(f, "  {operation}"))?;
        }
        for (word, events) in [("added", &self.added_events), ("removed", &self.removed_events)] {
            if !events.is_empty() {
                writeln!(f, "{word} types of notifications: {}", events.join(", "))?;
            }
        }
        Ok(())
    }
}

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)?;
        match &self.title {
            Some(title) => write!(f, " {title}"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Added { place, required: true } => write!(f, "+ {place} (required)"),
            Self::Added { place, .. } => write!(f, "+ {place}"),
            Self::Removed { place } => write!(f, "- {place}"),
            Self::Different { place, word, old, new } => {
                f.write_str("~ ")?;
                if !place.is_empty() {
                    write!(f, "{place}: ")?;
                }
                if word == "enum" {
                    f.write_str("enum")?;
                    let list = |value: &Option<Json>| value.as_ref().map(Json::items).unwrap_or_default().to_vec();
                    let (old, new) = (list(old), list(new));
                    for value in new.iter().filter(|value| !old.contains(value)) {
                        write!(f, " +{value}")?;
                    }
                    for value in old.iter().filter(|value| !new.contains(value)) {
                        write!(f, " -{value}")?;
                    }
                    return Ok(());
                }
                match (old, new) {
                    (Some(old), Some(new)) => write!(f, "{word} {old} → {new}"),
                    (None, Some(new)) => write!(f, "{word} {new}"),
                    (Some(old), None) => write!(f, "no {word} (was {old})"),
                    (None, None) => f.write_str(word),
                }
            }
        }
    }
}
