// What the attribute writes.

#[derive(
    ::wechatpay_core::__private::serde::Serialize,
    ::wechatpay_core::__private::DeriveEndpoint
)]
#[wechatpay(
    endpoint(GET, "/v3/pay/transactions/id/{transaction_id}", response = Transaction)
)]
#[wechatpay(derived(Debug))]
#[serde(crate = "::wechatpay_core::__private::serde")]
#[derive(Debug, Clone)]
pub struct QueryOrder {
    #[serde(skip_serializing)]
    pub transaction_id: String,
    pub mchid: String,
}

// What the derive adds to it.

#[automatically_derived]
impl ::wechatpay_core::Endpoint for QueryOrder {
    type Response = Transaction;
    const METHOD: ::wechatpay_core::Method = ::wechatpay_core::Method::GET;
    const PATH: &'static str = "/v3/pay/transactions/id/{transaction_id}";
    fn prepare(
        &self,
        request: &mut ::wechatpay_core::Preparation,
    ) -> ::core::result::Result<(), ::wechatpay_core::PrepareError> {
        request.path("transaction_id", &self.transaction_id)?;
        request.payload(self)
    }
}
impl QueryOrder {
    /**`GET /v3/pay/transactions/id/{transaction_id}`

Sends this request and gives the answer, `Transaction`, after checking that it came from WeChat Pay (微信支付). With a [`Client`](::wechatpay_core::Client) the result is a future; with a blocking client it is there at once.

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
