//! The one thread that writes: takes what waits, judges each on the model that the ones before
//! it make, writes all that pass with one sync, publishes, answers.

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::mpsc::Receiver;
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;
use rustc_hash::FxHashSet;
use tokio::sync::oneshot;

use super::error::WriteError;
use super::workspace::{Committed, Precondition, Shared, WriteRequest};
use crate::domain::change_set::{ChangeSet, Operation};
use crate::domain::element::{Delta, Model};
use crate::domain::identifier::Identifier;
use crate::domain::recorded::{RECORD_FORMAT, RecordedChangeSet, record, touched_fields};
use crate::domain::validation::{Refusal, RefusalCode, resolve};
use crate::graph::{ChangeSummary, Snapshot};
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
}

/// A change set and where its answer goes.
#[derive(Debug)]
pub(super) struct Write {
    pub(super) request: WriteRequest,
    pub(super) answer: oneshot::Sender<Result<Committed, WriteError>>,
}

/// Idempotency keys: the revision each made, and the digest of its request.
pub(super) type Keys = HashMap<String, (u64, Option<String>)>;

/// The writing thread's own state.
pub(super) struct Writer {
    shared: Arc<Shared>,
    keys: Keys,
}

/// Accepted in this batch, not yet in the ledger.
struct Accepted {
    answer: oneshot::Sender<Result<Committed, WriteError>>,
    revision: u64,
    key: Option<String>,
    is_replay: bool,
}

struct Batch {
    snapshot: Arc<Snapshot>,
    entries: Vec<Entry>,
    bytes: usize,
    accepted: Vec<Accepted>,
}

impl Writer {
    pub(super) fn new(shared: Arc<Shared>, keys: Keys) -> Self {
        Self { shared, keys }
    }

    /// Works until nobody can send any more.
    pub(super) fn run(mut self, receiver: &Receiver<Command>) {
        while let Ok(first) = receiver.recv() {
            let snapshot = self.shared.current.load_full();
            let mut batch = Batch { snapshot, entries: Vec::new(), bytes: 0, accepted: Vec::new() };
            self.take(&mut batch, first);
            while batch.entries.len() < BATCH && batch.bytes < BATCH_BYTES {
                match receiver.try_recv() {
                    Ok(next) => self.take(&mut batch, next),
                    Err(_) => break,
                }
            }
            self.commit(batch);
        }
    }

    fn take(&mut self, batch: &mut Batch, command: Command) {
        let Command::Write(write) = command;
        self.shared.waiting.fetch_sub(1, Ordering::Relaxed);
        let Write { request, answer } = *write;
        if let Some(result) = self.replayed(&request, batch) {
            match result {
                Ok(revision) => batch.accepted.push(Accepted { answer, revision, key: None, is_replay: true }),
                Err(error) => drop(answer.send(Err(error))),
            }
            return;
        }
        match self.judge(batch, &request) {
            Ok(revision) => {
                if let Some(key) = &request.idempotency_key {
                    self.keys.insert(key.clone(), (revision, request.request_digest.clone()));
                }
                let key = request.idempotency_key;
                batch.accepted.push(Accepted { answer, revision, key, is_replay: false });
            }
            Err(error) => {
                self.shared.metrics.refused.fetch_add(1, Ordering::Relaxed);
                drop(answer.send(Err(error)));
            }
        }
    }

    /// The revision of the same request made before, or the refusal of a key used otherwise.
    fn replayed(&self, request: &WriteRequest, _batch: &Batch) -> Option<Result<u64, WriteError>> {
        let (revision, digest) = self.keys.get(request.idempotency_key.as_ref()?)?;
        if *digest == request.request_digest {
            Some(Ok(*revision))
        } else {
            Some(Err(WriteError::KeyReused { revision: *revision }))
        }
    }

    /// Judges a request on the batch's model; if it passes, adds it and moves the model on.
    fn judge(&self, batch: &mut Batch, request: &WriteRequest) -> Result<u64, WriteError> {
        let snapshot = &batch.snapshot;
        check_preconditions(snapshot, &request.preconditions)?;
        let base = request.change_set.base_revision;
        if let Some(base) = base.filter(|base| *base > snapshot.revision()) {
            return Err(WriteError::UnknownBase { base, head: snapshot.revision() });
        }
        let resolution = resolve(&**snapshot, &request.change_set);
        let conflicts = conflicts(snapshot, &request.change_set, &resolution.delta);
        if !conflicts.is_empty() {
            return Err(WriteError::Conflict(conflicts));
        }
        if !resolution.refusals.is_empty() {
            return Err(WriteError::Refused(resolution.refusals));
        }
        let time = self.shared.clock.now();
        let payload = payload(snapshot, request, &resolution.delta)?;
        let next = snapshot.apply(&resolution.delta, summary(snapshot, &request.change_set, &resolution.delta, time));
        batch.bytes += payload.len();
        batch.entries.push(Entry { payload, time: time.as_microsecond() });
        batch.snapshot = Arc::new(next);
        Ok(batch.snapshot.revision())
    }

