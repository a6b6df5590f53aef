//! Which paths a description has, and where each one is described.

use std::{collections::BTreeMap, rc::Rc};

use crate::read::{
    fault::{Fault, Note, Place},
    folder::{Folder, stem},
    operation::{Defaults, Event, documentation, hosts, title},
    spot::Spot,
    tree::Value,
};

/// The names of a document that lists all paths of a folder.
const NAMES: [&str; 6] = [
    "openapi.json",
    "openapi.yaml",
    "openapi.yml",
    "swagger.json",
    "swagger.yaml",
    "swagger.yml",
];

/// The methods of the API.
const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// What was found.
#[derive(Default)]
pub(crate) struct Entries {
    pub(crate) title: Option<String>,
    pub(crate) version: Option<String>,
    /// By path, each one with its path item.
    pub(crate) paths: BTreeMap<String, Entry>,
    pub(crate) events: Vec<Event>,
    pub(crate) notes: Vec<Note>,
    /// How many paths were of an older API.
    old: usize,
}

/// A path item.
pub(crate) struct Entry {
    pub(crate) item: Spot,
    pub(crate) defaults: Rc<Defaults>,
}

/// Finds the paths of a description: the file that was given, a root document, several documents, or files that lie where
/// their paths say.
pub(crate) fn find(folder: &Folder, file: Option<&str>) -> Result<Entries, Fault> {
    let mut entries = Entries::default();
    if let Some(file) = file {
        let document = open(folder, file)?;
        if !is_document(&document) {
            return Err(document.fault(if is_path_item(&document) {
                "the file describes one path without naming it; pass the folder in which the paths begin"
            } else {
                "the file is no OpenAPI 3 or Swagger 2.0 document: it has neither `openapi` nor `swagger`"
            }));
        }
        entries.document(folder, &document)?;
    } else {
        let named: Vec<&str> = NAMES.into_iter().filter(|name| folder.has(name)).collect();
        match named.as_slice() {
            [] => entries.search(folder)?,
            [name] => entries.document(folder, &open(folder, name)?)?,
            names => {
                return Err(Fault::new(
                    Place::whole("."),
                    format!(
                        "the folder has several root documents ({}); give one of them",
                        names.join(", ")
                    ),
                ));
            }
        }
    }
    if entries.old > 0 {
        entries.notes.push(Note::new(
            Place::whole("."),
            format!("{} paths of API v2 are left out", entries.old),
        ));
    }
    Ok(entries)
}

fn open(folder: &Folder, name: &str) -> Result<Spot, Fault> {
    Ok(Spot::document(&folder.read(name, &Place::whole(name))?))
}

fn is_document(spot: &Spot) -> bool {
    ["openapi", "swagger"].iter().any(|word| spot.get(word).is_some())
}

fn is_path_item(spot: &Spot) -> bool {
    METHODS.iter().any(|method| {
        spot.get(method)
            .is_some_and(|operation| operation.get("responses").is_some() || operation.get("parameters").is_some())
    })
}

impl Entries {
    /// A folder without a root document.
    fn search(&mut self, folder: &Folder) -> Result<(), Fault> {
        let mut documents = Vec::new();
        let mut items = Vec::new();
        for name in folder.names()? {
            let spot = open(folder, &name)?;
            if is_document(&spot) {
                documents.push(spot);
            } else if is_path_item(&spot) {
                items.push((name, spot));
            }
        }
        for document in &documents {
            self.document(folder, document)?;
        }
        // Beside whole documents, a path item belongs to one that points to it.
        if documents.is_empty() {
            let defaults = Rc::new(Defaults::default());
            for (name, item) in items {
                let path = format!("/{}", stem(&name).unwrap_or(&name));
                self.path(&path, item, &defaults)?;
            }
        }
        Ok(())
    }

    /// A whole document.
    fn document(&mut self, folder: &Folder, document: &Spot) -> Result<(), Fault> {
        check_version(document)?;
        if let Some(info) = document.get("info") {
            self.title = info.text_of("title")?.or(self.title.take());
            self.version = info.text_of("version")?.or(self.version.take());
        }
        let defaults = Rc::new(Defaults {
            produces: document.words("produces")?,
            hosts: hosts(document)?,
        });
        let base = base(document)?;
        if let Some(paths) = document.get("paths") {
            for entry in paths.entries("`paths`")? {
                if !entry.key.starts_with('/') {
                    if !entry.key.starts_with("x-") {
                        let place = entry.place(&document.source.name);
                        return Err(Fault::new(
                            place,
                            format!("the path `{}` must begin with `/`", entry.key),
                        ));
                    }
                    continue;
                }
                let path = format!("{base}{}", entry.key);
                let item = paths.beside(&entry.node);
                // An older API's file need not be readable.
                let target = item.text_of_reference();
                if is_old(&path) || (version_of(&path).is_none() && target.is_some_and(|target| is_old(&target))) {
                    self.old += 1;
                    continue;
                }
                if entry.node.is_null() {
                    continue;
                }
                self.path(&path, item.follow(folder)?, &defaults)?;
            }
        }
        if let Some(webhooks) = document.get("webhooks") {
            for entry in webhooks.entries("`webhooks`")? {
                let item = webhooks.beside(&entry.node).follow(folder)?;
                if let Some(post) = item.get("post") {
                    self.event(Event {
                        event_type: entry.key.to_string(),
                        title: title(&post)?,
                        documentation: documentation(&post)?,
                    });
                }
            }
        }
        Ok(())
    }

