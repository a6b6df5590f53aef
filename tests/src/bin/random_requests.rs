//! Sends random requests to random operations of a gateway without handlers: valid ones, changed ones and hostile ones.
//!
//! ```text
//! cargo run --release -p wechatpay-tests --bin random_requests -- --requests 1000000 --seed 7
//! ```
//!
//! These violations must never happen: a panic, a 5xx, a success whose body its schema does not accept, an error that the
//! service does not have, an unsigned response to a signed request, and a connection that ends without a response.
//!
//! The printed seed determines every decision of the program. Each thread has a separate gateway.

#![allow(clippy::print_stdout, reason = "a program that prints")]

use serde_json::{Value, json};
use std::{
    collections::BTreeMap,
    error::Error,
    panic,
    process::ExitCode,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    thread,
    time::Instant,
};
use wechatpay_catalogue::description::{Content, Description, Kind, Secrets};
use wechatpay_core::crypto::aws_lc_rs::AwsLcRs;
use wechatpay_gateway::{Gateway, PlatformMode};
use wechatpay_tests::{Draft, Random, RawCall, RawResponse, SigningClient, Target, has_state, wrong_type};

/// Panics of any thread, the gateway's too.
static PANICS: AtomicU64 = AtomicU64::new(0);

/// So many signatures of responses are verified: one in this number.
const VERIFIED: u64 = 16;

/// More violations than these are counted and not kept.
const KEPT: usize = 20;

/// What came of all requests.
#[derive(Debug, Default)]
struct Outcome {
    by_kind: BTreeMap<&'static str, u64>,
    by_status: BTreeMap<u16, u64>,
    violations: u64,
    examples: Vec<String>,
}

impl Outcome {
    fn add(&mut self, other: Self) {
        for (kind, count) in other.by_kind {
            *self.by_kind.entry(kind).or_default() += count;
        }
        for (status, count) in other.by_status {
            *self.by_status.entry(status).or_default() += count;
        }
        self.violations += other.violations;
        self.examples.extend(other.examples);
        self.examples.truncate(KEPT);
    }
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let (mut requests, mut seed, mut threads) = (5000, 7, thread::available_parallelism()?.get() as u64);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let number = arguments.next().ok_or("each option needs a number")?.parse()?;
        match argument.as_str() {
            "--requests" => requests = number,
            "--seed" => seed = number,
            "--threads" => threads = number,
            other => return Err(format!("{other} is not an option; there are --requests, --seed, --threads").into()),
        }
    }
    println!("{requests} requests, seed {seed}, {threads} threads");
    let standard = panic::take_hook();
    panic::set_hook(Box::new(move |information| {
        PANICS.fetch_add(1, Relaxed);
        standard(information);
    }));
    let start = Instant::now();
    let total = Mutex::new(Outcome::default());
    thread::scope(|scope| {
        for number in 0..threads.max(1) {
            let total = &total;
            let share = requests / threads.max(1) + u64::from(number < requests % threads.max(1));
            scope.spawn(move || {
                let outcome = run(
                    share,
                    Random(seed.wrapping_add(number.wrapping_mul(0x5851_F42D_4C95_7F2D))),
                );
                total.lock().unwrap_or_else(PoisonError::into_inner).add(outcome);
            });
        }
    });
    let total = total.into_inner().unwrap_or_else(PoisonError::into_inner);
    let panics = PANICS.load(Relaxed);
    let seconds = start.elapsed().as_secs_f64();
    println!("in {seconds:.0} s, {:.0} a second", requests as f64 / seconds);
    println!("requests: {:?}", total.by_kind);
    println!("statuses: {:?}", total.by_status);
    println!("panics: {panics}, violations: {}", total.violations);
    for example in &total.examples {
        println!("  {example}");
    }
    let sent: u64 = total.by_kind.values().sum();
    Ok(match (panics, total.violations, sent == requests) {
        (0, 0, true) => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    })
}

fn run(requests: u64, mut random: Random) -> Outcome {
    let mut outcome = Outcome::default();
    // In this mode there are certificates to download.
    let builder = Gateway::builder().mode(PlatformMode::Mixed).backend(&AwsLcRs);
    let started = builder.simulate().start();
    let Ok(gateway) = started else {
        outcome.violations += 1;
        outcome.examples.push("the gateway does not start".to_owned());
        return outcome;
    };
    let mut client = SigningClient::new(&gateway);
    let summaries = Description::embedded().operations();
    for _ in 0..requests {
        let Ok(operation) = random.of(summaries).operation() else {
            continue;
        };
        let (kind, call) = request(Draft::new(operation), &client, &mut random);
        *outcome.by_kind.entry(kind).or_default() += 1;
        let problem = match client.send(&call) {
            Ok(received) => {
                *outcome.by_status.entry(received.status).or_default() += 1;
                let verified = random.below(VERIFIED) == 0;
                problem((kind, has_state(operation)), &call, &received, &client, verified)
            }
            Err(error) => Some(format!("no response: {error}")),
        };
        if let Some(problem) = problem {
            outcome.violations += 1;
            if outcome.examples.len() < KEPT {
                let target: String = call.target.chars().take(200).collect();
                outcome
                    .examples
                    .push(format!("{kind}: {} {target}: {problem}", call.method));
            }
        }
    }
    outcome
}

