//! What a Rust type sends or receives.

use super::resolve::Named;
use super::serde::{Container, Way, derives};
use super::source::{ItemId, ItemKind, ScopeId, Source};
use proc_macro2::Span;
use std::collections::HashMap;
use std::rc::Rc;
use syn::spanned::Spanned as _;
use syn::{Fields, GenericArgument, GenericParam, PathArguments, Type};

/// What a Rust type sends or receives.
#[derive(Clone, Debug)]
pub(crate) enum Shape {
    Text,
    /// A text of which only listed values can be received.
    ClosedText,
    Integer,
    Float,
    Boolean,
    List(Box<Typed>),
    /// A struct with named fields.
    Object(ItemId, Rc<Generics>),
    /// An object with any members.
    Map,
    /// Any JSON.
    Any,
    Unit,
    /// `Sensitive<T>`
    Secret,
    /// A string that holds the JSON of a type.
    JsonText(Box<Typed>),
    Download,
    Upload,
    /// Nothing is known; the type's name.
    Unknown(String),
}

/// A shape, whether it may be absent, and the words for it in the source.
#[derive(Clone, Debug)]
pub(crate) struct Typed {
    pub(crate) shape: Shape,
    pub(crate) optional: bool,
    pub(crate) span: Span,
}

/// The arguments of the type parameters of an item.
pub(crate) type Generics = HashMap<String, Typed>;

/// Types lead to types; a circle of aliases leads nowhere.
const DEEPEST: usize = 24;

/// Reads types as seen from one scope.
#[derive(Clone)]
pub(crate) struct Context<'a> {
    pub(crate) source: &'a Source,
    pub(crate) scope: ScopeId,
    pub(crate) generics: Rc<Generics>,
    pub(crate) way: Way,
}

impl<'a> Context<'a> {
    pub(crate) fn new(source: &'a Source, scope: ScopeId, way: Way) -> Self {
        Self {
            source,
            scope,
            generics: Rc::default(),
            way,
        }
    }

    /// The context inside of an item.
    pub(crate) fn of_item(&self, item: ItemId, generics: &Rc<Generics>) -> Self {
        Self {
            source: self.source,
            scope: self.source.item(item).map_or(self.scope, |item| item.scope),
            generics: Rc::clone(generics),
            way: self.way,
        }
    }

    pub(crate) fn typed(&self, kind: &Type) -> Typed {
        self.typed_at(kind, 0)
    }

    fn typed_at(&self, kind: &Type, depth: usize) -> Typed {
        let span = kind.span();
        let of = |shape| Typed {
            shape,
            optional: false,
            span,
        };
        if depth > DEEPEST {
            return of(Shape::Unknown("..".to_owned()));
        }
        match kind {
            Type::Reference(inner) => self.typed_at(&inner.elem, depth + 1),
            Type::Paren(inner) => self.typed_at(&inner.elem, depth + 1),
            Type::Group(inner) => self.typed_at(&inner.elem, depth + 1),
            Type::Slice(inner) => of(Shape::List(Box::new(self.typed_at(&inner.elem, depth + 1)))),
            Type::Array(inner) => of(Shape::List(Box::new(self.typed_at(&inner.elem, depth + 1)))),
            Type::Tuple(tuple) if tuple.elems.is_empty() => of(Shape::Unit),
            Type::Path(path) if path.qself.is_none() => self.path(&path.path, span, depth),
            _ => of(Shape::Unknown("type".to_owned())),
        }
    }

    fn path(&self, path: &syn::Path, span: Span, depth: usize) -> Typed {
        let of = |shape| Typed {
            shape,
            optional: false,
            span,
        };
        let Some(last) = path.segments.last() else {
            return of(Shape::Unknown(String::new()));
        };
        let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let arguments: Vec<&Type> = match &last.arguments {
            PathArguments::AngleBracketed(list) => list
                .args
                .iter()
                .filter_map(|argument| {
                    if let GenericArgument::Type(kind) = argument {
                        Some(kind)
                    } else {
                        None
                    }
                })
                .collect(),
            _ => Vec::new(),
        };
        if let ([name], true) = (names.as_slice(), arguments.is_empty())
            && let Some(known) = self.generics.get(name)
        {
            return Typed { span, ..known.clone() };
        }
        match self.source.resolve(self.scope, &names) {
            // The source of core has these types too, and their names identify them.
            Some(Named::Item(item)) if !is_cores_own(self.source, item) => self.item(item, &arguments, span, depth),
            Some(Named::Elsewhere(name)) => self
                .well_known(&name, &arguments, span, depth)
                .unwrap_or_else(|| of(Shape::Unknown(name))),
            _ => {
                let name = last.ident.to_string();
                if let Some(known) = self.well_known(&name, &arguments, span, depth) {
                    return known;
                }
                match self.source.only_one_named(self.scope, &name) {
                    Some(item) => self.item(item, &arguments, span, depth),
                    None => of(Shape::Unknown(name)),
                }
            }
        }
    }

