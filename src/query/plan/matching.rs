//! `MATCH`: the cheapest start, then again and again the cheapest step.

use super::selectivity::Judge;
use super::{Draft, Known, Operation, OperationKind, Planner, Seek};
use crate::query::semantics::bound::{BoundMatch, BoundPattern, BoundRelationship, Expression, Kind, Labels, Variable};
use crate::query::source::{Key, Label};
use crate::query::syntax::Span;
use crate::query::syntax::tree::{BinaryOperator, ComparisonOperator, PathSearch};

/// The planning of one `MATCH`.
pub(super) struct MatchPlanner<'p, 'a, 'c> {
    pub(super) planner: &'p mut Planner<'a>,
    pub(super) clause: &'c BoundMatch,
    /// Whether it matters how often a row comes.
    pub(super) often: bool,
    pub(super) known: Known,
    pub(super) operations: Vec<Operation>,
    pub(super) rows: f64,
    predicates: Vec<Predicate<'c>>,
    /// By pattern and place, which relationships are planned.
    done: Vec<Vec<bool>>,
    /// Relationships of this clause that have a value.
    pub(super) walked: Vec<&'c BoundRelationship>,
}

/// A condition and what it waits for.
struct Predicate<'c> {
    expression: &'c Expression,
    /// The variables of this clause that it reads.
    waits_for: Vec<Variable>,
    /// The variable whose label it says, and the label, if that is all it says.
    label: Option<(Variable, Label)>,
    done: bool,
}

/// A relationship of the clause.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) pattern: usize,
    pub(super) relationship: usize,
}

/// How a scan begins.
enum Start<'c> {
    All(Option<(Label, usize)>),
    Seek {
        key: Key,
        name: &'c std::sync::Arc<str>,
        value: &'c Expression,
        any: bool,
        predicate: usize,
        label: Option<Label>,
    },
}

