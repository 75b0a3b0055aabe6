//! Generations of the second copy: building, marking, removing. A new one is built beside the old.

use std::path::Path;
use std::sync::Arc;

use super::super::disk::{self, Disk, OpenMode};
use super::super::fence::Fence;
use super::super::journal::Journal;
use super::super::layout::{Layout, generation_from_name};
use super::super::options::StorageOptions;
use super::super::second_copy::{OpenSecondCopy, SecondCopyError};

/// How many bytes are given to a copy at a time while it is filled.
const FILL_BYTES: usize = 1 << 20;

/// Builds generations of the second copy.
pub(in crate::storage) struct Builder<'a> {
    pub disk: &'a Arc<dyn Disk>,
    pub layout: &'a Layout,
    pub kind: &'a Arc<dyn OpenSecondCopy>,
    pub options: &'a StorageOptions,
}

impl Builder<'_> {
    /// Creates the folder of a generation and fills it with the frames `from..=to` of the journal.
    /// The generation is not marked as whole.
    pub fn build(&self, journal: &Journal, from: u64, to: u64, generation: u64) -> Result<Fence, SecondCopyError> {
        let folder = self.layout.second(generation);
        remove_folder(self.disk, &folder)
            .map_err(|error| SecondCopyError(format!("cannot clear its place: {error}")))?;
        let built = Fence::open(self.kind, &folder, self.options.second_copy_deadline).and_then(|fence| {
            copy_frames(journal, &fence, from..=to)?;
            Ok(fence)
        });
        // What is unfinished is worth nothing, and its room is the journal's.
        built.inspect_err(|_| {
            if let Err(error) = remove_folder(self.disk, &folder) {
                tracing::warn!(%error, "an unfinished second copy could not be removed");
            }
        })
    }
}

/// Copies frames from the journal, and brings them to stable storage.
pub(in crate::storage) fn copy_frames(
    journal: &Journal,
    fence: &Fence,
    revisions: impl Iterator<Item = u64>,
) -> Result<(), SecondCopyError> {
    let mut chunk: Vec<(u64, Vec<u8>)> = Vec::new();
    let mut size = 0;
    for revision in revisions {
        let bytes = frame_bytes(journal, revision)?;
        size += bytes.len();
        chunk.push((revision, bytes));
        if size >= FILL_BYTES {
            give(fence, std::mem::take(&mut chunk))?;
            size = 0;
        }
    }
    give(fence, chunk)?;
    fence.call(|copy| copy.sync())
}

fn give(fence: &Fence, chunk: Vec<(u64, Vec<u8>)>) -> Result<(), SecondCopyError> {
    fence.call(move |copy| {
        let frames: Vec<_> = chunk.iter().map(|(revision, bytes)| (*revision, bytes.as_slice())).collect();
        copy.write(&frames)
    })
}

/// A frame of the journal as bytes.
fn frame_bytes(journal: &Journal, revision: u64) -> Result<Vec<u8>, SecondCopyError> {
    let unreadable = |reason: String| SecondCopyError(format!("revision {revision} of the journal: {reason}"));
    let (header, payload) = journal
        .read(revision)
        .map_err(|error| unreadable(error.to_string()))?
        .map_err(|fault| unreadable(fault.to_string()))?;
    let mut bytes = header.encode().to_vec();
    bytes.extend_from_slice(&payload);
    Ok(bytes)
}

/// Notes that a generation holds everything, in a way that survives a power cut.
pub(in crate::storage) fn mark_whole(
    disk: &Arc<dyn Disk>,
    layout: &Layout,
    generation: u64,
) -> Result<(), SecondCopyError> {
    let path = layout.second_complete(generation);
    if disk::read_file(disk, &path).is_ok_and(|bytes| bytes == b"1\n") {
        return Ok(());
    }
    disk::replace_file(disk, &path, &[b"1\n"])
        .map_err(|error| SecondCopyError(format!("cannot mark it as whole: {error}")))
}

/// Removes all generations but one. Failures are left to the next opening.
pub(in crate::storage) fn remove_others(disk: &Arc<dyn Disk>, layout: &Layout, keep: u64) {
    for name in disk.list(layout.root()).unwrap_or_default() {
        match generation_from_name(&name) {
            Some((generation, mark)) if generation != keep => {
                let path = layout.root().join(&name);
                let removed = if mark { disk.remove(&path) } else { remove_folder(disk, &path) };
                if let Err(error) = removed {
                    tracing::warn!(%error, name, "an old second copy could not be removed");
                }
            }
            _ => {}
        }
    }
}

/// Moves a damaged generation to quarantine, in place of the one that was there before.
pub(super) fn keep_aside(disk: &Arc<dyn Disk>, layout: &Layout, generation: u64) {
    let target = layout.quarantine().join("second");
    let moved = disk
        .create_folder(&layout.quarantine())
        .and_then(|()| remove_folder(disk, &target))
        .and_then(|()| disk.rename(&layout.second(generation), &target));
    if let Err(error) = moved {
        tracing::warn!(%error, "the damaged second copy could not be kept aside");
    }
}

/// Removes the folder of a generation. Its files are emptied first, because a copy that was given up
/// still has them open, and would keep their bytes on the disk.
pub(in crate::storage) fn remove_folder(disk: &Arc<dyn Disk>, folder: &Path) -> std::io::Result<()> {
    for name in disk.list(folder).unwrap_or_default() {
        let emptied = disk.open(&folder.join(name), OpenMode::Write).and_then(|file| file.set_len(0));
        // A folder within, or a file that is gone: removing it all is what counts.
        drop(emptied);
    }
    match disk.remove_folder(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
