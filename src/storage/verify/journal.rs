//! Checking the journal: every byte, every link, every removed payload.

use std::path::Path;

use super::super::disk;
use super::super::error::StorageError;
use super::super::recovery::harvest::{JournalFiles, journal_files};
use super::super::segment::{self, Found, Scan};
use super::super::types::Head;
use super::report::{MEND, TAMPERED};
use super::{Examination, Known};

impl Examination<'_> {
    pub(super) fn journal(&mut self) -> Result<(), StorageError> {
        let JournalFiles { segments, others } = journal_files(self.disk, self.layout)?;
        for path in others {
            self.problem("journal", &path, None, "an interrupted repair left this file".to_owned(), MEND);
        }
        let mut previous_first = 0;
        let last = segments.last().map_or(0, |(first, _)| *first);
        for (first, path) in segments {
            if self.limit.is_some_and(|head| first > head.revision) {
                break;
            }
            // What the device does not give reads as zeros, which are no frames.
            let (bytes, _) = disk::salvage_file(self.disk, &path).map_err(StorageError::io("read", &path))?;
            let scan = segment::scan(&bytes);
            self.segment_header(&path, first, previous_first, &scan);
            self.segment_frames(&path, &scan);
            if let Some(blank) = scan.blank.filter(|_| first != last) {
                self.damaged(&path, &(blank..scan.length), "they are blank");
            }
            previous_first = first;
        }
        self.redactions();
        Ok(())
    }

    fn segment_header(&mut self, path: &Path, first: u64, previous_first: u64, scan: &Scan) {
        let what = match scan.header {
            None => "the header of the segment is damaged",
            Some(header) if header.first != first => "the segment is not the one that its name says",
            Some(header) if header.previous_first != previous_first => "the segment before it is missing",
            Some(header) if header.previous != self.expected => "the segment is not linked to the one before",
            Some(_) => return,
        };
        self.problem("journal", path, Some(first), what.to_owned(), MEND);
    }

    fn segment_frames(&mut self, path: &Path, scan: &Scan) {
        let mut damage = scan.damage.iter().peekable();
        for found in &scan.frames {
            while let Some((range, fault)) = damage.next_if(|(range, _)| range.start < found.offset) {
                self.damaged(path, range, &fault.to_string());
            }
            if self.limit.is_some_and(|head| found.link.revision > head.revision) {
                return;
            }
            self.frame(path, found);
        }
        for (range, fault) in damage {
            // The end of a running journal may just be being written.
            if self.limit.is_none_or(|head| self.report.head.revision < head.revision) {
                self.damaged(path, range, &fault.to_string());
            }
        }
    }

    fn damaged(&mut self, path: &Path, range: &std::ops::Range<u64>, fault: &str) {
        let revision = self.report.head.revision + 1;
        let what = format!("bytes {} to {} are no frame: {fault}", range.start, range.end);
        self.problem("journal", path, Some(revision), what, MEND);
    }

    fn frame(&mut self, path: &Path, found: &Found) {
        let link = found.link;
        let next = self.report.head.revision + 1;
        if link.revision != next {
            let what = format!("revision {} stands where revision {next} should be", link.revision);
            self.problem("journal", path, Some(next), what, MEND);
        } else if link.previous != self.expected {
            let what = "it is not linked to the frame before".to_owned();
            self.problem("journal", path, Some(next), what, TAMPERED);
        } else {
            self.report.journal_frames += 1;
        }
        let has_payload = link.redacted_by == 0;
        self.known.insert(link.revision, Known { hash: link.hash, redacted_by: link.redacted_by, has_payload });
        if link.redacts != 0 {
            self.acts.insert(link.revision, link.redacts);
        }
        self.expected = link.hash;
        self.report.head = Head { revision: link.revision, hash: link.hash, time: link.time };
    }

    /// Every missing payload needs a later act that names it, and every act a missing payload.
    fn redactions(&mut self) {
        let tombstones: Vec<(u64, u64)> = self
            .known
            .iter()
            .filter(|(_, known)| !known.has_payload)
            .map(|(revision, known)| (*revision, known.redacted_by))
            .collect();
        for (revision, by) in tombstones {
            if by > revision && self.acts.get(&by) == Some(&revision) {
                self.report.redacted += 1;
            } else {
                let what = format!("its payload is gone, but revision {by} does not record a redaction of it");
                self.problem("journal", &self.layout.journal(), Some(revision), what, TAMPERED);
            }
        }
        let unfinished: Vec<(u64, u64)> = self
            .acts
            .iter()
            .filter(|(_, subject)| self.known.get(subject).is_some_and(|known| known.has_payload))
            .map(|(act, subject)| (*act, *subject))
            .collect();
        for (act, subject) in unfinished {
            let what = format!("revision {act} redacts it, but its payload is still there");
            let advice = "open the ledger: the redaction is finished; if the problem stays, redact it again";
            self.problem("journal", &self.layout.journal(), Some(subject), what, advice);
        }
    }
}
