//! The extractor and the responses for actix-web.

use super::{
    acknowledgement::Acknowledgement, error::NotificationError, extractor::WechatpayNotification,
    receiver::NotificationReceiver, verified::Payload,
};
use crate::client::{Client, Clients};
use actix_web::{
    FromRequest, HttpRequest, HttpResponse, Responder, ResponseError,
    body::BoxBody,
    dev,
    http::{StatusCode, header::HeaderMap},
    web::{self, Bytes},
};
use http::{HeaderName, HeaderValue};
use std::{future::Future, pin::Pin};

impl<T: Payload + 'static> FromRequest for WechatpayNotification<T> {
    type Error = NotificationError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, NotificationError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut dev::Payload) -> Self::Future {
        let receiver = receiver(request);
        let headers = headers(request.headers());
        let payload = web::Payload::from_request(request, payload);
        Box::pin(async move {
            let receiver = receiver?;
            let deadline = receiver.deadline();
            let payload = payload.await.map_err(|_| NotificationError::Interrupted)?;
            let body = receiver.in_time(deadline, read(payload, receiver.max_bytes)).await?;
            let verified = receiver.verify_until(deadline, &headers, &body).await?;
            verified.decrypt().map(Self)
        })
    }
}

fn receiver(request: &HttpRequest) -> Result<NotificationReceiver, NotificationError> {
    if let Some(receiver) = request.app_data::<web::Data<NotificationReceiver>>() {
        return Ok(NotificationReceiver::clone(receiver));
    }
    if let Some(clients) = request.app_data::<web::Data<Clients>>() {
        return Ok(clients.notifications());
    }
    let client = request.app_data::<web::Data<Client>>();
    client
        .map(|client| client.notifications())
        .ok_or(NotificationError::NoReceiver)
}

/// actix-web has the header types of the `http` crate before 1.0. Names and values are the same bytes.
fn headers(received: &HeaderMap) -> http::HeaderMap {
    received
        .iter()
        .filter_map(|(name, value)| {
            let name = HeaderName::from_bytes(name.as_str().as_bytes()).ok()?;
            Some((name, HeaderValue::from_bytes(value.as_bytes()).ok()?))
        })
        .fold(http::HeaderMap::new(), |mut headers, (name, value)| {
            headers.append(name, value);
            headers
        })
}

async fn read(payload: web::Payload, most: usize) -> Result<Bytes, NotificationError> {
    match payload.to_bytes_limited(most).await {
        Ok(Ok(body)) => Ok(body),
        Ok(Err(_)) => Err(NotificationError::Interrupted),
        Err(_) => Err(NotificationError::TooLarge { most }),
    }
}

impl Responder for Acknowledgement {
    type Body = BoxBody;

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        response(&self)
    }
}

impl ResponseError for NotificationError {
    fn status_code(&self) -> StatusCode {
        status(self.status())
    }

    fn error_response(&self) -> HttpResponse {
        response(&self.acknowledgement())
    }
}

fn response(acknowledgement: &Acknowledgement) -> HttpResponse {
    let mut response = HttpResponse::build(status(acknowledgement.status()));
    match acknowledgement.content_type() {
        Some(content_type) => response
            .content_type(content_type)
            .body(acknowledgement.body().to_owned()),
        None => response.finish(),
    }
}

fn status(status: http::StatusCode) -> StatusCode {
    StatusCode::from_u16(status.as_u16()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
