//! The path: its template, and a field for each placeholder.

use super::Check;
use crate::{
    declaration::Field,
    helper::Place,
    place::Destination,
    suggest,
    tokens::{inside, text},
};
use syn::{LitStr, ext::IdentExt};

impl Check<'_> {
    pub(super) fn path(&self) {
        let Some(path) = &self.arguments.path else { return };
        for mistake in &self.template.mistakes {
            self.errors.on(path, mistake);
        }
        // What the placeholders are is clear only then.
        if self.template.mistakes.is_empty() {
            self.placeholders_without_field(path);
            self.fields_without_placeholder();
        }
        for placed in self.going(|goes| matches!(goes, Destination::Path(_))) {
            self.one_value(placed.field);
        }
    }

    fn placeholders_without_field(&self, path: &LitStr) {
        if self.has_unread_helper() {
            return;
        }
        for placeholder in &self.template.placeholders {
            let fills = |goes: &Destination<'_>| matches!(goes, Destination::Path(name) if name == placeholder);
            if self.going(fills).next().is_none() {
                self.placeholder_without_field(path, placeholder);
            }
        }
    }

    fn placeholder_without_field(&self, path: &LitStr, placeholder: &str) {
        let order = self.declaration.input.ident.unraw();
        let payload = self.going(|goes| matches!(goes, Destination::Payload));
        let names: Vec<String> = payload.map(|placed| placed.field.ident.unraw().to_string()).collect();
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
        for placed in self.going(|goes| matches!(goes, Destination::Path(_))) {
            let Some(Place::Path(literal)) = placed.field.helper.as_ref().map(|helper| &helper.place) else {
                continue;
            };
            let name = literal.value();
            if !self.template.placeholders.contains(&name) {
                self.no_such_placeholder(literal, &name);
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
        let name = field.ident.unraw();
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
