//! Every operation on the disk fails once, for every one of a short life of a ledger.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use ezu::storage::{
    AppendError, Disk, DiskFile, Entry, Health, OpenMode, OpenSecondCopy, Payload, RealDisk, SecondCopy,
    SecondCopyError, SledKind, StorageOptions, Store,
};

use super::support::{entry, number, options, payloads};

/// How an operation fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    /// An error of the device, once.
    Error,
    /// An error of the device, from then on.
    ErrorFromThenOn,
    /// No room, once; half of what was to be written is written.
    Full,
    /// A write stops half-way with an error of the device; other operations fail like `Error`.
    Short,
}

/// Counts operations, and makes one of them fail.
#[derive(Debug)]
struct Plan {
    fault: Fault,
    at: u64,
    count: AtomicU64,
    happened: AtomicBool,
}

impl Plan {
    fn new(fault: Fault, at: u64) -> Arc<Self> {
        Arc::new(Self { fault, at, count: AtomicU64::new(0), happened: AtomicBool::new(false) })
    }

    /// Counts an operation; the error it is to fail with, if any.
    fn step(&self) -> io::Result<()> {
        let count = self.count.fetch_add(1, Ordering::SeqCst) + 1;
        let fails = count == self.at || (count > self.at && self.fault == Fault::ErrorFromThenOn);
        if !fails {
            return Ok(());
        }
        self.happened.store(true, Ordering::SeqCst);
        Err(match self.fault {
            Fault::Full => io::ErrorKind::StorageFull.into(),
            _ => io::Error::other("the device failed"),
        })
    }

    fn happened(&self) -> bool {
        self.happened.load(Ordering::SeqCst)
    }
}

#[derive(Debug)]
struct FaultyDisk(Arc<Plan>);

#[derive(Debug)]
struct FaultyFile(Box<dyn DiskFile>, Arc<Plan>);

impl Disk for FaultyDisk {
    fn open(&self, path: &Path, mode: OpenMode) -> io::Result<Box<dyn DiskFile>> {
        // A file that is not there is an answer, not an operation that could fail.
        if mode != OpenMode::Read || path.exists() {
            self.0.step()?;
        }
        Ok(Box::new(FaultyFile(RealDisk.open(path, mode)?, Arc::clone(&self.0))))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.0.step()?;
        RealDisk.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.0.step()?;
        RealDisk.remove(path)
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        self.0.step()?;
        RealDisk.remove_folder(path)
    }

    fn create_folder(&self, path: &Path) -> io::Result<()> {
        self.0.step()?;
        RealDisk.create_folder(path)
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        self.0.step()?;
        RealDisk.sync_folder(path)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        self.0.step()?;
        RealDisk.list(folder)
    }
}

impl DiskFile for FaultyFile {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        self.1.step()?;
        self.0.read_at(offset, buffer)
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.1.step().inspect_err(|_| {
            if matches!(self.1.fault, Fault::Full | Fault::Short) {
                self.0.write_at(offset, &bytes[..bytes.len() / 2]).expect("the first half");
            }
        })?;
        self.0.write_at(offset, bytes)
    }

    fn sync(&self) -> io::Result<()> {
        self.1.step()?;
        self.0.sync()
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        self.1.step()?;
        self.0.set_len(length)
    }

    fn len(&self) -> io::Result<u64> {
        self.0.len()
    }
}

/// What the caller of the store was told.
#[derive(Debug, Default)]
struct Told {
    /// Payloads by revision that were acknowledged.
    acknowledged: Vec<(u64, Vec<u8>)>,
    /// Payloads of which nothing may be found.
    refused: Vec<Vec<u8>>,
    /// Revisions whose redaction was acknowledged.
    redacted: Vec<u64>,
    /// Revisions whose redaction was tried.
    maybe_redacted: Vec<u64>,
}

impl Told {
    fn append(&mut self, store: &Store, batch: &[Entry]) {
        match store.append(batch) {
            Ok(receipts) => {
                let pairs = receipts.iter().zip(batch);
                self.acknowledged.extend(pairs.map(|(receipt, entry)| (receipt.revision, entry.payload.clone())));
            }
            Err(AppendError::ReadOnly(_)) => {
                assert!(matches!(store.health(), Health::ReadOnly { .. }), "it says why it stopped");
            }
            Err(_) => self.refused.extend(batch.iter().map(|entry| entry.payload.clone())),
        }
    }
}

