//! The one thread that writes: takes what waits, judges each on the model that the ones before
//! it make, writes all that pass with one sync, publishes, answers.

use std::sync::atomic::Ordering;
use std::sync::{Arc, OnceLock, PoisonError};
use std::thread::JoinHandle;

use jiff::Timestamp;
use tokio::sync::oneshot;

use super::checkpointing;
use super::conflicts::conflicts;
use super::error::WriteError;
use super::keys::Keys;
use super::past;
use super::queries::proposed_refusals;
use super::queue::{Line, keep_and_publish};
use super::redacting::{self, Redaction};
use super::workspace::{Committed, Precondition, Shared, WriteRequest};
use crate::domain::change_set::ChangeSet;
use crate::domain::element::{Delta, Model};
use crate::domain::packed::Packed;
use crate::domain::recorded::{OperationsOf, RECORD_FORMAT, RecordedChangeSet, touched_fields};
use crate::domain::recorded_form;
use crate::domain::validation::resolve;
use crate::graph::{ChangeSummary, EarlierTouches, Snapshot};
use crate::storage::{AppendError, Entry, Receipt};

/// The most change sets written with one sync.
const BATCH: usize = 256;
/// The most bytes written with one sync, unless a single change set has more.
const BATCH_BYTES: usize = 1 << 20;

/// What the writer is asked.
#[derive(Debug)]
pub(super) enum Command {
    /// Accept a change set.
    Write(Box<Write>),
    /// Remove something from the past.
    Redact(Box<Redaction>),
}

/// A change set and where its answer goes.
#[derive(Debug)]
pub(super) struct Write {
    pub(super) request: WriteRequest,
    pub(super) answer: Answer,
}

/// Where an answer goes.
type Answer = oneshot::Sender<Result<Committed, WriteError>>;

/// The writing thread's own state.
pub(super) struct Writer {
    shared: Arc<Shared>,
    keys: Keys,
    /// The checkpoint that is being made.
    checkpoint: Option<JoinHandle<Option<EarlierTouches>>>,
}

/// Accepted in this batch, not yet in the ledger.
struct Accepted {
    answer: Answer,
    revision: u64,
    key: Option<String>,
    is_replay: bool,
}

struct Batch {
    snapshot: Arc<Snapshot>,
    entries: Vec<Entry>,
    /// How much JSON its records are, compressed or not.
    bytes: usize,
    accepted: Vec<Accepted>,
    /// Refused because of what others in this batch do, which nobody can see yet.
    refused: Vec<(Answer, WriteError)>,
}

impl Batch {
    /// Answers at once what was judged on a state that everybody can see. A refusal for the sake of a change that is not
    /// published yet waits for it: whoever is told that an item was changed must find it changed.
    fn refuse(&mut self, answer: Answer, error: WriteError) {
        if self.entries.is_empty() {
            drop(answer.send(Err(error)));
        } else {
            self.refused.push((answer, error));
        }
    }
}

impl Writer {
    pub(super) fn new(shared: Arc<Shared>, keys: Keys) -> Self {
        Self { shared, keys, checkpoint: None }
    }

    /// Works until nobody can send any more.
    pub(super) fn run(mut self, line: &Line<Command>) {
        while let Some(first) = line.first() {
            self.work(line, first);
            if self.checkpoint.as_ref().is_none_or(JoinHandle::is_finished) {
                self.end_checkpoint();
                self.checkpoint = checkpointing::begin_if_due(&self.shared, &self.keys);
            }
        }
        // The store is only free for others when nobody writes to it any more.
        self.end_checkpoint();
        checkpointing::make_at_the_end(&self.shared, &self.keys);
    }

    /// Lets go what a checkpoint holds.
    fn end_checkpoint(&mut self) {
        match self.checkpoint.take().map(JoinHandle::join) {
            Some(Ok(Some(touches))) => {
                let lighter = self.shared.current.load().forget(&touches);
                self.shared.current.store(Arc::new(lighter));
            }
            Some(Err(_)) => tracing::error!("a checkpoint ended by a panic"),
            Some(Ok(None)) | None => {}
        }
    }

    /// Takes a batch of what waits, up to a redaction, which is done alone.
    fn work(&mut self, line: &Line<Command>, first: Command) {
        let snapshot = self.shared.current.load_full();
        let mut batch = Batch { snapshot, entries: Vec::new(), bytes: 0, accepted: Vec::new(), refused: Vec::new() };
        let mut redaction = None;
        line.gather(first, |command| {
            match command {
                Command::Write(write) => self.take(&mut batch, *write),
                Command::Redact(asked) => redaction = Some(asked),
            }
            redaction.is_none() && batch.entries.len() < BATCH && batch.bytes < BATCH_BYTES
        });
        self.commit(batch);
        if let Some(asked) = redaction {
            self.redact(*asked);
        }
    }

