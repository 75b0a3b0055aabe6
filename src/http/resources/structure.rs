//! Questions about the structure of the model, and what could be standardised.

use actix_web::{HttpRequest, HttpResponse, get, web};
use serde::Serialize;
use serde_json::{Value as Json, json};
use utoipa::ToSchema;

use super::analyses::{Wanted, csv, problem, wanted, xlsx};
use super::diagrams::{answer_picture, language_of};
use super::in_background;
use crate::analyses::standardization::{CandidateType, StandardizationRequest, standardization};
use crate::analyses::structure::{Parameters, QUESTIONS, question};
use crate::application::pictures::structure_picture;
use crate::application::structure::StructureError;
use crate::http::problem::{Answer, Problem, ProblemCode};
use crate::http::query::Query;
use crate::http::state::Shared;

/// The formats of tables.
const OFFERED: &str = "json, csv and xlsx are offered here";

/// The answer to a question about structure.
#[derive(Debug, Serialize, ToSchema)]
pub struct StructureReport {
    /// The revision that was read.
    revision: u64,
    /// The day in the world.
    date: String,
    /// The question.
    question: String,
    /// What it is called, in Japanese and English.
    title: std::collections::HashMap<String, String>,
    /// The answer in a sentence, in Japanese and English.
    sentence: std::collections::HashMap<String, String>,
    /// Figures about the whole.
    figures: std::collections::HashMap<String, Json>,
    /// The rows.
    items: Vec<std::collections::HashMap<String, Json>>,
    /// `applicable`: whether an empty answer means anything; `judged`; `unknown`: what could not be told.
    coverage: std::collections::HashMap<String, Json>,
}

/// What could be standardised
///
/// Tools of one function, work of one pattern, double masters, parallel hand-overs, re-entry, what the common data link
/// could carry, like neighbourhoods, roll-outs. Each candidate shows what its figures are worked out from, what they
/// assume and what stands in the way. Hours become yen only at the rate of the setting `yen_per_hour`.
#[utoipa::path(tag = "analyses", params(
    ("type" = Option<String>, Query, description = "Only these types, separated by commas", example = "same_function,rekey"),
    ("threshold" = Option<f64>, Query, description = "How alike neighbourhoods and processes must be, 0 to 1; 0.5 as usual"),
    ("format" = Option<String>, Query, description = "json, csv or xlsx", example = "json"),
    ("language" = Option<String>, Query, description = "ja or en, for csv and xlsx"),
), responses((status = OK, description = "The candidates", body = std::collections::HashMap<String, Json>)))]
#[get("/analyses/standardization")]
pub async fn get_standardization(state: Shared, request: HttpRequest) -> Answer {
    let mut query = Query::of(&request)?;
    let kind = |name: &String| {
        let known = || CandidateType::ALL.map(CandidateType::name).join(", ");
        CandidateType::named(name).ok_or_else(|| Problem::parameter("type", format!("{name:?} is none of {}", known())))
    };
    let types = query.list("type").iter().map(kind).collect::<Result<_, _>>()?;
    let threshold = query.take("threshold").map(|text| share(&text)).transpose()?;
    let wanted = wanted(query.take("format"), &request)?;
    let language = language_of(&mut query, &request)?;
    let view = state.workspace.view(query.view()?)?;
    query.finish()?;
    let asked = StandardizationRequest { types, threshold, yen_per_hour: state.settings.yen_per_hour };
    let shared = state.clone();
    let report =
        in_background(&state, move || standardization(&view, shared.rulebook.catalogue().terms(), &asked)).await?;
    match wanted {
        Wanted::Json => Ok(HttpResponse::Ok().json(report)),
        Wanted::Csv => Ok(csv(&report, language, "standardization")),
        Wanted::Xlsx => xlsx(&report, language, "standardization"),
        Wanted::Picture(_) => Err(Problem::new(ProblemCode::NotAcceptable, OFFERED)),
    }
}

fn share(text: &str) -> Result<f64, Problem> {
    let share = text.parse::<f64>().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| Problem::parameter("threshold", format!("{text:?} is no number from 0 to 1")))
}

