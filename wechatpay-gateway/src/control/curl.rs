//! A request as a command line that signs and sends the same.

use crate::request::{ReceivedRequest, authorization::Scheme};

/// A program of the shell: openssl signs, curl sends. The signature of the request itself is not in it: its nonce has been
/// used, and a signature is nothing to hand around. Nothing for a body that no command line can hold.
pub(crate) fn command(request: &ReceivedRequest) -> Option<String> {
    let authorization = request.authorization()?;
    let target = quoted(request.target())?;
    let method = request.method();
    let meta = request.part("meta").map(|meta| meta.bytes().clone());
    let signed = match &meta {
        Some(meta) => String::from_utf8(meta.to_vec()).ok()?,
        None => String::from_utf8(request.body().to_vec()).ok()?,
    };
    let body = quoted(&signed)?;
    let scheme = authorization.scheme;
    let (id, serial) = match scheme {
        Scheme::Merchant => (
            "mchid=\\\"$WECHATPAY_MCHID\\\"".to_owned(),
            "$WECHATPAY_SERIAL_NO".to_owned(),
        ),
        Scheme::Brand => (
            format!("brand_id=\\\"{}\\\"", plain(&authorization.id)),
            plain(&authorization.serial_no),
        ),
        // Not every openssl signs with SM2.
        Scheme::Shangmi => return None,
    };
    let mut command = format!(
        "# WECHATPAY_PRIVATE_KEY names the PEM file; wechatpay-gateway --env DIR writes it and DIR/.env\n\
         target={target}\nbody={body}\nnonce_str=$(openssl rand -hex 16)\ntimestamp=$(date +%s)\n\
         signature=$(printf '%s\\n' {method} \"$target\" \"$timestamp\" \"$nonce_str\" \"$body\" |\n    \
         openssl dgst -sha256 -sign \"$WECHATPAY_PRIVATE_KEY\" | openssl base64 -A)\n\
         curl --request {method} \"$WECHATPAY_BASE_URL$target\" \\\n    \
         --header \"Authorization: {} {id},nonce_str=\\\"$nonce_str\\\",signature=\\\"$signature\\\",timestamp=\\\"$timestamp\\\",serial_no=\\\"{serial}\\\"\" \\\n    \
         --header 'Accept: application/json'",
        scheme.name()
    );
    for (name, title) in [
        ("wechatpay-serial", "Wechatpay-Serial"),
        ("idempotency-key", "Idempotency-Key"),
    ] {
        if let Some(value) = request.header(name) {
            command.push_str(&format!(" \\\n    --header {}", quoted(&format!("{title}: {value}"))?));
        }
    }
    if meta.is_some() {
        command.push_str(" \\\n    --form \"meta=$body;type=application/json\"");
        for part in request.parts().iter().filter(|part| part.name() != "meta") {
            let file = part.file_name().unwrap_or("FILE");
            command.push_str(&format!(
                " \\\n    --form {}",
                quoted(&format!("{}=@{file}", part.name()))?
            ));
        }
    } else if !signed.is_empty() {
        command.push_str(" \\\n    --header 'Content-Type: application/json' \\\n    --data-binary \"$body\"");
    }
    command.push('\n');
    Some(command)
}

/// A text as one word of the shell, whatever it holds. Nothing for a text with a NUL, which no argument can hold.
fn quoted(text: &str) -> Option<String> {
    (!text.contains('\0')).then(|| format!("'{}'", text.replace('\'', "'\\''")))
}

/// What of a number of the header can stand between double quotes.
fn plain(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn g2_a_text_is_one_word_of_the_shell() {
        assert_eq!(quoted("a'b $(c) `d`\n\"").unwrap(), "'a'\\''b $(c) `d`\n\"'");
        assert_eq!(quoted("a\0b"), None);
        assert_eq!(plain("19$(rm)0\""), "19rm0");
    }
}
