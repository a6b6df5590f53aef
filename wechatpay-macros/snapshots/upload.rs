// What the attribute writes.

#[derive(::wechatpay_core::__private::DeriveEndpoint)]
#[wechatpay(endpoint(POST, "/v3/merchant/media/upload", response = Media))]
pub struct UploadImage {
    #[wechatpay(file, filename = none, digest = "digest", algorithm = SM3)]
    pub file: Upload,
    #[wechatpay(form)]
    pub note: String,
    pub purpose: String,
}

// What the derive adds to it.

#[automatically_derived]
impl ::wechatpay_core::Endpoint for UploadImage {
    type Response = Media;
    const METHOD: ::wechatpay_core::Method = ::wechatpay_core::Method::POST;
    const PATH: &'static str = "/v3/merchant/media/upload";
    fn fields(&self, fields: &mut ::wechatpay_core::__private::Fields) {
        fields
            .file(
                "file",
                &self.file,
                ::wechatpay_core::__private::FileFields::new(
                    ::core::option::Option::None,
                    "digest",
                    ::wechatpay_core::__private::DigestAlgorithm::Sm3,
                ),
            );
        fields.form("note", &self.note);
        fields.payload("purpose", &self.purpose);
    }
}
impl UploadImage {
    /**`POST /v3/merchant/media/upload`

Sends this request and returns the response, `Media`, after checking that it came from WeChat Pay (微信支付). With a [`Client`](::wechatpay_core::Client) the result is a future; a blocking client returns it at once. `client.call(&request)` takes options for a single call and returns the whole response.

# Errors

An [`Error`](::wechatpay_core::Error) says what it proves: see [`Outcome`](::wechatpay_core::Outcome).*/
    pub fn send<'client, C: ::wechatpay_core::__private::Caller>(
        &'client self,
        client: &'client C,
    ) -> C::Sent<'client, <Self as ::wechatpay_core::Endpoint>::Response> {
        ::wechatpay_core::__private::Caller::send(client, self)
    }
}
#[automatically_derived]
impl ::wechatpay_core::__private::serde::Serialize for UploadImage {
    fn serialize<S: ::wechatpay_core::__private::serde::Serializer>(
        &self,
        serializer: S,
    ) -> ::core::result::Result<S::Ok, S::Error> {
        ::wechatpay_core::__private::serialize(self, serializer)
    }
}
