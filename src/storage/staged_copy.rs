//! The second copy: sled, with an intake before it.

use std::path::Path;
use std::time::Duration;

use super::fence::{Fence, Ticket};
use super::intake::{Intake, Remains, Size};
use super::platform;
use super::second_copy::{SecondCopy, SecondCopyError};
use super::sled_copy::{SledCopy, failed};

/// How many bytes sled takes over at a time. Whoever asks for something in a quiet moment waits for it.
const STEP_BYTES: usize = 256 << 10;
/// After so many bytes sled is synced, and their room in the intake can be used again.
const SYNC_BYTES: u64 = 4 << 20;
/// So much at a time goes to sled at once, if nothing waits before it: keeping it twice would cost more than it saves.
const AT_ONCE_BYTES: usize = 1 << 20;
/// The intake takes at most this part of the room that is free on the disk.
const SHARE_OF_ROOM: u64 = 16;
/// How many files the intake is made of at most.
const FILES: usize = 16;
/// Whoever waits for the whole copy has a deadline; this only is not another one.
const PATIENCE: Duration = Duration::from_secs(24 * 60 * 60);

/// Frames are on stable storage when they are in the intake, and move to sled when nobody waits, or beside the writing
/// when the intake becomes crowded.
pub(super) struct StagedCopy {
    sled: SledCopy,
    /// The same on a thread of its own, where it takes frames over; gone at the end.
    taker: Option<Fence>,
    intake: Intake,
    /// What sled is taking over at this moment.
    taking: Option<Taking>,
    /// sled itself was changed and is not synced.
    changed: bool,
}

struct Taking {
    ticket: Ticket<()>,
    /// Afterwards all that was taken over is on stable storage.
    syncs: bool,
}

impl StagedCopy {
    /// Opens the intake in `folder`, whose sled is open, and lets sled take over what is in it.
    pub fn open(folder: &Path, mut sled: SledCopy, intake_bytes: u64) -> Result<Self, SecondCopyError> {
        let room = platform::free_bytes(folder).map_or(u64::MAX, |room| room / SHARE_OF_ROOM);
        let size = Size { file_bytes: intake_bytes.min(room) / FILES as u64, files: FILES };
        let (mut intake, remains) = Intake::open(folder, size).map_err(|error| failed("open the intake", &error))?;
        take_over_remains(&mut sled, &remains)?;
        intake.shrink();
        let taker = Some(Fence::around(sled.clone(), "ezu-sled", PATIENCE)?);
        Ok(Self { sled, taker, intake, taking: None, changed: false })
    }

    /// Lets sled begin to take over the oldest frames that wait, if it is not taking over others.
    fn begin_taking(&mut self) -> Result<(), SecondCopyError> {
        let Some(taker) = self.taker.as_ref().filter(|_| self.taking.is_none() && self.intake.has_waiting()) else {
            return Ok(());
        };
        let taken = self.intake.take(STEP_BYTES).map_err(|error| failed("read the intake", &error))?;
        let syncs = self.intake.leaving_bytes() >= SYNC_BYTES || !self.intake.has_waiting();
        let ticket = taker.begin(move |sled| {
            give(sled, &taken)?;
            if syncs { sled.sync() } else { Ok(()) }
        });
        self.taking = Some(Taking { ticket, syncs });
        Ok(())
    }

    /// Sees whether sled has finished what it was taking over.
    fn look_after_taking(&mut self) -> Result<(), SecondCopyError> {
        match self.taking.as_ref().and_then(|taking| taking.ticket.poll()) {
            None => Ok(()),
            Some(done) => {
                let syncs = self.taking.take().is_some_and(|taking| taking.syncs);
                self.taken(done, syncs)
            }
        }
    }

    /// Waits until sled has finished what it was taking over.
    fn finish_taking(&mut self) -> Result<(), SecondCopyError> {
        match self.taking.take() {
            None => Ok(()),
            Some(Taking { ticket, syncs }) => self.taken(ticket.wait(), syncs),
        }
    }

    fn taken(&mut self, done: Result<(), SecondCopyError>, synced: bool) -> Result<(), SecondCopyError> {
        done?;
        if synced {
            self.intake.forget();
        }
        Ok(())
    }

    fn take_over_all(&mut self) -> Result<(), SecondCopyError> {
        self.finish_taking()?;
        while self.intake.has_waiting() {
            self.begin_taking()?;
            self.finish_taking()?;
        }
        Ok(())
    }

    /// Gives frames to sled itself, behind everything that was taken over.
    fn write_to_sled(&mut self, frames: &[(u64, &[u8])]) -> Result<(), SecondCopyError> {
        self.changed = true;
        self.sled.write(frames)
    }

    fn empty(&mut self) -> Result<(), SecondCopyError> {
        self.take_over_all()?;
        self.intake.clear().map_err(|error| failed("empty the intake", &error))
    }
}

