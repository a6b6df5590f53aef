//! Notifications (通知) to the merchant, genuine or forged.

mod official;
pub(crate) mod post;
pub(crate) mod response;

use std::{fmt, io, sync::Arc, thread, time::Duration};

use bytes::Bytes;
use http::HeaderMap;
use serde_json::{Value, json};
use tokio::{runtime, time::timeout};

use crate::{
    fault::Fault,
    keys::{api_v3::ApiV3Key, certificate_list::rfc3339},
    lock::lock,
    notification::{
        post::{Reach, post},
        response::NotificationResponse,
    },
    request::authorization::Scheme,
    response::GatewayResponse,
    service::{Service, Signed},
};

/// How long the service waits for the response to a notification.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(5);

type Edit = Box<dyn Fn(&mut Value) + Send + Sync>;

/// A builder for notifications. Every [`sign`](Self::sign) or [`send`](Self::send) makes a new signature and keeps the
/// id, as the service does when it retries a notification.
///
/// ```
/// use serde_json::json;
/// use wechatpay_gateway::{Fault, Gateway};
///
/// let gateway = Gateway::start()?;
/// let resource = json!({ "mchid": gateway.mchid(), "out_trade_no": "A-1", "trade_state": "SUCCESS" });
/// let paid = gateway
///     .notification("TRANSACTION.SUCCESS", resource.clone())
///     .id("EV-2018022511223320873")
///     .summary("支付成功")
///     .original_type("transaction")
///     .associated_data(Some("transaction"));
/// let genuine = paid.sign()?;
/// let retried = paid.sign()?;
/// assert_ne!(genuine.headers()["Wechatpay-Nonce"], retried.headers()["Wechatpay-Nonce"]);
/// let forged = paid.fault(Fault::WrongKey).sign()?;
///
/// // Encrypted with the previous APIv3 key of the merchant.
/// let late = gateway.notification("TRANSACTION.SUCCESS", resource).api_v3_key("the-APIv3-key-of-before-32-bytes").sign()?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Notification {
    service: Arc<Service>,
    id: String,
    event_type: String,
    original_type: String,
    summary: String,
    create_time: Option<String>,
    resource: Value,
    associated_data: Option<String>,
    api_v3_key: Option<String>,
    edit: Option<Edit>,
    fault: Option<Fault>,
}

impl Notification {
    pub(crate) fn new(service: Arc<Service>, event_type: &str, resource: Value) -> Self {
        let id = lock(&service.random).nonce();
        // The service uses a UUID as the id.
        let uuid =
            [(0, 8), (8, 12), (12, 16), (16, 20), (20, 32)].map(|(from, to)| id.get(from..to).unwrap_or_default());
        let original_type = event_type.split('.').next().unwrap_or_default().to_lowercase();
        Self {
            service,
            id: uuid.join("-"),
            event_type: event_type.to_owned(),
            original_type: original_type.clone(),
            summary: event_type.to_owned(),
            create_time: None,
            resource,
            associated_data: Some(original_type),
            api_v3_key: None,
            edit: None,
            fault: None,
        }
    }

    /// The notification's id. A retry has the same id. The default is a random UUID.
    #[must_use]
    pub fn id(mut self, id: impl Into<String>) -> Self {
        self.id = id.into();
        self
    }

    /// The member `original_type` of the resource, such as `transaction` or `refund`. The default is
    /// the `event_type` up to the first dot, in lower case.
    #[must_use]
    pub fn original_type(mut self, original_type: impl Into<String>) -> Self {
        self.original_type = original_type.into();
        self
    }

    /// The member `summary`.
    #[must_use]
    pub fn summary(mut self, summary: impl Into<String>) -> Self {
        self.summary = summary.into();
        self
    }

    /// The associated data of the encryption. `None` omits the member, and the associated data is empty.
    #[must_use]
    pub fn associated_data(mut self, associated_data: Option<&str>) -> Self {
        self.associated_data = associated_data.map(str::to_owned);
        self
    }

    /// Encrypts with this APIv3 key (32 characters) instead of the gateway's: the old or the new key while the merchant
    /// changes it.
    #[must_use]
    pub fn api_v3_key(mut self, key: impl Into<String>) -> Self {
        self.api_v3_key = Some(key.into());
        self
    }