/// One request, and what kind it is.
fn request(mut draft: Draft, client: &SigningClient, random: &mut Random) -> (&'static str, RawCall) {
    match random.below(10) {
        0..3 => {
            // Optional fields come and go.
            for field in draft.fields() {
                if !field.required && random.below(3) == 0 {
                    draft.remove(&field.target);
                }
            }
            ("valid", draft.call(client))
        }
        3..7 => {
            for _ in 0..=random.below(3) {
                change(&mut draft, random);
            }
            ("changed", draft.call(client))
        }
        _ => ("hostile", hostile(draft, client, random)),
    }
}

/// Changes one field.
fn change(draft: &mut Draft, random: &mut Random) {
    let fields = draft.fields();
    if fields.is_empty() {
        return;
    }
    let field = random.of(&fields);
    match random.below(8) {
        0 => draft.remove(&field.target),
        1 => draft.set(&field.target, Value::Null),
        2 => draft.set(&field.target, wrong_type(field).unwrap_or_else(|| json!([{}]))),
        3 => draft.unencrypted.push(field.target.clone()),
        4 => draft.set(&field.target, "x".repeat(random.below(300) as usize).into()),
        5 => draft.set(&field.target, json!(random.number() as i64)),
        6 => {
            let text = *random.of(TEXTS);
            draft.set(&field.target, text.into());
        }
        _ => {
            // A list of another length.
            if let (Kind::Array, Target::Body(pointer)) = (field.schema.kind, &field.target)
                && let Some(Value::Array(items)) = draft.json.pointer_mut(pointer)
            {
                let item = items.first().cloned().unwrap_or_default();
                *items = vec![item; random.below(40) as usize];
            }
        }
    }
}

/// Texts that programs stumble over.
const TEXTS: &[&str] = &[
    "",
    " ",
    "0",
    "-1",
    "1e999",
    "NaN",
    "null",
    "true",
    "<script>alert(1)</script>",
    "'; DROP TABLE orders; --",
    "../../../etc/passwd",
    "..%2f..%2f",
    "a/b?c#d;e&f=g",
    "{}",
    "[[[[",
    "%00%ff",
    "\0",
    "\r\nInjected: 1",
    "\u{202e}txt.exe",
    "😀😀😀",
    "张三",
    "\u{feff}",
    "\u{fffd}",
    "9223372036854775808",
    "2024-02-30T25:61:61+99:00",
];

