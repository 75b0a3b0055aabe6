//! Questions, hearing sheets and handover documents over the model, with what they draw on.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Map, Value as Json};

use super::findings::Rulebook;
use super::queries::Analyses;
use crate::analyses::AnalysisError;
use crate::analyses::handover::{HandoverSources, handover};
use crate::analyses::hearing::hearing_sheet;
use crate::analyses::questions::{Asking, QuestionAnswer, QuestionCatalogue, QuestionError, answer};
use crate::analyses::sheets::Sheet;
use crate::graph::View;
use crate::query::Limits;
use crate::settings;

/// The most rows of one answer.
const MOST_ROWS: u64 = 100_000;

/// The questions, and the rules that some of them ask.
#[derive(Debug)]
pub struct QuestionBook {
    catalogue: QuestionCatalogue,
    rulebook: Arc<Rulebook>,
    limits: Limits,
    procedures: Analyses,
}

impl QuestionBook {
    /// The questions with the rules they ask, within the operator's limits; a query may take as long as a request.
    pub fn new(catalogue: QuestionCatalogue, rulebook: Arc<Rulebook>, limits: &settings::Limits) -> Self {
        let time = Duration::from_millis(limits.request_milliseconds);
        let procedures = Analyses::new(limits);
        Self { catalogue, rulebook, limits: Limits { time, rows: MOST_ROWS, ..Limits::default() }, procedures }
    }

    /// The questions that can be asked of a view: the catalogue and the queries that are saved in the model.
    pub fn catalogue(&self, view: &View) -> QuestionCatalogue {
        self.catalogue.with_saved(view, self.rulebook.catalogue())
    }

    /// Answers a question.
    ///
    /// # Errors
    /// [`QuestionError`].
    pub fn answer(&self, view: &View, id: &str, given: &Map<String, Json>) -> Result<QuestionAnswer, QuestionError> {
        let questions = self.catalogue(view);
        let findings = || self.rulebook.run(view);
        let asking = Asking::new(view, self.rulebook.catalogue(), &questions, &findings, self.limits, &self.procedures);
        answer(&asking, id, given)
    }

    /// What to ask a department next.
    ///
    /// # Errors
    /// When there is no such department.
    pub fn hearing_sheet(&self, view: &View, department: &str) -> Result<Sheet, AnalysisError> {
        hearing_sheet(view, department, self.rulebook.catalogue(), &self.catalogue(view))
    }

    /// The handover document of an item of a kind: `department` or `business_process`.
    ///
    /// # Errors
    /// When there is no such item.
    pub fn handover(&self, view: &View, kind: &str, id: &str) -> Result<Sheet, AnalysisError> {
        let (findings, questions) = (self.rulebook.run(view), self.catalogue(view));
        let sources = HandoverSources { rules: self.rulebook.catalogue(), questions: &questions, findings: &findings };
        handover(view, kind, id, &sources)
    }
}
