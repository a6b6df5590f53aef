//! Who may use the console and the control interface.
//!
//! The keys of the gateway are public, and a page of any website can send requests to this machine. So the console is for
//! requests that name this machine (against DNS rebinding) and that no other site has caused. A listener that others reach
//! asks for a token.

use std::{
    fmt,
    sync::{Arc, atomic::AtomicUsize},
};

use http::{HeaderMap, Method, header};
use percent_encoding::percent_decode_str;
use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

/// The cookie that a browser keeps the token in.
const COOKIE: &str = "wechatpay_gateway";

/// Who may use the console: this machine, or a client with the token.
#[derive(Clone)]
pub(crate) struct Access {
    token: Option<Zeroizing<String>>,
    /// How many pages are told what changes.
    pub(crate) told: Arc<AtomicUsize>,
}

/// What a request asks for, as far as it matters here.
pub(crate) struct Asked<'a> {
    pub(crate) method: &'a Method,
    /// The path below `/_gateway`, as it was sent.
    pub(crate) path: &'a str,
    pub(crate) query: &'a str,
    pub(crate) headers: &'a HeaderMap,
}

/// What comes of it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Admitted,
    /// The token stands in the address: it moves into a cookie, so that the address can be shown.
    Welcome,
    /// The request names another host.
    WrongHost,
    /// The request comes from a page of another site.
    CrossSite,
    NoToken,
}

impl Access {
    pub(crate) fn new(token: Option<&str>) -> Self {
        Self {
            token: token.map(|token| Zeroizing::new(token.to_owned())),
            told: Arc::default(),
        }
    }

    /// Whether a token is asked for.
    pub(crate) fn is_guarded(&self) -> bool {
        self.token.is_some()
    }

    pub(crate) fn judge(&self, asked: &Asked<'_>) -> Verdict {
        let host = text(asked.headers, header::HOST.as_str()).unwrap_or_default();
        if self.token.is_none() && !is_this_machine(host) {
            return Verdict::WrongHost;
        }
        if is_cross_site(asked, host) {
            return Verdict::CrossSite;
        }
        let Some(token) = &self.token else {
            return Verdict::Admitted;
        };
        if asked.path.starts_with("/assets/") || asked.bearer().is_some_and(|given| same(given, token)) {
            return Verdict::Admitted;
        }
        if asked.parameter("token").is_some_and(|given| same(&given, token)) {
            return Verdict::Welcome;
        }
        let key = asked.parameter("key");
        match asked.payers_order().and_then(|number| self.payer_key(&number)) {
            Some(expected) if key.is_some_and(|key| same(&key, &expected)) => Verdict::Admitted,
            _ => Verdict::NoToken,
        }
    }

    /// The key of the payer's page of one order, for a phone that does not have the token. Nothing where no token is
    /// asked for.
    pub(crate) fn payer_key(&self, out_trade_no: &str) -> Option<String> {
        let token = self.token.as_ref()?;
        let mut digest = digest(&format!("payer\n{}\n{out_trade_no}", token.as_str()));
        digest.truncate(32);
        Some(digest)
    }

    /// The header that puts the token into the cookie.
    pub(crate) fn cookie(&self) -> Option<String> {
        let token = self.token.as_ref()?;
        Some(format!(
            "{COOKIE}={}; Path=/_gateway/; HttpOnly; SameSite=Strict",
            token.as_str()
        ))
    }
}

impl Asked<'_> {
    /// The token of the header `Authorization`, or of the cookie.
    fn bearer(&self) -> Option<&str> {
        if let Some(token) = text(self.headers, "authorization").and_then(|value| value.strip_prefix("Bearer ")) {
            return Some(token);
        }
        let mut cookies = text(self.headers, "cookie")?.split(';');
        cookies.find_map(|cookie| cookie.trim().strip_prefix(COOKIE)?.strip_prefix('='))
    }

    fn parameter(&self, name: &str) -> Option<String> {
        let mut pairs = self.query.split('&').filter_map(|pair| pair.split_once('='));
        let (_, value) = pairs.find(|(known, _)| *known == name)?;
        Some(percent_decode_str(value).decode_utf8_lossy().into_owned())
    }

    /// The order whose payer may ask for this.
    fn payers_order(&self) -> Option<String> {
        let mut segments = self.path.trim_start_matches('/').split('/');
        let (first, number, last) = (segments.next()?, segments.next()?, segments.next());
        let allowed = match (first, last) {
            ("pay" | "orders", None) => self.method == Method::GET,
            ("orders", Some("pay" | "fail" | "leave")) => self.method == Method::POST,
            _ => false,
        };
        let number = percent_decode_str(number).decode_utf8().ok()?;
        (allowed && segments.next().is_none()).then(|| number.into_owned())
    }
}

/// A header that is there once and is text.
fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(value)
}

/// Whether `Host` is a name of the loopback interface. The port does not matter: a forwarded port is another one.
fn is_this_machine(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let name = name.to_ascii_lowercase();
    let address = name.trim_start_matches('[').trim_end_matches(']');
    name == "localhost"
        || name.ends_with(".localhost")
        || address
            .parse::<std::net::IpAddr>()
            .is_ok_and(|address| address.is_loopback())
}