    fn redact(&mut self, Redaction { request, answer }: Redaction) {
        self.end_checkpoint();
        let (report, read) = redacting::redact(&self.shared, &request);
        if let Some((snapshot, keys)) = read {
            self.keys = keys;
            self.shared.current.store(Arc::new(snapshot));
            self.shared.past.lock().unwrap_or_else(PoisonError::into_inner).clear();
        }
        if let Err(error) = &report {
            tracing::error!(%error, "nothing or not everything was redacted");
        }
        drop(answer.send(report));
    }

    fn take(&mut self, batch: &mut Batch, Write { mut request, answer }: Write) {
        if let Some(result) = self.replayed(&request) {
            match result {
                Ok(revision) => batch.accepted.push(Accepted { answer, revision, key: None, is_replay: true }),
                Err(error) => batch.refuse(answer, error),
            }
            return;
        }
        match self.judge(batch, &mut request) {
            Ok(revision) => {
                if let Some(key) = &request.idempotency_key {
                    self.keys.insert(key, request.request_digest.as_deref(), revision);
                }
                let key = request.idempotency_key;
                batch.accepted.push(Accepted { answer, revision, key, is_replay: false });
            }
            Err(error) => {
                self.shared.metrics.refused.fetch_add(1, Ordering::Relaxed);
                batch.refuse(answer, error);
            }
        }
    }

    /// The revision of the same request made before, or the refusal of a key used otherwise.
    fn replayed(&self, request: &WriteRequest) -> Option<Result<u64, WriteError>> {
        let key = request.idempotency_key.as_ref()?;
        let (revision, is_same) = self.keys.get(key, request.request_digest.as_deref())?;
        Some(if is_same { Ok(revision) } else { Err(WriteError::KeyReused { revision }) })
    }

    /// Judges a request on the batch's model; if it passes, adds it and moves the model on. Uses up its operations, so that
    /// a large change set is not held beside what it comes to.
    fn judge(&self, batch: &mut Batch, request: &mut WriteRequest) -> Result<u64, WriteError> {
        let snapshot = &batch.snapshot;
        check_preconditions(snapshot, &request.preconditions)?;
        let base = request.change_set.base_revision;
        if let Some(base) = base.filter(|base| *base > snapshot.revision()) {
            return Err(WriteError::UnknownBase { base, head: snapshot.revision() });
        }
        let resolution = resolve(&**snapshot, &request.change_set);
        let conflicts = conflicts(&self.shared.store, snapshot, &request.change_set, &resolution.delta);
        if !conflicts.is_empty() {
            return Err(WriteError::Conflict(conflicts));
        }
        let mut refusals = resolution.refusals;
        refusals.extend(proposed_refusals(
            snapshot.shared_metamodel(),
            &self.shared.queries,
            &request.change_set,
            &resolution.delta,
        ));
        if !refusals.is_empty() {
            return Err(WriteError::Refused(refusals));
        }
        (request.change_set.operations, request.change_set.packed) = (Vec::new(), Packed::new());
        let time = self.shared.clock.now();
        let payload = payload(snapshot, request, &resolution.delta)?;
        let next = snapshot.apply(&resolution.delta, summary(snapshot, &request.change_set, &resolution.delta, time));
        batch.bytes += usize::try_from(recorded_form::json_bytes(&payload)).unwrap_or(usize::MAX);
        batch.entries.push(Entry { payload, time: time.as_microsecond() });
        batch.snapshot = Arc::new(next);
        Ok(batch.snapshot.revision())
    }

    /// Writes the batch, publishes its model and answers everybody.
    fn commit(&mut self, mut batch: Batch) {
        let entries = std::mem::take(&mut batch.entries);
        let append = || self.append(entries, &batch.snapshot);
        let seal = |receipts: &Vec<Receipt>| set_hashes(&batch.snapshot, receipts);
        match keep_and_publish(&self.shared.current, &batch.snapshot, append, seal) {
            Ok(receipts) => {
                if let Some(last) = receipts.last() {
                    debug_assert_eq!(last.revision, batch.snapshot.revision());
                    self.shared.metrics.batches.fetch_add(1, Ordering::Relaxed);
                    let count = u64::try_from(receipts.len()).unwrap_or(u64::MAX);
                    self.shared.metrics.committed.fetch_add(count, Ordering::Relaxed);
                    self.shared.checkpointing.count(count, batch.bytes as u64);
                }
                for accepted in batch.accepted {
                    let committed = self.committed(&batch.snapshot, accepted.revision, accepted.is_replay);
                    drop(accepted.answer.send(committed));
                }
                for (answer, error) in batch.refused {
                    drop(answer.send(Err(error)));
                }
            }
            Err(error) => {
                self.fail(batch.accepted, &error);
                // What they were refused for did not come about.
                for (answer, _) in batch.refused {
                    drop(answer.send(Err(write_error(&error))));
                }
            }
        }
    }

