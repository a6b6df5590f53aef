// What the attribute writes.

#[derive(::wechatpay_core::__private::DeriveEndpoint)]
#[wechatpay(
    endpoint(
        POST,
        "/v3/ecommerce/pre-entrust-sign",
        encrypt(real_name, cred_id),
        response = Signed
    )
)]
pub struct PreEntrustSign {
    pub appid: String,
    pub out_contract_code: String,
    pub openid: String,
    pub real_name: String,
    pub cred_type: CredType,
    pub cred_id: String,
    pub memo: Option<String>,
}

// What the derive adds to it.

#[automatically_derived]
impl ::wechatpay_core::Endpoint for PreEntrustSign {
    type Response = Signed;
    const METHOD: ::wechatpay_core::Method = ::wechatpay_core::Method::POST;
    const PATH: &'static str = "/v3/ecommerce/pre-entrust-sign";
    fn fields(&self, fields: &mut ::wechatpay_core::__private::Fields) {
        fields.payload("appid", &self.appid);
        fields.payload("out_contract_code", &self.out_contract_code);
        fields.payload("openid", &self.openid);
        fields
            .payload(
                "real_name",
                &::wechatpay_core::__private::Encrypted::new(&self.real_name),
            );
        fields.payload("cred_type", &self.cred_type);
        fields
            .payload(
                "cred_id",
                &::wechatpay_core::__private::Encrypted::new(&self.cred_id),
            );
        fields.payload("memo", &self.memo);
    }
}
impl PreEntrustSign {
    /**`POST /v3/ecommerce/pre-entrust-sign`

Sends this request and returns the response, `Signed`, after checking that it came from WeChat Pay (微信支付). With a [`Client`](::wechatpay_core::Client) the result is a future; a blocking client returns it at once. `client.call(&request)` takes options for a single call and returns the whole response.

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
impl ::wechatpay_core::__private::serde::Serialize for PreEntrustSign {
    fn serialize<S: ::wechatpay_core::__private::serde::Serializer>(
        &self,
        serializer: S,
    ) -> ::core::result::Result<S::Ok, S::Error> {
        ::wechatpay_core::__private::serialize(self, serializer)
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
