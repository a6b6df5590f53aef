//! Why platform certificates were not refreshed.

use super::certificate_list::ListError;
use crate::{
    error::{Error, ErrorKind},
    support::language::{In, Language, Speak, Text, say},
};
use std::{fmt, sync::Arc};

/// Why a download brought no certificates.
#[derive(Debug)]
pub(crate) enum RefreshError {
    /// It failed on the way.
    Download(Arc<Error>),
    /// The downloaded list was refused.
    Refused(ListError),
    /// It took too long.
    TimedOut,
}

impl From<Error> for RefreshError {
    fn from(error: Error) -> Self {
        Self::Download(Arc::new(error))
    }
}

impl From<ListError> for RefreshError {
    fn from(error: ListError) -> Self {
        Self::Refused(error)
    }
}

impl RefreshError {
    /// The error of a call that cannot go on without certificates. It was not sent.
    pub(crate) fn to_error(&self) -> Error {
        Error::local(ErrorKind::Key, Text::of(self)).with(|inner| {
            inner.hint = self.hint().map(Into::into);
            if let Self::Download(download) = self {
                inner.cause = Some(Arc::<Error>::clone(download));
            }
        })
    }

    /// What usually causes this.
    pub(crate) fn hint(&self) -> Option<Text> {
        match self {
            Self::Download(error) => error.hint().map(Text::of),
            Self::Refused(ListError::Undecryptable { .. }) => Some(Text::from((
                "compare the APIv3 key with the one on the merchant platform; while it is being changed give the client both, with `also_api_v3_key(..)`",
                "与商户平台上的 APIv3密钥 核对；更换期间请用 `also_api_v3_key(..)` 同时配置新旧两把",
            ))),
            Self::Refused(ListError::Unsigned) => Some(Text::from((
                "a proxy on the way may strip headers whose names begin with Wechatpay-, or has responded itself",
                "链路上的代理可能删除了 Wechatpay- 开头的应答头，或自行返回了应答",
            ))),
            Self::Refused(ListError::Signature(error)) => error.hint(),
            Self::Refused(_) | Self::TimedOut => None,
        }
    }
}

impl Speak for RefreshError {
    fn speak(&self, f: &mut fmt::Formatter<'_>, language: Language) -> fmt::Result {
        match self {
            Self::Download(error) => {
                let why = In(language, &**error);
                say!(
                    f,
                    language,
                    "the platform certificates could not be downloaded: {why}",
                    "平台证书下载失败：{why}"
                )
            }
            Self::Refused(error) => {
                let why = In(language, error);
                say!(
                    f,
                    language,
                    "the downloaded platform certificates are refused: {why}",
                    "下载的平台证书不可信：{why}"
                )
            }
            Self::TimedOut => say!(
                f,
                language,
                "the download of the platform certificates took too long",
                "下载平台证书超时"
            ),
        }
    }
}

impl fmt::Display for RefreshError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.speak(f, Language::English)
    }
}
