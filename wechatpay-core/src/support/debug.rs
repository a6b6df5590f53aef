//! What the `Debug` of a declared operation calls.

use std::fmt::{self, Debug, Formatter};

/// Replaces the value of an encrypted field.
pub struct Redacted;

impl Debug for Redacted {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

/// As the standard derive prints a struct with these fields.
///
/// # Errors
///
/// As the formatter has them.
pub fn debug(f: &mut Formatter<'_>, name: &str, fields: &[(&str, &dyn Debug)]) -> fmt::Result {
    let mut printed = f.debug_struct(name);
    for (name, value) in fields {
        printed.field(name, value);
    }
    printed.finish()
}
