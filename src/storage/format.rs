//! What a data folder is, and in which version.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::disk::{self, Disk};
use super::error::StorageError;
use super::layout::Layout;

/// The version that this program writes.
const CURRENT: u32 = 1;
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
        Ok(bytes) => judge(&bytes),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            let text = serde_json::json!({ "format": NAME, "version": CURRENT }).to_string() + "\n";
            disk::replace_file(disk, &path, &[text.as_bytes()]).map_err(StorageError::io("write", &path))
        }
        Err(error) => Err(StorageError::io("read", &path)(error)),
    }
}

/// Version 1 is the first: there is nothing older to bring forward yet. A damaged note is no reason to
/// refuse, because every file carries its own version.
fn judge(bytes: &[u8]) -> Result<(), StorageError> {
    match serde_json::from_slice::<Format>(bytes) {
        Ok(found) if found.format == NAME && found.version > CURRENT => Err(StorageError::Format {
            what: "the data folder".to_owned(),
            reason: format!(
                "it has version {}, and this program knows versions up to {CURRENT}; use the newer program",
                found.version
            ),
        }),
        Ok(_) => Ok(()),
        Err(error) => {
            tracing::warn!(%error, "the note of the format is damaged; the files speak for themselves");
            Ok(())
        }
    }
}
