//! What if systems were removed, merged into another, or moved to another zone: a change set that is only tried.

use super::workspace::Workspace;
use crate::analyses::AnalysisError;
use crate::domain::change_set::{ChangeSet, CreateRelationship, Delete, Operation, Update};
use crate::domain::description::describe_attributes;
use crate::domain::element::{Item, Model, Relationship};
use crate::graph::View;

/// What is supposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Supposition {
    /// The systems are gone, with all that touches them.
    Remove,
    /// The systems are gone, and what touched them touches this one instead.
    MergeInto(String),
    /// The systems are in this zone.
    MoveTo(String),
}

/// A supposition about systems.
#[derive(Debug, Clone)]
pub struct WhatIf {
    /// The systems, as ids.
    pub systems: Vec<String>,
    /// What is supposed of them.
    pub supposition: Supposition,
}

/// What a supposition touches, before anything is judged.
#[derive(Debug)]
pub struct Supposed {
    /// The change set to try.
    pub change_set: ChangeSet,
    /// Flows that would have to be rebuilt, as ids.
    pub flows: Vec<String>,
    /// Processes that use one of the systems, as ids.
    pub processes: Vec<String>,
}

impl Workspace {
    /// The change set of a supposition on the newest revision, and what it touches.
    ///
    /// # Errors
    /// When a system or the place to go to is not there, or no system would go or move.
    pub fn suppose(&self, asked: &WhatIf) -> Result<Supposed, AnalysisError> {
        let view = self.current_view();
        if asked.systems.is_empty() {
            return Err(AnalysisError::NothingAsked { field: "systems" });
        }
        for id in &asked.systems {
            known(&view, "systems", id)?;
        }
        let operations = match &asked.supposition {
            Supposition::Remove => asked.systems.iter().map(|id| gone(id)).collect(),
            Supposition::MergeInto(into) => {
                known(&view, "into", into)?;
                merged(&view, &asked.systems, into)
            }
            Supposition::MoveTo(zone) => {
                known(&view, "zone", zone)?;
                asked.systems.iter().map(|id| moved(id, zone)).collect()
            }
        };
        if operations.is_empty() {
            // Merged into itself: no other system is named.
            return Err(AnalysisError::NothingAsked { field: "systems" });
        }
        let touching = |kind: &str| {
            let all = asked.systems.iter().flat_map(|id| touching(&view, id, kind));
            let mut ids: Vec<String> = all.map(|held| held.id.to_string()).collect();
            ids.sort();
            ids.dedup();
            ids
        };
        let mut processes: Vec<String> = asked
            .systems
            .iter()
            .flat_map(|id| incoming(&view, id, "uses"))
            .map(|held| held.source.to_string())
            .collect();
        processes.sort();
        processes.dedup();
        let change_set = ChangeSet { message: "what if".to_owned(), operations, ..ChangeSet::default() };
        Ok(Supposed { change_set, flows: touching("data_flow"), processes })
    }
}

fn known(view: &View, field: &'static str, id: &str) -> Result<(), AnalysisError> {
    match view.item(id) {
        Some(Item::Element(_)) => Ok(()),
        _ => Err(AnalysisError::UnknownItem { field, id: id.to_owned(), suggestion: view.similar_id(id) }),
    }
}

fn gone(id: &str) -> Operation {
    Operation::DeleteElement(Delete { id: id.to_owned(), cascade: true })
}

fn moved(id: &str, zone: &str) -> Operation {
    let set = std::iter::once(("zone".to_owned(), zone.into())).collect();
    Operation::UpdateElement(Update { id: id.to_owned(), set, unset: Vec::new() })
}

/// Relationships of a kind that point to an item.
fn incoming(view: &View, id: &str, kind: &str) -> Vec<std::sync::Arc<Relationship>> {
    view.metamodel().kind_named(kind).map_or_else(Vec::new, |kind| view.incoming(id, Some(kind.id)))
}

/// Relationships of a kind at either end of an item.
fn touching(view: &View, id: &str, kind: &str) -> Vec<std::sync::Arc<Relationship>> {
    let Some(kind) = view.metamodel().kind_named(kind) else { return Vec::new() };
    let mut found = view.outgoing(id, Some(kind.id));
    found.extend(view.incoming(id, Some(kind.id)));
    found
}

/// The systems go; what pointed to them, what flowed from them and what they provided is the other system's.
fn merged(view: &View, systems: &[String], into: &str) -> Vec<Operation> {
    let merging = |id: &str| systems.iter().any(|system| system == id) && id != into;
    let mut operations: Vec<Operation> = systems.iter().filter(|id| merging(id)).map(|id| gone(id)).collect();
    let mut made: Vec<(String, String, String)> = Vec::new();
    for system in systems.iter().filter(|id| merging(id)) {
        let outgoing = ["data_flow", "provides"].iter().filter_map(|kind| view.metamodel().kind_named(kind));
        let outgoing = outgoing.flat_map(|kind| view.outgoing(system, Some(kind.id)));
        for held in outgoing.chain(view.incoming(system, None)) {
            let end = |id: &str| if merging(id) { into.to_owned() } else { id.to_owned() };
            let (source, target) = (end(held.source.as_str()), end(held.target.as_str()));
            let kind = view.metamodel().kind(held.kind).name.to_string();
            let is_flow = kind == "data_flow";
            let exists = view.outgoing(&source, Some(held.kind)).iter().any(|other| *other.target.as_str() == *target);
            let key = (kind.clone(), source.clone(), target.clone());
            if source == target || (!is_flow && (exists || made.contains(&key))) {
                continue;
            }
            made.push(key);
            operations.push(Operation::CreateRelationship(CreateRelationship {
                id: is_flow.then(|| format!("{}--merged", held.id)),
                kind,
                source,
                target,
                name: None,
                attributes: describe_attributes(view, Item::Relationship(&held)),
            }));
        }
    }
    operations
}
