//! Patterns: which variables they bind, and what they ask of each.

use std::sync::Arc;

use super::Binder;
use super::bound::{BoundLength, BoundMatch, BoundPattern, BoundRelationship, Expression, Kind, Variable};
use super::operators::split_conjunction;
use crate::query::error::{ErrorDetail, QueryError};
use crate::query::syntax::tree::{self, ComparisonOperator, ExpressionKind, Name};
use crate::query::types::Type;

/// Whether a pattern may bring new names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NewNames {
    /// `MATCH`, comprehensions, `EXISTS { … }`.
    Allowed,
    /// A pattern as a truth value.
    Refused,
}

/// One `MATCH` while it is bound.
struct Clause {
    introduced: Vec<Variable>,
    predicates: Vec<Expression>,
    new_names: NewNames,
}

impl Binder<'_> {
    /// `MATCH` and what is like it. The new names stay in scope.
    pub(super) fn matching(&mut self, clause: &tree::Match, new_names: NewNames) -> Result<BoundMatch, QueryError> {
        let mut state = Clause { introduced: Vec::new(), predicates: Vec::new(), new_names };
        let mut patterns = Vec::with_capacity(clause.patterns.len());
        let mut conditions = Vec::new();
        for pattern in &clause.patterns {
            let place = patterns.len();
            patterns.push(self.path(pattern, place, &mut state, &mut conditions)?);
        }
        self.conditions(&conditions, &mut patterns, &mut state)?;
        if let Some(predicate) = &clause.predicate {
            let bound = self.predicate(predicate)?;
            split_conjunction(bound, &mut state.predicates);
        }
        Ok(BoundMatch {
            optional: clause.optional,
            patterns,
            predicates: state.predicates,
            introduced: state.introduced,
        })
    }

    fn path<'t>(
        &mut self,
        pattern: &'t tree::PathPattern,
        place: usize,
        clause: &mut Clause,
        conditions: &mut Vec<Condition<'t>>,
    ) -> Result<BoundPattern, QueryError> {
        if let Some(name) = &pattern.variable
            && self.scope.find(&name.text).is_some()
        {
            return Err(already_bound(name));
        }
        let mut nodes = vec![self.node(&pattern.start, clause, conditions)?];
        let mut relationships = Vec::with_capacity(pattern.steps.len());
        for (relationship, node) in &pattern.steps {
            let at = (place, relationships.len());
            relationships.push(self.relationship(relationship, at, clause, conditions)?);
            nodes.push(self.node(node, clause, conditions)?);
        }
        let path = pattern.variable.as_ref().map(|name| self.declare_path(name, clause)).transpose()?;
        Ok(BoundPattern { path, search: pattern.search, nodes, relationships })
    }

    fn declare_path(&mut self, name: &Name, clause: &mut Clause) -> Result<Variable, QueryError> {
        if self.scope.find(&name.text).is_some() {
            return Err(already_bound(name));
        }
        self.declare(name, Type::Path, clause)
    }

    fn node<'t>(
        &mut self,
        node: &'t tree::NodePattern,
        clause: &mut Clause,
        conditions: &mut Vec<Condition<'t>>,
    ) -> Result<Variable, QueryError> {
        let variable = match &node.variable {
            None => self.anonymous(Type::Node, clause),
            Some(name) => match self.scope.find(&name.text) {
                Some(variable) => self.expect_type(variable, &Type::Node, name)?,
                None => self.declare(name, Type::Node, clause)?,
            },
        };
        if let Some(labels) = &node.labels {
            let labels = self.labels(labels, &Type::Node)?;
            let subject = Box::new(Expression::variable(variable, node.span));
            clause.predicates.push(Expression::new(Kind::HasLabels(subject, labels), node.span));
        }
        push_condition(conditions, variable, node.properties.as_ref(), node.predicate.as_ref(), None);
        Ok(variable)
    }

    fn relationship<'t>(
        &mut self,
        pattern: &'t tree::RelationshipPattern,
        at: (usize, usize),
        clause: &mut Clause,
        conditions: &mut Vec<Condition<'t>>,
    ) -> Result<BoundRelationship, QueryError> {
        let wanted = match pattern.length {
            None => Type::Relationship,
            Some(_) => Type::list_of(Type::Relationship),
        };
        let held = pattern.variable.as_ref().and_then(|name| Some((name, self.scope.find(&name.text)?)));
        let (variable, bound_before) = match (held, &pattern.variable) {
            (Some((name, variable)), _) => (self.known_relationship(variable, &wanted, name, clause)?, true),
            (None, Some(name)) => (self.declare(name, wanted, clause)?, false),
            (None, None) => (self.anonymous(wanted, clause), false),
        };
        let kinds = self.kinds(&pattern.types)?;
        let length = pattern.length.map(|length| self.length(length));
        let long = length.as_ref().map(|_| at);
        let subject = length.as_ref().map_or(variable, |length| length.step);
        push_condition(conditions, subject, pattern.properties.as_ref(), pattern.predicate.as_ref(), long);
        Ok(BoundRelationship {
            variable,
            named: pattern.variable.is_some(),
            bound_before,
            kinds,
            direction: pattern.direction,
            length,
            span: pattern.span,
        })
    }

    fn length(&mut self, length: tree::Length) -> BoundLength {
        BoundLength {
            minimum: length.minimum.unwrap_or(1),
            maximum: length.maximum,
            step: self.names.variable("", Type::Relationship),
            predicates: Vec::new(),
        }
    }

    /// A relationship variable that is known already: from before, never twice in one clause.
    fn known_relationship(
        &self,
        variable: Variable,
        wanted: &Type,
        name: &Name,
        clause: &Clause,
    ) -> Result<Variable, QueryError> {
        let variable = self.expect_type(variable, wanted, name)?;
        if clause.introduced.contains(&variable) {
            return Err(QueryError::syntax(
                ErrorDetail::RelationshipUniquenessViolation,
                name.span,
                format!("the relationship {} cannot stand twice in one pattern: give each its own name", name.text),
            ));
        }
        Ok(variable)
    }

    /// Checks that a known variable can be what the pattern wants.
    fn expect_type(&self, variable: Variable, wanted: &Type, name: &Name) -> Result<Variable, QueryError> {
        let held = self.names.type_of(variable);
        if held.may_be(wanted) {
            return Ok(variable);
        }
        Err(QueryError::syntax(
            ErrorDetail::VariableTypeConflict,
            name.span,
            format!("{} is a {} and cannot stand here as a {}", name.text, held.name(), wanted.name()),
        ))
    }

    fn declare(&mut self, name: &Name, value_type: Type, clause: &mut Clause) -> Result<Variable, QueryError> {
        if clause.new_names == NewNames::Refused {
            return Err(self.scope.undefined(name));
        }
        let variable = self.names.variable(&name.text, value_type);
        self.scope.add(Arc::clone(&name.text), variable);
        clause.introduced.push(variable);
        Ok(variable)
    }

    fn anonymous(&mut self, value_type: Type, clause: &mut Clause) -> Variable {
        let variable = self.names.variable("", value_type);
        clause.introduced.push(variable);
        variable
    }

    fn conditions(
        &mut self,
        conditions: &[Condition<'_>],
        patterns: &mut [BoundPattern],
        clause: &mut Clause,
    ) -> Result<(), QueryError> {
        for condition in conditions {
            let mut found = Vec::new();
            if let Some(map) = condition.map {
                self.property_conditions(condition.subject, map, &mut found)?;
            }
            if let Some(predicate) = condition.predicate {
                self.inner_predicate(condition, predicate, patterns, &mut found)?;
            }
            match condition.long {
                None => clause.predicates.append(&mut found),
                Some((pattern, place)) => {
                    if let Some(length) = &mut patterns[pattern].relationships[place].length {
                        length.predicates.append(&mut found);
                    }
                }
            }
        }
        Ok(())
    }

    /// GQL's `WHERE` inside a pattern: the name of a long relationship stands for one of its steps there.
    fn inner_predicate(
        &mut self,
        condition: &Condition<'_>,
        predicate: &tree::Expression,
        patterns: &[BoundPattern],
        found: &mut Vec<Expression>,
    ) -> Result<(), QueryError> {
        let before = self.scope.len();
        if let Some((pattern, place)) = condition.long {
            let relationship = &patterns[pattern].relationships[place];
            let name = Arc::clone(&self.names.variables[relationship.variable.index()].name);
            self.scope.add(name, condition.subject);
        }
        let bound = self.predicate(predicate);
        self.scope.cut(before);
        split_conjunction(bound?, found);
        Ok(())
    }

    /// `{key: value}`: each property must equal its value.
    fn property_conditions(
        &mut self,
        subject: Variable,
        map: &tree::Expression,
        found: &mut Vec<Expression>,
    ) -> Result<(), QueryError> {
        let ExpressionKind::Map(entries) = &map.kind else {
            return Err(QueryError::syntax(
                ErrorDetail::InvalidParameterUse,
                map.span,
                "a parameter cannot stand for all properties of a pattern; write {key: $value} for each",
            ));
        };
        for (key, value) in entries {
            let (value, _) = self.expression(value)?;
            let property = self.property_of(subject, key)?;
            let kind = Kind::Comparison(ComparisonOperator::Equal, Box::new(property), Box::new(value));
            found.push(Expression::new(kind, key.span));
        }
        Ok(())
    }

    fn property_of(&self, subject: Variable, key: &Name) -> Result<Expression, QueryError> {
        let resolved = self.key(key)?;
        let subject = Box::new(Expression::variable(subject, key.span));
        Ok(Expression::new(Kind::Property(subject, resolved, Arc::clone(&key.text)), key.span))
    }
}

/// What a pattern's element asks besides labels; bound once all variables of the clause are known.
struct Condition<'t> {
    subject: Variable,
    map: Option<&'t tree::Expression>,
    predicate: Option<&'t tree::Expression>,
    /// Of a long relationship, its pattern and place: each of its steps is asked.
    long: Option<(usize, usize)>,
}

fn push_condition<'t>(
    conditions: &mut Vec<Condition<'t>>,
    subject: Variable,
    map: Option<&'t tree::Expression>,
    predicate: Option<&'t tree::Expression>,
    long: Option<(usize, usize)>,
) {
    if map.is_some() || predicate.is_some() {
        conditions.push(Condition { subject, map, predicate, long });
    }
}

fn already_bound(name: &Name) -> QueryError {
    QueryError::syntax(
        ErrorDetail::VariableAlreadyBound,
        name.span,
        format!("{} is the name of something else already; choose another name", name.text),
    )
}
