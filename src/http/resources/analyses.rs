//! Questions about the model.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, get, post, web};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use utoipa::ToSchema;

use super::diagrams::{answer_picture, language_of};
use super::in_background;
use crate::analyses::impact::{ImpactDirection, ImpactRequest, impact};
use crate::analyses::{AnalysisError, Tabular};
use crate::application::ViewRequest;
use crate::application::pictures::{PictureFormat, impact_picture};
use crate::graph::View;
use crate::http::accept::first_accepted;
use crate::http::body::Body;
use crate::http::problem::{Answer, Problem, ProblemCode};
use crate::http::query::{Query, parse_date};
use crate::http::state::Shared;
use crate::reports::{WorkbookError, to_csv, to_xlsx};

/// A question about a change.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImpactQuestion {
    /// The ids of what is stopped, replaced and so on.
    #[schema(example = json!(["inf-vm-old"]))]
    pub subjects: Vec<String>,
    /// `stop`, `retire`, `replace`, `change_data`, `person_leaves` or `vendor_exit`.
    #[schema(example = "stop")]
    pub change: String,
    /// `outward`: who is hit. `inward`: what would hit the subjects.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "outward")]
    pub direction: ImpactDirection,
    /// How many steps an explanation may have.
    pub max_depth: Option<usize>,
    /// Kinds to list; the rest is counted.
    #[serde(default)]
    pub kinds: Vec<String>,
    /// The most items to list; the rest is counted.
    pub limit: Option<usize>,
    /// The day in the world.
    pub at: Option<String>,
    /// The revision.
    pub revision: Option<u64>,
    /// `json`, `csv`, `xlsx`, `dot`, `svg` or `png`.
    pub format: Option<String>,
    /// `ja` or `en`, for csv, xlsx and pictures.
    pub language: Option<String>,
}

/// The answer to a question about a change; every item with its shortest explanation.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ImpactReport)]
pub struct ImpactReportBody {
    /// The revision that was read.
    revision: u64,
    /// The day in the world.
    date: String,
    /// The change.
    change: String,
    /// What the question starts from.
    subjects: Vec<std::collections::HashMap<String, Json>>,
    /// `answer`: `unknown`, `affected` or `none`; `sentence` in Japanese and English.
    headline: std::collections::HashMap<String, Json>,
    /// `id`, `kind`, `name`, `effect`, `distance`, `path` (relationship by relationship), `sentence`, `facts`.
    affected: Vec<std::collections::HashMap<String, Json>>,
    /// How many there are, listed or not.
    affected_total: usize,
    /// How many are not listed, and why.
    omitted: std::collections::HashMap<String, Json>,
    /// Counts by kind and effect.
    by_kind: Vec<std::collections::HashMap<String, Json>>,
    /// Counts, hours, volume, shortest RTO by department.
    by_department: Vec<std::collections::HashMap<String, Json>>,
    /// Decisions that explain what is touched.
    decisions: Vec<std::collections::HashMap<String, Json>>,
    /// What the answer does not know.
    coverage: std::collections::HashMap<String, Json>,
}

/// How an answer is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    Json,
    Csv,
    Xlsx,
    Picture(PictureFormat),
}

/// If this changes, who is hit, and why?
///
/// Follows the metamodel's impact meanings and nothing else. What is not recorded is named under `coverage`;
/// "unknown" is never "no impact".
#[utoipa::path(tag = "analyses", request_body = ImpactQuestion, responses((status = OK, description = "The answer", body = ImpactReportBody)))]
#[post("/analyses/impact")]
pub async fn ask_impact(state: Shared, request: HttpRequest, payload: web::Payload) -> Answer {
    let mut query = Query::of(&request)?;
    let format = query.take("format");
    let language = language_of(&mut query, &request)?;
    query.finish()?;
    let limits = &state.settings.limits;
    let body = Body::read(&request, payload, &["application/json"], limits.body_bytes).await?;
    let question: ImpactQuestion = body.parsed(limits.json_depth)?;
    let wanted = wanted(question.format.clone().or(format), &request)?;
    let language = chosen_language(question.language.as_deref(), language)?;
    let at = question.at.as_deref().map(|text| parse_date("at", text)).transpose()?;
    let view = state.workspace.view(ViewRequest { at, revision: question.revision })?;
    answer_impact(state, view, question.into(), wanted, language).await
}

