//! Facts in a sentence: names that are short enough to be labels, and links.

/// The maximum width of a label in columns of a terminal. A Chinese character has two columns.
const WIDTH: usize = 48;

/// The text as a label, if it is one: a name, not a sentence. Links in it are removed first.
pub(crate) fn label(text: &str) -> Option<String> {
    let text = without_links(text);
    let text = text.trim().trim_end_matches(['。', '.']).trim_end();
    // Radicals occur in place of the characters that they look like.
    let letter = |c: char| c.is_alphanumeric() || ('\u{2e80}'..='\u{2fdf}').contains(&c);
    let name = |c: char| letter(c) || " （）()[]、/／-–_+&%.·∙".contains(c);
    let width: usize = text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
    // A full stop inside may be part of a version number, but not the end of a sentence.
    let sentence = text.contains(". ") || text.contains("http");
    (!text.is_empty() && width <= WIDTH && text.chars().all(name) && !sentence).then(|| text.to_owned())
}

/// The text on one line, without characters that a terminal or an editor obeys: line ends, escapes, marks that turn the
/// direction of text.
pub(crate) fn one_line(text: &str) -> String {
    let obeyed = |c: char| {
        c.is_control()
            || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    let words = text
        .split(|c: char| c.is_whitespace() || obeyed(c))
        .filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

/// The text without Markdown links: `[文档](https://..)`.
fn without_links(text: &str) -> String {
    let mut rest = text;
    let mut out = String::with_capacity(text.len());
    while let Some((before, link)) = rest.split_once('[') {
        match link.split_once("](").and_then(|(name, target)| {
            let (target, after) = target.split_once(')')?;
            (!name.contains(['[', '\n']) && target.contains("://")).then_some(after)
        }) {
            Some(after) => {
                out.push_str(before);
                rest = after;
            }
            None => {
                out.push_str(before);
                out.push('[');
                rest = link;
            }
        }
    }
    out + rest
}

/// The links in a text, in order, each one once.
pub(crate) fn links(text: &str) -> Vec<String> {
    let mut links: Vec<String> = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find("http") {
        rest = rest.get(start..).unwrap_or_default();
        let scheme = ["https://", "http://"].iter().find(|scheme| rest.starts_with(**scheme));
        let Some(scheme) = scheme else {
            rest = rest.get(4..).unwrap_or_default();
            continue;
        };
        let end = |c: char| c.is_whitespace() || c.is_control() || ")]>\"'`，。；）】》、".contains(c);
        let length = rest.find(end).unwrap_or(rest.len());
        let (link, after) = rest.split_at(length);
        let link = link.trim_end_matches(['.', ',', ';']);
        if link.len() > scheme.len() && !links.iter().any(|known| known == link) {
            links.push(link.to_owned());
        }
        rest = after;
    }
    links
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_label_and_a_sentence_is_not() {
        assert_eq!(label("商户订单号").as_deref(), Some("商户订单号"));
        assert_eq!(
            label(" 用户乘车时间（上车）。 ").as_deref(),
            Some("用户乘车时间（上车）")
        );
        assert_eq!(label("Merchant order number").as_deref(), Some("Merchant order number"));
        assert_eq!(label("订单总金额，单位为分"), None);
        assert_eq!(label("合作方信息`JSON`格式字符串"), None);
        assert_eq!(label("It is the number. Send it"), None);
        assert_eq!(label("一二三四五六七八九十一二三四五六七八九十一二三四五"), None);
        assert_eq!(label(""), None);
    }

    #[test]
    fn one_line_has_no_character_that_is_obeyed() {
        assert_eq!(one_line(" 甲\r\n\u{1b}[2J 乙\u{202e}丙\u{2028}\u{0} "), "甲 [2J 乙 丙");
    }

    #[test]
    fn a_link_is_no_part_of_a_label() {
        assert_eq!(
            label("商户预授权 [官方文档](https://pay.example/a.html)").as_deref(),
            Some("商户预授权")
        );
        assert_eq!(label("数组[0]").as_deref(), Some("数组[0]"));
    }

    #[test]
    fn links_are_found_in_markdown_and_outside_of_it_each_once() {
        let text = "见 [文档](https://a.example/x_(1).html) 和 https://b.example/y，又 https://b.example/y。http 无";
        assert_eq!(links(text), ["https://a.example/x_(1", "https://b.example/y"]);
    }
}
