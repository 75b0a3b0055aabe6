//! Patterns: every assignment of nodes and relationships is tried in the order in which the pattern is written.

use std::collections::BTreeMap;
use std::sync::Arc;

use ezu::graph::{Edge, Node};
use ezu::query::error::QueryError;
use ezu::query::source::Facts;
use ezu::query::syntax::tree::{
    Expression, LabelExpression, Length, NodePattern, PathPattern, PathSearch, PatternDirection, RelationshipPattern,
};
use ezu::query::value::access::property;
use ezu::query::value::equality::equal;
use ezu::query::value::{Path, Value};

use super::clauses::with;
use super::{Row, World, wrong_type};

/// A way to assign what has been read of the patterns so far.
#[derive(Clone)]
struct Walk<'p> {
    row: Row,
    /// The relationships that this `MATCH` has used: none twice.
    used: Vec<Edge>,
    /// The path that is being walked.
    nodes: Vec<Node>,
    relationships: Vec<Edge>,
    /// What must hold of the things found, once all variables are known.
    conditions: Vec<Condition<'p>>,
}

/// Properties, and GQL's `WHERE` in the pattern of one thing.
#[derive(Clone)]
struct Condition<'p> {
    thing: Value,
    variable: Option<&'p Arc<str>>,
    properties: Option<&'p Expression>,
    predicate: Option<&'p Expression>,
}

