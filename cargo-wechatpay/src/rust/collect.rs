//! Reads files into [`Source`]: items, imports, modules and declarations, also inside functions and macro calls.

use super::attribute::{flattened, last_is};
use super::files::{self, RustFile};
use super::recover;
use super::source::{File, FileId, Item, ItemId, ItemKind, Scope, ScopeId, Source, Unread, UnreadReason};
use proc_macro2::{Span, TokenStream, TokenTree};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use syn::visit::{self, Visit};
use syn::{Attribute, ItemEnum, ItemFn, ItemMacro, ItemMod, ItemStruct, ItemType, ItemUse, UseTree};

/// The name of the attribute.
pub(crate) const ATTRIBUTE: &str = "wechatpay_endpoint";

/// Reads all files.
pub(crate) fn collect(files: &[RustFile]) -> Source {
    let mut source = Source::default();
    let mut roots = HashMap::new();
    let mut wanted = Vec::new();
    for file in files {
        let (text, error) = match std::fs::read_to_string(&file.path) {
            Ok(text) => (text, None),
            Err(error) => (String::new(), Some(error.to_string())),
        };
        let id = source.files.len();
        source.files.push(File {
            path: file.path.clone(),
            package: file.package.clone(),
            lines: text.lines().map(str::to_owned).collect(),
        });
        if let Some(error) = error {
            source.unread.push(Unread {
                file: id,
                line: 1,
                column: 1,
                reason: UnreadReason::Io(error),
            });
        }
        let scope = source.scopes.len();
        source.scopes.push(Scope {
            file: id,
            ..Scope::default()
        });
        if let Ok(path) = std::path::absolute(&file.path) {
            roots.insert(path, scope);
        }
        read(&text, id, scope, file.test, &mut source, &mut wanted);
    }
    link(&roots, wanted, &mut source);
    name_libraries(&roots, &mut source);
    source
}

fn read(text: &str, file: FileId, scope: ScopeId, test: bool, source: &mut Source, wanted: &mut Vec<Wanted>) {
    let (items, errors) = recover::items(text);
    for error in errors {
        source.unread.push(Unread {
            file,
            line: error.at.line,
            column: error.at.column + 1,
            reason: UnreadReason::Syntax(error.words),
        });
    }
    let mut reader = Reader {
        source,
        wanted,
        file,
        scope,
        test,
        folders: Vec::new(),
    };
    for item in &items {
        reader.visit_item(item);
    }
}

/// `mod name;`: a module in another file.
struct Wanted {
    scope: ScopeId,
    name: String,
    file: FileId,
    /// The inline modules around it.
    folders: Vec<String>,
    path: Option<String>,
}

struct Reader<'a> {
    source: &'a mut Source,
    wanted: &'a mut Vec<Wanted>,
    file: FileId,
    scope: ScopeId,
    test: bool,
    folders: Vec<String>,
}

impl Reader<'_> {
    fn scope(&mut self) -> Option<&mut Scope> {
        self.source.scopes.get_mut(self.scope)
    }

    fn add(&mut self, name: String, kind: ItemKind) -> ItemId {
        let id = self.source.items.len();
        self.source.items.push(Item {
            scope: self.scope,
            name: name.clone(),
            kind,
            test: self.test,
        });
        if let Some(scope) = self.scope() {
            scope.items.entry(name).or_default().push(id);
        }
        id
    }

    fn inside(&mut self, is_block: bool, read: impl FnOnce(&mut Self)) -> ScopeId {
        let id = self.source.scopes.len();
        self.source.scopes.push(Scope {
            file: self.file,
            parent: Some(self.scope),
            is_block,
            ..Scope::default()
        });
        let outside = std::mem::replace(&mut self.scope, id);
        read(self);
        self.scope = outside;
        id
    }

    fn in_test(&mut self, attributes: &[Attribute], read: impl FnOnce(&mut Self)) {
        let outside = self.test;
        self.test |= is_test(attributes);
        read(self);
        self.test = outside;
    }

    fn unread(&mut self, span: Span, reason: UnreadReason) {
        let at = span.start();
        self.source.unread.push(Unread {
            file: self.file,
            line: at.line,
            column: at.column + 1,
            reason,
        });
    }

    /// Whether an attribute is ours, under its own name or under the one that an import gives it.
    fn is_ours(&self, attributes: &[Attribute]) -> bool {
        flattened(attributes)
            .iter()
            .any(|meta| last_is(meta, ATTRIBUTE) || self.is_import_of_ours(meta))
    }

    fn is_import_of_ours(&self, meta: &syn::Meta) -> bool {
        let Some(name) = meta.path().get_ident().map(ToString::to_string) else {
            return false;
        };
        let mut scope = Some(self.scope);
        while let Some(here) = scope.and_then(|id| self.source.scope(id)) {
            let imported = here.imports.iter().find(|(known, _)| *known == name);
            if let Some((_, path)) = imported {
                return path.last().is_some_and(|last| last == ATTRIBUTE);
            }
            scope = here.parent.filter(|_| here.is_block);
        }
        false
    }

    fn macro_call(&mut self, path: &syn::Path, tokens: &TokenStream, at: Span) {
        let name = path
            .segments
            .last()
            .map(|last| last.ident.to_string())
            .unwrap_or_default();
        if name == "open_enum" {
            if let Ok(declared) = syn::parse2::<OpenEnum>(tokens.clone()) {
                self.add(declared.0.to_string(), ItemKind::OpenEnum);
            }
            return;
        }
        if name == "include" {
            return self.unread(at, UnreadReason::Included);
        }
        if !mentions(tokens) {
            return;
        }
        match syn::parse2::<syn::File>(tokens.clone()) {
            Ok(file) => file.items.iter().for_each(|item| self.visit_item(item)),
            Err(_) => self.unread(at, UnreadReason::Macro(name)),
        }
    }
}

