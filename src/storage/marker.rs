//! The newest acknowledged revision, noted after the acknowledgement without waiting for the disk.
//!
//! After a power cut the note may lag behind, but it never runs ahead. So it cannot make a torn,
//! never acknowledged tail look like a loss, but it does tell a loss at the very end of both copies
//! from such a tail once the note has reached the disk.

use std::io;
use std::path::Path;
use std::sync::Arc;

use super::disk::{self, Disk, DiskFile, OpenMode};
use super::error::means_disk_full;
use super::hash::Hash;
use super::types::Head;

const MAGIC: [u8; 4] = *b"EZA\x01";
const MARKER_BYTES: usize = 52;

/// What the note says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Acknowledged {
    pub revision: u64,
    pub hash: Hash,
    /// The store was closed in order after this.
    pub closed: bool,
}

/// The note, open for writing.
#[derive(Debug)]
pub(super) struct Marker {
    file: Box<dyn DiskFile>,
}

impl Marker {
    /// Reads the note; `None` when there is none that is whole.
    pub fn read(disk: &Arc<dyn Disk>, path: &Path) -> Option<Acknowledged> {
        decode(&disk::read_file(disk, path).ok()?)
    }

    /// Replaces the note and keeps it open. On a full disk the old one is written over: that needs no room,
    /// and if it is torn there is only no note.
    pub fn create(disk: &Arc<dyn Disk>, path: &Path, head: Head) -> io::Result<Self> {
        let replaced = disk::replace_file(disk, path, &[&encode(head, false)]);
        let file = match replaced {
            Err(error) if !means_disk_full(&error) => return Err(error),
            _ => disk.open(path, OpenMode::Write)?,
        };
        if replaced.is_err() {
            file.write_at(0, &encode(head, false))?;
        }
        Ok(Self { file })
    }

    /// Notes a head. Not synced.
    pub fn write(&self, head: Head) -> io::Result<()> {
        self.file.write_at(0, &encode(head, false))
    }

    /// Notes that the store was closed in order, and waits for the disk.
    pub fn close(&self, head: Head) -> io::Result<()> {
        self.file.write_at(0, &encode(head, true))?;
        self.file.sync()
    }
}

fn encode(head: Head, closed: bool) -> [u8; MARKER_BYTES] {
    let mut bytes = [0; MARKER_BYTES];
    bytes[..4].copy_from_slice(&MAGIC);
    bytes[4..12].copy_from_slice(&head.revision.to_le_bytes());
    bytes[12..44].copy_from_slice(head.hash.as_bytes());
    bytes[44] = u8::from(closed);
    let crc = crc32c::crc32c(&bytes[..48]);
    bytes[48..].copy_from_slice(&crc.to_le_bytes());
    bytes
}

fn decode(bytes: &[u8]) -> Option<Acknowledged> {
    let bytes: &[u8; MARKER_BYTES] = bytes.try_into().ok()?;
    let crc = u32::from_le_bytes(*bytes[48..].first_chunk()?);
    if bytes[..4] != MAGIC || crc32c::crc32c(&bytes[..48]) != crc {
        return None;
    }
    Some(Acknowledged {
        revision: u64::from_le_bytes(*bytes[4..].first_chunk()?),
        hash: Hash::from_bytes(*bytes[12..].first_chunk()?),
        closed: bytes[44] == 1,
    })
}
