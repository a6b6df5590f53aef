//! Puts a declaration into a source file without touching what is there.

use crate::language::{Language, text};
use std::collections::BTreeMap;
use syn::spanned::Spanned as _;
use syn::{Item, UseTree};

/// A source file that was read.
pub(crate) struct Existing {
    text: String,
    file: syn::File,
}

impl Existing {
    /// Reads the text of a file.
    ///
    /// # Errors
    /// Where the text is not Rust.
    pub(crate) fn read(text: String, name: &str, language: Language) -> Result<Self, String> {
        match syn::parse_file(&text) {
            Ok(file) => Ok(Self { text, file }),
            Err(error) => {
                let line = error.span().start().line;
                Err(text!(
                    language,
                    "{name} is not valid Rust (line {line}: {error}); fix it first. Nothing was written",
                    "{name} 有语法错误（第 {line} 行：{error}），请先修正。没有写入任何内容"
                ))
            }
        }
    }

    /// The names that items of the file have, with their lines.
    pub(crate) fn declared(&self) -> BTreeMap<String, usize> {
        let mut names = BTreeMap::new();
        for item in &self.file.items {
            let ident = match item {
                Item::Struct(item) => Some(&item.ident),
                Item::Enum(item) => Some(&item.ident),
                Item::Type(item) => Some(&item.ident),
                Item::Union(item) => Some(&item.ident),
                Item::Trait(item) => Some(&item.ident),
                Item::TraitAlias(item) => Some(&item.ident),
                _ => None,
            };
            if let Some(ident) = ident {
                names.insert(ident.to_string(), ident.span().start().line);
            }
            if let Item::Macro(item) = item
                && item
                    .mac
                    .path
                    .segments
                    .last()
                    .is_some_and(|last| last.ident == "open_enum")
                && let Some(name) = enum_name(&item.mac.tokens)
            {
                names.insert(name, item.span().start().line);
            }
        }
        names
    }

    /// The names that the file imports, with their lines.
    pub(crate) fn imported(&self) -> BTreeMap<String, usize> {
        let mut names = BTreeMap::new();
        for item in &self.file.items {
            if let Item::Use(item) = item {
                let mut found = Vec::new();
                imports(&item.tree, &mut Vec::new(), &mut found);
                let line = item.span().start().line;
                names.extend(found.into_iter().map(|(_, name)| (name, line)));
            }
        }
        names
    }

    /// The text with the missing imports behind the last import, and the items at the end.
    pub(crate) fn with(&self, import_lines: &str, items: &str) -> String {
        let known = self.imported();
        let mut missing: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (path, name) in import_names(import_lines) {
            if !known.contains_key(&name) {
                let (module, name) = path.rsplit_once("::").map_or(("", path.as_str()), |parts| parts);
                missing.entry(module.to_owned()).or_default().push(name.to_owned());
            }
        }
        let newline = if self.text.contains("\r\n") { "\r\n" } else { "\n" };
        let mut lines: Vec<String> = self.text.split_inclusive('\n').map(str::to_owned).collect();
        let mut uses = String::new();
        for (module, mut names) in missing {
            let Some((first, last, known)) = self.import_of(&module) else {
                uses.push_str(&use_line(&module, &names));
                continue;
            };
            names.extend(known);
            names.sort();
            // The lines of the old import make one line; the others stay empty, so that the places below stay right.
            for (place, line) in lines.iter_mut().enumerate().skip(first - 1).take(last - first + 1) {
                *line = if place + 1 == first {
                    use_line(&module, &names).replace('\n', newline)
                } else {
                    String::new()
                };
            }
        }
        let (before, blank) = self.place_of_imports();
        let (head, tail) = lines.split_at(before.min(lines.len()));
        let mut out = head.concat();
        if !out.is_empty() && !out.ends_with('\n') && !uses.is_empty() {
            out.push_str(newline);
        }
        out.push_str(&uses.replace('\n', newline));
        if blank && !uses.is_empty() {
            out.push_str(newline);
        }
        out.push_str(&tail.concat());
        if !out.is_empty() && !out.ends_with('\n') {
            out.push_str(newline);
        }
        if !out.trim().is_empty() {
            out.push_str(newline);
        }
        out.push_str(&items.replace('\n', newline));
        out
    }

