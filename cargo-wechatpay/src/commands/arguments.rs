//! Arguments that several commands have.

use clap::ArgMatches;
use std::path::PathBuf;

/// The words of an argument, joined.
pub(super) fn words(matches: &ArgMatches, id: &str) -> String {
    let words: Vec<&str> = matches
        .get_many::<String>(id)
        .into_iter()
        .flatten()
        .map(String::as_str)
        .collect();
    words.join(" ")
}

/// Whether the output is JSON.
pub(super) fn is_json(matches: &ArgMatches) -> bool {
    matches
        .get_one::<String>("format")
        .is_some_and(|format| format == "json")
}

/// A path that must be given.
pub(super) fn path(matches: &ArgMatches, id: &str) -> PathBuf {
    matches.get_one::<PathBuf>(id).cloned().unwrap_or_default()
}
