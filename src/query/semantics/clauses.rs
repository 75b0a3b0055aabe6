//! Clauses, one after the other.

use std::sync::Arc;

use super::Binder;
use super::bound::{BoundPart, BoundProjection, Stage, Variable};
use super::patterns::NewNames;
use super::scope::Scope;
use crate::query::error::{ErrorDetail, ErrorKind, QueryError};
use crate::query::syntax::Span;
use crate::query::syntax::tree::{Clause, Let, Page, SingleQuery, Unwind, Write};
use crate::query::types::Type;

/// A part of a query with the names of its columns.
type Part = (BoundPart, Vec<Arc<str>>);
/// The columns of a part, where the clause says them.
type Columns = Option<Vec<(Arc<str>, Variable)>>;

impl Binder<'_> {
    /// One part of a union, which begins with what is in scope outside of it.
    pub(super) fn part(&mut self, part: &SingleQuery, outer: Scope) -> Result<Part, QueryError> {
        self.scope = outer;
        let mut stages = Vec::with_capacity(part.clauses.len());
        let mut columns = None;
        for (place, clause) in part.clauses.iter().enumerate() {
            let last = place + 1 == part.clauses.len();
            if columns.is_some() {
                return Err(misplaced(clause_span(clause, part.span), "nothing can follow RETURN"));
            }
            columns = self.clause(clause, last && part.clauses.len() == 1, &mut stages)?;
            if last && columns.is_none() {
                return Err(unfinished(clause_span(clause, part.span)));
            }
        }
        let columns: Vec<(Arc<str>, Variable)> = columns.unwrap_or_default();
        let outputs = columns.iter().map(|(_, variable)| *variable).collect();
        Ok((BoundPart { stages, outputs }, columns.into_iter().map(|(name, _)| name).collect()))
    }

    /// Binds a clause; gives the columns where it is the one that says them.
    fn clause(&mut self, clause: &Clause, alone: bool, stages: &mut Vec<Stage>) -> Result<Columns, QueryError> {
        match clause {
            Clause::Match(clause) => stages.push(Stage::Match(self.matching(clause, NewNames::Allowed)?)),
            Clause::Unwind(clause) => stages.push(self.unwind(clause)?),
            Clause::With(clause) => stages.push(Stage::Project(Box::new(self.with(clause)?))),
            Clause::Return(projection) => {
                let (bound, columns) = self.returning(projection)?;
                stages.push(Stage::Project(Box::new(bound)));
                return Ok(Some(columns));
            }
            Clause::Call(call) => {
                let (bound, predicate, columns) = self.call(call, alone)?;
                stages.push(Stage::Call(bound));
                stages.extend(predicate.map(Stage::Filter));
                return Ok(columns);
            }
            Clause::Filter(filter) => stages.push(Stage::Filter(self.predicate(&filter.predicate)?)),
            Clause::Let(clause) => stages.push(Stage::Project(Box::new(self.let_items(clause)?))),
            Clause::Page(page) => stages.push(Stage::Project(Box::new(self.page(page)?))),
            Clause::Write(write) => return Err(refused(write)),
        }
        Ok(None)
    }

    fn unwind(&mut self, clause: &Unwind) -> Result<Stage, QueryError> {
        let (list, list_type) = self.expression(&clause.list)?;
        if self.scope.find(&clause.variable.text).is_some() {
            return Err(QueryError::syntax(
                ErrorDetail::VariableAlreadyBound,
                clause.variable.span,
                format!("{} is the name of something else already; choose another name", clause.variable.text),
            ));
        }
        let item = match list_type {
            Type::List(item) => *item,
            _ => Type::Any,
        };
        let variable = self.names.variable(&clause.variable.text, item);
        self.scope.add(Arc::clone(&clause.variable.text), variable);
        Ok(Stage::Unwind { list, variable })
    }

    fn let_items(&mut self, clause: &Let) -> Result<BoundProjection, QueryError> {
        let mut items = Vec::with_capacity(clause.items.len());
        for (name, expression) in &clause.items {
            let (bound, value_type) = self.expression(expression)?;
            items.push((name, bound, value_type));
        }
        let mut projection = BoundProjection::default();
        for (name, bound, value_type) in items {
            let variable = self.names.variable(&name.text, value_type);
            self.scope.add(Arc::clone(&name.text), variable);
            projection.items.push((variable, bound));
        }
        projection.outputs = self.scope.variables();
        Ok(projection)
    }

    fn page(&mut self, page: &Page) -> Result<BoundProjection, QueryError> {
        let mut projection = BoundProjection { outputs: self.scope.variables(), ..BoundProjection::default() };
        for item in &page.order {
            let (expression, _) = self.expression(&item.expression)?;
            projection.order.push(super::bound::SortKey { expression, descending: item.descending });
        }
        projection.skip = self.row_count(page.skip.as_ref())?;
        projection.limit = self.row_count(page.limit.as_ref())?;
        Ok(projection)
    }
}

fn clause_span(clause: &Clause, part: Span) -> Span {
    match clause {
        Clause::Match(clause) => clause.span,
        Clause::Unwind(clause) => clause.span,
        Clause::With(clause) => clause.projection.span,
        Clause::Return(projection) => projection.span,
        Clause::Call(call) => call.span,
        Clause::Filter(filter) => filter.predicate.span,
        Clause::Let(clause) => clause.span,
        Clause::Page(page) => page.span,
        Clause::Write(write) => write.span,
    }
    .to(Span::new(0, part.end))
}

fn misplaced(span: Span, message: &str) -> QueryError {
    QueryError::syntax(ErrorDetail::InvalidClauseComposition, span, message)
}

fn unfinished(span: Span) -> QueryError {
    misplaced(span, "the query says what to look for and not what to answer; end it with RETURN")
}

fn refused(write: &Write) -> QueryError {
    QueryError::compile(
        ErrorKind::WriteRefused,
        ErrorDetail::WriteClause,
        write.span,
        format!(
            "{} would change the model, and a query never does; record a change set instead (POST /api/v1/change-sets)",
            write.keyword
        ),
    )
}
