//! Queries over the model.

mod form;
mod rows;
mod showing;
mod written;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::Deserialize;
use serde_json::{Map, Value as Json};
use tokio::sync::OwnedSemaphorePermit;
use utoipa::ToSchema;

use super::analyses::chosen_language;
use super::diagrams::{answer_picture, language_of};
use crate::application::ViewRequest;
use crate::application::pictures::query_picture;
use crate::application::queries::{QueryRequest, RequestedLimits, saved_queries, saved_query};
use crate::http::body::Body;
use crate::http::problem::{Answer, Problem, ProblemCode};
use crate::http::query::{Query, parse_date};
use crate::http::state::Shared;
use crate::query::syntax::tree::Mode;
use crate::query::value::json::from_json;
use crate::query::{Parameters, QueryError, Value};
use form::{Form, form_of};
use showing::{QueryBody, Shown, failed, problem, shown};

/// A query and how its answer is wanted.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QueryQuestion {
    /// The text, in openCypher (see the query language page): `MATCH … RETURN …`.
    #[schema(
        example = "MATCH (s:System)-[:DEPENDS_ON]->(i:Infrastructure {id: $machine}) RETURN s.id, s.name ORDER BY s.id"
    )]
    query: String,
    /// The values of `$parameters`, by name.
    #[serde(default)]
    #[schema(value_type = std::collections::HashMap<String, Json>, example = json!({"machine": "inf-vm-old"}))]
    parameters: Map<String, Json>,
    /// The day in the world.
    at: Option<String>,
    /// The revision.
    revision: Option<u64>,
    /// `json`, `ndjson`, `csv`, `xlsx`, `dot`, `svg` or `png`.
    #[schema(example = "json")]
    format: Option<String>,
    /// `ja` or `en`, for pictures.
    language: Option<String>,
    /// `plan`: the plan alone; `profile`: the answer, and the plan with the rows that really came.
    explain: Option<Explain>,
    /// Lower limits than the operator's.
    #[serde(default)]
    limits: QuestionLimits,
}

/// What to say about how the answer is found.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Explain {
    Plan,
    Profile,
}

/// Limits that a request lowers.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
struct QuestionLimits {
    /// How long the query may run, in milliseconds.
    milliseconds: Option<u64>,
    /// The most rows.
    rows: Option<u64>,
    /// The most bytes held.
    memory_bytes: Option<u64>,
    /// The most steps taken.
    expansions: Option<u64>,
}

/// A query in ezu's graph query language
///
/// openCypher 9, read-only: labels are kinds and their ancestors (`:System`, `:ApplicationComponent`), relationship
/// types are relationship kinds (`:DATA_FLOW`), properties are attributes. Every answer names its revision and day.
/// A query that reaches a limit is stopped and the problem says what would help.
#[utoipa::path(tag = "query", request_body = QueryQuestion, responses((status = OK, description = "The answer", body = QueryBody)))]
#[post("/query")]
pub async fn ask_query(state: Shared, request: HttpRequest, payload: web::Payload) -> Answer {
    let mut query = Query::of(&request)?;
    let format = query.take("format");
    let language = language_of(&mut query, &request)?;
    query.finish()?;
    let limits = &state.settings.limits;
    let body = Body::read(&request, payload, &["application/json"], limits.body_bytes).await?;
    let question: QueryQuestion = body.parsed(limits.json_depth)?;
    let form = form_of(question.format.as_deref().or(format.as_deref()), &request)?;
    let language = chosen_language(question.language.as_deref(), language)?;
    let asked = question.request()?;
    answer(state, asked, form, language).await
}

/// The same as a link
///
/// As `POST`, with the query in the address; `$name` is given as `param.name`, as JSON or as plain text.
#[utoipa::path(tag = "query", params(
    ("query" = String, Query, description = "The text", example = "MATCH (s:System) RETURN count(s) AS systems"),
    ("param.name" = Option<String>, Query, description = "The value of `$name`; any number of these"),
    ("at" = Option<String>, Query, description = "The day in the world, YYYY-MM-DD"),
    ("revision" = Option<u64>, Query, description = "The revision"),
    ("format" = Option<String>, Query, description = "json, ndjson, csv, xlsx, dot, svg or png", example = "json"),
    ("language" = Option<String>, Query, description = "ja or en, for pictures"),
    ("explain" = Option<String>, Query, description = "plan or profile"),
), responses((status = OK, description = "The answer", body = QueryBody)))]
#[get("/query")]
pub async fn link_query(state: Shared, request: HttpRequest) -> Answer {
    let mut query = Query::of(&request)?;
    let text = query.required("query")?;
    let parameters = query.take_prefixed("param.");
    let explain = match query.take("explain").as_deref() {
        None => Mode::Answer,
        Some("plan") => Mode::Explain,
        Some("profile") => Mode::Profile,
        Some(other) => return Err(Problem::parameter("explain", format!("{other:?} is neither plan nor profile"))),
    };
    let form = form_of(query.take("format").as_deref(), &request)?;
    let language = language_of(&mut query, &request)?;
    let view = query.view()?;
    query.finish()?;
    let parameters = parameters.into_iter().map(|(name, text)| (name.into(), spelt(&text))).collect();
    let limits = RequestedLimits::default();
    answer(state, QueryRequest { text, parameters, view, limits, mode: explain }, form, language).await
}