impl<'a, 'c> MatchPlanner<'_, 'a, 'c> {
    pub(super) fn plan(planner: &mut Planner<'a>, clause: &'c BoundMatch, often: bool, draft: &mut Draft) {
        let predicates = clause.predicates.iter().map(|expression| Predicate::new(expression, clause)).collect();
        let done = clause.patterns.iter().map(|pattern| vec![false; pattern.relationships.len()]).collect();
        let mut matching = MatchPlanner {
            planner: &mut *planner,
            clause,
            often,
            known: draft.known.clone(),
            operations: Vec::new(),
            rows: if clause.optional { 1.0 } else { draft.rows },
            predicates,
            done,
            walked: Vec::new(),
        };
        matching.all();
        let (operations, known, rows) = (matching.operations, matching.known, matching.rows);
        draft.known = known;
        if !clause.optional {
            draft.operations.extend(operations);
            draft.rows = rows;
            return;
        }
        draft.rows *= rows.max(1.0);
        let nulls = clause.introduced.iter().chain(clause.patterns.iter().filter_map(|pattern| pattern.path.as_ref()));
        let kind = OperationKind::Optional { operations, nulls: nulls.copied().collect() };
        let operation = planner.operation(kind, draft.rows);
        draft.operations.push(operation);
    }

    fn all(&mut self) {
        self.bound_nodes();
        self.filters();
        loop {
            if let Some(place) = self.cheapest_step() {
                self.step(place);
            } else if let Some(node) = self.cheapest_start() {
                self.start(node);
            } else {
                break;
            }
            self.filters();
        }
        self.paths();
        self.filters();
    }

    /// A node that stands alone and was bound before must still be one: an `OPTIONAL MATCH` may have left it null.
    fn bound_nodes(&mut self) {
        let alone = self.clause.patterns.iter().filter(|pattern| pattern.relationships.is_empty());
        for node in alone.flat_map(|pattern| pattern.nodes.clone()) {
            if self.known.has(node) {
                let variable = Box::new(Expression::variable(node, Span::default()));
                let there = Expression::new(Kind::IsNull(variable, true), Span::default());
                self.push(OperationKind::Filter(there));
            }
        }
    }

    /// The relationship that is cheapest to walk from what is known.
    fn cheapest_step(&self) -> Option<Place> {
        let mut best: Option<(f64, Place)> = None;
        for (pattern, flags) in self.done.iter().enumerate() {
            for (relationship, done) in flags.iter().enumerate() {
                let place = Place { pattern, relationship };
                if *done {
                    continue;
                }
                if let Some(cost) = self.step_cost(place)
                    && best.is_none_or(|(held, _)| cost < held)
                {
                    best = Some((cost, place));
                }
            }
        }
        best.map(|(_, place)| place)
    }

    /// The unbound node that is cheapest to begin with.
    fn cheapest_start(&self) -> Option<Variable> {
        let nodes = self.clause.patterns.iter().flat_map(|pattern| &pattern.nodes);
        let unknown = nodes.copied().filter(|node| !self.known.has(*node));
        unknown.min_by(|a, b| self.start_cost(*a).total_cmp(&self.start_cost(*b)))
    }

    /// How many rows a scan of the node gives.
    pub(super) fn start_cost(&self, node: Variable) -> f64 {
        match self.start_of(node) {
            Start::All(label) => self.planner.statistics.nodes(label.map(|(label, _)| label)),
            Start::Seek { key, label, any, .. } => {
                let one = self.planner.statistics.matches(label, key);
                if any { one * 3.0 } else { one }
            }
        }
    }

    fn start_of(&self, node: Variable) -> Start<'c> {
        let label = self.label_of(node);
        let seeks = self.predicates.iter().enumerate().filter(|(_, predicate)| !predicate.done);
        let mut seeks = seeks;
        let seek = seeks.find_map(|(place, predicate)| self.seek_of(node, predicate, place, label));
        seek.unwrap_or(Start::All(label))
    }

    /// The rarest label that the node must have, and the condition that says so.
    pub(super) fn label_of(&self, node: Variable) -> Option<(Label, usize)> {
        let labels = self.predicates.iter().enumerate().filter_map(|(place, predicate)| {
            predicate.label.filter(|(labelled, _)| *labelled == node).map(|(_, label)| (label, place))
        });
        let count = |label| self.planner.statistics.nodes(Some(label));
        labels.min_by(|a, b| count(a.0).total_cmp(&count(b.0)))
    }

    fn seek_of(
        &self,
        node: Variable,
        predicate: &Predicate<'c>,
        place: usize,
        label: Option<(Label, usize)>,
    ) -> Option<Start<'c>> {
        let (property, value, any) = match &predicate.expression.kind {
            Kind::Comparison(ComparisonOperator::Equal, left, right) => {
                if is_property_of(left, node) {
                    (left, right, false)
                } else {
                    (right, left, false)
                }
            }
            Kind::Binary(BinaryOperator::In, left, right) => (left, right, true),
            _ => return None,
        };
        let Kind::Property(subject, Some(key), name) = &property.kind else { return None };
        if subject.as_variable() != Some(node) || value.reads(node) || !self.is_ready(value) {
            return None;
        }
        let label = label.map(|(label, _)| label);
        Some(Start::Seek { key: *key, name, value, any, predicate: place, label })
    }

    /// Whether all that the expression reads of this clause has a value.
    fn is_ready(&self, expression: &Expression) -> bool {
        let mut ready = true;
        expression.for_each_variable(&mut |variable| {
            ready &= !self.clause.introduced.contains(&variable) || self.known.has(variable);
        });
        ready
    }

    pub(super) fn start(&mut self, node: Variable) {
        let kind = match self.start_of(node) {
            Start::All(label) => {
                if let Some((_, place)) = label {
                    self.predicates[place].done = true;
                }
                self.rows *= self.planner.statistics.nodes(label.map(|(label, _)| label));
                OperationKind::Nodes { variable: node, label: label.map(|(label, _)| label) }
            }
            Start::Seek { key, name, value, any, predicate, label } => {
                self.predicates[predicate].done = true;
                self.rows *= self.planner.statistics.matches(label, key);
                let condition = self.planner.ready(self.predicates[predicate].expression.clone());
                let (name, value) = (std::sync::Arc::clone(name), self.planner.ready(value.clone()));
                OperationKind::Seek(Box::new(Seek { variable: node, label, key, name, value, any, condition }))
            }
        };
        self.known.add(node);
        self.push(kind);
    }

    pub(super) fn push(&mut self, kind: OperationKind) {
        let operation = self.planner.operation(kind, self.rows);
        self.operations.push(operation);
    }

    /// The conditions whose variables all have a value by now.
    fn filters(&mut self) {
        for place in 0..self.predicates.len() {
            let predicate = &self.predicates[place];
            if predicate.done || !predicate.waits_for.iter().all(|variable| self.known.has(*variable)) {
                continue;
            }
            self.predicates[place].done = true;
            let expression = self.planner.ready(self.predicates[place].expression.clone());
            self.rows *= self.share(&expression);
            self.push(OperationKind::Filter(expression));
        }
    }

    fn share(&self, condition: &Expression) -> f64 {
        let label_of = |variable| self.label_of(variable).map(|(label, _)| label);
        Judge { statistics: self.planner.statistics, label_of: &label_of }.share(condition)
    }

    /// Paths that somebody reads.
    fn paths(&mut self) {
        let clause = self.clause;
        for pattern in &clause.patterns {
            let Some(path) = pattern.path else { continue };
            if self.known.has(path) || !self.is_read(path) {
                continue;
            }
            self.known.add(path);
            let relationships = pattern.relationships.iter().map(|relationship| relationship.variable).collect();
            self.push(OperationKind::Path { variable: path, nodes: pattern.nodes.clone(), relationships });
        }
    }

    pub(super) fn pattern(&self, place: Place) -> &'c BoundPattern {
        &self.clause.patterns[place.pattern]
    }

    pub(super) fn relationship(&self, place: Place) -> &'c BoundRelationship {
        &self.pattern(place).relationships[place.relationship]
    }

    /// The nodes at both ends, in reading order.
    pub(super) fn ends(&self, place: Place) -> (Variable, Variable) {
        let nodes = &self.pattern(place).nodes;
        (nodes[place.relationship], nodes[place.relationship + 1])
    }

    pub(super) fn finish(&mut self, place: Place) {
        self.done[place.pattern][place.relationship] = true;
    }

    /// Takes the condition on a node's label, to be looked at together with the step that reaches it.
    pub(super) fn take_label(&mut self, node: Variable) -> Option<Label> {
        let (label, place) = self.label_of(node)?;
        if self.predicates[place].done {
            return None;
        }
        self.predicates[place].done = true;
        Some(label)
    }

    /// Whether a list of relationships, or the path it belongs to, is read by anybody.
    pub(super) fn is_list_read(&self, place: Place) -> bool {
        let pattern = self.pattern(place);
        pattern.path.is_some_and(|path| self.is_read(path)) || self.is_named_and_read(place)
    }

    /// Whether a list of relationships is read by its own name.
    pub(super) fn is_named_and_read(&self, place: Place) -> bool {
        self.planner.reads[self.relationship(place).variable.index()] > 1
    }

    pub(super) fn is_read(&self, variable: Variable) -> bool {
        self.planner.reads[variable.index()] > 0
    }

    pub(super) fn is_search(&self, place: Place) -> bool {
        self.pattern(place).search != PathSearch::All
    }
}

impl<'c> Predicate<'c> {
    fn new(expression: &'c Expression, clause: &BoundMatch) -> Self {
        let mut waits_for = Vec::new();
        let paths: Vec<Variable> = clause.patterns.iter().filter_map(|pattern| pattern.path).collect();
        expression.for_each_variable(&mut |variable| {
            let ours = clause.introduced.contains(&variable) || paths.contains(&variable);
            if ours && !waits_for.contains(&variable) {
                waits_for.push(variable);
            }
        });
        Self { expression, waits_for, label: label_said(expression), done: false }
    }
}

fn label_said(expression: &Expression) -> Option<(Variable, Label)> {
    let Kind::HasLabels(subject, Labels::One { label: Some(label), .. }) = &expression.kind else { return None };
    subject.as_variable().map(|variable| (variable, *label))
}

fn is_property_of(expression: &Expression, node: Variable) -> bool {
    matches!(&expression.kind, Kind::Property(subject, Some(_), _) if subject.as_variable() == Some(node))
}
