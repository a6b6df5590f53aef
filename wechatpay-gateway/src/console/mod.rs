//! The console: a page for the browser, embedded in the program.
//!
//! It is plain HTML, CSS and JavaScript modules. All that it shows and does goes through the control interface.

pub(crate) mod qr;

/// The console.
pub(crate) const PAGE: &str = include_str!("index.html");

/// The payer's phone.
pub(crate) const PAYER: &str = include_str!("pay.html");

const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";

/// The name, the content type and the text of a file that the pages load.
type Asset = (&'static str, &'static str, &'static str);

const ASSETS: &[Asset] = &[
    ("style.css", STYLE, include_str!("style.css")),
    ("phone.css", STYLE, include_str!("phone.css")),
    ("app.js", SCRIPT, include_str!("app.js")),
    ("dom.js", SCRIPT, include_str!("dom.js")),
    ("words.js", SCRIPT, include_str!("words.js")),
    ("list.js", SCRIPT, include_str!("list.js")),
    ("json.js", SCRIPT, include_str!("json.js")),
    ("requests.js", SCRIPT, include_str!("requests.js")),
    ("payments.js", SCRIPT, include_str!("payments.js")),
    ("notifications.js", SCRIPT, include_str!("notifications.js")),
    ("faults.js", SCRIPT, include_str!("faults.js")),
    ("operations.js", SCRIPT, include_str!("operations.js")),
    ("start.js", SCRIPT, include_str!("start.js")),
    ("pay.js", SCRIPT, include_str!("pay.js")),
];

/// A file that a page loads: its content type and its text.
pub(crate) fn asset(name: &str) -> Option<(&'static str, &'static str)> {
    let found = ASSETS.iter().find(|(known, ..)| *known == name);
    found.map(|(_, content_type, text)| (*content_type, *text))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every file of the console with its name.
    fn files() -> impl Iterator<Item = (&'static str, &'static str)> {
        let assets = ASSETS.iter().map(|(name, _, text)| (*name, *text));
        [("index.html", PAGE), ("pay.html", PAYER)].into_iter().chain(assets)
    }

    #[test]
    fn g2_the_console_shows_data_as_text_alone() {
        for (name, text) in files() {
            for way in [
                "innerHTML",
                "outerHTML",
                "insertAdjacentHTML",
                "document.write",
                "eval(",
                "new Function",
                "DOMParser",
            ] {
                assert!(!text.contains(way), "{name} uses {way}");
            }
        }
    }

    #[test]
    fn the_console_needs_no_network() {
        for (name, text) in files() {
            for (at, _) in text.match_indices("://") {
                let around = text.get(at.saturating_sub(8)..at + 30).unwrap_or_default();
                let shown = ["http://www.w3.org/", "http://127.0.0.1", "https://shop.example"];
                assert!(shown.iter().any(|shown| around.contains(shown)), "{name}: {around}");
            }
        }
    }

    #[test]
    fn every_file_that_a_page_loads_is_there() {
        for (name, text) in files() {
            for quoted in text.split('"').skip(1).step_by(2) {
                let asset_name = quoted
                    .strip_prefix("./")
                    .or_else(|| quoted.strip_prefix("/_gateway/assets/"));
                if let Some(wanted) = asset_name {
                    assert!(asset(wanted).is_some(), "{name} loads {wanted}");
                }
            }
        }
    }
}
