//! Bringing the journal back to what the union says, without ever holding less than before.
//!
//! New segments are written aside and synced first; then what they replace is copied to quarantine; only
//! then are they renamed into place. A crash in between leaves files that the next opening harvests.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::codec;
use super::super::disk::{self, Disk, DiskFile, OpenMode};
use super::super::error::StorageError;
use super::super::fence::Fence;
use super::super::layout::Layout;
use super::super::quarantine;
use super::super::segment::{self, SEGMENT_HEADER_BYTES, SegmentHeader};
use super::harvest::Harvested;
use super::union::{Evidence, Source, Union};

/// What mending works with.
pub(super) struct Mender<'a> {
    pub disk: &'a Arc<dyn Disk>,
    pub layout: &'a Layout,
    pub files: &'a [Harvested],
    pub union: &'a Union,
    pub evidence: &'a Evidence,
    pub fence: Option<&'a Fence>,
    pub repairs: &'a mut Vec<String>,
    /// The first revision of the segment before the first harvested one, or 0.
    pub previous_first: u64,
    /// Tells the files of this repair from those of an earlier one.
    pub round: usize,
}

/// Revisions `first..=last`; empty when `last < first`.
#[derive(Debug, Clone, Copy)]
struct Span {
    first: u64,
    last: u64,
}

