//! The HTTP server: one thread with one tokio runtime. Dropping the gateway stops it.

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

/// The service closes a connection after this idle time.
const KEEP_ALIVE: Duration = Duration::from_secs(8);

/// The process, or the system, has no file handle left: `EMFILE`, `ENFILE`, `WSAEMFILE`.
const NO_HANDLES: [i32; 3] = [24, 23, 10024];

/// How long to wait when no connection can be accepted.
const ACCEPT_AGAIN: Duration = Duration::from_millis(20);

/// A running server. Dropping it closes every connection and joins the thread.
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
        // The thread creates and drops the runtime, so a test may start and drop a gateway inside another runtime.
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
            // If a handler owns the last handle of the gateway, this drop runs in the thread itself.
            && thread.thread().id() != thread::current().id()
        {
            let _ = thread.join();
        }
    }
}

/// Accepts connections until the sender of `stopped` is dropped.
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
                Err(error) => {
                    if error.raw_os_error().is_some_and(|code| NO_HANDLES.contains(&code)) {
                        connections.close_idle();
                    }
                    sleep(ACCEPT_AGAIN).await;
                }
            },
            () = connections.ended() => {}
        }
    }
}

/// Serves one connection. The HTTP library serves it until a script takes it over.
async fn serve(stream: TcpStream, service: Arc<Service>, activity: Activity) {
    let (script_sender, mut scripts) = tokio::sync::mpsc::channel::<Script>(1);
    let handler = service_fn(move |request: Request<Incoming>| {
        let service = Arc::clone(&service);
        let script_sender = script_sender.clone();
        let (exchange, request) = activity.begin(request);
        async move {
            let _exchange = exchange;
            #[cfg(feature = "program")]
            if control::takes(&service, &request) {
                return Ok::<_, Infallible>(control::handle(service, request).await);
            }
            match handle(service, request).await {
                Delivery::Response(response) => Ok::<_, Infallible>(response.into_response()),
                Delivery::Script(script) => {
                    let _ = script_sender.send(script).await;
                    // The script takes the connection over, and this future is dropped.
                    std::future::pending().await
                }
            }
        }
    });
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(KEEP_ALIVE)
        .title_case_headers(true)
        .serve_connection(TokioIo::new(Patience::new(Spelling::new(stream))), handler);
    tokio::select! {
        _ = &mut connection => {}
        Some(script) = scripts.recv() => {
            let stream = connection.into_parts().io.into_inner().into_inner().into_inner();
            script.play(stream).await;
        }
    }
}

/// Handles a request in a separate task, which finishes also if the client disconnects.
async fn handle(service: Arc<Service>, request: Request<Watched>) -> Delivery {
    match tokio::spawn(service.handle(request)).await {
        Ok(delivery) => delivery,
        // The task panicked. Panics of handlers are caught before.
        Err(_) => Delivery::Response(SignedResponse::unsigned(&GatewayResponse::empty(500))),
    }
}
