//! The command line: its commands, options and help, in both languages.

use crate::language::Language;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, ArgMatches, Command, ValueHint, value_parser};
use std::ffi::OsString;
use std::path::PathBuf;

/// What to show instead of running a command.
pub struct Message {
    /// The text, with colours.
    pub text: String,
    /// Whether the command line is wrong. Otherwise the text is the help that was asked for.
    pub is_error: bool,
}

/// The language of `--lang` at any position. The messages about the command line need it before parsing.
#[must_use]
pub fn chosen_language(arguments: &[OsString]) -> Option<Language> {
    let mut arguments = arguments.iter().filter_map(|argument| argument.to_str());
    while let Some(argument) = arguments.next() {
        match argument {
            "--" => return None,
            "--lang" => return arguments.next().map(Language::of_locale),
            _ => {
                if let Some(name) = argument.strip_prefix("--lang=") {
                    return Some(Language::of_locale(name));
                }
            }
        }
    }
    None
}

/// Reads a command line. Cargo calls `cargo-wechatpay wechatpay ..`.
///
/// # Errors
/// The help that was asked for, or what is wrong.
pub fn parse(arguments: &[OsString], language: Language) -> Result<ArgMatches, Message> {
    let mut arguments = arguments.to_vec();
    if arguments.get(1).is_some_and(|first| first == "wechatpay") {
        arguments.remove(1);
    }
    command(language).try_get_matches_from(arguments).map_err(|error| {
        let is_error = error.use_stderr();
        let chinese = (language == Language::Chinese && is_error)
            .then(|| in_chinese(&error))
            .flatten();
        Message {
            text: chinese.unwrap_or_else(|| error.render().ansi().to_string()),
            is_error,
        }
    })
}

fn in_chinese(error: &clap::Error) -> Option<String> {
    let context = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.clone()),
        Some(ContextValue::Strings(texts)) => Some(texts.join("、")),
        _ => None,
    };
    let argument = || context(ContextKind::InvalidArg).unwrap_or_default();
    let value = || context(ContextKind::InvalidValue).unwrap_or_default();
    let mut text = match error.kind() {
        ErrorKind::UnknownArgument => format!("没有参数 {}", argument()),
        ErrorKind::InvalidSubcommand => {
            format!(
                "没有命令 {}",
                context(ContextKind::InvalidSubcommand).unwrap_or_default()
            )
        }
        ErrorKind::MissingRequiredArgument => format!("缺少必填参数 {}", argument()),
        ErrorKind::InvalidValue if value().is_empty() => format!("参数 {} 缺少取值", argument()),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => format!("参数 {} 的取值 {} 无效", argument(), value()),
        ErrorKind::ArgumentConflict => {
            format!(
                "参数 {} 不能与 {} 同时使用",
                argument(),
                context(ContextKind::PriorArg).unwrap_or_default()
            )
        }
        ErrorKind::TooManyValues => format!("参数 {} 的取值过多", argument()),
        ErrorKind::TooFewValues => format!("参数 {} 的取值不足", argument()),
        ErrorKind::InvalidUtf8 => "参数不是 UTF-8 文本".to_owned(),
        _ => return None,
    };
    if let Some(ContextValue::Strings(values)) = error.get(ContextKind::ValidValue)
        && !values.is_empty()
    {
        text.push_str(&format!("，可选值：{}", values.join("、")));
    }
    let near = context(ContextKind::SuggestedArg)
        .or_else(|| context(ContextKind::SuggestedSubcommand))
        .or_else(|| context(ContextKind::SuggestedValue));
    if let Some(near) = near {
        text.push_str(&format!("；是否想用 {near}？"));
    }
    Some(format!("错误: {text}\n\n查看帮助：cargo wechatpay --help\n"))
}

/// The whole command line.
#[must_use]
pub fn command(language: Language) -> Command {
    let build = Build(language);
    let mut command = Command::new("cargo-wechatpay")
        .bin_name("cargo wechatpay")
        .about(language.pick(
            "Find an operation of WeChat Pay API v3, declare it in Rust, check it, send it",
            "查找微信支付 APIv3 接口，生成 Rust 声明，检查声明，发起请求",
        ))
        .version(env!("CARGO_PKG_VERSION"))
        .disable_help_subcommand(true)
        .disable_version_flag(true)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .arg(
            Arg::new("version")
                .long("version")
                .short('V')
                .action(ArgAction::Version)
                .help(language.pick("Print the version", "显示版本")),
        );
    for subcommand in build.commands() {
        let arguments = subcommand.get_arguments().map(|argument| argument.get_id().clone());
        let arguments: Vec<_> = arguments.collect();
        let mut subcommand = subcommand;
        for id in arguments {
            subcommand = subcommand.mut_arg(id, |argument| build.headed(argument));
        }
        command = command.subcommand(build.dressed(subcommand));
    }
    build.dressed(command.mut_arg("version", |argument| build.headed(argument)))
}

