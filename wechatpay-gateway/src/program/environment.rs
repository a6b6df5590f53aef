//! The configuration of a client: as environment variables, and as files.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use wechatpay_gateway::{Gateway, PlatformMode};

/// A variable and its value: a text, or the PEM text of a key with the name of its file.
enum Value {
    Text(String),
    Pem { file: &'static str, text: String },
}

/// The variables that `Client::from_env` reads.
fn variables(gateway: &Gateway, base_url: &str) -> Vec<(&'static str, Value)> {
    let mut variables = vec![
        ("WECHATPAY_MCHID", Value::Text(gateway.mchid().to_owned())),
        ("WECHATPAY_SERIAL_NO", Value::Text(gateway.serial_no().to_owned())),
        (
            "WECHATPAY_PRIVATE_KEY",
            Value::Pem {
                file: "merchant_private_key.pem",
                text: gateway.merchant_private_key_pem().to_owned(),
            },
        ),
        ("WECHATPAY_API_V3_KEY", Value::Text(gateway.api_v3_key().to_owned())),
        ("WECHATPAY_BASE_URL", Value::Text(base_url.to_owned())),
    ];
    if gateway.mode() != PlatformMode::Certificates {
        variables.push(("WECHATPAY_PUBLIC_KEY_ID", Value::Text(gateway.public_key_id())));
        variables.push((
            "WECHATPAY_PUBLIC_KEY",
            Value::Pem {
                file: "wechatpay_public_key.pem",
                text: gateway.public_key_pem(),
            },
        ));
    }
    variables
}

/// Lines for a shell.
pub(crate) fn exports(gateway: &Gateway, base_url: &str) -> String {
    let variables = variables(gateway, base_url).into_iter();
    let lines = variables.map(|(name, value)| {
        let (Value::Text(text) | Value::Pem { text, .. }) = value;
        format!("export {name}={}\n", quoted(text.trim_end()))
    });
    lines.collect()
}

/// Writes `.env` and the PEM files, readable for their owner alone, and gives the path of `.env`. What was there is
/// replaced.
pub(crate) fn write(gateway: &Gateway, base_url: &str, folder: &Path) -> io::Result<PathBuf> {
    fs::create_dir_all(folder)?;
    let folder = folder.canonicalize()?;
    let mut lines = String::new();
    for (name, value) in variables(gateway, base_url) {
        let text = match value {
            Value::Text(text) => text,
            Value::Pem { file, text } => {
                let path = folder.join(file);
                write_private(&path, &text)?;
                path.to_string_lossy().into_owned()
            }
        };
        lines.push_str(&format!("{name}={}\n", quoted(&text)));
    }
    let path = folder.join(".env");
    write_private(&path, &lines)?;
    Ok(path)
}

/// Writes a new file beside the old one and puts it in its place, so that nobody reads half of it, and a link that stands
/// there is replaced and not followed.
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{}.tmp", std::process::id()));
    let temporary = PathBuf::from(name);
    let _ = fs::remove_file(&temporary);
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let written = options.open(&temporary).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        fs::rename(&temporary, path)
    });
    if written.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    written
}

/// A value as shells and the usual readers of `.env` take it.
fn quoted(text: &str) -> String {
    let plain = !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_-./:".contains(&byte));
    if plain {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_one_word_of_the_shell() {
        assert_eq!(quoted("http://127.0.0.1:7777"), "http://127.0.0.1:7777");
        assert_eq!(quoted("/a b/it's.pem"), "'/a b/it'\\''s.pem'");
        assert_eq!(quoted(""), "''");
    }
}