/// The same as a link
///
/// As `POST`, with the question in the parameters.
#[utoipa::path(tag = "analyses", params(
    ("subjects" = String, Query, description = "Ids, separated by commas", example = "sys-ninsho"),
    ("change" = String, Query, description = "stop, retire, replace, change_data, person_leaves, vendor_exit", example = "stop"),
    ("direction" = Option<String>, Query, description = "outward or inward", example = "outward"),
    ("max_depth" = Option<usize>, Query, description = "How many steps an explanation may have"),
    ("kinds" = Option<String>, Query, description = "Kinds to list, separated by commas", example = "business_process"),
    ("limit" = Option<usize>, Query, description = "The most items to list"),
    ("format" = Option<String>, Query, description = "json, csv, xlsx, dot, svg or png", example = "json"),
    ("language" = Option<String>, Query, description = "ja or en, for csv, xlsx and pictures"),
), responses((status = OK, description = "The answer", body = ImpactReportBody)))]
#[get("/analyses/impact")]
pub async fn link_impact(state: Shared, request: HttpRequest) -> Answer {
    let mut query = Query::of(&request)?;
    let direction = match query.take("direction").as_deref() {
        None | Some("outward") => ImpactDirection::Outward,
        Some("inward") => ImpactDirection::Inward,
        Some(other) => {
            return Err(Problem::parameter("direction", format!("{other:?} is neither outward nor inward")));
        }
    };
    let question = ImpactRequest {
        subjects: query.list("subjects"),
        change: query.required("change")?,
        direction,
        max_depth: query.number("max_depth", 0, usize::MAX)?,
        kinds: query.list("kinds"),
        limit: query.number("limit", 0, usize::MAX)?,
    };
    let wanted = wanted(query.take("format"), &request)?;
    let language = language_of(&mut query, &request)?;
    let view = state.workspace.view(query.view()?)?;
    query.finish()?;
    answer_impact(state, view, question, wanted, language).await
}

impl From<ImpactQuestion> for ImpactRequest {
    fn from(question: ImpactQuestion) -> Self {
        Self {
            subjects: question.subjects,
            change: question.change,
            direction: question.direction,
            max_depth: question.max_depth,
            kinds: question.kinds,
            limit: question.limit,
        }
    }
}

async fn answer_impact(
    state: Shared,
    view: View,
    question: ImpactRequest,
    wanted: Wanted,
    language: &'static str,
) -> Answer {
    check_count("subjects", question.subjects.len(), state.settings.limits.subjects)?;
    let asked = view.clone();
    let report = in_background(&state, move || impact(&asked, &question)).await?.map_err(|error| problem(&error))?;
    match wanted {
        Wanted::Json => Ok(HttpResponse::Ok().json(report)),
        Wanted::Csv => Ok(csv(&report, language, "impact")),
        Wanted::Xlsx => xlsx(&report, language, "impact"),
        Wanted::Picture(format) => {
            answer_picture(state, view, impact_picture(&report, language), language, format).await
        }
    }
}

/// The language named in a body, else the one found otherwise.
pub(super) fn chosen_language(named: Option<&str>, otherwise: &'static str) -> Result<&'static str, Problem> {
    match named {
        None => Ok(otherwise),
        Some("ja") => Ok("ja"),
        Some("en") => Ok("en"),
        Some(other) => Err(Problem::parameter("language", format!("{other:?} is neither ja nor en"))),
    }
}

/// Refuses more items than the settings allow.
pub(super) fn check_count(name: &str, count: usize, most: usize) -> Result<(), Problem> {
    if count <= most {
        return Ok(());
    }
    Err(Problem::new(ProblemCode::LimitExceeded, format!("{name}: at most {most} are accepted, {count} were given")))
}

/// A table as a CSV answer.
pub(super) fn csv(table: &dyn Tabular, language: &str, name: &str) -> HttpResponse {
    let plain = |character: char| character.is_ascii_alphanumeric() || "-_.".contains(character);
    let name: String = name.chars().filter(|character| plain(*character)).collect();
    HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.csv\"")))
        .body(to_csv(table, language))
}

/// The media type of a workbook.
pub(super) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A table as a workbook.
pub(super) fn xlsx(table: &dyn Tabular, language: &str, name: &str) -> Answer {
    workbook(to_xlsx(table, language), name)
}

/// A workbook as an answer. A name that a header cannot carry is left out.
pub(super) fn workbook(made: Result<Vec<u8>, WorkbookError>, name: &str) -> Answer {
    let bytes = made.map_err(|error| Problem::new(ProblemCode::LimitExceeded, error.to_string()))?;
    let plain = |character: char| character.is_ascii_alphanumeric() || "-_.".contains(character);
    let name: String = name.chars().filter(|character| plain(*character)).collect();
    Ok(HttpResponse::Ok()
        .content_type(XLSX)
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}.xlsx\"")))
        .body(bytes))
}

/// `format`, else `Accept`, else JSON.
pub(super) fn wanted(format: Option<String>, request: &HttpRequest) -> Result<Wanted, Problem> {
    if let Some(name) = format {
        return match name.as_str() {
            "json" => Ok(Wanted::Json),
            "csv" => Ok(Wanted::Csv),
            "xlsx" => Ok(Wanted::Xlsx),
            other => PictureFormat::named(other).map(Wanted::Picture).ok_or_else(|| {
                Problem::new(
                    ProblemCode::NotAcceptable,
                    format!("{other:?} is not offered here; json, csv, xlsx, dot, svg and png are"),
                )
            }),
        };
    }
    Ok(match first_accepted(request) {
        "text/csv" => Wanted::Csv,
        XLSX => Wanted::Xlsx,
        "image/svg+xml" => Wanted::Picture(PictureFormat::Svg),
        "image/png" => Wanted::Picture(PictureFormat::Png),
        "text/vnd.graphviz" => Wanted::Picture(PictureFormat::Dot),
        _ => Wanted::Json,
    })
}

/// What is wrong with a question.
pub(super) fn problem(error: &AnalysisError) -> Problem {
    let code = match error {
        AnalysisError::UnknownItem { .. } => ProblemCode::NotFound,
        _ => ProblemCode::InvalidParameter,
    };
    Problem::new(code, error.to_string())
}
