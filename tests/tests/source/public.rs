//! The items of a crate that are reachable from outside, with their public names.

use crate::tree::{self, Crate, Found, Module, ModulePath, joined};
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use syn::{Item, ItemImpl, Type, Visibility};

/// The module that defines an item, and the item's name there.
pub type ItemId = (ModulePath, String);

pub struct PublicModule<'a> {
    /// The path by which users name it.
    pub path: ModulePath,
    pub source: &'a Module,
    pub names: BTreeMap<String, Name>,
}

pub enum Name {
    Item(ItemId),
    /// A path into another crate.
    Foreign(Vec<String>),
}

impl Name {
    pub fn id(&self) -> Option<&ItemId> {
        match self {
            Self::Item(id) => Some(id),
            Self::Foreign(_) => None,
        }
    }
}

/// The public modules, those nearer to the root first.
pub fn modules(source: &Crate) -> Vec<PublicModule<'_>> {
    let mut found = Vec::new();
    let mut seen = BTreeSet::new();
    let mut next = VecDeque::from([(ModulePath::new(), ModulePath::new())]);
    while let Some((path, home)) = next.pop_front() {
        let Some(module) = source.modules.get(&home).filter(|_| seen.insert(home.clone())) else {
            continue;
        };
        let mut names = BTreeMap::new();
        let mut inside = BTreeMap::new();
        collect(source, &home, &mut names, &mut inside);
        if path.is_empty() {
            let exported = source.modules.iter().flat_map(|(home, module)| {
                let macros = module
                    .items
                    .iter()
                    .filter(|item| !tree::is_hidden(tree::attributes(item)));
                macros.filter_map(tree::exported_macro).map(move |name| (home, name))
            });
            names.extend(exported.map(|(home, name)| (name.clone(), Name::Item((home.clone(), name)))));
        }
        next.extend(inside.into_iter().map(|(name, home)| (joined(&path, &name), home)));
        found.push(PublicModule {
            path,
            source: module,
            names,
        });
    }
    found
}

/// The public names and the public modules in the module `home`.
fn collect(
    source: &Crate,
    home: &[String],
    names: &mut BTreeMap<String, Name>,
    inside: &mut BTreeMap<String, ModulePath>,
) {
    let Some(module) = source.modules.get(home) else { return };
    for item in module.items.iter().filter(|item| is_interface(item)) {
        if let Item::Mod(inner) = item {
            let name = tree::plain(&inner.ident);
            inside.insert(name.clone(), joined(home, &name));
        } else if let Some(name) = tree::name_of(item) {
            names.insert(name.clone(), Name::Item((home.to_vec(), name)));
        }
    }
    let public = |visibility: &Visibility| matches!(visibility, Visibility::Public(_));
    for import in module
        .uses
        .iter()
        .filter(|import| public(&import.visibility) && !import.is_hidden)
    {
        match (source.resolve(home, &import.path), &import.name) {
            (Some(Found::Item(home, item)), Some(name)) => {
                if source.modules[&home].named(&item).any(is_interface) {
                    names.insert(name.clone(), Name::Item((home, item)));
                }
            }
            (Some(Found::Module(home)), Some(name)) => _ = inside.insert(name.clone(), home),
            (Some(Found::Module(home)), None) => collect(source, &home, names, inside),
            (_, name) => {
                let name = name.clone().unwrap_or_else(|| format!("{}::*", import.path.join("::")));
                names.insert(name, Name::Foreign(import.path.clone()));
            }
        }
    }
}

pub fn is_interface(item: &Item) -> bool {
    tree::is_public(item) && !tree::is_hidden(tree::attributes(item))
}

/// An `impl` block of the crate, with the items of this crate that it names.
pub struct Impl<'a> {
    pub module: &'a Module,
    pub block: &'a ItemImpl,
    pub of_type: Option<ItemId>,
    pub of_trait: Option<ItemId>,
}

pub fn impls(source: &Crate) -> Vec<Impl<'_>> {
    let mut found = Vec::new();
    for (path, module) in &source.modules {
        let local = |name: Vec<String>| match source.resolve(path, &name) {
            Some(Found::Item(home, name)) => Some((home, name)),
            _ => None,
        };
        for item in &module.items {
            if let Item::Impl(block) = item {
                found.push(Impl {
                    module,
                    block,
                    of_type: type_name(&block.self_ty).and_then(local),
                    of_trait: block.trait_.as_ref().and_then(|(path, ..)| local(segments(path))),
                });
            }
        }
    }
    found
}

pub fn type_name(of: &Type) -> Option<Vec<String>> {
    match of {
        Type::Path(path) => Some(segments(&path.path)),
        _ => None,
    }
}

pub fn segments(path: &syn::Path) -> Vec<String> {
    path.segments.iter().map(|part| tree::plain(&part.ident)).collect()
}
