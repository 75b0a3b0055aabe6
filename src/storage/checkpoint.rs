//! Checkpoints: a state of the caller at a revision, so that opening need not replay everything.
//!
//! ```text
//! offset  bytes
//!      0      4  magic "EZC" and the format version (2)
//!      4      8  revision
//!     12     32  hash of the frame of that revision
//!     44      8  length of the state
//!     52     32  SHA-256 of the state
//!     84      8  first revision of the segment that holds the frame, or 0 when that was not noted
//!     92      8  offset of the frame in that segment
//!    100      4  CRC-32C of the 100 bytes before
//!    104      …  state
//! ```
//! Version 1 had no place of the frame, and the state at 88.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::disk::{self, Disk, OpenMode};
use super::error::StorageError;
use super::hash::Hash;
use super::layout::Layout;

const MAGIC: [u8; 4] = *b"EZC\x02";
const HEADER_BYTES: usize = 104;
const MAGIC_1: [u8; 4] = *b"EZC\x01";
const HEADER_BYTES_1: usize = 88;
const SUFFIX: &str = ".checkpoint";

/// The fixed part of a checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Anchor {
    pub revision: u64,
    pub chain: Hash,
    /// Where the frame of the revision was when the checkpoint was made; only a hint.
    pub place: FramePlace,
    state_bytes: u64,
    state: Hash,
}

/// Where a frame lies in the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct FramePlace {
    /// The first revision of its segment; 0 when nobody knows.
    pub segment: u64,
    pub offset: u64,
}

/// Writes a checkpoint and removes all but the newest `kept`. O(bytes).
pub(super) fn put(
    disk: &Arc<dyn Disk>,
    layout: &Layout,
    (revision, chain, place): (u64, Hash, FramePlace),
    state: &[&[u8]],
    kept: usize,
) -> Result<(), StorageError> {
    let path = layout.checkpoints().join(format!("{revision:020}{SUFFIX}"));
    let state_bytes = state.iter().map(|piece| piece.len() as u64).sum();
    let header = encode(&Anchor { revision, chain, place, state_bytes, state: Hash::of(state) });
    let pieces: Vec<&[u8]> = std::iter::once(header.as_slice()).chain(state.iter().copied()).collect();
    disk::replace_file(disk, &path, &pieces).map_err(StorageError::io("write", &path))?;
    let present = list(disk, layout)?;
    for (_, path) in present.iter().rev().skip(kept.max(1)) {
        disk.remove(path).map_err(StorageError::io("remove", path))?;
    }
    Ok(())
}

/// The checkpoints by revision, oldest first.
pub(super) fn list(disk: &Arc<dyn Disk>, layout: &Layout) -> Result<Vec<(u64, PathBuf)>, StorageError> {
    let folder = layout.checkpoints();
    let names = disk.list(&folder).map_err(StorageError::io("list", &folder))?;
    let revision = |name: &String| name.strip_suffix(SUFFIX)?.parse::<u64>().ok();
    let mut found: Vec<_> = names.iter().filter_map(|name| Some((revision(name)?, folder.join(name)))).collect();
    found.sort();
    Ok(found)
}

/// Reads a checkpoint whole and checks it.
pub(super) fn read(disk: &Arc<dyn Disk>, path: &Path) -> Result<(Anchor, Vec<u8>), StorageError> {
    let damaged = |reason: &str| StorageError::Format { what: path.display().to_string(), reason: reason.to_owned() };
    let mut bytes = disk::read_file(disk, path).map_err(StorageError::io("read", path))?;
    if let Some(newer) = from_version_1(&bytes) {
        bytes = newer;
    }
    let anchor = decode(&bytes).ok_or_else(|| damaged("its header is damaged"))?;
    bytes.drain(..HEADER_BYTES);
    if !holds(&anchor, &bytes) {
        return Err(damaged("its content is damaged"));
    }
    Ok((anchor, bytes))
}

