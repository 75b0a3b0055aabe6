//! Removing what the law forbids to keep.

use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::application::{RedactionReport, RedactionRequest};
use crate::domain::recorded::HoldingBackup;
use crate::domain::redacting::{Removal, RemovedField};
use crate::http::body::Body;
use crate::http::problem::Answer;
use crate::http::query::Query;
use crate::http::state::Shared;

/// What is to be removed, and why.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = Redaction)]
#[serde(deny_unknown_fields)]
pub struct RedactionBody {
    /// A text, wherever it stands in values, names, messages and reasons; compared character by character and
    /// replaced by `■■■`.
    #[schema(example = "花野太郎")]
    pub text: Option<String>,
    /// Whole values of items.
    #[serde(default)]
    pub fields: Vec<RemovedFieldBody>,
    /// The revisions to remove it from; all that hold it when empty.
    #[serde(default)]
    #[schema(example = json!([]))]
    pub revisions: Vec<u64>,
    /// Who does it, as stated.
    #[schema(example = "dept-joho")]
    pub author: Option<String>,
    /// Why. It is recorded and must not hold the text.
    #[schema(example = "個人名の誤入力")]
    pub reason: Option<String>,
    /// Whether to try only.
    #[serde(default)]
    #[schema(example = true)]
    pub dry_run: bool,
}

/// A value of an item.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = RemovedField)]
#[serde(deny_unknown_fields)]
pub struct RemovedFieldBody {
    /// The element or relationship.
    #[schema(example = "sys-juki")]
    pub id: String,
    /// `name` or the attribute's full, dotted name.
    #[schema(example = "source_note")]
    pub field: String,
}

/// What a redaction did, or would do.
#[derive(Debug, Serialize, ToSchema)]
pub struct RedactionReportBody {
    /// The revisions that something is removed from.
    pub redacted: Vec<RedactedRevisionBody>,
    /// Revisions that hold it too and were not named.
    pub remaining: Vec<u64>,
    /// Backups and exports of the ledger that still hold it, as far as ezu knows: delete them, or restore and redact.
    pub backups: Vec<HoldingBackupBody>,
    /// The newest revision afterwards.
    pub revision: u64,
}

/// One revision that something was removed from.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RedactedRevision)]
pub struct RedactedRevisionBody {
    /// The revision.
    pub revision: u64,
    /// The revision of the act that says so; absent when it was only tried.
    pub act: Option<u64>,
}

/// A backup, or an export of the ledger, that was taken before.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = HoldingBackup)]
pub struct HoldingBackupBody {
    /// The revision up to which it goes.
    pub revision: u64,
    /// The hash of that revision, in hexadecimal.
    pub hash: String,
    /// Where it was written, as far as that is known.
    pub written_to: Option<String>,
}

impl From<&HoldingBackup> for HoldingBackupBody {
    fn from(backup: &HoldingBackup) -> Self {
        let HoldingBackup { revision, hash, written_to } = backup.clone();
        Self { revision, hash, written_to }
    }
}

impl From<RedactionReport> for RedactionReportBody {
    fn from(report: RedactionReport) -> Self {
        let redacted = report.redacted.iter();
        Self {
            redacted: redacted.map(|one| RedactedRevisionBody { revision: one.revision, act: one.act }).collect(),
            remaining: report.remaining,
            backups: report.backups.iter().map(HoldingBackupBody::from).collect(),
            revision: report.revision,
        }
    }
}

/// Remove what must not be kept
///
/// For what the law forbids to keep, a person's name entered by mistake say: it goes from every copy of the ledger and
/// from every revision of the model, and an act that records this is added to the ledger, whose hashes stay valid.
/// It cannot be taken back. Writes wait meanwhile. `dry_run` answers what it would do. The answer names the backups that
/// still hold it, as ezu cannot reach into those.
#[utoipa::path(tag = "ledger", request_body = RedactionBody, responses(
    (status = CREATED, description = "Removed", body = RedactionReportBody),
    (status = OK, description = "What it would do (`dry_run`)", body = RedactionReportBody),
))]
#[post("/ledger/redactions")]
pub async fn redact(state: Shared, request: HttpRequest, payload: web::Payload) -> Answer {
    Query::of(&request)?.finish()?;
    let limits = &state.settings.limits;
    let body = Body::read(&request, payload, &["application/json"], limits.body_bytes).await?;
    let body: RedactionBody = body.parsed(limits.json_depth)?;
    let fields = body.fields.into_iter().map(|RemovedFieldBody { id, field }| RemovedField { id, field }).collect();
    let asked = RedactionRequest {
        removal: Removal { text: body.text, fields },
        revisions: body.revisions,
        author: body.author,
        reason: body.reason,
        dry_run: body.dry_run,
    };
    let report = state.workspace.redact(asked).await?;
    let mut answer = if body.dry_run { HttpResponse::Ok() } else { HttpResponse::Created() };
    Ok(answer.json(RedactionReportBody::from(report)))
}
