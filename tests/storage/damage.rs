//! Accidents to the files of a ledger that was closed or killed: repaired, or refused by name, never silent.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ezu::storage::{Frame, OpenSecondCopy, Payload, SecondCopy, SecondCopyError, StorageError, StorageOptions, Store};

use super::support::{Random, all, copy_folder, entry, files, number, options, segments};

const FRAMES: u64 = 80;

/// A ledger of several segments, closed in order; with or without a checkpoint.
fn original(folder: &Path, checkpoint: bool) -> Vec<Frame> {
    let (store, _) = Store::open(folder, &options()).expect("open");
    fill(&store, checkpoint)
}

fn fill(store: &Store, checkpoint: bool) -> Vec<Frame> {
    let mut next = 1;
    while next <= FRAMES {
        let batch: Vec<_> = (next..=(next + next % 3).min(FRAMES)).map(entry).collect();
        next += batch.len() as u64;
        store.append(&batch).expect("append");
    }
    if checkpoint {
        store.put_checkpoint(50, b"the state at 50").expect("checkpoint");
    }
    all(store).expect("read")
}

/// A second copy that is never found idle: what waits before sled stays there, as when a process is killed under load.
#[derive(Debug)]
struct Busy(Arc<dyn OpenSecondCopy>);

struct BusyCopy(Box<dyn SecondCopy>);

impl OpenSecondCopy for Busy {
    fn open(&self, folder: &Path) -> Result<Box<dyn SecondCopy>, SecondCopyError> {
        Ok(Box::new(BusyCopy(self.0.open(folder)?)))
    }
}

impl SecondCopy for BusyCopy {
    fn write(&mut self, frames: &[(u64, &[u8])]) -> Result<(), SecondCopyError> {
        self.0.write(frames)
    }

    fn sync(&mut self) -> Result<(), SecondCopyError> {
        self.0.sync()
    }

    fn scan(&mut self, from: u64, budget: usize) -> Result<Vec<(u64, Vec<u8>)>, SecondCopyError> {
        self.0.scan(from, budget)
    }

    fn cut(&mut self, last: u64) -> Result<(), SecondCopyError> {
        self.0.cut(last)
    }

    fn tidy(&mut self, idle: bool) -> Result<bool, SecondCopyError> {
        if idle { Ok(false) } else { self.0.tidy(false) }
    }
}

/// As [`original`], as it stands when its process is killed.
fn killed(folder: &Path, checkpoint: bool) -> Vec<Frame> {
    let options = options();
    let kind = options.second_copy.expect("there is one");
    let busy = StorageOptions { second_copy: Some(Arc::new(Busy(kind))), ..self::options() };
    let running = folder.with_extension("running");
    let (store, _) = Store::open(&running, &busy).expect("open");
    let frames = fill(&store, checkpoint);
    copy_folder(&running, folder);
    let waiting = second_files(folder).into_iter().filter(|path| path.to_string_lossy().contains("intake-")).count();
    assert!(waiting > 3, "{waiting} files wait to be taken over");
    frames
}

