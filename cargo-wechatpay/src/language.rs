//! The language of the messages.

/// The language of the messages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English
    #[default]
    English,
    /// 中文
    Chinese,
}

impl Language {
    /// The language of a name such as `zh-CN`, `zh_CN.UTF-8`, `en` or `C`. English for every language but Chinese.
    #[must_use]
    pub fn of_locale(name: &str) -> Self {
        let language = name.split(['-', '_', '.', '@']).next().unwrap_or_default();
        if language.eq_ignore_ascii_case("zh") {
            Self::Chinese
        } else {
            Self::English
        }
    }

    /// The language of this machine's locale.
    #[must_use]
    pub fn of_system() -> Self {
        sys_locale::get_locale().map_or(Self::English, |name| Self::of_locale(&name))
    }

    /// One of two texts.
    pub fn pick<T>(self, english: T, chinese: T) -> T {
        match self {
            Self::English => english,
            Self::Chinese => chinese,
        }
    }
}

/// A message in the language of the first argument: first in English, then in Chinese. Both are format strings.
macro_rules! text {
    ($language:expr, $english:literal, $chinese:literal $(,)?) => {
        match $language {
            $crate::language::Language::English => ::std::format!($english),
            $crate::language::Language::Chinese => ::std::format!($chinese),
        }
    };
}
pub(crate) use text;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_locale_is_chinese_by_its_first_part() {
        for chinese in ["zh", "zh-CN", "zh_CN.UTF-8", "zh-Hant-TW", "ZH"] {
            assert_eq!(Language::of_locale(chinese), Language::Chinese, "{chinese}");
        }
        for other in ["", "C", "POSIX", "en_US.UTF-8", "zhx", "de-CH"] {
            assert_eq!(Language::of_locale(other), Language::English, "{other}");
        }
    }
}