/// The queries that are part of the model
///
/// They are elements of the kind `saved_query`: recorded, changed and taken back by change sets like everything else.
#[utoipa::path(tag = "query", responses((status = OK, description = "The saved queries", body = Json)))]
#[get("/queries")]
pub async fn list_queries(state: Shared, request: HttpRequest) -> Answer {
    let mut query = Query::of(&request)?;
    let view = state.workspace.view(query.view()?)?;
    query.finish()?;
    let items = saved_queries(&view);
    Ok(HttpResponse::Ok().json(serde_json::json!({"items": items, "revision": view.revision()})))
}

/// Runs a saved query
///
/// Parameters are given as `param.name`; what is not given is taken from the saved query.
#[utoipa::path(tag = "query", params(
    ("id" = String, Path, description = "The id of the saved query", example = "qry-rekey-hours"),
    ("format" = Option<String>, Query, description = "json, ndjson, csv, xlsx, dot, svg or png"),
), responses((status = OK, description = "The answer", body = QueryBody)))]
#[get("/queries/{id}/answer")]
pub async fn answer_saved_query(state: Shared, request: HttpRequest, id: web::Path<String>) -> Answer {
    let mut query = Query::of(&request)?;
    let given = query.take_prefixed("param.");
    let form = form_of(query.take("format").as_deref(), &request)?;
    let language = language_of(&mut query, &request)?;
    let asked = query.view()?;
    let view = state.workspace.view(asked)?;
    query.finish()?;
    let saved = saved_query(&view, &id).ok_or_else(|| Problem::not_found("saved query", &id, None))?;
    let mut parameters: Parameters =
        saved.parameters.iter().map(|(name, value)| (name.as_str().into(), from_json(value))).collect();
    parameters.extend(given.into_iter().map(|(name, text)| (Arc::from(name), spelt(&text))));
    let request = QueryRequest { text: saved.query, parameters, view: asked, ..QueryRequest::default() };
    answer(state, request, form, language).await
}

/// A parameter in an address: JSON, or text as it is.
fn spelt(text: &str) -> Value {
    serde_json::from_str::<Json>(text).map_or_else(|_| Value::string(text), |json| from_json(&json))
}

impl QueryQuestion {
    fn request(self) -> Result<QueryRequest, Problem> {
        let at = self.at.as_deref().map(|text| parse_date("at", text)).transpose()?;
        let mode = match self.explain {
            None => Mode::Answer,
            Some(Explain::Plan) => Mode::Explain,
            Some(Explain::Profile) => Mode::Profile,
        };
        let QuestionLimits { milliseconds, rows, memory_bytes, expansions } = self.limits;
        Ok(QueryRequest {
            text: self.query,
            parameters: self.parameters.iter().map(|(name, value)| (name.as_str().into(), from_json(value))).collect(),
            view: ViewRequest { at, revision: self.revision },
            limits: RequestedLimits { milliseconds, rows, memory_bytes, expansions },
            mode,
        })
    }
}

/// Says to a running query that nobody waits any more, when the request is dropped.
pub(super) struct Cancel(Arc<AtomicBool>);

impl Cancel {
    fn new() -> (Self, Arc<AtomicBool>) {
        let flag = Arc::new(AtomicBool::new(false));
        (Self(Arc::clone(&flag)), flag)
    }
}

impl Drop for Cancel {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

async fn answer(state: Shared, asked: QueryRequest, form: Form, language: &'static str) -> Answer {
    let permit = permit(&state).await?;
    let text = asked.text.clone();
    let shared = state.clone();
    let ready = web::block(move || shared.workspace.ready_query(asked, &shared.settings.limits))
        .await
        .map_err(|error| Problem::new(ProblemCode::Internal, error.to_string()))?
        .map_err(|failure| failed(failure, &text))?;
    if form == Form::Ndjson && ready.mode != Mode::Explain {
        return Ok(rows::stream(&state, ready, text, permit));
    }
    let (cancel, flag) = Cancel::new();
    let shared = state.clone();
    let run = web::block(move || {
        let _permit = permit;
        let answer = ready.run(&shared.settings.limits, Some(&flag))?;
        Ok::<_, QueryError>(shown(answer, form, language))
    });
    let shown = run.await.map_err(|error| Problem::new(ProblemCode::Internal, error.to_string()))?;
    drop(cancel);
    match shown.map_err(|error| problem(&error, &text))? {
        Shown::Done(finished) => finished.map(Into::into),
        Shown::Picture(answer, format) => {
            let diagram = query_picture(&answer, language);
            answer_picture(state, answer.view.clone(), diagram, language, format).await
        }
    }
}

/// Waits for its turn; so many queries run at once, and others wait.
async fn permit(state: &Shared) -> Result<OwnedSemaphorePermit, Problem> {
    let waiting = state.settings.limits.request_milliseconds;
    let turn = Arc::clone(&state.queries).acquire_owned();
    match tokio::time::timeout(std::time::Duration::from_millis(waiting), turn).await {
        Ok(Ok(permit)) => Ok(permit),
        _ => Err(Problem::new(
            ProblemCode::TooManyRequests,
            format!("{} queries run already and did not end in time; try again", state.settings.limits.queries_at_once),
        )),
    }
}
