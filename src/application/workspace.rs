//! One writer, many snapshots.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use jiff::Timestamp;
use tokio::sync::oneshot;

use super::checkpointing::Checkpointing;
use super::error::{OpenError, RedactionError, WriteError};
use super::opening;
use super::queries::{QueryEngine, proposed_refusals};
use super::queue::{NotTaken, Queue, queue};
use super::records::Records;
use super::redacting::{Redaction, RedactionReport, RedactionRequest};
use super::sync::Published;
use super::writer::{Command, Write, Writer};
use crate::domain::change_set::{ChangeSet, Operation};
use crate::domain::clock::Clock;
use crate::domain::element::Delta;
use crate::domain::metamodel::Metamodel;
use crate::domain::packed::Packed;
use crate::domain::validation::{Judgement, Refusal, RefusalCode, judge, resolve};
use crate::graph::Snapshot;
use crate::settings::Limits;
use crate::storage::Store;

/// The model under change: readers take a snapshot and never wait, writers queue up for one thread.
#[derive(Debug)]
pub struct Workspace {
    pub(super) shared: Arc<Shared>,
    queue: Queue<Command>,
    thread: Mutex<Option<JoinHandle<()>>>,
    kept_past: usize,
}

/// What readers and the writer share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) current: Published<Snapshot>,
    pub(super) store: Store,
    pub(super) clock: Clock,
    pub(super) metrics: WorkspaceCounters,
    pub(super) checkpointing: Checkpointing,
    /// What queries share.
    pub(super) queries: Arc<QueryEngine>,
    /// Earlier revisions that were asked for last.
    pub(super) past: Mutex<VecDeque<Arc<Snapshot>>>,
    /// One earlier revision is built from the ledger at a time.
    pub(super) rebuilding: Mutex<()>,
}

/// Counters since the start.
#[derive(Debug, Default)]
pub(super) struct WorkspaceCounters {
    pub(super) committed: AtomicU64,
    pub(super) refused: AtomicU64,
    pub(super) batches: AtomicU64,
}

/// Counters since the start, as read at one moment.
#[derive(Debug, Clone, Copy)]
pub struct WorkspaceMetrics {
    /// Change sets accepted.
    pub committed: u64,
    /// Change sets refused.
    pub refused: u64,
    /// Batches written.
    pub batches: u64,
    /// Change sets waiting for the writer now.
    pub waiting: u64,
}

/// A change set on its way in.
#[derive(Debug, Clone, Default)]
pub struct WriteRequest {
    /// What is to be done.
    pub change_set: ChangeSet,
    /// The key under which a retry is recognised.
    pub idempotency_key: Option<String>,
    /// A digest of the request as it came, to tell a retry from another use of the key.
    pub request_digest: Option<String>,
    /// States that items must be in.
    pub preconditions: Vec<Precondition>,
}

/// An item must last have been touched by one of these revisions (`If-Match`, RFC 9110 §13.1.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Precondition {
    /// The item.
    pub id: String,
    /// The revisions that are accepted; empty accepts any existing item.
    pub revisions: Vec<u64>,
}

/// The answer to an accepted change set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Committed {
    /// The revision it made.
    pub revision: u64,
    /// The ledger's hash at that revision, in hexadecimal.
    pub hash: Arc<str>,
    /// When it was recorded.
    pub time: Timestamp,
    /// Whether this answers a retry: the change set had been accepted before.
    pub is_replay: bool,
}

/// How many new elements are made at a time, and forgotten again, to judge them.
const JUDGED_AT_A_TIME: usize = 2_048;

/// What a change set would do.
#[derive(Debug)]
pub struct DryRun {
    /// The model it was tried on.
    pub snapshot: Arc<Snapshot>,
    /// The model it would make; absent if it is refused.
    pub outcome: Option<Arc<Snapshot>>,
    /// What it would change.
    pub delta: Delta,
    /// Why it would be refused.
    pub refusals: Vec<Refusal>,
}

impl Workspace {
    /// Builds the model from a store and starts the writer.
    ///
    /// # Errors
    /// When the ledger cannot be read or does not fit the metamodel.
    pub fn open(metamodel: Arc<Metamodel>, store: Store, clock: Clock, limits: &Limits) -> Result<Self, OpenError> {
        let opened = opening::read(&metamodel, &Records::new(&store)?, u64::MAX, u64::MAX)?;
        let checkpointing = Checkpointing::new(limits, opened.replayed);
        let shared = Arc::new(Shared {
            current: Published::from_pointee(opened.snapshot),
            store,
            clock,
            metrics: WorkspaceCounters::default(),
            checkpointing,
            queries: Arc::new(QueryEngine::new(&metamodel, limits.query_bytes, limits.query_memory_bytes)),
            past: Mutex::default(),
            rebuilding: Mutex::default(),
        });
        let (queue, line) = queue(limits.queue);
        let writer = Writer::new(Arc::clone(&shared), opened.keys);
        let thread = std::thread::Builder::new()
            .name("ezu-writer".into())
            .spawn(move || writer.run(&line))
            .map_err(|error| OpenError::File(format!("no thread for the writer: {error}")))?;
        Ok(Self { shared, queue, thread: Mutex::new(Some(thread)), kept_past: limits.past_snapshots })
    }

    /// What queries over this model share.
    pub fn queries(&self) -> &Arc<QueryEngine> {
        &self.shared.queries
    }

    /// The newest revision. Takes some nanoseconds.
    pub fn current(&self) -> Arc<Snapshot> {
        self.shared.current.load_full()
    }