    /// Changes the JSON before it is signed. The signature stays genuine.
    ///
    /// ```
    /// # use serde_json::json;
    /// # use wechatpay_gateway::Gateway;
    /// # let gateway = Gateway::start()?;
    /// let odd = gateway
    ///     .notification("TRANSACTION.SUCCESS", json!({}))
    ///     .edit(|notification| notification["resource"]["nonce"] = json!("eleven byte"));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn edit(mut self, edit: impl Fn(&mut Value) + Send + Sync + 'static) -> Self {
        self.edit = Some(Box::new(edit));
        self
    }

    /// Applies a fault: signs with a wrong key, with a stale timestamp or as a signature probe, or changes the body
    /// after signing. Faults of a connection or a status have no effect.
    #[must_use]
    pub fn fault(mut self, fault: Fault) -> Self {
        self.fault = Some(fault);
        self
    }

    /// When the event happened (通知创建时间), as RFC 3339. Without a choice it is the time of signing.
    pub(crate) fn create_time(mut self, create_time: String) -> Self {
        self.create_time = Some(create_time);
        self
    }

    /// Encrypts the resource and signs the notification.
    ///
    /// # Errors
    /// If the given APIv3 key does not have 32 bytes.
    pub fn sign(&self) -> io::Result<SignedNotification> {
        let nonce = lock(&self.service.random).nonce();
        let nonce = nonce.get(..12).unwrap_or_default();
        let associated_data = self.associated_data.as_deref().unwrap_or_default();
        let plaintext = self.resource.to_string();
        let suite = self.service.merchant.public_key.suite();
        let ciphertext = match &self.api_v3_key {
            Some(key) => ApiV3Key::new(key.clone(), suite)?.encrypt(nonce, associated_data, &plaintext)?,
            None => self.service.api_v3_key.encrypt(nonce, associated_data, &plaintext)?,
        };
        let mut resource = json!({
            "original_type": self.original_type,
            "algorithm": self.service.api_v3_key.algorithm,
            "ciphertext": ciphertext,
            "nonce": nonce,
        });
        if let (Some(associated_data), Some(resource)) = (&self.associated_data, resource.as_object_mut()) {
            resource.insert("associated_data".to_owned(), associated_data.as_str().into());
        }
        let create_time = match &self.create_time {
            Some(create_time) => create_time.clone(),
            None => rfc3339(self.service.now())?,
        };
        let mut notification = json!({
            "id": self.id,
            "create_time": create_time,
            "resource_type": "encrypt-resource",
            "event_type": self.event_type,
            "summary": self.summary,
            "resource": resource,
        });
        if let Some(edit) = &self.edit {
            edit(&mut notification);
        }
        let body = official::to_vec(&notification).map_err(io::Error::other)?;
        let content = GatewayResponse::bytes("application/json; charset=utf-8", body).signed();
        let mut signed = self.service.sign_as(
            Scheme::of_merchant(suite),
            Signed::Notification,
            &content,
            self.fault.as_ref(),
        )?;
        if let Some(fault) = &self.fault {
            fault.tamper(&mut signed);
        }
        Ok(SignedNotification {
            headers: signed.headers,
            body: signed.body,
        })
    }

    /// Signs it and posts it to a URL on this machine, such as `http://127.0.0.1:8080/notify`. Must run in a tokio
    /// runtime.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use serde_json::json;
    /// use wechatpay_gateway::Gateway;
    /// # use std::{io::{Read as _, Write as _}, net::TcpListener, thread};
    /// # let listener = TcpListener::bind("127.0.0.1:0")?;
    /// # let url = format!("http://{}/notify", listener.local_addr()?);
    /// # thread::spawn(move || {
    /// #     let (mut stream, _) = listener.accept().unwrap();
    /// #     stream.read(&mut [0; 8192]).unwrap();
    /// #     stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").unwrap();
    /// #     let _ = stream.read_to_end(&mut Vec::new()); // until the client disconnects
    /// # });
    ///
    /// let gateway = Gateway::start()?;
    /// // `url` is the URL of the server under test.
    /// let response = gateway.notification("TRANSACTION.SUCCESS", json!({ "out_trade_no": "A-1" })).send(&url).await?;
    /// assert_eq!(response.status.as_u16(), 204);
    /// # Ok(()) }
    /// ```
    ///
    /// # Errors
    /// As [`SignedNotification::send`].
    pub async fn send(&self, url: &str) -> io::Result<NotificationResponse> {
        self.sign()?.send(url).await
    }

    /// Like [`send`](Self::send), without async.
    ///
    /// ```
    /// use serde_json::json;
    /// use wechatpay_gateway::Gateway;
    /// # use std::{io::{Read as _, Write as _}, net::TcpListener, thread};
    /// # let listener = TcpListener::bind("127.0.0.1:0")?;
    /// # let url = format!("http://{}/notify", listener.local_addr()?);
    /// # thread::spawn(move || {
    /// #     let (mut stream, _) = listener.accept().unwrap();
    /// #     stream.read(&mut [0; 8192]).unwrap();
    /// #     stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").unwrap();
    /// #     let _ = stream.read_to_end(&mut Vec::new()); // until the client disconnects
    /// # });
    ///
    /// let gateway = Gateway::start()?;
    /// // `url` is the URL of the server under test.
    /// let response = gateway.notification("TRANSACTION.SUCCESS", json!({ "out_trade_no": "A-1" })).send_blocking(&url)?;
    /// assert_eq!(response.status.as_u16(), 204);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// As [`SignedNotification::send`].
    pub fn send_blocking(&self, url: &str) -> io::Result<NotificationResponse> {
        self.sign()?.send_blocking(url)
    }
}

