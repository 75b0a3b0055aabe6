//! `ETag`, `If-None-Match`, `If-Match` (RFC 9110 §13).

use actix_web::http::header::{self, HeaderName};
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use super::problem::Problem;
use crate::application::Precondition;

/// The tag of an item: the revision that last touched it.
fn tag(revision: u64) -> String {
    format!("\"r{revision}\"")
}

/// Answers with a body and its tag, or 304 when the caller has it.
pub fn tagged(request: &HttpRequest, revision: u64, body: &impl Serialize) -> HttpResponse {
    let etag = tag(revision);
    let held = header_text(request, &header::IF_NONE_MATCH);
    let is_held = held.is_some_and(|list| list.split(',').map(str::trim).any(|one| one == "*" || one == etag));
    // The name in the answer depends on the language asked for.
    let vary = (header::VARY, "Accept-Language");
    if is_held {
        return HttpResponse::NotModified().insert_header((header::ETAG, etag)).insert_header(vary).finish();
    }
    HttpResponse::Ok().insert_header((header::ETAG, etag)).insert_header(vary).json(body)
}

/// What `If-Match` demands of an item; nothing if it is not sent.
pub fn precondition(request: &HttpRequest, id: &str) -> Vec<Precondition> {
    let Some(list) = header_text(request, &header::IF_MATCH) else {
        return Vec::new();
    };
    let id = id.to_owned();
    if list.trim() == "*" {
        return vec![Precondition { id, revisions: Vec::new() }];
    }
    // A tag of another form can match nothing; revision 0 never touched anything.
    let revision = |one: &str| {
        let digits = one.trim().strip_prefix("\"r").and_then(|rest| rest.strip_suffix('"'));
        digits.and_then(|digits| digits.parse().ok()).unwrap_or(0)
    };
    vec![Precondition { id, revisions: list.split(',').map(revision).collect() }]
}

/// The `Idempotency-Key`, if one is sent.
///
/// # Errors
/// When it is empty, too long, or holds control characters.
pub fn idempotency_key(request: &HttpRequest) -> Result<Option<String>, Problem> {
    let Some(key) = header_text(request, &HeaderName::from_static("idempotency-key")) else {
        return Ok(None);
    };
    let key = key.trim().trim_matches('"').to_owned();
    if key.is_empty() || key.len() > 255 || key.chars().any(char::is_control) {
        return Err(Problem::parameter("Idempotency-Key", "has 1 to 255 characters"));
    }
    Ok(Some(key))
}

fn header_text(request: &HttpRequest, name: &HeaderName) -> Option<String> {
    request.headers().get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}