impl Mender<'_> {
    /// Mends the journal. Returns how many frames were taken from the second copy.
    pub fn mend(&mut self) -> Result<u64, StorageError> {
        let clean: Vec<Option<Span>> =
            (0..self.files.len()).map(|number| clean_span(self.files, self.union, number)).collect();
        let mut gaps = self.gaps(&clean);
        gaps.retain(|gap| gap.first <= gap.last);
        let mut placed = BTreeSet::new();
        for gap in &gaps {
            placed.extend(self.write_aside(*gap, &clean)?);
        }
        let taken = gaps
            .iter()
            .flat_map(|gap| gap.first..=gap.last)
            .filter(|revision| self.union.source(*revision).is_some_and(|source| source.journal.is_none()));
        let taken = taken.count() as u64;
        self.put_in_place(&clean, &placed)?;
        for (number, span) in clean.iter().enumerate() {
            if let Some(span) = span {
                self.cut_tail(number, *span)?;
            }
        }
        let folder = self.layout.journal();
        self.disk.sync_folder(&folder).map_err(StorageError::io("sync", &folder))?;
        Ok(taken)
    }

    /// The name under which a segment is written before it replaces another. Files that an interrupted
    /// repair left behind may be needed, and are not overwritten.
    fn aside(&self, path: &Path) -> PathBuf {
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".{}.new", self.round));
        PathBuf::from(name)
    }

    /// The revisions that no clean file holds.
    fn gaps(&self, clean: &[Option<Span>]) -> Vec<Span> {
        let mut gaps = Vec::new();
        let mut next = self.union.base + 1;
        let mut spans: Vec<Span> = clean.iter().copied().flatten().collect();
        spans.sort_by_key(|span| span.first);
        for span in spans {
            gaps.push(Span { first: next, last: span.first.saturating_sub(1) });
            next = next.max(span.last + 1);
        }
        gaps.push(Span { first: next, last: self.union.head() });
        gaps
    }

    /// Writes the segments for a gap beside the others, and returns the names they will have.
    fn write_aside(&mut self, gap: Span, clean: &[Option<Span>]) -> Result<Vec<PathBuf>, StorageError> {
        let mut bounds = BTreeSet::from([gap.first]);
        let inside = |first: &u64| (gap.first..=gap.last).contains(first);
        bounds.extend(self.files.iter().filter_map(|file| file.name_first).filter(inside));
        bounds.extend(self.files.iter().filter_map(|file| Some(file.header?.previous_first)).filter(inside));
        let bounds: Vec<u64> = bounds.into_iter().collect();
        let before = clean.iter().flatten().filter(|span| span.first < gap.first).map(|span| span.first).max();
        let mut previous_first = before.unwrap_or(self.previous_first);
        let mut written = Vec::new();
        for (place, first) in bounds.iter().enumerate() {
            let last = bounds.get(place + 1).map_or(gap.last, |next| next - 1);
            let path = self.layout.journal().join(segment::file_name(*first));
            self.write_segment(&path, Span { first: *first, last }, previous_first)?;
            self.repairs.push(format!("revisions {first} to {last} of the journal were written anew"));
            previous_first = *first;
            written.push(path);
        }
        Ok(written)
    }

    fn write_segment(&self, path: &Path, span: Span, previous_first: u64) -> Result<(), StorageError> {
        let aside = self.aside(path);
        let failed = |source| StorageError::Io { action: "write", path: aside.clone(), source };
        let previous = self.union.hash_before(span.first).unwrap_or(self.union.base_hash);
        let file = self.disk.open(&aside, OpenMode::Replace).map_err(failed)?;
        file.write_at(0, &SegmentHeader { first: span.first, previous_first, previous }.encode()).map_err(failed)?;
        let mut offset = SEGMENT_HEADER_BYTES;
        for revision in span.first..=span.last {
            let bytes = self.fetch(revision)?;
            file.write_at(offset, &bytes).map_err(failed)?;
            offset += bytes.len() as u64;
        }
        file.sync().map_err(failed)
    }

    /// The bytes of one frame of the union, checked once more.
    fn fetch(&self, revision: u64) -> Result<Vec<u8>, StorageError> {
        let lost = |reason: String| StorageError::Damaged { revision, reason };
        let source = self.union.source(revision).ok_or_else(|| lost("it is not in the union".to_owned()))?;
        let bytes = match source.journal {
            Some(place) => {
                let path = &self.files[place.file as usize].path;
                let file = self.disk.open(path, OpenMode::Read).map_err(StorageError::io("open", path))?;
                read_exactly(file.as_ref(), place.offset, place.length).map_err(StorageError::io("read", path))?
            }
            None => self.fetch_second(revision)?,
        };
        match codec::decode(&bytes) {
            Ok((header, _)) if header.hash() == source.link.hash => Ok(bytes),
            Ok(_) => Err(lost("it changed while it was being repaired".to_owned())),
            Err(fault) => Err(lost(fault.to_string())),
        }
    }

    fn fetch_second(&self, revision: u64) -> Result<Vec<u8>, StorageError> {
        let found = self.fence.map(|fence| fence.call(move |copy| copy.scan(revision, 1)));
        match found {
            Some(Ok(records)) if records.first().is_some_and(|(stored, _)| *stored == revision) => {
                Ok(records.into_iter().next().map(|(_, bytes)| bytes).unwrap_or_default())
            }
            Some(Err(error)) => Err(StorageError::Damaged { revision, reason: format!("the second copy: {error}") }),
            _ => Err(StorageError::Damaged { revision, reason: "the second copy lost it meanwhile".to_owned() }),
        }
    }

    /// Quarantines every file that is not clean, renames the new ones into place, removes the rest.
    fn put_in_place(&mut self, clean: &[Option<Span>], placed: &BTreeSet<PathBuf>) -> Result<(), StorageError> {
        let files = self.files;
        let dirty: Vec<&Harvested> =
            files.iter().zip(clean).filter(|(_, span)| span.is_none()).map(|(file, _)| file).collect();
        for file in &dirty {
            if file.frames > 0 || file.length > SEGMENT_HEADER_BYTES {
                let (bytes, _) =
                    disk::salvage_file(self.disk, &file.path).map_err(StorageError::io("read", &file.path))?;
                self.quarantine(&file.path, &bytes)?;
            }
        }
        for path in placed {
            self.disk.rename(&self.aside(path), path).map_err(StorageError::io("rename", path))?;
        }
        let folder = self.layout.journal();
        self.disk.sync_folder(&folder).map_err(StorageError::io("sync", &folder))?;
        for file in dirty.iter().filter(|file| !placed.contains(&file.path)) {
            match self.disk.remove(&file.path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    return Err(StorageError::io("remove", &file.path)(error));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Cuts what lies behind the last frame of the union: it was never acknowledged.
    fn cut_tail(&mut self, number: usize, span: Span) -> Result<(), StorageError> {
        let file = &self.files[number];
        let end = match self.union.source(span.last).and_then(|source| source.journal) {
            Some(place) if span.last >= span.first => place.offset + place.length,
            _ => SEGMENT_HEADER_BYTES,
        };
        if end == file.length {
            return Ok(());
        }
        let path = file.path.clone();
        let failed = |source| StorageError::Io { action: "cut", path: path.clone(), source };
        let open = self.disk.open(&path, OpenMode::Write).map_err(failed)?;
        let torn = read_exactly(open.as_ref(), end, file.length - end).map_err(failed)?;
        let blank = torn.iter().all(|byte| *byte == 0);
        if !blank {
            self.quarantine(&path, &torn)?;
        }
        open.set_len(end).and_then(|()| open.sync()).map_err(failed)?;
        if blank {
            // Only what the writer had written ahead.
            return Ok(());
        }
        let lost: Vec<u64> =
            self.evidence.journal.range((self.union.head() + 1, 0)..).map(|((revision, _), _)| *revision).collect();
        self.repairs.push(format!(
            "a tail of {} bytes after revision {} was cut: it was never acknowledged{}",
            torn.len(),
            span.last,
            if lost.is_empty() { String::new() } else { format!(" (it held parts of revisions {lost:?})") },
        ));
        Ok(())
    }

    /// Keeps damaged bytes aside.
    fn quarantine(&mut self, path: &Path, bytes: &[u8]) -> Result<(), StorageError> {
        let target = quarantine::keep(self.disk, self.layout, path, bytes)?;
        self.repairs.push(format!(
            "{} bytes of {} were put aside as {}",
            bytes.len(),
            path.display(),
            target.display()
        ));
        Ok(())
    }
}

/// The revisions of a file that can stay as it is (but for a tail to be cut); `None` when it cannot.
fn clean_span(files: &[Harvested], union: &Union, number: usize) -> Option<Span> {
    let file = &files[number];
    file.header.filter(|header| Some(header.first) == file.name_first)?;
    let start = file.start?;
    let number = u32::try_from(number).ok()?;
    let (mut offset, mut next) = (start.offset, start.revision);
    if union.hash_before(next) != Some(start.previous) {
        return None;
    }
    while let Some(Source { journal: Some(place), .. }) = union.source(next) {
        if place.file != number || place.offset != offset {
            break;
        }
        offset += place.length;
        next += 1;
    }
    let whole = offset == file.length;
    let at_the_end = next == union.head() + 1;
    // A segment without any frame is only of use as the last one.
    let span = Span { first: start.revision, last: next - 1 };
    ((whole && next > start.revision) || at_the_end).then_some(span)
}

/// Whether the files hold the whole union between them, and need at most a tail cut.
pub(super) fn are_clean(files: &[Harvested], union: &Union) -> bool {
    let mut next = union.base + 1;
    let follows = |span: Option<Span>| {
        let fits = span.is_some_and(|span| span.first == next);
        next = span.map_or(next, |span| span.last + 1);
        fits
    };
    (0..files.len()).map(|number| clean_span(files, union, number)).all(follows) && next == union.head() + 1
}

fn read_exactly(file: &dyn DiskFile, offset: u64, length: u64) -> std::io::Result<Vec<u8>> {
    let length = usize::try_from(length).map_err(|_| std::io::Error::from(std::io::ErrorKind::FileTooLarge))?;
    let mut bytes = vec![0; length];
    let read = file.read_at(offset, &mut bytes)?;
    bytes.truncate(read);
    Ok(bytes)
}
