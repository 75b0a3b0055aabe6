//! `WITH` and `RETURN`: columns, grouping, order, and what is in scope behind them.

use std::sync::Arc;

use super::Binder;
use super::bound::{AggregateCall, Aggregation, BoundProjection, Expression, Kind, SortKey, Variable};
use super::scope::Scope;
use crate::query::error::{ErrorDetail, QueryError};
use crate::query::syntax::Span;
use crate::query::syntax::tree::{ExpressionKind, Projection, ProjectionItem, SortItem, With};
use crate::query::types::Type;
use crate::query::value::Value;

/// A column: its name and what holds it.
type Column = (Arc<str>, Variable);

/// A projection while it is bound.
pub(super) struct Draft {
    pub(super) bound: BoundProjection,
    pub(super) columns: Vec<Column>,
    /// What each column is made of, where it is more than a variable; for `ORDER BY`, which may repeat it.
    pub(super) made_of: Vec<(Variable, Expression)>,
    pub(super) aggregates: Vec<(Variable, AggregateCall)>,
}

impl Binder<'_> {
    pub(super) fn with(&mut self, clause: &With) -> Result<BoundProjection, QueryError> {
        let (mut bound, columns) = self.projection(&clause.projection)?;
        check_aliases(&clause.projection)?;
        if let Some(predicate) = &clause.predicate {
            bound.predicate = Some(self.predicate_behind(predicate, &columns, &bound)?);
        }
        self.replace_scope(&columns);
        Ok(bound)
    }

    pub(super) fn returning(&mut self, projection: &Projection) -> Result<(BoundProjection, Vec<Column>), QueryError> {
        if projection.star && self.scope.visible().is_empty() {
            return Err(QueryError::syntax(
                ErrorDetail::NoVariablesInScope,
                projection.span,
                "there is nothing that * could stand for: name something in MATCH",
            ));
        }
        let (bound, columns) = self.projection(projection)?;
        self.replace_scope(&columns);
        Ok((bound, columns))
    }

    fn replace_scope(&mut self, columns: &[Column]) {
        self.scope = Scope::default();
        for (name, variable) in columns {
            self.scope.add(Arc::clone(name), *variable);
        }
    }

    fn projection(&mut self, projection: &Projection) -> Result<(BoundProjection, Vec<Column>), QueryError> {
        let mut draft = self.draft(projection)?;
        self.order(&projection.order, projection.distinct, &mut draft)?;
        draft.bound.skip = self.row_count(projection.skip.as_ref())?;
        draft.bound.limit = self.row_count(projection.limit.as_ref())?;
        let outputs: Vec<Variable> = draft.columns.iter().map(|(_, variable)| *variable).collect();
        if projection.distinct {
            draft.bound.distinct = Some(outputs.clone());
        }
        draft.bound.outputs = outputs;
        if let Some(aggregation) = &mut draft.bound.aggregation {
            aggregation.aggregates = draft.aggregates;
        }
        Ok((draft.bound, draft.columns))
    }

    /// The columns, grouped if there is an aggregate among them.
    fn draft(&mut self, projection: &Projection) -> Result<Draft, QueryError> {
        let mut columns: Vec<Column> = if projection.star { self.scope.visible() } else { Vec::new() };
        columns.sort_by(|a, b| a.0.cmp(&b.0));
        let stars = columns.len();
        let mut drafts = Vec::with_capacity(projection.items.len());
        let mut aggregates = Vec::new();
        for item in &projection.items {
            let before = aggregates.len();
            let locals = self.names.variables.len();
            let (expression, value_type) = self.aggregating(&item.expression, &mut aggregates)?;
            drafts.push(Item { item, expression, value_type, aggregated: aggregates.len() > before, locals });
        }
        let mut draft = Draft { bound: BoundProjection::default(), columns, made_of: Vec::new(), aggregates };
        if draft.aggregates.is_empty() {
            self.plain_columns(drafts, &mut draft);
        } else {
            self.grouped_columns(drafts, stars, projection.span, &mut draft)?;
        }
        check_columns(&draft.columns, projection)?;
        Ok(draft)
    }

    fn plain_columns(&mut self, items: Vec<Item<'_>>, draft: &mut Draft) {
        for item in items {
            let variable = self.column(&item, draft);
            if item.expression.kind != Kind::Variable(variable) {
                draft.made_of.push((variable, item.expression.clone()));
                draft.bound.items.push((variable, item.expression));
            }
        }
    }

    /// The columns without an aggregate are the keys; the others are computed from keys and aggregates.
    fn grouped_columns(
        &mut self,
        items: Vec<Item<'_>>,
        stars: usize,
        span: Span,
        draft: &mut Draft,
    ) -> Result<(), QueryError> {
        let star_keys =
            draft.columns[..stars].iter().map(|(_, variable)| (*variable, Expression::variable(*variable, span)));
        let mut keys: Vec<(Variable, Expression)> = star_keys.collect();
        let mut computed = Vec::new();
        for item in items {
            let variable = self.column(&item, draft);
            if item.aggregated {
                computed.push((variable, item));
            } else {
                draft.made_of.push((variable, item.expression.clone()));
                keys.push((variable, item.expression));
            }
        }
        for (variable, item) in computed {
            draft.made_of.push((variable, item.expression.clone()));
            let expression =
                super::aggregates::over_keys(item.expression, &keys, &|variable| variable.index() >= item.locals)?;
            draft.bound.items.push((variable, expression));
        }
        draft.bound.aggregation = Some(Aggregation { keys, aggregates: Vec::new() });
        Ok(())
    }

    /// The variable of a column: the expression's own where it is nothing but a variable.
    fn column(&mut self, item: &Item<'_>, draft: &mut Draft) -> Variable {
        let name = column_name(item.item);
        let variable = match item.expression.kind {
            Kind::Variable(variable) if !item.aggregated => variable,
            _ => self.names.variable(&name, item.value_type.clone()),
        };
        draft.columns.push((name, variable));
        variable
    }

    fn order(&mut self, order: &[SortItem], distinct: bool, draft: &mut Draft) -> Result<(), QueryError> {
        if order.is_empty() {
            return Ok(());
        }
        let before = self.scope.len();
        for (name, variable) in &draft.columns {
            self.scope.add(Arc::clone(name), *variable);
        }
        let keys: Result<Vec<SortKey>, QueryError> =
            order.iter().map(|item| self.sort_key(item, distinct, draft)).collect();
        self.scope.cut(before);
        draft.bound.order = keys?;
        Ok(())
    }

    fn sort_key(&mut self, item: &SortItem, distinct: bool, draft: &mut Draft) -> Result<SortKey, QueryError> {
        let locals = self.names.variables.len();
        let expression = if draft.bound.aggregation.is_some() {
            self.grouped_sort_key(item, locals, draft)?
        } else {
            let (expression, _) = self.expression(&item.expression)?;
            let expression = super::aggregates::repeated(expression, &draft.made_of);
            if distinct {
                self.only_columns(&expression, &draft.columns, locals)?;
            }
            expression
        };
        Ok(SortKey { expression, descending: item.descending })
    }

    /// Behind grouping there are only columns, keys and aggregates. An expression without an aggregate may repeat
    /// what a column is made of; one with an aggregate may repeat only what is simple.
    fn grouped_sort_key(
        &mut self,
        item: &SortItem,
        locals: usize,
        draft: &mut Draft,
    ) -> Result<Expression, QueryError> {
        let known = draft.aggregates.len();
        let mut aggregates = std::mem::take(&mut draft.aggregates);
        let bound = self.aggregating(&item.expression, &mut aggregates);
        draft.aggregates = aggregates;
        let (mut expression, _) = bound?;
        self.only_constant_aggregates(&draft.aggregates[known..], item.expression.span)?;
        if let Some((column, _)) = draft.made_of.iter().find(|(_, made_of)| *made_of == expression) {
            return Ok(Expression::variable(*column, expression.span));
        }
        let mixed = super::aggregates::mentions_aggregate(&expression, &draft.aggregates);
        if !mixed {
            expression = super::aggregates::repeated(expression, &draft.made_of);
        }
        let keys = draft.bound.aggregation.as_ref().map(|aggregation| aggregation.keys.clone()).unwrap_or_default();
        let columns = &draft.columns;
        let allowed = |variable: Variable| {
            variable.index() >= locals
                || columns.iter().any(|(_, column)| *column == variable)
                || draft.aggregates.iter().any(|(held, _)| *held == variable)
        };
        super::aggregates::over_keys(expression.clone(), &keys, &allowed).map_err(|error| {
            let repeats_key = |variable: Variable| keys.iter().any(|(_, key)| key.reads(variable));
            match self.first_out_of_scope(&expression, &allowed) {
                Some((variable, _)) if mixed && repeats_key(variable) => error,
                Some((_, missing)) => missing,
                None => error,
            }
        })
    }

    /// An aggregate that is no column may not look at rows: they are gone by then.
    fn only_constant_aggregates(&self, new: &[(Variable, AggregateCall)], span: Span) -> Result<(), QueryError> {
        let mut read = None;
        new.iter().flat_map(|(_, call)| &call.arguments).for_each(|argument| {
            argument.for_each_variable(&mut |variable| read = read.or(Some(variable)));
        });
        read.map_or(Ok(()), |variable| Err(self.out_of_scope(variable, span)))
    }

    fn first_out_of_scope(
        &self,
        expression: &Expression,
        allowed: &dyn Fn(Variable) -> bool,
    ) -> Option<(Variable, QueryError)> {
        let mut unknown = None;
        expression.for_each_variable(&mut |variable| {
            if !allowed(variable) {
                unknown = unknown.or(Some(variable));
            }
        });
        unknown.map(|variable| (variable, self.out_of_scope(variable, expression.span)))
    }

    fn only_columns(&self, expression: &Expression, columns: &[Column], locals: usize) -> Result<(), QueryError> {
        let mut unknown = None;
        expression.for_each_variable(&mut |variable| {
            if variable.index() < locals && !columns.iter().any(|(_, column)| *column == variable) {
                unknown = Some(variable);
            }
        });
        unknown.map_or(Ok(()), |variable| Err(self.out_of_scope(variable, expression.span)))
    }

    fn out_of_scope(&self, variable: Variable, span: Span) -> QueryError {
        let name = &self.names.variables[variable.index()].name;
        QueryError::syntax(
            ErrorDetail::UndefinedVariable,
            span,
            format!("{name} is no longer there behind DISTINCT or an aggregate; make it a column"),
        )
    }

    /// `WHERE` behind `WITH` sees what was in scope before and the new columns.
    fn predicate_behind(
        &mut self,
        predicate: &crate::query::syntax::tree::Expression,
        columns: &[Column],
        bound: &BoundProjection,
    ) -> Result<Expression, QueryError> {
        let before = self.scope.len();
        let old = self.scope.clone();
        if bound.aggregation.is_some() {
            self.scope = Scope::default();
        }
        for (name, variable) in columns {
            self.scope.add(Arc::clone(name), *variable);
        }
        let result = self.predicate(predicate);
        self.scope.cut(before);
        self.scope = old;
        result
    }

    /// `SKIP` and `LIMIT`: a whole number that does not depend on a row.
    pub(super) fn row_count(
        &mut self,
        count: Option<&crate::query::syntax::tree::Expression>,
    ) -> Result<Option<Expression>, QueryError> {
        let Some(count) = count else {
            return Ok(None);
        };
        let outer = std::mem::take(&mut self.scope);
        let bound = self.expression(count);
        self.scope = outer;
        let (expression, value_type) = bound.map_err(|error| not_constant(error, count.span))?;
        check_count(&expression, &value_type)?;
        Ok(Some(expression))
    }
}

