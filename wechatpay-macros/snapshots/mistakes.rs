// What the attribute writes.

::core::compile_error! {
    "`encrypt` names `nam`, but `Order` has no such field; did you mean `name`?"
}
#[derive(::wechatpay_core::__private::DeriveEndpoint)]
#[wechatpay(endpoint(post, "/v3/orders/{id}", encrypt(nam), response = Answer))]
pub struct Order {
    pub name: String,
}

// What the derive adds to it.

#[automatically_derived]
impl ::wechatpay_core::Endpoint for Order {
    type Response = Answer;
    const METHOD: ::wechatpay_core::Method = ::wechatpay_core::Method::GET;
    const PATH: &'static str = "/";
    fn fields(&self, _: &mut ::wechatpay_core::__private::Fields) {
        fn mistake<T>() {
            const { ::core::panic!("this declaration has a mistake") }
        }
        mistake::<()>()
    }
}
impl Order {
    /**`POST /v3/orders/{id}`

Sends this request and returns the response, `Answer`, after checking that it came from WeChat Pay (微信支付). With a [`Client`](::wechatpay_core::Client) the result is a future; a blocking client returns it at once. `client.call(&request)` takes options for a single call and returns the whole response.

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
impl ::wechatpay_core::__private::serde::Serialize for Order {
    fn serialize<S: ::wechatpay_core::__private::serde::Serializer>(
        &self,
        serializer: S,
    ) -> ::core::result::Result<S::Ok, S::Error> {
        ::wechatpay_core::__private::serialize(self, serializer)
    }
}
#[automatically_derived]
impl ::core::fmt::Debug for Order {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::wechatpay_core::__private::debug(f, "Order", &[("name", &self.name)])
    }
}
::core::compile_error! {
    "did you mean `POST`?"
}
::core::compile_error! {
    "path placeholder `{id}` has no field on `Order`; add `id: String` or mark a field `#[wechatpay(path = \"id\")]`"
}
