//! What the targets share: a client whose cryptography is transparent, so that the fuzzer gets past it to the parsers.
//!
//! A signature is [`signature`] of its message, and encrypted texts are plain texts. The cryptography itself is not
//! what is looked for here.

pub mod crypto;
pub mod message;
pub mod wire;

use crypto::{Key, Transparent};
use std::{
    fmt, io,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use wechatpay_core::{Client, ClientBuilder, PublicKey, RetryPolicy, system::System, transport::Transport};

/// The id of the one public key that a client knows.
pub const PUBLIC_KEY_ID: &str = "PUB_KEY_ID_1";

/// The time at which everything happens, in seconds since 1970.
pub const NOW: u64 = 1_767_225_600;

/// A machine on which it is always [`NOW`].
#[derive(Debug, Default)]
struct Machine(AtomicU64);

impl System for Machine {
    fn now(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(NOW)
    }

    fn random(&self, bytes: &mut [u8]) -> io::Result<()> {
        for chunk in bytes.chunks_mut(8) {
            let number = self.0.fetch_add(0x9e37_79b9_7f4a_7c15, Relaxed).to_le_bytes();
            for (byte, random) in chunk.iter_mut().zip(number) {
                *byte = random;
            }
        }
        Ok(())
    }
}

/// A client without retries and without a key of WeChat Pay.
pub fn builder(transport: impl Transport + 'static) -> ClientBuilder {
    Client::builder()
        .merchant("1900000001", "5157F09EFDC096DE15EBE81A47057A72", Key)
        .api_v3_key([7; 32])
        .crypto_backend(&Transparent)
        .transport(transport)
        .system(Machine::default())
        .retry(RetryPolicy::never())
}

/// A client that knows the public key [`PUBLIC_KEY_ID`].
pub fn client(transport: impl Transport + 'static) -> Client {
    builder(transport)
        .wechatpay_public_key(PUBLIC_KEY_ID, PublicKey::from_parsed(Arc::new(Key)))
        .build()
        .expect("the configuration is right")
}

/// Runs to the end, with a clock that jumps over every wait.
pub fn run<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime")
        .block_on(future)
}

/// Checks a text for people: it is one line, whatever the input was.
pub fn check_text(shown: &impl fmt::Display) {
    let text = shown.to_string();
    assert!(!text.contains(char::is_control), "{text:?}");
}
