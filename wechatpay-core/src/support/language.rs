//! Every message in English and in Chinese, side by side: no message can exist in one language only.

use std::{borrow::Cow, fmt};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    Chinese,
}

/// What has a message in both languages.
pub(crate) trait Speak {
    fn speak(&self, f: &mut fmt::Formatter<'_>, language: Language) -> fmt::Result;
}

/// A message in one of the languages.
pub(crate) struct In<'a, T: ?Sized>(pub(crate) Language, pub(crate) &'a T);

impl<T: Speak + ?Sized> fmt::Display for In<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.1.speak(f, self.0)
    }
}

/// One message in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Text {
    english: Cow<'static, str>,
    chinese: Cow<'static, str>,
}

impl Text {
    pub(crate) fn new(english: impl Into<Cow<'static, str>>, chinese: impl Into<Cow<'static, str>>) -> Self {
        Self {
            english: english.into(),
            chinese: chinese.into(),
        }
    }

    /// The text of `speaker` in both languages.
    pub(crate) fn of(speaker: &(impl Speak + ?Sized)) -> Self {
        Self::new(
            In(Language::English, speaker).to_string(),
            In(Language::Chinese, speaker).to_string(),
        )
    }

    /// A message from outside, in its original language.
    pub(crate) fn foreign(message: impl Into<Cow<'static, str>>) -> Self {
        let message = message.into();
        Self::new(message.clone(), message)
    }

    pub(crate) fn get(&self, language: Language) -> &str {
        match language {
            Language::English => &self.english,
            Language::Chinese => &self.chinese,
        }
    }
}

/// English first, then Chinese.
impl From<(&'static str, &'static str)> for Text {
    fn from((english, chinese): (&'static str, &'static str)) -> Self {
        Self::new(english, chinese)
    }
}

impl Speak for Text {
    fn speak(&self, f: &mut fmt::Formatter<'_>, language: Language) -> fmt::Result {
        f.write_str(self.get(language))
    }
}

/// A [`Text`] with values: two format strings, English and Chinese.
macro_rules! text {
    ($english:literal, $chinese:literal $(,)?) => {
        $crate::support::language::Text::new(format!($english), format!($chinese))
    };
}

/// Writes one message in the wanted language: two format strings, English and Chinese.
macro_rules! say {
    ($f:expr, $language:expr, $english:literal, $chinese:literal $(,)?) => {
        match $language {
            $crate::support::language::Language::English => write!($f, $english),
            $crate::support::language::Language::Chinese => write!($f, $chinese),
        }
    };
}

pub(crate) use {say, text};
