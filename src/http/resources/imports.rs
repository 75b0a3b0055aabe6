//! Files into the model: sent, looked at, decided, agreed to.

use std::collections::HashMap;

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, delete, get, patch, post, web};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use utoipa::ToSchema;

use super::analyses::{csv, xlsx};
use super::change_sets::CommittedBody;
use super::diagrams::language_of;
use super::in_background_for;
use crate::application::Committed;
use crate::application::imports::{
    Agreement, Format, ImportError, ImportOptions, Proposal, Record, RecordOutcome, Side, WaitingImport,
};
use crate::http::body::Body;
use crate::http::problem::{Answer, Problem, ProblemCode, ProblemError};
use crate::http::query::Query;
use crate::http::state::Shared;
use crate::http::uploads;

mod rows;

/// How an import is understood: answers to its questions and conflicts, corrections of columns.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ImportDecisions, example = json!({"conflicts": "model", "answers": {}}))]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "describes what `ImportOptions` reads")]
pub struct ImportDecisionsBody {
    /// Who is right in a conflict without an answer of its own: `file` or `model`.
    #[schema(example = "model")]
    conflicts: Option<String>,
    /// Whether a name that nothing in the model resembles makes a new item (true), or is asked for (false).
    create_missing: Option<bool>,
    /// Whether what an earlier version of the source had and this one has not is deleted.
    delete_missing: Option<bool>,
    /// For tables: `{file, sheet, skip, kind, heading_rows: [3, 4], columns: {"接続系": {"attribute": {"name": "zone"}}}}`.
    tables: Option<Vec<HashMap<String, Json>>>,
    /// By the id of the question or conflict: `{"use": "sys-juki"}`, `{"create": "system"}`, `{"value": 3}`,
    /// `"leave_out"`, `{"take": "file"}`, `"delete"`, `"keep"`.
    answers: Option<HashMap<String, Json>>,
}

/// An import: what it is, what it would do.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Import)]
pub struct ImportBody {
    /// Its id.
    #[schema(example = "9f3c2b7a41d05e6688aa")]
    id: String,
    /// `open` or `committed`.
    state: &'static str,
    /// When it came.
    created: String,
    /// When it is forgotten.
    expires: String,
    /// Its files.
    files: Vec<String>,
    /// Who sent it, as stated.
    author: Option<String>,
    /// The revision that it made.
    committed: Option<u64>,
    /// What was decided.
    #[schema(value_type = ImportDecisionsBody)]
    options: ImportOptions,
    /// What it would do: `revision`, `sources`, `records` (rows read, assumed, question, refused, skipped), `kinds`,
    /// `changes`, `conflicts`, `questions`, `problems`, `tables`, `is_empty`, `digest`. Lists are cut at the page limit;
    /// `totals` has their lengths.
    #[schema(value_type = Option<HashMap<String, Json>>)]
    report: Option<Json>,
}

/// Imports that wait, and those committed lately.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportPage {
    /// Oldest first.
    items: Vec<ImportBody>,
    /// The newest revision.
    revision: u64,
}

/// Who agrees to an import.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
#[schema(as = ImportAgreement, example = json!({"author": "dept-joho"}))]
pub struct AgreementBody {
    /// The digest of the proposal that was seen; another one is refused.
    pub digest: Option<String>,
    /// What is done, for people; made up when absent.
    pub message: Option<String>,
    /// Who agrees, as stated.
    #[schema(example = "dept-joho")]
    pub author: Option<String>,
    /// Why.
    pub reason: Option<String>,
}

/// What became of an import.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportOutcome {
    /// The import.
    id: String,
    /// The change set it made; absent when there was nothing to do.
    committed: Option<CommittedBody>,
}

