//! The modules of a catalogue: the segments of the paths.

use super::name;
use super::types::placeholder;
use std::collections::BTreeMap;
use wechatpay_catalogue::description::Operation;

/// A module: its operations, and the modules in it.
#[derive(Debug, Default)]
pub(crate) struct Tree<'a> {
    /// The segment that names the module: `fund-app`.
    pub(crate) segment: String,
    /// The beginning of the paths, with placeholders left out: `/v3/pay/transactions`.
    pub(crate) path: String,
    pub(crate) operations: Vec<&'a Operation>,
    pub(crate) modules: BTreeMap<String, Tree<'a>>,
}

impl<'a> Tree<'a> {
    /// The modules of all `operations`: one for each family.
    pub(crate) fn of(operations: impl IntoIterator<Item = &'a Operation>) -> Self {
        let mut root = Self::default();
        for operation in operations {
            let mut tree = &mut root;
            for segment in module_segments(&operation.path) {
                let parent = if tree.path.is_empty() && operation.path.starts_with("/v3/") {
                    "/v3"
                } else {
                    &tree.path
                };
                let path = format!("{parent}/{segment}");
                tree = tree.modules.entry(name::module(segment)).or_default();
                if tree.path.is_empty() {
                    (tree.path, tree.segment) = (path, segment.to_owned());
                }
            }
            tree.operations.push(operation);
        }
        root
    }
}

/// The segments that name modules: those without placeholders, without a leading `v3`.
fn module_segments(path: &str) -> Vec<&str> {
    let path = path.strip_prefix("/v3/").unwrap_or(path);
    let named: Vec<_> = path
        .split('/')
        .filter(|segment| !segment.is_empty() && placeholder(segment).is_none())
        .collect();
    if named.is_empty() { vec!["root"] } else { named }
}

/// The module path of an operation in the catalogue: `pay::transactions::jsapi`.
pub(crate) fn module_path(path: &str) -> String {
    module_segments(path)
        .into_iter()
        .map(|segment| name::in_code(&name::module(segment)))
        .collect::<Vec<_>>()
        .join("::")
}
