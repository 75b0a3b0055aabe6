//! The data folder as a whole: open, verify, back up, restore.

use std::io::{self, Read, Write};
use std::path::Path;

use serde::Serialize;

use super::audit::{Audit, audit};
use super::error::OpenError;
use super::files::load_metamodel;
use super::workspace::Workspace;
use crate::domain::clock::Clock;
use crate::settings::Settings;
use crate::storage::{Disk, DiskFile, OpenMode, RealDisk, StorageOptions};

pub use crate::storage::{Frame, Hash, Head, OpeningReport, Payload, Problem, StorageError, Store, VerifyReport};

/// What a ledger is when it was checked from end to end.
#[derive(Debug, Serialize)]
pub struct Verification {
    /// Nothing at all is wrong.
    pub sound: bool,
    /// Bytes, chain and copies.
    pub ledger: VerifyReport,
    /// The model that is built from the ledger, against the ledger read naively. Absent when the ledger is not
    /// sound: opening it would mend it.
    pub model: Option<Audit>,
}

/// Whether a folder holds anything.
pub fn has_data(folder: &Path) -> bool {
    std::fs::read_dir(folder).is_ok_and(|mut entries| entries.next().is_some())
}

/// Opens the ledger of the data folder, making one if there is none.
///
/// # Errors
/// See [`Store::open`].
pub fn open_store(settings: &Settings) -> Result<(Store, OpeningReport), StorageError> {
    Store::open(&settings.data, &StorageOptions::default())
}

/// Opens the model in the data folder, making an empty one if there is none.
///
/// # Errors
/// When the metamodel is faulty or the ledger cannot be opened.
pub fn open_workspace(settings: &Settings) -> Result<(Workspace, OpeningReport), OpenError> {
    let metamodel = load_metamodel(settings.metamodel.as_deref())?;
    let (store, report) = open_store(settings)?;
    Ok((Workspace::open(metamodel, store, Clock::System, &settings.limits)?, report))
}

/// An empty model in memory, for trying things out.
///
/// # Errors
/// When the metamodel is faulty.
pub fn scratch_workspace(settings: &Settings) -> Result<Workspace, OpenError> {
    let metamodel = load_metamodel(settings.metamodel.as_deref())?;
    Workspace::open(metamodel, Store::memory(), Clock::System, &settings.limits)
}

/// Checks everything in a data folder that no process has open.
///
/// # Errors
/// When the folder cannot be read; what is wrong with what is in it stands in the answer.
pub fn verify(settings: &Settings, witness: Option<(u64, Hash)>) -> Result<Verification, OpenError> {
    let ledger = Store::verify_folder(&settings.data, &StorageOptions::default(), witness)?;
    let model = if ledger.sound { Some(audit(&open_workspace(settings)?.0)?) } else { None };
    let sound = ledger.sound && model.as_ref().is_some_and(Audit::is_sound);
    Ok(Verification { sound, ledger, model })
}

/// Backs a store up into a file that must not exist yet, readable by its owner alone, and syncs it.
///
/// # Errors
/// When the file exists or cannot be written, or the store cannot be read; then no file is left.
pub fn backup_to_file(store: &Store, file: &Path, revision: Option<u64>) -> Result<Head, StorageError> {
    let failed = |source| StorageError::Io { action: "write", path: file.to_owned(), source };
    let opened = RealDisk.open(file, OpenMode::CreateNew).map_err(failed)?;
    let mut out = io::BufWriter::with_capacity(1 << 20, Appending { file: opened, length: 0 });
    let written_to = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    let done = store.backup_to(&mut out, revision, Some(&written_to.to_string_lossy())).and_then(|head| {
        out.flush().map_err(failed)?;
        out.get_ref().file.sync().map_err(failed)?;
        Ok(head)
    });
    if done.is_err() {
        // The error that led here is the one to tell.
        let _ = RealDisk.remove(file);
    }
    done
}

/// Brings a backup, or an export of the ledger, back into an empty data folder and proves every hash.
///
/// # Errors
/// See [`Store::restore`].
pub fn restore(input: &mut dyn Read, settings: &Settings, revision: Option<u64>) -> Result<Head, StorageError> {
    Store::restore(input, &settings.data, &StorageOptions::default(), revision)
}

/// Writes at the end of a file.
struct Appending {
    file: Box<dyn DiskFile>,
    length: u64,
}

impl Write for Appending {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.file.write_at(self.length, bytes)?;
        self.length += bytes.len() as u64;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