/// The parts of the command line in one language.
struct Build(Language);

impl Build {
    /// Help in this language, and `--lang`.
    fn dressed(&self, command: Command) -> Command {
        let language = Arg::new("lang")
            .long("lang")
            .value_name("LANG")
            .value_parser(["en", "zh"])
            .hide_possible_values(true)
            .help(self.0.pick("Language of the messages: en or zh", "提示语言：en 或 zh"));
        let help = Arg::new("help")
            .long("help")
            .short('h')
            .action(ArgAction::Help)
            .help(self.0.pick("Print help", "显示帮助"));
        let command = command
            .disable_help_flag(true)
            .arg(self.headed(language))
            .arg(self.headed(help));
        match self.0 {
            Language::English => command,
            Language::Chinese => command
                .help_template("{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}")
                .subcommand_help_heading("命令"),
        }
    }

    fn headed(&self, argument: Arg) -> Arg {
        match self.0 {
            Language::English => argument,
            Language::Chinese if argument.is_positional() => argument.help_heading("参数"),
            Language::Chinese => argument.help_heading("选项"),
        }
    }

    fn named(&self, name: &'static str, english: &'static str, chinese: &'static str) -> Command {
        Command::new(name).about(self.0.pick(english, chinese))
    }

    fn flag(&self, name: &'static str, english: &'static str, chinese: &'static str) -> Arg {
        Arg::new(name)
            .long(name)
            .action(ArgAction::SetTrue)
            .help(self.0.pick(english, chinese))
    }

    fn option(&self, name: &'static str, value: &'static str, english: &'static str, chinese: &'static str) -> Arg {
        Arg::new(name)
            .long(name)
            .value_name(value)
            .help(self.0.pick(english, chinese))
    }

    fn path(&self, name: &'static str, value: &'static str, english: &'static str, chinese: &'static str) -> Arg {
        self.option(name, value, english, chinese)
            .value_parser(value_parser!(PathBuf))
            .value_hint(ValueHint::AnyPath)
    }

    fn format(&self) -> Arg {
        self.option(
            "format",
            "FORMAT",
            "text (default) or json",
            "输出格式：text（默认）或 json",
        )
        .value_parser(["text", "json"])
        .hide_possible_values(true)
        .hide_default_value(true)
        .default_value("text")
    }

    fn operation(&self) -> Arg {
        Arg::new("operation")
            .value_name("OPERATION")
            .num_args(1..)
            .required(true)
            .help(self.0.pick(
                "METHOD /path, the official Chinese title, or a link to the official page",
                "请求方法与路径、接口的中文名称，或官方文档链接",
            ))
    }

    fn commands(&self) -> Vec<Command> {
        vec![
            self.search(),
            self.show(),
            self.add(),
            self.check(),
            self.call(),
            self.explain(),
            self.generate(),
            self.import(),
            self.changelog(),
            self.openapi(),
            self.completions(),
        ]
    }

    fn search(&self) -> Command {
        let words = Arg::new("words")
            .value_name("WORD")
            .num_args(1..)
            .required(true)
            .help(self.0.pick(
                "Words that all match: title, path, product, field name or label",
                "关键词，须全部匹配：接口名称、路径、产品、字段名或字段说明",
            ));
        self.named("search", "Find operations", "查找接口")
            .arg(words)
            .arg(self.option(
                "family",
                "FAMILY",
                "Only this product family, as in the first column of paths: pay, refund, ..",
                "只看该产品族，即路径的第一段：pay、refund 等",
            ))
            .arg(self.flag(
                "all",
                "Show all matches on a terminal, not only the first 40",
                "在终端上显示全部结果，而不只是前 40 条",
            ))
            .arg(self.format())
    }

    fn show(&self) -> Command {
        self.named(
            "show",
            "Show the fields of an operation: type, required, encrypted, label, limits, example",
            "显示接口的字段：类型、是否必填、是否加密、说明、限制、示例",
        )
        .arg(self.operation())
        .arg(self.format())
    }

