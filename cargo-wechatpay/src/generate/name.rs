//! Names: from the wire to Rust.
//!
//! A name comes from what the service calls the thing. Only when two things of one scope would share a name, or when a
//! name means something else in generated code, it is changed.

use std::collections::HashSet;

/// Names that cannot be raw identifiers.
const NEVER_RAW: [&str; 4] = ["self", "super", "crate", "Self"];

/// Words that need `r#`, in all editions.
const KEYWORDS: [&str; 49] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move",
    "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield", "union",
];

/// Types that generated code uses by these names, and what every module knows without an import.
const TYPES_IN_USE: [&str; 38] = [
    "AsRef",
    "Box",
    "Clone",
    "Copy",
    "Debug",
    "Default",
    "Deserialize",
    "Download",
    "Drop",
    "Eq",
    "Err",
    "Fn",
    "From",
    "FromIterator",
    "Hash",
    "Into",
    "Iterator",
    "None",
    "Offset",
    "Ok",
    "Option",
    "Ord",
    "Paged",
    "PartialEq",
    "Result",
    "Send",
    "Sensitive",
    "Serialize",
    "Sized",
    "Some",
    "Step",
    "String",
    "Sync",
    "ToOwned",
    "ToString",
    "TryFrom",
    "Upload",
    "Vec",
];

/// Modules that generated code or the crate uses by these names, and names that Windows keeps for devices.
const MODULES_IN_USE: [&str; 13] = [
    "alloc",
    "aux",
    "con",
    "core",
    "description",
    "lib",
    "main",
    "mod",
    "nul",
    "prn",
    "serde",
    "serde_json",
    "std",
];

