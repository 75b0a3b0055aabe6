//! Opening a data folder: recover what was acknowledged, or refuse.

pub(super) mod generation;
pub(super) mod harvest;
mod mend;
pub(super) mod second;
pub(super) mod union;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::Serialize;

use self::harvest::{Harvested, JournalFiles, SecondHarvest};
use self::mend::Mender;
use self::second::Opened;
use self::union::{Evidence, Union};
use super::checkpoint::{self, Anchor};
use super::disk::{Disk, OpenMode};
use super::error::StorageError;
use super::format;
use super::hash::Hash;
use super::journal::Journal;
use super::layout::Layout;
use super::ledger::{Ledger, Parts};
use super::lock::FolderLock;
use super::marker::Marker;
use super::options::StorageOptions;
use super::reserve::Reserve;
use super::segment::Segment;
use super::types::Head;

/// What opening found and did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OpeningReport {
    /// The end of the ledger.
    pub head: Head,
    /// The first revision that was re-read; what lies before is left to the scrub.
    pub read_from: u64,
    /// What was mended or put aside, in words. Empty after an orderly end.
    pub repairs: Vec<String>,
    /// Frames that one copy had lost and the other gave back.
    pub repaired_frames: u64,
    /// The store was closed in order the last time.
    pub closed_in_order: bool,
}

/// What a recovery has in hand while it runs.
struct Recovery<'a> {
    disk: &'a Arc<dyn Disk>,
    layout: Layout,
    options: &'a StorageOptions,
    repairs: Vec<String>,
    repaired_frames: u64,
}

/// Everything valid that was read, and where.
struct Reading {
    files: Vec<Harvested>,
    evidence: Evidence,
    second: SecondHarvest,
    union: Union,
    previous_first: u64,
}

/// Opens or creates the ledger in a folder. O(bytes since the newest checkpoint), or O(bytes) when
/// anything before it looks wrong.
pub(super) fn open(folder: &Path, options: &StorageOptions) -> Result<(Ledger, OpeningReport), StorageError> {
    match attempt(folder, options) {
        Err(error) if error.is_disk_full() => {
            tracing::warn!(%error, "no room to open in; the reserve is given up");
            drop(options.disk.remove(&Layout::new(folder).reserve()));
            attempt(folder, options)
        }
        result => result,
    }
}

fn attempt(folder: &Path, options: &StorageOptions) -> Result<(Ledger, OpeningReport), StorageError> {
    let disk = &options.disk;
    disk.create_folder(folder).map_err(StorageError::io("create", folder))?;
    let lock = FolderLock::take(folder)?;
    let layout = Layout::new(folder);
    prepare(disk, &layout)?;
    let mut recovery = Recovery { disk, layout: layout.clone(), options, repairs: Vec::new(), repaired_frames: 0 };
    let note = Marker::read(disk, &layout.acknowledged());
    let mut opened = second::open(disk, &layout, options);
    let (reading, journal) = match recovery.recover(&mut opened) {
        Ok(recovered) => recovered,
        Err(error) => {
            opened.close();
            return Err(error);
        }
    };
    let head = reading.union.end();
    let second = recovery.settle_second(opened, &reading, &journal, head);
    let marker = Marker::create(disk, &layout.acknowledged(), head)
        .map_err(StorageError::io("write", &layout.acknowledged()))?;
    let mut report = OpeningReport {
        head,
        read_from: reading.union.base + 1,
        repairs: recovery.repairs,
        repaired_frames: recovery.repaired_frames,
        closed_in_order: note.is_some_and(|note| note.closed && note.revision == head.revision),
    };
    let reserve = Reserve::new(disk, layout.reserve(), options.reserve_bytes);
    let parts = Parts { layout, options: options.clone(), journal, second, marker, reserve, head, lock };
    let ledger = Ledger::new(parts, report.repaired_frames);
    if let Err(error) = ledger.finish_redaction() {
        // The note stays; the next opening tries again. Reading must not wait for that.
        report.repairs.push(format!("a redaction could not be finished: {error}"));
    }
    Ok((ledger, report))
}

