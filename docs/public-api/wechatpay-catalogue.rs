// The public interface of wechatpay-catalogue, with every feature. A test writes and compares it.

// mod description

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Algorithm {
    #[default]
    Sha256,
    Sm3,
}
impl Algorithm {
    #[must_use]
    pub fn as_str(self) -> &'static str {}
}
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    Json(Box<Schema>),
    Upload(Box<Upload>),
}
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    Empty,
    Json(Box<Schema>),
    Download(String),
}
#[derive(Debug, Default)]
pub struct Description {
    // and private fields
}
impl Description {
    pub fn bundle<'a>(
        root: &Json,
        documents: impl IntoIterator<Item = (&'a str, &'a Json)>,
    ) -> Result<String, DescriptionError> {}
    #[must_use]
    pub fn by_id(&self, id: &str) -> Option<&Summary> {}
    #[must_use]
    pub fn by_link(&self, link: &str) -> Vec<&Summary> {}
    #[must_use]
    pub fn by_title(&self, title: &str) -> Vec<&Summary> {}
    pub fn document(&self) -> Result<Json, DescriptionError> {}
    #[must_use]
    pub fn embedded() -> &'static Self {}
    #[must_use]
    pub fn event(&self, event_type: &str) -> Option<&Event> {}
    #[must_use]
    pub fn events(&self) -> &[Event] {}
    #[must_use]
    pub fn find(&self, method: Method, path: &str) -> Option<&Summary> {}
    pub fn from_documents<'a>(
        root: Option<&Json>,
        documents: impl IntoIterator<Item = (&'a str, &'a Json)>,
    ) -> Result<Self, DescriptionError> {}
    #[must_use]
    pub fn operations(&self) -> &[Summary] {}
    #[must_use]
    pub fn resolve(&self, text: &str) -> Vec<&Summary> {}
    pub fn root(&self) -> Result<Json, DescriptionError> {}
    #[must_use]
    pub fn route(&self, method: Method, path: &str) -> Option<&Summary> {}
    #[must_use]
    pub fn search(&self, query: &str) -> Vec<Match<'_>> {}
}
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DescriptionError {
    // and private fields
}
impl DescriptionError {
    #[must_use]
    pub fn document(&self) -> &str {}
    #[must_use]
    pub fn place(&self) -> &str {}
    #[must_use]
    pub fn reason(&self) -> &str {}
}
impl fmt::Display for DescriptionError {}
impl std::error::Error for DescriptionError {}
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct EnumValue {
    pub value: Value,
    pub title: Option<String>,
}
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    pub event_type: String,
    pub title: Option<String>,
    pub documentation: Vec<String>,
}
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Found<'a> {
    Exactly,
    Title,
    Path,
    Family,
    Label(&'a str),
}
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Kind {
    #[default]
    Any,
    String,
    Integer,
    Number,
    Boolean,
    Array,
    Object,
}
impl Kind {
    #[must_use]
    pub fn as_str(self) -> &'static str {}
}
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Match<'a> {
    pub summary: &'a Summary,
    pub found: Found<'a>,
}
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}
impl Method {
    pub const ALL: [Self; 5] = [
        Self::Get,
        Self::Post,
        Self::Put,
        Self::Patch,
        Self::Delete,
    ];
    #[must_use]
    pub fn as_str(self) -> &'static str {}
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {}
}
impl fmt::Display for Method {}
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Operation {
    pub id: String,
    pub method: Method,
    pub path: String,
    pub title: Option<String>,
    pub tags: Vec<String>,
    pub roles: Vec<String>,
    pub updated: Option<String>,
    pub deprecated: bool,
    pub documentation: Vec<String>,
    pub idempotent: Option<String>,
    pub announces_key: bool,
    pub parameters: Vec<Parameter>,
    pub body: Option<Body>,
    pub responses: Vec<Response>,
}
impl Operation {
    pub fn parameters_in(&self, place: Place) -> impl Iterator<Item = &Parameter> {}
    #[must_use]
    pub fn payload(&self) -> Option<&Schema> {}
    #[must_use]
    pub fn receives_secrets(&self) -> bool {}
    #[must_use]
    pub fn response(&self) -> Option<&Response> {}
    #[must_use]
    pub fn response_schema(&self) -> Option<&Schema> {}
    #[must_use]
    pub fn sends_secrets(&self) -> bool {}
    pub fn walk_request<'a>(&'a self, visit: &mut dyn FnMut(&str, &'a Schema)) {}
}
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Parameter {
    pub place: Place,
    pub name: String,
    pub required: bool,
    pub schema: Schema,
}
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    Path,
    Query,
    Header,
}
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Property {
    pub name: String,
    pub required: bool,
    pub schema: Schema,
}
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Response {
    pub status: u16,
    pub content: Content,
}
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Rule {
    Required,
    Type,
    Listed,
    MinLength { length: u64, limit: u64 },
    MaxLength { length: u64, limit: u64 },
    Minimum(Number),
    Maximum(Number),
    MinItems { length: u64, limit: u64 },
    MaxItems { length: u64, limit: u64 },
}
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Schema {
    pub kind: Kind,
    pub title: Option<String>,
    pub format: Option<String>,
    pub example: Option<Value>,
    pub sensitive: bool,
    pub deprecated: bool,
    pub values: Vec<EnumValue>,
    pub properties: Vec<Property>,
    pub items: Option<Box<Schema>>,
    pub json: Option<Box<Schema>>,
    pub min_length: Option<u64>,
    pub max_length: Option<u64>,
    pub pattern: Option<String>,
    pub minimum: Option<Number>,
    pub maximum: Option<Number>,
    pub min_items: Option<u64>,
    pub max_items: Option<u64>,
}
impl Schema {
    #[must_use]
    pub fn allows(&self, value: &Value) -> bool {}
    pub fn check(&self, value: &Value, secrets: Secrets) -> Checked<'_> {}
    pub fn check_text(&self, text: &str, required: bool) -> Checked<'_> {}
    #[must_use]
    pub fn example_value(&self) -> Value {}
    #[must_use]
    pub fn has_secrets(&self) -> bool {}
    #[must_use]
    pub fn is_whole(&self) -> bool {}
    #[must_use]
    pub fn property(&self, name: &str) -> Option<&Property> {}
    pub fn walk<'a>(&'a self, visit: &mut dyn FnMut(&str, &'a Schema)) {}
}
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secrets {
    Decrypted,
    Encrypted,
}
#[derive(Debug)]
#[non_exhaustive]
pub struct Summary {
    pub id: Cow<'static, str>,
    pub method: Method,
    pub path: Cow<'static, str>,
    pub title: Option<Cow<'static, str>>,
    pub tags: Vec<Cow<'static, str>>,
    pub roles: Vec<Cow<'static, str>>,
    pub updated: Option<Cow<'static, str>>,
    pub deprecated: bool,
    pub secrets: bool,
    pub documentation: Vec<Cow<'static, str>>,
    pub labels: Vec<Cow<'static, str>>,
    // and private fields
}
impl Summary {
    pub fn document(&self) -> Result<Json, DescriptionError> {}
    #[must_use]
    pub fn family(&self) -> &str {}
    pub fn operation(&self) -> Result<&Operation, DescriptionError> {}
}
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Upload {
    pub meta: Schema,
    pub file: String,
    pub filename: Option<String>,
    pub digest: Option<String>,
    pub algorithm: Algorithm,
    pub form: Vec<super::schema::Property>,
}
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Violation<'a> {
    pub pointer: String,
    pub schema: &'a Schema,
    pub rule: Rule,
}

// mod description::json

#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    Null,
    Bool(bool),
    Number(Number),
    String(String),
    Array(Vec<Json>),
    Object(Vec<(String, Json)>),
}
impl Json {
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {}
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {}
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Self> {}
    #[must_use]
    pub fn items(&self) -> &[Self] {}
    #[must_use]
    pub fn members(&self) -> &[(String, Self)] {}
    pub fn parse(text: &str) -> Result<Self, serde_json::Error> {}
    #[must_use]
    pub fn pretty(&self) -> String {}
    #[must_use]
    pub fn to_value(&self) -> serde_json::Value {}
}
impl<'de> Deserialize<'de> for Json {}
impl<K: Into<String>> FromIterator<(K, Json)> for Json {}
impl From<&str> for Json {}
impl From<String> for Json {}
impl From<Vec<Json>> for Json {}
impl From<bool> for Json {}
impl From<u64> for Json {}
impl FromIterator<Json> for Json {}
impl fmt::Display for Json {}
