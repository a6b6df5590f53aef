// What the attribute writes.

#[derive(::wechatpay_core::__private::DeriveEndpoint)]
#[wechatpay(
    endpoint(GET, "/v3/pay/transactions/id/{transaction_id}", response = Transaction)
)]
#[derive(Debug, Clone)]
pub struct QueryOrder {
    pub transaction_id: String,
    pub mchid: String,
}

// What the derive adds to it.

#[automatically_derived]
impl ::wechatpay_core::Endpoint for QueryOrder {
    type Response = Transaction;
    const METHOD: ::wechatpay_core::Method = ::wechatpay_core::Method::GET;
    const PATH: &'static str = "/v3/pay/transactions/id/{transaction_id}";
    fn fields(&self, fields: &mut ::wechatpay_core::__private::Fields) {
        fields.path("transaction_id", &self.transaction_id);
        fields.payload("mchid", &self.mchid);
    }
}
impl QueryOrder {
    /**`GET /v3/pay/transactions/id/{transaction_id}`

Sends this request and returns the response, `Transaction`, after checking that it came from WeChat Pay (微信支付). With a [`Client`](::wechatpay_core::Client) the result is a future; a blocking client returns it at once. `client.call(&request)` takes options for a single call and returns the whole response.

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
impl ::wechatpay_core::__private::serde::Serialize for QueryOrder {
    fn serialize<S: ::wechatpay_core::__private::serde::Serializer>(
        &self,
        serializer: S,
    ) -> ::core::result::Result<S::Ok, S::Error> {
        ::wechatpay_core::__private::serialize(self, serializer)
    }
}
