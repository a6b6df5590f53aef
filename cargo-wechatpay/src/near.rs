//! Near misses: what a misspelt name may have meant.

/// The candidate that is nearest to `name`, when it is near enough to be a misspelling: about one character in five
/// differs.
pub(crate) fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let allowed = (name.chars().count() / 5).clamp(1, 6);
    candidates
        .into_iter()
        .filter(|candidate| candidate.chars().count().abs_diff(name.chars().count()) <= allowed)
        .map(|candidate| (strsim::osa_distance(name, candidate), candidate))
        .filter(|(distance, _)| (1..=allowed).contains(distance))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// A path without the names of its placeholders.
pub(crate) fn shape(path: &str) -> String {
    let segments = path
        .split('/')
        .map(|segment| if segment.starts_with('{') { "{}" } else { segment });
    segments.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelling_is_near_and_another_word_is_not() {
        let names = ["out_trade_no", "out_refund_no", "appid", "mchid"];
        assert_eq!(nearest("out_trade_on", names), Some("out_trade_no"));
        assert_eq!(nearest("apppid", names), Some("appid"));
        assert_eq!(nearest("openid", names), None);
        assert_eq!(nearest("appid", names), None);
    }

    #[test]
    fn a_shape_keeps_only_the_places_of_placeholders() {
        assert_eq!(shape("/v3/pay/{a}/close/{b}"), "/v3/pay/{}/close/{}");
    }
}
