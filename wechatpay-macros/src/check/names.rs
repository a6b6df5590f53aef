//! Two fields under one name.

use super::{Check, decide::Decided};
use crate::{errors::report, place::Place};
use quote::ToTokens;

impl Check<'_> {
    pub(super) fn names(&self) {
        let mut seen: Vec<&Decided<'_>> = Vec::new();
        let named = |decided: &&Decided<'_>| {
            decided.place.is_some_and(|place| place.honours().rename) && decided.field.serde.flatten.is_none()
        };
        for decided in self.fields.iter().filter(named) {
            let Some(first) = seen.iter().find(|first| self.collide(first, decided)) else {
                seen.push(decided);
                continue;
            };
            let rename = decided.field.serde.rename.as_ref().map(|(word, _)| word);
            let word = rename.unwrap_or(decided.field.ident).to_token_stream();
            let (first, second) = (first.field.name(), decided.field.name());
            report!(self.errors, word => "`{first}` and `{second}` are both sent as `{}`", decided.name);
        }
    }

    fn collide(&self, first: &Decided<'_>, second: &Decided<'_>) -> bool {
        let place = |decided: &Decided<'_>| match decided.place {
            Some(Place::Payload) if self.is_get() => Some(Place::Query),
            place => place,
        };
        first.name == second.name && place(first) == place(second)
    }
}
