//! The description of the API: every documented operation, with its fields, their limits and their official names.
//!
//! ```
//! use wechatpay_catalogue::description::{Description, Method};
//!
//! # fn main() -> Result<(), wechatpay_catalogue::description::DescriptionError> {
//! let description = Description::embedded();
//! let summary = description.find(Method::Post, "/v3/refund/domestic/refunds").expect("it is documented");
//! assert_eq!(summary.family(), "refund");
//!
//! let refund = summary.operation()?;
//! assert_eq!(refund.idempotent.as_deref(), Some("out_refund_no"));
//! assert!(refund.payload().and_then(|body| body.property("amount")).is_some_and(|amount| amount.required));
//! # Ok(())
//! # }
//! ```
//!
//! [`Description::embedded`] is ours. [`Description::from_documents`] reads any other in the same dialect.
//!
//! # The dialect
//!
//! OpenAPI 3.1 as JSON. `openapi/openapi.json` is the root document, and each path has a document of its own that lies
//! where its path says: `openapi/v3/pay/transactions/out-trade-no/{out_trade_no}.json`. A path that ends in `/` has
//! `{empty}` for its last segment. Schemas are written out, without `$ref` and `allOf`. Standard words, and these:
//!
//! | Member | Of | Meaning |
//! |---|---|---|
//! | `summary`, `title` | operation, schema | the official Chinese name |
//! | `tags`, `x-roles` | operation | product families (产品); who may call it (直连商户, 服务商, ..) |
//! | `x-updated` | operation | the date of the last documented change, `2025-02-19` |
//! | `externalDocs`, `x-documentation` | operation | the best official page; a list of further ones |
//! | `x-idempotent` | operation | the field by which the service recognises a retry |
//! | `x-enum-titles` | schema | an object: the official name of each `enum` value |
//! | `x-sensitive` | schema of a string | `true`: the value is encrypted on the wire |
//! | `contentMediaType: application/json`, `contentSchema` | schema of a string | the string holds JSON |
//! | `x-digest` | `multipart/form-data` | `{"file": .., "filename": .., "digest": .., "algorithm": ..}`: the name of the file part, the members of the part `meta` that hold the file's name and digest (`null`: none), and `SHA-256` or `SM3` |
//! | `x-unsigned: true` | response | a file without a signature; `content` has its media type |
//!
//! A required header parameter `Wechatpay-Serial` says that the documentation demands the header.

mod bundle;
mod error;
mod event;
mod example;
pub mod json;
mod operation;
mod read;
mod schema;
mod search;
mod summary;

pub use self::error::DescriptionError;
pub use self::event::Event;
pub use self::operation::{Algorithm, Body, Content, Method, Operation, Parameter, Place, Response, Upload};
pub use self::schema::{EnumValue, Kind, Property, Schema};
pub use self::search::{Found, Match};
pub use self::summary::Summary;

use self::json::Json;
use std::borrow::Cow;
use std::sync::OnceLock;

/// A description: its operations, and the notifications that the service sends.
#[derive(Debug, Default)]
pub struct Description {
    root: Cow<'static, str>,
    operations: Vec<Summary>,
    events: Vec<Event>,
}

static BUNDLE: &str = include_str!("bundle.txt");

impl Description {
    /// The description that comes with this crate. It is indexed at the first call, which takes about a millisecond.
    #[must_use]
    pub fn embedded() -> &'static Self {
        static EMBEDDED: OnceLock<Description> = OnceLock::new();
        EMBEDDED.get_or_init(|| {
            let (root, events, operations) = bundle::read(BUNDLE);
            Self {
                root: Cow::Borrowed(root),
                operations,
                events,
            }
        })
    }

    /// Reads path documents in the dialect of this module, in the given order. `root` is the root document, of which
    /// `paths` is ignored; without one there are no [events](Self::events).
    ///
    /// # Errors
    /// The first document that cannot be read, with the place.
    pub fn from_documents<'a>(
        root: Option<&Json>,
        documents: impl IntoIterator<Item = (&'a str, &'a Json)>,
    ) -> Result<Self, DescriptionError> {
        let root = root.map(without_paths).unwrap_or(Json::Object(Vec::new()));
        let mut operations = Vec::new();
        for (path, item) in documents {
            for (method, json) in read::split(path, item)? {
                operations.push(Summary::of(read::operation(path, method, &json)?, json.to_string()));
            }
        }
        Ok(Self {
            events: Event::all(&root),
            root: Cow::Owned(root.to_string()),
            operations,
        })
    }

    /// The text that [`Description::embedded`] is read from, for these documents.
    ///
    /// # Errors
    /// The same as of [`Description::from_documents`].
    pub fn bundle<'a>(
        root: &Json,
        documents: impl IntoIterator<Item = (&'a str, &'a Json)>,
    ) -> Result<String, DescriptionError> {
        let root = without_paths(root);
        let mut operations = Vec::new();
        for (path, item) in documents {
            for (method, json) in read::split(path, item)? {
                operations.push(Summary::of(read::operation(path, method, &json)?, json.to_string()));
            }
        }
        Ok(bundle::write(&root, &Event::all(&root), &operations))
    }

    /// The whole description as one OpenAPI 3.1 document, with the operations under `paths`.
    ///
    /// ```
    /// use wechatpay_catalogue::description::Description;
    ///
    /// # fn main() -> Result<(), wechatpay_catalogue::description::DescriptionError> {
    /// let document = Description::embedded().document()?;
    /// let path = document.get("paths").and_then(|paths| paths.get("/v3/certificates"));
    /// assert!(path.is_some_and(|path| path.get("get").is_some()));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Never for the embedded description.
    pub fn document(&self) -> Result<Json, DescriptionError> {
        let mut paths: Vec<(String, Json)> = Vec::new();
        for summary in &self.operations {
            let method = summary.method.as_str().to_ascii_lowercase();
            let operation = (method, summary.document()?);
            match paths.last_mut() {
                Some((path, Json::Object(methods))) if *path == summary.path => methods.push(operation),
                _ => paths.push((summary.path.to_string(), Json::Object(vec![operation]))),
            }
        }
        let root = self.root()?;
        let members = root.members().iter().cloned();
        Ok(members.chain([("paths".to_owned(), Json::Object(paths))]).collect())
    }

    /// All operations, sorted by path in the embedded description.
    #[must_use]
    pub fn operations(&self) -> &[Summary] {
        &self.operations
    }

    /// The types of notifications that the service sends.
    #[must_use]
    pub fn events(&self) -> &[Event] {
        &self.events
    }

    /// The root document: title, server, security scheme and notifications, without `paths`.
    ///
    /// # Errors
    /// Never for the embedded description.
    pub fn root(&self) -> Result<Json, DescriptionError> {
        Json::parse(&self.root).map_err(|error| DescriptionError::new("openapi.json", "", error.to_string()))
    }
}

fn without_paths(root: &Json) -> Json {
    root.members()
        .iter()
        .filter(|(name, _)| name != "paths")
        .cloned()
        .collect()
}
