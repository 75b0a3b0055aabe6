//! Where damaged bytes are kept for examination. A redaction empties it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::disk::{Disk, OpenMode};
use super::error::StorageError;
use super::layout::Layout;

/// Keeps bytes of a file aside, under a name that is not taken, and says where.
pub(super) fn keep(disk: &Arc<dyn Disk>, layout: &Layout, path: &Path, bytes: &[u8]) -> Result<PathBuf, StorageError> {
    let folder = layout.quarantine();
    disk.create_folder(&folder).map_err(StorageError::io("create", &folder))?;
    let taken = disk.list(&folder).map_err(StorageError::io("list", &folder))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let free = (1..=u32::MAX).map(|count| format!("{name}.{count}")).find(|name| !taken.contains(name));
    let target = folder.join(free.unwrap_or_else(|| name.to_string()));
    let failed = |source| StorageError::Io { action: "quarantine", path: target.clone(), source };
    let file = disk.open(&target, OpenMode::CreateNew).map_err(failed)?;
    file.write_at(0, bytes).and_then(|()| file.sync()).map_err(failed)?;
    disk.sync_folder(&folder).map_err(StorageError::io("sync", &folder))?;
    Ok(target)
}
