//! The answer to a question about paths.

use std::sync::Arc;

use serde::Serialize;

use crate::analyses::{Basis, Column, ItemSummary, PathStep, Tabular};
use crate::domain::Localized;

use super::request::{PathDirection, PathMode};

/// The paths between items, and whether they are all.
#[derive(Debug, Clone, Serialize)]
pub struct PathsReport {
    /// The state of the model.
    #[serde(flatten)]
    pub basis: Basis,
    /// Where paths start.
    pub from: Vec<ItemSummary>,
    /// Where they end.
    pub to: Vec<ItemSummary>,
    /// How arrows were followed.
    pub direction: PathDirection,
    /// What was asked for.
    pub mode: PathMode,
    /// The paths, the shortest first, then by the ids of their relationships.
    pub paths: Vec<FoundPath>,
    /// Why the search ended.
    pub ended: PathsEnded,
    /// How many steps were tried.
    pub expansions: u64,
    /// The length of the shortest path, where it is longer than was allowed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shortest_beyond: Option<usize>,
    /// Why the search ended, in a sentence.
    pub sentence: Localized,
}

/// A path.
#[derive(Debug, Clone, Serialize)]
pub struct FoundPath {
    /// How many steps it has.
    pub length: usize,
    /// The items it visits, both ends included.
    pub items: Vec<ItemSummary>,
    /// The relationships between them.
    pub steps: Vec<Arc<PathStep>>,
}

/// Why a search for paths ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum PathsEnded {
    /// All that was asked for is there.
    Complete,
    /// As many paths as allowed were found, and there may be more.
    PathLimit,
    /// As many steps as allowed were tried, and there may be more paths.
    ExpansionLimit,
}

impl Tabular for PathsReport {
    fn title(&self) -> Localized {
        let names = |items: &[ItemSummary], language: &str| {
            items.iter().map(|item| item.name.get(language)).collect::<Vec<_>>().join("・")
        };
        let title =
            |language, before: &str| format!("{before}{} → {}", names(&self.from, language), names(&self.to, language));
        Localized::ja_en(&title("ja", "経路: "), &title("en", "Paths: "))
    }

    fn columns(&self) -> Vec<Column> {
        vec![
            Column::new("path", "経路", "Path").of_numbers(),
            Column::new("step", "段", "Step").of_numbers(),
            Column::new("from", "元", "From"),
            Column::new("relationship", "関係", "Relationship"),
            Column::new("kind", "関係の種類", "Kind"),
            Column::new("to", "先", "To"),
            Column::new("text", "説明", "Text"),
        ]
    }

    fn rows(&self, language: &str) -> Vec<Vec<String>> {
        let row = |path: usize, place: usize, step: &PathStep| {
            vec![
                (path + 1).to_string(),
                (place + 1).to_string(),
                step.from.clone(),
                step.relationship.clone(),
                step.kind.to_string(),
                step.to.clone(),
                step.text.get(language).to_owned(),
            ]
        };
        let numbered = self.paths.iter().enumerate();
        numbered
            .flat_map(|(path, found)| found.steps.iter().enumerate().map(move |(place, step)| row(path, place, step)))
            .collect()
    }
}
