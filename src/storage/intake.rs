//! Where the newest frames of the second copy are kept until sled has taken them over.
//!
//! sled needs long to keep a little, and a sync of its own beside ours. So a batch is first kept in one of a few files
//! that are overwritten in turn, and needs one sync, beside the journal's; sled takes the frames over when nobody
//! waits, many at a time. The files have no order: whatever valid frames are in them are found by looking for them,
//! and their revisions tell which of them sled lacks.

mod opening;
mod spare;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

pub(super) use self::opening::Remains;
use self::spare::Spare;
use super::blank;
use super::platform;

/// How the names of the files in the folder of the second copy begin; a number follows.
const FILE_PREFIX: &str = "intake-";
/// How many files are kept, beside the one in use, when all was taken over.
const KEPT: usize = 1;

/// How large the files are, and how many there may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Size {
    /// The length of a file in bytes. What is longer has no place here.
    pub file_bytes: u64,
    /// The most files.
    pub files: usize,
}

/// Files of frames that are on stable storage and wait to be taken over.
pub(super) struct Intake {
    folder: PathBuf,
    size: Size,
    /// The files whose frames wait, the oldest first; the last one is written to.
    used: VecDeque<Basin>,
    /// Files whose frames were all taken over.
    free: Vec<Basin>,
    /// The next file, being written with zeros meanwhile.
    spare: Option<Spare>,
    /// The number of the next file that is made.
    next_number: u64,
    /// What was read to be taken over and must stay until it is known to be on stable storage elsewhere, in bytes.
    leaving_bytes: u64,
    unsynced: bool,
    folder_changed: bool,
}

/// One of the files.
#[derive(Debug)]
struct Basin {
    file: File,
    path: PathBuf,
    /// How far the file is written, with frames or zeros: overwriting costs the disk less than growing.
    written_to: u64,
    /// Where the next frames go.
    end: u64,
    pieces: VecDeque<Piece>,
    /// How many of the pieces were read to be taken over.
    leaving: usize,
}

/// Frames that were written together.
#[derive(Debug)]
struct Piece {
    offset: u64,
    frames: Vec<(u64, usize)>,
}

impl Intake {
    /// Opens the files in `folder`. What is in them must be taken over before anything is put.
    pub fn open(folder: &Path, size: Size) -> io::Result<(Self, Remains)> {
        let (remains, free, next_number) = opening::look(folder)?;
        let intake = Self {
            folder: folder.to_path_buf(),
            size,
            used: VecDeque::new(),
            free,
            spare: None,
            next_number,
            leaving_bytes: 0,
            unsynced: false,
            folder_changed: true,
        };
        Ok((intake, remains))
    }

    /// Keeps frames behind those before; not yet on stable storage. `false` when there is no room for them now.
    pub fn put(&mut self, frames: &[(u64, &[u8])]) -> io::Result<bool> {
        let length = frames.iter().map(|(_, bytes)| bytes.len() as u64).sum();
        if length > self.size.file_bytes || !self.has_place(length)? {
            return Ok(false);
        }
        let bytes = frames.iter().map(|(_, bytes)| *bytes).collect::<Vec<_>>().concat();
        let Some(basin) = self.used.back_mut() else {
            return Ok(false);
        };
        let frames = frames.iter().map(|(revision, bytes)| (*revision, bytes.len())).collect();
        if !basin.put(&bytes, frames, self.size.file_bytes)? {
            return Ok(false);
        }
        self.unsynced = true;
        self.look_ahead();
        Ok(true)
    }

    /// Makes sure that so many bytes fit into the last file in use, beginning another one if need be.
    fn has_place(&mut self, length: u64) -> io::Result<bool> {
        if self.used.back().is_some_and(|basin| basin.end + length <= self.size.file_bytes) {
            return Ok(true);
        }
        // What is in the file before is not synced with the next.
        self.sync()?;
        let ready = self.free.pop().or_else(|| self.spare.take().and_then(Spare::finish));
        let basin = match ready {
            Some(basin) => basin,
            None if self.used.len() >= self.size.files => return Ok(false),
            None => match Basin::create(self.next_path()) {
                Ok(basin) => basin,
                Err(error) => {
                    tracing::debug!(%error, "the intake of the second copy cannot have another file");
                    return Ok(false);
                }
            },
        };
        self.folder_changed |= basin.written_to == 0;
        self.used.push_back(basin);
        Ok(true)
    }

    fn next_path(&mut self) -> PathBuf {
        let path = self.folder.join(format!("{FILE_PREFIX}{}", self.next_number));
        self.next_number += 1;
        path
    }

    /// Has the next file made ready when much is written.
    fn look_ahead(&mut self) {
        let is_busy = self.used.back().is_some_and(|basin| basin.end > self.size.file_bytes / 4);
        if is_busy && self.free.is_empty() && self.spare.is_none() && self.used.len() < self.size.files {
            let path = self.next_path();
            self.spare = Spare::begin(path, self.size.file_bytes);
        }
    }

    /// Brings everything that was put to stable storage.
    pub fn sync(&mut self) -> io::Result<()> {
        if let Some(basin) = self.used.back().filter(|_| self.unsynced) {
            platform::sync_data(&basin.file)?;
            self.unsynced = false;
        }
        if self.folder_changed {
            platform::sync_folder(&self.folder)?;
            self.folder_changed = false;
        }
        Ok(())
    }

