//! The derive: parse, check, expand.

use crate::parse::{self, Declaration, template::Template};
use crate::{check, check::decide::decide, errors::Errors, expand};
use proc_macro2::TokenStream;
use syn::DeriveInput;

pub(crate) fn expand(item: TokenStream) -> TokenStream {
    let errors = Errors::default();
    let mut tokens = match syn::parse2::<DeriveInput>(item.clone()) {
        Ok(input) => declared(&input, &errors),
        // The fields are still being typed. The compiler reports that; here the struct only keeps its methods, so that
        // nothing is reported where it is used.
        Err(error) => match parse::head(item) {
            Ok(head) => expand::stub(&Declaration::parse(&head, &errors)),
            Err(_) => return error.to_compile_error(),
        },
    };
    tokens.extend(errors.into_compile_errors());
    tokens
}

fn declared(input: &DeriveInput, errors: &Errors) -> TokenStream {
    let declaration = Declaration::parse(input, errors);
    let path = declaration.arguments.path.as_ref();
    let template = path.map(|path| Template::scan(&path.value())).unwrap_or_default();
    let fields = decide(&declaration, &template);
    check::check(&declaration, &template, &fields, errors);
    if errors.is_empty() {
        expand::endpoint(&declaration, &fields)
    } else {
        expand::stub(&declaration)
    }
}
