//! Finds the item behind a name, by Rust's rules as far as they can be followed without a compiler.

use super::source::{ItemId, ScopeId, Source};

/// What a path names.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Named {
    Item(ItemId),
    Module(ScopeId),
    /// Something of another crate, by its last name.
    Elsewhere(String),
}

/// Imports lead to imports; a circle of them leads nowhere.
const DEEPEST: usize = 16;

impl Source {
    /// What `path` names in `scope`.
    pub(crate) fn resolve(&self, scope: ScopeId, path: &[String]) -> Option<Named> {
        self.path(scope, path, 0)
    }

    fn path(&self, scope: ScopeId, path: &[String], depth: usize) -> Option<Named> {
        if depth > DEEPEST {
            return None;
        }
        let (first, rest) = path.split_first()?;
        let mut here = match first.as_str() {
            "crate" => Named::Module(self.root(scope)),
            "self" => Named::Module(self.module(scope)),
            "super" => Named::Module(
                self.scope(self.module(scope))?
                    .parent
                    .map(|parent| self.module(parent))?,
            ),
            "::" => return self.path_from_crate(rest, depth),
            name => match self.name(scope, name, depth) {
                Some(found) => found,
                None => return self.path_from_crate(path, depth),
            },
        };
        for name in rest {
            here = match here {
                Named::Module(module) if name == "super" => {
                    Named::Module(self.scope(module)?.parent.map(|up| self.module(up))?)
                }
                Named::Module(module) => self.member(module, name, depth)?,
                Named::Elsewhere(_) => Named::Elsewhere(name.clone()),
                // An associated type.
                Named::Item(_) => return None,
            };
        }
        Some(here)
    }

    fn path_from_crate(&self, path: &[String], depth: usize) -> Option<Named> {
        let (first, rest) = path.split_first()?;
        match self.libraries.get(first) {
            Some(root) => rest.iter().try_fold(Named::Module(*root), |here, name| match here {
                Named::Module(module) => self.member(module, name, depth),
                _ => None,
            }),
            None if rest.is_empty() => None,
            None => rest.last().cloned().map(Named::Elsewhere),
        }
    }

    /// A name as seen from `scope`: through the blocks up to the module.
    fn name(&self, scope: ScopeId, name: &str, depth: usize) -> Option<Named> {
        let mut here = scope;
        loop {
            if let Some(found) = self.member(here, name, depth) {
                return Some(found);
            }
            let current = self.scope(here)?;
            here = current.parent.filter(|_| current.is_block)?;
        }
    }

    /// A name in exactly this scope: declared, imported, or imported with all others.
    fn member(&self, scope: ScopeId, name: &str, depth: usize) -> Option<Named> {
        let here = self.scope(scope)?;
        // If `cfg` selects one of several, the first one is used.
        if let Some(item) = here.items.get(name).and_then(|items| items.first()) {
            return Some(Named::Item(*item));
        }
        if let Some(module) = here.modules.get(name) {
            return Some(Named::Module(*module));
        }
        if let Some((_, path)) = here.imports.iter().find(|(known, _)| known == name) {
            // `use serde_json::Value` names another crate, unless it leads back here.
            let itself = path.first().is_some_and(|first| first == name) && path.len() == 1;
            return if itself {
                None
            } else {
                self.path(scope, path, depth + 1)
            };
        }
        here.globs
            .iter()
            .find_map(|glob| match self.path(scope, glob, depth + 1) {
                Some(Named::Module(module)) if module != scope => self.member(module, name, depth + 1),
                _ => None,
            })
    }

    /// The module around a block.
    fn module(&self, mut scope: ScopeId) -> ScopeId {
        while let Some(parent) = self
            .scope(scope)
            .filter(|scope| scope.is_block)
            .and_then(|scope| scope.parent)
        {
            scope = parent;
        }
        scope
    }

    fn root(&self, mut scope: ScopeId) -> ScopeId {
        // A circle of modules cannot be longer than there are scopes.
        for _ in 0..self.scopes.len() {
            match self.scope(scope).and_then(|scope| scope.parent) {
                Some(parent) => scope = parent,
                None => break,
            }
        }
        scope
    }

    /// The only item of this name in the package of `scope`.
    pub(crate) fn only_one_named(&self, scope: ScopeId, name: &str) -> Option<ItemId> {
        let package = |scope: ScopeId| {
            self.scope(scope)
                .and_then(|scope| self.files.get(scope.file))
                .map(|file| &file.package)
        };
        let wanted = package(scope);
        let mut found = (0..self.items.len()).filter(|id| {
            self.item(*id)
                .is_some_and(|item| item.name == name && package(item.scope) == wanted)
        });
        let first = found.next()?;
        found.next().is_none().then_some(first)
    }
}
