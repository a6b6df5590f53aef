//! `explain`: what an error code means and what to do.

use crate::failure::Failure;
use crate::language::text;
use crate::near::nearest;
use crate::terminal::{BOLD, DIM, Terminal, one_line};
use clap::ArgMatches;
use wechatpay_core::error_codes::{self, ErrorCode};

pub(super) fn run(matches: &ArgMatches, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    let language = terminal.language;
    let given = matches
        .get_one::<String>("code")
        .map(|code| code.trim())
        .unwrap_or_default();
    let upper = given.to_ascii_uppercase();
    if let Some(code) = error_codes::find(&upper).or_else(|| error_codes::of_request_id(given)) {
        return explain(code, terminal);
    }
    let shown = one_line(given);
    let number = shown.rsplit('-').next().unwrap_or_default();
    if number == "0" && shown.contains('-') {
        writeln!(
            terminal.out,
            "{}",
            language.pick(
                "This Request-ID ends in 0: the service reports no error code in it. Look at the status and the body of the response.",
                "该 Request-ID 以 0 结尾，不含错误码。请查看应答的状态码与内容。",
            )
        )?;
        return Ok(());
    }
    let mut message = text!(
        language,
        "`{number}` is not a listed error code. The service adds codes without notice: look at `message` and `detail` of the error, and give the whole Request-ID to WeChat Pay's support",
        "没有收录错误码 {number}。微信支付会新增错误码：请查看错误的 message 与 detail，并向微信支付技术支持提供完整的 Request-ID"
    );
    if let Some(near) = nearest(&upper, error_codes::all().iter().map(|code| code.code))
        .filter(|_| !upper.bytes().any(|b| b.is_ascii_digit()))
    {
        message.push_str(&text!(language, "; did you mean `{near}`?", "；是否想查 {near}？"));
    }
    Err(Failure::new(message))
}

fn explain(code: &ErrorCode, terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    let language = terminal.language;
    let class = language.pick(code.class.english(), code.class.chinese());
    writeln!(terminal.out, "{BOLD}{}{BOLD:#}  {}", code.code, code.message)?;
    let mut facts = vec![format!("{}{class}", language.pick("about: ", "类别："))];
    if !code.products.is_empty() {
        let products = code.products.iter();
        let names: Vec<&str> = products
            .map(|product| language.pick(product.english(), product.chinese()))
            .collect();
        let names = names.join(language.pick(", ", "、"));
        facts.push(format!("{}{names}", language.pick("listed for: ", "所属产品：")));
    }
    writeln!(terminal.out, "{DIM}{}{DIM:#}", facts.join(language.pick("; ", "；")))?;
    writeln!(
        terminal.out,
        "{}",
        language.pick(code.advice.english, code.advice.chinese)
    )?;
    Ok(())
}

/// What is known of the code of an error and of the number at the end of its Request-ID, the more exact one first.
pub(super) fn known(code: Option<&str>, request_id: Option<&str>) -> Option<&'static ErrorCode> {
    request_id
        .and_then(error_codes::of_request_id)
        .or_else(|| code.and_then(error_codes::find))
}
