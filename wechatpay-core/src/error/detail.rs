//! What may be shown of `detail` in an error body: field, issue and location.
//!
//! `value` is the text that the request gave, which may be a name or an identity number. It is never shown.

use crate::support::one_line::OneLine;
use serde_json::Value;
use std::fmt;

/// More details than these are not shown.
const MOST: usize = 3;

/// Longer texts are cut, in characters.
const LONGEST: usize = 200;

/// Shows field, issue and location of a `detail`: `/amount/total: too small (body)`.
pub(super) struct Detail<'a>(pub(super) &'a Value);

impl Detail<'_> {
    fn parts(&self) -> impl Iterator<Item = [Option<&str>; 3]> {
        let several = self.0.as_array().map(Vec::as_slice);
        several
            .unwrap_or(std::slice::from_ref(self.0))
            .iter()
            .map(|one| {
                ["field", "issue", "location"].map(|name| one.get(name)?.as_str().filter(|text| !text.is_empty()))
            })
            .filter(|parts| parts.iter().any(Option::is_some))
            .take(MOST)
    }

    /// Whether there is nothing to show.
    pub(super) fn is_empty(&self) -> bool {
        self.parts().next().is_none()
    }
}

impl fmt::Display for Detail<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, [field, issue, location]) in self.parts().enumerate() {
            if at > 0 {
                f.write_str(", ")?;
            }
            let named = [field, issue].into_iter().flatten();
            for (at, text) in named.enumerate() {
                write!(f, "{}{}", if at > 0 { ": " } else { "" }, short(text))?;
            }
            if let Some(location) = location {
                write!(f, " ({})", short(location))?;
            }
        }
        Ok(())
    }
}

/// The same, by name.
impl fmt::Debug for Detail<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut list = f.debug_list();
        for [field, issue, location] in self.parts() {
            list.entry(&format_args!(
                "{{ field: {:?}, issue: {:?}, location: {:?} }}",
                field.unwrap_or_default(),
                issue.unwrap_or_default(),
                location.unwrap_or_default()
            ));
        }
        list.finish()
    }
}

fn short(text: &str) -> String {
    let cut: String = text.chars().take(LONGEST).collect();
    OneLine(&cut).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn u11_field_issue_and_location_are_shown_and_the_value_never() {
        let detail = json!({
            "field": "/payer/name", "value": "canary", "issue": "too\nlong", "location": "body", "other": "canary",
        });
        assert_eq!(Detail(&detail).to_string(), r"/payer/name: too\nlong (body)");
        assert!(!format!("{:?}", Detail(&detail)).contains("canary"));
        let several = json!([{ "field": "a" }, { "issue": "b" }, "canary", { "location": "query" }, { "field": "z" }]);
        assert_eq!(Detail(&several).to_string(), "a, b,  (query)");
        for nothing in [
            json!(null),
            json!("canary"),
            json!({ "value": "canary" }),
            json!([]),
            json!({ "field": 1 }),
        ] {
            assert!(
                Detail(&nothing).is_empty() && Detail(&nothing).to_string().is_empty(),
                "{nothing}"
            );
            assert_eq!(format!("{:?}", Detail(&nothing)), "[]");
        }
    }

    #[test]
    fn s7_a_long_issue_is_cut() {
        let detail = json!({ "issue": "长".repeat(10_000) });
        assert_eq!(Detail(&detail).to_string().chars().count(), 200);
    }
}
