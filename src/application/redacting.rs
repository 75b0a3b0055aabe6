//! Redaction: what the law forbids to keep goes from the ledger and from every revision of the model.
//!
//! An act is recorded for each revision that something is removed from. It holds all of the revision that may be
//! kept, so that the revisions behind it can be replayed; the payload itself is removed from every copy.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::oneshot;

use super::error::{OpenError, RedactionError};
use super::keys::Keys;
use super::opening::{self, Opened};
use super::records::Records;
use super::workspace::Shared;
use crate::domain::element::{Item, Model};
use crate::domain::recorded::{HoldingBackup, RECORD_FORMAT, RecordedChangeSet, RecordedRedaction};
use crate::domain::recorded_form;
use crate::domain::redacting::{Removal, cleaned};
use crate::graph::Snapshot;
use crate::storage::{Entry, Payload, Receipt};

/// What is to be removed, by whom and why.
#[derive(Debug, Clone, Default)]
pub struct RedactionRequest {
    /// What.
    pub removal: Removal,
    /// From which revisions; from all that hold it when empty.
    pub revisions: Vec<u64>,
    /// Who does it, as stated.
    pub author: Option<String>,
    /// Why; it is recorded, so it must not say again what is removed.
    pub reason: Option<String>,
    /// Whether to try only.
    pub dry_run: bool,
}

/// What a redaction did, or would do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedactionReport {
    /// The revisions that something is removed from.
    pub redacted: Vec<RedactedRevision>,
    /// Revisions that hold it too and were not named.
    pub remaining: Vec<u64>,
    /// Backups and exports of the ledger that still hold it, as far as ezu knows of them.
    pub backups: Vec<HoldingBackup>,
    /// The newest revision afterwards.
    pub revision: u64,
}

/// One revision that something was removed from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedactedRevision {
    /// The revision.
    pub revision: u64,
    /// The revision of the act that says so; absent when it was only tried.
    pub act: Option<u64>,
}

/// A redaction on its way to the writer.
#[derive(Debug)]
pub(super) struct Redaction {
    pub(super) request: RedactionRequest,
    pub(super) answer: oneshot::Sender<Result<RedactionReport, RedactionError>>,
}

/// What was found.
struct Plan {
    kept: BTreeMap<u64, RecordedChangeSet>,
    remaining: Vec<u64>,
    backups: Vec<HoldingBackup>,
}

/// The model as it is read anew.
pub(super) type Read = (Snapshot, Keys);

/// Carries a redaction out. The caller is the writer, between two batches; it publishes what is read anew, also when the
/// redaction was not finished: acts may have been recorded.
pub(super) fn redact(
    shared: &Shared,
    request: &RedactionRequest,
) -> (Result<RedactionReport, RedactionError>, Option<Read>) {
    let mut read = None;
    (carry_out(shared, request, &mut read), read)
}

fn carry_out(
    shared: &Shared,
    request: &RedactionRequest,
    read: &mut Option<Read>,
) -> Result<RedactionReport, RedactionError> {
    let plan = plan(shared, request)?;
    // Were the rest not readable without it, the ledger could never be opened again.
    replayed(shared, Records::new(&shared.store)?.replacing(plan.kept.clone()))?;
    let revisions: Vec<u64> = plan.kept.keys().copied().collect();
    let report = |acts: &[Receipt], revision| RedactionReport {
        redacted: (0..revisions.len())
            .map(|place| RedactedRevision {
                revision: revisions[place],
                act: acts.get(place).map(|receipt| receipt.revision),
            })
            .collect(),
        remaining: plan.remaining.clone(),
        backups: plan.backups.clone(),
        revision,
    };
    if request.dry_run {
        return Ok(report(&[], shared.store.head().revision));
    }
    let acts = acts(shared, request, &plan)?;
    let _no_checkpoint = shared.checkpointing.hold();
    let receipts = shared.store.redact_all(&acts);
    let opened = replayed(shared, Records::new(&shared.store)?)?;
    *read = Some((opened.snapshot, opened.keys));
    Ok(report(&receipts?, shared.store.head().revision))
}

