//! What the body is made of: one field that is the whole body, or the file of an upload and the parts beside it.

use super::{Check, decide::Decided};
use crate::{errors::report, place::Place};

impl Check<'_> {
    pub(super) fn body(&self) {
        let Some(body) = self.only(Place::Body) else { return };
        let (word, name) = (body.word(), body.field.name());
        if self.is_get() {
            return report!(self.errors, word => "a `GET` request has no body; drop `body`, its fields go to the query string");
        }
        for beside in self.going_to(Place::Payload) {
            let (ident, beside) = (beside.field.ident, beside.field.name());
            let cause = format!("`{beside}` would not be sent, because `{name}` is the whole body");
            report!(self.errors, ident => "{cause}; mark it `query` or `header`, or remove it");
        }
        for file in self.going_to(Place::File) {
            let cause = format!("the body is the upload of `{}`", file.field.name());
            report!(self.errors, word => "{cause}; drop `body`, its fields go to the upload's `meta`");
        }
    }

    pub(super) fn upload(&self) {
        let Some(file) = self.only(Place::File) else {
            return self.forms_without_file();
        };
        if self.is_get() {
            report!(self.errors, file.word() => "a `GET` request has no body and uploads nothing; an upload is a `POST`");
        }
        let names = file.field.attribute.iter().map(|attribute| &attribute.file);
        let added = names.flat_map(|names| names.filename.iter().chain([&names.digest]));
        let added: Vec<&String> = added.collect();
        for payload in self.going_to(Place::Payload).filter(|payload| payload.has_name()) {
            let (ident, name) = (payload.field.ident, &payload.name);
            if added.contains(&name) {
                report!(self.errors, ident => "the library adds `{name}` to `meta`, from the file; remove this field");
            }
        }
        for form in self.going_to(Place::Form) {
            let part = &form.name;
            if *part == file.name || part == "meta" {
                report!(self.errors, form.word() => "the upload has a part `{part}` already; rename this one");
            }
        }
    }

    /// The field that goes to a place that takes one.
    fn only(&self, place: Place) -> Option<&Decided<'_>> {
        let mut all = self.going_to(place);
        let first = all.next()?;
        for second in all {
            let (word, name) = (second.word(), first.field.name());
            report!(self.errors, word => "only one field can be the {word}, and `{name}` already is");
        }
        Some(first)
    }

    fn forms_without_file(&self) {
        for form in self.going_to(Place::Form).filter(|_| !self.has_unreadable()) {
            let cause = "`form` is a part of an upload, and there is no file";
            let remedy = "add `#[wechatpay(file)] file: Upload`, or drop `form`";
            report!(self.errors, form.word() => "{cause}; {remedy}");
        }
    }
}