/// Makes sure that the folder is ours, and that the folders in it exist.
fn prepare(disk: &Arc<dyn Disk>, layout: &Layout) -> Result<(), StorageError> {
    format::check(disk, layout)?;
    for needed in [layout.journal(), layout.checkpoints()] {
        disk.create_folder(&needed).map_err(StorageError::io("create", &needed))?;
    }
    disk.sync_folder(layout.root()).map_err(StorageError::io("sync", layout.root()))
}

impl Recovery<'_> {
    /// Reads both copies, and brings the journal to what they prove together.
    fn recover(&mut self, opened: &mut Opened) -> Result<(Reading, Journal), StorageError> {
        let reading = self.read(opened)?;
        if let Opened::Unusable { reason, .. } = &opened {
            self.repairs.push(format!("the second copy could not be opened: {reason}"));
        }
        self.mend_journal(&reading, opened)?;
        let journal = self.load_journal()?;
        if let Some(start) = reading.files.first().and_then(|file| file.start) {
            journal.expect_at(start.revision, start.offset);
        }
        settle(&journal, &reading.union)?;
        Ok((reading, journal))
    }

    /// Reads from the newest checkpoint if everything agrees with it, else from the beginning.
    fn read(&mut self, opened: &mut Opened) -> Result<Reading, StorageError> {
        let JournalFiles { segments, others } = harvest::journal_files(self.disk, &self.layout)?;
        if others.is_empty()
            && harvest::headers_agree(self.disk, &segments)
            && let Some(anchor) = checkpoint::newest_anchor(self.disk, &self.layout)
            && let Some(reading) = self.read_behind(&segments, &anchor, opened)?
        {
            return Ok(reading);
        }
        self.read_all(&segments, others, opened)
    }

    /// Reads from a checkpoint on: from its very frame, or else from the beginning of its segment.
    fn read_behind(
        &self,
        segments: &[(u64, PathBuf)],
        anchor: &Anchor,
        opened: &mut Opened,
    ) -> Result<Option<Reading>, StorageError> {
        if let Some(reading) = self.read_tail(segments, anchor, opened)? {
            return Ok(Some(reading));
        }
        match segments.partition_point(|(first, _)| *first <= anchor.revision) {
            0 | 1 => Ok(None),
            after => self.read_from(segments, after - 1, anchor.revision, anchor.chain, opened),
        }
    }

    /// Reads from the frame of a checkpoint on, as far as everything behind it is as it should be.
    fn read_tail(
        &self,
        segments: &[(u64, PathBuf)],
        anchor: &Anchor,
        opened: &mut Opened,
    ) -> Result<Option<Reading>, StorageError> {
        let Ok(start) = segments.binary_search_by_key(&anchor.place.segment, |(first, _)| *first) else {
            return Ok(None);
        };
        let mut evidence = self.evidence();
        let Some(first) = harvest::harvest_from(self.disk, &segments[start].1, anchor, &mut evidence) else {
            return Ok(None);
        };
        let base_hash = first.start.map_or(Hash::genesis(), |start| start.previous);
        let mut files = vec![first];
        for (number, (_, path)) in (1_u32..).zip(&segments[start + 1..]) {
            files.push(harvest::harvest_file(self.disk, path, number, &mut evidence)?);
        }
        let second = opened.harvest(anchor.revision, &mut evidence);
        let Ok(union) = union::unite(anchor.revision - 1, base_hash, &evidence) else {
            return Ok(None);
        };
        let previous_first = start.checked_sub(1).map_or(0, |before| segments[before].0);
        let is_clean = mend::are_clean(&files, &union) && files.iter().all(|file| !file.unreadable);
        Ok(is_clean.then_some(Reading { files, evidence, second, union, previous_first }))
    }

    /// Reads the segments from `start` on. `None` when they are not linked to the checkpoint, or when an
    /// earlier part of the ledger is needed to judge them.
    fn read_from(
        &self,
        segments: &[(u64, PathBuf)],
        start: usize,
        anchor: u64,
        anchor_hash: Hash,
        opened: &mut Opened,
    ) -> Result<Option<Reading>, StorageError> {
        let mut evidence = self.evidence();
        let mut files = Vec::new();
        for (number, (_, path)) in (0_u32..).zip(&segments[start..]) {
            files.push(harvest::harvest_file(self.disk, path, number, &mut evidence)?);
        }
        let first = segments[start].0;
        let Some(base_hash) = files[0].header.map(|header| header.previous) else {
            return Ok(None);
        };
        let second = opened.harvest(first, &mut evidence);
        readable_or_mendable(&files, opened)?;
        let Ok(union) = union::unite(first - 1, base_hash, &evidence) else {
            return Ok(None);
        };
        let linked = union.source(anchor).is_some_and(|source| source.link.hash == anchor_hash);
        let previous_first = segments[start - 1].0;
        Ok(linked.then_some(Reading { files, evidence, second, union, previous_first }))
    }

    fn read_all(
        &self,
        segments: &[(u64, PathBuf)],
        others: Vec<PathBuf>,
        opened: &mut Opened,
    ) -> Result<Reading, StorageError> {
        let mut evidence = self.evidence();
        let mut files = Vec::new();
        let paths = segments.iter().map(|(_, path)| path.clone()).chain(others);
        for (number, path) in (0_u32..).zip(paths) {
            files.push(harvest::harvest_file(self.disk, &path, number, &mut evidence)?);
        }
        let second = opened.harvest(1, &mut evidence);
        readable_or_mendable(&files, opened)?;
        let union = union::unite(0, Hash::genesis(), &evidence)?;
        Ok(Reading { files, evidence, second, union, previous_first: 0 })
    }

    fn evidence(&self) -> Evidence {
        let acknowledged = Marker::read(self.disk, &self.layout.acknowledged());
        Evidence { acknowledged, ..Evidence::default() }
    }

    fn mend_journal(&mut self, reading: &Reading, opened: &Opened) -> Result<(), StorageError> {
        let round = 1 + reading.files.iter().filter(|file| file.name_first.is_none()).count();
        let mut mender = Mender {
            disk: self.disk,
            layout: &self.layout,
            files: &reading.files,
            union: &reading.union,
            evidence: &reading.evidence,
            fence: opened.fence(),
            repairs: &mut self.repairs,
            previous_first: reading.previous_first,
            round,
        };
        self.repaired_frames += mender.mend()?;
        Ok(())
    }

    fn load_journal(&self) -> Result<Journal, StorageError> {
        let JournalFiles { segments, .. } = harvest::journal_files(self.disk, &self.layout)?;
        let mut open = Vec::with_capacity(segments.len());
        let mut length = 0;
        for (first, path) in &segments {
            let file = self.disk.open(path, OpenMode::Write).map_err(StorageError::io("open", path))?;
            length = file.len().map_err(StorageError::io("measure", path))?;
            open.push(Arc::new(Segment::new(path, *first, file)));
        }
        Ok(Journal::new(Arc::clone(self.disk), &self.layout.journal(), self.options.segment_bytes, open, length))
    }
}

/// What the device does not give is not to be taken for a torn tail: it needs the second copy.
fn readable_or_mendable(files: &[Harvested], opened: &Opened) -> Result<(), StorageError> {
    match files.iter().find(|file| file.unreadable) {
        Some(file) if opened.fence().is_none() => Err(StorageError::Io {
            action: "read all of",
            path: file.path.clone(),
            source: std::io::Error::other(
                "the device does not give some of it, and there is no second copy to mend it from",
            ),
        }),
        _ => Ok(()),
    }
}

/// Writes the last batch once more, unchanged, and syncs it. If an earlier sync failed, the kernel may
/// believe that pages are on the disk which are not.
fn settle(journal: &Journal, union: &Union) -> Result<(), StorageError> {
    let Some(last) = union.sources.last() else {
        return Ok(());
    };
    let batch = last.link.batch.max(union.base + 1);
    let first = union.source(batch).map_or(last, |source| source);
    journal.rewrite_tail(first.link.revision).map_err(|source| StorageError::Io {
        action: "settle the end of",
        path: PathBuf::from("journal"),
        source,
    })
}
