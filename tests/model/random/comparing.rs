//! Is a snapshot what the naive model says it is?

use std::collections::BTreeMap;

use ezu::application::Workspace;
use ezu::domain::element::{Item as RealItem, Model};
use ezu::graph::{Direction, ItemDifference, SearchRank, Snapshot};
use serde_json::Value as Json;

use super::drawing::Draw;
use crate::naive::history::History;
use crate::naive::{Item, State, incoming, kinds, outgoing};

/// An item of the model in the naive form.
pub fn plain(snapshot: &Snapshot, item: RealItem<'_>) -> Item {
    let metamodel = snapshot.metamodel();
    let attributes =
        item.attributes().iter().map(|(name, value)| (metamodel.attribute_text(name).to_string(), value.to_json()));
    Item {
        kind: metamodel.kind(item.kind()).name.to_string(),
        name: item.name().map(ToString::to_string),
        ends: match item {
            RealItem::Element(_) => None,
            RealItem::Relationship(held) => Some((held.source.to_string(), held.target.to_string())),
        },
        attributes: attributes.collect::<BTreeMap<String, Json>>(),
    }
}

/// Compares everything but history.
pub fn same_state(snapshot: &Snapshot, state: &State, ids: &[&str]) {
    for id in ids {
        assert_eq!(snapshot.item(id).map(|item| plain(snapshot, item)).as_ref(), state.get(*id), "the item {id}");
        assert_eq!(snapshot.item(id).map(|item| item.id().to_string()), state.get(*id).map(|_| (*id).to_owned()));
    }
    same_counts(snapshot, state);
    for (id, item) in state {
        same_relationships(snapshot, state, id, item);
    }
}

fn same_counts(snapshot: &Snapshot, state: &State) {
    let relationships = state.values().filter(|item| item.is_relationship()).count();
    let is_limited =
        |item: &&Item| item.attributes.contains_key("valid_from") || item.attributes.contains_key("valid_to");
    let counts = snapshot.counts();
    let limited = state.values().filter(is_limited).count();
    assert_eq!(
        (counts.elements, counts.relationships, counts.limited),
        (state.len() - relationships, relationships, limited)
    );
    assert_eq!(snapshot.topology().edge_count(), relationships);
    for kind in snapshot.metamodel().kinds() {
        let real: Vec<String> = snapshot.ids_of_kind(kind.id, None).map(ToString::to_string).collect();
        let naive: Vec<&String> = state.iter().filter(|(_, item)| *item.kind == *kind.name).map(|(id, _)| id).collect();
        assert!(real.iter().eq(naive.iter().copied()), "ids of {}: {real:?}, not {naive:?}", kind.name);
        assert_eq!(snapshot.count_of_kind(kind.id), naive.len());
        if let Some(middle) = naive.get(naive.len() / 2) {
            let after = snapshot.ids_of_kind(kind.id, Some(middle)).count();
            assert_eq!(after, naive.len() - naive.len() / 2 - 1, "{} after {middle}", kind.name);
        }
    }
}

fn same_relationships(snapshot: &Snapshot, state: &State, id: &str, item: &Item) {
    let ids = |found: Vec<std::sync::Arc<ezu::domain::Relationship>>| -> Vec<String> {
        found.into_iter().map(|relationship| relationship.id.to_string()).collect()
    };
    assert_eq!(ids(snapshot.outgoing(id, None)), outgoing(state, id, None), "from {id}");
    assert_eq!(ids(snapshot.incoming(id, None)), incoming(state, id, None), "to {id}");
    for (_, holds) in kinds::attributes(&item.kind) {
        let kinds::Holds::Reference(reference) = holds else {
            continue;
        };
        let kind = snapshot.metamodel().kind_named(reference.relationship).expect("a kind of the profile").id;
        let naive = outgoing(state, id, Some(reference.relationship));
        assert_eq!(ids(snapshot.outgoing(id, Some(kind))), naive, "{} from {id}", reference.relationship);
    }
    same_neighbours(snapshot, state, id, Direction::Outgoing, &outgoing(state, id, None));
    same_neighbours(snapshot, state, id, Direction::Incoming, &incoming(state, id, None));
}

/// The topology joins the same items by the same relationships.
fn same_neighbours(snapshot: &Snapshot, state: &State, id: &str, direction: Direction, naive: &[&str]) {
    let Some(node) = snapshot.node(id) else {
        assert!(naive.is_empty(), "{id} is an end and has no node");
        return;
    };
    assert_eq!(snapshot.item_at(node).map(|item| item.id().to_string()).as_deref(), Some(id));
    let mut real = Vec::new();
    for neighbour in snapshot.topology().neighbours(node, direction) {
        let other = snapshot.item_at(neighbour.node).map(|item| item.id().to_string());
        let relationship = snapshot.relationship_at(neighbour.edge).map(|relationship| relationship.id.to_string());
        let kind = snapshot.metamodel().kinds()[neighbour.kind.index()].name.to_string();
        real.push((relationship.expect("an edge has its relationship"), other.expect("a neighbour exists"), kind));
    }
    real.sort();
    let mut expected: Vec<(String, String, String)> = Vec::new();
    for relationship in naive {
        let held = &state[*relationship];
        let other = if direction == Direction::Outgoing { held.target() } else { held.source() };
        expected.push(((*relationship).to_owned(), other.expect("it has ends").to_owned(), held.kind.clone()));
    }
    expected.sort();
    assert_eq!(real, expected, "neighbours of {id}, {direction:?}");
}

