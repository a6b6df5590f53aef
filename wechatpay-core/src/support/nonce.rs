//! Random strings (随机串) of signatures.

use std::fmt;

/// A nonce_str (随机串): 32 letters and digits that carry 128 bits.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Nonce(u128);

impl Nonce {
    pub(crate) const LENGTH: usize = 32;

    pub(crate) fn new(random: [u8; 16]) -> Self {
        Self(u128::from_be_bytes(random))
    }
}

impl fmt::Display for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}
