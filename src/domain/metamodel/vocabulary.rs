//! The words for changes, effects and layers.

use std::sync::Arc;

use super::{AttributeName, KindId};
use crate::domain::localized::Localized;

/// The reserved name for the state of a subject itself.
pub const SUBJECT: &str = "subject";

/// What may happen to a subject.
#[derive(Debug, Clone)]
pub struct Change {
    /// Its name in a request.
    pub name: Arc<str>,
    /// What people call it.
    pub label: Localized,
    /// One line of explanation.
    pub help: Localized,
}

/// What a change does to an item.
#[derive(Debug, Clone)]
pub struct Effect {
    /// Its name in an answer.
    pub name: Arc<str>,
    /// The higher, the stronger.
    pub rank: i64,
    /// What people call it.
    pub label: Localized,
    /// The sentence about an item; `{subject}` and `{item}` stand for display names.
    pub sentence: Localized,
}

/// A layer of a reference architecture.
#[derive(Debug, Clone)]
pub struct Layer {
    /// Its name.
    pub name: Arc<str>,
    /// Its place from the top, counted from 1.
    pub order: i64,
    /// What people call it.
    pub label: Localized,
}

/// Words that are not kinds.
#[derive(Debug, Default)]
pub struct Vocabulary {
    /// Names and versions of the files, in order.
    pub sources: Vec<(Arc<str>, Arc<str>)>,
    /// What may happen to a subject.
    pub changes: Vec<Change>,
    /// Effects, the strongest first.
    pub effects: Vec<Effect>,
    /// `ArchiMate`'s layers, from the top.
    pub layers: Vec<Layer>,
    /// The nine layers of DS-467, from the top.
    pub ds467_layers: Vec<Layer>,
    /// By change and kind, the attributes that an answer about the change needs.
    pub facts: Vec<NeededFacts>,
    /// Uses recorded without saying how badly the user depends on them.
    pub uses_without_role: Vec<UseWithoutRole>,
    /// What probably depends on a subject that nothing is recorded to depend on.
    pub probable_dependents: Vec<ProbableDependents>,
    /// The attribute in which a model says which day it describes.
    pub model_date: Option<ModelDate>,
}

/// The attributes of a kind that an answer about a change needs.
#[derive(Debug, Clone)]
pub struct NeededFacts {
    /// The change.
    pub change: Arc<str>,
    /// Elements of this kind and of those that specialise it.
    pub kind: KindId,
    /// Attributes and references.
    pub attributes: Vec<AttributeName>,
}

/// A part's use of something that its owner does not list (a process step names a system
/// that the process does not use in any role): coverage, never an effect.
#[derive(Debug, Clone)]
pub struct UseWithoutRole {
    /// The changes for which it is reported.
    pub changes: Vec<Arc<str>>,
    /// From the part to what it uses.
    pub part_uses: KindId,
    /// The states of what is used that make it worth reporting.
    pub from: Vec<Arc<str>>,
    /// From the owner to what it uses in a role; where this exists nothing is reported.
    pub owner_uses: KindId,
    /// What people call it.
    pub label: Localized,
    /// The sentence; `{item}` is the owner, `{subject}` what is used.
    pub sentence: Localized,
}

/// What probably depends on a subject when nothing is recorded to.
#[derive(Debug, Clone)]
pub struct ProbableDependents {
    /// Kinds of the subject.
    pub subject: Vec<KindId>,
    /// Kinds of what probably depends.
    pub item: Vec<KindId>,
    /// The attribute or reference that both share.
    pub same: AttributeName,
    /// What people call the likeness.
    pub label: Localized,
}

/// Where a model says which day it describes.
#[derive(Debug, Clone)]
pub struct ModelDate {
    /// Elements of this kind say it.
    pub kind: KindId,
    /// In this attribute.
    pub attribute: AttributeName,
}

impl Vocabulary {
    /// The effect of this name.
    pub fn effect(&self, name: &str) -> Option<&Effect> {
        self.effects.iter().find(|effect| &*effect.name == name)
    }

    /// The change of this name.
    pub fn change(&self, name: &str) -> Option<&Change> {
        self.changes.iter().find(|change| &*change.name == name)
    }
}
