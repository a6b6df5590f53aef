//! The control interface: all that the console shows and does, as JSON under `/_gateway/`. `openapi.json` describes it.

pub(crate) mod access;
mod curl;
mod declaration;
mod events;
mod faults;
mod info;
mod keys;
mod operations;
mod requests;
mod respond;
mod route;
mod state;

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, header};
use hyper::body::Body as HttpBody;
use serde_json::{Value, json};

use crate::{
    console::{self, qr},
    control::{
        access::{Access, Asked, Verdict},
        respond::{Problem, file, json_response, put, redirect},
        route::{Endpoint, Found},
    },
    lock::lock,
    response::signed::Body,
    service::Service,
};

/// Where the control interface is.
const ROOT: &str = "/_gateway";

/// The description of the control interface.
const OPENAPI: &str = include_str!("openapi.json");

/// The longest body of a request.
const LARGEST_BODY: usize = 64 << 10;

/// How many requests a list has at most.
const LONGEST_LIST: usize = 500;

/// Whether a request is for the console and not for WeChat Pay.
pub(crate) fn takes<B>(service: &Service, request: &Request<B>) -> bool {
    let path = request.uri().path();
    let is_browser = path == "/" && request.method() == Method::GET;
    let below = path.strip_prefix(ROOT);
    service.access.is_some() && (is_browser || below.is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}

/// Responds to a request for which [`takes`] holds.
pub(crate) async fn handle<B>(service: Arc<Service>, request: Request<B>) -> Response<Body>
where
    B: HttpBody<Data = Bytes> + Send + Unpin,
{
    let Some(access) = service.access.clone() else {
        return Problem::not_found("there is no console", "没有控制台").into_response();
    };
    match respond(&service, &access, request).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    }
}

async fn respond<B>(service: &Arc<Service>, access: &Access, request: Request<B>) -> Result<Response<Body>, Problem>
where
    B: HttpBody<Data = Bytes> + Send + Unpin,
{
    let (head, body) = request.into_parts();
    let query = head.uri.query().unwrap_or_default();
    let path = head.uri.path().strip_prefix(ROOT).unwrap_or_default();
    let asked = Asked {
        method: &head.method,
        path,
        query,
        headers: &head.headers,
    };
    let verdict = access.judge(&asked);
    if let Some(response) = turned_away(access, &verdict)? {
        return Ok(response);
    }
    if path.is_empty() {
        return Ok(redirect("/_gateway/"));
    }
    let found = route::find(&head.method, path)?;
    let given = if head.method == Method::POST {
        let read = service.bodies.read(body, LARGEST_BODY).await;
        let (bytes, _memory) = read.map_err(|refusal| {
            Problem::bad_request(
                format!("the body was not received: {}", refusal.code()),
                refusal.message(),
            )
        })?;
        let empty = bytes.iter().all(u8::is_ascii_whitespace);
        if empty { json!({}) } else { parsed(&bytes)? }
    } else {
        Value::Null
    };
    let host = head.headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let base_url = format!("http://{}", host.unwrap_or("127.0.0.1"));
    let pairs = route::pairs(query)?;
    let call = Call {
        service,
        access,
        found,
        pairs,
        given,
        base_url,
    };
    call.run()
}

fn parsed(bytes: &[u8]) -> Result<Value, Problem> {
    serde_json::from_slice(bytes).map_err(|error| {
        Problem::bad_request(
            format!("the body is not JSON: {error}"),
            format!("请求体不是 JSON：{error}"),
        )
    })
}

/// The response to who may not come in, or is shown another way in.
fn turned_away(access: &Access, verdict: &Verdict) -> Result<Option<Response<Body>>, Problem> {
    match verdict {
        Verdict::Admitted => Ok(None),
        Verdict::Welcome => {
            let mut response = redirect("/_gateway/");
            if let Some(Ok(cookie)) = access.cookie().map(|cookie| HeaderValue::from_str(&cookie)) {
                response.headers_mut().insert(header::SET_COOKIE, cookie);
            }
            Ok(Some(response))
        }
        Verdict::WrongHost => Err(Problem::forbidden(
            "the header Host must name this machine: localhost, 127.0.0.1 or [::1]",
            "Host 头须为本机：localhost、127.0.0.1 或 [::1]",
        )),
        Verdict::CrossSite => Err(Problem::forbidden(
            "requests from pages of other sites are refused",
            "拒绝其他网站页面发起的请求",
        )),
        Verdict::NoToken => Err(Problem::new(
            http::StatusCode::UNAUTHORIZED,
            "NO_TOKEN",
            "the token is missing: open the address that the program printed, or send `Authorization: Bearer TOKEN`",
            "缺少令牌：请打开程序启动时显示的地址，或发送 Authorization: Bearer TOKEN",
        )),
    }
}

