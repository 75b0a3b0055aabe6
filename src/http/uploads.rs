//! Files that come with a request: parts of a form, or the body itself.

use actix_multipart::Multipart;
use actix_web::HttpRequest;
use actix_web::http::header;
use actix_web::web::Payload;

use super::body::next_piece;
use super::problem::{Problem, ProblemCode};
use crate::application::imports::ImportFile;
use crate::settings::Settings;

/// Reads all files of a request, up to the limits; a body that is no form is one file, called `name`.
///
/// # Errors
/// 400 for a broken form or none at all, 413 and 422 beyond a limit.
pub(super) async fn files(
    request: &HttpRequest,
    mut payload: Payload,
    name: &str,
    settings: &Settings,
) -> Result<Vec<ImportFile>, Problem> {
    let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    if content_type.to_ascii_lowercase().starts_with("multipart/") {
        return form(request, payload, settings).await;
    }
    let mut bytes = Vec::new();
    while let Some(chunk) = next_piece(&mut payload).await? {
        let chunk = chunk.map_err(|error| Problem::new(ProblemCode::InvalidRequest, error.to_string()))?;
        append(&mut bytes, &chunk, settings.limits.import_bytes)?;
    }
    if bytes.is_empty() {
        return Err(Problem::new(ProblemCode::InvalidRequest, "there is no file in the request"));
    }
    Ok(vec![ImportFile { name: safe_name(name), bytes }])
}

async fn form(request: &HttpRequest, payload: Payload, settings: &Settings) -> Result<Vec<ImportFile>, Problem> {
    let broken =
        |error: &dyn std::fmt::Display| Problem::new(ProblemCode::InvalidRequest, format!("the form: {error}"));
    let mut form = Multipart::new(request.headers(), payload);
    let mut files = Vec::new();
    let mut left = settings.limits.import_bytes;
    while let Some(part) = next_piece(&mut form).await? {
        let mut part = part.map_err(|error| broken(&error))?;
        let name = part.content_disposition().and_then(|held| held.get_filename()).map(safe_name);
        let mut bytes = Vec::new();
        while let Some(chunk) = next_piece(&mut part).await? {
            let chunk = chunk.map_err(|error| broken(&error))?;
            append(&mut bytes, &chunk, left)?;
        }
        left -= bytes.len();
        // A part without a file name is a field of the form; there are none to read.
        if let Some(name) = name {
            files.push(ImportFile { name, bytes });
        }
        if files.len() > settings.imports.files {
            let message = format!("an import has at most {} files (imports.files)", settings.imports.files);
            return Err(Problem::new(ProblemCode::LimitExceeded, message));
        }
    }
    if files.is_empty() {
        return Err(Problem::new(ProblemCode::InvalidRequest, "there is no part with a file name in the form"));
    }
    Ok(files)
}

fn append(bytes: &mut Vec<u8>, chunk: &[u8], limit: usize) -> Result<(), Problem> {
    if bytes.len() + chunk.len() > limit {
        return Err(Problem::new(
            ProblemCode::TooLarge,
            format!("the files have more than {limit} bytes (limits.import_bytes)"),
        ));
    }
    bytes.extend_from_slice(chunk);
    Ok(())
}

/// The name of a file for messages: one line, not too long.
fn safe_name(name: &str) -> String {
    let tidy: String = name.chars().filter(|character| !character.is_control()).take(200).collect();
    if tidy.trim().is_empty() { "upload".to_owned() } else { tidy }
}
