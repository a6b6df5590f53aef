//! The memory of a dropped private key. A separate process, because other tests use keys too.
#![cfg(all(target_os = "linux", feature = "rsa"))]
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use base64::{Engine as _, engine::general_purpose::STANDARD};
use std::{
    fs::File,
    io::{BufRead as _, BufReader, Read as _, Seek as _, SeekFrom},
};
use wechatpay_core::{PrivateKey, crypto::rsa::Rsa};
use zeroize::{Zeroize as _, Zeroizing};

/// A part of each secret number, masked, so that the search leaves no copy.
struct Pattern {
    name: &'static str,
    masked: Vec<u8>,
}

const MASK: u8 = 0xa5;

/// The secret numbers of a PKCS#1 key, as encoded in the DER.
fn numbers(pkcs1: &[u8]) -> Vec<(&'static str, std::ops::Range<usize>)> {
    let names = ["version", "modulus", "exponent", "d", "p", "q", "dp", "dq", "qinv"];
    let mut at = 4;
    let number = |name| {
        let (header, length) = match pkcs1[at + 1] {
            0x82 => (4, usize::from(pkcs1[at + 2]) << 8 | usize::from(pkcs1[at + 3])),
            0x81 => (3, usize::from(pkcs1[at + 2])),
            short => (2, usize::from(short)),
        };
        let range = at + header..at + header + length;
        at = range.end;
        (name, range)
    };
    names.into_iter().map(number).skip(3).collect()
}

/// How often each pattern occurs in the writable memory of this process.
fn found(patterns: &[Pattern]) -> Vec<(&'static str, usize)> {
    let mut memory = File::open("/proc/self/mem").unwrap();
    let mut buffer = vec![0; 1 << 20];
    let own = buffer.as_ptr() as usize..buffer.as_ptr() as usize + buffer.len();
    let mut counts = vec![0; patterns.len()];
    for line in BufReader::new(File::open("/proc/self/maps").unwrap()).lines() {
        let line = line.unwrap();
        if !line.contains(" rw") {
            continue;
        }
        let (start, end) = line.split(' ').next().unwrap().split_once('-').unwrap();
        let (mut at, end) = (
            usize::from_str_radix(start, 16).unwrap(),
            usize::from_str_radix(end, 16).unwrap(),
        );
        while at < end {
            let length = buffer.len().min(end - at);
            memory.seek(SeekFrom::Start(at as u64)).unwrap();
            if memory.read_exact(&mut buffer[..length]).is_err() {
                break;
            }
            for (count, pattern) in counts.iter_mut().zip(patterns) {
                let size = pattern.masked.len();
                *count += (0..=length.saturating_sub(size))
                    .filter(|&place| {
                        !own.contains(&(at + place))
                            && buffer[place..place + size]
                                .iter()
                                .zip(&pattern.masked)
                                .all(|(byte, masked)| byte ^ MASK == *masked)
                    })
                    .count();
            }
            at += length;
        }
    }
    buffer.zeroize();
    patterns.iter().map(|pattern| pattern.name).zip(counts).collect()
}

#[test]
fn s16_the_private_exponent_and_the_crt_values_of_a_dropped_key_are_wiped() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/keys/pkcs1.pem");
    let pem = Zeroizing::new(std::fs::read_to_string(path).unwrap());
    let mut patterns = Vec::new();
    {
        let base64 = Zeroizing::new(pem.lines().filter(|line| !line.starts_with('-')).collect::<String>());
        let der = Zeroizing::new(STANDARD.decode(&*base64).unwrap());
        for (name, range) in numbers(&der) {
            // 24 bytes of the middle, in the order of the DER and in that of little-endian limbs.
            let middle = range.start + 40..range.start + 64;
            for reversed in [false, true] {
                let mut masked: Vec<u8> = der[middle.clone()].iter().map(|byte| byte ^ MASK).collect();
                if reversed {
                    masked.reverse();
                }
                patterns.push(Pattern { name, masked });
            }
        }
    }
    assert!(found(&patterns).iter().all(|(_, count)| *count == 0));
    let key = PrivateKey::from_pem_with(&Rsa, pem.as_bytes()).unwrap();
    assert!(found(&patterns).iter().any(|(_, count)| *count > 0));
    drop(key);
    drop(pem);
    // The crate `rsa` does not wipe what it computes from the primes, so parts of these two can remain.
    let mut left = found(&patterns);
    left.retain(|(name, _)| !matches!(*name, "p" | "q"));
    assert!(left.iter().all(|(_, count)| *count == 0), "{left:?}");
}
