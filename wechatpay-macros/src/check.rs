//! The rules that need more than one word of a declaration. Each reports on the word to change.

use crate::{
    arguments::Arguments,
    declaration::{Declaration, Field},
    errors::Errors,
    helper::Filename,
    method::Method,
    place::{Destination, Placed},
    suggest,
    template::Template,
    tokens::inside,
};
use syn::{Ident, LitStr, ext::IdentExt};

/// Reports every mistake that parsing could not see.
pub(crate) fn check(declaration: &Declaration<'_>, template: &Template, fields: &[Placed<'_>], errors: &Errors) {
    if declaration.fields.is_none() {
        return;
    }
    let check = Check {
        declaration,
        arguments: &declaration.arguments,
        template,
        fields,
        errors,
    };
    check.path();
    check.placeholder_types();
    check.method();
    check.body();
    check.headers();
    check.upload();
    check.encrypted();
    check.derives();
    check.serde();
}

struct Check<'a> {
    declaration: &'a Declaration<'a>,
    arguments: &'a Arguments,
    template: &'a Template,
    fields: &'a [Placed<'a>],
    errors: &'a Errors,
}

impl<'a> Check<'a> {
    /// The template itself, and that each placeholder has its field.
    fn path(&self) {
        let Some(path) = &self.arguments.path else { return };
        for mistake in &self.template.mistakes {
            self.errors.on(path, mistake);
        }
        if !self.template.mistakes.is_empty() {
            return;
        }
        // A helper that cannot be read may be the one that fills the placeholder.
        let unread = self
            .fields
            .iter()
            .any(|placed| matches!(placed.goes, Destination::Nowhere) && placed.field.helper.is_some());
        for placeholder in self.template.placeholders.iter().filter(|_| !unread) {
            let filled = |placed: &Placed<'_>| matches!(&placed.goes, Destination::Path(name) if name == placeholder);
            if !self.fields.iter().any(filled) {
                self.unfilled(path, placeholder);
            }
        }
        for placed in self.fields {
            if let (Some(literal), Destination::Path(name)) = (path_helper(placed.field), &placed.goes)
                && !self.template.placeholders.contains(name)
            {
                self.no_such_placeholder(literal, name);
            }
        }
    }

    fn unfilled(&self, path: &LitStr, placeholder: &str) {
        let order = self.declaration.input.ident.unraw();
        let payload = self
            .fields
            .iter()
            .filter(|placed| matches!(placed.goes, Destination::Payload));
        let names: Vec<String> = payload.map(|placed| placed.field.ident.unraw().to_string()).collect();
        let advice = match suggest::closest(placeholder, names.iter().map(String::as_str)) {
            Some(meant) => {
                format!("did you mean `{meant}`? Rename it, or mark it `#[wechatpay(path = \"{placeholder}\")]`")
            }
            None => format!("add `{placeholder}: String` or mark a field `#[wechatpay(path = \"{placeholder}\")]`"),
        };
        self.errors.on(
            path,
            format!("path placeholder `{{{placeholder}}}` has no field on `{order}`; {advice}"),
        );
    }

    fn no_such_placeholder(&self, literal: &LitStr, name: &str) {
        let known = self.template.placeholders.iter().map(String::as_str);
        let advice = match suggest::closest(name, known.clone()) {
            Some(meant) => format!("did you mean `{{{meant}}}`?"),
            None if self.template.placeholders.is_empty() => "it has none".to_owned(),
            None => {
                let braced: Vec<String> = known.map(|name| format!("{{{name}}}")).collect();
                format!("it has {}", suggest::list(braced.iter().map(String::as_str)))
            }
        };
        self.errors
            .on(literal, format!("the path has no placeholder `{{{name}}}`; {advice}"));
    }

    fn placeholder_types(&self) {
        for placed in self
            .fields
            .iter()
            .filter(|placed| matches!(placed.goes, Destination::Path(_)))
        {
            let Field { ident, ty, .. } = placed.field;
            if let Some(inner) = inside(ty, "Option") {
                let inner = type_text(inner);
                let ident = ident.unraw();
                self.errors.on(
                    ty,
                    format!(
                        "the path always needs `{ident}`, but it is optional; use `{inner}`, or declare two endpoints"
                    ),
                );
            }
        }
    }

    fn method(&self) {
        if let (Some((Method::Get, _)), Some(idempotent)) = (&self.arguments.method, &self.arguments.idempotent) {
            self.errors
                .on(idempotent, "`GET` is always repeatable; remove `idempotent`");
        }
    }

