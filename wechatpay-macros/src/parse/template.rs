//! The path of an operation: fixed text and `{placeholders}`, each a whole segment.

/// A parsed path template.
#[derive(Debug, Default)]
pub(crate) struct Template {
    /// The names between braces, in their order, each once.
    pub(crate) placeholders: Vec<String>,
    /// What is wrong with it, one sentence each.
    pub(crate) mistakes: Vec<String>,
}

impl Template {
    pub(crate) fn scan(path: &str) -> Self {
        let mut template = Self::default();
        let path = template.without_host(path);
        let path = template.without_query(path);
        if path.chars().any(|c| c.is_whitespace() || c.is_control()) {
            template.mistake("a path contains no white space; remove it");
        }
        let path = template.without_fragment(path);
        let inner = path.strip_prefix('/').unwrap_or(path);
        let last = inner.split('/').count();
        for (number, segment) in inner.split('/').enumerate() {
            // A path may end in `/`, and some do.
            if segment.is_empty() && number + 1 < last {
                template.mistake("a segment of the path is empty; write one `/` instead of two");
            }
            template.segment(segment);
        }
        template
    }

    fn without_host<'a>(&mut self, path: &'a str) -> &'a str {
        let after_scheme = path.split_once("://").map(|(_, rest)| rest);
        if let Some(rest) = after_scheme.or_else(|| path.strip_prefix("//")) {
            let path = rest.find('/').map_or("", |slash| rest.split_at(slash).1);
            let shown = if path.is_empty() { "/v3/..." } else { path };
            let cause = "the path names no host, which is the client's";
            self.mistake(format!("{cause}; write `{shown}`"));
            return path;
        }
        if !path.starts_with('/') {
            let shown = if path.trim().is_empty() { "v3/..." } else { path.trim() };
            self.mistake(format!("the path must start with `/`; write `/{shown}`"));
        }
        path
    }

    fn without_query<'a>(&mut self, path: &'a str) -> &'a str {
        let Some((path, query)) = path.split_once('?') else {
            return path;
        };
        let name = query.split(['=', '&']).next().unwrap_or_default();
        let remedy = match name {
            "" => "parameters of the query string are fields".to_owned(),
            name => format!("declare `{name}` as a field, and it goes to the query string"),
        };
        self.mistake(format!("the path ends before the `?`; {remedy}"));
        path
    }

    fn without_fragment<'a>(&mut self, path: &'a str) -> &'a str {
        // `{r#type}` has its own sentence.
        let is_fragment = |(at, _): &(usize, &str)| !path.split_at(*at).0.ends_with("{r");
        let Some((at, _)) = path.match_indices('#').find(is_fragment) else {
            return path;
        };
        let (path, fragment) = path.split_at(at);
        self.mistake(format!("a path has no fragment, it is never sent; remove `{fragment}`"));
        path
    }

    fn segment(&mut self, segment: &str) {
        if matches!(segment, "." | "..") {
            let remedy = "write the path that is meant";
            self.mistake(format!("a segment `{segment}` leads elsewhere; {remedy}"));
        }
        if let Some(name) = other_placeholder(segment) {
            return self.mistake(format!("a placeholder stands in braces; write `{{{name}}}`"));
        }
        let (mut parts, mut rest) = (Vec::new(), segment);
        let named = |text| if is_name(text) { text } else { "name" };
        while let Some(at) = rest.find(['{', '}']) {
            let (text, brace) = rest.split_at(at);
            if brace.starts_with('}') {
                return self.mistake(format!("`}}` closes no placeholder; write `{{{}}}`", named(text)));
            }
            let Some(end) = brace.find('}') else {
                let name = named(brace.trim_start_matches('{'));
                return self.mistake(format!("a placeholder is not closed; write `{{{name}}}`"));
            };
            let (placeholder, after) = brace.split_at(end + 1);
            parts.extend((!text.is_empty()).then_some(text));
            parts.push(placeholder);
            self.placeholder(placeholder);
            rest = after;
        }
        parts.extend((!rest.is_empty()).then_some(rest));
        if parts.len() > 1 {
            let cause = format!("a placeholder stands for one whole path segment, and `{segment}` is more than that");
            self.mistake(format!("{cause}; write `{}`", parts.join("/")));
        }
        for text in parts.iter().filter(|part| !part.starts_with('{')) {
            if let Some(wrong) = text.chars().find(|c| !is_path_character(*c)) {
                let remedy = format!("write `{}`, percent-encoded", percent_encoded(text));
                self.mistake(format!("`{wrong}` cannot stand in a path; {remedy}"));
            }
        }
    }

    fn placeholder(&mut self, placeholder: &str) {
        let name = placeholder.trim_start_matches('{').trim_end_matches('}');
        let mistake = if name.is_empty() {
            "placeholder `{}` has no name; write `{name}`".to_owned()
        } else if let Some(plain) = name.strip_prefix("r#") {
            format!("a placeholder has no `r#`; write `{{{plain}}}`, which the field `{name}` fills")
        } else if self.placeholders.iter().any(|known| known == name) {
            let other = format!("`{{other_{name}}}` with a field of its own");
            format!("placeholder `{{{name}}}` appears twice; give each its own name, as in {other}")
        } else if is_name(name) {
            return self.placeholders.push(name.to_owned());
        } else if name.contains(char::is_whitespace) {
            // The path has a mistake for it already.
            return;
        } else {
            format!("`{name}` cannot name a placeholder; use letters, digits and `_`")
        };
        self.mistake(mistake);
    }

    fn mistake(&mut self, sentence: impl Into<String>) {
        let sentence = sentence.into();
        if !self.mistakes.contains(&sentence) {
            self.mistakes.push(sentence);
        }
    }
}

