//! The fields of a struct, as they are on the wire.

use super::attribute::{Place, flattened, place};
use super::serde::{Container, Member};
use super::shape::{Context, Generics, Shape, Typed};
use super::source::{FileId, ItemId, ItemKind};
use proc_macro2::Span;
use std::rc::Rc;
use syn::Fields as Syntax;

/// The fields of a struct.
#[derive(Default)]
pub(crate) struct Fields {
    pub(crate) list: Vec<Field>,
    /// Whether there may be more: a flattened map, or a flattened type that could not be read.
    pub(crate) open: bool,
    /// Whether a response with other members is refused.
    pub(crate) deny_unknown: bool,
}

/// A field.
pub(crate) struct Field {
    /// The name in the source, without `r#`.
    pub(crate) name: String,
    /// The name on the wire.
    pub(crate) wire: String,
    pub(crate) aliases: Vec<String>,
    pub(crate) typed: Typed,
    pub(crate) place: Place,
    /// Whether a response may lack it.
    pub(crate) may_lack: bool,
    pub(crate) span: Span,
    pub(crate) file: FileId,
}

impl Fields {
    /// Whether a field has this name on the wire, in any place.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.list.iter().any(|field| field.wire == name)
    }

    /// Whether an attribute moves a field of this name out of the payload, though not into the path.
    pub(crate) fn is_moved(&self, name: &str) -> bool {
        let moved = |place: &Place| match place {
            Place::Query | Place::Header(_) | Place::Form | Place::Unknown => true,
            Place::Payload | Place::Path(_) | Place::Body | Place::File(_) => false,
        };
        self.list.iter().any(|field| field.wire == name && moved(&field.place))
    }
}

/// Structs are flattened into structs; a circle of them leads nowhere.
const DEEPEST: usize = 8;

impl Context<'_> {
    /// The fields of the struct `item`, flattened ones too.
    pub(crate) fn fields(&self, item: ItemId, generics: &Rc<Generics>) -> Fields {
        let mut fields = Fields::default();
        self.add_fields(item, generics, 0, &mut fields);
        fields
    }

    fn add_fields(&self, id: ItemId, generics: &Rc<Generics>, depth: usize, fields: &mut Fields) {
        let Some(item) = self.source.item(id) else { return };
        let ItemKind::Struct(declared) = &item.kind else { return };
        let Syntax::Named(named) = &declared.fields else { return };
        let container = Container::of(&declared.attrs);
        let inside = self.of_item(id, generics);
        let file = self.source.file_of(item);
        fields.deny_unknown |= container.deny_unknown;
        for field in &named.named {
            let Some(identifier) = &field.ident else { continue };
            let member = Member::of(&field.attrs);
            if member.is_skipped(self.way) {
                continue;
            }
            let mut typed = inside.typed(&field.ty);
            let place = place(&flattened(&field.attrs));
            if member.flatten && place == Place::Payload {
                match &typed.shape {
                    Shape::Object(inner, generics) if depth < DEEPEST => {
                        self.add_fields(*inner, generics, depth + 1, fields);
                    }
                    _ => fields.open = true,
                }
                continue;
            }
            if member.is_custom(self.way) {
                typed.shape = Shape::Unknown(identifier.to_string());
            }
            let identifier = identifier.to_string();
            fields.list.push(Field {
                wire: member.field_name(&identifier, &container, self.way),
                name: identifier.trim_start_matches("r#").to_owned(),
                may_lack: typed.optional || member.default || container.default,
                aliases: member.aliases,
                typed,
                place,
                span: field.ident.as_ref().map_or_else(Span::call_site, syn::Ident::span),
                file,
            });
        }
    }
}
