//! Checks one declaration: its operation, the places of its fields, and what must be there.

use super::compare::Compare;
use super::finding::{Finding, Kind, Severity};
use super::{Report, response, silence};
use crate::language::{Language, text};
use crate::near::nearest;
use crate::rust::attribute::{Arguments, FilePart, Place, flattened, last_is};
use crate::rust::collect::ATTRIBUTE;
use crate::rust::fields::{Field, Fields};
use crate::rust::resolve::Named;
use crate::rust::serde::Way;
use crate::rust::shape::{Context, Generics, Shape};
use crate::rust::source::{FileId, Item, ItemId, ItemKind, Source, Unread, UnreadReason};
use crate::select::near_path;
use proc_macro2::Span;
use std::rc::Rc;
use syn::{ItemStruct, Meta};
use wechatpay_catalogue::description::{
    Algorithm, Body, Description, Kind as JsonKind, Method, Operation, Place as Described, Property, Schema, Upload,
};

/// Collects the findings of one declaration.
pub(super) struct Findings<'a> {
    pub(super) source: &'a Source,
    pub(super) language: Language,
    pub(super) report: &'a mut Report,
    /// The declaration's file and first line, where a comment silences findings of the whole.
    file: FileId,
    first_line: usize,
    operation: String,
    /// Declarations in test code are often made up, so what is found there is only worth a note.
    lenient: bool,
}

impl Findings<'_> {
    /// Adds a finding about something in `file`.
    pub(super) fn add(
        &mut self,
        kind: Kind,
        severity: Severity,
        file: FileId,
        span: Span,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let at = span.start();
        let about_the_whole = matches!(
            kind,
            Kind::UnknownOperation | Kind::MissingField | Kind::MissingIdempotent | Kind::NeedlessIdempotent | Kind::WrongResponse
        );
        let lines = |file: FileId| self.source.files.get(file).map(|file| file.lines.as_slice()).unwrap_or_default();
        if silence::is_allowed(lines(file), at.line, kind)
            || (about_the_whole && silence::is_allowed(lines(self.file), self.first_line, kind))
        {
            return;
        }
        let severity = if self.lenient { Severity::Note } else { severity };
        self.push(Some(kind), severity, file, span, message.into(), help.into());
    }

    /// Adds a note about something that cannot be checked.
    pub(super) fn note(&mut self, file: FileId, span: Span, message: impl Into<String>) {
        self.push(None, Severity::Note, file, span, message.into(), String::new());
    }

    fn push(&mut self, kind: Option<Kind>, severity: Severity, file: FileId, span: Span, message: String, help: String) {
        let at = span.start();
        let path = self.source.files.get(file).map(|file| file.path.clone()).unwrap_or_default();
        self.report.findings.push(Finding {
            kind,
            severity,
            file: path,
            line: at.line,
            column: at.column + 1,
            operation: self.operation.clone(),
            message,
            help,
        });
    }
}

/// Checks the declaration `id`.
pub(super) fn check(
    source: &Source,
    description: &Description,
    id: ItemId,
    strict: bool,
    language: Language,
    report: &mut Report,
) {
    let Some(item) = source.item(id) else { return };
    let ItemKind::Struct(declared) = &item.kind else { return };
    let file = source.file_of(item);
    let Some((arguments, attribute)) = arguments(source, item, declared) else { return };
    let arguments = match arguments {
        Ok(arguments) => arguments,
        Err(error) => {
            let at = error.span().start();
            // The compiler reports it too. Here it only means that this declaration is not checked.
            let unread = Unread { file, line: at.line, column: at.column + 1, reason: UnreadReason::Attribute(error.to_string()) };
            return report_unread(source, &unread, language, report);
        }
    };
    report.declarations += 1;
    let lenient = item.test && !strict;
    let mut findings = Findings {
        source,
        language,
        report,
        file,
        first_line: attribute.start().line,
        operation: format!("{} {}", arguments.method, arguments.path.value()),
        lenient,
    };
    let Some(operation) = described(description, &arguments, file, &mut findings) else { return };
    if let Some(title) = &operation.title {
        findings.operation.push_str(&format!(" {title}"));
    }
    let context = Context::new(source, item.scope, Way::Serialize);
    let fields = context.fields(id, &Rc::new(Generics::new()));
    let declaration = Declaration { operation, arguments: &arguments, declared, file, fields: &fields };
    declaration.request(&context, &mut findings);
    declaration.retry(&mut findings);
    let context = Context::new(source, item.scope, Way::Deserialize);
    response::check(operation, arguments.response.as_ref(), attribute, &context, file, &mut findings);
}

