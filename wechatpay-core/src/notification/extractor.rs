//! What the extractors of the web frameworks give.

use super::verified::Notification;
use std::{fmt, ops::Deref};

/// A notification as the argument of a handler: verified, decrypted, typed. Features `axum-08` and `actix-web-4`.
///
/// It reads the body itself, once, up to the receiver's [`max_bytes`](super::NotificationReceiver::max_bytes) and
/// within its [`time_limit`](super::NotificationReceiver::time_limit), so it has to be the last argument. For a
/// notification that it refuses, it sends the failure that the service expects, and the handler does not run. A handler
/// that takes `Result<WechatpayNotification<_>, NotificationError>` runs anyway, and responds with
/// [`NotificationError::acknowledgement`](super::NotificationError::acknowledgement).
///
/// With axum the application's state is a [`Client`](crate::Client), a [`Clients`](crate::client::Clients) for several
/// merchants, or a [`NotificationReceiver`](super::NotificationReceiver) with custom settings. A custom state has
/// the receiver as a part, see below. The client as the state:
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
/// A state that has a client as a part implements `FromRef` for [`NotificationReceiver`](super::NotificationReceiver):
#[cfg_attr(feature = "axum-08", doc = "```")]
#[cfg_attr(not(feature = "axum-08"), doc = "```ignore")]
/// # use axum::{Router, extract::FromRef, routing::post};
/// # use wechatpay_core::{Client, notification::{Acknowledgement, NotificationReceiver, WechatpayNotification, payload::Transaction}};
/// # #[derive(Clone)]
/// # struct Shop { client: Client }
/// impl FromRef<Shop> for NotificationReceiver {
///     fn from_ref(shop: &Shop) -> Self {
///         shop.client.notifications()
///     }
/// }
/// # async fn paid(_: WechatpayNotification<Transaction>) -> Acknowledgement { Acknowledgement::accepted() }
/// # fn routes(shop: Shop) -> Router { Router::new().route("/wechatpay/paid", post(paid)).with_state(shop) }
/// ```
///
/// `FromRef` for `Client` alone is not enough. The compiler then says that the trait `Handler` is not satisfied:
#[cfg_attr(feature = "axum-08", doc = "```compile_fail,E0277")]
#[cfg_attr(not(feature = "axum-08"), doc = "```ignore")]
/// # use axum::{Router, extract::FromRef, routing::post};
/// # use wechatpay_core::{Client, notification::{Acknowledgement, WechatpayNotification, payload::Transaction}};
/// # #[derive(Clone)]
/// # struct Shop { client: Client }
/// impl FromRef<Shop> for Client {
///     fn from_ref(shop: &Shop) -> Self {
///         shop.client.clone()
///     }
/// }
/// # async fn paid(_: WechatpayNotification<Transaction>) -> Acknowledgement { Acknowledgement::accepted() }
/// # fn routes(shop: Shop) -> Router { Router::new().route("/wechatpay/paid", post(paid)).with_state(shop) }
/// ```
///
/// With actix-web it is a `web::Data` of one of the three:
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
