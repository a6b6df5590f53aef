//! Uploads: one file, and parts only beside it.

use super::Check;
use crate::{errors::report, place::Place};

impl Check<'_> {
    pub(super) fn upload(&self) {
        let mut files = self.going_to(Place::File);
        let Some(file) = files.next() else { return self.forms_without_file() };
        if self.is_get() {
            self.on_word(file, "a `GET` request has no body and uploads nothing; an upload is a `POST`");
        }
        let name = file.field.name();
        for second in files {
            self.on_word(second, format_args!("only one field can be the file, and `{name}` already is"));
        }
        let names = file.field.attribute.as_ref().map(|attribute| &attribute.file);
        let added = names.map(|names| [Some(names.digest.clone()), names.filename.clone()]).unwrap_or_default();
        for payload in self.going_to(Place::Payload).filter(|payload| payload.field.serde.flatten.is_none()) {
            if let Some(name) = added.iter().flatten().find(|added| **added == payload.name) {
                let ident = payload.field.ident;
                report!(self.errors, ident => "the library adds `{name}` to `meta`, from the file; remove this field");
            }
        }
        for form in self.going_to(Place::Form).filter(|form| form.name == file.name || form.name == "meta") {
            let part = &form.name;
            self.on_word(form, format_args!("the upload has a part `{part}` already; rename this one"));
        }
    }

    fn forms_without_file(&self) {
        for form in self.going_to(Place::Form).filter(|_| !self.has_unreadable()) {
            let cause = "`form` is a part of an upload, and there is no file";
            self.on_word(form, format_args!("{cause}; add `#[wechatpay(file)] file: Upload`, or drop `form`"));
        }
    }
}