fn report_unread(source: &Source, unread: &Unread, language: Language, report: &mut Report) {
    let Some(file) = source.files.get(unread.file) else { return };
    let UnreadReason::Attribute(words) = &unread.reason else { return };
    report.findings.push(Finding {
        kind: None,
        severity: Severity::Note,
        file: file.path.clone(),
        line: unread.line,
        column: unread.column,
        operation: String::new(),
        message: text!(language, "not checked: the attribute cannot be read: {words}", "未检查：属性无法解析：{words}"),
        help: String::new(),
    });
}

/// The arguments of our attribute, and where it stands.
fn arguments(source: &Source, item: &Item, declared: &ItemStruct) -> Option<(syn::Result<Arguments>, Span)> {
    use syn::spanned::Spanned as _;
    let metas = flattened(&declared.attrs);
    let ours = |meta: &&Meta| {
        last_is(meta, ATTRIBUTE)
            || meta.path().get_ident().is_some_and(|name| {
                source.resolve(item.scope, &[name.to_string()]) == Some(Named::Elsewhere(ATTRIBUTE.to_owned()))
            })
    };
    let meta = metas.iter().find(ours)?;
    let span = meta.span();
    let arguments = match meta {
        Meta::List(list) => list.parse_args(),
        _ => Err(syn::Error::new(span, "it has no arguments")),
    };
    Some((arguments, span))
}

/// The operation that a declaration means.
fn described<'a>(
    description: &'a Description,
    arguments: &Arguments,
    file: FileId,
    findings: &mut Findings<'_>,
) -> Option<&'a Operation> {
    let language = findings.language;
    let path = arguments.path.value();
    let found = Method::parse(&arguments.method.to_string())
        .and_then(|method| description.find(method, &path).or_else(|| description.route(method, &path)));
    if let Some(summary) = found {
        return match summary.operation() {
            Ok(operation) => Some(operation),
            Err(error) => {
                findings.note(file, arguments.path.span(), error.to_string());
                None
            }
        };
    }
    let method = &arguments.method;
    let others = description.resolve(&path);
    let (span, message, help) = if others.is_empty() {
        let near = near_path(description, &path);
        let help = match near {
            Some(near) => text!(language, "did you mean `{near}`?", "是否应为 {near}？"),
            None => text!(
                language,
                "if the operation is newer than this tool, update the tool, or allow it by a comment",
                "若该接口晚于本工具发布，请升级工具，或用注释忽略"
            ),
        };
        (arguments.path.span(), text!(language, "`{path}` is not described", "没有描述 {path} 这个路径"), help)
    } else {
        let methods: Vec<&str> = others.iter().map(|summary| summary.method.as_str()).collect();
        let methods = methods.join(language.pick(", ", "、"));
        (
            method.span(),
            text!(language, "`{path}` has no method `{method}`", "{path} 没有请求方法 {method}"),
            text!(language, "it has {methods}", "可用的请求方法：{methods}"),
        )
    };
    findings.add(Kind::UnknownOperation, Severity::Error, file, span, message, help);
    None
}

struct Declaration<'a> {
    operation: &'a Operation,
    arguments: &'a Arguments,
    declared: &'a ItemStruct,
    file: FileId,
    fields: &'a Fields,
}

