//! The shop's server, which notifications are posted to.

use http::{HeaderMap, HeaderName, HeaderValue};
use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

/// A notification as it came in.
#[derive(Clone)]
pub(crate) struct Posted {
    pub(crate) target: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

/// Serves each connection separately, as slowly as `respond`.
#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) url: String,
    posted: Arc<Mutex<Vec<Posted>>>,
    pub(crate) most_at_once: Arc<AtomicUsize>,
}

impl Server {
    /// `respond` gives the raw response to the request of this number, which counts from 0; an empty one closes the
    /// connection.
    pub(crate) fn start(respond: impl Fn(usize) -> String + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self {
            url: format!("http://{}/notify", listener.local_addr().unwrap()),
            posted: Arc::default(),
            most_at_once: Arc::default(),
        };
        let (handle, respond) = (server.clone(), Arc::new(respond));
        let at_once = Arc::new(AtomicUsize::new(0));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (handle, respond, at_once) = (handle.clone(), Arc::clone(&respond), Arc::clone(&at_once));
                thread::spawn(move || {
                    let now = at_once.fetch_add(1, Ordering::SeqCst) + 1;
                    handle.most_at_once.fetch_max(now, Ordering::SeqCst);
                    handle.serve(stream.unwrap(), &*respond);
                    at_once.fetch_sub(1, Ordering::SeqCst);
                });
            }
        });
        server
    }

    /// One that takes everything.
    pub(crate) fn taking() -> Self {
        Self::start(|_| status(204))
    }

    fn serve(&self, mut stream: TcpStream, respond: &dyn Fn(usize) -> String) {
        let Some(posted) = read(&mut stream) else { return };
        let number = {
            let mut all = self.posted.lock().unwrap();
            all.push(posted);
            all.len() - 1
        };
        let _ = stream.write_all(respond(number).as_bytes());
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let _ = stream.read_to_end(&mut Vec::new());
    }

    pub(crate) fn posted(&self) -> Vec<Posted> {
        self.posted.lock().unwrap().clone()
    }

    /// Waits until so many notifications have come.
    pub(crate) async fn wait_for(&self, count: usize) -> Vec<Posted> {
        eventually(|| self.posted().len() >= count).await;
        self.posted()
    }
}

/// Waits until something is true; fails after 20 seconds.
pub(crate) async fn eventually(mut is_true: impl FnMut() -> bool) {
    let began = Instant::now();
    while !is_true() {
        assert!(began.elapsed() < Duration::from_secs(20), "it did not happen");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// A response without a body.
pub(crate) fn status(status: u16) -> String {
    format!("HTTP/1.1 {status} Status\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")
}

fn read(stream: &mut TcpStream) -> Option<Posted> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        fill(stream, &mut bytes)?;
    };
    let head = String::from_utf8(bytes[..end].to_vec()).ok()?;
    let mut lines = head.lines();
    let target = lines.next()?.split(' ').nth(1)?.to_owned();
    let mut headers = HeaderMap::new();
    for line in lines {
        let (name, value) = line.split_once(':')?;
        let name = HeaderName::from_bytes(name.as_bytes()).ok()?;
        headers.append(name, HeaderValue::from_str(value.trim()).ok()?);
    }
    let length: usize = headers.get("content-length")?.to_str().ok()?.parse().ok()?;
    while bytes.len() < end + 4 + length {
        fill(stream, &mut bytes)?;
    }
    let body = bytes[end + 4..].to_vec();
    Some(Posted { target, headers, body })
}

fn fill(stream: &mut TcpStream, bytes: &mut Vec<u8>) -> Option<()> {
    let mut buffer = [0; 4096];
    let read = stream.read(&mut buffer).ok().filter(|read| *read > 0)?;
    bytes.extend_from_slice(&buffer[..read]);
    Some(())
}
