//! The HTTP server: one thread, one tokio runtime, everything over when the gateway is dropped.

mod connections;
pub(crate) mod header_case;
pub(crate) mod host;
mod patience;
pub(crate) mod script;

use std::{
    convert::Infallible,
    io,
    net::SocketAddr,
    pin::pin,
    sync::{Arc, mpsc},
    thread,
    time::Duration,
};

use http::Request;
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::{
    net::{TcpListener, TcpStream},
    runtime,
    sync::oneshot,
    time::sleep,
};

#[cfg(feature = "program")]
use crate::control;
use crate::{
    response::{GatewayResponse, signed::SignedResponse},
    server::{
        connections::{Activity, Connections, Watched},
        header_case::Spelling,
        patience::Patience,
        script::{Delivery, Script},
    },
    service::Service,
};

/// The real service closes a connection that nobody uses for so long.
const KEEP_ALIVE: Duration = Duration::from_secs(8);

/// How long to wait when no connection can be accepted.
const ACCEPT_AGAIN: Duration = Duration::from_millis(20);

/// A running server. Dropping it closes every connection and waits for the thread.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    stop: Option<oneshot::Sender<Infallible>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Server {
    /// Listens at this address, or at a free port for port 0.
    pub(crate) fn start(service: Arc<Service>, address: SocketAddr) -> io::Result<Self> {
        let (stop, stopped) = oneshot::channel();
        let (report, started) = mpsc::sync_channel::<io::Result<SocketAddr>>(1);
        // The runtime is made and dropped in this thread, so that a test may start and drop a gateway anywhere, inside
        // of a runtime of its own too.
        let thread = thread::Builder::new()
            .name("wechatpay-gateway".to_owned())
            .spawn(move || {
                let listen = || -> io::Result<_> {
                    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
                    let listener = runtime.block_on(TcpListener::bind(address))?;
                    let address = listener.local_addr()?;
                    Ok((runtime, listener, address))
                };
                match listen() {
                    Ok((runtime, listener, address)) => {
                        let _ = report.send(Ok(address));
                        runtime.block_on(accept(listener, service, stopped));
                    }
                    Err(error) => {
                        let _ = report.send(Err(error));
                    }
                }
            })?;
        let address = started.recv().map_err(io::Error::other)??;
        Ok(Self {
            address,
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take()
            // A handler that owns the last handle to its own gateway drops it in this very thread.
            && thread.thread().id() != thread::current().id()
        {
            let _ = thread.join();
        }
    }
}

/// Accepts connections until the other end of `stopped` is gone.
async fn accept(listener: TcpListener, service: Arc<Service>, stopped: oneshot::Receiver<Infallible>) {
    let mut stopped = pin!(stopped);
    let mut connections = Connections::default();
    loop {
        tokio::select! {
            _ = &mut stopped => return,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    let _ = stream.set_nodelay(true);
                    connections.add(|activity| serve(stream, Arc::clone(&service), activity));
                }
                // The connection is gone already, or there are no file handles. The latter lasts, so do not spin.
                Err(_) => sleep(ACCEPT_AGAIN).await,
            },
            () = connections.ended() => {}
        }
    }
}

/// Serves one connection, by the HTTP library until a request is to be answered by hand.
async fn serve(stream: TcpStream, service: Arc<Service>, activity: Activity) {
    let (by_hand, mut scripts) = tokio::sync::mpsc::channel::<Script>(1);
    let answer = service_fn(move |request: Request<Incoming>| {
        let service = Arc::clone(&service);
        let by_hand = by_hand.clone();
        let (exchange, request) = activity.begin(request);
        async move {
            let _exchange = exchange;
            #[cfg(feature = "program")]
            if control::takes(&service, &request) {
                return Ok::<_, Infallible>(control::answer(service, request).await);
            }
            match answer(service, request).await {
                Delivery::Response(answer) => Ok::<_, Infallible>(answer.into_response()),
                Delivery::Script(script) => {
                    let _ = by_hand.send(script).await;
                    // The connection is taken away from under this future.
                    std::future::pending().await
                }
            }
        }
    });
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(KEEP_ALIVE)
        .title_case_headers(true)
        .serve_connection(TokioIo::new(Patience::new(Spelling::new(stream))), answer);
    tokio::select! {
        _ = &mut connection => {}
        Some(script) = scripts.recv() => {
            let stream = connection.into_parts().io.into_inner().into_inner().into_inner();
            script.play(stream).await;
        }
    }
}

/// Answers in a separate task: what was received is worked on to the end, though the client goes away.
async fn answer(service: Arc<Service>, request: Request<Watched>) -> Delivery {
    match tokio::spawn(service.answer(request)).await {
        Ok(delivery) => delivery,
        // The task panicked, which handlers cannot bring about.
        Err(_) => Delivery::Response(SignedResponse::unsigned(&GatewayResponse::empty(500))),
    }
}
