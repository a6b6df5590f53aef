//! Interim.
use crate::{
    PublicKey,
    client::Inner,
    crypto::Backend,
    keys::{ApiV3Key, Certificate},
};
use std::{sync::Arc, time::SystemTime};
#[derive(Clone)]
pub(crate) struct EncryptionKey {
    pub(crate) id: String,
    pub(crate) key: PublicKey,
}
impl EncryptionKey {
    pub(crate) fn is_public_key(&self) -> bool {
        true
    }
}
pub(crate) struct KeySet {
    keys: Vec<EncryptionKey>,
}
impl KeySet {
    pub(crate) fn encryption_key(&self, _: SystemTime) -> Option<EncryptionKey> {
        self.keys.first().cloned()
    }
    pub(crate) fn verification_key(&self, serial: &str, _: SystemTime) -> Option<PublicKey> {
        self.keys.iter().find(|k| k.id == serial).map(|k| k.key.clone())
    }
}
pub(crate) struct KeyStore {
    set: Arc<KeySet>,
}
pub(crate) struct Builder {
    keys: Vec<EncryptionKey>,
}
impl Builder {
    pub(crate) fn public_key(mut self, id: String, key: PublicKey) -> Self {
        self.keys.push(EncryptionKey { id, key });
        self
    }
    pub(crate) fn certificate(self, _: Certificate) -> Self {
        self
    }
    pub(crate) fn download(self, _: ApiV3Key, _: &'static dyn Backend) -> Self {
        self
    }
    pub(crate) fn build(self, _: &str) -> Result<KeyStore, &'static str> {
        Ok(KeyStore {
            set: Arc::new(KeySet { keys: self.keys }),
        })
    }
}
impl KeyStore {
    pub(crate) fn builder() -> Builder {
        Builder { keys: vec![] }
    }
    pub(crate) fn snapshot(&self) -> Arc<KeySet> {
        self.set.clone()
    }
    pub(crate) fn can_refresh(&self) -> bool {
        false
    }
    pub(crate) async fn refresh(&self, _: &Inner) -> Result<(), crate::Error> {
        Ok(())
    }
    pub(crate) async fn refresh_for(&self, _: &str, _: &Inner) {}
}
