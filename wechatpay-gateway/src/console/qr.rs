//! QR codes, drawn as SVG.

use qrcode::{Color, QrCode};

/// The quiet zone around a code, in modules: what ISO/IEC 18004 asks for.
const QUIET: usize = 4;

/// A QR code of a text as an SVG picture, dark on light whatever the page looks like. Nothing for a text that no code can
/// hold.
pub(crate) fn svg(text: &str) -> Option<String> {
    let code = QrCode::new(text).ok()?;
    let width = code.width();
    let colors = code.to_colors();
    let mut path = String::new();
    for (y, row) in colors.chunks(width.max(1)).enumerate() {
        for (x, _) in row.iter().enumerate().filter(|(_, color)| **color == Color::Dark) {
            path.push_str(&format!("M{} {}h1v1h-1z", x + QUIET, y + QUIET));
        }
    }
    let size = width + 2 * QUIET;
    Some(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {size} {size}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{size}v{size}H0z\"/><path fill=\"#000\" d=\"{path}\"/></svg>"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_three_finders_and_a_quiet_zone() {
        let svg = svg("http://127.0.0.1:7777/_gateway/pay/A-1").unwrap();
        // The finders begin in three corners, and nothing is drawn in the quiet zone.
        assert!(svg.contains("M4 4h1v1h-1z") && !svg.contains("M3 "));
        assert!(svg.starts_with("<svg xmlns=") && svg.contains("fill=\"#fff\""));
        assert_eq!(super::svg(&"x".repeat(4000)), None);
    }
}
