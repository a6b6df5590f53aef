// What the attribute writes.

#[derive(
    ::facade::wechatpay::__private::serde::Serialize,
    ::facade::wechatpay::__private::DeriveEndpoint
)]
#[wechatpay(endpoint(GET, "/v3/certificates", crate = ::facade::wechatpay))]
#[serde(crate = "::facade::wechatpay::__private::serde")]
pub struct Certificates;

// What the derive adds to it.

#[automatically_derived]
impl ::facade::wechatpay::Endpoint for Certificates {
    type Response = ::facade::wechatpay::__private::Value;
    const METHOD: ::facade::wechatpay::Method = ::facade::wechatpay::Method::GET;
    const PATH: &'static str = "/v3/certificates";
    fn prepare(
        &self,
        _: &mut ::facade::wechatpay::Preparation,
    ) -> ::core::result::Result<(), ::facade::wechatpay::PrepareError> {
        ::core::result::Result::Ok(())
    }
}
impl Certificates {
    /**`GET /v3/certificates`

Sends this request and gives the answer as JSON, after checking that it came from WeChat Pay (微信支付). With a [`Client`](::facade::wechatpay::Client) the result is a future; with a blocking client it is there at once.

The short form of `client.call(&request)`, which takes options for a single call and gives the whole reply.

# Errors

An [`Error`](::facade::wechatpay::Error) says what it proves: refused before anything was sent, never reached the service, may have been executed (then query first, before sending again), or refused by the service.*/
    pub fn send<'client, C: ::facade::wechatpay::Caller>(
        &'client self,
        client: &'client C,
    ) -> C::Sent<'client, Self> {
        ::facade::wechatpay::Caller::send(client, self)
    }
}
