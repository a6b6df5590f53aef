//! A proxy between client and gateway that can fall out of step: it returns the response of one call as the response of
//! the next.

use crate::server::{RawRequest, read_request};
use std::{
    io,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::{Mutex, watch},
    task::{JoinHandle, JoinSet},
};

/// What the proxy does with a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Forwards it and then the response.
    Pass,
    /// Forwards it, sends an unsigned 504 that keeps the connection alive, and delays the real response until the next
    /// request on the same connection.
    FallOutOfStep,
}

type Choice = dyn Fn(&RawRequest) -> Step + Send + Sync;

/// A proxy on a free loopback port. Each connection of a client has one connection to the gateway. Dropping it stops
/// it.
pub struct OutOfStepProxy {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
    accepting: JoinHandle<()>,
}

impl Drop for OutOfStepProxy {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl OutOfStepProxy {
    /// A proxy in front of `behind`, which calls `choose` for every request.
    pub async fn start(behind: SocketAddr, choose: impl Fn(&RawRequest) -> Step + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        let (counter, choose) = (Arc::clone(&connections), Arc::new(choose) as Arc<Choice>);
        let accepting = tokio::spawn(async move {
            let mut open = JoinSet::new();
            loop {
                tokio::select! {
                    // Ended connections are removed, so that they do not accumulate in a long run.
                    Some(_) = open.join_next() => {}
                    accepted = listener.accept() => {
                        let Ok((client, _)) = accepted else { return };
                        counter.fetch_add(1, Relaxed);
                        open.spawn(serve(client, behind, Arc::clone(&choose)));
                    }
                }
            }
        });
        Self {
            address,
            connections,
            accepting,
        }
    }

    /// The base URL for a client.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// How many connections clients opened.
    pub fn connections(&self) -> usize {
        self.connections.load(Relaxed)
    }
}

/// One connection of a client. A failure on either side ends both.
async fn serve(client: TcpStream, behind: SocketAddr, choose: Arc<Choice>) -> io::Result<()> {
    let gateway = TcpStream::connect(behind).await?;
    client.set_nodelay(true)?;
    gateway.set_nodelay(true)?;
    let (from_client, to_client) = client.into_split();
    let (from_gateway, to_gateway) = gateway.into_split();
    let to_client = Mutex::new(to_client);
    let (held, holding) = watch::channel(false);
    tokio::select! {
        ended = requests(from_client, to_gateway, &to_client, &held, &*choose) => ended,
        ended = responses(from_gateway, &to_client, holding) => ended,
    }
}

async fn requests(
    mut from_client: OwnedReadHalf,
    mut to_gateway: OwnedWriteHalf,
    to_client: &Mutex<OwnedWriteHalf>,
    held: &watch::Sender<bool>,
    choose: &Choice,
) -> io::Result<()> {
    while let Some(request) = read_request(&mut from_client).await? {
        let step = choose(&request);
        held.send_replace(step == Step::FallOutOfStep);
        to_gateway.write_all(&request.0).await?;
        if step == Step::FallOutOfStep {
            let body = r#"{"code":"GATEWAY_TIMEOUT","message":"upstream timed out"}"#;
            let head = "HTTP/1.1 504 Gateway Timeout\r\nContent-Type: application/json\r\nContent-Length:";
            let response = format!("{head} {}\r\n\r\n{body}", body.len());
            to_client.lock().await.write_all(response.as_bytes()).await?;
        }
    }
    Ok(())
}

async fn responses(
    mut from_gateway: OwnedReadHalf,
    to_client: &Mutex<OwnedWriteHalf>,
    mut holding: watch::Receiver<bool>,
) -> io::Result<()> {
    let mut buffer = vec![0; 64 * 1024];
    loop {
        let read = from_gateway.read(&mut buffer).await?;
        if read == 0 {
            return Ok(());
        }
        if holding.wait_for(|held| !held).await.is_err() {
            return Ok(());
        }
        to_client.lock().await.write_all(&buffer[..read]).await?;
    }
}
