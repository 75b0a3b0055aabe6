//! The toy as the engine sees it.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::sync::Arc;

use ezu::graph::{BitSet, Direction, Edge, EdgeKind, Node, Step};
use ezu::query::error::QueryError;
use ezu::query::source::{Catalog, Facts, Key, Label, PropertyGraph, Signature, Unknown};
use ezu::query::value::equality::equal;
use ezu::query::value::{Map, Value};

use super::{Toy, ToyRelationship, find, value_of};

impl Catalog for Toy {
    fn label(&self, name: &str) -> Result<Option<Label>, Unknown> {
        Ok(find(&self.labels, name).map(|place| Label(number(place))))
    }

    fn relationship_kinds(&self, name: &str) -> Result<Vec<EdgeKind>, Unknown> {
        let kind = find(&self.types, name).map(|place| EdgeKind(u16::try_from(place).expect("few types")));
        Ok(kind.into_iter().collect())
    }

    fn key(&self, name: &str) -> Result<Option<Key>, Unknown> {
        Ok(find(&self.keys, name).map(|place| Key(number(place))))
    }

    fn procedure(&self, name: &str) -> Option<Arc<Signature>> {
        self.procedures.get(name).map(|procedure| Arc::clone(&procedure.signature))
    }
}

impl Facts for Toy {
    fn labels(&self, node: Node) -> Vec<Arc<str>> {
        self.nodes.get(node.index()).map(|node| node.labels.clone()).unwrap_or_default()
    }

    fn relationship_type(&self, edge: Edge) -> Arc<str> {
        self.relationship(edge).map_or_else(|| "".into(), |one| Arc::clone(self.type_of(one)))
    }

    fn node_properties(&self, node: Node) -> Map {
        self.nodes.get(node.index()).map(|node| node.properties.clone()).unwrap_or_default()
    }

    fn relationship_properties(&self, edge: Edge) -> Map {
        self.relationship(edge).map(|one| one.properties.clone()).unwrap_or_default()
    }

    fn node_property_named(&self, node: Node, name: &str) -> Value {
        value_of(&self.node_properties(node), name)
    }

    fn relationship_property_named(&self, edge: Edge, name: &str) -> Value {
        value_of(&self.relationship_properties(edge), name)
    }

    fn ends(&self, edge: Edge) -> Option<(Node, Node)> {
        self.relationship(edge).map(|one| (one.source, one.target))
    }
}

impl PropertyGraph for Toy {
    fn node_bound(&self) -> usize {
        self.nodes.len()
    }

    fn sees_node(&self, node: Node) -> bool {
        node.index() < self.nodes.len()
    }

    fn has_label(&self, node: Node, label: Label) -> bool {
        self.nodes[node.index()].labels.contains(&self.labels[label.0 as usize])
    }

    fn for_each_node<B>(&self, label: Option<Label>, visit: impl FnMut(Node) -> ControlFlow<B>) -> ControlFlow<B> {
        self.all_nodes().filter(|node| label.is_none_or(|label| self.has_label(*node, label))).try_for_each(visit)
    }

    fn for_each_step<B>(
        &self,
        node: Node,
        direction: Direction,
        kinds: Option<&[EdgeKind]>,
        visit: impl FnMut(Step) -> ControlFlow<B>,
    ) -> ControlFlow<B> {
        let outgoing = self.steps(Direction::Outgoing, kinds).filter(|step| step.from == node);
        let incoming = self.steps(Direction::Incoming, kinds).filter(|step| step.from == node);
        match direction {
            Direction::Outgoing => outgoing.into_iter().try_for_each(visit),
            Direction::Incoming => incoming.into_iter().try_for_each(visit),
            Direction::Both => outgoing.chain(incoming.filter(|step| step.to != node)).try_for_each(visit),
        }
    }

    fn node_property(&self, node: Node, key: Key) -> Value {
        self.node_property_named(node, &self.keys[key.0 as usize])
    }

    fn relationship_property(&self, edge: Edge, key: Key) -> Value {
        self.relationship_property_named(edge, &self.keys[key.0 as usize])
    }

    fn relationship_kind(&self, edge: Edge) -> EdgeKind {
        self.relationship(edge).map(|one| one.kind).unwrap_or_default()
    }

    fn seek(&self, label: Option<Label>, key: Key, value: &Value) -> Option<Vec<Node>> {
        let fits = |node: &Node| {
            label.is_none_or(|label| self.has_label(*node, label))
                && equal(&self.node_property(*node, key), value) == Some(true)
        };
        self.quick.then(|| self.all_nodes().filter(fits).collect())
    }

    fn reach(
        &self,
        starts: &[Node],
        direction: Direction,
        kinds: Option<&[EdgeKind]>,
        most: Option<u64>,
    ) -> Option<BitSet> {
        self.quick.then(|| self.reached(starts, direction, kinds, most))
    }

    fn count_nodes(&self, label: Option<Label>) -> u64 {
        self.all_nodes().filter(|node| label.is_none_or(|label| self.has_label(*node, label))).count() as u64
    }

    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    fn average_degree(
        &self,
        label: Option<Label>,
        direction: Direction,
        kinds: Option<&[EdgeKind]>,
        to: Option<Label>,
    ) -> f64 {
        let sides = direction.sides().iter();
        let steps = sides.flat_map(|side| self.steps(*side, kinds));
        let steps = steps.filter(|step| to.is_none_or(|to| self.has_label(step.to, to)));
        let from = steps.filter(|step| label.is_none_or(|label| self.has_label(step.from, label))).count();
        from as f64 / (self.count_nodes(label) as f64).max(1.0)
    }

    fn call(&self, name: &str, arguments: &[Value]) -> Result<Vec<Vec<Value>>, QueryError> {
        Ok(self.procedures.get(name).map(|procedure| procedure.call(arguments)).unwrap_or_default())
    }
}

impl Toy {
    /// All steps that can be made in one of the two directions.
    fn steps<'a>(
        &'a self,
        direction: Direction,
        kinds: Option<&'a [EdgeKind]>,
    ) -> impl Iterator<Item = Step> + use<'a> {
        self.all_relationships()
            .filter(move |(_, one)| kinds.is_none_or(|kinds| kinds.contains(&one.kind)))
            .map(move |(edge, one)| step(edge, one, direction))
    }

    fn reached(&self, starts: &[Node], direction: Direction, kinds: Option<&[EdgeKind]>, most: Option<u64>) -> BitSet {
        let mut reached: BTreeSet<Node> = starts.iter().copied().collect();
        for _ in 0..most.unwrap_or(u64::MAX).min(self.nodes.len() as u64) {
            let sides = direction.sides().iter();
            let steps = sides.flat_map(|side| self.steps(*side, kinds));
            let next: Vec<Node> = steps.filter(|step| reached.contains(&step.from)).map(|step| step.to).collect();
            reached.extend(next);
        }
        let mut bits = BitSet::with_capacity(self.nodes.len());
        for node in reached {
            bits.insert(node.0);
        }
        bits
    }
}

fn step(edge: Edge, one: &ToyRelationship, direction: Direction) -> Step {
    let (from, to) = match direction {
        Direction::Incoming => (one.target, one.source),
        _ => (one.source, one.target),
    };
    Step { kind: one.kind, edge, from, to, direction }
}

fn number(place: usize) -> u32 {
    u32::try_from(place).expect("a toy is small")
}
