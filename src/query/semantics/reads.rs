//! Which variables a query, or a part of it, reads.

use super::bound::{BoundMatch, BoundPattern, BoundProjection, BoundQuery, Expression, Stage, Variable};

/// Called with each variable that is read.
type Visit<'v> = dyn FnMut(Variable) + 'v;

impl BoundQuery {
    /// Calls `visit` with each variable that the query reads or binds in a pattern.
    pub fn for_each_read(&self, visit: &mut Visit<'_>) {
        for part in &self.parts {
            part.stages.iter().for_each(|stage| stage.for_each_read(visit));
            part.outputs.iter().for_each(|variable| visit(*variable));
        }
    }
}

impl Stage {
    /// Calls `visit` with each variable that the stage reads or binds in a pattern.
    pub fn for_each_read(&self, visit: &mut Visit<'_>) {
        match self {
            Self::Match(clause) => clause.for_each_read(visit),
            Self::Unwind { list, .. } => list.for_each_variable(visit),
            Self::Project(projection) => projection.for_each_read(visit),
            Self::Filter(predicate) => predicate.for_each_variable(visit),
            Self::Call(call) => call.arguments.iter().for_each(|argument| argument.for_each_variable(visit)),
        }
    }
}

impl BoundMatch {
    fn for_each_read(&self, visit: &mut Visit<'_>) {
        self.patterns.iter().for_each(|pattern| pattern.for_each_read(visit));
        self.predicates.iter().for_each(|predicate| predicate.for_each_variable(visit));
    }
}

impl BoundPattern {
    fn for_each_read(&self, visit: &mut Visit<'_>) {
        self.nodes.iter().for_each(|node| visit(*node));
        for relationship in &self.relationships {
            visit(relationship.variable);
            let inner = relationship.length.iter().flat_map(|length| &length.predicates);
            inner.for_each(|predicate| predicate.for_each_variable(visit));
        }
    }
}

impl BoundProjection {
    /// Calls `visit` with each variable that the projection reads.
    pub fn for_each_read(&self, visit: &mut Visit<'_>) {
        if let Some(aggregation) = &self.aggregation {
            aggregation.keys.iter().for_each(|(_, key)| key.for_each_variable(visit));
            let arguments = aggregation.aggregates.iter().flat_map(|(_, call)| &call.arguments);
            arguments.for_each(|argument| argument.for_each_variable(visit));
        }
        self.items.iter().for_each(|(_, item)| item.for_each_variable(visit));
        self.order.iter().for_each(|key| key.expression.for_each_variable(visit));
        let rest: [&Option<Expression>; 3] = [&self.skip, &self.limit, &self.predicate];
        rest.into_iter().flatten().for_each(|expression| expression.for_each_variable(visit));
        self.outputs.iter().for_each(|output| visit(*output));
    }
}
