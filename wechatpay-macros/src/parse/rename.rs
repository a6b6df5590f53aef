//! serde's rules for the names of fields.

/// A rule of `#[serde(rename_all = "..")]`.
pub(crate) type RenameAll = fn(&str) -> String;

/// All rules, by serde's names. Fields are written in snake case already.
pub(crate) const RULES: [(&str, RenameAll); 8] = [
    ("lowercase", str::to_owned),
    ("UPPERCASE", str::to_ascii_uppercase),
    ("PascalCase", pascal),
    ("camelCase", |field| {
        first(&pascal(field), |first| first.to_ascii_lowercase())
    }),
    ("snake_case", str::to_owned),
    ("SCREAMING_SNAKE_CASE", str::to_ascii_uppercase),
    ("kebab-case", |field| field.replace('_', "-")),
    ("SCREAMING-KEBAB-CASE", |field| {
        field.to_ascii_uppercase().replace('_', "-")
    }),
];

/// `None` for a rule that serde does not know.
pub(crate) fn rule(name: &str) -> Option<RenameAll> {
    Some(RULES.iter().find(|(known, _)| *known == name)?.1)
}

fn pascal(field: &str) -> String {
    let capitalised = |word: &str| first(word, |first| first.to_ascii_uppercase());
    field.split('_').map(capitalised).collect()
}

/// The word with another first letter.
fn first(word: &str, change: fn(&char) -> char) -> String {
    let mut letters = word.chars();
    let first = letters.next().map(|first| change(&first));
    first.into_iter().chain(letters).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_of_serde_gives_the_name_that_serde_gives() {
        for (rule, name, short) in [
            ("lowercase", "out_trade_no", "a"),
            ("UPPERCASE", "OUT_TRADE_NO", "A"),
            ("PascalCase", "OutTradeNo", "A"),
            ("camelCase", "outTradeNo", "a"),
            ("snake_case", "out_trade_no", "a"),
            ("SCREAMING_SNAKE_CASE", "OUT_TRADE_NO", "A"),
            ("kebab-case", "out-trade-no", "a"),
            ("SCREAMING-KEBAB-CASE", "OUT-TRADE-NO", "A"),
        ] {
            let apply = super::rule(rule).unwrap();
            assert_eq!(apply("out_trade_no"), name, "{rule}");
            assert_eq!(apply("a"), short, "{rule}");
        }
    }

    #[test]
    fn an_unknown_rule_is_none() {
        assert!(rule("Snake").is_none());
    }
}