    /// Types of the standard library, of serde_json and of core, by their names.
    fn well_known(&self, name: &str, arguments: &[&Type], span: Span, depth: usize) -> Option<Typed> {
        let of = |shape| Typed {
            shape,
            optional: false,
            span,
        };
        let first = || arguments.first().map(|kind| self.typed_at(kind, depth + 1));
        let list = || first().map(|item| of(Shape::List(Box::new(item))));
        Some(match name {
            "String" | "str" | "char" => of(Shape::Text),
            "u8" | "u16" | "u32" | "u64" | "u128" | "usize" | "i8" | "i16" | "i32" | "i64" | "i128" | "isize"
            | "NonZeroU8" | "NonZeroU16" | "NonZeroU32" | "NonZeroU64" | "NonZeroUsize" | "NonZeroI32"
            | "NonZeroI64" => of(Shape::Integer),
            "f32" | "f64" => of(Shape::Float),
            "bool" => of(Shape::Boolean),
            "Option" => Typed {
                optional: true,
                span,
                ..first()?
            },
            "Box" | "Rc" | "Arc" | "Cow" | "Zeroizing" | "Wrapping" | "Reverse" => Typed { span, ..first()? },
            "Vec" | "VecDeque" | "HashSet" | "BTreeSet" | "LinkedList" | "IndexSet" => list()?,
            "HashMap" | "BTreeMap" | "IndexMap" | "Map" => of(Shape::Map),
            "Value" | "RawValue" | "Json" => of(Shape::Any),
            "Sensitive" => of(Shape::Secret),
            "JsonString" => of(Shape::JsonText(Box::new(first()?))),
            "Download" => of(Shape::Download),
            "Upload" => of(Shape::Upload),
            _ => return None,
        })
    }

    /// The parameters of an item of which nothing is known.
    pub(crate) fn unbound(&self, generics: &syn::Generics) -> Rc<Generics> {
        self.bind(generics, &[], 0)
    }

    fn item(&self, id: ItemId, arguments: &[&Type], span: Span, depth: usize) -> Typed {
        let of = |shape| Typed {
            shape,
            optional: false,
            span,
        };
        let Some(item) = self.source.item(id) else {
            return of(Shape::Unknown(String::new()));
        };
        let unknown = || of(Shape::Unknown(item.name.clone()));
        let trait_name = match self.way {
            Way::Serialize => "Serialize",
            Way::Deserialize => "Deserialize",
        };
        match &item.kind {
            ItemKind::OpenEnum => of(Shape::Text),
            ItemKind::Alias(alias) => {
                let generics = self.bind(&alias.generics, arguments, depth);
                let inner = self.of_item(id, &generics).typed_at(&alias.ty, depth + 1);
                Typed { span, ..inner }
            }
            ItemKind::Enum(declared) => {
                let container = Container::of(&declared.attrs);
                if derives(&declared.attrs, "Serialize_repr") || derives(&declared.attrs, "Deserialize_repr") {
                    return of(Shape::Integer);
                }
                let plain = declared.variants.iter().all(|variant| {
                    matches!(variant.fields, Fields::Unit) || super::serde::Member::of(&variant.attrs).other
                });
                if !derives(&declared.attrs, trait_name)
                    || container.untagged
                    || container.tagged
                    || container.replaced
                    || !plain
                {
                    return unknown();
                }
                let is_open = declared
                    .variants
                    .iter()
                    .any(|variant| super::serde::Member::of(&variant.attrs).other);
                of(if is_open { Shape::Text } else { Shape::ClosedText })
            }
            ItemKind::Struct(declared) => {
                let container = Container::of(&declared.attrs);
                if !derives(&declared.attrs, trait_name) || container.replaced || container.tagged {
                    return unknown();
                }
                let generics = self.bind(&declared.generics, arguments, depth);
                match &declared.fields {
                    Fields::Named(fields) if container.transparent => match fields.named.first() {
                        Some(only) => Typed {
                            span,
                            ..self.of_item(id, &generics).typed_at(&only.ty, depth + 1)
                        },
                        None => unknown(),
                    },
                    Fields::Named(_) => of(Shape::Object(id, generics)),
                    Fields::Unnamed(fields) if fields.unnamed.len() == 1 => match fields.unnamed.first() {
                        Some(only) => Typed {
                            span,
                            ..self.of_item(id, &generics).typed_at(&only.ty, depth + 1)
                        },
                        None => unknown(),
                    },
                    _ => unknown(),
                }
            }
        }
    }

    /// What the parameters of an item stand for, given the arguments as seen from here. One without an argument can be
    /// anything.
    fn bind(&self, generics: &syn::Generics, arguments: &[&Type], depth: usize) -> Rc<Generics> {
        let parameters = generics.params.iter().filter_map(|parameter| match parameter {
            GenericParam::Type(kind) => Some(kind.ident.to_string()),
            _ => None,
        });
        let mut bound = Generics::new();
        for (place, name) in parameters.enumerate() {
            let typed = match arguments.get(place) {
                Some(argument) => self.typed_at(argument, depth + 1),
                None => Typed {
                    shape: Shape::Unknown(name.clone()),
                    optional: false,
                    span: Span::call_site(),
                },
            };
            bound.insert(name, typed);
        }
        Rc::new(bound)
    }
}

/// Whether an item belongs to core itself, whose types are known by their names.
fn is_cores_own(source: &Source, id: ItemId) -> bool {
    let Some(item) = source.item(id) else { return false };
    matches!(item.name.as_str(), "Sensitive" | "JsonString" | "Download" | "Upload")
        && source
            .files
            .get(source.file_of(item))
            .and_then(|file| file.package.as_deref())
            .is_some_and(|package| package.ends_with("wechatpay-core"))
}
