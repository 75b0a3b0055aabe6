//! One process a data folder.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::Path;

use super::error::StorageError;
use super::layout::Layout;
use super::platform;

/// Held as long as the folder is open. The operating system releases it with the process, however that ends.
#[derive(Debug)]
pub(super) struct FolderLock {
    _file: File,
}

impl FolderLock {
    /// Takes the lock of a folder and writes into it who has it.
    pub fn take(folder: &Path) -> Result<Self, StorageError> {
        let path = Layout::new(folder).lock();
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let mut file = platform::private(&mut options).open(&path).map_err(StorageError::io("open the lock", &path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(StorageError::Locked { folder: folder.to_path_buf(), owner: owner(&mut file) });
            }
            Err(TryLockError::Error(error)) => return Err(StorageError::io("lock", &path)(error)),
        }
        // The text is for people; a full disk must not keep the folder closed.
        let text = format!("process {} on {}\n", std::process::id(), platform::host_name());
        drop(file.set_len(0).and_then(|()| file.rewind()).and_then(|()| file.write_all(text.as_bytes())));
        Ok(Self { _file: file })
    }
}

fn owner(file: &mut File) -> String {
    let mut text = String::new();
    match file.read_to_string(&mut text) {
        Ok(_) if !text.trim().is_empty() => text.trim().to_owned(),
        _ => "another process".to_owned(),
    }
}
