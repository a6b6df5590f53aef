//! `call`: sends a described operation.

use super::arguments::words;
use super::explain;
use crate::call::capture::{Capture, Captured};
use crate::call::given::{Given, body_schema};
use crate::call::masked::masked;
use crate::call::validate;
use crate::call::wire::{Query, Wire};
use crate::failure::Failure;
use crate::language::{Language, text};
use crate::select;
use crate::terminal::{BOLD, DIM, ERROR, GOOD, NAME, Terminal, WARNING, one_line};
use clap::ArgMatches;
use serde_json::{Map, Value};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::PoisonError;
use wechatpay_catalogue::description::{Algorithm, Body, Content, Description, Operation, Place, Schema};
use wechatpay_core::call::Response;
use wechatpay_core::transport::HttpTransport;
use wechatpay_core::{
    Client, ClientBuilder, Download, Error, Method, Outcome, RetryPolicy, Upload,
    endpoint::{DigestAlgorithm, FileFields},
};

pub(super) fn run(matches: &ArgMatches, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    let language = terminal.language;
    let words = words(matches, "operation");
    let summary = select::one(Description::embedded(), &words, language)?;
    let operation = summary.operation().map_err(|error| Failure::new(error.to_string()))?;
    let given = Given::read(matches, &words, operation, terminal.input, language)?;
    check(operation, &given, matches.get_flag("unchecked"), terminal)?;
    let upload = given.file.as_deref().map(read_upload).transpose()?;
    let call = Call {
        operation,
        given: &given,
        upload: upload.as_ref(),
        body_schema: body_schema(operation),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(error.to_string()))?;
    if matches.get_flag("dry-run") {
        return runtime.block_on(dry_run(&call, terminal));
    }
    let client = Client::from_env().map_err(|error| failed(&error, language))?;
    if operation.method.as_str() != "GET" {
        call.show(terminal)?;
        if !matches.get_flag("yes") {
            confirm(&given, terminal)?;
        }
    }
    let out = matches.get_one::<PathBuf>("out").map(PathBuf::as_path);
    runtime.block_on(send(&call, &client, out, matches.get_flag("decrypt"), terminal))
}

fn check(operation: &Operation, given: &Given, unchecked: bool, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    let language = terminal.language;
    let problems = validate::problems(operation, given, language);
    if problems.is_empty() {
        return Ok(());
    }
    let list: String = problems
        .iter()
        .map(|problem| format!("\n  {}", one_line(problem)))
        .collect();
    if unchecked {
        let label = language.pick("warning", "警告");
        let text = language.pick("the request does not match the description:", "请求与接口描述不符：");
        writeln!(terminal.notes, "{WARNING}{label}{WARNING:#}: {text}{list}")?;
        return Ok(());
    }
    let hint = language.pick(
        "fix it, or send it unchanged with --unchecked; nothing was sent",
        "请修正，或加 --unchecked 按原样发送；目前没有发送任何内容",
    );
    Err(Failure::new(text!(
        language,
        "the request does not match the description:{list}\n{hint}",
        "请求与接口描述不符：{list}\n{hint}"
    )))
}

fn read_upload(path: &Path) -> Result<Upload, Failure> {
    let bytes = std::fs::read(path).map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
    let name = path
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    Ok(Upload::new(name, bytes))
}

/// A call, ready to be shown and to be sent.
struct Call<'a> {
    operation: &'a Operation,
    given: &'a Given,
    upload: Option<&'a Upload>,
    body_schema: Option<Schema>,
}

impl Call<'_> {
    /// What will be sent, with secrets masked.
    fn show(&self, terminal: &mut Terminal<'_>) -> io::Result<()> {
        let language = terminal.language;
        let operation = self.operation;
        let title = operation.title.as_deref().unwrap_or_default();
        writeln!(
            terminal.notes,
            "{BOLD}{}{BOLD:#} {NAME}{}{NAME:#}  {title}",
            operation.method, operation.path
        )?;
        for (name, value) in &self.given.path {
            writeln!(
                terminal.notes,
                "  {DIM}{}{DIM:#} {name} = {}",
                language.pick("path", "路径"),
                one_line(value)
            )?;
        }
        for (name, value) in &self.given.query {
            let schema = operation
                .parameters_in(Place::Query)
                .find(|parameter| parameter.name == *name);
            let shown = masked(schema.map(|parameter| &parameter.schema), value);
            writeln!(
                terminal.notes,
                "  {DIM}{}{DIM:#} {name} = {shown}",
                language.pick("query", "查询参数")
            )?;
        }
        for (name, value) in &self.given.headers {
            writeln!(
                terminal.notes,
                "  {DIM}{}{DIM:#} {name}: {}",
                language.pick("header", "请求头"),
                one_line(value)
            )?;
        }
        if let Some(body) = &self.given.body {
            writeln!(terminal.notes, "{:#}", masked(self.body_schema.as_ref(), body))?;
        }
        if let Some(upload) = self.upload {
            let (name, size) = (one_line(upload.file_name()), upload.bytes().len());
            let label = language.pick("file", "文件");
            let shown = text!(language, "{name}, {size} bytes", "{name}，{size} 字节");
            writeln!(terminal.notes, "  {DIM}{label}{DIM:#} {shown}")?;
        }
        Ok(())
    }
}