    fn body(&self) {
        let mut bodies = self
            .fields
            .iter()
            .filter(|placed| matches!(placed.goes, Destination::Body));
        let Some(body) = bodies.next() else { return };
        let name = body.field.ident.unraw();
        if self.is_get() {
            self.on_helper(
                body,
                "a `GET` request has no body; drop `body`, its fields go to the query string",
            );
            return;
        }
        for second in bodies {
            self.on_helper(
                second,
                &format!("only one field can be the body, and `{name}` already is"),
            );
        }
        for placed in self.fields {
            let field = placed.field.ident.unraw();
            match placed.goes {
                Destination::Payload => self.errors.on(
                    placed.field.ident,
                    format!(
                        "`{field}` would not be sent, because `{name}` is the whole body; \
                         mark it `query` or `header`, or remove it"
                    ),
                ),
                Destination::File(_) => self.on_helper(
                    body,
                    &format!("the body is the upload of `{field}`; drop `body`, its fields go to the upload's `meta`"),
                ),
                _ => {}
            }
        }
    }

    fn headers(&self) {
        let mut seen: Vec<(String, &Ident)> = Vec::new();
        for placed in self.fields {
            let Destination::Header(literal) = placed.goes else {
                continue;
            };
            let name = literal.value();
            let folded = name.to_ascii_lowercase();
            if !is_header_name(&name) {
                let advice = "write letters, digits and `-`, as in `Idempotency-Key`";
                self.errors
                    .on(literal, format!("`{name}` is not a valid header name; {advice}"));
            } else if CLIENT_HEADERS.contains(&folded.as_str()) {
                self.errors.on(
                    literal,
                    format!("`{name}` is set by the client on every request; remove the field"),
                );
            } else if let Some((_, first)) = seen.iter().find(|(known, _)| *known == folded) {
                self.errors.on(
                    literal,
                    format!("the header `{name}` is already sent by `{}`", first.unraw()),
                );
            }
            seen.push((folded, placed.field.ident));
        }
    }

    fn upload(&self) {
        let mut files = self.fields.iter().filter_map(|placed| match placed.goes {
            Destination::File(names) => Some((placed, names)),
            _ => None,
        });
        let Some((file, names)) = files.next() else {
            let unread = self
                .fields
                .iter()
                .any(|placed| matches!(placed.goes, Destination::Nowhere) && placed.field.helper.is_some());
            for placed in self
                .fields
                .iter()
                .filter(|placed| matches!(placed.goes, Destination::Form) && !unread)
            {
                self.on_helper(
                    placed,
                    "`form` is a part of an upload, which has a file; add a field `#[wechatpay(file)] file: Upload`, \
                     or drop `form`",
                );
            }
            return;
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
        let filename = match &names.filename {
            Some(Filename::Called(name)) => Some(name.value()),
            Some(Filename::None) => None,
            None => Some("filename".to_owned()),
        };
        let digest = names.digest.as_ref().map_or_else(|| "sha256".to_owned(), LitStr::value);
        for placed in self
            .fields
            .iter()
            .filter(|placed| matches!(placed.goes, Destination::Payload))
        {
            let wire = placed
                .field
                .serde
                .name(placed.field.ident, self.declaration.serde.rename_all);
            if wire == digest || Some(&wire) == filename.as_ref() {
                let message = format!("the library adds `{wire}` to `meta`, from the file; remove this field");
                self.errors.on(placed.field.ident, message);
            }
        }
    }

    fn encrypted(&self) {
        for name in self.arguments.encrypt.iter().flatten() {
            let shown = name.unraw();
            let Some(placed) = self.fields.iter().find(|placed| placed.field.ident.unraw() == shown) else {
                self.no_such_field(name);
                continue;
            };
            match placed.goes {
                Destination::Path(_) => {
                    self.errors
                        .on(name, format!("`{shown}` is part of the path and cannot be encrypted"));
                }
                Destination::Header(_) => {
                    self.errors
                        .on(name, format!("`{shown}` is a header and cannot be encrypted"));
                }
                Destination::File(_) => {
                    self.errors
                        .on(name, format!("`{shown}` is a file and cannot be encrypted"));
                }
                Destination::Form => {
                    self.errors
                        .on(name, format!("`{shown}` is a form part and cannot be encrypted"));
                }
                Destination::Query | Destination::Body | Destination::Payload | Destination::Nowhere => {}
            }
            if is_sensitive(placed.field) {
                self.errors.on(
                    name,
                    format!("`{shown}` is encrypted by its type already; remove it here"),
                );
            }
            self.encrypted_serde(placed);
        }
    }

    fn no_such_field(&self, name: &Ident) {
        let names: Vec<String> = self
            .fields
            .iter()
            .map(|placed| placed.field.ident.unraw().to_string())
            .collect();
        let shown = name.unraw().to_string();
        let advice = match suggest::closest(&shown, names.iter().map(String::as_str)) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("add `{shown}: String`, or remove the name"),
        };
        let order = self.declaration.input.ident.unraw();
        self.errors.on(
            name,
            format!("`encrypt` names `{shown}`, but `{order}` has no such field; {advice}"),
        );
    }

