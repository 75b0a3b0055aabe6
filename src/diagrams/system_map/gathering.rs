//! Which systems, parties and flows are in the scope of a map.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::SystemMap;
use crate::diagrams::department::with_parts;
use crate::diagrams::error::DiagramError;
use crate::diagrams::lookup;
use crate::domain::element::{Element, Model, Relationship};
use crate::domain::metamodel::KindId;
use crate::graph::View;

/// What a map shows.
pub(super) struct Content {
    /// Systems and parties by id, those of the scope and those joined to it.
    pub(super) members: BTreeMap<String, Member>,
    /// Flows with both ends among the members and at least one in the scope, sorted by id.
    pub(super) flows: Vec<Arc<Relationship>>,
    /// How many flows that touch the scope end at something that is neither system nor party.
    pub(super) foreign_flows: usize,
}

/// A system or party on a map.
pub(super) struct Member {
    /// It.
    pub(super) element: Arc<Element>,
    /// The id of its zone, the first if there are several.
    pub(super) zone: Option<String>,
    /// Whether it is in the scope itself.
    pub(super) in_scope: bool,
}

/// The kinds of a map.
struct Kinds {
    shown: [KindId; 2],
    flow: KindId,
    in_zone: Option<KindId>,
    owned_by: Option<KindId>,
    part_of: Option<KindId>,
}

/// Gathers what is in scope. Takes time proportional to systems and flows.
pub(super) fn gather(view: &View, request: &SystemMap) -> Result<Content, DiagramError> {
    let kinds = kinds(view, request)?;
    let scope = scope(view, request, &kinds)?;
    let candidates = candidates(view, &kinds);
    let mut content = Content { members: BTreeMap::new(), flows: Vec::new(), foreign_flows: 0 };
    let mut joined: BTreeSet<String> = BTreeSet::new();
    for flow in view.relationships_of_kind(kinds.flow) {
        let ends = [flow.source.as_str(), flow.target.as_str()];
        let touches = |id: &str| scope.as_ref().is_none_or(|scope| scope.contains(id)) && candidates.contains_key(id);
        if !ends.iter().any(|id| touches(id)) {
            continue;
        }
        if ends.iter().all(|id| candidates.contains_key(*id)) {
            joined.extend(ends.map(str::to_owned));
            content.flows.push(Arc::clone(flow));
        } else {
            content.foreign_flows += 1;
        }
    }
    for (id, element) in candidates {
        let in_scope = scope.as_ref().is_none_or(|scope| scope.contains(&id));
        if in_scope || joined.contains(&id) {
            let zone = kinds.in_zone.and_then(|kind| view.outgoing(&id, Some(kind)).first().cloned());
            let zone = zone.map(|found| found.target.to_string());
            content.members.insert(id, Member { element, zone, in_scope });
        }
    }
    Ok(content)
}

fn kinds(view: &View, request: &SystemMap) -> Result<Kinds, DiagramError> {
    let metamodel = view.metamodel();
    let names = &request.kinds;
    let optional = |name: &str| metamodel.kind_named(name).map(|kind| kind.id);
    let system = lookup::kind(metamodel, &names.system)?;
    Ok(Kinds {
        // A model without outside parties is a model all the same.
        shown: [system, optional(&names.external).unwrap_or(system)],
        flow: lookup::kind(metamodel, &names.flow)?,
        in_zone: optional(&names.in_zone),
        owned_by: optional(&names.owned_by),
        part_of: optional(&names.part_of),
    })
}

/// Everything that could be on the map.
fn candidates(view: &View, kinds: &Kinds) -> BTreeMap<String, Arc<Element>> {
    let elements = kinds.shown.iter().flat_map(|kind| view.elements_of_kind(*kind));
    elements.map(|element| (element.id.to_string(), Arc::clone(element))).collect()
}

/// The systems that fulfil every condition given; none when there is no condition.
fn scope(view: &View, request: &SystemMap, kinds: &Kinds) -> Result<Option<BTreeSet<String>>, DiagramError> {
    let mut conditions: Vec<BTreeSet<String>> = Vec::new();
    if !request.systems.is_empty() {
        for id in &request.systems {
            lookup::item(view, id)?;
        }
        conditions.push(request.systems.iter().cloned().collect());
    }
    if !request.departments.is_empty() {
        let part_of = required(view, kinds.part_of, &request.kinds.part_of)?;
        let parts: Vec<String> =
            known(view, &request.departments)?.flat_map(|id| with_parts(view, part_of, id)).collect();
        conditions.push(pointing_to(view, required(view, kinds.owned_by, &request.kinds.owned_by)?, &parts));
    }
    if !request.zones.is_empty() {
        let zones: Vec<String> = known(view, &request.zones)?.map(str::to_owned).collect();
        conditions.push(pointing_to(view, required(view, kinds.in_zone, &request.kinds.in_zone)?, &zones));
    }
    Ok(conditions.into_iter().reduce(|one, other| one.intersection(&other).cloned().collect()))
}

fn required(view: &View, kind: Option<KindId>, name: &str) -> Result<KindId, DiagramError> {
    kind.map_or_else(|| lookup::kind(view.metamodel(), name), Ok)
}

fn known<'a>(view: &View, ids: &'a [String]) -> Result<impl Iterator<Item = &'a str>, DiagramError> {
    for id in ids {
        lookup::item(view, id)?;
    }
    Ok(ids.iter().map(String::as_str))
}

fn pointing_to(view: &View, kind: KindId, targets: &[String]) -> BTreeSet<String> {
    let found = targets.iter().flat_map(|id| view.incoming(id, Some(kind)));
    found.map(|relationship| relationship.source.to_string()).collect()
}