impl World<'_> {
    /// All ways in which patterns match, as extensions of a row.
    pub(super) fn matches(
        &self,
        patterns: &[PathPattern],
        predicate: Option<&Expression>,
        row: &Row,
    ) -> Result<Vec<Row>, QueryError> {
        let start = Walk {
            row: row.clone(),
            used: Vec::new(),
            nodes: Vec::new(),
            relationships: Vec::new(),
            conditions: Vec::new(),
        };
        let mut walks = vec![start];
        for pattern in patterns {
            let mut next = Vec::new();
            for walk in walks {
                next.extend(self.paths(pattern, &walk)?);
            }
            walks = next;
        }
        let mut rows = Vec::new();
        for walk in walks {
            let wanted = match predicate {
                Some(predicate) => self.conditions_hold(&walk)? && self.holds(predicate, &walk.row)?,
                None => self.conditions_hold(&walk)?,
            };
            rows.extend(wanted.then_some(walk.row));
        }
        Ok(rows)
    }

    /// All ways to continue with one more path.
    fn paths<'p>(&self, pattern: &'p PathPattern, before: &Walk<'p>) -> Result<Vec<Walk<'p>>, QueryError> {
        let fresh = Walk { nodes: Vec::new(), relationships: Vec::new(), ..before.clone() };
        let mut walks: Vec<Walk<'p>> =
            self.graph.all_nodes().filter_map(|node| self.at_node(&fresh, node, &pattern.start)).collect();
        for (relationship, node) in &pattern.steps {
            walks = walks
                .iter()
                .flat_map(|walk| self.along(walk, relationship))
                .filter_map(|walk| {
                    let end = *walk.nodes.last().expect("a walk has a start");
                    self.allowed_at(&walk, end, node)
                })
                .collect();
        }
        let walks = self.chosen(pattern.search, walks)?;
        Ok(walks.into_iter().filter_map(|walk| bind_path(pattern, walk)).collect())
    }

    fn at_node<'p>(&self, walk: &Walk<'p>, node: Node, pattern: &'p NodePattern) -> Option<Walk<'p>> {
        let mut walk = self.allowed_at(walk, node, pattern)?;
        walk.nodes.push(node);
        Some(walk)
    }

    /// The walk, with the node's variable, where the pattern of the node allows it to be there.
    fn allowed_at<'p>(&self, walk: &Walk<'p>, node: Node, pattern: &'p NodePattern) -> Option<Walk<'p>> {
        let labels = self.graph.labels(node);
        if !pattern.labels.as_ref().is_none_or(|wanted| labelled(&labels, wanted)) {
            return None;
        }
        let variable = pattern.variable.as_ref().map(|name| &name.text);
        let row = bind(&walk.row, variable, Value::Node(node))?;
        let mut walk = Walk { row, ..walk.clone() };
        walk.conditions.push(Condition {
            thing: Value::Node(node),
            variable,
            properties: pattern.properties.as_ref(),
            predicate: pattern.predicate.as_ref(),
        });
        Some(walk)
    }

    /// All ways along one relationship pattern, the variable bound.
    fn along<'p>(&self, walk: &Walk<'p>, pattern: &'p RelationshipPattern) -> Vec<Walk<'p>> {
        let variable = pattern.variable.as_ref().map(|name| &name.text);
        let before = walk.relationships.len();
        let walks = match pattern.length {
            None => self.one_step(walk, pattern),
            Some(length) => self.many_steps(walk, pattern, length),
        };
        let bound = |walk: Walk<'p>| {
            let walked = &walk.relationships[before..];
            let value = match pattern.length {
                None => Value::Relationship(walked[0]),
                Some(_) => Value::list(walked.iter().map(|edge| Value::Relationship(*edge))),
            };
            Some(Walk { row: bind(&walk.row, variable, value)?, ..walk })
        };
        walks.into_iter().filter_map(bound).collect()
    }

    /// All ways over a number of relationships that is allowed.
    fn many_steps<'p>(&self, walk: &Walk<'p>, pattern: &'p RelationshipPattern, length: Length) -> Vec<Walk<'p>> {
        let (least, most) = (length.minimum.unwrap_or(1), length.maximum.unwrap_or(u64::MAX));
        let mut found = Vec::new();
        let mut walks = vec![walk.clone()];
        let mut steps = 0;
        while !walks.is_empty() && steps <= most {
            if steps >= least {
                found.extend(walks.iter().cloned());
            }
            walks = walks.iter().flat_map(|walk| self.one_step(walk, pattern)).collect();
            steps += 1;
        }
        found
    }

    /// All ways over one relationship.
    fn one_step<'p>(&self, walk: &Walk<'p>, pattern: &'p RelationshipPattern) -> Vec<Walk<'p>> {
        let from = *walk.nodes.last().expect("a walk has a start");
        let mut found = Vec::new();
        for (edge, relationship) in self.graph.all_relationships() {
            let name = self.graph.type_of(relationship);
            if walk.used.contains(&edge) || !(pattern.types.is_empty() || pattern.types.iter().any(|t| t.text == *name))
            {
                continue;
            }
            let ends = (relationship.source, relationship.target);
            found.extend(next_node(from, ends, pattern.direction).map(|to| over(walk, pattern, edge, to)));
        }
        found
    }

    /// Of the paths that fit, those that are asked for, for each pair of ends.
    fn chosen<'p>(&self, search: PathSearch, walks: Vec<Walk<'p>>) -> Result<Vec<Walk<'p>>, QueryError> {
        if search == PathSearch::All {
            return Ok(walks);
        }
        let mut by_ends: BTreeMap<(Node, Node), Vec<Walk<'p>>> = BTreeMap::new();
        for walk in walks {
            if self.conditions_hold(&walk)? {
                by_ends.entry((walk.nodes[0], walk.nodes[walk.nodes.len() - 1])).or_default().push(walk);
            }
        }
        Ok(by_ends.into_values().flat_map(|walks| of_one_pair(search, walks)).collect())
    }

    fn conditions_hold(&self, walk: &Walk<'_>) -> Result<bool, QueryError> {
        for condition in &walk.conditions {
            if !self.condition_holds(condition, &walk.row)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn condition_holds(&self, condition: &Condition<'_>, row: &Row) -> Result<bool, QueryError> {
        if let Some(properties) = condition.properties
            && !self.has_properties(&condition.thing, &self.evaluate(properties, row)?)?
        {
            return Ok(false);
        }
        let Some(predicate) = condition.predicate else { return Ok(true) };
        match condition.variable {
            Some(variable) => self.holds(predicate, &with(row, variable, condition.thing.clone())),
            None => self.holds(predicate, row),
        }
    }

    fn has_properties(&self, thing: &Value, wanted: &Value) -> Result<bool, QueryError> {
        let Value::Map(wanted) = wanted else { return Err(wrong_type("properties are a map", wanted)) };
        for (key, value) in wanted.iter() {
            if equal(&property(thing, key, self.graph)?, value) != Some(true) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// The walk, one relationship further.
fn over<'p>(walk: &Walk<'p>, pattern: &'p RelationshipPattern, edge: Edge, to: Node) -> Walk<'p> {
    let mut walk = walk.clone();
    walk.used.push(edge);
    walk.nodes.push(to);
    walk.relationships.push(edge);
    walk.conditions.push(Condition {
        thing: Value::Relationship(edge),
        variable: pattern.variable.as_ref().map(|name| &name.text),
        properties: pattern.properties.as_ref(),
        predicate: pattern.predicate.as_ref(),
    });
    walk
}

/// Where one comes to from a node by a relationship with these ends.
fn next_node(from: Node, (source, target): (Node, Node), direction: PatternDirection) -> Option<Node> {
    let forwards = (source == from).then_some(target);
    let backwards = (target == from).then_some(source);
    match direction {
        PatternDirection::Right => forwards,
        PatternDirection::Left => backwards,
        PatternDirection::Either => forwards.or(backwards),
    }
}

fn of_one_pair(search: PathSearch, mut walks: Vec<Walk<'_>>) -> Vec<Walk<'_>> {
    let shortest = walks.iter().map(|walk| walk.relationships.len()).min().unwrap_or_default();
    if search != PathSearch::Any {
        walks.retain(|walk| walk.relationships.len() == shortest);
    }
    if search != PathSearch::AllShortest {
        walks.truncate(1);
    }
    walks
}

fn bind_path<'p>(pattern: &PathPattern, walk: Walk<'p>) -> Option<Walk<'p>> {
    let path = Path { nodes: walk.nodes.clone(), relationships: walk.relationships.clone() };
    let variable = pattern.variable.as_ref().map(|name| &name.text);
    Some(Walk { row: bind(&walk.row, variable, Value::Path(Arc::new(path)))?, ..walk })
}

/// The row with the variable; nothing where the variable is bound to something else.
fn bind(row: &Row, variable: Option<&Arc<str>>, value: Value) -> Option<Row> {
    let Some(variable) = variable else { return Some(row.clone()) };
    match row.get(variable) {
        None => Some(with(row, variable, value)),
        Some(bound) => (equal(bound, &value) == Some(true)).then(|| row.clone()),
    }
}

/// Whether something with these labels (or this type) is what is wanted.
pub(super) fn labelled(labels: &[Arc<str>], wanted: &LabelExpression) -> bool {
    match wanted {
        LabelExpression::Label(name) => labels.contains(&name.text),
        LabelExpression::And(a, b) => labelled(labels, a) && labelled(labels, b),
        LabelExpression::Or(a, b) => labelled(labels, a) || labelled(labels, b),
        LabelExpression::Not(a) => !labelled(labels, a),
        LabelExpression::Any(_) => !labels.is_empty(),
    }
}

/// The variables of patterns, in the order in which they are written.
pub(super) fn pattern_variables(patterns: &[PathPattern]) -> Vec<Arc<str>> {
    let mut names = Vec::new();
    for pattern in patterns {
        let steps = pattern.steps.iter().flat_map(|(edge, node)| [&edge.variable, &node.variable]);
        let all = [&pattern.variable, &pattern.start.variable].into_iter().chain(steps);
        names.extend(all.flatten().map(|name| Arc::clone(&name.text)));
    }
    names
}