impl fmt::Debug for Notification {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Notification")
            .field("id", &self.id)
            .field("event_type", &self.event_type)
            .field("fault", &self.fault)
            .finish_non_exhaustive()
    }
}

/// The signed bytes of a notification. Sending it twice is a replay: the same bytes are sent again.
///
/// ```
/// use serde_json::{Value, json};
/// use wechatpay_gateway::Gateway;
/// # use std::{io::{Read as _, Write as _}, net::TcpListener, thread};
/// # let listener = TcpListener::bind("127.0.0.1:0")?;
/// # let url = format!("http://{}/notify", listener.local_addr()?);
/// # thread::spawn(move || {
/// #     for stream in listener.incoming().take(2) {
/// #         let mut stream = stream.unwrap();
/// #         stream.read(&mut [0; 8192]).unwrap();
/// #         stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").unwrap();
/// #         let _ = stream.read_to_end(&mut Vec::new()); // until the client disconnects
/// #     }
/// # });
///
/// let gateway = Gateway::start()?;
/// let signed = gateway.notification("TRANSACTION.SUCCESS", json!({ "out_trade_no": "A-1" })).sign()?;
/// assert!(signed.headers().contains_key("Wechatpay-Signature"));
/// let envelope: Value = serde_json::from_slice(signed.body())?;
/// assert_eq!(envelope["event_type"], "TRANSACTION.SUCCESS");
///
/// // `url` is the URL of the server under test, which receives the same bytes twice.
/// signed.send_blocking(&url)?;
/// signed.send_blocking(&url)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct SignedNotification {
    headers: HeaderMap,
    body: Bytes,
}

impl SignedNotification {
    /// The headers, including the signature headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The body, byte for byte.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Posts it to a URL on this machine. Must run in a tokio runtime.
    ///
    /// # Errors
    /// If the URL is not a plain HTTP URL of the loopback interface, if the connection fails, or if the response is invalid
    /// or longer than 1 MiB. [`TimedOut`](io::ErrorKind::TimedOut) after 5 seconds, the timeout of the service.
    pub async fn send(&self, url: &str) -> io::Result<NotificationResponse> {
        timeout(TIMEOUT, post(url, &self.headers, &self.body, &Reach::Loopback)).await?
    }

    /// Like [`send`](Self::send), without async. The receiver must run in another thread.
    ///
    /// # Errors
    /// As [`send`](Self::send).
    pub fn send_blocking(&self, url: &str) -> io::Result<NotificationResponse> {
        // In a separate thread, because the caller may be in a tokio runtime, where blocking on another runtime panics.
        thread::scope(|scope| {
            let sending = scope.spawn(|| {
                runtime::Builder::new_current_thread()
                    .enable_all()
                    .build()?
                    .block_on(self.send(url))
            });
            sending
                .join()
                .unwrap_or_else(|_| Err(io::Error::other("sending the notification panicked")))
        })
    }
}