fn is_cross_site(asked: &Asked<'_>, host: &str) -> bool {
    if let Some(origin) = asked.headers.get(header::ORIGIN) {
        let origin = origin.to_str().unwrap_or_default();
        let own = origin
            .strip_prefix("http://")
            .or_else(|| origin.strip_prefix("https://"))
            .is_some_and(|authority| authority.eq_ignore_ascii_case(host));
        return !own || asked.headers.get_all(header::ORIGIN).iter().count() > 1;
    }
    // Browsers tell where a request comes from. A link on another site may lead here, and nothing else.
    match text(asked.headers, "sec-fetch-site") {
        None | Some("none" | "same-origin") => false,
        Some(_) => asked.method != Method::GET || text(asked.headers, "sec-fetch-mode") != Some("navigate"),
    }
}

/// Compares digests, so that the time tells nothing about the secret.
fn same(given: &str, secret: &str) -> bool {
    digest(given) == digest(secret)
}

fn digest(text: &str) -> String {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access").field("guarded", &self.is_guarded()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderName, HeaderValue};

    fn judge(access: &Access, method: &str, target: &str, headers: &[(&'static str, &'static str)]) -> Verdict {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let headers = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect();
        access.judge(&Asked {
            method: &method.parse().unwrap(),
            path,
            query,
            headers: &headers,
        })
    }

    #[test]
    fn g1_a_request_that_names_another_host_is_refused() {
        let access = Access::new(None);
        for host in [
            "localhost",
            "127.0.0.1:7777",
            "LOCALHOST:80",
            "[::1]:7777",
            "shop.localhost:1",
            "127.8.9.1",
        ] {
            assert_eq!(
                judge(&access, "GET", "/info", &[("host", host)]),
                Verdict::Admitted,
                "{host}"
            );
        }
        for host in [
            "evil.example",
            "127.0.0.1.evil.example:7777",
            "localhost.evil.example",
            "10.0.0.1",
            "0.0.0.0",
            "",
            "evil.example:127.0.0.1",
        ] {
            assert_eq!(
                judge(&access, "GET", "/info", &[("host", host)]),
                Verdict::WrongHost,
                "{host}"
            );
        }
        assert_eq!(judge(&access, "GET", "/info", &[]), Verdict::WrongHost);
    }

    #[test]
    fn g1_a_request_that_another_site_has_caused_is_refused() {
        let access = Access::new(None);
        let host = ("host", "localhost:7777");
        for origin in [
            "http://evil.example",
            "http://localhost:3000",
            "null",
            "http://localhost:7777.evil.example",
            "localhost:7777",
        ] {
            let verdict = judge(&access, "POST", "/reset", &[host, ("origin", origin)]);
            assert_eq!(verdict, Verdict::CrossSite, "{origin}");
        }
        let own = [
            host,
            ("origin", "http://localhost:7777"),
            ("sec-fetch-site", "same-origin"),
        ];
        assert_eq!(judge(&access, "POST", "/reset", &own), Verdict::Admitted);
        for site in ["cross-site", "same-site"] {
            let script = [host, ("sec-fetch-site", site), ("sec-fetch-mode", "no-cors")];
            assert_eq!(judge(&access, "GET", "/info", &script), Verdict::CrossSite);
            let link = [host, ("sec-fetch-site", site), ("sec-fetch-mode", "navigate")];
            assert_eq!(judge(&access, "GET", "/", &link), Verdict::Admitted);
            assert_eq!(judge(&access, "POST", "/reset", &link), Verdict::CrossSite);
        }
    }

    #[test]
    fn g1_where_others_can_reach_it_a_token_is_needed() {
        let access = Access::new(Some("0123456789abcdef"));
        let host = ("host", "shop.example:7777");
        assert_eq!(judge(&access, "GET", "/info", &[host]), Verdict::NoToken);
        for wrong in [
            "Bearer ",
            "Bearer 0123456789abcde",
            "0123456789abcdef",
            "Basic 0123456789abcdef",
        ] {
            assert_eq!(
                judge(&access, "GET", "/info", &[host, ("authorization", wrong)]),
                Verdict::NoToken
            );
        }
        let bearer = [host, ("authorization", "Bearer 0123456789abcdef")];
        assert_eq!(judge(&access, "GET", "/info", &bearer), Verdict::Admitted);
        let cookie = [host, ("cookie", "a=b; wechatpay_gateway=0123456789abcdef")];
        assert_eq!(judge(&access, "POST", "/reset", &cookie), Verdict::Admitted);
        assert_eq!(
            judge(&access, "GET", "/?token=0123456789abcdef", &[host]),
            Verdict::Welcome
        );
        assert_eq!(judge(&access, "GET", "/?token=0", &[host]), Verdict::NoToken);
    }

    #[test]
    fn g1_the_key_of_a_payer_opens_one_order_and_nothing_else() {
        let access = Access::new(Some("0123456789abcdef"));
        let host = ("host", "shop.example");
        let key = access.payer_key("A/1").unwrap();
        for (method, path, expected) in [
            ("GET", "/pay/A%2F1", Verdict::Admitted),
            ("GET", "/orders/A%2F1", Verdict::Admitted),
            ("POST", "/orders/A%2F1/pay", Verdict::Admitted),
            ("POST", "/orders/A%2F1/leave", Verdict::Admitted),
            ("POST", "/orders/A%2F1", Verdict::NoToken),
            ("POST", "/orders/A%2F2/pay", Verdict::NoToken),
            ("GET", "/orders", Verdict::NoToken),
            ("POST", "/refunds/A%2F1/pay", Verdict::NoToken),
            ("GET", "/orders/A%2F1/pay/more", Verdict::NoToken),
        ] {
            let verdict = judge(&access, method, &format!("{path}?key={key}"), &[host]);
            assert_eq!(verdict, expected, "{method} {path}");
        }
        assert_eq!(Access::new(None).payer_key("A-1"), None);
    }
}
