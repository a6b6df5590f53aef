//! A field that is the whole body, and the fields beside it.

use super::Check;
use crate::{errors::report, place::Place};

impl Check<'_> {
    pub(super) fn body(&self) {
        let mut bodies = self.going_to(Place::Body);
        let Some(body) = bodies.next() else { return };
        if self.is_get() {
            return self.on_word(body, "a `GET` request has no body; drop `body`, its fields go to the query string");
        }
        let name = body.field.name();
        for second in bodies {
            self.on_word(second, format_args!("only one field can be the body, and `{name}` already is"));
        }
        for beside in self.going_to(Place::Payload) {
            let cause = format!("`{}` would not be sent, because `{name}` is the whole body", beside.field.name());
            report!(self.errors, beside.field.ident => "{cause}; mark it `query` or `header`, or remove it");
        }
        for file in self.going_to(Place::File) {
            let cause = format!("the body is the upload of `{}`", file.field.name());
            self.on_word(body, format_args!("{cause}; drop `body`, its fields go to the upload's `meta`"));
        }
    }
}
