//! The intake against a model of it.

use std::collections::BTreeMap;

use super::super::batch;
use super::super::types::{Entry, Head};
use super::*;

const SIZE: Size = Size { file_bytes: 5_000, files: 4 };

type Frames = Vec<(u64, Vec<u8>)>;

/// Real frames, linked to each other, of random lengths.
struct Chain {
    head: Head,
    seed: u64,
}

impl Chain {
    fn new(seed: u64) -> Self {
        Self { head: Head::empty(), seed }
    }

    fn below(&mut self, bound: u64) -> usize {
        self.seed = self.seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.seed >> 33) % bound).expect("small")
    }

    fn frames(&mut self) -> Frames {
        let entries: Vec<Entry> =
            (0..=self.below(5)).map(|_| Entry { payload: vec![b'a'; self.below(700)], time: 0 }).collect();
        let batch = batch::encode(self.head, entries.into(), 0, 1 << 20).expect("encoded");
        self.head = batch.head;
        batch.frames.iter().map(|frame| (frame.revision, batch.bytes[frame.start..frame.end].to_vec())).collect()
    }
}

fn put(intake: &mut Intake, frames: &Frames) -> bool {
    let lent: Vec<_> = frames.iter().map(|(revision, bytes)| (*revision, bytes.as_slice())).collect();
    intake.put(&lent).expect("put")
}

/// What somebody would find who opened the files now.
fn found(folder: &Path) -> Frames {
    let (_, remains) = Intake::open(folder, SIZE).expect("opens");
    remains.after(0, usize::MAX).expect("read")
}

fn bytes_on_disk(folder: &Path) -> u64 {
    fs::read_dir(folder).expect("there").map(|entry| entry.expect("entry").metadata().expect("there").len()).sum()
}

/// Puts, takes and forgets at random; what was not forgotten must be found by somebody who opens the files, and
/// nothing may be found that was not put.
#[test]
fn what_is_not_forgotten_is_found_again_however_often_files_are_used() {
    for seed in 1..=6 {
        let folder = tempfile::tempdir().expect("a folder");
        let (mut intake, _) = Intake::open(folder.path(), SIZE).expect("opens");
        let mut chain = Chain::new(seed);
        let mut all: BTreeMap<u64, Vec<u8>> = BTreeMap::new();
        let (mut taken_to, mut forgotten_to, mut refused) = (0, 0, 0);
        let mut next = chain.frames();
        for _ in 0..400 {
            match chain.below(10) {
                0 => {
                    let taken = intake.take(chain.below(8_000)).expect("read");
                    let waiting = all.range(taken_to + 1..).take(taken.len());
                    let oldest: Frames = waiting.map(|(revision, bytes)| (*revision, bytes.clone())).collect();
                    assert_eq!(taken, oldest, "seed {seed}: the oldest, in order");
                    taken_to = taken.last().map_or(taken_to, |(revision, _)| *revision);
                }
                1 => {
                    intake.forget();
                    forgotten_to = taken_to;
                }
                _ if put(&mut intake, &next) => all.extend(std::mem::replace(&mut next, chain.frames())),
                _ => refused += 1,
            }
            let waits = all.last_key_value().is_some_and(|(newest, _)| *newest > taken_to);
            assert_eq!(intake.has_waiting(), waits, "seed {seed}");
            let found: BTreeMap<u64, Vec<u8>> = found(folder.path()).into_iter().collect();
            for (revision, bytes) in all.range(forgotten_to + 1..) {
                assert!(found.get(revision) == Some(bytes), "seed {seed}: revision {revision} is not found");
            }
            for (revision, bytes) in &found {
                assert!(all.get(revision) == Some(bytes), "seed {seed}: revision {revision} was never put");
            }
        }
        assert!(refused > 0 && forgotten_to > 200, "seed {seed}: it was full {refused} times, {forgotten_to} passed");
        assert!(bytes_on_disk(folder.path()) <= 4 * 5_000, "seed {seed}: it stays within its size");
    }
}

