//! The command line, in both languages.

use std::{
    ffi::OsString,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
};

use clap::{Arg, ArgAction, ArgMatches, Command, ValueHint, builder::StyledStr, error::ErrorKind, value_parser};
use wechatpay_gateway::PlatformMode;

use crate::program::{clock::ClockOption, language::Language};

/// Where it listens unless told otherwise.
const ADDRESS: &str = "127.0.0.1:7777";

/// What the command line says.
#[derive(Debug)]
pub(crate) struct Options {
    pub(crate) listen: SocketAddr,
    pub(crate) mode: PlatformMode,
    pub(crate) state: Option<PathBuf>,
    pub(crate) env: Option<PathBuf>,
    pub(crate) validate: bool,
    pub(crate) seed: Option<u64>,
    pub(crate) clock: ClockOption,
    pub(crate) token: Option<String>,
    pub(crate) is_remote: bool,
}

/// What to show instead of running.
#[derive(Debug)]
pub(crate) struct Message {
    /// The text, with colours.
    pub(crate) text: String,
    plain: String,
    /// Whether the command line is wrong. Otherwise the text is the help that was asked for.
    pub(crate) is_error: bool,
}

impl Message {
    fn new(text: &StyledStr, is_error: bool) -> Self {
        Self {
            text: text.ansi().to_string(),
            plain: text.to_string(),
            is_error,
        }
    }

    fn error(text: String) -> Self {
        Self {
            plain: text.clone(),
            text,
            is_error: true,
        }
    }

    /// The text without colours.
    pub(crate) fn plain(&self) -> String {
        self.plain.clone()
    }
}

/// The language of `--lang`. It is needed before the command line is read, for the messages about it.
pub(crate) fn chosen_language(arguments: &[OsString]) -> Option<Language> {
    let mut arguments = arguments.iter().filter_map(|argument| argument.to_str());
    while let Some(argument) = arguments.next() {
        if argument == "--lang" {
            return arguments.next().map(Language::of_locale);
        }
        if let Some(name) = argument.strip_prefix("--lang=") {
            return Some(Language::of_locale(name));
        }
    }
    None
}

/// Reads a command line, or says what to show instead.
pub(crate) fn parse(arguments: &[OsString], language: Language) -> Result<Options, Message> {
    let matches = command(language).try_get_matches_from(arguments).map_err(|error| {
        let is_error = error.use_stderr();
        let chinese = (language == Language::Chinese && is_error).then(|| in_chinese(&error));
        chinese.map_or_else(|| Message::new(&error.render(), is_error), Message::error)
    })?;
    options(&matches, language)
}

fn options(matches: &ArgMatches, language: Language) -> Result<Options, Message> {
    let text = |name: &str| matches.get_one::<String>(name).cloned();
    let wrong = |english: String, chinese: String| {
        Message::error(language.pick(format!("error: {english}"), format!("错误: {chinese}")))
    };
    let address = text("listen").unwrap_or_else(|| ADDRESS.to_owned());
    let listen = address_of(&address).ok_or_else(|| {
        wrong(
            format!("--listen takes an address and a port such as {ADDRESS}, not {address}"),
            format!("--listen 须为地址和端口，例如 {ADDRESS}，不能是 {address}"),
        )
    })?;
    let given = text("clock");
    let clock = match given.as_deref() {
        None => ClockOption { start: None, speed: 1 },
        Some(given) => ClockOption::parse(given).ok_or_else(|| {
            wrong(
                format!("--clock takes a time such as 2026-01-01T00:00:00+08:00, a speed such as x60, or both with a comma between, not {given}"),
                format!("--clock 须为时间（例如 2026-01-01T00:00:00+08:00）、倍速（例如 x60），或用逗号连接两者，不能是 {given}"),
            )
        })?,
    };
    let is_remote = !listen.ip().is_loopback();
    if is_remote && !matches.get_flag("allow-remote") {
        return Err(wrong(
            format!(
                "{listen} can be reached from other machines, and the keys of the gateway are public; add --allow-remote if that is what you want"
            ),
            format!("{listen} 可以从其他机器访问，而网关的密钥是公开的；确需如此时，请加上 --allow-remote"),
        ));
    }
    let token = text("token");
    let is_short = token.as_ref().is_some_and(|token| {
        token.len() < 16
            || !token
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    });
    if is_short {
        return Err(wrong(
            "--token takes at least 16 letters, digits, hyphens or underscores".to_owned(),
            "--token 须至少 16 位，由字母、数字、- 或 _ 组成".to_owned(),
        ));
    }
    Ok(Options {
        listen,
        mode: match text("mode").as_deref() {
            Some("certificates") => PlatformMode::Certificates,
            Some("mixed") => PlatformMode::Mixed,
            _ => PlatformMode::PublicKey,
        },
        state: matches.get_one::<PathBuf>("state").cloned(),
        env: matches.get_one::<PathBuf>("env").cloned(),
        validate: !matches.get_flag("no-validate"),
        seed: matches.get_one::<u64>("seed").copied(),
        clock,
        token,
        is_remote,
    })
}

