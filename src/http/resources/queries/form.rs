//! In which form an answer is wanted.

use actix_web::HttpRequest;

use crate::application::pictures::PictureFormat;
use crate::http::accept::first_accepted;
use crate::http::problem::{Problem, ProblemCode};
use crate::http::resources::analyses::XLSX;

/// The form of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// All in one document.
    Json,
    /// A line a row, while it runs.
    Ndjson,
    /// A table.
    Csv,
    /// A workbook.
    Xlsx,
    /// A picture of what the answer holds.
    Picture(PictureFormat),
}

/// `format`, else `Accept`, else JSON.
pub(super) fn form_of(format: Option<&str>, request: &HttpRequest) -> Result<Form, Problem> {
    if let Some(name) = format {
        return match name {
            "json" => Ok(Form::Json),
            "ndjson" => Ok(Form::Ndjson),
            "csv" => Ok(Form::Csv),
            "xlsx" => Ok(Form::Xlsx),
            other => PictureFormat::named(other).map(Form::Picture).ok_or_else(|| {
                let message = format!("{other:?} is not offered here; json, ndjson, csv, xlsx, dot, svg and png are");
                Problem::new(ProblemCode::NotAcceptable, message)
            }),
        };
    }
    Ok(match first_accepted(request) {
        "application/x-ndjson" => Form::Ndjson,
        "text/csv" => Form::Csv,
        XLSX => Form::Xlsx,
        "image/svg+xml" => Form::Picture(PictureFormat::Svg),
        "image/png" => Form::Picture(PictureFormat::Png),
        "text/vnd.graphviz" => Form::Picture(PictureFormat::Dot),
        _ => Form::Json,
    })
}
