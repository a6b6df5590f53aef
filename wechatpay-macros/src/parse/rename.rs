//! serde's rules for the names of fields, needed where a name goes to the query or to a form instead of through serde.

/// What `#[serde(rename_all = "..")]` asks for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum RenameAll {
    /// `lowercase` and `snake_case`: fields are written that way already.
    AsWritten,
    /// `UPPERCASE` and `SCREAMING_SNAKE_CASE`.
    Upper,
    Pascal,
    Camel,
    Kebab,
    UpperKebab,
}

impl RenameAll {
    /// All rules, by serde's names.
    pub(crate) const RULES: [&str; 8] = [
        "lowercase",
        "UPPERCASE",
        "PascalCase",
        "camelCase",
        "snake_case",
        "SCREAMING_SNAKE_CASE",
        "kebab-case",
        "SCREAMING-KEBAB-CASE",
    ];

    /// `None` for a rule that serde does not know.
    pub(crate) fn from_text(text: &str) -> Option<Self> {
        Some(match text {
            "lowercase" | "snake_case" => Self::AsWritten,
            "UPPERCASE" | "SCREAMING_SNAKE_CASE" => Self::Upper,
            "PascalCase" => Self::Pascal,
            "camelCase" => Self::Camel,
            "kebab-case" => Self::Kebab,
            "SCREAMING-KEBAB-CASE" => Self::UpperKebab,
            _ => return None,
        })
    }

    pub(crate) fn apply(self, field: &str) -> String {
        match self {
            Self::AsWritten => field.to_owned(),
            Self::Upper => field.to_ascii_uppercase(),
            Self::Pascal => field.split('_').map(capitalised).collect(),
            Self::Camel => {
                let pascal = Self::Pascal.apply(field);
                let mut chars = pascal.chars();
                chars
                    .next()
                    .map(|first| first.to_ascii_lowercase())
                    .into_iter()
                    .chain(chars)
                    .collect()
            }
            Self::Kebab => field.replace('_', "-"),
            Self::UpperKebab => field.to_ascii_uppercase().replace('_', "-"),
        }
    }
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars
        .next()
        .map(|first| first.to_ascii_uppercase())
        .into_iter()
        .chain(chars)
        .collect()
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
            let all = RenameAll::from_text(rule).unwrap();
            assert_eq!(all.apply("out_trade_no"), name, "{rule}");
            assert_eq!(all.apply("a"), short, "{rule}");
        }
    }

    #[test]
    fn every_rule_in_the_list_is_known_and_no_other() {
        assert!(
            RenameAll::RULES
                .into_iter()
                .all(|rule| RenameAll::from_text(rule).is_some())
        );
        assert_eq!(RenameAll::from_text("Snake"), None);
    }
}
