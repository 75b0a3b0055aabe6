//! The answer to a question about a change.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use serde_json::{Map, Value as Json};

use crate::analyses::{Basis, ItemSummary, PathStep};
use crate::domain::Localized;

use super::coverage::Coverage;
use super::request::ImpactDirection;

/// Who is hit by a change, why, and what is not known.
#[derive(Debug, Clone, Serialize)]
pub struct ImpactReport {
    /// The state of the model.
    #[serde(flatten)]
    pub basis: Basis,
    /// The change.
    pub change: Arc<str>,
    /// What people call the change.
    pub change_label: Localized,
    /// In which direction was asked.
    pub direction: ImpactDirection,
    /// What the question starts from.
    pub subjects: Vec<ItemSummary>,
    /// The answer in a word and a sentence.
    pub headline: Headline,
    /// Who is hit (outward) or what would hit (inward): the strongest effect first, then the nearest.
    pub affected: Vec<AffectedItem>,
    /// How many there are, listed or not.
    pub affected_total: usize,
    /// How many are not listed, and why.
    pub omitted: Omitted,
    /// How many there are of each kind and effect, listed or not.
    pub by_kind: Vec<KindCount>,
    /// The same by department in charge, with the figures of its work.
    pub by_department: Vec<DepartmentImpact>,
    /// The same for the whole city, by effect.
    pub totals: Vec<EffectTotal>,
    /// Decisions that explain why something here is as it is.
    pub decisions: Vec<DecisionNote>,
    /// What the answer does not know.
    pub coverage: Coverage,
}

/// The answer in a word and a sentence.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Headline {
    /// The word.
    pub answer: HeadlineAnswer,
    /// The sentence.
    pub sentence: Localized,
}

/// The answer in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HeadlineAnswer {
    /// Dependencies that decide are not recorded. Never to be read as "no impact".
    Unknown,
    /// Something is affected.
    Affected,
    /// Dependencies are recorded, and by them nothing is affected.
    None,
}

/// An item that is hit, or that would hit.
#[derive(Debug, Clone, Serialize)]
pub struct AffectedItem {
    /// Its id.
    pub id: String,
    /// Its kind.
    pub kind: Arc<str>,
    /// What it is called.
    pub name: Localized,
    /// The strongest effect on it; asked inward, its strongest effect on a subject.
    pub effect: Arc<str>,
    /// What people call the effect.
    pub effect_label: Localized,
    /// How many steps the explanation has.
    pub distance: usize,
    /// The shortest explanation, from what changes to what is hit.
    pub path: Vec<Arc<PathStep>>,
    /// The effect in a sentence.
    pub sentence: Localized,
    /// What is recorded of the attributes that an answer about this change draws on, by full name.
    pub facts: Map<String, Json>,
}

/// How many items are not listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Omitted {
    /// Because of their kind.
    pub by_kind: usize,
    /// Because of the limit on their number.
    pub by_limit: usize,
    /// Whether more would be found beyond the limit of depth.
    pub beyond_depth: bool,
}

/// How many items of a kind suffer an effect.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct KindCount {
    /// The kind.
    pub kind: Arc<str>,
    /// What people call the kind.
    pub kind_label: Localized,
    /// The effect.
    pub effect: Arc<str>,
    /// What people call the effect.
    pub effect_label: Localized,
    /// How many.
    pub count: usize,
}

/// What an effect means in figures. A sum leaves out items for which nothing is recorded; coverage names them.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Figures {
    /// How many items of each kind.
    pub counts: BTreeMap<Arc<str>, usize>,
    /// Working hours a year of the processes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub staff_hours_per_year: Option<i64>,
    /// Cases a year of the processes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub volume_per_year: Option<i64>,
    /// The shortest recovery time objective of the processes, in hours.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shortest_rto_hours: Option<i64>,
    /// The cost of the systems, in thousand yen a year.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub annual_cost_kyen: Option<i64>,
    /// The ids of the standard affairs that the systems and processes belong to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub standard_affairs: Vec<String>,
}

/// What one effect means for one department.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DepartmentImpact {
    /// The department; none for items of which nobody is recorded to be in charge.
    pub department: Option<ItemSummary>,
    /// The effect on what it is in charge of; `subject` for the subjects themselves.
    pub effect: Arc<str>,
    /// The figures.
    #[serde(flatten)]
    pub figures: Figures,
}

/// What one effect means for the whole city.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EffectTotal {
    /// The effect; `subject` for the subjects themselves.
    pub effect: Arc<str>,
    /// The figures.
    #[serde(flatten)]
    pub figures: Figures,
}

/// A decision and what it explains here.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DecisionNote {
    /// The decision's id.
    pub id: String,
    /// What it is called.
    pub name: Localized,
    /// The ids of what it explains: subjects, affected items, relationships of an explanation.
    pub explains: Vec<String>,
}
