//! The model as text for other programs.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};

use super::diagrams::language_of;
use super::in_background;
use super::service::losses_header;
use crate::application::ViewRequest;
use crate::application::imports::read_limits;
use crate::application::texts::{self, Drawing, FARTHEST, TextForm, TextRequest};

use crate::http::problem::{Answer, Problem};
use crate::http::query::Query;
use crate::http::state::Shared;

fn drawing(query: &mut Query) -> Result<Drawing, Problem> {
    let Some(word) = query.take("drawing") else { return Ok(Drawing::Fitting) };
    let wrong = || Problem::parameter("drawing", format!("{word:?} is none of fitting, imported and new"));
    Drawing::from_word(&word).ok_or_else(wrong)
}

/// `GET /export` in one of these forms.
pub(super) async fn export(
    state: &Shared,
    mut query: Query,
    request: &HttpRequest,
    asked: ViewRequest,
    form: TextForm,
) -> Answer {
    let wanted = TextRequest {
        form,
        kinds: query.list("kinds"),
        diagram: query.take("diagram"),
        around: query.list("around"),
        depth: query.number("depth", 0, FARTHEST)?.unwrap_or(1),
        language: language_of(&mut query, request)?.to_owned(),
        is_whole: asked.at.is_none(),
        drawing: drawing(&mut query)?,
        limits: read_limits(&state.settings.imports),
    };
    query.finish()?;
    let view = state.workspace.view(asked)?;
    let written = in_background(state, move || texts::write(&view, &wanted));
    let file = written.await?.map_err(|error| Problem::parameter(error.parameter(), error))?;
    let name = format!("attachment; filename=\"ezu.{}\"", form.word());
    Ok(HttpResponse::Ok()
        .content_type(form.media_type())
        .insert_header(losses_header(&file.losses))
        .insert_header((header::CONTENT_DISPOSITION, name))
        .body(file.text))
}