/// The words of a name: `out_trade_no`, `outTradeNo` and `Out-Trade-NO` have the same.
pub(crate) fn words(text: &str) -> Vec<String> {
    let characters: Vec<char> = text.chars().collect();
    let mut words = Vec::new();
    let mut word = String::new();
    for (index, &c) in characters.iter().enumerate() {
        if !c.is_alphanumeric() {
            words.push(std::mem::take(&mut word));
            continue;
        }
        let before = index.checked_sub(1).and_then(|index| characters.get(index));
        let after = characters.get(index + 1);
        let begins = c.is_uppercase()
            && before.is_some_and(|before| {
                before.is_lowercase() || (before.is_uppercase() && after.is_some_and(|after| after.is_lowercase()))
            });
        if begins {
            words.push(std::mem::take(&mut word));
        }
        word.extend(c.to_lowercase());
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

/// `out_trade_no`.
pub(crate) fn snake(text: &str) -> String {
    identifier(&words(text).join("_"), "empty")
}

/// `OutTradeNo`.
pub(crate) fn pascal(text: &str) -> String {
    let capitalised = words(text).into_iter().map(|word| {
        let mut characters = word.chars();
        characters
            .next()
            .into_iter()
            .flat_map(char::to_uppercase)
            .chain(characters)
            .collect::<String>()
    });
    identifier(&capitalised.collect::<String>(), "Empty")
}

/// `out_trade_no` and `in_body`: `out_trade_no_in_body`.
pub(crate) fn joined(name: &str, behind: &str) -> String {
    format!("{}_{behind}", name.trim_end_matches('_'))
}

/// `sub_orders` has items that are a `sub_order`; so has `sub_order_list`.
pub(crate) fn singular(text: &str) -> String {
    let mut words = words(text);
    if words.len() > 1 && words.last().is_some_and(|word| word == "list") {
        words.pop();
        // `orders_list`: the plural says nothing more.
    }
    if let Some(last) = words.last_mut() {
        *last = singular_word(last);
    }
    words.join("_")
}

fn singular_word(word: &str) -> String {
    let stem = |ending: &str| word.strip_suffix(ending).filter(|stem| stem.len() > 1);
    if let Some(stem) = stem("ies") {
        return format!("{stem}y");
    }
    for ending in ["sses", "shes", "ches", "xes", "uses"] {
        if stem(ending).is_some() {
            return word.strip_suffix("es").unwrap_or(word).to_owned();
        }
    }
    match stem("s") {
        Some(stem) if !stem.ends_with(['s', 'u', 'i']) => stem.to_owned(),
        _ => word.to_owned(),
    }
}

/// `text` as an identifier: nothing but letters, digits and `_`, no digit in front. It may be a keyword, but never one that
/// cannot be raw. Nothing is called `empty`.
fn identifier(text: &str, empty: &str) -> String {
    let valid = |text: &str| text != "_" && syn::parse_str::<syn::Ident>(&format!("r#{text}")).is_ok();
    if NEVER_RAW.contains(&text) {
        return format!("{text}_");
    }
    if valid(text) {
        return text.to_owned();
    }
    let prefixed = format!("_{text}");
    if !text.is_empty() && valid(&prefixed) {
        return prefixed;
    }
    let spelled = text.chars().map(|c| {
        if valid(&format!("a{c}")) {
            c.to_string()
        } else {
            format!("u{:x}", u32::from(c))
        }
    });
    let spelled: String = spelled.collect();
    if spelled.is_empty() {
        empty.to_owned()
    } else {
        format!("_{spelled}")
    }
}

/// An identifier as it stands in code: a keyword becomes raw.
pub(crate) fn in_code(identifier: &str) -> String {
    match KEYWORDS.contains(&identifier) {
        true => format!("r#{identifier}"),
        false => identifier.to_owned(),
    }
}

/// The name of the module for a segment of a path.
pub(crate) fn module(segment: &str) -> String {
    let name = snake(segment);
    if MODULES_IN_USE.contains(&name.as_str()) {
        name + "_"
    } else {
        name
    }
}

/// The names of one scope.
#[derive(Debug)]
pub(crate) struct Names {
    taken: HashSet<String>,
    /// What stands in front of a number: nothing in names of types, which have no underscores.
    before_number: &'static str,
}

impl Names {
    /// Names of types: those that generated code uses are taken.
    pub(crate) fn of_types() -> Self {
        Self {
            taken: TYPES_IN_USE.into_iter().map(str::to_owned).collect(),
            before_number: "",
        }
    }

    /// Names of the variants of an open enum.
    pub(crate) fn of_variants() -> Self {
        Self {
            taken: HashSet::from(["Unlisted".to_owned()]),
            before_number: "",
        }
    }

    /// Names of fields.
    pub(crate) fn of_fields() -> Self {
        Self {
            taken: HashSet::new(),
            before_number: "_",
        }
    }

    /// Takes the first of `candidates` that is free, or numbers the last one.
    pub(crate) fn take(&mut self, candidates: impl IntoIterator<Item = String>) -> String {
        let mut last = String::new();
        for candidate in candidates {
            if self.taken.insert(candidate.clone()) {
                return candidate;
            }
            last = candidate;
        }
        let stem = last.trim_end_matches('_');
        (2..)
            .map(|number: u64| format!("{stem}{}{number}", self.before_number))
            .find(|candidate| self.taken.insert(candidate.clone()))
            .unwrap_or(last)
    }
}

#[cfg(test)]
mod tests {
    use super::{Names, in_code, module, pascal, singular, snake};

    #[test]
    fn names_follow_the_words_of_the_wire() {
        for (wire, snaked, pascaled) in [
            ("out_trade_no", "out_trade_no", "OutTradeNo"),
            ("outTradeNo", "out_trade_no", "OutTradeNo"),
            ("ID_CARD", "id_card", "IdCard"),
            ("C2C", "c2c", "C2c"),
            ("HTTPServer", "http_server", "HttpServer"),
            ("transfer-bills", "transfer_bills", "TransferBills"),
        ] {
            assert_eq!(
                (snake(wire).as_str(), pascal(wire).as_str()),
                (snaked, pascaled),
                "{wire}"
            );
        }
    }

    #[test]
    fn items_are_named_in_the_singular() {
        for (list, item) in [
            ("sub_orders", "sub_order"),
            ("transfer_detail_list", "transfer_detail"),
            ("activities", "activity"),
            ("addresses", "address"),
            ("boxes", "box"),
            ("statuses", "status"),
            ("status", "status"),
            ("goods_detail", "goods_detail"),
            ("list", "list"),
            ("data", "data"),
        ] {
            assert_eq!(singular(list), item);
        }
    }

    #[test]
    fn h3_keywords_digits_and_signs_become_identifiers() {
        for (wire, code) in [
            ("type", "r#type"),
            ("self", "self_"),
            ("3d_secure", "_3d_secure"),
            ("", "empty"),
            ("_", "empty"),
            ("长期", "长期"),
            ("a\u{202e}b", "a_b"),
            ("💰", "empty"),
        ] {
            assert_eq!(in_code(&snake(wire)), code, "{wire}");
            assert!(syn::parse_str::<syn::Ident>(code).is_ok(), "{code}");
        }
        assert_eq!(in_code(&pascal("SELF")), "Self_");
        assert_eq!(pascal("-"), "Empty");
        assert_eq!(pascal("01"), "_01");
        assert_eq!(module("serde"), "serde_");
        assert_eq!(module("con"), "con_");
    }

    #[test]
    fn h3_a_name_is_numbered_only_when_nothing_else_is_free() {
        let mut names = Names::of_types();
        assert_eq!(names.take(["Option".into(), "PostOption".into()]), "PostOption");
        assert_eq!(names.take(["PostOption".into()]), "PostOption2");
        assert_eq!(names.take(["PostOption".into()]), "PostOption3");
    }
}
