//! Finds operations: by method and path, by name, by link, and by what a person remembers of one.

use super::operation::Method;
use super::summary::Summary;
use super::{Description, Event};

/// An operation that a search has found, and by what.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Match<'a> {
    /// The operation.
    pub summary: &'a Summary,
    /// What the search has found it by.
    pub found: Found<'a>,
}

/// What a search has found an operation by, the best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Found<'a> {
    /// Its whole title, path or id, or a link.
    Exactly,
    /// Its title.
    Title,
    /// Its path or id.
    Path,
    /// A product family.
    Family,
    /// The name or title of this field, or the title of an enum value.
    Label(&'a str),
}

impl Description {
    /// The operation of a method and a path template.
    #[must_use]
    pub fn find(&self, method: Method, path: &str) -> Option<&Summary> {
        self.operations
            .iter()
            .find(|summary| summary.method == method && summary.path == path)
    }

    /// The operation that a request to `path` calls. Where several templates fit, the one with the earlier literal
    /// segments counts. The path has no query.
    #[must_use]
    pub fn route(&self, method: Method, path: &str) -> Option<&Summary> {
        let fitting = self
            .operations
            .iter()
            .filter(|summary| summary.method == method && fits(&summary.path, path));
        // '{' sorts after every letter, so the least template has literals where another has placeholders.
        fitting.min_by_key(|summary| {
            summary
                .path
                .split('/')
                .map(|segment| segment.starts_with('{'))
                .collect::<Vec<_>>()
        })
    }

    /// The operation of this id.
    #[must_use]
    pub fn by_id(&self, id: &str) -> Option<&Summary> {
        self.operations.iter().find(|summary| summary.id == id)
    }

    /// The operations of this official Chinese name. Letter case and a trailing `API` do not matter.
    #[must_use]
    pub fn by_title(&self, title: &str) -> Vec<&Summary> {
        let title = plain_title(title);
        let same = |summary: &&Summary| {
            summary
                .title
                .as_deref()
                .is_some_and(|known| plain_title(known) == title)
        };
        self.operations.iter().filter(same).collect()
    }

    /// The operations that the official page behind `link` documents. Scheme, query and fragment do not matter.
    #[must_use]
    pub fn by_link(&self, link: &str) -> Vec<&Summary> {
        let link = plain_link(link);
        let same = |summary: &&Summary| summary.documentation.iter().any(|known| plain_link(known) == link);
        self.operations.iter().filter(same).collect()
    }

    /// The notification of this `event_type`.
    #[must_use]
    pub fn event(&self, event_type: &str) -> Option<&Event> {
        self.events.iter().find(|event| event.event_type == event_type)
    }

    /// The operations that a person means exactly: `POST /v3/..`, a path or a request's path, a title, an id, or a link.
    #[must_use]
    pub fn resolve(&self, text: &str) -> Vec<&Summary> {
        let text = text.trim();
        let (method, rest) = match text.split_once(char::is_whitespace) {
            Some((first, rest)) => match Method::parse(first) {
                Some(method) => (Some(method), rest.trim()),
                None => (None, text),
            },
            None => (None, text),
        };
        if rest.starts_with('/') {
            let path = rest.split(['?', '#']).next().unwrap_or(rest);
            let methods = Method::ALL
                .into_iter()
                .filter(|one| method.is_none_or(|method| method == *one));
            return methods
                .filter_map(|one| self.find(one, path).or_else(|| self.route(one, path)))
                .collect();
        }
        if rest.contains("://") {
            return self.by_link(rest);
        }
        match self.by_id(text) {
            Some(summary) => vec![summary],
            None => self.by_title(text),
        }
    }

    /// The operations that match every word of `query` by title, path, family, field name or label, the best first.
    /// Letter case does not matter.
    #[must_use]
    pub fn search(&self, query: &str) -> Vec<Match<'_>> {
        let exact = self.resolve(query);
        let words: Vec<String> = query.split_whitespace().map(str::to_lowercase).collect();
        let mut matches: Vec<Match<'_>> = exact
            .iter()
            .map(|summary| Match {
                summary,
                found: Found::Exactly,
            })
            .collect();
        for summary in &self.operations {
            if words.is_empty() || exact.iter().any(|known| std::ptr::eq(*known, summary)) {
                continue;
            }
            // An operation is as good as its worst word.
            let found = words
                .iter()
                .map(|word| found_by(summary, word))
                .try_fold(Found::Exactly, |worst, found| found.map(|found| worst.max(found)));
            matches.extend(found.map(|found| Match { summary, found }));
        }
        // Stable: equal matches stay in the order of their paths. Which label was found makes none better.
        matches.sort_by_key(|found| match found.found {
            Found::Label(_) => Found::Label(""),
            other => other,
        });
        matches
    }
}

fn found_by<'a>(summary: &'a Summary, word: &str) -> Option<Found<'a>> {
    if summary.title.as_deref().is_some_and(|title| contains(title, word)) {
        Some(Found::Title)
    } else if contains(&summary.path, word) || contains(summary.method.as_str(), word) || contains(&summary.id, word) {
        Some(Found::Path)
    } else if summary.tags.iter().any(|tag| contains(tag, word)) {
        Some(Found::Family)
    } else {
        summary
            .labels
            .iter()
            .find(|label| contains(label, word))
            .map(|label| Found::Label(label))
    }
}

/// Whether `text` contains `word`, which is in lower case. Only ASCII letters have a case worth the time.
fn contains(text: &str, word: &str) -> bool {
    text.contains(word)
        || (text.bytes().any(|byte| byte.is_ascii_uppercase()) && text.to_ascii_lowercase().contains(word))
}

fn fits(template: &str, path: &str) -> bool {
    let (mut pattern, mut actual) = (template.split('/'), path.split('/'));
    loop {
        match (pattern.next(), actual.next()) {
            (None, None) => return true,
            (Some(name), Some(segment)) if name.starts_with('{') && !segment.is_empty() => {}
            (Some(literal), Some(segment)) if literal == segment => {}
            _ => return false,
        }
    }
}

fn plain_title(title: &str) -> String {
    let title = title.trim().to_lowercase();
    title.strip_suffix("api").unwrap_or(&title).trim_end().to_owned()
}

fn plain_link(link: &str) -> String {
    let link = link.split(['?', '#']).next().unwrap_or(link);
    let link = link.split_once("://").map_or(link, |(_, rest)| rest);
    link.trim_end_matches('/').to_lowercase()
}
