//! One operation of the API.

use super::schema::Schema;
use std::fmt;

/// One operation: what it sends and what it responds.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Operation {
    /// The name of the operation in the description, unique: `post_v3_pay_transactions_jsapi`.
    pub id: String,
    /// The HTTP method.
    pub method: Method,
    /// The path template. `{name}` is one whole segment.
    pub path: String,
    /// The official Chinese name.
    pub title: Option<String>,
    /// The product families (产品) that the documentation lists the operation under.
    pub tags: Vec<String>,
    /// Who may call it: 直连商户, 服务商, ..
    pub roles: Vec<String>,
    /// The date of the last documented change, as `2025-02-19`.
    pub updated: Option<String>,
    /// Whether the documentation announces the removal of the operation.
    pub deprecated: bool,
    /// Links to the official pages, the best one first.
    pub documentation: Vec<String>,
    /// The field by which the service recognises a retry. Only known for operations that were checked by hand.
    pub idempotent: Option<String>,
    /// Whether the documentation demands the header `Wechatpay-Serial`. The client sends it whenever it is needed.
    pub announces_key: bool,
    /// Path, query and header parameters, in the order of the documentation.
    pub parameters: Vec<Parameter>,
    /// The request body.
    pub body: Option<Body>,
    /// The successful responses, usually one.
    pub responses: Vec<Response>,
}

/// The HTTP method of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// `GET`
    Get,
    /// `POST`
    Post,
    /// `PUT`
    Put,
    /// `PATCH`
    Patch,
    /// `DELETE`
    Delete,
}

impl Method {
    /// All methods, in the order in which a path lists its operations.
    pub const ALL: [Self; 5] = [Self::Get, Self::Post, Self::Put, Self::Patch, Self::Delete];

    /// The method in upper case.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }

    /// The method of that name, in any case.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|method| method.as_str().eq_ignore_ascii_case(name))
    }
}

impl fmt::Display for Method {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// A value beside the body.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Parameter {
    /// The place of the parameter.
    pub place: Place,
    /// The name on the wire.
    pub name: String,
    /// Whether it must be there.
    pub required: bool,
    /// What it may be.
    pub schema: Schema,
}

/// The place of a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// A placeholder of the path.
    Path,
    /// The query string.
    Query,
    /// A header.
    Header,
}

/// A request body.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// JSON.
    Json(Box<Schema>),
    /// `multipart/form-data` with a file.
    Upload(Box<Upload>),
}

/// An upload: the JSON part `meta`, which is what gets signed, a file, and sometimes text parts.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Upload {
    /// The part `meta`, an object. It includes the members for file name and digest.
    pub meta: Schema,
    /// The name of the file part.
    pub file: String,
    /// The member of `meta` for the file name.
    pub filename: Option<String>,
    /// The member of `meta` for the digest.
    pub digest: Option<String>,
    /// The algorithm of the digest.
    pub algorithm: Algorithm,
    /// Text parts beside `meta`.
    pub form: Vec<super::schema::Property>,
}

/// The algorithm of an upload's digest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// SHA-256
    #[default]
    Sha256,
    /// SM3 (国密)
    Sm3,
}

impl Algorithm {
    /// The name in the description: `SHA-256` or `SM3`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sha256 => "SHA-256",
            Self::Sm3 => "SM3",
        }
    }
}

/// A successful response.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Response {
    /// The HTTP status.
    pub status: u16,
    /// What the body holds.
    pub content: Content,
}

/// What a response's body holds.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// Nothing.
    Empty,
    /// JSON.
    Json(Box<Schema>),
    /// A file without a signature (账单, 图片, ..), of this media type.
    Download(String),
}

impl Operation {
    /// The parameters of one place.
    pub fn parameters_in(&self, place: Place) -> impl Iterator<Item = &Parameter> {
        self.parameters.iter().filter(move |parameter| parameter.place == place)
    }

    /// The first successful response: the one that the caller gets. `None` when the description lists none.
    #[must_use]
    pub fn response(&self) -> Option<&Response> {
        self.responses.first()
    }

    /// The JSON body, or the part `meta` of an upload.
    #[must_use]
    pub fn payload(&self) -> Option<&Schema> {
        match &self.body {
            Some(Body::Json(schema)) => Some(schema),
            Some(Body::Upload(upload)) => Some(&upload.meta),
            None => None,
        }
    }

    /// The schema of the JSON response.
    #[must_use]
    pub fn response_schema(&self) -> Option<&Schema> {
        match &self.response()?.content {
            Content::Json(schema) => Some(schema),
            Content::Empty | Content::Download(_) => None,
        }
    }

    /// Calls `visit` with every schema of the request: parameters, body, `meta` and text parts. The first argument is
    /// the place, see [`Schema::walk`].
    pub fn walk_request<'a>(&'a self, visit: &mut dyn FnMut(&str, &'a Schema)) {
        let form = match &self.body {
            Some(Body::Upload(upload)) => upload.form.as_slice(),
            _ => &[],
        };
        let parameters = self
            .parameters
            .iter()
            .map(|parameter| (&parameter.name, &parameter.schema));
        for (name, schema) in parameters.chain(form.iter().map(|part| (&part.name, &part.schema))) {
            schema.walk(&mut |place, schema| visit(&joined(name, place), schema));
        }
        if let Some(payload) = self.payload() {
            payload.walk(visit);
        }
    }

    /// Whether the request holds a value that is encrypted on the wire.
    #[must_use]
    pub fn sends_secrets(&self) -> bool {
        let mut found = false;
        self.walk_request(&mut |_, schema| found |= schema.sensitive);
        found
    }

    /// Whether the response holds a value that is encrypted on the wire.
    #[must_use]
    pub fn receives_secrets(&self) -> bool {
        self.response_schema().is_some_and(Schema::has_secrets)
    }
}

fn joined(name: &str, place: &str) -> String {
    match place.chars().next() {
        None => name.to_owned(),
        Some('[') => format!("{name}{place}"),
        Some(_) => format!("{name}.{place}"),
    }
}
