//! The answer to a question.

use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value as Json};

use super::question::Group;
use crate::analyses::sheets::SheetTable;
use crate::analyses::{Basis, Column, Tabular};
use crate::domain::Localized;

/// The answer to a question.
#[derive(Debug, Clone, Serialize)]
pub struct QuestionAnswer {
    /// Which state of the model was read.
    #[serde(flatten)]
    pub basis: Basis,
    /// The question's id.
    pub question: Arc<str>,
    /// Who asks.
    pub group: Group,
    /// The question, with what was chosen.
    pub ask: Localized,
    /// What was chosen.
    pub parameters: Map<String, Json>,
    /// The answer in a word.
    pub answer: Verdict,
    /// The answer in a sentence.
    pub headline: Localized,
    /// What supports it.
    pub supporting: Vec<Localized>,
    /// What was found.
    pub table: SheetTable,
    /// A picture of it.
    pub diagram: Option<DiagramLink>,
    /// What the answer does not know.
    pub coverage: AnswerCoverage,
    /// What to ask next.
    pub next: Vec<NextQuestion>,
}

/// The answer in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Something was found.
    Found,
    /// Nothing was found, and everything could be judged.
    None,
    /// Nothing was found, and something could not be judged. Never to be read as "none".
    Unknown,
    /// The model holds nothing of what the question is about.
    NotApplicable,
}

/// What an answer does not know.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct AnswerCoverage {
    /// Whether everything could be judged.
    pub complete: bool,
    /// How many items were judged.
    pub judged: usize,
    /// What could not be judged, and for want of what; the most frequent first.
    pub unjudged: Vec<Unjudged>,
    /// What else has to be known about the answer.
    pub remarks: Vec<Localized>,
    /// All of it in a sentence.
    pub sentence: Localized,
}

/// Items that could not be judged for want of something.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unjudged {
    /// The kind of the items, or the rule that could not judge them.
    pub of: Arc<str>,
    /// What is not recorded, as a way from the item.
    pub lacks: String,
    /// The same as people call it.
    pub label: Localized,
    /// How many items lack it.
    pub count: usize,
    /// Some of them, as ids.
    pub examples: Vec<String>,
}

/// A picture of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct DiagramLink {
    /// Its address.
    pub href: String,
}

/// A question to ask next, with what was chosen carried on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NextQuestion {
    /// Its id.
    pub id: Arc<str>,
    /// The question.
    pub ask: Localized,
    /// What is carried on.
    pub parameters: Map<String, Json>,
    /// The address at which it is answered.
    pub href: String,
}

impl Tabular for QuestionAnswer {
    fn title(&self) -> Localized {
        self.table.title()
    }

    fn columns(&self) -> Vec<Column> {
        self.table.columns()
    }

    fn rows(&self, language: &str) -> Vec<Vec<String>> {
        self.table.rows(language)
    }
}