    /// The oldest frames that wait, about `budget` bytes of them; they stay in their file until [`Intake::forget`].
    pub fn take(&mut self, budget: usize) -> io::Result<Vec<(u64, Vec<u8>)>> {
        let mut taken = Vec::new();
        let budget = budget as u64;
        let mut size = 0;
        for basin in &mut self.used {
            while size < budget && basin.leaving < basin.pieces.len() {
                size += basin.take_piece(&mut taken)?;
            }
        }
        self.leaving_bytes += size;
        Ok(taken)
    }

    /// Gives up what was taken: it is on stable storage elsewhere.
    pub fn forget(&mut self) {
        self.leaving_bytes = 0;
        for basin in &mut self.used {
            basin.forget();
        }
        while self.used.len() > 1 && self.used[0].pieces.is_empty() {
            self.free.extend(self.used.pop_front().map(Basin::emptied));
        }
        if let [only] = self.used.make_contiguous()
            && only.pieces.is_empty()
        {
            // The beginning of the file is written already.
            only.end = 0;
        }
    }

    /// How many bytes were taken and not forgotten.
    pub fn leaving_bytes(&self) -> u64 {
        self.leaving_bytes
    }

    /// Whether frames wait to be taken.
    pub fn has_waiting(&self) -> bool {
        // Not only in the last file: that one may have been begun and not be able to grow.
        self.used.iter().any(|basin| basin.leaving < basin.pieces.len())
    }

    /// Whether everything that was put is on stable storage elsewhere.
    pub fn is_empty(&self) -> bool {
        self.leaving_bytes == 0 && !self.has_waiting()
    }

    /// Whether so much is kept that frames must be taken over although somebody waits.
    pub fn is_crowded(&self) -> bool {
        self.used.len() > self.size.files - self.size.files / 4
    }

    /// Removes the files that a burst has left behind. Nothing may be waiting.
    pub fn shrink(&mut self) {
        self.free.extend(self.spare.take().and_then(Spare::finish));
        while self.free.len() > KEPT
            && let Some(basin) = self.free.pop()
        {
            basin.remove();
        }
    }

    /// Removes all files, also what was taken over long ago. Nothing may be waiting.
    pub fn clear(&mut self) -> io::Result<()> {
        self.free.extend(self.spare.take().and_then(Spare::finish));
        self.free.extend(self.used.drain(..));
        for basin in self.free.drain(..) {
            // Emptied first: a name may come back after a power cut, its content must not.
            basin.file.set_len(0)?;
            platform::sync_data(&basin.file)?;
            basin.remove();
        }
        platform::sync_folder(&self.folder)
    }
}

impl Basin {
    fn new(file: File, path: PathBuf, written_to: u64) -> Self {
        Self { file, path, written_to, end: 0, pieces: VecDeque::new(), leaving: 0 }
    }

    fn create(path: PathBuf) -> io::Result<Self> {
        let mut options = File::options();
        options.read(true).write(true).create(true).truncate(true);
        let file = platform::private(&mut options).open(&path)?;
        Ok(Self::new(file, path, 0))
    }

    /// Writes frames behind those before; `false` when the disk has no room for the file to grow.
    fn put(&mut self, bytes: &[u8], frames: Vec<(u64, usize)>, file_bytes: u64) -> io::Result<bool> {
        let (offset, end) = (self.end, self.end + bytes.len() as u64);
        let grows = end > self.written_to;
        match platform::write_all_at(&self.file, offset, bytes) {
            Err(error) if grows => {
                tracing::debug!(%error, "the intake of the second copy cannot grow");
                return Ok(false);
            }
            written => written?,
        }
        if grows {
            self.written_to = end;
            // Only a convenience: without room for it, the frames themselves were still written.
            drop(self.blank_to(blank::ahead(end, file_bytes)));
        }
        self.end = end;
        self.pieces.push_back(Piece { offset, frames });
        Ok(true)
    }

    /// Writes zeros behind everything, up to a place.
    fn blank_to(&mut self, end: u64) -> io::Result<()> {
        while self.written_to < end {
            let zeros = blank::zeros(end - self.written_to);
            platform::write_all_at(&self.file, self.written_to, zeros)?;
            self.written_to += zeros.len() as u64;
        }
        Ok(())
    }

    /// Reads the oldest piece that was not read before; answers with its length in bytes.
    fn take_piece(&mut self, taken: &mut Vec<(u64, Vec<u8>)>) -> io::Result<u64> {
        let piece = &self.pieces[self.leaving];
        let mut offset = piece.offset;
        for (revision, length) in &piece.frames {
            let mut bytes = vec![0; *length];
            platform::read_exact_at(&self.file, offset, &mut bytes)?;
            offset += *length as u64;
            taken.push((*revision, bytes));
        }
        self.leaving += 1;
        Ok(offset - piece.offset)
    }

    fn forget(&mut self) {
        self.pieces.drain(..self.leaving);
        self.leaving = 0;
    }

    fn emptied(self) -> Self {
        Self { end: 0, ..self }
    }

    fn remove(self) {
        if let Err(error) = fs::remove_file(&self.path) {
            tracing::warn!(%error, file = %self.path.display(), "a file of the intake could not be removed");
        }
    }
}