impl Declaration<'_> {
    fn request(&self, context: &Context<'_>, findings: &mut Findings<'_>) {
        let fields = self.fields;
        let path = self.arguments.path.value();
        let placeholders: Vec<&str> = path.split('/').filter_map(placeholder).collect();
        let (mut payload, mut query, mut headers, mut forms) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let (mut whole, mut file) = (None, None);
        for field in &fields.list {
            match &field.place {
                Place::Payload if placeholders.contains(&field.name.as_str()) => {}
                Place::Path(_) => {}
                Place::Payload => payload.push(field),
                Place::Query => query.push(field),
                Place::Header(_) => headers.push(field),
                Place::Body => whole = Some(field),
                Place::Form => forms.push(field),
                Place::File(part) => file = Some((field, part)),
            }
        }
        let mut compare = Compare::new(context, &self.encrypted(), self.operation, findings);
        let has_body = self.arguments.method != "GET";
        if !has_body {
            query.append(&mut payload);
        }
        self.query(&mut compare, &query, fields.open && !has_body);
        self.headers(&mut compare, &headers);
        if has_body {
            self.body(&mut compare, &payload, fields.open, whole, file, &forms);
        }
    }

    fn encrypted(&self) -> Vec<String> {
        self.arguments.encrypted.iter().map(|name| name.to_string().trim_start_matches("r#").to_owned()).collect()
    }

    fn query(&self, compare: &mut Compare<'_, '_>, fields: &[&Field], open: bool) {
        let language = compare.language();
        for field in fields {
            match self.operation.parameters_in(Described::Query).find(|parameter| parameter.name == field.wire) {
                Some(parameter) => compare.query_value(&parameter.schema, field),
                None => {
                    let in_body = self.body_properties().iter().any(|property| property.name == field.wire);
                    if in_body && field.place == Place::Query {
                        let name = &field.wire;
                        compare.field_finding(
                            Kind::WrongPlace,
                            field,
                            text!(language, "`{name}` belongs into the body, not into the query", "{name} 应放在请求体，而不是查询参数"),
                            text!(language, "remove `#[wechatpay(query)]`", "去掉 #[wechatpay(query)]"),
                        );
                    } else {
                        let known = self.operation.parameters_in(Described::Query).map(|parameter| parameter.name.as_str());
                        unknown_field(compare, field, known.collect());
                    }
                }
            }
        }
        for parameter in self.operation.parameters_in(Described::Query) {
            let there = fields.iter().any(|field| field.wire == parameter.name);
            // What goes to another place is reported there.
            if parameter.required && !there && !open && !self.fields.has(&parameter.name) {
                self.missing(compare, &parameter.name, &parameter.schema, "", self.arguments.method != "GET");
            }
        }
    }

    fn headers(&self, compare: &mut Compare<'_, '_>, fields: &[&Field]) {
        let named = |field: &Field, name: &str| matches!(&field.place, Place::Header(header) if header.eq_ignore_ascii_case(name));
        for parameter in self.operation.parameters_in(Described::Header) {
            // What the client sends by itself.
            let by_client = ["accept", "accept-encoding", "authorization", "content-type", "user-agent", "wechatpay-serial"];
            let sent = by_client.iter().any(|name| parameter.name.eq_ignore_ascii_case(name));
            if parameter.required && !sent && !fields.iter().any(|field| named(field, &parameter.name)) {
                let language = compare.language();
                let name = &parameter.name;
                let message = text!(language, "the required header `{name}` is not declared", "缺少必填请求头 {name}");
                let help = text!(language, "add a field with `#[wechatpay(header = \"{name}\")]`", "增加字段并标注 #[wechatpay(header = \"{name}\")]");
                compare.findings.add(Kind::MissingField, Severity::Error, self.file, self.declared.ident.span(), message, help);
            }
        }
    }

    fn body_properties(&self) -> &[Property] {
        self.operation.payload().map(|schema| schema.properties.as_slice()).unwrap_or_default()
    }

    fn body(
        &self,
        compare: &mut Compare<'_, '_>,
        payload: &[&Field],
        open: bool,
        whole: Option<&Field>,
        file: Option<(&Field, &FilePart)>,
        forms: &[&Field],
    ) {
        let language = compare.language();
        let upload = match &self.operation.body {
            Some(Body::Upload(upload)) => Some(upload),
            _ => None,
        };
        match (upload, file) {
            (None, Some((field, _))) => compare.field_finding(
                Kind::WrongPlace,
                field,
                text!(language, "the operation takes JSON, not an upload", "该接口接收 JSON，不接收文件"),
                "",
            ),
            (Some(upload), None) => {
                let file = &upload.file;
                let message = text!(language, "the operation is an upload, and no field is its file", "该接口是文件上传，但没有声明文件字段");
                let help = text!(language, "add `#[wechatpay(file)] pub {file}: Upload`", "增加字段 #[wechatpay(file)] pub {file}: Upload");
                compare.findings.add(Kind::MissingField, Severity::Error, self.file, self.declared.ident.span(), message, help);
            }
            (Some(upload), Some((field, part))) => file_part(compare, upload, field, part),
            (None, None) => {}
        }
        if let Some(field) = whole {
            if let Some(schema) = self.operation.payload() {
                compare.value(schema, &field.typed, &field.wire, field.file, false);
            }
            return;
        }
        let Some(schema) = self.operation.payload() else {
            for field in payload {
                self.misplaced_or_unknown(compare, field, &[]);
            }
            return;
        };
        if schema.kind != JsonKind::Object {
            return;
        }
        let filled: Vec<&str> = upload
            .map(|upload| [&upload.filename, &upload.digest].into_iter().flatten().map(String::as_str).collect())
            .unwrap_or_default();
        for field in payload {
            match schema.property(&field.wire) {
                Some(property) => compare.property(property, field, ""),
                None if schema.properties.is_empty() => {}
                None => self.misplaced_or_unknown(compare, field, &schema.properties),
            }
        }
        for property in &schema.properties {
            let there = payload.iter().any(|field| field.wire == property.name);
            // What goes to another place is reported there.
            let elsewhere = self.fields.is_moved(&property.name);
            if property.required && !there && !open && !elsewhere && !filled.contains(&property.name.as_str()) {
                self.missing(compare, &property.name, &property.schema, "", false);
            }
        }
        if let Some(upload) = upload {
            for field in forms {
                match upload.form.iter().find(|part| part.name == field.wire) {
                    Some(part) => compare.query_value(&part.schema, field),
                    None => unknown_field(compare, field, upload.form.iter().map(|part| part.name.as_str()).collect()),
                }
            }
            for part in upload.form.iter().filter(|part| part.required) {
                if !forms.iter().any(|field| field.wire == part.name) {
                    self.missing(compare, &part.name, &part.schema, "form", false);
                }
            }
        }
    }

    fn misplaced_or_unknown(&self, compare: &mut Compare<'_, '_>, field: &Field, properties: &[Property]) {
        let language = compare.language();
        let name = &field.wire;
        let parameter = self.operation.parameters.iter().find(|parameter| parameter.name == *name);
        match parameter.map(|parameter| parameter.place) {
            Some(Described::Query) => compare.field_finding(
                Kind::WrongPlace,
                field,
                text!(language, "`{name}` belongs into the query, not into the body", "{name} 应放在查询参数，而不是请求体"),
                text!(language, "mark it `#[wechatpay(query)]`", "标注 #[wechatpay(query)]"),
            ),
            Some(Described::Header) => compare.field_finding(
                Kind::WrongPlace,
                field,
                text!(language, "`{name}` is a header, not part of the body", "{name} 是请求头，不属于请求体"),
                text!(language, "mark it `#[wechatpay(header = \"{name}\")]`", "标注 #[wechatpay(header = \"{name}\")]"),
            ),
            _ => {
                let form = match &self.operation.body {
                    Some(Body::Upload(upload)) => upload.form.iter().any(|part| part.name == *name),
                    _ => false,
                };
                if form {
                    compare.field_finding(
                        Kind::WrongPlace,
                        field,
                        text!(language, "`{name}` is a text part of the upload, not a member of `meta`", "{name} 是上传的文本部分，不属于 meta"),
                        text!(language, "mark it `#[wechatpay(form)]`", "标注 #[wechatpay(form)]"),
                    );
                } else {
                    unknown_field(compare, field, properties.iter().map(|property| property.name.as_str()).collect());
                }
            }
        }
    }

    fn missing(&self, compare: &mut Compare<'_, '_>, name: &str, schema: &Schema, place: &str, in_query: bool) {
        let language = compare.language();
        let title = schema.title.as_deref().map(|title| format!(" ({title})")).unwrap_or_default();
        let struct_name = &self.declared.ident;
        let message = text!(
            language,
            "`{struct_name}` lacks the required field `{name}`{title}",
            "{struct_name} 缺少必填字段 {name}{title}"
        );
        let kind = rust_type(schema);
        let attribute = match (place, in_query) {
            ("form", _) => "#[wechatpay(form)] ",
            (_, true) => "#[wechatpay(query)] ",
            _ => "",
        };
        let help = text!(language, "add `{attribute}{name}: {kind}`", "增加字段 {attribute}{name}: {kind}");
        compare.findings.add(Kind::MissingField, Severity::Error, self.file, self.declared.ident.span(), message, help);
    }

    fn retry(&self, findings: &mut Findings<'_>) {
        let language = findings.language;
        if self.arguments.method == "GET" {
            return;
        }
        match (&self.operation.idempotent, self.arguments.idempotent) {
            (Some(number), None) => {
                let message = text!(
                    language,
                    "the service recognises a retry by `{number}`, but the declaration is not `idempotent`",
                    "微信支付按 {number} 识别重试，但声明没有写 idempotent"
                );
                let help = text!(
                    language,
                    "add `idempotent` to the attribute, so that the client retries after a fault",
                    "在属性中加上 idempotent，故障后客户端会自动重试"
                );
                findings.add(Kind::MissingIdempotent, Severity::Error, self.file, self.arguments.path.span(), message, help);
            }
            (None, Some(span)) if !self.may_have_number() => {
                let message = text!(
                    language,
                    "nothing in this request lets the service recognise a retry",
                    "该请求中没有可供识别重试的单号"
                );
                let help = text!(
                    language,
                    "remove `idempotent`, or the operation may be executed twice",
                    "去掉 idempotent，否则可能重复执行"
                );
                findings.add(Kind::NeedlessIdempotent, Severity::Warning, self.file, span, message, help);
            }
            _ => {}
        }
    }

    /// Whether a field of the request could be the number by which a retry is recognised. `PUT` and `DELETE` say by
    /// themselves what they act on.
    fn may_have_number(&self) -> bool {
        let mut found = matches!(self.operation.method, Method::Put | Method::Delete);
        self.operation.walk_request(&mut |place, _| {
            let name = place.rsplit('.').next().unwrap_or(place).to_ascii_lowercase();
            found |= name.starts_with("out_") || name.contains("request_no") || name.contains("idempotency");
            found |= name.ends_with("_no") || name.ends_with("_id") || name.ends_with("_code");
        });
        found
    }
}

