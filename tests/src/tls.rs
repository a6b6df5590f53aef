//! A TLS server in front of a gateway, with valid and invalid certificates.

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
};
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, crypto::aws_lc_rs, pki_types::PrivateKeyDer},
};

/// What is wrong with the server's certificate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flaw {
    /// Nothing.
    None,
    /// It is self-signed.
    SelfSigned,
    /// It belongs to another host.
    WrongName,
    /// It has expired.
    Expired,
}

/// A TLS server that forwards everything. Dropping it stops it.
pub struct TlsServer {
    address: SocketAddr,
    root: String,
    passed: Arc<AtomicU64>,
    accepting: JoinHandle<()>,
}

impl Drop for TlsServer {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

impl TlsServer {
    /// A server for `localhost` in front of `behind`, whose certificate is issued by a new authority.
    pub async fn start(behind: SocketAddr, flaw: Flaw) -> Self {
        let root_key = KeyPair::generate().unwrap();
        let mut root = CertificateParams::new(Vec::new()).unwrap();
        root.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let root_pem = root.self_signed(&root_key).unwrap().pem();
        let issuer = Issuer::new(root, root_key);

        let key = KeyPair::generate().unwrap();
        let name = if flaw == Flaw::WrongName {
            "api.mch.weixin.qq.com"
        } else {
            "localhost"
        };
        let mut server = CertificateParams::new(vec![name.to_owned()]).unwrap();
        if flaw == Flaw::Expired {
            server.not_before = date_time_ymd(2020, 1, 1);
            server.not_after = date_time_ymd(2021, 1, 1);
        }
        let certificate = match flaw {
            Flaw::SelfSigned => server.self_signed(&key).unwrap(),
            _ => server.signed_by(&key, &issuer).unwrap(),
        };
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
            )
            .unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let passed = Arc::new(AtomicU64::new(0));
        let counter = Arc::clone(&passed);
        let accepting = tokio::spawn(async move {
            let mut connections = tokio::task::JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let _ = stream.set_nodelay(true);
                let (acceptor, counter) = (acceptor.clone(), Arc::clone(&counter));
                connections.spawn(async move {
                    let Ok(mut client) = acceptor.accept(stream).await else {
                        return;
                    };
                    let mut gateway = TcpStream::connect(behind).await.unwrap();
                    let _ = gateway.set_nodelay(true);
                    if let Ok((sent, _)) = copy_bidirectional(&mut client, &mut gateway).await {
                        counter.fetch_add(sent, Relaxed);
                    }
                });
            }
        });
        Self {
            address,
            root: root_pem,
            passed,
            accepting,
        }
    }

    /// The base URL.
    pub fn url(&self) -> String {
        format!("https://localhost:{}", self.address.port())
    }

    /// The certificate of the authority, as PEM.
    pub fn root(&self) -> &str {
        &self.root
    }

    /// How many bytes clients sent on connections that are closed.
    pub fn passed(&self) -> u64 {
        self.passed.load(Relaxed)
    }
}
