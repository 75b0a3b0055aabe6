//! Pictures of the model.

use actix_web::{HttpRequest, HttpResponse, get, web};

use super::in_background;
use crate::application::pictures::{PictureError, PictureFormat, draw};
use crate::diagrams::{DepartmentTree, Diagram, DiagramError, LayerOverview, Neighbourhood, RenderError, SystemMap};
use crate::graph::View;
use crate::http::language::language;
use crate::http::problem::{Answer, Problem, ProblemCode};
use crate::http::query::Query;
use crate::http::state::Shared;

const NAMES: &str = "neighbourhood, systems, layers, department";

/// A diagram
///
/// `neighbourhood` (needs `id`; `depth` 1 to 3, `kinds`), `systems` (情報システム関連図; `departments`, `zones`,
/// `systems` narrow it), `layers` (the nine layers of DS-467), `department` (needs `id`: its processes and the
/// systems they use). An impact is drawn by `/analyses/impact?format=svg`. DOT always works; SVG and PNG need
/// Graphviz on the server.
#[utoipa::path(tag = "diagrams", params(
    ("name" = String, Path, description = "neighbourhood, systems, layers or department", example = "neighbourhood"),
    ("id" = Option<String>, Query, description = "What it is about", example = "sys-juki"),
    ("depth" = Option<usize>, Query, description = "How many relationships away at most, 1 to 3"),
    ("kinds" = Option<String>, Query, description = "Only these kinds, separated by commas"),
    ("departments" = Option<String>, Query, description = "Only systems of these departments"),
    ("zones" = Option<String>, Query, description = "Only systems in these zones"),
    ("systems" = Option<String>, Query, description = "Only these systems"),
    ("format" = Option<String>, Query, description = "svg (as usual), png or dot", example = "svg"),
    ("language" = Option<String>, Query, description = "ja or en; else by Accept-Language"),
), responses((status = OK, description = "The picture", body = String, content_type = "image/svg+xml")))]
#[get("/diagrams/{name}")]
pub async fn get_diagram(state: Shared, request: HttpRequest, name: web::Path<String>) -> Answer {
    let mut query = Query::of(&request)?;
    let view = state.workspace.view(query.view()?)?;
    let format = picture_format(&mut query, PictureFormat::Svg)?;
    let language = language_of(&mut query, &request)?;
    let diagram = diagram(&mut query, &name)?;
    query.finish()?;
    answer_picture(state, view, diagram, language, format).await
}

/// `language`, else `Accept-Language`.
pub(super) fn language_of(query: &mut Query, request: &HttpRequest) -> Result<&'static str, Problem> {
    match query.take("language").as_deref() {
        None => Ok(language(request)),
        Some("ja") => Ok("ja"),
        Some("en") => Ok("en"),
        Some(other) => Err(Problem::parameter("language", format!("{other:?} is neither ja nor en"))),
    }
}

fn picture_format(query: &mut Query, usual: PictureFormat) -> Result<PictureFormat, Problem> {
    let Some(name) = query.take("format") else {
        return Ok(usual);
    };
    PictureFormat::named(&name).ok_or_else(|| {
        Problem::new(ProblemCode::NotAcceptable, format!("{name:?} is not offered here; svg, png and dot are"))
    })
}

fn diagram(query: &mut Query, name: &str) -> Result<Diagram, Problem> {
    match name {
        "neighbourhood" => {
            let mut request = Neighbourhood::of(&query.required("id")?);
            request.depth = query.number("depth", 1, 3)?.unwrap_or(1);
            request.kinds = query.list("kinds");
            Ok(Diagram::Neighbourhood(request))
        }
        "systems" => {
            let (departments, zones, systems) = (query.list("departments"), query.list("zones"), query.list("systems"));
            Ok(Diagram::SystemMap(SystemMap { departments, zones, systems, ..SystemMap::default() }))
        }
        // As it is called on the command line.
        "layers" | "overview" => Ok(Diagram::Layers(LayerOverview::default())),
        "department" => Ok(Diagram::Department(DepartmentTree::of(&query.required("id")?))),
        other => Err(Problem::new(ProblemCode::NotFound, format!("there is no diagram {other:?}; one of {NAMES}"))),
    }
}

/// Draws in the background and answers with the picture.
pub(super) async fn answer_picture(
    state: Shared,
    view: View,
    diagram: Diagram,
    language: &'static str,
    format: PictureFormat,
) -> Answer {
    let settings = state.settings.diagrams.clone();
    let drawn = in_background(&state, move || draw(&view, &diagram, language, format, &settings)).await?;
    Ok(HttpResponse::Ok().content_type(format.media_type()).body(drawn.map_err(problem)?))
}

fn problem(error: PictureError) -> Problem {
    let code = match &error {
        PictureError::Request(DiagramError::UnknownItem { .. }) => ProblemCode::NotFound,
        PictureError::Request(_) => ProblemCode::InvalidParameter,
        PictureError::Render(RenderError::NotInstalled { .. }) => ProblemCode::ToolMissing,
        PictureError::Render(RenderError::TimedOut { .. }) => ProblemCode::TimedOut,
        PictureError::Render(RenderError::TooLarge { .. }) => ProblemCode::LimitExceeded,
        PictureError::Render(_) => ProblemCode::Internal,
    };
    Problem::new(code, error.to_string())
}
