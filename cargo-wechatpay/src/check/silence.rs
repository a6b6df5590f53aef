//! Comments that silence a finding: `// wechatpay: allow(unknown-field)`.

use super::finding::Kind;

/// Whether a comment on `line` or directly above it allows this kind. Lines count from 1; attributes and other comments
/// may stand between.
pub(super) fn is_allowed(lines: &[String], line: usize, kind: Kind) -> bool {
    let text = |line: usize| {
        line.checked_sub(1)
            .and_then(|place| lines.get(place))
            .map(String::as_str)
    };
    if text(line).is_some_and(|text| allows(text, kind)) {
        return true;
    }
    (1..line)
        .rev()
        .map_while(text)
        .take_while(|text| stands_above(text))
        .any(|text| allows(text, kind))
}

fn stands_above(line: &str) -> bool {
    let line = line.trim_start();
    line.starts_with("//") || line.starts_with('#')
}

fn allows(line: &str, kind: Kind) -> bool {
    let Some((_, comment)) = line.split_once("//") else {
        return false;
    };
    let Some((_, rest)) = comment.split_once("wechatpay:") else {
        return false;
    };
    let Some(names) = rest
        .trim_start()
        .strip_prefix("allow(")
        .and_then(|rest| rest.split_once(')'))
    else {
        return false;
    };
    names.0.split(',').any(|name| name.trim() == kind.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comment_silences_its_kind_on_its_line_and_below() {
        let text = "// wechatpay: allow(unknown-field, wrong-type)\n#[serde(default)]\na: u8, \nb: u8, // wechatpay: allow(missing-field)";
        let lines: Vec<String> = text.lines().map(str::to_owned).collect();
        assert!(is_allowed(&lines, 3, Kind::UnknownField));
        assert!(is_allowed(&lines, 3, Kind::WrongType));
        assert!(!is_allowed(&lines, 3, Kind::MissingField));
        assert!(is_allowed(&lines, 4, Kind::MissingField));
        assert!(!is_allowed(&lines, 4, Kind::UnknownField), "the line between is code");
        assert!(!is_allowed(&lines, 0, Kind::UnknownField) && !is_allowed(&[], 9, Kind::UnknownField));
    }
}
