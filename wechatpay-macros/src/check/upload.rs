//! Uploads: one file, and parts only beside it.

use super::{Check, decide::Decided};
use crate::place::Place;

impl Check<'_> {
    pub(super) fn upload(&self) {
        let mut files = self.going_to(Place::File);
        let Some(file) = files.next() else {
            return self.forms_without_file();
        };
        if self.is_get() {
            self.on_attribute(
                file,
                "a `GET` request has no body and uploads nothing; an upload is a `POST`",
            );
        }
        let name = file.field.name();
        for second in files {
            self.on_attribute(
                second,
                &format!("only one field can be the file, and `{name}` already is"),
            );
        }
        for payload in self.going_to(Place::Payload) {
            self.not_added_twice(payload, file);
        }
        for form in self.going_to(Place::Form) {
            if form.name == file.name || form.name == "meta" {
                let what = if form.name == "meta" { "the payload" } else { "the file" };
                self.on_attribute(
                    form,
                    &format!("{what} is already the part `{}`; rename this one", form.name),
                );
            }
        }
    }

    fn forms_without_file(&self) {
        if self.fields.iter().any(|decided| decided.is_unreadable()) {
            return;
        }
        for form in self.going_to(Place::Form) {
            let cause = "`form` is a part of an upload, and there is no file";
            self.on_attribute(
                form,
                &format!("{cause}; add `#[wechatpay(file)] file: Upload`, or drop `form`"),
            );
        }
    }

    fn not_added_twice(&self, payload: &Decided<'_>, file: &Decided<'_>) {
        let Some(names) = file.field.attribute.as_ref().map(|attribute| &attribute.file) else {
            return;
        };
        let name = &payload.name;
        if payload.field.serde.flatten.is_none() && (*name == names.digest() || Some(name) == names.filename().as_ref())
        {
            let message = format!("the library adds `{name}` to `meta`, from the file; remove this field");
            self.errors.on(payload.field.ident, message);
        }
    }
}
