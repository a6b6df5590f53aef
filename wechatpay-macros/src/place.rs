//! The places that a field can go to, one row each: all that differs between them, and nothing about it elsewhere.

/// What stands after the word of a field attribute.
pub(crate) enum Takes {
    /// `= "name"`, in this form.
    Name(&'static str),
    /// Maybe `= "name"`, and options: `file`.
    Options,
    /// Nothing. The reason is added to the message for a value.
    Nothing(&'static str),
}

/// How a place meets serde's attributes.
pub(crate) struct Serde {
    /// `rename` and `rename_all` give the name on the wire.
    pub(crate) rename: bool,
    /// `with` and `serialize_with` write the value.
    pub(crate) function: bool,
    /// `skip_serializing_if` leaves the field out.
    pub(crate) leave_out: bool,
    /// `flatten` adds the members of the value.
    pub(crate) flatten: bool,
    /// What wins over an attribute that has no effect, and what that means for the field.
    pub(crate) winner: &'static str,
    pub(crate) consequence: &'static str,
}

pub(crate) struct Row {
    /// The word in the field attribute; `None` for what needs none.
    pub(crate) word: Option<&'static str>,
    pub(crate) takes: Takes,
    /// "goes to ..".
    pub(crate) goes_to: &'static str,
    /// "is .. and cannot be encrypted"; `None` where a value can be encrypted.
    pub(crate) in_the_clear: Option<&'static str>,
    /// The method of `Fields` that takes the field.
    pub(crate) method: &'static str,
    pub(crate) serde: Serde,
}

macro_rules! places {
    ($($(#[$doc:meta])* $place:ident => $row:expr;)*) => {
        #[derive(Clone, Copy, Debug, PartialEq)]
        pub(crate) enum Place {
            $($(#[$doc])* $place,)*
        }

        impl Place {
            pub(crate) const ALL: &[Self] = &[$(Self::$place),*];

            pub(crate) fn row(self) -> Row {
                match self {
                    $(Self::$place => $row,)*
                }
            }
        }
    };
}

const NAMED_BY_SERDE: &str = "; its name is the field's, or what `#[serde(rename = \"..\")]` says";

places! {
    /// A placeholder of the path.
    Path => Row {
        word: Some("path"),
        takes: Takes::Name("path = \"name\""),
        goes_to: "the path",
        in_the_clear: Some("part of the path"),
        method: "path",
        serde: Serde {
            rename: false,
            function: false,
            leave_out: false,
            flatten: false,
            winner: "the placeholder",
            consequence: "fills it as one value",
        },
    };
    /// The query string, whatever the method.
    Query => Row {
        word: Some("query"),
        takes: Takes::Nothing(NAMED_BY_SERDE),
        goes_to: "the query",
        in_the_clear: None,
        method: "query",
        serde: Serde {
            rename: true,
            function: true,
            leave_out: true,
            flatten: false,
            winner: "`query`",
            consequence: "is one parameter",
        },
    };
    /// A request header.
    Header => Row {
        word: Some("header"),
        takes: Takes::Name("header = \"Idempotency-Key\""),
        goes_to: "a header",
        in_the_clear: Some("a header"),
        method: "header",
        serde: Serde {
            rename: false,
            function: false,
            leave_out: true,
            flatten: false,
            winner: "`header`",
            consequence: "is one header",
        },
    };
    /// The field is the body.
    Body => Row {
        word: Some("body"),
        takes: Takes::Nothing(""),
        goes_to: "the body",
        in_the_clear: None,
        method: "body",
        serde: Serde {
            rename: false,
            function: true,
            leave_out: false,
            flatten: false,
            winner: "`body`",
            consequence: "is the whole body",
        },
    };
    /// The file of an upload.
    File => Row {
        word: Some("file"),
        takes: Takes::Options,
        goes_to: "the file",
        in_the_clear: Some("a file"),
        method: "file",
        serde: Serde {
            rename: false,
            function: false,
            leave_out: false,
            flatten: false,
            winner: "`file`",
            consequence: "is sent as it is",
        },
    };
    /// A text part of an upload.
    Form => Row {
        word: Some("form"),
        takes: Takes::Nothing(NAMED_BY_SERDE),
        goes_to: "the form",
        in_the_clear: Some("a form part"),
        method: "form",
        serde: Serde {
            rename: true,
            function: false,
            leave_out: true,
            flatten: false,
            winner: "`form`",
            consequence: "is one part",
        },
    };
    /// The query string of a `GET`, the JSON body of the others, the `meta` of an upload.
    Payload => Row {
        word: None,
        takes: Takes::Nothing(""),
        goes_to: "the payload",
        in_the_clear: None,
        method: "payload",
        serde: Serde {
            rename: true,
            function: true,
            leave_out: true,
            flatten: true,
            winner: "the payload",
            consequence: "is one field of it",
        },
    };
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
        let row = self.row();
        let word = row.word?;
        Some(match row.takes {
            Takes::Name(_) => format!("{word} = \"..\""),
            Takes::Options | Takes::Nothing(_) => word.to_owned(),
        })
    }
}
