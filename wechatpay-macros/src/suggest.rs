//! What a misspelt word was probably meant to be.

/// The candidate that `word` was meant to be, when one is near enough, or when the word is its beginning.
pub(crate) fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = fold(word);
    let near = |candidate: &'a str| {
        let other = fold(candidate);
        let is_begun = folded.len() >= 3 && other.starts_with(&folded);
        // One slip in a short word, one in three letters of a long one.
        let length = folded.chars().count().min(other.chars().count());
        let allowed = if length < 2 { 0 } else { (length / 3).max(1) };
        let distance = strsim::osa_distance(&folded, &other);
        (is_begun || distance <= allowed).then_some((distance, candidate))
    };
    let near = candidates.into_iter().filter_map(near);
    Some(near.min_by_key(|(distance, _)| *distance)?.1)
}

/// `` `a`, `b`, `c` ``, for a message that lists what would be right.
pub(crate) fn list(words: impl IntoIterator<Item = impl std::fmt::Display>) -> String {
    let quoted = words.into_iter().map(|word| format!("`{word}`"));
    quoted.collect::<Vec<_>>().join(", ")
}

/// "did you mean ..?", or the alternative text if no word is similar.
pub(crate) fn advice<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>, otherwise: &str) -> String {
    closest(word, candidates).map_or_else(|| otherwise.to_owned(), |meant| format!("did you mean `{meant}`?"))
}

/// Case and underscores are what people get wrong most, and they carry no meaning here.
fn fold(word: &str) -> String {
    word.replace('_', "").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OPTIONS: [&str; 4] = ["encrypt", "response", "idempotent", "crate"];

    #[test]
    fn a_near_miss_is_recognised() {
        for (word, meant) in [
            ("reponse", "response"),
            ("respones", "response"),
            ("Response", "response"),
            ("idempotant", "idempotent"),
            ("encypt", "encrypt"),
            ("crat", "crate"),
            ("resp", "response"),
        ] {
            assert_eq!(closest(word, OPTIONS), Some(meant), "{word}");
        }
        assert_eq!(closest("realName", ["real_name", "real"]), Some("real_name"));
        assert_eq!(closest("PSOT", ["PUT", "POST"]), Some("POST"));
    }

    #[test]
    fn another_word_is_not() {
        for word in ["", "x", "timeout", "headers", "method"] {
            assert_eq!(closest(word, OPTIONS), None, "{word}");
        }
        assert_eq!(closest("id", ["no", "a"]), None);
    }

    #[test]
    fn the_nearest_of_several_wins() {
        assert_eq!(closest("cred_i", ["cred_type", "cred_ids", "cred_id"]), Some("cred_id"));
    }
}
