//! Grouping and aggregates.

use std::ops::ControlFlow;

use hashbrown::HashTable;
use rustc_hash::{FxHashMap, FxHashSet};

use super::gather::{bytes_of, hash_values};
use super::{Executor, Flow, Row, attempt};
use crate::graph::Node;
use crate::query::error::QueryError;
use crate::query::functions::aggregate::{Accumulator, Aggregate};
use crate::query::semantics::bound::{AggregateCall, Expression, Kind, Variable};
use crate::query::source::PropertyGraph;
use crate::query::value::Value;
use crate::query::value::equality::same;

/// Rows by the values of their keys.
pub(super) struct Groups<'p> {
    keys: &'p [(Variable, Expression)],
    aggregates: &'p [(Variable, AggregateCall)],
    /// A variable whose rows come one after the other, so that counting distinct ones needs to know the last only.
    outermost: Option<Variable>,
    /// Variables that hold nodes, or null, and nothing else.
    nodes: &'p [Variable],
    number: usize,
    table: HashTable<u32>,
    by_node: ByNode,
    /// The keys of each group.
    groups: Vec<Box<[Value]>>,
    /// The aggregates of all groups, one after the other: what a row adds to lies in one place.
    tallies: Vec<Tally>,
    scratch: Vec<Value>,
}

/// The groups of nodes: by hash while there are few, then by number, which asks for memory once a row.
#[derive(Default)]
struct ByNode {
    few: FxHashMap<Node, u32>,
    /// By node; [`NO_GROUP`] where it has none yet.
    many: Vec<u32>,
}

const NO_GROUP: u32 = u32::MAX;
/// With more nodes than this, groups are found by the number of the node.
const FEW_NODES: usize = 1024;

impl ByNode {
    fn get(&self, node: Node) -> Option<u32> {
        if self.many.is_empty() {
            return self.few.get(&node).copied();
        }
        self.many.get(node.index()).copied().filter(|group| *group != NO_GROUP)
    }

    /// Notes a group. Gives the bytes that this takes anew.
    fn insert(&mut self, node: Node, group: u32, bound: usize) -> usize {
        if self.many.is_empty() {
            self.few.insert(node, group);
            if self.few.len() <= FEW_NODES {
                return 0;
            }
            self.many = vec![NO_GROUP; bound];
            for (node, group) in std::mem::take(&mut self.few) {
                self.place(node, group);
            }
            return bound * size_of::<u32>();
        }
        self.place(node, group);
        0
    }

    fn place(&mut self, node: Node, group: u32) {
        if let Some(place) = self.many.get_mut(node.index()) {
            *place = group;
        }
    }
}

/// One aggregate of one group.
enum Tally {
    /// `count(*)`, and `count` of what is never null.
    Rows(i64),
    /// How many distinct nodes, where equal ones come one after the other.
    Runs { last: Option<Node>, count: i64 },
    /// How many distinct nodes.
    Nodes(FxHashSet<Node>),
    /// Everything else.
    Of(Box<Accumulator>),
}

impl<'p> Groups<'p> {
    pub(super) fn new(
        keys: &'p [(Variable, Expression)],
        aggregates: &'p [(Variable, AggregateCall)],
        outermost: Option<Variable>,
        nodes: &'p [Variable],
        number: usize,
    ) -> Self {
        Self {
            keys,
            aggregates,
            outermost,
            nodes,
            number,
            table: HashTable::new(),
            by_node: ByNode::default(),
            groups: Vec::new(),
            tallies: Vec::new(),
            scratch: Vec::new(),
        }
    }

    pub(super) fn add<G: PropertyGraph>(&mut self, executor: &Executor<'_, G>, row: &mut Row) -> Flow {
        let group = self.group(executor, row)? as usize;
        let count = self.aggregates.len();
        let tallies = &mut self.tallies[group * count..(group + 1) * count];
        for (tally, (_, call)) in tallies.iter_mut().zip(self.aggregates) {
            match tally {
                Tally::Rows(count) => *count += 1,
                Tally::Runs { last, count } => {
                    if let Some(node) = node_argument(call, row)
                        && *last != Some(node)
                    {
                        *last = Some(node);
                        *count += 1;
                    }
                }
                Tally::Nodes(nodes) => {
                    if let Some(node) = node_argument(call, row)
                        && nodes.insert(node)
                    {
                        executor.allowed(executor.budget.hold(size_of::<Node>() * 2, "Aggregate"))?;
                    }
                }
                Tally::Of(accumulator) => {
                    let before = accumulator.bytes();
                    attempt!(accumulate(executor, accumulator, call, row));
                    let more = accumulator.bytes().saturating_sub(before);
                    executor.allowed(executor.budget.hold(more, "Aggregate"))?;
                }
            }
        }
        ControlFlow::Continue(())
    }

    /// The group of a row.
    fn group<G: PropertyGraph>(&mut self, executor: &Executor<'_, G>, row: &mut Row) -> ControlFlow<super::Halt, u32> {
        let node = self.key_node(row);
        if let Some(group) = node.and_then(|node| self.by_node.get(node)) {
            return ControlFlow::Continue(group);
        }
        let group = self.group_of_values(executor, row)?;
        if let Some(node) = node {
            let more = self.by_node.insert(node, group, executor.graph.node_bound());
            executor.allowed(executor.budget.hold(more, "Aggregate"))?;
        }
        ControlFlow::Continue(group)
    }

