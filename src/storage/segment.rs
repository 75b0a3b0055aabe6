//! One file of the journal: a header, then frames back to back.
//!
//! ```text
//! offset  bytes
//!      0      4  magic "EZS" and the format version (1)
//!      4      4  zero
//!      8      8  first revision
//!     16      8  first revision of the segment before, or 0
//!     24     32  hash of the frame before the first
//!     56      4  zero
//!     60      4  CRC-32C of the 60 bytes before
//! ```

use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::codec::{self, FrameFault, HEADER_BYTES, Header};
use super::disk::DiskFile;
use super::hash::Hash;

/// The length of the header of a segment in bytes, in memory and in a file.
pub(super) const SEGMENT_HEADER: usize = 64;
/// See [`SEGMENT_HEADER`].
pub(super) const SEGMENT_HEADER_BYTES: u64 = SEGMENT_HEADER as u64;
/// How much is read at a time while stepping from header to header, in bytes.
const WINDOW_BYTES: usize = 256 << 10;
const SEGMENT_MAGIC: [u8; 4] = *b"EZS\x01";
/// How the names of segments end.
pub(super) const SEGMENT_SUFFIX: &str = ".segment";

/// The fixed part of a segment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct SegmentHeader {
    pub first: u64,
    pub previous_first: u64,
    pub previous: Hash,
}

impl SegmentHeader {
    pub fn encode(&self) -> [u8; SEGMENT_HEADER] {
        let mut bytes = [0; SEGMENT_HEADER];
        bytes[..4].copy_from_slice(&SEGMENT_MAGIC);
        bytes[8..16].copy_from_slice(&self.first.to_le_bytes());
        bytes[16..24].copy_from_slice(&self.previous_first.to_le_bytes());
        bytes[24..56].copy_from_slice(self.previous.as_bytes());
        let crc = crc32c::crc32c(&bytes[..60]);
        bytes[60..].copy_from_slice(&crc.to_le_bytes());
        bytes
    }

    /// `None` when the bytes are not a header of format version 1, whole and unchanged.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let bytes: &[u8; SEGMENT_HEADER] = bytes.first_chunk()?;
        let number = |at: usize| bytes[at..].first_chunk().map(|piece| u64::from_le_bytes(*piece));
        let crc = u32::from_le_bytes(*bytes[60..].first_chunk()?);
        if bytes[..4] != SEGMENT_MAGIC || crc32c::crc32c(&bytes[..60]) != crc {
            return None;
        }
        let previous = Hash::from_bytes(*bytes[24..].first_chunk()?);
        Some(Self { first: number(8)?, previous_first: number(16)?, previous })
    }
}

/// The name of the segment that begins with a revision.
pub(super) fn file_name(first: u64) -> String {
    format!("{first:020}{SEGMENT_SUFFIX}")
}

/// The revision in the name of a segment.
pub(super) fn first_from_name(name: &str) -> Option<u64> {
    name.strip_suffix(SEGMENT_SUFFIX)?.parse().ok()
}

/// A segment that is part of the journal, open for reading (and, the last one, for writing).
#[derive(Debug)]
pub(super) struct Segment {
    pub path: PathBuf,
    pub first: u64,
    pub file: Box<dyn DiskFile>,
    places: Mutex<Places>,
}

/// Where frames begin, found out as far as anybody asked.
#[derive(Debug)]
struct Places {
    /// The revision of the first offset.
    from: u64,
    offsets: Vec<u64>,
    next: u64,
}

impl Segment {
    pub fn new(path: &Path, first: u64, file: Box<dyn DiskFile>) -> Self {
        let places = Places::from(first, SEGMENT_HEADER_BYTES);
        Self { path: path.to_path_buf(), first, file, places: Mutex::new(places) }
    }

