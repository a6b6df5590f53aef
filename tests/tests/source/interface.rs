//! The public interface of each library is recorded in a file of the repository, so that every change is visible.
//!
//! `UPDATE_SNAPSHOTS=1 cargo test -p wechatpay-tests --test source` writes the files.

use crate::{
    public::{self, Impl, ItemId, Name, PublicModule, is_interface},
    published, shown,
    tree::{self, Crate, Module, planted},
    workspace,
};
use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs, mem,
};
use syn::{Attribute, Field, Fields, ImplItem, Item, ItemImpl, TraitItem, Visibility, parse_quote};

/// The interface as Rust without bodies, documentation and private parts.
fn interface(source: &Crate) -> String {
    let modules = public::modules(source);
    let reached: BTreeSet<_> = modules
        .iter()
        .flat_map(|module| module.names.values().filter_map(Name::id))
        .collect();
    let is_private = |id: &Option<ItemId>| id.as_ref().is_some_and(|id| !reached.contains(id));
    let mut impls: BTreeMap<Option<ItemId>, Vec<Impl<'_>>> = BTreeMap::new();
    for block in public::impls(source) {
        if !is_private(&block.of_type) && !is_private(&block.of_trait) {
            let owner = block.of_type.clone().or_else(|| block.of_trait.clone());
            impls.entry(owner).or_default().push(block);
        }
    }

    let mut text = String::new();
    let mut section = |title: &str, items: TokenStream| {
        if !items.is_empty() {
            let items = prettyplease::unparse(&syn::parse2(items).unwrap());
            text.push_str(&format!("\n// {title}\n\n{items}"));
        }
    };
    let mut written: BTreeMap<_, Vec<String>> = BTreeMap::new();
    for module in &modules {
        let items = module.names.iter().map(|(name, what)| match what {
            Name::Foreign(path) => quote_use(path, name),
            Name::Item(id) => match written.get(id) {
                Some(first) => quote_use(first, name),
                None => {
                    let path = [&["crate".to_owned()], &module.path[..], std::slice::from_ref(name)].concat();
                    written.insert(id, path);
                    let blocks = impls.get(&Some(id.clone())).map_or(&[][..], Vec::as_slice);
                    let item = definitions(source, id, module);
                    let impls = impls_of(blocks, module);
                    quote!(#item #impls)
                }
            },
        });
        let items = items.collect();
        section(&title_of(module), items);
    }
    let foreign = impls.get(&None).map_or(&[][..], Vec::as_slice);
    section(
        "traits of other crates for types of other crates",
        impls_of(foreign, &modules[0]),
    );
    text.replace(PRIVATE_FIELDS, "// and private fields")
}

fn title_of(module: &PublicModule<'_>) -> String {
    let mut title = match module.path.join("::") {
        path if path.is_empty() => "the root".to_owned(),
        path => format!("mod {path}"),
    };
    for condition in &module.source.conditions {
        let condition: TokenStream = condition.parse_args().unwrap();
        title.push_str(&format!(", {condition}"));
    }
    title
}

/// `pub use path as name;`
fn quote_use(path: &[String], name: &str) -> TokenStream {
    let path = path.join("::");
    let text = match name {
        name if name.ends_with("::*") => format!("pub use {name};"),
        name if path == name || path.ends_with(&format!("::{name}")) => format!("pub use {path};"),
        name => format!("pub use {path} as {name};"),
    };
    text.parse().unwrap()
}

/// The public part of the item. Two of them if a module has a type and a function with the same name.
fn definitions(source: &Crate, (home, name): &ItemId, around: &PublicModule<'_>) -> TokenStream {
    let module = &source.modules[home];
    let named = |item: &&Item| tree::name_of(item).or_else(|| tree::exported_macro(item)).as_ref() == Some(name);
    let items = module.items.iter().filter(named).filter(|item| is_interface(item));
    items
        .map(|item| {
            let conditions = conditions_of(module, around);
            let item = without_private_parts(item.clone());
            quote!(#(#conditions)* #item)
        })
        .collect()
}

/// The conditions of a module without those of `around`.
fn conditions_of<'a>(module: &'a Module, around: &PublicModule<'_>) -> Vec<&'a Attribute> {
    let text = |condition: &Attribute| condition.to_token_stream().to_string();
    let known: Vec<_> = around.source.conditions.iter().map(text).collect();
    module
        .conditions
        .iter()
        .filter(|condition| !known.contains(&text(condition)))
        .collect()
}

/// The inherent items of a type, then its traits, each in alphabetical order.
fn impls_of(blocks: &[Impl<'_>], around: &PublicModule<'_>) -> TokenStream {
    let mut merged: BTreeMap<(bool, String), ItemImpl> = BTreeMap::new();
    for Impl { module, block, .. } in blocks {
        let mut block = (*block).clone();
        keep_interface(&mut block.attrs);
        block
            .attrs
            .splice(0..0, conditions_of(module, around).into_iter().cloned());
        let is_trait = block.trait_.is_some();
        let items = mem::take(&mut block.items).into_iter();
        let items: Vec<_> = items.filter_map(|item| interface_of(item, is_trait)).collect();
        let key = (is_trait, block.to_token_stream().to_string());
        merged.entry(key).or_insert(block).items.extend(items);
    }
    let blocks = merged
        .into_values()
        .filter(|block| block.trait_.is_some() || !block.items.is_empty());
    blocks
        .map(|mut block| {
            block.items.sort_by_key(name_in_impl);
            block.into_token_stream()
        })
        .collect()
}

fn name_in_impl(item: &ImplItem) -> String {
    match item {
        ImplItem::Fn(item) => item.sig.ident.to_string(),
        ImplItem::Const(item) => item.ident.to_string(),
        ImplItem::Type(item) => item.ident.to_string(),
        _ => String::new(),
    }
}

/// Of a trait implementation, the types and constants. The methods are known from the trait.
fn interface_of(mut item: ImplItem, is_trait: bool) -> Option<ImplItem> {
    let public = |visibility: &Visibility| matches!(visibility, Visibility::Public(_));
    match &mut item {
        ImplItem::Fn(item) if !is_trait && public(&item.vis) && !tree::is_hidden(&item.attrs) => {
            keep_interface(&mut item.attrs);
            item.block = parse_quote!({});
        }
        ImplItem::Const(item) if (is_trait || public(&item.vis)) && !tree::is_hidden(&item.attrs) => {
            keep_interface(&mut item.attrs);
        }
        ImplItem::Type(item) => keep_interface(&mut item.attrs),
        _ => return None,
    }
    Some(item)
}

fn without_private_parts(mut item: Item) -> Item {
    match &mut item {
        Item::Struct(item) => {
            keep_interface(&mut item.attrs);
            public_fields(&mut item.fields);
        }
        Item::Enum(item) => {
            keep_interface(&mut item.attrs);
            for variant in &mut item.variants {
                keep_interface(&mut variant.attrs);
                variant
                    .fields
                    .iter_mut()
                    .for_each(|field| keep_interface(&mut field.attrs));
            }
        }
        Item::Trait(item) => {
            keep_interface(&mut item.attrs);
            for item in &mut item.items {
                match item {
                    TraitItem::Fn(item) => {
                        keep_interface(&mut item.attrs);
                        item.default = item.default.is_some().then(|| parse_quote!({}));
                    }
                    TraitItem::Const(item) => keep_interface(&mut item.attrs),
                    TraitItem::Type(item) => keep_interface(&mut item.attrs),
                    _ => {}
                }
            }
        }
        Item::Fn(item) => {
            keep_interface(&mut item.attrs);
            item.block = parse_quote!({});
        }
        Item::Type(item) => keep_interface(&mut item.attrs),
        Item::Const(item) => keep_interface(&mut item.attrs),
        Item::Static(item) => keep_interface(&mut item.attrs),
        Item::Macro(item) => {
            keep_interface(&mut item.attrs);
            item.mac.tokens = arms(item.mac.tokens.clone());
        }
        _ => {}
    }
    item
}

/// Represents the private fields of a struct in a listing.
const PRIVATE_FIELDS: &str = "private_fields: (),";

fn public_fields(fields: &mut Fields) {
    for field in fields.iter_mut() {
        keep_interface(&mut field.attrs);
    }
    let public = |field: &Field| matches!(field.vis, Visibility::Public(_));
    match fields {
        Fields::Named(named) => {
            let all = named.named.len();
            named.named = mem::take(&mut named.named).into_iter().filter(public).collect();
            if named.named.len() < all {
                named.named.push(parse_quote!(private_fields: ()));
            }
        }
        Fields::Unnamed(unnamed) => {
            for field in unnamed.unnamed.iter_mut().filter(|field| !public(field)) {
                field.ty = parse_quote!(_);
            }
        }
        Fields::Unit => {}
    }
}

/// The patterns of a macro without the expansion.
fn arms(tokens: TokenStream) -> TokenStream {
    let mut after_arrow = false;
    let emptied = tokens.into_iter().map(|token| {
        let was = mem::replace(
            &mut after_arrow,
            matches!(&token, TokenTree::Punct(punct) if punct.as_char() == '>'),
        );
        match token {
            TokenTree::Group(_) if was => TokenTree::Group(Group::new(Delimiter::Brace, TokenStream::new())),
            token => token,
        }
    });
    emptied.collect()
}

/// The attributes that are part of the interface.
fn keep_interface(attributes: &mut Vec<Attribute>) {
    const KEPT: [&str; 11] = [
        "cfg",
        "default",
        "deprecated",
        "derive",
        "macro_export",
        "must_use",
        "non_exhaustive",
        "proc_macro",
        "proc_macro_attribute",
        "proc_macro_derive",
        "repr",
    ];
    attributes.retain(|attribute| KEPT.iter().any(|name| attribute.path().is_ident(name)));
}

#[test]
fn the_public_interface_matches_the_recorded_one() {
    let mut changed = Vec::new();
    let directory = workspace().join("docs/public-api");
    for target in published().into_iter().filter(|target| target.is_library) {
        let file = directory.join(format!("{}.rs", target.package));
        let package = &target.package;
        let head =
            format!("// The public interface of {package}, with every feature. A test writes and compares it.\n");
        let now = head + &interface(&target.read());
        if env::var_os("UPDATE_SNAPSHOTS").is_some() {
            fs::create_dir_all(&directory).unwrap();
            fs::write(&file, &now).unwrap();
        }
        let written = fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
        if let Some(line) = first_difference(&written, &now) {
            changed.push(format!("{} {line}", shown(&file)));
        }
    }
    assert!(
        changed.is_empty(),
        "the public interface has changed; if this is intended, record it with \
         `UPDATE_SNAPSHOTS=1 cargo test -p wechatpay-tests --test source` and name the change in CHANGELOG.md:\n{}",
        changed.join("\n")
    );
}

fn first_difference(written: &str, now: &str) -> Option<String> {
    let lines = written
        .lines()
        .map(Some)
        .chain([None])
        .zip(now.lines().map(Some).chain([None]));
    let (at, (was, is)) = lines.enumerate().find(|(_, (was, is))| was != is)?;
    Some(format!(
        "line {}: `{}` became `{}`",
        at + 1,
        was.unwrap_or_default().trim(),
        is.unwrap_or_default().trim()
    ))
}

#[test]
fn a_listing_shows_exactly_what_users_can_name() {
    let (_directory, source) = planted(&[
        (
            "lib.rs",
            "mod a; pub mod b; #[doc(hidden)] pub mod hidden { pub struct Hidden; } pub use a::{A, State as Kind}; \
             pub use http::Method; #[macro_export] macro_rules! given { ($a:ident) => { fn f() {} }; }",
        ),
        (
            "a.rs",
            "/// Docs.
             #[derive(Debug)] #[serde(transparent)] #[non_exhaustive] pub struct A { pub shown: u8, kept: u16 }
             given! { pub enum State { On = \"ON\" } }
             struct Private; pub(crate) struct Crate; trait Inner {} pub trait Unreached {}
             impl A { pub fn z(&self) -> u8 { 1 } fn y(&self) {} #[cfg(test)] pub fn x(&self) {} pub const ONE: u8 = 1; }
             impl A { pub async fn a<T: Copy>(self, t: T) {} }
             impl Inner for A {} impl Unreached for A {}
             impl Iterator for A { type Item = u8; fn next(&mut self) -> Option<u8> { None } }
             impl From<A> for String { fn from(a: A) -> String { String::new() } }",
        ),
        ("b.rs", "pub use crate::a::A; pub struct Pair(pub u8, u16); pub trait T { fn must(&self); fn may(&self) { f() } }"),
    ]);
    let expected = r#"
// the root

#[derive(Debug)]
#[non_exhaustive]
pub struct A {
    pub shown: u8,
    // and private fields
}
impl A {
    pub const ONE: u8 = 1;
    pub async fn a<T: Copy>(self, t: T) {}
    pub fn z(&self) -> u8 {}
}
impl Iterator for A {
    type Item = u8;
}
pub enum State {
    On = "ON",
}
pub use http::Method;
#[macro_export]
macro_rules! given {
    ($a:ident) => {};
}

// mod b

pub use crate::A;
pub struct Pair(pub u8, _);
pub trait T {
    fn must(&self);
    fn may(&self) {}
}

// traits of other crates for types of other crates

impl From<A> for String {}
"#;
    assert_eq!(interface(&source), expected);
}
