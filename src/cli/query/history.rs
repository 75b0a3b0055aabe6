//! Where the shell keeps what was typed.

use std::path::PathBuf;

/// The file, in the folder for the state of programs of this user; none where there is no such folder.
pub(super) fn file() -> Option<PathBuf> {
    let folder = variable("XDG_STATE_HOME")
        .or_else(|| variable("LOCALAPPDATA"))
        .or_else(|| Some(variable("HOME")?.join(".local").join("state")))?
        .join("ezu");
    std::fs::create_dir_all(&folder).ok()?;
    Some(folder.join("query-history"))
}

fn variable(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}
