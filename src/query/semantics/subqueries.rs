//! Queries inside expressions: patterns as truth values, comprehensions, `EXISTS`, `COUNT`.

use super::Binder;
use super::bound::{BoundMatch, BoundPart, BoundQuery, Expression, Kind, Stage, Subquery};
use super::operators::Typed;
use super::patterns::NewNames;
use crate::query::error::{ErrorDetail, QueryError};
use crate::query::syntax::Span;
use crate::query::syntax::tree::{self, Clause, ExpressionKind, PathPattern, PathSearch};
use crate::query::types::Type;

impl Binder<'_> {
    pub(super) fn subquery(&mut self, expression: &tree::Expression) -> Result<Typed, QueryError> {
        let span = expression.span;
        match &expression.kind {
            ExpressionKind::Pattern(pattern) => self.pattern_predicate(pattern, span),
            ExpressionKind::PatternComprehension { pattern, predicate, projection } => {
                self.pattern_comprehension(pattern, predicate.as_deref(), projection, span)
            }
            ExpressionKind::Exists(subquery) => {
                let bound = self.braced(subquery, span)?;
                Ok((Expression::new(Kind::Exists(Box::new(bound)), span), Type::Boolean))
            }
            ExpressionKind::Count(subquery) => {
                let bound = self.braced(subquery, span)?;
                Ok((Expression::new(Kind::Count(Box::new(bound)), span), Type::Integer))
            }
            _ => Err(QueryError::syntax(ErrorDetail::UnexpectedSyntax, span, "this cannot stand here")),
        }
    }

    /// `(a)-->(b)` as a truth value: whether there is such a path. As a value, only shortest paths may stand.
    fn pattern_predicate(&mut self, pattern: &PathPattern, span: Span) -> Result<Typed, QueryError> {
        if pattern.search != PathSearch::All {
            return self.shortest_as_value(pattern, span);
        }
        if !self.patterns_allowed {
            return Err(QueryError::syntax(
                ErrorDetail::UnexpectedSyntax,
                span,
                "a pattern can only be a condition; write [(a)-->(b) | b] for its values, or COUNT { (a)-->(b) }",
            ));
        }
        let subquery = self.isolated(span, |binder| binder.one_pattern(pattern, None, NewNames::Refused))?;
        Ok((Expression::new(Kind::Exists(Box::new(subquery)), span), Type::Boolean))
    }

    /// `shortestPath((a)-[*]->(b))` as a value: the path, or null; of `allShortestPaths` the list.
    fn shortest_as_value(&mut self, pattern: &PathPattern, span: Span) -> Result<Typed, QueryError> {
        let mut named = pattern.clone();
        let name = tree::Name { text: "  path".into(), span };
        named.variable = Some(name.clone());
        let mut projection = None;
        let subquery = self.isolated(span, |binder| {
            let bound = binder.one_pattern(&named, None, NewNames::Allowed)?;
            projection = binder.scope.find(&name.text).map(|variable| Expression::variable(variable, span));
            Ok(bound)
        })?;
        let projection = projection.ok_or_else(|| self.scope.undefined(&name))?;
        let collected = Expression::new(Kind::Collect(Box::new(subquery), Box::new(projection)), span);
        if pattern.search == PathSearch::AllShortest {
            return Ok((collected, Type::list_of(Type::Path)));
        }
        let first = Expression::new(Kind::Constant(crate::query::Value::Integer(0)), span);
        Ok((Expression::new(Kind::Index(Box::new(collected), Box::new(first)), span), Type::Path))
    }

    fn pattern_comprehension(
        &mut self,
        pattern: &PathPattern,
        predicate: Option<&tree::Expression>,
        projection: &tree::Expression,
        span: Span,
    ) -> Result<Typed, QueryError> {
        let mut projected = None;
        let subquery = self.isolated(span, |binder| {
            let bound = binder.one_pattern(pattern, predicate, NewNames::Allowed)?;
            projected = Some(binder.value(projection)?);
            Ok(bound)
        })?;
        let (projection, value_type) = projected
            .ok_or_else(|| QueryError::syntax(ErrorDetail::UnexpectedSyntax, span, "a value is missing here"))?;
        let mut subquery = subquery;
        self.add_outer(&mut subquery, &projection);
        let kind = Kind::Collect(Box::new(subquery), Box::new(projection));
        Ok((Expression::new(kind, span), Type::list_of(value_type)))
    }

    /// What the projection reads of the outer row belongs to what the subquery reads.
    fn add_outer(&self, subquery: &mut Subquery, projection: &Expression) {
        let outer = self.scope.variables();
        projection.for_each_variable(&mut |variable| {
            if outer.contains(&variable) && !subquery.outer.contains(&variable) {
                subquery.outer.push(variable);
            }
        });
    }

    fn one_pattern(
        &mut self,
        pattern: &PathPattern,
        predicate: Option<&tree::Expression>,
        new_names: NewNames,
    ) -> Result<BoundQuery, QueryError> {
        let clause = tree::Match {
            optional: false,
            patterns: vec![pattern.clone()],
            predicate: predicate.cloned(),
            span: pattern.span,
        };
        Ok(match_only(self.matching(&clause, new_names)?))
    }

    fn braced(&mut self, subquery: &tree::Subquery, span: Span) -> Result<Subquery, QueryError> {
        self.isolated(span, |binder| match subquery {
            tree::Subquery::Pattern(clause) => Ok(match_only(binder.matching(clause, NewNames::Allowed)?)),
            tree::Subquery::Query(query) => binder.inner_query(query),
        })
    }

    /// A whole query in braces; its `RETURN` may be left out.
    fn inner_query(&mut self, query: &tree::Query) -> Result<BoundQuery, QueryError> {
        let ends = |part: &tree::SingleQuery| matches!(part.clauses.last(), Some(Clause::Return(_)));
        if ends(&query.first) || !query.unions.is_empty() {
            return self.query(query);
        }
        let mut whole = query.clone();
        let span = whole.first.span;
        whole.first.clauses.push(Clause::Return(constant_projection(span)));
        self.query(&whole)
    }

    /// Binds a subquery: no aggregates of the outer query, and its names end with it.
    fn isolated(
        &mut self,
        span: Span,
        bind: impl FnOnce(&mut Self) -> Result<BoundQuery, QueryError>,
    ) -> Result<Subquery, QueryError> {
        let before = self.scope.clone();
        let aggregates = self.aggregates.take();
        let inside = std::mem::replace(&mut self.inside_aggregate, false);
        let patterns = std::mem::replace(&mut self.patterns_allowed, false);
        let first_local = self.names.variables.len();
        let bound = bind(self);
        self.scope = before;
        self.aggregates = aggregates;
        self.inside_aggregate = inside;
        self.patterns_allowed = patterns;
        let query = bound?;
        let mut outer = self.scope.variables();
        outer.retain(|variable| variable.index() < first_local && reads(&query, *variable));
        Ok(Subquery { query, outer, plan: None, span })
    }
}

/// `RETURN 1`, for a subquery that says only what to look for.
fn constant_projection(span: Span) -> tree::Projection {
    let one = tree::Expression { kind: ExpressionKind::Integer(1), span };
    let item = tree::ProjectionItem { expression: one, alias: None, text: "1".into() };
    tree::Projection {
        distinct: false,
        star: false,
        items: vec![item],
        order: Vec::new(),
        skip: None,
        limit: None,
        span,
    }
}

fn match_only(clause: BoundMatch) -> BoundQuery {
    let part = BoundPart { stages: vec![Stage::Match(clause)], outputs: Vec::new() };
    BoundQuery { parts: vec![part], unions: Vec::new(), columns: Vec::new() }
}

/// Whether a query reads a variable of the row around it.
fn reads(query: &BoundQuery, variable: super::bound::Variable) -> bool {
    let mut found = false;
    query.for_each_read(&mut |read| found |= read == variable);
    found
}
