//! Is ezu well, what does it count, and the ledger's own matters.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, get};
use serde::Serialize;
use utoipa::ToSchema;

use super::analyses::XLSX;
use super::{in_background, texts};
use crate::application::Loss;
use crate::application::archimate::{self, ArchimateFormat};
use crate::application::tables::{self, TableError, TableRequest};
use crate::application::texts::TextForm;
use crate::application::{ViewRequest, export, whole};
use crate::http::accept::first_accepted;
use crate::http::problem::{Answer, Problem, ProblemCode};
use crate::http::query::Query;
use crate::http::state::Shared;
use crate::storage::Health;

/// Whether ezu can be relied on.
#[derive(Debug, Serialize, ToSchema)]
pub struct Readiness {
    /// `ready`, `degraded` or `read_only`.
    #[schema(example = "ready")]
    pub state: &'static str,
    /// What is missing.
    pub reasons: Vec<String>,
    /// The newest revision.
    pub revision: u64,
}

/// The end of the ledger, for an outside register to witness.
#[derive(Debug, Serialize, ToSchema)]
pub struct LedgerHead {
    /// The newest revision.
    #[schema(example = 1)]
    pub revision: u64,
    /// Its hash, in hexadecimal; it covers everything before it too.
    pub hash: String,
    /// When it was recorded.
    pub time: String,
}

/// Alive
///
/// Answers as long as the process runs.
#[utoipa::path(tag = "service", responses((status = OK, description = "Alive", body = String)))]
#[get("/healthz")]
pub async fn healthz() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ok\n")
}

/// Ready
///
/// 200 when reads and writes work, also when degraded (one copy of the ledger is missing and being rebuilt);
/// 503 when writes are refused until restart.
#[utoipa::path(tag = "service", responses(
    (status = OK, description = "Reads and writes work", body = Readiness),
    (status = SERVICE_UNAVAILABLE, description = "Writes are refused", body = Readiness),
))]
#[get("/readyz")]
pub async fn readyz(state: Shared) -> HttpResponse {
    let revision = state.workspace.current().revision();
    match state.workspace.store().health() {
        Health::Ready => HttpResponse::Ok().json(Readiness { state: "ready", reasons: Vec::new(), revision }),
        Health::Degraded { reasons } => HttpResponse::Ok().json(Readiness { state: "degraded", reasons, revision }),
        Health::ReadOnly { reason } => {
            HttpResponse::ServiceUnavailable().json(Readiness { state: "read_only", reasons: vec![reason], revision })
        }
    }
}

/// Counters
///
/// In Prometheus' text form.
#[utoipa::path(tag = "service", responses((status = OK, description = "Counters", body = String, content_type = "application/openmetrics-text")))]
#[get("/metrics")]
pub async fn metrics(state: Shared) -> HttpResponse {
    let media_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
    HttpResponse::Ok().content_type(media_type).body(crate::http::metrics::render(&state))
}

/// The end of the ledger
///
/// Kept by an outside register, revision and hash later prove that nothing before them was rewritten
/// (`ezu verify --witness REVISION:HASH`).
#[utoipa::path(tag = "ledger", responses((status = OK, description = "The head", body = LedgerHead)))]
#[get("/ledger/head")]
pub async fn ledger_head(state: Shared, request: HttpRequest) -> Answer {
    Query::of(&request)?.finish()?;
    let head = state.workspace.store().head();
    let time = jiff::Timestamp::from_microsecond(head.time).map_or_else(|_| String::new(), |time| time.to_string());
    Ok(HttpResponse::Ok().json(LedgerHead { revision: head.revision, hash: head.hash.to_string(), time }))
}

