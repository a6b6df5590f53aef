//! Which proxy leads to an origin. Proxies get a tunnel (`CONNECT`) and never see a request.

use super::TransportError;
use crate::error::{Error, ErrorKind};
use http::{HeaderValue, Uri};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use std::env;

/// The proxy settings of one transport.
pub(super) enum Proxies {
    /// None, whatever the environment says.
    None,
    /// This one for every host.
    All(Intercept),
    /// Those of the environment, `NO_PROXY` included.
    Environment(Matcher),
}

/// A proxy to connect to.
pub(super) struct Proxy {
    pub(super) uri: Uri,
    /// The value of `Proxy-Authorization`.
    pub(super) auth: Option<HeaderValue>,
}

macro_rules! ignored {
    ($variable:literal) => {
        concat!(
            "the environment variable `",
            $variable,
            "` names a proxy, which is not used; to use it, give the client \
             `HttpTransport::builder().environment_proxy().build()?` as its transport",
        )
    };
}

/// The variables that name a proxy for https, in the order in which they count, and what to do about each.
const VARIABLES: [(&str, &str); 4] = [
    ("HTTPS_PROXY", ignored!("HTTPS_PROXY")),
    ("https_proxy", ignored!("https_proxy")),
    ("ALL_PROXY", ignored!("ALL_PROXY")),
    ("all_proxy", ignored!("all_proxy")),
];

impl Proxies {
    /// One proxy for everything.
    pub(super) fn all(url: &str) -> Result<Self, Error> {
        let matcher = Matcher::builder().all(url).build();
        let any = Uri::from_static("https://api.mch.weixin.qq.com");
        match matcher.intercept(&any) {
            Some(proxy) if is_http(proxy.uri()) => Ok(Self::All(proxy)),
            // Without the URL: it can hold a password.
            _ => Err(Error::local(
                ErrorKind::Configuration,
                "the proxy's URL cannot be read; write `http://host:port` or `https://host:port`",
            )),
        }
    }

    pub(super) fn environment() -> Self {
        Self::Environment(Matcher::from_env())
    }

    /// The proxy on the way to an origin.
    pub(super) fn of(&self, origin: &Uri) -> Result<Option<Proxy>, TransportError> {
        let found = match self {
            Self::None => None,
            Self::All(proxy) => Some(proxy.clone()),
            Self::Environment(matcher) => matcher.intercept(origin),
        };
        let Some(found) = found else { return Ok(None) };
        if !is_http(found.uri()) {
            let reason = "the proxy of the environment is neither http nor https";
            return Err(TransportError::not_sent(reason));
        }
        Ok(Some(Proxy {
            uri: found.uri().clone(),
            auth: found.basic_auth().cloned(),
        }))
    }

    /// The hint for a connection that failed although the environment names a proxy, which is not used.
    pub(super) fn ignored(&self, origin: &Uri) -> Option<&'static str> {
        if !matches!(self, Self::None) || origin.scheme_str() != Some("https") {
            return None;
        }
        Matcher::from_env().intercept(origin)?;
        let set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
        VARIABLES.iter().find(|(name, _)| set(name)).map(|(_, hint)| *hint)
    }
}

fn is_http(proxy: &Uri) -> bool {
    matches!(proxy.scheme_str(), Some("http" | "https"))
}
