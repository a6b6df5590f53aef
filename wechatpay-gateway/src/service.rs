//! The service behind the socket: receive, judge, execute, sign, and misbehave where that was asked for.

use std::{
    any::Any,
    io,
    net::SocketAddr,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::{Duration, UNIX_EPOCH},
};

use bytes::Bytes;
use http::{HeaderMap, Method, Request, request};
use hyper::body::Body;
use serde_json::Value;
use tokio::time::{Instant, sleep};

use wechatpay_catalogue::description::Operation;
use wechatpay_core::{crypto::Backend, system::System};

#[cfg(feature = "program")]
use crate::control::access::Access;
use crate::{
    changes::{Announcer, Changed},
    described::{self, example, validate},
    fault::{Commit, Fault, Faults},
    keys::{KeyRing, Party, PlatformMode, api_v3::ApiV3Key, certificate_list, stranger},
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

/// Larger bodies are refused: no operation takes one.
const LARGEST_BODY: usize = 64 << 20;

/// How long a fixed answer is used before it is signed anew, in seconds.
const FIXED_LIFE: u64 = 60;

/// Everything that the gateway's thread and its owner share.
pub(crate) struct Service {
    pub(crate) backend: &'static dyn Backend,
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
    /// Who may use the console; nothing where there is none.
    #[cfg(feature = "program")]
    pub(crate) access: Option<Access>,
}

/// Runs an operation.
pub(crate) type Handler = Arc<dyn Fn(&ReceivedRequest) -> GatewayResponse + Send + Sync>;

/// What a route leads to.
pub(crate) enum Target {
    Handler(Handler),
    /// Answered without looking, for measurements.
    Fixed(Box<Fixed>),
    /// Executed by the simulator.
    Simulated,
    /// The list of platform certificates, in the modes that have them.
    CertificateList,
}

/// A reply that is the same for everybody, and its signed form with the time of signing.
pub(crate) struct Fixed {
    pub(crate) reply: GatewayResponse,
    pub(crate) signed: Mutex<Option<(u64, SignedResponse)>>,
}

/// What a request calls: a registered route, otherwise a documented operation.
struct Called {
    route: Option<Arc<Route<Target>>>,
    operation: Option<&'static Operation>,
    template: Option<String>,
    path: PathValues,
}

impl Called {
    fn of(found: Option<(Arc<Route<Target>>, PathValues)>, method: &Method, path: &str) -> Self {
        let operation = described::operation(method, path);
        match (found, operation) {
            (Some((route, path)), _) => Self {
                template: Some(route.template.clone()),
                route: Some(route),
                operation,
                path,
            },
            (None, Some(operation)) => {
                let values = route::values(&operation.path, path);
                Self {
                    route: None,
                    // A segment that is no text is not one of the operation's.
                    operation: values.is_some().then_some(operation),
                    template: values.is_some().then(|| operation.path.clone()),
                    path: values.unwrap_or_default(),
                }
            }
            (None, None) => Self {
                route: None,
                operation: None,
                template: None,
                path: PathValues::new(),
            },
        }
    }
}

impl Called {
    /// Whether a test has registered what responds. Such a request is not compared with its description.
    fn is_registered(&self) -> bool {
        let target = self.route.as_ref().map(|route| &route.target);
        matches!(target, Some(Target::Handler(_) | Target::Fixed(_)))
    }

    fn is_known(&self) -> bool {
        self.route.is_some() || self.operation.is_some()
    }
}

/// What is signed, which decides about the key.
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
        let hidden = |target: &Target| {
            matches!(target, Target::CertificateList) && self.mode() == PlatformMode::PublicKey
        };
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

    pub(crate) async fn answer<B>(self: Arc<Self>, request: Request<B>) -> Delivery
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
            // Read to the end, so that the connection can be used again.
            let _ = self.bodies.read(body, LARGEST_BODY).await;
            return Delivery::Response(self.fixed(fixed));
        }
        let called = Called::of(found, &head.method, path);
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
            Err(refusal) => return Delivery::Response(SignedResponse::unsigned(&refusal.reply())),
        };
        let mut inner = self.receive(head, body, &called, fault.clone());
        inner.refusal = self.judge(&mut inner, &called).err();
        let request = ReceivedRequest::new(inner);
        let id = self.log(request.clone());
        let answer = self.respond(request, called.route, fault.as_ref()).await;
        if !fault.as_ref().is_some_and(Fault::hides_response) {
            lock(&self.log).answered(id, sent(&answer, started));
        }
        match fault {
            Some(fault) => fault.deliver(answer),
            None => Delivery::Response(answer),
        }
    }

    fn receive(&self, head: request::Parts, body: Bytes, called: &Called, fault: Option<Fault>) -> Inner {
        let target = head
            .uri
            .path_and_query()
            .map_or("/", |target| target.as_str())
            .to_owned();
        let party = self.party(Scheme::of_path(&target));
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
            Scheme::Merchant => &self.merchant,
            Scheme::Brand => &self.brand,
        }
    }

    /// Whether a request may be executed. The order is that of the real service: who, then what, then how.
    ///
    /// A registered handler gets what the test sends. Any other request is compared with its description.
    fn judge(&self, request: &mut Inner, called: &Called) -> Result<(), Refusal> {
        let scheme = Scheme::of_path(&request.target);
        let well_formed = request.take_apart();
        let authorization = Authorization::read(&request.headers, scheme)?;
        request.authorization = Some(authorization.clone());
        let now = self.now();
        let body = request.signed_body();
        authorization.check(self.party(scheme), request.method.as_str(), &request.target, &body, now)?;
        lock(&self.nonces).admit(&authorization, now)?;
        well_formed?;
        check_headers(&request.headers, &request.body)?;
        if certificate_list::PATHS.contains(&request.raw_path())
            && self.mode() == PlatformMode::PublicKey
            && !called.is_registered()
        {
            return Err(Refusal::not_exists(
                "无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥",
            ));
        }
        if !called.is_known() {
            let (method, path) = (&request.method, request.raw_path());
            let message = format!("请求的资源不存在 (the gateway has no handler for {method} {path})");
            return Err(Refusal::not_exists(message));
        }
        let serial = request
            .headers
            .get("wechatpay-serial")
            .and_then(|serial| serial.to_str().ok());
        let key = serial.and_then(|serial| lock(&self.keys).find(serial).cloned());
        request.understand(key.as_deref())?;
        match called.operation.filter(|_| self.validate && !called.is_registered()) {
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
        route: Option<Arc<Route<Target>>>,
        fault: Option<&Fault>,
    ) -> SignedResponse {
        let Some(fault) = fault else {
            let reply = self.execute(&request, route.as_deref());
            return self.sign(&request, &reply, None);
        };
        sleep(fault.delay_before()).await;
        let executed = match fault.commit() {
            Commit::BeforeResponse => Some(self.execute(&request, route.as_deref())),
            Commit::AfterResponse(delay) => {
                let (service, request) = (Arc::clone(self), request.clone());
                tokio::spawn(async move {
                    sleep(delay).await;
                    service.execute(&request, route.as_deref());
                });
                None
            }
            Commit::Never => None,
        };
        sleep(fault.delay_after()).await;
        let reply = fault
            .reply()
            .or(executed)
            .unwrap_or_else(|| GatewayResponse::empty(500));
        let mut answer = self.sign(&request, &reply, Some(fault));
        answer.collect();
        fault.tamper(&mut answer);
        answer
    }

    /// Runs the operation, unless the request was refused.
    fn execute(&self, request: &ReceivedRequest, route: Option<&Route<Target>>) -> GatewayResponse {
        if let Some(refusal) = request.refusal() {
            return refusal.reply();
        }
        let handler = match (route.map(|route| &route.target), request.operation()) {
            (Some(Target::Handler(handler)), _) => handler,
            (Some(Target::Simulated), _) => {
                let simulator = self.simulator.as_ref();
                let reply = simulator.and_then(|simulator| simulator.respond(request));
                return reply.unwrap_or_else(|| GatewayResponse::empty(500));
            }
            (Some(Target::CertificateList), _) => {
                return match self.certificate_list() {
                    Ok(list) => GatewayResponse::json(200, &list),
                    Err(_) => GatewayResponse::error(500, "SYSTEM_ERROR", "系统错误"),
                };
            }
            (None, Some(operation)) => {
                return example::response(operation, request, &|plaintext| request.encrypt(plaintext));
            }
            (Some(Target::Fixed(_)), _) | (None, None) => return GatewayResponse::empty(500),
        };
        match catch_unwind(AssertUnwindSafe(|| handler(request))) {
            Ok(reply) => reply,
            Err(panic) => {
                lock(&self.panic).get_or_insert(panic);
                GatewayResponse::error(500, "SYSTEM_ERROR", "the handler panicked")
            }
        }
    }

    fn sign(&self, request: &ReceivedRequest, reply: &GatewayResponse, fault: Option<&Fault>) -> SignedResponse {
        self.sign_as(
            Scheme::of_path(request.target()),
            Signed::Response(request.announced_serial()),
            reply,
            fault,
        )
        .unwrap_or_else(|_| SignedResponse::unsigned(reply))
    }

    pub(crate) fn sign_as(
        &self,
        scheme: Scheme,
        what: Signed<'_>,
        reply: &GatewayResponse,
        fault: Option<&Fault>,
    ) -> io::Result<SignedResponse> {
        let mut answer = SignedResponse::unsigned(reply);
        let (request_id, nonce) = {
            let mut random = lock(&self.random);
            (random.nonce().to_uppercase(), random.nonce())
        };
        answer.identify(&request_id);
        if !reply.signed {
            return Ok(answer);
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
            Some(Fault::WrongKey) => signer = stranger(self.backend)?,
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
        answer.sign(&signature, &signer);
        Ok(answer)
    }

    /// The same answer for everybody, signed once a minute.
    fn fixed(&self, fixed: &Fixed) -> SignedResponse {
        let now = self.now();
        let mut signed = lock(&fixed.signed);
        match &*signed {
            Some((at, answer)) if now.abs_diff(*at) < FIXED_LIFE => answer.clone(),
            _ => {
                let fresh = self.sign_as(Scheme::Merchant, Signed::Response(None), &fixed.reply, None);
                let answer = fresh.unwrap_or_else(|_| SignedResponse::unsigned(&fixed.reply));
                *signed = Some((now, answer.clone()));
                answer
            }
        }
    }
}

/// What the log keeps of a response.
fn sent(answer: &SignedResponse, started: Instant) -> Sent {
    Sent {
        status: answer.status,
        headers: answer.headers.clone(),
        body: answer.body.slice(..answer.body.len().min(KEPT_BODY)),
        length: answer.generated.is_none().then_some(answer.body.len()),
        elapsed_us: u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
    }
}

/// The headers that the service asks of every request.
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
