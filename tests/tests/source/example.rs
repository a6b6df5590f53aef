//! The examples in the text of documentation.

/// The visible lines of the examples that run, concatenated.
pub fn running(docs: &str) -> String {
    let mut shown = String::new();
    let mut fence: Option<bool> = None;
    for line in docs.lines() {
        let line = line.trim();
        match (fence, line.strip_prefix("```")) {
            (None, Some(info)) => fence = Some(runs(info)),
            (Some(_), Some(_)) => fence = None,
            // Hidden lines and comments do not count.
            (Some(true), None) if line != "#" && !line.starts_with("# ") => {
                let code = line.split_once("// ").map_or(line, |(code, _)| code);
                shown.push_str(code);
                shown.push('\n');
            }
            _ => {}
        }
    }
    shown
}

/// Whether a code block with this info string is compiled and run.
fn runs(info: &str) -> bool {
    info.split([',', ' '])
        .all(|word| matches!(word, "" | "rust" | "should_panic"))
}

/// Whether `code` calls `name`. `fronts` are the texts that may precede the call.
pub fn calls(code: &str, fronts: &[&str], name: &str) -> bool {
    fronts.iter().any(|front| {
        let call = format!("{front}{name}");
        code.match_indices(&call).any(|(at, _)| {
            let before = code[..at].chars().next_back();
            let after = &code[at + call.len()..];
            // The text before must be a whole name: `HttpClient::new` does not call `Client::new`.
            let whole = !call.starts_with(char::is_alphanumeric)
                || before.is_none_or(|letter| !letter.is_alphanumeric() && letter != '_');
            whole && (after.starts_with(['(', '<', ')', '!', ',']) || after.starts_with("::<"))
        })
    })
}

/// Whether `code` contains the word `name`.
pub fn names(code: &str, name: &str) -> bool {
    code.split(|letter: char| !letter.is_alphanumeric() && letter != '_')
        .any(|word| word == name)
}
