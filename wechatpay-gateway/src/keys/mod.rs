//! The keys of the merchant, of the brand and of WeChat Pay.

pub(crate) mod api_v3;
pub(crate) mod certificate_list;
pub(crate) mod published;

use std::{io, sync::Arc};

use wechatpay_core::{
    PrivateKey, PublicKey,
    crypto::{Backend, Suite},
    keys::SerialNo,
};

use crate::{generate, keys::published::Published};

/// The prefix of the id of a WeChat Pay public key.
const PUBLIC_KEY_ID: &str = "PUB_KEY_ID_";

/// The validity of a platform certificate in seconds: five years.
const CERTIFICATE_LIFE: u64 = 5 * 365 * 86_400;

/// The kinds of keys with which the platform signs its responses.
///
/// ```
/// use wechatpay_gateway::{Gateway, PlatformMode};
///
/// let gateway = Gateway::start()?;
/// assert_eq!(gateway.mode(), PlatformMode::PublicKey);
/// assert!(gateway.certificate_pems().is_empty());
///
/// let gateway = Gateway::builder().mode(PlatformMode::Mixed).start()?;
/// assert!(gateway.public_key_id().starts_with("PUB_KEY_ID_"));
/// assert_eq!(gateway.certificate_pems().len(), 1);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum PlatformMode {
    /// With a WeChat Pay public key (微信支付公钥), as for every merchant since late 2024. `/v3/certificates` returns
    /// 404.
    #[default]
    PublicKey,
    /// With a platform certificate (平台证书), as for merchants who have not migrated.
    Certificates,
    /// With both: a merchant in the middle of the migration. A response is signed with the kind of key that the request
    /// announces in `Wechatpay-Serial`, and with a certificate when it announces none. Notifications are signed with
    /// both alternately.
    Mixed,
}

/// A party that signs requests.
pub(crate) struct Party {
    /// mchid or brand_id.
    pub(crate) id: String,
    pub(crate) serial_no: SerialNo,
    pub(crate) private_key_pem: String,
    pub(crate) public_key: PublicKey,
}

impl Party {
    pub(crate) fn new(backend: &dyn Backend, id: String, serial_no: &str, private_key_pem: String) -> io::Result<Self> {
        let private_key = PrivateKey::from_pem_with(backend, &private_key_pem).map_err(io::Error::other)?;
        let public_key = PublicKey::from_der_with(backend, &private_key.public_key_der()).map_err(io::Error::other)?;
        Ok(Self {
            id,
            serial_no: SerialNo::new(serial_no),
            private_key_pem,
            public_key,
        })
    }
}

/// One key of the platform. It signs responses and decrypts the merchant's ciphertexts.
pub(crate) struct PlatformKey {
    /// A public key's id or a certificate's serial number: the value of `Wechatpay-Serial`.
    pub(crate) id: SerialNo,
    pub(crate) private_key: PrivateKey,
    pub(crate) certificate: Option<Issued>,
}

/// A platform certificate of the list. Dates are seconds since 1970.
pub(crate) struct Issued {
    pub(crate) pem: String,
    pub(crate) not_before: u64,
    pub(crate) not_after: u64,
}

impl PlatformKey {
    pub(crate) fn public_key_pem(&self) -> String {
        generate::public_key_pem(&self.private_key)
    }
}

/// The platform's keys, including those that were rotated out.
pub(crate) struct KeyRing {
    backend: &'static dyn Backend,
    suite: Suite,
    mode: PlatformMode,
    mchid: String,
    public_keys: Vec<Arc<PlatformKey>>,
    certificates: Vec<Arc<PlatformKey>>,
    /// Index of the certificate that signs.
    signing: usize,
    /// The number of signed notifications.
    notifications: u64,
}

impl KeyRing {
    pub(crate) fn new(
        backend: &'static dyn Backend,
        suite: Suite,
        mode: PlatformMode,
        mchid: &str,
        now: u64,
    ) -> io::Result<Self> {
        let mut ring = Self {
            backend,
            suite,
            mode,
            mchid: mchid.to_owned(),
            public_keys: Vec::new(),
            certificates: Vec::new(),
            signing: 0,
            notifications: 0,
        };
        ring.change_mode(mode, now)?;
        Ok(ring)
    }

    pub(crate) fn mode(&self) -> PlatformMode {
        self.mode
    }

    /// Signs with other kinds of keys from now on. Keys that were used before still decrypt.
    pub(crate) fn change_mode(&mut self, mode: PlatformMode, now: u64) -> io::Result<()> {
        if mode != PlatformMode::Certificates && self.public_keys.is_empty() {
            self.add_public_key()?;
        }
        if mode != PlatformMode::PublicKey && self.certificates.is_empty() {
            self.issue(now.saturating_sub(86_400), now.saturating_add(CERTIFICATE_LIFE))?;
        }
        self.mode = mode;
        Ok(())
    }