/// A life of twenty operations: appends over several segments, checkpoints, a redaction, a backup, a
/// scrub, and an opening in between. Ends early when opening is refused.
fn live(folder: &Path, options: &StorageOptions, told: &mut Told) {
    let mut next = 1;
    for round in 0..2 {
        let Ok((store, _)) = Store::open(folder, options) else {
            return;
        };
        for step in 0..4 {
            let batch: Vec<_> = (next..next + 3).map(big).collect();
            next += 3;
            told.append(&store, &batch);
            told.append(&store, &[entry(500 + next)]);
            if step == 1 {
                drop(store.put_checkpoint(store.head().revision, b"state"));
                drop(store.backup(&mut Vec::new(), None));
            }
        }
        told.maybe_redacted.push(round + 2);
        if store.redact(round + 2, &entry(700 + round)).is_ok() {
            told.redacted.push(round + 2);
        }
        drop(store.scrub_step(u64::MAX));
        told.append(&store, &[entry(600 + next)]);
    }
}

fn big(number: u64) -> Entry {
    let mut entry = entry(number);
    entry.payload.resize(700, b'.');
    entry
}

/// Opens with an intact disk, and compares with what the caller was told.
fn judge(folder: &Path, told: &Told, what: &str) {
    let (store, report) =
        Store::open(folder, &options()).unwrap_or_else(|error| panic!("{what}: refused on an intact disk: {error}"));
    let found = payloads(&store);
    for (revision, payload) in &told.acknowledged {
        let kept = usize::try_from(revision - 1).ok().and_then(|place| found.get(place));
        match kept {
            Some(Some(bytes)) => {
                assert_eq!(bytes, payload, "{what}: revision {revision} is another");
            }
            Some(None) => assert!(told.maybe_redacted.contains(revision), "{what}: revision {revision} is redacted"),
            None => panic!("{what}: acknowledged revision {revision} is lost: {report:?}"),
        }
    }
    for payload in &told.refused {
        assert!(!found.contains(&Some(payload.clone())), "{what}: a refused entry came back");
    }
    for revision in &told.redacted {
        let frame = store.frame(*revision).expect("read").expect("present");
        assert!(matches!(frame.payload, Payload::Redacted { .. }), "{what}: {revision} is not redacted");
    }
    drop(store.scrub_step(u64::MAX));
    let verified = store.verify(None).expect("verify");
    let serious: Vec<_> = verified.problems.iter().filter(|problem| !problem.what.contains("redacts it")).collect();
    assert!(serious.is_empty(), "{what}: {serious:?}");
    store.append(&[entry(900)]).unwrap_or_else(|error| panic!("{what}: {error}"));
}

/// How many lives are lived beside each other: most of a life is waiting for a copy that has failed.
const LANES: u64 = 4;

/// Runs the life with each operation failing in turn, until the plan outlives it. `EZU_FAULT_STEP`
/// chooses every how manieth operation fails (1: each; 11 by default).
fn every_operation_fails_once(fault: Fault) {
    let step = number("EZU_FAULT_STEP", 11);
    let lanes: Vec<(usize, usize)> = thread::scope(|scope| {
        let lane = |number| scope.spawn(move || operations_fail(fault, 1 + number * step, LANES * step));
        let lanes: Vec<_> = (0..LANES).map(lane).collect();
        lanes.into_iter().map(|lane| lane.join().unwrap_or_else(|panic| resume_unwind(panic))).collect()
    });
    let (failed, acknowledged) = lanes.iter().fold((0, 0), |sum, lane| (sum.0 + lane.0, sum.1 + lane.1));
    println!("{fault:?}: {failed} operations, each failed once; {acknowledged} entries acknowledged in all");
}

/// From one operation on every so manieth; answers with how many failed, and how many entries were acknowledged.
fn operations_fail(fault: Fault, first: u64, step: u64) -> (usize, usize) {
    let (mut failed, mut acknowledged) = (0, 0);
    for at in (0..).map(|turn| first + turn * step) {
        let base = tempfile::tempdir().expect("folder");
        let folder = base.path().join("data");
        let plan = Plan::new(fault, at);
        let faulty = StorageOptions { disk: Arc::new(FaultyDisk(Arc::clone(&plan))), ..options() };
        let what = format!("{fault:?} at operation {at}");
        let mut told = Told::default();
        let lived = catch_unwind(AssertUnwindSafe(|| live(&folder, &faulty, &mut told)));
        assert!(lived.is_ok(), "{what}: panicked");
        judge(&folder, &told, &what);
        acknowledged += told.acknowledged.len();
        if !plan.happened() {
            break;
        }
        failed += 1;
    }
    (failed, acknowledged)
}

#[test]
fn every_operation_fails_with_an_error() {
    every_operation_fails_once(Fault::Error);
}

