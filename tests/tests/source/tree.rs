//! The modules of a crate, parsed from its files with every feature on, and the resolution of paths.

use proc_macro2::{TokenStream, TokenTree};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};
use syn::{
    Attribute, Expr, File, Ident, ImplItem, Item, Lit, Meta, Token, TraitItem, UseTree, Visibility, ext::IdentExt as _,
    punctuated::Punctuated,
};

/// `["retry", "planner"]`. Empty for the root.
pub type ModulePath = Vec<String>;

pub struct Crate {
    pub modules: BTreeMap<ModulePath, Module>,
}

pub struct Module {
    pub file: PathBuf,
    /// The `#[cfg(..)]` of the module and of its parents.
    pub conditions: Vec<Attribute>,
    pub docs: String,
    pub items: Vec<Item>,
    pub uses: Vec<Use>,
}

/// One name that a `use` imports.
#[derive(Clone)]
pub struct Use {
    pub visibility: Visibility,
    pub is_hidden: bool,
    pub line: usize,
    pub path: Vec<String>,
    /// The local name. `None` for `*`.
    pub name: Option<String>,
}

/// The result of resolving a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    Module(ModulePath),
    /// The module and the name of the item. The rest of the path, a variant or method, is left out.
    Item(ModulePath, String),
}

impl Crate {
    /// Parses the crate whose `lib.rs` or `main.rs` is `root`.
    pub fn read(root: &Path) -> Self {
        let mut this = Self {
            modules: BTreeMap::new(),
        };
        this.add_file(Vec::new(), root, root.parent().unwrap(), &[], &[]);
        this
    }

    /// `inside` is the directory of its child modules, `declared` are the attributes of its `mod` line.
    fn add_file(&mut self, path: ModulePath, file: &Path, inside: &Path, declared: &[Attribute], around: &[Attribute]) {
        let text = fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let parsed = syn::parse_file(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        // Generated code is listed in its own file, and the tests of the generator check it.
        let items = if is_generated(&text) { Vec::new() } else { parsed.items };
        self.add(path, file, inside, &[declared, &parsed.attrs].concat(), around, items);
    }

    fn add(
        &mut self,
        path: ModulePath,
        file: &Path,
        inside: &Path,
        attributes: &[Attribute],
        around: &[Attribute],
        items: Vec<Item>,
    ) {
        let conditions: Vec<_> = around.iter().chain(attributes).filter(is_condition).cloned().collect();
        let items = present(items);
        let mut uses = Vec::new();
        for item in &items {
            match item {
                Item::Mod(module) => {
                    let name = plain(&module.ident);
                    let (path, inside) = (joined(&path, &name), inside.join(&name));
                    match &module.content {
                        Some((_, items)) => self.add(path, file, &inside, &module.attrs, &conditions, items.clone()),
                        None => {
                            let beside = inside.with_extension("rs");
                            let file = if beside.exists() { beside } else { inside.join("mod.rs") };
                            self.add_file(path, &file, &inside, &module.attrs, &conditions);
                        }
                    }
                }
                Item::Use(item) => uses_of(item, &mut |found| uses.push(found)),
                _ => {}
            }
        }
        let module = Module {
            file: file.to_owned(),
            docs: docs_of(attributes, file),
            conditions,
            items,
            uses,
        };
        self.modules.insert(path, module);
    }

    /// Resolves `path` within `module`.
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
        if here.named(first).next().is_some() {
            return Some(Found::Item(module.to_vec(), first.clone()));
        }
        if module.is_empty()
            && let Some((home, _)) = self.modules.iter().find(|(_, module)| module.exports_macro(first))
        {
            return Some(Found::Item(home.clone(), first.clone()));
        }
        here.uses
            .iter()
            .filter(|import| import.name.as_ref().is_none_or(|name| name == first))
            // A name that resolves to itself belongs to another crate.
            .filter(|import| import.path.first() != Some(first))
            .find_map(|import| {
                let from = import.name.as_ref().map_or(path, |_| rest);
                self.look_up(module, &[&import.path, from].concat(), depth + 1)
            })
    }
}

impl Module {
    pub fn named(&self, name: &str) -> impl Iterator<Item = &Item> {
        self.items
            .iter()
            .filter(move |item| name_of(item).as_deref() == Some(name))
    }

    pub fn exports_macro(&self, name: &str) -> bool {
        self.items
            .iter()
            .any(|item| exported_macro(item).as_deref() == Some(name))
    }
}

/// Whether the text of a file says that a program generated it.
pub fn is_generated(text: &str) -> bool {
    text.starts_with("// Generated by ")
}

/// The compiled items, including those in the invocations of macros.
fn present(items: Vec<Item>) -> Vec<Item> {
    let opened = items.into_iter().flat_map(|item| match &item {
        Item::Macro(invoked) if invoked.ident.is_none() => match invoked.mac.parse_body::<File>() {
            Ok(body) if !body.items.is_empty() => body.items,
            _ => vec![item],
        },
        _ => vec![item],
    });
    let mut items: Vec<_> = opened.filter(|item| is_on(attributes(item))).collect();
    for item in &mut items {
        match item {
            Item::Impl(block) => block.items.retain(|item| match item {
                ImplItem::Fn(item) => is_on(&item.attrs),
                ImplItem::Const(item) => is_on(&item.attrs),
                _ => true,
            }),
            Item::Trait(block) => block.items.retain(|item| match item {
                TraitItem::Fn(item) => is_on(&item.attrs),
                _ => true,
            }),
            _ => {}
        }
    }
    items
}

