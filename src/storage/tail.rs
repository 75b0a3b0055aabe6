//! A file that takes frames quickly, until the second copy has taken them over.
//!
//! It is written from its beginning again and again, in place, so that a sync has no length to bring to the disk. What
//! lies behind the newest frame is older and recognised by its revision.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

use super::codec;
use super::platform;
use super::segment;

/// How much room is made at once at first; doubled each time it is used up.
const FIRST_ROOM: u64 = 64 << 10;

/// One such file.
#[derive(Debug)]
pub(super) struct Tail {
    file: File,
    written: u64,
    room: u64,
}

impl Tail {
    /// Opens or creates the file, to be written from its beginning.
    pub fn open(path: &Path) -> io::Result<Self> {
        let mut options = OpenOptions::new();
        let file = platform::private(&mut options).read(true).write(true).create(true).truncate(false).open(path)?;
        let room = file.metadata()?.len();
        Ok(Self { file, written: 0, room })
    }

    /// The frames at the beginning of the file, as far as each follows the one before. Bytes that are no frame stand
    /// under the revision that should be there, if a frame that follows it comes behind them: then it was damaged, and
    /// not torn or left from an earlier round, for those have smaller revisions.
    pub fn frames(&self) -> io::Result<Vec<(u64, Vec<u8>)>> {
        let mut bytes = vec![0; usize::try_from(self.room).unwrap_or(usize::MAX)];
        let read = read_fully(&self.file, &mut bytes)?;
        let mut frames: Vec<(u64, Vec<u8>)> = Vec::new();
        let mut at = 0;
        let mut damaged = None;
        while at < read {
            let rest = &bytes[at..read];
            let Ok((header, _)) = codec::decode(rest) else {
                damaged.get_or_insert(at);
                at += segment::next_frame(rest, 0);
                continue;
            };
            let before = frames.last().map(|(revision, _)| *revision);
            let skipped = u64::from(damaged.is_some());
            if before.is_some_and(|before| before + 1 + skipped != header.revision) {
                break;
            }
            if let Some(start) = damaged.take() {
                frames.push((header.revision.saturating_sub(1), bytes[start..at].to_vec()));
            }
            let length = codec::HEADER_BYTES + header.payload_bytes as usize;
            frames.push((header.revision, rest[..length].to_vec()));
            at += length;
        }
        Ok(frames)
    }

    /// How many bytes were written since the beginning.
    pub fn written(&self) -> u64 {
        self.written
    }

    /// Writes behind what is there; not yet on stable storage.
    pub fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let end = self.written + bytes.len() as u64;
        if end > self.room {
            let room = end.max(self.room * 2).max(FIRST_ROOM);
            let zeros = vec![0; usize::try_from(room - self.room).unwrap_or(usize::MAX)];
            platform::write_all_at(&self.file, self.room, &zeros)?;
            self.room = room;
        }
        platform::write_all_at(&self.file, self.written, bytes)?;
        self.written = end;
        Ok(())
    }

    /// Brings what was written to stable storage.
    pub fn sync(&self) -> io::Result<()> {
        platform::sync_data(&self.file)
    }

    /// Begins at the beginning again.
    pub fn rewind(&mut self) {
        self.written = 0;
    }

    /// Forgets everything, on stable storage too.
    pub fn clear(&mut self) -> io::Result<()> {
        self.file.set_len(0)?;
        (self.written, self.room) = (0, 0);
        self.sync()
    }
}

fn read_fully(file: &File, bytes: &mut [u8]) -> io::Result<usize> {
    let mut read = 0;
    while read < bytes.len() {
        match platform::read_at(file, read as u64, &mut bytes[read..])? {
            0 => break,
            more => read += more,
        }
    }
    Ok(read)
}
