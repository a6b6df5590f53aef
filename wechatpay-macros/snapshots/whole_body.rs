// What the attribute writes.

#[derive(::wechatpay_core::__private::DeriveEndpoint)]
#[wechatpay(endpoint(PUT, "/v3/stores/{store}"))]
pub struct PutStores {
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
    fn fields(&self, fields: &mut ::wechatpay_core::__private::Fields) {
        fields.path("store", &self.store);
        fields.body(&self.stores);
    }
}
impl PutStores {
    /**`PUT /v3/stores/{store}`

Sends this request and returns the response as JSON, after checking that it came from WeChat Pay (微信支付). With a [`Client`](::wechatpay_core::Client) the result is a future; a blocking client returns it at once. `client.call(&request)` takes options for a single call and returns the whole response.

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
impl ::wechatpay_core::__private::serde::Serialize for PutStores {
    fn serialize<S: ::wechatpay_core::__private::serde::Serializer>(
        &self,
        serializer: S,
    ) -> ::core::result::Result<S::Ok, S::Error> {
        ::wechatpay_core::__private::serialize(self, serializer)
    }
}
