//! Keys.
/// A private key.
pub struct PrivateKey;
/// A public key.
pub struct PublicKey;