/// `path::name`.
pub fn joined(path: &[String], name: &str) -> ModulePath {
    path.iter().cloned().chain([name.to_owned()]).collect()
}

/// The names that one `use` imports.
pub fn uses_of(item: &syn::ItemUse, found: &mut impl FnMut(Use)) {
    let one = Use {
        visibility: item.vis.clone(),
        is_hidden: is_hidden(&item.attrs),
        line: item.use_token.span.start().line,
        path: Vec::new(),
        name: None,
    };
    flatten(&item.tree, one, found);
}

fn flatten(tree: &UseTree, mut so_far: Use, found: &mut impl FnMut(Use)) {
    match tree {
        UseTree::Path(part) => {
            so_far.path.push(plain(&part.ident));
            flatten(&part.tree, so_far, found);
        }
        UseTree::Group(group) => group.items.iter().for_each(|tree| flatten(tree, so_far.clone(), found)),
        UseTree::Glob(_) => found(so_far),
        UseTree::Name(name) if name.ident == "self" => {
            so_far.name = so_far.path.last().cloned();
            found(so_far);
        }
        UseTree::Name(name) => {
            so_far.line = name.ident.span().start().line;
            so_far.path.push(plain(&name.ident));
            so_far.name = Some(plain(&name.ident));
            found(so_far);
        }
        UseTree::Rename(rename) => {
            so_far.line = rename.ident.span().start().line;
            if rename.ident != "self" {
                so_far.path.push(plain(&rename.ident));
            }
            so_far.name = Some(plain(&rename.rename));
            found(so_far);
        }
    }
}

/// The name of an item, if other modules can use it.
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
    Some(plain(ident))
}

/// A name without `r#`.
pub fn plain(ident: &Ident) -> String {
    ident.unraw().to_string()
}

/// The name of an exported macro, as an item of the root of the crate.
pub fn exported_macro(item: &Item) -> Option<String> {
    let Item::Macro(item) = item else { return None };
    let is_exported = item
        .attrs
        .iter()
        .any(|attribute| attribute.path().is_ident("macro_export"));
    item.ident.as_ref().filter(|_| is_exported).map(ToString::to_string)
}

pub fn is_public(item: &Item) -> bool {
    let visibility = match item {
        Item::Struct(item) => &item.vis,
        Item::Enum(item) => &item.vis,
        Item::Union(item) => &item.vis,
        Item::Trait(item) => &item.vis,
        Item::Fn(item) => &item.vis,
        Item::Type(item) => &item.vis,
        Item::Const(item) => &item.vis,
        Item::Static(item) => &item.vis,
        Item::Mod(item) => &item.vis,
        _ => return exported_macro(item).is_some(),
    };
    matches!(visibility, Visibility::Public(_))
}

pub fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Struct(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Type(item) => &item.attrs,
        Item::Const(item) => &item.attrs,
        Item::Static(item) => &item.attrs,
        Item::Mod(item) => &item.attrs,
        Item::Use(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        Item::Macro(item) => &item.attrs,
        _ => &[],
    }
}

/// `#[cfg(..)]`.
pub fn is_condition(attribute: &&Attribute) -> bool {
    attribute.path().is_ident("cfg")
}

/// Whether something is compiled with every feature on, on Unix, and not only in tests.
fn is_on(attributes: &[Attribute]) -> bool {
    attributes
        .iter()
        .filter(is_condition)
        .all(|attribute| attribute.parse_args::<Meta>().is_ok_and(|condition| holds(&condition)))
}

fn holds(condition: &Meta) -> bool {
    let all = |list: &syn::MetaList| {
        list.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)
            .unwrap_or_default()
    };
    match condition {
        Meta::Path(path) => path.is_ident("unix"),
        Meta::NameValue(pair) => pair.path.is_ident("feature"),
        Meta::List(list) if list.path.is_ident("not") => !all(list).iter().all(holds),
        Meta::List(list) if list.path.is_ident("any") => all(list).iter().any(holds),
        Meta::List(list) if list.path.is_ident("all") => all(list).iter().all(holds),
        Meta::List(_) => false,
    }
}

/// The documentation in the attributes, with every feature on.
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
    match &pair.value {
        Expr::Lit(literal) => {
            if let Lit::Str(text) = &literal.lit {
                docs.push_str(&text.value());
            }
        }
        // A file relative to this one.
        Expr::Macro(included) if included.mac.path.is_ident("include_str") => {
            if let (Ok(Lit::Str(name)), Some(directory)) = (included.mac.parse_body::<Lit>(), file.parent()) {
                docs.push_str(&fs::read_to_string(directory.join(name.value())).unwrap());
            }
        }
        _ => {}
    }
    docs.push('\n');
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

/// A crate with the given files, to test the parser.
pub fn planted(files: &[(&str, &str)]) -> (tempfile::TempDir, Crate) {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let file = directory.path().join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, text).unwrap();
    }
    let source = Crate::read(&directory.path().join("lib.rs"));
    (directory, source)
}

/// Every word of `tokens`.
pub fn words(tokens: TokenStream) -> BTreeSet<String> {
    let words = tokens.into_iter().flat_map(|token| match token {
        TokenTree::Group(group) => words(group.stream()),
        TokenTree::Ident(ident) => BTreeSet::from([ident.to_string()]),
        _ => BTreeSet::new(),
    });
    words.collect()
}
