//! Questions about the structure of a model: each a view and a few parameters in, a table with its coverage out.
//!
//! What makes something stop is read from the metamodel's impact meanings, so the questions about dependencies work on
//! any `ArchiMate` model. Where a model lacks what a question needs, the answer says so instead of being empty.

#![expect(clippy::unnecessary_wraps, reason = "all questions are asked alike, and some may refuse a parameter")]

mod continuity;
mod crud;
mod cycles;
mod gathering;
mod leak_trace;
mod lifecycle;
mod lineage;
mod people;
mod projects;
mod report;
mod schedule;
mod shape;
mod sketch;
mod summary;
mod vendors;

use std::collections::BTreeMap;

pub use report::{Cell, Coverage, Report};
pub use schedule::{Timeline, TimelineBar};
pub use sketch::{Sketch, SketchBox, SketchLine};
pub use summary::compare;

use super::error::AnalysisError;
use super::findings::{Reader, TermDefinitions};
use super::names::unknown_word;
use crate::domain::Localized;
use crate::graph::View;

/// The parameters of a question, by name.
pub type Parameters = BTreeMap<String, String>;

/// A question about structure.
#[derive(Debug, Clone, Copy)]
pub struct Question {
    /// Its name for programs, as in an address.
    pub name: &'static str,
    /// What it answers, in Japanese.
    pub ja: &'static str,
    /// The same in English.
    pub en: &'static str,
    /// The parameters that it takes, with what they mean.
    pub parameters: &'static [(&'static str, &'static str)],
    ask: fn(&Reader<'_>, &Parameters) -> Result<Report, AnalysisError>,
}

impl Question {
    /// What it answers.
    pub fn title(&self) -> Localized {
        Localized::ja_en(self.ja, self.en)
    }
}

/// All questions, in the order in which they are shown.
pub const QUESTIONS: [Question; 17] = [
    summary::QUESTION,
    continuity::POINTS_OF_FAILURE,
    continuity::RECOVERY_ORDER,
    cycles::QUESTION,
    shape::HUBS,
    shape::ISLANDS,
    shape::COMMUNITIES,
    leak_trace::QUESTION,
    lineage::QUESTION,
    crud::MATRIX,
    crud::COVERAGE_MATRIX,
    projects::QUESTION,
    schedule::QUESTION,
    vendors::QUESTION,
    people::QUESTION,
    lifecycle::QUESTION,
    lifecycle::COST_CURVE,
];

/// The question of this name.
pub fn question(name: &str) -> Option<&'static Question> {
    QUESTIONS.iter().find(|question| question.name == name)
}

/// Answers a question about a view.
///
/// # Errors
/// When a parameter is not known to the question, or names what is not there.
pub fn ask(
    question: &Question,
    view: &View,
    terms: &TermDefinitions,
    parameters: &Parameters,
) -> Result<Report, AnalysisError> {
    for name in parameters.keys() {
        if !question.parameters.iter().any(|(held, _)| held == name) {
            let known = question.parameters.iter().map(|(held, _)| *held);
            return Err(unknown_word("parameter", "parameter of this question", name, known));
        }
    }
    (question.ask)(&Reader::new(view, terms), parameters)
}
