//! What is checked from outside. The tests are in `tests/`.

/// Every legal shape of a declaration, once more in the edition before.
#[cfg(doctest)]
#[doc = concat!("```edition2021\n", include_str!("../tests/shapes.rs"), "\nfn main() {}\n```")]
pub struct Edition2021;
