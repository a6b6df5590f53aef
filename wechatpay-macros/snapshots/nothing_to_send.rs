// What the attribute writes.

#[derive(::facade::wechatpay::__private::DeriveEndpoint)]
#[wechatpay(endpoint(GET, "/v3/certificates", crate = ::facade::wechatpay))]
pub struct Certificates;

// What the derive adds to it.

#[automatically_derived]
impl ::facade::wechatpay::Endpoint for Certificates {
    type Response = ::facade::wechatpay::__private::Value;
    const METHOD: ::facade::wechatpay::Method = ::facade::wechatpay::Method::GET;
    const PATH: &'static str = "/v3/certificates";
    fn fields(&self, _: &mut ::facade::wechatpay::__private::Fields) {}
}
impl Certificates {
    /**`GET /v3/certificates`

Sends this request and returns the response as JSON, after checking that it came from WeChat Pay (微信支付). With a [`Client`](::facade::wechatpay::Client) the result is a future; a blocking client returns it at once. `client.call(&request)` takes options for a single call and returns the whole response.

# Errors

An [`Error`](::facade::wechatpay::Error) says what it proves: see [`Outcome`](::facade::wechatpay::Outcome).*/
    pub fn send<'client, C: ::facade::wechatpay::__private::Caller>(
        &'client self,
        client: &'client C,
    ) -> C::Sent<'client, <Self as ::facade::wechatpay::Endpoint>::Response> {
        ::facade::wechatpay::__private::Caller::send(client, self)
    }
}
#[automatically_derived]
impl ::facade::wechatpay::__private::serde::Serialize for Certificates {
    fn serialize<S: ::facade::wechatpay::__private::serde::Serializer>(
        &self,
        serializer: S,
    ) -> ::core::result::Result<S::Ok, S::Error> {
        ::facade::wechatpay::__private::serialize(self, serializer)
    }
}