/// The model as the whole ledger tells it.
fn replayed(shared: &Shared, records: Records<'_>) -> Result<Opened, OpenError> {
    let metamodel = Arc::clone(shared.current.load().shared_metamodel());
    opening::read(&metamodel, &records, u64::MAX, u64::MAX)
}

/// Looks for what is to be removed in every revision.
fn plan(shared: &Shared, request: &RedactionRequest) -> Result<Plan, RedactionError> {
    check(request)?;
    let snapshot = shared.current.load_full();
    let records = Records::new(&shared.store)?;
    let mut kinds = BTreeMap::new();
    let (mut kept, mut remaining) = (BTreeMap::new(), Vec::new());
    let head = shared.store.head().revision;
    for frame in shared.store.frames(1, head) {
        let frame = frame?;
        let recorded = records.of(&frame)?;
        for operation in &recorded.operations {
            kinds.extend(operation.kind().map(|kind| (operation.id().to_owned(), kind.to_owned())));
        }
        if !matches!(frame.payload, Payload::Present(_)) {
            continue;
        }
        let metamodel = snapshot.metamodel();
        let kind_of = |id: &str| {
            let now = snapshot.item(id).map(Item::kind);
            kinds.get(id).and_then(|kind| metamodel.kind_named(kind)).map(|kind| kind.id).or(now)
        };
        let Some(clean) = cleaned(metamodel, &recorded, &request.removal, &kind_of)? else { continue };
        if request.revisions.is_empty() || request.revisions.contains(&frame.revision) {
            kept.insert(frame.revision, clean);
        } else {
            remaining.push(frame.revision);
        }
    }
    let without: Vec<u64> = request.revisions.iter().filter(|asked| !kept.contains_key(asked)).copied().collect();
    if !without.is_empty() || kept.is_empty() {
        return Err(RedactionError::NotFound { revisions: without, head });
    }
    let oldest = kept.first_key_value().map_or(0, |(revision, _)| *revision);
    let backups = shared.store.backups().into_iter().filter(|backup| backup.revision >= oldest);
    let backups = backups.map(|backup| HoldingBackup {
        revision: backup.revision,
        hash: backup.hash.to_string(),
        written_to: backup.written_to,
    });
    Ok(Plan { kept, remaining, backups: backups.collect() })
}

fn check(request: &RedactionRequest) -> Result<(), RedactionError> {
    let texts = [&request.author, &request.reason];
    if request.removal.is_empty() || request.removal.text.as_ref().is_some_and(|text| text.trim().is_empty()) {
        return Err(RedactionError::Request("say what is to be removed: a text, or fields of items".to_owned()));
    }
    if texts.into_iter().flatten().any(|text| request.removal.is_in(text)) {
        let message = "author and reason are recorded; they must not hold the text that is to be removed";
        return Err(RedactionError::Request(message.to_owned()));
    }
    Ok(())
}

/// One act for each revision.
fn acts(shared: &Shared, request: &RedactionRequest, plan: &Plan) -> Result<Vec<(u64, Entry)>, RedactionError> {
    let time = shared.clock.now().as_microsecond();
    let act = |(revision, content): (&u64, &RecordedChangeSet)| {
        let holding = |backup: &&HoldingBackup| backup.revision >= *revision;
        let recorded: RecordedChangeSet = RecordedChangeSet {
            format: RECORD_FORMAT,
            message: format!("redact revision {revision}"),
            author: request.author.clone(),
            reason: request.reason.clone(),
            source: None,
            base_revision: None,
            idempotency_key: None,
            request_digest: None,
            operations: Vec::new(),
            redaction: Some(Box::new(RecordedRedaction {
                revision: *revision,
                content: content.clone(),
                backups: plan.backups.iter().filter(holding).cloned().collect(),
            })),
        };
        let payload = recorded_form::write(&recorded).map_err(|error| RedactionError::Request(error.to_string()))?;
        Ok((*revision, Entry { payload, time }))
    };
    plan.kept.iter().map(act).collect()
}
