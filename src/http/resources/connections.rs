//! How things are connected: paths, and what feeds something.

use actix_web::{HttpRequest, HttpResponse, post, web};
use serde::Deserialize;
use serde_json::Value as Json;
use utoipa::ToSchema;

use super::analyses::{Wanted, check_count, chosen_language, csv, problem, wanted, xlsx};
use super::diagrams::{answer_picture, language_of};
use super::in_background;
use crate::analyses::paths::{PathDirection, PathMode, PathsRequest, paths};
use crate::analyses::upstream::{UpstreamRequest, upstream};
use crate::application::ViewRequest;
use crate::application::pictures::{paths_picture, upstream_picture};
use crate::graph::View;
use crate::http::body::Body;
use crate::http::problem::{Answer, Problem, ProblemCode};
use crate::http::query::{Query, parse_date};
use crate::http::state::Shared;

/// How and of what an answer is wanted.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(default)]
pub struct Presentation {
    /// The day in the world.
    at: Option<String>,
    /// The revision.
    revision: Option<u64>,
    /// `json`, `csv`, `dot`, `svg` or `png`.
    format: Option<String>,
    /// `ja` or `en`, for csv and pictures.
    language: Option<String>,
}

/// A question about the paths between items.
#[derive(Debug, Deserialize, ToSchema)]
pub struct PathsQuestion {
    /// The ids from any of which a path starts.
    from: Vec<String>,
    /// The ids at any of which it ends.
    to: Vec<String>,
    /// `outgoing` (along the arrows), `incoming` or `both`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    direction: PathDirection,
    /// Relationship kinds to walk, with those that specialise them; none for all.
    #[serde(default)]
    kinds: Vec<String>,
    /// `shortest` or `all`.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    mode: PathMode,
    /// The most paths to list.
    max_paths: Option<usize>,
    /// The most steps of a path.
    max_hops: Option<usize>,
    #[serde(flatten)]
    presentation: Presentation,
}

/// A question about what feeds something.
#[derive(Debug, Deserialize, ToSchema)]
pub struct UpstreamQuestion {
    /// The ids of what is fed.
    subjects: Vec<String>,
    /// Methods of flow to follow; the automatic ones when absent, `["all"]` for every one.
    methods: Option<Vec<String>>,
    /// The most flows on a way.
    max_depth: Option<usize>,
    #[serde(flatten)]
    presentation: Presentation,
}

/// How is this connected with that?
///
/// One shortest path, or all up to the limits, each step in words. The answer says whether the search was
/// complete.
#[utoipa::path(tag = "analyses", request_body = PathsQuestion, responses((status = OK, description = "The paths", body = std::collections::HashMap<String, Json>)))]
#[post("/analyses/paths")]
pub async fn ask_paths(state: Shared, request: HttpRequest, payload: web::Payload) -> Answer {
    const FIELDS: [&str; 11] =
        ["from", "to", "direction", "kinds", "mode", "max_paths", "max_hops", "at", "revision", "format", "language"];
    let (question, wanted_in_query) = read::<PathsQuestion>(&state, &request, payload, &FIELDS).await?;
    let (view, wanted, language) = present(&state, &request, &question.presentation, wanted_in_query)?;
    let limits = &state.settings.limits;
    check_count("from", question.from.len(), limits.subjects)?;
    check_count("to", question.to.len(), limits.subjects)?;
    check_count("max_paths", question.max_paths.unwrap_or(0), limits.paths)?;
    check_count("max_hops", question.max_hops.unwrap_or(0), limits.path_length)?;
    let asked = PathsRequest {
        from: question.from,
        to: question.to,
        direction: question.direction,
        kinds: question.kinds,
        mode: question.mode,
        max_paths: question.max_paths.unwrap_or(20.min(limits.paths)),
        max_hops: question.max_hops,
        max_expansions: limits.expansions,
    };
    let seen = view.clone();
    let report = in_background(&state, move || paths(&seen, &asked)).await?.map_err(|error| problem(&error))?;
    match wanted {
        Wanted::Json => Ok(HttpResponse::Ok().json(report)),
        Wanted::Csv => Ok(csv(&report, language, "paths")),
        Wanted::Xlsx => xlsx(&report, language, "paths"),
        Wanted::Picture(format) => {
            answer_picture(state, view, paths_picture(&report, language), language, format).await
        }
    }
}

/// What feeds this?
///
/// Everything from which data reach the subjects over any number of flows, by automatic methods unless asked
/// otherwise; how many flows of other methods were left out is told.
#[utoipa::path(tag = "analyses", request_body = UpstreamQuestion, responses((status = OK, description = "What feeds it", body = std::collections::HashMap<String, Json>)))]
#[post("/analyses/upstream")]
pub async fn ask_upstream(state: Shared, request: HttpRequest, payload: web::Payload) -> Answer {
    const FIELDS: [&str; 7] = ["subjects", "methods", "max_depth", "at", "revision", "format", "language"];
    let (question, wanted_in_query) = read::<UpstreamQuestion>(&state, &request, payload, &FIELDS).await?;
    let (view, wanted, language) = present(&state, &request, &question.presentation, wanted_in_query)?;
    check_count("subjects", question.subjects.len(), state.settings.limits.subjects)?;
    let asked =
        UpstreamRequest { subjects: question.subjects, methods: question.methods, max_depth: question.max_depth };
    let seen = view.clone();
    let report = in_background(&state, move || upstream(&seen, &asked)).await?.map_err(|error| problem(&error))?;
    match wanted {
        Wanted::Json => Ok(HttpResponse::Ok().json(report)),
        Wanted::Csv => Ok(csv(&report, language, "upstream")),
        Wanted::Xlsx => xlsx(&report, language, "upstream"),
        Wanted::Picture(format) => {
            answer_picture(state, view, upstream_picture(&report, language), language, format).await
        }
    }
}

/// Reads a question; a field that is not known is refused (`flatten` would let it pass).
async fn read<T: for<'de> Deserialize<'de>>(
    state: &Shared,
    request: &HttpRequest,
    payload: web::Payload,
    fields: &[&str],
) -> Result<(T, Query), Problem> {
    let query = Query::of(request)?;
    let limits = &state.settings.limits;
    let body = Body::read(request, payload, &["application/json"], limits.body_bytes).await?;
    let json = body.json(limits.json_depth)?;
    let unknown = json.as_object().and_then(|object| object.keys().find(|key| !fields.contains(&key.as_str())));
    if let Some(unknown) = unknown {
        let hint = crate::domain::nearest::hint(unknown, fields.iter().copied());
        let message = format!("unknown field {unknown:?}{hint}; known are {}", fields.join(", "));
        return Err(Problem::new(ProblemCode::InvalidRequest, message));
    }
    let question =
        serde_json::from_value(json).map_err(|error| Problem::new(ProblemCode::InvalidRequest, error.to_string()))?;
    Ok((question, query))
}

fn present(
    state: &Shared,
    request: &HttpRequest,
    presentation: &Presentation,
    mut query: Query,
) -> Result<(View, Wanted, &'static str), Problem> {
    let in_query = query.take("format");
    let language = language_of(&mut query, request)?;
    query.finish()?;
    let language = chosen_language(presentation.language.as_deref(), language)?;
    let wanted = wanted(presentation.format.clone().or(in_query), request)?;
    let at = presentation.at.as_deref().map(|text| parse_date("at", text)).transpose()?;
    let view = state.workspace.view(ViewRequest { at, revision: presentation.revision })?;
    Ok((view, wanted, language))
}
