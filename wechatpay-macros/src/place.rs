//! The places that a field can go to, one row each: all that differs between them, and nothing about it elsewhere.

/// The syntax after the word of a field attribute.
#[derive(Clone, Copy)]
pub(crate) enum Takes {
    /// `= "name"`, such as this one.
    Name(&'static str),
    /// Maybe `= "name"`, and options.
    Options,
    /// Nothing; the name is the one that serde knows.
    SerdeName,
    Nothing,
}

/// The field attributes of serde that have an effect on a value written as text.
const AS_TEXT: &[&str] = &["rename", "skip_serializing_if"];
/// The same for a parameter, and for JSON.
const AS_VALUE: &[&str] = &["rename", "serialize_with", "skip_serializing_if", "with"];
const AS_JSON: &[&str] = &["flatten", "rename", "serialize_with", "skip_serializing_if", "with"];

/// A row of the table.
pub(crate) struct Row {
    /// The word in the field attribute; the payload needs none.
    pub(crate) word: Option<&'static str>,
    pub(crate) takes: Takes,
    /// "`x` goes to .."
    pub(crate) goes_to: &'static str,
    /// "`x` is .. and cannot be encrypted"; `None` where a value can be.
    pub(crate) unencrypted: Option<&'static str>,
    /// The field attributes of serde that have an effect.
    pub(crate) honours: &'static [&'static str],
    /// ".. wins over `flatten`, and `x` ..", where serde's attribute has no effect.
    pub(crate) wins: (&'static str, &'static str),
}

macro_rules! places {
    ($(
        $(#[$doc:meta])*
        $place:ident: $word:expr, $takes:expr, $goes_to:expr, $unencrypted:expr, $honours:expr, $wins:expr;
    )*) => {
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub(crate) enum Place {
            $($(#[$doc])* $place,)*
        }

        impl Place {
            pub(crate) const ALL: &[Self] = &[$(Self::$place),*];

            pub(crate) fn row(self) -> Row {
                match self {
                    $(Self::$place => Row {
                        word: $word, takes: $takes, goes_to: $goes_to, unencrypted: $unencrypted, honours: $honours, wins: $wins,
                    },)*
                }
            }
        }
    };
}

places! {
    /// A placeholder of the path.
    Path: Some("path"), Takes::Name("name"), "the path", Some("part of the path"), &[],
        ("the placeholder", "fills it as one value");
    /// The query string, whatever the method.
    Query: Some("query"), Takes::SerdeName, "the query", None, AS_VALUE,
        ("`query`", "is one parameter");
    /// A request header.
    Header: Some("header"), Takes::Name("Idempotency-Key"), "a header", Some("a header"),
        &["skip_serializing_if"], ("`header`", "is one header");
    /// The field is the body.
    Body: Some("body"), Takes::Nothing, "the body", None, &["serialize_with", "with"],
        ("`body`", "is the whole body");
    /// The file of an upload.
    File: Some("file"), Takes::Options, "the file", Some("a file"), &[], ("`file`", "is sent as it is");
    /// A text part of an upload.
    Form: Some("form"), Takes::SerdeName, "the form", Some("a form part"), AS_TEXT, ("`form`", "is one part");
    /// The query string of a `GET`, the JSON body of the others, the `meta` of an upload.
    Payload: None, Takes::Nothing, "the payload", None, AS_JSON,
        ("`flatten`", "has no name of its own");
}

impl Place {
    /// The words of the field attribute.
    pub(crate) fn words() -> impl Iterator<Item = &'static str> {
        Self::ALL.iter().filter_map(|place| place.row().word)
    }

    /// The place that the field attribute calls so.
    pub(crate) fn called(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|place| place.row().word == Some(word))
    }

    /// The field attribute as it is written, without the brackets: `path = ".."`, `query`.
    pub(crate) fn written(self) -> Option<String> {
        let Row { word, takes, .. } = self.row();
        let value = match takes {
            Takes::Name(_) => " = \"..\"",
            Takes::Options | Takes::SerdeName | Takes::Nothing => "",
        };
        word.map(|word| format!("{word}{value}"))
    }

    /// Whether the name is what serde says, and not what the field attribute says.
    pub(crate) fn is_renamed(self) -> bool {
        self.row().honours.contains(&"rename")
    }
}