    fn encrypted_serde(&self, placed: &Placed<'_>) {
        let field = placed.field;
        let name = field.ident.unraw();
        let serde = &field.serde;
        if let Destination::Nowhere = placed.goes
            && let Some(skip) = serde.skip.as_ref().or(serde.skip_serializing.as_ref())
        {
            let remedy = format!("remove `{skip}`, or the name in `encrypt`");
            self.errors.on(
                skip,
                format!("`{skip}` wins over `encrypt`, and `{name}` is never sent; {remedy}"),
            );
        }
        if let Some(with) = self.own_function(field) {
            let consequence = format!("sends the ciphertext of `{name}`");
            self.errors.on(
                with,
                format!("`encrypt` wins over `{with}`, and {consequence}; remove `{with}`"),
            );
        }
        if let Some(flatten) = serde.flatten.as_ref().filter(|_| field.helper.is_none()) {
            self.errors.on(
                flatten,
                format!("`encrypt` wins over `flatten`, and `{name}` is one value; remove `flatten`"),
            );
        }
    }

    fn derives(&self) {
        for derive in &self.declaration.derived {
            let Some(last) = derive.segments.last() else { continue };
            if last.ident == "Serialize" {
                self.errors.on(derive, "`Serialize` is already derived; remove it");
            } else if let Some(names) = self.arguments.encrypt.as_ref().filter(|names| !names.is_empty()) {
                let names: Vec<String> = names.iter().map(|name| name.unraw().to_string()).collect();
                let names = suggest::list(names.iter().map(String::as_str));
                self.errors.on(
                    derive,
                    format!("`Debug` would print {names}; a redacting one is generated, remove it"),
                );
            }
        }
    }

    /// What serde is told about a field that does not go through serde as a part of the struct.
    fn serde(&self) {
        for placed in self.fields {
            let field = placed.field;
            let (winner, consequence) = match placed.goes {
                Destination::Path(_) => ("the placeholder", "fills it as one value"),
                Destination::Query => ("`query`", "is one parameter"),
                Destination::Header(_) => ("`header`", "is one header"),
                Destination::Body => ("`body`", "is the whole body"),
                Destination::File(_) => ("`file`", "is sent as it is"),
                Destination::Form => ("`form`", "is one part"),
                Destination::Payload | Destination::Nowhere => continue,
            };
            let serde = &field.serde;
            let in_query = matches!(placed.goes, Destination::Query);
            let can_be_absent = in_query || matches!(placed.goes, Destination::Header(_) | Destination::Form);
            let without_effect = [
                serde.flatten.as_ref(),
                serde.skip.as_ref(),
                self.own_function(field)
                    .filter(|_| !in_query && !matches!(placed.goes, Destination::Body)),
                serde
                    .skip_serializing_if
                    .as_ref()
                    .map(|(word, _)| word)
                    .filter(|_| !can_be_absent),
            ];
            for word in without_effect.into_iter().flatten() {
                let name = field.ident.unraw();
                self.errors.on(
                    word,
                    format!("{winner} wins over `{word}`, and `{name}` {consequence}; remove `{word}`"),
                );
            }
        }
    }

    /// The word by which the user, not the attribute, names a function that serialises the field.
    fn own_function<'f>(&self, field: &'f Field<'_>) -> Option<&'f Ident> {
        let ours = self.declaration.core.encrypt();
        field
            .serde
            .with
            .as_ref()
            .filter(|(_, with)| !with.calls(&ours))
            .map(|(word, _)| word)
    }

    fn is_get(&self) -> bool {
        matches!(self.arguments.method, Some((Method::Get, _)))
    }

    fn on_helper(&self, placed: &Placed<'_>, message: &str) {
        match &placed.field.helper {
            Some(helper) => self.errors.on(&helper.keyword, message),
            None => self.errors.on(placed.field.ident, message),
        }
    }
}

fn path_helper<'a>(field: &'a Field<'_>) -> Option<&'a LitStr> {
    match &field.helper.as_ref()?.place {
        crate::helper::Place::Path(literal) => Some(literal),
        _ => None,
    }
}

fn is_sensitive(field: &Field<'_>) -> bool {
    crate::tokens::mentions(field.ty, "Sensitive")
}

fn type_text(ty: &syn::Type) -> String {
    quote::quote!(#ty)
        .to_string()
        .replace(" :: ", "::")
        .replace(" <", "<")
        .replace("< ", "<")
        .replace(" >", ">")
}

/// What the client says about itself, its caller and the bytes, and what HTTP itself needs.
const CLIENT_HEADERS: [&str; 12] = [
    "accept",
    "accept-encoding",
    "authorization",
    "connection",
    "content-length",
    "content-type",
    "expect",
    "host",
    "te",
    "transfer-encoding",
    "user-agent",
    "wechatpay-serial",
];

/// RFC 9110, `token`.
fn is_header_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c))
}