    /// The store beneath.
    pub fn store(&self) -> &Store {
        &self.shared.store
    }

    /// The one clock.
    pub fn clock(&self) -> Clock {
        self.shared.clock
    }

    /// The metamodel.
    pub fn metamodel(&self) -> Arc<Metamodel> {
        Arc::clone(self.current().shared_metamodel())
    }

    /// Hands a change set to the writer; the answer comes when it is on stable storage, or refused.
    ///
    /// # Errors
    /// See [`WriteError`]; nothing is ever half-applied.
    pub async fn commit(&self, request: WriteRequest) -> Result<Committed, WriteError> {
        self.enqueue(request)?.await.unwrap_or(Err(WriteError::Closed))
    }

    /// As [`Workspace::commit`], for callers outside an asynchronous runtime.
    ///
    /// # Errors
    /// See [`WriteError`].
    pub fn commit_blocking(&self, request: WriteRequest) -> Result<Committed, WriteError> {
        self.enqueue(request)?.blocking_recv().unwrap_or(Err(WriteError::Closed))
    }

    /// Removes what must not be kept from the ledger and from every revision of the model. Writes wait meanwhile;
    /// takes as long as reading the ledger twice and writing it once.
    ///
    /// # Errors
    /// See [`RedactionError`].
    pub async fn redact(&self, request: RedactionRequest) -> Result<RedactionReport, RedactionError> {
        let (answer, receiver) = oneshot::channel();
        self.send(Command::Redact(Box::new(Redaction { request, answer })))?;
        receiver.await.unwrap_or(Err(RedactionError::Write(WriteError::Closed)))
    }

    /// As [`Workspace::redact`], for callers outside an asynchronous runtime.
    ///
    /// # Errors
    /// See [`RedactionError`].
    pub fn redact_blocking(&self, request: RedactionRequest) -> Result<RedactionReport, RedactionError> {
        let (answer, receiver) = oneshot::channel();
        self.send(Command::Redact(Box::new(Redaction { request, answer })))?;
        receiver.blocking_recv().unwrap_or(Err(RedactionError::Write(WriteError::Closed)))
    }

    fn enqueue(&self, request: WriteRequest) -> Result<oneshot::Receiver<Result<Committed, WriteError>>, WriteError> {
        let (answer, receiver) = oneshot::channel();
        self.send(Command::Write(Box::new(Write { request, answer })))?;
        Ok(receiver)
    }

    fn send(&self, command: Command) -> Result<(), WriteError> {
        self.queue.send(command).map_err(|reason| match reason {
            NotTaken::Full => WriteError::QueueFull,
            NotTaken::Closed => WriteError::Closed,
        })
    }

    /// Judges operations on the newest revision and finds all that would be refused, however much it is.
    pub(super) fn judge(&self, operations: &Packed<Operation>) -> Judgement {
        judge(&*self.current(), operations, JUDGED_AT_A_TIME)
    }

    /// Tries a change set on the newest revision without recording it.
    pub fn dry_run(&self, change_set: &ChangeSet) -> DryRun {
        let snapshot = self.current();
        let resolution = resolve(&*snapshot, change_set);
        let mut refusals = resolution.refusals;
        let metamodel = snapshot.shared_metamodel();
        refusals.extend(proposed_refusals(metamodel, self.queries(), change_set, &resolution.delta));
        refusals.extend(super::conflicts::conflicts(self.store(), &snapshot, change_set, &resolution.delta));
        if let Some(base) = change_set.base_revision.filter(|base| *base > snapshot.revision()) {
            let message = WriteError::UnknownBase { base, head: snapshot.revision() }.to_string();
            refusals.push(Refusal::new(RefusalCode::Conflict, "/base_revision", message));
        }
        let outcome = refusals.is_empty().then(|| {
            let summary = super::writer::summary(&snapshot, change_set, &resolution.delta, self.clock().now());
            Arc::new(snapshot.apply(&resolution.delta, summary))
        });
        DryRun { snapshot, outcome, delta: resolution.delta, refusals }
    }

    /// Counters since the start.
    pub fn metrics(&self) -> WorkspaceMetrics {
        let read = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let counters = &self.shared.metrics;
        WorkspaceMetrics {
            committed: read(&counters.committed),
            refused: read(&counters.refused),
            batches: read(&counters.batches),
            waiting: self.queue.waiting(),
        }
    }

    /// Stops taking writes and waits until those that were taken are answered.
    pub fn close(&self) {
        self.queue.close();
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(thread) = thread
            && thread.join().is_err()
        {
            tracing::error!("the writer ended by a panic");
        }
    }

    /// A snapshot of an earlier revision that was asked for before, with everything in memory from `floor` on.
    pub(super) fn past_snapshot(&self, floor: u64, revision: u64) -> Option<Arc<Snapshot>> {
        let past = self.shared.past.lock().unwrap_or_else(PoisonError::into_inner);
        past.iter().find(|held| held.revision() == revision && held.floor() <= floor).cloned()
    }

    /// Keeps a snapshot ready, unless something was redacted since it was begun.
    pub(super) fn keep_past_snapshot(&self, snapshot: &Arc<Snapshot>, redactions: u64) {
        let mut past = self.shared.past.lock().unwrap_or_else(PoisonError::into_inner);
        if self.shared.checkpointing.redactions() != redactions {
            return;
        }
        past.push_back(Arc::clone(snapshot));
        while past.len() > self.kept_past.max(1) {
            past.pop_front();
        }
    }
}

impl Drop for Workspace {
    fn drop(&mut self) {
        self.close();
    }
}
