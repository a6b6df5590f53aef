//! The response of the merchant's server.

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

/// The response of the merchant's server to a notification.
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
/// #     let response = "HTTP/1.1 500 Internal Server Error\r\ncontent-length: 15\r\n\r\n{\"code\":\"FAIL\"}";
/// #     stream.write_all(response.as_bytes()).unwrap();
/// #     let _ = stream.read_to_end(&mut Vec::new()); // until the client disconnects
/// # });
///
/// let gateway = Gateway::start()?;
/// // `url` is the URL of a server that fails.
/// let response = gateway.notification("TRANSACTION.SUCCESS", json!({})).send_blocking(&url)?;
/// assert_eq!(response.status.as_u16(), 500);
/// assert_eq!(response.headers["content-length"], "15");
/// assert_eq!(response.body, r#"{"code":"FAIL"}"#);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct NotificationResponse {
    /// The HTTP status. 200 or 204 if the notification was accepted.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, byte for byte.
    pub body: Bytes,
}
