//! Faults of the gateway.

pub(crate) mod flood;

use std::{collections::VecDeque, time::Duration};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use crate::{
    fault::flood::Framing,
    random::SplitMix,
    response::{GatewayResponse, signed::SignedResponse},
    server::script::{Delivery, Script, Step},
};

/// A fault, for one request.
///
/// To *commit* means to execute the operation: the handler is called and, for an operation of
/// [`on_order`](crate::Gateway::on_order), the order is recorded in the ledger. Unless stated otherwise, a fault
/// commits and affects the response or its delivery.
///
/// ```
/// use wechatpay_gateway::{Fault, Gateway};
/// use std::time::Duration;
///
/// let gateway = Gateway::start()?;
/// gateway.misbehave(Fault::CommitThenFail { status: 500 });
/// gateway.misbehave_at("/v3/refund/domestic/refunds", Fault::DelayBefore(Duration::from_millis(50)));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Fault {
    /// Commits, then responds with `SYSTEM_ERROR` and this status, signed.
    CommitThenFail {
        /// 500, 502, 503, 504, ..
        status: u16,
    },
    /// Responds with `SYSTEM_ERROR` and this status, signed, and commits afterwards.
    FailThenCommit {
        /// 500, 502, 503, 504, ..
        status: u16,
        /// The delay of the commit after the response.
        after: Duration,
    },
    /// Waits, then commits and responds. It commits also if the client disconnects meanwhile.
    DelayBefore(Duration),
    /// Commits, waits, then responds.
    DelayAfter(Duration),
    /// Reads the request, then resets the connection (TCP RST).
    Reset {
        /// Whether it commits before.
        committed: bool,
    },
    /// Resets the connection after the request headers, possibly while the client sends the body. Never commits.
    ResetInRequest,
    /// Closes the connection after this many bytes of the response, including status line and headers.
    CloseMidway {
        /// The number of bytes that are sent. A shorter response is sent completely.
        after: usize,
    },
    /// Responds correctly, then closes the connection without `Connection: close`.
    CloseAfterResponse,
    /// Reads the request and sends nothing until the client disconnects.
    Silence {
        /// Whether it commits before.
        committed: bool,
    },
    /// Sends the status line and headers byte by byte.
    SlowHeaders {
        /// The pause after each byte.
        pause: Duration,
    },
    /// Sends the headers at once and the body byte by byte.
    SlowBody {
        /// The pause after each byte.
        pause: Duration,
    },
    /// Sends headers endlessly.
    EndlessHeaders,
    /// Sends interim responses (status 103) endlessly.
    EndlessInterim,
    /// Replaces the body by this many bytes.
    Flood {
        /// The size of the body in bytes, after decompression.
        bytes: u64,
        /// How the length is announced.
        framing: Framing,
    },
    /// The correct response with `Transfer-Encoding: chunked`. This is valid HTTP.
    Chunked,
    /// Signed with an unknown key, with the serial of the right key.
    WrongKey,
    /// Signed with another key of the platform than the serial names. If the platform has a single key, this is the
    /// same as [`WrongKey`](Self::WrongKey).
    SwappedKey,
    /// Signed with the right key, with an unknown serial.
    UnknownSerial,
    /// The platform rotates its key between the request and the response, as
    /// [`Gateway::rotate`](crate::Gateway::rotate) does, and keeps the new one.
    Rotate,
    /// The signed timestamp is off by this many seconds.
    Stale {
        /// A negative number means the past.
        seconds: i64,
    },
    /// The signed `Wechatpay-Timestamp` has this text.
    Timestamp(String),
    /// The response lacks these headers. See [`Fault::missing`].
    MissingHeaders(Vec<String>),
    /// A header is sent twice: once with its value and once with this one.
    DuplicateHeader {
        /// The header, such as `Wechatpay-Signature`.
        name: String,
        /// The other value.
        value: String,
        /// Whether the wrong value comes first.
        wrong_first: bool,
    },
    /// The value of a header is replaced after signing.
    ReplaceHeader {
        /// The header, such as `Wechatpay-Signature` or `Wechatpay-Signature-Type`.
        name: String,
        /// The new value.
        value: String,
    },
    /// The response has no signature headers.
    Unsigned,
    /// A signature probe (签名探测流量): the signature begins with `WECHATPAY/SIGNTEST/`.
    SignatureProbe,
    /// One bit of the body is flipped after signing. The index is taken modulo the number of bits.
    FlippedBit(usize),
    /// The JSON body is formatted with line breaks and indentation after signing.
    PrettyPrinted,
    /// A byte order mark is inserted before the body after signing.
    ByteOrderMark,
    /// The body is compressed after signing, with `Content-Encoding: gzip`.
    Gzip,
    /// The status is replaced. The signed body stays.
    ChangedStatus(u16),
    /// A custom response, signed.
    Status {
        /// The status.
        status: u16,
        /// The JSON body.
        body: Value,
        /// Whether it commits before.
        committed: bool,
    },
    /// An HTML page as from a proxy or captive portal, unsigned. Never commits.
    Html {
        /// The status, such as 200.
        status: u16,
    },
    /// A redirect, unsigned. Never commits.
    Redirect {
        /// 301, 302, 303, 307 or 308.
        status: u16,
        /// The header `Location`.
        location: String,
    },
    /// 429 with `FREQUENCY_LIMITED`, signed. Never commits.
    TooManyRequests {
        /// The header `Retry-After`: seconds, a date, or an invalid value.
        retry_after: Option<String>,
    },
    /// Responds with 413 while the client sends the body, and does not read the rest. Never commits.
    EarlyResponse,
}