/// The questions about structure
///
/// Their names, what they answer, and the parameters that they take.
#[utoipa::path(tag = "analyses", responses((status = OK, description = "The questions", body = std::collections::HashMap<String, Json>)))]
#[get("/analyses")]
pub async fn list_analyses(state: Shared, request: HttpRequest) -> Answer {
    let mut query = Query::of(&request)?;
    let view = state.workspace.view(query.view()?)?;
    query.finish()?;
    let items: Vec<Json> = QUESTIONS
        .iter()
        .map(|question| {
            let parameters = question.parameters.iter().map(|(name, text)| json!({"name": name, "description": text}));
            json!({
                "name": question.name, "title": question.title(), "parameters": parameters.collect::<Vec<_>>(),
                "address": format!("/api/v1/analyses/{}", question.name),
            })
        })
        .collect();
    Ok(HttpResponse::Ok().json(json!({"items": items, "revision": view.revision()})))
}

/// A question about structure
///
/// `summary`, `single-points-of-failure`, `recovery-order`, `cycles`, `hubs`, `islands`, `communities`, `leak-trace`,
/// `lineage`, `crud`, `coverage-matrix`, `projects`, `schedule`, `vendors`, `people`, `lifecycle`, `cost-curve`. Each answers with a
/// sentence, figures, a table, and what it could not tell; `GET /analyses` lists the parameters of each. Failure points,
/// recovery order, cycles, islands, communities, leak trace, lineage, projects and the schedule are also drawn.
#[utoipa::path(tag = "analyses", params(
    ("name" = String, Path, description = "The question", example = "single-points-of-failure"),
    ("data" = Option<String>, Query, description = "leak-trace: data objects, separated by commas; lineage: one"),
    ("class" = Option<String>, Query, description = "leak-trace: classes of personal data, instead of `data`"),
    ("to" = Option<String>, Query, description = "leak-trace: a zone, a system or an outside party"),
    ("place" = Option<String>, Query, description = "lineage: only what leads to this place"),
    ("rows" = Option<String>, Query, description = "crud: process (as usual) or department"),
    ("months" = Option<usize>, Query, description = "lifecycle: how far to look ahead"),
    ("years" = Option<usize>, Query, description = "cost-curve: how many fiscal years"),
    ("limit" = Option<usize>, Query, description = "single-points-of-failure and hubs: the most rows"),
    ("seed" = Option<usize>, Query, description = "hubs and communities: the seed"),
    ("since" = Option<String>, Query, description = "summary: a revision or a date; what moved since then"),
    ("format" = Option<String>, Query, description = "json, csv or xlsx; dot, svg or png where a picture says more", example = "json"),
    ("language" = Option<String>, Query, description = "ja or en, for csv, xlsx and pictures"),
), responses((status = OK, description = "The answer", body = StructureReport)))]
#[get("/analyses/{name}")]
pub async fn ask_structure(state: Shared, request: HttpRequest, name: web::Path<String>) -> Answer {
    let found = question(&name).ok_or_else(|| {
        let known =
            QUESTIONS.iter().map(|question| question.name).chain(["impact", "paths", "upstream", "standardization"]);
        let hint = crate::domain::nearest::hint(&name, known);
        Problem::new(
            ProblemCode::NotFound,
            format!("there is no question {:?}{hint}; GET /api/v1/analyses lists them", &**name),
        )
    })?;
    let mut query = Query::of(&request)?;
    let wanted = wanted(query.take("format"), &request)?;
    let language = language_of(&mut query, &request)?;
    let view = state.workspace.view(query.view()?)?;
    let parameters: Parameters = query.rest().into_iter().collect();
    let (shared, asked) = (state.clone(), view.clone());
    let report =
        in_background(&state, move || shared.workspace.ask_structure(&shared.rulebook, found, &asked, &parameters));
    let report = report.await?.map_err(refused)?;
    match wanted {
        Wanted::Json => Ok(HttpResponse::Ok().json(report)),
        Wanted::Csv => Ok(csv(&report, language, found.name)),
        Wanted::Xlsx => xlsx(&report, language, found.name),
        Wanted::Picture(format) => match structure_picture(&report, language) {
            Some(diagram) => answer_picture(state, view, diagram, language, format).await,
            None => Err(Problem::new(ProblemCode::NotAcceptable, OFFERED)),
        },
    }
}

fn refused(error: StructureError) -> Problem {
    match error {
        StructureError::Question(error) => problem(&error),
        StructureError::View(error) => error.into(),
        StructureError::Since(_) => Problem::new(ProblemCode::InvalidParameter, error.to_string()),
    }
}
