//! The next file of the intake, made ready beside the writing: a file that grows makes every sync of it wait for the
//! file system's own journal, and one that is written with zeros already does not.

use std::path::PathBuf;
use std::thread::{self, JoinHandle};

use super::super::platform;
use super::Basin;

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
    basin.blank_to(bytes)?;
    platform::sync_data(&basin.file)?;
    platform::sync_folder(basin.path.parent().unwrap_or(&basin.path))
}
