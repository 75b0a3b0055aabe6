//! Change sets: the only way to write, and what was written.

use std::collections::BTreeMap;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;

use super::findings::{FindingsOfChange, of_dry_run};
use super::in_background;
use super::redactions::HoldingBackupBody;
use crate::application::{Committed, DryRun, Precondition, WriteRequest};
use crate::domain::change_set::{ChangeSet, Operation};
use crate::domain::element::{Item, Model};
use crate::domain::recorded::record;
use crate::domain::validation::{Refusal, RefusalCode};
use crate::graph::ChangeSummary;
use crate::http::body::{Body, digest, parse_lines};
use crate::http::conditional::idempotency_key;
use crate::http::problem::{Answer, Problem, ProblemCode, ProblemError};
use crate::http::query::Query;
use crate::http::state::Shared;

/// A change set as it is sent.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ChangeSet)]
#[serde(deny_unknown_fields)]
pub struct ChangeSetBody {
    /// What is done, for people.
    #[schema(example = "住民記録システムの利用者数を更新")]
    pub message: String,
    /// Who does it. Until there is sign-in it is recorded as stated.
    pub author: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Where it was learnt: a hearing, a file, a document.
    pub source: Option<String>,
    /// The revision that the author had seen; what others changed since in the same fields is a conflict.
    pub base_revision: Option<u64>,
    /// Whether to try only: nothing is recorded.
    #[serde(default)]
    pub dry_run: bool,
    /// What is to be done, all of it or nothing.
    #[schema(value_type = Vec<OperationBody>)]
    pub operations: Vec<Json>,
}

/// One operation. `create_element` takes `id`, `kind`, `name`, `attributes`; `update_element` and
/// `update_relationship` take `id`, `set`, `unset`; `delete_element` and `delete_relationship` take `id`,
/// `cascade`; `create_relationship` takes `id`, `kind`, `source`, `target`, `attributes`.
#[derive(Debug, ToSchema)]
#[schema(as = Operation)]
#[expect(dead_code, reason = "describes what `Operation::from_json` reads")]
pub struct OperationBody {
    /// What to do.
    #[schema(example = "update_element")]
    op: String,
    /// The item.
    #[schema(example = "sys-juki")]
    id: Option<String>,
    /// The kind of a new item.
    kind: Option<String>,
    /// The name of a new item.
    name: Option<String>,
    /// Where a new relationship starts.
    source: Option<String>,
    /// Where a new relationship points.
    target: Option<String>,
    /// Attributes of a new item, nested or with dotted names.
    attributes: Option<BTreeMap<String, Json>>,
    /// New values; `null` removes one.
    set: Option<BTreeMap<String, Json>>,
    /// Names of attributes to remove.
    unset: Option<Vec<String>>,
    /// Whether what touches a deleted item goes too.
    cascade: Option<bool>,
}

/// The answer to an accepted change set.
#[derive(Debug, Serialize, ToSchema)]
pub struct CommittedBody {
    /// The revision it made.
    #[schema(example = 2)]
    pub revision: u64,
    /// Where it is to be found.
    #[schema(example = "/api/v1/change-sets/2")]
    pub change_set: String,
    /// The ledger's hash at that revision, in hexadecimal.
    pub hash: String,
    /// When it was recorded.
    pub time: String,
}

/// What a change set would do.
#[derive(Debug, Serialize, ToSchema)]
pub struct DryRunBody {
    /// The revision it was tried on.
    pub revision: u64,
    /// What it would change, reference attributes as relationships.
    #[schema(value_type = Vec<OperationBody>)]
    pub changes: Vec<Json>,
    /// Why it would be refused; empty if it would be accepted.
    pub refusals: Vec<ProblemError>,
    /// What the changes mean for others: `retire` for what is deleted, `replace` for what is updated.
    #[schema(value_type = Vec<std::collections::HashMap<String, Json>>)]
    pub affected: Vec<Json>,
    /// The findings that it would create and resolve; absent if it would be refused.
    pub findings: Option<FindingsOfChange>,
}

/// A change set that was accepted, without its operations.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChangeSetSummary {
    /// The revision it made.
    pub revision: u64,
    /// The ledger's hash at that revision, in hexadecimal.
    pub hash: String,
    /// When it was recorded.
    pub time: String,
    /// What was done.
    pub message: String,
    /// Who did it.
    pub author: Option<String>,
    /// How the author is known: `stated`, as long as there is no sign-in.
    pub author_known_by: Option<&'static str>,
    /// Why.
    pub reason: Option<String>,
    /// Where it was learnt.
    pub source: Option<String>,
    /// How many items it created, updated and deleted.
    pub operations: usize,
}

