//! `openapi`: the whole description as one document.

use crate::failure::Failure;
use crate::terminal::Terminal;
use wechatpay_catalogue::description::Description;

pub(super) fn run(terminal: &mut Terminal<'_>) -> Result<(), Failure> {
    let document = Description::embedded()
        .document()
        .map_err(|error| Failure::new(error.to_string()))?;
    writeln!(terminal.out, "{}", document.pretty())?;
    Ok(())
}