/// Show what files would change
///
/// The files come as parts of `multipart/form-data`, or one file as the body, named by `name`. Nothing is changed: the
/// answer is what would be created, updated, left alone, what is in conflict, what is to be asked, and every problem
/// with its place. The import then waits for decisions (`PATCH`) and an agreement (`POST …/commit`).
#[utoipa::path(tag = "imports", params(
    ("format" = Option<String>, Query, description = "native, xlsx, csv, archimate-exchange, archi, coarchi, bpmn, structurizr; guessed when absent", example = "csv"),
    ("name" = Option<String>, Query, description = "The name of the file in the body", example = "台帳.csv"),
    ("author" = Option<String>, Query, description = "Who sends it, as stated", example = "dept-joho"),
    ("conflicts" = Option<String>, Query, description = "Who is right in conflicts: file or model", example = "model"),
    ("create_missing" = Option<bool>, Query, description = "Whether names that nothing resembles make new items"),
    ("delete_missing" = Option<bool>, Query, description = "Whether what is missing now is deleted"),
), request_body(content = String, content_type = "text/csv", description = "The file", example = "課名,ｼｽﾃﾑ名,ベンダ\n市民課,番号発券機,㈱見本（架空）\n"),
responses((status = CREATED, description = "What it would do", body = ImportBody)))]
#[post("/imports")]
pub async fn create_import(state: Shared, request: HttpRequest, payload: web::Payload) -> Answer {
    let mut query = Query::of(&request)?;
    let format = format_of(query.take("format"))?;
    let name = query.take("name").unwrap_or_else(|| "upload".to_owned());
    let author = query.take("author");
    let options = options_of(&mut query)?;
    query.finish()?;
    let files = uploads::files(&request, payload, &name, &state.settings).await?;
    let (imports, now) = (state.imports.clone(), state.workspace.clock().now());
    // A large file takes a while to be written.
    let add = move || imports.add(now, &files, format, options, author);
    let waiting = in_background_for(state.settings.imports.milliseconds, add).await?.map_err(problem)?;
    match preview(&state, &waiting.id).await {
        Ok(proposal) => Ok(answer(&state, HttpResponse::Created(), &waiting, Some(&proposal))),
        Err(refused) => {
            // What cannot be read at all does not wait.
            let _ = state.imports.discard(&waiting.id);
            Err(refused)
        }
    }
}

/// List imports that wait
///
/// Those that wait for decisions or an agreement, and those committed lately; without their reports.
#[utoipa::path(tag = "imports", responses((status = OK, description = "Imports", body = ImportPage)))]
#[get("/imports")]
pub async fn list_imports(state: Shared, request: HttpRequest) -> Answer {
    Query::of(&request)?.finish()?;
    let items = state.imports.all().iter().map(|waiting| body(waiting, None)).collect();
    Ok(HttpResponse::Ok().json(ImportPage { items, revision: state.workspace.current().revision() }))
}

/// Look at an import
///
/// What it would do to the newest revision.
#[utoipa::path(tag = "imports", params(("id" = String, Path, description = "The import", example = "9f3c2b7a41d05e6688aa")),
    responses((status = OK, description = "What it would do", body = ImportBody)))]
#[get("/imports/{id}")]
pub async fn get_import(state: Shared, request: HttpRequest, id: web::Path<String>) -> Answer {
    Query::of(&request)?.finish()?;
    let waiting = state.imports.get(&id).map_err(problem)?;
    if waiting.committed.is_some() {
        return Ok(answer(&state, HttpResponse::Ok(), &waiting, None));
    }
    let proposal = preview(&state, &id).await?;
    Ok(answer(&state, HttpResponse::Ok(), &waiting, Some(&proposal)))
}

/// List the rows of an import
///
/// Every row of its tables with what became of it: `read`, `assumed`, `question`, `refused`, `skipped`.
#[utoipa::path(tag = "imports", params(
    ("id" = String, Path, description = "The import", example = "9f3c2b7a41d05e6688aa"),
    ("outcome" = Option<String>, Query, description = "Only these outcomes, separated by commas", example = "question,refused"),
    ("format" = Option<String>, Query, description = "json, csv or xlsx", example = "json"),
    ("language" = Option<String>, Query, description = "ja or en, for csv and xlsx"),
    ("limit" = Option<usize>, Query, description = "The most rows on a page"),
    ("cursor" = Option<String>, Query, description = "Where the page begins"),
), responses((status = OK, description = "Rows", body = HashMap<String, Json>)))]
#[get("/imports/{id}/rows")]
pub async fn get_import_rows(state: Shared, request: HttpRequest, id: web::Path<String>) -> Answer {
    let mut query = Query::of(&request)?;
    let outcomes = outcomes_of(query.list("outcome"))?;
    let format = query.take("format");
    let language = language_of(&mut query, &request)?;
    let most = state.settings.limits.page;
    let limit = query.number("limit", 1, most)?.unwrap_or(100);
    let cursor = query.take("cursor");
    query.finish()?;
    let proposal = preview(&state, &id).await?;
    let wanted = move |row: &Record| outcomes.is_empty() || outcomes.contains(&row.outcome);
    // Rows are unpacked when they are asked for, which takes a moment for many of them.
    let time = state.settings.imports.milliseconds;
    match format.as_deref() {
        None | Some("json") => {
            let page = move || rows::page(&id, &proposal, wanted, limit, cursor.as_deref());
            Ok(HttpResponse::Ok().json(in_background_for(time, page).await??))
        }
        Some(word @ ("csv" | "xlsx")) => {
            let table = move || rows::RowTable::of(&proposal.report, proposal.report.rows.iter().filter(wanted));
            let table = in_background_for(time, table).await?;
            if word == "csv" { Ok(csv(&table, language, "import-rows")) } else { xlsx(&table, language, "import-rows") }
        }
        Some(other) => {
            let message = format!("{other:?} is not offered here; json, csv and xlsx are");
            Err(Problem::new(ProblemCode::NotAcceptable, message))
        }
    }
}

