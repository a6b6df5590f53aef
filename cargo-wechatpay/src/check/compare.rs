//! Compares what a type sends with what the service expects.

use super::finding::{Kind, Severity};
use super::findings::Findings;
use super::fit::{fits, is_known, mismatch, rust_type};
use crate::language::{Language, text};
use crate::near::nearest;
use crate::rust::fields::Field;
use crate::rust::shape::{Context, Shape, Typed};
use crate::rust::source::FileId;
use wechatpay_catalogue::description::{Kind as JsonKind, Operation, Property, Schema};

/// Compares the values of one request.
pub(super) struct Compare<'a, 'b> {
    pub(super) context: &'a Context<'a>,
    pub(super) findings: &'a mut Findings<'b>,
    encrypted: Vec<String>,
    /// The description requires encryption, but not of which fields.
    secrets_are_unsure: bool,
}

impl<'a, 'b> Compare<'a, 'b> {
    pub(super) fn new(
        context: &'a Context<'a>,
        encrypted: &[String],
        operation: &Operation,
        findings: &'a mut Findings<'b>,
    ) -> Self {
        Self {
            context,
            findings,
            encrypted: encrypted.to_vec(),
            secrets_are_unsure: operation.announces_key && !operation.sends_secrets(),
        }
    }

    pub(super) fn language(&self) -> Language {
        self.findings.language
    }

    /// A finding about a field.
    pub(super) fn field_finding(
        &mut self,
        kind: Kind,
        field: &Field,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        self.findings
            .add(kind, Severity::Error, field.file, field.span, message, help);
    }

    /// A value of the query or of a form. It is text on the wire, so numbers and texts are the same.
    pub(super) fn query_value(&mut self, schema: &Schema, field: &Field) {
        self.secret(
            schema,
            &field.typed,
            &field.wire,
            field.file,
            self.encrypted.contains(&field.name),
        );
        let is_list = matches!(field.typed.shape, Shape::List(_));
        if matches!(field.typed.shape, Shape::Object(..))
            || (is_list && !matches!(schema.kind, JsonKind::Array | JsonKind::Any))
        {
            self.wrong_type(schema, &field.typed, &field.wire, field.file);
        }
    }

    /// A member of an object.
    pub(super) fn property(&mut self, property: &Property, field: &Field, place: &str) {
        let place = if place.is_empty() {
            property.name.clone()
        } else {
            format!("{place}.{}", property.name)
        };
        // Only fields of the declaration itself can be in `encrypt(..)`.
        let encrypted = !place.contains(['.', '[']) && self.encrypted.contains(&field.name);
        self.value(&property.schema, &field.typed, &place, field.file, encrypted);
    }

    /// A value and everything in it.
    pub(super) fn value(&mut self, schema: &Schema, typed: &Typed, place: &str, file: FileId, encrypted: bool) {
        self.secret(schema, typed, place, file, encrypted);
        match (schema.kind, &typed.shape) {
            (JsonKind::Any, _) => {}
            (_, shape) if !is_known(shape) => {}
            (JsonKind::Array, Shape::List(item)) => {
                if let Some(items) = &schema.items {
                    self.value(items, item, &format!("{place}[]"), file, encrypted);
                }
            }
            (JsonKind::Object, Shape::Object(..)) => self.object(schema, typed, place),
            (JsonKind::String, Shape::JsonText(inner)) => {
                if let Some(json) = &schema.json {
                    self.value(json, inner, place, file, false);
                }
            }
            _ if fits(schema, &typed.shape) => {}
            _ => self.wrong_type(schema, typed, place, file),
        }
    }