/// A change set that was accepted, with its operations.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChangeSetDetail {
    /// The revision it made.
    pub revision: u64,
    /// The ledger's hash at that revision, in hexadecimal.
    pub hash: String,
    /// The hash of the revision before.
    pub previous_hash: Option<String>,
    /// When it was recorded.
    pub time: String,
    /// What was done.
    pub message: String,
    /// Who did it.
    pub author: Option<String>,
    /// How the author is known: `stated`, as long as there is no sign-in.
    pub author_known_by: Option<&'static str>,
    /// Why.
    pub reason: Option<String>,
    /// Where it was learnt.
    pub source: Option<String>,
    /// The later revision that removed something of it; the rest is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redacted_by: Option<u64>,
    /// The earlier revision that this one removed something from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redacts: Option<u64>,
    /// The backups that still held it then, if this is a redaction.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backups: Option<Vec<HoldingBackupBody>>,
    /// Exactly what changed.
    #[schema(value_type = Vec<OperationBody>)]
    pub operations: Vec<Json>,
}

/// A list of change sets.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChangeSetPage {
    /// Newest first.
    pub items: Vec<ChangeSetSummary>,
    /// Given as `cursor`, leads to older ones; absent at the first revision.
    pub next_cursor: Option<String>,
    /// The newest revision.
    pub revision: u64,
}

/// Who takes a revision back, and why.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RevertBody {
    /// What is done, for people; made up when absent.
    pub message: Option<String>,
    /// Who does it, as stated.
    #[schema(example = "dept-joho")]
    pub author: Option<String>,
    /// Why.
    pub reason: Option<String>,
    /// Whether to try only.
    pub dry_run: bool,
}

/// A write on its way to the workspace.
pub(super) struct Writing {
    pub(super) change_set: ChangeSet,
    pub(super) dry_run: bool,
    pub(super) preconditions: Vec<Precondition>,
    pub(super) digest: String,
}

const NDJSON: [&str; 2] = ["application/x-ndjson", "application/ndjson"];

/// Change the model
///
/// All operations take effect, or none. `dry_run` answers what would change, what stands against it and what
/// it would affect. With `base_revision`, edits of different fields merge and edits of the same field are a
/// conflict. With an `Idempotency-Key`, a retry is answered and not repeated. A body of type
/// `application/x-ndjson` holds the change set without operations on its first line and one operation on
/// each further line.
#[utoipa::path(tag = "change sets", request_body = ChangeSetBody, responses(
    (status = CREATED, description = "Accepted, on stable storage", body = CommittedBody),
    (status = OK, description = "What it would do (`dry_run`)", body = DryRunBody),
))]
#[post("/change-sets")]
pub async fn create_change_set(state: Shared, request: HttpRequest, payload: web::Payload) -> Answer {
    Query::of(&request)?.finish()?;
    let limits = &state.settings.limits;
    let types = ["application/json", NDJSON[0], NDJSON[1]];
    let is_bulk = request
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|held| held.to_str().is_ok_and(|t| t.contains("ndjson")));
    let limit = if is_bulk { limits.import_bytes } else { limits.body_bytes };
    let body = Body::read(&request, payload, &types, limit).await?;
    let digest = digest(&request, &body.bytes);
    let json = if NDJSON.contains(&body.media_type.as_str()) {
        parse_lines(&body.bytes, limits.json_depth)?
    } else {
        body.json(limits.json_depth)?
    };
    let body: ChangeSetBody =
        serde_json::from_value(json).map_err(|error| Problem::new(ProblemCode::InvalidRequest, error.to_string()))?;
    if body.operations.len() > limits.operations {
        let message = format!(
            "a change set has at most {} operations, this one has {}",
            limits.operations,
            body.operations.len()
        );
        return Err(Problem::new(ProblemCode::LimitExceeded, message));
    }
    let (change_set, dry_run) = (to_change_set(body.operations, &body.message)?, body.dry_run);
    let change_set = ChangeSet {
        author: body.author,
        reason: body.reason,
        source: body.source,
        base_revision: body.base_revision,
        ..change_set
    };
    write(&state, &request, Writing { change_set, dry_run, preconditions: Vec::new(), digest }).await
}

fn to_change_set(operations: Vec<Json>, message: &str) -> Result<ChangeSet, Problem> {
    let mut refusals: Vec<Refusal> = Vec::new();
    let mut read = Vec::new();
    if message.trim().is_empty() || message.len() > 10_000 {
        let message = "say in \"message\" what is done (up to 10,000 bytes)".to_owned();
        refusals.push(Refusal::new(RefusalCode::InvalidRequest, "/message", message));
    }
    for (place, json) in operations.into_iter().enumerate() {
        match Operation::from_json(json, &format!("/operations/{place}")) {
            Ok(operation) => read.push(operation),
            Err(refusal) => refusals.push(refusal),
        }
        if refusals.len() > 100 {
            break;
        }
    }
    if refusals.is_empty() {
        return Ok(ChangeSet { message: message.to_owned(), operations: read, ..ChangeSet::default() });
    }
    Err(Problem::refusals(ProblemCode::InvalidRequest, refusals))
}

