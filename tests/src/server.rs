//! A server below HTTP: it records every byte and sends any bytes.

use std::{
    io,
    net::SocketAddr,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// A TCP server on a free loopback port. Dropping it stops it.
pub struct RawServer {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
    requests: Arc<Mutex<Vec<RawRequest>>>,
    accepting: JoinHandle<()>,
}

impl Drop for RawServer {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

/// A request, byte for byte.
#[derive(Debug, Clone)]
pub struct RawRequest(pub Vec<u8>);

impl RawRequest {
    /// The offset of the body.
    fn body_start(&self) -> usize {
        self.0.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4
    }

    /// The start line and the headers.
    pub fn head(&self) -> &str {
        std::str::from_utf8(&self.0[..self.body_start()]).unwrap()
    }

    /// The body.
    pub fn body(&self) -> &[u8] {
        &self.0[self.body_start()..]
    }

    /// The path and the query of the start line.
    pub fn target(&self) -> &str {
        self.head().split(' ').nth(1).unwrap()
    }

    /// The values of a header.
    pub fn headers(&self, name: &str) -> Vec<&str> {
        let fields = self.head().lines().skip(1).filter_map(|line| line.split_once(": "));
        fields
            .filter(|(field, _)| field.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
            .collect()
    }
}

/// A connection that the test controls.
pub struct Connection {
    stream: TcpStream,
    requests: Arc<Mutex<Vec<RawRequest>>>,
}

impl Connection {
    /// The next request on this connection, or `None` at its end.
    pub async fn request(&mut self) -> io::Result<Option<RawRequest>> {
        let request = read_request(&mut self.stream).await?;
        if let Some(request) = &request {
            let mut log = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
            log.push(request.clone());
        }
        Ok(request)
    }

    /// Writes bytes.
    pub async fn write(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        self.stream.write_all(bytes.as_ref()).await
    }

    /// The stream itself.
    pub fn stream(&mut self) -> &mut TcpStream {
        &mut self.stream
    }
}

/// Reads one request, or returns `None` if the other side closed the connection.
pub(crate) async fn read_request(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<RawRequest>> {
    let mut bytes = Vec::new();
    loop {
        if let Some(head) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let text = String::from_utf8_lossy(&bytes[..head]).to_ascii_lowercase();
            let length = text.lines().find_map(|line| line.strip_prefix("content-length: "));
            let length: usize = length.map_or(0, |length| length.trim().parse().unwrap());
            if bytes.len() >= head + 4 + length {
                return Ok(Some(RawRequest(bytes)));
            }
        }
        let mut buffer = [0; 64 * 1024];
        match stream.read(&mut buffer).await? {
            0 => return Ok(None),
            read => bytes.extend_from_slice(&buffer[..read]),
        }
    }
}

impl RawServer {
    /// Runs `script` on each connection. Its result is ignored, because the client may disconnect at any time.
    pub async fn start<F>(script: impl Fn(Connection) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = io::Result<()>> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (counter, log) = (Arc::clone(&connections), Arc::clone(&requests));
        let accepting = tokio::spawn(async move {
            let mut scripts = tokio::task::JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                counter.fetch_add(1, Relaxed);
                scripts.spawn(script(Connection {
                    stream,
                    requests: Arc::clone(&log),
                }));
            }
        });
        Self {
            address,
            connections,
            requests,
            accepting,
        }
    }

    /// The base URL for a client.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The address.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many connections were accepted.
    pub fn connections(&self) -> usize {
        self.connections.load(Relaxed)
    }

    /// Every request that was read.
    pub fn requests(&self) -> Vec<RawRequest> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
