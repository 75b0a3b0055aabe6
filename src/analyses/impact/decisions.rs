//! Decisions that explain why something is as it is.

use rustc_hash::FxHashSet;

use crate::analyses::names::name_of;
use crate::domain::{Item, Model};
use crate::graph::View;

use super::findings::Finding;
use super::report::{AffectedItem, DecisionNote};

/// The relationship kind from a decision to what it explains.
const EXPLAINS: &str = "explains";

/// The decisions about subjects, affected items and relationships of the listed explanations, sorted by id.
///
/// Takes time proportional to the decisions and to what was found.
pub(super) fn decisions(
    view: &View,
    subjects: &[Item<'_>],
    findings: &[Finding<'_>],
    affected: &[AffectedItem],
) -> Vec<DecisionNote> {
    let Some(explains) = view.metamodel().kind_named(EXPLAINS).filter(|kind| kind.is_relationship()) else {
        return Vec::new();
    };
    let mut relationships: Vec<_> = view.relationships_of_kind(explains.id).collect();
    if relationships.is_empty() {
        return Vec::new();
    }
    let mut concerned: FxHashSet<&str> = subjects.iter().map(|item| item.id().as_str()).collect();
    concerned.extend(findings.iter().map(|finding| finding.item.id().as_str()));
    concerned.extend(affected.iter().flat_map(|item| &item.path).map(|step| step.relationship.as_str()));
    relationships.retain(|relationship| concerned.contains(relationship.target.as_str()));
    relationships.sort_by(|a, b| (&a.source, &a.target).cmp(&(&b.source, &b.target)));
    let mut notes: Vec<DecisionNote> = Vec::new();
    for relationship in relationships {
        let target = relationship.target.to_string();
        match notes.last_mut().filter(|note| *note.id == *relationship.source.as_str()) {
            Some(note) => note.explains.push(target),
            None => notes.extend(view.item(relationship.source.as_str()).map(|decision| DecisionNote {
                id: decision.id().to_string(),
                name: name_of(view, decision),
                explains: vec![target],
            })),
        }
    }
    notes
}
