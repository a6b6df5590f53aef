//! The service: receives, checks and executes requests, signs responses and applies faults.

use std::{
    any::Any,
    io,
    net::SocketAddr,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::{Duration, UNIX_EPOCH},
};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, request};
use hyper::body::Body;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};

use wechatpay_catalogue::description::Operation;
use wechatpay_core::system::System;

#[cfg(feature = "program")]
use crate::control::access::Access;
use crate::{
    changes::{Announcer, Changed},
    described::{self, example, validate},
    fault::{Commit, Fault, Faults},
    keys::{KeyRing, Party, PlatformMode, api_v3::ApiV3Key, certificate_list},
    ledger::Ledger,
    lock::lock,
    random::SplitMix,
    request::{
        Inner, ReceivedRequest,
        authorization::{Authorization, Nonces, Scheme},
        body::Bodies,
        log::{KEPT_BODY, Log, Sent},
        refusal::Refusal,
        route::{self, PathValues, Route, Routes},
        sensitive::Plaintexts,
    },
    response::{
        GatewayResponse,
        signed::{SignatureHeaders, SignedResponse},
    },
    server::script::Delivery,
    simulator::Simulator,
};

/// The limit of a request body in bytes. No operation accepts a larger one.
const LARGEST_BODY: usize = 64 << 20;

/// How long the signature of a fixed response is reused, in seconds.
const FIXED_LIFETIME: u64 = 60;

/// The state that the gateway and its thread share.
pub(crate) struct Service {
    pub(crate) system: Arc<dyn System>,
    pub(crate) merchant: Party,
    pub(crate) brand: Party,
    pub(crate) api_v3_key: ApiV3Key,
    pub(crate) ledger: Ledger,
    pub(crate) keys: Mutex<KeyRing>,
    pub(crate) routes: RwLock<Routes<Target>>,
    pub(crate) faults: Mutex<Faults>,
    pub(crate) log: Mutex<Log>,
    pub(crate) random: Mutex<SplitMix>,
    pub(crate) nonces: Mutex<Nonces>,
    pub(crate) panic: Mutex<Option<Box<dyn Any + Send>>>,
    pub(crate) announcer: Announcer,
    /// Where the gateway listens, or has listened.
    pub(crate) addresses: Mutex<Vec<SocketAddr>>,
    /// What takes a request that no handler takes.
    pub(crate) simulator: Option<Arc<Simulator>>,
    /// Whether requests are compared with their description.
    pub(crate) validate: bool,
    pub(crate) bodies: Bodies,
    /// Who may use the console; `None` without a console.
    #[cfg(feature = "program")]
    pub(crate) access: Option<Access>,
}

/// Runs an operation.
pub(crate) type Handler = Arc<dyn Fn(&ReceivedRequest) -> GatewayResponse + Send + Sync>;

/// The target of a route.
pub(crate) enum Target {
    Handler(Handler),
    /// A fixed response without any checks, for measurements.
    Fixed(Box<Fixed>),
    /// Executed by the simulator.
    Simulated,
    /// The list of platform certificates, in the modes that have them.
    CertificateList,
}

/// A fixed response, with its signed form.
pub(crate) struct Fixed {
    pub(crate) response: GatewayResponse,
    pub(crate) signed: Mutex<Option<SignedOnce>>,
}

/// A signed response that is sent more than once.
pub(crate) struct SignedOnce {
    /// In seconds since 1970.
    at: u64,
    /// The `Wechatpay-Serial` of the requests that get it: it decides about the key.
    announced: Option<HeaderValue>,
    response: SignedResponse,
}

/// What a request calls.
struct Called {
    callee: Option<Callee>,
    /// The description of the operation, also if a handler responds.
    operation: Option<&'static Operation>,
    template: Option<String>,
    path: PathValues,
}

/// Who responds to a request.
#[derive(Clone)]
enum Callee {
    Route(Arc<Route<Target>>),
    Described(&'static Operation),
}

impl Callee {
    fn is_simulated(&self) -> bool {
        match self {
            Self::Route(route) => matches!(route.target, Target::Simulated),
            Self::Described(_) => true,
        }
    }
}

impl Called {
    fn new(found: Option<(Arc<Route<Target>>, PathValues)>, method: &Method, path: &str, simulated: bool) -> Self {
        let operation = described::operation(method, path);
        let described = || {
            let operation = operation.filter(|_| simulated)?;
            let values = route::values(&operation.path, path)?;
            Some((Callee::Described(operation), operation.path.clone(), values))
        };
        let registered = found.map(|(route, values)| {
            let template = route.template.clone();
            (Callee::Route(route), template, values)
        });
        let (callee, template, path) = match registered.or_else(described) {
            Some((callee, template, path)) => (Some(callee), Some(template), path),
            None => (None, None, PathValues::new()),
        };
        Self {
            callee,
            operation,
            template,
            path,
        }
    }
}

/// What is signed. It decides which key signs.
pub(crate) enum Signed<'a> {
    /// A response, with the `Wechatpay-Serial` of its request.
    Response(Option<&'a str>),
    Notification,
}

impl Service {
    /// Seconds since 1970.
    pub(crate) fn now(&self) -> u64 {
        self.since_1970().as_secs()
    }

