//! Questions that people ask, in their own words.

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json, json};
use utoipa::ToSchema;

use super::analyses::{Wanted, chosen_language, csv, wanted, workbook};
use super::diagrams::language_of;
use super::in_background;
use crate::analyses::AnalysisError;
use crate::analyses::questions::{Group, Parameter, Question, QuestionCatalogue, QuestionError};
use crate::application::ViewRequest;
use crate::domain::Model;
use crate::graph::View;
use crate::http::body::Body;
use crate::http::problem::{Answer, Problem, ProblemCode};
use crate::http::query::{Query, parse_date};
use crate::http::state::Shared;
use crate::reports::answer_to_xlsx;

/// The questions that can be asked.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Questions)]
pub struct QuestionsBody {
    /// Who asks, in order.
    #[schema(value_type = Vec<HashMap<String, Json>>)]
    groups: Vec<Group>,
    /// `id`, `group`, `ask` (ja, en), `parameters` (what to choose, with defaults), `call` (what answers it), `next`.
    items: Vec<HashMap<String, Json>>,
    /// The revision that was read.
    revision: u64,
}

/// What is chosen for a question, and how the answer is wanted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"parameters": {"system": "sys-juki"}}))]
pub struct QuestionBody {
    /// What is chosen, by the name of the parameter; defaults for the rest.
    #[serde(default)]
    #[schema(value_type = HashMap<String, Json>)]
    parameters: Map<String, Json>,
    /// The day in the world.
    at: Option<String>,
    /// The revision.
    revision: Option<u64>,
    /// `json`, `csv` or `xlsx`.
    format: Option<String>,
    /// `ja` or `en`, for csv and xlsx.
    language: Option<String>,
}

/// The answer to a question.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = QuestionAnswer)]
pub struct QuestionAnswerBody {
    /// The revision that was read.
    revision: u64,
    /// The day in the world.
    date: String,
    /// The question's id.
    question: String,
    /// Who asks.
    group: HashMap<String, Json>,
    /// The question, with what was chosen.
    ask: HashMap<String, Json>,
    /// What was chosen.
    parameters: HashMap<String, Json>,
    /// `found`, `none`, `unknown` (nothing found, and not everything could be judged) or `not_applicable`.
    answer: String,
    /// The answer in a sentence.
    headline: HashMap<String, Json>,
    /// Sentences that support it.
    supporting: Vec<HashMap<String, Json>>,
    /// `columns` and `rows`; an item is `{id, kind, name}`.
    table: HashMap<String, Json>,
    /// A picture: `href`.
    diagram: Option<HashMap<String, Json>>,
    /// What the answer does not know: `complete`, `judged`, `unjudged`, `remarks`, `sentence`.
    coverage: HashMap<String, Json>,
    /// What to ask next, with what was chosen carried on.
    next: Vec<HashMap<String, Json>>,
}

/// The questions that people ask
///
/// Grouped by who asks. Each says what has to be chosen, and the call that answers it: a query, a question about a
/// change, rules, ways or what feeds something. Queries that are saved in the model stand among them.
#[utoipa::path(tag = "questions", params(
    ("group" = Option<String>, Query, description = "Only the questions of these groups, separated by commas"),
), responses((status = OK, description = "The questions", body = QuestionsBody)))]
#[get("/questions")]
pub async fn list_questions(state: Shared, request: HttpRequest) -> Answer {
    let mut query = Query::of(&request)?;
    let groups = query.list("group");
    let view = state.workspace.view(query.view()?)?;
    query.finish()?;
    let catalogue = state.questions.catalogue(&view);
    if let Some(unknown) = groups.iter().find(|id| catalogue.group(id).is_none()) {
        let known: Vec<&str> = catalogue.groups().iter().map(|group| &*group.id).collect();
        return Err(Problem::parameter("group", format!("{unknown:?} is none of {}", known.join(", "))));
    }
    let wanted = |question: &&Question| groups.is_empty() || groups.iter().any(|id| *id == *question.group);
    let items = catalogue.questions().iter().filter(wanted);
    Ok(HttpResponse::Ok().json(json!({
        "groups": catalogue.groups(),
        "items": items.map(|question| question_body(&view, question)).collect::<Vec<_>>(),
        "revision": view.revision(),
    })))
}

/// One question
///
/// With what has to be chosen and the call that answers it.
#[utoipa::path(tag = "questions", params(
    ("id" = String, Path, description = "The question's id", example = "system-stops"),
), responses((status = OK, description = "The question", body = HashMap<String, Json>)))]
#[get("/questions/{id}")]
pub async fn get_question(state: Shared, request: HttpRequest, id: web::Path<String>) -> Answer {
    let mut query = Query::of(&request)?;
    let view = state.workspace.view(query.view()?)?;
    query.finish()?;
    let catalogue = state.questions.catalogue(&view);
    let question = find(&catalogue, &id)?;
    Ok(HttpResponse::Ok().json(question_body(&view, question)))
}