    // A list of offsets is only ever extended by whole values, so a poisoned lock is harmless.
    fn places(&self) -> MutexGuard<'_, Places> {
        self.places.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads and checks one frame. O(its length), after the first time a segment is used:
    /// O(frames before it).
    pub fn read(&self, revision: u64) -> std::io::Result<Result<(Header, Vec<u8>), FrameFault>> {
        let offset = match self.locate(revision)? {
            Ok(offset) => offset,
            Err(fault) => return Ok(Err(fault)),
        };
        let header = match self.header_at(offset)? {
            Ok(header) if header.revision == revision => header,
            Ok(_) => return Ok(Err(FrameFault::Revision)),
            Err(fault) => return Ok(Err(fault)),
        };
        let mut payload = vec![0; header.payload_bytes as usize];
        let read = self.file.read_at(offset + HEADER_BYTES as u64, &mut payload)?;
        if read < payload.len() {
            return Ok(Err(FrameFault::Short));
        }
        Ok(header.check_payload(&payload).map(|()| (header, payload)))
    }

    fn header_at(&self, offset: u64) -> std::io::Result<Result<Header, FrameFault>> {
        let mut bytes = [0; HEADER_BYTES];
        let read = self.file.read_at(offset, &mut bytes)?;
        Ok(Header::decode(&bytes[..read]))
    }

    /// Where a frame begins, by stepping from header to header beyond what is known already.
    pub fn locate(&self, revision: u64) -> std::io::Result<Result<u64, FrameFault>> {
        if revision < self.first {
            return Ok(Err(FrameFault::Revision));
        }
        let mut places = self.places();
        if revision < places.from {
            // Somebody asks for what lies before the place that was known at first.
            *places = Places::from(self.first, SEGMENT_HEADER_BYTES);
        }
        let Ok(place) = usize::try_from(revision - places.from) else {
            return Ok(Err(FrameFault::Revision));
        };
        let mut window = Window::default();
        while places.offsets.len() <= place {
            let bytes = window.at(self.file.as_ref(), places.next)?;
            match Header::decode(bytes) {
                Ok(header) => places.push(header.frame_bytes()),
                Err(fault) => return Ok(Err(fault)),
            }
        }
        Ok(Ok(places.offsets[place]))
    }

    /// Makes known where a frame begins, if nothing is known yet.
    pub fn expect_at(&self, revision: u64, offset: u64) {
        let mut places = self.places();
        if places.offsets.is_empty() && revision >= self.first {
            *places = Places::from(revision, offset);
        }
    }

    /// Whether the header is whole and fits, and nothing follows the frames up to `last`.
    pub fn has_clean_edges(&self, last: u64, previous: Hash) -> std::io::Result<bool> {
        let mut bytes = [0; SEGMENT_HEADER];
        let read = self.file.read_at(0, &mut bytes)?;
        let fits = |header: SegmentHeader| header.first == self.first && header.previous == previous;
        let Ok(offset) = self.locate(last)? else {
            return Ok(false);
        };
        let Ok(header) = self.header_at(offset)? else {
            return Ok(false);
        };
        let ends = self.file.len()? == offset + header.frame_bytes();
        Ok(ends && SegmentHeader::decode(&bytes[..read]).is_some_and(fits))
    }

    /// Makes known where frames of the given lengths lie from `offset` on, if everything before is known.
    pub fn extend(&self, offset: u64, lengths: impl Iterator<Item = u64>) {
        let mut places = self.places();
        if places.next == offset {
            lengths.for_each(|length| places.push(length));
        }
    }
}

impl Places {
    fn from(revision: u64, offset: u64) -> Self {
        Self { from: revision, offsets: Vec::new(), next: offset }
    }

    fn push(&mut self, length: u64) {
        self.offsets.push(self.next);
        self.next += length;
    }
}

/// A piece of a file that slides forward, so that many small frames cost one read.
#[derive(Debug, Default)]
struct Window {
    start: u64,
    bytes: Vec<u8>,
}

