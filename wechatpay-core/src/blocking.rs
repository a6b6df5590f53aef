//! The same calls without async (feature `blocking`).

use crate::{
    call::{Call, Caller, RequestBuilder, Response, sealed::Sealed},
    client,
    endpoint::Endpoint,
    error::{Error, ErrorKind},
};
use http::Method;
use std::{fmt, future::Future, sync::Arc};
use tokio::runtime::{Builder, Handle, Runtime};

/// A client whose calls return the result at once.
///
/// It drives an async [`Client`](crate::Client) on a thread of its own. Cheap to clone and safe to share. Inside an
/// async task its calls are an error, because they would block the task's thread: use the async client there.
///
/// ```
/// use serde_json::json;
/// use std::time::Duration;
/// use wechatpay_core::{Download, Method, bill::AskTradeBill, blocking::Client};
/// use wechatpay_gateway::{Gateway, GatewayResponse};
///
/// let gateway = Gateway::start()?;
/// gateway
///     .on(Method::GET, "/v3/bill/tradebill", |_| json!({ "hash_type": "SHA1", "hash_value": "", "download_url": "" }))
///     .on(Method::GET, "/v3/billdownload/file", |_| GatewayResponse::bytes("text/plain", "bill"));
///
/// let client = Client::new(gateway.client()?)?;
/// assert_eq!(client.as_async().mchid(), gateway.mchid());
///
/// // A declared operation: by its own `send`, or by `call` with all that came around the answer.
/// let ask = AskTradeBill::on("2026-11-20");
/// assert_eq!(ask.send(&client)?.hash_type, "SHA1");
/// let reply = client.call(&ask)?;
/// assert_eq!((reply.status().as_u16(), reply.attempts()), (200, 1));
/// let reply = client.call_with(&ask, |call| call.deadline(Duration::from_secs(5)))?;
/// assert_eq!(reply.hash_type, "SHA1");
///
/// // One that nobody declared. What is a future is waited for.
/// let file = client.request(Method::GET, "/v3/billdownload/file").response::<Download>();
/// let download = client.wait(file.send())??.into_inner();
/// assert_eq!(client.wait(download.bytes())??, "bill");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Client {
    client: client::Client,
    runtime: Arc<Owned>,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.client.fmt(f)
    }
}

/// A runtime that may be dropped anywhere, also inside an async task, where waiting for its end is not allowed.
struct Owned(Option<Runtime>);

impl Drop for Owned {
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

impl Client {
    /// A blocking client that does what `client` does.
    ///
    /// # Errors
    /// When the operating system gives no thread.
    pub fn new(client: client::Client) -> Result<Self, Error> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("wechatpay")
            .enable_all()
            .build()
            .map_err(|error| {
                let reason = (
                    "the operating system gives no thread for the blocking client",
                    "操作系统无法为阻塞客户端创建线程",
                );
                Error::local(ErrorKind::System, reason).because(error)
            })?;
        Ok(Self {
            client,
            runtime: Arc::new(Owned(Some(runtime))),
        })
    }

    /// A blocking client configured by environment variables; see [`Client::from_env`](crate::Client::from_env).
    ///
    /// ```
    /// use wechatpay_core::blocking::Client;
    ///
    /// # if std::env::var_os("WECHATPAY_PRIVATE_KEY").is_none() {
    /// // Where nothing is set, the error names what is missing.
    /// let error = Client::from_env().unwrap_err();
    /// assert!(error.to_string().contains("WECHATPAY_PRIVATE_KEY"));
    /// # }
    /// ```
    ///
    /// # Errors
    /// As [`Client::from_env`](crate::Client::from_env) and [`new`](Self::new).
    pub fn from_env() -> Result<Self, Error> {
        Self::new(client::Client::from_env()?)
    }

    /// The async client inside.
    #[must_use]
    pub fn as_async(&self) -> &client::Client {
        &self.client
    }

    /// Sends `request` and gives the whole reply.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn call<E: Endpoint>(&self, request: &E) -> Result<Response<E::Response>, Error> {
        self.call_with(request, |call| call)
    }

    /// Sends `request` with options of its own: `client.call_with(&request, |call| call.deadline(limit))`.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn call_with<'a, E: Endpoint>(
        &'a self,
        request: &'a E,
        options: impl FnOnce(Call<'a, E>) -> Call<'a, E>,
    ) -> Result<Response<E::Response>, Error> {
        self.wait(options(self.client.call(request)).into_future())?
    }

    /// A call of an operation that is not declared, by its path. Pass what `send` gives to [`wait`](Self::wait):
    /// `client.wait(client.request(Method::GET, "/v3/..").send())??`.
    pub fn request(&self, method: Method, path: impl Into<String>) -> RequestBuilder<'_> {
        self.client.request(method, path)
    }

    /// Waits for any future of this library, such as [`Download::bytes`](crate::Download::bytes).
    ///
    /// # Errors
    /// Inside an async task.
    pub fn wait<F: Future>(&self, future: F) -> Result<F::Output, Error> {
        let inside = Handle::try_current().is_ok();
        match &self.runtime.0 {
            Some(runtime) if !inside => Ok(runtime.block_on(future)),
            _ => Err(Error::local(
                ErrorKind::Configuration,
                "the blocking client was called inside an async task; use the async client there",
            )),
        }
    }
}

impl Sealed for Client {}

impl Caller for Client {
    type Sent<'a, E: Endpoint + 'a> = Result<E::Response, Error>;

    fn send<'a, E: Endpoint>(&'a self, request: &'a E) -> Result<E::Response, Error> {
        self.wait(Caller::send(&self.client, request))?
    }
}
