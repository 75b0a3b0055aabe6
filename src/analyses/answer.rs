//! What all reports are made of.

use std::sync::Arc;

use jiff::civil::Date;
use serde::Serialize;

use crate::domain::Localized;
use crate::graph::View;

/// Which state of the model a report speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Basis {
    /// The revision.
    pub revision: u64,
    /// The day in the world.
    pub date: Date,
}

impl Basis {
    /// What a view shows.
    pub fn of(view: &View) -> Self {
        Self { revision: view.revision(), date: view.date() }
    }
}

/// An item by its id, kind and name.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ItemSummary {
    /// Its id.
    pub id: String,
    /// Its kind's name.
    pub kind: Arc<str>,
    /// What it is called.
    pub name: Localized,
}

/// One relationship of an explanation, read aloud in the direction in which it is walked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PathStep {
    /// The relationship's id.
    pub relationship: String,
    /// The relationship's kind.
    pub kind: Arc<str>,
    /// The item that the step leaves: an end, or the relationship itself.
    pub from: String,
    /// The item that the step reaches: an end, or the relationship itself.
    pub to: String,
    /// Whether the step goes along the arrow.
    pub forward: bool,
    /// The relationship in words.
    pub text: Localized,
}
