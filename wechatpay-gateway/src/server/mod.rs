//! The HTTP server: one thread with one tokio runtime. Dropping the gateway stops it.

pub(crate) mod header_case;
pub(crate) mod host;
pub(crate) mod script;

use std::{
    convert::Infallible,
    io,
    net::{Ipv4Addr, SocketAddr},
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
    task::JoinSet,
};

use crate::{
    response::{GatewayResponse, signed::SignedResponse},
    server::{
        header_case::Spelling,
        script::{Delivery, Script},
    },
    service::Service,
};

/// The service closes a connection after this idle time.
const KEEP_ALIVE: Duration = Duration::from_secs(8);

/// A running server. Dropping it closes every connection and joins the thread.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    stop: Option<oneshot::Sender<Infallible>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Server {
    /// Listens at this port. Port 0 means any free port.
    pub(crate) fn start(service: Arc<Service>, port: u16) -> io::Result<Self> {
        let (stop, stopped) = oneshot::channel();
        let (report, started) = mpsc::sync_channel::<io::Result<SocketAddr>>(1);
        // The thread creates and drops the runtime, so a test may start and drop a gateway inside another runtime.
        let thread = thread::Builder::new()
            .name("wechatpay-gateway".to_owned())
            .spawn(move || {
                let listen = || -> io::Result<_> {
                    let runtime = runtime::Builder::new_current_thread().enable_all().build()?;
                    let listener = runtime.block_on(TcpListener::bind((Ipv4Addr::LOCALHOST, port)))?;
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
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            _ = &mut stopped => return,
            accepted = listener.accept() => {
                // An error concerns a connection that is closed already, or a temporary lack of file handles.
                if let Ok((stream, _)) = accepted {
                    let _ = stream.set_nodelay(true);
                    connections.spawn(serve(stream, Arc::clone(&service)));
                }
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

/// Serves one connection. The HTTP library serves it until a script takes it over.
async fn serve(stream: TcpStream, service: Arc<Service>) {
    let (script_sender, mut scripts) = tokio::sync::mpsc::channel::<Script>(1);
    let handler = service_fn(move |request: Request<Incoming>| {
        let service = Arc::clone(&service);
        let script_sender = script_sender.clone();
        async move {
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
        .serve_connection(TokioIo::new(Spelling::new(stream)), handler);
    tokio::select! {
        _ = &mut connection => {}
        Some(script) = scripts.recv() => script.play(connection.into_parts().io.into_inner().into_inner()).await,
    }
}

/// Handles a request in a separate task, which finishes also if the client disconnects.
async fn handle(service: Arc<Service>, request: Request<Incoming>) -> Delivery {
    match tokio::spawn(service.handle(request)).await {
        Ok(delivery) => delivery,
        // The task panicked. Panics of handlers are caught before.
        Err(_) => Delivery::Response(SignedResponse::unsigned(&GatewayResponse::empty(500))),
    }
}