#[test]
fn every_operation_fails_and_all_after_it() {
    every_operation_fails_once(Fault::ErrorFromThenOn);
}

#[test]
fn every_operation_finds_the_disk_full() {
    every_operation_fails_once(Fault::Full);
}

#[test]
fn every_write_stops_half_way() {
    every_operation_fails_once(Fault::Short);
}

#[test]
fn after_a_full_disk_writing_goes_on() {
    let base = tempfile::tempdir().expect("folder");
    // Find the first write of a batch by trying.
    for at in 1.. {
        let folder = base.path().join(format!("data-{at}"));
        let plan = Plan::new(Fault::Full, at);
        let faulty = StorageOptions { disk: Arc::new(FaultyDisk(Arc::clone(&plan))), ..options() };
        let Ok((store, _)) = Store::open(&folder, &faulty) else {
            continue;
        };
        if plan.happened() {
            continue;
        }
        let refused = store.append(&[entry(1)]);
        if matches!(refused, Err(AppendError::DiskFull(_))) {
            assert!(matches!(store.health(), Health::Degraded { .. }));
            assert_eq!(store.append(&[entry(2)]).expect("there is room again")[0].revision, 1);
            assert_eq!(store.health(), Health::Ready);
            return;
        }
    }
}

/// How a second copy misbehaves.
#[derive(Debug, Clone, Copy)]
enum Trouble {
    Fails,
    Panics,
    Hangs,
}

#[derive(Debug)]
struct FaultySled(Trouble, Arc<Plan>);

struct FaultyCopy(Box<dyn SecondCopy>, Trouble, Arc<Plan>);

impl OpenSecondCopy for FaultySled {
    fn open(&self, folder: &Path) -> Result<Box<dyn SecondCopy>, SecondCopyError> {
        trouble(self.0, &self.1)?;
        Ok(Box::new(FaultyCopy(SledKind::default().open(folder)?, self.0, Arc::clone(&self.1))))
    }
}

fn trouble(kind: Trouble, plan: &Plan) -> Result<(), SecondCopyError> {
    match (plan.step(), kind) {
        (Ok(()), _) => Ok(()),
        (Err(error), Trouble::Fails) => Err(SecondCopyError(error.to_string())),
        (Err(_), Trouble::Panics) => panic!("the second copy panics, as the test asks"),
        (Err(_), Trouble::Hangs) => {
            thread::sleep(Duration::from_secs(60));
            Ok(())
        }
    }
}

impl SecondCopy for FaultyCopy {
    fn write(&mut self, frames: &[(u64, &[u8])]) -> Result<(), SecondCopyError> {
        trouble(self.1, &self.2)?;
        self.0.write(frames)
    }

    fn sync(&mut self) -> Result<(), SecondCopyError> {
        trouble(self.1, &self.2)?;
        self.0.sync()
    }

    fn scan(&mut self, from: u64, budget: usize) -> Result<Vec<(u64, Vec<u8>)>, SecondCopyError> {
        trouble(self.1, &self.2)?;
        self.0.scan(from, budget)
    }

    fn cut(&mut self, last: u64) -> Result<(), SecondCopyError> {
        trouble(self.1, &self.2)?;
        self.0.cut(last)
    }

    fn tidy(&mut self, idle: bool) -> Result<bool, SecondCopyError> {
        trouble(self.1, &self.2)?;
        self.0.tidy(idle)
    }
}

/// With any single failure of the second copy everything is still acknowledged, and kept.
fn every_operation_of_the_second_copy(kind: Trouble, deadline: Duration, step: u64) {
    let mut at = 1;
    loop {
        let base = tempfile::tempdir().expect("folder");
        let folder = base.path().join("data");
        let plan = Plan::new(Fault::Error, at);
        let faulty = StorageOptions {
            second_copy: Some(Arc::new(FaultySled(kind, Arc::clone(&plan)))),
            second_copy_deadline: deadline,
            ..options()
        };
        let what = format!("the second copy {kind:?} at {at}");
        let mut told = Told::default();
        live(&folder, &faulty, &mut told);
        assert_eq!(told.acknowledged.len(), 34, "{what}: an append was not acknowledged");
        // The handle of a copy that hangs still holds sled's lock; recovery then works without it.
        judge(&folder, &told, &what);
        if !plan.happened() {
            break;
        }
        at += step;
    }
    println!("the second copy {kind:?}: at each of {at} operations");
}

#[test]
fn a_failing_second_copy_costs_nothing() {
    every_operation_of_the_second_copy(Trouble::Fails, Duration::from_secs(20), number("EZU_FAULT_STEP", 11));
}

