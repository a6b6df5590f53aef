//! How the gateway misbehaves.

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

/// One way to misbehave, for one request.
///
/// To *commit* means to run the operation: the handler is called and, for an operation of
/// [`on_order`](crate::Gateway::on_order), the order stands in the ledger. What is not said otherwise commits, and the
/// fault is in the answer or on its way.
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
    /// Commits, then answers `SYSTEM_ERROR` with this status, signed.
    CommitThenFail {
        /// 500, 502, 503, 504, ..
        status: u16,
    },
    /// Answers `SYSTEM_ERROR` with this status, signed, and commits afterwards.
    FailThenCommit {
        /// 500, 502, 503, 504, ..
        status: u16,
        /// How long after the answer.
        after: Duration,
    },
    /// Waits, then commits and answers. A client that has gone meanwhile does not prevent that.
    DelayBefore(Duration),
    /// Commits, waits, then answers.
    DelayAfter(Duration),
    /// Reads the request, then resets the connection (TCP RST).
    Reset {
        /// Whether the operation is run before.
        committed: bool,
    },
    /// Resets the connection as soon as the headers are there, while the body may be on its way. Never commits.
    ResetInRequest,
    /// Closes the connection after this many bytes of the answer, status line and headers included.
    CloseMidway {
        /// So many bytes go out; all of them when the answer is shorter.
        after: usize,
    },
    /// Answers properly, then closes the connection without having announced it.
    CloseAfterResponse,
    /// Reads the request and says nothing, for as long as the client stays.
    Silence {
        /// Whether the operation is run before.
        committed: bool,
    },
    /// The status line and headers dribble out, byte by byte.
    SlowHeaders {
        /// The pause after each byte.
        pause: Duration,
    },
    /// The headers come at once, the body dribbles out, byte by byte.
    SlowBody {
        /// The pause after each byte.
        pause: Duration,
    },
    /// Headers without end.
    EndlessHeaders,
    /// Interim answers (status 103) without end.
    EndlessInterim,
    /// A body of this many bytes instead of the answer's.
    Flood {
        /// How many bytes the client would have to take in, after decompression.
        bytes: u64,
        /// How the length is told, or not.
        framing: Framing,
    },
    /// The right answer with `Transfer-Encoding: chunked`. Nothing is wrong with that.
    Chunked,
    /// Signed with a key that nobody knows, under the serial of the right one.
    WrongKey,
    /// Signed with another key of the platform than the serial says. With a single key it is as
    /// [`WrongKey`](Self::WrongKey).
    SwappedKey,
    /// Signed with the right key, under a serial that nobody knows.
    UnknownSerial,
    /// The platform changes its key between the request and the answer, as [`Gateway::rotate`](crate::Gateway::rotate)
    /// does, and goes on with the new one.
    Rotate,
    /// The timestamp is this many seconds off, and signed so.
    Stale {
        /// Negative for the past.
        seconds: i64,
    },
    /// This text stands in `Wechatpay-Timestamp`, and is signed so.
    Timestamp(String),
    /// These headers are missing from the answer; see [`Fault::missing`].
    MissingHeaders(Vec<String>),
    /// A header comes twice: once as it should be, and once with this value.
    DuplicateHeader {
        /// The header, such as `Wechatpay-Signature`.
        name: String,
        /// The other value.
        value: String,
        /// Whether the wrong value comes first.
        wrong_first: bool,
    },
    /// A header has this value instead of its own, changed after signing.
    ReplaceHeader {
        /// The header, such as `Wechatpay-Signature` or `Wechatpay-Signature-Type`.
        name: String,
        /// The value it gets.
        value: String,
    },
    /// No signature headers at all.
    Unsigned,
    /// The signature begins with `WECHATPAY/SIGNTEST/` (签名探测流量).
    Probe,
    /// One bit of the body is flipped after signing; the bits are counted round and round.
    FlippedBit(usize),
    /// The body is JSON written anew with line ends and indentation, after signing.
    PrettyPrinted,
    /// The body begins with a byte order mark, put there after signing.
    ByteOrderMark,
    /// The body is compressed after signing, with `Content-Encoding: gzip`.
    Gzip,
    /// Another status than the right one, with the right, signed body.
    ChangedStatus(u16),
    /// An answer of one's own, signed.
    Status {
        /// The status.
        status: u16,
        /// The JSON body.
        body: Value,
        /// Whether the operation is run before.
        committed: bool,
    },
    /// A page of a proxy or captive portal, unsigned. Never commits.
    Html {
        /// The status, 200 for instance.
        status: u16,
    },
    /// Sends the client elsewhere, unsigned. Never commits.
    Redirect {
        /// 301, 302, 303, 307 or 308.
        status: u16,
        /// The header `Location`.
        location: String,
    },
    /// 429 with `FREQUENCY_LIMITED`, signed. Never commits.
    TooManyRequests {
        /// The header `Retry-After`: seconds, a date, or any nonsense.
        retry_after: Option<String>,
    },
    /// Answers 413 while the body is still on its way, and does not read on. Never commits.
    EarlyResponse,
}

