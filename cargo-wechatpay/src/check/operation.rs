//! Checks one declaration: finds its operation, and compares request and response with it.

use super::finding::{Finding, Kind, Severity};
use super::findings::Findings;
use super::report::Report;
use super::request::Declaration;
use super::response;
use crate::language::{Language, text};
use crate::rust::attribute::{Arguments, flattened, last_is};
use crate::rust::collect::ATTRIBUTE;
use crate::rust::resolve::Named;
use crate::rust::serde::Way;
use crate::rust::shape::Context;
use crate::rust::source::{FileId, Item, ItemId, ItemKind, Source, Unread, UnreadReason};
use crate::select::near_path;
use proc_macro2::Span;
use syn::{ItemStruct, Meta};
use wechatpay_catalogue::description::{Description, Method, Operation};

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
    let Some((arguments, attribute)) = arguments(source, item, declared) else {
        return;
    };
    let arguments = match arguments {
        Ok(arguments) => arguments,
        Err(error) => {
            let at = error.span().start();
            // The compiler reports it too. Here it only means that this declaration is not checked.
            let unread = Unread {
                file,
                line: at.line,
                column: at.column + 1,
                reason: UnreadReason::Attribute(error.to_string()),
            };
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
    let Some(operation) = described(description, &arguments, file, &mut findings) else {
        return;
    };
    if let Some(title) = &operation.title {
        findings.operation.push_str(&format!(" {title}"));
    }
    let context = Context::new(source, item.scope, Way::Serialize);
    let fields = context.fields(id, &context.unbound(&declared.generics));
    let declaration = Declaration {
        operation,
        arguments: &arguments,
        declared,
        file,
        fields: &fields,
    };
    declaration.request(&context, &mut findings);
    declaration.retry(&mut findings);
    let context = Context::new(source, item.scope, Way::Deserialize);
    response::check(
        operation,
        arguments.response.as_ref(),
        attribute,
        &context,
        file,
        &mut findings,
    );
}

fn report_unread(source: &Source, unread: &Unread, language: Language, report: &mut Report) {
    let Some(file) = source.files.get(unread.file) else {
        return;
    };
    let UnreadReason::Attribute(words) = &unread.reason else {
        return;
    };
    report.findings.push(Finding {
        kind: None,
        severity: Severity::Note,
        file: file.path.clone(),
        line: unread.line,
        column: unread.column,
        operation: String::new(),
        message: text!(
            language,
            "not checked: the attribute cannot be read: {words}",
            "未检查：属性无法解析：{words}"
        ),
        help: String::new(),
    });
}

/// The arguments of the attribute, and its position.
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
    let found = Method::parse(&arguments.method.to_string()).and_then(|method| {
        description
            .find(method, &path)
            .or_else(|| description.route(method, &path))
    });
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
        (
            arguments.path.span(),
            text!(language, "`{path}` is not described", "没有描述 {path} 这个路径"),
            help,
        )
    } else {
        let methods: Vec<&str> = others.iter().map(|summary| summary.method.as_str()).collect();
        let methods = methods.join(language.pick(", ", "、"));
        (
            method.span(),
            text!(
                language,
                "`{path}` has no method `{method}`",
                "{path} 没有请求方法 {method}"
            ),
            text!(language, "it has {methods}", "可用的请求方法：{methods}"),
        )
    };
    findings.add(Kind::UnknownOperation, Severity::Error, file, span, message, help);
    None
}