/// Hands a write to the workspace, or tries it.
pub(super) async fn write(state: &Shared, request: &HttpRequest, writing: Writing) -> Answer {
    let key = idempotency_key(request)?;
    if writing.dry_run {
        let shared = state.clone();
        let body = in_background(state, move || dry_run(&shared, &writing.change_set)).await?;
        return Ok(HttpResponse::Ok().json(body));
    }
    let committed = state
        .workspace
        .commit(WriteRequest {
            change_set: writing.change_set,
            request_digest: key.is_some().then_some(writing.digest),
            idempotency_key: key,
            preconditions: writing.preconditions,
        })
        .await?;
    Ok(created(&committed))
}

fn created(committed: &Committed) -> HttpResponse {
    let change_set = format!("/api/v1/change-sets/{}", committed.revision);
    let mut response = HttpResponse::Created();
    response.insert_header((header::LOCATION, change_set.as_str()));
    if committed.is_replay {
        response.insert_header(("idempotent-replayed", "true"));
    }
    response.json(CommittedBody {
        revision: committed.revision,
        change_set,
        hash: committed.hash.to_string(),
        time: committed.time.to_string(),
    })
}

fn dry_run(state: &Shared, change_set: &ChangeSet) -> DryRunBody {
    let tried = state.workspace.dry_run(change_set);
    let changes = record(tried.snapshot.metamodel(), &tried.delta);
    DryRunBody {
        revision: tried.snapshot.revision(),
        changes: changes.iter().filter_map(|operation| serde_json::to_value(operation).ok()).collect(),
        affected: affected(state, &tried),
        findings: of_dry_run(state, &tried),
        refusals: tried.refusals.into_iter().map(ProblemError::from).collect(),
    }
}

/// What the changes mean for others, by the metamodel's impact meanings on the model as it is now.
fn affected(state: &Shared, tried: &DryRun) -> Vec<Json> {
    let (mut retired, mut replaced) = (Vec::new(), Vec::new());
    for transition in &tried.delta.elements {
        match (&transition.before, &transition.after) {
            (Some(before), None) => retired.push(before.id.to_string()),
            (Some(before), Some(_)) => replaced.push(before.id.to_string()),
            _ => {}
        }
    }
    let view = state.workspace.current_view();
    let mut found = Vec::new();
    for (change, subjects) in [("retire", retired), ("replace", replaced)] {
        let known = subjects.into_iter().filter(|id| view.item(id).is_some());
        for id in known.take(state.settings.limits.subjects) {
            let request = crate::analyses::impact::ImpactRequest {
                subjects: vec![id.clone()],
                change: change.to_owned(),
                ..Default::default()
            };
            // A kind for which the change means nothing affects nobody by this rule.
            let Ok(report) = crate::analyses::impact::impact(&view, &request) else {
                continue;
            };
            found.push(serde_json::json!({
                "subject": id, "change": change, "headline": report.headline,
                "affected": report.affected.iter().map(|item| serde_json::json!({
                    "id": item.id, "kind": item.kind, "effect": item.effect, "sentence": item.sentence,
                })).collect::<Vec<_>>(),
            }));
        }
    }
    found
}

/// Change sets, newest first
///
/// Who changed what, when and why.
#[utoipa::path(tag = "change sets", params(
    ("limit" = Option<usize>, Query, description = "Items on a page, 1 to 1000", example = 20),
    ("cursor" = Option<String>, Query, description = "`next_cursor` of the page before"),
), responses((status = OK, description = "A page", body = ChangeSetPage)))]
#[get("/change-sets")]
pub async fn list_change_sets(state: Shared, request: HttpRequest) -> Answer {
    let mut query = Query::of(&request)?;
    let limit = query.number("limit", 1, state.settings.limits.page)?.unwrap_or(100);
    let cursor = query.revision("cursor")?;
    query.finish()?;
    let snapshot = state.workspace.current();
    let newest = cursor.map_or(snapshot.revision(), |cursor| cursor.saturating_sub(1).min(snapshot.revision()));
    let shared = state.clone();
    let read = move || {
        let summaries = (1..=newest).rev().take(limit).map(|revision| shared.workspace.change(revision));
        let bodies = summaries.filter_map(|summary| Some(summary.transpose()?.map(|summary| summary_body(&summary))));
        bodies.collect::<Result<Vec<ChangeSetSummary>, _>>()
    };
    let items = in_background(&state, read).await??;
    let oldest = items.last().map_or(1, |last| last.revision);
    let next_cursor = (oldest > 1).then(|| oldest.to_string());
    Ok(HttpResponse::Ok().json(ChangeSetPage { items, next_cursor, revision: snapshot.revision() }))
}