    fn add(&self) -> Command {
        self.named(
            "add",
            "Write the declaration of an operation into your crate",
            "把接口声明写入你的 crate",
        )
        .arg(self.operation())
        .arg(
            self.option(
                "fields",
                "A,B",
                "Optional fields to declare beside the required ones; a nested one as amount.currency; all for all",
                "除必填字段外还要声明的选填字段；嵌套字段写作 amount.currency；all 表示全部",
            )
            .value_delimiter(',')
            .action(ArgAction::Append),
        )
        .arg(self.path(
            "to",
            "FILE",
            "The file to write to; default: src/ and the name of the product family",
            "写入的文件；默认为 src/ 下以产品族命名的文件",
        ))
        .arg(self.option(
            "name",
            "NAME",
            "The name of the struct; default: from the path",
            "结构体名；默认由路径得出",
        ))
        .arg(self.path(
            "from",
            "PATH",
            "Your own description instead of ours: OpenAPI 3.x or Swagger 2.0, a file or a folder, JSON or YAML",
            "使用自己的接口描述：OpenAPI 3.x 或 Swagger 2.0，文件或目录，JSON 或 YAML",
        ))
        .arg(self.flag(
            "print",
            "Print the declaration instead of writing it",
            "只打印声明，不写文件",
        ))
    }

    fn check(&self) -> Command {
        let paths = Arg::new("paths")
            .value_name("PATH")
            .num_args(0..)
            .value_parser(value_parser!(PathBuf))
            .value_hint(ValueHint::AnyPath)
            .help(self.0.pick(
                "Files and folders; default: the Cargo project around the current folder",
                "文件或目录；默认为当前目录所在的 Cargo 项目",
            ));
        self.named(
            "check",
            "Compare the declarations in Rust source with the official description",
            "把 Rust 源码中的声明与官方接口描述对照",
        )
        .arg(paths)
        .arg(self.flag(
            "strict",
            "Warnings and notes count too, also in test code",
            "警告与提示也计入退出状态，测试代码同样如此",
        ))
        .arg(self.format())
        .after_help(self.0.pick(
            "Exit status: 0 without findings, 1 with findings, 2 for a wrong command line.\n\
             A comment `// wechatpay: allow(unknown-field)` on the line of a finding or above it silences that kind there.",
            "退出状态：0 没有发现问题，1 有问题，2 命令行有误。\n\
             在问题所在行或其上一行写注释 `// wechatpay: allow(unknown-field)`，可忽略该处的这一类问题。",
        ))
    }

    fn call(&self) -> Command {
        self.named("call", "Send a described operation", "调用接口")
            .arg(self.operation())
            .arg(
                self.option("query", "NAME=VALUE", "A query parameter; can be given several times", "查询参数，可多次指定")
                    .action(ArgAction::Append),
            )
            .arg(
                self.option("header", "NAME=VALUE", "A request header; can be given several times", "请求头，可多次指定")
                    .action(ArgAction::Append),
            )
            .arg(self.option(
                "body",
                "JSON",
                "The JSON body, or the meta of an upload: text, @file, or - for standard input. Sensitive fields in plaintext: they are encrypted on the way",
                "请求体或上传的 meta：JSON 文本、@文件，或 - 表示标准输入。敏感字段写明文，发送时自动加密",
            ))
            .arg(self.path("file", "FILE", "The file of an upload", "要上传的文件"))
            .arg(
                self.option("form", "NAME=VALUE", "A text part of an upload; can be given several times", "上传的文本部分，可多次指定")
                    .action(ArgAction::Append),
            )
            .arg(self.path("out", "FILE", "Where to write a downloaded file; default: standard output", "下载内容写入的文件；默认为标准输出"))
            .arg(self.flag("decrypt", "Decrypt the sensitive fields of the response", "解密应答中的敏感字段"))
            .arg(self.flag("yes", "Do not ask before anything but a GET is sent", "发送 GET 以外的请求前不询问"))
            .arg(self.flag("dry-run", "Send nothing; print the five signed lines and the headers", "不发送，只打印签名的五行内容与请求头"))
            .arg(self.flag("unchecked", "Send it although it does not match the description", "即使与接口描述不符也发送"))
            .after_help(self.0.pick(
                "The client is configured by environment variables: WECHATPAY_MCHID, WECHATPAY_SERIAL_NO, WECHATPAY_PRIVATE_KEY,\n\
                 WECHATPAY_PUBLIC_KEY_ID, WECHATPAY_PUBLIC_KEY, WECHATPAY_API_V3_KEY, WECHATPAY_BASE_URL.",
                "客户端由环境变量配置：WECHATPAY_MCHID、WECHATPAY_SERIAL_NO、WECHATPAY_PRIVATE_KEY、\n\
                 WECHATPAY_PUBLIC_KEY_ID、WECHATPAY_PUBLIC_KEY、WECHATPAY_API_V3_KEY、WECHATPAY_BASE_URL。",
            ))
    }

    fn explain(&self) -> Command {
        let code = Arg::new("code").value_name("CODE").required(true).help(self.0.pick(
            "An error code (PARAM_ERROR), a Request-ID, or the number at its end",
            "错误码（PARAM_ERROR）、Request-ID，或其末尾的数字",
        ));
        self.named(
            "explain",
            "Explain an error code and what to do",
            "解释错误码的含义与处理办法",
        )
        .arg(code)
    }

