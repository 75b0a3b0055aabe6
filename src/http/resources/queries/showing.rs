//! Answers of queries in their forms, and what went wrong as a problem.

use actix_web::HttpResponse;
use serde::Serialize;
use serde_json::Value as Json;
use utoipa::ToSchema;

use super::form::Form;
use super::written::Rows;
use crate::application::pictures::PictureFormat;
use crate::application::queries::{QueryAnswer, QueryFailure, QueryTable, write_within};
use crate::http::problem::{Problem, ProblemCode, ProblemError};
use crate::http::resources::analyses::XLSX;
use crate::query::plan::Node;
use crate::query::{ErrorKind, QueryError, Used};
use crate::reports::{to_csv, to_xlsx};

/// The answer to a query.
#[derive(Serialize, ToSchema)]
#[schema(as = QueryResult)]
pub struct QueryBody {
    /// The names of the columns.
    columns: Vec<String>,
    /// The rows, a value for each column. A node is `{node, labels, properties}`, a relationship
    /// `{relationship, type, source, target, properties}`, a day or time its ISO 8601 text.
    #[schema(value_type = Vec<Vec<Json>>)]
    rows: Rows,
    /// What answering took.
    statistics: QueryStatistics,
    /// The revision that was read.
    revision: u64,
    /// The day in the world.
    date: String,
    /// The plan, where it was asked for: operation, details, estimated and real rows, what is inside.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Vec<std::collections::HashMap<String, Json>>>)]
    plan: Option<Vec<Json>>,
    /// The same as text, a line an operation.
    #[serde(skip_serializing_if = "Option::is_none")]
    plan_text: Option<String>,
}

/// What answering a query took.
#[derive(Debug, Serialize, ToSchema)]
pub struct QueryStatistics {
    /// Rows of the answer.
    rows: usize,
    /// Nodes looked at, relationships walked, items gone through.
    expansions: u64,
    /// Milliseconds from start to end of the run.
    milliseconds: f64,
}

/// An answer in its form.
pub(super) enum Shown {
    /// Ready to be sent.
    Done(Result<Finished, Problem>),
    /// To be drawn.
    Picture(Box<QueryAnswer>, PictureFormat),
}

/// A response that can cross threads before it becomes one of actix.
pub(super) struct Finished {
    content_type: &'static str,
    file: Option<&'static str>,
    body: Vec<u8>,
}

impl From<Finished> for HttpResponse {
    fn from(finished: Finished) -> Self {
        let mut response = Self::Ok();
        response.content_type(finished.content_type);
        if let Some(file) = finished.file {
            response.insert_header(("content-disposition", format!("attachment; filename=\"{file}\"")));
        }
        response.body(finished.body)
    }
}

/// Puts an answer into its form; done on the thread that ran the query, since it can take as long.
pub(super) fn shown(answer: QueryAnswer, form: Form, language: &str) -> Shown {
    match form {
        Form::Json | Form::Ndjson => Shown::Done(written_out(answer)),
        Form::Csv | Form::Xlsx => Shown::Done(tabulated(&answer, form, language)),
        Form::Picture(format) => Shown::Picture(Box::new(answer), format),
    }
}

fn tabulated(answer: &QueryAnswer, form: Form, language: &str) -> Result<Finished, Problem> {
    let table = QueryTable::new(answer).map_err(|error| problem(&error, ""))?;
    if form == Form::Csv {
        let body = to_csv(&table, language).into_bytes();
        return Ok(Finished { content_type: "text/csv; charset=utf-8", file: Some("query.csv"), body });
    }
    let body =
        to_xlsx(&table, language).map_err(|error| Problem::new(ProblemCode::LimitExceeded, error.to_string()))?;
    Ok(Finished { content_type: XLSX, file: Some("query.xlsx"), body })
}

fn written_out(answer: QueryAnswer) -> Result<Finished, Problem> {
    let mut bytes = Vec::new();
    let most = answer.memory;
    // It ran through: nothing in the text is at fault, so no place in it is shown.
    write_within(&mut bytes, &body(answer), most).map_err(|error| problem(&error, ""))?;
    Ok(Finished { content_type: "application/json", file: None, body: bytes })
}

fn body(answer: QueryAnswer) -> QueryBody {
    QueryBody {
        columns: answer.columns.iter().map(ToString::to_string).collect(),
        statistics: statistics(answer.rows.len(), &answer.used),
        revision: answer.view.revision(),
        date: answer.view.date().to_string(),
        plan: answer.plan.as_ref().map(|nodes| nodes.iter().map(node).collect()),
        plan_text: answer.plan.as_ref().map(|nodes| crate::query::plan::tree_text(nodes)),
        rows: Rows(answer),
    }
}

/// What a run took.
pub(super) fn statistics(rows: usize, used: &Used) -> QueryStatistics {
    QueryStatistics { rows, expansions: used.expansions, milliseconds: used.elapsed.as_secs_f64() * 1000.0 }
}

fn node(node: &Node) -> Json {
    serde_json::json!({
        "operation": node.operation,
        "details": node.details,
        "estimated_rows": node.estimated_rows,
        "rows": node.rows,
        "children": node.children.iter().map(self::node).collect::<Vec<_>>(),
    })
}

/// What is wrong with a request for a query.
pub(super) fn failed(failure: QueryFailure, text: &str) -> Problem {
    match failure {
        QueryFailure::Query(error) => problem(&error, text),
        QueryFailure::View(error) => error.into(),
    }
}

/// What is wrong with a query, with its place in the text.
pub(super) fn problem(error: &QueryError, text: &str) -> Problem {
    let code = match error.kind {
        ErrorKind::BudgetExceeded => ProblemCode::QueryStopped,
        ErrorKind::Cancelled => ProblemCode::Stopping,
        _ => ProblemCode::InvalidQuery,
    };
    let shown = error.with_excerpt(text);
    let mut problem = Problem::new(code, shown.clone());
    problem.errors.push(ProblemError {
        code: error.detail.as_str().to_owned(),
        pointer: "/query".to_owned(),
        message: shown,
        id: None,
        related: Vec::new(),
    });
    problem
}
