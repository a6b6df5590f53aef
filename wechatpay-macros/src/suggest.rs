//! What a misspelt word was probably meant to be.

/// The candidate that `word` was meant to be, when one is near enough, or when the word is its beginning.
pub(crate) fn closest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let folded = fold(word);
    let near = |candidate: &'a str| {
        let folded_candidate = fold(candidate);
        let begun = folded.len() >= 3 && folded_candidate.starts_with(&folded);
        let distance = distance(&folded, &folded_candidate);
        (begun || distance <= allowed(&folded, candidate)).then_some((distance, candidate))
    };
    let near = candidates.into_iter().filter_map(near);
    near.min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// `` `a`, `b`, `c` ``, for a message that lists what would be right.
pub(crate) fn list(words: impl IntoIterator<Item = impl std::fmt::Display>) -> String {
    let quoted = words.into_iter().map(|word| format!("`{word}`"));
    quoted.collect::<Vec<_>>().join(", ")
}

/// "did you mean ..?", or what stands there when nothing is near.
pub(crate) fn advice<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>, otherwise: &str) -> String {
    match closest(word, candidates) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => otherwise.to_owned(),
    }
}

/// Case and underscores are what people get wrong most, and they carry no meaning here.
fn fold(word: &str) -> Vec<char> {
    word.chars()
        .filter(|c| *c != '_')
        .flat_map(char::to_lowercase)
        .collect()
}

/// One slip in a short word, one in three letters of a long one.
fn allowed(word: &[char], candidate: &str) -> usize {
    match word.len().min(candidate.len()) {
        0 | 1 => 0,
        2..=5 => 1,
        length => length / 3,
    }
}

/// Edits from one word to the other: insert, delete, replace a letter, swap two neighbours.
fn distance(from: &[char], to: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    let mut previous = None;
    for (i, a) in from.iter().enumerate() {
        let mut next = vec![i + 1];
        let mut left = i + 1;
        let mut previous_to = None;
        for (j, b) in to.iter().enumerate() {
            let get = |row: &[usize], column: usize| row.get(column).copied().unwrap_or(usize::MAX - 1);
            let mut best = (get(&row, j + 1) + 1)
                .min(left + 1)
                .min(get(&row, j) + usize::from(a != b));
            if previous == Some(b) && previous_to == Some(a) {
                best = best.min(get(&before, j.saturating_sub(1)) + 1);
            }
            next.push(best);
            left = best;
            previous_to = Some(b);
        }
        previous = Some(a);
        before = std::mem::replace(&mut row, next);
    }
    row.last().copied().unwrap_or(0)
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

    #[test]
    fn every_edit_counts_one() {
        let d = |a: &str, b: &str| distance(&fold(a), &fold(b));
        assert_eq!(d("", "abc"), 3);
        assert_eq!(d("abc", ""), 3);
        assert_eq!(d("abc", "abc"), 0);
        assert_eq!(d("abc", "acb"), 1);
        assert_eq!(d("abc", "abcd"), 1);
        assert_eq!(d("abc", "xbc"), 1);
        assert_eq!(d("kitten", "sitting"), 3);
    }
}
