//! Several steps in a row, a batch at a time.
//!
//! A scan and the steps behind it, or steps alone, run level by level over batches of nodes instead of row by row, so
//! that the memory of many nodes is asked for at once. What comes out has the order in which the rows would come one
//! by one; a level never holds more than a batch and the steps of one node.

use std::ops::ControlFlow;
use std::sync::Arc;

use super::operations::State;
use super::step_table;
use super::{Executor, Flow, Row, Sink, attempt};
use crate::graph::{Edge, Node};
use crate::query::plan::{Expand, Operation, OperationKind};
use crate::query::semantics::bound::Variable;
use crate::query::source::PropertyGraph;
use crate::query::steps::StepTable;
use crate::query::value::Value;

/// How many nodes are asked for their neighbours together.
const BLOCK: usize = 64;
/// The most levels: an entry finds what led to it by going up.
const MOST_LEVELS: usize = 16;
/// When a level is sent on.
const FULL: usize = 256;

/// One node that was reached: from which entry of the level above, and over which edge.
#[derive(Debug, Clone, Copy)]
struct Entry {
    parent: u32,
    node: Node,
    edge: Edge,
}

/// Where a step starts from.
#[derive(Debug, Clone, Copy)]
enum Origin {
    /// The node of an entry so many levels up; 0 is the level right above.
    Above(usize),
    /// A variable that had a value before.
    Row(Variable),
}

/// A step of the chain, and what is found with it.
struct Level {
    origin: Origin,
    /// How many levels up the relationships are that must be others.
    unlike: Vec<usize>,
    /// Variables outside the chain that hold relationships which must be others.
    unlike_in_row: Vec<Variable>,
    found: Vec<Entry>,
    /// How many rows are expected to take the step.
    starts: f64,
    /// All such steps, once it is known that most of them are taken.
    table: Option<Arc<StepTable>>,
}

/// Operations that run as one.
pub(super) struct Chain {
    /// How many operations there are, a scan included.
    pub(super) length: usize,
    /// What the chain starts with: the nodes of the scan, or one entry that stands for the row.
    starts: Vec<Entry>,
    levels: Vec<Level>,
    /// By level, the parent of the entry that was written into the row last.
    written: Vec<u32>,
}

/// The variables of a level: its relationship, where it has one, and its node.
type Bound = (Option<Variable>, Variable);

/// No entry was written yet.
const NOWHERE: u32 = u32::MAX;

impl Chain {
    /// The chain that some operations begin with; nothing where at most one of them would be in it. `rows`: how many
    /// are expected to come.
    fn of(operations: &[Operation], rows: f64) -> Option<Self> {
        let scanned = operations.first().and_then(scan_variable);
        let steps = &operations[usize::from(scanned.is_some())..];
        let mut variables: Vec<Bound> = scanned.map(|node| (None, node)).into_iter().collect();
        let mut levels = Vec::new();
        for (place, expand) in steps.iter().map_while(expand_of).take(MOST_LEVELS).enumerate() {
            let before = (place + usize::from(scanned.is_some())).checked_sub(1).map(|before| &operations[before]);
            levels.push(Level::of(expand, &variables, before.map_or(rows, |before| before.estimate)));
            variables.push((Some(expand.relationship), expand.to));
        }
        let length = levels.len() + usize::from(scanned.is_some());
        let written = vec![NOWHERE; levels.len()];
        (length > 1 && !levels.is_empty()).then(|| Self { length, starts: Vec::new(), levels, written })
    }
}

fn scan_variable(operation: &Operation) -> Option<Variable> {
    match &operation.kind {
        OperationKind::Nodes { variable, .. } => Some(*variable),
        _ => None,
    }
}

fn expand_of(operation: &Operation) -> Option<&Expand> {
    match &operation.kind {
        OperationKind::Expand(expand) if !expand.to_known && expand.from_known && expand.from != expand.to => {
            Some(expand)
        }
        _ => None,
    }
}

impl Level {
    /// `above`: the relationship and node of each level above, outermost first.
    fn of(expand: &Expand, above: &[Bound], starts: f64) -> Self {
        let up = |fits: &dyn Fn(&Bound) -> bool| above.iter().rev().position(fits);
        let origin = up(&|(_, node)| *node == expand.from).map_or(Origin::Row(expand.from), Origin::Above);
        let (mut unlike, mut unlike_in_row) = (Vec::new(), Vec::new());
        for other in &expand.unlike {
            match up(&|(relationship, _)| *relationship == Some(*other)) {
                Some(levels) => unlike.push(levels),
                None => unlike_in_row.push(*other),
            }
        }
        Self { origin, unlike, unlike_in_row, found: Vec::new(), starts, table: None }
    }
}

