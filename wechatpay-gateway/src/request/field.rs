//! How the service names the field that is wrong.

use std::fmt;

use serde_json::{Value, json};

use crate::request::refusal::Refusal;

/// Where a field stands, in the service's own words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Location {
    Body,
    Query,
    Path,
    Header,
}

impl Location {
    fn as_str(self) -> &'static str {
        match self {
            Self::Body => "body",
            Self::Query => "query",
            Self::Path => "uri_template",
            Self::Header => "header",
        }
    }
}

/// Longer texts are not sent back, in bytes.
const LONGEST_VALUE: usize = 256;

/// A field by its JSON pointer: `/amount/total`.
pub(crate) struct Field<'a> {
    pub(crate) location: Location,
    pub(crate) pointer: &'a str,
}

/// Where the service looked: `/body/amount/total`.
impl fmt::Display for Field<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "/{}{}", self.location.as_str(), self.pointer)
    }
}

impl Field<'_> {
    /// A PARAM_ERROR that names the field. A value that may be secret is left out, and so is a long one.
    pub(crate) fn refuse(&self, message: String, issue: &str, value: Option<Value>) -> Refusal {
        let mut detail = json!({
            "location": self.location.as_str(),
            "field": self.pointer,
            "issue": issue,
        });
        let short = |value: &Value| match value {
            Value::String(text) => text.len() <= LONGEST_VALUE,
            Value::Array(_) | Value::Object(_) => false,
            Value::Null | Value::Bool(_) | Value::Number(_) => true,
        };
        if let (Some(value), Some(detail)) = (value.filter(short), detail.as_object_mut()) {
            detail.insert("value".to_owned(), value);
        }
        Refusal::param_error(message).detail(detail)
    }
}

/// The JSON pointer of a place such as `receivers[0].name`.
pub(crate) fn pointer(place: &str) -> String {
    let steps = place.split(['.', '[', ']']).filter(|step| !step.is_empty());
    steps.map(|step| format!("/{step}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_pointer_step_by_step() {
        assert_eq!(pointer("receivers[0].name"), "/receivers/0/name");
        assert_eq!((pointer("a").as_str(), pointer("").as_str()), ("/a", ""));
    }

    #[test]
    fn a_long_value_is_not_sent_back() {
        let field = Field {
            location: Location::Body,
            pointer: "/a",
        };
        let value = |value: Value| {
            let response = field.refuse(String::new(), "wrong", Some(value)).response();
            let body: Value = serde_json::from_slice(response.body()).unwrap();
            body["detail"].get("value").cloned()
        };
        assert_eq!(value("x".into()), Some("x".into()));
        assert_eq!(value("x".repeat(257).into()), None);
        assert_eq!((value(json!([1])), value(Value::Null)), (None, Some(Value::Null)));
    }
}
