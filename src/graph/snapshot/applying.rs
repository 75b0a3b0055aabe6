//! From one snapshot to the next.

use std::sync::{Arc, OnceLock};

use jiff::Timestamp;

use super::super::ids::{Edge, EdgeKind, Node};
use super::slots::{EdgeSlot, NodeSlot, Version};
use super::{Place, Snapshot};
use crate::domain::attributes::Attributes;
use crate::domain::element::{Delta, Element, Item, Relationship, Transition};
use crate::domain::identifier::Identifier;
use crate::domain::metamodel::KindId;
use crate::domain::value::Value;

/// What is remembered of a change set besides what it changed.
#[derive(Debug, Clone)]
pub struct ChangeSummary {
    /// The revision it made.
    pub revision: u64,
    /// The ledger's hash at that revision, in hexadecimal; set once the ledger has it.
    pub hash: OnceLock<Arc<str>>,
    /// When it was recorded.
    pub time: Timestamp,
    /// What was done, for people.
    pub message: Arc<str>,
    /// Who did it, as stated.
    pub author: Option<Arc<str>>,
    /// Why.
    pub reason: Option<Arc<str>>,
    /// Where it was learnt.
    pub source: Option<Arc<str>>,
    /// How many items it created, updated and deleted.
    pub operations: usize,
    /// The fields it touched, sorted: item and field, the field absent when the whole item came or went.
    /// Not filled in a summary that was read from the ledger: a snapshot knows the touches of every revision.
    pub touched: Arc<[(Identifier, Option<Arc<str>>)]>,
}

impl ChangeSummary {
    /// The fields of one item that it touched, absent for the whole item. O(log items).
    pub fn fields_of(&self, id: &str) -> impl Iterator<Item = &Option<Arc<str>>> {
        let start = self.touched.partition_point(|(touched, _)| touched.as_str() < id);
        self.touched[start..].iter().take_while(move |(touched, _)| touched.as_str() == id).map(|(_, field)| field)
    }
}

impl Snapshot {
    /// The snapshot after a change set, made from this one; what did not change is shared.
    ///
    /// The delta must come from validation or replay on this very snapshot: an end that does
    /// not exist is a broken invariant. Takes O(log n) for each item touched.
    #[must_use]
    pub fn apply(&self, delta: &Delta, summary: ChangeSummary) -> Self {
        let mut next = self.clone();
        next.masks = Arc::default();
        next.revision = summary.revision;
        next.time = summary.time;
        next.changes.push_back(Arc::new(summary));
        for transition in &delta.elements {
            next.put_element(transition);
        }
        next.place_new_relationships(delta);
        for transition in &delta.relationships {
            next.put_relationship(transition);
        }
        next.touch_items();
        next
    }

    /// Marks what this revision touched, so that an item's own history is found at once.
    fn touch_items(&mut self) {
        let Some(summary) = self.changes.back().cloned() else {
            return;
        };
        let mut last = None;
        for (id, _) in summary.touched.iter() {
            if last.replace(id) == Some(id) {
                continue;
            }
            let touches = match self.ids.get(id) {
                Some(Place::Element(node)) => match self.nodes.get_mut(node.index()) {
                    Some(NodeSlot::Element(_, touches)) => touches,
                    _ => continue,
                },
                Some(Place::Relationship(edge)) => match self.edges.get_mut(edge.index()) {
                    Some(slot) => &mut slot.touches,
                    None => continue,
                },
                None => continue,
            };
            *touches = Some(Arc::new(Version { revision: summary.revision, state: None, previous: touches.take() }));
        }
    }

    fn put_element(&mut self, transition: &Transition<Element>) {
        let element = transition.either();
        let node = match self.ids.get(&element.id) {
            Some(Place::Element(node)) => *node,
            Some(Place::Relationship(_)) => self.node_of_former_element(&element.id),
            None => self.add_node(&element.id),
        };
        let previous = match self.nodes.get(node.index()) {
            Some(NodeSlot::Element(version, _)) if version.revision > 0 => Some(Arc::clone(version)),
            _ => None,
        };
        let version = Version { revision: self.revision, state: transition.after.clone(), previous };
        if let Some(NodeSlot::Element(held, _)) = self.nodes.get_mut(node.index()) {
            *held = Arc::new(version);
        }
        self.count(transition.before.as_deref().map(|e| (e.kind, &e.id, &e.attributes)), node.0, false, false);
        self.count(transition.after.as_deref().map(|e| (e.kind, &e.id, &e.attributes)), node.0, true, false);
        self.index_words(
            node,
            transition.before.as_ref().map(Item::Element),
            transition.after.as_ref().map(Item::Element),
        );
    }

    /// The node of an id that is a relationship now, made if it never was an element.
    fn node_of_former_element(&mut self, id: &Identifier) -> Node {
        let Some(now) = self.ids.get(id).copied() else { return self.add_node(id) };
        let node = match self.former.insert(id.clone(), now) {
            Some(Place::Element(node)) => node,
            _ => self.add_node(id),
        };
        self.ids.insert(id.clone(), Place::Element(node));
        node
    }

    fn add_node(&mut self, id: &Identifier) -> Node {
        let node = self.topology.add_node();
        let nothing = Version { revision: 0, state: None, previous: None };
        self.nodes.push_back(NodeSlot::Element(Arc::new(nothing), None));
        self.ids.insert(id.clone(), Place::Element(node));
        node
    }

