//! The user's `Cargo.toml`: which of the needed crates are dependencies, and under which names.

use std::path::{Path, PathBuf};
use toml_edit::{DocumentMut, Item, TableLike};

/// A package of the user.
pub(crate) struct Package {
    pub(crate) folder: PathBuf,
    /// The name under which core is a dependency, as in code.
    pub(crate) core: Option<String>,
    pub(crate) has_serde: bool,
}

/// The package around a folder: the nearest `Cargo.toml` that has a `[package]`.
pub(crate) fn around(folder: &Path) -> Option<Package> {
    let absolute = std::path::absolute(folder).ok()?;
    absolute.ancestors().find_map(|folder| {
        let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).ok()?;
        let manifest: DocumentMut = manifest.parse().ok()?;
        manifest.get("package")?;
        Some(Package {
            folder: folder.to_owned(),
            core: dependency(&manifest, "wechatpay-core").or_else(|| is_core(&manifest)),
            has_serde: dependency(&manifest, "serde").is_some(),
        })
    })
}

/// In core's own package its name is `wechatpay_core` too.
fn is_core(manifest: &DocumentMut) -> Option<String> {
    let name = manifest.get("package")?.get("name")?.as_str()?;
    (name == "wechatpay-core").then(|| "wechatpay_core".to_owned())
}

fn dependency(manifest: &DocumentMut, name: &str) -> Option<String> {
    let mut tables: Vec<&dyn TableLike> = Vec::new();
    let of = |item: &'static str| manifest.get(item).and_then(Item::as_table_like);
    tables.extend(of("dependencies"));
    tables.extend(of("dev-dependencies"));
    if let Some(targets) = of("target") {
        tables.extend(
            targets
                .iter()
                .filter_map(|(_, target)| target.get("dependencies")?.as_table_like()),
        );
    }
    tables.into_iter().flat_map(TableLike::iter).find_map(|(key, value)| {
        let package = value.get("package").and_then(Item::as_str).unwrap_or(key);
        (package == name).then(|| key.replace('-', "_"))
    })
}

/// The root file that lacks `mod name;` for a file of a package, and the line that it lacks. `None` when it is there,
/// or when the file is a root itself.
pub(crate) fn missing_module(package: &Path, file: &Path) -> Option<(PathBuf, String)> {
    let absolute = std::path::absolute(file).ok()?;
    let name = absolute.file_stem()?.to_str()?.to_owned();
    let folder = absolute.parent()?;
    let is_root = |name: &str| ["lib", "main", "build"].contains(&name);
    if is_root(&name) || folder == package {
        return None;
    }
    let in_source = absolute.strip_prefix(package.join("src")).ok()?;
    if in_source.starts_with("bin") {
        return None;
    }
    let (module, folder) = if name == "mod" {
        (folder.file_name()?.to_str()?.to_owned(), folder.parent()?)
    } else {
        (name, folder)
    };
    let parents = [
        folder.join("mod.rs"),
        folder.with_extension("rs"),
        folder.join("lib.rs"),
        folder.join("main.rs"),
    ];
    let parent = parents
        .into_iter()
        .find(|parent| parent.is_file() && *parent != absolute)?;
    let text = std::fs::read_to_string(&parent).ok()?;
    let declared = syn::parse_file(&text).is_ok_and(|file| {
        file.items
            .iter()
            .any(|item| matches!(item, syn::Item::Mod(item) if item.ident == module))
    });
    (!declared).then(|| (parent, format!("mod {module};")))
}
