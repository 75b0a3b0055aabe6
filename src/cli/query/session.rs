//! What holds from question to question: the model, the moment, parameters, format.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::application::queries::{Queries, QueryAnswer, Question, QuestionError};
use crate::application::{ViewRequest, Workspace};
use crate::cli::arguments::{Query, QueryFormat};
use crate::cli::failure::Failure;
use crate::cli::language::Language;
use crate::graph::View;
use crate::query::syntax::{Span, Statement};
use crate::query::value::json::from_json;
use crate::query::{Limits, Parameters};
use crate::settings::{Diagrams, Settings};

/// What holds from question to question.
pub(super) struct Session {
    workspace: Workspace,
    pub(super) queries: Queries,
    pub(super) moment: ViewRequest,
    pub(super) parameters: Parameters,
    pub(super) format: QueryFormat,
    pub(super) language: Language,
    pub(super) diagrams: Diagrams,
    limits: Limits,
    /// Set by somebody who does not want to wait any longer.
    pub(super) cancelled: Arc<AtomicBool>,
}

impl Session {
    pub(super) fn new(workspace: Workspace, settings: &Settings, arguments: &Query, language: Language) -> Self {
        let queries = Queries::new(&workspace.metamodel());
        let parameters = arguments.parameters.iter().map(|(name, value)| (name.as_str().into(), from_json(value)));
        let usual = Limits::default();
        let limits = Limits {
            time: arguments.seconds.map_or(usual.time, Duration::from_secs),
            rows: arguments.most_rows.unwrap_or(usual.rows),
            ..usual
        };
        Self {
            workspace,
            queries,
            moment: ViewRequest { at: arguments.moment.at, revision: arguments.moment.revision },
            parameters: parameters.collect(),
            format: arguments.format,
            language,
            diagrams: settings.diagrams.clone(),
            limits,
            cancelled: Arc::default(),
        }
    }

    /// The view that is asked where a query does not say otherwise.
    pub(super) fn view(&self) -> Result<View, Failure> {
        self.workspace.view(self.moment).map_err(|error| Failure::refused(error.to_string()))
    }

    /// Answers one statement of a text.
    pub(super) fn ask(&self, whole: &str, statement: &Statement<'_>) -> Result<QueryAnswer, Failure> {
        self.cancelled.store(false, Ordering::Relaxed);
        let question = Question {
            text: statement.text,
            parameters: self.parameters.clone(),
            moment: self.moment,
            limits: self.limits,
            cancelled: Some(&self.cancelled),
        };
        self.queries.ask(&self.workspace, &question).map_err(|error| failure(error, whole, statement.start))
    }
}

/// The error, its place shown in the whole text.
fn failure(error: QuestionError, whole: &str, start: usize) -> Failure {
    let QuestionError::Query(mut error) = error else { return Failure::refused(error.to_string()) };
    let start = u32::try_from(start).unwrap_or_default();
    error.span = error.span.map(|span| Span::new(span.start + start, span.end + start));
    Failure::refused(format!("{}: {}", error.detail.as_str(), error.with_excerpt(whole)))
}