    fn generate(&self) -> Command {
        self.named(
            "generate",
            "Generate a whole catalogue crate from a description",
            "由接口描述生成整个目录 crate",
        )
        .arg(
            self.path(
                "from",
                "PATH",
                "The description: OpenAPI 3.x or Swagger 2.0, a file or a folder, JSON or YAML",
                "接口描述：OpenAPI 3.x 或 Swagger 2.0，文件或目录，JSON 或 YAML",
            )
            .required(true),
        )
        .arg(
            self.path("out", "CRATE", "The folder of the crate", "crate 所在目录")
                .required(true),
        )
        .arg(self.flag(
            "check",
            "Write nothing; exit with status 1 when a file would change",
            "不写文件；若有文件需要更新则以状态 1 退出",
        ))
    }

    fn import(&self) -> Command {
        let from = self.positional(
            "from",
            "PATH",
            "The newer description, a file or a folder",
            "新的接口描述，文件或目录",
        );
        self.named(
            "import",
            "Bring a newer description into ours, and show what changes",
            "把新的接口描述合并进来，并列出变更",
        )
        .arg(from.required(true))
        .arg(self.path(
            "into",
            "FOLDER",
            "The folder of our description; default: openapi",
            "现有接口描述的目录；默认为 openapi",
        ))
        .arg(self.flag("dry-run", "Only show what would change", "只列出变更，不写文件"))
    }

    fn changelog(&self) -> Command {
        let old = self.positional(
            "old",
            "OLD",
            "The older description; default: the one in this tool",
            "旧的接口描述；默认为本工具自带的描述",
        );
        let new = self.positional(
            "new",
            "NEW",
            "The newer description, a file or a folder",
            "新的接口描述，文件或目录",
        );
        self.named(
            "changelog",
            "List the operations that two descriptions add, change and remove",
            "列出两份接口描述之间新增、变更、删除的接口",
        )
        .arg(old)
        .arg(new.required(true))
        .allow_missing_positional(true)
    }

    fn positional(&self, name: &'static str, value: &'static str, english: &'static str, chinese: &'static str) -> Arg {
        Arg::new(name)
            .value_name(value)
            .value_parser(value_parser!(PathBuf))
            .value_hint(ValueHint::AnyPath)
            .help(self.0.pick(english, chinese))
    }

    fn openapi(&self) -> Command {
        self.named(
            "openapi",
            "Print the whole description as one OpenAPI 3.1 document",
            "以一份 OpenAPI 3.1 文档输出全部接口描述",
        )
    }

    fn completions(&self) -> Command {
        let shell = Arg::new("shell")
            .value_name("SHELL")
            .required(true)
            .value_parser(value_parser!(clap_complete::Shell))
            .hide_possible_values(true)
            .help("bash, elvish, fish, powershell, zsh");
        self.named("completions", "Print completions for a shell", "输出 shell 补全脚本")
            .arg(shell)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent_in_both_languages() {
        command(Language::English).debug_assert();
        command(Language::Chinese).debug_assert();
    }

    #[test]
    fn every_command_and_argument_is_explained_in_both_languages() {
        let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        let (in_english, in_chinese) = (command(Language::English), command(Language::Chinese));
        for (one, other) in in_english.get_subcommands().zip(in_chinese.get_subcommands()) {
            let about = |command: &Command| command.get_about().map(ToString::to_string).unwrap_or_default();
            assert!(!about(one).is_empty() && !chinese(&about(one)), "{}", one.get_name());
            assert!(chinese(&about(other)), "{}", one.get_name());
            for (first, second) in one.get_arguments().zip(other.get_arguments()) {
                let help = |argument: &Arg| argument.get_help().map(ToString::to_string).unwrap_or_default();
                let place = format!("{} {}", one.get_name(), first.get_id());
                assert!(!help(first).is_empty() && !chinese(&help(first)), "{place}");
                assert!(chinese(&help(second)) || first.get_id() == "shell", "{place}");
            }
        }
    }

    #[test]
    fn the_language_is_chosen_before_and_behind_the_command() {
        let chosen = |line: &str| {
            let arguments: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            chosen_language(&arguments)
        };
        assert_eq!(chosen("cargo-wechatpay --lang zh search x"), Some(Language::Chinese));
        assert_eq!(
            chosen("cargo-wechatpay wechatpay search x --lang=en"),
            Some(Language::English)
        );
        assert_eq!(chosen("cargo-wechatpay search -- --lang zh"), None);
        assert_eq!(chosen("cargo-wechatpay search x --lang"), None);
    }
}
