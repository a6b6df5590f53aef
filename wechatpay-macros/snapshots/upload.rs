// What the attribute writes.

#[derive(
    ::wechatpay_core::__private::serde::Serialize,
    ::wechatpay_core::__private::DeriveEndpoint
)]
#[wechatpay(endpoint(POST, "/v3/merchant/media/upload", response = Media))]
#[serde(crate = "::wechatpay_core::__private::serde")]
pub struct UploadImage {
    #[wechatpay(file, filename = none, digest = "digest", algorithm = SM3)]
    #[serde(skip_serializing)]
    pub file: Upload,
    #[wechatpay(form)]
    #[serde(skip_serializing)]
    pub note: String,
    pub purpose: String,
}

// What the derive adds to it.

#[automatically_derived]
impl ::wechatpay_core::Endpoint for UploadImage {
    type Response = Media;
    const METHOD: ::wechatpay_core::Method = ::wechatpay_core::Method::POST;
    const PATH: &'static str = "/v3/merchant/media/upload";
    fn prepare(
        &self,
        request: &mut ::wechatpay_core::Preparation,
    ) -> ::core::result::Result<(), ::wechatpay_core::PrepareError> {
        request
            .file(
                "file",
                &self.file,
                ::wechatpay_core::FileFields {
                    filename: ::core::option::Option::None,
                    digest: "digest",
                    algorithm: ::wechatpay_core::DigestAlgorithm::Sm3,
                },
            )?;
        request.form("note", &self.note)?;
        request.payload(self)
    }
}
impl UploadImage {
    /**`POST /v3/merchant/media/upload`

Sends this request and gives the answer, `Media`, after checking that it came from WeChat Pay (微信支付). With a [`Client`](::wechatpay_core::Client) the result is a future; with a blocking client it is there at once.

The short form of `client.call(&request)`, which takes options for a single call and gives the whole reply.

# Errors

An [`Error`](::wechatpay_core::Error) says what it proves: refused before anything was sent, never reached the service, may have been executed (then query first, before sending again), or refused by the service.*/
    pub fn send<'client, C: ::wechatpay_core::Caller>(
        &'client self,
        client: &'client C,
    ) -> C::Sent<'client, Self> {
        ::wechatpay_core::Caller::send(client, self)
    }
}
