//! The programs in the README and in the guide, which must run unchanged.

macro_rules! documents {
    ($($name:ident: $path:literal,)*) => {
        $(#[doc = include_str!(concat!("../../", $path))] pub struct $name;)*
    };
}

documents! {
    Readme: "README.md",
    Declare: "wechatpay-core/docs/guide/en/01-declare.md",
    Client: "wechatpay-core/docs/guide/en/02-client.md",
    Keys: "wechatpay-core/docs/guide/en/03-keys.md",
    Sensitive: "wechatpay-core/docs/guide/en/04-sensitive.md",
    Errors: "wechatpay-core/docs/guide/en/05-errors.md",
    Notifications: "wechatpay-core/docs/guide/en/06-notifications.md",
    PaymentParameters: "wechatpay-core/docs/guide/en/07-payment-parameters.md",
    Files: "wechatpay-core/docs/guide/en/08-files.md",
    Testing: "wechatpay-core/docs/guide/en/09-testing.md",
    GoingLive: "wechatpay-core/docs/guide/en/10-going-live.md",
    Beyond: "wechatpay-core/docs/guide/en/11-beyond.md",
    Catalogue: "wechatpay-core/docs/guide/en/12-catalogue.md",
    Skill: "SKILL.md",
    ReadmeZh: "README.zh-CN.md",
    DeclareZh: "wechatpay-core/docs/guide/zh/01-declare.md",
    ClientZh: "wechatpay-core/docs/guide/zh/02-client.md",
    KeysZh: "wechatpay-core/docs/guide/zh/03-keys.md",
    SensitiveZh: "wechatpay-core/docs/guide/zh/04-sensitive.md",
    ErrorsZh: "wechatpay-core/docs/guide/zh/05-errors.md",
    NotificationsZh: "wechatpay-core/docs/guide/zh/06-notifications.md",
    PaymentParametersZh: "wechatpay-core/docs/guide/zh/07-payment-parameters.md",
    FilesZh: "wechatpay-core/docs/guide/zh/08-files.md",
    TestingZh: "wechatpay-core/docs/guide/zh/09-testing.md",
    GoingLiveZh: "wechatpay-core/docs/guide/zh/10-going-live.md",
    BeyondZh: "wechatpay-core/docs/guide/zh/11-beyond.md",
    CatalogueZh: "wechatpay-core/docs/guide/zh/12-catalogue.md",
}