    /// A plain import of names of this module, which more names can join: its lines and its names.
    fn import_of(&self, module: &str) -> Option<(usize, usize, Vec<String>)> {
        self.file.items.iter().find_map(|item| {
            let Item::Use(item) = item else { return None };
            let is_plain =
                item.attrs.is_empty() && matches!(item.vis, syn::Visibility::Inherited) && item.leading_colon.is_none();
            let mut found = Vec::new();
            imports(&item.tree, &mut Vec::new(), &mut found);
            let names: Vec<String> = found.into_iter().map(|(path, _)| path).collect();
            let names: Option<Vec<String>> = names
                .iter()
                .map(|path| {
                    let (of, name) = path.rsplit_once("::")?;
                    (of == module).then(|| name.to_owned())
                })
                .collect();
            let (first, last) = (item.span().start().line, item.span().end().line);
            // Written as it would be written here, it holds no alias, no star and no comment.
            let names = names.filter(|names| is_plain && !names.is_empty())?;
            let text: String = self.text.lines().skip(first - 1).take(last - first + 1).collect();
            let bare = |text: &str| text.replace(char::is_whitespace, "").replace(",}", "}");
            (bare(&text) == bare(&use_line(module, &names))).then_some((first, last, names))
        })
    }

    /// Behind which line the imports go, and whether an empty line parts them from what follows.
    fn place_of_imports(&self) -> (usize, bool) {
        let last_use = self.file.items.iter().rfind(|item| matches!(item, Item::Use(_)));
        match (last_use, self.file.items.first()) {
            (Some(last), _) => (last.span().end().line, false),
            (None, Some(first)) => (first.span().start().line.saturating_sub(1), true),
            (None, None) => (self.text.lines().count(), false),
        }
    }
}

fn use_line(module: &str, names: &[String]) -> String {
    match names {
        [one] => format!("use {module}::{one};\n"),
        several => format!("use {module}::{{{}}};\n", several.join(", ")),
    }
}

fn enum_name(tokens: &proc_macro2::TokenStream) -> Option<String> {
    let mut tokens = tokens.clone().into_iter();
    tokens.find(|token| matches!(token, proc_macro2::TokenTree::Ident(ident) if ident == "enum"))?;
    match tokens.next()? {
        proc_macro2::TokenTree::Ident(name) => Some(name.to_string()),
        _ => None,
    }
}

/// The paths and names that `use` lines import.
pub(crate) fn import_names(lines: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    if let Ok(file) = syn::parse_file(lines) {
        for item in &file.items {
            if let Item::Use(item) = item {
                imports(&item.tree, &mut Vec::new(), &mut found);
            }
        }
    }
    found
}

fn imports(tree: &UseTree, path: &mut Vec<String>, found: &mut Vec<(String, String)>) {
    let whole = |path: &[String], name: &syn::Ident| {
        let mut path = path.to_vec();
        path.push(name.to_string());
        path.join("::")
    };
    match tree {
        UseTree::Path(inner) => {
            path.push(inner.ident.to_string());
            imports(&inner.tree, path, found);
            path.pop();
        }
        UseTree::Name(name) => found.push((whole(path, &name.ident), name.ident.to_string())),
        UseTree::Rename(renamed) => found.push((whole(path, &renamed.ident), renamed.rename.to_string())),
        UseTree::Glob(_) => {}
        UseTree::Group(group) => group.items.iter().for_each(|tree| imports(tree, path, found)),
    }
}

