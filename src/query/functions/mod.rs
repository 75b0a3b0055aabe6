//! The functions of the language, in tables: one file for each kind of value they are about.

pub mod aggregate;
mod arguments;
mod clock;
mod convert;
mod durations;
mod entities;
mod lists;
mod numbers;
mod rounding;
mod strings;
#[cfg(test)]
mod temporal_cases;
mod temporals;
#[cfg(test)]
pub(crate) mod testing;
mod truncation;

use std::collections::HashMap;
use std::sync::LazyLock;

use super::source::Facts;
use super::types::Type;
use super::value::Value;
use super::{ErrorDetail, QueryError};

pub use clock::StatementClock;

/// A function: what it takes, what it gives.
#[derive(Debug)]
pub struct Function {
    /// Its name, spelt as the documentation spells it.
    pub name: &'static str,
    /// What it takes, in order; the last one also stands for all that may follow.
    pub arguments: Vec<Type>,
    /// The fewest arguments it takes.
    pub minimum: usize,
    /// The most arguments it takes.
    pub maximum: usize,
    /// What it gives.
    pub result: Type,
    /// Whether equal arguments always give equal results, so that it can be calculated before a query runs.
    pub constant: bool,
    /// Whether equal arguments give equal results within one statement, so that it can be calculated once in it.
    pub stable: bool,
    /// Whether a null among the arguments makes the result null.
    strict: bool,
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

impl Function {
    /// A function whose arguments all have to be there, whose result depends on them only, and is null where one is.
    fn new(name: &'static str, arguments: &[Type], result: Type, run: Run) -> Self {
        let count = arguments.len();
        Self {
            name,
            arguments: arguments.to_vec(),
            minimum: count,
            maximum: count,
            result,
            constant: true,
            stable: true,
            strict: true,
            run,
        }
    }

    /// The last arguments may be left out.
    fn from(mut self, minimum: usize) -> Self {
        self.minimum = minimum;
        self
    }

    /// It takes any number of arguments.
    fn any_number(mut self) -> Self {
        self.maximum = usize::MAX;
        self
    }

    /// It looks at null itself.
    fn sees_null(mut self) -> Self {
        self.strict = false;
        self
    }

    /// It depends on the time at which the statement began.
    fn by_clock(mut self) -> Self {
        self.constant = false;
        self
    }

    /// It gives something else each time.
    fn changing(mut self) -> Self {
        self.constant = false;
        self.stable = false;
        self
    }
}

static FUNCTIONS: LazyLock<Vec<Function>> = LazyLock::new(|| {
    let tables = [
        convert::functions(),
        durations::functions(),
        entities::functions(),
        lists::functions(),
        numbers::functions(),
        strings::functions(),
        temporals::functions(),
        truncation::functions(),
    ];
    tables.into_iter().flatten().collect()
});

static BY_NAME: LazyLock<HashMap<String, &'static Function>> = LazyLock::new(|| {
    let functions: &'static [Function] = &FUNCTIONS;
    functions.iter().map(|function| (function.name.to_lowercase(), function)).collect()
});

/// The function of this name, however it is capitalised.
pub fn find(name: &str) -> Option<&'static Function> {
    BY_NAME.get(&name.to_lowercase()).copied()
}

/// The names of all functions.
pub fn names() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.iter().map(|function| function.name)
}

/// The result of a function.
///
/// # Errors
/// The arguments are not what it takes (`TypeError`, `ArgumentError`), or the result would be too large
/// (`BudgetExceeded`).
pub fn evaluate(function: &'static Function, arguments: &[Value], context: &Context<'_>) -> Result<Value, QueryError> {
    if arguments.len() < function.minimum || arguments.len() > function.maximum {
        return Err(wrong_number(function, arguments.len()));
    }
    if function.strict && arguments.iter().any(Value::is_null) {
        return Ok(Value::Null);
    }
    (function.run)(arguments, context).map_err(|mut error| {
        error.message = format!("{}: {}", function.name, error.message);
        error
    })
}

fn wrong_number(function: &Function, given: usize) -> QueryError {
    let wanted = match (function.minimum, function.maximum) {
        (minimum, usize::MAX) => format!("at least {minimum}"),
        (minimum, maximum) if minimum == maximum => minimum.to_string(),
        (minimum, maximum) => format!("{minimum} to {maximum}"),
    };
    let message = format!("{} takes {wanted} arguments, not {given}", function.name);
    QueryError::argument(ErrorDetail::InvalidNumberOfArguments, message)
}

#[cfg(test)]
mod tests {
    use super::testing::{call, failing};
    use super::*;

    #[test]
    fn names_are_found_however_they_are_written_and_occur_once() {
        assert_eq!(find("TOUPPER").map(|function| function.name), Some("toUpper"));
        assert_eq!(find("datetime.fromepoch").map(|function| function.name), Some("datetime.fromEpoch"));
        assert!(find("nonsense").is_none());
        assert_eq!(BY_NAME.len(), FUNCTIONS.len());
    }

    #[test]
    fn each_function_stops_politely_at_any_arguments() {
        let values = [
            Value::Boolean(true),
            Value::Integer(i64::MIN),
            Value::Integer(-1),
            Value::Float(f64::NAN),
            Value::Float(1e300),
            Value::string("語:-+P1T[."),
            Value::list([Value::Null, Value::Integer(1)]),
            Value::map([("year".into(), Value::Integer(i64::MAX))]),
            Value::map([("days".into(), Value::Float(1e18)), ("months".into(), Value::Integer(i64::MAX))]),
            call("date", &[Value::string("2024-02-29")]),
            call("datetime", &[Value::string("-999999999-01-01T00:00+18:00")]),
            call("duration", &[Value::map([("months".into(), Value::Integer(i64::MAX))])]),
            Value::Node(crate::graph::Node(0)),
        ];
        for function in FUNCTIONS.iter() {
            for count in function.minimum..=function.maximum.min(3) {
                for a in &values {
                    for b in &values {
                        let arguments = [a.clone(), b.clone(), a.clone()];
                        let _ = testing::try_call(function.name, &arguments[..count]);
                    }
                }
            }
        }
    }

    #[test]
    fn null_goes_through_and_counts_are_checked() {
        assert!(call("toUpper", &[Value::Null]).is_null());
        assert_eq!(failing("toUpper", &[]).detail, ErrorDetail::InvalidNumberOfArguments);
    }
}