    /// Milliseconds since 1970.
    pub(crate) fn now_ms(&self) -> u64 {
        u64::try_from(self.since_1970().as_millis()).unwrap_or(u64::MAX)
    }

    fn since_1970(&self) -> Duration {
        self.system.now().duration_since(UNIX_EPOCH).unwrap_or_default()
    }

    /// The list of platform certificates.
    pub(crate) fn certificate_list(&self) -> io::Result<Value> {
        let certificates = lock(&self.keys).certificates().to_vec();
        certificate_list::list(&certificates, &self.api_v3_key, &mut lock(&self.random))
    }

    /// What takes a request: a registered handler, otherwise the simulator.
    fn route(&self, method: &Method, path: &str) -> Option<(Arc<Route<Target>>, PathValues)> {
        let routes = self.routes.read().unwrap_or_else(PoisonError::into_inner);
        let hidden =
            |target: &Target| matches!(target, Target::CertificateList) && self.mode() == PlatformMode::PublicKey;
        let registered = routes.find(method, path).filter(|(route, _)| !hidden(&route.target));
        registered.or_else(|| {
            let (template, values) = self.simulator.as_ref()?.find(method, path)?;
            let route = Route::new(method.clone(), &template, Target::Simulated);
            Some((Arc::new(route), values))
        })
    }

    /// Keeps a request, tells that it is there, and gives its number.
    fn log(&self, request: ReceivedRequest) -> u64 {
        let number = lock(&self.log).push(request, self.now_ms());
        self.announcer.tell(Changed::Request(number));
        number
    }

    pub(crate) async fn handle<B>(self: Arc<Self>, request: Request<B>) -> Delivery
    where
        B: Body<Data = Bytes> + Send + Unpin,
    {
        let started = Instant::now();
        let (head, body) = request.into_parts();
        let path = head.uri.path();
        let found = self.route(&head.method, path);
        if let Some((route, _)) = &found
            && let Target::Fixed(fixed) = &route.target
        {
            // The body must be read before the connection can be reused.
            let _ = self.bodies.read(body, LARGEST_BODY).await;
            return Delivery::Response(self.fixed(fixed, head.headers.get("wechatpay-serial")));
        }
        let called = Called::new(found, &head.method, path, self.simulator.is_some());
        let template = called.template.as_deref();
        let fault = lock(&self.faults).next(template, path);
        if let Some(script) = fault.as_ref().and_then(Fault::before_body) {
            let mut inner = self.receive(head, Bytes::new(), &called, fault);
            inner.refusal = Some(Refusal::new(
                http::StatusCode::PAYLOAD_TOO_LARGE,
                "NOT_READ",
                "请求体未读取",
            ));
            self.log(ReceivedRequest::new(inner));
            return Delivery::Script(script);
        }
        let (body, _memory) = match self.bodies.read(body, LARGEST_BODY).await {
            Ok(read) => read,
            Err(refusal) => return Delivery::Response(SignedResponse::unsigned(&refusal.response())),
        };
        let mut inner = self.receive(head, body, &called, fault.clone());
        inner.refusal = self.check(&mut inner, called.callee.as_ref()).err();
        let request = ReceivedRequest::new(inner);
        let id = self.log(request.clone());
        let response = self.respond(request, called.callee, fault.as_ref()).await;
        if !fault.as_ref().is_some_and(Fault::hides_response) {
            lock(&self.log).respond(id, sent(&response, started));
        }
        match fault {
            Some(fault) => fault.deliver(response),
            None => Delivery::Response(response),
        }
    }

