//! The shop's own numbers (商户单号).

use crate::Result;

/// A new number: a letter and 24 hexadecimal digits, which suits orders, refunds and transfers.
///
/// It is random, so two processes need no counter in common. It is made once for each intent and saved before it is used:
/// a new number for the same intent pays or refunds twice.
///
/// # Errors
///
/// The operating system has no random numbers.
pub fn new(letter: char) -> Result<String> {
    let mut bytes = [0; 12];
    getrandom::fill(&mut bytes)?;
    let digits = bytes.iter().map(|byte| format!("{byte:02x}"));
    Ok(std::iter::once(letter.to_string()).chain(digits).collect())
}
