//! The search against the flows.

use std::collections::BTreeMap;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::domain::{Item, Relationship};
use crate::graph::{Direction, EdgeKind, Node, View};

use super::methods::{Choice, Methods};

/// What feeds the subjects.
#[derive(Debug, Default)]
pub(super) struct Feeding {
    /// Reached nodes with their distance, the nearest first, subjects included.
    pub(super) order: Vec<(Node, usize)>,
    /// The flow by which each reached node feeds on, and where to.
    pub(super) onward: FxHashMap<Node, (Arc<Relationship>, Node)>,
    /// All flows that were followed, with the distance of their sender from the subjects.
    pub(super) flows: Vec<(Arc<Relationship>, Node, usize)>,
    /// How many flows were left out, by method.
    pub(super) left_out: BTreeMap<Arc<str>, usize>,
    /// How many were left out because their method is not recorded.
    pub(super) unrecorded: usize,
    /// Whether the limit of depth kept something out.
    pub(super) is_cut: bool,
}

/// Follows flows from receiver to sender until nothing new feeds, or to a depth; breadth first.
pub(super) fn feeding(view: &View, methods: &Methods, subjects: &[Item<'_>], depth: Option<usize>) -> Feeding {
    let mut found = Feeding::default();
    let mut distances: FxHashMap<Node, usize> = FxHashMap::default();
    for node in subjects.iter().filter_map(|item| view.node(item.id().as_str())) {
        if distances.insert(node, 0).is_none() {
            found.order.push((node, 0));
        }
    }
    let mut head = 0;
    while let Some((node, distance)) = found.order.get(head).copied() {
        head += 1;
        let incoming = followed(view, methods, node, &mut found);
        if depth.is_some_and(|depth| distance >= depth) {
            found.is_cut |= incoming.iter().any(|(_, sender)| !distances.contains_key(sender));
            continue;
        }
        for (flow, sender) in incoming {
            let known = *distances.entry(sender).or_insert_with(|| {
                found.order.push((sender, distance + 1));
                distance + 1
            });
            if known == distance + 1 {
                let onward = found.onward.entry(sender).or_insert_with(|| (Arc::clone(&flow), node));
                if flow.id < onward.0.id {
                    *onward = (Arc::clone(&flow), node);
                }
            }
            found.flows.push((flow, node, distance + 1));
        }
    }
    found
}

/// The flows to a node that are followed, with their senders; those that are not are counted.
fn followed(view: &View, methods: &Methods, node: Node, found: &mut Feeding) -> Vec<(Arc<Relationship>, Node)> {
    let mut followed = Vec::new();
    for kind in methods.kinds() {
        let direction = if kind.reversed { Direction::Outgoing } else { Direction::Incoming };
        for neighbour in view.topology().neighbours_of_kind(node, direction, EdgeKind(kind.kind.number())) {
            let Some(flow) = view.relationship_at(neighbour.edge) else {
                continue;
            };
            match methods.choose(kind, flow) {
                Choice::Followed => followed.push((Arc::clone(flow), neighbour.node)),
                Choice::LeftOut(method) => *found.left_out.entry(method).or_default() += 1,
                Choice::Unrecorded => found.unrecorded += 1,
            }
        }
    }
    followed
}