/// `127.0.0.1:7777`, `[::1]:7777`, `localhost:7777`, or a port alone.
fn address_of(text: &str) -> Option<SocketAddr> {
    if let Ok(port) = text.parse() {
        return Some(SocketAddr::new(IpAddr::from([127, 0, 0, 1]), port));
    }
    text.replacen("localhost:", "127.0.0.1:", 1).parse().ok()
}

fn command(language: Language) -> Command {
    let flag = |name: &'static str, english: &'static str, chinese: &'static str| {
        Arg::new(name)
            .long(name)
            .action(ArgAction::SetTrue)
            .help(language.pick(english, chinese))
    };
    let option = |name: &'static str, value: &'static str, english: &'static str, chinese: &'static str| {
        Arg::new(name)
            .long(name)
            .value_name(value)
            .help(language.pick(english, chinese))
    };
    let path = |argument: Arg| {
        argument
            .value_parser(value_parser!(PathBuf))
            .value_hint(ValueHint::AnyPath)
    };
    let arguments = [
        option(
            "listen",
            "ADDR",
            "Address and port, or a port alone; port 0 is a free one [default: 127.0.0.1:7777]",
            "监听的地址和端口，也可以只写端口；端口 0 表示任选空闲端口 [默认: 127.0.0.1:7777]",
        ),
        option(
            "mode",
            "MODE",
            "What signs the responses: public-key (default), certificates, or mixed",
            "应答签名方式：public-key（微信支付公钥，默认）、certificates（平台证书）或 mixed（两者并存）",
        )
        .value_parser(["public-key", "certificates", "mixed"])
        .hide_possible_values(true),
        path(option(
            "state",
            "FILE",
            "Keep orders, refunds and notifications in this file, so that they survive a restart",
            "把订单、退款和通知保存到该文件，重启后仍在",
        )),
        path(option(
            "env",
            "DIR",
            "Write the configuration of a client to DIR/.env, and the keys as PEM files",
            "把客户端配置写入 DIR/.env，并生成 PEM 密钥文件",
        )),
        flag(
            "no-validate",
            "Do not check requests against the description of their operation",
            "不按接口描述校验请求参数",
        ),
        option(
            "seed",
            "N",
            "Seed of all numbers and nonces, for runs that repeat",
            "单号和随机串的种子，用于重现结果",
        )
        .value_parser(value_parser!(u64)),
        option(
            "clock",
            "TIME,xN",
            "Time at which the orders begin, and how much faster notifications are repeated: 2026-01-01T00:00:00+08:00, x60, or both",
            "交易的起始时间，以及通知重发加快的倍数：2026-01-01T00:00:00+08:00、x60，或两者都写",
        ),
        flag(
            "allow-remote",
            "Allow an address that other machines can reach; the console then needs a token",
            "允许监听其他机器可访问的地址；此时控制台需要令牌",
        ),
        option(
            "token",
            "TOKEN",
            "Token of the console, at least 16 characters; without it a remote console gets a random one",
            "控制台的令牌，至少 16 位；监听远程地址而未指定时随机生成",
        ),
        option(
            "lang",
            "LANG",
            "Language of the messages: en or zh",
            "提示语言：en 或 zh",
        )
        .value_parser(["en", "zh"])
        .hide_possible_values(true),
        Arg::new("version")
            .long("version")
            .short('V')
            .action(ArgAction::Version)
            .help(language.pick("Print the version", "显示版本")),
        Arg::new("help")
            .long("help")
            .short('h')
            .action(ArgAction::Help)
            .help(language.pick("Print help", "显示帮助")),
    ];
    let mut command = Command::new("wechatpay-gateway")
        .version(env!("CARGO_PKG_VERSION"))
        .about(language.pick(
            "WeChat Pay API v3 on your own machine, with a console for the browser",
            "在本机运行的微信支付 APIv3 模拟网关，附带网页控制台",
        ))
        .disable_help_flag(true)
        .disable_version_flag(true);
    if language == Language::Chinese {
        command = command.help_template("{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}");
    }
    for argument in arguments {
        command = command.arg(match language {
            Language::English => argument,
            Language::Chinese => argument.help_heading("选项"),
        });
    }
    command
}

