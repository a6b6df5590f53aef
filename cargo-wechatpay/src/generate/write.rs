//! Writes generated files so that an interruption leaves every file whole: the old one or the new one.

use super::error::GenerateError;
use super::krate::{Files, MARK};
use crate::write;
use std::path::{Path, PathBuf};

/// What [`Files::write`] changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Changes {
    /// Files that are new or have a new text.
    pub written: Vec<PathBuf>,
    /// Generated files of before that are not generated any more.
    pub removed: Vec<PathBuf>,
}

impl Files {
    /// What [`write`](Self::write) would change in the crate in `out`.
    ///
    /// # Errors
    /// When a file or a folder cannot be read.
    pub fn compare(&self, out: &Path) -> Result<Changes, GenerateError> {
        let mut changes = Changes::default();
        for (path, text) in self.iter() {
            match std::fs::read(out.join(path)) {
                Ok(old) if old == text.as_bytes() => {}
                Ok(_) => changes.written.push(path.to_owned()),
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => changes.written.push(path.to_owned()),
                Err(error) => return Err(GenerateError::io(&out.join(path), error)),
            }
        }
        let mut folders = vec![out.join("src")];
        while let Some(folder) = folders.pop() {
            if !folder.exists() {
                continue;
            }
            let entries = std::fs::read_dir(&folder).map_err(|error| GenerateError::io(&folder, error))?;
            for entry in entries {
                let entry = entry.map_err(|error| GenerateError::io(&folder, error))?;
                let path = entry.path();
                let kind = entry.file_type().map_err(|error| GenerateError::io(&path, error))?;
                if kind.is_dir() {
                    folders.push(path);
                } else if let Ok(inside) = path.strip_prefix(out)
                    && !self.0.contains_key(inside)
                    && is_generated(&path)
                {
                    changes.removed.push(inside.to_owned());
                }
            }
        }
        changes.removed.sort();
        Ok(changes)
    }

    /// Writes the files into the crate in `out`, and removes generated ones of before. A file that a person wrote is
    /// never touched, but for the families in `src/lib.rs` and the features in `Cargo.toml`.
    ///
    /// # Errors
    /// When a file cannot be written. Every file is whole then, and the ones behind it are the old ones.
    pub fn write(&self, out: &Path) -> Result<Changes, GenerateError> {
        let changes = self.compare(out)?;
        for path in &changes.written {
            if let Some(text) = self.0.get(path) {
                // A file of the same name that a person wrote is not ours to replace.
                let target = out.join(path);
                if text.starts_with(MARK) && target.exists() && !is_generated(&target) {
                    return Err(GenerateError::NotGenerated(target));
                }
            }
        }
        for path in &changes.written {
            if let Some(text) = self.0.get(path) {
                let path = out.join(path);
                write::file(&path, text).map_err(|error| GenerateError::io(&path, error))?;
            }
        }
        for path in &changes.removed {
            let path = out.join(path);
            std::fs::remove_file(&path).map_err(|error| GenerateError::io(&path, error))?;
            // The folder goes too when it is empty now; otherwise this fails, as it should.
            let _ = path.parent().map(std::fs::remove_dir);
        }
        Ok(changes)
    }
}

fn is_generated(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "rs")
        && std::fs::read_to_string(path).is_ok_and(|text| text.starts_with(MARK))
}
