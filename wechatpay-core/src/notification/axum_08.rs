//! The extractor and the responses for axum.

use super::{
    acknowledgement::Acknowledgement, error::NotificationError, extractor::WechatpayNotification,
    receiver::NotificationReceiver, verified::Payload,
};
use crate::client::{Client, Clients};
use axum_core::{
    body::Body,
    extract::{FromRef, FromRequest, Request},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http_body_util::{BodyExt as _, LengthLimitError, Limited};

impl<S, T> FromRequest<S> for WechatpayNotification<T>
where
    NotificationReceiver: FromRef<S>,
    S: Send + Sync,
    T: Payload,
{
    type Rejection = NotificationError;

    async fn from_request(request: Request, state: &S) -> Result<Self, NotificationError> {
        let receiver = NotificationReceiver::from_ref(state);
        let deadline = receiver.deadline();
        let (head, body) = request.into_parts();
        let body = receiver.in_time(deadline, read(body, receiver.max_bytes)).await?;
        let verified = receiver.verify_until(deadline, &head.headers, &body).await?;
        verified.decrypt().map(Self)
    }
}

async fn read(body: Body, most: usize) -> Result<Bytes, NotificationError> {
    match Limited::new(body, most).collect().await {
        Ok(collected) => Ok(collected.to_bytes()),
        Err(error) if error.is::<LengthLimitError>() => Err(NotificationError::TooLarge { most }),
        Err(_) => Err(NotificationError::Interrupted),
    }
}

impl FromRef<Client> for NotificationReceiver {
    fn from_ref(client: &Client) -> Self {
        client.notifications()
    }
}

impl FromRef<Clients> for NotificationReceiver {
    fn from_ref(clients: &Clients) -> Self {
        clients.notifications()
    }
}

impl IntoResponse for Acknowledgement {
    fn into_response(self) -> Response {
        self.into()
    }
}

impl IntoResponse for NotificationError {
    fn into_response(self) -> Response {
        self.acknowledgement().into()
    }
}