/// When the operation is executed.
pub(crate) enum Commit {
    BeforeResponse,
    AfterResponse(Duration),
    Never,
}

impl Fault {
    /// The response lacks these headers.
    ///
    /// ```
    /// use wechatpay_gateway::Fault;
    ///
    /// let fault = Fault::missing(["Wechatpay-Nonce", "Wechatpay-Serial"]);
    /// ```
    pub fn missing(names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self::MissingHeaders(names.into_iter().map(Into::into).collect())
    }

    /// The script that runs before the body of the request is read.
    pub(crate) fn before_body(&self) -> Option<Script> {
        match self {
            Self::ResetInRequest => Some(Script::new([Step::Reset])),
            Self::EarlyResponse => {
                let refusal = GatewayResponse::error(413, "REQUEST_TOO_LARGE", "请求体过大");
                let mut response = SignedResponse::unsigned(&refusal);
                response
                    .headers
                    .insert(header::CONNECTION, HeaderValue::from_static("close"));
                Some(Script::new([Step::Write(response.to_bytes()), Step::Stall]))
            }
            _ => None,
        }
    }

    /// Whether nothing of a response goes out.
    pub(crate) fn hides_response(&self) -> bool {
        matches!(self, Self::Reset { .. } | Self::Silence { .. } | Self::ResetInRequest)
    }

    pub(crate) fn commit(&self) -> Commit {
        match self {
            Self::FailThenCommit { after, .. } => Commit::AfterResponse(*after),
            Self::Reset { committed } | Self::Silence { committed } | Self::Status { committed, .. } => {
                if *committed {
                    Commit::BeforeResponse
                } else {
                    Commit::Never
                }
            }
            Self::ResetInRequest
            | Self::EarlyResponse
            | Self::Html { .. }
            | Self::Redirect { .. }
            | Self::TooManyRequests { .. } => Commit::Never,
            _ => Commit::BeforeResponse,
        }
    }

    pub(crate) fn delay_before(&self) -> Duration {
        if let Self::DelayBefore(delay) = self {
            *delay
        } else {
            Duration::ZERO
        }
    }

    pub(crate) fn delay_after(&self) -> Duration {
        if let Self::DelayAfter(delay) = self {
            *delay
        } else {
            Duration::ZERO
        }
    }

