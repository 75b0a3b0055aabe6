//! What a data folder is, and in which version.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::disk::{self, Disk};
use super::error::StorageError;
use super::layout::Layout;
use super::migration;

/// The version that this program writes. Version 2 came with redactions whose acts say what was kept, and with checkpoints
/// that know the place of their frame.
pub(super) const CURRENT: u32 = 2;
const NAME: &str = "ezu data folder";

#[derive(Debug, Serialize, Deserialize)]
struct Format {
    format: String,
    version: u32,
}

/// Makes sure that the folder is one that this program can read, and says so in a new one.
pub(super) fn check(disk: &Arc<dyn Disk>, layout: &Layout) -> Result<(), StorageError> {
    let path = layout.format();
    if layout.restoring().exists() {
        return Err(StorageError::Format {
            what: "the data folder".to_owned(),
            reason: "a restore into it was not finished; delete it and restore again".to_owned(),
        });
    }
    match disk::read_file(disk, &path) {
        Ok(bytes) => match judge(&bytes)? {
            older if older < CURRENT => migration::bring_forward(disk, layout, older),
            _ => Ok(()),
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => note(disk, layout, CURRENT),
        Err(error) => Err(StorageError::io("read", &path)(error)),
    }
}

/// Notes the version of the folder.
pub(super) fn note(disk: &Arc<dyn Disk>, layout: &Layout, version: u32) -> Result<(), StorageError> {
    let path = layout.format();
    let text = serde_json::json!({ "format": NAME, "version": version }).to_string() + "\n";
    disk::replace_file(disk, &path, &[text.as_bytes()]).map_err(StorageError::io("write", &path))
}

/// The version of the folder. A damaged note is no reason to refuse, because every file carries its own version.
fn judge(bytes: &[u8]) -> Result<u32, StorageError> {
    match serde_json::from_slice::<Format>(bytes) {
        Ok(found) if found.format == NAME && found.version > CURRENT => Err(StorageError::Format {
            what: "the data folder".to_owned(),
            reason: format!(
                "it has version {}, and this program knows versions up to {CURRENT}; use the newer program",
                found.version
            ),
        }),
        Ok(found) => Ok(found.version),
        Err(error) => {
            tracing::warn!(%error, "the note of the format is damaged; the files speak for themselves");
            Ok(1)
        }
    }
}
