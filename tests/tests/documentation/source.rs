//! The modules of a crate, read from its files with every feature on.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};
use syn::{Attribute, Expr, Item, ItemMod, Lit, Meta, Token, UseTree, Visibility, punctuated::Punctuated};

/// `["gateway", "fault"]`.
pub type ModulePath = Vec<String>;

pub struct Crate {
    pub modules: BTreeMap<ModulePath, Module>,
}

pub struct Module {
    pub file: PathBuf,
    pub docs: String,
    pub items: Vec<Item>,
    pub uses: Vec<Use>,
}

/// One name that a `use` brings.
pub struct Use {
    pub public: bool,
    pub path: Vec<String>,
    /// What it is called here; nothing for `*`.
    pub name: Option<String>,
}

/// What a path leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    Module(ModulePath),
    Item(ModulePath, String),
}

impl Crate {
    pub fn read(root: &Path) -> Self {
        let mut this = Self {
            modules: BTreeMap::new(),
        };
        this.read_file(Vec::new(), &root.join("lib.rs"), root, String::new());
        this
    }

    /// `directory` is where the files of its modules are.
    fn read_file(&mut self, path: ModulePath, file: &Path, directory: &Path, docs: String) {
        let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let parsed = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let docs = docs + &docs_of(&parsed.attrs, file);
        self.add(path, file, directory, docs, parsed.items);
    }

    fn add(&mut self, path: ModulePath, file: &Path, directory: &Path, docs: String, items: Vec<Item>) {
        let mut uses = Vec::new();
        for item in &items {
            match item {
                Item::Mod(module) if is_on(&module.attrs) => self.read_module(&path, file, directory, module),
                Item::Use(item) if is_on(&item.attrs) => {
                    let public = is_public(&item.vis);
                    flatten(&item.tree, &mut Vec::new(), &mut |path, name| {
                        uses.push(Use { public, path, name });
                    });
                }
                _ => {}
            }
        }
        let module = Module {
            file: file.to_owned(),
            docs,
            items,
            uses,
        };
        self.modules.insert(path, module);
    }

    fn read_module(&mut self, parent: &[String], file: &Path, directory: &Path, module: &ItemMod) {
        let name = module.ident.to_string();
        let path = joined(parent, &name);
        let docs = docs_of(&module.attrs, file);
        let inside = directory.join(&name);
        match &module.content {
            Some((_, items)) => self.add(path, file, &inside, docs, items.clone()),
            None => {
                let flat = directory.join(format!("{name}.rs"));
                let file = if flat.exists() { flat } else { inside.join("mod.rs") };
                self.read_file(path, &file, &inside, docs);
            }
        }
    }

    /// What `path` means within `module`.
    pub fn resolve(&self, module: &[String], path: &[String]) -> Option<Found> {
        self.look_up(module, path, 0)
    }

    fn look_up(&self, module: &[String], path: &[String], depth: usize) -> Option<Found> {
        if depth > 16 {
            return None;
        }
        let Some((first, rest)) = path.split_first() else {
            return Some(Found::Module(module.to_vec()));
        };
        let child = joined(module, first);
        match first.as_str() {
            "crate" => return self.look_up(&[], rest, depth),
            "self" => return self.look_up(module, rest, depth),
            "super" => return self.look_up(module.split_last()?.1, rest, depth),
            _ if self.modules.contains_key(&child) => return self.look_up(&child, rest, depth),
            _ => {}
        }
        let here = self.modules.get(module)?;
        if here.items.iter().any(|item| name_of(item).as_ref() == Some(first)) {
            return rest.is_empty().then(|| Found::Item(module.to_vec(), first.clone()));
        }
        here.uses
            .iter()
            .filter(|import| import.name.as_ref().is_none_or(|name| name == first))
            // A name that means itself is one of another crate.
            .filter(|import| import.path.first() != Some(first))
            .find_map(|import| {
                let from = import.name.as_ref().map_or(path, |_| rest);
                self.look_up(module, &[&import.path, from].concat(), depth + 1)
            })
    }
}