    /// The node that decides the only key: the key itself, or what it is a property of.
    fn key_node(&self, row: &Row) -> Option<Node> {
        let [(_, key)] = self.keys else { return None };
        let subject = match &key.kind {
            Kind::Property(subject, ..) => &subject.kind,
            kind => kind,
        };
        match subject {
            Kind::Variable(variable) => match row[variable.index()] {
                Value::Node(node) => Some(node),
                _ => None,
            },
            _ => None,
        }
    }

    fn group_of_values<G: PropertyGraph>(
        &mut self,
        executor: &Executor<'_, G>,
        row: &mut Row,
    ) -> ControlFlow<super::Halt, u32> {
        let mut values = std::mem::take(&mut self.scratch);
        values.clear();
        for (_, key) in self.keys {
            values.push(attempt!(executor.value(key, row)));
        }
        let hash = hash_values(&values);
        let groups = &self.groups;
        let alike = |group: &u32| groups[*group as usize].iter().zip(&values).all(|(a, b)| same(a, b));
        if let Some(group) = self.table.find(hash, alike) {
            let group = *group;
            self.scratch = values;
            return ControlFlow::Continue(group);
        }
        let group = self.new_group(executor, values.drain(..).collect())?;
        self.scratch = values;
        let groups = &self.groups;
        self.table.insert_unique(hash, group, |group| hash_values(&groups[*group as usize]));
        ControlFlow::Continue(group)
    }

    fn new_group<G: PropertyGraph>(
        &mut self,
        executor: &Executor<'_, G>,
        keys: Box<[Value]>,
    ) -> ControlFlow<super::Halt, u32> {
        let bytes = keys.iter().map(bytes_of).sum::<usize>() + size_of::<Box<[Value]>>() + 64 * self.aggregates.len();
        executor.allowed(executor.budget.hold(bytes, "Aggregate"))?;
        for (_, call) in self.aggregates {
            let tally = self.tally(call);
            self.tallies.push(tally);
        }
        self.groups.push(keys);
        ControlFlow::Continue(u32::try_from(self.groups.len() - 1).unwrap_or(u32::MAX))
    }

    fn tally(&self, call: &AggregateCall) -> Tally {
        let Some(aggregate) = call.aggregate else {
            return Tally::Rows(0);
        };
        let counts = aggregate == Aggregate::Count && call.distinct;
        match call.arguments.first().map(|argument| &argument.kind) {
            Some(Kind::Variable(variable)) if counts && self.outermost == Some(*variable) => {
                Tally::Runs { last: None, count: 0 }
            }
            Some(Kind::Variable(variable)) if counts && self.nodes.contains(variable) => {
                Tally::Nodes(FxHashSet::default())
            }
            _ => Tally::Of(Box::new(Accumulator::new(aggregate, call.distinct))),
        }
    }

    pub(super) fn rows<G: PropertyGraph>(
        mut self,
        executor: &Executor<'_, G>,
        row: &mut Row,
        next: &mut dyn FnMut(&mut Row) -> Flow,
    ) -> Flow {
        if self.keys.is_empty() && self.groups.is_empty() {
            self.new_group(executor, Box::new([]))?;
        }
        let mut tallies = self.tallies.into_iter();
        for keys in self.groups {
            for ((variable, _), value) in self.keys.iter().zip(keys) {
                row[variable.index()] = value;
            }
            for ((variable, _), tally) in self.aggregates.iter().zip(tallies.by_ref()) {
                row[variable.index()] = attempt!(finish(tally).and_then(|value| executor.bounded(value)));
            }
            executor.count(self.number);
            next(row)?;
        }
        ControlFlow::Continue(())
    }
}

/// The node that an aggregate of a variable is given; none where it is null.
fn node_argument(call: &AggregateCall, row: &Row) -> Option<Node> {
    match call.arguments.first().map(|argument| &argument.kind) {
        Some(Kind::Variable(variable)) => match row[variable.index()] {
            Value::Node(node) => Some(node),
            _ => None,
        },
        _ => None,
    }
}

fn accumulate<G: PropertyGraph>(
    executor: &Executor<'_, G>,
    accumulator: &mut Accumulator,
    call: &AggregateCall,
    row: &mut Row,
) -> Result<(), QueryError> {
    let Some(argument) = call.arguments.first() else {
        return Ok(());
    };
    let value = executor.value(argument, row)?;
    let second = call.arguments.get(1).map(|second| executor.value(second, row)).transpose()?;
    accumulator.add(&value, second.as_ref()).map_err(|error| error.at(argument.span))
}

fn finish(tally: Tally) -> Result<Value, QueryError> {
    match tally {
        Tally::Rows(count) | Tally::Runs { count, .. } => Ok(Value::Integer(count)),
        Tally::Nodes(nodes) => Ok(Value::Integer(i64::try_from(nodes.len()).unwrap_or(i64::MAX))),
        Tally::Of(accumulator) => accumulator.finish(),
    }
}