    fn path(&mut self, path: &str, item: Spot, defaults: &Rc<Defaults>) -> Result<(), Fault> {
        let path = match path.strip_suffix("{empty}") {
            Some(path) if path.ends_with('/') => path,
            _ => path,
        };
        if is_old(path) {
            self.old += 1;
            return Ok(());
        }
        check_path(path, &item)?;
        if let Value::Map(entries) = &item.node.value {
            for entry in entries
                .iter()
                .filter(|entry| ["head", "options", "trace"].contains(&&*entry.key))
            {
                self.notes.push(Note::new(
                    entry.place(&item.source.name),
                    format!("the API has no method `{}`; it is left out", entry.key),
                ));
            }
        }
        if let Some(known) = self.paths.get(path) {
            return Err(item.fault(format!(
                "the path `{path}` is described twice, first at {}",
                known.item.place()
            )));
        }
        let defaults = Rc::clone(defaults);
        self.paths.insert(path.to_owned(), Entry { item, defaults });
        Ok(())
    }

    /// Adds a type of notification, once, and each of its links once.
    pub(crate) fn event(&mut self, event: Event) {
        if !self.events.iter().any(|known| known.event_type == event.event_type) {
            self.events.push(Event {
                event_type: event.event_type.clone(),
                title: None,
                documentation: Vec::new(),
            });
        }
        let same = |known: &&mut Event| known.event_type == event.event_type;
        let Some(known) = self.events.iter_mut().find(same) else {
            return;
        };
        known.title = event.title.or(known.title.take());
        for link in event.documentation {
            if !known.documentation.contains(&link) {
                known.documentation.push(link);
            }
        }
    }
}

fn check_version(document: &Spot) -> Result<(), Fault> {
    for (word, versions) in [("openapi", ["3.0", "3.1"].as_slice()), ("swagger", ["2.0"].as_slice())] {
        if let Some(version) = document.text_of(word)?
            && !versions
                .iter()
                .any(|known| version == *known || version.starts_with(&format!("{known}.")))
        {
            return Err(document.fault(format!(
                "the version `{word}: {version}` is unknown; Swagger 2.0 and OpenAPI 3.0 and 3.1 can be read"
            )));
        }
    }
    Ok(())
}

/// The prefix of every path: `basePath`, or the path of the first server.
fn base(document: &Spot) -> Result<String, Fault> {
    let mut base = document.text_of("basePath")?.unwrap_or_default();
    if let Some(servers) = document.get("servers")
        && let Some(server) = servers.items("`servers`")?.first()
    {
        let url = servers.beside(&server.node).text_of("url")?.unwrap_or_default();
        let rest = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
        base = rest
            .find('/')
            .and_then(|start| rest.get(start..))
            .unwrap_or_default()
            .to_owned();
    }
    let base = base.trim_end_matches('/');
    Ok(if base.is_empty() || base.starts_with('/') {
        base.to_owned()
    } else {
        format!("/{base}")
    })
}

/// The first segment of a path or file that is a version.
fn version_of(path: &str) -> Option<&str> {
    path.split('/').find(|segment| {
        let number = segment.strip_prefix('v').unwrap_or_default();
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// Whether a path, or the file that describes it, is of an API before v3.
fn is_old(path: &str) -> bool {
    matches!(version_of(path), Some("v1" | "v2"))
}

/// A path becomes the name of a file and of a module, so it must be an ordinary one.
fn check_path(path: &str, item: &Spot) -> Result<(), Fault> {
    let inner = path.strip_suffix('/').unwrap_or(path);
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
    let ordinary = |segment: &str| {
        let name = segment
            .strip_prefix('{')
            .and_then(|name| name.strip_suffix('}'))
            .unwrap_or(segment);
        !name.is_empty() && name != "." && name != ".." && name.chars().all(allowed)
    };
    if inner.split('/').skip(1).all(ordinary) && path.starts_with('/') && inner.contains('/') {
        return Ok(());
    }
    Err(item.fault(format!(
        "the path `{}` cannot be one of the API: a segment is a name or one `{{placeholder}}`",
        path.escape_debug()
    )))
}