/// A column before it has its variable.
struct Item<'t> {
    item: &'t ProjectionItem,
    expression: Expression,
    value_type: Type,
    aggregated: bool,
    /// Variables from here on belong to the expression itself.
    locals: usize,
}

fn column_name(item: &ProjectionItem) -> Arc<str> {
    match (&item.alias, &item.expression.kind) {
        (Some(alias), _) => Arc::clone(&alias.text),
        (None, ExpressionKind::Variable(name)) => Arc::clone(name),
        (None, _) => Arc::clone(&item.text),
    }
}

fn check_aliases(projection: &Projection) -> Result<(), QueryError> {
    let unnamed = projection
        .items
        .iter()
        .find(|item| item.alias.is_none() && !matches!(item.expression.kind, ExpressionKind::Variable(_)));
    match unnamed {
        None => Ok(()),
        Some(item) => Err(QueryError::syntax(
            ErrorDetail::NoExpressionAlias,
            item.expression.span,
            format!("in WITH an expression needs a name: {} AS name", item.text),
        )),
    }
}

fn check_columns(columns: &[Column], projection: &Projection) -> Result<(), QueryError> {
    for (place, (name, _)) in columns.iter().enumerate() {
        if columns[..place].iter().any(|(held, _)| held == name) {
            return Err(QueryError::syntax(
                ErrorDetail::ColumnNameConflict,
                projection.span,
                format!("two columns are called {name}; name one of them otherwise with AS"),
            ));
        }
    }
    Ok(())
}

fn not_constant(error: QueryError, span: Span) -> QueryError {
    if error.detail != ErrorDetail::UndefinedVariable {
        return error;
    }
    QueryError::syntax(
        ErrorDetail::NonConstantExpression,
        span,
        "SKIP and LIMIT need a number that does not depend on the row: a literal, a parameter, or a calculation of these",
    )
}

fn check_count(expression: &Expression, value_type: &Type) -> Result<(), QueryError> {
    if !value_type.may_be(&Type::Integer) || *value_type == Type::Float {
        return Err(QueryError::syntax(
            ErrorDetail::InvalidArgumentType,
            expression.span,
            format!("SKIP and LIMIT need a whole number, not a {}", value_type.name()),
        ));
    }
    match &expression.kind {
        Kind::Constant(Value::Integer(count)) if *count < 0 => Err(negative(expression.span)),
        _ => Ok(()),
    }
}

/// SKIP or LIMIT below zero.
pub(super) fn negative(span: Span) -> QueryError {
    QueryError::syntax(ErrorDetail::NegativeIntegerArgument, span, "SKIP and LIMIT cannot be below zero")
}
