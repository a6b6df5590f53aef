// What the attribute writes.

#[derive(
    ::wechatpay_core::__private::serde::Serialize,
    ::wechatpay_core::__private::DeriveEndpoint
)]
#[wechatpay(
    endpoint(POST, "/v3/orders/{order_id}", encrypt(phone), response = (), idempotent)
)]
#[serde(crate = "::wechatpay_core::__private::serde")]
#[serde(rename_all = "camelCase")]
pub struct Change {
    #[wechatpay(path = "order_id")]
    #[serde(skip_serializing)]
    pub id: u64,
    #[wechatpay(query)]
    #[serde(skip_serializing)]
    pub page_size: Option<u32>,
    #[wechatpay(query)]
    #[serde(skip_serializing)]
    pub phone: String,
    #[wechatpay(query)]
    #[serde(with = "compact_date", skip_serializing_if = "Date::is_today")]
    #[serde(skip_serializing)]
    pub from: Date,
    #[wechatpay(header = "Idempotency-Key")]
    #[serde(skip_serializing)]
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
    fn prepare(
        &self,
        request: &mut ::wechatpay_core::Preparation,
    ) -> ::core::result::Result<(), ::wechatpay_core::PrepareError> {
        request.path("order_id", &self.id)?;
        request.query("pageSize", &self.page_size)?;
        request.query_encrypted("phone", &self.phone)?;
        if !Date::is_today(&self.from) {
            request
                .query_with(
                    "from",
                    &self.from,
                    |value, serializer| compact_date::serialize(value, serializer),
                )?;
        }
        request.header("Idempotency-Key", &self.key)?;
        request.payload(self)
    }
}
impl Change {
    /**`POST /v3/orders/{order_id}`

Sends this request and gives `()` when the service accepted it, after checking that it came from WeChat Pay (微信支付). With a [`Client`](::wechatpay_core::Client) the result is a future; with a blocking client it is there at once.

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
