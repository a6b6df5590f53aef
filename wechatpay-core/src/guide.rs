//! The guide, chapter by chapter, from the first declaration to a shop that takes payments. 指南：从声明第一个接口，到上线收款。
//!
//! In English ([`en`]) and in Chinese ([`zh`]). The programs in it are complete and talk to the gateway (`wechatpay-gateway`); the
//! tests run them.

/// Where the chapters are here. In the files they name each other's files; the first definition of a link counts.
macro_rules! links {
    ($language:literal) => {
        links!($language: "declare" "client" "keys" "sensitive" "errors" "notifications" "payment_parameters" "files"
            "testing" "going_live" "beyond" "catalogue" "running" "shangmi" "simulator")
    };
    ($language:literal: $($chapter:literal)*) => {
        concat!($("[", $chapter, "]: crate::guide::", $language, "::", $chapter, "\n",)* "\n")
    };
}

macro_rules! chapters {
    ($language:literal: $($chapter:ident $file:literal)*) => {
        $(
            #[doc = links!($language)]
            // Its programs run where they can: with the features that they use.
            #[cfg_attr(
                any(not(doctest), all(feature = "axum-08", feature = "blocking")),
                doc = include_str!(concat!("../docs/guide/", $language, "/", $file))
            )]
            pub mod $chapter {}
        )*
    };
}

#[doc = links!("en")]
#[doc = include_str!("../docs/guide/en/README.md")]
pub mod en {
    chapters! { "en":
        declare "01-declare.md"
        client "02-client.md"
        keys "03-keys.md"
        sensitive "04-sensitive.md"
        errors "05-errors.md"
        notifications "06-notifications.md"
        payment_parameters "07-payment-parameters.md"
        files "08-files.md"
        testing "09-testing.md"
        going_live "10-going-live.md"
        beyond "11-beyond.md"
        catalogue "12-catalogue.md"
        running "13-running.md"
        shangmi "14-shangmi.md"
        simulator "15-simulator.md"
    }
}

#[doc = links!("zh")]
#[doc = include_str!("../docs/guide/zh/README.md")]
pub mod zh {
    chapters! { "zh":
        declare "01-declare.md"
        client "02-client.md"
        keys "03-keys.md"
        sensitive "04-sensitive.md"
        errors "05-errors.md"
        notifications "06-notifications.md"
        payment_parameters "07-payment-parameters.md"
        files "08-files.md"
        testing "09-testing.md"
        going_live "10-going-live.md"
        beyond "11-beyond.md"
        catalogue "12-catalogue.md"
        running "13-running.md"
        shangmi "14-shangmi.md"
        simulator "15-simulator.md"
    }
}
