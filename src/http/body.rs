//! Reading request bodies: of the right type, not too large, not too deep.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::http::header;
use actix_web::web::{Bytes, BytesMut, Payload};
use futures_util::{Stream, StreamExt};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value as Json};
use sha2::{Digest, Sha256};

use super::problem::{Problem, ProblemCode};

/// A body as it came.
#[derive(Debug)]
pub struct Body {
    /// The bytes.
    pub bytes: Bytes,
    /// The media type, without parameters, in lower case.
    pub media_type: String,
}

impl Body {
    /// Reads a body of one of these media types, up to a limit.
    ///
    /// # Errors
    /// 415 for another type, 413 beyond the limit, 400 when the connection breaks.
    pub async fn read(
        request: &HttpRequest,
        mut payload: Payload,
        media_types: &[&str],
        limit: usize,
    ) -> Result<Self, Problem> {
        let media_type = media_type(request);
        if !media_types.contains(&media_type.as_str()) {
            let message = format!("send {} (got {media_type:?})", media_types.join(" or "));
            return Err(Problem::new(ProblemCode::UnsupportedMediaType, message));
        }
        let mut bytes = BytesMut::new();
        while let Some(chunk) = next_piece(&mut payload).await? {
            let chunk = chunk.map_err(|error| Problem::new(ProblemCode::InvalidRequest, error.to_string()))?;
            if bytes.len() + chunk.len() > limit {
                return Err(Problem::new(ProblemCode::TooLarge, format!("the body has more than {limit} bytes")));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(Self { bytes: bytes.freeze(), media_type })
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// 400 with the place of the fault; also for nesting beyond the limit.
    pub fn json(&self, deepest: usize) -> Result<Json, Problem> {
        parse_json(&self.bytes, deepest)
    }

    /// The body as JSON that says a `T`.
    ///
    /// # Errors
    /// As [`Body::json`]; 400 also where a field is missing, unknown or of another type.
    pub fn parsed<T: DeserializeOwned>(&self, deepest: usize) -> Result<T, Problem> {
        serde_json::from_value(self.json(deepest)?)
            .map_err(|error| Problem::new(ProblemCode::InvalidRequest, error.to_string()))
    }
}

/// How long a sender may send nothing in the middle of a body.
const PATIENCE: Duration = Duration::from_secs(30);

/// The next piece of a body.
///
/// # Errors
/// 408 when nothing more comes.
pub(super) async fn next_piece<S: Stream + Unpin>(payload: &mut S) -> Result<Option<S::Item>, Problem> {
    let piece = tokio::time::timeout(PATIENCE, payload.next()).await;
    piece.map_err(|_| {
        let message = format!("nothing more of the body came for {} s; send it again", PATIENCE.as_secs());
        Problem::new(ProblemCode::RequestTimeout, message)
    })
}

/// Parses JSON that is not nested deeper than `deepest` and repeats no key.
pub fn parse_json(bytes: &[u8], deepest: usize) -> Result<Json, Problem> {
    if depth(bytes) > deepest {
        return Err(Problem::new(ProblemCode::InvalidRequest, format!("nested deeper than {deepest} levels")));
    }
    serde_json::from_slice(bytes)
        .map_err(|error| Problem::new(ProblemCode::InvalidRequest, format!("this is not JSON: {error}")))
}

/// Reads a change set of one JSON object a line: first the change set itself, then its operations.
///
/// # Errors
/// 400 with the line that is at fault.
pub fn parse_lines(bytes: &[u8], deepest: usize) -> Result<Json, Problem> {
    let mut whole: Option<Map<String, Json>> = None;
    let mut operations = Vec::new();
    for (number, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        if line.trim_ascii().is_empty() {
            continue;
        }
        let json = parse_json(line, deepest).map_err(|problem| {
            Problem::new(ProblemCode::InvalidRequest, format!("line {}: {}", number + 1, problem.detail))
        })?;
        match (&whole, json) {
            (None, Json::Object(first)) => whole = Some(first),
            (None, _) => {
                return Err(Problem::new(ProblemCode::InvalidRequest, "the first line is the change set, an object"));
            }
            (Some(_), operation) => operations.push(operation),
        }
    }
    let mut whole = whole.ok_or_else(|| Problem::new(ProblemCode::InvalidRequest, "the body is empty"))?;
    if whole.contains_key("operations") {
        return Err(Problem::new(ProblemCode::InvalidRequest, "operations stand on the lines after the first"));
    }
    whole.insert("operations".into(), Json::Array(operations));
    Ok(Json::Object(whole))
}

/// The deepest nesting of brackets outside of strings.
fn depth(bytes: &[u8]) -> usize {
    let (mut depth, mut deepest, mut in_string, mut escaped) = (0_usize, 0, false, false);
    for byte in bytes {
        match (in_string, byte) {
            (true, _) if escaped => escaped = false,
            (true, b'\\') => escaped = true,
            (_, b'"') => in_string = !in_string,
            (false, b'[' | b'{') => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            (false, b']' | b'}') => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

fn media_type(request: &HttpRequest) -> String {
    let value = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    value.split(';').next().unwrap_or("").trim().to_ascii_lowercase()
}

/// A digest of what makes two requests the same.
pub fn digest(request: &HttpRequest, body: &[u8]) -> String {
    let mut hasher = Sha256::new();
    for part in [request.method().as_str(), request.path(), request.query_string()] {
        hasher.update(part.as_bytes());
        hasher.update([0]);
    }
    hasher.update(body);
    hasher.finalize().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_ignores_brackets_in_strings() {
        assert_eq!(depth(br#"{"a":["[[[\"[", 1]}"#), 2);
        assert_eq!(depth(&b"[".repeat(100_000)), 100_000);
        assert!(parse_json(&b"[".repeat(100_000), 32).is_err());
    }
}
