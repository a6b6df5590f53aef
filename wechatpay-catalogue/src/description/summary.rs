//! What a search and a list need to know of an operation.

use super::error::DescriptionError;
use super::json::Json;
use super::operation::{Method, Operation};
use super::read;
use std::borrow::Cow;
use std::sync::OnceLock;

/// What is known of an operation without parsing its fields.
#[derive(Debug)]
#[non_exhaustive]
pub struct Summary {
    /// See [`Operation::id`].
    pub id: Cow<'static, str>,
    /// The HTTP method.
    pub method: Method,
    /// The path template.
    pub path: Cow<'static, str>,
    /// The official Chinese name.
    pub title: Option<Cow<'static, str>>,
    /// See [`Operation::tags`].
    pub tags: Vec<Cow<'static, str>>,
    /// See [`Operation::roles`].
    pub roles: Vec<Cow<'static, str>>,
    /// See [`Operation::updated`].
    pub updated: Option<Cow<'static, str>>,
    /// Whether the documentation announces the removal of the operation.
    pub deprecated: bool,
    /// Whether a field of the request or of the response is encrypted on the wire.
    pub secrets: bool,
    /// See [`Operation::documentation`].
    pub documentation: Vec<Cow<'static, str>>,
    /// The names and titles of all fields, and the titles of enum values. Each once.
    pub labels: Vec<Cow<'static, str>>,
    pub(super) text: Cow<'static, str>,
    pub(super) operation: OnceLock<Result<Operation, DescriptionError>>,
}

impl Summary {
    /// The whole operation. It is parsed at the first call.
    ///
    /// # Errors
    /// Never for the embedded description and for one that [`Description::from_documents`] has read.
    ///
    /// [`Description::from_documents`]: super::Description::from_documents
    pub fn operation(&self) -> Result<&Operation, DescriptionError> {
        let parse = || read::operation(&self.path, self.method, &self.document()?);
        self.operation.get_or_init(parse).as_ref().map_err(Clone::clone)
    }

    /// The OpenAPI operation object of the operation.
    ///
    /// ```
    /// use wechatpay_catalogue::description::Description;
    ///
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let refund = Description::embedded().by_id("post_v3_refund_domestic_refunds").ok_or("not described")?;
    /// let document = refund.document()?;
    /// assert_eq!(document.get("x-idempotent").and_then(|number| number.as_str()), Some("out_refund_no"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Never for the embedded description and for one that [`Description::from_documents`] has read.
    ///
    /// [`Description::from_documents`]: super::Description::from_documents
    pub fn document(&self) -> Result<Json, DescriptionError> {
        Json::parse(&self.text).map_err(|error| DescriptionError::new(&self.path, "", format!("not JSON: {error}")))
    }

    /// The first segment of the path without a leading `v3`: the feature of the catalogue that holds the operation, with
    /// its hyphens.
    #[must_use]
    pub fn family(&self) -> &str {
        let mut segments = self.path.split('/').skip(1);
        match segments.next() {
            Some("v3") => segments.next().unwrap_or_default(),
            first => first.unwrap_or_default(),
        }
    }

    pub(super) fn of(operation: Operation, text: String) -> Self {
        fn add(labels: &mut Vec<Cow<'static, str>>, text: &str) {
            // A place such as `amount.total` or `goods_detail[]`; the last name counts.
            let text = text.trim_end_matches("[]");
            let text = text.rsplit('.').next().unwrap_or(text);
            if !text.is_empty() && !labels.iter().any(|known| known == text) {
                labels.push(text.to_owned().into());
            }
        }
        let mut labels = Vec::new();
        let mut visit = |place: &str, schema: &super::schema::Schema| {
            add(&mut labels, place);
            let values = schema.values.iter().filter_map(|value| value.title.as_deref());
            for title in schema.title.as_deref().into_iter().chain(values) {
                if !labels.iter().any(|known| known == title) {
                    labels.push(title.to_owned().into());
                }
            }
        };
        operation.walk_request(&mut visit);
        if let Some(schema) = operation.response_schema() {
            schema.walk(&mut visit);
        }
        let owned = |text: &String| Cow::Owned(text.clone());
        Self {
            id: owned(&operation.id),
            method: operation.method,
            path: owned(&operation.path),
            title: operation.title.as_ref().map(owned),
            tags: operation.tags.iter().map(owned).collect(),
            roles: operation.roles.iter().map(owned).collect(),
            updated: operation.updated.as_ref().map(owned),
            deprecated: operation.deprecated,
            secrets: operation.sends_secrets() || operation.receives_secrets(),
            documentation: operation.documentation.iter().map(owned).collect(),
            labels,
            text: text.into(),
            operation: OnceLock::from(Ok(operation)),
        }
    }
}
