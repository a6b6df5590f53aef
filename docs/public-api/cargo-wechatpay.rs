// The public interface of cargo-wechatpay, with every feature. A test writes and compares it.

// mod changelog

#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Change {
    Added { place: String, required: bool },
    Removed { place: String },
    Different { place: String, word: String, old: Option<Json>, new: Option<Json> },
}
impl fmt::Display for Change {}
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Changed {
    pub operation: Named,
    pub changes: Vec<Change>,
}
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Changelog {
    pub added: Vec<Named>,
    pub changed: Vec<Changed>,
    pub removed: Vec<Named>,
    pub added_events: Vec<String>,
    pub removed_events: Vec<String>,
}
impl Changelog {
    #[must_use]
    pub fn between(older: &Documents, newer: &Documents) -> Self {}
    #[must_use]
    pub fn is_empty(&self) -> bool {}
}
impl fmt::Display for Changelog {}
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Named {
    pub method: String,
    pub path: String,
    pub title: Option<String>,
}
impl fmt::Display for Named {}

// mod generate

#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Changes {
    pub written: Vec<PathBuf>,
    pub removed: Vec<PathBuf>,
}
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Declaration {
    pub imports: String,
    pub items: String,
}
#[derive(Debug)]
pub struct Files(pub(super) _);
impl Files {
    pub fn compare(&self, out: &Path) -> Result<Changes, GenerateError> {}
    pub fn iter(&self) -> impl Iterator<Item = (&Path, &str)> {}
    pub fn write(&self, out: &Path) -> Result<Changes, GenerateError> {}
}
#[derive(Debug)]
#[non_exhaustive]
pub enum GenerateError {
    Description(DescriptionError),
    Json(PathBuf, String),
    Manifest(PathBuf, String),
    NotGenerated(PathBuf),
    Io(PathBuf, std::io::Error),
}
impl From<DescriptionError> for GenerateError {}
impl fmt::Display for GenerateError {}
impl std::error::Error for GenerateError {}
#[derive(Clone, Debug)]
pub struct Source {
    pub root: Json,
    pub documents: Vec<(String, Json)>,
}
impl Source {
    pub fn generate(&self, out: &Path) -> Result<Files, GenerateError> {}
    pub fn read(folder: &Path) -> Result<Self, GenerateError> {}
}
impl From<Documents> for Source {}
#[must_use]
pub fn declare(operation: &Operation, name: &str) -> Declaration {}
#[must_use]
pub fn document_name(path: &str) -> String {}

// mod import

#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Import {
    pub documents: Documents,
    pub changelog: Changelog,
    pub kept: Vec<Named>,
    pub secrets: Vec<String>,
}
impl Import {
    #[must_use]
    pub fn of(ours: &Documents, newer: &Documents) -> Self {}
    pub fn write(&self, folder: &Path) -> io::Result<()> {}
}

// mod read

#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Documents {
    pub root: Json,
    pub paths: Vec<(String, Json)>,
    pub notes: Vec<Note>,
}
impl Documents {
    pub fn description(&self) -> Result<Description, DescriptionError> {}
    pub fn files(&self) -> impl Iterator<Item = (String, &Json)> {}
}
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub place: Place,
    pub message: String,
}
impl Error for Fault {}
impl fmt::Display for Fault {}
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Note {
    pub place: Place,
    pub message: String,
}
impl fmt::Display for Note {}
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    pub file: Arc<str>,
    pub line: usize,
    pub column: usize,
}
impl fmt::Display for Place {}
pub fn read(path: &Path) -> Result<Documents, Fault> {}

// mod write

pub fn file(path: &Path, text: &str) -> io::Result<()> {}
pub fn files(
    folder: &Path,
    files: impl IntoIterator<Item = (String, String)>,
) -> io::Result<()> {}

// traits of other crates for types of other crates

impl From<Members> for Json {}
