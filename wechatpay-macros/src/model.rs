//! What is generated, decided. Nothing here is wrong any more, so writing it out cannot fail.

use crate::{
    declaration::{Declaration, Field},
    helper::{Algorithm, FileNames},
    method::Method,
    names::Core,
    place::{Destination, Placed},
    tokens::mentions,
};
use syn::{DeriveInput, ExprPath, Ident, LitStr, Type, ext::IdentExt};

/// An operation of the API.
pub(crate) struct Endpoint<'a> {
    pub(crate) core: &'a Core,
    pub(crate) input: &'a DeriveInput,
    pub(crate) method: Method,
    pub(crate) method_name: &'a Ident,
    pub(crate) path: &'a LitStr,
    pub(crate) idempotent: bool,
    pub(crate) response: Option<&'a Type>,
    pub(crate) steps: Vec<Step<'a>>,
    pub(crate) debug: Option<Vec<Shown<'a>>>,
}

/// One call while a request is prepared.
pub(crate) enum Step<'a> {
    Path {
        name: String,
        field: &'a Field<'a>,
    },
    Query {
        name: String,
        field: &'a Field<'a>,
        value: Value,
    },
    Header {
        name: &'a LitStr,
        field: &'a Field<'a>,
    },
    Form {
        name: String,
        field: &'a Field<'a>,
    },
    File {
        part: String,
        field: &'a Field<'a>,
        names: File,
    },
    /// The struct as serde writes it, without the fields above.
    Payload,
    /// The same, where serde writes one field alone.
    Body,
}

impl<'a> Step<'a> {
    /// The type that is serialised by itself, if one is.
    pub(crate) fn serialised(&self) -> Option<&'a Type> {
        match self {
            Self::Path { field, .. } | Self::Header { field, .. } | Self::Form { field, .. } => Some(field.ty),
            Self::Query {
                field,
                value: Value::Plain,
                ..
            } => Some(field.ty),
            Self::Query { .. } | Self::File { .. } | Self::Payload | Self::Body => None,
        }
    }
}

/// How a parameter of the query is written.
pub(crate) enum Value {
    Plain,
    Encrypted,
    With(ExprPath),
}

/// The names that an upload uses in `meta`.
pub(crate) struct File {
    pub(crate) filename: Option<String>,
    pub(crate) digest: String,
    pub(crate) algorithm: Algorithm,
}

/// A field in the output of `Debug`.
pub(crate) struct Shown<'a> {
    pub(crate) ident: &'a Ident,
    pub(crate) ty: &'a Type,
    pub(crate) redacted: bool,
}

impl<'a> Endpoint<'a> {
    /// `None` only for a declaration without a method or a path, which has been reported.
    pub(crate) fn new(declaration: &'a Declaration<'a>, fields: &[Placed<'a>]) -> Option<Self> {
        let arguments = &declaration.arguments;
        let (method, method_name) = arguments.method.as_ref()?;
        Some(Self {
            core: &declaration.core,
            input: declaration.input,
            method: *method,
            method_name,
            path: arguments.path.as_ref()?,
            idempotent: arguments.idempotent.is_some(),
            response: arguments.response.as_ref(),
            steps: steps(declaration, fields),
            debug: debug(declaration),
        })
    }
}

fn steps<'a>(declaration: &Declaration<'a>, fields: &[Placed<'a>]) -> Vec<Step<'a>> {
    let mut steps = Vec::new();
    let mut rest = None;
    for Placed { field, goes } in fields {
        let field = *field;
        let name = || field.serde.name(field.ident, declaration.serde.rename_all);
        steps.push(match goes {
            Destination::Path(name) => Step::Path {
                name: name.clone(),
                field,
            },
            Destination::Query => Step::Query {
                name: name(),
                field,
                value: query_value(declaration, field),
            },
            Destination::Header(name) => Step::Header { name, field },
            Destination::Form => Step::Form { name: name(), field },
            Destination::File(names) => file(field, names),
            Destination::Payload => {
                rest = Some(Step::Payload);
                continue;
            }
            Destination::Body => {
                rest = Some(Step::Body);
                continue;
            }
            Destination::Nowhere => continue,
        });
    }
    steps.extend(rest);
    steps
}

fn query_value(declaration: &Declaration<'_>, field: &Field<'_>) -> Value {
    if is_encrypted(declaration, field.ident) {
        return Value::Encrypted;
    }
    field
        .serde
        .with
        .as_ref()
        .and_then(|(_, with)| with.function())
        .map_or(Value::Plain, Value::With)
}

fn file<'a>(field: &'a Field<'a>, names: &FileNames) -> Step<'a> {
    let part = names
        .part
        .as_ref()
        .map_or_else(|| field.ident.unraw().to_string(), LitStr::value);
    let algorithm = names.algorithm.unwrap_or(Algorithm::Sha256);
    Step::File {
        part,
        field,
        names: File {
            filename: names.filename(),
            digest: names.digest(),
            algorithm,
        },
    }
}

/// `None` when nothing is encrypted, or when the user derives `Debug`, which has been reported.
pub(crate) fn debug<'a>(declaration: &'a Declaration<'a>) -> Option<Vec<Shown<'a>>> {
    declaration.arguments.encrypt.as_ref()?;
    if declaration
        .derived
        .iter()
        .any(|derive| derive.segments.last().is_some_and(|last| last.ident == "Debug"))
    {
        return None;
    }
    let shown = |field: &'a Field<'a>| Shown {
        ident: field.ident,
        ty: field.ty,
        redacted: is_encrypted(declaration, field.ident),
    };
    Some(declaration.fields.iter().flatten().map(shown).collect())
}

fn is_encrypted(declaration: &Declaration<'_>, field: &Ident) -> bool {
    let names = &declaration.arguments.encrypt;
    names.iter().flatten().any(|name| name.unraw() == field.unraw())
}

/// The type parameters that a type mentions.
pub(crate) fn parameters<'a>(input: &'a DeriveInput, ty: &Type) -> impl Iterator<Item = &'a Ident> {
    input
        .generics
        .type_params()
        .map(|parameter| &parameter.ident)
        .filter(|ident| mentions(ty, &ident.to_string()))
}
