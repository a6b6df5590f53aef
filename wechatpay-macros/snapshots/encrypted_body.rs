// What the attribute writes.

#[derive(
    ::wechatpay_core::__private::serde::Serialize,
    ::wechatpay_core::__private::DeriveEndpoint
)]
#[wechatpay(
    endpoint(
        POST,
        "/v3/ecommerce/pre-entrust-sign",
        encrypt(real_name, cred_id),
        response = Signed
    )
)]
#[serde(crate = "::wechatpay_core::__private::serde")]
pub struct PreEntrustSign {
    pub appid: String,
    pub out_contract_code: String,
    pub openid: String,
    #[serde(serialize_with = "::wechatpay_core::__private::encrypt::<String, _>")]
    pub real_name: String,
    pub cred_type: CredType,
    #[serde(serialize_with = "::wechatpay_core::__private::encrypt::<String, _>")]
    pub cred_id: String,
    #[serde(skip_serializing_if = "::core::option::Option::is_none")]
    pub memo: Option<String>,
}

// What the derive adds to it.

#[automatically_derived]
impl ::wechatpay_core::Endpoint for PreEntrustSign {
    type Response = Signed;
    const METHOD: ::wechatpay_core::Method = ::wechatpay_core::Method::POST;
    const PATH: &'static str = "/v3/ecommerce/pre-entrust-sign";
    fn prepare(
        &self,
        request: &mut ::wechatpay_core::Preparation,
    ) -> ::core::result::Result<(), ::wechatpay_core::PrepareError> {
        request.payload(self)
    }
}
impl PreEntrustSign {
    /**`POST /v3/ecommerce/pre-entrust-sign`

Sends this request and gives the answer, `Signed`, after checking that it came from WeChat Pay (微信支付). With a [`Client`](::wechatpay_core::Client) the result is a future; with a blocking client it is there at once.

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
impl ::core::fmt::Debug for PreEntrustSign {
    fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
        ::wechatpay_core::__private::debug(
            f,
            "PreEntrustSign",
            &[
                ("appid", &self.appid),
                ("out_contract_code", &self.out_contract_code),
                ("openid", &self.openid),
                ("real_name", &::wechatpay_core::__private::Redacted),
                ("cred_type", &self.cred_type),
                ("cred_id", &::wechatpay_core::__private::Redacted),
                ("memo", &self.memo),
            ],
        )
    }
}
