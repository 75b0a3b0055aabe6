//! Hearing sheets and handover documents.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, get, web};
use serde_json::Value as Json;

use super::analyses::{XLSX, problem, workbook};
use super::diagrams::language_of;
use super::in_background;
use crate::analyses::AnalysisError;
use crate::analyses::sheets::Sheet;
use crate::graph::View;
use crate::http::accept::first_accepted;
use crate::http::problem::{Answer, Problem, ProblemCode};
use crate::http::query::Query;
use crate::http::state::{Shared, State};
use crate::reports::{Paper, sheet_to_xlsx, to_html};

/// How a document is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Json,
    Xlsx,
    Html(Paper),
}

/// What to ask a department next
///
/// The hearing sheet (ヒアリングシート): what is blank, ranked by how many answers it would improve; open issues; what is
/// known, to be confirmed. As JSON, as a workbook, or as a page to be printed (`format=html`, `paper=a4` or `a3`).
#[utoipa::path(tag = "questions", params(
    ("id" = String, Path, description = "The department", example = "dept-hoiku"),
    ("format" = Option<String>, Query, description = "json, xlsx or html", example = "json"),
    ("paper" = Option<String>, Query, description = "a4 or a3, for html"),
    ("language" = Option<String>, Query, description = "ja or en, for xlsx and html"),
), responses((status = OK, description = "The hearing sheet", body = std::collections::HashMap<String, Json>)))]
#[get("/departments/{id}/hearing-sheet")]
pub async fn hearing_sheet(state: Shared, request: HttpRequest, id: web::Path<String>) -> Answer {
    let id = id.into_inner();
    let name = format!("hearing-sheet-{id}");
    respond(state, &request, name, move |state, view| state.questions.hearing_sheet(view, &id)).await
}

/// The handover document of a department
///
/// 引継書: work, calendar with its peaks, systems, data, partners, laws, people who know, decisions, open issues, projects,
/// findings, and what is not recorded.
#[utoipa::path(tag = "questions", params(
    ("id" = String, Path, description = "The department", example = "dept-shimin"),
    ("format" = Option<String>, Query, description = "json, xlsx or html", example = "json"),
    ("paper" = Option<String>, Query, description = "a4 or a3, for html"),
    ("language" = Option<String>, Query, description = "ja or en, for xlsx and html"),
), responses((status = OK, description = "The handover document", body = std::collections::HashMap<String, Json>)))]
#[get("/departments/{id}/handover")]
pub async fn department_handover(state: Shared, request: HttpRequest, id: web::Path<String>) -> Answer {
    handover(state, &request, "department", id.into_inner()).await
}

/// The handover document of a business process
///
/// As that of a department, of one piece of work, with its steps.
#[utoipa::path(tag = "questions", params(
    ("id" = String, Path, description = "The business process", example = "prc-hoiku"),
    ("format" = Option<String>, Query, description = "json, xlsx or html", example = "json"),
    ("paper" = Option<String>, Query, description = "a4 or a3, for html"),
    ("language" = Option<String>, Query, description = "ja or en, for xlsx and html"),
), responses((status = OK, description = "The handover document", body = std::collections::HashMap<String, Json>)))]
#[get("/business-processes/{id}/handover")]
pub async fn process_handover(state: Shared, request: HttpRequest, id: web::Path<String>) -> Answer {
    handover(state, &request, "business_process", id.into_inner()).await
}

async fn handover(state: Shared, request: &HttpRequest, kind: &'static str, id: String) -> Answer {
    let name = format!("handover-{id}");
    respond(state, request, name, move |state, view| state.questions.handover(view, kind, &id)).await
}

async fn respond(
    state: Shared,
    request: &HttpRequest,
    name: String,
    make: impl FnOnce(&State, &View) -> Result<Sheet, AnalysisError> + Send + 'static,
) -> Answer {
    let mut query = Query::of(request)?;
    let form = form(&mut query, request)?;
    let language = language_of(&mut query, request)?;
    let view = state.workspace.view(query.view()?)?;
    query.finish()?;
    let shared = state.clone();
    let sheet = in_background(&state, move || make(&shared, &view)).await?.map_err(|error| problem(&error))?;
    match form {
        Form::Json => Ok(HttpResponse::Ok().json(sheet)),
        Form::Xlsx => workbook(sheet_to_xlsx(&sheet, language), &name),
        Form::Html(paper) => Ok(page(to_html(&sheet, language, paper))),
    }
}

/// A page that may do nothing but be looked at and printed.
fn page(text: String) -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'"))
        .body(text)
}

fn form(query: &mut Query, request: &HttpRequest) -> Result<Form, Problem> {
    let paper = match query.take("paper") {
        None => Paper::A4,
        Some(name) => {
            Paper::named(&name).ok_or_else(|| Problem::parameter("paper", format!("{name:?} is neither a4 nor a3")))?
        }
    };
    match (query.take("format").as_deref(), first_accepted(request)) {
        (Some("xlsx"), _) | (None, XLSX) => Ok(Form::Xlsx),
        (Some("html"), _) | (None, "text/html") => Ok(Form::Html(paper)),
        (None | Some("json"), _) => Ok(Form::Json),
        (Some(other), _) => Err(Problem::new(
            ProblemCode::NotAcceptable,
            format!("{other:?} is not offered here; json, xlsx and html are"),
        )),
    }
}