/// The whole model as a file
///
/// The native model file: YAML, one list a kind, references by id. The same model gives the same bytes.
/// Everything that is recorded; with `at` only what is valid on that day.
///
/// `format=xlsx` is a workbook with a sheet a kind, to be edited and imported again: it comes back as a change set of
/// exactly the edits. `format=csv` is one kind. `format=archimate-exchange`, `archi` and `coarchi` are for `ArchiMate`
/// tools; the header `Ezu-Losses` counts what such a file could not carry.
///
/// `ndjson`, `graphml` (Gephi, yEd), `mermaid` and `plantuml` (`ArchiMate` notation) are of everything seen, of `kinds`,
/// of what is drawn in a `diagram`, or of what is `around` some elements.
///
/// `bpmn` is of the processes in `around`, or of all that have steps. Where one imported drawing shows them all, it comes
/// back as it was imported (gateways, events, places), with what the model says today written into it. `drawing=new` draws
/// them anew; `drawing=imported` gives a drawing even if it does not say where things stand. `Ezu-Losses` counts
/// `drawn_anew` where an imported drawing could not be used, `older_drawing` where the one imported last could not, and
/// `without_steps`.
#[utoipa::path(tag = "ledger", params(
    ("format" = Option<String>, Query, description = "Else by Accept. yaml (as usual), json, ndjson, xlsx, csv, graphml, mermaid, plantuml, bpmn, archimate-exchange, archi or coarchi"),
    ("name" = Option<String>, Query, description = "For ArchiMate files: what the model is called"),
    ("kinds" = Option<String>, Query, description = "Kinds, separated by commas; all when absent. Not for yaml, json and bpmn"),
    ("around" = Option<String>, Query, description = "For ndjson, graphml, mermaid, plantuml: elements, separated by commas, whose surrounding is meant; for bpmn: processes"),
    ("depth" = Option<usize>, Query, description = "How many relationships far a surrounding reaches (0 to 5, usually 1)"),
    ("drawing" = Option<String>, Query, description = "For bpmn: fitting (as usual: an imported drawing where it can still be used), imported or new"),
    ("diagram" = Option<String>, Query, description = "For ndjson, graphml, mermaid, plantuml: a drawn view of the model"),
    ("language" = Option<String>, Query, description = "Labels in ja or en"),
    ("calendar" = Option<String>, Query, description = "For xlsx and csv: iso (as usual) or japanese"),
), responses((status = OK, description = "The model, in the form that `format` names", content(
    (String = "application/yaml"),
    (String = "application/json"),
    (String = "application/x-ndjson"),
    (String = "text/csv"),
    (String = "application/graphml+xml"),
    (String = "text/vnd.mermaid"),
    (String = "text/plain"),
    (String = "application/xml"),
    (Vec<u8> = "application/zip"),
    (Vec<u8> = "application/octet-stream"),
    (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
))))]
#[get("/export")]
pub async fn export_model(state: Shared, request: HttpRequest) -> Answer {
    let mut query = Query::of(&request)?;
    let asked = query.view()?;
    let format = query.take("format").unwrap_or_else(|| accepted_format(&request).to_owned());
    if ["xlsx", "csv"].contains(&format.as_str()) {
        return export_table(&state, query, asked, format == "csv").await;
    }
    if let Some(format) = ArchimateFormat::named(&format) {
        return export_archimate(&state, query, asked, format).await;
    }
    if let Some(form) = TextForm::from_word(&format) {
        return texts::export(&state, query, &request, asked, form).await;
    }
    query.finish()?;
    if !["yaml", "json"].contains(&format.as_str()) {
        return Err(Problem::new(
            ProblemCode::NotAcceptable,
            format!(
                "{format:?} is not offered here; yaml, json, ndjson, xlsx, csv, graphml, mermaid, plantuml, bpmn, archimate-exchange, archi and coarchi are"
            ),
        ));
    }
    let view = state.workspace.view(asked)?;
    let is_json = format == "json";
    let written = in_background(&state, move || match (asked.at, is_json) {
        (None, false) => Ok(whole::to_yaml(view.snapshot())),
        (None, true) => whole::to_json(view.snapshot()),
        (Some(_), false) => Ok(export::to_yaml(&view)),
        (Some(_), true) => export::to_json(&view),
    });
    let text = written.await?.map_err(|error| Problem::new(ProblemCode::Internal, error))?;
    let media_type = if is_json { "application/json" } else { "application/yaml; charset=utf-8" };
    Ok(HttpResponse::Ok().content_type(media_type).body(text))
}

/// The format that `Accept` asks for. Of two that are served as the same, the one of the whole model.
fn accepted_format(request: &HttpRequest) -> &'static str {
    match first_accepted(request) {
        "application/json" => "json",
        "application/x-ndjson" => "ndjson",
        "text/csv" => "csv",
        XLSX => "xlsx",
        "application/graphml+xml" => "graphml",
        "text/vnd.mermaid" => "mermaid",
        "text/plain" => "plantuml",
        "application/xml" => "archimate-exchange",
        "application/octet-stream" => "archi",
        "application/zip" => "coarchi",
        _ => "yaml",
    }
}

/// How many of what a file could not carry.
pub(super) fn losses_header(losses: &[Loss]) -> (&'static str, String) {
    let losses: Vec<String> = losses.iter().map(|loss| format!("{}={}", loss.code, loss.count)).collect();
    ("Ezu-Losses", losses.join(", "))
}

/// The model as a file of `ArchiMate` tools; what the file could not carry stands in the header `Ezu-Losses`.
async fn export_archimate(state: &Shared, mut query: Query, asked: ViewRequest, format: ArchimateFormat) -> Answer {
    let name = query.take("name").unwrap_or_else(|| "ezu".to_owned());
    query.finish()?;
    let view = state.workspace.view(asked)?;
    let diagrams = state.settings.diagrams.clone();
    let written = in_background(state, move || archimate::export(&view, format, &name, &diagrams));
    let file = written.await?.map_err(|error| Problem::new(ProblemCode::Internal, error.to_string()))?;
    Ok(HttpResponse::Ok()
        .content_type(format.media_type())
        .insert_header(losses_header(&file.losses))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{}\"", format.file_name())))
        .body(file.bytes))
}

/// The model as a workbook, or one kind of it as delimited text.
async fn export_table(state: &Shared, mut query: Query, asked: ViewRequest, is_csv: bool) -> Answer {
    let kinds = query.list("kinds");
    let japanese_calendar = match query.take("calendar").as_deref() {
        None | Some("iso") => false,
        Some("japanese") => true,
        Some(other) => return Err(Problem::parameter("calendar", format!("{other:?} is neither iso nor japanese"))),
    };
    query.finish()?;
    let view = state.workspace.view(asked)?;
    let request = TableRequest { kinds, japanese_calendar };
    let written = in_background(state, move || {
        if is_csv {
            tables::to_csv(&view, &request).map(String::into_bytes)
        } else {
            tables::to_workbook(&view, &request)
        }
    });
    let bytes = written.await?.map_err(|error| match error {
        TableError::Workbook(_) => Problem::new(ProblemCode::LimitExceeded, error.to_string()),
        _ => Problem::parameter("kinds", error),
    })?;
    let (media_type, name) = if is_csv { ("text/csv; charset=utf-8", "ezu.csv") } else { (XLSX, "ezu.xlsx") };
    Ok(HttpResponse::Ok()
        .content_type(media_type)
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")))
        .body(bytes))
}