    fn object(&mut self, schema: &Schema, typed: &Typed, place: &str) {
        let Shape::Object(item, generics) = &typed.shape else {
            return;
        };
        // An object without described members accepts any value.
        if schema.properties.is_empty() {
            return;
        }
        let fields = self.context.fields(*item, generics);
        let language = self.language();
        for field in &fields.list {
            if let Some(property) = schema.property(&field.wire) {
                self.property(property, field, place);
            } else {
                let name = format!("{place}.{}", field.wire);
                let message = text!(language, "the operation has no field `{name}`", "该接口没有字段 {name}");
                let help = match nearest(
                    &field.wire,
                    schema.properties.iter().map(|property| property.name.as_str()),
                ) {
                    Some(near) => text!(language, "did you mean `{near}`?", "是否应为 {near}？"),
                    None => text!(language, "remove it", "请删除"),
                };
                self.field_finding(Kind::UnknownField, field, message, help);
            }
        }
        for property in schema
            .properties
            .iter()
            .filter(|property| property.required && !fields.open)
        {
            if fields.list.iter().any(|field| field.wire == property.name) {
                continue;
            }
            let Some(declared) = self.context.source.item(*item) else {
                continue;
            };
            let title = property
                .schema
                .title
                .as_deref()
                .map(|title| format!(" ({title})"))
                .unwrap_or_default();
            let (name, of, kind) = (
                format!("{place}.{}", property.name),
                &declared.name,
                rust_type(&property.schema),
            );
            let message = text!(
                language,
                "`{of}` lacks the required field `{name}`{title}",
                "{of} 缺少必填字段 {name}{title}"
            );
            let wire = &property.name;
            let help = text!(language, "add `{wire}: {kind}`", "增加字段 {wire}: {kind}");
            let (file, span) = (self.context.source.file_of(declared), declared.span());
            self.findings
                .add(Kind::MissingField, Severity::Error, file, span, message, help);
        }
    }

    fn secret(&mut self, schema: &Schema, typed: &Typed, place: &str, file: FileId, encrypted: bool) {
        let language = self.language();
        let is_secret = encrypted || has_secret(&typed.shape);
        let wanted = schema.sensitive || schema.items.as_deref().is_some_and(|items| items.sensitive);
        match (wanted, is_secret) {
            (true, true) | (false, false) => {}
            (true, false) => match &typed.shape {
                Shape::List(_) if schema.kind == JsonKind::Array => {
                    // The items are looked at one by one.
                }
                Shape::Unknown(name) => {
                    let message = text!(
                        language,
                        "not checked: `{place}` is encrypted on the wire, and `{name}` cannot be read",
                        "未检查：{place} 须加密，但类型 {name} 无法解析"
                    );
                    self.findings.note(file, typed.span, message);
                }
                _ => {
                    let message = text!(
                        language,
                        "`{place}` is encrypted on the wire, but it would go out in plaintext",
                        "{place} 须加密传输，但目前会以明文发出"
                    );
                    let top = !place.contains(['.', '[']);
                    let help = if top {
                        text!(
                            language,
                            "add it to `encrypt(..)`, or use `Sensitive<String>`",
                            "写入 encrypt(..)，或使用 Sensitive<String>"
                        )
                    } else {
                        text!(language, "use `Sensitive<String>`", "使用 Sensitive<String>")
                    };
                    self.findings
                        .add(Kind::PlaintextSecret, Severity::Error, file, typed.span, message, help);
                }
            },
            // What encrypts inside an object or a list is looked at there.
            (false, true) if matches!(schema.kind, JsonKind::Any | JsonKind::Array) && !encrypted => {}
            (false, true) if self.secrets_are_unsure => {}
            (false, true) => {
                let message = text!(
                    language,
                    "`{place}` is not encrypted on the wire; the service would use the ciphertext as the value",
                    "{place} 不需要加密，微信支付会把密文当作字段值"
                );
                let help = text!(language, "send it as plain `String`", "请以普通 String 发送");
                self.findings.add(
                    Kind::NeedlessEncryption,
                    Severity::Error,
                    file,
                    typed.span,
                    message,
                    help,
                );
            }
        }
        if !wanted && schema.has_secrets() && matches!(typed.shape, Shape::Any | Shape::Map | Shape::Unknown(_)) {
            let message = text!(
                language,
                "not checked: `{place}` has values that are encrypted on the wire, but its type is unknown",
                "未检查：{place} 内有须加密的字段，但其类型无法看出是否加密"
            );
            self.findings.note(file, typed.span, message);
        }
    }

    fn wrong_type(&mut self, schema: &Schema, typed: &Typed, place: &str, file: FileId) {
        let language = self.language();
        let (message, help) = mismatch(schema, &typed.shape, place, language);
        self.findings
            .add(Kind::WrongType, Severity::Error, file, typed.span, message, help);
    }
}

fn has_secret(shape: &Shape) -> bool {
    match shape {
        Shape::Secret => true,
        Shape::List(item) => has_secret(&item.shape),
        _ => false,
    }
}
