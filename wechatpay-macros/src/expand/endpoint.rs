//! What is written out.

use crate::{
    check::decide::Decided,
    core_path::CorePath,
    parse::{Declaration, method::Method},
};
use proc_macro2::Ident;
use syn::LitStr;

/// An operation without mistakes.
pub(crate) struct Endpoint<'a> {
    pub(super) declaration: &'a Declaration<'a>,
    pub(super) fields: &'a [Decided<'a>],
    pub(super) core: &'a CorePath,
    pub(super) method: Method,
    pub(super) method_name: &'a Ident,
    pub(super) path: &'a LitStr,
}

impl<'a> Endpoint<'a> {
    /// `None` only for a declaration without a method or a path, which has been reported.
    pub(crate) fn new(declaration: &'a Declaration<'a>, fields: &'a [Decided<'a>]) -> Option<Self> {
        let (method, method_name) = declaration.arguments.method.as_ref()?;
        Some(Self {
            declaration,
            fields,
            core: &declaration.core,
            method: *method,
            method_name,
            path: declaration.arguments.path.as_ref()?,
        })
    }
}