#[test]
fn what_is_too_large_is_refused_and_a_damaged_frame_costs_itself_only() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut intake, _) = Intake::open(folder.path(), SIZE).expect("opens");
    assert!(!put(&mut intake, &vec![(1, vec![0; 5_001])]));
    let mut chain = Chain::new(7);
    let frames: Frames = std::iter::repeat_with(|| chain.frames()).take(2).flatten().collect();
    assert!(frames.len() > 3 && put(&mut intake, &frames));
    intake.sync().expect("synced");
    let file = folder.path().join("intake-0");
    let mut bytes = fs::read(&file).expect("read");
    let third: usize = frames[..3].iter().map(|(_, bytes)| bytes.len()).sum();
    bytes[third - 1] ^= 1;
    fs::write(&file, bytes).expect("written");
    let others: Frames = frames.iter().filter(|(revision, _)| *revision != 3).cloned().collect();
    assert_eq!(found(folder.path()), others);
    intake.take(usize::MAX).expect("read");
    intake.forget();
    intake.clear().expect("cleared");
    assert_eq!((found(folder.path()), bytes_on_disk(folder.path())), (Vec::new(), 0));
}

#[test]
fn in_the_last_quarter_it_is_crowded_and_what_a_burst_leaves_is_removed() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut intake, _) = Intake::open(folder.path(), SIZE).expect("opens");
    let piece = vec![(1, vec![0; 3_000])];
    for _ in 0..3 {
        assert!(put(&mut intake, &piece) && !intake.is_crowded());
    }
    assert!(put(&mut intake, &piece) && intake.is_crowded());
    assert!(!put(&mut intake, &piece), "four files of 5,000 hold four times 3,000");
    assert_eq!(intake.take(6_000).expect("read").len(), 2);
    assert!(!put(&mut intake, &piece), "what was taken is not forgotten yet");
    intake.forget();
    assert!(put(&mut intake, &piece) && put(&mut intake, &piece) && !put(&mut intake, &piece));
    intake.take(usize::MAX).expect("read");
    intake.forget();
    intake.shrink();
    assert!(!intake.has_waiting());
    assert_eq!(fs::read_dir(folder.path()).expect("there").count(), 2, "the last one, and one beside it");
}

#[test]
fn under_load_the_next_file_is_made_ready() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut intake, _) = Intake::open(folder.path(), SIZE).expect("opens");
    assert!(put(&mut intake, &vec![(1, vec![0; 1_000])]) && intake.spare.is_none());
    assert!(put(&mut intake, &vec![(2, vec![0; 1_000])]) && intake.spare.is_some());
    assert!(put(&mut intake, &vec![(3, vec![0; 3_500])]));
    let second = intake.used.back().expect("two");
    assert_eq!((intake.used.len(), second.end, second.written_to), (2, 3_500, 5_000));
}

/// A file that cannot be written to, as on a disk without room.
fn add_one_that_cannot_grow(intake: &mut Intake) {
    let path = intake.next_path();
    fs::write(&path, "").expect("made");
    intake.free.push(Basin::new(File::open(&path).expect("to read only"), path, 0));
}

#[test]
fn what_waits_is_known_also_when_the_next_file_cannot_grow() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut intake, _) = Intake::open(folder.path(), SIZE).expect("opens");
    let frames = vec![(1, vec![7; 3_000])];
    assert!(put(&mut intake, &frames));
    drop(intake.spare.take().and_then(Spare::finish));
    add_one_that_cannot_grow(&mut intake);
    assert!(!put(&mut intake, &vec![(2, vec![8; 3_000])]), "there is no room");
    assert!(intake.has_waiting() && !intake.is_empty());
    assert_eq!(intake.take(usize::MAX).expect("read"), frames);
    intake.forget();
    assert!(intake.is_empty());
}