/// What is walked: the operations, and the entries that are alive.
struct Walk<'c> {
    scan: Option<&'c Operation>,
    steps: &'c [Operation],
    starts: &'c [Entry],
}

impl<G: PropertyGraph> Executor<'_, G> {
    /// Sends a row through a chain; `next` gets each row behind its last operation.
    pub(super) fn chain(
        &self,
        operations: &[Operation],
        chain: &mut Chain,
        row: &mut Row,
        next: &mut Sink<'_>,
    ) -> Flow {
        let scan = operations.first().filter(|first| scan_variable(first).is_some());
        let steps = &operations[usize::from(scan.is_some())..];
        let mut starts = std::mem::take(&mut chain.starts);
        starts.clear();
        let flow = match scan {
            None => {
                starts.push(Entry { parent: 0, node: Node(0), edge: Edge(0) });
                self.walk(&Walk { scan, steps, starts: &starts }, chain, row, next)
            }
            Some(scan) => self.scan_chain(scan, steps, &mut starts, chain, row, next),
        };
        chain.starts = starts;
        flow
    }

    fn scan_chain(
        &self,
        scan: &Operation,
        steps: &[Operation],
        starts: &mut Vec<Entry>,
        chain: &mut Chain,
        row: &mut Row,
        next: &mut Sink<'_>,
    ) -> Flow {
        let OperationKind::Nodes { label, .. } = &scan.kind else { return ControlFlow::Continue(()) };
        let operation = if label.is_some() { "NodesByLabel" } else { "AllNodes" };
        self.graph.for_each_node(*label, |node| {
            self.allowed(self.budget.step(operation))?;
            self.count(scan.number);
            starts.push(Entry { parent: 0, node, edge: Edge(0) });
            if starts.len() < BLOCK {
                return ControlFlow::Continue(());
            }
            self.walk(&Walk { scan: Some(scan), steps, starts }, chain, row, next)?;
            starts.clear();
            ControlFlow::Continue(())
        })?;
        self.walk(&Walk { scan: Some(scan), steps, starts }, chain, row, next)
    }

    fn walk(&self, walk: &Walk<'_>, chain: &mut Chain, row: &mut Row, next: &mut Sink<'_>) -> Flow {
        chain.written.fill(NOWHERE);
        chain.levels.iter_mut().for_each(|level| level.found.clear());
        self.step_all(walk, 0, chain, row, next)
    }

    /// Takes the step of a level from all entries of the level above.
    fn step_all(&self, walk: &Walk<'_>, depth: usize, chain: &mut Chain, row: &mut Row, next: &mut Sink<'_>) -> Flow {
        let OperationKind::Expand(expand) = &walk.steps[depth].kind else { return ControlFlow::Continue(()) };
        let count = above(walk, &chain.levels[..depth]).len();
        if count == 0 {
            return ControlFlow::Continue(());
        }
        if chain.levels[depth].table.is_none() && step_table::pays(chain.levels[depth].starts, self.graph.node_bound())
        {
            chain.levels[depth].table = Some(self.step_table(expand)?);
        }
        let mut origins = [Node(0); BLOCK];
        let mut index = 0;
        while index < count {
            let block = (count - index).min(BLOCK);
            for (place, origin) in origins[..block].iter_mut().enumerate() {
                let Some(node) = self.origin(walk, &chain.levels[..=depth], index + place, row)? else {
                    return ControlFlow::Continue(());
                };
                *origin = node;
            }
            if let Some(table) = &chain.levels[depth].table {
                table.expect(&origins[..block]);
            } else {
                self.graph.expect_steps(&origins[..block], expand.direction, expand.relationship_wanted);
            }
            for (place, origin) in origins[..block].iter().enumerate() {
                self.step_from(walk, depth, chain, index + place, *origin, row)?;
                if chain.levels[depth].found.len() >= FULL {
                    self.send_on(walk, depth, chain, row, next)?;
                }
            }
            index += block;
        }
        self.send_on(walk, depth, chain, row, next)
    }

    /// The node from which the last of the levels steps for an entry; none where its variable is null.
    fn origin(
        &self,
        walk: &Walk<'_>,
        levels: &[Level],
        index: usize,
        row: &Row,
    ) -> ControlFlow<super::Halt, Option<Node>> {
        let Some((level, held)) = levels.split_last() else { return ControlFlow::Continue(None) };
        match level.origin {
            Origin::Row(variable) => ControlFlow::Continue(attempt!(self.node_in(row, variable))),
            Origin::Above(up) => ControlFlow::Continue(Some(ancestor(walk, held, index, up).node)),
        }
    }

    fn step_from(&self, walk: &Walk<'_>, depth: usize, chain: &mut Chain, index: usize, from: Node, row: &Row) -> Flow {
        let operation = &walk.steps[depth];
        let OperationKind::Expand(expand) = &operation.kind else { return ControlFlow::Continue(()) };
        let (held, rest) = chain.levels.split_at_mut(depth);
        let Level { unlike, unlike_in_row, found, table, .. } = &mut rest[0];
        let parent = u32::try_from(index).unwrap_or(NOWHERE);
        let mut take = |node: Node, edge: Edge| {
            self.allowed(self.budget.step("Expand"))?;
            let used = |up: &usize| ancestor(walk, held, index, *up).edge == edge;
            if unlike.iter().any(used) || self.is_used(row, unlike_in_row, edge) {
                return ControlFlow::Continue(());
            }
            self.count(operation.number);
            // Not even read where nobody asks for it.
            let edge = if expand.relationship_wanted { edge } else { Edge(0) };
            found.push(Entry { parent, node, edge });
            ControlFlow::Continue(())
        };
        if let Some(table) = table {
            return table.steps(from).iter().try_for_each(|(node, edge)| take(*node, *edge));
        }
        self.graph.for_each_step(from, expand.direction, expand.kinds.as_deref(), |step| {
            if expand.to_label.is_none_or(|label| self.graph.has_label(step.to, label)) {
                take(step.to, step.edge)
            } else {
                // Looked at all the same.
                self.allowed(self.budget.step("Expand"))
            }
        })
    }

    /// Sends what a level found to the next one, or on as rows.
    fn send_on(&self, walk: &Walk<'_>, depth: usize, chain: &mut Chain, row: &mut Row, next: &mut Sink<'_>) -> Flow {
        if depth + 1 < chain.levels.len() {
            self.step_all(walk, depth + 1, chain, row, next)?;
        } else {
            self.rows(walk, chain, row, next)?;
        }
        chain.levels[depth].found.clear();
        // The entries that come next have the same numbers.
        chain.written[depth..].fill(NOWHERE);
        ControlFlow::Continue(())
    }

    /// Writes each entry of the last level into the row, with all that led to it.
    fn rows(&self, walk: &Walk<'_>, chain: &mut Chain, row: &mut Row, next: &mut Sink<'_>) -> Flow {
        let Chain { levels, written, .. } = chain;
        let Some(last) = levels.last() else { return ControlFlow::Continue(()) };
        for entry in &last.found {
            let mut entry = *entry;
            for depth in (0..levels.len()).rev() {
                let OperationKind::Expand(expand) = &walk.steps[depth].kind else { return ControlFlow::Continue(()) };
                if expand.relationship_wanted {
                    row[expand.relationship.index()] = Value::Relationship(entry.edge);
                }
                row[expand.to.index()] = Value::Node(entry.node);
                if std::mem::replace(&mut written[depth], entry.parent) == entry.parent {
                    break;
                }
                let parent = entry.parent as usize;
                if depth > 0 {
                    entry = levels[depth - 1].found[parent];
                } else if let Some(variable) = walk.scan.and_then(scan_variable) {
                    row[variable.index()] = Value::Node(walk.starts[parent].node);
                }
            }
            next(row)?;
        }
        ControlFlow::Continue(())
    }
}

/// The entries from which the level behind `levels` steps.
fn above<'w>(walk: &'w Walk<'_>, levels: &'w [Level]) -> &'w [Entry] {
    levels.last().map_or(walk.starts, |level| &level.found)
}

/// The entry so many levels above an entry of the last level.
fn ancestor(walk: &Walk<'_>, levels: &[Level], index: usize, up: usize) -> Entry {
    let mut entry = above(walk, levels)[index];
    for depth in (levels.len() - up..levels.len()).rev() {
        entry = above(walk, &levels[..depth])[entry.parent as usize];
    }
    entry
}

/// The states of operations of which chains run as one.
pub(super) fn chained_states(operations: &[Operation]) -> Vec<State> {
    let mut states: Vec<State> = Vec::with_capacity(operations.len());
    while states.len() < operations.len() {
        let rest = &operations[states.len()..];
        let rows = states.len().checked_sub(1).map_or(1.0, |before| operations[before].estimate);
        match Chain::of(rest, rows) {
            Some(chain) => {
                let inside = chain.length - 1;
                states.push(State::Chain(Box::new(chain)));
                states.extend(std::iter::repeat_with(|| State::None).take(inside));
            }
            None => states.push(State::of(&rest[0].kind)),
        }
    }
    states
}