/// Fits a declaration into a crate that renamed its dependency on core.
pub(crate) fn renamed(imports: &str, items: &str, name: &str) -> (String, String) {
    if name == "wechatpay_core" {
        return (imports.to_owned(), items.to_owned());
    }
    let imports = imports.replace("use wechatpay_core::", &format!("use {name}::"));
    let mut out = String::new();
    let mut inside = false;
    for line in items.split_inclusive('\n') {
        let is_start = line.starts_with("#[wechatpay_endpoint(");
        if is_start && line.trim_end().ends_with(")]") {
            out.push_str(&line.replacen(")]", &format!(", crate = ::{name})]"), 1));
        } else if inside && line.starts_with(")]") {
            out.push_str(&format!("    crate = ::{name},\n{line}"));
            inside = false;
        } else {
            inside |= is_start;
            out.push_str(line);
        }
    }
    (imports, out)
}

/// Without the lines that only a catalogue needs: names under which rustdoc finds an operation.
pub(crate) fn plain(items: &str) -> String {
    items
        .split_inclusive('\n')
        .filter(|line| !line.starts_with("#[doc(alias"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const IMPORTS: &str = "use serde::{Deserialize, Serialize};\nuse wechatpay_core::wechatpay_endpoint;\n";

    fn with(text: &str) -> String {
        Existing::read(text.to_owned(), "a.rs", Language::English)
            .unwrap()
            .with(IMPORTS, "struct New;\n")
    }

    #[test]
    fn what_is_there_stays_and_only_missing_names_are_imported() {
        let text = "//! About.\n\nuse serde::Serialize;\nuse std::fmt;\n\n/// Old.\nstruct Old;\n";
        let expected = "//! About.\n\nuse serde::{Deserialize, Serialize};\nuse std::fmt;\nuse wechatpay_core::wechatpay_endpoint;\n\n/// Old.\nstruct Old;\n\nstruct New;\n";
        assert_eq!(with(text), expected);
        assert_eq!(with(expected).matches("use ").count(), 3);
    }

    #[test]
    fn an_import_with_a_comment_or_an_alias_is_not_touched() {
        for import in [
            "use serde::Serialize; // mine\n",
            "use serde::Serialize as Write;\n",
            "pub use serde::Serialize;\n",
            "use serde::{\n    // mine\n    Serialize,\n};\n",
        ] {
            assert!(with(import).starts_with(import), "{}", with(import));
        }
        assert!(
            with("use serde::{\n    Serialize,\n    Serializer,\n};\n")
                .starts_with("use serde::{Deserialize, Serialize, Serializer};\n")
        );
    }

    #[test]
    fn a_file_without_imports_gets_them_above_its_first_item() {
        let expected = "//! About.\n\nuse serde::{Deserialize, Serialize};\nuse wechatpay_core::wechatpay_endpoint;\n\n/// Old.\nstruct Old;\n\nstruct New;\n";
        assert_eq!(with("//! About.\n\n/// Old.\nstruct Old;\n"), expected);
        assert!(with("").starts_with("use serde::"));
        assert!(with("//! About.").starts_with("//! About.\nuse serde::"));
    }

    #[test]
    fn line_ends_stay_as_they_are() {
        let text = with("use std::fmt;\r\nstruct Old;\r\n");
        assert_eq!(text.matches('\n').count(), text.matches("\r\n").count());
    }

    #[test]
    fn a_renamed_dependency_is_named_by_its_name() {
        let items = "#[wechatpay_endpoint(POST, \"/v3\")]\nstruct A;\n\n#[wechatpay_endpoint(\n    POST, \"/v3\",\n    idempotent,\n)]\nstruct B;\n";
        let (imports, items) = renamed(IMPORTS, items, "wx");
        assert!(imports.contains("use wx::wechatpay_endpoint;"));
        assert!(items.contains("#[wechatpay_endpoint(POST, \"/v3\", crate = ::wx)]\n"));
        assert!(items.contains("    idempotent,\n    crate = ::wx,\n)]\n"));
    }
}