fn find<'c>(catalogue: &'c QuestionCatalogue, id: &str) -> Result<&'c Question, Problem> {
    catalogue.find(id).map_err(|error| problem(&error))
}

fn question_body(view: &View, question: &Question) -> Json {
    json!({
        "id": question.id, "group": question.group, "ask": question.ask,
        "parameters": question.parameters.iter().map(|held| parameter_body(view, held)).collect::<Vec<_>>(),
        "call": {"kind": question.call.name(), question.call.name(): question.call.to_json()},
        "answered_at": format!("/api/v1/questions/{}/answer", question.id),
        "next": question.next, "unusable": question.unusable,
    })
}

fn parameter_body(view: &View, parameter: &Parameter) -> Json {
    json!({
        "name": parameter.name, "label": parameter.label, "default": parameter.default,
        "accepts": parameter.accepts.to_json(view.metamodel()),
    })
}

/// Answer a question
///
/// A headline, sentences that support it, a table, a picture, what the answer does not know, and what to ask next.
/// "Unknown" is never "none": where nothing was found and something could not be judged, `answer` is `unknown`.
#[utoipa::path(tag = "questions", params(
    ("id" = String, Path, description = "The question's id", example = "system-stops"),
), request_body = QuestionBody, responses((status = OK, description = "The answer", body = QuestionAnswerBody)))]
#[post("/questions/{id}/answer")]
pub async fn ask_question(state: Shared, request: HttpRequest, id: web::Path<String>, payload: web::Payload) -> Answer {
    let mut query = Query::of(&request)?;
    let format = query.take("format");
    let language = language_of(&mut query, &request)?;
    query.finish()?;
    let limits = &state.settings.limits;
    let body = Body::read(&request, payload, &["application/json"], limits.body_bytes).await?;
    let asked: QuestionBody = body.parsed(limits.json_depth)?;
    let wanted = wanted(asked.format.or(format), &request)?;
    let language = chosen_language(asked.language.as_deref(), language)?;
    let at = asked.at.as_deref().map(|text| parse_date("at", text)).transpose()?;
    let view = state.workspace.view(ViewRequest { at, revision: asked.revision })?;
    respond(state, view, id.into_inner(), asked.parameters, (wanted, language)).await
}

/// The same as a link
///
/// As `POST`, with what is chosen in parameters of its own.
#[utoipa::path(tag = "questions", params(
    ("id" = String, Path, description = "The question's id", example = "contracts-ending"),
    ("days" = Option<usize>, Query, description = "What is chosen, by the name of the parameter", example = 365),
    ("format" = Option<String>, Query, description = "json, csv or xlsx", example = "json"),
    ("language" = Option<String>, Query, description = "ja or en, for csv and xlsx"),
), responses((status = OK, description = "The answer", body = QuestionAnswerBody)))]
#[get("/questions/{id}/answer")]
pub async fn link_question(state: Shared, request: HttpRequest, id: web::Path<String>) -> Answer {
    let mut query = Query::of(&request)?;
    let wanted = wanted(query.take("format"), &request)?;
    let language = language_of(&mut query, &request)?;
    let view = state.workspace.view(query.view()?)?;
    let given = query.rest().into_iter().map(|(name, value)| (name, Json::String(value))).collect();
    respond(state, view, id.into_inner(), given, (wanted, language)).await
}

async fn respond(
    state: Shared,
    view: View,
    id: String,
    given: Map<String, Json>,
    (wanted, language): (Wanted, &'static str),
) -> Answer {
    let shared = state.clone();
    let name = format!("question-{id}");
    let answer = in_background(&state, move || shared.questions.answer(&view, &id, &given));
    let answer = answer.await?.map_err(|error| problem(&error))?;
    match wanted {
        Wanted::Json => Ok(HttpResponse::Ok().json(answer)),
        Wanted::Csv => Ok(csv(&answer, language, &name)),
        Wanted::Xlsx => workbook(answer_to_xlsx(&answer, language), &name),
        Wanted::Picture(_) => Err(Problem::new(
            ProblemCode::NotAcceptable,
            "json, csv and xlsx are offered here; \"diagram\" links to a picture",
        )),
    }
}

fn problem(error: &QuestionError) -> Problem {
    let code = match error {
        QuestionError::UnknownQuestion { .. }
        | QuestionError::UnknownItem { .. }
        | QuestionError::Analysis(AnalysisError::UnknownItem { .. }) => ProblemCode::NotFound,
        _ => ProblemCode::InvalidParameter,
    };
    Problem::new(code, error.to_string())
}