    /// The response that replaces the one of the handler.
    pub(crate) fn response(&self) -> Option<GatewayResponse> {
        Some(match self {
            Self::CommitThenFail { status } | Self::FailThenCommit { status, .. } => {
                GatewayResponse::error(*status, "SYSTEM_ERROR", "系统错误")
            }
            Self::Status { status, body, .. } => GatewayResponse::json(*status, body),
            Self::Html { status } => {
                let page =
                    "<!DOCTYPE html>\n<html><head><title>Welcome</title></head><body>Please log in</body></html>";
                GatewayResponse {
                    status: status_code(*status),
                    ..GatewayResponse::bytes("text/html; charset=utf-8", page)
                }
            }
            Self::Redirect { status, location } => {
                GatewayResponse::empty(*status).header("location", location).unsigned()
            }
            Self::TooManyRequests { retry_after } => {
                let response = GatewayResponse::error(429, "FREQUENCY_LIMITED", "频率超限");
                match retry_after {
                    Some(retry_after) => response.header("retry-after", retry_after),
                    None => response,
                }
            }
            _ => return None,
        })
    }

    /// Changes a response after it was signed.
    pub(crate) fn tamper(&self, response: &mut SignedResponse) {
        match self {
            Self::MissingHeaders(names) => {
                for name in names {
                    response.headers.remove(name);
                }
            }
            Self::Unsigned => response.remove_signature(),
            Self::ReplaceHeader { name, value } => {
                if let Some((name, value)) = header(name, value) {
                    response.headers.insert(name, value);
                }
            }
            Self::DuplicateHeader {
                name,
                value,
                wrong_first,
            } => {
                if let Some((name, wrong)) = header(name, value) {
                    match response.headers.remove(&name) {
                        Some(right) if *wrong_first => {
                            response.headers.append(name.clone(), wrong);
                            response.headers.append(name, right);
                        }
                        Some(right) => {
                            response.headers.append(name.clone(), right);
                            response.headers.append(name, wrong);
                        }
                        None => {
                            response.headers.insert(name, wrong);
                        }
                    }
                }
            }
            Self::SignatureProbe => response.make_signature_probe(),
            Self::FlippedBit(bit) => {
                let mut body = response.body.to_vec();
                let bits = (body.len() * 8).max(1);
                if let Some(byte) = body.get_mut(bit % bits / 8) {
                    *byte ^= 1 << (bit % 8);
                }
                response.body = body.into();
            }
            Self::PrettyPrinted => {
                let json = serde_json::from_slice::<Value>(&response.body).unwrap_or_else(|_| json!({}));
                response.body = format!("{json:#}").into();
            }
            Self::ByteOrderMark => response.body = [b"\xEF\xBB\xBF", &response.body[..]].concat().into(),
            Self::Gzip => {
                response.body = flood::gzip(&response.body);
                response
                    .headers
                    .insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            }
            Self::ChangedStatus(status) => response.status = status_code(*status),
            _ => {}
        }
    }

    /// How the response is sent.
    pub(crate) fn deliver(&self, mut response: SignedResponse) -> Delivery {
        let steps = match self {
            Self::Reset { .. } => vec![Step::Reset],
            Self::Silence { .. } => vec![Step::Silence],
            Self::CloseMidway { after } => {
                let bytes = response.to_bytes();
                vec![Step::Write(bytes.slice(..bytes.len().min(*after))), Step::Close]
            }
            Self::CloseAfterResponse => vec![Step::Write(response.to_bytes()), Step::Close],
            Self::SlowHeaders { pause } => vec![
                Step::Dribble(response.last_head(), *pause),
                Step::Write(response.body),
                Step::Close,
            ],
            Self::SlowBody { pause } => vec![
                Step::Write(response.last_head()),
                Step::Dribble(response.body, *pause),
                Step::Close,
            ],
            Self::EndlessHeaders => {
                let filler = format!("x-filler: {}\r\n", "x".repeat(100)).repeat(100);
                vec![
                    Step::Write(Bytes::from_static(b"HTTP/1.1 200 OK\r\n")),
                    Step::Forever(filler.into()),
                ]
            }
            Self::EndlessInterim => {
                let filler = "HTTP/1.1 103 Early Hints\r\nlink: </>\r\n\r\n".repeat(100);
                vec![Step::Forever(filler.into())]
            }
            Self::Flood { bytes, framing } => {
                response.body = Bytes::new();
                flood::steps(response, *bytes, *framing)
            }
            Self::Chunked => {
                response
                    .headers
                    .insert(header::CONNECTION, HeaderValue::from_static("close"));
                let mut body = Vec::new();
                // Small chunks, so that the body has several.
                for chunk in response.body.chunks(10) {
                    body.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
                    body.extend_from_slice(chunk);
                    body.extend_from_slice(b"\r\n");
                }
                body.extend_from_slice(b"0\r\n\r\n");
                vec![Step::Write(response.head(None)), Step::Write(body.into()), Step::Close]
            }
            _ => return Delivery::Response(response),
        };
        Delivery::Script(Script::new(steps))
    }
}

