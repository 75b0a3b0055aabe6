//! `WITH` and `RETURN`: grouping, distinctness, order, pages, and what `WHERE` behind them sees.

use std::cmp::Ordering;
use std::sync::Arc;

use ezu::query::error::{ErrorDetail, QueryError};
use ezu::query::functions::aggregate::Aggregate;
use ezu::query::syntax::tree::{Expression, ExpressionKind, Page, Projection, ProjectionItem, SortItem};
use ezu::query::value::Value;
use ezu::query::value::equality::same;
use ezu::query::value::ordering::order;

use super::expressions::Scope;
use super::{Row, Table, World, refused, same_rows};

/// A row of the result, and what it came from: one row, or a group of them.
struct Projected {
    row: Row,
    origin: Row,
    group: Vec<Row>,
}

impl Projected {
    /// The old variables under the new ones.
    fn everything(&self) -> Row {
        let mut all = self.origin.clone();
        all.extend(self.row.clone());
        all
    }
}

struct Column<'q> {
    name: Arc<str>,
    /// Nothing for a variable that `*` brings.
    expression: Option<&'q Expression>,
}

impl World<'_> {
    /// What `WITH` or `RETURN` makes of a table.
    pub(super) fn project(
        &self,
        projection: &Projection,
        predicate: Option<&Expression>,
        table: &Table,
    ) -> Result<Table, QueryError> {
        let columns = columns(projection, table);
        let grouped = projection.items.iter().any(|item| aggregates(&item.expression));
        let mut projected = Vec::new();
        for group in self.groups(&columns, grouped, &table.rows)? {
            projected.push(self.project_group(&columns, grouped, group)?);
        }
        if projection.distinct {
            projected = each_once(projected);
        }
        let grouped = grouped || projection.order.iter().any(|item| aggregates(&item.expression));
        let projected = self.sorted(projected, &projection.order, grouped)?;
        let projected = self.cut(projected, projection.skip.as_ref(), projection.limit.as_ref())?;
        let mut rows = Vec::new();
        for one in projected {
            if predicate.map_or(Ok(true), |predicate| self.holds(predicate, &one.everything()))? {
                rows.push(one.row);
            }
        }
        Ok(Table { columns: columns.into_iter().map(|column| column.name).collect(), rows })
    }

    /// GQL's `ORDER BY … OFFSET … LIMIT …` as a clause.
    pub(super) fn page(&self, page: &Page, table: Table) -> Result<Table, QueryError> {
        let whole = |row: &Row| Projected { row: row.clone(), origin: row.clone(), group: Vec::new() };
        let rows = self.sorted(table.rows.iter().map(whole).collect(), &page.order, false)?;
        let rows = self.cut(rows, page.skip.as_ref(), page.limit.as_ref())?;
        Ok(Table { rows: rows.into_iter().map(|one| one.row).collect(), ..table })
    }

    /// The rows that become one: each for itself, or those with the same values of the columns without aggregate.
    fn groups(&self, columns: &[Column<'_>], grouped: bool, rows: &[Row]) -> Result<Vec<Vec<Row>>, QueryError> {
        if !grouped {
            return Ok(rows.iter().map(|row| vec![row.clone()]).collect());
        }
        let keys: Vec<&Column<'_>> =
            columns.iter().filter(|column| !column.expression.is_some_and(aggregates)).collect();
        let mut groups: Vec<(Vec<Value>, Vec<Row>)> = Vec::new();
        for row in rows {
            let key: Vec<Value> = keys.iter().map(|key| self.column(key, row, None)).collect::<Result<_, _>>()?;
            match groups.iter_mut().find(|(other, _)| other.iter().zip(&key).all(|(a, b)| same(a, b))) {
                Some((_, group)) => group.push(row.clone()),
                None => groups.push((key, vec![row.clone()])),
            }
        }
        if groups.is_empty() && keys.is_empty() {
            return Ok(vec![Vec::new()]);
        }
        Ok(groups.into_iter().map(|(_, group)| group).collect())
    }

    fn project_group(&self, columns: &[Column<'_>], grouped: bool, group: Vec<Row>) -> Result<Projected, QueryError> {
        let origin = group.first().cloned().unwrap_or_default();
        let over = grouped.then_some(group.as_slice());
        let mut row = Row::new();
        for column in columns {
            row.insert(Arc::clone(&column.name), self.column(column, &origin, over)?);
        }
        Ok(Projected { row, origin, group })
    }

    fn column(&self, column: &Column<'_>, row: &Row, group: Option<&[Row]>) -> Result<Value, QueryError> {
        match column.expression {
            Some(expression) => self.value(expression, Scope { row, group }),
            None => Ok(row[&column.name].clone()),
        }
    }

    fn sorted(&self, rows: Vec<Projected>, by: &[SortItem], grouped: bool) -> Result<Vec<Projected>, QueryError> {
        let mut keyed = Vec::new();
        for one in rows {
            let row = one.everything();
            let scope = Scope { row: &row, group: grouped.then_some(one.group.as_slice()) };
            let key: Vec<Value> =
                by.iter().map(|item| self.value(&item.expression, scope)).collect::<Result<_, _>>()?;
            keyed.push((key, one));
        }
        keyed.sort_by(|(a, _), (b, _)| compare_keys(a, b, by));
        Ok(keyed.into_iter().map(|(_, one)| one).collect())
    }

    fn cut(
        &self,
        rows: Vec<Projected>,
        skip: Option<&Expression>,
        limit: Option<&Expression>,
    ) -> Result<Vec<Projected>, QueryError> {
        let skip = skip.map_or(Ok(0), |skip| self.number_of_rows(skip))?;
        let limit = limit.map_or(Ok(usize::MAX), |limit| self.number_of_rows(limit))?;
        Ok(rows.into_iter().skip(skip).take(limit).collect())
    }

    fn number_of_rows(&self, expression: &Expression) -> Result<usize, QueryError> {
        match self.evaluate(expression, &Row::new())? {
            Value::Integer(number) => usize::try_from(number)
                .map_err(|_| refused(ErrorDetail::NegativeIntegerArgument, &format!("{number} is below zero"))),
            other => Err(refused(ErrorDetail::InvalidArgumentType, &format!("{} rows", other.type_name()))),
        }
    }
}

fn columns<'q>(projection: &'q Projection, table: &Table) -> Vec<Column<'q>> {
    let star = table.columns.iter().filter(|_| projection.star);
    let star = star.map(|name| Column { name: Arc::clone(name), expression: None });
    star.chain(projection.items.iter().map(column)).collect()
}

