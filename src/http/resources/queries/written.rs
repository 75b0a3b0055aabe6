//! Answers as JSON, written piece by piece.

use serde::{Serialize, Serializer};

use crate::application::queries::QueryAnswer;
use crate::query::Value;
use crate::query::source::Facts;
use crate::query::value::json::Written;

/// The rows of an answer.
pub(super) struct Rows(pub(super) QueryAnswer);

impl Serialize for Rows {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let graph = self.0.graph();
        serializer.collect_seq(self.0.rows.iter().map(|row| Row::new(row, &graph)))
    }
}

/// One row.
pub(super) struct Row<'a> {
    values: &'a [Value],
    facts: &'a dyn Facts,
}

impl<'a> Row<'a> {
    pub(super) fn new(values: &'a [Value], facts: &'a dyn Facts) -> Self {
        Self { values, facts }
    }
}

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.values.iter().map(|value| Written::new(value, self.facts)))
    }
}
