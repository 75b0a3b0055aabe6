//! `ORDER BY`, with only the first rows kept where a limit says so.

use std::cmp::Ordering;
use std::ops::ControlFlow;

use super::gather::bytes_of;
use super::{Executor, Flow, Row, attempt};
use crate::query::semantics::bound::{Expression, SortKey, Variable};
use crate::query::source::PropertyGraph;
use crate::query::value::Value;
use crate::query::value::ordering::order;

/// Rows to be put in order.
pub(super) struct Sorted<'p> {
    keys: &'p [SortKey],
    kept: &'p [Variable],
    skip: Option<&'p Expression>,
    limit: Option<&'p Expression>,
    number: usize,
    rows: Vec<SortedRow>,
    /// `SKIP` and how many rows are needed in all, once the first row asked.
    page: Option<Page>,
}

#[derive(Clone, Copy)]
struct Page {
    skip: usize,
    /// Rows from the beginning that are needed.
    needed: Option<usize>,
}

struct SortedRow {
    keys: Box<[Value]>,
    values: Box<[Value]>,
}

impl<'p> Sorted<'p> {
    pub(super) fn new(
        keys: &'p [SortKey],
        kept: &'p [Variable],
        skip: Option<&'p Expression>,
        limit: Option<&'p Expression>,
        number: usize,
    ) -> Self {
        Self { keys, kept, skip, limit, number, rows: Vec::new(), page: None }
    }

    pub(super) fn add<G: PropertyGraph>(&mut self, executor: &Executor<'_, G>, row: &mut Row) -> Flow {
        let page = self.page(executor, row)?;
        let mut keys = Vec::with_capacity(self.keys.len());
        for key in self.keys {
            keys.push(attempt!(executor.value(&key.expression, row)));
        }
        let values: Box<[Value]> = self.kept.iter().map(|place| row[place.index()].clone()).collect();
        let bytes: usize = keys.iter().chain(&values).map(bytes_of).sum();
        executor.allowed(executor.budget.hold(bytes, "Sort"))?;
        self.rows.push(SortedRow { keys: keys.into(), values });
        if let Some(needed) = page.needed
            && self.rows.len() >= needed.saturating_mul(2).saturating_add(1024)
        {
            self.cut(executor, needed);
        }
        ControlFlow::Continue(())
    }

    /// What the page is; its numbers do not depend on the row.
    fn page<G: PropertyGraph>(&mut self, executor: &Executor<'_, G>, row: &mut Row) -> ControlFlow<super::Halt, Page> {
        if let Some(page) = self.page {
            return ControlFlow::Continue(page);
        }
        let count = |expression: Option<&Expression>, row: &mut Row| {
            expression.map(|expression| executor.row_count(expression, row)).transpose()
        };
        let in_memory = |rows: u64| usize::try_from(rows).unwrap_or(usize::MAX);
        let skip = attempt!(count(self.skip, row)).map_or(0, in_memory);
        let limit = attempt!(count(self.limit, row)).map(in_memory);
        let page = Page { skip, needed: limit.map(|limit| limit.saturating_add(skip)) };
        self.page = Some(page);
        ControlFlow::Continue(page)
    }

    /// Keeps the first rows only. Rows that are alike stay in the order in which they came.
    fn cut<G: PropertyGraph>(&mut self, executor: &Executor<'_, G>, needed: usize) {
        self.sort();
        for row in self.rows.drain(needed.min(self.rows.len())..) {
            executor.budget.release(row.keys.iter().chain(&row.values).map(bytes_of).sum());
        }
    }

    fn sort(&mut self) {
        let keys = self.keys;
        self.rows.sort_by(|a, b| compare(keys, a, b));
    }

    pub(super) fn rows<G: PropertyGraph>(
        mut self,
        executor: &Executor<'_, G>,
        row: &mut Row,
        next: &mut dyn FnMut(&mut Row) -> Flow,
    ) -> Flow {
        // The numbers are checked even where there is no row.
        let page = self.page(executor, row)?;
        self.sort();
        let taken = page.needed.map_or(usize::MAX, |needed| needed.saturating_sub(page.skip));
        for sorted in self.rows.into_iter().skip(page.skip).take(taken) {
            for (place, value) in self.kept.iter().zip(sorted.values) {
                row[place.index()] = value;
            }
            executor.count(self.number);
            next(row)?;
        }
        ControlFlow::Continue(())
    }
}

fn compare(keys: &[SortKey], a: &SortedRow, b: &SortedRow) -> Ordering {
    for (place, key) in keys.iter().enumerate() {
        let ordering = order(&a.keys[place], &b.keys[place]);
        let ordering = if key.descending { ordering.reverse() } else { ordering };
        if ordering != Ordering::Equal {
            return ordering;
        }
    }
    Ordering::Equal
}