/// When the operation is run.
pub(crate) enum Commit {
    BeforeResponse,
    AfterResponse(Duration),
    Never,
}

impl Fault {
    /// The answer lacks these headers.
    ///
    /// ```
    /// use wechatpay_gateway::Fault;
    ///
    /// let fault = Fault::missing(["Wechatpay-Nonce", "Wechatpay-Serial"]);
    /// ```
    pub fn missing(names: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self::MissingHeaders(names.into_iter().map(Into::into).collect())
    }

    /// What happens before the body of the request is read.
    pub(crate) fn before_body(&self) -> Option<Script> {
        match self {
            Self::ResetInRequest => Some(Script::new([Step::Reset])),
            Self::EarlyResponse => {
                let reply = GatewayResponse::error(413, "REQUEST_TOO_LARGE", "请求体过大");
                let mut answer = SignedResponse::unsigned(&reply);
                answer
                    .headers
                    .insert(header::CONNECTION, HeaderValue::from_static("close"));
                Some(Script::new([Step::Write(answer.to_bytes()), Step::Stall]))
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

    /// What is answered in place of what the operation says.
    pub(crate) fn reply(&self) -> Option<GatewayResponse> {
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
                let reply = GatewayResponse::error(429, "FREQUENCY_LIMITED", "频率超限");
                match retry_after {
                    Some(retry_after) => reply.header("retry-after", retry_after),
                    None => reply,
                }
            }
            _ => return None,
        })
    }

    /// What happens to an answer after it was signed.
    pub(crate) fn tamper(&self, answer: &mut SignedResponse) {
        match self {
            Self::MissingHeaders(names) => {
                for name in names {
                    answer.headers.remove(name);
                }
            }
            Self::Unsigned => answer.remove_signature(),
            Self::ReplaceHeader { name, value } => {
                if let Some((name, value)) = header(name, value) {
                    answer.headers.insert(name, value);
                }
            }
            Self::DuplicateHeader {
                name,
                value,
                wrong_first,
            } => {
                if let Some((name, wrong)) = header(name, value) {
                    match answer.headers.remove(&name) {
                        Some(right) if *wrong_first => {
                            answer.headers.append(name.clone(), wrong);
                            answer.headers.append(name, right);
                        }
                        Some(right) => {
                            answer.headers.append(name.clone(), right);
                            answer.headers.append(name, wrong);
                        }
                        None => {
                            answer.headers.insert(name, wrong);
                        }
                    }
                }
            }
            Self::Probe => answer.make_probe(),
            Self::FlippedBit(bit) => {
                let mut body = answer.body.to_vec();
                let bits = (body.len() * 8).max(1);
                if let Some(byte) = body.get_mut(bit % bits / 8) {
                    *byte ^= 1 << (bit % 8);
                }
                answer.body = body.into();
            }
            Self::PrettyPrinted => {
                let json = serde_json::from_slice::<Value>(&answer.body).unwrap_or_else(|_| json!({}));
                answer.body = format!("{json:#}").into();
            }
            Self::ByteOrderMark => answer.body = [b"\xEF\xBB\xBF", &answer.body[..]].concat().into(),
            Self::Gzip => {
                answer.body = flood::gzip(&answer.body);
                answer
                    .headers
                    .insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            }
            Self::ChangedStatus(status) => answer.status = status_code(*status),
            _ => {}
        }
    }

