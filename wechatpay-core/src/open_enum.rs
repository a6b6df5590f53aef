//! Enums that keep unlisted values.

/// Declares an open enum: the wire text beside each variant, and a value that is not listed in `Unlisted`.
///
/// The service adds values without notice. A closed enum would fail to decode the response that holds one, although the
/// payment went through.
///
/// ```
/// wechatpay_core::open_enum! {
///     /// 证件类型
///     pub enum CredType {
///         /// 身份证
///         IdCard = "ID_CARD",
///         /// 护照
///         Passport = "PASSPORT",
///     }
/// }
///
/// let known: CredType = serde_json::from_str(r#""ID_CARD""#)?;
/// assert_eq!(known, CredType::IdCard);
/// let new: CredType = serde_json::from_str(r#""RESIDENCE_PERMIT""#)?;
/// assert_eq!(new, CredType::Unlisted("RESIDENCE_PERMIT".into()));
/// assert_eq!(new.as_str(), "RESIDENCE_PERMIT");
/// assert_eq!(CredType::from("PASSPORT").to_string(), "PASSPORT");
/// # Ok::<(), serde_json::Error>(())
/// ```
///
/// The enum gets the variant `Unlisted(String)` and the method `as_str`. It implements `Clone`, `PartialEq`, `Eq`,
/// `Hash`, `From<&str>`, `From<String>`, `Serialize` and `Deserialize`, and `Display` and `Debug`, which both show the
/// wire text.
///
/// Two values are equal when they are the same on the wire.
///
/// `Default` is `Unlisted` with an empty text. Requests derive `Default`, and a required enum that was forgotten goes
/// out as `""`, like a forgotten `String`: the service refuses it by the field's name. A listed value would be
/// accepted.
#[macro_export]
macro_rules! open_enum {
    (
        $(#[$meta:meta])*
        $visibility:vis enum $name:ident {
            $($(#[$variant_meta:meta])* $variant:ident = $text:literal),* $(,)?
        }
    ) => {
        $(#[$meta])*
        $visibility enum $name {
            $($(#[$variant_meta])* $variant,)*
            /// A value that is not listed.
            Unlisted(::std::string::String),
        }

        impl $name {
            /// The text on the wire.
            #[must_use]
            $visibility fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Unlisted(text) => text,
                }
            }
        }

        impl ::std::convert::From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $($text => Self::$variant,)*
                    _ => Self::Unlisted(text.to_owned()),
                }
            }
        }

        impl ::std::convert::From<::std::string::String> for $name {
            fn from(text: ::std::string::String) -> Self {
                Self::from(text.as_str())
            }
        }

        // Through the text, which compiles faster than a derive: a catalogue has more than a thousand enums.
        impl ::std::clone::Clone for $name {
            fn clone(&self) -> Self {
                Self::from(self.as_str())
            }
        }

        impl ::std::cmp::PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.as_str() == other.as_str()
            }
        }

        impl ::std::cmp::Eq for $name {}

        impl ::std::hash::Hash for $name {
            fn hash<H: ::std::hash::Hasher>(&self, state: &mut H) {
                ::std::hash::Hash::hash(self.as_str(), state);
            }
        }

        impl ::std::default::Default for $name {
            fn default() -> Self {
                Self::Unlisted(::std::string::String::new())
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                formatter.pad(self.as_str())
            }
        }

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, formatter: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                ::std::fmt::Debug::fmt(self.as_str(), formatter)
            }
        }

        impl $crate::__private::serde::Serialize for $name {
            fn serialize<S: $crate::__private::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> $crate::__private::serde::Deserialize<'de> for $name {
            fn deserialize<D: $crate::__private::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                <::std::string::String as $crate::__private::serde::Deserialize<'de>>::deserialize(deserializer)
                    .map(Self::from)
            }
        }
    };
}

// By its path, as everything inside this crate is imported.
pub(crate) use open_enum;

#[cfg(test)]
mod tests {
    open_enum! {
        /// 退款状态
        pub(super) enum Status {
            /// 成功
            Success = "SUCCESS",
            Quoted = "a\"b",
        }
    }

    #[test]
    fn a_listed_value_and_an_unlisted_one_survive_the_way_through_serde() {
        for (text, value) in [
            ("SUCCESS", Status::Success),
            ("a\"b", Status::Quoted),
            ("", Status::default()),
            ("success", Status::Unlisted("success".into())),
        ] {
            let json = serde_json::to_string(&value).unwrap();
            assert_eq!(json, serde_json::to_string(text).unwrap());
            assert_eq!(serde_json::from_str::<Status>(&json).unwrap(), value);
            assert_eq!(Status::from(text), value);
            assert_eq!(Status::from(text.to_owned()), value);
            assert_eq!(value.as_str(), text);
        }
    }

    #[test]
    fn debug_and_display_show_the_wire_text() {
        assert_eq!(
            format!("{:?} {}", Status::Success, Status::Success),
            "\"SUCCESS\" SUCCESS"
        );
        assert_eq!(format!("{:>8}|", Status::Success), " SUCCESS|");
    }

    #[test]
    fn two_values_are_equal_when_they_are_the_same_on_the_wire() {
        let unlisted = Status::Unlisted("SUCCESS".into());
        assert_eq!(unlisted, Status::Success);
        assert_eq!(unlisted.clone(), Status::Success);
        assert_ne!(Status::Success, Status::Quoted);
        let set = std::collections::HashSet::from([unlisted]);
        assert!(set.contains(&Status::Success));
    }

    #[test]
    fn another_json_type_is_refused() {
        assert!(serde_json::from_str::<Status>("1").is_err());
        assert!(serde_json::from_str::<Status>("null").is_err());
    }
}
