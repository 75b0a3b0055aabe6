//! What only a person can decide.

use rustc_hash::FxHashSet;
use serde::Serialize;

use super::baseline::digest;
use super::told::{RowKey, row_of};
use crate::interchange::Place;
use crate::interchange::problem::Said;

/// How many places of a question are listed; the others are counted.
const MOST_PLACES: usize = 20;

/// A question; while it has no answer, what it is about stays out of the proposal.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Question {
    /// Stable: the same question has the same id in every import of the source.
    pub id: String,
    /// What sort of question it is.
    pub kind: QuestionKind,
    /// What stands in the file.
    pub text: String,
    /// The kinds that may be meant.
    pub kinds: Vec<String>,
    /// The attribute that it is about.
    pub attribute: Option<String>,
    /// What may be meant, likest first.
    pub candidates: Vec<Candidate>,
    /// The question in words.
    pub sentence: Said,
    /// Where it arises; the first ones.
    pub places: Vec<Place>,
    /// At how many places it arises.
    pub count: usize,
}

/// What may be meant.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Candidate {
    /// The id in the model, or a value.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// How likely it is meant, from 0 to 1.
    pub confidence: f64,
}

/// What sort of question it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum QuestionKind {
    /// Is this record an item that the model has? Answers: `use`, `create`, `leave_out`.
    SameItem,
    /// Which item does this name mean? Answers: `use`, `create`, `leave_out`.
    WhichItem,
    /// Which value is meant? Answers: `value`, `leave_out`.
    WhichValue,
    /// Is what the file no longer has to be deleted? Answers: `delete`, `keep`.
    Missing,
}

impl Question {
    /// The id of a question: a digest of what makes it the same.
    pub(super) fn id_of(kind: QuestionKind, parts: &[&str]) -> String {
        format!("q-{}", digest(format!("{kind:?}\n{}", parts.join("\n")).as_bytes(), 8))
    }
}

/// Questions in the order in which they arose, each once.
#[derive(Debug, Default)]
pub(super) struct Questions {
    asked: Vec<Question>,
    places: rustc_hash::FxHashMap<String, usize>,
    /// The rows in which something is asked, those that no question lists included.
    open_rows: FxHashSet<RowKey>,
}

impl Questions {
    /// Asks; a question that was asked before gets another place.
    pub fn ask(&mut self, question: Question, place: &Place) {
        let id = question.id.clone();
        if !self.places.contains_key(&id) {
            self.places.insert(id.clone(), self.asked.len());
            self.asked.push(question);
        }
        self.ask_again(&id, place);
    }

    /// Another place of a question that was asked before.
    pub fn ask_again(&mut self, id: &str, place: &Place) {
        let Some(question) = self.places.get(id).and_then(|at| self.asked.get_mut(*at)) else { return };
        question.count += 1;
        self.open_rows.extend(row_of(place));
        if question.places.len() < MOST_PLACES {
            question.places.push(place.clone());
        }
    }

    /// The rows in which something is asked; they are given once.
    pub fn take_open_rows(&mut self) -> FxHashSet<RowKey> {
        std::mem::take(&mut self.open_rows)
    }

    pub fn into_all(self) -> Vec<Question> {
        self.asked
    }
}