fn confirm(given: &Given, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    let language = terminal.language;
    if !terminal.can_ask || given.took_input {
        return Err(Failure::usage(language.pick(
            "this request is not a GET and there is no terminal to ask for confirmation; pass --yes to send it. Nothing was sent",
            "该请求不是 GET，且无法询问；加 --yes 才会发送。目前没有发送任何内容",
        )));
    }
    write!(
        terminal.notes,
        "{} ",
        language.pick("Send it? [y/N]", "确认发送？[y/N]")
    )?;
    terminal.notes.flush()?;
    let mut answer = String::new();
    terminal.input.read_line(&mut answer)?;
    if matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes" | "是") {
        return Ok(());
    }
    Err(Failure::new(language.pick("nothing was sent", "没有发送任何内容")))
}

/// Builds the request and gives it to `send`.
macro_rules! with_request {
    ($call:expr, $client:expr, |$request:ident| $send:expr) => {{
        let call: &Call<'_> = $call;
        let method = Method::from_bytes(call.operation.method.as_str().as_bytes()).unwrap_or(Method::GET);
        let query = Query {
            values: &call.given.query,
            operation: call.operation,
        };
        let empty = Value::Object(Map::new());
        let body = call.given.body.as_ref().unwrap_or(&empty);
        let body = Wire {
            value: body,
            schema: call.body_schema.as_ref(),
        };
        let mut $request = $client.request(method, call.operation.path.as_str());
        for (name, value) in &call.given.path {
            $request = $request.path(name, value);
        }
        if !call.given.query.is_empty() {
            $request = $request.query(&query);
        }
        for (name, value) in &call.given.headers {
            $request = $request.header(name, value);
        }
        if call.given.body.is_some() {
            $request = $request.json(&body);
        }
        for (name, value) in &call.given.forms {
            $request = $request.form(leaked(name), value);
        }
        if let (Some(upload), Some(Body::Upload(described))) = (call.upload, &call.operation.body) {
            $request = $request.file(leaked(&described.file), upload, file_fields(described));
        }
        if call.operation.idempotent.is_some() {
            $request = $request.idempotent();
        }
        $send
    }};
}

/// A name that lives as long as the process, which makes one call.
fn leaked(name: &str) -> &'static str {
    name.to_owned().leak()
}

fn file_fields(upload: &wechatpay_catalogue::description::Upload) -> FileFields {
    let algorithm = match upload.algorithm {
        Algorithm::Sha256 => DigestAlgorithm::Sha256,
        Algorithm::Sm3 => DigestAlgorithm::Sm3,
    };
    let filename = upload.filename.as_deref().map(leaked);
    FileFields::new(filename, upload.digest.as_deref().map_or("sha256", leaked), algorithm)
}

async fn dry_run(call: &Call<'_>, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    let language = terminal.language;
    let in_language = |error: Error| failed(&error, language);
    let (capture, kept) = Capture::new(HttpTransport::new().map_err(in_language)?);
    let client = ClientBuilder::from_env()
        .and_then(|builder| builder.transport(capture).retry(RetryPolicy::never()).build())
        .map_err(in_language)?;
    let sent: Result<Response<Value>, Error> = with_request!(call, client, |request| request.send().await);
    let captured = kept.lock().unwrap_or_else(PoisonError::into_inner).take();
    match (captured, sent) {
        (Some(captured), _) => show_captured(&captured, terminal),
        (None, Err(error)) => Err(failed(&error, language)),
        (None, Ok(_)) => Err(Failure::new(language.pick("nothing was prepared", "没有生成请求"))),
    }
}

fn show_captured(captured: &Captured, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    let language = terminal.language;
    let title = language.pick(
        "Signed: five lines, each ended by a line feed",
        "签名串：五行，每行以换行符结尾",
    );
    writeln!(terminal.out, "{BOLD}{title}{BOLD:#}")?;
    let lines = captured.signed_lines().unwrap_or_default();
    write!(terminal.out, "{lines}")?;
    let title = language.pick("Headers", "请求头");
    writeln!(terminal.out, "\n{BOLD}{title}{BOLD:#} {DIM}{}{DIM:#}", captured.origin)?;
    for (name, value) in &captured.headers {
        writeln!(terminal.out, "{DIM}{name}:{DIM:#} {}", one_line(value))?;
    }
    terminal.out.flush()?;
    let note = language.pick("nothing was sent", "没有发送任何内容");
    writeln!(terminal.notes, "{note}")?;
    Ok(())
}

