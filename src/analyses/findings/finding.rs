//! What every rule and analysis returns: the common coin.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::analyses::answer::{ItemSummary, PathStep};
use crate::domain::Localized;

/// How grave a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// To be dealt with at once.
    Critical,
    /// To be dealt with soon.
    High,
    /// To be planned.
    Medium,
    /// To be known.
    Low,
}

impl Severity {
    /// All of them, the gravest first.
    pub const ALL: [Self; 4] = [Self::Critical, Self::High, Self::Medium, Self::Low];

    /// The severity of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|held| held.name() == name)
    }

    /// Its name for programs.
    pub fn name(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::High => "high",
            Self::Medium => "medium",
            Self::Low => "low",
        }
    }

    /// What people call it.
    pub fn label(self) -> Localized {
        match self {
            Self::Critical => Localized::ja_en("緊急", "critical"),
            Self::High => Localized::ja_en("高", "high"),
            Self::Medium => Localized::ja_en("中", "medium"),
            Self::Low => Localized::ja_en("低", "low"),
        }
    }
}

/// Something that a rule found, with its evidence.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// Stable: made of the rule and of the items that make the case, so reloading, renaming and unrelated changes
    /// leave it as it is.
    pub id: String,
    /// The rule's id, such as `S13`.
    pub rule: Arc<str>,
    /// The set that the rule belongs to, such as `security`.
    pub set: Arc<str>,
    /// How grave it is.
    pub severity: Severity,
    /// What it is about, as ids, in the order that the rule states.
    pub subjects: Vec<String>,
    /// The subjects with kind and name.
    pub items: Vec<ItemSummary>,
    /// The finding in words.
    pub sentence: Localized,
    /// What to do about it.
    pub advice: Localized,
    /// What it rests on.
    pub evidence: Evidence,
    /// What could not be judged of it, and why.
    pub unknown: Vec<Localized>,
    /// The departments that are in charge of the subjects, as ids.
    pub departments: Vec<String>,
    /// The principles that the rule checks, as ids.
    pub principles: Vec<String>,
    /// A person's word that it need not be dealt with, held or lapsed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dismissal: Option<Dismissal>,
}

/// What a finding rests on.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evidence {
    /// Recorded facts, by name.
    pub facts: Map<String, Json>,
    /// The same as people read them.
    pub labels: BTreeMap<String, Localized>,
    /// Ways through the model, relationship by relationship.
    pub paths: Vec<EvidencePath>,
    /// A digest of subjects, facts and paths; a dismissal holds as long as it stays the same.
    pub digest: String,
}

/// A way through the model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EvidencePath {
    /// Where it starts.
    pub from: String,
    /// Where it ends.
    pub to: String,
    /// Relationship by relationship.
    pub steps: Vec<EvidenceStep>,
    /// How many other ways there are between the two.
    pub others: usize,
    /// Whether there may be still more: counting stopped at a limit.
    pub others_at_least: bool,
}

/// One relationship of a way, with what matters about it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EvidenceStep {
    /// The relationship, read aloud.
    #[serde(flatten)]
    pub step: PathStep,
    /// Facts about it, such as the control.
    pub facts: Map<String, Json>,
}

/// A person's word that a finding need not be dealt with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dismissal {
    /// The element that records it.
    pub id: String,
    /// Whether it holds.
    pub state: DismissalState,
    /// Why it was dismissed.
    pub reason: String,
    /// Who said so.
    pub author: String,
    /// The last day on which it holds; without one it holds until the evidence changes.
    pub until: Option<Date>,
}

/// Whether a dismissal holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum DismissalState {
    /// It holds.
    Holds,
    /// The evidence is not what it was when the finding was dismissed.
    EvidenceChanged,
    /// Its last day is past.
    Ended,
}
