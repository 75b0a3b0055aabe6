//! Shortest paths: breadth first, from one end.

use std::ops::ControlFlow;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::many::edge_list;
use super::{Executor, Flow, Halt, Row, Sink, attempt};
use crate::graph::{Edge, Node};
use crate::query::plan::Shortest;
use crate::query::source::PropertyGraph;
use crate::query::value::{Path, Value};

/// How a node was reached first: how far it is, and over which last relationships.
struct Way {
    distance: u64,
    before: Vec<(Node, Edge)>,
}

/// The ways to the nodes that were reached, in the order in which they were.
#[derive(Default)]
struct Ways {
    by_node: FxHashMap<Node, Way>,
    order: Vec<Node>,
}

impl<G: PropertyGraph> Executor<'_, G> {
    /// The shortest paths from a node to another, or to each other.
    pub(super) fn shortest(&self, shortest: &Shortest, row: &mut Row, next: &mut Sink<'_>) -> Flow {
        let many = &shortest.paths;
        let Some(start) = attempt!(self.node_in(row, many.step.from)) else {
            return ControlFlow::Continue(());
        };
        let wanted = if many.step.to_known { attempt!(self.node_in(row, many.step.to)) } else { None };
        if many.step.to_known && wanted.is_none() {
            return ControlFlow::Continue(());
        }
        if many.minimum == 0 && wanted.is_none_or(|wanted| wanted == start) {
            self.emit(shortest, start, &[], row, next)?;
            if wanted.is_some() {
                return ControlFlow::Continue(());
            }
        }
        if let (Some(wanted), false, true) = (wanted, shortest.all, many.predicates.is_empty())
            && wanted != start
            && let Some(found) =
                self.graph.shortest_path(start, wanted, many.step.direction, many.step.kinds.as_deref())
        {
            self.allowed(self.budget.step("ShortestPath"))?;
            let fits = found.filter(|path| many.maximum.is_none_or(|most| path.len() as u64 <= most));
            return match fits {
                Some(path) => self.emit(shortest, start, &path, row, next),
                None => ControlFlow::Continue(()),
            };
        }
        let ways = self.ways(shortest, start, wanted, row)?;
        match wanted {
            Some(wanted) => self.emit_ways(shortest, &ways, (start, wanted), row, next),
            None => {
                let ends = ways.order.iter().filter(|end| many.minimum > 0 || **end != start);
                for end in ends {
                    self.emit_ways(shortest, &ways, (start, *end), row, next)?;
                }
                ControlFlow::Continue(())
            }
        }
    }

    /// A search from the start, until the wanted node and all of its distance are reached.
    fn ways(&self, shortest: &Shortest, start: Node, wanted: Option<Node>, row: &mut Row) -> ControlFlow<Halt, Ways> {
        let many = &shortest.paths;
        let mut ways = Ways::default();
        let mut level = vec![start];
        let mut depth = 0;
        while !level.is_empty() && many.maximum.is_none_or(|most| depth < most) {
            depth += 1;
            let mut deeper = Vec::new();
            for from in level {
                self.graph.for_each_step(from, many.step.direction, many.step.kinds.as_deref(), |step| {
                    self.allowed(self.budget.step("ShortestPath"))?;
                    if attempt!(self.passes(many, step.edge, row)) {
                        note(&mut ways, &mut deeper, (from, step.edge, step.to), depth, shortest.all);
                    }
                    ControlFlow::Continue(())
                })?;
            }
            if wanted.is_some_and(|wanted| ways.by_node.contains_key(&wanted)) {
                break;
            }
            deeper.retain(|node| *node != start);
            level = deeper;
        }
        self.allowed(self.budget.hold(ways.order.len() * size_of::<Way>(), "ShortestPath"))?;
        self.budget.release(ways.order.len() * size_of::<Way>());
        ControlFlow::Continue(ways)
    }

    /// Each way to an end, read back from it.
    fn emit_ways(
        &self,
        shortest: &Shortest,
        ways: &Ways,
        (start, end): (Node, Node),
        row: &mut Row,
        next: &mut Sink<'_>,
    ) -> Flow {
        let Some(way) = ways.by_node.get(&end) else {
            return ControlFlow::Continue(());
        };
        let mut choices = vec![(end, way, 0_usize)];
        let mut steps: Vec<(Edge, Node)> = Vec::new();
        while let Some((to, way, choice)) = choices.last_mut() {
            let Some((before, edge)) = way.before.get(*choice).copied() else {
                choices.pop();
                steps.pop();
                continue;
            };
            *choice += 1;
            self.allowed(self.budget.step("ShortestPath"))?;
            let first = way.distance == 1;
            if steps.iter().any(|(held, _)| *held == edge) {
                continue;
            }
            steps.push((edge, *to));
            if first {
                debug_assert_eq!(before, start, "a way of one step begins at the start");
                let path: Vec<(Edge, Node)> = steps.iter().rev().copied().collect();
                self.emit(shortest, start, &path, row, next)?;
                steps.pop();
                if !shortest.all {
                    return ControlFlow::Continue(());
                }
            } else if let Some(way) = ways.by_node.get(&before) {
                choices.push((before, way, 0));
            }
        }
        ControlFlow::Continue(())
    }

    /// Writes a path into the row: its steps from `start` on, each with the node that it leads to.
    fn emit(
        &self,
        shortest: &Shortest,
        start: Node,
        steps: &[(Edge, Node)],
        row: &mut Row,
        next: &mut Sink<'_>,
    ) -> Flow {
        let many = &shortest.paths;
        let end = steps.last().map_or(start, |(_, node)| *node);
        if many.step.to_label.is_some_and(|label| !self.graph.has_label(end, label)) {
            return ControlFlow::Continue(());
        }
        if many.list_wanted {
            let edges: Vec<Edge> = steps.iter().map(|(edge, _)| *edge).collect();
            row[many.step.relationship.index()] = edge_list(&edges, many.backward);
        }
        if let Some(variable) = shortest.path {
            row[variable.index()] = path_of(start, steps, many.backward);
        }
        if !many.step.to_known {
            row[many.step.to.index()] = Value::Node(end);
        }
        next(row)
    }
}

/// A path in the reading order of its pattern.
fn path_of(start: Node, steps: &[(Edge, Node)], backward: bool) -> Value {
    let mut nodes = Vec::with_capacity(steps.len() + 1);
    nodes.push(start);
    nodes.extend(steps.iter().map(|(_, node)| *node));
    let mut relationships: Vec<Edge> = steps.iter().map(|(edge, _)| *edge).collect();
    if backward {
        nodes.reverse();
        relationships.reverse();
    }
    Value::Path(Arc::new(Path { nodes, relationships }))
}

fn note(ways: &mut Ways, deeper: &mut Vec<Node>, step: (Node, Edge, Node), depth: u64, all: bool) {
    let (from, edge, to) = step;
    match ways.by_node.get_mut(&to) {
        None => {
            ways.by_node.insert(to, Way { distance: depth, before: vec![(from, edge)] });
            ways.order.push(to);
            deeper.push(to);
        }
        Some(way) if all && way.distance == depth => way.before.push((from, edge)),
        Some(_) => {}
    }
}
