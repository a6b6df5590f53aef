//! What of a crate can be reached from outside.

use crate::{
    example,
    source::{self, Crate, Found, Module, ModulePath},
};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::PathBuf,
};
use syn::{Attribute, ImplItem, Item, ReturnType, Signature, TraitItem, Type};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Has an example of its own.
    Type,
    /// Has an example of its own that calls it.
    Function,
    /// Is called in an example of its own, of its type, or of its module.
    Method { receiver: bool },
    /// Is called or implemented in an example of its own, of its trait, or of its module.
    TraitMethod,
}

pub struct PublicItem {
    pub file: PathBuf,
    pub line: usize,
    /// `Client`, `Client::call`.
    pub name: String,
    pub kind: Kind,
    /// Whether it returns a `Result`.
    pub fallible: bool,
    pub own_docs: String,
    /// Of the type or trait and of the module.
    pub other_docs: String,
}

impl PublicItem {
    pub fn is_shown(&self) -> bool {
        let own = example::running(&self.own_docs);
        let (owner, name) = self.name.rsplit_once("::").unwrap_or(("", &self.name));
        let code = own.clone() + &example::running(&self.other_docs);
        match self.kind {
            Kind::Type => example::has_running(&self.own_docs),
            Kind::Function => example::calls(&own, &[""], name),
            Kind::Method { receiver: false } => example::calls(&code, &[&format!("{owner}::")], name),
            Kind::Method { receiver: true } => example::calls(&code, &[".", "::"], name),
            Kind::TraitMethod => example::calls(&code, &[".", "::", "fn "], name),
        }
    }
}

/// The public items of a crate and their methods.
pub fn items(source: &Crate) -> Vec<PublicItem> {
    let mut reached = BTreeMap::new();
    let mut seen = BTreeSet::new();
    reach(source, Vec::new(), &mut seen, &mut reached);
    let mut found = Vec::new();
    for (path, module) in &source.modules {
        for item in module.items.iter().filter(|item| source::is_on(attributes(item))) {
            if let Item::Impl(block) = item {
                if block.trait_.is_none()
                    && let Some(name) = type_name(&block.self_ty)
                    && let Some(Found::Item(home, name)) = source.resolve(path, &name)
                    && let Some(docs) = reached.get(&(home, name.clone()))
                    && source::is_on(&block.attrs)
                {
                    let docs = docs.clone() + &text(module, &block.attrs);
                    methods_of_impl(module, &name, &docs, block, &mut found);
                }
            } else if let Some(name) = source::name_of(item)
                && let Some(docs) = reached.get(&(path.clone(), name.clone()))
            {
                one(module, name, docs, item, &mut found);
            }
        }
    }
    found.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
    found
}

/// What is reached, with the documentation of the item and of the public modules that it is in.
type Reached = BTreeMap<(ModulePath, String), String>;

fn reach(source: &Crate, path: ModulePath, seen: &mut BTreeSet<ModulePath>, reached: &mut Reached) {
    let Some(module) = source.modules.get(&path).filter(|_| seen.insert(path.clone())) else {
        return;
    };
    for item in &module.items {
        match item {
            Item::Mod(inner) if source::is_public(&inner.vis) && !source::is_hidden(&inner.attrs) => {
                reach(source, source::joined(&path, &inner.ident.to_string()), seen, reached);
            }
            _ => {
                if let Some(name) = source::name_of(item) {
                    take(source, &path, &name, &module.docs, reached);
                }
            }
        }
    }
    for import in module.uses.iter().filter(|import| import.public) {
        match source.resolve(&path, &import.path) {
            Some(Found::Item(home, name)) => take(source, &home, &name, &module.docs, reached),
            Some(Found::Module(inner)) => reach(source, inner, seen, reached),
            None => {}
        }
    }
}

