//! Which proxy leads to an origin. Proxies get a tunnel (`CONNECT`) and never see a request.

use super::TransportError;
use crate::{
    error::{Error, ErrorKind},
    support::language::{Text, text},
};
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

/// The variables that name a proxy for https, in the order in which they count.
const VARIABLES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

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
                (
                    "the proxy's URL cannot be read; write `http://host:port` or `https://host:port`",
                    "代理地址无法解析；请写 `http://host:port` 或 `https://host:port`",
                ),
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
            return Err(TransportError::refused((
                "the proxy of the environment is neither http nor https",
                "环境变量中的代理既不是 http 也不是 https",
            )));
        }
        Ok(Some(Proxy {
            uri: found.uri().clone(),
            auth: found.basic_auth().cloned(),
        }))
    }

    /// The hint for a connection that failed although the environment names a proxy, which is not used.
    pub(super) fn ignored(&self, origin: &Uri) -> Option<Text> {
        if !matches!(self, Self::None) || origin.scheme_str() != Some("https") {
            return None;
        }
        Matcher::from_env().intercept(origin)?;
        let set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
        let variable = VARIABLES.iter().find(|name| set(name))?;
        Some(text!(
            "the environment variable `{variable}` names a proxy, which is not used; to use it, give the client \
             `HttpTransport::builder().environment_proxy().build()?` as its transport",
            "环境变量 `{variable}` 指定了代理，但没有使用；要使用它，请把 \
             `HttpTransport::builder().environment_proxy().build()?` 作为客户端的 transport"
        ))
    }
}

fn is_http(proxy: &Uri) -> bool {
    matches!(proxy.scheme_str(), Some("http" | "https"))
}
