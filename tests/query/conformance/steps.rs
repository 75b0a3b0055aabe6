//! What the sentences of the suite mean.

use super::scenario::Sentence;

/// A step that was understood.
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// A graph without anything; `any graph` is one, too.
    EmptyGraph,
    /// A graph of the suite, by its name.
    NamedGraph(String),
    /// A statement that makes the graph.
    HavingExecuted(String),
    /// A procedure: its signature, and the table of what it answers.
    Procedure(String, Vec<Vec<String>>),
    /// Names and values.
    Parameters(Vec<Vec<String>>),
    /// The query that is looked at.
    Query(String),
    /// The query that looks at what another one changed.
    ControlQuery,
    /// Columns and rows.
    Result(ExpectedTable),
    /// No rows.
    EmptyResult,
    /// An error.
    Error(ExpectedError),
    /// Nothing was changed.
    NoSideEffects,
    /// Something was changed.
    SideEffects,
}

/// The rows that are expected.
#[derive(Debug, Clone, PartialEq)]
pub struct ExpectedTable {
    /// Names of columns, then rows of cells.
    pub table: Vec<Vec<String>>,
    /// Whether rows stand in this order.
    pub ordered: bool,
    /// Whether the items of lists stand in any order.
    pub ignoring_list_order: bool,
}

/// The error that is expected.
#[derive(Debug, Clone, PartialEq)]
pub struct ExpectedError {
    /// `SyntaxError`, …
    pub kind: String,
    /// `compile time`, `runtime` or `any time`.
    pub phase: String,
    /// `UndefinedVariable`, …; `*` for any.
    pub detail: String,
}

/// The meaning of a sentence.
///
/// # Errors
/// The sentence, where it is not known.
pub fn understand(sentence: &Sentence) -> Result<Step, String> {
    let text = without_keyword(sentence.text.trim());
    let text = text.split('#').next().unwrap_or_default().trim();
    let (head, tail) = text.split_once(':').unwrap_or((text, ""));
    let table = || sentence.table.clone().unwrap_or_default();
    let query = || sentence.doc.clone().unwrap_or_else(|| tail.trim().to_owned());
    Ok(match head.trim() {
        "an empty graph" | "any graph" => Step::EmptyGraph,
        "having executed" | "after having executed" => Step::HavingExecuted(query()),
        "parameters are" | "parameter values are" => Step::Parameters(table()),
        "executing query" => Step::Query(query()),
        "executing control query" => Step::ControlQuery,
        "the result should be empty" => Step::EmptyResult,
        "no side effects" => Step::NoSideEffects,
        "the side effects should be" => Step::SideEffects,
        other => return understand_more(other, text, table()).ok_or_else(|| sentence.text.clone()),
    })
}

/// Sentences with something in the middle.
fn understand_more(head: &str, text: &str, table: Vec<Vec<String>>) -> Option<Step> {
    if let Some(signature) = text.strip_prefix("there exists a procedure ") {
        return Some(Step::Procedure(signature.trim_end_matches(':').trim().to_owned(), table));
    }
    if let Some(name) = text.strip_prefix("the ").and_then(|rest| rest.strip_suffix(" graph")) {
        return Some(Step::NamedGraph(name.to_owned()));
    }
    if let Some(how) = head.strip_prefix("the result should be") {
        return result(how, table);
    }
    error(text)
}

fn result(how: &str, table: Vec<Vec<String>>) -> Option<Step> {
    let (ordered, ignoring_list_order) = match how.trim_matches([',', ' ']) {
        "" | "in any order" => (false, false),
        "in order" => (true, false),
        "(ignoring element order for lists)" | "in any order (ignoring element order for lists)" => (false, true),
        "in order (ignoring element order for lists)" => (true, true),
        _ => return None,
    };
    Some(Step::Result(ExpectedTable { table, ordered, ignoring_list_order }))
}

/// `a TypeError should be raised at runtime: InvalidArgumentType`.
fn error(text: &str) -> Option<Step> {
    let (kind, rest) = text.split_once(" should be raised at ")?;
    let kind = kind.strip_prefix("an ").or_else(|| kind.strip_prefix("a "))?;
    let (phase, detail) = rest.split_once(':')?;
    let phase = phase.trim();
    ["compile time", "runtime", "any time"].contains(&phase).then(|| {
        Step::Error(ExpectedError { kind: kind.to_owned(), phase: phase.to_owned(), detail: detail.trim().to_owned() })
    })
}

fn without_keyword(text: &str) -> &str {
    let keywords = ["Given ", "When ", "Then ", "And ", "But ", "* "];
    keywords.iter().find_map(|keyword| text.strip_prefix(keyword)).unwrap_or(text).trim()
}
