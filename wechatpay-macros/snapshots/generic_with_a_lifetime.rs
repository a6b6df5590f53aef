// What the attribute writes.

#[derive(
    ::wechatpay_core::__private::serde::Serialize,
    ::wechatpay_core::__private::DeriveEndpoint
)]
#[wechatpay(endpoint(POST, "/v3/orders/{id}", encrypt(name)))]
#[serde(crate = "::wechatpay_core::__private::serde")]
pub struct Order<'a, T: Copy, const N: usize = 3>
where
    T: PartialEq,
{
    #[serde(skip_serializing)]
    pub id: T,
    #[serde(serialize_with = "::wechatpay_core::__private::encrypt::<& 'a str, _>")]
    pub name: &'a str,
    pub lines: [u8; N],
}

// What the derive adds to it.

#[automatically_derived]
impl<'a, T: Copy, const N: usize> ::wechatpay_core::Endpoint for Order<'a, T, N>
where
    T: PartialEq,
    Self: ::core::marker::Sync + ::wechatpay_core::__private::serde::Serialize,
    T: ::wechatpay_core::__private::serde::Serialize,
{
    type Response = ::wechatpay_core::__private::Value;
    const METHOD: ::wechatpay_core::Method = ::wechatpay_core::Method::POST;
    const PATH: &'static str = "/v3/orders/{id}";
    fn prepare(
        &self,
        request: &mut ::wechatpay_core::Preparation,
    ) -> ::core::result::Result<(), ::wechatpay_core::PrepareError> {
        request.path("id", &self.id)?;
        request.payload(self)
    }
}
impl<'a, T: Copy, const N: usize> Order<'a, T, N>
where
    T: PartialEq,
{
    /**`POST /v3/orders/{id}`

Sends this request and gives the answer as JSON, after checking that it came from WeChat Pay (微信支付). With a [`Client`](::wechatpay_core::Client) the result is a future; with a blocking client it is there at once.

The short form of `client.call(&request)`, which takes options for a single call and gives the whole reply.

# Errors

An [`Error`](::wechatpay_core::Error) says what it proves: refused before anything was sent, never reached the service, may have been executed (then query first, before sending again), or refused by the service.*/
    pub fn send<'client, C: ::wechatpay_core::Caller>(
        &'client self,
        client: &'client C,
    ) -> C::Sent<'client, Self>
    where
        Self: ::wechatpay_core::Endpoint,
    {
        ::wechatpay_core::Caller::send(client, self)
    }
}
#[automatically_derived]
impl<'a, T: Copy, const N: usize> ::core::fmt::Debug for Order<'a, T, N>
where
    T: PartialEq,
    T: ::core::fmt::Debug,
{
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::wechatpay_core::__private::debug(
            f,
            "Order",
            &[
                ("id", &self.id),
                ("name", &::wechatpay_core::__private::Redacted),
                ("lines", &self.lines),
            ],
        )
    }
}