/// Lets sled take over what it lacks of what was found in the intake.
fn take_over_remains(sled: &mut SledCopy, remains: &Remains) -> Result<(), SecondCopyError> {
    let end = sled.end()?;
    let mut first = end.newest;
    if end.whole < end.newest && remains.hold_all(end.whole + 1, end.newest) {
        // What it had begun to take over is taken over again.
        sled.cut(end.whole)?;
        first = end.whole;
    }
    let mut last = first;
    loop {
        let found = remains.after(last, STEP_BYTES).map_err(|error| failed("read the intake", &error))?;
        let Some((newest, _)) = found.last() else {
            break;
        };
        last = *newest;
        give(sled, &found)?;
    }
    if last > first { sled.sync() } else { Ok(()) }
}

fn give(sled: &mut dyn SecondCopy, frames: &[(u64, Vec<u8>)]) -> Result<(), SecondCopyError> {
    let frames: Vec<_> = frames.iter().map(|(revision, bytes)| (*revision, bytes.as_slice())).collect();
    sled.write(&frames)
}

impl SecondCopy for StagedCopy {
    fn write(&mut self, frames: &[(u64, &[u8])]) -> Result<(), SecondCopyError> {
        let bytes: usize = frames.iter().map(|(_, bytes)| bytes.len()).sum();
        if bytes >= AT_ONCE_BYTES && self.intake.is_empty() {
            return self.write_to_sled(frames);
        }
        let kept = |error| failed("write to the intake", &error);
        if self.intake.put(frames).map_err(kept)? {
            return Ok(());
        }
        self.take_over_all()?;
        if self.intake.put(frames).map_err(kept)? {
            return Ok(());
        }
        self.write_to_sled(frames)
    }

    fn sync(&mut self) -> Result<(), SecondCopyError> {
        if self.changed {
            self.sled.sync()?;
            self.changed = false;
        }
        self.intake.sync().map_err(|error| failed("sync the intake", &error))
    }

    fn scan(&mut self, from: u64, budget: usize) -> Result<Vec<(u64, Vec<u8>)>, SecondCopyError> {
        // Half of what is being taken over would look like damage.
        self.finish_taking()?;
        let found = self.sled.scan(from, budget)?;
        if !found.is_empty() || self.intake.is_empty() {
            return Ok(found);
        }
        self.take_over_all()?;
        self.sled.scan(from, budget)
    }

    fn cut(&mut self, last: u64) -> Result<(), SecondCopyError> {
        // What was cut must not come back from what the intake still remembers of it.
        self.empty()?;
        self.changed = true;
        self.sled.cut(last)
    }

    fn tidy(&mut self, idle: bool) -> Result<bool, SecondCopyError> {
        self.look_after_taking()?;
        if idle {
            self.begin_taking()?;
            self.finish_taking()?;
        } else if self.intake.is_crowded() {
            self.begin_taking()?;
        }
        let is_empty = self.intake.is_empty();
        if idle && is_empty {
            self.intake.shrink();
        }
        Ok(!is_empty)
    }
}

