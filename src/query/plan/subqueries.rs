//! Subqueries inside expressions get their plans.

use std::sync::Arc;

use super::{Planner, Wanted};
use crate::query::semantics::bound::{Expression, Kind, Subquery};

impl Planner<'_> {
    /// The expression with a plan in each of its subqueries.
    pub(super) fn ready(&mut self, expression: Expression) -> Expression {
        if !has_subquery(&expression) {
            return expression;
        }
        let span = expression.span;
        let mut expression = expression.map_parts(&mut |part| self.ready(part));
        match &mut expression.kind {
            Kind::Exists(subquery) => self.plan_subquery(subquery, Wanted::Existence),
            Kind::Count(subquery) | Kind::Collect(subquery, _) => self.plan_subquery(subquery, Wanted::Rows),
            _ => {}
        }
        Expression::new(expression.kind, span)
    }

    fn plan_subquery(&mut self, subquery: &mut Subquery, wanted: Wanted) {
        self.count_reads(&subquery.query);
        let outer = subquery.outer.clone();
        subquery.plan = Some(Arc::new(self.query(&subquery.query, &outer, wanted)));
    }
}

fn has_subquery(expression: &Expression) -> bool {
    if matches!(expression.kind, Kind::Exists(_) | Kind::Count(_) | Kind::Collect(..)) {
        return true;
    }
    let mut found = false;
    expression.for_each_part(&mut |part| found |= has_subquery(part));
    found
}
