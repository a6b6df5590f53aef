//! One attempt: a fresh signature over the frozen bytes, one exchange, and what the response proves.

use crate::{
    key_store::EncryptionKey,
    request::{
        decode::RawResponse,
        headers,
        judge::{self, Failure},
        operation::Execution,
        prepare::Prepared,
        send, sign,
    },
};

/// Signs, sends, verifies and judges, once.
pub(crate) async fn attempt(
    execution: &Execution<'_>,
    prepared: &Prepared,
    key: Option<&EncryptionKey>,
    origin: &str,
    attempts: u32,
) -> Result<RawResponse, Failure> {
    let context = execution.context;
    let readers = execution.operation.form.readers();
    let authorization = execution
        .within_deadline(sign::authorization(context, prepared))
        .await??;
    let headers = headers::headers(prepared, &readers, &context.user_agent, key, authorization)?;
    let (response, body) = send::send(execution, prepared, origin, headers).await?;
    let received = body.len();
    judge::judge(execution, prepared, response, body, attempts)
        .await
        .map_err(|failure| Failure { received, ..failure })
}
