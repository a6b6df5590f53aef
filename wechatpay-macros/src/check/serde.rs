//! The serde attributes of a field: those without effect in its place, and two fields with one name.

use super::{Check, decide::Decided};
use crate::{errors::report, place::Place};
use quote::ToTokens;

impl Check<'_> {
    pub(super) fn serde(&self) {
        for decided in self.fields {
            let Some(place) = decided.place else { continue };
            let (serde, honours) = (&decided.field.serde, place.row().honours);
            let is_renamed = honours.rename && serde.flatten.is_none();
            // Beside `encrypt` it has its own message.
            let with = serde.with.as_ref().filter(|_| decided.encrypted.is_none());
            let without_effect = [
                serde.flatten.as_ref().filter(|_| !honours.flatten),
                serde.skip.as_ref(),
                with.map(|(word, _)| word).filter(|_| !honours.with),
                serde.leave_out.as_ref().map(|(word, _)| word).filter(|_| !honours.leave_out),
                serde.rename.as_ref().map(|(word, _)| word).filter(|_| !is_renamed),
            ];
            let (name, (winner, is)) = (decided.field.name(), place.row().wins);
            for word in without_effect.into_iter().flatten() {
                report!(self.errors, word => "{winner} wins over `{word}`, and `{name}` {is}; remove `{word}`");
            }
        }
    }

    pub(super) fn names(&self) {
        let mut seen: Vec<&Decided<'_>> = Vec::new();
        let named = |decided: &&Decided<'_>| {
            decided.place.is_some_and(|place| place.row().honours.rename) && decided.field.serde.flatten.is_none()
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