/// Decide an import
///
/// Replaces its decisions: answers to questions and conflicts by their ids, and corrections of columns. Answers with what
/// it would do then. Answers and corrected columns are kept with the import, for the next file like it.
#[utoipa::path(tag = "imports", params(("id" = String, Path, description = "The import", example = "9f3c2b7a41d05e6688aa")),
    request_body = ImportDecisionsBody, responses((status = OK, description = "What it would do", body = ImportBody)))]
#[patch("/imports/{id}")]
pub async fn decide_import(
    state: Shared,
    request: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Answer {
    Query::of(&request)?.finish()?;
    let limits = &state.settings.limits;
    let sent = Body::read(&request, payload, &["application/json"], limits.body_bytes).await?;
    let options: ImportOptions = sent.parsed(limits.json_depth)?;
    let waiting = state.imports.decide(&id, options).map_err(problem)?;
    let proposal = preview(&state, &id).await?;
    Ok(answer(&state, HttpResponse::Ok(), &waiting, Some(&proposal)))
}

/// Agree to an import
///
/// Writes what was shown as one change set. What is undecided stays out. If the model or the decisions have changed since
/// the proposal was shown, nothing is written. A second time it is refused with the revision that it made.
#[utoipa::path(tag = "imports", params(("id" = String, Path, description = "The import", example = "9f3c2b7a41d05e6688aa")),
    request_body = AgreementBody, responses((status = OK, description = "Written, or nothing to do", body = ImportOutcome)))]
#[post("/imports/{id}/commit")]
pub async fn commit_import(
    state: Shared,
    request: HttpRequest,
    id: web::Path<String>,
    payload: web::Payload,
) -> Answer {
    Query::of(&request)?.finish()?;
    let limits = &state.settings.limits;
    let sent = Body::read(&request, payload, &["application/json"], limits.body_bytes).await?;
    let agreed: AgreementBody = sent.parsed(limits.json_depth)?;
    let (shared, wanted) = (state.clone(), id.clone());
    let work = move || {
        let agreement =
            Agreement { digest: agreed.digest, message: agreed.message, author: agreed.author, reason: agreed.reason };
        shared.imports.commit(&shared.workspace, &wanted, agreement)
    };
    let done = in_background_for(state.settings.imports.milliseconds, work).await?;
    let outcome = match done {
        Ok(committed) => ImportOutcome { id: id.into_inner(), committed: committed.as_ref().map(committed_body) },
        Err(error) => return Err(problem(error)),
    };
    Ok(HttpResponse::Ok().json(outcome))
}

/// Discard an import
///
/// Forgets its files and decisions. What it committed stays in the model.
#[utoipa::path(tag = "imports", params(("id" = String, Path, description = "The import", example = "9f3c2b7a41d05e6688aa")),
    responses((status = NO_CONTENT, description = "Forgotten")))]
#[delete("/imports/{id}")]
pub async fn discard_import(state: Shared, request: HttpRequest, id: web::Path<String>) -> Answer {
    Query::of(&request)?.finish()?;
    state.imports.discard(&id).map_err(problem)?;
    Ok(HttpResponse::NoContent().finish())
}

async fn preview(state: &Shared, id: &str) -> Result<std::sync::Arc<Proposal>, Problem> {
    let (shared, id) = (state.clone(), id.to_owned());
    let work = move || shared.imports.preview(&shared.workspace, &id);
    in_background_for(state.settings.imports.milliseconds, work).await?.map_err(problem)
}

fn answer(
    state: &Shared,
    mut response: actix_web::HttpResponseBuilder,
    waiting: &WaitingImport,
    proposal: Option<&Proposal>,
) -> HttpResponse {
    let report = proposal.map(|proposal| shown(proposal, state.settings.limits.page));
    response.insert_header((header::LOCATION, format!("/api/v1/imports/{}", waiting.id)));
    response.json(body(waiting, report))
}

