//! The journal: segments of frames, and the only place that decides whether something is durable.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use super::batch::EncodedBatch;
use super::blank;
use super::checkpoint::FramePlace;
use super::codec::{FrameFault, Header};
use super::disk::{Disk, OpenMode};
use super::hash::Hash;
use super::segment::{self, SEGMENT_HEADER_BYTES, Segment, SegmentHeader};

/// Why a batch is not in the journal.
#[derive(Debug)]
pub(super) enum JournalError {
    /// Nothing of it was kept; the journal is as before.
    Refused(io::Error),
    /// Nobody can say what is on the disk; the journal must not be written again.
    Broken(String),
}

/// The open journal. Reading and writing may go on at the same time; writing is one caller's at a time.
#[derive(Debug)]
pub(super) struct Journal {
    disk: Arc<dyn Disk>,
    folder: PathBuf,
    segment_bytes: u64,
    segments: RwLock<Vec<Arc<Segment>>>,
    tail: Mutex<Tail>,
}

#[derive(Debug)]
struct Tail {
    /// How many bytes of the last segment are acknowledged frames (and its header).
    length: u64,
    /// Up to where the file is already written with zeros: overwriting costs the disk less than growing.
    blank_to: u64,
    /// A segment was created whose name may not be on the disk yet.
    folder_changed: bool,
}

impl Journal {
    /// A journal of verified segments, sorted by first revision, the last one open for writing and
    /// `tail_length` bytes long.
    pub fn new(
        disk: Arc<dyn Disk>,
        folder: &Path,
        segment_bytes: u64,
        segments: Vec<Arc<Segment>>,
        tail_length: u64,
    ) -> Self {
        Self {
            disk,
            folder: folder.to_path_buf(),
            segment_bytes,
            segments: RwLock::new(segments),
            tail: Mutex::new(Tail { length: tail_length, blank_to: tail_length, folder_changed: true }),
        }
    }