/// Right in its operation and wrong in its bytes.
fn hostile(mut draft: Draft, client: &SigningClient, random: &mut Random) -> RawCall {
    let mut call = draft.call(client);
    // What is signed is what is sent, so that the gateway reads it.
    call.signed_body = None;
    match random.below(16) {
        0 => {
            let end = random.below(call.body.len() as u64 + 1) as usize;
            call.body.truncate(end);
        }
        1 => {
            for _ in 0..=random.below(4) {
                let at = random.below(call.body.len() as u64) as usize;
                let bits = random.number() as u8;
                if let Some(byte) = call.body.get_mut(at) {
                    *byte ^= bits;
                }
            }
        }
        2 => call.body = (0..random.below(400)).map(|_| random.number() as u8).collect(),
        3 => call.body = "[".repeat(random.below(200_000) as usize).into_bytes(),
        4 => call.body = br#"{"a":1,"a":2,"amount":1e999,"x":"\ud800"}"#.to_vec(),
        5 => {
            let value = *random.of(&[
                "null",
                "0",
                "\"\"",
                "[]",
                "true",
                "{}",
                "\u{feff}{}",
                "{\"\":{}}",
                "1e400",
            ]);
            call.body = value.as_bytes().to_vec();
        }
        6 => {
            // One field of any depth holds a whole tree.
            let fields = draft.fields();
            if !fields.is_empty() {
                let mut tree = json!(1);
                for _ in 0..random.below(100) {
                    tree = if random.below(2) == 0 {
                        json!([tree])
                    } else {
                        json!({ "a": tree })
                    };
                }
                draft.set(&random.of(&fields).target, tree);
                call = draft.call(client);
            }
        }
        7 => {
            let separator = if call.target.contains('?') { '&' } else { '?' };
            let more = *random.of(&[
                "%",
                "%zz",
                "=",
                "&&&",
                "a=%ff",
                "a[]=1",
                "offset=99999999999999999999",
                "x=%00",
                "é",
            ]);
            let more: String = more.chars().filter(char::is_ascii).collect();
            call.target = format!("{}{separator}{more}", call.target);
        }
        8 => {
            let more = *random.of(&["/", "//", "/..", "/%2e%2e/", "/%ff", "/%", ";a=b", "%00", "/{id}", "."]);
            let path = call.target.split('?').next().unwrap_or_default();
            call.target = format!("{path}{more}");
        }
        9 => {
            call.method = random
                .of(&["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "PURGE"])
                .to_string()
        }
        10 => {
            let kind = *random.of(&[
                "text/plain",
                "application/json; charset=gbk",
                "multipart/form-data",
                "multipart/form-data; boundary=\"",
                "multipart/form-data; boundary=a-boundary",
                "multipart/form-data; boundary=",
                "application/json",
            ]);
            call.content_type = kind.to_owned();
        }
        11 => {
            let wrong = *random.of(&[
                "",
                "WECHATPAY2-SHA256-RSA2048",
                "WECHATPAY2-SHA256-RSA2048 mchid=\"1\",nonce_str=\"",
                "Basic YTpi",
                "WECHATPAY2-SHA256-RSA2048 mchid=\"1900000100\",nonce_str=\"n\",timestamp=\"99999999999999999999\",\
                 serial_no=\"AB\",signature=\"AAAA\"",
            ]);
            call.authorization = Some(wrong.to_owned());
        }
        12 => {
            let header = *random.of(&[
                "Wechatpay-Serial: unknown\r\n",
                "Accept-Encoding: gzip\r\n",
                "Idempotency-Key: \r\n",
                "X-Long: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n",
            ]);
            call.headers.push_str(header);
        }
        13 => {
            // Plaintext that looks like a ciphertext.
            let mut changed = draft.clone();
            for field in draft.fields().iter().filter(|field| field.schema.sensitive) {
                changed.set(&field.target, "A".repeat(344).into());
                changed.unencrypted.push(field.target.clone());
            }
            call = changed.call(client);
        }
        14 => {
            for field in draft.fields() {
                let text = *random.of(TEXTS);
                draft.set(&field.target, text.into());
            }
            draft.headers.clear();
            call = draft.call(client);
        }
        _ => {
            let large = "x".repeat(random.below(1 << 20) as usize);
            call.body = json!({ "attach": large, "out_trade_no": large })
                .to_string()
                .into_bytes();
        }
    }
    call
}

/// What is wrong with a response.
fn problem(
    (kind, has_state): (&str, bool),
    call: &RawCall,
    received: &RawResponse,
    client: &SigningClient,
    verified: bool,
) -> Option<String> {
    let body = received.json();
    if kind == "valid" && !(200..300).contains(&received.status) && !has_state {
        return Some(format!("{} {body}", received.status));
    }
    match received.status {
        200..300 => {
            let path = call.target.split('?').next().unwrap_or_default();
            let summary = Description::embedded().resolve(&format!("{} {path}", call.method));
            let Some(response) = summary.first().and_then(|summary| summary.operation().ok()?.response()) else {
                return Some("a success of no operation".to_owned());
            };
            if received.status != response.status {
                return Some(format!("the status is {}", received.status));
            }
            match &response.content {
                Content::Json(schema) => {
                    let violation = schema.check(&body, Secrets::Encrypted).err();
                    let unsigned = || verified && !client.is_genuine(received);
                    let violation = violation.map(|it| format!("{} {:?}", it.pointer, it.rule));
                    violation.or_else(|| unsigned().then(|| "not signed".to_owned()))
                }
                Content::Empty => (!received.body.is_empty()).then(|| "a body".to_owned()),
                Content::Download(_) => received.body.is_empty().then(|| "no file".to_owned()),
            }
        }
        400..500 => {
            // To HEAD there is no body.
            let shaped = body["code"].is_string() && body["message"].is_string();
            if call.method != "HEAD" && !shaped {
                return Some(format!("{} without code and message", received.status));
            }
            let signed =
                received.status != 401 && verified && call.method != "HEAD" && received.header("request-id").is_some();
            (signed && !client.is_genuine(received)).then(|| format!("{} is not signed: {body}", received.status))
        }
        other => Some(format!("{other} {body}")),
    }
}
