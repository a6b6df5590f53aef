//! What serde is told about a field, but cannot have an effect in its place.

use super::Check;
use crate::errors::report;

impl Check<'_> {
    pub(super) fn serde(&self) {
        for decided in self.fields {
            let Some(place) = decided.place else { continue };
            let (serde, honours) = (&decided.field.serde, place.honours());
            let is_renamed = honours.rename && serde.flatten.is_none();
            // Beside `encrypt` it has its own message.
            let with = serde.with.as_ref().filter(|_| decided.encrypted.is_none());
            let without_effect = [
                serde.flatten.as_ref().filter(|_| !honours.flatten),
                serde.skip.as_ref(),
                with.map(|(word, _)| word).filter(|_| !honours.with),
                serde
                    .leave_out
                    .as_ref()
                    .map(|(word, _)| word)
                    .filter(|_| !honours.leave_out),
                serde.rename.as_ref().map(|(word, _)| word).filter(|_| !is_renamed),
            ];
            let (name, (winner, is)) = (decided.field.name(), place.wins());
            for word in without_effect.into_iter().flatten() {
                report!(self.errors, word => "{winner} wins over `{word}`, and `{name}` {is}; remove `{word}`");
            }
        }
    }
}
