//! The few things that the store asks of a disk, behind a trait so that a test can make each of them fail.

use std::fmt::Debug;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::Path;
use std::sync::Arc;

use super::platform;

/// How to open a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OpenMode {
    /// An existing file, to read only.
    Read,
    /// An existing file, to read and write.
    Write,
    /// A file that must not exist yet.
    CreateNew,
    /// A file that is made empty when it exists, and made when it does not.
    Replace,
}

/// A disk: files and folders. Implementations must be usable from several threads.
pub trait Disk: Send + Sync + Debug {
    /// Opens a file.
    ///
    /// # Errors
    /// Whatever the operating system says.
    fn open(&self, path: &Path, mode: OpenMode) -> io::Result<Box<dyn DiskFile>>;
    /// Renames a file or folder, replacing a file of that name in one step.
    ///
    /// # Errors
    /// Whatever the operating system says.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Removes a file.
    ///
    /// # Errors
    /// Whatever the operating system says; `NotFound` when there is none.
    fn remove(&self, path: &Path) -> io::Result<()>;
    /// Removes a folder and everything in it.
    ///
    /// # Errors
    /// Whatever the operating system says; `NotFound` when there is none.
    fn remove_folder(&self, path: &Path) -> io::Result<()>;
    /// Creates a folder for its owner only; succeeds when it exists.
    ///
    /// # Errors
    /// Whatever the operating system says.
    fn create_folder(&self, path: &Path) -> io::Result<()>;
    /// Brings the entries of a folder to stable storage.
    ///
    /// # Errors
    /// Whatever the operating system says.
    fn sync_folder(&self, path: &Path) -> io::Result<()>;
    /// The names in a folder, sorted; none when the folder does not exist.
    ///
    /// # Errors
    /// Whatever the operating system says.
    fn list(&self, folder: &Path) -> io::Result<Vec<String>>;
}

/// An open file, read and written at given places.
#[expect(clippy::len_without_is_empty, reason = "the length of a file on a disk, not of a collection")]
pub trait DiskFile: Send + Sync + Debug {
    /// Fills as much of the buffer as the file has from `offset` on, and says how much that was.
    ///
    /// # Errors
    /// Whatever the operating system says.
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize>;
    /// Writes all bytes. When it fails, any part of them may have been written.
    ///
    /// # Errors
    /// Whatever the operating system says.
    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()>;
    /// Brings content and length to stable storage.
    ///
    /// # Errors
    /// Whatever the operating system says.
    fn sync(&self) -> io::Result<()>;
    /// Cuts or extends the file.
    ///
    /// # Errors
    /// Whatever the operating system says.
    fn set_len(&self, length: u64) -> io::Result<()>;
    /// The length in bytes.
    ///
    /// # Errors
    /// Whatever the operating system says.
    fn len(&self) -> io::Result<u64>;
}

/// The disk of this computer.
#[derive(Debug, Default, Clone, Copy)]
pub struct RealDisk;

impl Disk for RealDisk {
    fn open(&self, path: &Path, mode: OpenMode) -> io::Result<Box<dyn DiskFile>> {
        let mut options = OpenOptions::new();
        options.read(true);
        match mode {
            OpenMode::Read => &mut options,
            OpenMode::Write => options.write(true),
            OpenMode::CreateNew => options.write(true).create_new(true),
            OpenMode::Replace => options.write(true).create(true).truncate(true),
        };
        Ok(Box::new(RealFile(platform::private(&mut options).open(path)?)))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        fs::remove_dir_all(path)
    }

    fn create_folder(&self, path: &Path) -> io::Result<()> {
        platform::create_private_folder(path)
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        platform::sync_folder(path)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut names = Vec::new();
        for entry in entries {
            names.push(entry?.file_name().to_string_lossy().into_owned());
        }
        names.sort();
        Ok(names)
    }
}

#[derive(Debug)]
struct RealFile(File);

impl DiskFile for RealFile {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        platform::read_all_at(&self.0, offset, buffer)
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        platform::write_all_at(&self.0, offset, bytes)
    }

    fn sync(&self) -> io::Result<()> {
        platform::sync_data(&self.0)
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        self.0.set_len(length)
    }

    fn len(&self) -> io::Result<u64> {
        Ok(self.0.metadata()?.len())
    }
}

/// Replaces the file at `path` in one step: written aside, synced, renamed, folder synced.
/// After a failure the old file is still there, whole.
pub(super) fn replace_file(disk: &Arc<dyn Disk>, path: &Path, pieces: &[&[u8]]) -> io::Result<()> {
    let aside = path.with_extension("new");
    let file = disk.open(&aside, OpenMode::Replace)?;
    let mut offset = 0;
    for piece in pieces {
        file.write_at(offset, piece)?;
        offset += piece.len() as u64;
    }
    file.sync()?;
    drop(file);
    disk.rename(&aside, path)?;
    disk.sync_folder(path.parent().unwrap_or(path))
}

/// Reads a whole file.
pub(super) fn read_file(disk: &Arc<dyn Disk>, path: &Path) -> io::Result<Vec<u8>> {
    let file = disk.open(path, OpenMode::Read)?;
    let length = usize::try_from(file.len()?).map_err(|_| io::Error::from(io::ErrorKind::FileTooLarge))?;
    let mut bytes = vec![0; length];
    let read = file.read_at(0, &mut bytes)?;
    bytes.truncate(read);
    Ok(bytes)
}

/// How much is given up at a time around a place that cannot be read, in bytes.
const UNREADABLE_BYTES: usize = 4096;

/// Reads a whole file; what the device cannot give, even when asked again, is zero. Also says whether
/// there was such a place.
pub(super) fn salvage_file(disk: &Arc<dyn Disk>, path: &Path) -> io::Result<(Vec<u8>, bool)> {
    if let Ok(bytes) = read_file(disk, path) {
        return Ok((bytes, false));
    }
    let file = disk.open(path, OpenMode::Read)?;
    let length = usize::try_from(file.len()?).map_err(|_| io::Error::from(io::ErrorKind::FileTooLarge))?;
    let mut bytes = vec![0; length];
    let mut unreadable = false;
    for (place, block) in bytes.chunks_mut(UNREADABLE_BYTES).enumerate() {
        let offset = (place * UNREADABLE_BYTES) as u64;
        if file.read_at(offset, block).is_err() {
            block.fill(0);
            unreadable = true;
        }
    }
    Ok((bytes, unreadable))
}
