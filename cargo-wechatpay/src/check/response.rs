//! Compares the response type with what the service sends.

use super::finding::{Kind, Severity};
use super::findings::Findings;
use super::fit::{fits, is_known, mismatch};
use crate::language::text;
use crate::near::nearest;
use crate::rust::shape::{Context, Shape, Typed};
use crate::rust::source::FileId;
use proc_macro2::Span;
use syn::Type;
use wechatpay_catalogue::description::{Content, Kind as JsonKind, Operation, Schema};

/// Checks the response type of a declaration.
pub(super) fn check(
    operation: &Operation,
    response: Option<&Type>,
    attribute: Span,
    context: &Context<'_>,
    file: FileId,
    findings: &mut Findings<'_>,
) {
    let language = findings.language;
    let typed = response.map(|kind| context.typed(kind));
    let span = typed.as_ref().map_or(attribute, |typed| typed.span);
    let shape = typed.as_ref().map(|typed| &typed.shape);
    let Some(described) = operation.response() else { return };
    let (message, help) = match (&described.content, shape) {
        // A 204 decodes as a type that can be nothing: an `Option`, a `Value`.
        (Content::Empty, Some(Shape::Unit | Shape::Unknown(_))) => return,
        (Content::Empty, None | Some(Shape::Any)) if described.status == 204 => return,
        (Content::Empty, _) if typed.as_ref().is_some_and(|typed| typed.optional) => return,
        (Content::Empty, _) => (
            text!(
                language,
                "the response has no body, and the response type needs one",
                "该接口的应答没有内容，但应答类型需要内容"
            ),
            "response = ()",
        ),
        (Content::Download(_), Some(Shape::Download | Shape::Unknown(_))) => return,
        (Content::Download(media_type), _) => (
            text!(
                language,
                "the response is a file without a signature ({media_type})",
                "该接口的应答是没有签名的文件（{media_type}）"
            ),
            "response = Download",
        ),
        (Content::Json(_), Some(Shape::Download)) => (
            text!(
                language,
                "the response is JSON, not a file",
                "该接口的应答是 JSON，不是文件"
            ),
            "response = ..",
        ),
        // `()` accepts every response.
        (Content::Json(_), Some(Shape::Unit)) => return,
        (Content::Json(schema), Some(_)) => {
            if let Some(typed) = &typed {
                Response { context, findings }.value(schema, typed, "", file);
            }
            return;
        }
        (Content::Json(_), None) => return,
    };
    let help = text!(language, "write `{help}`", "写作 {help}");
    findings.add(Kind::WrongResponse, Severity::Error, file, span, message, help);
}

struct Response<'a, 'b> {
    context: &'a Context<'a>,
    findings: &'a mut Findings<'b>,
}

impl Response<'_, '_> {
    fn value(&mut self, schema: &Schema, typed: &Typed, place: &str, file: FileId) {
        let language = self.findings.language;
        let shown = if place.is_empty() {
            language.pick("the response", "应答")
        } else {
            place
        };
        match (schema.kind, &typed.shape) {
            (JsonKind::Any, _) => {}
            (_, shape) if !is_known(shape) => {}
            (JsonKind::String, Shape::Secret) if !schema.sensitive => {
                let message = text!(
                    language,
                    "`{shown}` is not encrypted in the response, so it cannot be decrypted",
                    "应答中的 {shown} 没有加密，无法解密"
                );
                let help = text!(language, "use `String`", "使用 String");
                self.findings.add(
                    Kind::NeedlessEncryption,
                    Severity::Error,
                    file,
                    typed.span,
                    message,
                    help,
                );
            }
            (JsonKind::String, Shape::Text | Shape::ClosedText) if schema.sensitive => {
                let message = text!(
                    language,
                    "`{shown}` is encrypted in the response, and its type keeps the ciphertext",
                    "应答中的 {shown} 是加密的，当前类型得到的是密文"
                );
                let help = text!(language, "use `Sensitive<String>`", "使用 Sensitive<String>");
                self.findings.add(
                    Kind::EncryptedResponse,
                    Severity::Warning,
                    file,
                    typed.span,
                    message,
                    help,
                );
            }
            (JsonKind::String, Shape::ClosedText) if !schema.values.is_empty() => {
                let message = text!(
                    language,
                    "the service adds values to `{shown}` without notice, but the enum accepts only the listed values",
                    "微信支付会为 {shown} 新增取值，而该枚举只接受已列出的值"
                );
                let help = text!(language, "declare it by `open_enum!`", "用 open_enum! 声明");
                self.findings
                    .add(Kind::StrictResponse, Severity::Warning, file, typed.span, message, help);
            }
            (JsonKind::Array, Shape::List(item)) => {
                if let Some(items) = &schema.items {
                    self.value(items, item, &format!("{place}[]"), file);
                }
            }
            (JsonKind::Object, Shape::Object(..)) => self.object(schema, typed, place),
            (JsonKind::String, Shape::JsonText(inner)) => {
                if let Some(json) = &schema.json {
                    self.value(json, inner, place, file);
                }
            }
            // An integer decodes as a float too.
            (JsonKind::Integer | JsonKind::Number, Shape::Float) => {}
            (_, shape) if fits(schema, shape) => {}
            (_, shape) => {
                let (message, help) = mismatch(schema, shape, shown, language);
                self.findings
                    .add(Kind::WrongType, Severity::Error, file, typed.span, message, help);
            }
        }
    }

