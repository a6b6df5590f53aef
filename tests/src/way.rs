//! The ways to use the library. One suite runs in each of them.

use tokio::runtime::Runtime;
use wechatpay_core::{
    Client, ClientBuilder, Endpoint, Error, PrivateKey, Response, blocking,
    crypto::{Backend, Suite, aws_lc_rs::AwsLcRs, rsa::Rsa},
};
use wechatpay_gateway::{Gateway, GatewayBuilder, generate};

/// The crypto backends of both sides, and whether the client blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// The async client with aws-lc-rs, against a gateway with rsa.
    AwsLcRs,
    /// The async client with rsa, against a gateway with aws-lc-rs.
    Rsa,
    /// The blocking client with its default backend.
    Blocking,
    /// The async client of a merchant with an SM2 key (国密).
    Shangmi,
    /// The blocking client of a merchant with an SM2 key.
    ShangmiBlocking,
}

impl Way {
    /// The backend of the client.
    pub fn backend(self) -> &'static dyn Backend {
        match self {
            Self::AwsLcRs | Self::Blocking | Self::Shangmi | Self::ShangmiBlocking => &AwsLcRs,
            Self::Rsa => &Rsa,
        }
    }

    /// The suite of both sides.
    pub fn suite(self) -> Suite {
        match self {
            Self::AwsLcRs | Self::Rsa | Self::Blocking => Suite::Rsa,
            Self::Shangmi | Self::ShangmiBlocking => Suite::Shangmi,
        }
    }

    fn gateway_backend(self) -> &'static dyn Backend {
        match self {
            Self::AwsLcRs | Self::Blocking | Self::Shangmi | Self::ShangmiBlocking => &Rsa,
            Self::Rsa => &AwsLcRs,
        }
    }
}

/// A gateway, and clients that call it in one way.
pub struct World {
    /// The gateway.
    pub gateway: Gateway,
    way: Way,
}

impl World {
    /// A gateway with default settings.
    pub fn new(way: Way) -> Self {
        Self::of(way, Gateway::builder())
    }

    /// A gateway with custom settings.
    pub fn of(way: Way, gateway: GatewayBuilder) -> Self {
        Self {
            gateway: gateway
                .suite(way.suite())
                .backend(way.gateway_backend())
                .start()
                .unwrap(),
            way,
        }
    }

    /// The builder of a client that is configured for the gateway.
    pub fn builder(&self) -> ClientBuilder {
        self.gateway
            .client_builder_with(self.way.backend())
            .retry(crate::quick())
    }

    /// A private key of the client's backend.
    pub fn private_key(&self, pem: &str) -> PrivateKey {
        PrivateKey::from_pem_with(self.way.backend(), pem).unwrap()
    }

    /// A key that the gateway does not know.
    pub fn unknown_key(&self) -> PrivateKey {
        match self.way.suite() {
            Suite::Rsa => self.private_key(self.gateway.brand_private_key_pem()),
            Suite::Shangmi => self.private_key(&generate::sm2_private_key_pem().unwrap()),
        }
    }

    /// A client that is configured for the gateway.
    pub fn client(&self) -> Caller {
        self.caller(self.builder())
    }

    /// The client of this builder.
    pub fn caller(&self, builder: ClientBuilder) -> Caller {
        let client = builder.build().unwrap();
        if matches!(self.way, Way::Blocking | Way::ShangmiBlocking) {
            return Caller::Blocking(blocking::Client::new(client).unwrap());
        }
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        Caller::Async(client, runtime.unwrap())
    }
}

/// An async or blocking client.
#[derive(Debug)]
pub enum Caller {
    /// The async client with a runtime of the test.
    Async(Client, Runtime),
    /// The blocking client.
    Blocking(blocking::Client),
}

impl Caller {
    /// Sends a request and returns the decoded response.
    pub fn send<E: Endpoint>(&self, request: &E) -> Result<E::Response, Error> {
        self.call(request).map(Response::into_inner)
    }

    /// Sends a request and returns the whole response.
    pub fn call<E: Endpoint>(&self, request: &E) -> Result<Response<E::Response>, Error> {
        match self {
            Self::Async(client, runtime) => runtime.block_on(client.call(request).send()),
            Self::Blocking(client) => client.call(request).send(),
        }
    }

    /// The async client inside.
    pub fn client(&self) -> &Client {
        match self {
            Self::Async(client, _) => client,
            Self::Blocking(client) => client.as_async(),
        }
    }

    /// Blocks on a future of the async client.
    pub fn wait<T>(&self, future: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        match self {
            Self::Async(_, runtime) => runtime.block_on(future),
            Self::Blocking(client) => client.wait(future),
        }
    }
}
