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
//! # Finding an operation
//!
//! ```
//! use wechatpay_catalogue::description::{Description, Event, Found, Match, Method, Summary};
//!
//! let description = Description::embedded();
//! assert_eq!((description.operations().len(), description.events().len()), (1018, 58));
//!
//! // By what a request calls, by id, by the official name, by the link of its page.
//! let summary: &Summary = description.route(Method::Get, "/v3/pay/transactions/out-trade-no/A-1").expect("it is documented");
//! assert_eq!(summary.path, "/v3/pay/transactions/out-trade-no/{out_trade_no}");
//! assert_eq!(description.by_id(&summary.id).map(|same| &same.path), Some(&summary.path));
//! assert!(!description.by_title("JSAPI下单").is_empty());
//! let page = "https://pay.weixin.qq.com/doc/v3/merchant/4012525167";
//! assert!(description.by_link(page).iter().any(|summary| summary.path == "/v3/pay/transactions/jsapi"));
//! // By whatever of these a person has at hand, and by what a person remembers.
//! assert_eq!(description.resolve("POST /v3/refund/domestic/refunds").len(), 1);
//! let matches: Vec<Match<'_>> = description.search("退款");
//! assert!(matches.iter().any(|one| one.found < Found::Family));
//!
//! let paid: &Event = description.event("TRANSACTION.SUCCESS").expect("it is documented");
//! assert!(!paid.documentation.is_empty());
//! ```
//!
//! # Reading an operation
//!
//! ```
//! use serde_json::json;
//! use wechatpay_catalogue::description::{
//!     Algorithm, Body, Content, Description, EnumValue, Kind, Method, Operation, Parameter, Place, Property, Response,
//!     Schema, Upload,
//! };
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let description = Description::embedded();
//! let find = |method, path| description.find(method, path).ok_or("it is not documented");
//!
//! let query: &Operation = find(Method::Get, "/v3/pay/transactions/out-trade-no/{out_trade_no}")?.operation()?;
//! let parameter: &Parameter = query.parameters_in(Place::Query).next().ok_or("no parameter")?;
//! assert_eq!((parameter.name.as_str(), parameter.schema.kind.as_str()), ("mchid", "string"));
//! let response: &Response = query.response().ok_or("no response")?;
//! assert!(matches!(&response.content, Content::Json(_)) && response.status == 200);
//! let state: &Property = query.response_schema().and_then(|schema| schema.property("trade_state")).ok_or("no state")?;
//! let success: &EnumValue = &state.schema.values[0];
//! assert!(state.schema.allows(&success.value) && !state.schema.allows(&json!("PAID")));
//!
//! let transfer = find(Method::Post, "/v3/fund-app/mch-transfer/transfer-bills")?.operation()?;
//! assert!(transfer.sends_secrets() && !transfer.receives_secrets());
//! let mut secrets = Vec::new();
//! transfer.walk_request(&mut |place, schema: &Schema| if schema.sensitive { secrets.push(place.to_owned()) });
//! assert_eq!(secrets, ["user_name"]);
//! let payload = transfer.payload().ok_or("no body")?;
//! assert!(payload.has_secrets() && payload.example_value()["transfer_amount"].is_number());
//! let mut numbers = 0;
//! payload.walk(&mut |_, schema| numbers += usize::from(matches!(schema.kind, Kind::Integer | Kind::Number) && schema.is_whole()));
//! assert!(numbers > 0);
//!
//! let image = find(Method::Post, "/v3/merchant/media/upload")?.operation()?;
//! let Some(Body::Upload(upload)) = &image.body else { return Err("no upload".into()) };
//! let upload: &Upload = upload;
//! assert_eq!((upload.file.as_str(), upload.algorithm), ("file", Algorithm::Sha256));
//! assert_eq!((upload.algorithm.as_str(), Method::parse("post")), ("SHA-256", Some(image.method)));
//! assert_eq!(image.method.as_str(), "POST");
//! # Ok(()) }
//! ```
//!
//! # Another description
//!
//! ```
//! use wechatpay_catalogue::description::{Description, DescriptionError, json::Json};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let item = Json::parse(r#"{ "delete": { "operationId": "remove", "responses": { "204": { "description": "" } } } }"#)?;
//! let documents = [("/v3/goods/{id}", &item)];
//! let description = Description::from_documents(None, documents)?;
//! assert_eq!(description.operations()[0].id, "remove");
//! assert!(description.root()?.members().is_empty());
//! // The text that a crate embeds.
//! assert!(Description::bundle(&Json::Object(Vec::new()), documents)?.contains("remove"));
//!
//! let wrong = Json::parse(r#"{ "delete": [] }"#)?;
//! let error: DescriptionError = Description::from_documents(None, [("/v3/goods", &wrong)]).unwrap_err();
//! assert!(error.document().contains("/v3/goods") && !error.reason().is_empty());
//! println!("{} at {}: {}", error.document(), error.place(), error.reason());
//! # Ok(()) }
//! ```
//!
//! # The dialect
//!
//! OpenAPI 3.1 as JSON. `openapi/openapi.json` is the root document, and each path has its own document that lies
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
mod check;
mod error;
mod event;
mod example;
pub mod json;
mod operation;
mod read;
mod schema;
mod search;
mod summary;

pub use self::check::{Rule, Secrets, Violation};
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