/// A change set's summary as it is sent.
pub(super) fn summary_body(summary: &ChangeSummary) -> ChangeSetSummary {
    let text = |text: &Option<std::sync::Arc<str>>| text.as_deref().map(str::to_owned);
    ChangeSetSummary {
        revision: summary.revision,
        hash: summary.hash.get().map_or_else(String::new, ToString::to_string),
        time: summary.time.to_string(),
        message: summary.message.to_string(),
        author: text(&summary.author),
        author_known_by: summary.author.as_ref().map(|_| "stated"),
        reason: text(&summary.reason),
        source: text(&summary.source),
        operations: summary.operations,
    }
}

/// One change set with its operations
///
/// Exactly what it changed, as the ledger holds it.
#[utoipa::path(tag = "change sets", params(
    ("revision" = u64, Path, description = "The revision it made", example = 1),
), responses((status = OK, description = "The change set", body = ChangeSetDetail)))]
#[get("/change-sets/{revision}")]
pub async fn get_change_set(state: Shared, request: HttpRequest, revision: web::Path<String>) -> Answer {
    Query::of(&request)?.finish()?;
    let revision = known_revision(&state, &revision)?;
    let shared = state.clone();
    let recorded = in_background(&state, move || shared.workspace.recorded(revision)).await??;
    let recorded = recorded.ok_or_else(|| unknown_revision(&state, &revision.to_string()))?;
    let summary = summary_body(&recorded.summary);
    let operations = recorded.content.operations.iter();
    let redaction = recorded.content.redaction.as_ref();
    Ok(HttpResponse::Ok().json(ChangeSetDetail {
        revision: summary.revision,
        hash: summary.hash,
        previous_hash: recorded.previous,
        time: summary.time,
        message: summary.message,
        author: summary.author,
        author_known_by: summary.author_known_by,
        reason: summary.reason,
        source: summary.source,
        redacted_by: recorded.redacted_by,
        redacts: redaction.map(|redaction| redaction.revision),
        backups: redaction.map(|redaction| redaction.backups.iter().map(HoldingBackupBody::from).collect()),
        operations: operations.filter_map(|operation| serde_json::to_value(operation).ok()).collect(),
    }))
}

fn known_revision(state: &Shared, text: &str) -> Result<u64, Problem> {
    let newest = state.workspace.current().revision();
    let revision = text.parse().ok().filter(|revision| (1..=newest).contains(revision));
    revision.ok_or_else(|| unknown_revision(state, text))
}

fn unknown_revision(state: &Shared, text: &str) -> Problem {
    let newest = state.workspace.current().revision();
    Problem::new(ProblemCode::NotFound, format!("there is no revision {text:?}; the newest is {newest}"))
}

/// Take a change set back
///
/// Records a new change set that undoes what a revision did. Refused as a conflict when later revisions
/// changed what it touched.
#[utoipa::path(tag = "change sets", params(
    ("revision" = u64, Path, description = "The revision to take back", example = 2),
), request_body = RevertBody, responses(
    (status = CREATED, description = "Taken back", body = CommittedBody),
    (status = OK, description = "What it would do (`dry_run`)", body = DryRunBody),
))]
#[post("/change-sets/{revision}/revert")]
pub async fn revert_change_set(
    state: Shared,
    request: HttpRequest,
    revision: web::Path<String>,
    payload: web::Payload,
) -> Answer {
    Query::of(&request)?.finish()?;
    let limits = &state.settings.limits;
    let body = Body::read(&request, payload, &["application/json"], limits.body_bytes).await?;
    let note: RevertBody = body.parsed(limits.json_depth)?;
    let revision = known_revision(&state, &revision)?;
    let shared = state.clone();
    let reversal = in_background(&state, move || shared.workspace.reversal(revision)).await?;
    let change_set = reversal.map_err(|refusal| {
        let code = if refusal.code == RefusalCode::Conflict { ProblemCode::Conflict } else { ProblemCode::Refused };
        Problem::refusals(code, vec![refusal])
    })?;
    let message = note.message.unwrap_or(change_set.message.clone());
    let change_set = ChangeSet { message, author: note.author, reason: note.reason, ..change_set };
    let digest = digest(&request, &body.bytes);
    write(&state, &request, Writing { change_set, dry_run: note.dry_run, preconditions: Vec::new(), digest }).await
}

/// Whether an item is an element; for messages.
pub(super) fn item_word(item: Item<'_>) -> &'static str {
    match item {
        Item::Element(_) => "element",
        Item::Relationship(_) => "relationship",
    }
}
