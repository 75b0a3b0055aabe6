//! Random sequences of everything that a store can do, against a model that is a plain list.

use std::path::PathBuf;

use ezu::storage::{Act, Entry, Payload, StorageOptions, Store};

use super::support::{Random, number, options};

/// What the store should hold.
#[derive(Default)]
struct Model {
    /// Payload (none when redacted), time, and the redacted revision of an act.
    frames: Vec<(Option<Vec<u8>>, i64, Option<u64>)>,
    checkpoints: Vec<(u64, Vec<u8>)>,
}

impl Model {
    fn head(&self) -> u64 {
        self.frames.len() as u64
    }

    fn push(&mut self, entry: &Entry, redacts: Option<u64>) {
        self.frames.push((Some(entry.payload.clone()), entry.time, redacts));
    }

    /// The revisions that can be restored on their own: no payload before them was removed after them.
    fn restorable(&self, revision: u64) -> bool {
        (revision + 1..=self.head()).filter_map(|act| self.frame(act).2).all(|subject| subject > revision)
    }

    fn frame(&self, revision: u64) -> &(Option<Vec<u8>>, i64, Option<u64>) {
        &self.frames[usize::try_from(revision - 1).expect("small")]
    }

    fn check(&self, store: &Store, random: &mut Random) {
        assert_eq!(store.head().revision, self.head());
        let from = 1 + random.below(self.head());
        let to = from + random.below(20);
        let mut revision = from;
        for frame in store.frames(from, to) {
            let frame = frame.expect("read");
            let (payload, time, redacts) = self.frame(revision);
            assert_eq!((frame.revision, frame.time), (revision, *time));
            match (&frame.payload, payload) {
                (Payload::Present(found), Some(expected)) => assert_eq!(found, expected),
                (Payload::Redacted { by }, None) => assert_eq!(self.frame(*by).2, Some(revision)),
                other => panic!("revision {revision}: {other:?}"),
            }
            assert_eq!(frame.act, redacts.map_or(Act::Change, |of| Act::Redaction { of }));
            revision += 1;
        }
        assert_eq!(revision, (to + 1).min(self.head() + 1).max(from));
    }
}

fn random_entry(random: &mut Random) -> Entry {
    let length = match random.below(20) {
        0 => 0,
        1 => 2000 + random.below(9000),
        _ => random.below(400),
    };
    let time = i64::try_from(random.below(1 << 40)).expect("small") - (1 << 39);
    Entry { payload: random.bytes(usize::try_from(length).expect("small")), time }
}

/// A store, and what it should hold.
struct Run {
    base: tempfile::TempDir,
    folder: PathBuf,
    options: StorageOptions,
    store: Option<Store>,
    model: Model,
    random: Random,
}

impl Run {
    fn new(seed: u64) -> Self {
        let mut random = Random(seed);
        let base = tempfile::tempdir().expect("folder");
        let mut options = StorageOptions { segment_bytes: 1 << (10 + random.below(5)), ..options() };
        if random.below(8) == 0 {
            options.second_copy = None;
        }
        let folder = base.path().join("0");
        let (store, _) = Store::open(&folder, &options).expect("open");
        Self { base, folder, options, store: Some(store), model: Model::default(), random }
    }

    fn store(&self) -> &Store {
        self.store.as_ref().expect("open")
    }

    fn step(&mut self, number: u64) {
        match self.random.below(24) {
            0..12 => self.append(),
            12 if self.model.head() > 0 => self.redact(),
            13..15 if self.model.head() > 0 => self.checkpoint(),
            15..17 => self.reopen(),
            17 => self.restore(number),
            18 => {
                let budget = 1 + self.random.below(20_000);
                assert!(self.store().scrub_step(budget).repaired.is_empty());
            }
            19 => {
                let head = self.store().head();
                let report = self.store().verify(Some((head.revision, head.hash)));
                assert!(report.as_ref().is_ok_and(|report| report.sound), "{report:?}");
            }
            20 => assert_eq!(self.store().newest_checkpoint().expect("read"), self.model.checkpoints.last().cloned()),
            _ => {
                let store = self.store.as_ref().expect("open");
                self.model.check(store, &mut self.random);
            }
        }
    }

    fn append(&mut self) {
        let random = &mut self.random;
        let batch: Vec<_> = (0..=random.below(6)).map(|_| random_entry(random)).collect();
        let receipts = self.store().append(&batch).expect("append");
        assert_eq!(receipts.len(), batch.len());
        for entry in &batch {
            self.model.push(entry, None);
        }
    }

    fn redact(&mut self) {
        let subject = 1 + self.random.below(self.model.head());
        let act = random_entry(&mut self.random);
        let lawful = self.model.frame(subject).0.is_some();
        assert_eq!(self.store().redact(subject, &act).is_ok(), lawful);
        if lawful {
            self.model.push(&act, Some(subject));
            self.model.frames[usize::try_from(subject - 1).expect("small")].0 = None;
            self.model.checkpoints.retain(|(revision, _)| *revision < subject);
        }
    }

    fn checkpoint(&mut self) {
        let revision = 1 + self.random.below(self.model.head());
        let state = self.random.bytes(50);
        self.store().put_checkpoint(revision, &state).expect("checkpoint");
        let checkpoints = &mut self.model.checkpoints;
        checkpoints.retain(|(existing, _)| *existing != revision);
        checkpoints.push((revision, state));
        checkpoints.sort();
        let surplus = checkpoints.len().saturating_sub(3);
        checkpoints.drain(..surplus);
    }

    fn reopen(&mut self) {
        self.store = None;
        self.store = Some(Store::open(&self.folder, &self.options).expect("open").0);
    }

    fn restore(&mut self, number: u64) {
        let mut bytes = Vec::new();
        let head = if self.random.below(2) == 0 {
            self.store().export_ndjson(&mut bytes)
        } else {
            self.store().backup(&mut bytes, None)
        };
        assert_eq!(head.expect("backup"), self.store().head());
        let target = self.base.path().join(number.to_string());
        let early = self.random.below(self.model.head() + 1);
        let wanted = (self.random.below(2) == 0).then_some(early);
        let result = Store::restore(&mut &bytes[..], &target, &self.options, wanted);
        let revision = wanted.unwrap_or(self.model.head());
        assert_eq!(result.is_ok(), self.model.restorable(revision), "{result:?}");
        if result.is_ok() {
            self.folder = target;
            self.reopen();
            self.model.frames.truncate(usize::try_from(revision).expect("small"));
            self.model.checkpoints.clear();
        }
    }
}

/// One sequence of so many steps.
fn sequence(seed: u64, steps: u64) {
    let mut run = Run::new(seed);
    for number in 1..=steps {
        run.step(number);
    }
    assert!(run.store().verify(None).expect("verify").sound);
    run.store = None;
    let report = Store::verify_folder(&run.folder, &run.options, None).expect("verify");
    assert!(report.sound, "{report:?}");
}

/// `EZU_MODEL_SEQUENCES` chooses how many (40 by default), `EZU_MODEL_SEED` where they begin.
#[test]
fn random_sequences_agree_with_a_plain_list() {
    let first = number("EZU_MODEL_SEED", 1);
    let count = number("EZU_MODEL_SEQUENCES", 40);
    for seed in first..first + count {
        let run = std::panic::catch_unwind(|| sequence(seed, 40));
        assert!(run.is_ok(), "the sequence with EZU_MODEL_SEED={seed} failed");
    }
    println!("{count} sequences from seed {first}");
}
