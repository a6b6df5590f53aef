//! The language of the messages.

/// The language of the messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    English,
    Chinese,
}

impl Language {
    /// The language of a name such as `zh-CN`, `zh_CN.UTF-8`, `en` or `C`. English for every language but Chinese.
    pub(crate) fn of_locale(name: &str) -> Self {
        let language = name.split(['-', '_', '.', '@']).next().unwrap_or_default();
        if language.eq_ignore_ascii_case("zh") {
            Self::Chinese
        } else {
            Self::English
        }
    }

    /// The language of this machine's locale.
    pub(crate) fn of_system() -> Self {
        sys_locale::get_locale().map_or(Self::English, |name| Self::of_locale(&name))
    }

    /// One of two texts.
    pub(crate) fn pick<T>(self, english: T, chinese: T) -> T {
        match self {
            Self::English => english,
            Self::Chinese => chinese,
        }
    }
}

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
