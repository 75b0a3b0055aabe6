//! Files beside the ledger that nobody but their owner may read.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

use super::platform;

/// Creates a folder, and those above it, for its owner only; what was created is there after a power cut too. Succeeds
/// when it exists already.
///
/// # Errors
/// When the operating system refuses.
pub fn create_private_folder(folder: &Path) -> io::Result<()> {
    let created: Vec<&Path> = folder.ancestors().take_while(|one| !one.exists()).collect();
    platform::create_private_folder(folder)?;
    created.into_iter().try_for_each(sync_entry)
}

/// Brings the entry of a file or folder in the one above it to stable storage.
fn sync_entry(path: &Path) -> io::Result<()> {
    match path.parent() {
        Some(above) if !above.as_os_str().is_empty() => platform::sync_folder(above),
        Some(_) => platform::sync_folder(Path::new(".")),
        None => Ok(()),
    }
}

/// Writes a file for its owner only: aside, synced, then renamed into place, and the place synced.
///
/// # Errors
/// When the operating system refuses; what was there before stays, but for a sync of the place that fails.
pub fn write_private_file(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let aside = path.with_extension("new");
    let mut options = OpenOptions::new();
    let mut file = platform::private(options.write(true).create(true).truncate(true)).open(&aside)?;
    let written = file
        .write_all(bytes)
        .and_then(|()| platform::sync_data(&file))
        .and_then(|()| fs::rename(&aside, path))
        .and_then(|()| sync_entry(path));
    if written.is_err() {
        // On a full disk it would take the room that is missing.
        let _ = fs::remove_file(&aside);
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_and_files_are_made_wherever_they_are_asked_for() {
        let root = tempfile::tempdir().expect("a folder");
        let folder = root.path().join("a").join("b");
        create_private_folder(&folder).expect("created");
        create_private_folder(&folder).expect("is there already");
        let file = folder.join("about.json");
        for text in ["first", "second"] {
            write_private_file(&file, text.as_bytes()).expect("written");
            assert_eq!(fs::read_to_string(&file).expect("read"), text);
        }
        assert_eq!(fs::read_dir(&folder).expect("a folder").count(), 1, "nothing is left beside it");
        assert!(sync_entry(Path::new("/")).is_ok() && sync_entry(Path::new("src")).is_ok());
    }
}