/// Does one kind of harm to one file, and says what.
fn harm(random: &mut Random, path: &Path, others: &[PathBuf]) -> String {
    let mut bytes = fs::read(path).expect("read");
    let length = bytes.len() as u64;
    let place = usize::try_from(random.below(length)).expect("small");
    let what = match random.below(7) {
        0 => {
            let flips = 1 + random.below(4);
            for _ in 0..flips {
                let bit = random.below(length * 8);
                bytes[usize::try_from(bit / 8).expect("small")] ^= 1 << (bit % 8);
            }
            format!("{flips} bits flipped")
        }
        1 => {
            let start = place / 512 * 512;
            let end = (start + 512).min(bytes.len());
            bytes[start..end].fill(0);
            format!("block at {start} zeroed")
        }
        2 => {
            bytes.truncate(place);
            format!("cut at {place}")
        }
        3 => {
            let more = 1 + random.below(5000);
            bytes.extend(random.bytes(usize::try_from(more).expect("small")));
            format!("{more} bytes of garbage at the end")
        }
        4 => {
            let end = (place + 100).min(bytes.len());
            bytes[place..end].copy_from_slice(&random.bytes(end - place));
            format!("garbage at {place}")
        }
        5 => {
            fs::remove_file(path).expect("remove");
            return "removed".to_owned();
        }
        _ => {
            let other = &others[usize::try_from(random.below(others.len() as u64)).expect("small")];
            let theirs = fs::read(other).expect("read");
            fs::write(other, &bytes).expect("write");
            bytes = theirs;
            format!("exchanged with {}", other.display())
        }
    };
    fs::write(path, bytes).expect("write");
    format!("{}: {what}", path.display())
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Outcome {
    UnnoticedBecauseHarmless,
    Repaired,
    RepairedByScrub,
}

/// Opens the damaged folder and compares every frame with what was acknowledged.
fn judge(folder: &Path, expected: &[Frame], what: &str) -> Outcome {
    let (store, report) = Store::open(folder, &options()).unwrap_or_else(|error| panic!("{what}: refused: {error}"));
    assert_eq!(all(&store).unwrap_or_else(|error| panic!("{what}: {error}")), expected, "{what}");
    let mut outcome = if report.repairs.is_empty() { Outcome::UnnoticedBecauseHarmless } else { Outcome::Repaired };
    for _ in 0..3 {
        let scrub = store.scrub_step(u64::MAX);
        if !scrub.repaired.is_empty() {
            outcome = Outcome::RepairedByScrub;
        }
    }
    let report = store.verify(None).expect("verify");
    let only_checkpoints = report.problems.iter().all(|problem| problem.copy == "checkpoint");
    assert!(only_checkpoints, "{what}: after opening and a scrub: {:?}", report.problems);
    store.append(&[entry(999)]).unwrap_or_else(|error| panic!("{what}: cannot go on: {error}"));
    let head = store.head();
    drop(store);
    let (store, report) = Store::open(folder, &options()).expect("open again");
    assert_eq!(store.head(), head, "{what}");
    assert!(report.repairs.is_empty(), "{what}: repaired again: {:?}", report.repairs);
    outcome
}

/// Damages one copy in many ways. `EZU_DAMAGE_TRIALS` chooses how many (50 by default, for each copy).
fn trials(copy: &str, make: fn(&Path, bool) -> Vec<Frame>, checkpoint: bool, seed: u64) {
    let count = number("EZU_DAMAGE_TRIALS", 50) / 2;
    let base = tempfile::tempdir().expect("folder");
    let whole = base.path().join("whole");
    let expected = make(&whole, checkpoint);
    let mut outcomes: BTreeMap<Outcome, u64> = BTreeMap::new();
    for trial in 0..count {
        let trial_seed = seed * 1_000_000 + trial;
        let mut random = Random(trial_seed);
        let folder = base.path().join(format!("trial-{trial}"));
        copy_folder(&whole, &folder);
        let targets = if copy == "journal" { segments(&folder) } else { second_files(&folder) };
        let target = &targets[usize::try_from(random.below(targets.len() as u64)).expect("small")];
        let what = format!("seed {trial_seed}: {}", harm(&mut random, target, &targets));
        *outcomes.entry(judge(&folder, &expected, &what)).or_default() += 1;
        fs::remove_dir_all(&folder).expect("clean");
    }
    println!("{copy}, checkpoint: {checkpoint}: {count} trials from seed {}: {outcomes:?}", seed * 1_000_000);
}

fn second_files(folder: &Path) -> Vec<PathBuf> {
    let all = files(&folder.join("second-000001"));
    all.into_iter().filter(|path| fs::metadata(path).is_ok_and(|metadata| metadata.len() > 0)).collect()
}

#[test]
fn a_damaged_journal_is_mended_from_the_second_copy() {
    trials("journal", original, false, 1);
}

#[test]
fn a_damaged_journal_is_mended_also_before_a_checkpoint() {
    trials("journal", original, true, 2);
}

#[test]
fn a_damaged_second_copy_is_built_anew() {
    trials("second copy", original, false, 3);
}

#[test]
fn a_damaged_second_copy_is_built_anew_also_before_a_checkpoint() {
    trials("second copy", original, true, 4);
}

#[test]
fn what_a_killed_process_leaves_in_the_journal_is_mended_from_the_second_copy() {
    trials("journal", killed, false, 5);
}

#[test]
fn what_a_killed_process_leaves_in_the_second_copy_is_mended_from_the_journal() {
    trials("second copy", killed, true, 6);
}

/// Changes every occurrence of a payload in the files.
fn spoil(paths: &[PathBuf], frame: &Frame) -> usize {
    let Payload::Present(payload) = &frame.payload else { panic!("present") };
    let mut spoiled = 0;
    for path in paths {
        let mut bytes = fs::read(path).expect("read");
        let wanted = &payload[..payload.len().min(30)];
        let places: Vec<usize> =
            bytes.windows(wanted.len()).enumerate().filter(|(_, window)| *window == wanted).map(|(at, _)| at).collect();
        for place in &places {
            bytes[place + 5] ^= 0x20;
        }
        spoiled += places.len();
        fs::write(path, bytes).expect("write");
    }
    spoiled
}

#[test]
fn the_same_revision_damaged_in_both_copies_is_refused_by_name() {
    let base = tempfile::tempdir().expect("folder");
    let whole = base.path().join("whole");
    let expected = original(&whole, false);
    for revision in [1, 2, 17, 40, 79, 80] {
        let folder = base.path().join(format!("both-{revision}"));
        copy_folder(&whole, &folder);
        let frame = &expected[usize::try_from(revision - 1).expect("small")];
        assert_eq!(spoil(&segments(&folder), frame), 1);
        assert!(spoil(&files(&folder.join("second-000001")), frame) > 0);
        match Store::open(&folder, &options()).map(|(_, report)| report) {
            Err(StorageError::Refused { revision: named, .. }) => assert_eq!(named, revision),
            other => panic!("revision {revision}: {other:?}"),
        }
        let report = Store::verify_folder(&folder, &options(), None).expect("verify");
        assert!(report.problems.iter().any(|problem| problem.revision == Some(revision)), "{report:?}");
    }
}

#[test]
fn both_copies_cut_at_the_end_are_refused() {
    let base = tempfile::tempdir().expect("folder");
    let folder = base.path().join("data");
    original(&folder, false);
    fs::remove_dir_all(folder.join("second-000001")).expect("remove");
    let last = segments(&folder).pop().expect("a segment");
    let bytes = fs::read(&last).expect("read");
    fs::write(&last, &bytes[..bytes.len() - 1]).expect("write");
    let refused = Store::open(&folder, &options()).map(|(_, report)| report);
    assert!(matches!(refused, Err(StorageError::Refused { revision: FRAMES, .. })), "{refused:?}");
}

#[test]
fn a_torn_tail_that_nobody_was_told_of_is_cut_and_kept_aside() {
    let base = tempfile::tempdir().expect("folder");
    let folder = base.path().join("data");
    let expected = original(&folder, false);
    let last = segments(&folder).pop().expect("a segment");
    let bytes = fs::read(&last).expect("read");
    // The beginning of a frame as a power cut leaves it.
    fs::write(&last, [&bytes[..], &bytes[64..264]].concat()).expect("write");
    let (store, report) = Store::open(&folder, &options()).expect("open");
    assert!(report.repairs.iter().any(|repair| repair.contains("never acknowledged")), "{report:?}");
    assert_eq!(all(&store).expect("read"), expected);
    assert_eq!(files(&folder.join("quarantine")).len(), 1);
}

#[test]
fn one_copy_may_be_lost_entirely() {
    let base = tempfile::tempdir().expect("folder");
    let folder = base.path().join("data");
    let expected = original(&folder, true);
    for lost in ["journal", "second-000001", "journal", "acknowledged", "checkpoints", "format"] {
        let path = folder.join(lost);
        if path.is_dir() { fs::remove_dir_all(path) } else { fs::remove_file(path) }.expect("remove");
        let (store, _) = Store::open(&folder, &options()).unwrap_or_else(|error| panic!("{lost}: {error}"));
        assert_eq!(all(&store).expect("read"), expected, "{lost}");
        assert!(store.verify(None).expect("verify").sound, "{lost}");
    }
}

#[test]
fn rot_under_an_open_ledger_is_read_around_and_mended() {
    let base = tempfile::tempdir().expect("folder");
    let folder = base.path().join("data");
    let expected = original(&folder, false);
    let (store, _) = Store::open(&folder, &options()).expect("open");
    assert_eq!(spoil(&segments(&folder), &expected[9]), 1);
    assert_eq!(store.frame(10).expect("read").as_ref(), Some(&expected[9]));
    assert!(!store.verify(None).expect("verify").sound);
    let scrub = store.scrub_step(u64::MAX);
    assert_eq!(scrub.repaired.len(), 1, "{scrub:?}");
    assert!(store.verify(None).expect("verify").sound);
    store.append(&[entry(81)]).expect("append");
    assert_eq!(all(&store).expect("read")[..80], expected);
}
