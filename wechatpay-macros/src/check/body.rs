//! A field that is the whole body, and the fields beside it.

use super::Check;
use crate::place::Destination;
use syn::ext::IdentExt;

impl Check<'_> {
    pub(super) fn body(&self) {
        let mut bodies = self.going(|goes| matches!(goes, Destination::Body));
        let Some(body) = bodies.next() else { return };
        if self.is_get() {
            self.on_helper(
                body,
                "a `GET` request has no body; drop `body`, its fields go to the query string",
            );
            return;
        }
        let name = body.field.ident.unraw();
        for second in bodies {
            self.on_helper(
                second,
                &format!("only one field can be the body, and `{name}` already is"),
            );
        }
        for placed in self.going(|goes| matches!(goes, Destination::Payload)) {
            let field = placed.field.ident;
            let cause = format!(
                "`{}` would not be sent, because `{name}` is the whole body",
                field.unraw()
            );
            self.errors
                .on(field, format!("{cause}; mark it `query` or `header`, or remove it"));
        }
        for file in self.going(|goes| matches!(goes, Destination::File(_))) {
            let cause = format!("the body is the upload of `{}`", file.field.ident.unraw());
            self.on_helper(
                body,
                &format!("{cause}; drop `body`, its fields go to the upload's `meta`"),
            );
        }
    }
}