/// One request of the control interface, admitted and read.
struct Call<'a> {
    service: &'a Arc<Service>,
    access: &'a Access,
    found: Found,
    pairs: Vec<(String, String)>,
    given: Value,
    /// How the gateway was reached.
    base_url: String,
}

impl Call<'_> {
    fn run(&self) -> Result<Response<Body>, Problem> {
        let service = self.service;
        let name = self.found.name.as_str();
        let value = match self.found.endpoint {
            Endpoint::Page => return Ok(file("text/html; charset=utf-8", console::PAGE)),
            Endpoint::Asset => {
                let (content_type, text) = console::asset(name).ok_or_else(no_such_page)?;
                return Ok(file(content_type, text));
            }
            Endpoint::OpenApi => return Ok(file("application/json", OPENAPI)),
            Endpoint::Events => return events::stream(service.announcer.subscribe(), &self.access.told),
            Endpoint::Payer => return Ok(file("text/html; charset=utf-8", console::PAYER)),
            Endpoint::OrderCode => {
                let svg = qr::svg(&self.payer_url(name)).ok_or_else(no_such_page)?;
                return Ok(file("image/svg+xml", svg));
            }
            Endpoint::Info => info::info(service, &self.base_url),
            Endpoint::Requests => self.requests()?,
            Endpoint::Request => {
                let id = name
                    .parse()
                    .map_err(|_| Problem::bad_request("the id is a number", "编号须为数字"))?;
                requests::request(service, id)?
            }
            Endpoint::Orders => state::orders(service)?,
            Endpoint::Order => {
                let mut order = state::order(service, name)?;
                put(&mut order, "payer_url", self.payer_url(name));
                order
            }
            Endpoint::Refunds => state::refunds(service)?,
            Endpoint::Refund => state::refund(service, name)?,
            Endpoint::Transfers => state::transfers(service)?,
            Endpoint::Transfer => state::transfer(service, name)?,
            Endpoint::Sharings => state::sharings(service)?,
            Endpoint::Sharing => state::sharing(service, name)?,
            Endpoint::Notifications => state::deliveries(service)?,
            Endpoint::Notification => state::delivery(service, name)?,
            Endpoint::Act(action) => state::act(service, action, name, &self.given)?,
            Endpoint::Faults => faults::list(service),
            Endpoint::AddFault => faults::add(service, &self.given)?,
            Endpoint::ClearFaults => {
                lock(&service.faults).clear();
                faults::list(service)
            }
            Endpoint::Keys => keys::list(service),
            Endpoint::ChangeKeys => keys::change(service, &self.given)?,
            Endpoint::Operations => operations::search(self.parameter("q").unwrap_or_default()),
            Endpoint::Operation => operations::operation(name)?,
            Endpoint::Reset => {
                lock(&service.log).clear();
                lock(&service.faults).clear();
                state::reset(service)?;
                json!({})
            }
        };
        Ok(json_response(&value))
    }

    fn requests(&self) -> Result<Value, Problem> {
        let after = self.number("after")?.unwrap_or(0);
        let before = self.number("before")?.unwrap_or(u64::MAX);
        let limit = self.number("limit")?.unwrap_or(100);
        let limit = usize::try_from(limit).unwrap_or(LONGEST_LIST).min(LONGEST_LIST);
        Ok(requests::list(self.service, after, before, limit))
    }

    fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.pairs.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    fn number(&self, name: &str) -> Result<Option<u64>, Problem> {
        let wrong = |_| Problem::bad_request(format!("{name} must be a number"), format!("{name} 须为数字"));
        self.parameter(name)
            .map(|value| value.parse().map_err(wrong))
            .transpose()
    }

    /// The payer's page of an order.
    fn payer_url(&self, out_trade_no: &str) -> String {
        let number = percent_encoding::utf8_percent_encode(out_trade_no, percent_encoding::NON_ALPHANUMERIC);
        let mut url = format!("{}{ROOT}/pay/{number}", self.base_url);
        if let Some(key) = self.access.payer_key(out_trade_no) {
            url.push_str(&format!("?key={key}"));
        }
        url
    }
}

fn no_such_page() -> Problem {
    Problem::not_found("there is no such page", "没有该页面")
}
