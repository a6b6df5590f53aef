//! What the extractors of the web frameworks give.

use super::{error::NotificationError, receiver::NotificationReceiver, verified::Notification};
use std::{fmt, ops::Deref};
use tracing::warn;

/// A notification as the argument of a handler: verified, decrypted, typed. Features `axum-08` and `actix-web-4`.
///
/// It reads the body itself, once, up to the receiver's [`max_bytes`](NotificationReceiver::max_bytes) and within its
/// [`time_limit`](NotificationReceiver::time_limit), so it has to be the last argument. What it refuses is answered
/// with the failure that the service expects, and the handler does not run.
///
/// With axum the receiver, or the [`Client`](crate::Client) for one with the defaults, is the application's state or a
/// part of it (`FromRef`):
#[cfg_attr(feature = "axum-08", doc = "```")]
#[cfg_attr(not(feature = "axum-08"), doc = "```ignore")]
/// use axum::{Router, routing::post};
/// use wechatpay_core::{Client, notification::{Acknowledgement, WechatpayNotification, payload::Transaction}};
///
/// async fn paid(WechatpayNotification(notification): WechatpayNotification<Transaction>) -> Acknowledgement {
///     println!("{} is paid", notification.payload.out_trade_no);
///     Acknowledgement::accepted()
/// }
///
/// fn routes(client: Client) -> Router {
///     Router::new().route("/wechatpay/paid", post(paid)).with_state(client)
/// }
/// ```
///
/// With actix-web it is a `web::Data` of either:
#[cfg_attr(feature = "actix-web-4", doc = "```")]
#[cfg_attr(not(feature = "actix-web-4"), doc = "```ignore")]
/// use actix_web::{App, HttpServer, web};
/// use wechatpay_core::{Client, notification::{Acknowledgement, Event, WechatpayNotification}};
///
/// async fn notified(WechatpayNotification(notification): WechatpayNotification<Event>) -> Acknowledgement {
///     println!("{}", notification.event_type);
///     Acknowledgement::accepted()
/// }
///
/// async fn serve(client: Client) -> std::io::Result<()> {
///     HttpServer::new(move || {
///         App::new()
///             .app_data(web::Data::new(client.clone()))
///             .route("/wechatpay/notified", web::post().to(notified))
///     })
///     .bind(("127.0.0.1", 8080))?
///     .run()
///     .await
/// }
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct WechatpayNotification<T>(pub Notification<T>);

impl<T: fmt::Debug> fmt::Debug for WechatpayNotification<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<T> Deref for WechatpayNotification<T> {
    type Target = Notification<T>;

    fn deref(&self) -> &Notification<T> {
        &self.0
    }
}

impl NotificationReceiver {
    /// Waits for `body`, but not for ever.
    pub(super) async fn in_time<B>(
        &self,
        body: impl Future<Output = Result<B, NotificationError>>,
    ) -> Result<B, NotificationError> {
        let limit = self.time_limit;
        let read = tokio::time::timeout(limit, body).await;
        let body = read.unwrap_or(Err(NotificationError::Timeout { limit }));
        if let Err(error) = &body {
            warn!(wechatpay.mchid = self.client.mchid(), error.message = %error, "notification refused");
        }
        body
    }
}
