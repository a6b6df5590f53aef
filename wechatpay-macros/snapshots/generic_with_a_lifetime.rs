// What the attribute writes.

#[derive(::wechatpay_core::__private::DeriveEndpoint)]
#[wechatpay(endpoint(POST, "/v3/orders/{id}", encrypt(name)))]
pub struct Order<'a, T: Copy, const N: usize = 3>
where
    T: PartialEq,
{
    pub id: T,
    pub name: &'a str,
    pub lines: [u8; N],
}

// What the derive adds to it.

#[automatically_derived]
#[allow(single_use_lifetimes)]
impl<'a, T: Copy, const N: usize> ::wechatpay_core::Endpoint for Order<'a, T, N>
where
    T: PartialEq,
    Self: ::core::marker::Sync,
    T: ::wechatpay_core::__private::serde::Serialize,
{
    type Response = ::wechatpay_core::__private::Value;
    const METHOD: ::wechatpay_core::Method = ::wechatpay_core::Method::POST;
    const PATH: &'static str = "/v3/orders/{id}";
    fn fields(&self, fields: &mut ::wechatpay_core::__private::Fields) {
        fields.path("id", &self.id);
        fields.payload("name", &::wechatpay_core::__private::Encrypted::new(&self.name));
        fields.payload("lines", &self.lines);
    }
}
#[allow(single_use_lifetimes)]
impl<'a, T: Copy, const N: usize> Order<'a, T, N>
where
    T: PartialEq,
    Self: ::wechatpay_core::Endpoint,
{
    /**`POST /v3/orders/{id}`

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
#[allow(single_use_lifetimes)]
impl<'a, T: Copy, const N: usize> ::wechatpay_core::__private::serde::Serialize
for Order<'a, T, N>
where
    T: PartialEq,
    Self: ::wechatpay_core::Endpoint,
{
    fn serialize<S: ::wechatpay_core::__private::serde::Serializer>(
        &self,
        serializer: S,
    ) -> ::core::result::Result<S::Ok, S::Error> {
        ::wechatpay_core::__private::serialize(self, serializer)
    }
}
#[automatically_derived]
#[allow(single_use_lifetimes)]
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