fn in_chinese(error: &clap::Error) -> String {
    use clap::error::{ContextKind, ContextValue};
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.clone(),
        Some(ContextValue::Strings(texts)) => texts.join("、"),
        _ => String::new(),
    };
    let (argument, value) = (context(ContextKind::InvalidArg), context(ContextKind::InvalidValue));
    let text = match error.kind() {
        ErrorKind::UnknownArgument => format!("没有参数 {argument}"),
        ErrorKind::InvalidValue if value.is_empty() => format!("参数 {argument} 缺少取值"),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            let values = context(ContextKind::ValidValue);
            let values = if values.is_empty() {
                values
            } else {
                format!("，可选值：{values}")
            };
            format!("参数 {argument} 的取值 {value} 无效{values}")
        }
        ErrorKind::ArgumentConflict => format!("参数 {argument} 重复或冲突"),
        _ => return error.render().to_string(),
    };
    format!("错误: {text}\n\n查看帮助：wechatpay-gateway --help\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(arguments: &[&str], language: Language) -> Result<Options, Message> {
        let arguments: Vec<_> = ["wechatpay-gateway"]
            .iter()
            .chain(arguments)
            .map(OsString::from)
            .collect();
        parse(&arguments, language)
    }

    #[test]
    fn without_options_it_listens_on_this_machine_alone() {
        let options = read(&[], Language::English).unwrap();
        assert_eq!(options.listen.to_string(), ADDRESS);
        assert!(!options.is_remote && options.validate && options.token.is_none());
        assert_eq!(read(&["--listen", "0"], Language::English).unwrap().listen.port(), 0);
        assert_eq!(
            read(&["--listen", "localhost:80"], Language::English)
                .unwrap()
                .listen
                .to_string(),
            "127.0.0.1:80"
        );
    }

    #[test]
    fn g1_an_address_that_others_reach_needs_to_be_allowed() {
        for address in ["0.0.0.0:7777", "[::]:7777", "192.168.1.5:7777"] {
            let message = read(&["--listen", address], Language::English).unwrap_err();
            assert!(message.plain().contains("--allow-remote"), "{}", message.plain());
            assert!(
                read(&["--listen", address, "--allow-remote"], Language::English)
                    .unwrap()
                    .is_remote
            );
        }
    }

    #[test]
    fn what_is_wrong_is_said_in_both_languages() {
        for (arguments, english, chinese) in [
            (&["--mode", "none"][..], "invalid value 'none'", "取值 none 无效"),
            (&["--moda"], "unexpected argument", "没有参数 --moda"),
            (&["--clock", "now"], "--clock takes a time", "--clock 须为时间"),
            (
                &["--listen", "nowhere"],
                "--listen takes an address",
                "--listen 须为地址和端口",
            ),
            (&["--token", "short"], "at least 16", "至少 16 位"),
        ] {
            let message = read(arguments, Language::English).unwrap_err();
            assert!(
                message.is_error && message.plain().contains(english),
                "{}",
                message.plain()
            );
            let message = read(arguments, Language::Chinese).unwrap_err();
            assert!(
                message.is_error && message.plain().contains(chinese),
                "{}",
                message.plain()
            );
        }
    }

    #[test]
    fn help_is_in_the_language_that_was_chosen() {
        let english = read(&["--help"], Language::English).unwrap_err();
        let chinese = read(&["--help"], Language::Chinese).unwrap_err();
        assert!(!english.is_error && english.plain().contains("Write the configuration of a client"));
        assert!(!chinese.is_error && chinese.plain().contains("把客户端配置写入"));
        for name in [
            "--listen",
            "--mode",
            "--state",
            "--env",
            "--no-validate",
            "--seed",
            "--clock",
            "--allow-remote",
            "--token",
            "--lang",
        ] {
            assert!(
                english.plain().contains(name) && chinese.plain().contains(name),
                "{name}"
            );
        }
        let arguments = ["wechatpay-gateway", "--lang", "zh"].map(OsString::from);
        assert_eq!(chosen_language(&arguments), Some(Language::Chinese));
    }
}