    /// The public key in use.
    pub(crate) fn public_key(&self) -> Option<&Arc<PlatformKey>> {
        self.public_keys.last()
    }

    pub(crate) fn certificates(&self) -> &[Arc<PlatformKey>] {
        &self.certificates
    }

    /// Every key, old ones too.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Arc<PlatformKey>> {
        self.public_keys.iter().chain(&self.certificates)
    }

    /// The key that a request names.
    pub(crate) fn find(&self, id: &str) -> Option<&Arc<PlatformKey>> {
        let id = SerialNo::new(id);
        self.all().find(|key| key.id == id)
    }

    /// The key that signs a response. During a migration, the key that the request announces in `Wechatpay-Serial`
    /// decides which kind signs. If none is announced, a certificate signs.
    pub(crate) fn for_response(&self, announced: Option<&str>) -> io::Result<Arc<PlatformKey>> {
        self.signing_key(match self.mode {
            PlatformMode::PublicKey => false,
            PlatformMode::Certificates => true,
            PlatformMode::Mixed => announced.is_none_or(|serial| !serial.starts_with(PUBLIC_KEY_ID)),
        })
    }

    /// The key that signs the next notification. During a migration, both kinds sign alternately.
    pub(crate) fn for_notification(&mut self) -> io::Result<Arc<PlatformKey>> {
        self.notifications = self.notifications.wrapping_add(1);
        self.signing_key(match self.mode {
            PlatformMode::PublicKey => false,
            PlatformMode::Certificates => true,
            PlatformMode::Mixed => self.notifications.is_multiple_of(2),
        })
    }

    fn signing_key(&self, certificate: bool) -> io::Result<Arc<PlatformKey>> {
        let key = if certificate {
            self.certificates.get(self.signing)
        } else {
            self.public_keys.last()
        };
        key.cloned().ok_or_else(|| io::Error::other("the platform has no key"))
    }

    /// A key of the platform other than `key`, or the stranger's key if the platform has only one.
    pub(crate) fn other_than(&self, key: &PlatformKey) -> io::Result<PrivateKey> {
        let other = self.all().find(|other| other.id != key.id);
        other.map_or_else(|| self.stranger(), |other| Ok(other.private_key.clone()))
    }

    /// Changes to a new key of the kind in use, and returns its id.
    pub(crate) fn rotate(&mut self, now: u64) -> io::Result<SerialNo> {
        match self.mode {
            PlatformMode::PublicKey => self.add_public_key(),
            PlatformMode::Certificates | PlatformMode::Mixed => {
                let id = self.issue(now.saturating_sub(60), now.saturating_add(CERTIFICATE_LIFE))?;
                self.signing = self.certificates.len().saturating_sub(1);
                Ok(id)
            }
        }
    }

    /// Puts a new certificate on the list, without signing with it yet.
    pub(crate) fn issue(&mut self, not_before: u64, not_after: u64) -> io::Result<SerialNo> {
        let number = self.certificates.len();
        let pem = pick(Published::of(self.suite).certificates, number);
        // 20 bytes, and the first is not zero.
        let id = SerialNo::new(&format!("5F1C{:036X}", 0xC0DE_0000_0000 + number as u64 + 1));
        let certificate =
            generate::certificate_pem(pem, pem, id.as_str(), not_before, not_after).map_err(io::Error::other)?;
        self.certificates.push(Arc::new(PlatformKey {
            id: id.clone(),
            private_key: self.read(pem)?,
            certificate: Some(Issued {
                pem: certificate,
                not_before,
                not_after,
            }),
        }));
        Ok(id)
    }

    fn add_public_key(&mut self) -> io::Result<SerialNo> {
        let number = self.public_keys.len();
        let pem = pick(Published::of(self.suite).public_keys, number);
        let id = SerialNo::new(&format!("{PUBLIC_KEY_ID}01{}20241015{:014}", self.mchid, number + 1));
        let private_key = self.read(pem)?;
        self.public_keys.push(Arc::new(PlatformKey {
            id: id.clone(),
            private_key,
            certificate: None,
        }));
        Ok(id)
    }

    /// A key that does not belong to the platform, for forged signatures.
    pub(crate) fn stranger(&self) -> io::Result<PrivateKey> {
        self.read(Published::of(self.suite).stranger)
    }

    fn read(&self, pem: &str) -> io::Result<PrivateKey> {
        PrivateKey::from_pem_with(self.backend, pem).map_err(io::Error::other)
    }
}

/// The key at index `number`, modulo the number of keys.
fn pick(keys: &[&'static str], number: usize) -> &'static str {
    keys.get(number % keys.len().max(1)).copied().unwrap_or_default()
}
