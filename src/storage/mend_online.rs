//! Mending while the ledger is open: rewriting one segment, rebuilding the second copy.

use std::path::Path;

use super::codec::Header;
use super::disk::{self, OpenMode};
use super::error::StorageError;
use super::ledger::{Ledger, Writer};
use super::metrics::add;
use super::quarantine;
use super::recovery::generation::{Builder, copy_frames, mark_whole, remove_folder, remove_others};
use super::second_copy::SecondCopyError;
use super::segment::{self, SEGMENT_HEADER_BYTES, SegmentHeader};

/// When no more than this many frames are missing, the writer is held up to add the rest.
const CATCH_UP: u64 = 256;

impl Ledger {
    /// Writes the segment that holds `revision` anew. `change` may replace a frame by another.
    /// The caller holds the writer, so that nothing is appended meanwhile.
    pub(super) fn rewrite_segment(
        &self,
        _writer: &Writer,
        revision: u64,
        change: impl Fn(Header, Vec<u8>) -> (Header, Vec<u8>),
    ) -> Result<(), StorageError> {
        let segments = self.journal.segments();
        let after = segments.partition_point(|segment| segment.first <= revision);
        let none = || StorageError::Request(format!("no segment holds revision {revision}"));
        let place = after.checked_sub(1).ok_or_else(none)?;
        let first = segments[place].first;
        let last = segments.get(place + 1).map_or(self.head().revision, |next| next.first - 1);
        let previous_first = place.checked_sub(1).map_or(0, |before| segments[before].first);
        let path = &segments[place].path;
        let mut name = path.as_os_str().to_owned();
        name.push(".new");
        let aside = std::path::PathBuf::from(name);
        self.write_segment_aside(&aside, first..=last, previous_first, change)?;
        self.options.disk.rename(&aside, path).map_err(StorageError::io("rename", path))?;
        let folder = self.layout.journal();
        self.options.disk.sync_folder(&folder).map_err(StorageError::io("sync", &folder))?;
        self.journal.reopen_segment(first).map_err(StorageError::io("open", path))
    }

    fn write_segment_aside(
        &self,
        aside: &Path,
        revisions: std::ops::RangeInclusive<u64>,
        previous_first: u64,
        change: impl Fn(Header, Vec<u8>) -> (Header, Vec<u8>),
    ) -> Result<(), StorageError> {
        let failed = |source| StorageError::Io { action: "write", path: aside.to_path_buf(), source };
        let first = *revisions.start();
        let (opening, _) = self.raw_frame(first)?;
        let header = SegmentHeader { first, previous_first, previous: opening.previous };
        let file = self.options.disk.open(aside, OpenMode::Replace).map_err(failed)?;
        file.write_at(0, &header.encode()).map_err(failed)?;
        let mut offset = SEGMENT_HEADER_BYTES;
        let mut previous = opening.previous;
        for revision in revisions {
            let (header, payload) = self.raw_frame(revision)?;
            if header.previous != previous {
                return Err(StorageError::Damaged {
                    revision,
                    reason: "it is not linked to the frame before".to_owned(),
                });
            }
            previous = header.hash();
            let (header, payload) = change(header, payload);
            file.write_at(offset, &header.encode()).map_err(failed)?;
            file.write_at(offset + super::codec::HEADER_BYTES as u64, &payload).map_err(failed)?;
            offset += header.frame_bytes();
        }
        file.sync().map_err(failed)
    }

    /// Mends the segment that holds `revision` from the second copy, and keeps the damaged one aside.
    pub(super) fn mend_segment(&self, revision: u64) -> Result<String, StorageError> {
        let mut writer = self.writer();
        if let Some(reason) = writer.broken() {
            return Err(StorageError::Request(format!("the ledger is read-only: {reason}")));
        }
        let segments = self.journal.segments();
        let after = segments.partition_point(|segment| segment.first <= revision);
        if let Some(segment) = after.checked_sub(1).map(|place| &segments[place]) {
            self.quarantine(&segment.path)?;
        }
        let mended = self.rewrite_segment(&writer, revision, |header, payload| (header, payload));
        if let Err(StorageError::Io { .. }) = &mended
            && self.journal.read(self.head().revision).is_err()
        {
            // The segment was exchanged but could not be opened again.
            writer.stop("a mended segment could not be opened".to_owned());
        }
        mended?;
        add(&self.counters.repaired, 1);
        Ok(format!("the segment of the journal that holds revision {revision} was mended from the second copy"))
    }

    fn quarantine(&self, path: &Path) -> Result<(), StorageError> {
        let disk = &self.options.disk;
        let (bytes, _) = disk::salvage_file(disk, path).map_err(StorageError::io("read", path))?;
        quarantine::keep(disk, &self.layout, path, &bytes).map(drop)
    }

    /// Removes what failed copies left on the disk, once the journal is known to be whole without them.
    /// A failed copy may take several times the room of the one that is to replace it.
    pub(super) fn make_room_for_second(&self) {
        let head = self.head().revision;
        if (1..=head).any(|revision| self.read_journal(revision).is_err()) {
            return;
        }
        let failed = self.layout.second(self.second.generation());
        for folder in [failed, self.layout.quarantine().join("second")] {
            if let Err(error) = remove_folder(&self.options.disk, &folder) {
                tracing::warn!(%error, folder = %folder.display(), "a failed copy could not be removed");
            }
        }
    }

    /// Builds the second copy anew from the journal while writing goes on.
    pub(super) fn rebuild_second(&self) -> Result<u64, SecondCopyError> {
        let Some(kind) = &self.options.second_copy else {
            return Ok(0);
        };
        let disk = &self.options.disk;
        let builder = Builder { disk, layout: &self.layout, kind, options: &self.options };
        let generation = self.second.generation() + 1;
        let mut done = self.head().revision;
        let fence = builder.build(&self.journal, 1, done, generation)?;
        while self.head().revision > done + CATCH_UP {
            let next = self.head().revision;
            copy_frames(&self.journal, &fence, done + 1..=next)?;
            done = next;
        }
        let _writer = self.writer();
        let head = self.head().revision;
        copy_frames(&self.journal, &fence, done + 1..=head)?;
        mark_whole(disk, &self.layout, generation)?;
        self.second.replace(fence, generation);
        remove_others(disk, &self.layout, generation);
        add(&self.counters.repaired, head);
        Ok(head)
    }

    /// The name of the segment that holds a revision, for reports.
    pub(super) fn segment_name(&self, revision: u64) -> String {
        let segments = self.journal.segments();
        let after = segments.partition_point(|segment| segment.first <= revision);
        let first = after.checked_sub(1).map_or(0, |place| segments[place].first);
        segment::file_name(first)
    }
}