    /// Gives every new relationship its edge before any is connected: an end may be one of them.
    fn place_new_relationships(&mut self, delta: &Delta) {
        for transition in &delta.relationships {
            let relationship = transition.either();
            let now = self.ids.get(&relationship.id).copied();
            if matches!(now, Some(Place::Relationship(_))) {
                continue;
            }
            let former = now.and_then(|place| self.former.insert(relationship.id.clone(), place));
            if let Some(place @ Place::Relationship(_)) = former {
                self.ids.insert(relationship.id.clone(), place);
                continue;
            }
            let edge = Edge(u32::try_from(self.edges.len()).expect("memory ends before 2^32 edges"));
            let nothing = Arc::new(Version { revision: 0, state: None, previous: None });
            self.edges.push_back(EdgeSlot {
                version: nothing,
                source: Node(0),
                target: Node(0),
                node: None,
                touches: None,
            });
            self.ids.insert(relationship.id.clone(), Place::Relationship(edge));
        }
    }

    fn put_relationship(&mut self, transition: &Transition<Relationship>) {
        let relationship = transition.either();
        let Some(Place::Relationship(edge)) = self.ids.get(&relationship.id).copied() else {
            return;
        };
        let Some(mut slot) = self.edges.get(edge.index()).cloned() else {
            return;
        };
        let kind = EdgeKind(relationship.kind.number());
        if transition.after.is_some() && transition.before.is_none() {
            slot.source = self.node_of_end(&relationship.source);
            slot.target = self.node_of_end(&relationship.target);
            self.topology.insert_edge(edge, kind, slot.source, slot.target);
        } else if transition.after.is_none() {
            self.topology.remove_edge(edge, kind, slot.source, slot.target);
        }
        let previous = (slot.version.revision > 0).then(|| Arc::clone(&slot.version));
        slot.version = Arc::new(Version { revision: self.revision, state: transition.after.clone(), previous });
        // Connecting an end may have given this very slot a node.
        slot.node = self.edges.get(edge.index()).and_then(|held| held.node);
        let node = slot.node;
        self.edges.set(edge.index(), slot);
        self.count(transition.before.as_deref().map(|r| (r.kind, &r.id, &r.attributes)), edge.0, false, true);
        self.count(transition.after.as_deref().map(|r| (r.kind, &r.id, &r.attributes)), edge.0, true, true);
        if let Some(node) = node {
            self.index_words(
                node,
                transition.before.as_ref().map(Item::Relationship),
                transition.after.as_ref().map(Item::Relationship),
            );
        }
    }

    /// The node of an end; a relationship gets one when it first becomes an end.
    fn node_of_end(&mut self, id: &Identifier) -> Node {
        match self.ids.get(id).copied() {
            Some(Place::Element(node)) => node,
            Some(Place::Relationship(edge)) => self.node_for_edge(edge),
            None => unreachable!("validation and replay leave no relationship without its ends"),
        }
    }

    fn node_for_edge(&mut self, edge: Edge) -> Node {
        let Some(slot) = self.edges.get_mut(edge.index()) else { unreachable!("an edge in the index has a slot") };
        if let Some(node) = slot.node {
            return node;
        }
        let node = self.topology.add_node();
        slot.node = Some(node);
        let state = slot.version.state.clone();
        self.nodes.push_back(NodeSlot::Relationship(edge));
        self.node_kinds.set(node, state.as_ref().map(|held| held.kind));
        self.index_words(node, None, state.as_ref().map(Item::Relationship));
        node
    }

    /// Counts an item in or out, and keeps the ids of its kind.
    pub(super) fn count(
        &mut self,
        item: Option<(KindId, &Identifier, &Attributes)>,
        place: u32,
        is_in: bool,
        relationship: bool,
    ) {
        let Some((kind, id, attributes)) = item else {
            return;
        };
        let limited =
            usize::from([self.validity.from, self.validity.to].iter().flatten().any(|n| attributes.get(*n).is_some()));
        let counted = if relationship { &mut self.counts.relationships } else { &mut self.counts.elements };
        if is_in {
            *counted += 1;
            self.counts.limited += limited;
        } else {
            *counted -= 1;
            self.counts.limited -= limited;
        }
        let node = if relationship { self.node_of_edge(Edge(place)) } else { Some(Node(place)) };
        if let Some(node) = node {
            self.node_kinds.set(node, is_in.then_some(kind));
        }
        let Some(ids) = self.kinds.get_mut(kind.index()) else {
            return;
        };
        if is_in {
            ids.insert(id.clone(), place);
        } else {
            ids.remove(id);
        }
    }

    /// Rewrites the searchable words of a node when they changed.
    pub(super) fn index_words(&mut self, node: Node, before: Option<Item<'_>>, after: Option<Item<'_>>) {
        let metamodel = Arc::clone(&self.metamodel);
        let words_of = |item: Option<Item<'_>>| item.map_or_else(Vec::new, |item| searchable_words(&metamodel, item));
        let words = words_of(after);
        if before.is_none() || words != words_of(before) {
            let words: Vec<&str> = words.iter().map(|word| &**word).collect();
            self.search.set(node, &words);
        }
    }
}

/// The words by which an item is found: id, name, and the attributes that the metamodel marks.
fn searchable_words(metamodel: &crate::domain::Metamodel, item: Item<'_>) -> Vec<Arc<str>> {
    let mut words: Vec<Arc<str>> = vec![item.id().as_str().into()];
    words.extend(item.name().cloned());
    let kind = metamodel.kind(item.kind());
    for definition in kind.attributes.iter().filter(|definition| definition.search) {
        if let Some(value) = item.attributes().get(definition.name) {
            collect_words(value, &mut words);
        }
    }
    words
}

fn collect_words(value: &Value, words: &mut Vec<Arc<str>>) {
    match value {
        Value::Text(text) => words.push(Arc::clone(text)),
        Value::Localized(texts) => words.extend(texts.iter().map(|(_, text)| text.into())),
        Value::List(values) => values.iter().for_each(|value| collect_words(value, words)),
        other => words.push(other.to_line("en").into()),
    }
}
