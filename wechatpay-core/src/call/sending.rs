//! From a declared operation to its response.

use super::future::{Receiving, ResponseFuture};
use crate::{
    context::Context,
    endpoint::Endpoint,
    request::{
        self,
        decode::FromResponse as _,
        operation::{Announce, Operation, Options, Prepare},
        prepare::Fields,
    },
};
use std::sync::Arc;

/// Sends a declared operation.
pub(super) fn send<'a, E: Endpoint>(context: &'a Arc<Context>, request: &'a E) -> ResponseFuture<'a, E::Response> {
    ResponseFuture {
        received: receive(context, request, Options::default()),
        decode: E::Response::decode,
    }
}

/// The one place where the type of a request is still known; everything behind it is compiled once.
pub(super) fn receive<'a, E: Endpoint>(context: &'a Arc<Context>, request: &'a E, options: Options) -> Receiving<'a> {
    let operation = Operation {
        method: E::METHOD,
        template: E::PATH.into(),
        idempotent: E::IDEMPOTENT,
        announce: Announce::WhenUsed,
        form: E::Response::FORM,
        declared_fields: E::Response::declared_fields,
    };
    Box::pin(request::execute(context, operation, request, options))
}

impl<E: Endpoint> Prepare for E {
    fn prepare(&self, fields: &mut Fields) {
        self.fields(fields);
    }
}
