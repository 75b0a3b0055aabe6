//! Checkpoints: a state of the caller at a revision, so that opening need not replay everything.
//!
//! ```text
//! offset  bytes
//!      0      4  magic "EZC" and the format version (1)
//!      4      8  revision
//!     12     32  hash of the frame of that revision
//!     44      8  length of the state
//!     52     32  SHA-256 of the state
//!     84      4  CRC-32C of the 84 bytes before
//!     88      …  state
//! ```

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::disk::{self, Disk, OpenMode};
use super::error::StorageError;
use super::hash::Hash;
use super::layout::Layout;

const MAGIC: [u8; 4] = *b"EZC\x01";
const HEADER_BYTES: usize = 88;
const SUFFIX: &str = ".checkpoint";

/// The fixed part of a checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Anchor {
    pub revision: u64,
    pub chain: Hash,
    state_bytes: u64,
    state: Hash,
}

/// Writes a checkpoint and removes all but the newest `kept`. O(bytes).
pub(super) fn put(
    disk: &Arc<dyn Disk>,
    layout: &Layout,
    (revision, chain): (u64, Hash),
    state: &[u8],
    kept: usize,
) -> Result<(), StorageError> {
    let path = layout.checkpoints().join(format!("{revision:020}{SUFFIX}"));
    let anchor = Anchor { revision, chain, state_bytes: state.len() as u64, state: Hash::of(&[state]) };
    disk::replace_file(disk, &path, &[&encode(&anchor), state]).map_err(StorageError::io("write", &path))?;
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
    let anchor = decode(&bytes).ok_or_else(|| damaged("its header is damaged"))?;
    bytes.drain(..HEADER_BYTES);
    if bytes.len() as u64 != anchor.state_bytes || Hash::of(&[&bytes]) != anchor.state {
        return Err(damaged("its content is damaged"));
    }
    Ok((anchor, bytes))
}

/// Revision and chain hash of the newest checkpoint whose header is whole. The state is not read.
pub(super) fn newest_anchor(disk: &Arc<dyn Disk>, layout: &Layout) -> Option<(u64, Hash)> {
    let present = list(disk, layout).ok()?;
    present.iter().rev().find_map(|(revision, path)| {
        let file = disk.open(path, OpenMode::Read).ok()?;
        let mut header = [0; HEADER_BYTES];
        let read = file.read_at(0, &mut header).ok()?;
        let anchor = decode(&header[..read])?;
        let whole = file.len().ok()? == HEADER_BYTES as u64 + anchor.state_bytes && anchor.revision == *revision;
        whole.then_some((anchor.revision, anchor.chain))
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
    let crc = crc32c::crc32c(&bytes[..84]);
    bytes[84..].copy_from_slice(&crc.to_le_bytes());
    bytes
}

fn decode(bytes: &[u8]) -> Option<Anchor> {
    let bytes: &[u8; HEADER_BYTES] = bytes.first_chunk()?;
    let crc = u32::from_le_bytes(*bytes[84..].first_chunk()?);
    if bytes[..4] != MAGIC || crc32c::crc32c(&bytes[..84]) != crc {
        return None;
    }
    Some(Anchor {
        revision: u64::from_le_bytes(*bytes[4..].first_chunk()?),
        chain: Hash::from_bytes(*bytes[12..].first_chunk()?),
        state_bytes: u64::from_le_bytes(*bytes[44..].first_chunk()?),
        state: Hash::from_bytes(*bytes[52..].first_chunk()?),
    })
}