/// `path::name`.
pub fn joined(path: &[String], name: &str) -> ModulePath {
    path.iter().cloned().chain([name.to_owned()]).collect()
}

fn flatten(tree: &UseTree, path: &mut Vec<String>, found: &mut impl FnMut(Vec<String>, Option<String>)) {
    match tree {
        UseTree::Path(part) => {
            path.push(part.ident.to_string());
            flatten(&part.tree, path, found);
            path.pop();
        }
        UseTree::Group(group) => group.items.iter().for_each(|tree| flatten(tree, path, found)),
        UseTree::Glob(_) => found(path.clone(), None),
        UseTree::Name(name) if name.ident == "self" => found(path.clone(), path.last().cloned()),
        UseTree::Name(name) => {
            let name = name.ident.to_string();
            found(joined(path, &name), Some(name));
        }
        UseTree::Rename(rename) => {
            let name = rename.rename.to_string();
            found(joined(path, &rename.ident.to_string()), Some(name));
        }
    }
}

pub fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// The name of an item that can be used from elsewhere.
pub fn name_of(item: &Item) -> Option<String> {
    let ident = match item {
        Item::Struct(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Union(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Type(item) => &item.ident,
        Item::Const(item) => &item.ident,
        Item::Static(item) => &item.ident,
        _ => return None,
    };
    Some(ident.to_string())
}

/// Whether something is compiled with every feature on, and outside of the crate's own tests.
pub fn is_on(attributes: &[Attribute]) -> bool {
    attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("cfg"))
        .all(|attribute| attribute.parse_args::<Meta>().is_ok_and(|condition| holds(&condition)))
}

fn holds(condition: &Meta) -> bool {
    let all = |list: &syn::MetaList| {
        list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)
            .unwrap_or_default()
    };
    match condition {
        Meta::NameValue(pair) => pair.path.is_ident("feature"),
        Meta::List(list) if list.path.is_ident("not") => !all(list).iter().all(holds),
        Meta::List(list) if list.path.is_ident("any") => all(list).iter().any(holds),
        Meta::List(list) if list.path.is_ident("all") => all(list).iter().all(holds),
        _ => false,
    }
}

/// The documentation that attributes give, with every feature on.
pub fn docs_of(attributes: &[Attribute], file: &Path) -> String {
    let mut docs = String::new();
    for attribute in attributes {
        if attribute.path().is_ident("cfg_attr") {
            let parts = attribute
                .parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)
                .unwrap_or_default();
            let mut parts = parts.iter();
            if parts.next().is_some_and(holds) {
                parts.for_each(|meta| push_doc(&mut docs, meta, file));
            }
        } else {
            push_doc(&mut docs, &attribute.meta, file);
        }
    }
    docs
}

fn push_doc(docs: &mut String, meta: &Meta, file: &Path) {
    let Meta::NameValue(pair) = meta else { return };
    if !pair.path.is_ident("doc") {
        return;
    }
    let literal = match &pair.value {
        Expr::Lit(literal) => Some(literal.lit.clone()),
        // A file beside this one.
        Expr::Macro(included) if included.mac.path.is_ident("include_str") => {
            let name = included.mac.parse_body::<Lit>().ok();
            if let (Some(Lit::Str(name)), Some(directory)) = (name, file.parent()) {
                docs.push_str(&fs::read_to_string(directory.join(name.value())).unwrap());
                docs.push('\n');
            }
            None
        }
        _ => None,
    };
    if let Some(Lit::Str(text)) = literal {
        docs.push_str(&text.value());
        docs.push('\n');
    }
}

/// `#[doc(hidden)]`.
pub fn is_hidden(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        attribute.path().is_ident("doc")
            && attribute
                .parse_args::<syn::Ident>()
                .is_ok_and(|argument| argument == "hidden")
    })
}
