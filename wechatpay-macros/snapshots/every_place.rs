// What the attribute writes.

#[derive(::wechatpay_core::__private::DeriveEndpoint)]
#[wechatpay(
    endpoint(POST, "/v3/orders/{order_id}", encrypt(phone), response = (), idempotent)
)]
#[serde(rename_all = "camelCase")]
pub struct Change {
    #[wechatpay(path = "order_id")]
    pub id: u64,
    #[wechatpay(query)]
    pub page_size: Option<u32>,
    #[wechatpay(query)]
    pub phone: String,
    #[wechatpay(query)]
    #[serde(with = "compact_date", skip_serializing_if = "Date::is_today")]
    pub from: Date,
    #[wechatpay(header = "Idempotency-Key")]
    pub key: String,
    pub state: State,
}

// What the derive adds to it.

#[automatically_derived]
impl ::wechatpay_core::Endpoint for Change {
    type Response = ();
    const METHOD: ::wechatpay_core::Method = ::wechatpay_core::Method::POST;
    const PATH: &'static str = "/v3/orders/{order_id}";
    const IDEMPOTENT: bool = true;
    fn fields(&self, fields: &mut ::wechatpay_core::__private::Fields) {
        fields.path("order_id", &self.id);
        fields.query("pageSize", &self.page_size);
        fields.query("phone", &::wechatpay_core::__private::Encrypted::new(&self.phone));
        fields
            .query(
                "from",
                ::wechatpay_core::__private::unless(
                    Date::is_today(&self.from),
                    &::wechatpay_core::__private::with(
                        &self.from,
                        |value, writer| compact_date::serialize(value, writer),
                    ),
                ),
            );
        fields.header("Idempotency-Key", &self.key);
        fields.payload("state", &self.state);
    }
}
impl Change {
    /**`POST /v3/orders/{order_id}`

Sends this request and returns `()` when the service accepted it, after checking that it came from WeChat Pay (微信支付). With a [`Client`](::wechatpay_core::Client) the result is a future; a blocking client returns it at once. `client.call(&request)` takes options for a single call and returns the whole response.

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
impl ::wechatpay_core::__private::serde::Serialize for Change {
    fn serialize<S: ::wechatpay_core::__private::serde::Serializer>(
        &self,
        serializer: S,
    ) -> ::core::result::Result<S::Ok, S::Error> {
        ::wechatpay_core::__private::serialize(self, serializer)
    }
}
#[automatically_derived]
impl ::core::fmt::Debug for Change {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::wechatpay_core::__private::debug(
            f,
            "Change",
            &[
                ("id", &self.id),
                ("page_size", &self.page_size),
                ("phone", &::wechatpay_core::__private::Redacted),
                ("from", &self.from),
                ("key", &self.key),
                ("state", &self.state),
            ],
        )
    }
}
