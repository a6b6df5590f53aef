//! Every public item has an example that runs, and every fallible function documents its errors.

use crate::{
    example,
    public::{self, ItemId, Name},
    published, shown,
    tree::{self, Crate, Module},
};
use std::{collections::BTreeMap, path::PathBuf};
use syn::{Attribute, ImplItem, Item, ReturnType, Signature, TraitItem, Visibility};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Has an example, or is named in an example of its module.
    Type,
    /// Is called in its example or in one of its module.
    Function,
    /// Is called in its example or in one of its type or module.
    Method { receiver: bool },
    /// Is called or implemented in its example or in one of its trait or module.
    TraitMethod,
}

struct PublicItem {
    file: PathBuf,
    line: usize,
    /// `Client`, `Client::call`.
    name: String,
    kind: Kind,
    /// Whether it returns a `Result`.
    fallible: bool,
    own_docs: String,
    /// The documentation of the type or trait and of the modules.
    other_docs: String,
}

impl PublicItem {
    fn is_shown(&self) -> bool {
        // "As [`Client::encrypt`]": the example is there.
        if self.own_docs.trim_start().starts_with("As [") {
            return true;
        }
        let own = example::running(&self.own_docs);
        let (owner, name) = self.name.rsplit_once("::").unwrap_or(("", &self.name));
        let code = own.clone() + &example::running(&self.other_docs);
        match self.kind {
            Kind::Type => !own.is_empty() || example::names(&code, name),
            Kind::Function => example::calls(&code, &[""], name),
            Kind::Method { receiver: false } => example::calls(&code, &[&format!("{owner}::")], name),
            Kind::Method { receiver: true } => example::calls(&code, &[".", "::"], name),
            Kind::TraitMethod => example::calls(&code, &[".", "::", "fn "], name),
        }
    }
}

/// The public items of a crate and their methods.
fn items(source: &Crate) -> Vec<PublicItem> {
    // With the documentation of the public modules that name the item.
    let mut reached: BTreeMap<ItemId, String> = BTreeMap::new();
    for module in public::modules(source) {
        for id in module.names.values().filter_map(Name::id) {
            reached.entry(id.clone()).or_default().push_str(&module.source.docs);
        }
    }
    let mut found = Vec::new();
    for ((home, name), docs) in &mut reached {
        let module = &source.modules[home];
        for item in module.named(name).filter(|item| public::is_interface(item)) {
            docs.insert_str(0, &tree::docs_of(tree::attributes(item), &module.file));
            push_item(module, name, docs, item, &mut found);
        }
    }
    for public::Impl {
        module, block, of_type, ..
    } in public::impls(source)
    {
        if block.trait_.is_none()
            && let Some(id) = &of_type
            && let Some(docs) = reached.get(id)
        {
            let docs = docs.clone() + &tree::docs_of(&block.attrs, &module.file);
            for item in &block.items {
                if let ImplItem::Fn(method) = item
                    && matches!(method.vis, Visibility::Public(_))
                {
                    let receiver = method.sig.receiver().is_some();
                    let name = format!("{}::{}", id.1, method.sig.ident);
                    push_fn(
                        module,
                        name,
                        Kind::Method { receiver },
                        &docs,
                        &method.attrs,
                        &method.sig,
                        &mut found,
                    );
                }
            }
        }
    }
    found.sort_by(|a, b| (&a.file, a.line).cmp(&(&b.file, b.line)));
    found
}