impl<'ast> Visit<'ast> for Reader<'_> {
    fn visit_item_struct(&mut self, item: &'ast ItemStruct) {
        let ours = self.is_ours(&item.attrs);
        self.in_test(&item.attrs, |reader| {
            let id = reader.add(item.ident.to_string(), ItemKind::Struct(Box::new(item.clone())));
            if ours {
                reader.source.declared.push(id);
            }
        });
    }

    fn visit_item_enum(&mut self, item: &'ast ItemEnum) {
        self.add(item.ident.to_string(), ItemKind::Enum(Box::new(item.clone())));
    }

    fn visit_item_type(&mut self, item: &'ast ItemType) {
        self.add(item.ident.to_string(), ItemKind::Alias(Box::new(item.clone())));
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        let (mut imports, mut globs) = (Vec::new(), Vec::new());
        let mut path = Vec::new();
        if item.leading_colon.is_some() {
            path.push("::".to_owned());
        }
        imported(&item.tree, &mut path, &mut imports, &mut globs);
        if let Some(scope) = self.scope() {
            scope.imports.extend(imports);
            scope.globs.extend(globs);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        let name = item.ident.to_string().trim_start_matches("r#").to_owned();
        match &item.content {
            Some((_, items)) => self.in_test(&item.attrs, |reader| {
                reader.folders.push(name.clone());
                let scope = reader.inside(false, |reader| items.iter().for_each(|item| reader.visit_item(item)));
                reader.folders.pop();
                if let Some(here) = reader.scope() {
                    here.modules.insert(name, scope);
                }
            }),
            None => self.wanted.push(Wanted {
                scope: self.scope,
                name,
                file: self.file,
                folders: self.folders.clone(),
                path: path_attribute(&item.attrs),
            }),
        }
    }

    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        self.in_test(&item.attrs, |reader| visit::visit_item_fn(reader, item));
    }

    fn visit_block(&mut self, block: &'ast syn::Block) {
        // Imports hold for the whole block, so they are read before the items that use them.
        let has_items = block
            .stmts
            .iter()
            .any(|statement| matches!(statement, syn::Stmt::Item(_)));
        if has_items {
            self.inside(true, |reader| visit::visit_block(reader, block));
        } else {
            visit::visit_block(self, block);
        }
    }

    fn visit_item_macro(&mut self, item: &'ast ItemMacro) {
        use syn::spanned::Spanned as _;
        let mac = &item.mac;
        if mac.path.is_ident("macro_rules") {
            if mentions(&mac.tokens) {
                let name = item.ident.as_ref().map(ToString::to_string).unwrap_or_default();
                self.unread(mac.path.span(), UnreadReason::Macro(name));
            }
            return;
        }
        self.macro_call(&mac.path, &mac.tokens, mac.path.span());
    }

    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        use syn::spanned::Spanned as _;
        self.macro_call(&mac.path, &mac.tokens, mac.path.span());
    }
}

/// The name of the enum that `open_enum!` declares.
struct OpenEnum(syn::Ident);

