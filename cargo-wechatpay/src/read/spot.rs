//! A value together with the file that it is in, because references are relative to their file.

use std::rc::Rc;

use percent_encoding::percent_decode_str;

use crate::read::{
    fault::{Fault, Place},
    folder::{self, Folder, Source},
    label::one_line,
    tree::{Entry, Item, Node, Scalar, Value},
};

/// The maximum number of references in a chain.
const CHAIN: usize = 32;

/// A value and its file.
#[derive(Clone)]
pub(crate) struct Spot {
    pub(crate) source: Rc<Source>,
    pub(crate) node: Rc<Node>,
}

impl Spot {
    /// The whole of a file.
    pub(crate) fn document(source: &Rc<Source>) -> Self {
        Self {
            source: Rc::clone(source),
            node: Rc::clone(&source.document),
        }
    }

    /// A value of the same file.
    pub(crate) fn beside(&self, node: &Rc<Node>) -> Self {
        Self {
            source: Rc::clone(&self.source),
            node: Rc::clone(node),
        }
    }

    pub(crate) fn place(&self) -> Place {
        self.node.place(&self.source.name)
    }

    pub(crate) fn fault(&self, message: impl Into<String>) -> Fault {
        Fault::new(self.place(), message)
    }

    /// The value under a key. Nothing (`key:` without a value) counts as absent.
    pub(crate) fn get(&self, key: &str) -> Option<Self> {
        let node = self.node.get(key)?;
        (!node.is_null()).then(|| self.beside(node))
    }

    /// The keys and values of a mapping.
    pub(crate) fn entries(&self, what: &str) -> Result<&[Entry], Fault> {
        match &self.node.value {
            Value::Map(entries) => Ok(entries),
            _ => Err(self.expected(what, "a mapping")),
        }
    }

    /// The elements of a list.
    pub(crate) fn items(&self, what: &str) -> Result<&[Item], Fault> {
        match &self.node.value {
            Value::List(items) => Ok(items),
            _ => Err(self.expected(what, "a list")),
        }
    }

    pub(crate) fn scalar(&self) -> Option<&Scalar> {
        match &self.node.value {
            Value::Scalar(scalar) => Some(scalar),
            _ => None,
        }
    }

    /// A single value as text: `2022.05` is text here.
    pub(crate) fn text(&self, what: &str) -> Result<&str, Fault> {
        match &self.node.value {
            Value::Scalar(scalar) => Ok(&scalar.text),
            _ => Err(self.expected(what, "a single value")),
        }
    }

    /// The text under a key.
    pub(crate) fn text_of(&self, key: &str) -> Result<Option<String>, Fault> {
        self.get(key)
            .map(|spot| spot.text(&format!("`{key}`")).map(str::to_owned))
            .transpose()
    }

    /// The truth value under a key. Absent is false.
    pub(crate) fn flag(&self, key: &str) -> Result<bool, Fault> {
        let Some(spot) = self.get(key) else {
            return Ok(false);
        };
        spot.scalar()
            .and_then(Scalar::as_bool)
            .ok_or_else(|| spot.expected(&format!("`{key}`"), "true or false"))
    }

    /// Under a key, a list of words or a single word.
    pub(crate) fn words(&self, key: &str) -> Result<Vec<String>, Fault> {
        let Some(spot) = self.get(key) else {
            return Ok(Vec::new());
        };
        if spot.scalar().is_some() {
            return Ok(vec![one_line(spot.text(key)?)]);
        }
        let what = format!("`{key}`");
        spot.items(&what)?
            .iter()
            .map(|item| Ok(one_line(spot.beside(&item.node).text(&what)?)))
            .collect()
    }

    fn expected(&self, what: &str, kind: &str) -> Fault {
        self.fault(format!("{what} must be {kind}, but is {}", self.node.kind()))
    }

    /// The value that a chain of references leads to, if this is a reference.
    ///
    /// # Errors
    ///
    /// A target is missing or outside of the folder, or the references lead in a circle.
    pub(crate) fn follow(&self, folder: &Folder) -> Result<Self, Fault> {
        let mut spot = self.clone();
        for _ in 0..CHAIN {
            match spot.target(folder)? {
                Some(target) => spot = target,
                None => return Ok(spot),
            }
        }
        Err(self.fault(format!(
            "the reference never reaches a value: it leads to {CHAIN} further references, probably in a circle"
        )))
    }

    /// The text of `$ref`, without following it.
    pub(crate) fn text_of_reference(&self) -> Option<String> {
        self.get("$ref")?.scalar().map(|scalar| scalar.text.to_string())
    }

    /// The value that `$ref` points to.
    pub(crate) fn target(&self, folder: &Folder) -> Result<Option<Self>, Fault> {
        let Some(reference) = self.get("$ref") else {
            return Ok(None);
        };
        let text = reference.text("`$ref`")?.trim();
        let (file, fragment) = text.split_once('#').unwrap_or((text, ""));
        let source = if file.is_empty() {
            Rc::clone(&self.source)
        } else {
            reference.open(folder, file)?
        };
        let document = Self::document(&source);
        let target = document.at_fragment(fragment).ok_or_else(|| {
            reference.fault(format!(
                "`$ref` points to `{fragment}` in `{}`, which does not exist",
                source.name
            ))
        })?;
        Ok(Some(target))
    }

    fn open(&self, folder: &Folder, file: &str) -> Result<Rc<Source>, Fault> {
        if file.contains("://") || file.starts_with("//") {
            return Err(self.fault(format!(
                "`$ref` points to `{file}`. Nothing is downloaded; save it in the folder and point to the file"
            )));
        }
        let outside = || {
            self.fault(format!(
                "`$ref` points to `{file}`, outside of the folder that was given. Give the folder that holds all files"
            ))
        };
        let literal = folder::resolve(&self.source.name, file).ok_or_else(outside)?;
        if folder.has(&literal) {
            return folder.read(&literal, &self.place());
        }
        // `$ref` is a URL, so braces of a file's name may be written as %7B and %7D.
        let decoded = percent_decode_str(file)
            .decode_utf8()
            .map_err(|_| self.fault("`$ref` must be UTF-8"))?;
        let decoded = folder::resolve(&self.source.name, &decoded).ok_or_else(outside)?;
        folder.read(&decoded, &self.place())
    }

    /// `/a/b` is a JSON pointer. `a` without a slash is a key of the file's top.
    fn at_fragment(&self, fragment: &str) -> Option<Self> {
        let decoded = percent_decode_str(fragment).decode_utf8().ok()?;
        let Some(pointer) = decoded.strip_prefix('/') else {
            return if decoded.is_empty() {
                Some(self.clone())
            } else {
                self.get(&decoded)
            };
        };
        let mut spot = self.clone();
        for part in pointer.split('/') {
            let part = part.replace("~1", "/").replace("~0", "~");
            spot = match &spot.node.value {
                Value::List(items) => {
                    let item = items.get(part.parse::<usize>().ok()?)?;
                    spot.beside(&item.node)
                }
                _ => spot.get(&part)?,
            };
        }
        Some(spot)
    }

    /// Whether two spots are one and the same value.
    pub(crate) fn is(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.node, &other.node)
    }
}
