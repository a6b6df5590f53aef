//! What has been read: scopes, the items and imports in them, and what could not be read.

use proc_macro2::Span;
use std::collections::HashMap;
use std::path::PathBuf;
use syn::{ItemEnum, ItemStruct, ItemType};

pub(crate) type FileId = usize;
pub(crate) type ScopeId = usize;
pub(crate) type ItemId = usize;

/// All source that was read.
#[derive(Default)]
pub(crate) struct Source {
    pub(crate) files: Vec<File>,
    pub(crate) scopes: Vec<Scope>,
    pub(crate) items: Vec<Item>,
    /// The library of a package, by the name that other crates use.
    pub(crate) libraries: HashMap<String, ScopeId>,
    /// Structs with the attribute.
    pub(crate) declared: Vec<ItemId>,
    pub(crate) unread: Vec<Unread>,
}

/// A file that was read.
pub(crate) struct File {
    pub(crate) path: PathBuf,
    pub(crate) package: Option<PathBuf>,
    /// The lines, for comments that silence a finding.
    pub(crate) lines: Vec<String>,
}

/// A module, or a block with items in it.
#[derive(Default)]
pub(crate) struct Scope {
    pub(crate) file: FileId,
    /// The scope around a block, or the module around a module.
    pub(crate) parent: Option<ScopeId>,
    /// A block sees the names of the scope around it, a module does not.
    pub(crate) is_block: bool,
    pub(crate) items: HashMap<String, Vec<ItemId>>,
    pub(crate) modules: HashMap<String, ScopeId>,
    /// Imported names and the paths behind them.
    pub(crate) imports: Vec<(String, Vec<String>)>,
    /// Paths of which all names are imported.
    pub(crate) globs: Vec<Vec<String>>,
}

/// A type that was found.
pub(crate) struct Item {
    pub(crate) scope: ScopeId,
    pub(crate) name: String,
    pub(crate) kind: ItemKind,
    /// Whether it is test code.
    pub(crate) test: bool,
}

impl Item {
    /// The position of the item's name.
    pub(crate) fn span(&self) -> Span {
        match &self.kind {
            ItemKind::Struct(item) => item.ident.span(),
            ItemKind::Enum(item) => item.ident.span(),
            ItemKind::Alias(item) => item.ident.span(),
            ItemKind::OpenEnum => Span::call_site(),
        }
    }
}

pub(crate) enum ItemKind {
    Struct(Box<ItemStruct>),
    Enum(Box<ItemEnum>),
    Alias(Box<ItemType>),
    /// Declared by `open_enum!`.
    OpenEnum,
}

/// Something that could not be read.
pub(crate) struct Unread {
    pub(crate) file: FileId,
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) reason: UnreadReason,
}

pub(crate) enum UnreadReason {
    /// Not Rust, with the parser's words.
    Syntax(String),
    /// Declarations inside a call or a definition of this macro.
    Macro(String),
    /// The attribute's arguments, with the parser's words.
    Attribute(String),
    /// `include!` of generated code.
    Included,
    /// The file cannot be read.
    Io(String),
}

impl Source {
    pub(crate) fn scope(&self, id: ScopeId) -> Option<&Scope> {
        self.scopes.get(id)
    }

    pub(crate) fn item(&self, id: ItemId) -> Option<&Item> {
        self.items.get(id)
    }

    /// The file of an item.
    pub(crate) fn file_of(&self, item: &Item) -> FileId {
        self.scope(item.scope).map_or(0, |scope| scope.file)
    }
}
