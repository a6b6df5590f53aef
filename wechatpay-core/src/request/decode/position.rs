//! From a position in a JSON text to the path of the field there.
//!
//! serde_json gives line and column. Following the path while decoding would make every response type compile twice, for
//! the rare response that cannot be decoded. Walking the text once afterwards costs nothing otherwise.

/// The path of the value that the byte at `line` and `column` (both from 1, as serde_json counts) belongs to, such as
/// `data[2].amount`. Empty for the text as a whole.
pub(crate) fn path(json: &[u8], line: usize, column: usize) -> String {
    let before: usize = json
        .split_inclusive(|byte| *byte == b'\n')
        .take(line.saturating_sub(1))
        .map(<[u8]>::len)
        .sum();
    let end = before.saturating_add(column).min(json.len());
    let mut levels = Levels::default();
    let mut bytes = json.iter().take(end).enumerate().peekable();
    while let Some((at, byte)) = bytes.next() {
        match byte {
            b'{' => levels.enter(Level::Object {
                key: None,
                expects_key: true,
            }),
            b'[' => levels.enter(Level::Array { index: 0 }),
            // An error at the end of an object is about the object, not about its last member.
            b'}' | b']' => levels.leave(),
            b',' => match levels.current() {
                Some(Level::Object { key, expects_key }) => (*key, *expects_key) = (None, true),
                Some(Level::Array { index }) => *index += 1,
                None => {}
            },
            b'"' => {
                let start = at + 1;
                let mut length = 0;
                while let Some((_, inside)) = bytes.next() {
                    match inside {
                        b'"' => break,
                        b'\\' => {
                            bytes.next();
                            length += 2;
                        }
                        _ => length += 1,
                    }
                }
                if let Some(Level::Object {
                    key,
                    expects_key: expects_key @ true,
                }) = levels.current()
                {
                    let text = json.get(start..start + length).unwrap_or_default();
                    // No character has more than four bytes.
                    let text = text.get(..LONGEST_KEY * 4).unwrap_or(text);
                    *key = Some(String::from_utf8_lossy(text).chars().take(LONGEST_KEY).collect());
                    *expects_key = false;
                }
            }
            _ => {}
        }
    }
    levels.render()
}

/// Where the walk is: the outermost levels, and how many there are.
#[derive(Default)]
struct Levels {
    outermost: Vec<Level>,
    depth: usize,
}

enum Level {
    Object { key: Option<String>, expects_key: bool },
    Array { index: usize },
}

/// The path shows at most this many levels, and no more are kept: a hostile response nests millions.
const DEEPEST: usize = 32;

/// The path shows at most this many characters of a key.
const LONGEST_KEY: usize = 64;

impl Levels {
    fn enter(&mut self, level: Level) {
        if self.depth < DEEPEST {
            self.outermost.push(level);
        }
        self.depth += 1;
    }

    fn leave(&mut self) {
        if self.depth <= DEEPEST {
            self.outermost.pop();
        }
        self.depth = self.depth.saturating_sub(1);
    }

    /// The innermost level, if it is shown.
    fn current(&mut self) -> Option<&mut Level> {
        if self.depth > DEEPEST {
            return None;
        }
        self.outermost.last_mut()
    }

    fn render(&self) -> String {
        let mut path = String::new();
        for level in &self.outermost {
            match level {
                Level::Object { key: Some(key), .. } => {
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path.push_str(key);
                }
                Level::Object { key: None, .. } => {}
                Level::Array { index } => path.push_str(&format!("[{index}]")),
            }
        }
        if self.depth > DEEPEST {
            path.push('…');
        }
        path
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only decoded")]
    struct Outer {
        data: Vec<Inner>,
        #[serde(default)]
        text: String,
    }

    #[derive(Debug, Deserialize)]
    #[expect(dead_code, reason = "only decoded")]
    struct Inner {
        amount: u32,
        #[serde(default)]
        list: Vec<bool>,
    }

    fn path(json: &str) -> String {
        let error = serde_json::from_str::<Outer>(json).unwrap_err();
        super::path(json.as_bytes(), error.line(), error.column())
    }

    #[test]
    fn the_path_of_the_wrong_value_is_found() {
        assert_eq!(path(r#"{"data":[{"amount":1},{"amount":"x"}]}"#), "data[1].amount");
        assert_eq!(
            path(r#"{"a":{"b":[1,{"c":2}]},"data":[{"amount":-1}]}"#),
            "data[0].amount"
        );
        assert_eq!(
            path("{\"data\": [\n  {\"amount\": 1,\n   \"list\": [true,\n false, 7]}]}"),
            "data[0].list[2]"
        );
        assert_eq!(path(r#"{"data":[{"amount":null}]}"#), "data[0].amount");
        assert_eq!(path(r#"{"a\"{[,":1,"text":7,"data":[]}"#), "text");
    }

    #[test]
    fn a_missing_field_is_reported_at_the_object_that_lacks_it() {
        assert_eq!(path(r#"{"data":[{"amount":1},{"list":[]}]}"#), "data[1]");
        assert_eq!(path("{}"), "");
    }

    #[test]
    fn truncated_and_hostile_texts_do_no_harm() {
        let json = r#"{"data":[{"amount":1,"list":[true,"\"\\"#;
        for end in 0..json.len() {
            for column in 0..=json.len() + 2 {
                super::path(&json.as_bytes()[..end], 1, column);
            }
        }
        let deep = "[".repeat(100_000);
        assert!(super::path(deep.as_bytes(), 1, 100_000).len() < 200);
        super::path(b"]]]}}},,,", 7, usize::MAX);
        let long = format!(r#"{{"{}":7"#, "中".repeat(100_000));
        assert_eq!(super::path(long.as_bytes(), 1, long.len()).chars().count(), 64);
    }

    #[test]
    fn s15_levels_below_the_deepest_shown_are_only_counted() {
        let mut levels = super::Levels::default();
        for _ in 0..4 << 20 {
            levels.enter(super::Level::Array { index: 0 });
        }
        assert!(levels.outermost.capacity() <= 64);
        assert!(levels.current().is_none());
        // Back at a level that is shown, its members count again.
        let closed = "[".repeat(40) + &"]".repeat(39);
        assert_eq!(super::path(format!("{closed},7").as_bytes(), 1, 80), "[1]");
        let inside = "[".repeat(33) + ",,,";
        assert_eq!(super::path(inside.as_bytes(), 1, 36).matches("[0]").count(), 32);
    }

    #[test]
    fn a_key_is_shown_as_it_stands_and_a_path_down_to_a_depth() {
        assert_eq!(super::path(br#"{"a\"b":7"#, 1, 8), r#"a\"b"#);
        for (depth, whole) in [(32, true), (33, false)] {
            let path = super::path("[".repeat(depth).as_bytes(), 1, depth);
            assert_eq!(path.matches("[0]").count(), 32);
            assert_eq!(!path.ends_with('…'), whole, "{path}");
        }
    }
}
