//! The path: its template, and a field for each placeholder.

use super::Check;
use crate::{
    parse::Field,
    place::Place,
    suggest,
    types::{inside, text},
};
use syn::LitStr;

impl Check<'_> {
    pub(super) fn path(&self) {
        let Some(path) = &self.arguments.path else { return };
        for mistake in &self.template.mistakes {
            self.errors.on(path, mistake);
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
        if self.fields.iter().any(|decided| decided.is_unreadable()) {
            return;
        }
        for placeholder in &self.template.placeholders {
            if !self.going_to(Place::Path).any(|decided| decided.name == *placeholder) {
                self.placeholder_without_field(path, placeholder);
            }
        }
    }

    fn placeholder_without_field(&self, path: &LitStr, placeholder: &str) {
        let order = &self.declaration.input.ident;
        let elsewhere = self.fields.iter().find(|decided| decided.field.name() == placeholder);
        if let Some(place) = elsewhere.and_then(|decided| decided.place) {
            let goes_to = place.row().goes_to;
            let remedy = "remove its field attribute, or take a second field";
            let message = format!(
                "path placeholder `{{{placeholder}}}` is not filled: the field `{placeholder}` goes to {goes_to}; {remedy}"
            );
            return self.errors.on(path, message);
        }
        let names = self.names_of(Place::Payload);
        let mark = format!("#[wechatpay(path = \"{placeholder}\")]");
        let advice = match suggest::closest(placeholder, names.iter().map(String::as_str)) {
            Some(meant) => format!("did you mean `{meant}`? Rename it, or mark it `{mark}`"),
            None => format!("add `{placeholder}: String` or mark a field `{mark}`"),
        };
        self.errors.on(
            path,
            format!("path placeholder `{{{placeholder}}}` has no field on `{order}`; {advice}"),
        );
    }

    fn fields_without_placeholder(&self) {
        for decided in self.going_to(Place::Path) {
            if let Some(literal) = decided.written_name()
                && !self.template.placeholders.contains(&decided.name)
            {
                self.no_such_placeholder(literal, &decided.name);
            }
        }
    }

    fn no_such_placeholder(&self, literal: &LitStr, name: &str) {
        let placeholders = &self.template.placeholders;
        let advice = match suggest::closest(name, placeholders.iter().map(String::as_str)) {
            Some(meant) => format!("did you mean `{{{meant}}}`?"),
            None if placeholders.is_empty() => "it has none".to_owned(),
            None => {
                let braced: Vec<String> = placeholders.iter().map(|name| format!("{{{name}}}")).collect();
                format!("it has {}", suggest::list(braced.iter().map(String::as_str)))
            }
        };
        self.errors
            .on(literal, format!("the path has no placeholder `{{{name}}}`; {advice}"));
    }

    fn one_value(&self, field: &Field<'_>) {
        let name = field.name();
        if let Some(inner) = inside(field.ty, "Option") {
            let remedy = format!("use `{}`, or declare two endpoints", text(inner));
            self.errors.on(
                field.ty,
                format!("the path always needs `{name}`, but it is optional; {remedy}"),
            );
        } else if let Some(inner) = inside(field.ty, "Vec") {
            let remedy = format!("use `{}`, or join the values", text(inner));
            self.errors.on(
                field.ty,
                format!("the path takes one value for `{name}`, but it is a list; {remedy}"),
            );
        }
    }
}
