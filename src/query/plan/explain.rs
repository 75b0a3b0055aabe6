//! A plan as a tree that people can read.

use super::{Gathering, Operation, OperationKind, PartPlan, Plan, Segment};
use crate::graph::Direction;
use crate::query::plan::{Expand, ExpandMany};
use crate::query::semantics::bound::{Names, Variable};

/// One line of an explained plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// What is done.
    pub operation: &'static str,
    /// With what.
    pub details: String,
    /// How many rows were expected.
    pub estimated_rows: f64,
    /// How many rows came; only where the query was run to know it.
    pub rows: Option<u64>,
    /// What is done inside of it.
    pub children: Vec<Node>,
}

/// Describes a plan, in the order in which it is carried out. `rows` by operation number.
pub fn describe(plan: &Plan, names: &Names, rows: Option<&[u64]>) -> Vec<Node> {
    let mut nodes = Vec::new();
    let describer = Describer { names, rows };
    for (place, part) in plan.parts.iter().enumerate() {
        let described = describer.part(part);
        if plan.parts.len() == 1 {
            return described;
        }
        let operation = if place == 0 { "Union" } else { "UnionPart" };
        let details = format!("part {} of {}", place + 1, plan.parts.len());
        nodes.push(Node {
            operation,
            details,
            estimated_rows: last_estimate(&described),
            rows: None,
            children: described,
        });
    }
    nodes
}

/// A described plan as text: a line an operation, what is inside of it indented.
pub fn tree_text(nodes: &[Node]) -> String {
    let mut text = String::new();
    nodes.iter().for_each(|node| add_lines(node, 0, &mut text));
    text
}

fn add_lines(node: &Node, depth: usize, text: &mut String) {
    let name = format!("{}{} {}", "  ".repeat(depth), node.operation, node.details);
    let rows = node.rows.map_or_else(String::new, |rows| format!("  rows {rows}"));
    text.push_str(&format!("{name:<60}  estimated {:.1}{rows}\n", node.estimated_rows));
    node.children.iter().for_each(|child| add_lines(child, depth + 1, text));
}

fn last_estimate(nodes: &[Node]) -> f64 {
    nodes.last().map_or(0.0, |node| node.estimated_rows)
}

struct Describer<'a> {
    names: &'a Names,
    rows: Option<&'a [u64]>,
}

impl Describer<'_> {
    fn part(&self, part: &PartPlan) -> Vec<Node> {
        part.segments.iter().flat_map(|segment| self.segment(segment)).collect()
    }

    fn segment(&self, segment: &Segment) -> Vec<Node> {
        let operations = segment.operations.iter().map(|operation| self.operation(operation));
        operations.chain(segment.gathering.iter().map(|gathering| self.gathering(gathering))).collect()
    }

    fn node(&self, operation: &'static str, details: String, estimate: f64, number: usize) -> Node {
        let rows = self.rows.and_then(|rows| rows.get(number)).copied();
        Node { operation, details, estimated_rows: estimate, rows, children: Vec::new() }
    }

    fn operation(&self, operation: &Operation) -> Node {
        let (name, details) = self.words(&operation.kind);
        let mut node = self.node(name, details, operation.estimate, operation.number);
        if let OperationKind::Optional { operations, .. } = &operation.kind {
            node.children = operations.iter().map(|operation| self.operation(operation)).collect();
        }
        node
    }

    fn words(&self, kind: &OperationKind) -> (&'static str, String) {
        match kind {
            OperationKind::Nodes { variable, label: None } => ("AllNodes", self.name(*variable)),
            OperationKind::Nodes { variable, label: Some(_) } => ("NodesByLabel", self.name(*variable)),
            OperationKind::Seek(seek) => {
                let how = if seek.any { "IN" } else { "=" };
                ("NodeSeek", format!("{}.{} {how} …", self.name(seek.variable), seek.name))
            }
            OperationKind::Expand(expand) if expand.to_known => ("ExpandInto", self.arrow(expand, "")),
            OperationKind::Expand(expand) => ("Expand", self.arrow(expand, "")),
            OperationKind::ExpandMany(many) => ("ExpandPaths", self.arrow(&many.step, &lengths(many))),
            OperationKind::Reach(many) => ("Reach", self.arrow(&many.step, &lengths(many))),
            OperationKind::Shortest(shortest) => {
                let name = if shortest.all { "AllShortestPaths" } else { "ShortestPath" };
                (name, self.arrow(&shortest.paths.step, &lengths(&shortest.paths)))
            }
            OperationKind::Ends(expand) => ("RelationshipEnds", self.arrow(expand, "")),
            OperationKind::Path { variable, .. } => ("Path", self.name(*variable)),
            OperationKind::Filter(_) => ("Filter", String::new()),
            OperationKind::Unwind { variable, .. } => ("Unwind", self.name(*variable)),
            OperationKind::Optional { .. } => ("Optional", String::new()),
            OperationKind::Call(call) => ("Call", call.name.to_string()),
            OperationKind::Compute(items) => ("Compute", self.list(items.iter().map(|(variable, _)| *variable))),
            OperationKind::Distinct(variables) => ("Distinct", self.list(variables.iter().copied())),
            OperationKind::Skip(_) => ("Skip", String::new()),
            OperationKind::Limit(_) => ("Limit", String::new()),
        }
    }

    fn gathering(&self, gathering: &Gathering) -> Node {
        match gathering {
            Gathering::Groups { keys, number, estimate, .. } => {
                let details = self.list(keys.iter().map(|(variable, _)| *variable));
                self.node("Aggregate", details, *estimate, *number)
            }
            Gathering::Sorted { limit, kept, number, estimate, .. } => {
                let name = if limit.is_some() { "Top" } else { "Sort" };
                self.node(name, self.list(kept.iter().copied()), *estimate, *number)
            }
        }
    }

    fn arrow(&self, expand: &Expand, lengths: &str) -> String {
        let (left, right) = match expand.direction {
            Direction::Outgoing => ("-", "->"),
            Direction::Incoming => ("<-", "-"),
            Direction::Both => ("-", "-"),
        };
        let relationship = &self.names.variables[expand.relationship.index()].name;
        format!("({}){left}[{relationship}{lengths}]{right}({})", self.name(expand.from), self.name(expand.to))
    }

    fn list(&self, variables: impl Iterator<Item = Variable>) -> String {
        variables.map(|variable| self.name(variable)).collect::<Vec<_>>().join(", ")
    }

    fn name(&self, variable: Variable) -> String {
        let name = &self.names.variables[variable.index()].name;
        if name.is_empty() { format!("_{}", variable.0) } else { name.to_string() }
    }
}

fn lengths(many: &ExpandMany) -> String {
    match many.maximum {
        None => format!("*{}..", many.minimum),
        Some(maximum) => format!("*{}..{maximum}", many.minimum),
    }
}
