//! Files beside the ledger that nobody but their owner may read.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use super::platform;

/// Creates a folder, and those above it, for its owner only. Succeeds when it exists already.
///
/// # Errors
/// When the operating system refuses.
pub fn create_private_folder(folder: &Path) -> io::Result<()> {
    platform::create_private_folder(folder)
}

/// Writes a file for its owner only: aside, synced, then renamed into place.
///
/// # Errors
/// When the operating system refuses; what was there before stays.
pub fn write_private_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let aside = path.with_extension("new");
    let mut options = OpenOptions::new();
    let mut file = platform::private(options.write(true).create(true).truncate(true)).open(&aside)?;
    let written =
        file.write_all(bytes).and_then(|()| platform::sync_data(&file)).and_then(|()| fs::rename(&aside, path));
    if written.is_err() {
        // On a full disk it would take the room that is missing.
        let _ = fs::remove_file(&aside);
    }
    written
}
