//! The path: its template, and a field for each placeholder.

use super::{Check, decide::Decided};
use crate::types::{inside, text};
use crate::{errors::report, parse::Field, place::Place, suggest};
use syn::{LitStr, ext::IdentExt};

impl Check<'_> {
    pub(super) fn path(&self) {
        let arguments = &self.declaration.arguments;
        let Some(path) = &arguments.path else { return };
        for mistake in &self.template.mistakes {
            report!(self.errors, path => "{mistake}");
        }
        // Only then is it clear what the placeholders are.
        if self.template.mistakes.is_empty() {
            self.placeholders_without_field(path);
            self.fields_without_placeholder();
        }
        for decided in self.going_to(Place::Path) {
            self.one_value(decided.field);
        }
    }

    fn placeholders_without_field(&self, path: &LitStr) {
        let is_filled = |name: &str| self.going_to(Place::Path).any(|decided| decided.name == name);
        let is_open = |name: &&String| !self.has_unreadable() && !is_filled(name);
        for name in self.template.placeholders.iter().filter(is_open) {
            let elsewhere = self.fields.iter().find(|decided| decided.field.name() == *name);
            if let Some(place) = elsewhere.and_then(|decided| decided.place) {
                let cause = format!("the field `{name}` goes to {}", place.row().goes_to);
                let remedy = "remove its field attribute, or take a second field";
                report!(self.errors, path => "path placeholder `{{{name}}}` is not filled: {cause}; {remedy}");
                continue;
            }
            let payload = self.going_to(Place::Payload);
            let names: Vec<String> = payload.map(|decided| decided.field.name()).collect();
            let mark = format!("mark it `#[wechatpay(path = \"{name}\")]`");
            let advice = match suggest::closest(name, names.iter().map(String::as_str)) {
                Some(meant) => format!("did you mean `{meant}`? Rename it, or {mark}"),
                None => format!("add `{name}: String` or {}", mark.replacen("it", "a field", 1)),
            };
            let order = self.declaration.input.ident.unraw();
            report!(self.errors, path => "path placeholder `{{{name}}}` has no field on `{order}`; {advice}");
        }
    }

    fn fields_without_placeholder(&self) {
        let placeholders = &self.template.placeholders;
        let is_unknown = |decided: &&Decided<'_>| !placeholders.contains(&decided.name);
        for decided in self.going_to(Place::Path).filter(is_unknown) {
            let (name, literal) = (&decided.name, decided.written());
            let advice = match suggest::closest(name, placeholders.iter().map(String::as_str)) {
                Some(meant) => format!("did you mean `{{{meant}}}`?"),
                None if placeholders.is_empty() => "it has none".to_owned(),
                None => format!("it has {}", suggest::list(placeholders.iter().map(in_braces))),
            };
            report!(self.errors, literal => "the path has no placeholder `{{{name}}}`; {advice}");
        }
    }

    /// A placeholder takes one value, and always.
    fn one_value(&self, field: &Field<'_>) {
        let (name, ty) = (field.name(), field.ty);
        if let Some(inner) = inside(ty, "Option").map(text) {
            let cause = format!("the path always needs `{name}`, but it is optional");
            report!(self.errors, ty => "{cause}; use `{inner}`, or declare two endpoints");
        } else if let Some(inner) = inside(ty, "Vec").map(text) {
            let cause = format!("the path takes one value for `{name}`, but it is a list");
            report!(self.errors, ty => "{cause}; use `{inner}`, or join the values");
        }
    }
}

fn in_braces(name: &String) -> String {
    format!("{{{name}}}")
}
