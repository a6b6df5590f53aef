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

/// Which of serde's field attributes have an effect.
#[derive(Clone, Copy)]
pub(crate) struct Honours {
    /// `rename` and `rename_all`.
    pub(crate) rename: bool,
    /// `with` and `serialize_with`.
    pub(crate) with: bool,
    /// `skip_serializing_if`.
    pub(crate) leave_out: bool,
    pub(crate) flatten: bool,
}

const NONE: Honours = Honours { rename: false, with: false, leave_out: false, flatten: false };
const AS_TEXT: Honours = Honours { rename: true, leave_out: true, ..NONE };

/// A row of the table.
pub(crate) struct Row {
    /// The word in the field attribute; the payload needs none.
    pub(crate) word: Option<&'static str>,
    pub(crate) takes: Takes,
    /// "`x` goes to .."
    pub(crate) goes_to: &'static str,
    /// "`x` is .. and cannot be encrypted"; `None` where a value can be.
    pub(crate) unencrypted: Option<&'static str>,
    pub(crate) honours: Honours,
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
                let (word, takes, goes_to, unencrypted, honours, wins) = match self {
                    $(Self::$place => ($word, $takes, $goes_to, $unencrypted, $honours, $wins),)*
                };
                Row { word, takes, goes_to, unencrypted, honours, wins }
            }
        }
    };
}

places! {
    /// A placeholder of the path.
    Path: Some("path"), Takes::Name("name"), "the path", Some("part of the path"), NONE,
        ("the placeholder", "fills it as one value");
    /// The query string, for every method.
    Query: Some("query"), Takes::SerdeName, "the query", None, Honours { with: true, ..AS_TEXT },
        ("`query`", "is one parameter");
    /// A request header.
    Header: Some("header"), Takes::Name("Idempotency-Key"), "a header", Some("a header"),
        Honours { leave_out: true, ..NONE }, ("`header`", "is one header");
    /// The field is the body.
    Body: Some("body"), Takes::Nothing, "the body", None, Honours { with: true, ..NONE },
        ("`body`", "is the whole body");
    /// The file of an upload.
    File: Some("file"), Takes::Options, "the file", Some("a file"), NONE, ("`file`", "is sent as it is");
    /// A text part of an upload.
    Form: Some("form"), Takes::SerdeName, "the form", Some("a form part"), AS_TEXT, ("`form`", "is one part");
    /// The query string of a `GET`, the JSON body of the others, the `meta` of an upload.
    Payload: None, Takes::Nothing, "the payload", None, Honours { with: true, flatten: true, ..AS_TEXT },
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
        let value = if matches!(takes, Takes::Name(_)) { " = \"..\"" } else { "" };
        word.map(|word| format!("{word}{value}"))
    }
}