/// Compares the versions and touches of every item, as known at a revision.
pub fn same_history(workspace: &Workspace, snapshot: &Snapshot, history: &History, up_to: usize, ids: &[&str]) {
    assert_eq!(snapshot.revision(), up_to as u64);
    for id in ids {
        let versions = workspace.versions(snapshot, id).expect("the ledger can be read");
        let real: Vec<(u64, Option<Item>)> = versions
            .iter()
            .map(|version| (version.revision, version.item().map(|item| plain(snapshot, item))))
            .collect();
        let naive: Vec<(u64, Option<Item>)> =
            history.versions(id, up_to).into_iter().map(|(revision, item)| (revision, item.cloned())).collect();
        assert_eq!(real, naive, "the versions of {id} at revision {up_to}");
        let touches: Vec<u64> = snapshot.touches(id).collect();
        assert_eq!(touches, history.touches(id, up_to), "what touched {id} until revision {up_to}");
        assert_eq!(snapshot.revision_of(id), touches.first().copied().unwrap_or(0));
    }
    for revision in 1..=up_to {
        let summary = workspace.change(revision as u64).expect("the ledger can be read");
        let summary = summary.expect("every revision is remembered");
        let fields = |id: &str| snapshot.fields_touched(id, revision as u64);
        let real = ids
            .iter()
            .flat_map(|id| fields(id).into_iter().map(|field| (id.to_string(), field.map(|field| field.to_string()))))
            .collect();
        assert_eq!(*history.touched(revision), real, "what revision {revision} touched");
        assert_eq!(summary.operations, history.difference(revision - 1, revision).len());
    }
    assert!(snapshot.change(up_to as u64 + 1).is_none());
}

/// Compares the difference of two revisions.
pub fn same_difference(snapshot: &Snapshot, found: Vec<ItemDifference>, history: &History, (from, to): (usize, usize)) {
    let mut real = BTreeMap::new();
    for difference in found {
        let (id, sides) = match &difference {
            ItemDifference::Element(held) => {
                let side =
                    |element: &Option<_>| element.as_ref().map(|element| plain(snapshot, RealItem::Element(element)));
                (held.either().id.to_string(), (side(&held.before), side(&held.after)))
            }
            ItemDifference::Relationship(held) => {
                let side = |one: &Option<_>| one.as_ref().map(|one| plain(snapshot, RealItem::Relationship(one)));
                (held.either().id.to_string(), (side(&held.before), side(&held.after)))
            }
        };
        // An id that was an element and is a relationship differs in both ways.
        let entry: &mut (Option<Item>, Option<Item>) = real.entry(id).or_default();
        entry.0 = entry.0.take().or(sides.0);
        entry.1 = entry.1.take().or(sides.1);
    }
    let naive = history.difference(from, to).into_iter();
    let naive: BTreeMap<_, _> =
        naive.map(|(id, (before, after))| (id.to_owned(), (before.cloned(), after.cloned()))).collect();
    assert_eq!(real, naive, "the difference from {from} to {to}");
}

/// Searches for a part of some word and for something that is nowhere.
pub fn same_search(draw: &mut Draw, snapshot: &Snapshot, state: &State) {
    for _ in 0..4 {
        let words = ["alp", "BETA 1", "税", "じゅう", "system-1", "-", "1", "shared", "nowhere", "Alpha 0"];
        let query = words[draw.below(words.len())];
        let mut real: Vec<(String, SearchRank)> = Vec::new();
        for found in snapshot.search(query, usize::MAX, |_| true) {
            let item = snapshot.item_at(found.node).unwrap_or_else(|| panic!("{query:?} finds what is not there"));
            real.push((item.id().to_string(), found.rank));
        }
        assert!(real.windows(2).all(|two| two[0].1 <= two[1].1), "{query:?} gives the best first: {real:?}");
        real.sort();
        let naive: Vec<(String, SearchRank)> =
            state.iter().filter_map(|(id, item)| Some((id.clone(), rank(state, id, item, query)?))).collect();
        assert_eq!(real, naive, "what {query:?} finds");
    }
}

/// Found are elements, and relationships that are themselves an end of another.
fn rank(state: &State, id: &str, item: &Item, query: &str) -> Option<SearchRank> {
    let is_end = || state.values().any(|other| other.source() == Some(id) || other.target() == Some(id));
    if item.is_relationship() && !is_end() {
        return None;
    }
    let wanted = folded(query);
    let mut words = vec![folded(id)];
    words.extend(item.name.as_deref().map(folded));
    for value in kinds::searched(&item.kind).iter().filter_map(|name| item.attributes.get(*name)) {
        match value {
            Json::Array(entries) => words.extend(entries.iter().filter_map(Json::as_str).map(folded)),
            other => words.extend(other.as_str().map(folded)),
        }
    }
    let all = [
        (SearchRank::Whole, str::eq as fn(&str, &str) -> bool),
        (SearchRank::Beginning, |word, wanted| word.starts_with(wanted)),
    ];
    let best = all.into_iter().find(|(_, fits)| words.iter().any(|word| fits(word, &wanted)));
    let within = words.iter().any(|word| word.contains(&wanted)).then_some(SearchRank::Within);
    best.map(|(rank, _)| rank).or(within)
}

/// The words of these tests differ in case, spaces and kana alone.
fn folded(text: &str) -> String {
    text.to_lowercase().replace(' ', "").replace("じゅう", "ジュウ")
}