/// The newest checkpoint whose header is whole. The state is not read.
pub(super) fn newest_anchor(disk: &Arc<dyn Disk>, layout: &Layout) -> Option<Anchor> {
    let present = list(disk, layout).ok()?;
    present.iter().rev().find_map(|(revision, path)| {
        let file = disk.open(path, OpenMode::Read).ok()?;
        let mut header = [0; HEADER_BYTES];
        let read = file.read_at(0, &mut header).ok()?;
        let anchor = decode(&header[..read])?;
        let whole = file.len().ok()? == HEADER_BYTES as u64 + anchor.state_bytes && anchor.revision == *revision;
        whole.then_some(anchor)
    })
}

/// Removes the checkpoints of `revision` and later.
pub(super) fn remove_from(disk: &Arc<dyn Disk>, layout: &Layout, revision: u64) -> Result<(), StorageError> {
    for (found, path) in list(disk, layout)? {
        if found >= revision {
            disk.remove(&path).map_err(StorageError::io("remove", &path))?;
        }
    }
    let folder = layout.checkpoints();
    for name in disk.list(&folder).map_err(StorageError::io("list", &folder))? {
        // What an interrupted write left behind may hold anything.
        if !name.ends_with(SUFFIX) {
            drop(disk.remove(&folder.join(name)));
        }
    }
    disk.sync_folder(&folder).map_err(StorageError::io("sync", &folder))
}

fn encode(anchor: &Anchor) -> [u8; HEADER_BYTES] {
    let mut bytes = [0; HEADER_BYTES];
    bytes[..4].copy_from_slice(&MAGIC);
    bytes[4..12].copy_from_slice(&anchor.revision.to_le_bytes());
    bytes[12..44].copy_from_slice(anchor.chain.as_bytes());
    bytes[44..52].copy_from_slice(&anchor.state_bytes.to_le_bytes());
    bytes[52..84].copy_from_slice(anchor.state.as_bytes());
    bytes[84..92].copy_from_slice(&anchor.place.segment.to_le_bytes());
    bytes[92..100].copy_from_slice(&anchor.place.offset.to_le_bytes());
    let crc = crc32c::crc32c(&bytes[..100]);
    bytes[100..].copy_from_slice(&crc.to_le_bytes());
    bytes
}

fn decode(bytes: &[u8]) -> Option<Anchor> {
    let bytes: &[u8; HEADER_BYTES] = bytes.first_chunk()?;
    let crc = u32::from_le_bytes(*bytes[100..].first_chunk()?);
    if bytes[..4] != MAGIC || crc32c::crc32c(&bytes[..100]) != crc {
        return None;
    }
    let number = |at: usize| bytes[at..].first_chunk().map(|piece| u64::from_le_bytes(*piece));
    Some(Anchor { place: FramePlace { segment: number(84)?, offset: number(92)? }, ..common(bytes)? })
}

/// What the versions have alike.
fn common(bytes: &[u8]) -> Option<Anchor> {
    let number = |at: usize| bytes.get(at..)?.first_chunk().map(|piece| u64::from_le_bytes(*piece));
    let hash = |at: usize| bytes.get(at..)?.first_chunk().map(|piece| Hash::from_bytes(*piece));
    Some(Anchor {
        revision: number(4)?,
        chain: hash(12)?,
        place: FramePlace::default(),
        state_bytes: number(44)?,
        state: hash(52)?,
    })
}

/// Whether a whole file is a checkpoint of the current version, unchanged.
pub(super) fn is_current(bytes: &[u8]) -> bool {
    decode(bytes).is_some_and(|anchor| holds(&anchor, &bytes[HEADER_BYTES..]))
}

fn holds(anchor: &Anchor, state: &[u8]) -> bool {
    state.len() as u64 == anchor.state_bytes && Hash::of(&[state]) == anchor.state
}

/// A checkpoint of version 1 in the form of version 2; `None` when it is not whole.
pub(super) fn from_version_1(bytes: &[u8]) -> Option<Vec<u8>> {
    let (header, state) = bytes.split_at_checked(HEADER_BYTES_1)?;
    let crc = u32::from_le_bytes(*header[84..].first_chunk()?);
    if header[..4] != MAGIC_1 || crc32c::crc32c(&header[..84]) != crc {
        return None;
    }
    let anchor = common(header).filter(|anchor| holds(anchor, state))?;
    Some([&encode(&anchor), state].concat())
}
