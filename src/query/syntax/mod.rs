//! From text to tree.

mod keyword;
mod lexer;
mod lookalikes;
mod parser;
mod span;
mod statements;
mod token;
pub mod tree;

pub use span::Span;
pub use statements::{Statement, statements};

use super::error::{ErrorDetail, ErrorKind, QueryError};

/// How large a query may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SyntaxLimits {
    /// The longest text, in bytes; never more than 4 GiB.
    pub bytes: usize,
    /// How deep expressions, patterns and subqueries may stand in each other. A chain such as `a + b + c` counts
    /// each of its operators, chains of `AND` and of `OR` do not; a pattern counts as four, a subquery
    /// as ten.
    pub depth: usize,
    /// The most clauses, nodes, labels, types and definitions together. Reading takes any number of them in linear time; planning
    /// takes time by their square.
    pub parts: usize,
}

impl Default for SyntaxLimits {
    fn default() -> Self {
        Self { bytes: 1 << 20, depth: 200, parts: usize::MAX }
    }
}

/// The words with a meaning of their own that this language reads, in capitals; for completion.
pub fn keywords() -> impl Iterator<Item = &'static str> {
    keyword::ALL.iter().copied().filter(|word| !keyword::Keyword::of_word(word).writes())
}

/// Reads a query, within the usual limits. Time and memory are linear in the length of the text.
///
/// # Errors
/// `SyntaxError` with the detail of the conformance suite; `WriteRefused` for a clause that would change the graph
/// (`CREATE` is read); `BudgetExceeded` with `ComplexityLimit` for a text that is too long or nested too deeply.
pub fn parse(text: &str) -> Result<tree::Query, QueryError> {
    parse_with(text, &SyntaxLimits::default())
}

/// Reads a query, within the limits given.
///
/// # Errors
/// As [`parse`].
pub fn parse_with(text: &str, limits: &SyntaxLimits) -> Result<tree::Query, QueryError> {
    let most = limits.bytes.min(u32::MAX as usize - 1);
    if text.len() > most {
        let message =
            format!("The query has {} bytes; at most {most} are read. Hand values over as parameters.", text.len());
        return Err(QueryError::compile(
            ErrorKind::BudgetExceeded,
            ErrorDetail::ComplexityLimit,
            Span::new(0, 0),
            message,
        ));
    }
    parser::parse(text, limits)
}