/// The name in a placeholder as web frameworks and shells write it: `:id`, `<id>`, `${id}`, `{{id}}`. No documented path
/// has such a segment.
fn other_placeholder(segment: &str) -> Option<&str> {
    let mut forms = [(":", ""), ("<", ">"), ("${", "}"), ("$", ""), ("{{", "}}")].into_iter();
    let name = forms.find_map(|(open, close)| segment.strip_prefix(open)?.strip_suffix(close))?;
    is_name(name).then_some(name)
}

fn percent_encoded(text: &str) -> String {
    let encode = |byte: u8| match char::from(byte) {
        plain if plain.is_ascii() && is_path_character(plain) => plain.to_string(),
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(encode).collect()
}

/// A field's name, or one with `-` and `.`, which `#[wechatpay(path = "..")]` can fill.
fn is_name(name: &str) -> bool {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    !name.is_empty() && name.chars().all(is_part)
}

/// RFC 3986, `pchar`, with `%` for what is encoded already. White space has its own sentence.
fn is_path_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || c.is_whitespace() || c.is_control() || "-._~!$&'()*+,;=:@%".contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mistakes(path: &str) -> Vec<String> {
        Template::scan(path).mistakes
    }

    #[test]
    fn placeholders_are_found_in_their_order() {
        for (path, placeholders) in [
            ("/v3/certificates", &[] as &[&str]),
            ("/v3/x/{mchid}", &["mchid"]),
            ("/v3/{a}/x/{b_2}/{c-d}", &["a", "b_2", "c-d"]),
            ("/{a}", &["a"]),
            ("/v3/x/{a}/", &["a"]),
            ("/hk/v3/out-trade-no/{out_trade_no}:close", &["out_trade_no"]),
        ] {
            assert_eq!(Template::scan(path).placeholders, placeholders, "{path}");
        }
    }

    #[test]
    fn a_legal_path_has_no_mistake() {
        for path in [
            "/",
            "/v3/x",
            "/v3/x/",
            "/v3/x/{a}",
            "/v3/x/{a}/",
            "/v3/a-b_c.d~e/{f}/:g@h",
            "/hk/v3/x",
            "/v3/%7E",
        ] {
            assert_eq!(mistakes(path), [""; 0], "{path}");
        }
    }

    #[test]
    fn m2_and_m11_each_mistake_has_one_sentence() {
        for (path, sentence) in [
            ("v3/x", "the path must start with `/`; write `/v3/x`"),
            ("", "the path must start with `/`; write `/v3/...`"),
            ("{id}/x", "the path must start with `/`; write `/{id}/x`"),
            (
                "https://api.mch.weixin.qq.com/v3/x/{id}",
                "the path names no host, which is the client's; write `/v3/x/{id}`",
            ),
            (
                "https://api.mch.weixin.qq.com",
                "the path names no host, which is the client's; write `/v3/...`",
            ),
            (
                "//api.mch.weixin.qq.com/v3/x",
                "the path names no host, which is the client's; write `/v3/x`",
            ),
            (
                "/v3/x?mchid={mchid}",
                "the path ends before the `?`; declare `mchid` as a field, and it goes to the query string",
            ),
            (
                "/v3/x?",
                "the path ends before the `?`; parameters of the query string are fields",
            ),
            ("/v3/ x", "a path contains no white space; remove it"),
            ("/v3/x\n", "a path contains no white space; remove it"),
            ("/v3/{ id }", "a path contains no white space; remove it"),
            ("/v3/{", "a placeholder is not closed; write `{name}`"),
            ("/v3/{id", "a placeholder is not closed; write `{id}`"),
            ("/v3/{id/x", "a placeholder is not closed; write `{id}`"),
            ("/v3/id}", "`}` closes no placeholder; write `{id}`"),
            ("/v3/{}", "placeholder `{}` has no name; write `{name}`"),
            ("/v3/x/:id", "a placeholder stands in braces; write `{id}`"),
            (
                "/v3/{a}{b}",
                "a placeholder stands for one whole path segment, and `{a}{b}` is more than that; write `{a}/{b}`",
            ),
            (
                "/v3/x{a}",
                "a placeholder stands for one whole path segment, and `x{a}` is more than that; write `x/{a}`",
            ),
            (
                "/v3/{a}/x/{a}",
                "placeholder `{a}` appears twice; give each its own name, as in `{other_a}` with a field of its own",
            ),
            (
                "/v3/{a*}",
                "`a*` cannot name a placeholder; use letters, digits and `_`",
            ),
            ("/v3//x", "a segment of the path is empty; write one `/` instead of two"),
            (
                "/v3/../x",
                "a segment `..` leads elsewhere; write the path that is meant",
            ),
            ("/v3/x#y", "a path has no fragment, it is never sent; remove `#y`"),
            (
                "/v3/支付",
                "`支` cannot stand in a path; write `%E6%94%AF%E4%BB%98`, percent-encoded",
            ),
            ("/v3/<id>/x", "a placeholder stands in braces; write `{id}`"),
            ("/v3/${id}", "a placeholder stands in braces; write `{id}`"),
            ("/v3/$id", "a placeholder stands in braces; write `{id}`"),
            ("/v3/{{id}}", "a placeholder stands in braces; write `{id}`"),
            (
                "/v3/{r#type}",
                "a placeholder has no `r#`; write `{type}`, which the field `r#type` fills",
            ),
        ] {
            assert_eq!(mistakes(path), [sentence], "{path}");
        }
    }

    #[test]
    fn all_mistakes_of_a_path_are_reported() {
        assert_eq!(mistakes("v3/{}/x y/{a}/{a}?b=c").len(), 5);
    }
}
