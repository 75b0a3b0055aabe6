//! Small graphs gathered from a view: what stops with what, and what flows where.

use std::collections::BTreeMap;

use crate::analyses::error::AnalysisError;
use crate::analyses::findings::Reader;
use crate::domain::Model;
use crate::domain::metamodel::{ImpactMeaning, KindId, MeaningDirection};
use crate::graph::{Edge, Place, SmallGraph};

/// A graph of items.
pub(super) struct Gathered {
    /// The items, sorted by id.
    pub(super) items: Vec<Place>,
    /// Who points to whom.
    pub(super) graph: SmallGraph,
    /// The relationship behind each edge; the first by id where there are several.
    pub(super) edges: BTreeMap<(usize, usize), Edge>,
}

/// What stops (at the source of an edge) and what stops with it (at the target), by the metamodel's impact meanings.
pub(super) fn dependencies(reader: &Reader<'_>) -> Gathered {
    let metamodel = reader.metamodel();
    let mut pairs: Vec<(Place, Place, Edge)> = Vec::new();
    for kind in metamodel.relationship_kinds() {
        let meanings = kind.relationship.as_ref().map_or(&[][..], |traits| traits.impact.as_slice());
        let stopping: Vec<&ImpactMeaning> = meanings.iter().filter(|meaning| is_stop(meaning)).collect();
        if stopping.is_empty() {
            continue;
        }
        for edge in edges_of(reader, kind.id) {
            let ends = reader.source(edge).zip(reader.target(edge));
            let Some((source, target)) = ends else { continue };
            for meaning in &stopping {
                let (acting, acted) = match meaning.direction {
                    MeaningDirection::Forward => (source, target),
                    MeaningDirection::Backward => (target, source),
                    _ => continue,
                };
                if holds(reader, meaning, edge, acting, acted) {
                    pairs.push((acting, acted, edge));
                }
            }
        }
    }
    gathered(reader, pairs)
}

/// Whether a meaning says that what stops makes the other stop.
fn is_stop(meaning: &ImpactMeaning) -> bool {
    meaning.changes.iter().any(|change| **change == *"stop")
        && *meaning.gives == *"stopped"
        && meaning.remaining.is_none()
}

fn holds(reader: &Reader<'_>, meaning: &ImpactMeaning, edge: Edge, acting: Place, acted: Place) -> bool {
    let place = Place::Relationship(edge);
    let is_one = |kinds: &[KindId], item: Place| {
        kinds.is_empty()
            || reader.kind_of(item).is_some_and(|held| kinds.iter().any(|kind| reader.metamodel().is_a(held, *kind)))
    };
    let fits = meaning.when.iter().all(|(attribute, codes)| {
        let code = reader.value_of(place, *attribute).and_then(crate::domain::Value::as_text);
        code.is_some_and(|code| codes.iter().any(|held| **held == *code))
    });
    fits && is_one(&meaning.from_kinds, acting) && is_one(&meaning.to_kinds, acted)
}

/// What passes data (at the source of an edge) to what, over flows of any sort.
pub(super) fn flows(reader: &Reader<'_>) -> Gathered {
    let edges = reader.kinds("flow").to_vec().into_iter().flat_map(|kind| edges_of(reader, kind));
    let pairs = edges.filter_map(|edge| Some((reader.source(edge)?, reader.target(edge)?, edge)));
    gathered(reader, pairs.collect())
}

/// All relationships between elements.
pub(super) fn everything(reader: &Reader<'_>) -> Gathered {
    let kinds: Vec<KindId> = reader.metamodel().relationship_kinds().map(|kind| kind.id).collect();
    let edges = kinds.into_iter().flat_map(|kind| edges_of(reader, kind));
    let pairs = edges.filter_map(|edge| Some((reader.source(edge)?, reader.target(edge)?, edge)));
    let elements = pairs.filter(|(a, b, _)| [a, b].iter().all(|end| matches!(end, Place::Element(_))));
    let mut found = elements.collect::<Vec<_>>();
    found.sort_by_key(|(_, _, edge)| *edge);
    gathered(reader, found)
}

/// The relationships of exactly this kind, by id.
pub(super) fn edges_of(reader: &Reader<'_>, kind: KindId) -> Vec<Edge> {
    let members = reader.members(kind);
    members.iter().filter_map(|place| if let Place::Relationship(edge) = place { Some(*edge) } else { None }).collect()
}

fn gathered(reader: &Reader<'_>, pairs: Vec<(Place, Place, Edge)>) -> Gathered {
    let items = reader.sorted(pairs.iter().flat_map(|(a, b, _)| [*a, *b]).collect());
    let number: BTreeMap<Place, usize> = items.iter().enumerate().map(|(number, place)| (*place, number)).collect();
    let mut edges: BTreeMap<(usize, usize), Edge> = BTreeMap::new();
    for (a, b, edge) in pairs {
        let held = edges.entry((number[&a], number[&b])).or_insert(edge);
        if reader.id(Place::Relationship(edge)) < reader.id(Place::Relationship(*held)) {
            *held = edge;
        }
    }
    let graph = SmallGraph::new(items.len(), edges.keys().copied());
    Gathered { items, graph, edges }
}

/// The hours within which an item must be restored.
pub(super) fn recovery_hours(reader: &Reader<'_>, place: Place) -> Option<i64> {
    ["availability.rto_hours", "rto_hours", "continuity.rto_hours"].iter().find_map(|name| reader.integer(place, name))
}

/// Whether an item survives the failure of a part; nothing where that is not recorded.
pub(super) fn is_redundant(reader: &Reader<'_>, place: Place) -> Option<bool> {
    reader.boolean(place, "availability.redundant").or_else(|| reader.boolean(place, "redundant"))
}

/// The item with an id that a parameter gives.
///
/// # Errors
/// When there is no such item.
pub(super) fn find(reader: &Reader<'_>, field: &'static str, id: &str) -> Result<Place, AnalysisError> {
    reader.place(id).ok_or_else(|| AnalysisError::UnknownItem {
        field,
        id: id.to_owned(),
        suggestion: reader.view().similar_id(id),
    })
}
