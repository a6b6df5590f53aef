//! Text from outside, within the single line of an error.

use std::fmt::{self, Write as _};

/// Shows a text with line breaks and other control characters escaped, so that a log line stays one line and contains
/// no terminal commands. Other characters, including quotation marks, are unchanged.
pub(crate) struct OneLine<'a>(pub(crate) &'a str);

impl fmt::Display for OneLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.chars().try_for_each(|character| match character {
            // The separators of lines and paragraphs are no control characters, and end a line all the same.
            '\u{2028}' | '\u{2029}' => character.escape_unicode().fmt(f),
            _ if character.is_control() => character.escape_default().fmt(f),
            _ => f.write_char(character),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_end_the_line_is_escaped_and_nothing_else() {
        let text = "a \"b\" 中\r\n\u{1b}[31m\0\u{85}\u{2028}";
        assert_eq!(
            OneLine(text).to_string(),
            r#"a "b" 中\r\n\u{1b}[31m\u{0}\u{85}\u{2028}"#
        );
    }
}
