//! Room kept back for a full disk: closing, cutting and mending need a little of it.

use std::io;
use std::path::PathBuf;
use std::sync::Arc;

use super::disk::{Disk, OpenMode};

/// A file that is only there to be removed when the disk is full.
#[derive(Debug)]
pub(super) struct Reserve {
    disk: Arc<dyn Disk>,
    path: PathBuf,
    bytes: u64,
    held: bool,
}

impl Reserve {
    /// Makes sure that the room is kept, as far as there is room.
    pub fn new(disk: &Arc<dyn Disk>, path: PathBuf, bytes: u64) -> Self {
        let mut reserve = Self { disk: Arc::clone(disk), path, bytes, held: false };
        if let Err(error) = reserve.hold() {
            tracing::warn!(%error, "no room could be kept back for a full disk");
        }
        reserve
    }

    /// Keeps the room, if it is not kept already.
    ///
    /// Written, not merely allocated, and not synced: losing it costs nothing.
    pub fn hold(&mut self) -> io::Result<()> {
        if self.held || self.bytes == 0 {
            return Ok(());
        }
        let written = self.fill();
        if written.is_err() {
            drop(self.disk.remove(&self.path));
        }
        self.held = written.is_ok();
        written
    }

    fn fill(&self) -> io::Result<()> {
        let present = self.disk.open(&self.path, OpenMode::Read).and_then(|file| file.len()).unwrap_or(0);
        if present == self.bytes {
            return Ok(());
        }
        let file = self.disk.open(&self.path, OpenMode::Replace)?;
        let block = vec![0x5a; 1 << 16];
        let mut offset = 0;
        while offset < self.bytes {
            let step = (self.bytes - offset).min(block.len() as u64);
            file.write_at(offset, &block[..usize::try_from(step).unwrap_or(block.len())])?;
            offset += step;
        }
        Ok(())
    }

    /// Gives the room back to the disk.
    pub fn release(&mut self) {
        if self.held {
            drop(self.disk.remove(&self.path));
            self.held = false;
        }
    }
}
