//! One file a resource.

pub mod analyses;
pub mod backup;
pub mod change_sets;
pub mod collections;
pub mod connections;
pub mod diagrams;
pub mod findings;
pub mod history;
pub mod imports;
pub mod items;
pub mod metamodel;
pub mod queries;
pub mod redactions;
pub mod search;
pub mod service;
pub mod structure;
pub mod what_if;

use std::time::Duration;

use super::problem::{Problem, ProblemCode};
use super::state::Shared;

/// Runs work that takes longer than an answer should block others, within the time limit.
pub(super) async fn in_background<T: Send + 'static>(
    state: &Shared,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    in_background_for(state.settings.limits.request_milliseconds, work).await
}

/// As [`in_background`], with a time limit of its own.
pub(super) async fn in_background_for<T: Send + 'static>(
    milliseconds: u64,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    let limit = Duration::from_millis(milliseconds);
    match tokio::time::timeout(limit, actix_web::web::block(work)).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(Problem::new(ProblemCode::Internal, error.to_string())),
        Err(_) => {
            let message = format!("not done within {} ms; narrow the question", limit.as_millis());
            Err(Problem::new(ProblemCode::TimedOut, message))
        }
    }
}
