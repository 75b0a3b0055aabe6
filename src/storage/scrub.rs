//! The scrub: re-reading old frames slowly, to find bit rot while the other copy can still mend it.

use serde::Serialize;

use super::codec::{self, Header};
use super::hash::Hash;
use super::ledger::Ledger;
use super::metrics::add;
use super::second_copy::SecondCopyError;

/// The most steps that pass between two attempts to build the second copy anew.
const MOST_PATIENCE: u32 = 32;

/// Where the scrub is.
#[derive(Debug, Default)]
pub(super) struct ScrubState {
    next: u64,
    previous: Option<Hash>,
    /// Damage that could not be mended in this round, and in the one before.
    problems: Vec<String>,
    known: Vec<String>,
    /// Steps to wait before the second copy is built anew, and how long the next wait is.
    wait: u32,
    patience: u32,
}

/// What one step of the scrub did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct ScrubReport {
    /// The first revision that was re-read, and the last; 0 when there was nothing to read.
    pub from: u64,
    /// The last revision that was re-read.
    pub to: u64,
    /// Bytes re-read, in one copy.
    pub bytes: u64,
    /// What was mended, in words.
    pub repaired: Vec<String>,
    /// What could not be mended, in words.
    pub problems: Vec<String>,
    /// The end was reached; the next step begins anew.
    pub finished_round: bool,
}

impl Ledger {
    /// Re-reads about `budget` bytes of each copy from where the last step ended, and mends what it can.
    pub(super) fn scrub_step(&self, budget: u64) -> ScrubReport {
        let mut state = self.maintain();
        self.writer().look_for_room();
        let mut report = ScrubReport::default();
        self.revive_second(&mut state, &mut report);
        let head = self.head().revision;
        state.next = state.next.max(1);
        report.from = if head == 0 { 0 } else { state.next.min(head) };
        let mut second = Reader::default();
        while state.next <= head && report.bytes < budget {
            let revision = state.next;
            self.scrub_frame(revision, &mut second, &mut state, &mut report);
            report.to = revision;
            state.next += 1;
        }
        if state.next > head {
            report.finished_round = true;
            state.known = std::mem::take(&mut state.problems);
            state.next = 1;
            state.previous = None;
        }
        add(&self.counters.scrubbed_bytes, report.bytes);
        report
    }

    /// Damage that the scrub found and could not mend.
    pub(super) fn unmended(&self) -> Vec<String> {
        // A scrub that is at work is not waited for.
        self.maintenance.try_lock().map(|state| [state.known.as_slice(), &state.problems].concat()).unwrap_or_default()
    }

    fn revive_second(&self, state: &mut ScrubState, report: &mut ScrubReport) {
        if !self.second.wants_rebuilding() {
            return;
        }
        if state.wait > 0 {
            state.wait -= 1;
            return;
        }
        if state.patience > 0 {
            self.make_room_for_second();
        }
        match self.rebuild_second() {
            Ok(frames) => {
                state.patience = 0;
                report.repaired.push(format!("the second copy was built anew from {frames} frames"));
            }
            Err(error) => {
                state.patience = (state.patience * 2).clamp(1, MOST_PATIENCE);
                state.wait = state.patience;
                report.problems.push(format!("the second copy could not be built anew: {error}"));
            }
        }
    }

    fn scrub_frame(&self, revision: u64, second: &mut Reader, state: &mut ScrubState, report: &mut ScrubReport) {
        let stored = self.second.is_in_service().then(|| second.get(self, revision));
        let linked = |header: &Header| state.previous.is_none_or(|previous| header.previous == previous);
        let journal = self.read_journal(revision).and_then(|frame| {
            if linked(&frame.0) { Ok(frame) } else { Err("it is not linked to the frame before".to_owned()) }
        });
        match journal {
            Ok((header, payload)) => {
                report.bytes += header.frame_bytes();
                state.previous = Some(header.hash());
                if !self.has_clean_edges(revision) {
                    self.mend(revision, "something else than frames is in the file", state, report);
                }
                if let Some(stored) = stored {
                    self.compare(revision, &header, &payload, stored.as_deref(), report);
                }
            }
            Err(reason) => {
                state.previous = None;
                self.mend(revision, &reason, state, report);
            }
        }
    }

    fn mend(&self, revision: u64, reason: &str, state: &mut ScrubState, report: &mut ScrubReport) {
        match self.mend_segment(revision) {
            Ok(done) => report.repaired.push(done),
            Err(error) => {
                let file = self.segment_name(revision);
                let problem = format!("revision {revision} in {file} is damaged ({reason}) and not mended: {error}");
                state.problems.push(problem.clone());
                report.problems.push(problem);
            }
        }
    }

    /// Whether header and end of a finished segment are right, when `revision` is its last frame.
    fn has_clean_edges(&self, revision: u64) -> bool {
        let segments = self.journal.segments();
        let after = segments.partition_point(|segment| segment.first <= revision);
        let finished = segments.get(after).is_some_and(|next| next.first == revision + 1);
        let Some(segment) = after.checked_sub(1).map(|place| &segments[place]).filter(|_| finished) else {
            return true;
        };
        let previous = match segment.first {
            1 => Ok(Hash::genesis()),
            first => self.raw_frame(first - 1).map(|(header, _)| header.hash()),
        };
        previous.is_ok_and(|previous| segment.has_clean_edges(revision, previous).unwrap_or(false))
    }

    /// Compares the second copy with an intact frame of the journal.
    fn compare(&self, revision: u64, header: &Header, payload: &[u8], stored: Option<&[u8]>, report: &mut ScrubReport) {
        let same = |bytes: &[u8]| {
            codec::whole(bytes, revision)
                .is_ok_and(|(other, content)| other.hash() == header.hash() && content == payload)
        };
        let what = match stored {
            Some(bytes) if same(bytes) => return,
            Some(_) => "damaged",
            None if self.second.is_in_service() => "missing",
            None => return,
        };
        let reason = format!("revision {revision} of the second copy is {what}");
        report.repaired.push(format!("{reason}; the copy will be built anew"));
        self.second.fail(&SecondCopyError(reason));
    }
}

/// Reads the second copy in order, a chunk at a time.
#[derive(Debug, Default)]
struct Reader {
    chunk: std::collections::VecDeque<(u64, Vec<u8>)>,
}

impl Reader {
    fn get(&mut self, ledger: &Ledger, revision: u64) -> Option<Vec<u8>> {
        self.chunk.retain(|(stored, _)| *stored >= revision);
        if self.chunk.is_empty() {
            self.chunk = ledger.second.ask(move |copy| copy.scan(revision, 1 << 20))?.into();
        }
        match self.chunk.front() {
            Some((stored, _)) if *stored == revision => self.chunk.pop_front().map(|(_, bytes)| bytes),
            _ => None,
        }
    }
}