#[test]
fn a_panicking_second_copy_costs_nothing() {
    every_operation_of_the_second_copy(Trouble::Panics, Duration::from_secs(20), number("EZU_FAULT_STEP", 11));
}

#[test]
fn a_hanging_second_copy_costs_one_deadline() {
    every_operation_of_the_second_copy(Trouble::Hangs, Duration::from_millis(500), 5);
}

#[test]
fn a_failed_second_copy_is_built_anew_while_writing_goes_on() {
    let base = tempfile::tempdir().expect("folder");
    let folder = base.path().join("data");
    let plan = Plan::new(Fault::Error, 12);
    let kind: Arc<dyn OpenSecondCopy> = Arc::new(FaultySled(Trouble::Panics, Arc::clone(&plan)));
    let (store, _) = Store::open(&folder, &StorageOptions { second_copy: Some(kind), ..options() }).expect("open");
    let mut number = 0;
    while store.health() == Health::Ready {
        number += 1;
        store.append(&[entry(number)]).expect("append");
    }
    assert_eq!(store.metrics().copies, 1);
    let report = store.scrub_step(1);
    assert_eq!(report.problems, Vec::<String>::new());
    assert_eq!((store.health(), store.metrics().copies), (Health::Ready, 2));
    store.append(&[entry(number + 1)]).expect("append");
    assert!(store.verify(None).expect("verify").sound);
}

/// A device with a sector that cannot be read any more, in the file that was there at first.
#[derive(Debug)]
struct BadSector;

#[derive(Debug)]
struct BadSectorFile(Box<dyn DiskFile>, bool);

impl Disk for BadSector {
    fn open(&self, path: &Path, mode: OpenMode) -> io::Result<Box<dyn DiskFile>> {
        let file = RealDisk.open(path, mode)?;
        // The sector is at a place of the device, and so belongs to the old file only.
        let hit = path.ends_with("journal/00000000000000000001.segment") && path.with_file_name("bad-sector").exists();
        Ok(Box::new(BadSectorFile(file, hit)))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        if to.ends_with("journal/00000000000000000001.segment") {
            RealDisk.remove(&to.with_file_name("bad-sector"))?;
        }
        RealDisk.rename(from, to)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        RealDisk.remove(path)
    }

    fn remove_folder(&self, path: &Path) -> io::Result<()> {
        RealDisk.remove_folder(path)
    }

    fn create_folder(&self, path: &Path) -> io::Result<()> {
        RealDisk.create_folder(path)
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        RealDisk.sync_folder(path)
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<String>> {
        let mut names = RealDisk.list(folder)?;
        names.retain(|name| name != "bad-sector");
        Ok(names)
    }
}

impl DiskFile for BadSectorFile {
    fn read_at(&self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let end = offset + buffer.len() as u64;
        if self.1 && offset < 1000 && end > 500 {
            return Err(io::Error::other("the sector cannot be read"));
        }
        self.0.read_at(offset, buffer)
    }

    fn write_at(&self, offset: u64, bytes: &[u8]) -> io::Result<()> {
        self.0.write_at(offset, bytes)
    }

    fn sync(&self) -> io::Result<()> {
        self.0.sync()
    }

    fn set_len(&self, length: u64) -> io::Result<()> {
        self.0.set_len(length)
    }

    fn len(&self) -> io::Result<u64> {
        self.0.len()
    }
}

#[test]
fn a_sector_that_cannot_be_read_is_mended_from_the_second_copy_or_refused() {
    for alone in [false, true] {
        let base = tempfile::tempdir().expect("folder");
        let folder = base.path().join("data");
        let (store, _) = Store::open(&folder, &options()).expect("open");
        store.append((1..=40).map(entry).collect::<Vec<_>>()).expect("append");
        let expected = payloads(&store);
        drop(store);
        let mut bad = StorageOptions { disk: Arc::new(BadSector), ..options() };
        let mark = folder.join("journal/bad-sector");
        if alone {
            bad.second_copy = None;
            std::fs::write(&mark, "").expect("write");
            assert!(Store::open(&folder, &bad).is_err(), "nothing could mend it");
            continue;
        }
        std::fs::write(&mark, "").expect("write");
        let (store, report) = Store::open(&folder, &bad).expect("open");
        assert!(report.repaired_frames > 0, "{report:?}");
        assert_eq!(payloads(&store), expected);
        assert!(!mark.exists(), "the file was written anew elsewhere");
        assert!(store.verify(None).expect("verify").sound);
    }
}
