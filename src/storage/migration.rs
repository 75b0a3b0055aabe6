//! Bringing a data folder of an older version forward, one version after the other.
//!
//! A file that changes is written aside and synced, read back and verified; then the old one is renamed to
//! `<name>.before-<version>` and the new one takes its name. The version is noted when all files of a step are done, and
//! only then are the old ones removed. A crash anywhere leaves a folder from which the step begins anew.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::checkpoint;
use super::disk::{self, Disk, OpenMode};
use super::error::StorageError;
use super::format;
use super::layout::Layout;

/// How the names of files end that are being written.
const ASIDE: &str = ".migrating";

/// How one version becomes the next.
struct Step {
    /// The version that it begins with.
    from: u32,
    /// The folders whose files change.
    folders: fn(&Layout) -> Vec<PathBuf>,
    /// A file in its new form; `None` when it is none that this step knows, so that it stays as it is.
    convert: fn(&[u8]) -> Option<Vec<u8>>,
    /// Whether bytes are a whole file of the new form.
    is_new: fn(&[u8]) -> bool,
}

/// Every step there is, in order.
const STEPS: [Step; 1] = [Step {
    from: 1,
    folders: |layout| vec![layout.checkpoints()],
    convert: checkpoint::from_version_1,
    is_new: checkpoint::is_current,
}];

/// Brings a folder of version `from` to the current one.
///
/// # Errors
/// `Io` when a file cannot be read or written; then the folder is still of the older version.
pub(super) fn bring_forward(disk: &Arc<dyn Disk>, layout: &Layout, from: u32) -> Result<(), StorageError> {
    for step in STEPS.iter().filter(|step| step.from >= from) {
        let mut kept = Vec::new();
        for folder in (step.folders)(layout) {
            kept.extend(take_folder(disk, &folder, step)?);
        }
        format::note(disk, layout, step.from + 1)?;
        for old in kept {
            disk.remove(&old).map_err(StorageError::io("remove", &old))?;
        }
        tracing::info!(from = step.from, to = step.from + 1, "the data folder was brought forward");
    }
    Ok(())
}

/// Brings the files of a folder forward; the answer names the old ones, which are still there.
fn take_folder(disk: &Arc<dyn Disk>, folder: &Path, step: &Step) -> Result<Vec<PathBuf>, StorageError> {
    let suffix = format!(".before-{}", step.from);
    let list = || disk.list(folder).map_err(StorageError::io("list", folder));
    // What an interrupted step wrote aside is written anew.
    for name in list()?.iter().filter(|name| name.ends_with(ASIDE)) {
        let aside = folder.join(name);
        disk.remove(&aside).map_err(StorageError::io("remove", &aside))?;
    }
    // A step that was interrupted between its two renames.
    for name in list()?.iter().filter_map(|name| name.strip_suffix(&suffix)) {
        let path = folder.join(name);
        if disk.open(&path, OpenMode::Read).is_err() {
            let old = folder.join(format!("{name}{suffix}"));
            disk.rename(&old, &path).map_err(StorageError::io("rename", &old))?;
        }
    }
    let mut kept = Vec::new();
    for name in list()? {
        if name.ends_with(&suffix) {
            kept.push(folder.join(&name));
        } else if let Some(old) = take_file(disk, &folder.join(&name), &suffix, step)? {
            kept.push(old);
        }
    }
    disk.sync_folder(folder).map_err(StorageError::io("sync", folder))?;
    kept.sort();
    kept.dedup();
    Ok(kept)
}

/// Brings one file forward; the answer names the old one, if there is a new one.
fn take_file(disk: &Arc<dyn Disk>, path: &Path, suffix: &str, step: &Step) -> Result<Option<PathBuf>, StorageError> {
    let bytes = disk::read_file(disk, path).map_err(StorageError::io("read", path))?;
    let Some(new) = (step.convert)(&bytes) else { return Ok(None) };
    let with = |end: &str| PathBuf::from(format!("{}{end}", path.display()));
    let (aside, old) = (with(ASIDE), with(suffix));
    let file = disk.open(&aside, OpenMode::Replace).map_err(StorageError::io("create", &aside))?;
    file.write_at(0, &new).and_then(|()| file.sync()).map_err(StorageError::io("write", &aside))?;
    drop(file);
    let read_back = disk::read_file(disk, &aside).map_err(StorageError::io("read", &aside))?;
    if !(step.is_new)(&read_back) {
        return Err(StorageError::Format {
            what: path.display().to_string(),
            reason: "what was read back of its new form is not what was written; the old one is as it was".to_owned(),
        });
    }
    disk.rename(path, &old).map_err(StorageError::io("rename", path))?;
    disk.rename(&aside, path).map_err(StorageError::io("rename", &aside))?;
    Ok(Some(old))
}