    /// How an answer goes over the wire.
    pub(crate) fn deliver(&self, mut answer: SignedResponse) -> Delivery {
        let steps = match self {
            Self::Reset { .. } => vec![Step::Reset],
            Self::Silence { .. } => vec![Step::Silence],
            Self::CloseMidway { after } => {
                let bytes = answer.to_bytes();
                vec![Step::Write(bytes.slice(..bytes.len().min(*after))), Step::Close]
            }
            Self::CloseAfterResponse => vec![Step::Write(answer.to_bytes()), Step::Close],
            Self::SlowHeaders { pause } => vec![
                Step::Dribble(answer.last_head(), *pause),
                Step::Write(answer.body),
                Step::Close,
            ],
            Self::SlowBody { pause } => vec![
                Step::Write(answer.last_head()),
                Step::Dribble(answer.body, *pause),
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
                answer.body = Bytes::new();
                flood::steps(answer, *bytes, *framing)
            }
            Self::Chunked => {
                answer
                    .headers
                    .insert(header::CONNECTION, HeaderValue::from_static("close"));
                let mut body = Vec::new();
                // Small chunks, so that there are several.
                for chunk in answer.body.chunks(10) {
                    body.extend_from_slice(format!("{:x}\r\n", chunk.len()).as_bytes());
                    body.extend_from_slice(chunk);
                    body.extend_from_slice(b"\r\n");
                }
                body.extend_from_slice(b"0\r\n\r\n");
                vec![Step::Write(answer.head(None)), Step::Write(body.into()), Step::Close]
            }
            _ => return Delivery::Response(answer),
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

/// Which faults are to come.
#[derive(Default)]
pub(crate) struct Faults {
    /// With the path they are meant for, in the order in which they were given.
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

    /// The fault for a request: the first scripted one that fits its path, else one by chance.
    pub(crate) fn next(&mut self, template: Option<&str>, path: &str) -> Option<Fault> {
        let fits = |wanted: &Option<String>| {
            wanted
                .as_deref()
                .is_none_or(|wanted| Some(wanted) == template || wanted == path)
        };
        if let Some(position) = self.scripted.iter().position(|(wanted, _)| fits(wanted)) {
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
    fn scripted_faults_come_in_their_order_and_at_their_path() {
        let mut faults = Faults::default();
        faults.add(Some("/v3/{id}"), Fault::Unsigned);
        faults.add(None, Fault::Probe);
        faults.add(None, Fault::WrongKey);
        faults.add(Some("/v3/b"), Fault::Gzip);
        assert_eq!(faults.next(None, "/v3/a"), Some(Fault::Probe));
        assert_eq!(faults.next(Some("/v3/{id}"), "/v3/b"), Some(Fault::Unsigned));
        assert_eq!(faults.next(Some("/v3/{id}"), "/v3/b"), Some(Fault::WrongKey));
        assert_eq!(faults.next(Some("/v3/{id}"), "/v3/c"), None);
        assert_eq!(faults.next(Some("/v3/{id}"), "/v3/b"), Some(Fault::Gzip));
        assert_eq!(faults.pending(), 0);
    }

    #[test]
    fn chaos_repeats_itself_from_its_seed_and_keeps_its_percentage() {
        let run = |seed| {
            let mut faults = Faults::default();
            faults.chaos(seed, 30, vec![Fault::Probe, Fault::Unsigned]);
            (0..2000).map(|_| faults.next(None, "/")).collect::<Vec<_>>()
        };
        assert_eq!(run(1), run(1));
        assert_ne!(run(1), run(2));
        let hits = run(1).iter().filter(|fault| fault.is_some()).count();
        assert!((500..700).contains(&hits), "{hits}");
    }
}
