//! Two rules: no circle between the files of a crate, and no import through the root of the crate.
//!
//! A file needs another if a path in it, in a `use` or in the code, leads to an item there. `mod` and `pub use` lines
//! do not count, nor does code that is compiled only for tests. A path through a re-export leads to the file that
//! defines the item. The root is for users: inside the crate an item is named by its own module.

use crate::{
    published, shown,
    tree::{Crate, Found, Use, is_generated, plain, planted, uses_of},
};
use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};
use syn::{Item, LitStr, Visibility};

/// One file needs another.
struct Import {
    from: PathBuf,
    line: usize,
    path: String,
    to: PathBuf,
}

impl Import {
    fn shown(&self) -> String {
        let Self { from, line, path, to } = self;
        format!("{}:{line} names {path} in {}", shown(from), shown(to))
    }
}

fn imports(source: &Crate) -> Vec<Import> {
    let mut found = Vec::new();
    for (module_path, module) in &source.modules {
        for path in paths_of(&module.items).into_iter().filter(|path| !path.is_reexport) {
            if let Some(Found::Module(home) | Found::Item(home, _)) = source.resolve(module_path, &path.segments) {
                let to = &source.modules[&home].file;
                if *to != module.file {
                    found.push(Import {
                        from: module.file.clone(),
                        line: path.line,
                        path: path.segments.join("::"),
                        to: to.clone(),
                    });
                }
            }
        }
    }
    found
}

/// The imports that are part of a circle, each pair of files once.
fn circles(source: &Crate) -> Vec<String> {
    let imports = imports(source);
    let mut needs: BTreeMap<&Path, Vec<&Path>> = BTreeMap::new();
    for import in &imports {
        needs.entry(&import.from).or_default().push(&import.to);
    }
    let leads_to = |from: &Path, to: &Path| {
        let (mut seen, mut next) = (BTreeSet::new(), vec![from]);
        while let Some(file) = next.pop() {
            if seen.insert(file) {
                next.extend(needs.get(file).into_iter().flatten());
            }
        }
        seen.contains(to)
    };
    let mut pairs = BTreeSet::new();
    let on_circle = imports.iter().filter(|import| leads_to(&import.to, &import.from));
    on_circle
        .filter(|import| pairs.insert((&import.from, &import.to)))
        .map(Import::shown)
        .collect()
}

/// The paths that name an item through the root of the crate. An exported macro is exempt, because it exists only
/// there.
fn root_imports(source: &Crate) -> Vec<String> {
    let mut found = Vec::new();
    for (module_path, module) in &source.modules {
        for path in paths_of(&module.items) {
            let ups = path.segments.iter().take_while(|segment| *segment == "super").count();
            let at_root = match path.segments.first().map(String::as_str) {
                Some("crate") => path.segments.get(1),
                Some("super") if ups == module_path.len() => path.segments.get(ups),
                _ => None,
            };
            if let Some(name) = at_root
                && !source.modules.contains_key(std::slice::from_ref(name))
                && !source.modules.values().any(|module| module.exports_macro(name))
            {
                let text = path.segments.join("::");
                found.push(format!("{}:{} names {text}", shown(&module.file), path.line));
            }
        }
    }
    found
}

/// A path in the code of a module.
struct Named {
    line: usize,
    segments: Vec<String>,
    is_reexport: bool,
}

impl Named {
    fn of_use(import: Use) -> Self {
        Self {
            line: import.line,
            segments: import.path,
            is_reexport: !matches!(import.visibility, Visibility::Inherited),
        }
    }
}

fn paths_of(items: &[Item]) -> Vec<Named> {
    let mut found = Vec::new();
    for item in items {
        match item {
            // Its items belong to another module.
            Item::Mod(_) => {}
            Item::Use(item) => uses_of(item, &mut |import| found.push(Named::of_use(import))),
            item => paths_in(item.to_token_stream(), &mut found),
        }
    }
    found
}

/// The paths of two or more segments, including those in the arguments of macros. A single name is known from its
/// `use`.
fn paths_in(tokens: TokenStream, found: &mut Vec<Named>) {
    let tokens: Vec<_> = tokens.into_iter().collect();
    let ident = |at: usize| match tokens.get(at) {
        Some(TokenTree::Ident(ident)) => Some(ident),
        _ => None,
    };
    let punct =
        |at: usize, wanted: char| matches!(tokens.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == wanted);
    let colons = |at: usize| punct(at, ':') && punct(at + 1, ':');
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        at += 1;
        match token {
            TokenTree::Group(group) => paths_in(group.stream(), found),
            TokenTree::Ident(first) if *first == "use" => {
                let end = (at..tokens.len()).find(|&end| punct(end, ';')).unwrap_or(at);
                let statement = tokens[at - 1..=end].iter().cloned().collect();
                if let Ok(item) = syn::parse2(statement) {
                    uses_of(&item, &mut |import| found.push(Named::of_use(import)));
                    at = end;
                }
            }
            TokenTree::Ident(first) => {
                let line = first.span().start().line;
                let mut segments = vec![plain(first)];
                while colons(at)
                    && let Some(next) = ident(at + 2)
                {
                    segments.push(plain(next));
                    at += 3;
                }
                // serde's attributes name functions and modules in quotes.
                if matches!(
                    segments[0].as_str(),
                    "with" | "serialize_with" | "deserialize_with" | "default"
                ) && punct(at, '=')
                    && let Some(TokenTree::Literal(text)) = tokens.get(at + 1)
                    && let Ok(path) = syn::parse2::<LitStr>(TokenTree::Literal(text.clone()).into())
                {
                    segments = path.value().split("::").map(str::to_owned).collect();
                    found.push(Named {
                        line,
                        segments,
                        is_reexport: false,
                    });
                } else if segments.len() > 1 {
                    found.push(Named {
                        line,
                        segments,
                        is_reexport: false,
                    });
                }
            }
            _ => {}
        }
    }
}

