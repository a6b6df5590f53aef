//! Two fields under one name.

use super::{Check, decide::Decided};
use crate::place::Place;

impl Check<'_> {
    pub(super) fn names(&self) {
        let mut seen: Vec<&Decided<'_>> = Vec::new();
        for decided in self.fields {
            let named =
                decided.place.is_some_and(|place| place.row().serde.rename) && decided.field.serde.flatten.is_none();
            if !named {
                continue;
            }
            match seen.iter().find(|first| self.collide(first, decided)) {
                Some(first) => {
                    let (first, second, name) = (first.field.name(), decided.field.name(), &decided.name);
                    let message = format!("`{first}` and `{second}` are both sent as `{name}`");
                    match &decided.field.serde.rename {
                        Some((rename, _)) => self.errors.on(rename, message),
                        None => self.errors.on(decided.field.ident, message),
                    }
                }
                None => seen.push(decided),
            }
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
