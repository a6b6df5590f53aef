//! Writes files so that an interruption leaves each one either old or new, never in between.

use std::{
    fs::{self, File},
    io::{self, ErrorKind, Write},
    path::{Component, Path, PathBuf},
};

/// The extension of a file that is not complete yet.
const UNFINISHED: &str = "unfinished";

/// Writes texts into files of a folder. Names are relative, with `/` between their parts. A file that has its text
/// already is not touched.
///
/// First all new texts are written beside the files that they replace, then they take their places. So an interruption
/// before that point changes nothing at all, and one behind it leaves some files old and some new, each one whole. The
/// first file takes its place last, so let it be the one that points to the others.
///
/// # Errors
///
/// A file cannot be written, or a name leads out of the folder. What was written beside the files is removed again.
pub fn files(folder: &Path, files: impl IntoIterator<Item = (String, String)>) -> io::Result<()> {
    let mut prepared = Prepared(Vec::new());
    for (name, text) in files {
        let inside = Path::new(&name)
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        if !inside || name.is_empty() {
            let message = format!("`{name}` is no name of a file in the folder");
            return Err(io::Error::new(ErrorKind::InvalidInput, message));
        }
        let path = folder.join(&name);
        if fs::read(&path).is_ok_and(|old| old == text.as_bytes()) {
            continue;
        }
        prepared.write(path, &text)?;
    }
    prepared.finish()
}

/// Writes one file, as [`files`] does.
///
/// # Errors
///
/// The file cannot be written.
pub fn file(path: &Path, text: &str) -> io::Result<()> {
    let mut prepared = Prepared(Vec::new());
    prepared.write(path.to_path_buf(), text)?;
    prepared.finish()
}

/// Complete texts beside the files that they will replace. Removed when they are not wanted any more.
struct Prepared(Vec<(PathBuf, PathBuf)>);

impl Prepared {
    fn write(&mut self, path: PathBuf, text: &str) -> io::Result<()> {
        // A link stays a link: what it points to is replaced.
        let path = fs::canonicalize(&path).unwrap_or(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        // Hidden, so that it is not taken as part of the folder.
        let beside = path.with_file_name(format!(".{name}.{UNFINISHED}"));
        self.0.push((beside.clone(), path.clone()));
        let mut file = File::create(&beside).map_err(|error| named(&path, &error))?;
        file.write_all(text.as_bytes())
            .and_then(|()| file.sync_all())
            .map_err(|error| named(&path, &error))?;
        // A file that may not be written is not replaced either.
        match fs::metadata(&path) {
            Ok(metadata) if metadata.permissions().readonly() => {
                let error = io::Error::new(ErrorKind::PermissionDenied, "the file is read-only");
                Err(named(&path, &error))
            }
            Ok(metadata) => fs::set_permissions(&beside, metadata.permissions()),
            Err(_) => Ok(()),
        }
    }

    fn finish(mut self) -> io::Result<()> {
        while let Some((beside, path)) = self.0.pop() {
            if let Err(error) = fs::rename(&beside, &path) {
                self.0.push((beside, path.clone()));
                return Err(named(&path, &error));
            }
        }
        Ok(())
    }
}

impl Drop for Prepared {
    fn drop(&mut self) {
        for (beside, _) in &self.0 {
            // A failure here cannot be handled.
            let _ = fs::remove_file(beside);
        }
    }
}

fn named(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