    /// Writes the batch, publishes its model and answers everybody.
    fn commit(&mut self, batch: Batch) {
        match self.shared.store.append(&batch.entries) {
            Ok(receipts) => {
                if let Some(last) = receipts.last() {
                    set_hashes(&batch.snapshot, &receipts);
                    debug_assert_eq!(last.revision, batch.snapshot.revision());
                    self.shared.current.store(Arc::clone(&batch.snapshot));
                    self.shared.metrics.batches.fetch_add(1, Ordering::Relaxed);
                    let count = u64::try_from(receipts.len()).unwrap_or(u64::MAX);
                    self.shared.metrics.committed.fetch_add(count, Ordering::Relaxed);
                }
                for accepted in batch.accepted {
                    let committed = committed(&batch.snapshot, accepted.revision, accepted.is_replay);
                    drop(accepted.answer.send(committed));
                }
            }
            Err(error) => self.fail(batch.accepted, &error),
        }
    }

    fn fail(&mut self, accepted: Vec<Accepted>, error: &AppendError) {
        tracing::error!(%error, "a batch was not written");
        let head = self.shared.current.load().revision();
        for one in accepted {
            if let Some(key) = &one.key {
                self.keys.remove(key);
            }
            let answer = if one.revision <= head {
                committed(&self.shared.current.load_full(), one.revision, one.is_replay)
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

fn committed(snapshot: &Snapshot, revision: u64, is_replay: bool) -> Result<Committed, WriteError> {
    let summary = snapshot.change(revision).ok_or_else(|| WriteError::Failed("the revision is not there".into()))?;
    let hash = summary.hash.get().map_or_else(|| "".into(), Arc::clone);
    Ok(Committed { revision, hash, time: summary.time, is_replay })
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

/// Fields that this delta touches and that revisions after the base touched too.
///
/// Takes time proportional to what was touched since the base.
///
/// An item that is to be changed and was deleted since is touched as a whole.
pub(super) fn conflicts(snapshot: &Snapshot, change_set: &ChangeSet, delta: &Delta) -> Vec<Refusal> {
    let Some(base) = change_set.base_revision.filter(|base| *base < snapshot.revision()) else {
        return Vec::new();
    };
    let mut mine = touched_fields(snapshot, delta);
    let changed = change_set.operations.iter().filter_map(Operation::changed_id);
    let deleted = changed.filter(|id| snapshot.item(id).is_none());
    mine.extend(deleted.filter_map(|id| Some((Identifier::new(id).ok()?, None))));
    let fields: FxHashSet<(&Identifier, Option<&str>)> =
        mine.iter().map(|(id, field)| (id, field.as_deref())).collect();
    let items: FxHashSet<&Identifier> = mine.iter().map(|(id, _)| id).collect();
    let mut found = Vec::new();
    for revision in base + 1..=snapshot.revision() {
        let Some(summary) = snapshot.change(revision) else {
            continue;
        };
        for (id, field) in summary.touched.iter().filter(|(id, _)| items.contains(id)) {
            let clashes = field.is_none() || fields.contains(&(id, None)) || fields.contains(&(id, field.as_deref()));
            if clashes {
                found.push(conflict(summary, id, field.as_deref()));
            }
        }
    }
    found
}

fn conflict(summary: &ChangeSummary, id: &Identifier, field: Option<&str>) -> Refusal {
    let field = field.unwrap_or("the whole item");
    let author = summary.author.as_deref().unwrap_or("somebody unnamed");
    let message = format!(
        "{id}: {field} was changed by {author} in revision {} ({}); look at it, then try again from the newest revision",
        summary.revision, summary.time
    );
    Refusal::new(RefusalCode::Conflict, "/base_revision", message).about(id.as_str()).related(vec![field.to_owned()])
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
        operations: record(snapshot.metamodel(), delta),
    };
    serde_json::to_vec(&recorded).map_err(|error| WriteError::Failed(error.to_string()))
}