fn take(source: &Crate, home: &[String], name: &str, docs_of_module: &str, reached: &mut Reached) {
    let Some(module) = source.modules.get(home) else { return };
    let named = |item: &&Item| source::name_of(item).as_deref() == Some(name);
    for item in module.items.iter().filter(named) {
        let attributes = attributes(item);
        if is_public(item) && !source::is_hidden(attributes) && source::is_on(attributes) {
            let docs = reached
                .entry((home.to_vec(), name.to_owned()))
                .or_insert_with(|| text(module, attributes));
            docs.push_str(docs_of_module);
        }
    }
}

fn one(module: &Module, name: String, docs: &str, item: &Item, found: &mut Vec<PublicItem>) {
    let (kind, ident) = match item {
        Item::Struct(item) => (Kind::Type, &item.ident),
        Item::Enum(item) => (Kind::Type, &item.ident),
        Item::Union(item) => (Kind::Type, &item.ident),
        Item::Trait(item) => {
            for method in &item.items {
                if let TraitItem::Fn(method) = method {
                    let kind = Kind::TraitMethod;
                    push_method(module, &name, kind, docs, &method.attrs, &method.sig, found);
                }
            }
            (Kind::Type, &item.ident)
        }
        Item::Fn(item) => (Kind::Function, &item.sig.ident),
        _ => return,
    };
    found.push(PublicItem {
        file: module.file.clone(),
        line: ident.span().start().line,
        name,
        kind,
        fallible: matches!(item, Item::Fn(item) if may_fail(&item.sig)),
        own_docs: text(module, attributes(item)),
        other_docs: String::new(),
    });
}

fn methods_of_impl(module: &Module, owner: &str, docs: &str, block: &syn::ItemImpl, found: &mut Vec<PublicItem>) {
    for item in &block.items {
        if let ImplItem::Fn(method) = item
            && source::is_public(&method.vis)
            && source::is_on(&method.attrs)
        {
            let receiver = method.sig.receiver().is_some();
            let kind = Kind::Method { receiver };
            push_method(module, owner, kind, docs, &method.attrs, &method.sig, found);
        }
    }
}

fn push_method(
    module: &Module,
    owner: &str,
    kind: Kind,
    docs: &str,
    attributes: &[Attribute],
    signature: &Signature,
    found: &mut Vec<PublicItem>,
) {
    if source::is_hidden(attributes) {
        return;
    }
    found.push(PublicItem {
        file: module.file.clone(),
        line: signature.ident.span().start().line,
        name: format!("{owner}::{}", signature.ident),
        kind,
        fallible: may_fail(signature),
        own_docs: text(module, attributes),
        other_docs: docs.to_owned(),
    });
}

fn text(module: &Module, attributes: &[Attribute]) -> String {
    source::docs_of(attributes, &module.file)
}

fn may_fail(signature: &Signature) -> bool {
    matches!(&signature.output, ReturnType::Type(_, output)
        if type_name(output).and_then(|path| path.last().cloned()).as_deref() == Some("Result"))
}

fn type_name(of: &Type) -> Option<Vec<String>> {
    match of {
        Type::Path(path) => Some(path.path.segments.iter().map(|part| part.ident.to_string()).collect()),
        _ => None,
    }
}

fn is_public(item: &Item) -> bool {
    match item {
        Item::Struct(item) => source::is_public(&item.vis),
        Item::Enum(item) => source::is_public(&item.vis),
        Item::Union(item) => source::is_public(&item.vis),
        Item::Trait(item) => source::is_public(&item.vis),
        Item::Fn(item) => source::is_public(&item.vis),
        _ => false,
    }
}

fn attributes(item: &Item) -> &[Attribute] {
    match item {
        Item::Struct(item) => &item.attrs,
        Item::Enum(item) => &item.attrs,
        Item::Union(item) => &item.attrs,
        Item::Trait(item) => &item.attrs,
        Item::Fn(item) => &item.attrs,
        Item::Impl(item) => &item.attrs,
        _ => &[],
    }
}
