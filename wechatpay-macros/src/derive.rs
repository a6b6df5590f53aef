//! The derive: parse, check, decide, write out.

use crate::{check, declaration::Declaration, errors::Errors, expand, model::Endpoint, place, template::Template};
use proc_macro2::TokenStream;
use syn::DeriveInput;

pub(crate) fn expand(item: TokenStream) -> TokenStream {
    let input = match syn::parse2::<DeriveInput>(item) {
        Ok(input) => input,
        Err(error) => return error.to_compile_error(),
    };
    let errors = Errors::default();
    let declaration = Declaration::parse(&input, &errors);
    let path = declaration.arguments.path.as_ref();
    let template = path.map(|path| Template::scan(&path.value())).unwrap_or_default();
    let fields = place::place(&declaration, &template, &errors);
    check::check(&declaration, &template, &fields, &errors);

    let mut tokens = match (errors.len(), Endpoint::new(&declaration, &fields)) {
        (0, Some(endpoint)) => expand::endpoint(&endpoint),
        _ => expand::stub(&declaration),
    };
    tokens.extend(errors.into_compile_errors());
    tokens
}
