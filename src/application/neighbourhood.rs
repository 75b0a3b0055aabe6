//! What is around an element.

use rustc_hash::FxHashSet;

use crate::domain::element::{Item, Model};
use crate::graph::View;

/// Ids of what is around an element.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Neighbourhood {
    /// Elements, nearest first, then by id; the one in the middle included.
    pub elements: Vec<String>,
    /// Relationships between them, sorted by id.
    pub relationships: Vec<String>,
    /// How many elements within the depth were left out.
    pub omitted: usize,
}

/// The elements within `depth` relationships of one, either way, and the relationships between them.
///
/// A relationship that is an end of another is passed through without counting as a step of its own.
pub fn neighbourhood(view: &View, center: &str, depth: usize, limit: usize) -> Neighbourhood {
    let mut seen: FxHashSet<String> = FxHashSet::default();
    seen.insert(center.to_owned());
    let mut elements = vec![center.to_owned()];
    let mut layer = vec![center.to_owned()];
    let mut omitted = 0;
    for _ in 0..depth {
        let mut next: Vec<String> =
            layer.iter().flat_map(|id| around(view, id)).filter(|id| seen.insert(id.clone())).collect();
        next.sort();
        let room = limit.saturating_sub(elements.len());
        omitted += next.len().saturating_sub(room);
        next.truncate(room);
        elements.extend(next.iter().cloned());
        layer = next;
    }
    let relationships = between(view, &elements);
    Neighbourhood { elements, relationships, omitted }
}

/// The elements one relationship away; from a relationship that hangs on a relationship, that one's ends.
fn around(view: &View, id: &str) -> Vec<String> {
    let mut found = Vec::new();
    for relationship in view.outgoing(id, None).into_iter().chain(view.incoming(id, None)) {
        for end in [&relationship.source, &relationship.target] {
            match view.item(end.as_str()) {
                Some(Item::Element(element)) => found.push(element.id.to_string()),
                Some(Item::Relationship(inner)) => {
                    let ends = [&inner.source, &inner.target];
                    found.extend(
                        ends.iter()
                            .filter(|end| matches!(view.item(end.as_str()), Some(Item::Element(_))))
                            .map(ToString::to_string),
                    );
                }
                None => {}
            }
        }
    }
    found
}

/// Relationships whose ends are all among some elements, or relationships between those.
fn between(view: &View, elements: &[String]) -> Vec<String> {
    let inside: FxHashSet<&str> = elements.iter().map(String::as_str).collect();
    let mut found: Vec<String> = Vec::new();
    for relationship in elements.iter().flat_map(|id| view.outgoing(id, None)) {
        if !inside.contains(relationship.target.as_str()) {
            continue;
        }
        let hanging = view.outgoing(relationship.id.as_str(), None);
        found.extend(
            hanging.iter().filter(|held| inside.contains(held.target.as_str())).map(|held| held.id.to_string()),
        );
        found.push(relationship.id.to_string());
    }
    found.sort();
    found.dedup();
    found
}