    fn object(&mut self, schema: &Schema, typed: &Typed, place: &str) {
        let Shape::Object(item, generics) = &typed.shape else {
            return;
        };
        if schema.properties.is_empty() {
            return;
        }
        let language = self.findings.language;
        let fields = self.context.fields(*item, generics);
        if fields.deny_unknown {
            let message = text!(
                language,
                "the service adds fields without notice, and `deny_unknown_fields` refuses them",
                "微信支付会新增字段，而 deny_unknown_fields 会拒绝它们"
            );
            let help = text!(language, "remove it", "请删除");
            let declared = self.context.source.item(*item);
            if let Some(declared) = declared {
                let (file, span) = (self.context.source.file_of(declared), declared.span());
                self.findings
                    .add(Kind::StrictResponse, Severity::Warning, file, span, message, help);
            }
        }
        for field in &fields.list {
            let known = |name: &str| schema.property(name);
            let found = known(&field.wire).or_else(|| field.aliases.iter().find_map(|alias| known(alias)));
            let name = if place.is_empty() {
                field.wire.clone()
            } else {
                format!("{place}.{}", field.wire)
            };
            match found {
                Some(property) => {
                    if !property.required && !field.may_lack && !is_always_there(&property.name) {
                        let message = text!(
                            language,
                            "`{name}` may be missing in the response, and its type demands it",
                            "应答中可能没有 {name}，但当前类型要求必须有"
                        );
                        let help = text!(language, "wrap it in `Option`", "改为 Option");
                        self.findings.add(
                            Kind::StrictResponse,
                            Severity::Warning,
                            field.file,
                            field.typed.span,
                            message,
                            help,
                        );
                    }
                    self.value(&property.schema, &field.typed, &name, field.file);
                }
                None => {
                    let message = text!(language, "the response has no field `{name}`", "应答没有字段 {name}");
                    let near = nearest(
                        &field.wire,
                        schema.properties.iter().map(|property| property.name.as_str()),
                    );
                    // One type for several responses has fields that some of them lack.
                    let severity = if near.is_none() && field.may_lack {
                        Severity::Note
                    } else {
                        Severity::Warning
                    };
                    let help = match near {
                        Some(near) => text!(language, "did you mean `{near}`?", "是否应为 {near}？"),
                        None if field.may_lack => text!(language, "it stays empty", "该字段始终为空"),
                        None => text!(
                            language,
                            "remove it: without it the response cannot be decoded",
                            "请删除，缺少它时应答无法解码"
                        ),
                    };
                    self.findings
                        .add(Kind::UnknownField, severity, field.file, field.span, message, help);
                }
            }
        }
    }
}

/// Numbers, ids and states are always there, although the documentation often calls them optional.
fn is_always_there(name: &str) -> bool {
    let last = name.rsplit('_').next().unwrap_or(name);
    ["id", "no", "state", "status", "url", "ticket", "token"].contains(&last)
}
