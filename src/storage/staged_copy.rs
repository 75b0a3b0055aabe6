//! The second copy: sled, with an intake before it.

use std::path::Path;

use super::intake::{Intake, Remains, Size};
use super::platform;
use super::second_copy::{SecondCopy, SecondCopyError};
use super::sled_copy::{SledCopy, failed};

/// How many bytes sled takes over at a time. Whoever asks for something meanwhile waits for it.
const STEP_BYTES: usize = 256 << 10;
/// After so many bytes sled is synced, and their room in the intake can be used again.
const SYNC_BYTES: u64 = 4 << 20;
/// The intake takes at most this part of the room that is free on the disk.
const SHARE_OF_ROOM: u64 = 16;
/// How many files the intake is made of at most.
const FILES: usize = 16;

/// Frames are on stable storage when they are in the intake, and move to sled when nobody waits.
pub(super) struct StagedCopy {
    sled: SledCopy,
    intake: Intake,
    /// sled itself was changed and is not synced.
    changed: bool,
}

impl StagedCopy {
    /// Opens the intake in `folder`, whose sled is open, and lets sled take over what is in it.
    pub fn open(folder: &Path, sled: SledCopy, intake_bytes: u64) -> Result<Self, SecondCopyError> {
        let room = platform::free_bytes(folder).map_or(u64::MAX, |room| room / SHARE_OF_ROOM);
        let size = Size { file_bytes: intake_bytes.min(room) / FILES as u64, files: FILES };
        let (intake, remains) = Intake::open(folder, size).map_err(|error| failed("open the intake", &error))?;
        let mut copy = Self { sled, intake, changed: false };
        copy.take_over_remains(&remains)?;
        copy.intake.shrink();
        Ok(copy)
    }

    /// Lets sled take over what it lacks of what was found in the intake.
    fn take_over_remains(&mut self, remains: &Remains) -> Result<(), SecondCopyError> {
        let first = self.sled.last()?;
        let mut last = first;
        loop {
            let found = remains.after(last, STEP_BYTES).map_err(|error| failed("read the intake", &error))?;
            let Some((newest, _)) = found.last() else {
                break;
            };
            last = *newest;
            self.give(&found)?;
        }
        if last > first { self.sled.sync() } else { Ok(()) }
    }

    fn give(&mut self, frames: &[(u64, Vec<u8>)]) -> Result<(), SecondCopyError> {
        let frames: Vec<_> = frames.iter().map(|(revision, bytes)| (*revision, bytes.as_slice())).collect();
        self.sled.write(&frames)
    }

    /// Lets sled take over about `budget` bytes, the oldest first.
    fn take_over(&mut self, budget: usize) -> Result<(), SecondCopyError> {
        let taken = self.intake.take(budget).map_err(|error| failed("read the intake", &error))?;
        self.give(&taken)?;
        if self.intake.leaving_bytes() >= SYNC_BYTES || !self.intake.has_waiting() {
            self.sled.sync()?;
            self.intake.forget();
        }
        Ok(())
    }

    fn take_over_all(&mut self) -> Result<(), SecondCopyError> {
        while self.intake.has_waiting() {
            self.take_over(STEP_BYTES)?;
        }
        Ok(())
    }
}

impl SecondCopy for StagedCopy {
    fn write(&mut self, frames: &[(u64, &[u8])]) -> Result<(), SecondCopyError> {
        let kept = |error| failed("write to the intake", &error);
        if self.intake.put(frames).map_err(kept)? {
            return Ok(());
        }
        self.take_over_all()?;
        if self.intake.put(frames).map_err(kept)? {
            return Ok(());
        }
        self.changed = true;
        self.sled.write(frames)
    }

    fn sync(&mut self) -> Result<(), SecondCopyError> {
        if self.changed {
            self.sled.sync()?;
            self.changed = false;
        }
        self.intake.sync().map_err(|error| failed("sync the intake", &error))
    }

    fn scan(&mut self, from: u64, budget: usize) -> Result<Vec<(u64, Vec<u8>)>, SecondCopyError> {
        let found = self.sled.scan(from, budget)?;
        if !found.is_empty() || !self.intake.has_waiting() {
            return Ok(found);
        }
        self.take_over_all()?;
        self.sled.scan(from, budget)
    }

    fn cut(&mut self, last: u64) -> Result<(), SecondCopyError> {
        self.take_over_all()?;
        self.sled.cut(last)?;
        self.changed = true;
        // What was cut must not come back from what the intake still remembers of it.
        self.intake.clear().map_err(|error| failed("empty the intake", &error))
    }

    fn tidy(&mut self, idle: bool) -> Result<bool, SecondCopyError> {
        if self.intake.has_waiting() && (idle || self.intake.is_crowded()) {
            self.take_over(STEP_BYTES)?;
        }
        let waits = self.intake.has_waiting();
        if idle && !waits {
            self.intake.shrink();
        }
        Ok(waits)
    }
}

impl Drop for StagedCopy {
    /// In an orderly end nothing is left to be looked for at the next opening.
    fn drop(&mut self) {
        let emptied =
            self.take_over_all().and_then(|()| self.intake.clear().map_err(|error| failed("empty the intake", &error)));
        if let Err(error) = emptied {
            tracing::warn!(%error, "the second copy keeps frames in its intake until the next opening");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sixteen files of 600 bytes: two frames each.
    const INTAKE: u64 = 9_600;

    fn open(folder: &Path) -> StagedCopy {
        let sled = SledCopy::open(folder, 1 << 20).expect("opens");
        StagedCopy::open(folder, sled, INTAKE).expect("opens")
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
        assert_eq!(copy.sled.last().expect("read"), 4, "nobody asked, so it was taken over");
        for frame in &all[4..] {
            write(&mut copy, std::slice::from_ref(frame));
        }
        assert_eq!(copy.sled.last().expect("read"), 4, "the rest waits");
        let left = killed(copy, folder.path());
        let mut copy = open(left.path());
        assert_eq!(copy.sled.last().expect("read"), 10);
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
            assert!(copy.sled.last().expect("read") + 32 > place as u64, "at most what the intake holds is behind");
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