#[test]
fn no_two_files_need_each_other() {
    let found: Vec<_> = published().iter().flat_map(|target| circles(&target.read())).collect();
    assert!(found.is_empty(), "imports on a circle:\n{}", found.join("\n"));
}

#[test]
fn nothing_is_imported_through_the_root_of_its_crate() {
    let found: Vec<_> = published()
        .iter()
        .flat_map(|target| root_imports(&target.read()))
        .collect();
    assert!(found.is_empty(), "imports through the root:\n{}", found.join("\n"));
}

#[test]
fn every_file_belongs_to_a_module() {
    let targets: Vec<_> = published().into_iter().map(|target| (target.read(), target)).collect();
    let read: BTreeSet<_> = targets
        .iter()
        .flat_map(|(source, _)| source.modules.values().map(|module| module.file.clone()))
        .collect();
    let left: Vec<_> = targets
        .iter()
        .flat_map(|(_, target)| {
            let pattern = target.root.parent().unwrap().join("**/*.rs");
            glob::glob(pattern.to_str().unwrap()).unwrap().map(Result::unwrap)
        })
        .filter(|file| !read.contains(file))
        // Modules below a generated file are skipped, because generated files are not parsed.
        .filter(|file| !is_generated(&std::fs::read_to_string(file).unwrap()))
        .map(|file| shown(&file))
        // Modules that are compiled only for tests are skipped.
        .filter(|file| {
            !["/tests/", "/tests.rs", "/simulation.rs"]
                .iter()
                .any(|part| file.contains(part))
        })
        .collect();
    assert!(left.is_empty(), "no `mod` names these files:\n{}", left.join("\n"));
}

#[test]
fn the_files_that_a_file_needs_are_found() {
    let core = published()
        .into_iter()
        .find(|target| target.package == "wechatpay-core")
        .unwrap();
    let found: Vec<_> = imports(&core.read()).iter().map(Import::shown).collect();
    assert!(found.len() > 200, "{}", found.join("\n"));
}

#[test]
fn a_planted_circle_is_found_however_it_is_written() {
    for back in [
        "use crate::a::A;",
        "use super::{c, a::A as Other};",
        "fn f() { use crate::a::A; }",
        "fn f() -> crate::a::A { loop {} }",
        "fn f() { println!(\"{}\", super::a::A::new()) }",
        "use crate::c::A;",
        "use crate::c; fn f(_: c::A) {}",
        "struct S { #[serde(with = \"crate::a\")] field: u8 }",
        "given! { pub struct S(crate::a::A); }",
    ] {
        let (_directory, source) = planted(&[
            ("lib.rs", "mod a; mod b; mod c;"),
            ("a.rs", "use crate::b::B; pub struct A;"),
            ("b.rs", &format!("pub struct B; {back}")),
            ("c.rs", "pub use crate::a::A;"),
        ]);
        let found = circles(&source);
        assert!(
            found.iter().any(|line| line.contains("a.rs:1 names crate::b::B")),
            "{back}: {found:?}"
        );
        assert!(
            found.iter().any(|line| line.contains("b.rs:1 names")),
            "{back}: {found:?}"
        );
    }
}

#[test]
fn a_planted_circle_between_a_module_and_its_child_is_found() {
    let (_directory, source) = planted(&[
        ("lib.rs", "mod a;"),
        ("a/mod.rs", "mod b; pub struct A; pub fn f() { b::f() }"),
        ("a/b.rs", "use super::A; pub fn f() {}"),
    ]);
    assert_eq!(circles(&source).len(), 2);
}

#[test]
fn re_exports_tests_and_links_make_no_circle() {
    for back in [
        "",
        "pub use crate::a::A;",
        "#[cfg(test)] use crate::a::A;",
        "#[cfg(test)] mod tests { use crate::a::A; }",
        "impl B { #[cfg(test)] fn f() -> crate::a::A { loop {} } }",
        "/// See [`A`](crate::a::A).\nstruct S;",
        "use std::a::A;",
    ] {
        let (_directory, source) = planted(&[
            ("lib.rs", "mod a; mod b;"),
            ("a.rs", "use crate::b::B; pub struct A;"),
            ("b.rs", &format!("pub struct B; {back}")),
        ]);
        assert_eq!(circles(&source), Vec::<String>::new(), "{back}");
    }
}

#[test]
fn a_planted_import_through_the_root_is_found() {
    for (text, expected) in [
        ("use crate::{a::A, B};", 1),
        ("use super::B;", 1),
        ("fn f() -> crate::B { loop {} }", 1),
        ("pub use crate::B;", 1),
        (
            "use crate::b::B; use super::b; fn f() -> crate::b::B { crate::exported!() }",
            0,
        ),
        ("mod inner { use super::super::B; use super::A; }", 1),
    ] {
        let (_directory, source) = planted(&[
            ("lib.rs", "mod a; mod b; pub use b::B;"),
            ("a.rs", &format!("pub struct A; {text}")),
            (
                "b.rs",
                "pub struct B; #[macro_export] macro_rules! exported { () => {} }",
            ),
        ]);
        assert_eq!(root_imports(&source).len(), expected, "{text}");
    }
}
