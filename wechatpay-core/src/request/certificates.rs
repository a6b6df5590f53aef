//! The one request that the library makes by itself: the list of platform certificates (平台证书).

use crate::{
    context::Context,
    crypto::Suite,
    error::Error,
    key_store::DownloadedList,
    request::{
        self,
        decode::ResponseForm,
        operation::{Announce, Execution, Operation, Prepare},
        prepare::Fields,
        watch::Watch,
    },
    support::system::deadline,
};
use http::{HeaderMap, Method};
use std::{future::Future, pin::Pin, sync::Arc};

/// Which certificates are asked for. Without a choice the service lists those with RSA keys.
struct OfSuite(Suite);

impl Prepare for OfSuite {
    fn prepare(&self, fields: &mut Fields) {
        match self.0 {
            Suite::Rsa => {}
            Suite::Shangmi => fields.query("algorithm_type", &"SM2"),
        }
    }
}

/// Downloads the list as it comes. The key store checks it.
pub(crate) fn download(
    context: &Arc<Context>,
) -> Pin<Box<dyn Future<Output = Result<DownloadedList, Error>> + Send + '_>> {
    Box::pin(async move {
        let execution = Execution {
            context,
            operation: Operation {
                method: Method::GET,
                template: context.origins.certificates_path().into(),
                idempotent: true,
                announce: Announce::WhenUsed,
                form: ResponseForm::CertificateList,
                declared_fields: || &[],
            },
            deadline: deadline(context.limits.deadline),
            attempt_timeout: context.limits.attempt.min(context.keys.download_attempt()),
        };
        let mut watch = Watch::begin(&execution);
        let suite = OfSuite(context.identity.suite());
        let result = request::run(&execution, &suite, HeaderMap::new(), watch.as_mut()).await;
        if let Some(watch) = watch {
            watch.call_ended(result.as_ref());
        }
        let (response, _) = result?;
        Ok(DownloadedList {
            headers: response.headers,
            body: response.body,
        })
    })
}