    // Each change under these locks is one assignment, made after everything that can fail.
    fn tail(&self) -> MutexGuard<'_, Tail> {
        self.tail.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The segments, in the order of their revisions.
    pub fn segments(&self) -> Vec<Arc<Segment>> {
        self.segments.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The last segment, or `None` when there is no segment yet.
    fn last(&self) -> Option<Arc<Segment>> {
        self.segments.read().unwrap_or_else(PoisonError::into_inner).last().cloned()
    }

    /// Writes a batch behind the last frame without syncing it. `previous` is the hash of that frame.
    pub fn write(&self, batch: &EncodedBatch, previous: Hash) -> Result<(), JournalError> {
        let mut tail = self.tail();
        let size = batch.bytes.len() as u64;
        let segment = match self.last() {
            Some(segment) if tail.length == SEGMENT_HEADER_BYTES || tail.length + size <= self.segment_bytes => segment,
            last => self.begin_segment(&mut tail, last.as_deref(), batch, previous)?,
        };
        let Err(error) = segment.file.write_at(tail.length, &batch.bytes) else {
            let end = tail.length + size;
            self.blank_ahead(&mut tail, &segment, end);
            return Ok(());
        };
        tail.blank_to = tail.length;
        // What was written must not come back after a restart: the caller is about to be told "no".
        segment.file.set_len(tail.length).and_then(|()| segment.file.sync()).map_err(|cut| {
            JournalError::Broken(format!("after \"{error}\" the journal could not be cut back: {cut}"))
        })?;
        Err(JournalError::Refused(error))
    }

    /// Writes zeros behind a batch that reached beyond those written before, so that the next batches
    /// need not grow the file, which would make every sync wait for the file system's own journal.
    fn blank_ahead(&self, tail: &mut Tail, segment: &Segment, end: u64) {
        if end <= tail.blank_to {
            return;
        }
        tail.blank_to = end;
        let blank_to = blank::ahead(end, self.segment_bytes);
        while tail.blank_to < blank_to {
            let zeros = blank::zeros(blank_to - tail.blank_to);
            // Only a convenience: without room for it, the batch itself was still written.
            if segment.file.write_at(tail.blank_to, zeros).is_err() {
                return;
            }
            tail.blank_to += zeros.len() as u64;
        }
    }

    /// Takes the zeros behind the last frame away again.
    pub fn trim(&self) -> io::Result<()> {
        let mut tail = self.tail();
        if tail.blank_to > tail.length
            && let Some(segment) = self.last()
        {
            segment.file.set_len(tail.length)?;
            tail.blank_to = tail.length;
            segment.file.sync()?;
        }
        Ok(())
    }

    fn begin_segment(
        &self,
        tail: &mut Tail,
        last: Option<&Segment>,
        batch: &EncodedBatch,
        previous: Hash,
    ) -> Result<Arc<Segment>, JournalError> {
        if let Some(last) = last.filter(|_| tail.blank_to > tail.length) {
            let trimmed = last.file.set_len(tail.length);
            trimmed.map_err(JournalError::Refused)?;
            tail.blank_to = tail.length;
            last.file
                .sync()
                .map_err(|error| JournalError::Broken(format!("a finished segment could not be synced: {error}")))?;
        }
        let previous_first = last.map_or(0, |segment| segment.first);
        let first = batch.frames.first().map_or(batch.head.revision, |frame| frame.revision);
        let path = self.folder.join(segment::file_name(first));
        let header = SegmentHeader { first, previous_first, previous };
        let created = self.disk.open(&path, OpenMode::Replace).and_then(|file| {
            file.write_at(0, &header.encode())?;
            Ok(file)
        });
        let file = created.map_err(|error| {
            // An empty or half-written header without frames is no segment; recovery drops it too.
            drop(self.disk.remove(&path));
            JournalError::Refused(error)
        })?;
        let segment = Arc::new(Segment::new(&path, first, file));
        self.segments.write().unwrap_or_else(PoisonError::into_inner).push(Arc::clone(&segment));
        *tail = Tail { length: SEGMENT_HEADER_BYTES, blank_to: SEGMENT_HEADER_BYTES, folder_changed: true };
        Ok(segment)
    }

    /// Brings the last write to stable storage. A failure is final: the kernel may have dropped the
    /// bytes and would report success the next time.
    pub fn sync(&self) -> Result<(), JournalError> {
        let mut tail = self.tail();
        let Some(segment) = self.last() else {
            return Ok(());
        };
        let broken = |error: io::Error| JournalError::Broken(format!("the journal could not be synced: {error}"));
        segment.file.sync().map_err(broken)?;
        if tail.folder_changed {
            self.disk.sync_folder(&self.folder).map_err(broken)?;
            tail.folder_changed = false;
        }
        Ok(())
    }

    /// Takes a synced batch for part of the journal.
    pub fn commit(&self, batch: &EncodedBatch) {
        let mut tail = self.tail();
        if let Some(segment) = self.last() {
            segment.extend(tail.length, batch.frames.iter().map(|frame| (frame.end - frame.start) as u64));
        }
        tail.length += batch.bytes.len() as u64;
    }

    /// Reads and checks one frame; it must be at or below the head.
    pub fn read(&self, revision: u64) -> io::Result<Result<(Header, Vec<u8>), FrameFault>> {
        self.segment_of(revision).map_or(Ok(Err(FrameFault::Revision)), |segment| segment.read(revision))
    }

    fn segment_of(&self, revision: u64) -> Option<Arc<Segment>> {
        let segments = self.segments.read().unwrap_or_else(PoisonError::into_inner);
        let after = segments.partition_point(|segment| segment.first <= revision);
        after.checked_sub(1).map(|place| Arc::clone(&segments[place]))
    }

    /// Where a frame at or below the head lies; `None` when it cannot be found.
    pub fn place_of(&self, revision: u64) -> Option<FramePlace> {
        let segment = self.segment_of(revision)?;
        let offset = segment.locate(revision).ok()?.ok()?;
        Some(FramePlace { segment: segment.first, offset })
    }

    /// Makes known where a frame lies, so that those before it need not be walked over to find it.
    pub fn expect_at(&self, revision: u64, offset: u64) {
        if let Some(segment) = self.segment_of(revision) {
            segment.expect_at(revision, offset);
        }
    }

    /// Puts another file, already in place under the same name, behind the segment that begins with `first`.
    /// Nothing may be written meanwhile.
    pub fn reopen_segment(&self, first: u64) -> io::Result<()> {
        let path = self.folder.join(segment::file_name(first));
        let file = self.disk.open(&path, OpenMode::Write)?;
        let length = file.len()?;
        let mut tail = self.tail();
        let mut segments = self.segments.write().unwrap_or_else(PoisonError::into_inner);
        let Some(place) = segments.iter().position(|segment| segment.first == first) else {
            return Err(io::ErrorKind::NotFound.into());
        };
        if place + 1 == segments.len() {
            tail.length = length;
            tail.blank_to = length;
        }
        segments[place] = Arc::new(Segment::new(&path, first, file));
        Ok(())
    }

    /// Writes the frames from `revision` to the end once more, unchanged, and syncs them.
    pub fn rewrite_tail(&self, revision: u64) -> io::Result<()> {
        let mut tail = self.tail();
        let Some(segment) = self.last() else {
            return Ok(());
        };
        if let Ok(offset) = segment.locate(revision)? {
            let length = usize::try_from(tail.length.saturating_sub(offset))
                .map_err(|_| io::Error::from(io::ErrorKind::FileTooLarge))?;
            let mut bytes = vec![0; length];
            let read = segment.file.read_at(offset, &mut bytes)?;
            segment.file.write_at(offset, &bytes[..read])?;
        }
        segment.file.sync()?;
        self.disk.sync_folder(&self.folder)?;
        tail.folder_changed = false;
        Ok(())
    }

    /// How many bytes the segments take, for metrics. O(segments).
    pub fn bytes(&self) -> u64 {
        self.segments().iter().map(|segment| segment.file.len().unwrap_or(0)).sum()
    }
}