fn body(waiting: &WaitingImport, report: Option<Json>) -> ImportBody {
    ImportBody {
        id: waiting.id.clone(),
        state: if waiting.committed.is_some() { "committed" } else { "open" },
        created: waiting.created.to_string(),
        expires: waiting.expires.to_string(),
        files: waiting.files.clone(),
        author: waiting.author.clone(),
        committed: waiting.committed,
        options: waiting.options.clone(),
        report,
    }
}

/// The report with its lists cut, and how long they are.
fn shown(proposal: &Proposal, most: usize) -> Json {
    let report = &proposal.report;
    let mut json = serde_json::to_value(proposal.shown(most)).unwrap_or_default();
    json["totals"] = json!({
        "changes": proposal.change_count(),
        "conflicts": report.conflicts.len(),
        "questions": report.questions.len(),
        "problems": report.problems_total,
        "rows": report.rows.len(),
    });
    json
}

fn committed_body(committed: &Committed) -> CommittedBody {
    CommittedBody {
        revision: committed.revision,
        change_set: format!("/api/v1/change-sets/{}", committed.revision),
        hash: committed.hash.to_string(),
        time: committed.time.to_string(),
    }
}

fn format_of(word: Option<String>) -> Result<Option<Format>, Problem> {
    let Some(word) = word else { return Ok(None) };
    let known = || Format::ALL.map(Format::word).join(", ");
    let found = Format::from_word(&word);
    found.map(Some).ok_or_else(|| Problem::parameter("format", format!("{word:?} is none of {}", known())))
}

fn options_of(query: &mut Query) -> Result<ImportOptions, Problem> {
    let conflicts = match query.take("conflicts").as_deref() {
        None => None,
        Some("file") => Some(Side::File),
        Some("model") => Some(Side::Model),
        Some(other) => return Err(Problem::parameter("conflicts", format!("{other:?} is neither file nor model"))),
    };
    let mut flag = |name: &'static str| match query.take(name).as_deref() {
        None => Ok(None),
        Some("true") => Ok(Some(true)),
        Some("false") => Ok(Some(false)),
        Some(other) => Err(Problem::parameter(name, format!("{other:?} is neither true nor false"))),
    };
    let (create_missing, delete_missing) = (flag("create_missing")?, flag("delete_missing")?);
    Ok(ImportOptions { conflicts, create_missing, delete_missing, ..ImportOptions::default() })
}

fn outcomes_of(words: Vec<String>) -> Result<Vec<RecordOutcome>, Problem> {
    let read = |word: String| {
        serde_json::from_value(Json::String(word.clone())).map_err(|_| {
            Problem::parameter("outcome", format!("{word:?} is none of read, assumed, question, refused, skipped"))
        })
    };
    words.into_iter().map(read).collect()
}

fn problem(error: ImportError) -> Problem {
    let text = error.to_string();
    match error {
        ImportError::NotFound(_) => Problem::new(ProblemCode::NotFound, text),
        ImportError::Unreadable(unreadable) => {
            let held = &unreadable.0;
            let code = if held.code == "limit_exceeded" { ProblemCode::LimitExceeded } else { ProblemCode::Unreadable };
            let remedy = held.remedy.as_ref().map_or("", |remedy| remedy.en.as_str());
            let mut problem = Problem::new(code, format!("{text}: {remedy}"));
            problem.errors.push(ProblemError {
                code: held.code.clone(),
                pointer: String::new(),
                message: format!(
                    "{}: {} / {}",
                    held.place,
                    held.wrong.ja,
                    held.remedy.as_ref().map_or("", |r| r.ja.as_str())
                ),
                id: None,
                related: Vec::new(),
            });
            problem
        }
        ImportError::Limit(_) => Problem::new(ProblemCode::LimitExceeded, text),
        ImportError::Changed => Problem::new(ProblemCode::ImportChanged, text),
        ImportError::Committed(_) => Problem::new(ProblemCode::ImportCommitted, text),
        ImportError::Refused => Problem::new(ProblemCode::Refused, text),
        ImportError::Write(error) => error.into(),
        ImportError::Folder(error) if error.kind() == std::io::ErrorKind::StorageFull => {
            Problem::new(ProblemCode::DiskFull, text)
        }
        ImportError::Folder(_) => Problem::new(ProblemCode::Internal, text),
    }
}
