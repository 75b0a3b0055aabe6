//! Reading whatever valid frames both copies hold, wherever they lie.

use std::path::PathBuf;
use std::sync::Arc;

use super::super::checkpoint::Anchor;
use super::super::codec;
use super::super::disk::{self, Disk, OpenMode};
use super::super::error::StorageError;
use super::super::fence::Fence;
use super::super::hash::Hash;
use super::super::layout::Layout;
use super::super::second_copy::SecondCopyError;
use super::super::segment::{self, Link, SEGMENT_HEADER, SEGMENT_HEADER_BYTES, Scan, SegmentHeader};
use super::union::{Evidence, Place};

/// How much of the second copy is read at a time, in bytes.
const CHUNK_BYTES: usize = 4 << 20;

/// One file of the journal folder, read whole.
#[derive(Debug)]
pub(in crate::storage) struct Harvested {
    pub path: PathBuf,
    /// The first revision by its name; `None` for what an interrupted repair left behind.
    pub name_first: Option<u64>,
    pub header: Option<SegmentHeader>,
    /// Where reading began: the first revision that is looked for, the hash before it, its offset.
    pub start: Option<Start>,
    pub frames: usize,
    /// The device did not give all of it.
    pub unreadable: bool,
    pub length: u64,
}

/// Where the frames of a file begin, as far as it was read.
#[derive(Debug, Clone, Copy)]
pub(in crate::storage) struct Start {
    pub revision: u64,
    pub previous: Hash,
    pub offset: u64,
}

/// The files in the journal folder.
#[derive(Debug, Default)]
pub(in crate::storage) struct JournalFiles {
    /// The segments by first revision, in order.
    pub segments: Vec<(u64, PathBuf)>,
    /// What an interrupted repair left behind.
    pub others: Vec<PathBuf>,
}

/// Lists the journal folder.
pub(in crate::storage) fn journal_files(disk: &Arc<dyn Disk>, layout: &Layout) -> Result<JournalFiles, StorageError> {
    let folder = layout.journal();
    let names = disk.list(&folder).map_err(StorageError::io("list", &folder))?;
    let mut files = JournalFiles::default();
    for name in names {
        match segment::first_from_name(&name) {
            Some(first) => files.segments.push((first, folder.join(name))),
            None => files.others.push(folder.join(name)),
        }
    }
    files.segments.sort();
    Ok(files)
}

/// Whether the headers of the segments form one unbroken list; then a missing segment is ruled out.
pub(in crate::storage) fn headers_agree(disk: &Arc<dyn Disk>, segments: &[(u64, PathBuf)]) -> bool {
    let mut previous = 0;
    segments.iter().all(|(first, path)| {
        let header = read_header(disk, path);
        let fits = header.is_some_and(|header| header.first == *first && header.previous_first == previous);
        previous = *first;
        fits
    }) && segments.first().is_none_or(|(first, _)| *first == 1)
}

fn read_header(disk: &Arc<dyn Disk>, path: &std::path::Path) -> Option<SegmentHeader> {
    let mut bytes = [0; SEGMENT_HEADER];
    let file = disk.open(path, OpenMode::Read).ok()?;
    let read = file.read_at(0, &mut bytes).ok()?;
    SegmentHeader::decode(&bytes[..read])
}

/// Reads one file of the journal and adds its valid frames to the evidence. O(bytes).
pub(in crate::storage) fn harvest_file(
    disk: &Arc<dyn Disk>,
    path: &std::path::Path,
    number: u32,
    evidence: &mut Evidence,
) -> Result<Harvested, StorageError> {
    let (bytes, unreadable) = disk::salvage_file(disk, path).map_err(StorageError::io("read", path))?;
    let scan = segment::scan(&bytes);
    note_frames(&scan, number, 0, evidence);
    let start = scan.header.map(|header| Start {
        revision: header.first,
        previous: header.previous,
        offset: SEGMENT_HEADER_BYTES,
    });
    Ok(Harvested {
        start,
        path: path.to_path_buf(),
        name_first: path.file_name().and_then(|name| segment::first_from_name(&name.to_string_lossy())),
        header: scan.header,
        frames: scan.frames.len(),
        unreadable,
        length: scan.length,
    })
}

fn note_frames(scan: &Scan, number: u32, base: u64, evidence: &mut Evidence) {
    for found in &scan.frames {
        let place = Place { file: number, offset: base + found.offset, length: found.length };
        evidence.journal.entry((found.link.revision, number)).or_insert((found.link, place));
    }
}

/// Reads a file of the journal from the frame of a checkpoint on. `None` when that frame is not there, or when
/// anything behind it is not as it should be.
pub(in crate::storage) fn harvest_from(
    disk: &Arc<dyn Disk>,
    path: &std::path::Path,
    anchor: &Anchor,
    evidence: &mut Evidence,
) -> Option<Harvested> {
    let file = disk.open(path, OpenMode::Read).ok()?;
    let length = file.len().ok()?;
    let rest = usize::try_from(length.checked_sub(anchor.place.offset)?).ok()?;
    let mut bytes = vec![0; rest];
    let read = file.read_at(anchor.place.offset, &mut bytes).ok()?;
    let scan = segment::scan_frames(&bytes, 0);
    let first = scan.frames.first().filter(|first| first.offset == 0 && first.link.hash == anchor.chain)?;
    if read < rest || first.link.revision != anchor.revision {
        return None;
    }
    note_frames(&scan, 0, anchor.place.offset, evidence);
    Some(Harvested {
        path: path.to_path_buf(),
        name_first: Some(anchor.place.segment),
        header: read_header(disk, path),
        start: Some(Start { revision: anchor.revision, previous: first.link.previous, offset: anchor.place.offset }),
        frames: scan.frames.len(),
        unreadable: false,
        length,
    })
}

/// What the second copy holds from a revision on.
#[derive(Debug, Default)]
pub(in crate::storage) struct SecondHarvest {
    /// Revisions whose stored bytes are no valid frame of that revision.
    pub invalid: Vec<u64>,
    /// The copy holds the first revision.
    pub from_the_start: bool,
}

/// Reads the second copy from `from` on and adds its valid frames to the evidence. O(bytes).
pub(in crate::storage) fn harvest_second(
    fence: &Fence,
    from: u64,
    evidence: &mut Evidence,
) -> Result<SecondHarvest, SecondCopyError> {
    let first = fence.call(|copy| copy.scan(0, 1))?;
    let mut harvest = SecondHarvest {
        from_the_start: first.first().is_some_and(|(revision, _)| *revision == 1),
        ..Default::default()
    };
    let mut next = from;
    loop {
        let (links, invalid) = fence.call(move |copy| Ok(check(&copy.scan(next, CHUNK_BYTES)?)))?;
        let Some(last) = links.iter().map(|link| link.revision).chain(invalid.iter().copied()).max() else {
            return Ok(harvest);
        };
        harvest.invalid.extend(invalid);
        evidence.second.extend(links.into_iter().map(|link| (link.revision, link)));
        let Some(after) = last.checked_add(1) else {
            return Ok(harvest);
        };
        next = after;
    }
}

/// Tells the valid frames from the rest.
fn check(records: &[(u64, Vec<u8>)]) -> (Vec<Link>, Vec<u64>) {
    let mut links = Vec::with_capacity(records.len());
    let mut invalid = Vec::new();
    for (revision, bytes) in records {
        match codec::whole(bytes, *revision) {
            Ok((header, _)) => links.push(Link::of(&header)),
            Err(_) => invalid.push(*revision),
        }
    }
    (links, invalid)
}