fn placeholder(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}

fn unknown_field(compare: &mut Compare<'_, '_>, field: &Field, known: Vec<&str>) {
    let language = compare.language();
    let name = &field.wire;
    let message = text!(language, "the operation has no field `{name}`", "该接口没有字段 {name}");
    let help = match nearest(name, known) {
        Some(near) => text!(language, "did you mean `{near}`?", "是否应为 {near}？"),
        None => text!(language, "remove it", "请删除"),
    };
    compare.field_finding(Kind::UnknownField, field, message, help);
}

fn file_part(compare: &mut Compare<'_, '_>, upload: &Upload, field: &Field, part: &FilePart) {
    let language = compare.language();
    let mut wrong = |is_right: bool, message: String, help: String| {
        if !is_right {
            compare.field_finding(Kind::WrongPlace, field, message, help);
        }
    };
    let (wanted, name) = (&upload.file, part.name.as_deref().unwrap_or(&field.wire));
    wrong(
        name == wanted,
        text!(language, "the file is the part `{wanted}`, not `{name}`", "文件应放在 {wanted} 部分，而不是 {name}"),
        text!(language, "write `#[wechatpay(file = \"{wanted}\")]`", "写作 #[wechatpay(file = \"{wanted}\")]"),
    );
    let quoted = upload.filename.as_ref().map_or_else(|| "none".to_owned(), |name| format!("\"{name}\""));
    let (wanted, name) = (upload.filename.as_deref().unwrap_or("none"), part.filename.as_deref().unwrap_or("none"));
    wrong(
        upload.filename == part.filename,
        text!(language, "`meta` holds the file's name as `{wanted}`, not as `{name}`", "meta 中文件名的字段是 {wanted}，而不是 {name}"),
        text!(language, "write `filename = {quoted}`", "写作 filename = {quoted}"),
    );
    if let Some(wanted) = &upload.digest {
        let name = &part.digest;
        wrong(
            wanted == name,
            text!(language, "`meta` holds the digest as `{wanted}`, not as `{name}`", "meta 中摘要的字段是 {wanted}，而不是 {name}"),
            text!(language, "write `digest = \"{wanted}\"`", "写作 digest = \"{wanted}\""),
        );
    }
    let wanted = upload.algorithm.as_str();
    wrong(
        part.sm3 == (upload.algorithm == Algorithm::Sm3),
        text!(language, "the digest of the file is {wanted}", "文件摘要算法为 {wanted}"),
        text!(language, "set `algorithm`", "请设置 algorithm"),
    );
}

/// The type that a person would declare.
pub(super) fn rust_type(schema: &Schema) -> String {
    match schema.kind {
        JsonKind::String if schema.sensitive => "Sensitive<String>".to_owned(),
        JsonKind::String => "String".to_owned(),
        JsonKind::Boolean => "bool".to_owned(),
        JsonKind::Integer => "i64".to_owned(),
        JsonKind::Number if schema.is_whole() => "i64".to_owned(),
        JsonKind::Number => "f64".to_owned(),
        JsonKind::Array => format!("Vec<{}>", schema.items.as_deref().map_or_else(|| "..".to_owned(), rust_type)),
        JsonKind::Object => "..".to_owned(),
        JsonKind::Any => "serde_json::Value".to_owned(),
    }
}

/// Whether a shape is known well enough to be compared.
pub(super) fn is_known(shape: &Shape) -> bool {
    !matches!(shape, Shape::Unknown(_) | Shape::Any | Shape::Map)
}