impl Window {
    /// The bytes of a header that begins at `offset`; fewer at the end of the file.
    fn at(&mut self, file: &dyn DiskFile, offset: u64) -> std::io::Result<&[u8]> {
        let inside = |start: u64, length: usize| {
            let from = usize::try_from(offset.checked_sub(start)?).ok()?;
            (from + HEADER_BYTES <= length).then_some(from)
        };
        if inside(self.start, self.bytes.len()).is_none() {
            // The first time only one header is read: it may be all that is asked for.
            let wanted = if self.bytes.is_empty() { HEADER_BYTES } else { WINDOW_BYTES };
            self.bytes.resize(wanted, 0);
            let read = file.read_at(offset, &mut self.bytes)?;
            self.bytes.truncate(read);
            self.start = offset;
        }
        let from = inside(self.start, self.bytes.len()).unwrap_or(0);
        let to = (from + HEADER_BYTES).min(self.bytes.len());
        Ok(&self.bytes[from..to])
    }
}

/// Where one frame was found while a whole segment was read, and how it is linked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub link: Link,
    pub offset: u64,
    pub length: u64,
}

/// What recovery must know of a frame, whichever copy holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Link {
    pub revision: u64,
    pub batch: u64,
    pub time: i64,
    pub redacts: u64,
    pub redacted_by: u64,
    pub previous: Hash,
    pub hash: Hash,
}

impl Link {
    pub fn of(header: &Header) -> Self {
        Self {
            revision: header.revision,
            batch: header.batch,
            time: header.time,
            redacts: header.redacts,
            redacted_by: header.redacted_by,
            previous: header.previous,
            hash: header.hash(),
        }
    }
}

/// Everything in the bytes of a segment: valid frames, and the ranges that are none.
#[derive(Debug, Default)]
pub(super) struct Scan {
    pub header: Option<SegmentHeader>,
    pub frames: Vec<Found>,
    pub damage: Vec<(std::ops::Range<u64>, FrameFault)>,
    pub length: u64,
    /// Where the zeros begin that the writer of the last segment writes ahead, if there are any.
    pub blank: Option<u64>,
}

/// Reads all frames in the bytes of a segment file, going on behind damage wherever a frame header is found.
/// O(bytes).
pub(super) fn scan(bytes: &[u8]) -> Scan {
    // With a broken segment header the frames behind it may still begin at their usual place.
    let start = bytes.len().min(SEGMENT_HEADER);
    Scan { header: SegmentHeader::decode(bytes), ..scan_frames(bytes, start) }
}

/// As [`scan`], for bytes in which frames begin at `start`; places count from the beginning of the bytes.
pub(super) fn scan_frames(bytes: &[u8], start: usize) -> Scan {
    let mut scan = Scan { length: bytes.len() as u64, ..Scan::default() };
    let content = bytes.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1);
    let mut at = start;
    while at < bytes.len() {
        match codec::decode(&bytes[at..]) {
            Ok((header, payload)) => {
                let frame = HEADER_BYTES + payload.len();
                scan.frames.push(Found { link: Link::of(&header), offset: at as u64, length: frame as u64 });
                at += frame;
            }
            Err(_) if at >= content => {
                scan.blank = Some(at as u64);
                break;
            }
            Err(fault) => {
                let next = next_frame(bytes, at);
                scan.damage.push((at as u64..next as u64, fault));
                at = next;
            }
        }
    }
    scan
}

/// The next place behind `at` that begins with a valid frame header, or the end.
pub(super) fn next_frame(bytes: &[u8], at: usize) -> usize {
    let mut place = at + 1;
    while let Some(step) =
        bytes.get(place..).and_then(|rest| rest.windows(4).position(|four| four == codec::FRAME_MAGIC))
    {
        place += step;
        if Header::decode(&bytes[place..]).is_ok() {
            return place;
        }
        place += 1;
    }
    bytes.len()
}
