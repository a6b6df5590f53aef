// What the attribute writes.

#[derive(
    ::wechatpay_core::__private::serde::Serialize,
    ::wechatpay_core::__private::DeriveEndpoint
)]
#[wechatpay(endpoint(PUT, "/v3/stores/{store}"))]
#[serde(crate = "::wechatpay_core::__private::serde")]
#[serde(transparent)]
pub struct PutStores {
    #[serde(skip_serializing)]
    pub store: String,
    #[wechatpay(body)]
    pub stores: Vec<Store>,
}

// What the derive adds to it.

#[automatically_derived]
impl ::wechatpay_core::Endpoint for PutStores {
    type Response = ::wechatpay_core::__private::Value;
    const METHOD: ::wechatpay_core::Method = ::wechatpay_core::Method::PUT;
    const PATH: &'static str = "/v3/stores/{store}";
    fn prepare(
        &self,
        request: &mut ::wechatpay_core::Preparation,
    ) -> ::core::result::Result<(), ::wechatpay_core::PrepareError> {
        request.path("store", &self.store)?;
        request.body(self)
    }
}
impl PutStores {
    /**`PUT /v3/stores/{store}`

Sends this request and gives the answer as JSON, after checking that it came from WeChat Pay (微信支付). With a [`Client`](::wechatpay_core::Client) the result is a future; with a blocking client it is there at once.

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
