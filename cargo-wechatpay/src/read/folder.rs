//! The files of one description. Nothing outside their folder is read.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    fs::{self, File},
    io::{ErrorKind, Read},
    path::{Component, Path, PathBuf},
    rc::Rc,
    sync::Arc,
};

use crate::read::{
    fault::{Fault, Place},
    tree::{self, Node},
};

/// How long a file may be. The whole public description in one document is about a tenth of it.
const FILE_BYTES: u64 = 32 * 1024 * 1024;

/// How long all files together may be.
const ALL_BYTES: u64 = 256 * 1024 * 1024;

/// How many files a description may have. The public one has about 1,200.
const FILES: usize = 20_000;

/// How many files and folders of any kind are looked at, to find those of a description.
const ENTRIES: usize = 200_000;

/// How deep folders may be nested. The paths of operations have up to 11 segments.
const FOLDERS: usize = 64;

/// The folder of a description, with the files that were read so far.
pub(crate) struct Folder {
    /// The folder without any symbolic link in it.
    root: PathBuf,
    files: RefCell<BTreeMap<String, Rc<Source>>>,
    bytes: Cell<u64>,
}

/// A file that was read.
pub(crate) struct Source {
    /// The name as seen from the folder, with `/` between its parts.
    pub(crate) name: Arc<str>,
    pub(crate) document: Rc<Node>,
}

impl Folder {
    /// Opens the folder at `path`, or the folder that the file at `path` lies in. The second value is the name of that
    /// file.
    pub(crate) fn open(path: &Path) -> Result<(Self, Option<String>), Fault> {
        let shown = path.display().to_string();
        let fault = |message: String| Fault::new(Place::whole(&shown), message);
        let metadata = fs::metadata(path).map_err(|error| fault(format!("cannot be opened: {error}")))?;
        // The name is kept as it was given: a link to a file elsewhere is refused like any other.
        let (root, file) = if metadata.is_dir() {
            (path.to_path_buf(), None)
        } else {
            let name = path
                .file_name()
                .and_then(|name| name.to_str())
                .ok_or_else(|| fault("the name of a file must be UTF-8".to_owned()))?;
            let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
            (parent.unwrap_or(Path::new(".")).to_path_buf(), Some(name.to_owned()))
        };
        let root = fs::canonicalize(&root).map_err(|error| fault(format!("cannot be opened: {error}")))?;
        let folder = Self {
            root,
            files: RefCell::default(),
            bytes: Cell::new(0),
        };
        Ok((folder, file))
    }

    /// Whether a file of that name exists in the folder.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.root.join(name).is_file()
    }

    /// Reads a file. `at` is the place that asks for it.
    pub(crate) fn read(&self, name: &str, at: &Place) -> Result<Rc<Source>, Fault> {
        if let Some(source) = self.files.borrow().get(name) {
            return Ok(Rc::clone(source));
        }
        let text = self.text(name, at)?;
        let name: Arc<str> = name.into();
        let source = Rc::new(Source {
            document: tree::parse(&name, &text)?,
            name: Arc::clone(&name),
        });
        self.files.borrow_mut().insert(name.to_string(), Rc::clone(&source));
        Ok(source)
    }

    fn text(&self, name: &str, at: &Place) -> Result<String, Fault> {
        let fault = |message: String| Fault::new(at.clone(), message);
        let unreadable = |error: std::io::Error| {
            fault(match error.kind() {
                ErrorKind::NotFound => format!("the file `{name}` does not exist"),
                _ => format!("the file `{name}` cannot be read: {error}"),
            })
        };
        if self.files.borrow().len() >= FILES {
            return Err(fault(format!("the description has more than {FILES} files")));
        }
        let path = fs::canonicalize(self.root.join(name)).map_err(unreadable)?;
        if !path.starts_with(&self.root) {
            return Err(fault(format!(
                "`{name}` is a link to a file outside of the description's folder, which is not read"
            )));
        }
        // A pipe or a device has no end.
        if !fs::metadata(&path).map_err(unreadable)?.is_file() {
            return Err(fault(format!("`{name}` is not a file")));
        }
        let mut bytes = Vec::new();
        File::open(&path)
            .and_then(|file| file.take(FILE_BYTES + 1).read_to_end(&mut bytes))
            .map_err(unreadable)?;
        let length = bytes.len() as u64;
        if length > FILE_BYTES {
            let limit = FILE_BYTES / 1024 / 1024;
            return Err(fault(format!("the file `{name}` is longer than {limit} MiB")));
        }
        self.bytes.set(self.bytes.get() + length);
        if self.bytes.get() > ALL_BYTES {
            let limit = ALL_BYTES / 1024 / 1024;
            return Err(fault(format!("the description is longer than {limit} MiB")));
        }
        String::from_utf8(bytes).map_err(|error| {
            fault(format!(
                "the file `{name}` is not UTF-8, from byte {}",
                error.utf8_error().valid_up_to()
            ))
        })
    }

    /// The names of all YAML and JSON files, sorted. Hidden files and folders are left out.
    pub(crate) fn names(&self) -> Result<Vec<String>, Fault> {
        let mut names = Vec::new();
        self.list("", 0, &mut 0, &mut names)?;
        names.sort();
        Ok(names)
    }

    fn list(&self, folder: &str, depth: usize, seen: &mut usize, names: &mut Vec<String>) -> Result<(), Fault> {
        let place = Place::whole(if folder.is_empty() { "." } else { folder });
        let fault = |message: String| Fault::new(place.clone(), message);
        if depth > FOLDERS {
            return Err(fault(format!("folders are nested deeper than {FOLDERS} levels")));
        }
        let unreadable = |error: std::io::Error| fault(format!("the folder cannot be read: {error}"));
        for entry in fs::read_dir(self.root.join(folder)).map_err(unreadable)? {
            let entry = entry.map_err(unreadable)?;
            *seen += 1;
            if *seen > ENTRIES {
                return Err(fault(format!(
                    "more than {ENTRIES} files and folders are in the folder that was given"
                )));
            }
            let name = entry.file_name();
            let Some(name) = name.to_str() else {
                continue;
            };
            if name.starts_with('.') {
                continue;
            }
            let path = if folder.is_empty() {
                name.to_owned()
            } else {
                format!("{folder}/{name}")
            };
            // A linked folder may hold itself, so it is not entered. A linked file is checked when it is read.
            if entry.file_type().map_err(unreadable)?.is_dir() {
                self.list(&path, depth + 1, seen, names)?;
            } else if is_description(name) {
                names.push(path);
            }
        }
        Ok(())
    }
}

fn is_description(name: &str) -> bool {
    stem(name).is_some()
}

/// The name of a YAML or JSON file without its extension.
pub(crate) fn stem(name: &str) -> Option<&str> {
    let (stem, extension) = name.rsplit_once('.')?;
    ["yaml", "yml", "json"]
        .iter()
        .any(|known| extension.eq_ignore_ascii_case(known))
        .then_some(stem)
}

/// The name of the file that `target` means in the file `from`. `None` when it leaves the folder.
pub(crate) fn resolve(from: &str, target: &str) -> Option<String> {
    let folder = from.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for component in Path::new(target).components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir => {
                parts.pop()?;
            }
            Component::Normal(part) => parts.push(part.to_str()?),
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(parts.join("/"))
}
