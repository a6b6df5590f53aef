//! The guide, chapter by chapter: from nothing to a shop that takes money.
//!
//! In English ([`en`]) and in Chinese ([`zh`], 中文). The programs in it are complete, talk to the gateway of this library,
//! and are run by its tests.

/// The chapters in English.
pub mod en {
    #![doc = include_str!("../docs/guide/en/README.md")]

    #[doc = include_str!("../docs/guide/en/01-declare.md")]
    pub mod declare {}
    #[doc = include_str!("../docs/guide/en/02-client.md")]
    pub mod client {}
    #[doc = include_str!("../docs/guide/en/03-keys.md")]
    pub mod keys {}
    #[doc = include_str!("../docs/guide/en/04-sensitive.md")]
    pub mod sensitive {}
    #[doc = include_str!("../docs/guide/en/05-errors.md")]
    pub mod errors {}
    #[doc = include_str!("../docs/guide/en/06-notifications.md")]
    pub mod notifications {}
    #[doc = include_str!("../docs/guide/en/07-payment-parameters.md")]
    pub mod payment_parameters {}
    #[doc = include_str!("../docs/guide/en/08-files.md")]
    pub mod files {}
    #[doc = include_str!("../docs/guide/en/09-testing.md")]
    pub mod testing {}
    #[doc = include_str!("../docs/guide/en/10-going-live.md")]
    pub mod going_live {}
    #[doc = include_str!("../docs/guide/en/11-beyond.md")]
    pub mod beyond {}
}

/// The chapters in Chinese (中文).
pub mod zh {
    #![doc = include_str!("../docs/guide/zh/README.md")]

    #[doc = include_str!("../docs/guide/zh/01-declare.md")]
    pub mod declare {}
    #[doc = include_str!("../docs/guide/zh/02-client.md")]
    pub mod client {}
    #[doc = include_str!("../docs/guide/zh/03-keys.md")]
    pub mod keys {}
    #[doc = include_str!("../docs/guide/zh/04-sensitive.md")]
    pub mod sensitive {}
    #[doc = include_str!("../docs/guide/zh/05-errors.md")]
    pub mod errors {}
    #[doc = include_str!("../docs/guide/zh/06-notifications.md")]
    pub mod notifications {}
    #[doc = include_str!("../docs/guide/zh/07-payment-parameters.md")]
    pub mod payment_parameters {}
    #[doc = include_str!("../docs/guide/zh/08-files.md")]
    pub mod files {}
    #[doc = include_str!("../docs/guide/zh/09-testing.md")]
    pub mod testing {}
    #[doc = include_str!("../docs/guide/zh/10-going-live.md")]
    pub mod going_live {}
    #[doc = include_str!("../docs/guide/zh/11-beyond.md")]
    pub mod beyond {}
}