fn status_code(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

fn header(name: &str, value: &str) -> Option<(HeaderName, HeaderValue)> {
    Some((
        HeaderName::try_from(name).ok()?,
        HeaderValue::from_bytes(value.as_bytes()).ok()?,
    ))
}

/// The pending faults.
#[derive(Default)]
pub(crate) struct Faults {
    /// With their paths, in the order in which they were added.
    scripted: VecDeque<(Option<String>, Fault)>,
    chaos: Option<Chaos>,
}

struct Chaos {
    random: SplitMix,
    percent: u8,
    faults: Vec<Fault>,
}

impl Faults {
    pub(crate) fn add(&mut self, path: Option<&str>, fault: Fault) {
        self.scripted.push_back((path.map(str::to_owned), fault));
    }

    pub(crate) fn chaos(&mut self, seed: u64, percent: u8, faults: Vec<Fault>) {
        self.chaos = Some(Chaos {
            random: SplitMix::new(seed),
            percent,
            faults,
        });
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    pub(crate) fn pending(&self) -> usize {
        self.scripted.len()
    }

    /// The scripted faults that have not met their request, each with its path.
    pub(crate) fn waiting(&self) -> impl Iterator<Item = (Option<&str>, &Fault)> {
        self.scripted.iter().map(|(path, fault)| (path.as_deref(), fault))
    }

    /// The fault for a request: the first scripted one that matches its path, otherwise one of [`Chaos`].
    pub(crate) fn next(&mut self, template: Option<&str>, path: &str) -> Option<Fault> {
        let matches = |wanted: &Option<String>| {
            wanted
                .as_deref()
                .is_none_or(|wanted| Some(wanted) == template || wanted == path)
        };
        if let Some(position) = self.scripted.iter().position(|(wanted, _)| matches(wanted)) {
            return self.scripted.remove(position).map(|(_, fault)| fault);
        }
        let chaos = self.chaos.as_mut()?;
        if chaos.random.below(100) >= usize::from(chaos.percent) {
            return None;
        }
        let choice = chaos.random.below(chaos.faults.len());
        chaos.faults.get(choice).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripted_faults_are_applied_in_order_and_at_their_path() {
        let mut faults = Faults::default();
        faults.add(Some("/v3/{id}"), Fault::Unsigned);
        faults.add(None, Fault::SignatureProbe);
        faults.add(None, Fault::WrongKey);
        faults.add(Some("/v3/b"), Fault::Gzip);
        assert_eq!(faults.next(None, "/v3/a"), Some(Fault::SignatureProbe));
        assert_eq!(faults.next(Some("/v3/{id}"), "/v3/b"), Some(Fault::Unsigned));
        assert_eq!(faults.next(Some("/v3/{id}"), "/v3/b"), Some(Fault::WrongKey));
        assert_eq!(faults.next(Some("/v3/{id}"), "/v3/c"), None);
        assert_eq!(faults.next(Some("/v3/{id}"), "/v3/b"), Some(Fault::Gzip));
        assert_eq!(faults.pending(), 0);
    }

    #[test]
    fn chaos_is_reproducible_from_its_seed_and_keeps_its_percentage() {
        let run = |seed| {
            let mut faults = Faults::default();
            faults.chaos(seed, 30, vec![Fault::SignatureProbe, Fault::Unsigned]);
            (0..2000).map(|_| faults.next(None, "/")).collect::<Vec<_>>()
        };
        assert_eq!(run(1), run(1));
        assert_ne!(run(1), run(2));
        let hits = run(1).iter().filter(|fault| fault.is_some()).count();
        assert!((500..700).contains(&hits), "{hits}");
    }
}
