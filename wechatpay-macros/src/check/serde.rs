//! What serde is told about a field, but cannot have an effect in its place.

use super::Check;

impl Check<'_> {
    pub(super) fn serde(&self) {
        for decided in self.fields {
            let Some(place) = decided.place else { continue };
            let (serde, row) = (&decided.field.serde, place.row().serde);
            let rename = serde.rename.as_ref().map(|(word, _)| word);
            let condition = serde.skip_serializing_if.as_ref().map(|(word, _)| word);
            // Beside `encrypt` it has its own message.
            let function = serde.with.as_ref().filter(|_| decided.encrypted.is_none());
            let without_effect = [
                serde.flatten.as_ref().filter(|_| !row.flatten),
                serde.skip.as_ref(),
                function.map(|(word, _)| word).filter(|_| !row.function),
                condition.filter(|_| !row.leave_out),
                rename.filter(|_| !row.rename || serde.flatten.is_some()),
            ];
            let name = decided.field.name();
            for word in without_effect.into_iter().flatten() {
                let (winner, consequence) = match (&serde.flatten, row.flatten) {
                    (Some(_), true) => ("`flatten`", "has no name of its own"),
                    _ => (row.winner, row.consequence),
                };
                let message = format!("{winner} wins over `{word}`, and `{name}` {consequence}; remove `{word}`");
                self.errors.on(word, message);
            }
        }
    }
}
