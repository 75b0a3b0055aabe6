//! The next file of the intake, made ready beside the writing: a file that grows makes every sync of it wait for the
//! file system's own journal, and one that is written with zeros already does not.

use std::path::PathBuf;
use std::thread::{self, JoinHandle};

use super::super::platform;
use super::Basin;

/// How much is written at a time, in bytes.
const STEP_BYTES: u64 = 1 << 20;

/// A file that is being made ready.
pub(super) struct Spare(JoinHandle<Option<Basin>>);

impl Spare {
    /// Begins to make a file of so many bytes. `None` when no thread can be had for it.
    pub fn begin(path: PathBuf, bytes: u64) -> Option<Self> {
        let name = "ezu-intake".to_owned();
        thread::Builder::new().name(name).spawn(move || make(path, bytes)).ok().map(Self)
    }

    /// The file, waiting for it if need be. `None` when it could not be made.
    pub fn finish(self) -> Option<Basin> {
        self.0.join().ok().flatten()
    }
}

/// Only a convenience: when anything fails, there is no file, and nothing is said.
fn make(path: PathBuf, bytes: u64) -> Option<Basin> {
    let mut basin = Basin::create(path).ok()?;
    if fill(&mut basin, bytes).is_err() {
        basin.remove();
        return None;
    }
    Some(basin)
}

fn fill(basin: &mut Basin, bytes: u64) -> std::io::Result<()> {
    let zeros = vec![0; usize::try_from(STEP_BYTES.min(bytes)).unwrap_or(0)];
    while basin.written_to < bytes {
        let step = usize::try_from(bytes - basin.written_to).unwrap_or(usize::MAX).min(zeros.len());
        platform::write_all_at(&basin.file, basin.written_to, &zeros[..step])?;
        basin.written_to += step as u64;
    }
    platform::sync_data(&basin.file)?;
    platform::sync_folder(basin.path.parent().unwrap_or(&basin.path))
}