    fn receive(&self, head: request::Parts, body: Bytes, called: &Called, fault: Option<Fault>) -> Inner {
        let target = head
            .uri
            .path_and_query()
            .map_or("/", |target| target.as_str())
            .to_owned();
        let party = self.party(Scheme::of_path(&target, &self.merchant));
        Inner {
            method: head.method,
            target,
            headers: head.headers,
            body,
            parts: Vec::new(),
            operation: called.operation,
            template: called.template.clone(),
            path: called.path.clone(),
            query: Vec::new(),
            json: Value::Null,
            plaintexts: Plaintexts::new(),
            authorization: None,
            refusal: None,
            fault,
            public_key: party.public_key.clone(),
        }
    }

    fn party(&self, scheme: Scheme) -> &Party {
        match scheme {
            Scheme::Merchant | Scheme::Shangmi => &self.merchant,
            Scheme::Brand => &self.brand,
        }
    }

    /// Checks whether a request may be executed. The order is that of the service: authentication, then routing, then
    /// parameters.
    ///
    /// A registered handler gets what the test sends. Any other request is compared with its description.
    fn check(&self, request: &mut Inner, callee: Option<&Callee>) -> Result<(), Refusal> {
        let scheme = Scheme::of_path(&request.target, &self.merchant);
        let well_formed = request.split_parts();
        let authorization = Authorization::read(&request.headers, scheme)?;
        request.authorization = Some(authorization.clone());
        let now = self.now();
        let body = request.signed_body();
        authorization.check(self.party(scheme), request.method.as_str(), &request.target, &body, now)?;
        lock(&self.nonces).accept(&authorization, now)?;
        well_formed?;
        check_headers(&request.headers, &request.body)?;
        if certificate_list::PATHS.contains(&request.raw_path())
            && self.mode() == PlatformMode::PublicKey
            && !matches!(callee, Some(Callee::Route(_)))
        {
            return Err(Refusal::not_exists(
                "无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥",
            ));
        }
        let Some(callee) = callee else {
            let (method, path) = (&request.method, request.raw_path());
            let message = format!("请求的资源不存在 (the gateway has no handler for {method} {path})");
            return Err(Refusal::not_exists(message));
        };
        let serial = request
            .headers
            .get("wechatpay-serial")
            .and_then(|serial| serial.to_str().ok());
        let key = serial.and_then(|serial| lock(&self.keys).find(serial).cloned());
        request.decode(key.as_deref())?;
        match request.operation.filter(|_| self.validate && callee.is_simulated()) {
            Some(operation) => validate::check(operation, request),
            None => Ok(()),
        }
    }

    fn mode(&self) -> PlatformMode {
        lock(&self.keys).mode()
    }

    async fn respond(
        self: &Arc<Self>,
        request: ReceivedRequest,
        callee: Option<Callee>,
        fault: Option<&Fault>,
    ) -> SignedResponse {
        let Some(fault) = fault else {
            let response = self.execute(&request, callee.as_ref());
            return self.sign(&request, &response, None);
        };
        sleep(fault.delay_before()).await;
        let executed = match fault.commit() {
            Commit::BeforeResponse => Some(self.execute(&request, callee.as_ref())),
            Commit::AfterResponse(delay) => {
                let (service, request) = (Arc::clone(self), request.clone());
                tokio::spawn(async move {
                    sleep(delay).await;
                    service.execute(&request, callee.as_ref());
                });
                None
            }
            Commit::Never => None,
        };
        sleep(fault.delay_after()).await;
        let response = fault
            .response()
            .or(executed)
            .unwrap_or_else(|| GatewayResponse::empty(500));
        let mut signed = self.sign(&request, &response, Some(fault));
        signed.collect();
        fault.tamper(&mut signed);
        signed
    }

    /// Runs the operation, unless the request was refused.
    fn execute(&self, request: &ReceivedRequest, callee: Option<&Callee>) -> GatewayResponse {
        if let Some(refusal) = request.refusal() {
            return refusal.response();
        }
        let handler = match callee {
            Some(Callee::Route(route)) => match &route.target {
                Target::Handler(handler) => handler,
                Target::Fixed(fixed) => return fixed.response.clone(),
                Target::Simulated => {
                    let simulator = self.simulator.as_ref();
                    let response = simulator.and_then(|simulator| simulator.respond(request));
                    return response.unwrap_or_else(|| GatewayResponse::empty(500));
                }
                Target::CertificateList => {
                    let suite = self.merchant.public_key.suite();
                    if !certificate_list::asks_for(request.query("algorithm_type"), suite) {
                        return GatewayResponse::json(200, &json!({ "data": [] }));
                    }
                    return match self.certificate_list() {
                        Ok(list) => GatewayResponse::json(200, &list),
                        Err(_) => GatewayResponse::error(500, "SYSTEM_ERROR", "系统错误"),
                    };
                }
            },
            Some(Callee::Described(operation)) => {
                return example::response(operation, request, &|plaintext| request.encrypt(plaintext));
            }
            None => return GatewayResponse::empty(500),
        };
        match catch_unwind(AssertUnwindSafe(|| handler(request))) {
            Ok(response) => response,
            Err(panic) => {
                lock(&self.panic).get_or_insert(panic);
                GatewayResponse::error(500, "SYSTEM_ERROR", "the handler panicked")
            }
        }
    }