async fn send(
    call: &Call<'_>,
    client: &Client,
    out: Option<&Path>,
    decrypt: bool,
    terminal: &mut Terminal<'_>,
) -> Result<(), Failure> {
    let language = terminal.language;
    let content = call.operation.response().map(|response| &response.content);
    match content {
        Some(Content::Download(_)) => {
            let response: Result<Response<Download>, Error> =
                with_request!(call, client, |request| request.response::<Download>().send().await);
            let response = response.map_err(|error| failed(&error, language))?;
            received(&response, language.pick("not signed", "无签名"), terminal)?;
            download(response.into_inner(), out, terminal).await
        }
        Some(Content::Empty) => {
            let response: Result<Response<()>, Error> =
                with_request!(call, client, |request| request.response::<()>().send().await);
            let response = response.map_err(|error| failed(&error, language))?;
            received(&response, language.pick("signature verified", "验签通过"), terminal)
        }
        _ => {
            let response: Result<Response<Value>, Error> = with_request!(call, client, |request| request.send().await);
            let response = response.map_err(|error| failed(&error, language))?;
            received(&response, language.pick("signature verified", "验签通过"), terminal)?;
            let mut value = response.into_inner();
            if let Some(schema) = call.operation.response_schema().filter(|_| decrypt) {
                decrypted(schema, &mut value, client).map_err(|error| failed(&error, language))?;
            }
            writeln!(terminal.out, "{value:#}")?;
            Ok(())
        }
    }
}

/// Decrypts the sensitive texts of a response.
fn decrypted(schema: &Schema, value: &mut Value, client: &Client) -> Result<(), Error> {
    match value {
        Value::String(text) if schema.sensitive => {
            let plaintext = client.decrypt(text)?;
            *text = plaintext.expose().to_owned();
        }
        Value::Object(members) => {
            for (name, value) in members {
                if let Some(property) = schema.property(name) {
                    decrypted(&property.schema, value, client)?;
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                if let Some(schema) = &schema.items {
                    decrypted(schema, item, client)?;
                }
            }
        }
        _ => {}
    }
    Ok(())
}

fn received<T>(response: &Response<T>, authenticity: &str, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    let (status, id) = (response.status().as_u16(), response.request_id().unwrap_or("-"));
    let id = one_line(id);
    writeln!(
        terminal.notes,
        "{GOOD}{status}{GOOD:#}, {authenticity}, {DIM}Request-ID {id}{DIM:#}"
    )?;
    Ok(())
}

async fn download(mut download: Download, out: Option<&Path>, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    let language = terminal.language;
    let in_language = |error: Error| failed(&error, language);
    if let Some(path) = out {
        let size = download.save(path).await.map_err(in_language)?;
        let path = path.display();
        writeln!(
            terminal.notes,
            "{}",
            text!(language, "{path}: {size} bytes", "{path}：{size} 字节")
        )?;
        return Ok(());
    }
    while let Some(chunk) = download.chunk().await.map_err(in_language)? {
        terminal.out.write_all(&chunk)?;
    }
    Ok(())
}

/// An error in the user's language: what happened, what it proves, and what to do.
fn failed(error: &Error, language: Language) -> Failure {
    let line = match language {
        Language::English => error.to_string(),
        Language::Chinese => error.chinese().to_string(),
    };
    let mut lines = vec![one_line(&line)];
    if error.operation().is_some() {
        let proves = match error.outcome() {
            Outcome::Local => language.pick("Refused locally: nothing was sent.", "本地拒绝：没有发送任何内容。"),
            Outcome::NotSent => language.pick(
                "It did not reach the service: nothing happened, and you can try again.",
                "请求没有到达微信支付：什么都没有发生，可以重试。",
            ),
            Outcome::Unknown => language.pick(
                "The outcome is unknown: it may have been executed. Query by the business number before you try again, and keep the number and all parameters.",
                "结果未知：操作可能已经执行。重试前先按商户单号查询，重试时保持单号与全部参数不变。",
            ),
            Outcome::Rejected => language.pick(
                "The service rejected it: nothing happened. The response is authentic.",
                "微信支付拒绝了请求：什么都没有发生。应答已验签。",
            ),
        };
        lines.push(format!("{ERROR}{proves}{ERROR:#}"));
    }
    if let Some(detail) = error.detail() {
        lines.push(format!("detail: {}", one_line(&detail.to_string())));
    }
    if let Some(code) = explain::known(error.code(), error.request_id()) {
        let advice = language.pick(code.advice.english, code.advice.chinese);
        // The error's own line may end in the same advice.
        if line.contains(advice.trim_end_matches(['.', '。'])) {
            return Failure::new(lines.join("\n"));
        }
        lines.push(format!("{} ({}): {advice}", code.code, code.message));
    }
    Failure::new(lines.join("\n"))
}