fn column(item: &ProjectionItem) -> Column<'_> {
    let name = item.alias.as_ref().map_or(&item.text, |alias| &alias.text);
    let name = match (&item.alias, &item.expression.kind) {
        (None, ExpressionKind::Variable(variable)) => variable,
        _ => name,
    };
    Column { name: Arc::clone(name), expression: Some(&item.expression) }
}

fn each_once(rows: Vec<Projected>) -> Vec<Projected> {
    let mut kept: Vec<Projected> = Vec::new();
    for one in rows {
        if !kept.iter().any(|other| same_rows(&other.row, &one.row)) {
            kept.push(one);
        }
    }
    kept
}

fn compare_keys(a: &[Value], b: &[Value], by: &[SortItem]) -> Ordering {
    let parts = a.iter().zip(b).zip(by);
    let parts = parts.map(|((a, b), item)| if item.descending { order(b, a) } else { order(a, b) });
    parts.fold(Ordering::Equal, Ordering::then)
}

/// Whether there is an aggregate in an expression.
fn aggregates(expression: &Expression) -> bool {
    match &expression.kind {
        ExpressionKind::CountStar => true,
        ExpressionKind::Function { name, arguments, .. } => {
            Aggregate::find(&name.text).is_some() || arguments.iter().any(aggregates)
        }
        other => parts(other).into_iter().any(aggregates),
    }
}

/// The expressions that an expression is made of, but for those that only run inside patterns and subqueries.
fn parts(kind: &ExpressionKind) -> Vec<&Expression> {
    match kind {
        ExpressionKind::List(items) => items.iter().collect(),
        ExpressionKind::Map(entries) => entries.iter().map(|(_, value)| value).collect(),
        ExpressionKind::Property(of, _)
        | ExpressionKind::Unary(_, of)
        | ExpressionKind::IsNull { operand: of, .. }
        | ExpressionKind::HasLabels(of, _) => vec![&**of],
        ExpressionKind::Index(a, b) | ExpressionKind::Binary(_, a, b) => vec![&**a, &**b],
        ExpressionKind::Slice(of, from, to) => {
            [Some(of), from.as_ref(), to.as_ref()].into_iter().flatten().map(|one| &**one).collect()
        }
        ExpressionKind::Comparison(first, others) => {
            std::iter::once(&**first).chain(others.iter().map(|(_, other)| other)).collect()
        }
        ExpressionKind::Case { operand, branches, otherwise } => {
            let branches = branches.iter().flat_map(|(when, then)| [when, then]);
            operand.iter().chain(otherwise).map(|one| &**one).chain(branches).collect()
        }
        ExpressionKind::ListComprehension { list, predicate, projection, .. } => {
            std::iter::once(list).chain(predicate).chain(projection).map(|one| &**one).collect()
        }
        ExpressionKind::Quantifier { list, predicate, .. } => {
            std::iter::once(list).chain(predicate).map(|one| &**one).collect()
        }
        ExpressionKind::Reduce { initial, list, body, .. } => vec![&**initial, &**list, &**body],
        _ => Vec::new(),
    }
}
