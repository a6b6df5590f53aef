//! Checks the request of a declaration: the places of its fields, and what must be there.

use super::compare::Compare;
use super::finding::{Kind, Severity};
use super::findings::Findings;
use super::fit::rust_type;
use crate::language::text;
use crate::near::nearest;
use crate::rust::attribute::{Arguments, FilePart, Place};
use crate::rust::fields::{Field, Fields};
use crate::rust::shape::Context;
use crate::rust::source::FileId;
use syn::ItemStruct;
use wechatpay_catalogue::description::{
    Algorithm, Body, Kind as JsonKind, Method, Operation, Place as Described, Property, Schema, Upload,
};

/// A declaration and its operation.
pub(super) struct Declaration<'a> {
    pub(super) operation: &'a Operation,
    pub(super) arguments: &'a Arguments,
    pub(super) declared: &'a ItemStruct,
    pub(super) file: FileId,
    pub(super) fields: &'a Fields,
}

impl Declaration<'_> {
    pub(super) fn request(&self, context: &Context<'_>, findings: &mut Findings<'_>) {
        let fields = self.fields;
        let path = self.arguments.path.value();
        let placeholders: Vec<&str> = path.split('/').filter_map(placeholder).collect();
        let (mut payload, mut query, mut headers, mut forms) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let (mut whole, mut file) = (None, None);
        for field in &fields.list {
            match &field.place {
                Place::Payload if placeholders.contains(&field.name.as_str()) => {}
                Place::Path(_) | Place::Unknown => {}
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
        self.arguments
            .encrypted
            .iter()
            .map(|name| name.to_string().trim_start_matches("r#").to_owned())
            .collect()
    }

    fn query(&self, compare: &mut Compare<'_, '_>, fields: &[&Field], open: bool) {
        let language = compare.language();
        for field in fields {
            match self
                .operation
                .parameters_in(Described::Query)
                .find(|parameter| parameter.name == field.wire)
            {
                Some(parameter) => compare.query_value(&parameter.schema, field),
                None => {
                    let in_body = self
                        .body_properties()
                        .iter()
                        .any(|property| property.name == field.wire);
                    if in_body && field.place == Place::Query {
                        let name = &field.wire;
                        compare.field_finding(
                            Kind::WrongPlace,
                            field,
                            text!(
                                language,
                                "`{name}` belongs into the body, not into the query",
                                "{name} 应放在请求体，而不是查询参数"
                            ),
                            text!(language, "remove `#[wechatpay(query)]`", "去掉 #[wechatpay(query)]"),
                        );
                    } else {
                        let known = self
                            .operation
                            .parameters_in(Described::Query)
                            .map(|parameter| parameter.name.as_str());
                        unknown_field(compare, field, known.collect());
                    }
                }
            }
        }
        for parameter in self.operation.parameters_in(Described::Query) {
            let there = fields.iter().any(|field| field.wire == parameter.name);
            // A field in another place is reported there.
            if parameter.required && !there && !open && !self.fields.has(&parameter.name) {
                self.missing(
                    compare,
                    &parameter.name,
                    &parameter.schema,
                    "",
                    self.arguments.method != "GET",
                );
            }
        }
    }

    fn headers(&self, compare: &mut Compare<'_, '_>, fields: &[&Field]) {
        let named = |field: &Field, name: &str| matches!(&field.place, Place::Header(header) if header.eq_ignore_ascii_case(name));
        for parameter in self.operation.parameters_in(Described::Header) {
            // What the client sends by itself.
            let by_client = [
                "accept",
                "accept-encoding",
                "authorization",
                "content-type",
                "user-agent",
                "wechatpay-serial",
            ];
            let sent = by_client.iter().any(|name| parameter.name.eq_ignore_ascii_case(name));
            if parameter.required && !sent && !fields.iter().any(|field| named(field, &parameter.name)) {
                let language = compare.language();
                let name = &parameter.name;
                let message = text!(
                    language,
                    "the required header `{name}` is not declared",
                    "缺少必填请求头 {name}"
                );
                let help = text!(
                    language,
                    "add a field with `#[wechatpay(header = \"{name}\")]`",
                    "增加字段并标注 #[wechatpay(header = \"{name}\")]"
                );
                compare.findings.add(
                    Kind::MissingField,
                    Severity::Error,
                    self.file,
                    self.declared.ident.span(),
                    message,
                    help,
                );
            }
        }
    }

    fn body_properties(&self) -> &[Property] {
        self.operation
            .payload()
            .map(|schema| schema.properties.as_slice())
            .unwrap_or_default()
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
                text!(
                    language,
                    "the operation expects JSON, not an upload",
                    "该接口接收 JSON，不接收文件"
                ),
                "",
            ),
            (Some(upload), None) => {
                let file = &upload.file;
                let message = text!(
                    language,
                    "the operation is an upload, and no field is its file",
                    "该接口是文件上传，但没有声明文件字段"
                );
                let help = text!(
                    language,
                    "add `#[wechatpay(file)] pub {file}: Upload`",
                    "增加字段 #[wechatpay(file)] pub {file}: Upload"
                );
                compare.findings.add(
                    Kind::MissingField,
                    Severity::Error,
                    self.file,
                    self.declared.ident.span(),
                    message,
                    help,
                );
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
            .map(|upload| {
                [&upload.filename, &upload.digest]
                    .into_iter()
                    .flatten()
                    .map(String::as_str)
                    .collect()
            })
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
            // A field in another place is reported there.
            let elsewhere = self.fields.is_moved(&property.name);
            if property.required && !there && !open && !elsewhere && !filled.contains(&property.name.as_str()) {
                self.missing(compare, &property.name, &property.schema, "", false);
            }
        }
        if let Some(upload) = upload {
            for field in forms {
                match upload.form.iter().find(|part| part.name == field.wire) {
                    Some(part) => compare.query_value(&part.schema, field),
                    None => unknown_field(
                        compare,
                        field,
                        upload.form.iter().map(|part| part.name.as_str()).collect(),
                    ),
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
        let parameter = self
            .operation
            .parameters
            .iter()
            .find(|parameter| parameter.name == *name);
        match parameter.map(|parameter| parameter.place) {
            Some(Described::Query) => compare.field_finding(
                Kind::WrongPlace,
                field,
                text!(
                    language,
                    "`{name}` belongs into the query, not into the body",
                    "{name} 应放在查询参数，而不是请求体"
                ),
                text!(language, "mark it `#[wechatpay(query)]`", "标注 #[wechatpay(query)]"),
            ),
            Some(Described::Header) => compare.field_finding(
                Kind::WrongPlace,
                field,
                text!(
                    language,
                    "`{name}` is a header, not part of the body",
                    "{name} 是请求头，不属于请求体"
                ),
                text!(
                    language,
                    "mark it `#[wechatpay(header = \"{name}\")]`",
                    "标注 #[wechatpay(header = \"{name}\")]"
                ),
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
                        text!(
                            language,
                            "`{name}` is a text part of the upload, not a member of `meta`",
                            "{name} 是上传的文本部分，不属于 meta"
                        ),
                        text!(language, "mark it `#[wechatpay(form)]`", "标注 #[wechatpay(form)]"),
                    );
                } else {
                    unknown_field(
                        compare,
                        field,
                        properties.iter().map(|property| property.name.as_str()).collect(),
                    );
                }
            }
        }
    }

    fn missing(&self, compare: &mut Compare<'_, '_>, name: &str, schema: &Schema, place: &str, in_query: bool) {
        let language = compare.language();
        let title = schema
            .title
            .as_deref()
            .map(|title| format!(" ({title})"))
            .unwrap_or_default();
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
        let help = text!(
            language,
            "add `{attribute}{name}: {kind}`",
            "增加字段 {attribute}{name}: {kind}"
        );
        compare.findings.add(
            Kind::MissingField,
            Severity::Error,
            self.file,
            self.declared.ident.span(),
            message,
            help,
        );
    }

    pub(super) fn retry(&self, findings: &mut Findings<'_>) {
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
                findings.add(
                    Kind::MissingIdempotent,
                    Severity::Error,
                    self.file,
                    self.arguments.path.span(),
                    message,
                    help,
                );
            }
            (None, Some(span)) if !self.may_have_number() => {
                let message = text!(
                    language,
                    "no field of this request lets the service recognise a retry",
                    "该请求中没有可供识别重试的单号"
                );
                let help = text!(
                    language,
                    "remove `idempotent`, or the operation may be executed twice",
                    "去掉 idempotent，否则可能重复执行"
                );
                findings.add(
                    Kind::NeedlessIdempotent,
                    Severity::Warning,
                    self.file,
                    span,
                    message,
                    help,
                );
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
        text!(
            language,
            "the file is the part `{wanted}`, not `{name}`",
            "文件应放在 {wanted} 部分，而不是 {name}"
        ),
        text!(
            language,
            "write `#[wechatpay(file = \"{wanted}\")]`",
            "写作 #[wechatpay(file = \"{wanted}\")]"
        ),
    );
    let quoted = upload
        .filename
        .as_ref()
        .map_or_else(|| "none".to_owned(), |name| format!("\"{name}\""));
    let (wanted, name) = (
        upload.filename.as_deref().unwrap_or("none"),
        part.filename.as_deref().unwrap_or("none"),
    );
    wrong(
        upload.filename == part.filename,
        text!(
            language,
            "`meta` holds the file's name as `{wanted}`, not as `{name}`",
            "meta 中文件名的字段是 {wanted}，而不是 {name}"
        ),
        text!(language, "write `filename = {quoted}`", "写作 filename = {quoted}"),
    );
    if let Some(wanted) = &upload.digest {
        let name = &part.digest;
        wrong(
            wanted == name,
            text!(
                language,
                "`meta` holds the digest as `{wanted}`, not as `{name}`",
                "meta 中摘要的字段是 {wanted}，而不是 {name}"
            ),
            text!(language, "write `digest = \"{wanted}\"`", "写作 digest = \"{wanted}\""),
        );
    }
    let wanted = upload.algorithm.as_str();
    wrong(
        part.sm3 == (upload.algorithm == Algorithm::Sm3),
        text!(
            language,
            "the digest of the file is {wanted}",
            "文件摘要算法为 {wanted}"
        ),
        text!(language, "set `algorithm`", "请设置 algorithm"),
    );
}
