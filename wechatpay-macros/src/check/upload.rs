//! Uploads: one file, and parts only beside it.

use super::Check;
use crate::{
    helper::FileNames,
    place::{Destination, Placed},
};
use syn::ext::IdentExt;

impl Check<'_> {
    pub(super) fn upload(&self) {
        let mut files = self.fields.iter().filter_map(|placed| match placed.goes {
            Destination::File(names) => Some((placed, names)),
            _ => None,
        });
        let Some((file, names)) = files.next() else {
            return self.forms_without_file();
        };
        if self.is_get() {
            self.on_helper(
                file,
                "a `GET` request has no body and uploads nothing; an upload is a `POST`",
            );
        }
        let name = file.field.ident.unraw();
        for (second, _) in files {
            self.on_helper(
                second,
                &format!("only one field can be the file, and `{name}` already is"),
            );
        }
        for placed in self.going(|goes| matches!(goes, Destination::Payload)) {
            self.not_added_twice(placed, names);
        }
    }

    fn forms_without_file(&self) {
        if self.has_unread_helper() {
            return;
        }
        for placed in self.going(|goes| matches!(goes, Destination::Form)) {
            let cause = "`form` is a part of an upload, and there is no file";
            self.on_helper(
                placed,
                &format!("{cause}; add `#[wechatpay(file)] file: Upload`, or drop `form`"),
            );
        }
    }

    fn not_added_twice(&self, placed: &Placed<'_>, names: &FileNames) {
        let wire = placed
            .field
            .serde
            .name(placed.field.ident, self.declaration.serde.rename_all);
        if wire == names.digest() || Some(&wire) == names.filename().as_ref() {
            let message = format!("the library adds `{wire}` to `meta`, from the file; remove this field");
            self.errors.on(placed.field.ident, message);
        }
    }
}
