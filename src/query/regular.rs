//! Regular expressions of `=~`: always for the whole text, always in linear time.

use std::sync::Arc;

use super::error::{ErrorDetail, ErrorKind, Phase, QueryError};
use super::semantics::bound::Pattern;

/// How large a compiled regular expression may become, in bytes.
const LARGEST: usize = 1 << 20;

/// Compiles a regular expression.
///
/// # Errors
/// When it cannot be read, or is too large.
pub fn compile(text: &Arc<str>) -> Result<Arc<Pattern>, QueryError> {
    let whole = format!("^(?:{text})$");
    let regex = regex::RegexBuilder::new(&whole)
        .size_limit(LARGEST)
        .dfa_size_limit(LARGEST)
        .nest_limit(100)
        .build()
        .map_err(|error| invalid(text, &error))?;
    Ok(Arc::new(Pattern { text: Arc::clone(text), regex }))
}

fn invalid(text: &str, error: &regex::Error) -> QueryError {
    let reason = match error {
        regex::Error::CompiledTooBig(_) => "it is too large".to_owned(),
        error => error.to_string().lines().last().unwrap_or_default().trim().to_owned(),
    };
    QueryError {
        kind: ErrorKind::ArgumentError,
        detail: ErrorDetail::InvalidRegularExpression,
        phase: Phase::Runtime,
        message: format!("the regular expression {text:.100} cannot be used: {reason}"),
        span: None,
    }
}