fn push_item(module: &Module, name: &str, docs: &str, item: &Item, found: &mut Vec<PublicItem>) {
    let ident = match item {
        Item::Struct(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Union(item) => &item.ident,
        Item::Trait(item) => {
            for method in &item.items {
                if let TraitItem::Fn(method) = method {
                    let name = format!("{name}::{}", method.sig.ident);
                    push_fn(module, name, Kind::TraitMethod, docs, &method.attrs, &method.sig, found);
                }
            }
            &item.ident
        }
        Item::Fn(item) => {
            let name = name.to_owned();
            return push_fn(module, name, Kind::Function, docs, &item.attrs, &item.sig, found);
        }
        _ => return,
    };
    found.push(PublicItem {
        file: module.file.clone(),
        line: ident.span().start().line,
        name: name.to_owned(),
        kind: Kind::Type,
        fallible: false,
        own_docs: tree::docs_of(tree::attributes(item), &module.file),
        other_docs: docs.to_owned(),
    });
}

fn push_fn(
    module: &Module,
    name: String,
    kind: Kind,
    docs: &str,
    attributes: &[Attribute],
    signature: &Signature,
    found: &mut Vec<PublicItem>,
) {
    if !tree::is_hidden(attributes) {
        found.push(PublicItem {
            file: module.file.clone(),
            line: signature.ident.span().start().line,
            name,
            kind,
            fallible: may_fail(signature),
            own_docs: tree::docs_of(attributes, &module.file),
            other_docs: docs.to_owned(),
        });
    }
}

fn may_fail(signature: &Signature) -> bool {
    matches!(&signature.output, ReturnType::Type(_, output)
        if public::type_name(output).and_then(|path| path.last().cloned()).as_deref() == Some("Result"))
}

/// The items of all published libraries.
fn all_items() -> Vec<PublicItem> {
    let libraries = published().into_iter().filter(|target| target.is_library);
    libraries.flat_map(|target| items(&target.read())).collect()
}

fn listed(items: &[PublicItem]) -> String {
    let lines: Vec<_> = items
        .iter()
        .map(|item| format!("{}:{} {}", shown(&item.file), item.line, item.name))
        .collect();
    format!("{} items:\n{}", lines.len(), lines.join("\n"))
}

#[test]
fn every_public_item_is_shown_in_an_example_that_runs() {
    let (shown, missing): (Vec<_>, Vec<_>) = all_items().into_iter().partition(PublicItem::is_shown);
    assert!(missing.is_empty(), "without an example that runs: {}", listed(&missing));
    // Check that the sources were found and parsed.
    for name in [
        "wechatpay_endpoint",
        "Client::call",
        "Endpoint::fields",
        "parse_fen",
        "Gateway::on",
    ] {
        assert!(shown.iter().any(|item| item.name == name), "{name} was not found");
    }
}

#[test]
fn every_fallible_public_function_documents_its_errors() {
    let silent: Vec<_> = all_items()
        .into_iter()
        .filter(|item| item.fallible && !item.own_docs.contains("# Errors"))
        .collect();
    assert!(silent.is_empty(), "without a section on errors: {}", listed(&silent));
}

#[test]
fn an_item_without_an_example_is_found() {
    let type_docs = [
        "A thing.",
        "```",
        "let thing = Thing::new(1);",
        "# thing.hidden();",
        "// thing.commented();",
        "assert_eq!(thing.size(), 1);",
        "```",
    ]
    .join("\n");
    let method = |name: &str, receiver| PublicItem {
        file: "lib.rs".into(),
        line: 1,
        name: format!("Thing::{name}"),
        kind: Kind::Method { receiver },
        fallible: false,
        own_docs: String::new(),
        other_docs: type_docs.clone(),
    };
    assert!(method("new", false).is_shown());
    assert!(method("size", true).is_shown());
    assert!(!method("hidden", true).is_shown(), "a hidden line is no example");
    assert!(!method("commented", true).is_shown(), "a comment is no example");
    assert!(!method("siz", true).is_shown(), "a part of a name is not the name");
    let mut other = method("new", false);
    other.name = "Other::new".into();
    assert!(!other.is_shown(), "the function of another type is not this one");
    let type_named = |name: &str| PublicItem {
        name: name.to_owned(),
        kind: Kind::Type,
        ..method("new", false)
    };
    assert!(type_named("Thing").is_shown());
    assert!(!type_named("Thin").is_shown(), "a part of a name is not the name");
    let mut referred = method("commented", true);
    referred.own_docs = "As [`Thing::size`].".into();
    assert!(referred.is_shown(), "the example of the other item counts");
    let mut ignored = method("size", true);
    ignored.other_docs = type_docs.replacen("```", "```no_run", 1);
    assert!(!ignored.is_shown(), "an example that does not run does not count");
}
