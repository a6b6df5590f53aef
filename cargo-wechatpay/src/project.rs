//! The Cargo project around the current folder.

use crate::failure::Failure;
use crate::language::Language;
use std::path::{Path, PathBuf};

/// The folder of the nearest `Cargo.toml`, relative to the current folder where that is shorter.
pub(crate) fn root(language: Language) -> Result<PathBuf, Failure> {
    let here = std::env::current_dir().map_err(|error| Failure::new(error.to_string()))?;
    let found = here.ancestors().position(|folder| folder.join("Cargo.toml").is_file());
    match found {
        Some(0) => Ok(PathBuf::from(".")),
        Some(above) => Ok(PathBuf::from(vec![".."; above].join(std::path::MAIN_SEPARATOR_STR))),
        None => Err(Failure::usage(language.pick(
            "there is no Cargo.toml in this folder or above it; change into a Cargo project, or name the files",
            "当前目录及上级目录没有 Cargo.toml；请进入 Cargo 项目，或指定文件",
        ))),
    }
}

/// A path as seen from the current folder, where it lies in it or above it.
pub(crate) fn relative(path: &Path) -> PathBuf {
    let Ok(here) = std::env::current_dir() else {
        return path.to_owned();
    };
    for (above, folder) in here.ancestors().enumerate() {
        if let Ok(rest) = path.strip_prefix(folder) {
            let up = vec![".."; above].join(std::path::MAIN_SEPARATOR_STR);
            return if above == 0 && rest.as_os_str().is_empty() {
                PathBuf::from(".")
            } else {
                Path::new(&up).join(rest)
            };
        }
    }
    path.to_owned()
}

/// The folder without a leading `./`, for messages.
pub(crate) fn plain(path: &Path) -> &Path {
    path.strip_prefix(".").unwrap_or(path)
}
