//! From tree to bound query: names, scopes, types, aggregation. All that can be wrong before anything runs is
//! found here.

mod aggregates;
pub mod bound;
mod calls;
mod clauses;
mod expressions;
mod labels;
mod mapping;
mod operators;
mod patterns;
mod projections;
mod reads;
mod scope;
mod subqueries;

use std::sync::Arc;

use super::error::{ErrorDetail, QueryError};
use super::source::Catalog;
use super::syntax::tree;
use bound::{AggregateCall, BoundQuery, Names, Variable};
use scope::Scope;

/// A query with its names bound.
#[derive(Debug, Clone)]
pub struct Bound {
    /// The query.
    pub query: BoundQuery,
    /// Its variables and parameters.
    pub names: Names,
}

/// Binds the names of a query and checks it.
///
/// # Errors
/// The first fault, at compile time.
pub fn bind(query: &tree::Query, catalog: &dyn Catalog) -> Result<Bound, QueryError> {
    let mut binder = Binder::new(catalog);
    let query = binder.query(query)?;
    Ok(Bound { query, names: binder.names })
}

/// The state of binding.
struct Binder<'c> {
    catalog: &'c dyn Catalog,
    names: Names,
    scope: Scope,
    /// Where aggregates go while a projection is bound; absent where none may stand.
    aggregates: Option<Vec<(Variable, AggregateCall)>>,
    /// Whether the argument of an aggregate is being bound.
    inside_aggregate: bool,
    /// Whether a pattern may stand as a truth value.
    patterns_allowed: bool,
}

impl<'c> Binder<'c> {
    fn new(catalog: &'c dyn Catalog) -> Self {
        Self {
            catalog,
            names: Names::default(),
            scope: Scope::default(),
            aggregates: None,
            inside_aggregate: false,
            patterns_allowed: false,
        }
    }

    /// All parts of a union.
    fn query(&mut self, query: &tree::Query) -> Result<BoundQuery, QueryError> {
        check_union_kinds(query)?;
        let outer = self.scope.clone();
        let (first, columns) = self.part(&query.first, outer.clone())?;
        let mut bound = BoundQuery { parts: vec![first], unions: Vec::new(), columns };
        for (kind, part) in &query.unions {
            let (part_bound, part_columns) = self.part(part, outer.clone())?;
            bound.parts.push(check_columns(part_bound, &part_columns, &bound.columns, part)?);
            bound.unions.push(*kind);
        }
        self.scope = outer;
        Ok(bound)
    }
}

/// `UNION` and `UNION ALL` may not be mixed.
fn check_union_kinds(query: &tree::Query) -> Result<(), QueryError> {
    let Some((first, _)) = query.unions.first() else {
        return Ok(());
    };
    match query.unions.iter().find(|(kind, _)| kind != first) {
        None => Ok(()),
        Some((_, part)) => Err(QueryError::syntax(
            ErrorDetail::InvalidClauseComposition,
            part.span,
            "UNION and UNION ALL cannot be mixed in one query; use one of them throughout",
        )),
    }
}

/// All parts of a union have the same columns; they are put in the order of the first part.
fn check_columns(
    mut part: bound::BoundPart,
    held: &[Arc<str>],
    wanted: &[Arc<str>],
    tree: &tree::SingleQuery,
) -> Result<bound::BoundPart, QueryError> {
    let places: Option<Vec<usize>> = wanted.iter().map(|name| held.iter().position(|column| column == name)).collect();
    match places.filter(|places| places.len() == held.len()) {
        Some(places) => {
            part.outputs = places.into_iter().map(|place| part.outputs[place]).collect();
            Ok(part)
        }
        None => Err(QueryError::syntax(
            ErrorDetail::DifferentColumnsInUnion,
            tree.span,
            format!("the parts of a UNION need the same columns: {} and {}", wanted.join(", "), held.join(", ")),
        )),
    }
}
