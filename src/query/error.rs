//! What can be wrong with a query, in the words of the openCypher conformance suite.

use super::syntax::Span;

/// Why a query has no answer.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{message}")]
pub struct QueryError {
    /// The class of the error.
    pub kind: ErrorKind,
    /// What exactly is wrong, in the suite's word (`UndefinedVariable`).
    pub detail: ErrorDetail,
    /// Whether it was found before anything ran.
    pub phase: Phase,
    /// One sentence: what, and what to do.
    pub message: String,
    /// Where in the text, if somewhere.
    pub span: Option<Span>,
}

/// The classes of errors that the conformance suite knows, and the ones that only a service has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// The text is not a query, or cannot mean anything.
    SyntaxError,
    /// A value of the wrong type.
    TypeError,
    /// A value that a function cannot take.
    ArgumentError,
    /// A calculation without result.
    ArithmeticError,
    /// A procedure that does not exist or was called wrongly.
    ProcedureError,
    /// A parameter that was not given.
    ParameterMissing,
    /// Something that is no longer there.
    EntityNotFound,
    /// A clause that would change the graph.
    WriteRefused,
    /// A limit was reached.
    BudgetExceeded,
    /// Nobody waits for the answer any more.
    Cancelled,
}

/// When an error is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Before anything runs.
    CompileTime,
    /// While it runs.
    Runtime,
}

macro_rules! details {
    ($($(#[$meta:meta])* $name:ident),* $(,)?) => {
        /// What exactly is wrong, in the words of the conformance suite.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum ErrorDetail { $($(#[$meta])* $name),* }

        impl ErrorDetail {
            /// The word itself.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => stringify!($name)),* }
            }
        }
    };
}

details! {
    /// Grouping keys are mixed with aggregates in one expression.
    AmbiguousAggregationExpression,
    /// Two columns of one name.
    ColumnNameConflict,
    /// `RETURN` columns of a union differ.
    DifferentColumnsInUnion,
    /// A number literal too large for a float.
    FloatingPointOverflow,
    /// A number literal too large for 64 bits.
    IntegerOverflow,
    /// An aggregate where none may stand.
    InvalidAggregation,
    /// An argument of the wrong type.
    InvalidArgumentType,
    /// An argument of the right type with an impossible value.
    InvalidArgumentValue,
    /// An argument was passed in a way that is not allowed there.
    InvalidArgumentPassingMode,
    /// Clauses in an impossible order.
    InvalidClauseComposition,
    /// A number that is written wrongly.
    InvalidNumberLiteral,
    /// The wrong number of arguments.
    InvalidNumberOfArguments,
    /// A parameter where none may stand.
    InvalidParameterUse,
    /// A relationship pattern that cannot be.
    InvalidRelationshipPattern,
    /// A character that is not part of the language.
    InvalidUnicodeCharacter,
    /// `\u` without four hexadecimal digits.
    InvalidUnicodeLiteral,
    /// A map's key that is no text.
    MapElementAccessByNonString,
    /// A list's place that is no whole number.
    ListElementAccessByNonInteger,
    /// `SKIP` or `LIMIT` below zero.
    NegativeIntegerArgument,
    /// An aggregate in an aggregate.
    NestedAggregation,
    /// `WITH` of an expression without a name.
    NoExpressionAlias,
    /// `RETURN *` with nothing in scope.
    NoVariablesInScope,
    /// An expression that must not depend on a row does.
    NonConstantExpression,
    /// A number outside what is allowed.
    NumberOutOfRange,
    /// A procedure that does not exist.
    ProcedureNotFound,
    /// One relationship variable twice in a pattern.
    RelationshipUniquenessViolation,
    /// A variable that is not there.
    UndefinedVariable,
    /// Something that cannot stand there.
    UnexpectedSyntax,
    /// A function that does not exist.
    UnknownFunction,
    /// A variable that is there already.
    VariableAlreadyBound,
    /// A variable used as two things.
    VariableTypeConflict,
    /// A deleted thing was looked at.
    DeletedEntityAccess,
    /// A parameter that was not given.
    MissingParameter,
    /// `UNION` and `UNION ALL` mixed.
    InvalidUnionComposition,
    /// Division by zero.
    DivisionByZero,
    /// A calculation beyond 64 bits.
    NumberOverflow,
    /// A label that the metamodel does not know.
    UnknownLabel,
    /// A relationship type that the metamodel does not know.
    UnknownRelationshipType,
    /// A property that the metamodel does not know.
    UnknownProperty,
    /// A regular expression that cannot be read.
    InvalidRegularExpression,
    /// A property test on something without properties.
    PropertyAccessOnNonMap,
    /// A clause that would change the graph.
    WriteClause,
    /// The time of a query ran out.
    TimeLimit,
    /// Too many rows.
    RowLimit,
    /// Too much memory.
    MemoryLimit,
    /// Too many steps along relationships.
    ExpansionLimit,
    /// The text is too long or nested too deeply.
    ComplexityLimit,
    /// Stopped from outside.
    Stopped,
}

impl QueryError {
    /// An error that is found before anything runs.
    pub fn compile(kind: ErrorKind, detail: ErrorDetail, span: Span, message: impl Into<String>) -> Self {
        Self { kind, detail, phase: Phase::CompileTime, message: message.into(), span: Some(span) }
    }

    /// A `SyntaxError` at a place.
    pub fn syntax(detail: ErrorDetail, span: Span, message: impl Into<String>) -> Self {
        Self::compile(ErrorKind::SyntaxError, detail, span, message)
    }

    /// An error that shows while the query runs.
    pub fn runtime(kind: ErrorKind, detail: ErrorDetail, message: impl Into<String>) -> Self {
        Self { kind, detail, phase: Phase::Runtime, message: message.into(), span: None }
    }

    /// A `TypeError` while the query runs.
    pub fn type_error(detail: ErrorDetail, message: impl Into<String>) -> Self {
        Self::runtime(ErrorKind::TypeError, detail, message)
    }

    /// An `ArgumentError` while the query runs.
    pub fn argument(detail: ErrorDetail, message: impl Into<String>) -> Self {
        Self::runtime(ErrorKind::ArgumentError, detail, message)
    }

    /// The same at a place, unless it has one.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.span.get_or_insert(span);
        self
    }

    /// The message, and the line of the query with a caret under the place.
    pub fn with_excerpt(&self, query: &str) -> String {
        let Some(span) = self.span else {
            return self.message.clone();
        };
        format!("{}\n{}", self.message, super::excerpt::excerpt(query, span))
    }
}