impl Drop for StagedCopy {
    /// In an orderly end nothing is left to be looked for at the next opening.
    fn drop(&mut self) {
        if let Err(error) = self.empty() {
            tracing::warn!(%error, "the second copy keeps frames in its intake until the next opening");
        }
        if let Some(taker) = self.taker.take() {
            taker.close();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sixteen files of 600 bytes: two frames each.
    const INTAKE: u64 = 9_600;

    fn open(folder: &Path) -> StagedCopy {
        open_with(folder, INTAKE)
    }

    fn open_with(folder: &Path, intake_bytes: u64) -> StagedCopy {
        let sled = SledCopy::open(folder, 1 << 20).expect("opens");
        StagedCopy::open(folder, sled, intake_bytes).expect("opens")
    }

    fn frames(revisions: std::ops::RangeInclusive<u64>) -> Vec<(u64, Vec<u8>)> {
        let mut head = super::super::types::Head::empty();
        let mut frames = Vec::new();
        for revision in 1..=*revisions.end() {
            let entry = super::super::types::Entry { payload: vec![b'x'; 100], time: 0 };
            let batch = super::super::batch::encode(head, vec![entry].into(), 0, 1_000).expect("encoded");
            head = batch.head;
            frames.push((revision, batch.bytes));
        }
        frames.retain(|(revision, _)| revisions.contains(revision));
        frames
    }

    fn write(copy: &mut StagedCopy, frames: &[(u64, Vec<u8>)]) {
        let lent: Vec<_> = frames.iter().map(|(revision, bytes)| (*revision, bytes.as_slice())).collect();
        copy.write(&lent).and_then(|()| copy.sync()).expect("written");
    }

    /// The newest revision that sled has.
    fn sled_has(copy: &StagedCopy) -> u64 {
        copy.sled.end().expect("read").whole
    }

    /// Whether exactly these frames are in the copy.
    fn holds(copy: &mut StagedCopy, from: u64, expected: &[(u64, Vec<u8>)]) -> bool {
        let mut found = Vec::new();
        let mut next = from;
        loop {
            let more = copy.scan(next, 1 << 20).expect("read");
            let Some((last, _)) = more.last() else {
                return found == expected;
            };
            next = last + 1;
            found.extend(more);
        }
    }

    /// How many bytes the files of the intake have.
    fn intake_bytes(folder: &Path) -> u64 {
        let entries = std::fs::read_dir(folder).expect("there").map(|entry| entry.expect("an entry"));
        let files = entries.filter(|entry| entry.file_name().to_string_lossy().starts_with("intake-"));
        files.map(|file| file.metadata().expect("there").len()).sum()
    }

    /// The folder as a killed process would leave it.
    fn killed(copy: StagedCopy, folder: &Path) -> tempfile::TempDir {
        let left = tempfile::tempdir().expect("a folder");
        for entry in std::fs::read_dir(folder).expect("there").map(|entry| entry.expect("an entry")) {
            if entry.path().is_file() {
                std::fs::copy(entry.path(), left.path().join(entry.file_name())).expect("copied");
            }
        }
        std::mem::forget(copy);
        left
    }

    #[test]
    fn what_sled_has_not_taken_over_is_taken_over_at_the_next_opening() {
        let folder = tempfile::tempdir().expect("a folder");
        let all = frames(1..=10);
        let mut copy = open(folder.path());
        write(&mut copy, &all[..2]);
        write(&mut copy, &all[2..4]);
        while copy.tidy(true).expect("tidied") {}
        assert_eq!(sled_has(&copy), 4, "nobody asked, so it was taken over");
        for frame in &all[4..] {
            write(&mut copy, std::slice::from_ref(frame));
        }
        assert_eq!(sled_has(&copy), 4, "the rest waits");
        let left = killed(copy, folder.path());
        let mut copy = open(left.path());
        assert_eq!(sled_has(&copy), 10);
        assert!(holds(&mut copy, 1, &all));
    }

    #[test]
    fn a_group_that_sled_had_only_begun_is_taken_over_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let all = frames(1..=100);
        let mut copy = open_with(folder.path(), 16 * 40_000);
        write(&mut copy, &all[..2]);
        while copy.tidy(true).expect("tidied") {}
        write(&mut copy, &all[2..]);
        while copy.tidy(true).expect("tidied") {}
        let whole = copy.sled.end().expect("read");
        copy.sled.tear_last_group();
        let torn = copy.sled.end().expect("read");
        assert!(torn.whole > 2 && torn.whole < whole.whole, "{torn:?}: some frames of the group are there");
        let left = killed(copy, folder.path());
        let mut copy = open_with(left.path(), 16 * 40_000);
        assert!(holds(&mut copy, 1, &all));
    }

    #[test]
    fn what_waits_is_found_and_what_is_crowded_moves() {
        let folder = tempfile::tempdir().expect("a folder");
        let all = frames(1..=200);
        let mut copy = open(folder.path());
        all[..3].iter().for_each(|frame| write(&mut copy, std::slice::from_ref(frame)));
        assert!(copy.tidy(false).expect("tidied"), "it waits for a quiet moment");
        assert!(holds(&mut copy, 2, &all[1..3]));
        for (place, frame) in all.iter().enumerate().skip(3) {
            write(&mut copy, std::slice::from_ref(frame));
            copy.tidy(false).expect("tidied");
            assert!(sled_has(&copy) + 32 > place as u64, "at most what the intake holds is behind");
        }
        assert!(holds(&mut copy, 1, &all));
        assert!(intake_bytes(folder.path()) <= INTAKE);
    }

    #[test]
    fn what_was_cut_does_not_come_back() {
        let folder = tempfile::tempdir().expect("a folder");
        let all = frames(1..=10);
        let mut copy = open(folder.path());
        all.chunks(2).for_each(|two| write(&mut copy, two));
        copy.cut(6).and_then(|()| copy.sync()).expect("cut");
        let left = killed(copy, folder.path());
        assert!(holds(&mut open(left.path()), 1, &all[..6]));
    }

    #[test]
    fn what_is_larger_than_the_intake_goes_to_sled_behind_what_waits() {
        let folder = tempfile::tempdir().expect("a folder");
        let all = frames(1..=60);
        let mut copy = open(folder.path());
        write(&mut copy, &all[..2]);
        write(&mut copy, &all[2..]);
        let left = killed(copy, folder.path());
        assert!(holds(&mut open(left.path()), 1, &all));
    }

    #[test]
    fn an_orderly_end_leaves_an_empty_intake() {
        let folder = tempfile::tempdir().expect("a folder");
        let all = frames(1..=10);
        let mut copy = open(folder.path());
        all.chunks(2).for_each(|two| write(&mut copy, two));
        assert!(intake_bytes(folder.path()) > 0);
        drop(copy);
        assert_eq!(intake_bytes(folder.path()), 0);
        assert!(holds(&mut open(folder.path()), 1, &all));
    }
}