impl syn::parse::Parse for OpenEnum {
    fn parse(input: syn::parse::ParseStream<'_>) -> syn::Result<Self> {
        input.call(Attribute::parse_outer)?;
        input.parse::<syn::Visibility>()?;
        input.parse::<syn::Token![enum]>()?;
        let name = input.parse()?;
        input.parse::<TokenStream>()?;
        Ok(Self(name))
    }
}

fn is_test(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let path = attribute.path();
        let is_last_test = path.segments.last().is_some_and(|last| last.ident == "test");
        let is_cfg_test = path.is_ident("cfg")
            && matches!(&attribute.meta, syn::Meta::List(list) if has_word(list.tokens.clone(), "test") && !has_word(list.tokens.clone(), "not"));
        is_last_test || is_cfg_test
    })
}

fn has_word(tokens: TokenStream, word: &str) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => ident == word,
        TokenTree::Group(group) => has_word(group.stream(), word),
        _ => false,
    })
}

fn mentions(tokens: &TokenStream) -> bool {
    has_word(tokens.clone(), ATTRIBUTE)
}

fn imported(
    tree: &UseTree,
    path: &mut Vec<String>,
    imports: &mut Vec<(String, Vec<String>)>,
    globs: &mut Vec<Vec<String>>,
) {
    let named = |path: &[String], name: &syn::Ident| {
        // `use a::{self}` imports `a`.
        let mut whole = path.to_vec();
        if name != "self" {
            whole.push(name.to_string());
        }
        whole
    };
    match tree {
        UseTree::Path(inner) => {
            path.push(inner.ident.to_string());
            imported(&inner.tree, path, imports, globs);
            path.pop();
        }
        UseTree::Name(name) => {
            let whole = named(path, &name.ident);
            imports.extend(whole.last().cloned().map(|last| (last, whole)));
        }
        UseTree::Rename(renamed) => imports.push((renamed.rename.to_string(), named(path, &renamed.ident))),
        UseTree::Glob(_) => globs.push(path.clone()),
        UseTree::Group(group) => {
            for tree in &group.items {
                imported(tree, path, imports, globs);
            }
        }
    }
}

fn path_attribute(attributes: &[Attribute]) -> Option<String> {
    attributes.iter().find_map(|attribute| match &attribute.meta {
        syn::Meta::NameValue(pair) if pair.path.is_ident("path") => match &pair.value {
            syn::Expr::Lit(literal) => match &literal.lit {
                syn::Lit::Str(text) => Some(text.value()),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    })
}

/// Ties each `mod name;` to the file that it names.
fn link(roots: &HashMap<PathBuf, ScopeId>, wanted: Vec<Wanted>, source: &mut Source) {
    for module in wanted {
        let Some(file) = source.files.get(module.file) else {
            continue;
        };
        let Ok(path) = std::path::absolute(&file.path) else {
            continue;
        };
        let is_root_of_files = |folder: &Path| {
            let folder = module
                .folders
                .iter()
                .fold(folder.to_owned(), |folder, name| folder.join(name));
            let names = [
                folder.join(format!("{}.rs", module.name)),
                folder.join(&module.name).join("mod.rs"),
            ];
            names.iter().find_map(|name| roots.get(name).copied())
        };
        let folder = path.parent().unwrap_or(Path::new(""));
        let own_folder = folder.join(path.file_stem().unwrap_or_default());
        let found = match &module.path {
            Some(given) => std::path::absolute(folder.join(given))
                .ok()
                .and_then(|path| roots.get(&path).or_else(|| roots.get(&normal(&path))).copied()),
            // `mod.rs`, `lib.rs`, `main.rs` and the roots of tests have their modules beside them, others below.
            None => is_root_of_files(&own_folder).or_else(|| is_root_of_files(folder)),
        };
        if let Some(found) = found.filter(|found| *found != module.scope) {
            if let Some(scope) = source.scopes.get_mut(module.scope) {
                scope.modules.insert(module.name, found);
            }
            if let Some(scope) = source.scopes.get_mut(found) {
                scope.parent.get_or_insert(module.scope);
            }
        }
    }
}

/// The path without `..`.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::ParentDir => {
                normal.pop();
            }
            part => normal.push(part),
        }
    }
    normal
}

fn name_libraries(roots: &HashMap<PathBuf, ScopeId>, source: &mut Source) {
    let packages: std::collections::BTreeSet<_> = source.files.iter().filter_map(|file| file.package.clone()).collect();
    for package in packages {
        let root = roots.get(&package.join("src").join("lib.rs"));
        if let (Some(root), Some(name)) = (root, files::crate_name(&package)) {
            source.libraries.insert(name, *root);
        }
    }
}
