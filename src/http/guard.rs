//! Before any handler: is this request for us, and may this page ask? After it: a log line, a count.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, ResponseError};

use super::problem::{Problem, ProblemCode};
use super::state::Shared;

static REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Refuses foreign hosts and origins; a page of another site must not write to a service on the loopback.
pub async fn guard(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let started = Instant::now();
    let id = request_id(&request);
    let (method, path) = (request.method().clone(), request.path().to_owned());
    let state = request.app_data::<Shared>().cloned();
    let allowed = state.as_ref().map_or(Ok(()), |state| check(&request, &state.settings.server.allowed_hosts));
    let response = match allowed {
        Ok(()) => next.call(request).await?.map_into_left_body(),
        Err(problem) => {
            let (request, _) = request.into_parts();
            ServiceResponse::new(request, problem.error_response()).map_into_right_body()
        }
    };
    let response = with_problem_body(response);
    let (response, status) = finish(response, &id);
    let elapsed = started.elapsed();
    if let Some(state) = state {
        state.metrics.count(method.as_str(), status, elapsed);
    }
    log(&id, &method, &path, status, elapsed);
    Ok(response)
}

/// The caller's own id if it is a plain one, else a new one.
fn request_id(request: &ServiceRequest) -> String {
    let given = request.headers().get(&REQUEST_ID).and_then(|value| value.to_str().ok());
    let is_plain = |id: &&str| {
        (1..=64).contains(&id.len()) && id.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'))
    };
    given.filter(is_plain).map_or_else(new_id, str::to_owned)
}

/// A new id: random for the process, counted within it.
fn new_id() -> String {
    static PROCESS: OnceLock<u32> = OnceLock::new();
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let process = PROCESS.get_or_init(|| {
        let mut bytes = [0_u8; 4];
        // Without randomness a request still gets an id; it is for reading logs, not for secrecy.
        let _ = getrandom::fill(&mut bytes);
        u32::from_ne_bytes(bytes)
    });
    format!("{process:08x}-{:x}", COUNT.fetch_add(1, Ordering::Relaxed))
}

/// How long a request may take before it is worth a line.
const SLOW: Duration = Duration::from_secs(1);

/// A line for each write, each refusal and each slow answer; for every request at the level `debug`.
fn log(id: &str, method: &Method, path: &str, status: u16, elapsed: Duration) {
    let milliseconds = elapsed.as_secs_f64() * 1000.0;
    if !method.is_safe() || status >= 400 || elapsed > SLOW {
        tracing::info!(request_id = %id, %method, %path, status, milliseconds, "request");
    } else {
        tracing::debug!(request_id = %id, %method, %path, status, milliseconds, "request");
    }
}

fn check(request: &ServiceRequest, allowed: &[String]) -> Result<(), Problem> {
    let host = header_text(request, &header::HOST).or_else(|| request.uri().host().map(str::to_owned));
    let host = host.unwrap_or_default();
    if !is_ours(name_of(&host), allowed) {
        let message = format!("the host {host:?} is not one of ours; add it to server.allowed_hosts if it should be");
        return Err(Problem::new(ProblemCode::ForeignHost, message));
    }
    if let Some(origin) = header_text(request, &header::ORIGIN) {
        let same = origin.split_once("://").is_some_and(|(_, authority)| authority == host);
        if !same {
            let message = format!("the page at {origin:?} may not use this service");
            return Err(Problem::new(ProblemCode::ForeignOrigin, message));
        }
    }
    let cross_site = header_text(request, &HeaderName::from_static("sec-fetch-site")).as_deref() == Some("cross-site");
    if cross_site && !request.method().is_safe() {
        return Err(Problem::new(ProblemCode::ForeignOrigin, "another site's page may not write here"));
    }
    Ok(())
}

fn header_text(request: &ServiceRequest, name: &HeaderName) -> Option<String> {
    // A header that is no text is treated as a foreign one, not as absent.
    request.headers().get(name).map(|value| value.to_str().unwrap_or("?").to_owned())
}

/// The host without its port.
fn name_of(authority: &str) -> &str {
    if authority.starts_with('[') {
        return authority.split_once(']').map_or(authority, |(name, _)| name).trim_start_matches('[');
    }
    authority.rsplit_once(':').map_or(authority, |(name, _)| name)
}

fn is_ours(name: &str, allowed: &[String]) -> bool {
    let loopback = name.eq_ignore_ascii_case("localhost")
        || name.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    loopback || allowed.iter().any(|held| held.eq_ignore_ascii_case(name))
}

/// An error that the framework answers without a body becomes a problem too.
fn with_problem_body<B: MessageBody + 'static>(
    response: ServiceResponse<B>,
) -> ServiceResponse<actix_web::body::BoxBody> {
    let status = response.status();
    let content_type = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let is_problem = content_type.is_some_and(|value| value.starts_with("application/"));
    if status.as_u16() < 400 || is_problem {
        return response.map_into_boxed_body();
    }
    let code = match status.as_u16() {
        404 => ProblemCode::NotFound,
        405 => ProblemCode::MethodNotAllowed,
        408 => ProblemCode::RequestTimeout,
        413 => ProblemCode::TooLarge,
        415 => ProblemCode::UnsupportedMediaType,
        400..=499 => ProblemCode::InvalidRequest,
        _ => ProblemCode::Internal,
    };
    let detail =
        format!("{} {} is not offered; /docs lists what is", response.request().method(), response.request().path());
    let allow = response.headers().get(header::ALLOW).cloned();
    let (request, _) = response.into_parts();
    let mut answer = Problem::new(code, detail).error_response();
    if let Some(allow) = allow {
        answer.headers_mut().insert(header::ALLOW, allow);
    }
    ServiceResponse::new(request, answer)
}

fn finish<B: MessageBody>(mut response: ServiceResponse<B>, id: &str) -> (ServiceResponse<B>, u16) {
    let status = response.status().as_u16();
    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID.clone(), value);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    (response, status)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_and_allowed_names_are_ours() {
        let allowed = vec!["ezu.city.example".to_owned()];
        for (authority, ours) in [
            ("localhost:8080", true),
            ("127.0.0.1", true),
            ("127.1.2.3:80", true),
            ("[::1]:8080", true),
            ("EZU.city.example:8080", true),
            ("localhost.evil.example", false),
            ("evil.example:8080", false),
            ("192.168.1.5", false),
            ("", false),
        ] {
            assert_eq!(is_ours(name_of(authority), &allowed), ours, "{authority}");
        }
    }
}
