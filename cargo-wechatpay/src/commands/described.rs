//! A description that the user names.

use crate::failure::Failure;
use crate::read::{self, Documents};
use crate::terminal::{DIM, Terminal, one_line};
use std::path::Path;

/// Reads the description at `path`, and writes what was doubtful in it.
pub(super) fn read(path: &Path, terminal: &mut Terminal<'_>) -> Result<Documents, Failure> {
    let documents = read::read(path).map_err(|fault| Failure::new(fault.to_string()))?;
    for note in &documents.notes {
        writeln!(terminal.notes, "{DIM}{}{DIM:#}", one_line(&note.to_string()))?;
    }
    Ok(documents)
}
