//! Questions about structure that need more than one view: the page with what moved.

use super::findings::{Rulebook, Since};
use super::views::ViewError;
use super::workspace::Workspace;
use crate::analyses::AnalysisError;
use crate::analyses::structure::{Parameters, Question, Report, ask, compare};
use crate::graph::View;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum StructureError {
    /// The question.
    #[error(transparent)]
    Question(#[from] AnalysisError),
    /// There is no such state of the model.
    #[error(transparent)]
    View(#[from] ViewError),
    /// What `since` gives is neither a revision nor a day.
    #[error("\"since\": {0:?} is neither a revision nor a date such as 2026-04-01")]
    Since(String),
}

impl Workspace {
    /// Answers a question about structure; with `since`, what moved on the page.
    ///
    /// # Errors
    /// [`StructureError`].
    pub fn ask_structure(
        &self,
        rulebook: &Rulebook,
        question: &Question,
        view: &View,
        parameters: &Parameters,
    ) -> Result<Report, StructureError> {
        let terms = rulebook.catalogue().terms();
        let mut report = ask(question, view, terms, parameters)?;
        if let Some(since) = parameters.get("since") {
            let read = since.parse().map(Since::Revision).or_else(|_| since.parse().map(Since::Day));
            let since = read.map_err(|_| StructureError::Since(since.to_owned()))?;
            let before = self.view_since(since, view)?;
            compare(&mut report, &ask(question, &before, terms, parameters)?);
        }
        Ok(report)
    }
}
