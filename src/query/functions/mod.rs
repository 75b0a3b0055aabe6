//! The functions of the language.

pub mod aggregate;
#[cfg(test)]
pub(crate) mod testing;

use super::QueryError;
use super::source::Facts;
use super::types::Type;
use super::value::Value;

/// A function: what it takes, what it gives.
#[derive(Debug)]
pub struct Function {
    /// Its name, spelt as the documentation spells it.
    pub name: &'static str,
    /// What it takes, in order; the last one also stands for all that may follow.
    pub arguments: &'static [Type],
    /// The fewest arguments it takes.
    pub minimum: usize,
    /// The most arguments it takes.
    pub maximum: usize,
    /// What it gives.
    pub result: Type,
    /// Whether equal arguments give equal results, so that it can be calculated once.
    pub constant: bool,
    run: Run,
}

type Run = fn(&[Value], &Context<'_>) -> Result<Value, QueryError>;

/// What functions need besides their arguments.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The facts about nodes and relationships.
    pub facts: &'a dyn Facts,
    /// The time.
    pub clock: &'a StatementClock,
    /// The longest list or text a function may make, in items or bytes.
    pub most: usize,
}

/// The time as a statement sees it: the same at each place, however long it runs.
#[derive(Debug, Clone)]
pub struct StatementClock {
    /// When it began.
    pub now: jiff::Timestamp,
    /// The zone for temporals that are given without one.
    pub zone: jiff::tz::TimeZone,
    /// What `date()` is, where that is not the day of `now`: the date of the view.
    pub today: Option<jiff::civil::Date>,
}

/// The function of this name, however it is capitalised.
pub fn find(name: &str) -> Option<&'static Function> {
    let _ = name;
    None
}

/// The names of all functions.
pub fn names() -> impl Iterator<Item = &'static str> {
    std::iter::empty()
}

/// The result of a function.
///
/// # Errors
/// The arguments are not what it takes, or the result would be too large.
pub fn evaluate(function: &'static Function, arguments: &[Value], context: &Context<'_>) -> Result<Value, QueryError> {
    (function.run)(arguments, context)
}
