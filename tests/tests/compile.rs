//! What the compiler says about a declaration: each mistake on the word that is wrong, and nothing after it.
//!
//! A part of the texts is rustc's own, so they hold for the toolchain that the project is built with. After a change
//! that is meant, `TRYBUILD=overwrite` writes them anew, to be read before they are committed.

#[test]
fn every_mistake_is_told_on_the_word_that_is_wrong() {
    trybuild::TestCases::new().compile_fail("compile/*/*.rs");
}
