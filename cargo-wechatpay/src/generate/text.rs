//! Text of the description in generated code: it must stay text, whatever it holds.

/// A string literal.
pub(crate) fn literal(text: &str) -> String {
    // `escape_debug` leaves no character that changes the direction or the line of the source.
    format!("\"{}\"", text.escape_debug().to_string().replace("\\'", "'"))
}

/// Text on one line of a doc comment. It is shown as it is: signs that Markdown or HTML would take for themselves are
/// escaped, and invisible characters that change the direction of the text are left out.
pub(crate) fn doc(text: &str) -> String {
    let text = visible(text);
    let mut out = String::new();
    for (index, word) in text.split(' ').enumerate() {
        if index > 0 {
            out.push(' ');
        }
        // An address is shown as one, and a bare one is a warning.
        match word
            .find("http")
            .filter(|_| word.contains("://") && !word.contains(['<', '>']))
        {
            Some(start) => {
                let (before, address) = word.split_at(start);
                let end = address.find(|c: char| !c.is_ascii_graphic()).unwrap_or(address.len());
                let (address, after) = address.split_at(end);
                out.push_str(&escaped(before));
                out.push_str(&format!("<{address}>"));
                out.push_str(&escaped(after));
            }
            None => out.push_str(&escaped(word)),
        }
    }
    // At the beginning of a line these open a heading, a list, a quote or a table.
    let opens = |c: char| matches!(c, '#' | '-' | '+' | '=' | '|' | '~' | ':');
    if out.starts_with(opens) {
        out.insert(0, '\\');
    } else if let Some(end) = out.find(|c: char| !c.is_ascii_digit())
        && end > 0
        && out[end..].starts_with(['.', ')'])
    {
        out.insert(end, '\\');
    }
    out
}

fn escaped(word: &str) -> String {
    let mut out = String::new();
    let mut characters = word.chars().peekable();
    let mut before = ' ';
    while let Some(c) = characters.next() {
        let inside_a_word = before.is_alphanumeric() && characters.peek().is_some_and(|next| next.is_alphanumeric());
        if matches!(c, '\\' | '`' | '*' | '[' | ']' | '<' | '>' | '&' | '~' | '|') || (c == '_' && !inside_a_word) {
            out.push('\\');
        }
        out.push(c);
        before = c;
    }
    out
}

/// An alias for the search of rustdoc. `None` when nothing is left of the text.
pub(crate) fn alias(text: &str) -> Option<String> {
    let text = visible(text).replace(['"', '\''], "");
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// `text` on one line, without invisible characters.
fn visible(text: &str) -> String {
    let hidden = |c: char| matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{61c}');
    let text: String = text.chars().filter(|&c| !hidden(c)).collect();
    text.split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

#[cfg(test)]
mod tests {
    use super::{alias, doc, literal};

    #[test]
    fn h3_a_label_is_shown_and_does_nothing() {
        for (label, shown) in [
            ("商户订单号", "商户订单号"),
            ("out_trade_no", "out_trade_no"),
            ("line one\nline two", "line one line two"),
            ("*/ fn main() {}", r"\*/ fn main() {}"),
            ("<script>x</script>", r"\<script\>x\</script\>"),
            ("see [other]", r"see \[other\]"),
            ("a\u{202e}b\u{2066}c", "abc"),
            ("# title", r"\# title"),
            ("1. first", r"1\. first"),
            ("_x_ `y`", r"\_x\_ \`y\`"),
            (
                "见https://pay.weixin.qq.com/a_b。",
                "见<https://pay.weixin.qq.com/a_b>。",
            ),
            ("", ""),
        ] {
            assert_eq!(doc(label), shown);
        }
    }

    #[test]
    fn h3_a_literal_holds_exactly_the_text() {
        for text in ["a\"b\\c\n", "it's", "\u{202e}", "中文", "\0"] {
            let literal: syn::LitStr = syn::parse_str(&literal(text)).unwrap();
            assert_eq!(literal.value(), text);
        }
        assert!(!literal("\u{202e}").contains('\u{202e}'));
        assert_eq!(literal("it's"), "\"it's\"");
    }

    #[test]
    fn h3_an_alias_has_no_quotes_and_is_never_empty() {
        assert_eq!(alias(" a\"b\tc' ").as_deref(), Some("ab c"));
        assert_eq!(alias("\n\""), None);
    }
}