    /// Appends entries, if their model is what the ledger will then say.
    fn append(&self, entries: Vec<Entry>, model: &Snapshot) -> Result<Vec<Receipt>, AppendError> {
        let end = self.shared.store.head().revision + entries.len() as u64;
        if end != model.revision() {
            return Err(AppendError::ReadOnly("the model is not at the end of the ledger; restart ezu".to_owned()));
        }
        self.shared.store.append(entries)
    }

    fn committed(&self, snapshot: &Snapshot, revision: u64, is_replay: bool) -> Result<Committed, WriteError> {
        let summary = past::change(snapshot, &self.shared.store, revision);
        let summary = summary.map_err(|error| WriteError::Failed(error.to_string()))?;
        let summary = summary.ok_or_else(|| WriteError::Failed("the revision is not there".into()))?;
        let hash = summary.hash.get().map_or_else(|| "".into(), Arc::clone);
        Ok(Committed { revision, hash, time: summary.time, is_replay })
    }

    fn fail(&mut self, accepted: Vec<Accepted>, error: &AppendError) {
        tracing::error!(%error, "a batch was not written");
        let head = self.shared.current.load().revision();
        for one in accepted {
            if let Some(key) = &one.key {
                self.keys.remove(key);
            }
            let answer = if one.revision <= head {
                self.committed(&self.shared.current.load_full(), one.revision, one.is_replay)
            } else {
                Err(write_error(error))
            };
            drop(one.answer.send(answer));
        }
    }
}

fn write_error(error: &AppendError) -> WriteError {
    match error {
        AppendError::DiskFull(cause) => WriteError::DiskFull(cause.to_string()),
        AppendError::ReadOnly(reason) => WriteError::ReadOnly(reason.clone()),
        AppendError::TooLarge { size, limit } => WriteError::TooLarge { size: *size, limit: *limit },
        AppendError::Io(cause) => WriteError::Failed(cause.to_string()),
    }
}

fn set_hashes(snapshot: &Snapshot, receipts: &[Receipt]) {
    for receipt in receipts {
        if let Some(summary) = snapshot.change(receipt.revision) {
            // The first to set it is right: a revision has one hash.
            let _ = summary.hash.set(receipt.hash.to_string().into());
        }
    }
}

fn check_preconditions(snapshot: &Snapshot, preconditions: &[Precondition]) -> Result<(), WriteError> {
    for precondition in preconditions {
        let exists = snapshot.item(&precondition.id).is_some();
        let current = if exists { snapshot.revision_of(&precondition.id) } else { 0 };
        let holds = exists && (precondition.revisions.is_empty() || precondition.revisions.contains(&current));
        if !holds {
            return Err(WriteError::PreconditionFailed { id: precondition.id.clone(), current });
        }
    }
    Ok(())
}

/// What the next snapshot remembers of a change set.
pub(super) fn summary(snapshot: &Snapshot, change_set: &ChangeSet, delta: &Delta, time: Timestamp) -> ChangeSummary {
    let shared = |text: &Option<String>| text.as_deref().map(Arc::from);
    ChangeSummary {
        revision: snapshot.revision() + 1,
        hash: OnceLock::new(),
        time,
        message: change_set.message.as_str().into(),
        author: shared(&change_set.author),
        reason: shared(&change_set.reason),
        source: shared(&change_set.source),
        operations: delta.elements.len() + delta.relationships.len(),
        touched: touched_fields(snapshot, delta).into(),
    }
}

fn payload(snapshot: &Snapshot, request: &WriteRequest, delta: &Delta) -> Result<Vec<u8>, WriteError> {
    let change_set = &request.change_set;
    let recorded = RecordedChangeSet {
        format: RECORD_FORMAT,
        message: change_set.message.clone(),
        author: change_set.author.clone(),
        reason: change_set.reason.clone(),
        source: change_set.source.clone(),
        base_revision: change_set.base_revision,
        idempotency_key: request.idempotency_key.clone(),
        request_digest: request.request_digest.clone(),
        operations: OperationsOf { metamodel: snapshot.metamodel(), delta },
        redaction: None,
    };
    recorded_form::write(&recorded).map_err(|error| WriteError::Failed(error.to_string()))
}
