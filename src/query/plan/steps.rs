//! The steps of a `MATCH`: which operation walks a relationship, and what it costs.

use super::matching::{MatchPlanner, Place};
use super::{Expand, ExpandMany, OperationKind, Shortest};
use crate::graph::Direction;
use crate::query::semantics::bound::{BoundLength, BoundRelationship, Variable};
use crate::query::syntax::tree::{PathSearch, PatternDirection};

/// Below so many rows, the other end of a shortest path is better found first.
const FEW: f64 = 16.0;
/// How many steps deep a path without limit is taken to lead, for estimates.
const GUESSED_DEPTH: f64 = 4.0;

impl MatchPlanner<'_, '_, '_> {
    /// By how much a step multiplies the rows; nothing where it cannot be taken yet.
    pub(super) fn step_cost(&self, place: Place) -> Option<f64> {
        let (left, right) = self.ends(place);
        let relationship = self.relationship(place);
        if relationship.bound_before && relationship.length.is_none() {
            return Some(0.5);
        }
        let (knows_left, knows_right) = (self.known.has(left), self.known.has(right));
        if self.is_search(place) {
            return self.search_cost(left, right, knows_left, knows_right);
        }
        match (knows_left, knows_right) {
            (false, false) => None,
            (true, true) => Some(0.1),
            (true, false) => Some(self.fan_out(relationship, left, right, false)),
            (false, true) => Some(self.fan_out(relationship, right, left, true)),
        }
    }

    /// Shortest paths are found from one end to the other; the other end first where it is cheap to find.
    fn search_cost(&self, left: Variable, right: Variable, knows_left: bool, knows_right: bool) -> Option<f64> {
        match (knows_left, knows_right) {
            (false, false) => None,
            (true, true) => Some(1.0),
            (true, false) => self.one_sided(right),
            (false, true) => self.one_sided(left),
        }
    }

    fn one_sided(&self, unknown: Variable) -> Option<f64> {
        let cost = self.start_cost(unknown);
        (cost > FEW).then(|| self.planner.statistics.nodes(None))
    }

    fn fan_out(&self, relationship: &BoundRelationship, from: Variable, to: Variable, backward: bool) -> f64 {
        let direction = seen(relationship.direction, backward);
        let statistics = self.planner.statistics;
        let [label, to] = [from, to].map(|node| self.label_of(node).map(|(label, _)| label));
        let kinds = relationship.kinds.as_deref();
        let Some(length) = &relationship.length else {
            return statistics.degree(label, direction, kinds, to);
        };
        let share = to.map_or(1.0, |label| statistics.nodes(Some(label)) / statistics.nodes(None).max(1.0));
        many(statistics.degree(None, direction, kinds, None), length) * share.clamp(0.01, 1.0)
    }

    pub(super) fn step(&mut self, place: Place) {
        self.finish(place);
        let relationship = self.relationship(place);
        let (left, right) = self.ends(place);
        if self.is_search(place) && relationship.length.is_some() {
            self.search(place);
        } else if relationship.bound_before && relationship.length.is_none() {
            let expand = self.expand(relationship, left, right, false);
            self.rows *= 0.5;
            self.learn(relationship, left, right);
            self.push(OperationKind::Ends(Box::new(expand)));
        } else {
            self.walk(place);
        }
    }

    fn walk(&mut self, place: Place) {
        let relationship = self.relationship(place);
        let (left, right) = self.ends(place);
        let backward = self.is_cheaper_backward(relationship, left, right);
        let (from, to) = if backward { (right, left) } else { (left, right) };
        let factor = if self.known.has(to) { 0.1 } else { self.fan_out(relationship, from, to, backward) };
        self.rows *= factor;
        let expand = self.expand(relationship, from, to, backward);
        match &relationship.length {
            None => {
                let relationship_wanted = self.is_list_read(place) || self.is_compared_later(place);
                self.push(OperationKind::Expand(Box::new(Expand { relationship_wanted, ..expand })));
            }
            Some(length) => {
                let many = self.many(place, length, expand, backward);
                let kind = if self.is_reach(&many) { OperationKind::Reach } else { OperationKind::ExpandMany };
                self.push(kind(Box::new(many)));
            }
        }
        self.learn(relationship, left, right);
    }

    /// Which end to walk from where both are known, or the one that is.
    fn is_cheaper_backward(&self, relationship: &BoundRelationship, left: Variable, right: Variable) -> bool {
        match (self.known.has(left), self.known.has(right)) {
            (true, true) => {
                self.fan_out(relationship, right, left, true) < self.fan_out(relationship, left, right, false)
            }
            (knows_left, _) => !knows_left,
        }
    }

    fn expand(&mut self, relationship: &BoundRelationship, from: Variable, to: Variable, backward: bool) -> Expand {
        let unlike = if self.is_search_of(relationship) { Vec::new() } else { self.unlike(relationship) };
        let to_known = self.known.has(to);
        Expand {
            from,
            relationship: relationship.variable,
            to,
            from_label: self.label_of(from).map(|(label, _)| label),
            direction: seen(relationship.direction, backward),
            kinds: relationship.kinds.clone(),
            from_known: self.known.has(from),
            to_known,
            to_label: if to_known || from == to { None } else { self.take_label(to) },
            unlike,
            relationship_wanted: true,
        }
    }

    /// The relationships of this clause that have a value and might be the same.
    fn unlike(&self, relationship: &BoundRelationship) -> Vec<Variable> {
        let others = self.walked.iter().filter(|other| may_be_same(other, relationship));
        others.map(|other| other.variable).collect()
    }

    fn is_search_of(&self, relationship: &BoundRelationship) -> bool {
        self.clause.patterns.iter().any(|pattern| {
            pattern.search != PathSearch::All
                && pattern.relationships.iter().any(|held| held.variable == relationship.variable)
        })
    }

    fn many(&mut self, place: Place, length: &BoundLength, step: Expand, backward: bool) -> ExpandMany {
        let predicates = length.predicates.iter().map(|predicate| self.planner.ready(predicate.clone())).collect();
        ExpandMany {
            each: length.step,
            predicates,
            minimum: length.minimum,
            maximum: length.maximum,
            list_wanted: self.is_list_read(place) || self.is_compared_later(place),
            backward,
            given: self.relationship(place).bound_before,
            step,
        }
    }

    /// Whether a later step of this clause must be unlike the relationships of this one.
    fn is_compared_later(&self, place: Place) -> bool {
        let relationship = self.relationship(place);
        let others = self.clause.patterns.iter().flat_map(|pattern| &pattern.relationships);
        others.filter(|other| other.variable != relationship.variable).any(|other| {
            may_be_same(other, relationship) && !self.walked.iter().any(|held| held.variable == other.variable)
        })
    }

    /// Whether each end once is enough: nobody reads the path, and no other relationship has to differ from it.
    fn is_reach(&self, many: &ExpandMany) -> bool {
        !self.often
            && !many.list_wanted
            && !many.given
            && many.predicates.is_empty()
            && many.step.unlike.is_empty()
            && many.minimum <= 1
    }

    fn search(&mut self, place: Place) {
        let relationship = self.relationship(place);
        let Some(length) = &relationship.length else { return };
        let (left, right) = self.ends(place);
        let backward = !self.known.has(left);
        let (from, to) = if backward { (right, left) } else { (left, right) };
        let step = self.expand(relationship, from, to, backward);
        let mut paths = self.many(place, length, step, backward);
        let pattern = self.pattern(place);
        // A search has one relationship, so that its path is that of the whole pattern.
        let path = pattern.path.filter(|path| pattern.relationships.len() == 1 && self.is_read(*path));
        paths.list_wanted = self.is_named_and_read(place) || (path.is_none() && self.is_list_read(place));
        let all = pattern.search == PathSearch::AllShortest;
        self.push(OperationKind::Shortest(Box::new(Shortest { paths, all, path })));
        path.into_iter().for_each(|path| self.known.add(path));
        self.known.add(relationship.variable);
        self.known.add(left);
        self.known.add(right);
    }

    fn learn(&mut self, relationship: &BoundRelationship, left: Variable, right: Variable) {
        let found = self.clause.patterns.iter().flat_map(|pattern| &pattern.relationships);
        self.walked.extend(found.filter(|held| held.variable == relationship.variable));
        self.known.add(relationship.variable);
        self.known.add(left);
        self.known.add(right);
    }
}

/// The direction of a pattern as a walk along or against its reading order sees it.
fn seen(direction: PatternDirection, backward: bool) -> Direction {
    match (direction, backward) {
        (PatternDirection::Either, _) => Direction::Both,
        (PatternDirection::Right, false) | (PatternDirection::Left, true) => Direction::Outgoing,
        (PatternDirection::Left, false) | (PatternDirection::Right, true) => Direction::Incoming,
    }
}

/// Two relationships with no kind in common are never the same.
fn may_be_same(a: &BoundRelationship, b: &BoundRelationship) -> bool {
    match (&a.kinds, &b.kinds) {
        (Some(a), Some(b)) => a.iter().any(|kind| b.contains(kind)),
        _ => true,
    }
}

/// How many paths there are of some length, if each node leads to so many others.
fn many(one: f64, length: &BoundLength) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    let depth = length.maximum.map_or(GUESSED_DEPTH, |maximum| (maximum as f64).min(GUESSED_DEPTH));
    one.max(1.1).powf(depth.max(1.0))
}
