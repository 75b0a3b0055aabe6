//! What holds from question to question: the model, the moment, parameters, format.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value as Json;

use crate::application::queries::{QueryAnswer, QueryFailure, QueryRequest, RequestedLimits};
use crate::application::{ViewRequest, Workspace};
use crate::cli::arguments::{Query, QueryFormat};
use crate::cli::failure::Failure;
use crate::cli::language::Language;
use crate::query::over_view::ViewCatalog;
use crate::query::syntax::tree::Mode;
use crate::query::syntax::{Span, Statement};
use crate::query::value::json::from_json;
use crate::query::{ErrorKind, QueryError};
use crate::settings::Settings;

/// What holds from question to question.
pub(super) struct Session {
    workspace: Arc<Workspace>,
    pub(super) settings: Settings,
    pub(super) moment: ViewRequest,
    pub(super) parameters: BTreeMap<String, Json>,
    pub(super) format: QueryFormat,
    pub(super) language: Language,
    limits: RequestedLimits,
    /// Set by somebody who does not want to wait any longer.
    pub(super) cancelled: Arc<AtomicBool>,
}

impl Session {
    pub(super) fn new(workspace: Workspace, settings: &Settings, arguments: &Query, language: Language) -> Self {
        let milliseconds = arguments.seconds.map(|seconds| seconds.saturating_mul(1000));
        let mut settings = settings.clone();
        // Whoever sits at the command line is the operator.
        settings.limits.query_milliseconds = milliseconds.unwrap_or(settings.limits.query_milliseconds);
        settings.limits.query_rows = arguments.most_rows.unwrap_or(settings.limits.query_rows);
        Self {
            workspace: Arc::new(workspace),
            settings,
            moment: ViewRequest { at: arguments.moment.at, revision: arguments.moment.revision },
            parameters: arguments.parameters.iter().cloned().collect(),
            format: arguments.format,
            language,
            limits: RequestedLimits::default(),
            cancelled: Arc::default(),
        }
    }

    /// The names that queries can use.
    pub(super) fn catalog(&self) -> &ViewCatalog {
        self.workspace.queries().catalog()
    }

    /// Answers one statement of a text; explains it where the mode says so.
    pub(super) fn ask(&self, whole: &str, statement: &Statement<'_>, mode: Mode) -> Result<QueryAnswer, Failure> {
        if self.cancelled.load(Ordering::Relaxed) {
            return Err(Failure::interrupted());
        }
        let request = QueryRequest {
            text: statement.text.to_owned(),
            parameters: self.parameters.iter().map(|(name, value)| (name.as_str().into(), from_json(value))).collect(),
            view: self.moment,
            limits: self.limits,
            mode,
        };
        let limits = &self.settings.limits;
        let ready = self.workspace.ready_query(request, limits);
        let ready = ready.map_err(|failure| match failure {
            QueryFailure::Query(error) => refused(error, whole, statement.start),
            QueryFailure::View(error) => Failure::refused(error.to_string()),
        })?;
        ready.run(limits, Some(&self.cancelled)).map_err(|error| refused(error, whole, statement.start))
    }
}

/// The error, its place shown in the whole text.
fn refused(mut error: QueryError, whole: &str, start: usize) -> Failure {
    if error.kind == ErrorKind::Cancelled {
        return Failure::interrupted();
    }
    let start = u32::try_from(start).unwrap_or_default();
    error.span = error.span.map(|span| Span::new(span.start + start, span.end + start));
    Failure::refused(format!("{}: {}", error.detail.as_str(), error.with_excerpt(whole)))
}