    fn sign(&self, request: &ReceivedRequest, response: &GatewayResponse, fault: Option<&Fault>) -> SignedResponse {
        self.sign_as(
            Scheme::of_path(request.target(), &self.merchant),
            Signed::Response(request.announced_serial()),
            response,
            fault,
        )
        .unwrap_or_else(|_| SignedResponse::unsigned(response))
    }

    pub(crate) fn sign_as(
        &self,
        scheme: Scheme,
        what: Signed<'_>,
        response: &GatewayResponse,
        fault: Option<&Fault>,
    ) -> io::Result<SignedResponse> {
        let mut signed = SignedResponse::unsigned(response);
        let (request_id, nonce) = {
            let mut random = lock(&self.random);
            (random.nonce().to_uppercase(), random.nonce())
        };
        signed.identify(&request_id);
        if !response.signed {
            return Ok(signed);
        }
        if fault == Some(&Fault::Rotate) {
            lock(&self.keys).rotate(self.now())?;
        }
        let key = match what {
            Signed::Response(announced) => lock(&self.keys).for_response(announced)?,
            Signed::Notification => lock(&self.keys).for_notification()?,
        };
        let mut signer = key.private_key.clone();
        let mut serial = key.id.as_str().to_owned();
        let mut timestamp = self.now().to_string();
        match fault {
            Some(Fault::WrongKey) => signer = lock(&self.keys).stranger()?,
            Some(Fault::SwappedKey) => signer = lock(&self.keys).other_than(&key)?,
            Some(Fault::UnknownSerial) => {
                serial = format!("{}{:08X}", "7".repeat(32), lock(&self.random).next() as u32)
            }
            Some(Fault::Stale { seconds }) => timestamp = self.now().saturating_add_signed(*seconds).to_string(),
            Some(Fault::Timestamp(text)) => timestamp.clone_from(text),
            _ => {}
        }
        let signature = SignatureHeaders {
            scheme,
            timestamp: &timestamp,
            nonce: &nonce,
            serial: &serial,
        };
        signed.sign(&signature, &signer);
        Ok(signed)
    }

    /// The fixed response, signed once a minute.
    fn fixed(&self, fixed: &Fixed, announced: Option<&HeaderValue>) -> SignedResponse {
        let at = self.now();
        let mut signed = lock(&fixed.signed);
        let fresh = |kept: &&SignedOnce| at.abs_diff(kept.at) < FIXED_LIFETIME && kept.announced.as_ref() == announced;
        if let Some(kept) = signed.as_ref().filter(fresh) {
            return kept.response.clone();
        }
        let scheme = Scheme::of_path("", &self.merchant);
        let serial = announced.and_then(|serial| serial.to_str().ok());
        let response = self
            .sign_as(scheme, Signed::Response(serial), &fixed.response, None)
            .unwrap_or_else(|_| SignedResponse::unsigned(&fixed.response));
        *signed = Some(SignedOnce {
            at,
            announced: announced.cloned(),
            response: response.clone(),
        });
        response
    }
}

/// What the log keeps of a response.
fn sent(response: &SignedResponse, started: Instant) -> Sent {
    Sent {
        status: response.status,
        headers: response.headers.clone(),
        body: response.body.slice(..response.body.len().min(KEPT_BODY)),
        length: response.generated.is_none().then_some(response.body.len()),
        elapsed_us: u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
    }
}

/// Checks the headers that the service requires in every request.
fn check_headers(headers: &HeaderMap, body: &[u8]) -> Result<(), Refusal> {
    if !headers.contains_key("accept") || !headers.contains_key("user-agent") {
        return Err(Refusal::param_error("Http头缺少Accept或User-Agent"));
    }
    let content_type = headers
        .get("content-type")
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let kind = content_type.split(';').next().unwrap_or_default().trim();
    if !body.is_empty() && kind != "application/json" && kind != "multipart/form-data" {
        return Err(Refusal::new(
            http::StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "PARAM_ERROR",
            "Http头Content-Type须为application/json或multipart/form-data",
        ));
    }
    Ok(())
}
